"""The words of a user for what a search is narrowed by, made into the names that the library holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date

from assistant.corpus import Taxonomy
from assistant.domain import Outcome
from assistant.errors import WrongInput
from assistant.library.filters import DecisionFilter
from assistant.reading.anatomy import regions
from assistant.reading.services import read_request

_SHOWN = 6  # names that a refusal lists


@dataclass(frozen=True, slots=True)
class Choices:
    """What a search is narrowed by, as a user words it: any case, parts of names, a service as a request words it."""

    outcome: Outcome | None = None
    service: str | None = None
    region: str | None = None
    guideline: str | None = None
    decided_from: str | None = None
    decided_to: str | None = None
    specialty: str | None = None
    modified: bool | None = None
    illustrative: bool | None = None

    @classmethod
    def of(cls, values: dict[str, object]) -> Choices:
        """From stored or posted values; what is not known is passed over, an empty one is no choice."""
        known = {field.name for field in fields(cls)}
        given = {name: value for name, value in values.items() if name in known and value not in (None, "")}
        chosen = cls(**given)  # type: ignore[arg-type]
        return replace(chosen, outcome=Outcome(chosen.outcome)) if chosen.outcome else chosen

    def as_mapping(self) -> dict[str, object]:
        """The choices that were made, as JSON holds them."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) if name == "outcome" else value for name, value in values.items() if value is not None}


# What is taken away together: the two ends of a time are one filter.
_PARTS = {
    "outcome": ("outcome",),
    "service": ("service",),
    "region": ("region",),
    "guideline": ("guideline",),
    "specialty": ("specialty",),
    "modified": ("modified",),
    "decided": ("decided_from", "decided_to"),
    "illustrative": ("illustrative",),
}


def each_left_out(choices: Choices) -> dict[str, Choices]:
    """For every filter that is set, by its name, the choices without it; the two days are one filter, `decided`."""
    named = {
        name: tuple(part for part in parts if getattr(choices, part) is not None) for name, parts in _PARTS.items()
    }
    return {name: replace(choices, **dict.fromkeys(parts)) for name, parts in named.items() if parts}


def decision_filter(
    choices: Choices, taxonomy: Taxonomy, guidelines: Collection[str], specialties: Collection[str]
) -> DecisionFilter:
    """The filter that is meant; WrongInput, one sentence, where a name is unknown or may mean several."""
    first, last = _day(choices.decided_from), _day(choices.decided_to)
    if first and last and last < first:
        raise WrongInput(f"No day lies from {first} to {last}; swap the two dates.")
    return DecisionFilter(
        outcome=choices.outcome,
        service=service_kind(choices.service, taxonomy),
        region=_region(choices.region),
        guideline=_named(choices.guideline, guidelines, "guideline"),
        decided_from=first,
        decided_to=last,
        specialty=_named(choices.specialty, specialties, "specialty"),
        modified=choices.modified,
        illustrative=choices.illustrative,
    )


def service_kind(words: str | None, taxonomy: Taxonomy) -> str | None:
    """A kind's id, given as such or as a request words it."""
    if not words or not words.strip():
        return None
    if words in taxonomy.kinds:
        return words
    kind = read_request(words, taxonomy).kind
    if kind is None:
        raise WrongInput("This service is none that the library knows; search for its words instead.")
    return kind


def choices_named(words: str, taxonomy: Taxonomy) -> Choices:
    """What a message narrows a search by of itself: "acupuncture for the shoulder" names a service and its place.

    A place beside a service that is not tied to any ("gabapentin for low back pain") tells of the case, not of what was
    requested, and narrows nothing.
    """
    if not words.strip():
        return Choices()
    asked = read_request(words, taxonomy)
    kind = taxonomy.kinds.get(asked.kind or "")
    if kind is None:
        return Choices()
    return Choices(service=kind.id, region=asked.body_regions[0] if asked.body_regions and kind.body_regions else None)


def _region(words: str | None) -> str | None:
    if not words or not words.strip():
        return None
    named = regions(words)
    if not named:
        raise WrongInput(f"“{words}” names no part of the body; write it as shoulder, neck or low back.")
    return named[0].name


def _named(words: str | None, held: Collection[str], what: str) -> str | None:
    """The one held name that these words are, or are part of."""
    if not words or not words.strip():
        return None
    sought = words.strip().casefold()
    same = [name for name in held if name.casefold() == sought]
    part = same or sorted(name for name in held if sought in name.casefold())
    if len(part) == 1:
        return part[0]
    if part:
        more = "" if len(part) <= _SHOWN else f" and {len(part) - _SHOWN} more"
        raise WrongInput(f"“{words}” may mean {'; '.join(part[:_SHOWN])}{more}; write one of them out.")
    raise WrongInput(f"No decision of the library has a {what} named “{words}”.")


def _day(text: str | None) -> date | None:
    if not text or not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise WrongInput(f"“{text}” is not a date; write it as 2016-03-01.") from None
