"""The acts on the library: import, search, read, measure; they belong to no case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.database import open_database
from assistant.domain import Determination, Outcome, Passage
from assistant.errors import WrongInput
from assistant.library.choices import Choices, choices_named
from assistant.library.found import Found, Query
from assistant.library.guideline_importing import (
    NOTHING_GIVEN,
    GuidelineImported,
    GuidelineImporter,
    GuidelinePreview,
)
from assistant.library.library import open_library
from assistant.library.sort import Sort
from assistant.reading.guideline_metadata import Metadata
from assistant.records import SavedSearch
from assistant.service.opened import OpenFolder

if TYPE_CHECKING:
    from assistant.evaluation.run import Plan
    from assistant.library.import_log import StoredImport
    from assistant.library.importing import ImportReport, Progress
    from assistant.library.letters import KeptRow, OpenedLetter
    from assistant.settings import Settings


class LibraryActs(OpenFolder):
    """What is done with letters, guidelines and saved searches."""

    def import_paths(
        self,
        paths: Sequence[Path],
        *,
        progress: Progress | None = None,
        stop: Callable[[], bool] = lambda: False,
        upload: str | None = None,
    ) -> ImportReport:
        """Import letters and guideline files, or folders and archives of them; the same file twice changes nothing."""
        return self.library.import_paths(paths, progress, stop=stop, upload=upload)

    def imports(self) -> tuple[StoredImport, ...]:
        """The imports so far, the newest first, without their notes."""
        return self.library.imports.imports()

    def import_report(self, number: int) -> StoredImport:
        """One import with all that was said of its documents."""
        return self.library.imports.report(number)

    def letters_not_whole(self) -> tuple[tuple[KeptRow, ...], int]:
        """The letters that were not read whole, and how many there are; the list may be shorter."""
        return self.library.letters.not_whole()

    def letter(self, which: str | int) -> OpenedLetter:
        """A letter by its number in the list, its case number or one of its decisions, with its versions and text."""
        return self.library.letters.open(which)

    def preview_guideline(self, path: Path, metadata: Metadata = NOTHING_GIVEN) -> GuidelinePreview:
        """A guideline's plain text (PDF, DOCX, HTML, MD, TXT) as it would be imported: what it would be cited by, with
        the origin of each guess, and the report of what was read. Nothing is stored."""
        return self._guideline_importer.preview(path, metadata)

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
        return self.library.guideline_importer(self._drafter.lexicon, self.settings.user)

    def search(self, query: Query) -> Found:
        """Past decisions by words and meaning."""
        return self.library.search(query)

    def search_decisions(
        self,
        words: str,
        *,
        outcome: Outcome | None = None,
        service: str | None = None,
        choices: Choices | None = None,
        limit: int = 10,
        offset: int = 0,
        sort: Sort = Sort.RELEVANCE,
        like: str | None = None,
        exact: bool = False,
        facets: bool = False,
    ) -> Found:
        """Past decisions by words, or `like` another; `outcome` and `service` are choices that need no `choices`.

        Raises WrongInput where a choice names nothing that the library holds.
        """
        chosen = choices or Choices()
        chosen = replace(chosen, outcome=outcome or chosen.outcome, service=service or chosen.service)
        where = self.library.filter_of(chosen)
        return self.library.search(Query(words, where, limit, offset, sort, like, exact, facets))

    def choices_named(self, words: str) -> Choices:
        """What words narrow a search by of themselves: the service that they name, and its place."""
        return choices_named(words, self.library.taxonomy)

    def saved_searches(self, user: str) -> tuple[SavedSearch, ...]:
        """The user's saved searches, by name."""
        return self._saved.all(user)

    def saved_search(self, user: str, name: str) -> SavedSearch:
        """The user's saved search of a name; raises NotThere."""
        return self._saved.named(user, name)

    def save_search(self, user: str, name: str, words: str, choices: Choices) -> SavedSearch:
        """Keep a search under a name, in the place of an earlier one; WrongInput where it would find nothing ever."""
        if not name.strip():
            raise WrongInput("A saved search needs a name.")
        if not words.strip() and choices == Choices():
            raise WrongInput("There is nothing to save; search for words or choose a filter first.")
        self.library.filter_of(choices)
        return self._saved.save(user, name, words, choices.as_mapping())

    def delete_search(self, user: str, name: str) -> None:
        """Forget a saved search; raises NotThere."""
        self._saved.delete(user, name)

    def decision(self, decision_id: str) -> tuple[Determination, int]:
        """The whole letter of a decision, and which of its decisions it is (from 0)."""
        return self.library.determination_of(decision_id)

    def passage(self, passage_id: str) -> Passage:
        """A guideline passage by its id, also of an earlier version that an old draft cites."""
        return self.library.passage(passage_id)

    def guidelines(self) -> tuple[Passage, ...]:
        """All passages of the library as it stands now."""
        return self.library.passages()

    def real_letters(self) -> int:
        """How many real letters were imported; illustrative ones do not count."""
        return self.library.count_real()

    @staticmethod
    def reindex(settings: Settings, *, progress: Progress | None = None) -> str:
        """Rebuild the derived indexes; returns a sentence that says what was done."""
        engine = open_database(settings.data_dir)
        try:
            return open_library(settings, engine, progress=progress, reindex=True).reindexed
        finally:
            engine.dispose()

    def evaluate(self, plan: Plan, *, progress: Progress | None = None) -> dict[str, Any]:
        """Measure the program against letters read by hand, in a library of its own; the user's is not changed."""
        from assistant.evaluation.run import evaluate
        from assistant.library.scratch import scratch_library

        with scratch_library(self.settings, self._engine, self.library.embedder, progress) as library:
            return evaluate(library, self._drafter.lexicon, plan, self._drafter.over)
