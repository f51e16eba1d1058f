"""The export command: a draft's JSON or a kept case becomes a file; what cannot be exported is one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from pypdf import PdfReader

from assistant.domain import Outcome
from assistant.service import Service
from assistant.settings import Settings

Cli = Callable[..., CompletedProcess[str]]
CASE = Path(__file__).parents[1] / "corpus" / "cases" / "acupuncture-low-back.txt"


@pytest.fixture
def printed(run_cli: Cli, data_dir: Path, tmp_path: Path) -> Path:
    """What `draft --json` printed of a sample case."""
    done = run_cli("draft", CASE, "--date", "2016-03-01", "--outcome", "Upheld", "--json", "--data-dir", data_dir)
    assert done.returncode == 0, done.stderr
    file = tmp_path / "draft.json"
    file.write_text(done.stdout, "utf-8")
    return file


def test_a_printed_draft_becomes_a_file_of_each_form(run_cli: Cli, printed: Path, tmp_path: Path) -> None:
    for form, starts in (("pdf", b"%PDF"), ("docx", b"PK"), ("md", b"**DRAFT"), ("json", b"{")):
        out = tmp_path / f"made.{form}"
        done = run_cli("export", printed, "--out", out)
        assert (done.returncode, done.stderr) == (0, f"Wrote made.{form}.\n")
        assert out.read_bytes().startswith(starts)
    made = json.loads((tmp_path / "made.json").read_text("utf-8"))
    draft = json.loads(printed.read_text("utf-8"))
    assert made["decisions"][0]["rationale"] == draft["issues"][0]["rationale"]
    assert made["clinical_case_summary"] == CASE.read_text("utf-8")
    bare = tmp_path / "bare.pdf"
    assert run_cli("export", printed, "--format", "pdf", "--out", bare, "--no-evidence").returncode == 0
    told = [" ".join(page.extract_text() for page in PdfReader(file).pages) for file in (bare, tmp_path / "made.pdf")]
    assert ["EVIDENCE" in text for text in told] == [False, True]


def test_a_kept_case_is_exported_with_its_record(run_cli: Cli, data_dir: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=data_dir)
    service = Service.open(settings)
    case = service.create_case(settings.user, CASE.read_text("utf-8"))
    service.draft_case(settings.user, case.id)
    service.set_outcome(settings.user, case.id, 0, Outcome.UPHELD)
    slots = service.case(settings.user, case.id).draft.issues[0].open_slots
    kept = [n for n, s in enumerate(service.case(settings.user, case.id).draft.issues[0].sentences) if s not in slots]
    service.keep_sentences(settings.user, case.id, 0, kept)
    service.close()
    out = tmp_path / "made.json"
    done = run_cli("export", case.id, "--out", out, "--data-dir", data_dir)
    assert done.returncode == 0, done.stderr
    made = json.loads(out.read_text("utf-8"))
    assert (made["status"], made["decisions"][0]["decided"]["by"]) == ("decided", settings.user)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "not one JSON object", id="empty"),
        pytest.param("She hurt her knee.", "not one JSON object", id="no JSON"),
        pytest.param("{}", "its field id is missing or wrong", id="another JSON"),
        pytest.param('{"id": "a"}\n{"id": "b"}\n', "holds 2 drafts; export takes one", id="two drafts"),
    ],
)
def test_what_is_no_draft_is_refused_in_a_sentence(run_cli: Cli, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "given.json"
    file.write_text(text, "utf-8")
    done = run_cli("export", file, "--out", tmp_path / "made.pdf")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr
    assert not (tmp_path / "made.pdf").exists()


def test_an_unknown_ending_and_an_unknown_case_are_refused(run_cli: Cli, data_dir: Path, tmp_path: Path) -> None:
    done = run_cli("export", "nothing", "--out", tmp_path / "made.odt")
    assert (done.returncode, "name it with --format" in done.stderr) == (2, True)
    done = run_cli("export", "nothing", "--out", tmp_path / "made.pdf", "--data-dir", data_dir)
    assert done.returncode == 1
    assert "no file and no case of that name" in done.stderr
