"""The determination as a PDF: embedded fonts, bookmarks, and on every page what it is and its number.

Nothing in it is fetched or run, and its properties name nobody. Text of a case is escaped before reportlab reads it,
for its paragraphs know a markup of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Spacer, Table, TableStyle

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
from assistant.drafting.export.fonts import BOLD, REGULAR, Shown, register
from assistant.drafting.export.texts import clean, one_line, paragraphs

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas as CanvasType

_MARGIN = 0.9 * inch
_WIDTH = LETTER[0] - 2 * _MARGIN
_LONGEST_BOOKMARK = 100
_LONGEST_CELL = 400  # characters: a row of a table must fit on a page
_GREY, _RED = colors.HexColor("#555555"), colors.HexColor("#a01414")


def pdf(determination: WrittenOut) -> bytes:
    """The determination as the bytes of a PDF file."""
    return _Writer(determination).bytes()


class _Writer:
    """Writes one determination: what is told becomes flowables in order, then pages."""

    def __init__(self, determination: WrittenOut) -> None:
        self._determination = determination
        self._shown = Shown()
        self._styles = _styles(register())

    def bytes(self) -> bytes:
        """The pages."""
        story = [*self._told(), *self._noticed()]
        case = dict(self._determination.header)["Case"]
        status = "Final determination" if self._determination.final else DRAFT_NOTICE
        running = self._shown.text(one_line(f"{status}, case {case}"))
        held = BytesIO()
        document = _Document(held, running, final=self._determination.final)
        document.build(story, canvasmaker=_counting(running, final=self._determination.final))
        return held.getvalue()

    def _told(self) -> Iterator[Flowable]:
        determination = self._determination
        yield self._text(TITLE, "title")
        yield self._table(determination.header, (1.7 * inch, _WIDTH - 1.7 * inch))
        yield from self._heading(HOW, 0)
        yield self._text(determination.how)
        yield from self._heading(CASE, 0)
        yield self._text(CASE_NOTE, "note before")
        yield from (self._text(paragraph) for paragraph in paragraphs(determination.case_text))
        yield from self._heading(DECISIONS, 0)
        for decision in determination.decisions:
            yield from self._decision(decision)
        yield from (self._text(f"{mark} {meaning}", "note") for mark, meaning in determination.legend)
        yield from self._heading(RECORD, 0)
        widths = (0.6 * inch, 2.6 * inch, 1.6 * inch, _WIDTH - 4.8 * inch)
        yield self._table(determination.record, widths, RECORD_HEAD)
        if determination.with_evidence:
            yield from self._heading(EVIDENCE, 0)
            yield self._text(EVIDENCE_NOTE, "note before")
            for decision in determination.decisions:
                yield from self._evidence(decision)

    def _noticed(self) -> Iterator[Flowable]:
        """Read last, for it counts what all that was told before could not show."""
        if self._shown.notice:
            yield Spacer(1, 8)
            yield Paragraph(escape(self._shown.notice), self._styles["note"])

    def _decision(self, decision: Decision) -> Iterator[Flowable]:
        yield from self._heading(decision.heading, 1)
        for cited in filter(None, (decision.claims_guideline, decision.guideline)):
            yield self._text(cited)
        lines = []
        for line in decision.lines:
            number = f"[{line.number}]" if line.number else ""
            noted = f'<super size="6">{escape(line.marks + number)}</super>' if line.marks or number else ""
            lines.append(self._markup(one_line(line.text)) + noted)
        yield Paragraph(f"<b>Decision rationale:</b> {' '.join(lines)}", self._styles["body"])
        yield self._text(decision.said, "note")

    def _evidence(self, decision: Decision) -> Iterator[Flowable]:
        for evidence in decision.evidence:
            text = f"<b>[{evidence.number}]</b> {self._markup(one_line(evidence.text))}"
            yield Paragraph(text, self._styles["evidence"])
            for source, quote in evidence.supports:
                for piece in paragraphs(one_line(f"{source}: “{quote}”")):
                    yield Paragraph(self._markup(piece), self._styles["support"], bulletText="\N{BULLET}")

    def _heading(self, text: str, level: int) -> Iterator[Flowable]:
        plain = self._shown.text(one_line(text))
        yield _Bookmark(plain[:_LONGEST_BOOKMARK], level)
        yield Paragraph(escape(plain), self._styles["heading" if level == 0 else "issue"])

    def _text(self, text: str, style: str = "body") -> Paragraph:
        return Paragraph(self._markup(text), self._styles[style])

    def _markup(self, text: str) -> str:
        """Text as reportlab's markup that shows just that text."""
        return escape(self._shown.text(clean(text))).replace("\n", "<br/>")

    def _table(self, rows: Sequence[Sequence[str]], widths: Sequence[float], head: Sequence[str] = ()) -> Table:
        cells = [[self._cell(value, bold=at == 0 and not head) for at, value in enumerate(row)] for row in rows]
        if head:
            cells.insert(0, [self._cell(value, bold=True) for value in head])
        table = Table(cells, colWidths=list(widths), repeatRows=1 if head else 0, hAlign="LEFT")
        table.setStyle(
            TableStyle(
                [
                    ("GRID", (0, 0), (-1, -1), 0.5, colors.HexColor("#999999")),
                    ("FONT", (0, 0), (-1, -1), REGULAR, 9.5),
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("BACKGROUND", (0, 0), (-1, 0) if head else (0, -1), colors.HexColor("#f0f0f0")),
                ]
            )
        )
        return table

    def _cell(self, value: str, *, bold: bool) -> Paragraph:
        return self._text(one_line(value)[:_LONGEST_CELL], "cell bold" if bold else "cell")


