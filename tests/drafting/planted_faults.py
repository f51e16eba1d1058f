"""A sound draft to plant faults in, and the table of faults: each with the check that must see it, and its clean twin.

Everything here is invented. A twin differs from its fault in just what makes the fault.
"""
# ruff: noqa: E501  a row reads best on one line

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assistant.domain import (
    NO_LEAN,
    CaseSummary,
    Confidence,
    Criterion,
    CriterionKind,
    DisputedService,
    Draft,
    Fact,
    Finding,
    InForce,
    IssueDraft,
    Move,
    Outcome,
    OutcomeFrom,
    Passage,
    PassageKind,
    Polarity,
    Sentence,
    Side,
    Span,
    Status,
    Support,
    SupportKind,
)

CASE = (
    "A 40-year-old woman hurt her left knee on 03/14/2015. The diagnosis is left knee osteoarthritis. She has had "
    "8 visits of physical therapy. An MRI of 06/02/2015 showed a torn meniscus. She takes naproxen. She denies numbness. "
    "A brace was given. She has swelling of the left knee. Function is unchanged."
)
DAY = date(2016, 3, 1)
UPHELD, OVERTURNED = Outcome.UPHELD, Outcome.OVERTURNED


def in_case(quote: str, text: str = CASE) -> Span:
    start = text.index(quote)
    return Span.of(text, start, start + len(quote))


def fact(kind: str, concept: str, quote: str, polarity: Polarity = Polarity.PRESENT, text: str = CASE) -> Fact:
    return Fact(kind, in_case(quote, text), polarity, concept)


FACTS = (
    fact("diagnosis", "osteoarthritis", "left knee osteoarthritis"),
    fact("treatment", "physical_therapy", "8 visits of physical therapy"),
    fact("study", "mri", "An MRI of 06/02/2015 showed a torn meniscus"),
    fact("medication", "nsaid", "naproxen"),
    fact("complaint", "numbness", "numbness", Polarity.DENIED),
    fact("treatment", "brace", "A brace was given"),
    fact("complaint", "swelling", "swelling of the left knee"),
)
SERVICE = DisputedService(
    "6 visits of physical therapy for the left knee",
    "physical_therapy",
    body_regions=("knee",),
    side=Side.LEFT,
    quantity=6,
    unit="visits",
)


def criterion(
    id: str = "knee.extension", text: str = "More visits rest on functional improvement.", **fields: object
) -> Criterion:
    return Criterion(id, text, CriterionKind.DOCUMENTATION, Confidence.HIGH, True, "8 CCR 9792.23.6", **fields)  # type: ignore[arg-type]


def passage(
    id: str = "p1", guideline: str = "MTUS Knee Complaints 2004", start: int = 2007, end: int | None = 2018
) -> Passage:
    in_force = InForce(date(start, 1, 1), date(end, 1, 1) if end else None)
    return Passage(
        id,
        guideline,
        "Initial Care",
        "More visits rest on functional improvement.",
        PassageKind.DIGEST,
        in_force,
        "general knowledge",
        criteria=(criterion(),),
    )


GAP = Finding(
    criterion(asks=("functional_improvement",)),
    "p1",
    Status.NOT_FOUND,
    "The summary does not state functional improvement.",
    (),
    ("functional improvement",),
)
AGE_ASKED = Finding(
    criterion("knee.age", "The worker is over the age of 65."), "p1", Status.SUPPORTED, "The worker is 66 years old."
)
MAYBE = replace(GAP, status=Status.FOR_REVIEWER, evidence=(in_case("Function is unchanged"),))
SEEN = replace(GAP, status=Status.CONTRADICTED, evidence=(in_case("Function is unchanged"),))


def support(kind: SupportKind, id: str, text: str) -> Support:
    return Support(kind, id, Span.of(text, 0, len(text)))


def of_case(quote: str) -> Support:
    return Support(SupportKind.CASE, "case", in_case(quote))


