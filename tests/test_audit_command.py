"""`imr-assistant audit`: shown, verified with and without an anchor, exported, and what a decision rested on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from by_hand import tamper
from postgres_server import PostgresServer

from assistant.database import open_database
from assistant.domain import Outcome
from assistant.drafting.export import Format
from assistant.records import Act, AuditLog, AuditWanted, audit_key
from assistant.service import Service
from assistant.settings import Settings

CASE = "A 49-year-old man has low back pain. The physician requested authorization for 6 sessions of acupuncture."


def test_the_log_is_shown_verified_exported_and_a_decision_reproduced(data_dir: Path, run_cli, tmp_path: Path) -> None:
    service = Service.open(Settings(data_dir=data_dir))
    user = service.settings.user
    case = service.create_case(user, CASE, day=date(2016, 3, 1)).id
    service.draft_case(user, case)
    issue = service.set_outcome(user, case, 0, Outcome.UPHELD).draft.issues[0]
    service.keep_sentences(user, case, 0, [n for n, s in enumerate(issue.sentences) if not s.slot])
    letter = service.export(user, case, Format.MD).content
    service.close()
    where = ("--data-dir", data_dir)

    shown = run_cli("audit", "show", "--case", case, "--act", "decided", "--json", *where)
    [decided] = [json.loads(line) for line in shown.stdout.splitlines()]
    assert (decided["account"], decided["detail"]["outcome"]) == (user, "Upheld")
    (tmp_path / "letter.md").write_bytes(letter)
    by_file = run_cli("audit", "show", "--file", tmp_path / "letter.md", "--from", "2020-01-01", *where)
    assert "exported" in by_file.stdout
    assert by_file.stderr.endswith("1 entries fit; page 1 of 1.\n")
    assert run_cli("audit", "show", "--act", "nonsense", *where).returncode == 2

    anchor = tmp_path / "anchor.json"
    anchor.write_text(run_cli("audit", "anchor", *where).stdout)
    assert run_cli("audit", "verify", "--anchor", anchor, *where).returncode == 0
    out = tmp_path / "audit.csv"
    assert run_cli("audit", "export", "--format", "csv", "--out", out, *where).returncode == 0
    assert run_cli("audit", "verify", out, "--anchor", anchor).stdout.endswith("up to entry 9.\n")
    out.write_bytes(out.read_bytes().replace(b"Upheld", b"Overturned"))
    tampered = run_cli("audit", "verify", out)
    assert tampered.returncode == 1
    assert tampered.stderr == (
        f"The audit log is not as it was written: entry {decided['number']} was changed after it was written.\n"
    )

    rested = run_cli("audit", "reproduce", case, *where)
    assert rested.returncode == 0
    assert "the case summary" in rested.stdout

    tamper(data_dir, "DELETE FROM audit WHERE number = 2")
    broken = run_cli("audit", "verify", "--json", *where)
    assert (broken.returncode, json.loads(broken.stdout)["fault"]["number"]) == (1, 2)


def test_the_documented_ten_lines_verify_an_export(data_dir: Path, run_cli, tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "audit.md").read_text("utf-8")
    [program] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    run_cli("model", "set", "tone=formal", "--data-dir", data_dir)
    out = tmp_path / "audit.jsonl"
    run_cli("audit", "export", "--out", out, "--data-dir", data_dir)
    command = [sys.executable, "-W", "ignore", "-c", program, str(out)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.startswith("in order up to 2")
    out.write_text(out.read_text().replace("settings changed", "seen"))
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "AssertionError: changed: 1" in refused.stderr


@pytest.mark.slow
@pytest.mark.servers
def test_a_command_without_the_service_tells_the_log_of_the_server(postgres: PostgresServer, tmp_path: Path) -> None:
    with postgres.database() as url:
        environment = os.environ | {"IMR_DATA_DIR": str(tmp_path), "IMR_DATABASE_URL": url}
        command = [sys.executable, "-m", "assistant", "model", "set", "tone=formal"]
        subprocess.run(command, env=environment, capture_output=True, check=True)
        engine = open_database(tmp_path, url)
        try:
            log = AuditLog(engine, audit_key(tmp_path), now=lambda: datetime.now(UTC))
            assert [entry.act for entry in log.entries(AuditWanted())] == [Act.SETTINGS_CHANGED]
        finally:
            engine.dispose()
    assert not list(tmp_path.glob("*.db"))
