"""The search command as a process: its JSON holds the contract, wrong input is one sentence and exit 2."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import jsonschema
import pytest

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