def _styles(family: str) -> dict[str, ParagraphStyle]:
    fonts = {"fontName": family, "bulletFontName": family}
    body = ParagraphStyle("body", **fonts, fontSize=9.5, leading=13.5, spaceAfter=6, splitLongWords=1)
    heading = ParagraphStyle("heading", body, fontName=BOLD, fontSize=11, leading=14, spaceBefore=12, keepWithNext=1)
    return {
        "body": body,
        "title": ParagraphStyle("title", body, fontName=BOLD, fontSize=15, leading=19, spaceAfter=10),
        "heading": heading,
        "issue": ParagraphStyle("issue", heading, fontSize=10, leading=13.5, spaceBefore=9),
        "note": ParagraphStyle("note", body, fontSize=8.5, leading=11.5, textColor=_GREY),
        "note before": ParagraphStyle("note before", body, fontSize=8.5, leading=11.5, textColor=_GREY, keepWithNext=1),
        "evidence": ParagraphStyle("evidence", body, fontSize=8.5, leading=11.5, spaceBefore=4, spaceAfter=2),
        "support": ParagraphStyle(
            "support", body, fontSize=8.5, leading=11.5, spaceAfter=2, leftIndent=25, bulletIndent=12
        ),
        "cell": ParagraphStyle("cell", body, spaceAfter=0, leading=12),
        "cell bold": ParagraphStyle("cell bold", body, fontName=BOLD, spaceAfter=0, leading=12),
    }


class _Bookmark(Flowable):  # type: ignore[misc]
    """A place in the outline; it takes no room and stays with what follows."""

    def __init__(self, title: str, level: int) -> None:
        super().__init__()
        self._title, self._level = title, level
        self.keepWithNext = 1

    def wrap(self, *_available: float) -> tuple[float, float]:
        """No room."""
        return 0, 0

    def draw(self) -> None:
        """Mark the place."""
        key = f"place-{id(self)}"
        self.canv.bookmarkPage(key, fit="XYZ", top=self.canv.absolutePosition(0, 0)[1] + 20)
        self.canv.addOutlineEntry(self._title or "\N{NO-BREAK SPACE}", key, self._level)


class _Document(BaseDocTemplate):  # type: ignore[misc]
    """A letter-sized document with one frame a page; its properties name nobody."""

    def __init__(self, held: BytesIO, running: str, *, final: bool) -> None:
        super().__init__(
            held,
            pagesize=LETTER,
            title=TITLE,
            author="",
            subject="Final determination" if final else "Draft",
            creator="IMR Assistant",
            lang="en-US",
            initialFontName=REGULAR,
        )
        frame = Frame(_MARGIN, _MARGIN, _WIDTH, LETTER[1] - 2 * _MARGIN, leftPadding=0, rightPadding=0)
        self.addPageTemplates([PageTemplate("page", [frame])])


def _counting(running: str, *, final: bool) -> type[CanvasType]:
    """A canvas that writes the running head, and at the end "Page 2 of 5", on each of its pages."""

    class Counting(Canvas):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self._frame(number, len(self._pages))
                super().showPage()
            super().save()

        def _frame(self, number: int, of: int) -> None:
            self.saveState()
            self.setFont(REGULAR if final else BOLD, 8.5)
            self.setFillColor(_GREY if final else _RED)
            self.drawString(_MARGIN, LETTER[1] - 0.55 * inch, running[:110])
            self.setFont(REGULAR, 8.5)
            self.setFillColor(_GREY)
            self.drawRightString(LETTER[0] - _MARGIN, 0.5 * inch, f"Page {number} of {of}")
            self.restoreState()

    return Counting
