"""The determination as Markdown. Text of a case is data: it cannot become a heading, a link or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.drafting.determination import (
    CASE,
    CASE_NOTE,
    DECISIONS,
    DRAFT_NOTICE,
    EVIDENCE,
    EVIDENCE_NOTE,
    HOW,
    RECORD,
    RECORD_HEAD,
    TITLE,
    Decision,
    WrittenOut,
)
from assistant.drafting.export.texts import clean, one_line, paragraphs

_INLINE = re.compile(r"[\\`*_{}\[\]<>#|~&!$^@]|(?<=www)\.|:(?=//)|(?<=mailto):", re.IGNORECASE)
_LINE_START = re.compile(r"^[ \t]*(?:([-+=])|(\d+)([.)]))", re.MULTILINE)


def markdown(determination: WrittenOut) -> str:
    """The determination as one Markdown text."""
    return "\n\n".join(_blocks(determination)) + "\n"


def escaped(text: str) -> str:
    """Text as Markdown that shows just that text; its line ends are kept as line breaks."""
    inline = _INLINE.sub(lambda match: "\\" + match.group(), clean(text))

    def start(match: re.Match[str]) -> str:
        return f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}"

    lines = _LINE_START.sub(start, inline).split("\n")
    return "  \n".join(line.strip() for line in lines if line.strip())


def _blocks(determination: WrittenOut) -> Iterator[str]:
    if not determination.final:
        yield f"**{DRAFT_NOTICE}**"
    yield f"# {TITLE}"
    yield _table(("", ""), determination.header)
    yield f"## {HOW}"
    yield escaped(determination.how)
    yield f"## {CASE}"
    yield CASE_NOTE
    yield from (escaped(paragraph) for paragraph in paragraphs(determination.case_text))
    yield f"## {DECISIONS}"
    for decision in determination.decisions:
        yield from _decision(decision)
    if determination.legend:
        yield "\n".join(f"{mark} {meaning}  " for mark, meaning in determination.legend)
    yield f"## {RECORD}"
    yield _table(RECORD_HEAD, determination.record)
    if not determination.final:
        yield f"**{DRAFT_NOTICE}**"
    if determination.with_evidence:
        yield f"## {EVIDENCE}"
        yield EVIDENCE_NOTE
        yield from (block for decision in determination.decisions for block in _evidence(decision))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    lines += [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    return "\n".join(lines)


def _decision(decision: Decision) -> Iterator[str]:
    yield f"### {_cell(decision.heading)}"
    if decision.claims_guideline:
        yield escaped(decision.claims_guideline)
    yield escaped(decision.guideline)
    told = (f"{_cell(line.text)}{_noted(line.marks, line.number)}" for line in decision.lines)
    yield f"Decision rationale: {' '.join(told)}"
    yield escaped(decision.said)


def _evidence(decision: Decision) -> Iterator[str]:
    for evidence in decision.evidence:
        rows = "\n".join(f"- {_cell(source)}: “{_cell(quote)}”" for source, quote in evidence.supports)
        yield f"**\\[{evidence.number}\\]** {_cell(evidence.text)}\n\n{rows}"


def _cell(text: str) -> str:
    return escaped(one_line(text))


def _noted(marks: str, number: int) -> str:
    return f"{marks} \\[{number}\\]" if number else marks
