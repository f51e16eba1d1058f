"""Answers that a chat model words: each sentence must name its sources, and is held against exactly those.

The sources are what a tool returned, numbered by us. A sentence that names none, or says what its sources do not say,
is thrown away and kept with the reason; what passes is text, never markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assistant.chat.answers import Answer, Block, BlockKind, Link, listed
from assistant.chat.wording import content_words, stem, stems, word_set
from assistant.domain import Discarded, Draft, Span, Support, SupportKind, Verdict
from assistant.drafting.verification import Sources, concluded, verify_sentence
from assistant.reading.sentences import sentences

_MARK = re.compile(r"\s*\[\s*(\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\s*\]")
_OPEN_MARK = re.compile(r"\[[^\]]*$")
_BULLET = re.compile(r"^\s*(?:[-*•]+|\d{1,2}[.)])\s+")
_MARKUP = re.compile(
    r"<\s*[a-z/!?]|&(?:#\w+|[a-z]+);|\]\(|!\[|[`*#|{}\[\]]|\b(?:https?|ftp|file|data|javascript|mailto)\s*:|\bwww\.|__",
    re.IGNORECASE,
)
_UNKNOWING = re.compile(r"^(?:the sources do not (?:say|answer)|i do not know)\b", re.IGNORECASE)
_KINDS = {
    BlockKind.CASE: SupportKind.CASE,
    BlockKind.PASSAGE: SupportKind.PASSAGE,
    BlockKind.FINDING: SupportKind.FINDING,
}
_MOST = 12  # sources of one answer
_LONGEST = 1_200  # characters of a source that are shown to the model
_LIMITS = word_set(
    "only unless if where when except not no nor without until never cannot neither denied denies deny least most "
    "maximum minimum before after may"
)
_OUTCOMES = re.compile(r"\b(?:overturn(?:ed|s|ing)?|uph(?:eld|old|olds|olding))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """One numbered source: what is shown of it, and the support that it makes."""

    block: Block
    support: Support


@dataclass(slots=True)
class Ledger:
    """The sources of one answer in their order, each once; decisions are no sources, for they bind nobody."""

    draft: Draft | None
    sources: list[Source] = field(default_factory=list)

    def take(self, blocks: Iterable[Block]) -> list[int]:
        """Number what can be a source among the blocks; the numbers, from 1, of those that are held by now."""
        numbers = []
        for block in blocks:
            made = _support(block, len(self.sources) + 1)
            if made is None:
                continue
            held = next((at for at, source in enumerate(self.sources, 1) if source.block == block), None)
            if held is None and len(self.sources) < _MOST:
                self.sources.append(Source(block, made))
                held = len(self.sources)
            if held is not None:
                numbers.append(held)
        return numbers

    def told(self, numbers: Iterable[int]) -> str:
        """The sources of these numbers as the model gets them."""
        return "\n".join(self._line(number) for number in numbers)

    def _line(self, number: int) -> str:
        block = self.sources[number - 1].block
        return f"[{number}] {block.label}: {' '.join(block.text[:_LONGEST].split())}"

    def texts(self) -> Sources:
        """The texts that a sentence may rest on."""
        of_kind: dict[SupportKind, dict[str, str]] = {SupportKind.PASSAGE: {}, SupportKind.FINDING: {}}
        labels: dict[str, str] = {}
        for source in self.sources:
            if source.support.kind in of_kind:
                of_kind[source.support.kind][source.support.id] = source.block.text
            if source.support.kind is SupportKind.PASSAGE:
                labels[source.support.id] = source.block.label
        case = self.draft.case.text if self.draft else ""
        return Sources(case, of_kind[SupportKind.PASSAGE], of_kind[SupportKind.FINDING], "", citations=labels)


def _support(block: Block, number: int) -> Support | None:
    kind = _KINDS.get(block.kind)
    if kind is None or not block.text:
        return None
    if kind is SupportKind.CASE:
        if block.start is None or block.end is None:
            return None
        return Support(kind, "case", Span(block.start, block.end, block.text))
    # Each quotation is a text of its own: a sentence may say what was shown, and not what else its passage holds.
    return Support(kind, f"{block.id}#{number}", Span.of(block.text, 0, len(block.text)))


@dataclass(slots=True)
class Answering:
    """An answer as it is heard piece by piece. `kept` are its sentences with the numbers of their sources."""

    ledger: Ledger
    kept: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    discarded: list[Discarded] = field(default_factory=list)
    _heard: str = ""
    _done: int = 0  # sentences that were judged

    def hear(self, piece: str) -> bool:
        """Take the next piece of the text; whether a whole sentence of it was kept."""
        self._heard += piece
        return self._judge(whole=False)

    def end(self) -> bool:
        """The text has ended; whether its last sentence was kept."""
        return self._judge(whole=True)

    def answer(self, links: tuple[Link, ...] = ()) -> Answer:
        """What was kept so far, its sources numbered anew in the order of their first use."""
        order: dict[int, int] = {}
        told = []
        for text, numbers in self.kept:
            shown = sorted(order.setdefault(number, len(order) + 1) for number in numbers)
            told.append(f"{text} {''.join(f'[{n}]' for n in shown)}")
        return Answer(" ".join(told), tuple(self.ledger.sources[number - 1].block for number in order), links)

    def _judge(self, *, whole: bool) -> bool:
        before = len(self.kept)
        found = list(_cited(self._heard if whole else _OPEN_MARK.sub("", self._heard)))
        ready = found if whole else found[:-1]
        for text, numbers in ready[self._done :]:
            self._take(text, numbers)
        self._done = max(self._done, len(ready))
        return len(self.kept) > before

    def _take(self, text: str, numbers: tuple[int, ...]) -> None:
        if not text or _UNKNOWING.match(text) or any(text == kept for kept, _ in self.kept):
            return
        why = self._fault(text, numbers)
        if why:
            self.discarded.append(Discarded(text, why, "sentence"))
        else:
            self.kept.append((text, numbers))

    def _fault(self, text: str, numbers: tuple[int, ...]) -> str:
        """Why a sentence cannot be shown; empty where it can."""
        if _MARKUP.search(text):
            return "It holds markup or a link."
        if not numbers:
            return "It names no source."
        if any(not 1 <= number <= len(self.ledger.sources) for number in numbers):
            return "It names a source that there is not."
        supports = [self.ledger.sources[number - 1].support for number in numbers]
        if concluded(text) or _speaks_for_itself(text, supports):
            return "It concludes for an outcome, which is the reviewer's to do."
        cited = [self.ledger.sources[number - 1].block for number in numbers]
        checked = verify_sentence(text, supports, self.ledger.texts())
        if checked.verdict is not Verdict.PASSED:
            return " ".join(checked.problems) or "It cannot be checked."
        return _own_words(text, cited) or _condition_lost(text, cited)


def _own_words(text: str, cited: list[Block]) -> str:
    """The problem of a sentence with words that none of its sources has, be they near in meaning; empty for none."""
    held = frozenset().union(*(stems(f"{block.label} {block.text}") for block in cited))
    own = [word for word in content_words(text) if stem(word) not in held]
    return f"Its sources do not have the words {listed([f'“{word}”' for word in own])}." if own else ""


def _condition_lost(text: str, cited: list[Block]) -> str:
    """The problem of a sentence that tells a rule, or what was denied, without the word that limits it there."""
    said, told = set(_words(text)), stems(text)
    for block in cited:
        parts = [span.quote for span in sentences(block.text)] or [block.text]
        nearest = max(parts, key=lambda part: len(told & stems(part)))
        lost = [word for word in _words(nearest) if word in _LIMITS and word not in said]
        if lost:
            return f"Its source limits this by “{lost[0]}”, which the sentence leaves out."
    return ""


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.casefold())


def _speaks_for_itself(text: str, supports: list[Support]) -> bool:
    """Whether a sentence speaks of an outcome in words that are not its sources' own."""
    quoted = " ".join(support.span.quote for support in supports).casefold()
    return any(word.casefold() not in quoted for word in _OUTCOMES.findall(text))


def _cited(text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The sentences of a text, without their marks, each with the numbers that stand in it or after it."""
    blank = _MARK.sub(lambda mark: " " * len(mark.group()), text)
    spans = sentences(blank)
    for at, span in enumerate(spans):
        until = spans[at + 1].start if at + 1 < len(spans) else len(text)
        marks = _MARK.findall(text[span.start : until])
        numbers = dict.fromkeys(int(number) for mark in marks for number in re.findall(r"\d+", mark))
        plain = re.sub(r"\s+([.,;!?])", r"\1", " ".join(_MARK.sub("", text[span.start : until]).split()))
        yield _BULLET.sub("", plain).strip(), tuple(numbers)
