"""The requirements that an imported text puts on a service: its own sentences as criteria, read with caution.

A sentence is taken verbatim, since the text is the user's to quote. What a machine reads from it may be wrong, so its
confidence is never high and it decides nothing by itself; where its condition, its figures or its connectives are not
plain, the facts are shown and the finding is the reviewer's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.domain import Confidence, Criterion, CriterionKind, Measure
from assistant.reading.guidelines import short_hash, slug_of
from assistant.reading.lexicon import Lexicon
from assistant.reading.numbers import numbers
from assistant.reading.sentences import sentences
from assistant.reading.wordings import NUMBER

_SHORTEST, _LONGEST = 4, 90  # words of a requirement
_MOST = 8  # requirements of a passage
_MARKS = re.compile(r"^(?:\([A-Za-z0-9]{1,4}\)\s*|[-•*▪]\s+|\d{1,2}(?:\.\d+)*[.)]\s+)+")


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


# --- what sort of requirement a sentence is, first match first ---
_BARS = _pattern(
    r"\b(?:(?:is|are|was|were)\s+(?:generally |usually |routinely |strongly )?not\s+(?:generally |routinely )?"
    r"(?:recommended|indicated|advised|appropriate|supported|medically necessary)|contraindicated|not recommended"
    r"|should\s+(?:generally )?(?:not(?! exceed)|be avoided)|(?:must|shall|may)\s+not\s+be\s+(?:used|given|done"
    r"|performed|repeated|prescribed|authorized|continued)|recommended against)\b"
)
_DOCUMENTS = _pattern(
    r"\b(?:document(?:ed|ation|s|ing)?|(?:must|should|shall)\s+(?:be\s+)?(?:recorded?|stated?|noted?|described?|reported?"
    r"|written))\b"
)
_LIMITS = _pattern(
    r"\b(?:no more than|not more than|(?:not|never) (?:to )?exceed|up to|(?:a )?maximum of|limited to|at most"
    r"|(?:fewer|less) than|no longer than|not be longer than)\b"
)
_REQUIRES = _pattern(
    r"\b(?:only (?:if|when|after|for|where)|requires?|required|must|shall|should|(?:is|are) (?:recommended"
    r"|indicated|appropriate|medically necessary|warranted|reserved|an option)|may be (?:considered|used|repeated"
    r"|tried|indicated)"
    r"|prior to|prerequisite|provided that|necessary before|needed before|criteria for|candidates? for)\b"
)
_OBLIGES = _pattern(
    r"\b(?:must|shall|should|required?|requires|recommended|indicated|necessary|needed|limit\w*|maximum|exceed\w*"
    r"|only|no more than|not more than|up to|at most|may)\b"
)
_ABOUT_OTHERS = _pattern(
    r"\b(?:administrative director|legislature|this (?:chapter|section|guideline|document|article)|table of contents"
    r"|committee|literature|(?:shall|does|do) not apply|studies|trials? (?:showed|found)|copyright|readers?)\b"
)

# --- what is open about it ---
_LEADING = re.compile(r"^(?:If|When|Where|For|In|After|Once|Among|Notwithstanding)\b[^,]{4,140},\s")
_EXCEPTED = _pattern(r"\b(?:unless|except|until|provided|other than|rather than|either)\b")
_NEGATED = _pattern(r"\b(?:without|absence of|absent|no|not|lack of|free of)\b[^,;]{0,40}$")
_NEGATION = _pattern(r"\b(?:without|absence|absent|no|not|lack|free of)\b")
_AND = _pattern(r"\band\b|;|\bas well as\b|,")
_OR = _pattern(r",?\s*\bor\b|,")
_HAD_BEFORE = _pattern(
    r"\b(?:fail\w*|trial of|tried|after|prior|previous|completed?|despite|following|respond\w*|course of|received)\b"
    r"[^.;]{0,60}$"
)
_FIRST_COURSE = _pattern(r"\b(?:initial(?:ly)?|trial|first course|to start)\b")

_RED_FLAG = "red_flag"
_HAD = frozenset({"treatment", "medication", "study"})
# Named in any requirement, so that naming them says nothing.
_TOO_WIDE = frozenset(
    {"benefit_unspecified", "request_details", "pain_score", "prior_visit_count", "conservative_care", "imaging"}
)
_COUNTED = (
    r"(?P<unit>visits?|sessions?|treatments?|injections?|procedures?|weeks?|hours?|days?|months?|units?|tablets?)"
)
_AT_MOST = _pattern(
    r"\b(?:no more than|not more than|not (?:to )?exceed(?:ing)?|up to|maximum of|limited to|at most|no longer than"
    rf"|(?P<less>(?:fewer|less) than))\s+(?:a total of\s+)?(?P<n>{NUMBER})\s+(?:[a-z-]+\s+){{0,3}}?{_COUNTED}\b"
    r"(?P<per>\s+(?:per|a|an|each|every)\s+(?:\w+\s+)?(?:week|month|year|day|injury|region|level|side|course)\b"
    r"|\s+(?:in total|in all|overall)\b)?"
)
_AT_LEAST = _pattern(
    rf"\b(?:at least|minimum of|no (?:less|fewer) than)\s+(?P<n>{NUMBER})\s+(?P<unit>weeks?|months?)\s+"
    r"(?:(?P<injury>(?:after|since|from|following|past)\s+(?:the\s+)?(?:date of\s+)?(?:the\s+)?(?:injury|onset))"
    r"|(?P<surgery>(?:after|since|from|following)\s+(?:the\s+)?(?:surgery|operation))"
    r"|(?P<symptoms>of\s+(?:persistent\s+|continued\s+)?(?:symptoms|pain)))\b"
)
_WEEKS_OF_A_MONTH = 52 / 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: the guideline's label, its section and page, and the kinds of service that it governs."""

    label: str
    section: str | None
    page: int | None
    kinds: tuple[str, ...]

    @property
    def source(self) -> str:
        """The place as a criterion's source names it."""
        page = f"page {self.page}" if self.page else None
        return ", ".join(filter(None, (self.label, self.section, page)))


