"""What may stand in the place of one sentence: verified sentences of the program's own, the nearest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from assistant.domain import CaseSummary, IssueDraft, Move, Passage, Sentence
from assistant.drafting.revising import NotRevised, left_out_sentences
from assistant.drafting.verification import verify_one

_MOST = 3
_WORD = re.compile(r"\w+")
_LITTLE = frozenset(
    ["a", "an", "and", "are", "as", "at", "be", "for", "has", "in", "is", "no", "not", "of", "the", "to"]
)


def offers(
    issue: IssueDraft, position: int, fresh: Iterable[Sentence], case: CaseSummary, passages: Mapping[str, Passage]
) -> tuple[Sentence, ...]:
    """At most three verified sentences that may replace the one at `position`.

    They come from `fresh`, the program's own wording of the issue, and from facts that the rationale leaves out; those
    that share most words with the sentence come first, then those of the same move.
    """
    old = issue.sentences[position]
    told = {sentence.text for sentence in issue.sentences}
    wanted = _telling(old.text)
    ranked: dict[str, tuple[tuple[float, bool], Sentence]] = {}
    for sentence in (*fresh, *left_out_sentences(issue, case)):
        if sentence.slot or sentence.text in told or sentence.text in ranked:
            continue
        if (sentence.move is Move.CONCLUSION) != (old.move is Move.CONCLUSION):
            continue
        checked = verify_one(replace(sentence, own=False), issue, case.text, passages)
        if checked.verified:
            ranked[sentence.text] = ((_shared(wanted, sentence.text), sentence.move is old.move), checked)
    best = sorted(ranked.values(), key=lambda pair: pair[0], reverse=True)
    return tuple(sentence for _, sentence in best[:_MOST])


def with_offer(issue: IssueDraft, position: int, offered: Iterable[Sentence], text: str) -> IssueDraft:
    """The issue with the offered sentence of that text at `position`; NotRevised where it is not offered any more."""
    chosen = next((sentence for sentence in offered if sentence.text == text), None)
    if chosen is None:
        raise NotRevised("Nothing was changed: that sentence is not offered any more; ask for the offers again.")
    sentences = (*issue.sentences[:position], chosen, *issue.sentences[position + 1 :])
    return replace(issue, sentences=sentences)


def _telling(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text)) - _LITTLE


def _shared(wanted: frozenset[str], text: str) -> float:
    words = _telling(text)
    return len(wanted & words) / max(1, len(wanted | words))
