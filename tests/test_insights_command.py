"""The insights command as a process: counts as a table, JSON and CSV; facts of a service; the last evaluation."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

sys.path.append(str(Path(__file__).parent / "library"))

from made_library import many_letters

from assistant.printing_insights import Listing, csv_of
from assistant.service import Service
from assistant.settings import Settings

Cli = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def filled(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with thirty made-up real letters of sixty decisions; read only."""
    folder = tmp_path_factory.mktemp("insights")
    many_letters(folder, 30)
    for path in folder.glob("letter-*.txt"):
        path.write_text(path.read_text("utf-8").replace("low back pain", "low back pain of 6/10"), "utf-8")
    data = Path(shutil.copytree(starter_dir, folder / "data"))
    service = Service.open(Settings(data_dir=data))
    service.import_paths(sorted(folder.glob("letter-*.txt")))
    service.close()
    return data


def rows_of(done: CompletedProcess[str]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_groups_are_printed_in_three_forms(run_cli: Cli, filled: Path) -> None:
    rows = rows_of(run_cli("insights", "--json", "--data-dir", filled))
    assert {row["value"] for row in rows} == {"acupuncture", "mri_lumbar", "gym_membership"}
    assert sum(row["upheld"] + row["overturned"] for row in rows) == 60
    assert all(row["overturned_share_low"] <= row["overturned_share"] <= row["overturned_share_high"] for row in rows)
    assert rows[0]["choices"] == {"service": rows[0]["value"], "illustrative": False}
    table = run_cli("insights", "--by", "time", "--data-dir", filled)
    assert "2016 Q4" in table.stdout
    assert "not precedent" in table.stdout
    written = run_cli("insights", "--by", "guideline", "--csv", "--data-dir", filled)
    read = list(csv.DictReader(io.StringIO(written.stdout)))
    assert sum(int(row["upheld"]) + int(row["overturned"]) for row in read) == 60
    assert "not precedent" in written.stderr


def test_a_service_is_compared_by_what_its_letters_state(run_cli: Cli, filled: Path) -> None:
    rows = rows_of(run_cli("insights", "--service", "acupuncture sessions", "--json", "--data-dir", filled))
    assert rows
    assert {row["service"] for row in rows} == {"acupuncture"}
    sides = rows_of(run_cli("insights", "--json", "--data-dir", filled))
    acupuncture = next(row for row in sides if row["value"] == "acupuncture")
    assert {(row["upheld_n"], row["overturned_n"]) for row in rows} == {
        (acupuncture["upheld"], acupuncture["overturned"])
    }
    said = run_cli("insights", "--by", "facts", "--in", "either", "--data-dir", filled)
    assert "Different services are mixed here" in " ".join(said.stdout.split())


def test_nothing_imported_and_nothing_measured_say_what_to_do(run_cli: Cli, data_dir: Path) -> None:
    assert "imr-assistant import PATH" in run_cli("insights", "--data-dir", data_dir).stdout
    assert "imr-assistant evaluate GOLD" in run_cli("insights", "--assistant", "--data-dir", data_dir).stdout


@pytest.mark.parametrize("arguments", [("--service", "sorcery"), ("--by", "colour"), ("--json", "--csv")])
def test_wrong_input_is_exit_2(run_cli: Cli, data_dir: Path, arguments: tuple[str, str]) -> None:
    done = run_cli("insights", *arguments, "--data-dir", data_dir)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_no_cell_of_the_csv_is_run_as_a_formula() -> None:
    listing = Listing("", ({"label": "=1+1", "difference": -0.5},), {}, ())
    assert csv_of(listing) == "label,difference\n'=1+1,-0.5\n"