RULE = Sentence(
    "Under MTUS Knee Complaints 2004, more visits of physical therapy rest on functional improvement that is written down in the notes of the therapist.",
    Move.RULE, (support(SupportKind.PASSAGE, "p1", passage().text),),
)  # fmt: skip
PERSON = Sentence(
    "This worker is a 40-year-old woman with left knee osteoarthritis.",
    Move.FACTS,
    (of_case("left knee osteoarthritis"),),
)
HAD = Sentence(
    "She has had 8 visits of physical therapy for it, and she takes naproxen for the pain.",
    Move.FACTS,
    (of_case("8 visits of physical therapy"),),
)
MISSING = Sentence(
    "The summary does not state functional improvement from treatment, so this requirement is not shown to be met.",
    Move.GAP,
    (support(SupportKind.FINDING, "knee.extension", GAP.statement),),
)
SLOT = Sentence("State the functional improvement that you found, and where.", Move.FIT, slot=True)


def own(text: str, move: Move = Move.GAP) -> Sentence:
    return Sentence(text, move, own=True)


def ending(text: str) -> Sentence:
    return Sentence(text, Move.CONCLUSION, own=True)


def conclusion(service: DisputedService = SERVICE, outcome: Outcome | None = UPHELD) -> Sentence:
    said = "are not" if outcome is UPHELD else "are"
    return Sentence(
        f"The requested {service.text} {said} medically necessary.",
        Move.CONCLUSION,
        (support(SupportKind.REQUEST, "request", service.text),),
    )


def issue(
    *extra: Sentence,
    service: DisputedService = SERVICE,
    outcome: Outcome | None = UPHELD,
    findings: tuple[Finding, ...] = (GAP,),
    without: tuple[Sentence, ...] = (),
    end: Sentence | None = None,
) -> IssueDraft:
    """The sound issue with further sentences before its end, and without some of its own."""
    body = tuple(s for s in (RULE, PERSON, HAD, MISSING) if s not in without)
    last = end or conclusion(service, outcome)
    ends = () if last in without else (last,)
    source = OutcomeFrom.REVIEWER if outcome else None
    return IssueDraft(service, outcome, source, NO_LEAN, (), findings, (*body, *extra, *ends))


def letter(
    *issues: IssueDraft,
    day: date = DAY,
    text: str = CASE,
    facts: tuple[Fact, ...] = FACTS,
    worded: tuple[DisputedService, ...] = (),
    passages: tuple[Passage, ...] = (),
) -> Draft:
    """A draft of these issues; `worded` are the requests that the case itself words."""
    case = CaseSummary(text, 40, "female", date(2015, 3, 14), facts, worded, ())
    held = {p.id: p for p in (passage(), *passages)}
    return Draft("x", day, "given", case, issues or (issue(),), held)


Pair = tuple[Draft, Draft]
ODG = passage("odg", "ODG", 2000, None)
OLD = passage("old", "MTUS Knee Complaints 1997", 1997, 2007)
NEW = passage("new", "MTUS Knee Disorders 2019", 2019, None)
BY_ODG = Sentence(
    "ODG asks that more visits rest on improvement that is written down by the one who gives the treatment.",
    Move.RULE,
    (support(SupportKind.PASSAGE, "odg", ODG.text),),
)


def added(fault: str, clean: str, **fields: object) -> Pair:
    """One sentence of the reviewer's, at fault and clean."""
    return letter(issue(own(fault), **fields)), letter(issue(own(clean), **fields))  # type: ignore[arg-type]


def ended(fault: str, clean: str, service: DisputedService = SERVICE, outcome: Outcome = UPHELD) -> Pair:
    """The conclusion in the reviewer's words, at fault and clean."""
    return letter(issue(end=ending(fault), service=service, outcome=outcome)), letter(
        issue(end=ending(clean), service=service, outcome=outcome)
    )


def service(
    text: str,
    kind: str | None,
    regions: tuple[str, ...] = (),
    side: Side | None = None,
    quantity: float | None = None,
    certified: str | None = None,
) -> DisputedService:
    return DisputedService(text, kind, body_regions=regions, side=side, quantity=quantity, certified=certified)


MRI = service("MRI of the left knee", "mri_knee", ("knee",), Side.LEFT)
ESI = service("lumbar epidural steroid injection at L4-5", "epidural_injection", ("low back",))
FUSION = service("fusion at L5-S1", "fusion", ("low back",))
NORCO = service("Norco 10/325 mg #120", "opioid_short_acting", (), None, 120)
OXY = service("OxyContin 20 mg #60", "opioid_long_acting", (), None, 60)


