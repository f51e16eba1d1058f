"""A guideline's plain text in the library: cited, in force, before a digest, once, and replaced when it should be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from made_library import FakeEmbedder, guideline_file, letter_text, section

from assistant.domain import CaseSummary, Passage, PassageKind
from assistant.errors import AssistantError
from assistant.library.guideline_importing import GuidelineImporter
from assistant.library.library import Library
from assistant.reading.guideline_metadata import Metadata
from assistant.reading.lexicon import Lexicon, load_lexicon
from assistant.reading.services import read_request

CORPUS = Path(__file__).parents[2] / "corpus"
TODAY, THEN = date(2026, 11, 20), date(2016, 12, 20)
LOW_BACK_2020 = "MTUS Low Back Disorders (ACOEM February 13, 2020)"
LOW_BACK_2004 = "MTUS Low Back Complaints 2004"
TEXT = """# Low Back

## Imaging

### Special Studies: lumbar MRI

A lumbar MRI is indicated when a red flag is present. It must be documented.

## Acupuncture

No more than 10 sessions of acupuncture are recommended.
"""


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(CORPUS)


@pytest.fixture
def importer(library: Library, lexicon: Lexicon) -> GuidelineImporter:
    return library.guideline_importer(lexicon, "reviewer")


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "backs.md"
    path.write_text(TEXT)
    return path


def texts(library: Library, label: str = LOW_BACK_2020) -> list[Passage]:
    return [p for p in library.passages() if p.guideline == label and p.kind is PassageKind.OFFICIAL]


def best(library: Library, service: str, day: date) -> Passage:
    case = CaseSummary("", None, None, None, (), ())
    first = library.governing(read_request(service, library.taxonomy), case, day)[0]
    return library.passage(first.passage_id or "")


def test_a_preview_stores_nothing(library: Library, importer: GuidelineImporter, text: Path) -> None:
    before = library.passages()
    preview = importer.preview(text, Metadata(label=LOW_BACK_2020))
    assert (preview.report.sections, preview.report.passages, preview.lacking) == (2, 2, None)
    assert library.passages() == before


def test_an_imported_text_is_cited_and_takes_the_place_of_the_note_that_it_is_missing(
    library: Library, importer: GuidelineImporter, text: Path
) -> None:
    assert best(library, "acupuncture", TODAY).current_without_criteria
    importer.add(text, Metadata(label=LOW_BACK_2020))
    passage = best(library, "acupuncture", TODAY)
    assert passage.citation == f"{LOW_BACK_2020}, Section(s): Low Back > Acupuncture"
    assert passage.criteria[0].text == "No more than 10 sessions of acupuncture are recommended."
    assert (passage.in_force.start, passage.body_regions) == (date(2021, 11, 23), ("low back",))
    notes = [p for p in library.edition_notes() if p.guideline == LOW_BACK_2020]
    assert [(p.current_without_criteria, p.text) for p in notes] == [
        (False, f"{LOW_BACK_2020} has been in force since 2021-11-23.")
    ]


def test_a_text_comes_before_the_digest_of_its_section_which_stays_where_it_may_decide(
    library: Library, importer: GuidelineImporter, text: Path
) -> None:
    digest = best(library, "lumbar MRI", THEN)
    assert (digest.kind, digest.guideline) == (PassageKind.DIGEST, LOW_BACK_2004)
    importer.add(text, Metadata(label=LOW_BACK_2004))
    passage = best(library, "lumbar MRI", THEN)
    assert passage.section == "Low Back > Imaging > Special Studies: lumbar MRI"
    assert digest in library.passages()  # its criterion may decide, and those of a text never do


def test_a_digest_that_decides_nothing_gives_way_to_the_text_of_its_section(
    library: Library, lexicon: Lexicon, corpus: Path, opened, text: Path
) -> None:
    library.close()
    file = corpus / "guidelines" / "low-back.md"
    file.write_text(file.read_text().replace("confidence: high", "confidence: low"))
    changed = opened()
    digest = best(changed, "lumbar MRI", THEN)
    changed.guideline_importer(lexicon, "reviewer").add(text, Metadata(label=LOW_BACK_2004))
    assert digest not in changed.passages()
    assert best(changed, "lumbar MRI", THEN).kind is PassageKind.OFFICIAL


def test_the_passages_of_a_long_section_are_found_together(
    library: Library, importer: GuidelineImporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeEmbedder, "max_tokens", 40)
    path = tmp_path / "long.txt"
    path.write_text("Acupuncture\n\n" + "\n\n".join(f"Sessions must be documented by form {n}." for n in range(12)))
    importer.add(path, Metadata(label=LOW_BACK_2020))
    together = library.section_of(best(library, "acupuncture", TODAY))
    assert len(together) == len({p.id for p in together}) > 2
    assert {p.section for p in together} == {"Acupuncture"}
    assert all(len(f"{p.citation} {p.text}".split()) <= 42 for p in together)


def test_the_same_text_twice_changes_nothing(library: Library, importer: GuidelineImporter, text: Path) -> None:
    given = Metadata(label=LOW_BACK_2020)
    assert not importer.add(text, given).already_there
    before = library.passages()
    assert importer.add(text, given).already_there
    assert library.passages() == before


def test_the_same_text_under_another_label_is_corrected_not_doubled(
    library: Library, importer: GuidelineImporter, text: Path
) -> None:
    importer.add(text, Metadata(label="Wrong", not_dated=True))
    wrong = texts(library, "Wrong")
    importer.add(text, Metadata(label=LOW_BACK_2020))
    assert (len(wrong), texts(library, "Wrong"), len(texts(library))) == (2, [], 3)
    assert library.passage(wrong[0].id) == wrong[0]  # for a draft that cites it


def test_a_new_text_replaces_the_same_sections_and_on_demand_all(
    library: Library, importer: GuidelineImporter, text: Path, tmp_path: Path
) -> None:
    given = Metadata(label=LOW_BACK_2020)
    importer.add(text, given)
    newer = tmp_path / "newer.md"
    newer.write_text("# Low Back\n\n## Acupuncture\n\nNo more than 8 sessions of acupuncture are recommended.\n")
    assert importer.preview(newer, given).held == 3
    importer.add(newer, given)
    held = {p.section: p.text for p in texts(library) if not p.edition_note}
    assert set(held) == {"Low Back > Acupuncture", "Low Back > Imaging > Special Studies: lumbar MRI"}
    assert "8 sessions" in held["Low Back > Acupuncture"]
    newest = tmp_path / "newest.md"
    newest.write_text("# Low Back\n\n## Rest\n\nRest is not recommended.\n")
    importer.add(newest, given, replacing=True)
    assert [p.section for p in texts(library) if not p.edition_note] == ["Low Back > Rest"]


def test_vectors_are_stored_and_the_library_stays_sound(
    library: Library, importer: GuidelineImporter, text: Path
) -> None:
    importer.add(text, Metadata(label=LOW_BACK_2020))
    assert all(check.ok for check in library.health())
    assert library.ask("How many sessions of acupuncture?", TODAY)[0][0].kind is PassageKind.OFFICIAL


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Metadata(), "--in-force-from"),
        (Metadata(label="X", in_force_from=TODAY, in_force_to=THEN), "--in-force-to"),
    ],
)
def test_a_text_that_cannot_be_cited_is_not_imported(
    library: Library, importer: GuidelineImporter, text: Path, given: Metadata, said: str
) -> None:
    with pytest.raises(AssistantError, match=f"backs.md was not imported: .*{said}"):
        importer.add(text, given)
    assert texts(library, "X") == []


def test_a_file_that_changed_since_it_was_shown_is_refused(importer: GuidelineImporter, text: Path) -> None:
    shown = importer.preview(text).content_hash
    text.write_text(TEXT + "\nOne word more.\n")
    with pytest.raises(AssistantError, match="has changed since it was shown"):
        importer.add(text, Metadata(label="X", not_dated=True), content_hash=shown)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(
            letter_text("CM16-0000001", [("Acupuncture", "Upheld", "ODG", "No.")]),
            "determination letter",
            id="a letter",
        ),
        pytest.param(
            guideline_file("ODG", "odg", section("Low Back, MRIs", "mri_lumbar", "A month of care.")),
            "annotated criteria",
            id="our own layout",
        ),
        pytest.param("---\nkind: novel\n---\nText.", "neither official nor digest", id="malformed front matter"),
    ],
)
def test_what_is_no_guideline_text_is_said(
    importer: GuidelineImporter, tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "file.md"
    path.write_text(content)
    with pytest.raises(AssistantError, match=said):
        importer.add(path, Metadata(label="X", not_dated=True))


def test_front_matter_says_what_a_text_is_cited_by(
    library: Library, importer: GuidelineImporter, tmp_path: Path
) -> None:
    path = tmp_path / "mine.txt"
    path.write_text(
        "---\nlabel: My Notes\nin_force_from: null\nkind: digest\n---\nAcupuncture\n\nIt must be documented.\n"
    )
    importer.add(path)
    (passage,) = [p for p in library.passages() if p.guideline == "My Notes"]
    assert (passage.kind, passage.criteria, passage.in_force.start) == (PassageKind.DIGEST, (), None)
