"""Whatever stands in a case, a letter or a guideline comes out as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup
from fake_service import LETTER, PASSAGE
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import InForce, Outcome
from assistant.library.changes import Change, ChangeKind, Changes, Target
from assistant.library.choices import Choices
from assistant.library.filters import FacetCount, FacetName
from assistant.library.found import Correction, Found, FoundDecision
from assistant.library.held_editions import FoundInGuidelines, Neighbours, WordsFound, held_editions
from assistant.library.import_log import ImportCounts, ImportNote, ImportState, NoteKind, StoredImport
from assistant.library.letters import KeptRow, OpenedLetter, VersionOf
from assistant.views import CaseRow, Sample
from assistant.web import render
from assistant.web.timeline import Axis, line_of

TODAY = date(2026, 11, 28)
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "javascript:alert(1)",
    "</textarea></title><iframe src=//attacker.example>",
    "{{ 7 * 7 }} ${7 * 7} {% raw %}",
    "&lt;b&gt; &amp;amp;",
    "\u202eright to left\u202c \u2066isolated\u2069",
]
hostile = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
_INVENTED = {"script", "svg", "iframe", "img", "b", "object", "style"}


def _is_harmless(html: str, *texts: str) -> None:
    page = BeautifulSoup(html, "html.parser")
    assert not {tag.name for tag in page.find_all()} & _INVENTED
    for tag in page.find_all():
        assert not [name for name in tag.attrs if name.startswith("on")]
        assert not str(tag.attrs.get("href", "/")).strip().lower().startswith(("javascript:", "data:", "//"))
    shown = " ".join(page.get_text().split())
    for text in texts:
        assert " ".join(text.split()) in shown


@given(hostile, hostile)
@settings(deadline=None)
def test_cases(title: str, services: str) -> None:
    row = CaseRow("case1", title, services, "drafting", datetime(2026, 1, 1, tzinfo=UTC), None)
    _is_harmless(render.cases([row], ""), title, services)


@given(hostile)
def test_samples(title: str) -> None:
    _is_harmless(render.samples([Sample(title, title, title, None)]), title)


@given(hostile, hostile)
@settings(max_examples=50, deadline=None)
def test_decisions(words: str, service: str) -> None:
    result = FoundDecision(words, words, True, 0, service, None, Outcome.UPHELD, (words,), 1.0, words, ((0, 1),))
    found = Found((result,), {}, corrections=(Correction(words, service),), other_side=result)
    _is_harmless(render.decisions(found, 0), service)


@given(hostile)
@settings(max_examples=50, deadline=None)  # the first rendering compiles a template
def test_facets(words: str) -> None:
    counts = (FacetCount(words, 1, 0, 0), FacetCount("other", 0, 0, 1, words))
    found = Found((), {}, facets=dict.fromkeys(FacetName, counts))
    _is_harmless(render.facets(found, Choices(region=words, modified=True)), words)


def test_a_bar_shows_both_outcomes_beside_the_fullest_value() -> None:
    counts = (FacetCount("neck", 6, 2, 0), FacetCount("knee", 1, 1, 3))
    html = render.facets(Found((), {}, facets={FacetName.REGION: counts}), Choices(region="knee"))
    bars = BeautifulSoup(html, "html.parser").select(".facet-bar")
    assert [[part["style"] for part in bar.select("i")] for bar in bars] == [
        ["width: 75.0%", "width: 25.0%"],
        ["width: 12.5%", "width: 12.5%"],
    ]
    pressed = BeautifulSoup(html, "html.parser").select("[aria-pressed=true]")
    assert [button["data-value"] for button in pressed] == ["knee"]


@given(st.text(max_size=30), st.data())
def test_the_pieces_of_a_text_are_the_text(text: str, data: st.DataObject) -> None:
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    marks = tuple(zip(edges[::2], edges[1::2], strict=False))
    pieces = render.pieces(text, marks)
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, hit in pieces if hit] == [text[start:end] for start, end in marks if end > start]


@given(hostile)
@settings(max_examples=50, deadline=None)
def test_letter(words: str) -> None:
    decision = replace(LETTER.decisions[0], service=words, rationale=words, reviewer_guideline=words)
    letter = replace(LETTER, case_summary=words, decisions=(decision,), warnings=(words,), case_number=words)
    _is_harmless(render.letter(letter, 0), words)


@given(hostile)
@settings(max_examples=50, deadline=None)
def test_guideline(words: str) -> None:
    criterion = replace(PASSAGE.criteria[0], text=words, applies_when=words, source=words)
    passage = replace(PASSAGE, guideline=words, section=words, criteria=(criterion,), source=words, family=words)
    off = Change(ChangeKind.OFF, Target(words), words, datetime(2026, 1, 1, tzinfo=UTC))
    dates = replace(off, kind=ChangeKind.DATES, note=words)
    (edition,) = held_editions([passage], (), Changes({off.target: off}, {words: dates}))
    beside = Neighbours(edition, edition)
    _is_harmless(render.guideline(edition, beside, (passage.id, criterion.id)), words)
    _is_harmless(render.earlier_passage(passage), words)
    axis = Axis.of([edition], [TODAY])
    _is_harmless(render.guidelines([(words, [line_of(edition, axis, TODAY)])], axis, TODAY, TODAY, "era"), words)
    found = FoundInGuidelines((edition,), (WordsFound(passage, criterion, words),), 0)
    _is_harmless(render.guideline_words(found, words), words)


@given(hostile)
@settings(max_examples=50, deadline=None)
def test_settings(words: str) -> None:
    _is_harmless(render.settings([(words, words, words)], {"letters": 0, "guidelines": 1, "passages": 2}), words)


@given(hostile)
@settings(max_examples=50, deadline=None)
def test_imports_and_opened_letters(words: str) -> None:
    at = datetime(2026, 1, 1)  # noqa: DTZ001 - as the table holds it
    notes = tuple(ImportNote(kind, words, words, 1) for kind in NoteKind)
    stored = StoredImport(1, at, at, ImportState.DONE, (words,), None, ImportCounts(), words, notes)
    _is_harmless(render.imports([stored], {1}), words)
    _is_harmless(render.import_report(stored), words)
    _is_harmless(render.letters_not_whole([KeptRow(1, words, words, at, True, (words,))], 2), words)  # noqa: FBT003
    versions = tuple(VersionOf(n, n, None, words, n == 1) for n in (1, 2))
    letter = replace(LETTER, case_summary=words, case_number=words)
    for read in (letter, None):
        opened = OpenedLetter(1, words, at, read, 1, True, versions, words, (words,))  # noqa: FBT003
        _is_harmless(render.opened_letter(opened), words)


def test_without_letters_the_page_says_what_is_shown() -> None:
    assert "only illustrative decisions are shown" in render.decisions(Found((), {}), 0)
    counted = Found((), {}, matching={Outcome.UPHELD: 3, Outcome.OVERTURNED: 1}, matching_illustrative=2)
    assert "3 upheld, 1 overturned; 2 illustrative, not counted" in render.decisions(counted, 4)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ((2007, 6, 15), (2017, 12, 1), "in force 2007-06-15 to 2017-12-01"),
        ((2017, 12, 1), None, "in force since 2017-12-01"),
        (None, (2017, 12, 1), "in force until 2017-12-01"),
        (None, None, "dates in force not known"),
    ],
)
def test_in_force(start, end, words: str) -> None:
    from datetime import date

    assert render.in_force(InForce(start and date(*start), end and date(*end))) == words


@pytest.mark.parametrize("view", ["cases", "case", "decisions", "library", "letter_imports", "settings"])
def test_a_shell_holds_nothing_that_gradio_would_compile(view: str) -> None:
    values = {"samples": render.samples([]), "priorities": render.due_rules()} if view == "cases" else {}
    shell = render.shell(view, f"{view}.html", **values)
    assert "${" not in shell
    assert "{{" not in shell
