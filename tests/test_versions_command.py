"""`versions` and `evidence` on a kept case, in processes of their own."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from assistant.service import Service
from assistant.settings import Settings

CASE = (
    "The injured worker is a 49-year-old man who was hurt on 3/7/05. He was diagnosed with lumbar spondylosis. "
    "Treatment to date has included acupuncture. The treating physician requested authorization for 6 sessions of "
    "acupuncture for the low back."
)


def test_versions_are_listed_compared_and_restored_and_a_passage_pinned(data_dir: Path, run_cli) -> None:
    service = Service.open(Settings(data_dir=data_dir))
    user = service.settings.user
    case = service.create_case(user, CASE, day=date(2016, 3, 1)).id
    first = service.draft_case(user, case).draft.issues[0]
    service.edit(user, case, 0, first.rationale + " I spoke with the physician.", 1)
    service.close()
    where = ("--data-dir", data_dir)

    listed = run_cli("versions", "list", case, "--json", *where)
    assert [json.loads(line)["cause"] for line in listed.stdout.splitlines()] == ["edited", "drafted"]
    compared = run_cli("versions", "compare", case, "1", *where)
    assert [line for line in compared.stdout.splitlines() if line[:1] in "+-~"] == ["+ I spoke with the physician."]
    assert run_cli("versions", "restore", case, "1", *where).stderr.endswith("Version 1 is back, as version 3.\n")
    missing = run_cli("versions", "restore", case, "9", *where)
    assert (missing.returncode, missing.stderr.splitlines()[-1]) == (1, "There is no earlier version of that number.")

    found = run_cli("evidence", "find", case, "acupuncture", "--json", *where)
    passage = json.loads(found.stdout.splitlines()[0])["id"]
    assert "Pinned; the draft is version 4." in run_cli("evidence", "pin", case, passage, *where).stderr
    assert run_cli("evidence", "pin", case, *where).returncode == 2
    assert run_cli("evidence", "offers", case, "1", "--take", "9", *where).returncode == 2
