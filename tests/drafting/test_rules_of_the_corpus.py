"""Every rule that a draft may give, in each of its wordings, rests on its passage: the writer never needs another."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.domain import Criterion, Passage, Verdict
from assistant.drafting.points import RulePoint
from assistant.drafting.rule_wording import rule_sentence
from assistant.drafting.variation import Variation
from assistant.drafting.verification import Sources, verify_sentence
from assistant.reading.guidelines import Guideline, starter_guidelines

CORPUS = Path(__file__).parents[2] / "corpus"
SEEDS = ("a", "b", "c", "d")


def failing(passage: Passage, criterion: Criterion) -> list[str]:
    """The wordings of a criterion that verification does not pass."""
    sources = Sources(
        case="",
        passages={passage.id: passage.text},
        findings={},
        request="",
        citations={passage.id: passage.citation},
        statuses={},
    )
    point = RulePoint((criterion,), passage, None)
    written = [rule_sentence(point, before, Variation.on([seed])) for before in (0, 1) for seed in SEEDS]
    checked = {s.text: verify_sentence(s.text, s.supports, sources) for s in written}
    return [text for text, result in checked.items() if result.verdict is not Verdict.PASSED]


@pytest.mark.parametrize("guideline", starter_guidelines(CORPUS), ids=lambda guideline: guideline.edition.label)
def test_every_rule_of_the_corpus_is_worded_so_that_it_rests_on_its_passage(guideline: Guideline) -> None:
    pairs = [(passage, criterion) for passage in guideline.passages for criterion in passage.criteria]
    assert [text for passage, criterion in pairs for text in failing(passage, criterion)] == []
