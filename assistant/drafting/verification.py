"""Verification: every sentence of an issue held against its supports, whoever wrote it.

The parts: `grounding` compares one sentence with its supports, `own_words` finds supports for what a reviewer typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from assistant.domain import IssueDraft, Move, Outcome, Passage, Sentence, Verdict
from assistant.drafting.grounding import NOT_CHECKABLE, PASSED, Checked, Sources, verify, verify_sentence
from assistant.drafting.own_words import check_own_words, sources_of

__all__ = [
    "NOT_CHECKABLE",
    "PASSED",
    "Checked",
    "Sources",
    "check_own_words",
    "concluded",
    "sources_of",
    "verify",
    "verify_issue",
    "verify_one",
    "verify_sentence",
]

_NECESSARY = re.compile(
    r"\b(?P<verb>is|are|was|were)\s+(?P<not>not\s+)?(?:\w+ly\s+)?medically\s+(?:necessary|appropriate)"
    r"|\bmedical\s+necessity\s+(?:is|has|was)\s+(?:been\s+)?(?P<un>not\s+)?(?:been\s+)?(?:established|shown|met)",
    re.IGNORECASE,
)


def concluded(text: str) -> Outcome | None:
    """The outcome that a sentence concludes with; None where it concludes nothing, or both."""
    found = {
        Outcome.UPHELD if match["not"] or match["un"] else Outcome.OVERTURNED for match in _NECESSARY.finditer(text)
    }
    return found.pop() if len(found) == 1 else None


def verify_one(sentence: Sentence, issue: IssueDraft, case_text: str, passages: Mapping[str, Passage]) -> Sentence:
    """One sentence of an issue with its verdict and problems set anew."""
    return _verified(sentence, issue, case_text, passages, sources_of(case_text, issue, passages))


def verify_issue(issue: IssueDraft, case_text: str, passages: Mapping[str, Passage]) -> IssueDraft:
    """The issue with the verdict and problems of every sentence set anew; slots stay as they are.

    A conclusion that says the opposite of the issue's outcome fails.
    """
    sources = sources_of(case_text, issue, passages)
    sentences = tuple(_verified(sentence, issue, case_text, passages, sources) for sentence in issue.sentences)
    return replace(issue, sentences=sentences)


def _verified(
    sentence: Sentence, issue: IssueDraft, case_text: str, passages: Mapping[str, Passage], sources: Sources
) -> Sentence:
    if sentence.slot:
        return replace(sentence, verdict=Verdict.NOT_CHECKABLE, problems=())
    if sentence.own:
        checked = check_own_words(sentence.text, case_text, issue, passages, sentence.move)
    else:
        result = verify_sentence(sentence.text, sentence.supports, sources)
        checked = replace(sentence, verdict=result.verdict, problems=result.problems)
    says = concluded(sentence.text) if sentence.move is Move.CONCLUSION else None
    if issue.outcome is None or says is None or says is issue.outcome:
        return checked
    problem = f"The sentence concludes for {says.value}; the outcome set is {issue.outcome.value}."
    return replace(checked, verdict=Verdict.FAILED, problems=(problem, *checked.problems))