def other(text: str, kind: str, place: str = "knee", outcome: Outcome = OVERTURNED) -> IssueDraft:
    """A second sound issue, on another service, without a claim of absence."""
    return issue(service=service(text, kind, (place,)), outcome=outcome, without=(MISSING,), findings=())


def beside(fault: str, clean: str, first: str = "") -> Pair:
    """Two issues: the second says `fault` or `clean`, beside the sound one with `first` added."""
    sound = issue(*((own(first),) if first else ()), without=(MISSING,))
    second = issue(service=service("a knee brace", "knee_brace", ("knee",)), outcome=OVERTURNED, without=(MISSING, HAD))

    def with_(text: str) -> Draft:
        sentences = (*second.sentences[:-1], own(text), own(_FILL, Move.FIT), second.sentences[-1])
        return letter(with_first, replace(second, sentences=sentences))

    with_first = replace(sound, sentences=(*sound.sentences[:-1], own(_FILL, Move.GAP), sound.sentences[-1]))
    return with_(fault), with_(clean)


_FILL = "What the guideline asks for is that the notes of the therapist say in plain words what the worker can do now that she could not do before the visits began."
_LONG = " ".join(["The notes of the therapist are short and tell of pain only, day by day."] * 14)
_HARD = "Considerable rehabilitative interventions necessitating multidisciplinary interdisciplinary collaboration characteristically presuppose comprehensive individualized functional evaluations."
_FILLED = (own(_FILL),)


def opioid(
    text: str,
    fault_service: DisputedService,
    clean_service: DisputedService | None = None,
    facts: tuple[Fact, ...] = FACTS,
    case: str = CASE,
    outcome: Outcome = UPHELD,
) -> Pair:
    """An opioid that is not found necessary; the twin says what becomes of it, or is no opioid in use."""
    fault = letter(issue(*_FILLED, service=fault_service), text=case, facts=facts)
    told = (*_FILLED, own(text)) if text else _FILLED
    clean = letter(issue(*told, service=clean_service or fault_service, outcome=outcome), text=case, facts=facts)
    return fault, clean


_TAKES = CASE + " She takes Norco four times a day."
_NORCO_TAKEN = (*FACTS, fact("medication", "opioid", "Norco", text=_TAKES))
_WEANS = CASE + " A slow taper was begun."


def lacking(sentence: Sentence, *instead: Sentence) -> Draft:
    """The sound draft without one of its sentences, its place filled by others."""
    return letter(issue(*instead, own(_PLAIN, Move.RULE), without=(sentence,)))


_PLAIN = (
    "More visits are a matter of what the first ones brought, and that is for the therapist to write down each time."
)


def twice(first: DisputedService, second: DisputedService, same: DisputedService) -> Pair:
    """Two issues with different outcomes: on one service, and on two."""

    def both(other: DisputedService) -> Draft:
        return letter(
            issue(service=first), issue(own(_PLAIN), service=other, outcome=OVERTURNED, without=(MISSING,), findings=())
        )

    return both(same), both(second)


def cited(fault: Passage, clean: Passage) -> Pair:
    """A rule that rests on a passage, at fault and clean."""

    def with_(held: Passage) -> Draft:
        told = Sentence(
            f"{held.guideline} asks the same of any further visits.",
            Move.RULE,
            (support(SupportKind.PASSAGE, held.id, held.text),),
        )
        return letter(issue(told), passages=(held,))

    return with_(fault), with_(clean)


def past_the_mtus(fault: str, clean: str) -> Pair:
    """The rule is that of another guideline, without and with a reason."""
    return tuple(
        letter(issue(BY_ODG, own(text, Move.RULE), own(_PLAIN), without=(RULE,)), passages=(ODG,))
        for text in (fault, clean)
    )  # type: ignore[return-value]


def worded(asked: DisputedService, fault: DisputedService, clean: DisputedService) -> Pair:
    """The case words the request itself, otherwise and alike."""
    return letter(issue(service=asked), worded=(fault,)), letter(issue(service=asked), worded=(clean,))


