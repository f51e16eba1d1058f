"""Real cases drafted by the command line: nothing unverified shown as verified, every quotation where it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import jsonschema
import pytest
from independent_checker import faults

pytestmark = [pytest.mark.letters, pytest.mark.slow, pytest.mark.timeout(1200)]

_CONTRACT = json.loads((Path(__file__).parent / "contracts" / "draft.schema.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def gold(letters_dir: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (letters_dir / "gold.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("outcome", [None, "Upheld", "Overturned"])
def test_every_case_drafts_without_a_fault(
    outcome: str | None,
    gold: list[dict[str, Any]],
    data_dir: Path,
    tmp_path: Path,
    run_cli: Callable[..., CompletedProcess[str]],
) -> None:
    file = tmp_path / "cases.jsonl"
    rows = [
        {
            "id": letter["case_number"],
            "case_summary": letter["case_summary"],
            "date": datetime.strptime(letter["decision_date"], "%m/%d/%Y").date().isoformat(),  # noqa: DTZ007
            "services": [issue["service"] for issue in letter["issues"]],
            "outcome": outcome,
        }
        for letter in gold
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    done = run_cli("draft", "--jsonl", file, "--json", "--data-dir", data_dir, timeout=900)
    assert done.returncode == 0, done.stderr
    drafts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [d["id"] for d in drafts] == [row["id"] for row in rows]
    found: list[str] = []
    for row, draft in zip(rows, drafts, strict=True):
        jsonschema.validate(draft, _CONTRACT)
        assert [issue["service"] for issue in draft["issues"]] == row["services"]
        found += [f"{row['id']}: {fault}" for fault in faults(draft, str(row["case_summary"]))]
    assert found == []
