"""The determination as a file: Word, PDF, Markdown or JSON.

Each form is written from the same `determination.WrittenOut`, so that all say the same. Text of a case is data in
every one of them: it never becomes a heading, a link, markup or code.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from assistant.domain import Draft
from assistant.drafting.determination import DecidedBy, WrittenOut, written_out


class Format(StrEnum):
    """The forms in which a determination is offered."""

    DOCX = "docx"
    PDF = "pdf"
    MD = "md"
    JSON = "json"


MEDIA = {
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.PDF: "application/pdf",
    Format.MD: "text/markdown; charset=utf-8",
    Format.JSON: "application/json; charset=utf-8",
}


def export(
    draft: Draft, decided: Mapping[int, DecidedBy | None], form: Format, *, with_evidence: bool | None = None
) -> bytes:
    """The determination of a draft as the bytes of a file; `decided` holds the reviewer's act per issue.

    `with_evidence` puts in the appendix of evidence; None: while it is a draft. Raises NotReadyForExport while a slot
    is open.
    """
    return _written(written_out(draft, decided, with_evidence=with_evidence), form)


def _written(determination: WrittenOut, form: Format) -> bytes:
    """In a form; each writer is loaded only where it is asked for."""
    if form is Format.DOCX:
        from assistant.drafting.export.word import word

        return word(determination)
    if form is Format.PDF:
        from assistant.drafting.export.pdf import pdf

        return pdf(determination)
    if form is Format.MD:
        from assistant.drafting.export.markdown import markdown

        return markdown(determination).encode("utf-8")
    from assistant.drafting.export.as_json import as_json

    return as_json(determination).encode("utf-8")
