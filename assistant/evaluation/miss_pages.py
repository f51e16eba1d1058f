"""A page in Markdown that lists every miss with its text: facts, findings, leans, sentences, citations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.domain import CaseSummary, Outcome
from assistant.evaluation.drafts import Agreement, Compared, Drafted, grounding_faults
from assistant.evaluation.facts import ABSENT, DENIED, PRESENT, UNCLEAR, Miss
from assistant.evaluation.gold import GoldFacts

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|&~])")
_SHOWN = frozenset({Agreement.FALSE_ABSENCE, Agreement.FALSE_PRESENCE, Agreement.DIFFERS, Agreement.FLAT_ON_UNCLEAR})


def plain(text: str) -> str:
    """The text in one line that Markdown shows as it stands: nothing in it is markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def fact_misses(
    misses: Iterable[Miss],
    labels: Sequence[GoldFacts],
    cases: Mapping[str, CaseSummary],
    features: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    """A block for each labelled fact that was read otherwise, false absences and presences first."""
    by_number = {facts.case_number: facts for facts in labels}
    for miss in sorted(misses, key=lambda m: (_fault(m) == "", m.label == UNCLEAR, m.feature, m.case_number)):
        gold, case = by_number[miss.case_number], cases[miss.case_number]
        read = [fact for concept in features[miss.feature] for fact in case.about(concept)]
        where = f"{plain(miss.feature)}, {plain(miss.case_number)}"
        yield f"### {where}: {miss.label}, read {miss.read}{_fault(miss)}"
        yield from (f"- labelled on: “{plain(quote)}”" for quote in gold.quotes.get(miss.feature, ()))
        if note := gold.notes.get(miss.feature):
            yield f"- note: {plain(note)}"
        yield from (f"- read as {f.polarity.value}: “{plain((f.clause or f.span).quote)}”" for f in read)
        yield ""
        yield f"> {plain(case.text)}"
        yield ""


def _fault(miss: Miss) -> str:
    if miss.label == PRESENT and miss.read == ABSENT:
        return " (false absence)"
    return " (false presence)" if miss.read == PRESENT and miss.label in {ABSENT, DENIED} else ""


def finding_misses(compared: Iterable[Compared], cases: Mapping[str, CaseSummary]) -> Iterator[str]:
    """A block for each finding that stands against the label of the feature that it asks."""
    for one in compared:
        if one.agreement in _SHOWN:
            yield f"### {plain(one.finding.id)}, {plain(one.case_number)}: {one.agreement.value}"
            yield f"- the label of {plain(one.feature)} is {one.label}, the finding {one.finding.status.value}"
            yield f"- {plain(one.finding.statement)}"
            yield ""
            yield f"> {plain(cases[one.case_number].text)}"
            yield ""


def lean_misses(drafted: Iterable[Drafted]) -> Iterator[str]:
    """A block for each issue that was decided against the lean, with the criteria that made it."""
    for one in drafted:
        for issue, draft in one.pairs:
            lean = draft.lean.outcome
            if lean is None or issue.outcome is None or lean is issue.outcome:
                continue
            yield f"### {plain(one.letter.case_number)}: {plain(issue.service)}"
            yield f"- decided {issue.outcome.value}, lean {lean.value} ({draft.lean.strength.value})"
            told = {finding.id: finding for finding in draft.findings}
            for name in draft.lean.by:
                yield f"- {plain(name)}, {told[name].status.value}: {plain(told[name].statement)}"
            yield ""
            yield f"> {plain(one.draft.case.text)}"
            yield ""


def grounding_misses(drafted: Iterable[Drafted]) -> Iterator[str]:
    """A line for each sentence or quotation that its supports do not hold."""
    for one in drafted:
        for service, words in grounding_faults(one):
            yield f"- {plain(one.letter.case_number)}, {plain(service)}: {plain(words)}"


def citation_misses(rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """A line for each issue whose cited guideline or section was not offered where it should stand."""
    for row in rows:
        places = f"guideline at {row['guideline_at'] or '-'}, section at {row['section_at'] or '-'}"
        yield f"- {plain(str(row['case_number']))}, {plain(str(row['service']))}: {places}"


def page(parts: Mapping[str, Iterable[str]]) -> str:
    """The page: a heading and its blocks for each part; a part without a miss says so."""
    lines = [
        "# Misses",
        "",
        f"Leans are the criteria’s, decisions the reviewers’ ({Outcome.UPHELD}, {Outcome.OVERTURNED}).",
    ]
    for title, blocks in parts.items():
        listed = list(blocks)
        lines += ["", f"## {title}", "", *(listed or ["None."])]
    return "\n".join(lines) + "\n"
