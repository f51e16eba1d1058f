"""The 64 letters drafted and told again, one value changed at a time: see mutations.py."""

from __future__ import annotations

import json
import random
from datetime import datetime
from pathlib import Path

import pytest
from mutations import INSIDE, Origin, mutants, origins, sampled, shares
from retold_cases import retold

from assistant.domain import Draft, Outcome, Verdict
from assistant.drafting.verification import verify_one
from assistant.service import Service
from assistant.settings import Settings

pytestmark = [pytest.mark.letters, pytest.mark.slow, pytest.mark.timeout(1200)]

SEED = 20161220


def _drafts(letters_dir: Path, data_dir: Path) -> list[Draft]:
    service = Service.open(Settings(data_dir=data_dir))
    made = []
    for line in (letters_dir / "gold.jsonl").read_text("utf-8").splitlines():
        letter = json.loads(line)
        day = datetime.strptime(letter["decision_date"], "%m/%d/%Y").date()  # noqa: DTZ007
        services = tuple(issue["service"] for issue in letter["issues"])
        for outcome in (None, *Outcome):
            made.append(service.draft_text(letter["case_summary"], day=day, services=services, outcome=outcome))
    service.close()
    return made


def test_mutants_of_the_letters(letters_dir: Path, data_dir: Path, tmp_path: Path) -> None:
    drafts = _drafts(letters_dir, data_dir)
    texts = dict.fromkeys(draft.case.text for draft in drafts)
    right: dict[str, list[Origin]] = {
        "drafts": [origin for draft in drafts for origin in origins(draft)],
        "retold": [origin for text in texts for origin in retold(text)],
    }
    rng = random.Random(SEED)  # noqa: S311  a repeatable choice, nothing secret
    for name, some in right.items():
        checked = [verify_one(origin.sentence, origin.issue, origin.case, origin.passages) for origin in some]
        assert sum(sentence.verdict is not Verdict.PASSED for sentence in checked) == 0, name
        made = sampled((mutant for origin in some for mutant in mutants(origin, rng)), 4000, rng)
        found = shares(made)
        survivors = tmp_path / f"survivors-{name}.txt"
        survivors.write_text(found.listed(), "utf-8")
        print(f"{name}\n{found.table()}")  # noqa: T201  the figures, seen with `pytest -s`
        assert len(made) >= 3000
        assert sum(mutant.source == INSIDE for mutant in made) >= len(made) * 0.4
        assert found.share >= 0.99, f"{name}: the survivors are in {survivors}\n{found.table()}"
