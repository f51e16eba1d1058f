"""The determination in each of its forms, read back: python-docx for Word, pypdf for PDF, the schema for JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from docx import Document
from docx.document import Document as DocumentType
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

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
from assistant.drafting.export import Format, export
from assistant.drafting.export.markdown import escaped
from assistant.errors import NotReadyForExport

SCHEMA = json.loads((Path(__file__).parents[1] / "contracts" / "determination.schema.json").read_text("utf-8"))
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


def export_docx(draft: Draft, decided: Mapping[int, Act | None], **options: bool) -> bytes:
    return export(draft, decided, Format.DOCX, **options)


def export_markdown(draft: Draft, decided: Mapping[int, Act | None], **options: bool) -> str:
    return export(draft, decided, Format.MD, **options).decode("utf-8")


def export_json(draft: Draft, decided: Mapping[int, Act | None], **options: bool) -> dict[str, Any]:
    made = json.loads(export(draft, decided, Format.JSON, **options))
    jsonschema.validate(made, SCHEMA)
    return made


def read_pdf(draft: Draft, decided: Mapping[int, Act | None], **options: bool) -> PdfReader:
    return PdfReader(BytesIO(export(draft, decided, Format.PDF, **options)))


def flat(text: str) -> str:
    return " ".join(text.split())


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
HEADINGS = [
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    "CLINICAL CASE SUMMARY",
    "IMR DECISION(S) AND RATIONALE(S)",
    "6 visits of physical therapy: left knee: Upheld",
    "RECORD OF THE DECISION(S)",
    "EVIDENCE",
]
SET = {0: Act(Outcome.UPHELD)}
SLOT = Sentence("State the functional improvement that you found, and where.", Move.GAP, slot=True)


def _read(content: bytes) -> DocumentType:
    return Document(BytesIO(content))


def _all_text(document: DocumentType) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_the_word_document_has_the_letters_headings_in_order() -> None:
    document = _read(export_docx(DRAFT, SET, with_evidence=True))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings == HEADINGS


def test_the_word_document_holds_citation_rationale_and_evidence() -> None:
    text = _all_text(_read(export_docx(DRAFT, SET, with_evidence=True)))
    assert "Reviewer's guideline: Decision based on MTUS Knee Complaints 2004, Section(s): Initial Care." in text
    assert (
        "Decision rationale: Under the guideline eight visits are allowed.[1] She walks *well*.†‡ The requested" in text
    )
    assert (
        "Guideline, MTUS Knee Complaints 2004, Section(s): Initial Care (digest): “Eight visits are allowed.”" in text
    )
    assert "# Not a heading" in text
    assert "Outcome set by Dr. Reviewer on 2016-12-20 at 09:30 UTC." in text


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
    for form in Format:
        with pytest.raises(NotReadyForExport, match=r"^Issue 2 cannot be exported while a slot is still open; .*\.$"):
            export(open_draft, SET, form)


def test_own_and_unsupported_sentences_are_marked_and_the_legend_explains_just_the_marks_used() -> None:
    markdown = export_markdown(DRAFT, SET)
    assert "She walks \\*well\\*.†‡" in markdown
    assert "† the reviewer's own words" in markdown
    assert "§" not in markdown


def test_the_evidence_is_numbered_through_the_issues() -> None:
    two = replace(DRAFT, issues=(ISSUE, ISSUE))
    markdown = export_markdown(two, {0: SET[0], 1: SET[0]}, with_evidence=True)
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
    headings = [line for line in export_markdown(DRAFT, SET, with_evidence=True).splitlines() if line.startswith("#")]
    assert [h.lstrip("#").strip() for h in headings] == ["Independent Medical Review: final determination", *HEADINGS]


def test_a_decided_determination_has_no_appendix_unless_it_is_wanted() -> None:
    for form in (export_docx, export_markdown):
        assert form(DRAFT, SET) != form(DRAFT, SET, with_evidence=True)
    assert "EVIDENCE" in export_markdown(DRAFT, {})
    assert "EVIDENCE" not in export_markdown(DRAFT, {}, with_evidence=False)
    bare = export_markdown(DRAFT, SET)
    assert "EVIDENCE" not in bare
    assert "\\[1\\]" not in bare


def test_the_record_says_who_decided_what_and_when() -> None:
    rows = [[cell.text for cell in row.cells] for row in _read(export_docx(DRAFT, SET)).tables[-1].rows]
    assert rows == [["Issue", "Outcome", "Set by", "On"], ["1", "Upheld", "Dr. Reviewer", "2016-12-20 at 09:30 UTC"]]
    changed = export_markdown(DRAFT, {0: Act(Outcome.OVERTURNED)})
    assert "| 1 | Overturned (the draft was changed since) | Dr. Reviewer |" in changed
    assert "| 1 | not set |" in export_markdown(DRAFT, {})


def test_an_outcome_that_the_reviewer_has_not_set_is_headed_as_a_drafts() -> None:
    heading = "### 6 visits of physical therapy: left knee: Upheld"
    assert f"{heading} (draft)\n" in export_markdown(DRAFT, {})
    assert f"{heading} (draft)\n" in export_markdown(DRAFT, {0: Act(Outcome.OVERTURNED)})
    assert f"{heading}\n" in export_markdown(DRAFT, SET)


def test_each_guideline_is_cited_once_with_its_sections() -> None:
    second = replace(PASSAGE, id="p2", section="Special Studies")
    again = Sentence("So it says.", Move.RULE, (_support(SupportKind.PASSAGE, "p2", RULE),), Verdict.PASSED)
    issue = replace(ISSUE, sentences=(*ISSUE.sentences, again))
    both = replace(DRAFT, issues=(issue,), passages={"p1": PASSAGE, "p2": second})
    assert "Decision based on MTUS Knee Complaints 2004, Section(s): Initial Care; Special Studies." in flat(
        _all_text(_read(export_docx(both, SET)))
    )


# --- the claims administrator's guideline -------------------------------------------------------------------

_LETTER = """IMR Final Determination

