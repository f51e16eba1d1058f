"""What is switched off is offered nowhere, corrected dates hold everywhere, and both outlast whatever is rebuilt."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from made_library import ACUPUNCTURE, GUIDELINES, FakeEmbedder, guideline_file, section

from assistant.database import FILE_NAME
from assistant.domain import CaseSummary, DisputedService, InForce
from assistant.library.changes import Change, ChangeKind, ChangeLog, Target, lasting_name
from assistant.library.library import Library
from assistant.reading.services import read_request
from assistant.settings import Settings

Open = Callable[..., Library]
DAY = date(2016, 3, 1)
LATER = date(2019, 3, 1)
AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
BACK = "MTUS Low Back Complaints 2004"
CASE = CaseSummary("", None, None, None, (), ())


def needles(library: Library) -> DisputedService:
    return read_request("Acupuncture for the low back, 6 sessions", library.taxonomy)


def governing(library: Library, day: date = DAY) -> set[str]:
    return {candidate.guideline for candidate in library.governing(needles(library), CASE, day)}


def switch(library: Library, kind: ChangeKind, target: Target) -> None:
    library.change("ann", Change(kind, target, "ann", AT))


def date_it(library: Library, label: str, start: date, end: date | None) -> None:
    was = next(e.in_force for e in library.held_editions() if e.label == label)
    change = Change(ChangeKind.DATES, Target(label), "ann", AT, InForce(start, end), was, "the order says so")
    library.change("ann", change)


def test_an_edition_that_is_off_is_offered_nowhere_and_held_all_the_same(library: Library) -> None:
    question = "How many treatments of needles are a first course?"
    assert ACUPUNCTURE in governing(library)
    assert ACUPUNCTURE in {p.guideline for p, _ in library.ask(question, DAY)}
    switch(library, ChangeKind.OFF, Target(ACUPUNCTURE))
    assert ACUPUNCTURE not in governing(library)
    assert ACUPUNCTURE not in {p.guideline for p, _ in library.ask(question, DAY)}
    assert ACUPUNCTURE not in {p.guideline for p in library.passages()}
    (held,) = (e for e in library.held_editions() if e.label == ACUPUNCTURE)
    assert held.off is not None
    assert held.off.by == "ann"
    assert library.passage(held.passages[0].passage.id).guideline == ACUPUNCTURE
    switch(library, ChangeKind.ON, Target(ACUPUNCTURE))
    assert ACUPUNCTURE in governing(library)


def test_a_section_or_a_passage_is_switched_off_alone(library: Library) -> None:
    switch(library, ChangeKind.OFF, Target(BACK, "Physical Methods"))
    assert [p.section for p in library.passages() if p.guideline == BACK] == [None, "Special Studies"]
    studies = next(p for p in library.passages() if p.section == "Special Studies" and p.guideline == BACK)
    switch(library, ChangeKind.OFF, Target(BACK, passage=lasting_name(studies)))
    assert [p.edition_note for p in library.passages() if p.guideline == BACK] == [True]


def test_another_process_sees_a_change_at_once(library: Library, opened: Open) -> None:
    other = opened()
    switch(library, ChangeKind.OFF, Target(ACUPUNCTURE))
    assert ACUPUNCTURE not in governing(other)


def test_what_is_off_stays_off_when_its_words_change_and_everything_is_rebuilt(
    library: Library, opened: Open, settings: Settings
) -> None:
    passage = next(p for p in library.passages() if p.section == "Physical Methods")
    switch(library, ChangeKind.OFF, Target(BACK, passage=lasting_name(passage)))
    date_it(library, BACK, date(2008, 1, 1), date(2018, 1, 1))
    text = GUIDELINES["low-back.md"].replace("optional in the first weeks", "of use in the first month")
    (settings.corpus_dir / "guidelines" / "low-back.md").write_text(text)
    refreshed = opened(FakeEmbedder("another"), reindex=True)
    held = {held.passage.text: held for e in refreshed.held_editions() if e.label == BACK for held in e.passages}
    assert held["Needles at the back are of use in the first month."].off is not None
    assert "Needles at the back are of use in the first month." not in {p.text for p in refreshed.passages()}
    assert {p.in_force for p in refreshed.passages() if p.guideline == BACK} == {
        InForce(date(2008, 1, 1), date(2018, 1, 1))
    }
    assert all(check.ok for check in refreshed.health())


def test_a_corrected_date_holds_in_retrieval_and_in_what_the_note_says(library: Library) -> None:
    before = next(p for p in library.edition_notes() if p.guideline == BACK)
    assert BACK not in governing(library, LATER)
    date_it(library, BACK, date(2007, 6, 15), date(2020, 1, 1))
    assert BACK in governing(library, LATER)
    note = next(p for p in library.edition_notes() if p.guideline == BACK)
    assert note.text.startswith(f"{BACK} was in force from 2007-06-15 until it was replaced on 2020-01-01.")
    assert "corrected" in note.text
    assert note.id != before.id
    asked = {p.id for p, _ in library.ask(f"When was {BACK} in force and replaced?", LATER, 10)}
    assert note.id in asked
    switch(library, ChangeKind.DATES_UNDONE, Target(BACK))
    assert BACK not in governing(library, LATER)
    assert next(p for p in library.edition_notes() if p.guideline == BACK) == before
    assert library.passage(note.id).text == note.text  # a draft may cite it


def test_what_is_imported_in_the_place_of_what_is_off_is_off_too(library: Library, tmp_path: Path) -> None:
    mine = tmp_path / "mine.md"
    mine.write_text(
        guideline_file(
            ACUPUNCTURE, "acupuncture", section("(whole guideline)", "acupuncture", "Needles as I read them.")
        )
    )
    passage = next(p for p in library.passages() if p.guideline == ACUPUNCTURE and not p.edition_note)
    switch(library, ChangeKind.OFF, Target(ACUPUNCTURE, passage=lasting_name(passage)))
    library.import_paths([mine])
    assert [p.edition_note for p in library.passages() if p.guideline == ACUPUNCTURE] == [True]
    switch(library, ChangeKind.ON, Target(ACUPUNCTURE, passage=lasting_name(passage)))
    texts = {p.text for p in library.passages() if p.guideline == ACUPUNCTURE and not p.edition_note}
    assert texts == {"Needles as I read them."}


@pytest.mark.sqlite
def test_each_change_is_an_act_that_cannot_be_rewritten(library: Library, settings: Settings) -> None:
    switch(library, ChangeKind.OFF, Target(BACK, "Special Studies"))
    date_it(library, BACK, date(2008, 1, 1), None)
    assert [(c.kind, c.by) for c in library.changes_of(BACK)] == [(ChangeKind.OFF, "ann"), (ChangeKind.DATES, "ann")]
    assert library.changes_of(ACUPUNCTURE) == ()
    with closing(sqlite3.connect(settings.data_dir / FILE_NAME)) as connection:
        acts = connection.execute("SELECT kind, case_id, detail FROM acts").fetchall()
        assert [(kind, case) for kind, case, _ in acts] == [("guideline_off", None), ("guideline_dates", None)]
        assert '"was_to": "2017-12-01"' in acts[1][2]
        for statement in (
            "UPDATE guideline_changes SET note = 'x'",
            "DELETE FROM guideline_changes",
            "INSERT OR REPLACE INTO guideline_changes SELECT * FROM guideline_changes",
        ):
            with pytest.raises(sqlite3.DatabaseError, match="append-only"):
                connection.execute(statement)


def test_readers_at_once_see_a_change_and_keep_nothing_outdated(library: Library) -> None:
    switch_off = Change(ChangeKind.OFF, Target(ACUPUNCTURE), "ann", AT)
    ChangeLog(library._in.store.engine).add("ann", switch_off)  # as another process does
    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(library.held_editions) for _ in range(8)]
        read = [next(e.off for e in reader.result() if e.label == ACUPUNCTURE) for reader in readers]
    assert all(read)
