"""The corpus as it is shipped is whole, and its loaders name the file and the field that is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.corpus import CorpusError, load_editions, load_sample_cases, load_taxonomy
from assistant.domain import AliasInContext
from assistant.reading.letters import looks_like_letter

CORPUS = Path(__file__).parents[1] / "corpus"

_KIND = """services:
- id: acupuncture
  display: Acupuncture
  category: acupuncture
  unit: sessions
  body_regions: [neck]
  aliases: [acupuncture]
  governed_by:
  - {guideline: MTUS Acupuncture Treatment 2007}
  today: []
"""
_EDITION = """editions:
- {label: A 2004, family: a, regulation: 8 CCR 1, from: 2007-06-15, to: 2017-12-01, sure: true}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "services.yaml").write_text(_KIND)
    (tmp_path / "editions.yaml").write_text(_EDITION)
    return tmp_path


def test_the_shipped_taxonomy_holds_every_kind_with_names_and_places() -> None:
    kinds = load_taxonomy(CORPUS).kinds
    assert len(kinds) >= 119 + 60
    assert all(kind.display and kind.aliases and kind.governed_by for kind in kinds.values())
    assert kinds["acupuncture"].governed_by[0] == ("MTUS Acupuncture Treatment 2007", None)
    assert kinds["acupuncture"].unit == "sessions"


def test_aliases_are_names_and_not_headings_of_letters() -> None:
    aliases = [alias for kind in load_taxonomy(CORPUS).kinds.values() for alias in kind.aliases]
    assert len({alias.casefold() for alias in aliases}) == len(aliases)
    assert max(len(alias.split()) for alias in aliases) <= 7
    assert not [alias for alias in aliases if "times a week" in alias or alias != alias.strip()]


def test_the_current_editions_of_a_kind_are_in_force_and_known() -> None:
    editions = {edition.label: edition for edition in load_editions(CORPUS)}
    for kind in load_taxonomy(CORPUS).kinds.values():
        for label in kind.today:
            assert editions[label].in_force.end is None, (kind.id, label)


def test_the_intervals_of_a_family_follow_one_another() -> None:
    families: dict[str, list[tuple[date, date | None]]] = {}
    for edition in load_editions(CORPUS):
        assert edition.in_force.start is not None
        families.setdefault(edition.family, []).append((edition.in_force.start, edition.in_force.end))
    for family, intervals in families.items():
        intervals.sort()
        for (_, end), (start, _) in zip(intervals, intervals[1:], strict=False):
            assert end == start, family


def test_low_back_care_today_is_governed_by_the_current_chapter() -> None:
    in_force = [
        e.label for e in load_editions(CORPUS) if e.family == "low_back" and e.in_force.holds_on(date(2026, 1, 5))
    ]
    assert in_force == ["MTUS Low Back Disorders (ACOEM February 13, 2020)"]


def test_the_formulary_and_the_statutes_are_said_in_the_notes() -> None:
    kinds = load_taxonomy(CORPUS).kinds
    assert any("formulary" in note for note in kinds["nsaid"].notes)
    assert any("4604.5(c)" in note for note in kinds["chiropractic"].notes)


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        pytest.param("services.yaml", "unit:", "units:", "services.0.unit", id="misspelt field"),
        pytest.param("services.yaml", "aliases: [acupuncture]", "aliases: []", "aliases", id="no alias"),
        pytest.param("services.yaml", "id: acupuncture", "id: Acu puncture", "services.0.id", id="id with a blank"),
        pytest.param("services.yaml", "[acupuncture]", "[{alias: needles}]", "names no context", id="shared by none"),
        pytest.param("services.yaml", "today: []", "today: [", "not valid YAML", id="broken YAML"),
        pytest.param("editions.yaml", "2007-06-15", "June 2007", "editions.0.from", id="no date"),
        pytest.param("editions.yaml", "to: 2017-12-01", "to: 2007-06-15", "ends before it starts", id="empty interval"),
    ],
)
def test_a_fault_names_its_file_and_field(folder: Path, name: str, old: str, new: str, words: str) -> None:
    path = folder / name
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CorpusError) as caught:
        load_taxonomy(folder) if name == "services.yaml" else load_editions(folder)
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"{name} could not be read: ")


