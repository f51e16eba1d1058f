"""The acts on the library: import, search, read, measure; they belong to no case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.domain import Determination, Outcome
from assistant.errors import WrongInput
from assistant.library.choices import Choices, choices_named
from assistant.library.found import Found, Query
from assistant.library.library import open_library
from assistant.library.opening import database_of
from assistant.library.sort import Sort
from assistant.metrics import measured
from assistant.reading.many import read_letters
from assistant.records import SavedSearch
from assistant.service.guideline_acts import GuidelineActs

if TYPE_CHECKING:
    from assistant.evaluation.run import Plan
    from assistant.library.import_log import StoredImport
    from assistant.library.importing import ImportReport, Progress
    from assistant.library.letters import KeptRow, OpenedLetter
    from assistant.settings import Settings


class LibraryActs(GuidelineActs):
    """What is done with letters and saved searches, beside what is done with guidelines."""

    @measured("import")
    def import_paths(
        self,
        paths: Sequence[Path],
        *,
        progress: Progress | None = None,
        stop: Callable[[], bool] = lambda: False,
        upload: str | None = None,
        workers: int = 0,
        cluster: str = "",
    ) -> ImportReport:
        """Import letters and guideline files, or folders and archives of them; the same file twice changes nothing.

        With `workers`, so many processes of Ray read and embed, on this machine or on the `cluster` at that address;
        raises ScaleUnavailable where there is no Ray, or no such cluster.
        """
        if not workers:
            return self.library.import_paths(paths, progress, stop=stop, upload=upload)
        from assistant.library.ray_reading import RayReading, ray_session

        with ray_session(workers, cluster):
            reading = RayReading(workers, self.settings.embedding_model, self.settings.data_dir)
            return self.library.import_paths(paths, progress, stop=stop, upload=upload, reading=reading)

    def read_letters(self, paths: Sequence[Path]) -> Iterator[tuple[str, Determination | None, str]]:
        """Read letters and store nothing: the file's name, the letter or None, and then why it could not be read."""
        return read_letters(paths)

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

    @measured("search")
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

    def real_letters(self) -> int:
        """How many real letters were imported; illustrative ones do not count."""
        return self.library.count_real()

    @staticmethod
    def reindex(settings: Settings, *, progress: Progress | None = None) -> str:
        """Rebuild the derived indexes; returns a sentence that says what was done."""
        engine = database_of(settings)
        try:
            return open_library(settings, engine, progress=progress, reindex=True).reindexed
        finally:
            engine.dispose()

    @staticmethod
    def copy_database(settings: Settings, url: str) -> dict[str, int]:
        """Copy all tables of the database that is set into an empty one; how many rows each has."""
        from assistant.database import open_database
        from assistant.library.copying import copy_database

        source = database_of(settings)
        try:
            target = open_database(settings.data_dir, url)
            try:
                return copy_database(source, target)
            finally:
                target.dispose()
        finally:
            source.dispose()

    def evaluate(self, plan: Plan, *, progress: Progress | None = None) -> dict[str, Any]:
        """Measure the program against letters read by hand, in a library of its own; the user's is not changed.

        The figures are kept in the data folder, in the place of earlier ones, without any text of the letters.
        """
        from assistant.evaluation.kept import keep
        from assistant.evaluation.run import evaluate
        from assistant.library.scratch import scratch_library

        with scratch_library(self.settings, self._engine, self.library.embedder, progress) as library:
            measured = evaluate(library, self._drafter.lexicon, plan, self._drafter.over)
        keep(self.settings.data_dir, measured, plan, self._now())
        return measured
