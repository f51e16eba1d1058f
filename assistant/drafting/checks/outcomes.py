"""How an issue is decided: not both ways, as the outcome set, and not twice in one letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.domain import Draft, IssueDraft, Move, Outcome, Sentence
from assistant.drafting.checks.found import ERROR, Found, unquoted, written

# "is not medically necessary", "medical necessity has not been established", "the denial is upheld".
_NECESSARY = re.compile(
    r"\b(?:is|are|was|were|be|remains?)\s+(?P<not>not\s+|neither\s+)?(?:\w+ly\s+){0,2}?medically\s+"
    r"(?P<un>un)?(?:necessary|appropriate|indicated|warranted)\b"
    r"|\bmedical\s+necessity\b[^.;]{0,60}?\b(?:is|has|was|are)\s+(?:been\s+)?(?P<not2>not\s+)?(?:been\s+)?"
    r"(?:established|shown|met|demonstrated|supported|proven)\b"
    r"|\b(?:request\w*|service)\b[^.;,]{0,80}?\b(?:is|are)\s+(?P<not3>not\s+)?"
    r"(?:certified|authori[sz]ed|approved|granted|supported|warranted|justified)\b"
    r"|\b(?:denial|decision|determination|non-?certification)\s+(?:\w+\s+){0,4}?is\s+(?P<denial>upheld|overturned)\b",
    re.IGNORECASE,
)
_ANOTHERS_VIEW = re.compile(
    r"\b(?:utilization review|UR|claims administrator|treating (?:physician|provider|doctor)|if|when|where|only"
    r"|whether|unless|until"
    r"|to decide|had it|would)\b",
    re.IGNORECASE,
)


def concludes(text: str) -> frozenset[Outcome]:
    """The outcomes that a sentence states as its own; another's view, and a condition, state none."""
    plain = unquoted(text)
    found = set()
    for match in _NECESSARY.finditer(plain):
        if _ANOTHERS_VIEW.search(plain[: match.start()]) and not match["denial"]:
            continue
        if match["denial"]:
            upheld = match["denial"].casefold() == "upheld"
        else:
            upheld = any(match[name] for name in ("not", "un", "not2", "not3"))
        found.add(Outcome.UPHELD if upheld else Outcome.OVERTURNED)
    return frozenset(found)


def conclusions(issue: IssueDraft) -> Iterator[tuple[int, frozenset[Outcome]]]:
    """The written sentences that conclude, each with what it concludes."""
    for place, sentence in written(issue):
        said = concludes(sentence.text) if may_conclude(sentence) else frozenset()
        if said:
            yield place, said


def may_conclude(sentence: Sentence) -> bool:
    """Whether a sentence may be a conclusion: a drafted one by its move, the reviewer's own by its words."""
    return sentence.own or sentence.move is Move.CONCLUSION


def concludes_both_ways(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """The rationale says that the service is necessary and that it is not."""
    first: frozenset[Outcome] = frozenset()
    for place, said in conclusions(issue):
        if len(first | said) > 1:
            yield Found(
                "The rationale concludes both that the service is medically necessary and that it is not.",
                "Keep the conclusion that you decided on, and delete the other.",
                ERROR,
                place,
            )
            return
        first |= said


def differs_from_the_outcome(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """The conclusion is the opposite of the outcome of the issue."""
    if issue.outcome is None:
        return
    for place, said in conclusions(issue):
        if said == {issue.outcome.other}:
            yield Found(
                f"The sentence concludes for {issue.outcome.other.value}; the outcome of the issue is "
                f"{issue.outcome.value}.",
                "Change the sentence or the outcome, so that both say the same.",
                ERROR,
                place,
                issue.sentences[place].text,
            )


def decided_twice(draft: Draft) -> Iterator[Found]:
    """One service is decided twice in a letter, with different outcomes."""
    seen: dict[tuple[object, ...], tuple[int, Outcome]] = {}
    for place, issue in enumerate(draft.issues):
        if issue.outcome is None:
            continue
        key = _same_service(issue)
        earlier = seen.setdefault(key, (place, issue.outcome))
        if earlier[1] is not issue.outcome:
            yield Found(
                f"Issue {earlier[0] + 1} decides the same service as {earlier[1].value}; "
                f"this one decides it as {issue.outcome.value}.",
                "Decide the service once, or word the two requests so that their difference is seen.",
                ERROR,
                issue=place,
                quote=draft.issues[earlier[0]].service.text,
            )


def _same_service(issue: IssueDraft) -> tuple[object, ...]:
    """What makes two requests one: kind, body regions, side and quantity; without a kind or a region, the words."""
    service = issue.service
    words = tuple(sorted(re.findall(r"\w+", service.text.casefold())))
    if service.kind is None or service.quantity is None or not service.body_regions:
        return (words,)
    amount = (service.quantity, service.quantity_max)
    return (service.kind, frozenset(service.body_regions), service.side, amount)
