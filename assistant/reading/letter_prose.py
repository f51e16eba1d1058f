"""The decisions of the letters of 2013: determinations in a sentence, guidelines and rationale under prose headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import Decision, Outcome
from assistant.reading.citations import cited_guidelines
from assistant.reading.layout import Line, joined
from assistant.reading.letter_decisions import Decisions

_DETERMINED = re.compile(
    r"(?:\b(?P<number>\d{1,2})\s*[).]\s*)?(?:MAXIMUS\s+Federal\s+Services,?\s+(?:Inc\.?\s+)?)?has\s+determined\s+(?:that\s+)?"
    r"the\s+requests?\s+for\s+(?P<service>(?:(?!has\s+determined).){1,600}?)\s+(?:is|are|was|were)\s*(?P<negated>not)?\s*"
    r"medically\s+necessary(?:\s+and\s+appropriate)?\b",
    re.I,
)
_RELIED_UPON = (
    r"(?:Section\(?s?\)?\s+of\s+the\s+Medical\s+Treatment\s+Utilization\s+Schedule|Medical\s+Treatment\s+Guidelines?(?:\(s\))?"
    r"|The\s+Medical\s+Treatment\s+Guidelines?)\s+Relied\s+(?:Up)?on\s+by\s+the\s+(?:Expert|Physician|Professional)\s+Reviewer"
    r"(?:\s+to\s+Make\s+His/Her\s+Decision|\s+and\s+Why)?\s*:?\s*"
)
_REGARDING = re.compile(
    rf"(?:\b(?P<number>\d{{1,2}})\s*[).]\s*)?Regarding\s+the\s+requests?\s+for\s+(?P<service>.{{1,600}}?)\s*:?\s*(?={_RELIED_UPON})",
    re.I,
)
_GUIDELINES = re.compile(_RELIED_UPON, re.I)
_RATIONALE = re.compile(r"\bRationale\s+for\s+the\s+Decision\s*:\s*", re.I)
_REVIEWER_SPEAKS = re.compile(
    r"(?:\bThe\s+provider\s+did\s+not\s+dispute\b|\bThe\s+(?:Expert|Physician|Medical|Professional)\s+Reviewer\b)", re.I
)
_SAME_AS_CLAIMS = re.compile(
    r"\bguidelines?\s+(?:used|relied\s+upon|cited|referenced)\s+by\s+the\s+Claims\s+Administrator\b", re.I
)
_CLOSING = re.compile(
    r"\s*\b(?:Effect\s+of\s+the\s+Decision\s*:|Sincerely,|Disclaimer\s*:\s*MAXIMUS\b).*\Z", re.I | re.S
)

# The first letters of 2013 decide one service under these headings.
_FORM = {
    "service": r"ISSUE\(?S?\)?\s+AT\s+DISPUTE",
    "summary": r"CASE\s+SUMMARY",
    "documents": r"DOCUMENTS\s+REVIEWED\s+FOR\s+DETERMINATION",
    "guideline": (
        r"MEDICAL\s+TREATMENT\s+GUIDELINE\(?S?\)?\s+RELIED\s+UPON\s+BY\s+PROFESSIONAL\s+REVIEWER(?:\s+AND\s+WHY)?"
    ),
    "rationale": (
        r"RATIONALE\s+FOR\s+WHY\s+THE\s+REQUESTED\s+TREATMENT/SERVICE\s+IS/WAS\s+(?P<negated>NOT\s+)?MEDICALLY\s+NECESSARY"
    ),
    "qualifications": r"MEDICAL\s+REVIEWER\s+QUALIFICATIONS",
}
_FORM_HEADING = re.compile("|".join(f"(?P<{name}>{pattern})\\s*:?\\s*" for name, pattern in _FORM.items()), re.I)


@dataclass(frozen=True, slots=True)
class _Determined:
    number: int | None
    service: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Reasons:
    number: int | None
    service: str
    claims_administrator: str | None
    reviewer: str | None
    rationale: str | None


def is_prose(lines: Sequence[Line]) -> bool:
    """Whether the letter determines in prose, as the letters of 2013 do."""
    text = joined(line.text for line in lines)
    return bool(_DETERMINED.search(text)) or _is_form(text)


def prose_decisions(lines: Sequence[Line]) -> Decisions:
    """Read the decisions of a letter of 2013 out of all its lines but the case summary.

    The outcomes come from "has determined the request for ... is (not) medically necessary", which such a letter says
    once on its first page and once more; the reasons from the blocks "Regarding the request for ...". They are joined
    by their numbers, else by their services, else by their order.
    """
    text = joined(line.text for line in lines)
    if _is_form(text):
        return _form_decision(text)
    determined = _determined(text)
    blocks = _reasons(text)
    decisions, warnings, used = [], [], set()
    for position, determination in enumerate(determined):
        index = _block_of(determination, position, blocks, len(determined))
        reasons = blocks[index] if index is not None and index not in used else None
        if index is not None:
            used.add(index)
        decisions.append(_decision(determination.service, determination.outcome, reasons))
    for index, block in enumerate(blocks):
        if index not in used:
            decisions.append(_decision(block.service, None, block))
    for number, decision in enumerate(decisions, 1):
        warnings += [f"Decision {number}: {problem}." for problem in _missing(decision)]
    return Decisions(tuple(decisions), tuple(warnings))


def _determined(text: str) -> list[_Determined]:
    found: dict[str, _Determined] = {}
    for match in _DETERMINED.finditer(text):
        outcome = Outcome.UPHELD if match["negated"] else Outcome.OVERTURNED
        number = int(match["number"]) if match["number"] else None
        found.setdefault(_folded(match["service"]), _Determined(number, match["service"].strip(), outcome))
    return list(found.values())


def _reasons(text: str) -> list[_Reasons]:
    heads = list(_REGARDING.finditer(text))
    if not heads:
        guideline = _GUIDELINES.search(text)
        rationale = _RATIONALE.search(text)
        starts = [match.start() for match in (guideline, rationale) if match]
        return [_block(None, "", text[min(starts) :])] if starts else []
    ends = [match.start() for match in heads[1:]] + [len(text)]
    return [
        _block(int(head["number"]) if head["number"] else None, head["service"].strip(), text[head.end() : end])
        for head, end in zip(heads, ends, strict=True)
    ]


def _block(number: int | None, service: str, text: str) -> _Reasons:
    """The guideline text up to the reviewer's first words is the claims administrator's, the rest the reviewer's."""
    text = _CLOSING.sub("", text)
    rationale = _RATIONALE.search(text)
    guideline = _GUIDELINES.sub("", text[: rationale.start()] if rationale else text, count=1).strip()
    speaks = _REVIEWER_SPEAKS.search(guideline)
    before, after = (guideline[: speaks.start()], guideline[speaks.start() :]) if speaks else (guideline, "")
    return _Reasons(
        number,
        service,
        before.strip() or None,
        after.strip() or None,
        (text[rationale.end() :].strip() or None) if rationale else None,
    )


