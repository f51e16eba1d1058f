"""From a file to a draft: the text of the chapter in force, in each format, gives findings and is cited."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess

import docx
import pytest

from assistant.domain import IssueDraft, Status
from assistant.service import Service
from assistant.settings import Settings

sys.path.append(str(Path(__file__).parent / "reading"))
from laid_out import Put, column, pdf_of  # noqa: E402 - the path comes first

Cli = Callable[..., CompletedProcess[str]]
LABEL = "MTUS Low Back Disorders (ACOEM February 13, 2020)"
DAY = date(2026, 11, 20)
CASE = (
    "A 44 year old man has had low back pain since 3/2/2026. He had 6 sessions of acupuncture and can now walk and "
    "lift more than before. The treating physician requested authorization for 8 sessions of acupuncture for the low "
    "back."
)
# Invented: no sentence of a guideline stands here.
SENTENCES = [
    "More needles are recommended only after functional improvement was documented.",
    "No more than 20 sessions of acupuncture should be given.",
]
INTRO = "This text was made up for a test; it stands for the chapter of the ACOEM of February 13, 2020."


def _docx() -> bytes:
    document = docx.Document()
    document.add_heading("Low Back Disorders", 0)
    document.add_paragraph(INTRO)
    for heading, level in (("Low Back", 1), ("Acupuncture", 2)):
        document.add_heading(heading, level)
    for sentence in SENTENCES:
        document.add_paragraph(sentence)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


FORMATS = {
    "docx": _docx(),
    "pdf": pdf_of(
        [
            [Put(50, 780, "Low Back Disorders", 20), *column([INTRO[:70], INTRO[70:]], top=740)],
            [Put(50, 780, "Low Back", 16), Put(50, 750, "Acupuncture", 13), *column(SENTENCES, top=730)],
        ]
    ),
    "html": (
        f"<html><head><title>Low Back Disorders</title></head><body><p>{INTRO}</p><h1>Low Back</h1><h2>Acupuncture</h2>"
        f"<p>{'</p><p>'.join(SENTENCES)}</p></body></html>"
    ).encode(),
    "md": f"# Low Back Disorders\n\n{INTRO}\n\n## Low Back\n\n### Acupuncture\n\n{' '.join(SENTENCES)}\n".encode(),
    "txt": (
        f"LOW BACK DISORDERS\n\n{INTRO}\n\n1. Low Back\n\nBacks hurt and get better.\n\n1.1 Acupuncture\n\n"
        f"{' '.join(SENTENCES)}\n"
    ).encode(),
}


@pytest.fixture
def service(data_dir: Path) -> Iterator[Service]:
    running = Service.open(Settings(data_dir=data_dir))
    yield running
    running.close()


def issue(service: Service) -> IssueDraft:
    (only,) = service.draft_text(CASE, day=DAY).issues
    return only


@pytest.mark.parametrize("ending", FORMATS)
def test_a_draft_of_today_rests_on_the_text_that_was_brought_in(service: Service, tmp_path: Path, ending: str) -> None:
    before = issue(service)
    assert any(notice.startswith(f"Import the text of {LABEL}") for notice in before.notices)
    assert before.findings == ()
    path = tmp_path / f"chapter.{ending}"
    path.write_bytes(FORMATS[ending])
    shown = service.preview_guideline(path)
    assert (shown.guess.metadata.label, shown.lacking) == (LABEL, None)
    service.import_guideline(path, content_hash=shown.content_hash)
    after = issue(service)
    assert not any("Import the text" in notice for notice in after.notices)
    assert after.guidelines[0].guideline == LABEL
    assert (after.guidelines[0].section or "").endswith("Acupuncture")
    found = {finding.criterion.text: finding for finding in after.findings}
    assert set(found) == set(SENTENCES)
    gain = found[SENTENCES[0]]
    assert gain.status in {Status.SUPPORTED, Status.FOR_REVIEWER}
    assert "walk and lift more" in gain.evidence[0].quote
    assert f"{LABEL}, " in gain.criterion.source
    assert ("page 2" in gain.criterion.source) is (ending == "pdf")
    assert after.lean.outcome is None  # what a machine read decides nothing
    cited = [s for s in after.sentences if any(support.id == gain.passage_id for support in s.supports)]
    assert cited
    assert all(sentence.verified for sentence in cited)


def test_a_text_that_was_brought_in_is_not_asked_for_again(service: Service, tmp_path: Path) -> None:
    def notices() -> tuple[str, ...]:
        (only,) = service.draft_text(CASE, services=("L4-5 epidural steroid injection",), day=DAY).issues
        return only.notices

    assert any(notice.startswith(f"Import the text of {LABEL}") for notice in notices())
    path = tmp_path / "chapter.md"
    path.write_text(
        f"# Low Back Disorders\n\n{INTRO}\n\n## Epidural steroid injections\n\nThey must not be repeated.\n"
    )
    service.import_guideline(path)
    assert not any("Import the text" in notice for notice in notices())
    assert any(notice.startswith(f"Check the marked criteria of {LABEL}") for notice in notices())


@pytest.fixture
def chapter(tmp_path: Path) -> Path:
    path = tmp_path / "chapter.txt"
    path.write_text("Backs at Work\n\nBacks hurt.\n\nAcupuncture\n\nNo more than 20 sessions should be given.\n")
    return path


def test_the_command_line_says_which_option_is_missing(run_cli: Cli, data_dir: Path, chapter: Path) -> None:
    done = run_cli("import", chapter, "--kind", "official", "--data-dir", data_dir)
    (said,) = [line for line in done.stderr.splitlines() if line]
    assert (done.returncode, done.stdout) == (1, "")
    assert said.startswith("chapter.txt was not imported: ")
    assert "--in-force-from" in said


def test_a_file_that_is_neither_is_refused_with_the_way_to_bring_it_in(
    run_cli: Cli, data_dir: Path, chapter: Path
) -> None:
    done = run_cli("import", chapter, "--data-dir", data_dir)
    assert done.returncode == 1
    assert "neither a determination letter nor a guideline file" in done.stderr
    assert "--kind official" in done.stderr


def test_the_command_line_shows_and_imports_a_text(run_cli: Cli, data_dir: Path, chapter: Path) -> None:
    options = ("--label", "Backs 2024", "--in-force-from", "2024-01-01", "--edition", "2024", "--data-dir", data_dir)
    shown = json.loads(run_cli("import", chapter, "--dry-run", "--json", *options).stdout)
    assert (shown["type"], shown["ready"], shown["report"]["criteria"]) == ("guideline", True, 1)
    assert shown["guess"]["label"] == {"value": "Backs 2024", "from": "as given"}
    assert shown["guess"]["kind"]["value"] == "official"
    done = run_cli("import", chapter, "--json", *options)
    assert json.loads(done.stdout)["label"] == "Backs 2024"
    assert "in force from: 2024-01-01 (as given)" in done.stderr
    assert "is in the library already, as Backs 2024" in run_cli("import", chapter, *options).stderr


def test_a_folder_is_not_taken_for_one_guideline(run_cli: Cli, data_dir: Path, chapter: Path) -> None:
    done = run_cli("import", chapter.parent, "--label", "Backs", "--data-dir", data_dir)
    assert done.returncode == 1
    assert "name the guideline’s files" in done.stderr
