"""The determination as a file: Markdown, or a Word document with styles, headings, a header table and page numbers.

Text of a case is data: in Markdown it cannot become a heading, a link or HTML, and what XML forbids becomes "�".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from assistant.domain import Draft
from assistant.drafting.determination import DRAFT_NOTICE, DecidedBy, Decision, WrittenOut, written_out

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_TITLE = "Independent Medical Review: final determination"
_CASE, _DECISIONS, _EVIDENCE = "CLINICAL CASE SUMMARY", "IMR DECISION(S) AND RATIONALE(S)", "EVIDENCE"
_CASE_NOTE = "The case summary as it was given to the reviewer's assistant:"
_EVIDENCE_NOTE = "What each sentence of a rationale rests on, by the number beside it."
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def export_markdown(draft: Draft, decided: Mapping[int, DecidedBy | None]) -> str:
    """The determination as Markdown. Raises NotReadyForExport while a slot is open."""
    return "\n\n".join(_blocks(written_out(draft, decided))) + "\n"


def export_docx(draft: Draft, decided: Mapping[int, DecidedBy | None]) -> bytes:
    """The determination as a Word document. Raises NotReadyForExport while a slot is open."""
    from docx import Document as new_document

    determination = written_out(draft, decided)
    document = new_document()
    _frame(document, draft, determination)
    document.add_heading(_TITLE, level=0)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for name, value in determination.header:
        cells = table.add_row().cells
        cells[0].paragraphs[0].add_run(name).bold = True
        cells[1].text = _clean(value)
    document.add_heading(_CASE, level=1)
    document.add_paragraph(_CASE_NOTE)
    for paragraph in _paragraphs(determination.case_text):
        document.add_paragraph(paragraph)
    document.add_heading(_DECISIONS, level=1)
    for decision in determination.decisions:
        _write_decision(document, decision)
    _write_legend(document, determination)
    _write_evidence(document, determination)
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def _clean(text: str) -> str:
    """The text without what an XML document cannot hold, its line ends as one kind."""
    return _FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _paragraphs(text: str) -> list[str]:
    return [part.strip("\n") for part in re.split(r"\n\s*\n", _clean(text)) if part.strip()]


# --- Markdown -------------------------------------------------------------------------------------------------

_INLINE = re.compile(r"[\\`*_{}\[\]<>#|~&!$^@]|(?<=www)\.|:(?=//)|(?<=mailto):", re.IGNORECASE)
_LINE_START = re.compile(r"^[ \t]*(?:([-+=])|(\d+)([.)]))", re.MULTILINE)


def escaped(text: str) -> str:
    """Text as Markdown that shows just that text; its line ends are kept as line breaks."""
    inline = _INLINE.sub(lambda match: "\\" + match.group(), _clean(text))

    def start(match: re.Match[str]) -> str:
        return f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}"

    lines = _LINE_START.sub(start, inline).split("\n")
    return "  \n".join(line.strip() for line in lines if line.strip())


def _blocks(determination: WrittenOut) -> Iterator[str]:
    if not determination.final:
        yield f"**{DRAFT_NOTICE}**"
    yield f"# {_TITLE}"
    rows = "\n".join(f"| {escaped(name)} | {_cell(value)} |" for name, value in determination.header)
    yield f"| | |\n|---|---|\n{rows}"
    yield f"## {_CASE}"
    yield _CASE_NOTE
    yield from (escaped(paragraph) for paragraph in _paragraphs(determination.case_text))
    yield f"## {_DECISIONS}"
    for decision in determination.decisions:
        yield f"### {_cell(decision.heading)}"
        yield escaped(decision.guideline)
        told = (f"{_cell(line.text)}{_noted(line.marks, line.number)}" for line in decision.lines)
        yield f"Decision rationale: {' '.join(told)}"
        yield escaped(decision.act)
    if determination.legend:
        yield "\n".join(f"{mark} {meaning}  " for mark, meaning in determination.legend)
    yield f"## {_EVIDENCE}"
    yield _EVIDENCE_NOTE
    for decision in determination.decisions:
        for evidence in decision.evidence:
            rows = "\n".join(f"- {_cell(source)}: “{_cell(quote)}”" for source, quote in evidence.supports)
            yield f"**\\[{evidence.number}\\]** {_cell(evidence.text)}\n\n{rows}"


def _cell(text: str) -> str:
    """Text on one line."""
    return escaped(" ".join(text.split()))


def _noted(marks: str, number: int) -> str:
    return f"{marks} \\[{number}\\]" if number else marks


# --- Word -----------------------------------------------------------------------------------------------------


def _frame(document: Document, draft: Draft, determination: WrittenOut) -> None:
    """The document's properties, and on every page what it is and the page's number."""
    properties = document.core_properties
    properties.title, properties.author, properties.comments = _TITLE, "", ""
    section = document.sections[0]
    status = "Final determination" if determination.final else DRAFT_NOTICE
    section.header.paragraphs[0].add_run(_clean(f"{status}    Case {draft.id}")).bold = not determination.final
    footer = section.footer.paragraphs[0]
    footer.add_run("Page ")
    _field(footer, "PAGE")
    footer.add_run(" of ")
    _field(footer, "NUMPAGES")


def _field(paragraph: Paragraph, instruction: str) -> None:
    """A field that Word fills in, such as the page's number."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _write_decision(document: Document, decision: Decision) -> None:
    document.add_heading(_clean(" ".join(decision.heading.split())), level=2)
    document.add_paragraph(_clean(decision.guideline))
    rationale = document.add_paragraph()
    rationale.add_run("Decision rationale: ").bold = True
    for line in decision.lines:
        rationale.add_run(_clean(line.text))
        note = line.marks + (f"[{line.number}]" if line.number else "")
        if note:
            rationale.add_run(note).font.superscript = True
        rationale.add_run(" ")
    document.add_paragraph(_clean(decision.act))


def _write_legend(document: Document, determination: WrittenOut) -> None:
    for mark, meaning in determination.legend:
        paragraph = document.add_paragraph()
        paragraph.add_run(mark).font.superscript = True
        paragraph.add_run(f" {meaning}")


def _write_evidence(document: Document, determination: WrittenOut) -> None:
    document.add_heading(_EVIDENCE, level=1)
    document.add_paragraph(_EVIDENCE_NOTE)
    for decision in determination.decisions:
        for evidence in decision.evidence:
            paragraph = document.add_paragraph()
            paragraph.add_run(f"[{evidence.number}] ").bold = True
            paragraph.add_run(_clean(evidence.text))
            for source, quote in evidence.supports:
                document.add_paragraph(_clean(f"{source}: “{quote}”"), style="List Bullet")
