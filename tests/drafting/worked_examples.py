"""Four invented cases with passages and findings, and sentences about them that are right, each with its supports."""
# ruff: noqa: E501  a case reads best as it is pasted

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain import Span, Support, SupportKind
from assistant.drafting.verification import Sources

BACK = Sources(
    case=(
        "The worker is a 44-year-old woman who hurt her low back lifting a crate on 07/19/2016. She was seen on 08/01/2016 "
        "and again on 10/12/2016. Treatment to date has included 9 visits of physical therapy and 4 sessions of "
        "acupuncture, ibuprofen 600 mg and Flexeril 10 mg, without lasting relief. On 10/12/2016 there is weakness of left "
        "great toe extension, 4/5, and numbness over the left foot; on 08/01/2016 strength was normal. Straight leg raise "
        "is positive on the left and negative on the right. An MRI of 09/06/2016 showed a disc protrusion at L4-5 and "
        "stenosis at L5-S1. She denies bowel problems, bladder problems or fever. Pain is 8/10 without and 5/10 with "
        "medications. Work status is not documented. She would consider surgery. Utilization review denied the request on "
        "10/30/2016 for lack of a failed trial of care. The provider requested a lumbar epidural steroid injection at L4-5."
    ),
    passages={
        "esi": (
            "Epidural injection is an option where radicular pain is shown on examination and by imaging or nerve tests. "
            "The pain has not responded to exercise, physical methods and medicines. No more than two nerve root levels are "
            "injected in one session. A repeat injection needs at least 50% relief for six to eight weeks."
        ),
        "note": "MTUS Chronic Pain Medical Treatment 2016 was in force from 2016-07-28 until it was replaced on 2017-12-01.",
    },
    findings={
        "esi.relief": "The summary does not state relief of 50% after an earlier injection.",
        "esi.exam": "The summary states a neurologic deficit: “weakness of left great toe extension, 4/5”.",
        "esi.levels": "The request is for 1 level; the limit is 2.",
        "esi.failed": "The summary does not state that treatment did not help.",
    },
    request="Lumbar epidural steroid injection at L4-5",
    citations={
        "esi": "MTUS Chronic Pain Medical Treatment 2016, Section(s): Epidural steroid injections (ESIs)",
        "note": "MTUS Chronic Pain Medical Treatment 2016",
    },
    statuses={"esi.relief": "not_found", "esi.exam": "supported", "esi.levels": "supported", "esi.failed": "not_found"},
)

OPIOID = Sources(
    case=(
        "A 58 year old male fell from a ladder on March 3, 2011. He takes Norco 10/325 mg four times a day, naproxen 550 mg "
        "twice a day and Soma 350 mg at night. Pain is rated 9/10 at worst and 6/10 on average. Function is unchanged. A "
        "urine drug screen of 11/02/2016 was consistent. There is no aberrant behavior. His mother has a history of "
        "diabetes. Possible nerve entrapment of the right wrist was noted. He had surgery of the right shoulder in May 2012 "
        "and of the left knee in 2014. The request is for Norco 10/325 mg #120. UR modified the request to #60 for weaning."
    ),
    passages={
        "op": (
            "Opioids are continued where pain and function have improved or the worker has returned to work. The daily dose "
            "should not exceed 80 mg of morphine equivalents without a specialist."
        )
    },
    findings={
        "op.dose": "Four tablets of 10 mg a day are 40 mg of hydrocodone, 40 mg of morphine equivalents; the limit is 80.",
        "op.function": "On functional improvement the summary says: “Function is unchanged”.",
        "op.agreement": "The summary does not state an opioid agreement or a CURES report.",
    },
    request="Norco 10/325 mg #120",
    citations={"op": "MTUS Opioid Treatment 2016"},
    statuses={"op.dose": "supported", "op.function": "contradicted", "op.agreement": "not_found"},
)

SHOULDER = Sources(
    case=(
        "This 51-year-old man tore his right rotator cuff on 2/9/2015. Range of motion of the right shoulder is 110 degrees "
        "of flexion and 85 degrees of abduction; the left shoulder is normal. He completed 12 visits of physical therapy in "
        "2015 and had 2 cortisone injections, with 40% relief for 3 weeks. Neer and Hawkins tests are positive, and "
        "Spurling's test is negative. X-rays of the cervical spine were negative for fracture. The plan is right shoulder "
        "arthroscopy, a cold therapy unit for 7 days and 24 visits of physical therapy after surgery."
    ),
    passages={
        "post": (
            "After arthroscopic surgery for a rotator cuff tear, 24 visits over 14 weeks are recommended. The period of "
            "physical medicine is 6 months."
        )
    },
    findings={
        "post.count": "The request is for 24 visits; the limit is 24.",
        "post.surgery": "The summary names an operation only as planned: “right shoulder arthroscopy”.",
    },
    request="Postoperative physical therapy, right shoulder, 24 visits",
    citations={"post": "MTUS Postsurgical Treatment 2009, Section(s): Shoulder"},
    statuses={"post.count": "supported", "post.surgery": "for_reviewer"},
)