def criteria_of(spoken: Sequence[str], place: Place, lexicon: Lexicon) -> tuple[Criterion, ...]:
    """The requirements in the paragraphs of a passage that governs a kind of service, eight at most; () for none.

    The id holds while the sentence and its section stay as they are.
    """
    if not place.kinds:
        return ()
    found: dict[str, Criterion] = {}
    for paragraph in spoken:
        for sentence in sentences(paragraph):
            criterion = _criterion(_MARKS.sub("", sentence.quote), place, lexicon)
            if criterion is not None:
                found.setdefault(criterion.id, criterion)
    return tuple(found.values())[:_MOST]


def kind_of_requirement(sentence: str) -> CriterionKind | None:
    """What sort of requirement a sentence states by its wording; None where it states none."""
    if not _SHORTEST <= len(sentence.split()) <= _LONGEST or sentence[-1:] == "?" or _ABOUT_OTHERS.search(sentence):
        return None
    if _BARS.search(sentence):
        return CriterionKind.CONTRAINDICATION
    if not _OBLIGES.search(sentence):
        return None
    if _LIMITS.search(sentence) and numbers(sentence):
        return CriterionKind.LIMIT
    if _DOCUMENTS.search(sentence):
        return CriterionKind.DOCUMENTATION
    return CriterionKind.PREREQUISITE if _REQUIRES.search(sentence) else None


def _criterion(sentence: str, place: Place, lexicon: Lexicon) -> Criterion | None:
    kind = kind_of_requirement(sentence)
    if kind is None:
        return None
    leading = _LEADING.match(sentence)
    main = leading.end() if leading else 0
    told = list(_named(sentence, lexicon))
    given = tuple(dict.fromkeys(n.concept for n in told if n.end <= main and not n.negated and not n.had))
    if kind is CriterionKind.CONTRAINDICATION:
        read = _bar(sentence, [n for n in told if n.start >= main])
    else:
        read = _requirement(sentence, [n for n in told if n.start >= main], place, lexicon)
    condition = read.applies_when or (sentence[:main].rstrip(", ") if leading else None)
    return Criterion(
        id=f"{slug_of(place.section or place.label)[:40].rstrip('-')}.{short_hash(f'{place.section}|{sentence}')}",
        text=sentence,
        kind=kind,
        confidence=Confidence.MEDIUM,
        checked=True,
        source=place.source,
        applies_when=condition,
        asks=read.asks,
        against=read.against,
        given=given,
        not_given=read.not_given,
        always_bars=read.always_bars,
        judgement=read.judgement or len(place.kinds) > 1,
        measure=read.measure,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """What was understood of a sentence."""

    asks: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    not_given: tuple[str, ...] = ()
    always_bars: bool = False
    judgement: bool = False
    measure: Measure | None = None
    applies_when: str | None = None


def _bar(sentence: str, named: Sequence[_Named]) -> _Read:
    """A bar on what it names after its verb; one on anything else is left to the reviewer with its condition."""
    verb = _BARS.search(sentence)
    after = verb.end() if verb else 0
    rest = sentence[after:].strip(" .,")
    there = [n for n in named if n.start >= after]
    open_ = any(n.had for n in there) or _NEGATION.search(rest) or _EXCEPTED.search(rest)
    if there and not open_:
        joined = _AND.search(re.sub(_OR, " ", sentence[there[0].start : there[-1].end]))
        unsure = bool(joined) or bool(numbers(rest)) or len(rest.split()) > _PLAIN_REST
        return _Read(against=_concepts(there), judgement=unsure)
    return _Read(always_bars=True, judgement=True, applies_when=rest or None)


_PLAIN_REST = 8  # words after a bar's verb up to which the concept named there is all that it is about


def _requirement(sentence: str, named: Sequence[_Named], place: Place, lexicon: Lexicon) -> _Read:
    measure, sure = _measure(sentence)
    if measure is not None:
        first = tuple(kind for kind in place.kinds if kind in lexicon.concepts)
        is_first = bool(_FIRST_COURSE.search(sentence))
        return _Read(
            judgement=not sure or (is_first and not first),
            measure=measure,
            not_given=first if is_first else (),
            applies_when="a first course" if is_first and first else None,
        )
    wanted = [n for n in named if not n.negated and n.concept not in place.kinds]
    between = sentence[wanted[0].start : wanted[-1].end] if wanted else ""
    joined = len(_concepts(wanted)) > 1 and bool(_AND.search(re.sub(_OR, " ", between)))
    open_ = bool(numbers(sentence) or _EXCEPTED.search(sentence)) or any(n.negated or n.had for n in named)
    return _Read(asks=_concepts(wanted), judgement=not wanted or joined or open_)


def _concepts(named: Iterable[_Named]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n.concept for n in named))


