"""`imr-assistant cases`: a case is entered, listed with what is due, changed, deleted and brought back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from assistant.database import open_database
from assistant.deadlines import Priority, due_date
from assistant.records import Listed, Records

Run = Callable[..., CompletedProcess[str]]
CASE = Path("corpus/cases/acupuncture-low-back.txt")
TODAY = datetime.now(UTC).date()


@pytest.fixture
def kept(data_dir: Path) -> tuple[Path, str]:
    """A data folder with one case, received 40 days ago."""
    engine = open_database(data_dir)
    case = Records(engine).create_case(
        "reviewer",
        title="Needles",
        text="A baker's back.",
        day=None,
        services=(),
        received=TODAY - timedelta(days=40),
        listed=Listed(("6 sessions of acupuncture",), ("acupuncture",)),
    )
    engine.dispose()
    return data_dir, case.id


def test_a_case_is_entered_from_a_file(run_cli: Run, data_dir: Path) -> None:
    received = TODAY - timedelta(days=2)
    made = run_cli("cases", "new", CASE, "--received", received, "--no-draft", "--json", "--data-dir", data_dir)
    assert made.returncode == 0, made.stderr
    row = json.loads(made.stdout)
    assert (row["state"], row["kinds"], row["received"]) == ("new", ["acupuncture"], received.isoformat())
    assert date.fromisoformat(row["due"]) == due_date(received, Priority.REGULAR)


def test_cases_are_narrowed(run_cli: Run, kept: tuple[Path, str]) -> None:
    folder, _ = kept
    words = ("needles", "--state", "new", "--service", "Acupuncture", "--sort", "due")
    found = run_cli("cases", "list", *words, "--data-dir", folder)
    assert "Needles" in found.stdout
    assert "overdue by" in found.stdout
    none = run_cli("cases", "list", "--to", "2016-01-01", "--data-dir", folder)
    assert (none.stdout, none.stderr.strip()) == ("", "No case fits.")


def test_a_case_is_changed_deleted_and_restored(run_cli: Run, kept: tuple[Path, str]) -> None:
    folder, case = kept
    changed = run_cli("cases", "change", case, "--priority", "formulary medication", "--data-dir", folder)
    assert "five working days" in changed.stdout
    assert run_cli("cases", "delete", case, "--data-dir", folder).returncode == 0
    engine = open_database(folder)
    assert Records(engine).cases("reviewer") == ()
    assert run_cli("cases", "restore", case, "--data-dir", folder).returncode == 0
    assert [record.priority for record in Records(engine).cases("reviewer")] == [Priority.FORMULARY]
    engine.dispose()


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("list", "--state", "lost"), id="no such state"),
        pytest.param(("new", CASE, "--received", TODAY + timedelta(days=3)), id="received in the future"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(words: tuple[object, ...], run_cli: Run, data_dir: Path) -> None:
    done = run_cli("cases", *words, "--data-dir", data_dir)
    assert (done.returncode, done.stdout, done.stderr.strip().count("\n")) == (2, "", 0)
