"""De-identification of one case's texts, both ways: what is found gets a stand-in, and restored it is the old text."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.privacy.dates import DateFound, partial_dates, whole_dates
from assistant.privacy.identifiers import ages_over_89, identifiers, loose_numbers
from assistant.privacy.people import People
from assistant.privacy.places import lone_towns, places
from assistant.privacy.presidio import Analyzer, presidio_findings
from assistant.privacy.standins import OVER_89, StandIns, stand_ins
from assistant.privacy.tokens import Words
from assistant.privacy.values import Dates, Deidentified, Found, Kind, Replacement
from assistant.privacy.vocabulary import Allowed, Vocabulary

_LEAST_DAYS, _MOST_DAYS = 30, 364  # how far dates are moved back
_YEARS_TOLD = 89  # a year that lies further back tells an age over 89, 45 CFR 164.514(b)(2)(i)(C)
_NO_EARLIER = 2015  # the latest year that a text is taken to speak of, where it names none later
_LETTERS = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class _Place:
    """A piece to hide, with the date that it is."""

    start: int
    end: int
    kind: Kind
    date: DateFound | None = None


class Deidentifier:
    """Hides what identifies people in the texts of one case, and puts it back into what a model answers.

    `secret` decides by how many days this case's dates are moved: keep it with the case, never with what is sent.
    The same original gets the same stand-in in every text. What is put back is what stands in for something; nothing
    is guessed.
    """

    def __init__(
        self,
        secret: bytes,
        allow: Allowed = Allowed(),  # noqa: B008  frozen
        dates: Dates = Dates.SHIFT,
        *,
        analyzer: Analyzer | None = None,
    ) -> None:
        self._dates, self._analyzer = dates, analyzer
        self._vocabulary = Vocabulary(allow)
        self._phrases = _any_of(allow.phrases)
        span = _MOST_DAYS - _LEAST_DAYS + 1
        drawn = int.from_bytes(hmac.new(secret, b"days", hashlib.sha256).digest()[:8], "big")
        self._stand_ins = StandIns(-(_LEAST_DAYS + drawn % span), self._protected)

    def hide(self, text: str, names: Iterable[str] = ()) -> Deidentified:
        """The text with its identifiers replaced; `names` are people known from elsewhere, a letter's header say.

        `restore` of the result is exactly `text`; what only looks like a stand-in is replaced too, for that.
        """
        found = [*self._look_alikes(text), *self._found(text, names)]
        pieces = [piece for piece in _apart(found) if _worth_hiding(text, piece)]
        bracketed: set[int] = set()
        while True:
            hidden = self._replaced(text, pieces, bracketed)
            wrong, loose = self._unfaithful(hidden)
            if not wrong and not loose:
                return hidden
            bracketed |= wrong
            pieces = _apart([*pieces, *loose])

    def restore(self, text: str) -> str:
        """The text with each stand-in of this case put back: also in another case, without its brackets, broken over
        a line, and moved dates in another form. A stand-in that was never made stays as it is."""
        out, at = [], 0
        for start, end, original in self._stand_ins.restored(text):
            out += [text[at:start], original]
            at = end
        return "".join([*out, text[at:]])

    # --- finding ---------------------------------------------------------------------------------------------

    def _found(self, text: str, names: Iterable[str]) -> Iterator[_Place]:
        barred = self._protected(text)
        for piece in self._everything(text, names):
            if not any(piece.start < end and start < piece.end for start, end in barred):
                yield piece

    def _everything(self, text: str, names: Iterable[str]) -> Iterator[_Place]:
        """All that the recognisers find, the surest first."""
        shapes = list(identifiers(text))
        first = {Kind.EMAIL, Kind.URL, Kind.IP, Kind.PHONE}
        yield from _plain(found for found in shapes if found.kind in first)
        yield from (_Place(one.start, one.end, Kind.DATE, one) for one in whole_dates(text))
        yield from _plain(found for found in shapes if found.kind not in first)
        yield from _plain(ages_over_89(text))
        yield from _plain(places(text, self._vocabulary))
        yield from (_Place(one.start, one.end, Kind.DATE, one) for one in partial_dates(text))
        yield from _plain(loose_numbers(text))
        words = Words(text)
        yield from _plain(People(words, self._vocabulary, names).found())
        yield from _plain(lone_towns(words, self._vocabulary))
        if self._analyzer:
            yield from _plain(found for found in presidio_findings(self._analyzer, text) if self._own(text, found))

    def _own(self, text: str, found: Found) -> bool:
        """Not a word of the field: what another analyzer takes for a person or a place may be a test or a drug."""
        words = [token.key for token in Words(text[found.start : found.end]).tokens]
        return any(not self._vocabulary.of_the_field(word) or self._vocabulary.is_name(word) for word in words)

    def _look_alikes(self, text: str) -> Iterator[_Place]:
        return (_Place(start, end, Kind.TEXT) for start, end, _ in stand_ins(text))

    def _protected(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in self._phrases.finditer(text)] if self._phrases else []

    # --- replacing -------------------------------------------------------------------------------------------

    def _replaced(self, text: str, pieces: list[_Place], bracketed: set[int]) -> Deidentified:
        latest = max([_NO_EARLIER, *(one.date.day.year for one in pieces if one.date and one.date.day)])
        replacements, out, at = [], [], 0
        for piece in pieces:
            original = text[piece.start : piece.end]
            if piece.date:
                told = piece.date.day is None or piece.date.day.year >= latest - _YEARS_TOLD
                stand_in = self._stand_ins.of_date(
                    piece.date, text, self._dates, bracketed=piece.start in bracketed, year_said=told
                )
            else:
                stand_in = self._stand_ins.of(piece.kind, original, OVER_89 if piece.kind is Kind.AGE else "")
            replacements.append(Replacement(piece.start, piece.end, piece.kind.value, original, stand_in))
            out += [text[at : piece.start], stand_in]
            at = piece.end
        return Deidentified("".join([*out, text[at:]]), tuple(replacements))

    def _unfaithful(self, hidden: Deidentified) -> tuple[set[int], list[_Place]]:
        """What keeps the round trip from being exact: dates that need brackets, pieces that look like stand-ins now.

        Both by offsets of the original text.
        """
        expected, offset = {}, 0
        for one in hidden.replacements:
            start = one.start + offset
            expected[start, start + len(one.stand_in)] = one
            offset += len(one.stand_in) - (one.end - one.start)
        put_back = self._stand_ins.restored(hidden.text)
        exact = {(start, end) for start, end, original in put_back if _is(expected.get((start, end)), original)}
        wrong = {one.start for span, one in expected.items() if span not in exact}
        loose = [
            piece for start, end, _ in put_back if (start, end) not in exact for piece in _outside(start, end, expected)
        ]
        return wrong, loose


def _is(replacement: Replacement | None, original: str) -> bool:
    return replacement is not None and replacement.original == original


def _outside(start: int, end: int, expected: dict[tuple[int, int], Replacement]) -> Iterator[_Place]:
    """The parts of hidden offsets that no stand-in covers, as offsets of the original text."""
    offset = 0
    for (first, last), one in expected.items():
        if last > start and first < end:
            if start < first:
                yield _Place(start + offset, first + offset, Kind.TEXT)
            start = max(start, last)
        if first < end:
            offset = one.end - last
    if start < end:
        yield _Place(start + offset, end + offset, Kind.TEXT)


def _worth_hiding(text: str, piece: _Place) -> bool:
    """A remainder of blanks and dots identifies nobody."""
    return piece.kind is Kind.TEXT or _LETTERS.search(text, piece.start, piece.end) is not None


def _plain(found: Iterable[Found]) -> Iterator[_Place]:
    return (_Place(one.start, one.end, one.kind) for one in found)


def _apart(found: Iterable[_Place]) -> list[_Place]:
    """Pieces that do not overlap, in the order of the text: of an overlap the earlier found has it, the rest stays."""
    kept: list[_Place] = []
    taken: dict[int, Kind] = {}
    for one in found:
        free = [at for at in range(one.start, one.end) if at not in taken]
        if one.kind is Kind.ADDRESS and taken.get(one.start) is Kind.DATE:
            continue  # its house number is the year of a date
        taken.update(dict.fromkeys(free, one.kind))
        if len(free) == one.end - one.start:
            kept.append(one)
            continue
        kept += [_Place(start, end, one.kind) for start, end in _stretches(free)]
    return sorted(kept, key=lambda one: one.start)


def _stretches(offsets: list[int]) -> Iterator[tuple[int, int]]:
    start = None
    for place, at in enumerate(offsets):
        start = at if start is None else start
        if place + 1 == len(offsets) or offsets[place + 1] != at + 1:
            yield start, at + 1
            start = None


def _any_of(phrases: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern for whole phrases, whatever blanks or line breaks stand between their words."""
    written = [
        r"\s+".join(re.escape(word) for word in phrase.split()) for phrase in sorted(phrases, key=len, reverse=True)
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", re.IGNORECASE) if written else None
