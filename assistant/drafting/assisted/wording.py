"""A rationale reworded by a chat model, sentence by sentence; what is not loyal to its sentence is thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict

from assistant.domain import Discarded, Sentence, Verdict
from assistant.drafting.assisted.loyalty import fault_of, may_be_reworded
from assistant.drafting.grounding import Sources
from assistant.errors import ModelFailed
from assistant.models.asking import Asks

PROMPT = "reword_sentences"
_AT_ONCE = 6  # sentences of one call
_SAME = "it stands in another sentence's place"


class Line(BaseModel):
    """A reworded sentence, by the number of the one that it rewords."""

    model_config = ConfigDict(extra="ignore")
    number: int
    text: str


class Reworded(BaseModel):
    """What the model gives back."""

    sentences: list[Line]


@dataclass(frozen=True, slots=True)
class Rewording:
    """The sentences, reworded where that was good; `offered` and `kept` count the wordings that the model gave.

    A sentence that it gave back as it was is no wording of its own and counts as neither.
    """

    sentences: tuple[Sentence, ...]
    discarded: tuple[Discarded, ...] = ()
    offered: int = 0
    kept: int = 0
    failed: str = ""  # why the model did not reach them all, in one sentence


def reword(sentences: Sequence[Sentence], sources: Sources, asks: Asks, tone: str) -> Rewording:
    """The sentences in the model's words, each with the supports that it had.

    Slots, conclusions and the reviewer's own sentences are never sent. Never raises: where the model fails, the
    sentences that it did not reach stay as they are.
    """
    given = list(sentences)
    places = [place for place, sentence in enumerate(given) if may_be_reworded(sentence)]
    discarded: list[Discarded] = []
    offered = kept = 0
    for first in range(0, len(places), _AT_ONCE):
        some = places[first : first + _AT_ONCE]
        try:
            answers = _asked([given[place] for place in some], asks, tone)
        except ModelFailed as error:
            return Rewording(tuple(given), tuple(discarded), offered, kept, str(error))
        for number, text in answers.items():
            place = some[number - 1]
            if text == given[place].text:
                continue
            offered += 1
            fault = _SAME if _stands_elsewhere(text, place, given) else fault_of(given[place], text, sources)
            if fault:
                discarded.append(Discarded(text, f"Not taken: {fault.rstrip('.')}.", "sentence"))
            else:
                kept += 1
                given[place] = replace(given[place], text=text, verdict=Verdict.PASSED, problems=(), by_model=True)
    return Rewording(tuple(given), tuple(discarded), offered, kept)


def _asked(sentences: Sequence[Sentence], asks: Asks, tone: str) -> dict[int, str]:
    """The model's sentences by number; of several for one number the first, none for a number that was not asked."""
    listed = "\n".join(f"{number}. {sentence.text}" for number, sentence in enumerate(sentences, 1))
    answer = asks.data(PROMPT, {"sentences": listed, "tone": tone}, Reworded)
    found: dict[int, str] = {}
    for line in answer.sentences:
        text = " ".join(line.text.split())
        if 1 <= line.number <= len(sentences) and text:
            found.setdefault(line.number, text)
    return found


def _stands_elsewhere(text: str, place: int, given: Sequence[Sentence]) -> bool:
    return any(text == other.text for at, other in enumerate(given) if at != place)
