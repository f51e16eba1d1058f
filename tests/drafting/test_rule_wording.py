"""Rules in sentences: a state of the case never reads as one that this case has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.domain import Criterion, CriterionKind, Passage
from assistant.drafting.points import RulePoint
from assistant.drafting.rule_wording import rule_sentence
from assistant.drafting.variation import Variation

VARY = Variation.on(["a request"])


@pytest.fixture
def rule(make_criterion: Callable[..., Criterion], make_passage: Callable[..., Passage]) -> Callable[..., str]:
    def make(*texts: str, before: int = 0, of: int | None = None, **fields: Any) -> str:
        criteria = tuple(make_criterion(f"c{n}", text=text, **fields) for n, text in enumerate(texts))
        point = RulePoint(criteria, make_passage(*criteria), None, of or len(criteria))
        return rule_sentence(point, before, VARY).text

    return make


def test_a_state_of_the_case_is_a_condition(rule: Callable[..., str]) -> None:
    text = rule("The symptoms did not respond to treatment.", kind=CriterionKind.PREREQUISITE)
    assert text.endswith("supports this request where the symptoms did not respond to treatment.")


def test_a_further_state_is_a_question(rule: Callable[..., str]) -> None:
    text = rule("A red flag has emerged.", before=1, kind=CriterionKind.PREREQUISITE)
    assert text == "The guideline also asks whether a red flag has emerged."


def test_what_is_to_be_on_file_is_expected(rule: Callable[..., str]) -> None:
    text = rule("A written treatment agreement is on file.", kind=CriterionKind.DOCUMENTATION)
    assert text.endswith("expects that a written treatment agreement is on file.")


def test_a_rule_runs_in(rule: Callable[..., str]) -> None:
    text = rule("Treatments are given one to three times a week.", kind=CriterionKind.LIMIT)
    assert "treatments are given one to three times a week." in text
    assert text.startswith(("Under MTUS", "MTUS"))


def test_alternatives_say_that_one_is_enough_and_whether_there_are_more(rule: Callable[..., str]) -> None:
    states = ("A red flag has emerged.", "The worker would consider surgery.")
    all_told = rule(*states, kind=CriterionKind.PREREQUISITE)
    assert "supports this request where a red flag has emerged, or where the worker would consider surgery." in all_told
    assert "among other grounds" in rule(*states, of=3, kind=CriterionKind.PREREQUISITE)


def test_a_name_keeps_its_capital(rule: Callable[..., str]) -> None:
    said = rule("Lidocaine is for the skin.", kind=CriterionKind.LIMIT)
    assert said.endswith(" says that Lidocaine is for the skin.")


def test_a_text_that_quotes_or_is_two_sentences_is_quoted(rule: Callable[..., str]) -> None:
    assert "“The pump is rented. It is not bought”" in rule("The pump is rented. It is not bought.")


def test_a_text_without_a_verb_stands_after_a_colon(rule: Callable[..., str]) -> None:
    assert rule("Therapy or a brace first.").endswith(" gives this rule: therapy or a brace first.")