# --- concepts -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Named:
    """A clinical fact that a sentence names: where, whether under a negation, whether as something had before."""

    concept: str
    start: int
    end: int
    negated: bool
    had: bool


def _named(sentence: str, lexicon: Lexicon) -> Iterator[_Named]:
    """The facts that the sentence plainly names; treatments, drugs and studies only as something had before."""
    hits = lexicon.wordings.find(sentence)
    barred = [h for h in hits if h.payload.role != "wordings"]
    longest: list[tuple[int, int, str]] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start, h.payload.concept)):
        span, concept = (hit.start, hit.end), hit.payload.concept
        if hit.payload.role != "wordings" or concept in _TOO_WIDE:
            continue
        less = any(span != other[:2] and _overlap(span, other[:2]) for other in longest)
        unclear = any(b.payload.concept == concept and _turns(span, (b.start, b.end)) for b in barred)
        if not less and not unclear:
            longest.append((*span, concept))
    # A wording that is also one of a red flag means its own sort of it.
    also = {other[:2] for other in longest if other[2] != _RED_FLAG}
    longest = [other for other in longest if other[2] != _RED_FLAG or other[:2] not in also]
    for start, end, concept in sorted(set(longest)):
        before = sentence[:start]
        had = lexicon.concepts[concept].kind in _HAD
        if had and not _HAD_BEFORE.search(before):
            continue
        yield _Named(concept, start, end, bool(_NEGATED.search(before)), had)


def _turns(span: tuple[int, int], barred: tuple[int, int]) -> bool:
    """Whether an open or denying wording takes a plain one back; one that only stands inside it says less."""
    inside = span[0] <= barred[0] and barred[1] <= span[1] and span != barred
    return _overlap(span, barred) and not inside


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


# --- figures --------------------------------------------------------------------------------------------------


def _measure(sentence: str) -> tuple[Measure | None, bool]:
    """The one plain limit of a sentence, and whether it says just that; None where it has none or more than one."""
    most = list(_AT_MOST.finditer(sentence))
    least = list(_AT_LEAST.finditer(sentence))
    if len(most) + len(least) != 1:
        return None, False
    if least:
        return _least(least[0])
    found = most[0]
    per, unit = (found["per"] or "").casefold().split(), found["unit"].casefold()
    compare = "less_than" if found["less"] else "at_most"
    high = max(numbers(found["n"]))
    sure = len(numbers(sentence)) == len(numbers(found.group())) and not _EXCEPTED.search(sentence)
    of = _figure_of(per, unit)
    if of is None:
        return None, False
    return Measure(of, compare, None, high, None if of == "requested_weeks" else unit), sure


def _figure_of(per: Sequence[str], unit: str) -> str | None:
    if per and per[-1] == "week":
        return "requested_per_week"
    if per and per[-1] in {"injury", "total", "all", "overall", "course"}:
        return "prior_plus_requested"
    if per or unit.rstrip("s") in {"day", "month", "hour"}:
        return None
    return "requested_weeks" if unit.rstrip("s") == "week" else "requested_quantity"


def _least(found: re.Match[str]) -> tuple[Measure, bool]:
    """Weeks since the injury or the operation; for "of symptoms" the weeks since the injury only come near it."""
    weeks = max(numbers(found["n"])) * (1 if found["unit"].casefold().startswith("week") else _WEEKS_OF_A_MONTH)
    of = "weeks_since_surgery" if found["surgery"] else "weeks_since_injury"
    return Measure(of, "at_least", round(weeks, 1), None, "weeks"), not found["symptoms"]