NEEDLES = Sources(
    case=(
        "The patient is a 39-year-old female with a date of injury of 5-6-2014. Diagnoses are cervical strain and bilateral "
        "carpal tunnel syndrome. She has completed 6 sessions of acupuncture and 10 visits of chiropractic. Neck pain "
        "radiates to the left arm and occasionally to the right hand. She returned to modified work on 06/15/2016. "
        "Medications were reduced from 4 tablets to 2 tablets a day. She had no prior injections. The request is for 8 "
        "sessions of acupuncture for the neck, two times a week for 4 weeks."
    ),
    passages={
        "acu": (
            "A first course is three to six treatments. More treatment rests on functional improvement written down. The "
            "frequency is one to three treatments a week."
        )
    },
    findings={
        "acu.more": "The summary does not state functional improvement in daily activities.",
        "acu.prior": "The summary does not state the number of massage sessions already had.",
        "acu.count": "6 sessions were had before and 8 are asked, together 14; the limit is 6.",
    },
    request="Acupuncture for the neck, 8 sessions, 2 times a week for 4 weeks",
    citations={"acu": "MTUS Acupuncture Treatment 2007"},
    statuses={"acu.more": "not_found", "acu.prior": "not_found", "acu.count": "contradicted"},
)


@dataclass(frozen=True)
class Example:
    """A sentence, the quotes that it rests on (each found in the first source that holds it), and its sources."""

    sources: Sources
    text: str
    quotes: tuple[str, ...]

    @property
    def supports(self) -> tuple[Support, ...]:
        """The quotes as supports."""
        return tuple(support(self.sources, quote) for quote in self.quotes)


def support(sources: Sources, quote: str) -> Support:
    """A support for words of the case, else of the request, a passage or a finding; `@id` is a whole text by its id."""
    if quote.startswith("@"):
        key = quote[1:]
        texts = {"request": sources.request, **sources.passages, **sources.findings}
        quote = texts[key]
    named = [(SupportKind.CASE, "case", sources.case), (SupportKind.REQUEST, "request", sources.request)]
    named += [(SupportKind.PASSAGE, key, text) for key, text in sources.passages.items()]
    named += [(SupportKind.FINDING, key, text) for key, text in sources.findings.items()]
    kind, key, text = next(place for place in named if quote in place[2])
    start = text.index(quote)
    return Support(kind, key, Span.of(text, start, start + len(quote)))