CLINICAL CASE SUMMARY
A woman hurt her knee.

IMR DECISION(S) AND RATIONALE(S)
MRI of the left knee: Upheld
Claims Administrator guideline: Decision based on ODG, Knee,
MRI.
MAXIMUS guideline: Decision based on MTUS Knee Complaints 2004.

6 visits of physical therapy: left knee: Overturned
Claims Administrator guideline: Decision based on MTUS Chronic Pain.
Decision rationale: It is so.
"""


@pytest.mark.parametrize(
    ("text", "count", "cited"),
    [
        pytest.param(_LETTER, 2, "guideline: Decision based on MTUS Chronic Pain.", id="after its heading"),
        pytest.param(
            "UR denied it on 12/01/2016, citing ODG, Knee, PT. She is 50.",
            1,
            "guideline, as the case text names it: “UR denied it on 12/01/2016, citing ODG, Knee, PT.”",
            id="told in prose",
        ),
        pytest.param("UR denied it, citing ODG. She is 50.", 2, None, id="prose does not say which of two services"),
        pytest.param("UR denied it for want of a plan.", 1, None, id="no guideline is named"),
        pytest.param(_LETTER.replace("6 visits", "9 visits"), 2, None, id="no heading is the service's"),
    ],
)
def test_the_claims_administrators_guideline_is_told_where_the_case_names_it(
    text: str, count: int, cited: str | None
) -> None:
    held = replace(DRAFT, case=replace(DRAFT.case, text=text), issues=(ISSUE,) * count)
    shown = export_json(held, {})["decisions"][0]["claims_administrator_guideline"]
    assert shown == (f"Claims Administrator {cited}" if cited else None)


def test_of_a_pasted_letter_only_its_summary_is_told() -> None:
    held = replace(DRAFT, case=replace(DRAFT.case, text=_LETTER))
    assert export_json(held, {})["clinical_case_summary"] == "A woman hurt her knee."


def test_the_table_holds_what_the_text_labels_and_nothing_guessed() -> None:
    head = "Case Number: CM16-0123456   Date of Injury: 03/04/2014\nUR Denial Date: 10/05/2016   Priority: Standard\n"
    held = replace(DRAFT, case=replace(DRAFT.case, text=f"{head}{_LETTER}", date_of_injury=None))
    header = export_json(held, {})["header"]
    assert header["case_number"] == "CM16-0123456"
    assert (header["date_of_injury"], header["date_of_ur_denial"]) == ("2014-03-04", "2016-10-05")
    assert "date_assigned" not in header
    assert set(export_json(DRAFT, {})["header"]) == set(SCHEMA["properties"]["header"]["required"])


# --- PDF ----------------------------------------------------------------------------------------------------


def test_the_pdf_has_the_letters_headings_as_bookmarks() -> None:
    reader = read_pdf(DRAFT, SET, with_evidence=True)
    titles = [entry.title for part in reader.outline for entry in (part if isinstance(part, list) else [part])]
    assert titles == HEADINGS
    text = flat(" ".join(page.extract_text() for page in reader.pages))
    assert "Reviewer's guideline: Decision based on MTUS Knee Complaints 2004, Section(s): Initial Care." in text
    assert "She walks *well*." in text
    assert "# Not a heading" in text
    assert "<b>no HTML</b>" in text


def test_each_page_of_the_pdf_says_draft_and_its_number_until_it_is_decided() -> None:
    long = replace(DRAFT, case=replace(DRAFT.case, text="She walks on. " * 900))
    pages = [flat(page.extract_text()) for page in read_pdf(long, {}).pages]
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert "DRAFT: the reviewer has not set every outcome" in page
        assert f"Page {number} of {len(pages)}" in page
    assert not any("DRAFT" in page.extract_text() for page in read_pdf(long, SET).pages)


def test_the_properties_of_the_pdf_name_nobody_and_its_fonts_are_embedded() -> None:
    reader = read_pdf(DRAFT, SET)
    assert reader.metadata is not None
    assert reader.metadata.title == "Independent Medical Review: final determination"
    assert not reader.metadata.author
    told = " ".join(str(value) for value in reader.metadata.values())
    assert not any(words in told for words in ("case-7", "knee", "Reviewer"))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)
    assert not any("/Annots" in page for page in reader.pages)


def test_a_letter_that_the_font_lacks_is_shown_by_its_code_and_counted() -> None:
    odd = replace(DRAFT, case=replace(DRAFT.case, text="Café, ½ mg, ≥ 3, 膝 and ركبة."))
    text = flat(" ".join(page.extract_text() for page in read_pdf(odd, SET).pages))
    assert "Café, ½ mg, ≥ 3, [U+819D] and [U+0631]" in text
    assert "5 letters are shown by code, as [U+819D]," in text
    assert "shown by code" not in " ".join(page.extract_text() for page in read_pdf(DRAFT, SET).pages)


# --- JSON ---------------------------------------------------------------------------------------------------


def test_the_json_holds_what_was_decided_by_whom_and_the_marks() -> None:
    made = export_json(DRAFT, SET, with_evidence=True)
    assert (made["format"], made["version"], made["status"]) == ("imr-determination", 1, "decided")
    (decision,) = made["decisions"]
    assert decision["decided"] == {
        "outcome": "Upheld",
        "by": "Dr. Reviewer",
        "at": "2016-12-20T09:30:00+00:00",
        "stands": True,
    }
    assert decision["sentences"][1] == {"text": "She walks *well*.", "marks": ["own", "unsupported"], "evidence": []}
    assert decision["sentences"][0]["evidence"][0]["quote"] == RULE
    assert made["clinical_case_summary"] == CASE


def test_the_json_of_a_draft_says_so_and_leaves_the_evidence_out_where_it_is_not_wanted() -> None:
    made = export_json(DRAFT, {}, with_evidence=False)
    assert (made["status"], made["decisions"][0]["decided"]) == ("draft", None)
    assert all("evidence" not in sentence for sentence in made["decisions"][0]["sentences"])


# --- any text -----------------------------------------------------------------------------------------------

_MARKUP = st.sampled_from(
    [
        "<b>",
        "</para>",
        "<br/>",
        "<img src='http://x.example/a.png'/>",
        "&amp;",
        "&#0;",
        "<a href='javascript:x'>",
        "]]>",
    ]
)
_ANY = st.lists(st.text(alphabet=st.characters(exclude_categories=())) | _MARKUP, max_size=5).map(" ".join)


@settings(max_examples=25, deadline=None)
@given(_ANY)
def test_any_case_text_can_be_exported_and_read_back(text: str) -> None:
    own = Sentence(text or "x", Move.FACTS, own=True)
    issue = replace(ISSUE, service=DisputedService(text, None), sentences=(own,))
    odd = replace(DRAFT, id=text, case=replace(DRAFT.case, text=text), issues=(issue,))
    assert "EVIDENCE" in _all_text(_read(export_docx(odd, {})))
    export_markdown(odd, {}).encode("utf-8")
    assert export_json(odd, {})["decisions"][0]["decided"] is None
    pages = read_pdf(odd, {}).pages
    assert all("DRAFT" in page.extract_text() and "/Annots" not in page for page in pages)


def test_a_long_text_without_blanks_and_a_long_heading_fit_on_pages() -> None:
    service = DisputedService("physical therapy " * 400, None)
    wide = replace(
        DRAFT, id="x" * 900, case=replace(DRAFT.case, text="x" * 30000), issues=(replace(ISSUE, service=service),)
    )
    assert len(read_pdf(wide, {}).pages) > 3
