"""The library as a whole: built once, refreshed with the corpus, one embedding model, health."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from made_library import GUIDELINES, FakeEmbedder, guideline_file, letter_text, many_letters, section
from sqlalchemy import text

from assistant.corpus import CorpusError
from assistant.database import writing
from assistant.errors import ModelMismatch, NotThere
from assistant.library.filters import DecisionFilter
from assistant.library.library import Library
from assistant.library.retrieval import Query
from assistant.settings import Settings

Open = Callable[..., Library]
DAY = date(2016, 12, 21)


def test_the_starter_library_is_built_once(opened: Open) -> None:
    first = FakeEmbedder()
    library = opened(first)
    assert len(first.given) == len(set(first.given))
    counts = library.counts()
    assert (counts.letters, counts.decisions, counts.illustrative) == (0, 0, 2)
    assert library.count_real() == 0
    second = FakeEmbedder()
    assert opened(second).passages() == library.passages()
    assert second.given == []


def test_criteria_come_back_as_they_were_written(library: Library) -> None:
    passage = library.passages_of("acupuncture", DAY)[0]
    criterion = passage.criteria[0]
    assert criterion.text == "A first course of needles is three to six treatments."
    assert criterion.text in passage.text
    assert criterion.measure is not None
    assert (criterion.measure.of, criterion.measure.high) == ("age", 65)
    assert criterion.may_decide


def test_illustrative_letters_are_marked_and_not_counted(library: Library) -> None:
    found = library.search(Query("acupuncture neck"))
    assert {r.decision_id for r in found.results} == {"ill-needles-up-1", "ill-needles-over-1"}
    assert all(r.illustrative for r in found.results)
    assert set(found.outcomes.values()) == {0}
    assert library.determination_of("ill-needles-up-1")[0].illustrative


def test_a_changed_corpus_refreshes_the_starter_and_keeps_what_drafts_cite(
    opened: Open, corpus: Path, tmp_path: Path
) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    many_letters(letters, 3)
    library = opened()
    library.import_paths([letters])
    cited = library.passages_of("gym_membership", DAY)[0]
    assert library.search(Query("acupuncture")).results
    library.close()
    changed = GUIDELINES["odg.md"].replace("A gym is not medical care", "A gym is seldom medical care")
    (corpus / "guidelines" / "odg.md").write_text(changed)
    (corpus / "determinations" / "needles-up.md").unlink()
    embedder = FakeEmbedder()
    again = opened(embedder)
    assert embedder.given == ["ODG, Knee, Gym memberships\n" + again.passages_of("gym_membership", DAY)[0].text]
    assert again.passage(cited.id) == cited
    assert cited not in again.passages()
    assert "seldom" in again.passages_of("gym_membership", DAY)[0].text
    assert (again.counts().letters, again.counts().illustrative) == (3, 1)
    assert all(check.ok for check in again.health())


def test_a_passage_that_comes_back_is_offered_again(opened: Open, corpus: Path) -> None:
    before = opened().passages()
    kept = (corpus / "guidelines" / "odg.md").read_text()
    (corpus / "guidelines" / "odg.md").unlink()
    assert len(opened().passages()) == len(before) - 2
    (corpus / "guidelines" / "odg.md").write_text(kept)
    assert {p.id for p in opened().passages()} == {p.id for p in before}


def test_a_changed_taxonomy_names_the_kinds_of_decisions_anew(opened: Open, corpus: Path, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text(letter_text("CM16-0000001", [("Moxibustion, 3 sessions", "Upheld", "ODG", "Warm herbs.")]))
    library = opened()
    library.import_paths([path])
    assert library.search(Query("CM16-0000001")).results[0].service_kind is None
    library.close()
    services = (corpus / "services.yaml").read_text().replace("electroacupuncture]", "electroacupuncture, moxibustion]")
    (corpus / "services.yaml").write_text(services)
    again = opened()
    assert again.search(Query("CM16-0000001")).results[0].service_kind == "acupuncture"
    assert (
        again.search(Query("warm herbs", DecisionFilter(service="acupuncture"))).results[0].case_number
        == "CM16-0000001"
    )


def test_a_new_version_of_the_program_looks_at_everything_again(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many_letters(tmp_path, 3)
    library = opened()
    library.import_paths(sorted(tmp_path.glob("letter-*.txt")))
    library.close()
    monkeypatch.setattr("assistant.library.starter.__version__", "99")
    monkeypatch.setattr("assistant.library.store.decision_text", lambda service, *_: f"only the service: {service}")
    monkeypatch.setattr(
        "assistant.library.stored_vectors.decision_text", lambda service, *_: f"only the service: {service}"
    )
    embedder = FakeEmbedder()
    again = opened(embedder)
    assert any(text.startswith("only the service: MRI") for text in embedder.given)
    assert all(check.ok for check in again.health())


def test_a_malformed_corpus_is_said_and_the_library_stays_as_it_was(opened: Open, corpus: Path) -> None:
    before = opened().passages()
    good = (corpus / "guidelines" / "odg.md").read_text()
    (corpus / "guidelines" / "odg.md").write_text(good.replace("kind: prerequisite", "kind: wish"))
    with pytest.raises(CorpusError, match=r"odg\.md"):
        opened()
    (corpus / "guidelines" / "odg.md").write_text(good)
    assert opened().passages() == before


def test_vectors_of_two_models_are_never_mixed(opened: Open) -> None:
    opened(FakeEmbedder("one")).close()
    with pytest.raises(ModelMismatch, match=r"embedded by one, and two is set; run `imr-assistant reindex`"):
        opened(FakeEmbedder("two"))
    embedder = FakeEmbedder("two")
    library = opened(embedder, reindex=True)
    assert embedder.given
    assert library.reindexed.startswith("Rebuilt the indexes of")
    assert all(check.ok for check in library.health())
    assert library.search(Query("acupuncture")).results
    library.close()
    with pytest.raises(ModelMismatch):
        opened(FakeEmbedder("one"))
    assert opened(FakeEmbedder("two")).search(Query("acupuncture")).results


def test_a_reindex_that_was_stopped_goes_on(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(FakeEmbedder("one")).close()
    embedder = FakeEmbedder("two")
    monkeypatch.setattr("assistant.library.importing._AT_ONCE", 2)

    def stopped(texts: list[str], embed: Callable[[list[str]], object] = embedder.embed) -> object:
        if len(embedder.given) >= 4:
            raise KeyboardInterrupt
        return embed(texts)

    with monkeypatch.context() as patch:
        patch.setattr(embedder, "embed", stopped)
        with pytest.raises(KeyboardInterrupt):
            opened(embedder, reindex=True)
    made = set(embedder.given)
    embedder.given.clear()
    library = opened(embedder, reindex=True)
    assert len(made) == 4
    assert not made & set(embedder.given)
    assert all(check.ok for check in library.health())


def test_health_names_what_is_wrong(opened: Open) -> None:
    library = opened()
    with writing(library._in.store.engine) as session:
        session.execute(text("DELETE FROM vectors WHERE text_hash IN (SELECT text_hash FROM decisions)"))
        session.execute(text("INSERT INTO vectors VALUES ('fake', 'nothing', :vector)"), {"vector": b"\0"})
        on_server = session.get_bind().dialect.name == "postgresql"
        emptied = (
            "DELETE FROM decisions_fts"
            if on_server
            else "INSERT INTO decisions_fts(decisions_fts) VALUES ('delete-all')"
        )
        session.execute(text(emptied))
    checks = {check.name: check for check in library.health()}
    assert not checks["vectors"].ok
    assert checks["vectors"].message == "2 texts without a vector, 1 vectors without a text"
    assert not checks["full text"].ok
    assert "doctor --mend" in checks["full text"].remedy
    done = library.mend()
    assert done[0] == "2 texts without a vector were embedded."
    assert done[1] == "1 vectors without a text were dropped."
    assert "The full-text index was rebuilt." in done
    assert all(check.ok for check in library.health())
    assert library.mend() == ()
    library.close()
    again = opened(reindex=True)
    assert all(check.ok for check in again.health())


def test_what_lost_its_vector_gets_it_with_the_next_opening(opened: Open) -> None:
    library = opened()
    with writing(library._in.store.engine) as session:
        session.execute(text("DELETE FROM vectors"))
    library.close()
    assert all(check.ok for check in opened().health())


def test_two_processes_may_build_it_at_once(settings: Settings) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; from made_library import FakeEmbedder\n"
        "from assistant.database import open_database; from assistant.library.library import open_library\n"
        "from assistant.settings import Settings\n"
        "s = Settings(data_dir=sys.argv[2], corpus_dir=sys.argv[3]); e = FakeEmbedder()\n"
        "open_library(s, open_database(Path(sys.argv[2])), embedder=e); print(len(e.given))"
    )
    command = [sys.executable, "-c", code, Path(__file__).parent, settings.data_dir, settings.corpus_dir]
    children = [subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True) for _ in range(2)]
    given = sorted(int(child.communicate(timeout=120)[0]) for child in children)
    assert given[0] == 0
    assert given[1] > 0


def test_what_is_not_there_is_said(library: Library) -> None:
    with pytest.raises(NotThere):
        library.passage("no/such/passage")
    with pytest.raises(NotThere, match="no decision CM99-9999999-1"):
        library.determination_of("CM99-9999999-1")


def test_editions_and_their_successors(library: Library) -> None:
    label = "MTUS Low Back Complaints 2004"
    then, now = date(2016, 3, 1), date(2024, 1, 1)
    assert [p.guideline for p in library.successors(label, then)] == [label]
    assert [p.guideline for p in library.successors(label, now)] == [
        "MTUS Low Back Disorders (ACOEM February 13, 2020)"
    ]
    assert library.successors("MTUS Acupuncture Treatment 2007", now) == ()
    assert len(library.edition_notes()) == 4
    assert len(library.editions) == 4


def test_imported_digests_outrank_the_starter_on_the_same_section(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    mine = section("Low Back, MRIs", "mri_lumbar", "My own reading of the imaging section.")
    path.write_text(guideline_file("ODG", "odg", mine, since="null", until="null"))
    library.import_paths([path])
    odg = [p.text for p in library.passages_of("mri_lumbar", DAY) if p.guideline == "ODG"]
    assert odg == ["My own reading of the imaging section."]
    assert any(p.section == "Knee, Gym memberships" for p in library.passages())


def test_no_case_text_reaches_a_log_or_an_error(opened: Open, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "letter.txt"
    path.write_text(
        letter_text("CM16-0000001", [("Acupuncture", "Upheld", "ODG", "Secretword.")], summary="Secretword.")
    )
    library = opened()
    library.import_paths([path])
    library.search(Query("Secretword"))
    assert "Secretword" not in caplog.text
    engine = library._in.store.engine
    with pytest.raises(Exception, match="no such table|42P01") as raised, engine.connect() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:said)"), {"said": "Secretword"})
    assert "Secretword" not in str(raised.value)


def test_json_columns_hold_plain_values(library: Library) -> None:
    with library._in.store.engine.connect() as connection:
        held = "SELECT CAST(criteria AS text) FROM passages WHERE CAST(criteria AS text) <> '[]' ORDER BY id"
        rows = connection.scalars(text(held)).all()
    assert rows
    assert json.loads(rows[0])[0]["kind"] == "prerequisite"
