"""The determination as a Word document, with styles, headings, tables, and on every page what it is and its number."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph


def word(determination: WrittenOut) -> bytes:
    """The determination as the bytes of a DOCX file."""
    from docx import Document as new_document

    document = new_document()
    _frame(document, determination)
    document.add_heading(TITLE, level=0)
    _table(document, determination.header)
    document.add_heading(HOW, level=1)
    document.add_paragraph(clean(determination.how))
    document.add_heading(CASE, level=1)
    document.add_paragraph(CASE_NOTE)
    for paragraph in paragraphs(determination.case_text):
        document.add_paragraph(paragraph)
    document.add_heading(DECISIONS, level=1)
    for decision in determination.decisions:
        _write_decision(document, decision)
    _write_legend(document, determination)
    document.add_heading(RECORD, level=1)
    _table(document, determination.record, RECORD_HEAD)
    if determination.with_evidence:
        _write_evidence(document, determination)
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def _frame(document: Document, determination: WrittenOut) -> None:
    """The document's properties, and on every page what it is and the page's number."""
    properties = document.core_properties
    properties.title, properties.author, properties.comments = TITLE, "", ""
    section = document.sections[0]
    status = "Final determination" if determination.final else DRAFT_NOTICE
    case = dict(determination.header)["Case"]
    section.header.paragraphs[0].add_run(one_line(f"{status}, case {case}")).bold = not determination.final
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


def _table(document: Document, rows: Sequence[Sequence[str]], head: Sequence[str] = ()) -> None:
    """A table with its first row in bold; without a head, its first column."""
    table = document.add_table(rows=0, cols=len(rows[0]) if rows else len(head), style="Table Grid")
    for number, row in enumerate([head, *rows] if head else rows):
        cells = table.add_row().cells
        for at, value in enumerate(row):
            run = cells[at].paragraphs[0].add_run(clean(value))
            run.bold = number == 0 if head else at == 0


def _write_decision(document: Document, decision: Decision) -> None:
    document.add_heading(one_line(decision.heading), level=2)
    for cited in filter(None, (decision.claims_guideline, decision.guideline)):
        document.add_paragraph(clean(cited))
    rationale = document.add_paragraph()
    rationale.add_run("Decision rationale: ").bold = True
    for line in decision.lines:
        rationale.add_run(clean(line.text))
        note = line.marks + (f"[{line.number}]" if line.number else "")
        if note:
            rationale.add_run(note).font.superscript = True
        rationale.add_run(" ")
    document.add_paragraph(clean(decision.said))


def _write_legend(document: Document, determination: WrittenOut) -> None:
    for mark, meaning in determination.legend:
        paragraph = document.add_paragraph()
        paragraph.add_run(mark).font.superscript = True
        paragraph.add_run(f" {meaning}")


def _write_evidence(document: Document, determination: WrittenOut) -> None:
    document.add_heading(EVIDENCE, level=1)
    document.add_paragraph(EVIDENCE_NOTE)
    for decision in determination.decisions:
        for evidence in decision.evidence:
            paragraph = document.add_paragraph()
            paragraph.add_run(f"[{evidence.number}] ").bold = True
            paragraph.add_run(clean(evidence.text))
            for source, quote in evidence.supports:
                document.add_paragraph(clean(f"{source}: “{quote}”"), style="List Bullet")
