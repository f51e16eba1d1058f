"""A few real letters through the whole procedure, in the real corpus, with vectors that need no model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_corpus import WordEmbedder
from sqlalchemy import Engine

from assistant.evaluation.gold import read_gold
from assistant.evaluation.run import Plan, evaluate
from assistant.evaluation.split import Part, Split
from assistant.library.scratch import scratch_library
from assistant.reading.lexicon import load_lexicon
from assistant.settings import Settings

pytestmark = pytest.mark.letters

_SET_ASIDE, _FEW = 16, 6


@pytest.fixture
def few(letters_dir: Path, tmp_path: Path) -> Path:
    """The first letters of those not set aside, as a file of their own."""
    gold = letters_dir / "gold.jsonl"
    rest = Split(_SET_ASIDE, only=Part.REST).measured(read_gold(gold))
    chosen = sorted(letter.case_number for letter in rest)[:_FEW]
    lines = [line for line in gold.read_text("utf-8").splitlines() if json.loads(line)["case_number"] in chosen]
    path = tmp_path / "few.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.mark.slow
def test_real_letters_are_measured_beside_simpler_ways(few: Path, lender: Engine, tmp_path: Path) -> None:
    settings, out = Settings(data_dir=tmp_path / "data"), tmp_path / "out"
    with scratch_library(settings, lender, WordEmbedder()) as library:
        measured = evaluate(library, load_lexicon(settings.corpus_dir), Plan(few, out=out))
    readings, baselines = measured["readings"], measured["baselines"]
    assert measured["letters"] == _FEW
    assert measured["n"] == measured["mtus"] + measured["odg"] + measured["outside"] >= _FEW
    assert readings["all_aliases"]["unknown"] <= measured["unknown"] < measured["n"]
    assert measured["doc@3"]["value"] > baselines["full text only"]["doc@3"]["value"]
    assert measured["sec@3"]["value"] > baselines["plain LangChain chain"]["sec@3"]["value"]
    assert measured["search"]["known@10"]["value"] > 0.5
    assert (out / "evaluation.png").read_bytes().startswith(b"\x89PNG")