GOOD: tuple[Example, ...] = tuple(
    Example(sources, text, quotes)
    for sources, text, *quotes in (
        (
            BACK,
            "This worker is a 44-year-old woman who hurt her low back on 07/19/2016.",
            "44-year-old woman who hurt her low back lifting a crate on 07/19/2016",
        ),
        (
            BACK,
            "She has had 9 visits of physical therapy and 4 sessions of acupuncture, ibuprofen 600 mg and Flexeril 10 mg.",
            "9 visits of physical therapy and 4 sessions of acupuncture, ibuprofen 600 mg and Flexeril 10 mg",
        ),
        (
            BACK,
            "Nine visits of PT and four of acupuncture brought no lasting relief.",
            "9 visits of physical therapy and 4 sessions of acupuncture",
            "without lasting relief",
        ),
        (
            BACK,
            "On October 12, 2016 the examination found left great toe extension weakness of 4/5 and numbness over the left foot.",
            "On 10/12/2016 there is weakness of left great toe extension, 4/5, and numbness over the left foot",
        ),
        (BACK, "On 08/01/2016 her strength was normal.", "on 08/01/2016 strength was normal"),
        (
            BACK,
            "The MRI of 09/06/2016 showed a disc protrusion at L4-L5 and stenosis at L5-S1.",
            "An MRI of 09/06/2016 showed a disc protrusion at L4-5 and stenosis at L5-S1",
        ),
        (
            BACK,
            "Straight leg raise is positive on the left and negative on the right.",
            "Straight leg raise is positive on the left and negative on the right",
        ),
        (
            BACK,
            "She has no bowel problems, bladder problems or fever.",
            "She denies bowel problems, bladder problems or fever",
        ),
        (BACK, "Pain is 5/10 with and 8/10 without medications.", "Pain is 8/10 without and 5/10 with medications"),
        (BACK, "The summary says: “Work status is not documented”.", "Work status is not documented"),
        (
            BACK,
            "Under MTUS Chronic Pain Medical Treatment 2016, no more than two nerve root levels are injected in one session.",
            "No more than two nerve root levels are injected in one session",
        ),
        (
            BACK,
            "The guideline asks for at least 50% relief for six to eight weeks before a repeat injection.",
            "A repeat injection needs at least 50% relief for six to eight weeks",
        ),
        (
            BACK,
            "The summary does not state relief of 50% after an earlier injection, so this requirement is not shown to be met.",
            "@esi.relief",
        ),
        (BACK, "The request is for 1 level, and the limit is 2.", "@esi.levels"),
        (BACK, "The requested lumbar epidural steroid injection at L4-5 is medically necessary.", "@request"),
        (BACK, "MTUS Chronic Pain Medical Treatment 2016 was in force from 2016-07-28 until 2017-12-01.", "@note"),
        (
            OPIOID,
            "This worker is a 58-year-old man who fell on 3/3/2011.",
            "A 58 year old male fell from a ladder on March 3, 2011",
        ),
        (
            OPIOID,
            "He takes Norco 10/325 mg four times a day and naproxen 550 mg twice a day.",
            "He takes Norco 10/325 mg four times a day, naproxen 550 mg twice a day",
        ),
        (OPIOID, "His pain is 9/10 at worst and 6/10 on average.", "Pain is rated 9/10 at worst and 6/10 on average"),
        (OPIOID, "The summary states that “Function is unchanged”.", "Function is unchanged"),
        (
            OPIOID,
            "The urine drug screen of 11/2/2016 was consistent, and there is no aberrant behavior.",
            "A urine drug screen of 11/02/2016 was consistent",
            "There is no aberrant behavior",
        ),
        (
            OPIOID,
            "The right shoulder was operated on in May 2012 and the left knee in 2014.",
            "He had surgery of the right shoulder in May 2012 and of the left knee in 2014",
        ),
        (OPIOID, "Four tablets of 10 mg a day are 40 mg of hydrocodone, below the limit of 80.", "@op.dose"),
        (OPIOID, "The summary does not state an opioid agreement or a CURES report.", "@op.agreement"),
        (OPIOID, "The requested Norco 10/325 mg #120 is not medically necessary.", "@request"),
        (
            OPIOID,
            "Under the MTUS opioid guideline, the daily dose should not exceed 80 mg of morphine equivalents.",
            "The daily dose should not exceed 80 mg of morphine equivalents without a specialist",
        ),
        (
            SHOULDER,
            "Flexion of the right shoulder is 110 degrees and abduction 85 degrees.",
            "Range of motion of the right shoulder is 110 degrees of flexion and 85 degrees of abduction",
        ),
        (
            SHOULDER,
            "He completed 12 visits of physical therapy in 2015 and had two cortisone injections with 40% relief for 3 weeks.",
            "He completed 12 visits of physical therapy in 2015 and had 2 cortisone injections, with 40% relief for 3 weeks",
        ),
        (
            SHOULDER,
            "Neer and Hawkins tests are positive, and Spurling’s test is negative.",
            "Neer and Hawkins tests are positive, and Spurling's test is negative",
        ),
        (
            SHOULDER,
            "X-rays of the cervical spine showed no fracture.",
            "X-rays of the cervical spine were negative for fracture",
        ),
        (
            SHOULDER,
            "Under MTUS Postsurgical Treatment 2009, 24 visits over 14 weeks are recommended after arthroscopic surgery.",
            "After arthroscopic surgery for a rotator cuff tear, 24 visits over 14 weeks are recommended",
        ),
        (
            NEEDLES,
            "She has completed 6 sessions of acupuncture and 10 visits of chiropractic.",
            "She has completed 6 sessions of acupuncture and 10 visits of chiropractic",
        ),
        (
            NEEDLES,
            "Her neck pain spreads to the left arm and at times to the right hand.",
            "Neck pain radiates to the left arm and occasionally to the right hand",
        ),
        (NEEDLES, "She returned to modified work on June 15, 2016.", "She returned to modified work on 06/15/2016"),
        (
            NEEDLES,
            "Under MTUS Acupuncture Treatment 2007, a first course is three to six treatments.",
            "A first course is three to six treatments",
        ),
        (
            NEEDLES,
            "Under MTUS Acupuncture Treatment 2007, one of these is needed: more treatment rests on functional improvement written down; or the frequency is one to three treatments a week.",
            "More treatment rests on functional improvement written down",
            "The frequency is one to three treatments a week",
        ),
        (NEEDLES, "Six sessions were had before and 8 are asked, together 14, and the limit is 6.", "@acu.count"),
        (NEEDLES, "The requested 8 sessions of acupuncture for the neck are not medically necessary.", "@request"),
        (
            BACK,
            "The guideline also says that the pain has not responded to exercise, physical methods and medicines.",
            "The pain has not responded to exercise, physical methods and medicines",
        ),
        # Clauses of a case retold with another subject, joined, or turned round.
        (
            BACK,
            "The worker, a 44-year-old woman, hurt her low back lifting a crate on 07/19/2016.",
            "44-year-old woman who hurt her low back lifting a crate on 07/19/2016",
        ),
        (
            BACK,
            "She was seen on 08/01/2016 and again on 10/12/2016.",
            "She was seen on 08/01/2016 and again on 10/12/2016",
        ),
        (
            BACK,
            "Her treatment has included 4 sessions of acupuncture, 9 visits of physical therapy, Flexeril 10 mg and ibuprofen 600 mg, without lasting relief.",
            "Treatment to date has included 9 visits of physical therapy and 4 sessions of acupuncture, ibuprofen 600 mg and Flexeril 10 mg, without lasting relief",
        ),
        (
            BACK,
            "On 10/12/2016 there was weakness of left great toe extension, 4/5; on 08/01/2016 strength was normal.",
            "On 10/12/2016 there is weakness of left great toe extension, 4/5, and numbness over the left foot; on 08/01/2016 strength was normal",
        ),
        (
            BACK,
            "The straight leg raise is negative on the right and positive on the left.",
            "Straight leg raise is positive on the left and negative on the right",
        ),
        (
            BACK,
            "She has no fever, and no bladder or bowel problems.",
            "She denies bowel problems, bladder problems or fever",
        ),
        (BACK, "The worker would consider surgery.", "She would consider surgery"),
        (
            BACK,
            "Her pain is 8/10 without medications and 5/10 with them.",
            "Pain is 8/10 without and 5/10 with medications",
        ),
        (
            BACK,
            "Utilization review denied the request on 10/30/2016 for lack of a failed trial of care.",
            "Utilization review denied the request on 10/30/2016 for lack of a failed trial of care",
        ),
        (BACK, "UR denied the request on October 30, 2016.", "Utilization review denied the request on 10/30/2016"),
        (BACK, "The request is for a lumbar ESI (epidural steroid injection) at L4-5.", "@request"),
        (
            BACK,
            "The summary does not state relief of 50% after an earlier injection, or that treatment did not help.",
            "@esi.relief",
            "@esi.failed",
        ),
        (BACK, "The summary does not state that treatment did not help.", "@esi.failed"),
        (
            OPIOID,
            "The worker, a 58-year-old man, takes Norco 10/325 mg four times a day, and Soma 350 mg at night.",
            "58 year old male",
            "He takes Norco 10/325 mg four times a day, naproxen 550 mg twice a day and Soma 350 mg at night",
        ),
        (OPIOID, "His function is unchanged.", "Function is unchanged"),
        (OPIOID, "No aberrant behavior is seen.", "There is no aberrant behavior"),
        (
            OPIOID,
            "The UDS (urine drug screen) of 11/02/2016 was consistent.",
            "A urine drug screen of 11/02/2016 was consistent",
        ),
        (OPIOID, "The summary states neither an opioid agreement nor a CURES report.", "@op.agreement"),
        (OPIOID, "UR modified the request to #60 for weaning.", "UR modified the request to #60 for weaning"),
        (
            SHOULDER,
            "He had 40% relief for 3 weeks from 2 cortisone injections.",
            "had 2 cortisone injections, with 40% relief for 3 weeks",
        ),
        (
            SHOULDER,
            "Spurling's test is negative; Hawkins and Neer tests are positive.",
            "Neer and Hawkins tests are positive, and Spurling's test is negative",
        ),
        (
            SHOULDER,
            "The range of motion of the right shoulder is 110 degrees of flexion and 85 degrees of abduction, while the left shoulder is normal.",
            "Range of motion of the right shoulder is 110 degrees of flexion and 85 degrees of abduction; the left shoulder is normal",
        ),
        (
            SHOULDER,
            "No fracture was seen on X-rays of the cervical spine.",
            "X-rays of the cervical spine were negative for fracture",
        ),
        (
            NEEDLES,
            "The summary states neither functional improvement in daily activities nor the number of massage sessions already had.",
            "@acu.more",
            "@acu.prior",
        ),
        (
            NEEDLES,
            "The summary does not say how many massage sessions she had, or that her daily activities improved functionally.",
            "@acu.prior",
            "@acu.more",
        ),
        (
            NEEDLES,
            "Her use of medication fell from 4 tablets to 2 tablets a day.",
            "Medications were reduced from 4 tablets to 2 tablets a day",
        ),
        (NEEDLES, "She has had no prior injections.", "She had no prior injections"),
    )
)
