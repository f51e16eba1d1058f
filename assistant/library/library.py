"""The library as everything above it sees it: opened, asked, added to."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.corpus import Taxonomy, load_editions, load_taxonomy
from assistant.database import sentences
from assistant.databases.locks import held
from assistant.domain import (
    Candidate,
    CaseSummary,
    Determination,
    DisputedService,
    Edition,
    Passage,
    PassageKind,
    SimilarDecision,
)
from assistant.errors import DataFolderError, ModelMismatch
from assistant.library.changes import NO_CHANGES, Change, ChangeLog
from assistant.library.choices import Choices, decision_filter
from assistant.library.csv_list import MOST_LISTED, CsvList, csv_pieces
from assistant.library.documented import DecidedCase, decided_cases
from assistant.library.embedding import Embedder, load_embedder
from assistant.library.filters import DecisionFilter, FacetName
from assistant.library.found import Found, Query
from assistant.library.governing import Request, governed, governing, same_section
from assistant.library.guessing import KindGuesser
from assistant.library.guideline_importing import GuidelineImporter, Known
from assistant.library.health import HealthCheck, library_health
from assistant.library.held_editions import HeldEdition, WordFinder, held_editions
from assistant.library.import_log import ImportLog
from assistant.library.importing import Importer, ImportReport, Progress, Reading, Silent, embed_missing
from assistant.library.indexes import Indexes
from assistant.library.indexing import vectors_of
from assistant.library.insights import Overview, overview
from assistant.library.letter_files import LetterFiles
from assistant.library.letters import Letters
from assistant.library.nearness import Nearness
from assistant.library.retrieval import Finder
from assistant.library.starter import ensure_starter
from assistant.library.store import Counts, Store
from assistant.library.stored_vectors import Shelf, StoredVectors
from assistant.library.words import Words
from assistant.reading.services import read_request

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from assistant.reading.lexicon import Lexicon
    from assistant.settings import Settings

__all__ = ["Found", "HealthCheck", "Library", "Query", "open_library"]
_BUILD_WAIT_SECONDS = 600


_WEIGHED = 10  # passages of which a question is laid beside what each of them says
_MOST_SAYINGS = 6  # of a passage


def _sayings(passage: Passage) -> tuple[str, ...]:
    """What a passage says, a criterion at a time, under its citation; of one without criteria its beginning."""
    told = [f"{passage.citation}. {criterion.text}" for criterion in passage.criteria[:_MOST_SAYINGS]]
    return tuple(told) or (passage.text[:600],)


class Library:
    """What is known. One object serves all threads of a process; `open_library` makes it."""

    def __init__(self, indexes: Indexes, taxonomy: Taxonomy, editions: tuple[Edition, ...], importer: Importer) -> None:
        self._near: Nearness | None = None
        self.taxonomy, self.editions = taxonomy, editions
        self.reindexed = ""  # what a reindex on opening did, in one sentence
        self._in, self._importer = indexes, importer
        self._finder = Finder(indexes)
        self._guesser: KindGuesser | None = None
        self._names: Callable[[], list[tuple[str, NDArray[np.float32]]]] = self._stored_names
        self._offered: Mapping[str, Passage] = MappingProxyType({})
        self._imported: frozenset[str] = frozenset()
        self._held: Mapping[str, Passage] = MappingProxyType({})
        self._changes = NO_CHANGES
        self._words_of: WordFinder | None = None
        self._state = ""
        self._turn = threading.RLock()  # readers wait for who reads anew, lest they keep what is outdated
        self._reload()

    @property
    def embedder(self) -> Embedder:
        """The embedding model that is set; its weights are loaded with its first text."""
        return self._in.embedder

    def leaving_out(self, case_number: str, taxonomy: Taxonomy | None = None) -> Library:
        """The same library as if the letter of this case had never been imported; used to evaluate on that letter.

        `taxonomy` takes the place of the corpus' own, also in guesses.
        """
        self._fresh()
        view = copy(self)
        view._finder = Finder(self._in, left_out=case_number)
        view._finder.renamed = self._finder.renamed
        if taxonomy is not None:
            view.taxonomy, view._guesser = taxonomy, None
            view._names = lambda: self._names_of(taxonomy)
        return view

    @property
    def finder(self) -> Finder:
        """What searches passages and decisions, for those who measure the single ways of finding."""
        return self._finder

    def ready(self) -> None:
        """Load the model and open the indexes now, not with the first question."""
        self._finder.ready()

    def warm_up(self, also: Callable[[], None] = lambda: None) -> threading.Thread:
        """`ready` and then `also`, in the background."""

        def warm() -> None:
            self.ready()
            also()

        thread = threading.Thread(target=warm, name="warm-up", daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        """Let go of the vector index, so that another process may have it."""
        self._in.vectors.close()
        self._in.store.files.close()

    # --- guidelines ---------------------------------------------------------------------------------------------

    def governing(
        self, service: DisputedService, case: CaseSummary, day: date, limit: int = 8
    ) -> tuple[Candidate, ...]:
        """The guidelines in force on `day` that may govern a service, each with one section and a reason, best first.

        At least five where the library has as many. For an unknown service the nearest kind is taken, and said so.
        """
        known = self.taxonomy.kinds.get(service.kind or "")
        kind = known or self.taxonomy.kinds.get(service.guess or self.guess_kind(service, case) or "")
        request = Request(service, case, kind, guessed=known is None, day=day)
        return governing(request, self._fresh(), self._imported, self._finder, limit)

    def guess_kind(self, service: DisputedService, case: CaseSummary | None = None) -> str | None:
        """The kind that a request without a known name comes nearest to, or None if it comes near none."""
        if self._guesser is None:
            self._guesser = KindGuesser(self.taxonomy, self._names(), self._finder.vector)
        return self._guesser.guess(service, case)

    def _stored_names(self) -> list[tuple[str, NDArray[np.float32]]]:
        names = self._in.stored.shelf(Shelf.KINDS, self.embedder.name)
        return list(zip(names.keys, names.matrix, strict=True))

    def _names_of(self, taxonomy: Taxonomy) -> list[tuple[str, NDArray[np.float32]]]:
        names = [(kind.id, name) for kind in taxonomy.kinds.values() for name in (kind.display, *kind.aliases)]
        return list(zip((kind for kind, _ in names), self.embedder.embed([name for _, name in names]), strict=True))

    def passage(self, passage_id: str) -> Passage:
        """A passage by its id, also an earlier version that an old draft cites; raises NotThere."""
        return self._held.get(passage_id) or self._in.store.passage(passage_id)

    def is_off(self, passage: Passage) -> bool:
        """Whether a passage is switched off, by itself or with its section or edition."""
        self._fresh()
        return self._changes.off_of(passage) is not None

    def held_editions(self) -> tuple[HeldEdition, ...]:
        """All editions with their passages, those that are switched off included."""
        return self.word_finder().held

    def word_finder(self) -> WordFinder:
        """What finds words in the editions as they are now."""
        with self._turn:
            self._fresh()
            if self._words_of is None:
                self._words_of = WordFinder(held_editions(self._held.values(), self.editions, self._changes))
            return self._words_of

    def changes_of(self, guideline: str) -> tuple[Change, ...]:
        """All that was changed of an edition, the oldest first."""
        return self._in.changes.all(guideline)

    def change(self, user: str, change: Change) -> Change:
        """Switch off or on, or correct dates: an act. It holds from now on, for whoever works with this data folder."""
        try:
            return self._in.changes.add(user, change)
        finally:
            self._fresh()

    def offers(self, passage_id: str) -> bool:
        """Whether new drafts may rest on a passage: it is there, in this wording, and not switched off."""
        return passage_id in self._fresh()

    def section_of(self, passage: Passage) -> tuple[Passage, ...]:
        """The passage; of an official text also the others that are offered of its section, which may take several."""
        if passage.kind is not PassageKind.OFFICIAL:
            return (passage,)
        others = (
            p for p in self._offered.values() if p.guideline == passage.guideline and p.section == passage.section
        )
        return (passage, *(p for p in others if p.id != passage.id and not p.edition_note))

    def passages(self) -> tuple[Passage, ...]:
        """All passages that are offered now, edition notes included."""
        return tuple(self._fresh().values())

    def passages_of(self, kind: str, day: date) -> tuple[Passage, ...]:
        """The passages in force on `day` that govern a kind of service, without edition notes."""
        return tuple(
            p for p in self.passages() if kind in p.service_kinds and p.in_force.holds_on(day) and not p.edition_note
        )

    def rules_beside(self, kind: str, day: date) -> tuple[Passage, ...]:
        """Law and rules beyond single guidelines, in force on `day`, with criteria for a kind, its category or any."""
        known = self.taxonomy.kinds.get(kind)
        names = {kind, known.category, "any"} if known else set()
        return tuple(
            p
            for p in self.passages()
            if p.is_law and p.criteria and names & set(p.service_kinds) and p.in_force.holds_on(day)
        )

    def edition_notes(self) -> tuple[Passage, ...]:
        """What says of each edition when it was in force."""
        return tuple(p for p in self.passages() if p.edition_note)

    def successors(self, label: str, day: date) -> tuple[Passage, ...]:
        """The notes of the editions of a guideline's family that are in force on `day`; of `label` itself too."""
        families = {edition.family for edition in self.editions if edition.label == label}
        return tuple(p for p in self.edition_notes() if p.family in families and p.in_force.holds_on(day))

    def ask(self, question: str, day: date, limit: int = 5) -> tuple[tuple[Passage, float], ...]:
        """The passages in force on `day` that answer a question, best first.

        The score is how near the question comes to what the passage says (a cosine), and half of its rank by words,
        vectors and the service that the question names (0 to 1).
        """
        if not question.strip():
            return ()
        asked = read_request(question, self.taxonomy)
        kind = self.taxonomy.kinds.get(asked.kind or "")
        request = Request(asked, CaseSummary("", None, None, None, (), ()), kind, guessed=False, day=day)
        offered = self._fresh()
        in_force = {key: passage for key, passage in offered.items() if passage.in_force.holds_on(day)}
        governing = [passage.id for passage in governed(request, offered)]
        found = self._finder.ask(question, in_force, governing, max(limit, _WEIGHED))
        told = [said for passage, _ in found for said in _sayings(passage)]
        nearness = self._nearness().to(question, told)
        weighed = [(p, max(nearness[said] for said in _sayings(p)) + rank / 2) for p, rank in found]
        return tuple(sorted(weighed, key=lambda pair: -pair[1])[:limit])

    def _nearness(self) -> Nearness:
        if self._near is None:
            self._near = Nearness(self.embedder)
        return self._near

    # --- decisions ----------------------------------------------------------------------------------------------

    def search(self, query: Query) -> Found:
        """Past decisions by words and meaning."""
        self._fresh()
        found = self._finder.search(query)
        of_service = found.facets.get(FacetName.SERVICE, ())
        named = {FacetName.SERVICE: tuple(replace(count, label=self.called(count.value)) for count in of_service)}
        return replace(found, facets={**found.facets, **named}) if of_service else found

    def called(self, kind: str) -> str:
        """How people call a kind of service."""
        known = self.taxonomy.kinds.get(kind)
        return known.display if known else kind

    def listed(self, query: Query, most: int = MOST_LISTED) -> CsvList:
        """All decisions that match, as a list in CSV; the text is made piece by piece as it is asked for."""
        self._fresh()
        found = self._finder.listing(query, most)
        pieces = csv_pieces(found.ids, found.words, self._in.store.decisions, self.called)
        return CsvList(len(found.ids), found.total, pieces)

    def filter_of(self, choices: Choices) -> DecisionFilter:
        """What a user's choices mean; WrongInput where a name is unknown or may mean several."""
        self._fresh()
        facets = self._in.vectors.shelved(Shelf.DECISIONS).facts.facets
        guidelines, specialties = facets[FacetName.GUIDELINE].names, facets[FacetName.SPECIALTY].names
        return decision_filter(choices, self.taxonomy, guidelines, specialties)

    def overview(self, kind: str | None) -> Overview:
        """How the real decisions came out, those on one kind of service or all."""
        self._fresh()
        facts = self._in.vectors.shelved(Shelf.DECISIONS).facts
        return overview(facts, self.count_real(), kind, self.called)

    def decided_cases(self, kind: str | None) -> tuple[DecidedCase, ...]:
        """The real decisions on a kind of service, or all, with the texts of their letters."""
        return decided_cases(self._in.store.engine, kind)

    @property
    def state(self) -> str:
        """Another value after every change of what is held, by whichever process."""
        return self._in.store.state()

    def similar(self, service: DisputedService, case: CaseSummary, per_outcome: int = 3) -> tuple[SimilarDecision, ...]:
        """Past decisions on a like service, from both sides; never precedent, never a vote."""
        self._fresh()
        return self._finder.similar(service, case, per_outcome)

    def determination_of(self, decision_id: str) -> tuple[Determination, int]:
        """The letter of a decision and the decision's place in it, from 0; raises NotThere."""
        return self._in.store.determination(decision_id)

    def counts(self) -> Counts:
        """How much the library holds."""
        return self._in.store.counts()

    def count_real(self) -> int:
        """How many real letters were imported."""
        return self.counts().letters

    # --- upkeep -------------------------------------------------------------------------------------------------

    def import_paths(
        self,
        paths: Sequence[Path],
        progress: Progress | None = None,
        *,
        stop: Callable[[], bool] = lambda: False,
        upload: str | None = None,
        reading: Reading | None = None,
    ) -> ImportReport:
        """Take letters and guideline files in, or folders and archives of them; the same file twice changes nothing."""
        try:
            return self._importer.import_paths(paths, progress or Silent(), stop=stop, upload=upload, reading=reading)
        finally:
            self._fresh()

    def add_determinations(self, determinations: Mapping[str, Determination]) -> int:
        """Take in letters that were read elsewhere, by the names that make the ids of their decisions; how many."""
        try:
            return sum(self._importer.add_determination(letter, name) for name, letter in determinations.items())
        finally:
            self._fresh()

    @property
    def imports(self) -> ImportLog:
        """The reports of all imports."""
        return self._in.store.imports

    @property
    def letters(self) -> Letters:
        """Letters to be opened, and the list of those that were not read whole."""
        return self._in.store.letters

    @property
    def files(self) -> LetterFiles:
        """The PDFs of letters, whose pages can be shown."""
        return self._in.store.files

    def mend(self, progress: Progress | None = None) -> tuple[str, ...]:
        """Bring store, vectors and indexes in step; says what was done, nothing where nothing was amiss."""
        done = []
        if made := embed_missing(self._in.stored, self.embedder, progress or Silent()):
            done.append(f"{made} texts without a vector were embedded.")
        if strays := self._in.stored.drop_strays():
            done.append(f"{strays} vectors without a text were dropped.")
        if not self._in.words.in_step():
            self._in.words.rebuild()
            done.append("The full-text index was rebuilt.")
        if self._in.vectors.in_step() is False:
            self._in.vectors.rebuild()
            done.append("The vector index was rebuilt.")
        return tuple(done)

    def guideline_importer(self, lexicon: Lexicon, owner: str) -> GuidelineImporter:
        """What takes the plain texts of guidelines in, for `owner`; it knows the library as it is now."""
        known = Known(self.taxonomy, lexicon, self.editions, self.passages())
        return GuidelineImporter(self._in.store, self.embedder, known, owner)

    def reindex(self, progress: Progress | None = None) -> str:
        """Embed what lacks a vector of the set model; rebuild full text and Chroma; says what was done."""
        made = embed_missing(self._in.stored, self.embedder, progress or Silent())
        self._in.stored.adopt_model(self.embedder.name)
        self._in.words.rebuild()
        self._in.vectors.rebuild()
        counts = self.counts()
        self.reindexed = (
            f"Rebuilt the indexes of {counts.passages} passages and of the decisions of "
            f"{counts.letters} real and {counts.illustrative} illustrative letters; {made} texts were embedded anew."
        )
        return self.reindexed

    def health(self) -> tuple[HealthCheck, ...]:
        """Whether the store, its vectors and both indexes agree."""
        return tuple(library_health(self._in))

    def _fresh(self) -> Mapping[str, Passage]:
        """The offered passages, after taking in what another process may have added since."""
        with self._turn:
            if self._in.store.state() != self._state:
                self._reload()
                self._in.vectors.refresh()
            return self._offered

    def _reload(self) -> None:
        """Read the passages, as reviewers changed them; what is switched off is held and not offered.

        What was imported takes the place of the starter's word on the same matter.
        """
        self._state = self._in.store.state()
        self._changes, self._words_of = self._in.changes.now_holding(), None
        stored = self._in.store.passages()
        passages = [self._changes.dated(passage) for passage in stored]
        renamed = {old.id: new.id for old, new in zip(stored, passages, strict=True) if old.id != new.id}
        imported = frozenset(renamed.get(key, key) for key in self._in.store.imported_passages())
        on = [passage for passage in passages if self._changes.off_of(passage) is None]
        mine: defaultdict[str, list[Passage]] = defaultdict(list)
        for passage in on:
            if passage.id in imported and not passage.edition_note:
                mine[passage.guideline].append(passage)
        offered = {p.id: p for p in on if p.id in imported or not _outdone(p, mine.get(p.guideline, ()))}
        off = {p.id for p in passages} - {p.id for p in on}
        self._imported, self._finder.renamed = imported, renamed
        self._held = MappingProxyType({p.id: p for p in passages if p.id in offered or p.id in off})
        self._offered = MappingProxyType(offered)
        if renamed and self._in.store.keep_versions([self._held[key] for key in renamed.values() if key in self._held]):
            embed_missing(self._in.stored, self.embedder, Silent())


