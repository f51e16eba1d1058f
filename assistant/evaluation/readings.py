"""What the program offers for each issue, in four readings of what it may have known of the letter beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from assistant.domain import CaseSummary, DisputedService
from assistant.errors import AssistantError
from assistant.evaluation.citations import Ranked
from assistant.evaluation.gold import GoldLetter
from assistant.reading.case import read_case
from assistant.reading.services import read_request

if TYPE_CHECKING:
    from assistant.corpus import Taxonomy
    from assistant.evaluation.unseen import Unseen
    from assistant.library.library import Library
    from assistant.reading.lexicon import Lexicon

OFFERED = 16  # candidates asked for: five distinct guidelines may stand behind several sections of one


class Reading(StrEnum):
    """What was left out for each letter; STRICT is the main one."""

    STRICT = "strict"  # its decisions, and the aliases that only its headings use
    ALL_ALIASES = "all_aliases"  # its decisions only
    STARTER_ONLY = "starter_only"  # as STRICT, and no other letter votes either
    ORDER_WITHOUT_LETTER = "order_without_letter"  # as STRICT, and its part in the order of governed_by


@dataclass(frozen=True, slots=True)
class Asked:
    """A letter as it is asked: its case as read, and the day of its decision."""

    letter: GoldLetter
    case: CaseSummary
    day: date

    def services(self, taxonomy: Taxonomy) -> list[DisputedService]:
        """Its services as this taxonomy reads them."""
        return [read_request(issue.service, taxonomy, self.case.text) for issue in self.letter.issues]


Answers = list[tuple[GoldLetter, Sequence[Ranked]]]


def asked(letters: Sequence[GoldLetter], lexicon: Lexicon, taxonomy: Taxonomy) -> list[Asked]:
    """Read the cases. Raises AssistantError, one sentence, for a letter without its decision date."""
    for letter in letters:
        if letter.decision_date is None:
            raise AssistantError(f"The letter {letter.case_number} has no decision date to be asked as of.")
    return [
        Asked(letter, read_case(letter.case_summary, lexicon, taxonomy), letter.decision_date)
        for letter in letters
        if letter.decision_date is not None
    ]


def answers(library: Library, letters: Sequence[Asked], taxonomy_of: Callable[[str], Taxonomy]) -> Answers:
    """What the library offers for each issue, its letter left out, with the names that `taxonomy_of` leaves it."""
    return [(one.letter, _offered(library, one, taxonomy_of(one.letter.case_number))) for one in letters]


def _offered(library: Library, one: Asked, taxonomy: Taxonomy) -> list[Ranked]:
    others = library.leaving_out(one.letter.case_number, taxonomy)
    return [
        Ranked(
            tuple((c.guideline, c.section) for c in others.governing(service, one.case, one.day, OFFERED)),
            known=service.kind is not None,
        )
        for service in one.services(taxonomy)
    ]


def answers_with_votes(library: Library, letters: Sequence[Asked], unseen: Unseen) -> Mapping[Reading, Answers]:
    """The readings in which the other letters vote; their decisions stand in the library."""
    return {
        Reading.STRICT: answers(library, letters, unseen.without_aliases),
        Reading.ALL_ALIASES: answers(library, letters, lambda _: library.taxonomy),
        Reading.ORDER_WITHOUT_LETTER: answers(library, letters, unseen.without_order),
    }
