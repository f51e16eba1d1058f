"""What a check gives, the shape of a check, and what all of them read a draft by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from assistant.domain import Draft, IssueDraft, Sentence, Span, SupportKind

ERROR, WARNING = "error", "warning"
CONTENTS = "Labor Code 4610.6(e)"
POWERS = "Labor Code 4610.6(h)(1)"
BIAS = "Labor Code 4610.6(h)(4)"
FACT = "Labor Code 4610.6(h)(5)"
PLAIN_WORDS = "Labor Code 4610.6(d)(1)"
ORDER = "8 CCR 9792.21.1"

_QUOTED = re.compile(r"“[^”]*”|(?<![\w\d])\"[^\"]+\"(?!\w)")


@dataclass(frozen=True, slots=True)
class Found:
    """One difference that a check found: `message` states it, `action` says in one sentence what to do.

    `sentence` is a position among the issue's sentences; `quote` is what the other side of the difference says.
    `issue` is set by checks of a whole letter; those of one issue leave it.
    """

    message: str
    action: str
    level: str = WARNING
    sentence: int | None = None
    quote: str | None = None
    issue: int | None = None


@dataclass(frozen=True, slots=True)
class OfIssue:
    """A check of one issue: its stable name, the source of its rule, and the pure function that looks."""

    id: str
    rule: str
    look: Callable[[Draft, IssueDraft], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class OfLetter:
    """A check of all issues of a letter together."""

    id: str
    rule: str
    look: Callable[[Draft], Iterable[Found]]


def written(issue: IssueDraft) -> Iterator[tuple[int, Sentence]]:
    """The sentences that are written, slots left out, each with its position."""
    return ((place, sentence) for place, sentence in enumerate(issue.sentences) if not sentence.slot)


def unquoted(text: str) -> str:
    """The text with every quotation blanked out, offsets kept: what is quoted is the source's word, not the draft's."""
    return _QUOTED.sub(lambda match: " " * len(match.group()), text)


def rests_on(sentence: Sentence, kind: SupportKind) -> bool:
    """Whether one of the sentence's supports is of that kind."""
    return any(support.kind is kind for support in sentence.supports)


def overlap(a: Span, b: Span) -> bool:
    """Whether two spans of one text share a character."""
    return a.start < b.end and b.start < a.end