def _outdone(passage: Passage, imported: Sequence[Passage]) -> bool:
    """Whether a guideline's imported text replaces a starter passage: a note that it is missing, or the same section.

    Criteria that a machine read from a text decide nothing, so they replace none that may decide: such a digest stays
    beside the text, which comes first.
    """
    if passage.edition_note:
        return passage.current_without_criteria and bool(imported)
    decides = _decides(passage)
    spoken = {
        kind for p in imported if _replaces(p, passage) and (_decides(p) or not decides) for kind in p.service_kinds
    }
    return bool(passage.service_kinds) and spoken.issuperset(passage.service_kinds)


def _decides(passage: Passage) -> bool:
    return any(criterion.may_decide for criterion in passage.criteria)


def _replaces(imported: Passage, passage: Passage) -> bool:
    """Whether both speak of one section; a heading path of an official text counts by its last heading too."""
    if imported.section == passage.section:
        return True
    if imported.kind is not PassageKind.OFFICIAL or imported.section is None or passage.section is None:
        return False
    return same_section(imported.section.rsplit(" > ", 1)[-1], passage.section)


def open_library(
    settings: Settings,
    engine: Engine,
    *,
    progress: Progress | None = None,
    reindex: bool = False,
    embedder: Embedder | None = None,
) -> Library:
    """Open the library of a data folder; the first opening builds the starter library, a changed corpus refreshes it.

    `reindex` rebuilds the derived indexes and adopts the embedding model that is set; its sentence is `reindexed`.
    Raises ModelMismatch when the vectors are another model's, CorpusError for a malformed corpus.
    """
    progress = progress or Silent()
    embedder = embedder or load_embedder(settings.embedding_model, settings.data_dir)
    store, stored = Store(engine), StoredVectors(engine)
    _check_model(store, embedder, reindex=reindex)
    taxonomy = load_taxonomy(settings.corpus_dir)
    importer = Importer(store, embedder, taxonomy, settings.user)
    try:
        with sentences(engine), held(engine, "library", _BUILD_WAIT_SECONDS) as ours:
            if not ours:
                raise DataFolderError(
                    f"Another process has been building the library in {settings.data_dir} for "
                    f"{_BUILD_WAIT_SECONDS // 60} minutes; try again when it has ended."
                )
            ensure_starter(store, importer, embedder, settings.corpus_dir, progress)
            if not reindex:
                embed_missing(stored, embedder, progress)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise DataFolderError(f"The data folder {settings.data_dir} cannot be used ({reason}).") from None
    vectors = vectors_of(settings, store, stored, embedder.name)
    indexes = Indexes(store, stored, vectors, Words(engine), embedder, ChangeLog(engine))
    library = Library(indexes, taxonomy, load_editions(settings.corpus_dir), importer)
    if reindex:
        library.reindex(progress)
    return library


def _check_model(store: Store, embedder: Embedder, *, reindex: bool) -> None:
    noted = store.meta("embedding_model")
    if noted not in (None, embedder.name) and not reindex:
        raise ModelMismatch(
            f"The library was embedded by {noted}, and {embedder.name} is set; run `imr-assistant reindex` to embed it "
            "anew, or set the earlier model."
        )