def reviewed(asked: DisputedService, fault: str, clean: str, text: str = "") -> Pair:
    """Utilization review's words on a request, at odds with it or with `text`, and in accord."""
    extra = (own(text),) if text else ()
    return letter(issue(*extra, service=replace(asked, certified=fault))), letter(
        issue(*extra, service=replace(asked, certified=clean))
    )


def told(fault: str, clean: str, asked: DisputedService = SERVICE) -> Pair:
    """The facts of a rationale, whose own sentence names no side."""
    condition = Sentence("The diagnosis is osteoarthritis.", Move.FACTS, (of_case("left knee osteoarthritis"),))
    said = (own(_PLAIN), condition)
    return tuple(
        letter(issue(own(text, Move.FACTS), *said, service=asked, without=(PERSON,))) for text in (fault, clean)
    )  # type: ignore[return-value]


SHOULDER = service("MRI of the left shoulder", "mri_shoulder", ("shoulder",), Side.LEFT)
ESI2 = service("epidural steroid injection at L4-5", "epidural_injection", ("low back",))
NECK_FUSION = service("fusion at C5-6", "fusion", ("neck",))


def silent(finding: Finding, text: str, clean: Finding = GAP) -> Pair:
    """A drafted silence on a finding that found words, and on one that found none."""
    said = Sentence(text, Move.GAP, (support(SupportKind.FINDING, "knee.extension", "x" * 30),))
    return (
        letter(issue(said, own(_PLAIN), findings=(finding,), without=(MISSING,))),
        letter(issue(said, own(_PLAIN), findings=(clean,), without=(MISSING,))),
    )


PT8 = service("8 visits of physical therapy for the left knee", "physical_therapy", ("knee",), Side.LEFT, 8)
PT_RIGHT = service("6 visits of physical therapy for the right knee", "physical_therapy", ("knee",), Side.RIGHT, 6)
PT_NECK = service("6 visits of physical therapy for the neck", "physical_therapy", ("neck",), None, 6)
ACU = service("6 sessions of acupuncture for the low back", "acupuncture", ("low back",), None, 6)
ACU8 = service("8 sessions of acupuncture for the low back", "acupuncture", ("low back",), None, 8)

