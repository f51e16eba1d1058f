"""No draft of the program's own wording is told to be mended by its own appeal check, whatever the outcome."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from assistant.domain import Outcome
from assistant.errors import UnreadableCase
from assistant.service import Service
from assistant.settings import Settings

OUTCOMES = [pytest.param(None, id="unforced"), *Outcome]
# Where the summary, or utilization review, words the request otherwise, no wording of the draft can mend it.
CAUSED_BY_THE_CASE = {"case_words_it_otherwise", "review_words_it_otherwise"}


@pytest.fixture(scope="module")
def service(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = shutil.copytree(starter_dir, tmp_path_factory.mktemp("drafts") / "data")
    running = Service.open(Settings(data_dir=Path(folder)))
    yield running
    running.close()


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_no_sample_case_is_drafted_into_an_error(outcome: Outcome | None, service: Service) -> None:
    drafted = 0
    for sample in service.samples():
        try:
            draft = service.draft_text(sample.text, day=sample.day, outcome=outcome, case_id=sample.name)
        except UnreadableCase:
            continue  # one sample words no request
        drafted += len(draft.issues)
        errors = [(sample.name, c.id, c.message) for c in draft.checks if c.level == "error"]
        assert [e for e in errors if e[1] not in CAUSED_BY_THE_CASE] == []
    assert drafted >= 15


@pytest.mark.letters
@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_no_real_case_is_drafted_into_an_error_of_the_drafts_own(
    outcome: Outcome | None,
    letters_dir: Path,
    data_dir: Path,
    tmp_path: Path,
    run_cli: Callable[..., CompletedProcess[str]],
) -> None:
    letters = [json.loads(line) for line in (letters_dir / "gold.jsonl").read_text("utf-8").splitlines()]
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(json.dumps(_row(letter, outcome)) + "\n" for letter in letters), "utf-8")
    done = run_cli("draft", "--jsonl", file, "--json", "--data-dir", data_dir, timeout=900)
    assert done.returncode == 0, done.stderr
    drafts = [json.loads(line) for line in done.stdout.splitlines()]
    errors = [(d["id"], check) for d in drafts for check in d["checks"] if check["level"] == "error"]
    assert len(drafts) == len(letters)
    assert [(name, c["id"]) for name, c in errors if c["id"] not in CAUSED_BY_THE_CASE] == []
    assert all(check["quote"] for _, check in errors)


def _row(letter: dict[str, Any], outcome: Outcome | None) -> dict[str, Any]:
    return {
        "id": letter["case_number"],
        "case_summary": letter["case_summary"],
        "date": datetime.strptime(letter["decision_date"], "%m/%d/%Y").date().isoformat(),  # noqa: DTZ007
        "services": [issue["service"] for issue in letter["issues"]],
        "outcome": outcome,
    }
