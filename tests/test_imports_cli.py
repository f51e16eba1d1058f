"""Imports by command: reports, letters that were not read whole, and mending."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

Cli = Callable[..., CompletedProcess[str]]
_CORPUS = Path(__file__).parents[1] / "corpus" / "determinations"


def test_an_import_is_listed_opened_and_mended(run_cli: Cli, data_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    text = (_CORPUS / "acupuncture-neck.md").read_text("utf-8").split("---", 2)[2]
    (folder / "cut.txt").write_text("Case Number: CM16-0000001\n" + text.partition("IMR DECISION")[0], "utf-8")
    (folder / "broken.pdf").write_bytes(b"This is no PDF.")
    done = run_cli("import", folder, "--json", "--data-dir", data_dir)
    report = json.loads(done.stdout)
    assert (report["read"], report["incomplete"], len(report["failed"])) == (1, 1, 1)
    (listed,) = map(json.loads, run_cli("imports", "--json", "--data-dir", data_dir).stdout.splitlines())
    assert (listed["import"], listed["state"]) == (report["import"], "done")
    assert "broken.pdf" in run_cli("imports", report["import"], "--data-dir", data_dir).stdout
    rows = [json.loads(line) for line in run_cli("letters", "--json", "--data-dir", data_dir).stdout.splitlines()]
    assert {row["file"] for row in rows} == {"cut.txt", "broken.pdf"}
    opened = run_cli("letters", "CM16-0000001", "--data-dir", data_dir)
    assert "No decision was found." in opened.stdout
    assert "CLINICAL CASE SUMMARY" in opened.stdout
    assert run_cli("letters", "CM16-0000002", "--data-dir", data_dir).returncode == 1
    assert "nothing was amiss" in run_cli("doctor", "--mend", "--data-dir", data_dir).stdout