def test_an_alias_that_two_kinds_claim_is_refused(folder: Path) -> None:
    second = (
        _KIND.removeprefix("services:\n")
        .replace("id: acupuncture", "id: needles")
        .replace("[acupuncture]", "[ACUPUNCTURE]")
    )
    (folder / "services.yaml").write_text(_KIND + second)
    with pytest.raises(CorpusError, match="claimed by acupuncture and by needles"):
        load_taxonomy(folder)


def test_an_alias_may_be_shared_where_each_kind_names_its_context(folder: Path) -> None:
    first = _KIND.replace("[acupuncture]", "[{alias: needles, without: [dry]}]")
    second = _KIND.removeprefix("services:\n").replace("id: acupuncture", "id: dry_needling")
    (folder / "services.yaml").write_text(first + second.replace("[acupuncture]", "[{alias: needles, context: [dry]}]"))
    kinds = load_taxonomy(folder).kinds
    assert kinds["acupuncture"].aliases == ()
    assert kinds["acupuncture"].shared_aliases == (AliasInContext("needles", without=("dry",)),)
    (folder / "services.yaml").write_text(first + second.replace("[acupuncture]", "[needles]"))
    with pytest.raises(CorpusError, match="claimed by acupuncture, and by dry_needling in no context"):
        load_taxonomy(folder)


def test_a_kind_or_an_edition_given_twice_is_refused(folder: Path) -> None:
    (folder / "services.yaml").write_text(_KIND + _KIND.removeprefix("services:\n"))
    (folder / "editions.yaml").write_text(_EDITION + _EDITION.removeprefix("editions:\n"))
    with pytest.raises(CorpusError, match="twice"):
        load_taxonomy(folder)
    with pytest.raises(CorpusError, match="twice"):
        load_editions(folder)


def test_a_missing_or_binary_file_is_said_in_one_sentence(folder: Path) -> None:
    (folder / "services.yaml").unlink()
    (folder / "editions.yaml").write_bytes(b"\xff\xfe\x00")
    for load in (load_taxonomy, load_editions):
        with pytest.raises(CorpusError, match="missing or is not plain UTF-8"):
            load(folder)


# --- sample cases ---


def test_the_sample_cases_are_short_and_long_of_their_time_and_of_today() -> None:
    samples = load_sample_cases(CORPUS)
    lengths = [len(sample.text.split()) for sample in samples]
    assert len(samples) >= 10
    assert min(lengths) < 60
    assert max(lengths) > 600
    assert len({sample.title for sample in samples}) == len(samples)
    assert any(sample.day and sample.day.year == 2026 and "/2026" in sample.text for sample in samples)
    assert sum(looks_like_letter(sample.text) for sample in samples) == 1


def test_a_sample_without_a_day_is_a_letter_that_gives_its_own() -> None:
    undated = [sample for sample in load_sample_cases(CORPUS) if sample.day is None]
    assert undated
    assert all("Decision Date:" in sample.text for sample in undated)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "neck.txt").write_text("Neck pain.\n")
    (tmp_path / "cases" / "cases.yaml").write_text("samples:\n- {file: neck.txt, title: Neck, day: 2016-12-20}\n")
    return tmp_path


def test_a_sample_has_the_name_of_its_file_and_the_title_and_day_of_its_row(cases: Path) -> None:
    (sample,) = load_sample_cases(cases)
    assert (sample.name, sample.title, sample.text) == ("neck", "Neck", "Neck pain.")
    assert sample.day == date(2016, 12, 20)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param("neck.txt", "../neck.txt", "samples.0.file", id="outside the folder"),
        pytest.param("neck.txt", "back.txt", "neck.txt is not named", id="text left out"),
        pytest.param("2016-12-20", "December", "samples.0.day", id="no date"),
        pytest.param("title: Neck, ", "", "samples.0.title", id="no title"),
        pytest.param("20}", "20}\n- {file: neck.txt, title: Again, day: null}", "stands in it twice", id="twice"),
        pytest.param("20}", "20}\n- {file: back.txt, title: Back, day: null}", "back.txt could not", id="no text"),
    ],
)
def test_a_fault_among_the_sample_cases_is_named(cases: Path, old: str, new: str, words: str) -> None:
    path = cases / "cases" / "cases.yaml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CorpusError, match=words):
        load_sample_cases(cases)
