"""The search command as a process: its JSON holds the contract, wrong input is one sentence and exit 2."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import jsonschema
import pytest

sys.path.append(str(Path(__file__).parent / "library"))

from made_library import ACUPUNCTURE, letter_pdf, letter_text

Cli = Callable[..., CompletedProcess[str]]
SCHEMA = json.loads((Path(__file__).parent / "contracts" / "search.schema.json").read_text("utf-8"))


def found(run_cli: Cli, data_dir: Path, *arguments: str) -> dict[str, object]:
    done = run_cli("search", *arguments, "--json", "--data-dir", data_dir)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, SCHEMA)
    return answer


def test_search_holds_its_contract_and_says_what_it_mended(run_cli: Cli, data_dir: Path) -> None:
    answer = found(run_cli, data_dir, "acupunture", "--facets", "--region", "neck", "--limit", "3")
    assert answer["corrections"] == [{"typed": "acupunture", "used": "acupuncture"}]
    assert answer["results"]
    assert answer["outcomes"] == {"Upheld": 0, "Overturned": 0}
    assert answer["matching"]["illustrative"] > 0
    assert {"service", "region", "guideline"} <= set(answer["facets"])


def test_a_saved_search_is_run_and_deleted(run_cli: Cli, data_dir: Path) -> None:
    def searches(*arguments: str) -> CompletedProcess[str]:
        return run_cli("searches", *arguments, "--data-dir", data_dir)

    assert searches("save", "Needles", "acupuncture", "--outcome", "Upheld").returncode == 0
    assert json.loads(searches("list", "--json").stdout)["choices"] == {"outcome": "Upheld"}
    assert "Needles: acupuncture, outcome Upheld" in searches("list").stdout
    answer = found(run_cli, data_dir, "--saved", "needles")
    assert {r["outcome"] for r in answer["results"]} == {"Upheld"}
    assert searches("delete", "Needles").returncode == 0
    gone = searches("delete", "Needles")
    assert (gone.returncode, gone.stderr.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    "arguments", [("--region", "elephant"), ("--from", "2016-13-01"), ("--service", "sorcery"), ("--sort", "size")]
)
def test_wrong_input_is_exit_2(run_cli: Cli, data_dir: Path, arguments: tuple[str, str]) -> None:
    done = run_cli("search", "acupuncture", *arguments, "--data-dir", data_dir)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_list_is_written_as_csv(run_cli: Cli, data_dir: Path, tmp_path: Path) -> None:
    def listed(where: object, *arguments: str) -> CompletedProcess[str]:
        return run_cli("search", *arguments, "--csv", where, "--data-dir", data_dir)

    done = listed("-", "acupuncture", "--limit", "1")
    assert done.returncode == 0, done.stderr
    rows = list(csv.reader(io.StringIO(done.stdout.removeprefix("\ufeff"), newline="")))
    assert len(rows) > 2
    assert f"{len(rows) - 1} decisions were written." in done.stderr
    assert listed(tmp_path / "list.csv", "acupuncture").stdout == ""
    assert (tmp_path / "list.csv").read_bytes() == done.stdout.encode()
    full = listed(tmp_path / "no" / "such" / "folder.csv", "acupuncture")
    assert (full.returncode, full.stderr.count("\n")) == (1, 1)
    assert listed("-").returncode == 2


def test_two_decisions_are_compared(run_cli: Cli, data_dir: Path) -> None:
    one, other = (r["decision_id"] for r in found(run_cli, data_dir, "acupuncture", "--limit", "2")["results"])
    done = run_cli("compare", one, other, "--json", "--data-dir", data_dir)
    compared = json.loads(done.stdout)
    assert [d["decision_id"] for d in compared["decisions"]] == [one, other]
    assert set(compared["decisions"][0]["case_summary_states"]) <= set(compared["kinds"])
    text = run_cli("compare", one, other, "--data-dir", data_dir).stdout
    assert f"Rationale of {other}" in text
    assert run_cli("compare", one, one, "--data-dir", data_dir).returncode == 2
    gone = run_cli("compare", one, "gone", "--data-dir", data_dir)
    assert (gone.returncode, gone.stderr.count("\n")) == (1, 1)


def test_an_option_that_hides_everything_is_named(run_cli: Cli, data_dir: Path) -> None:
    done = run_cli("search", "acupuncture", "--from", "2090-01-01", "--data-dir", data_dir)
    assert "Without the option on decided," in done.stderr


def test_a_page_of_a_letter_is_written_as_an_image(run_cli: Cli, data_dir: Path, tmp_path: Path) -> None:
    text = letter_text("CM17-0000001", [("Acupuncture", "Upheld", ACUPUNCTURE, "No gain was shown. " * 30)])
    letter_pdf(tmp_path / "letter.pdf", text, lines_a_page=14)
    assert run_cli("import", tmp_path / "letter.pdf", "--data-dir", data_dir).returncode == 0

    def page(*arguments: object) -> CompletedProcess[str]:
        return run_cli("letters", *arguments, "--data-dir", data_dir)

    done = page("CM17-0000001-1", "--page", 2, "--out", tmp_path / "page.png")
    assert "the decision's rationale begins on page 2" in done.stderr
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
    assert page("CM17-0000001-1", "--page", 9, "--out", tmp_path / "none.png").returncode == 1
    assert page("CM17-0000001-1", "--page", 2).returncode == 2