# Each check with five faults that it must see, each beside its clean twin on which no check may speak.
PLANTED: dict[str, tuple[Pair, ...]] = {
    "decision_stated": (
        (letter(issue(outcome=None, without=(conclusion(outcome=None),))), letter()),
        (letter(issue(own(_PLAIN), without=(conclusion(),))), letter(issue(own(_PLAIN)))),
        ended(
            "The requested visits will help this worker little.", "The requested visits are not medically necessary."
        ),
        ended(
            "Utilization review says that the visits are not medically necessary.",
            "In this review the visits are not medically necessary.",
        ),
        ended("The question is whether the visits are medically necessary.", "The visits are medically unnecessary."),
    ),
    "concludes_both_ways": (
        added("The visits are medically necessary.", "The visits are not medically necessary."),
        added(
            "On the whole the visits are clearly medically appropriate.",
            "On the whole the visits are not clearly medically appropriate.",
        ),
        added("Medical necessity has been established.", "Medical necessity has not been established."),
        added("The denial is overturned.", "The denial is upheld."),
        added("The request is certified.", "The request is not certified."),
    ),
    "differs_from_the_outcome": (
        ended("The requested visits are medically necessary.", "The requested visits are not medically necessary."),
        ended("The denial is overturned.", "The denial is upheld."),
        ended("Medical necessity is established here.", "Medical necessity is not established here."),
        ended("The request is approved.", "The request is not approved."),
        ended("The visits are not medically necessary.", "The visits are medically necessary.", outcome=OVERTURNED),
    ),
    "decided_twice": (
        twice(SERVICE, MRI, SERVICE),
        twice(ACU, ACU8, ACU),
        twice(MRI, SERVICE, service("MRI of the Left Knee", "mri_knee", ("knee",), Side.LEFT)),
        twice(
            SERVICE, PT_NECK, service("physical therapy x 6, left knee", "physical_therapy", ("knee",), Side.LEFT, 6)
        ),
        twice(ESI, ACU, ESI),
    ),
    "open_slot": (
        (letter(issue(SLOT)), letter(issue(own("She climbs stairs now.", Move.FIT)))),
        (letter(issue(replace(SLOT, move=Move.GAP))), letter(issue(own("She cannot climb stairs.")))),
        (letter(issue(SLOT, SLOT)), letter(issue(own("She climbs stairs now."), own("She walks a mile.")))),
        (letter(issue(SLOT, without=(MISSING,))), letter(issue(own(_PLAIN), without=(MISSING,)))),
        (letter(issue(replace(SLOT, text="State your decision."))), letter(issue(own("The decision rests on this.")))),
    ),
    "condition_cited": (
        (lacking(PERSON), letter(issue(own(_PLAIN)))),
        (
            lacking(PERSON, own("This worker is a 40-year-old woman.", Move.FACTS)),
            lacking(PERSON, own("The diagnosis is left knee osteoarthritis.", Move.FACTS)),
        ),
        (
            lacking(PERSON, own("She was hurt at work.", Move.FACTS)),
            lacking(PERSON, own("She has swelling of the left knee.", Move.FACTS)),
        ),
        (
            lacking(PERSON, own("She takes naproxen.", Move.FACTS)),
            lacking(
                PERSON,
                own("Examination of the knee is cited.", Move.FACTS),
                Sentence("It is swollen.", Move.FACTS, (of_case("swelling of the left knee"),)),
            ),
        ),
        (
            lacking(PERSON, own("A brace was given.", Move.FACTS)),
            lacking(
                PERSON, Sentence("The image shows a torn meniscus.", Move.FACTS, (of_case("showed a torn meniscus"),))
            ),
        ),
    ),
    "documents_cited": tuple(
        (
            letter(
                issue(
                    own(fault, Move.FACTS),
                    own(_PLAIN),
                    own(_PLAIN + " That is all."),
                    own("She has left knee osteoarthritis."),
                    without=(PERSON, HAD, MISSING),
                    findings=(),
                )
            ),
            letter(
                issue(
                    own(clean, Move.FACTS),
                    own(_PLAIN),
                    own(_PLAIN + " That is all."),
                    own("She has left knee osteoarthritis."),
                    without=(PERSON, HAD, MISSING),
                    findings=(),
                )
            ),
        )
        for fault, clean in (
            ("She has knee pain.", "The summary tells of knee pain."),
            ("Her knee is swollen.", "By the note of 02/01/2016 her knee is swollen."),
            ("The meniscus is torn.", "The MRI of 06/02/2015 showed a torn meniscus."),
            ("She sees a therapist.", "The report of the therapist was read."),
            ("Her pain has stayed.", "The letter of her physician tells of pain."),
        )
    ),
    "findings_stated": tuple(
        (
            letter(issue(own(_PLAIN, Move.RULE), own(fault, Move.FACTS), without=(MISSING,))),
            letter(issue(own(_PLAIN, Move.RULE), own(clean, Move.GAP), without=(MISSING,))),
        )
        for fault, clean in (
            ("She walks as before.", "She walks as before, so the requirement is not met."),
            ("Her work is the same.", "Her work is the same, which is no gain."),
            ("The pain is as it was.", "What the guideline asks for is not shown."),
            ("She rests in the evening.", "The gain that is asked for is missing here."),
            ("She sleeps well.", "Sleep alone does not meet the rule."),
        )
    ),
    "standard_cited": (
        (lacking(RULE), letter(issue(own(_PLAIN)))),
        (
            lacking(RULE, own("More visits rest on a gain.", Move.RULE)),
            lacking(RULE, own("By the MTUS more visits rest on a gain.", Move.RULE)),
        ),
        (
            lacking(RULE, own("It is usual to stop here.", Move.RULE)),
            lacking(RULE, own("The guideline ends the visits here.", Move.RULE)),
        ),
        (
            lacking(RULE, own("Good practice asks for a gain.", Move.RULE)),
            lacking(RULE, own("The criteria for more visits ask for a gain.", Move.RULE)),
        ),
        (
            lacking(RULE, own("Eight visits are enough.", Move.RULE)),
            lacking(RULE, own("The MTUS knee chapter holds few visits to be enough.", Move.RULE)),
        ),
    ),
    "not_in_force": (
        cited(OLD, passage("p2", "MTUS Initial Approaches 2004")),
        cited(NEW, passage("p2", "MTUS General Approaches 2004")),
        (letter(day=date(2019, 1, 1)), letter(day=date(2017, 1, 1))),
        (
            letter(issue(own("MTUS Knee Complaints 1997 says so.")), passages=(OLD,)),
            letter(issue(own("MTUS Knee Complaints 2004 says so.")), passages=(OLD,)),
        ),
        (
            letter(issue(own("MTUS  Knee Disorders 2019 asks this.")), passages=(NEW,)),
            letter(issue(own("The chapter on the knee asks this.")), passages=(NEW,)),
        ),
    ),
    "order_skipped": (
        past_the_mtus("It is the guideline for the knee.", "The MTUS does not address this."),
        past_the_mtus("It speaks of the knee.", "It is cited because the MTUS is silent on more visits."),
        past_the_mtus("It is newer.", "No MTUS chapter speaks of more visits."),
        past_the_mtus("It is used here.", "The presumption of the MTUS is rebutted by stronger evidence."),
        (
            lacking(RULE, own("ODG asks for a gain.", Move.RULE)),
            lacking(RULE, own("ODG asks for a gain, and so does the MTUS.", Move.RULE)),
        ),
    ),
    "protected_trait": (
        added("Given her age, more visits will not help.", "Given her findings, more visits will not help."),
        added("At 67 he is too old for this.", "At 67 degrees of flexion he can work."),
        added("As a woman she heals more slowly.", "This woman heals slowly by the notes."),
        added(
            "Elderly patients like him do not gain from it.", "Patients like him, with this finding, do gain from it."
        ),
        added("Due to advanced age this is of no use.", "Due to advanced arthritis this is of no use."),
    ),
    "other_quantity": (
        ended(
            "The requested 8 visits of physical therapy are not medically necessary.",
            "The requested 6 visits of physical therapy are not medically necessary.",
        ),
        ended(
            "The requested twelve visits are not medically necessary.",
            "The requested six visits are not medically necessary.",
        ),
        ended(
            "The request for 4 visits is not supported; it is not medically necessary.",
            "The request for 6 visits is not medically necessary.",
        ),
        ended(
            "The requested Norco 10/325 mg #60 is not medically necessary, with no stop at once but a taper.",
            "The requested Norco 10/325 mg #120 is not medically necessary, with no stop at once but a taper.",
            NORCO,
        ),
        ended(
            "The requested 3 sessions of acupuncture for the low back are medically necessary.",
            "The requested 6 sessions of acupuncture for the low back are medically necessary.",
            ACU,
            OVERTURNED,
        ),
    ),
    "other_side": (
        ended(
            "The requested visits for the right knee are not medically necessary.",
            "The requested visits for the left knee are not medically necessary.",
        ),
        ended(
            "The requested visits for both knees are not medically necessary.",
            "The requested visits for the knee are not medically necessary.",
        ),
        ended(
            "The requested MRI of the right knee is not medically necessary.",
            "The requested MRI of the left knee is not medically necessary.",
            MRI,
        ),
        ended(
            "The requested therapy is not medically necessary for the right knee.",
            "The requested therapy is not medically necessary for the left knee.",
        ),
        ended(
            "The requested right lumbar epidural injection is not medically necessary.",
            "The requested lumbar epidural injection is not medically necessary.",
            ESI,
        ),
    ),
    "other_level": (
        ended(
            "The requested epidural injection at L5-S1 is not medically necessary.",
            "The requested epidural injection at L4-5 is not medically necessary.",
            ESI,
        ),
        ended(
            "The requested epidural injection at L3-4 is not medically necessary.",
            "The requested epidural injection at L4-L5 is not medically necessary.",
            ESI,
        ),
        ended(
            "The requested fusion at L4-5 is not medically necessary.",
            "The requested fusion at L5-S1 is not medically necessary.",
            FUSION,
        ),
        ended(
            "The requested fusion of L5-S1 and L3-L4 is not medically necessary.",
            "The requested fusion of L5-S1 is not medically necessary.",
            FUSION,
        ),
        ended(
            "The requested acupuncture at C5-6 is not medically necessary.",
            "The requested acupuncture is not medically necessary.",
            ACU,
        ),
    ),
    "not_disputed": (
        ended(
            "The requested acupuncture is not medically necessary.",
            "The requested physical therapy is not medically necessary.",
        ),
        ended(
            "The requested physical therapy and massage are not medically necessary.",
            "The requested physical therapy visits are not medically necessary.",
        ),
        ended(
            "The requested CT of the left knee is not medically necessary.",
            "The requested MRI of the left knee is not medically necessary.",
            MRI,
        ),
        ended(
            "The requested visits for the left shoulder are not medically necessary.",
            "The requested visits for the left knee are not medically necessary.",
        ),
        ended(
            "The requested gabapentin is not medically necessary; a taper applies.",
            "The requested Norco is not medically necessary; a taper applies.",
            NORCO,
        ),
    ),
    "case_words_it_otherwise": (
        worded(
            SERVICE,
            replace(PT_RIGHT, text="physical therapy x 6 for the right knee"),
            replace(SERVICE, text="physical therapy x 6 for the left knee"),
        ),
        worded(
            SERVICE,
            replace(PT8, text="therapy for eight visits, left knee"),
            replace(SERVICE, text="therapy for six visits, left knee"),
        ),
        worded(
            ESI,
            replace(ESI, text="epidural steroid injection at L5-S1"),
            replace(ESI, text="epidural steroid injection L4-L5"),
        ),
        worded(
            MRI,
            service("MRI right knee", "mri_knee", ("knee",), Side.RIGHT),
            service("MRI left knee", "mri_knee", ("knee",), Side.LEFT),
        ),
        worded(ACU, replace(ACU8, text="acupuncture 8 times"), replace(PT8, text="8 visits for the knee")),
    ),
    "review_words_it_otherwise": (
        reviewed(SERVICE, "modified to 3 visits for the right knee", "modified to 3 visits for the left knee"),
        reviewed(MRI, "right knee certified", "left knee certified"),
        reviewed(SERVICE, "certified 4 visits", "certified 2 visits", "Utilization review certified 2 of them."),
        reviewed(
            ACU,
            "modified to 3 sessions",
            "modified to 4 sessions",
            "The request was modified to 4 by utilization review.",
        ),
        reviewed(SERVICE, "3 were authorized", "2 were authorized", "The claims administrator authorized 2 visits."),
    ),
    "speaks_of_the_other_side": (
        told("The right knee is stiff.", "The left knee is stiff."),
        told("Motion of the right knee is poor.", "Motion of both knees is poor."),
        told("She has pain of the right shoulder.", "She has pain of the left shoulder.", SHOULDER),
        told("An image shows a protrusion at L5-S1.", "An image shows a protrusion at L4-L5.", ESI2),
        told("There is a narrow canal at C6-7.", "There is a narrow canal at C5-6.", NECK_FUSION),
    ),
    "date_conflict": (
        added("She was injured on 03/15/2015.", "She was injured on 03/14/2015."),
        added("The injury was on April 14, 2015.", "The injury was on March 14, 2015."),
        added("She was seen on 03/02/2016.", "She was seen on 02/03/2016."),
        added("The visits ended on 2016-12-01.", "The visits ended on 2015-12-01."),
        added("Her date of injury is 03/14/2014.", "Her date of injury is 03/14/2015."),
    ),
    "absence_found": (
        silent(SEEN, "The summary does not state functional improvement."),
        silent(MAYBE, "No functional improvement is documented."),
        added("The summary does not mention physical therapy.", "The summary does not mention acupuncture."),
        added("She never took naproxen.", "She never took gabapentin."),
        added("The summary does not document numbness.", "The summary does not document weakness."),
    ),
    "record_not_read": (
        added("The medical records do not show a gain.", "The summary does not show a gain."),
        added("The record contains no scores.", "The summary contains no scores."),
        added("Scores are missing from the file.", "Scores are missing from the summary."),
        added("A plan is not found in the submitted records.", "A plan is not found in the summary."),
        added("Her chart lacks a plan.", "The summary lacks a plan."),
    ),
    "said_and_denied": (
        beside(
            "The summary does not state a home exercise program.",
            "The summary does not state a work restriction.",
            "The summary states a home exercise program.",
        ),
        beside("She has not had acupuncture.", "She has not had massage.", "She has had acupuncture."),
        beside(
            "No urine drug screen is documented.",
            "No opioid agreement is documented.",
            "A urine drug screen is documented.",
        ),
        beside(
            "The summary mentions neither massage nor biofeedback.",
            "The summary mentions neither traction nor biofeedback.",
            "She has had massage.",
        ),
        beside(
            "There is no mention of a cortisone injection.",
            "There is no mention of a nerve block.",
            "She received a cortisone injection.",
        ),
    ),
    "different_values": (
        beside(
            "She has had 10 visits of acupuncture.",
            "She has had 4 visits of acupuncture.",
            "She has had 4 visits of acupuncture.",
        ),
        beside(
            "She completed 9 sessions of massage.",
            "She completed 5 sessions of massage.",
            "She completed five sessions of massage.",
        ),
        beside(
            "It is a right carpal tunnel syndrome.",
            "It is a left carpal tunnel syndrome.",
            "She has left carpal tunnel syndrome.",
        ),
        beside("She had surgery on 05/02/2015.", "She had surgery on 05/03/2015.", "Her surgery was on 05/03/2015."),
        beside(
            "An MRI of 06/12/2015 is told of.", "An MRI of 06/02/2015 is told of.", "There is an MRI of 06/02/2015."
        ),
    ),
    "length": (
        (letter(issue(without=(HAD, PERSON), end=ending("The request is not medically necessary."))), letter()),
        (
            letter(issue(own("She has left knee osteoarthritis."), without=(RULE, PERSON, HAD))),
            letter(issue(own(_PLAIN))),
        ),
        (letter(issue(own(_LONG))), letter(issue(own("The notes are short.")))),
        (
            letter(issue(*(own(f"{_PLAIN} This is said {n} times.") for n in range(9)))),
            letter(issue(own(_PLAIN), own(_PLAIN))),
        ),
        (
            letter(
                issue(
                    own("The MTUS asks for a gain in the left knee osteoarthritis."),
                    without=(RULE, PERSON, MISSING, HAD),
                    end=ending("The request is not medically necessary."),
                )
            ),
            letter(issue(without=(HAD,), end=conclusion())),
        ),
    ),
    "reading_grade": tuple(
        (letter(issue(*(own(hard) for _ in range(3)))), letter(issue(own(plain))))
        for hard, plain in (
            (_HARD, "A team that works together must first test what she can do."),
            (
                "Multidisciplinary biopsychosocial rehabilitation necessitates institutional interdisciplinary collaboration, individualized functional evaluations, and longitudinal reassessment methodologies.",
                "A team looks at her, plans for her, and looks again.",
            ),
            (
                "Notwithstanding considerable degenerative abnormalities, rehabilitative interventions characteristically demonstrate disproportionately unsatisfactory functional repercussions.",
                "Worn joints may not gain much from it.",
            ),
            (
                "Osteoarthritic degeneration accompanying inflammatory polyarthropathy necessitates comprehensive rheumatological investigation preceding rehabilitative recommendations.",
                "Sore joints are looked at first.",
            ),
            (
                "Justification of supplementary individualized rehabilitative interventions necessitates demonstrable quantitative functional ameliorations attributable to antecedent interventions.",
                "The visits must have helped.",
            ),
        )
    ),
    "opioid_not_stopped_at_once": (
        opioid(
            "It is no advice to stop at once; a slow taper is meant.", replace(NORCO, certified="to #60 for weaning")
        ),
        opioid("The part that was certified lets her wean.", replace(OXY, certified="modified to #30")),
        opioid("It must not be ended abruptly.", NORCO, facts=_NORCO_TAKEN, case=_TAKES),
        opioid("", OXY, ACU, facts=FACTS, case=_WEANS),
        opioid("", NORCO, service("naproxen 500 mg #60", "nsaid", (), None, 60), facts=_NORCO_TAKEN, case=_TAKES),
    ),
}
