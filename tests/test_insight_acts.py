"""Insights through the service: a comparison is made once for each state of the library, and an evaluation is kept."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent / "library"))

from made_library import ACUPUNCTURE, FakeEmbedder, letter_text

from assistant.database import open_database
from assistant.errors import NotThere, WrongInput
from assistant.evaluation.run import Plan
from assistant.library.documented import Where
from assistant.library.importing import Silent
from assistant.library.library import open_library
from assistant.service import Service
from assistant.settings import Settings

_GAIN = "Acupuncture improved her function: she now walks for an hour."


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The service over the corpus that ships, with vectors that need no model, and one real letter."""
    settings = Settings(data_dir=tmp_path / "data")
    engine = open_database(settings.data_dir)
    made = Service(settings, engine, open_library(settings, engine, embedder=FakeEmbedder()))
    bring(made, tmp_path, 1, "Overturned")
    yield made
    made.close()


def bring(service: Service, folder: Path, number: int, outcome: str) -> None:
    issue = ("Acupuncture for the low back, 6 sessions", outcome, ACUPUNCTURE, f"Weighed {number}.")
    path = folder / f"letter-{number}.txt"
    path.write_text(letter_text(f"CM17-{number:07d}", [issue], summary=f"Worker {number}. {_GAIN}"))
    assert service.import_paths([path]).read == 1


class Reads(Silent):
    """Progress that remembers how much there was to read."""

    def __init__(self) -> None:
        self.totals = []

    def start(self, what: str, total: int) -> None:
        """An act of `total` steps begins."""
        self.totals.append(total)


def test_a_comparison_is_made_once_for_each_state_of_the_library(service: Service, tmp_path: Path) -> None:
    reads = Reads()
    assert service.unread_texts("acupuncture sessions") == 1
    first = service.documented("acupuncture", progress=reads)
    assert service.documented("acupuncture", progress=reads) is first
    assert service.unread_texts("acupuncture") == 0
    bring(service, tmp_path, 2, "Upheld")
    assert service.unread_texts("acupuncture") == 1
    second = service.documented("acupuncture", progress=reads)
    assert (first.overturned, first.upheld, second.overturned, second.upheld) == (1, 0, 1, 1)
    assert reads.totals == [1, 1]
    stating = service.decisions_stating(None, "functional_improvement", Where.EITHER)
    assert [case.case_number for case in stating] == ["CM17-0000001", "CM17-0000002"]
    assert service.insights("acupuncture").all.upheld == 1


def test_what_is_no_service_and_no_fact_is_refused(service: Service) -> None:
    with pytest.raises(WrongInput, match="none that the library knows"):
        service.documented("sorcery")
    with pytest.raises(NotThere, match="no fact of this name"):
        service.decisions_stating("acupuncture", "happiness")
    assert service.last_evaluation() is None


@pytest.mark.slow
def test_an_evaluation_leaves_its_figures_in_the_data_folder(service: Service, tmp_path: Path) -> None:
    issue = {
        "service": "Acupuncture for the low back, 6 sessions",
        "outcome": "Upheld",
        "claims_administrator_guideline": "ODG",
        "reviewer_guideline": ACUPUNCTURE,
        "guidelines": [ACUPUNCTURE],
        "sections": [],
        "rationale": "Weighed.",
    }
    letter = {"case_number": "CM16-1", "decision_date": "12/21/2016", "case_summary": _GAIN, "issues": [issue]}
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps(letter) + "\n", "utf-8")
    measured = service.evaluate(Plan(gold))
    kept = service.last_evaluation()
    assert kept is not None
    assert (kept.letters, kept.issues, kept.command) == (1, 1, "imr-assistant evaluate GOLD")
    first = kept.panels[0].figures[0]
    assert (first.name, first.value, first.n) == ("doc@1", measured["doc@1"]["value"], 1)
    assert kept.grounding == (measured["drafts"]["grounding_faults"], measured["drafts"]["sentences"])
