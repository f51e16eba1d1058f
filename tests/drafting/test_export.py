"""The determination as Markdown and as a Word document, which python-docx reads back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as DocumentType
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import (
    NO_LEAN,
    CaseSummary,
    DisputedService,
    Draft,
    InForce,
    IssueDraft,
    Move,
    Outcome,
    OutcomeFrom,
    Passage,
    PassageKind,
    Sentence,
    Span,
    Support,
    SupportKind,
    Verdict,
)
from assistant.drafting.export import escaped, export_docx, export_markdown
from assistant.errors import NotReadyForExport

CASE = (
    "A 50-year-old woman hurt her left knee.\n\n# Not a heading\n- no list, <b>no HTML</b>, [no](http://link.example)"
)
RULE = "Eight visits are allowed."
PASSAGE = Passage(
    "p1", "MTUS Knee Complaints 2004", "Initial Care", RULE, PassageKind.DIGEST, InForce(), "general knowledge"
)


@dataclass(frozen=True)
class Act:
    outcome: Outcome
    by: str = "Dr. Reviewer"
    at: datetime = datetime(2016, 12, 20, 9, 30, tzinfo=UTC)


def _support(kind: SupportKind, key: str, quote: str) -> Support:
    return Support(kind, key, Span(0, len(quote), quote))


ISSUE = IssueDraft(
    DisputedService("6 visits of physical therapy: left knee", None),
    Outcome.UPHELD,
    OutcomeFrom.CRITERIA,
    NO_LEAN,
    (),
    (),
    (
        Sentence(
            "Under the guideline eight visits are allowed.",
            Move.RULE,
            (_support(SupportKind.PASSAGE, "p1", RULE),),
            Verdict.PASSED,
        ),
        Sentence("She walks *well*.", Move.FACTS, own=True, verdict=Verdict.FAILED, problems=("a difference",)),
        Sentence(
            "The requested visits are not medically necessary.",
            Move.CONCLUSION,
            (_support(SupportKind.REQUEST, "request", "6 visits of physical therapy: left knee"),),
            Verdict.PASSED,
        ),
    ),
)
DRAFT = Draft(
    "case-7",
    date(2016, 12, 20),
    "given",
    CaseSummary(CASE, 50, "female", date(2016, 8, 2), (), ()),
    (ISSUE,),
    {"p1": PASSAGE},
)
SET = {0: Act(Outcome.UPHELD)}
SLOT = Sentence("State the functional improvement that you found, and where.", Move.GAP, slot=True)


def _read(content: bytes) -> DocumentType:
    return Document(BytesIO(content))


def _all_text(document: DocumentType) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_the_word_document_has_the_letters_headings_in_order() -> None:
    document = _read(export_docx(DRAFT, SET))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings == [
        "CLINICAL CASE SUMMARY",
        "IMR DECISION(S) AND RATIONALE(S)",
        "6 visits of physical therapy: left knee: Upheld",
        "EVIDENCE",
    ]


def test_the_word_document_holds_citation_rationale_and_evidence() -> None:
    text = _all_text(_read(export_docx(DRAFT, SET)))
    assert "Reviewer's guideline: Decision based on MTUS Knee Complaints 2004, Section(s): Initial Care." in text
    assert (
        "Decision rationale: Under the guideline eight visits are allowed.[1] She walks *well*.†‡ The requested" in text
    )
    assert (
        "Guideline, MTUS Knee Complaints 2004, Section(s): Initial Care (digest): “Eight visits are allowed.”" in text
    )
    assert "# Not a heading" in text
    assert "Outcome set by Dr. Reviewer on 2016-12-20 at 09:30." in text


def test_the_word_document_has_a_header_table_and_page_numbers() -> None:
    document = _read(export_docx(DRAFT, SET))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert ["Case", "case-7"] in rows
    assert ["Date of injury", "2016-08-02"] in rows
    footer = document.sections[0].footer.paragraphs[0]._p.xml
    assert 'w:instr="PAGE"' in footer
    assert 'w:instr="NUMPAGES"' in footer


@pytest.mark.parametrize(
    ("decided", "draft"),
    [
        pytest.param({}, True, id="nobody decided"),
        pytest.param({0: None}, True, id="no act"),
        pytest.param({0: Act(Outcome.OVERTURNED)}, True, id="the draft was changed since"),
        pytest.param({0: Act(Outcome.UPHELD)}, False, id="decided"),
    ],
)
def test_every_page_says_draft_until_each_outcome_is_the_reviewers(decided: dict[int, Act | None], draft: bool) -> None:
    header = _read(export_docx(DRAFT, decided)).sections[0].header.paragraphs[0].text
    assert ("DRAFT" in header) is draft
    assert ("DRAFT" in export_markdown(DRAFT, decided)) is draft


def test_one_undecided_issue_makes_the_whole_a_draft() -> None:
    two = replace(DRAFT, issues=(ISSUE, replace(ISSUE, outcome=None)))
    assert "DRAFT" in _read(export_docx(two, SET)).sections[0].header.paragraphs[0].text
    assert "no outcome set" in export_markdown(two, SET)


def test_an_open_slot_stops_the_export_and_is_named_by_its_issue_only() -> None:
    open_draft = replace(DRAFT, issues=(ISSUE, replace(ISSUE, sentences=(*ISSUE.sentences, SLOT))))
    for export in (export_docx, export_markdown):
        with pytest.raises(NotReadyForExport, match=r"^Issue 2 cannot be exported while a slot is still open; .*\.$"):
            export(open_draft, SET)


def test_own_and_unsupported_sentences_are_marked_and_the_legend_explains_just_the_marks_used() -> None:
    markdown = export_markdown(DRAFT, SET)
    assert "She walks \\*well\\*.†‡" in markdown
    assert "† the reviewer's own words" in markdown
    assert "§" not in markdown


def test_the_evidence_is_numbered_through_the_issues() -> None:
    two = replace(DRAFT, issues=(ISSUE, ISSUE))
    markdown = export_markdown(two, {0: SET[0], 1: SET[0]})
    assert [n for n in range(1, 6) if f"**\\[{n}\\]**" in markdown] == [1, 2, 3, 4]


def test_no_cited_passage_is_said_plainly() -> None:
    bare = replace(DRAFT, issues=(replace(ISSUE, sentences=ISSUE.sentences[1:]),))
    assert "Reviewer's guideline: none is cited." in export_markdown(bare, SET)


def test_the_properties_of_the_file_name_nobody() -> None:
    properties = _read(export_docx(DRAFT, SET)).core_properties
    assert (properties.author, properties.comments) == ("", "")
    assert "woman" not in properties.title


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("# Heading", "\\# Heading", id="heading"),
        pytest.param("a\n===\nb", "a  \n\\===  \nb", id="underlined heading"),
        pytest.param("---", "\\---", id="rule"),
        pytest.param("    code", "code", id="indented code"),
        pytest.param("1. one", "1\\. one", id="list"),
        pytest.param("<script>x</script>", "\\<script\\>x\\</script\\>", id="HTML"),
        pytest.param("[a](b)", "\\[a\\](b)", id="link"),
        pytest.param(
            "see http://x.example and www.x.example", "see http\\://x.example and www\\.x.example", id="bare links"
        ),
        pytest.param("pain 8/10, 0.5 mg, L4-5", "pain 8/10, 0.5 mg, L4-5", id="plain text stays readable"),
    ],
)
def test_text_of_a_case_stays_text_in_markdown(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_no_line_of_the_case_becomes_a_heading_in_markdown() -> None:
    headings = [line for line in export_markdown(DRAFT, SET).splitlines() if line.startswith("#")]
    assert [h.lstrip("#").strip() for h in headings] == [
        "Independent Medical Review: final determination",
        "CLINICAL CASE SUMMARY",
        "IMR DECISION(S) AND RATIONALE(S)",
        "6 visits of physical therapy: left knee: Upheld",
        "EVIDENCE",
    ]


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_case_text_can_be_exported_and_read_back(text: str) -> None:
    odd = replace(
        DRAFT,
        case=replace(DRAFT.case, text=text),
        issues=(
            replace(
                ISSUE, service=DisputedService(text, None), sentences=(Sentence(text or "x", Move.FACTS, own=True),)
            ),
        ),
    )
    assert "EVIDENCE" in _all_text(_read(export_docx(odd, SET)))
    export_markdown(odd, SET).encode("utf-8")
