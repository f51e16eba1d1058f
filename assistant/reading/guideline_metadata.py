"""What a guideline is cited by: label, edition, time in force, body regions; guessed from its text, with the origin.

A guess is only shown and offered. What a person or the file's front matter says comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

import yaml

from assistant.domain import Edition, PassageKind, Span
from assistant.errors import AssistantError
from assistant.reading.anatomy import regions
from assistant.reading.guideline_blocks import GuidelineText, squeezed
from assistant.reading.guidelines import slug_of
from assistant.reading.numbers import dates

_OPENING = 4_000  # characters at the start in which a text says what it is
_LONGEST_LABEL = 120
_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_STARTS = re.compile(
    r"\b(?:effective|in force|in effect|adopted|operative)(?:\s+date)?\s*(?:on|as of|from|since|beginning|:)?\s*$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:replaced|superseded|repealed|withdrawn|expire[sd]?|in (?:force|effect) until|effective until)\s*"
    r"(?:on|as of|by|:)?\s*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:edition|version|revised|updated|copyright|©)\D{0,20}((?:19|20)\d{2})\b", re.IGNORECASE)
_REACH = 40  # characters before a date in which its meaning stands
_WORDS_BEFORE = 3  # words before it that the origin quotes
_EDITION_OF = re.compile(r"^(?P<name>.+?)\s*\((?P<edition>[^()]*\d{4}[^()]*)\)$|^(?P<name2>.+?)\s+(?P<year>\d{4})$")
# What programs write where a title belongs.
_NO_TITLE = re.compile(
    r"^(?:microsoft word|untitled|document ?\d*$|title$)|\.(?:docx?|pdf|indd|qxd|rtf|html?|txt|md)$", re.IGNORECASE
)
_CALLED = frozenset({"mtus", "acoem", "guideline", "guidelines", "treatment", "chapter", "the", "and", "of", "for"})


@dataclass(frozen=True, slots=True)
class Metadata:
    """What passages are cited by; None is what is not said. `not_dated`: it is said to have no dates in force."""

    label: str | None = None
    family: str | None = None
    edition: str | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None
    not_dated: bool = False
    kind: PassageKind | None = None
    body_regions: tuple[str, ...] | None = None
    regulation: str | None = None

    @property
    def lacking(self) -> str | None:
        """What is missing to cite the text, in one sentence that names the option; None where it can be cited."""
        if not self.label:
            return "It is not plain what this text is cited as; name it with --label."
        if self.in_force_from is None and not self.not_dated:
            return "It is not plain since when this text is in force; give --in-force-from YYYY-MM-DD, or --not-dated."
        if self.in_force_from and self.in_force_to and self.in_force_to <= self.in_force_from:
            return "The text would end before it begins to be in force; correct --in-force-from or --in-force-to."
        return None


@dataclass(frozen=True, slots=True)
class Guess:
    """Metadata, and for each field that is set where it comes from, in words."""

    metadata: Metadata = field(default_factory=Metadata)
    origins: tuple[tuple[str, str], ...] = ()

    def origin(self, name: str) -> str:
        """Where a field comes from; "" for one that is not set."""
        return dict(self.origins).get(name, "")

    def told(self) -> tuple[tuple[str, str, str], ...]:
        """Each field that is set, as words, with its origin; a date as YYYY-MM-DD."""
        rows = []
        for name, origin in self.origins:
            value = getattr(self.metadata, name)
            words = ", ".join(value) if isinstance(value, tuple) else "yes" if value is True else str(value)
            rows.append((name, words, origin))
        return tuple(rows)


def guess_metadata(text: GuidelineText, editions: Sequence[Edition], front: Metadata, given: Metadata) -> Guess:
    """The metadata of a text: what is `given`, else its front matter, the list of editions, its own words."""
    opening = _opening(text)
    known, how = _known_edition(given.label or front.label, opening, editions)
    found = [(given, "as given"), (front, "the file’s front matter")]
    if known is not None:
        found.append((_of_edition(known), how))
    found += list(_of_words(text, opening, known=known is not None))
    guess = _first_said(found)
    if guess.metadata.not_dated:  # a date that was found elsewhere does not stand against it
        plain = replace(guess.metadata, in_force_from=given.in_force_from, in_force_to=given.in_force_to)
        return Guess(plain, tuple(o for o in guess.origins if not o[0].startswith("in_force")))
    return guess


def front_matter(text: str) -> Metadata:
    """The metadata in the front matter of a text, if it has any; raises AssistantError where it is malformed."""
    found = _FRONT.match(text)
    if found is None:
        return Metadata()
    try:
        read = yaml.safe_load(found[1])
    except (yaml.YAMLError, ValueError, RecursionError):  # a day that is none is a ValueError
        raise AssistantError("The front matter between the lines of --- is not valid YAML.") from None
    if not isinstance(read, dict):
        return Metadata()
    dated = "in_force_from" in read and read["in_force_from"] is None
    return Metadata(
        label=_text(read.get("label")),
        family=_text(read.get("family")),
        edition=_text(read.get("edition")),
        in_force_from=_day(read.get("in_force_from")),
        in_force_to=_day(read.get("in_force_to")),
        not_dated=dated,
        kind=_kind(read.get("kind")),
        body_regions=_listed(read.get("body_regions")),
        regulation=_text(read.get("regulation")),
    )


def _text(value: Any) -> str | None:
    return squeezed(_plain(value)) or None if value is not None else None


def _plain(value: Any) -> str:
    """One value as text; a list that names itself in itself, nine times over, would be written out for ever."""
    if isinstance(value, (list, dict, set, tuple)):
        raise AssistantError("The front matter gives a list or a table where one text is meant.")
    return str(value)


def _day(value: Any) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return date.fromisoformat(_plain(value))
    except ValueError:
        raise AssistantError(
            "The front matter gives a date in force that is no date; write it as 2021-11-23."
        ) from None


def _kind(value: Any) -> PassageKind | None:
    if value is None:
        return None
    try:
        return PassageKind(_plain(value))
    except ValueError:
        raise AssistantError("The front matter’s kind is neither official nor digest.") from None


def _listed(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    return tuple(_plain(item) for item in value) if isinstance(value, list) else (_plain(value),)


# --- guessing -------------------------------------------------------------------------------------------------


def _opening(text: GuidelineText) -> str:
    parts = [text.title or ""]
    length = 0
    for block in text.blocks:
        parts.append(block.words)
        length += len(parts[-1])
        if length > _OPENING:
            break
    return "\n".join(parts)[: _OPENING + _LONGEST_LABEL]


def _known_edition(label: str | None, opening: str, editions: Sequence[Edition]) -> tuple[Edition | None, str]:
    """The edition of the list that the text says it is, and how that is known."""
    if label:
        same = [e for e in editions if _folded(e.label) == _folded(label)]
        return (same[0], "the list of editions") if same else (None, "")
    folded = f" {_folded(opening)} "
    whole = [e for e in editions if f" {_folded(e.label)} " in folded]
    if whole:
        longest = max(whole, key=lambda e: len(e.label))
        return longest, "the text names this edition of the list"
    told = [e for e in editions if _says(folded, opening, e)]
    if len(told) == 1:
        return told[0], "the text’s name and date are those of this edition of the list"
    return None, ""


def _says(folded: str, opening: str, edition: Edition) -> bool:
    """Whether a text bears the chapter's name and the edition's date or year."""
    parts = _EDITION_OF.match(edition.label)
    if parts is None:
        return False
    name = " ".join(w for w in _folded(parts["name"] or parts["name2"]).split() if w not in _CALLED)
    if not name or f" {name} " not in " ".join(["", *(w for w in folded.split() if w not in _CALLED), ""]):
        return False
    days = {found.day for found in dates(parts["edition"] or "")}
    if days:
        return bool(days & {found.day for found in dates(opening)})
    year = parts["year"] or re.findall(r"\d{4}", parts["edition"])[-1]
    return bool(re.search(rf"\b{year}\b", opening))


def _folded(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _of_edition(edition: Edition) -> Metadata:
    parts = _EDITION_OF.match(edition.label)
    return Metadata(
        label=edition.label,
        family=edition.family,
        edition=(parts["edition"] or parts["year"]) if parts else None,
        in_force_from=edition.in_force.start,
        in_force_to=edition.in_force.end,
        regulation=edition.regulation,
    )


def _of_words(text: GuidelineText, opening: str, *, known: bool) -> Iterable[tuple[Metadata, str]]:
    """What the text's own words say, each with the words; its dates only where no list says them."""
    title = squeezed(text.title or "")[:_LONGEST_LABEL]
    title = "" if _NO_TITLE.search(title) else title
    if title:
        yield Metadata(label=title), "the title"
    if not known:
        for found in dates(opening):
            before = re.split(r"\n|[.;)] ", opening[max(0, found.span.start - _REACH) : found.span.start])[-1]
            quote = f"the text: “{squeezed(' '.join(before.split()[-_WORDS_BEFORE:]))} {found.span.quote}”"
            if _ENDS.search(before):
                yield Metadata(in_force_to=found.day), quote
            elif _STARTS.search(before):
                yield Metadata(in_force_from=found.day), quote
        year = _YEAR.search(opening)
        if year:
            words = Span.of(opening, *year.span()).quote
            yield Metadata(edition=year[1]), f"the text: “{squeezed(words)}”"
    named = tuple(dict.fromkeys(region.name for region in regions(title)))
    if named:
        yield Metadata(body_regions=named), "the title"
    if title:
        yield Metadata(family=slug_of(title).replace("-", "_")[:40]), "the title"
    yield Metadata(kind=PassageKind.OFFICIAL), "an imported text is taken as official"


def _first_said(found: Sequence[tuple[Metadata, str]]) -> Guess:
    """Field by field what is said first, with its origin."""
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for metadata, origin in found:
        for part in fields(Metadata):
            value = getattr(metadata, part.name)
            if part.name not in values and value is not None and value is not False:
                values[part.name], origins[part.name] = value, origin
    ordered = tuple((part.name, origins[part.name]) for part in fields(Metadata) if part.name in origins)
    return Guess(Metadata(**values), ordered)