def _block_of(determination: _Determined, position: int, blocks: Sequence[_Reasons], count: int) -> int | None:
    if determination.number is not None:
        numbered = [index for index, block in enumerate(blocks) if block.number == determination.number]
        if numbered:
            return numbered[0]
    named = [index for index, block in enumerate(blocks) if _folded(block.service) == _folded(determination.service)]
    if named:
        return named[0]
    return position if len(blocks) == count else None


def _decision(service: str, outcome: Outcome | None, reasons: _Reasons | None) -> Decision:
    claims = reasons.claims_administrator if reasons else None
    reviewer = reasons.reviewer if reasons else None
    cited = cited_guidelines(reviewer)
    if reviewer and claims and not cited and _SAME_AS_CLAIMS.search(reviewer):
        cited = cited_guidelines(claims)
    return Decision(service, outcome, claims, reviewer, cited, reasons.rationale if reasons else None)


def _missing(decision: Decision) -> list[str]:
    named = {
        "the service was not found": decision.service,
        "the outcome was not found": decision.outcome,
        "the claims administrator's guideline was not found": decision.claims_administrator_guideline,
        "the reviewer's guideline was not found": decision.reviewer_guideline,
        "the rationale was not found": decision.rationale,
    }
    problems = [problem for problem, value in named.items() if not value]
    if decision.reviewer_guideline and not decision.guidelines:
        problems.append("no guideline was recognised in the reviewer's guideline text")
    return problems


def _is_form(text: str) -> bool:
    names = {match.lastgroup for match in _FORM_HEADING.finditer(text)}
    return "service" in names and ("rationale" in names or "guideline" in names)


def _form_decision(text: str) -> Decisions:
    """The one decision of a letter in the form of early 2013; its outcome is said by the heading of its rationale."""
    heads = list(_FORM_HEADING.finditer(text))
    texts: dict[str, str] = {}
    outcome = None
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        name = next(name for name in _FORM if head[name])
        texts[name] = text[head.end() : following.start() if following else len(text)].strip()
        if name == "rationale":
            outcome = Outcome.UPHELD if head["negated"] else Outcome.OVERTURNED
    guideline = texts.get("guideline") or None
    decision = Decision(
        texts.get("service", ""), outcome, None, guideline, cited_guidelines(guideline), texts.get("rationale") or None
    )
    return Decisions((decision,), tuple(f"Decision 1: {problem}." for problem in _missing(decision)))


def _folded(service: str) -> str:
    return re.sub(r"\W+", " ", service).strip().lower()
