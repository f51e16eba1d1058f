"""What is hidden in texts that hold no person: sample cases and criteria of the corpus, and redacted letters."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.privacy import Deidentifier

CORPUS = Path(__file__).parents[2] / "corpus"
NewCase = Callable[..., Deidentifier]


@pytest.mark.slow
@pytest.mark.parametrize("part", ["cases/*.txt", "guidelines/*.md", "determinations/*.md"])
def test_the_corpus_loses_no_word_but_dates_and_case_numbers(new_case: NewCase, part: str) -> None:
    paths = sorted(CORPUS.glob(part))
    assert len(paths) > 10
    case = new_case()
    hidden = [one for path in paths for one in case.hide(path.read_text("utf-8")).replacements]
    assert {one.original for one in hidden if one.kind not in {"DATE", "ID"}} == set()
    assert all(any(char.isdigit() for char in one.original) for one in hidden if one.kind == "ID")


@pytest.mark.letters
def test_case_summaries_of_real_letters_lose_only_dates(new_case: NewCase, letters_dir: Path) -> None:
    lines = (letters_dir / "gold.jsonl").read_text("utf-8").splitlines()
    kinds: Counter[str] = Counter()
    for text in (json.loads(line)["case_summary"] for line in lines):
        case = new_case()
        hidden = case.hide(text)
        kinds.update(one.kind for one in hidden.replacements)
        assert case.restore(hidden.text) == text
    assert kinds["DATE"] >= 250
    assert sum(kinds.values()) - kinds["DATE"] <= 0.005 * sum(kinds.values()), kinds
