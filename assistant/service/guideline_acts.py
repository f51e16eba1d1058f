"""The acts on guidelines: read them, find words in them, switch a digest off, correct dates, bring a text in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.domain import InForce, Passage
from assistant.errors import NotThere, WrongInput
from assistant.library.changes import Change, ChangeKind, Target, lasting_name
from assistant.library.guideline_importing import (
    NOTHING_GIVEN,
    GuidelineImported,
    GuidelineImporter,
    GuidelinePreview,
)
from assistant.library.held_editions import FoundInGuidelines, HeldEdition, Neighbours, clashes, neighbours
from assistant.metrics import measured
from assistant.reading.guideline_metadata import Metadata
from assistant.records.audit import acting
from assistant.service.opened import OpenFolder

if TYPE_CHECKING:
    from assistant.library.importing import Progress

LONGEST_NOTE = 300
_SHOWN = 6  # names that a refusal lists


@dataclass(frozen=True, slots=True)
class Corrected:
    """An edition after a correction of its dates, and what is odd about them beside its neighbours, in sentences."""

    edition: HeldEdition
    doubts: tuple[str, ...]


class GuidelineActs(OpenFolder):
    """What is done with guidelines. What is changed of them holds for all who work with the data folder."""

    def today(self) -> date:
        """The day that counts as today."""
        return self._today()

    def service_names(self) -> Mapping[str, str]:
        """What the kinds of service are called, by id."""
        return {kind.id: kind.display for kind in self.library.taxonomy.kinds.values()}

    def editions(self) -> tuple[HeldEdition, ...]:
        """All editions with their passages, those that are switched off included, by family and time."""
        return self.library.held_editions()

    def edition(self, name: str) -> HeldEdition:
        """The edition of a label, or the one whose label holds these words; NotThere, or WrongInput for several."""
        return edition_named(name, self.editions())

    def beside(self, edition: HeldEdition) -> Neighbours:
        """The editions of its family before and after an edition."""
        return neighbours(edition, self.editions())

    def find_in_guidelines(self, words: str) -> FoundInGuidelines:
        """The editions and criteria in which all the words stand, each as the beginning of a word."""
        return self.library.word_finder().find(words)

    def changes_of(self, name: str) -> tuple[Change, ...]:
        """All that was changed of an edition, the oldest first."""
        return self.library.changes_of(self.edition(name).label)

    def switch_off(
        self, user: str, name: str, *, section: str | None = None, passage: str | None = None
    ) -> HeldEdition:
        """Switch an edition, a section or a passage (by its id) off: new drafts, answers and search pass it over.

        Drafts that cite it keep it. An act. WrongInput where it is off already.
        """
        edition, target = self._target(name, section, passage)
        if target in _off(edition):
            raise WrongInput(f"{_called(target)} is switched off already.")
        self._change(user, Change(ChangeKind.OFF, target, user, self._now()))
        return self.edition(edition.label)

    def switch_on(self, user: str, name: str, *, section: str | None = None, passage: str | None = None) -> HeldEdition:
        """Undo `switch_off`. An act. WrongInput where the target itself is not off."""
        edition, target = self._target(name, section, passage)
        off = _off(edition)
        if target not in off:
            by_more = f"; {_called(off[0])} is" if off else ""
            raise WrongInput(f"{_called(target)} is not switched off{by_more}.")
        self._change(user, Change(ChangeKind.ON, target, user, self._now()))
        return self.edition(edition.label)

    def correct_dates(self, user: str, name: str, start: date | None, end: date | None, note: str) -> Corrected:
        """Correct when an edition was in force: first day, and first day of its successor (None: open). An act.

        `note` says why, in at most 300 characters. WrongInput for dates that cannot be, or that it has already.
        """
        edition = self.edition(name)
        note = " ".join(note.split())
        interval = InForce(start, end)
        _refuse_dates(edition, interval, note)
        was = edition.dates.was if edition.dates else edition.in_force
        self._change(user, Change(ChangeKind.DATES, Target(edition.label), user, self._now(), interval, was, note))
        edition = self.edition(edition.label)
        return Corrected(edition, clashes(edition, self.editions()))

    def undo_dates(self, user: str, name: str) -> HeldEdition:
        """Give an edition the dates of the library again. An act. WrongInput where they were not corrected."""
        edition = self.edition(name)
        if edition.dates is None:
            raise WrongInput(f"The dates of {edition.label} were not corrected.")
        target, was = Target(edition.label), edition.dates.was
        self._change(user, Change(ChangeKind.DATES_UNDONE, target, user, self._now(), was, edition.in_force))
        return self.edition(edition.label)

    def _change(self, user: str, change: Change) -> None:
        self.library.change(user, change)

    def _target(self, name: str, section: str | None, passage: str | None) -> tuple[HeldEdition, Target]:
        edition = self.edition(name)
        if passage:
            found = next((held.passage for held in edition.passages if held.passage.id == passage), None)
            if found is None:
                raise NotThere(f"{edition.label} holds no such passage.")
            return edition, Target(edition.label, passage=lasting_name(found))
        if not section:
            return edition, Target(edition.label)
        named = [held for held in edition.sections if held.casefold() == section.strip().casefold()]
        if not named:
            raise NotThere(f"{edition.label} holds no section of this name; `guideline show` lists them.")
        return edition, Target(edition.label, named[0])

    def passage(self, passage_id: str) -> Passage:
        """A guideline passage by its id, also of an earlier version that an old draft cites."""
        return self.library.passage(passage_id)

    def guidelines(self) -> tuple[Passage, ...]:
        """All passages of the library as it stands now."""
        return self.library.passages()

    def preview_guideline(self, path: Path, metadata: Metadata = NOTHING_GIVEN) -> GuidelinePreview:
        """A guideline's plain text (PDF, DOCX, HTML, MD, TXT) as it would be imported: what it would be cited by, with
        the origin of each guess, and the report of what was read. Nothing is stored."""
        return self._guideline_importer.preview(path, metadata)

    @measured("import")
    def import_guideline(
        self,
        path: Path,
        metadata: Metadata = NOTHING_GIVEN,
        *,
        content_hash: str | None = None,
        replacing: bool = False,
        progress: Progress | None = None,
    ) -> GuidelineImported:
        """Import a guideline's plain text; what `metadata` leaves open is guessed as in the preview.

        `content_hash` is that of the preview agreed to: another file is refused. `replacing` puts the text in the place
        of all that was imported under its label before.
        """
        return self._guideline_importer.add(
            path, metadata, content_hash=content_hash, replacing=replacing, progress=progress
        )

    @property
    def _guideline_importer(self) -> GuidelineImporter:
        return self.library.guideline_importer(self._drafter.lexicon, acting() or self.settings.user)


def edition_named(name: str, editions: tuple[HeldEdition, ...]) -> HeldEdition:
    """The edition that has this label, or the only one whose label holds the words; NotThere, or WrongInput."""
    sought = " ".join(name.split()).casefold()
    if not sought:
        raise WrongInput("Name a guideline by its label or a part of it.")
    same = [edition for edition in editions if edition.label.casefold() == sought]
    part = same or [edition for edition in editions if all(word in edition.label.casefold() for word in sought.split())]
    if not part:
        raise NotThere("The library holds no guideline of this name.")
    if len(part) > 1:
        more = "" if len(part) <= _SHOWN else f" and {len(part) - _SHOWN} more"
        raise WrongInput(
            f"“{name}” may mean {'; '.join(edition.label for edition in part[:_SHOWN])}{more}; write one of them out."
        )
    return part[0]


def _off(edition: HeldEdition) -> tuple[Target, ...]:
    """What of an edition is switched off, itself first."""
    of_edition = [edition.off.target] if edition.off else []
    return tuple(dict.fromkeys([*of_edition, *(held.off.target for held in edition.passages if held.off)]))


def _called(target: Target) -> str:
    if target.passage:
        return f"The passage of {target.guideline}"
    return f"{target.guideline}, {target.section}," if target.section else target.guideline


def _refuse_dates(edition: HeldEdition, interval: InForce, note: str) -> None:
    if interval.start and interval.end and interval.end <= interval.start:
        raise WrongInput("The edition would end before it begins to be in force; put the two dates right.")
    if interval.start is None and edition.in_force.start is not None:
        raise WrongInput("Give the first day on which the edition was in force.")
    if interval == edition.in_force:
        raise WrongInput("These are the dates that the edition has.")
    if not note:
        raise WrongInput("Say in a few words why the dates are corrected, and by what source.")
    if len(note) > LONGEST_NOTE:
        raise WrongInput(f"The reason is longer than {LONGEST_NOTE} characters; shorten it.")
