"""Takes letters and guideline files into the library, each in one transaction; what is there already is left alone."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from assistant.corpus import Taxonomy
from assistant.domain import Determination
from assistant.errors import AssistantError, DataFolderError
from assistant.library.documents import Added, Document, DocumentKind, NewGuideline, NewLetter
from assistant.library.embedding import Embedder
from assistant.library.import_log import ImportNote, ImportState, NoteKind, Run
from assistant.library.letter_files import note_file
from assistant.library.letters import KeptText, is_incomplete
from assistant.library.rows import decision_text, passage_text, sha256, words_hash
from assistant.library.store import Store
from assistant.library.stored_vectors import NewVectors, StoredVectors
from assistant.reading.folders import Source, count_sources, sources
from assistant.reading.guidelines import read_guideline
from assistant.reading.letter_records import as_record
from assistant.reading.many import Document as ReadDocument
from assistant.reading.many import read_many
from assistant.reading.services import read_request
from assistant.rights import asking

_FRONT_MATTER = re.compile(r"\A\s*---\s*\n")
_ILLUSTRATIVE = re.compile(r"\A\s*---\s*\n(?:.*\n)*?illustrative:[ \t]*true[ \t]*\n(?:.*\n)*?---\s*\n")
_FRONT_MATTER_LENGTH = 4000  # characters in which it stands
_AT_ONCE = 64  # texts between two steps of the progress bar
_TOGETHER = 32  # documents whose texts are embedded together
_TOGETHER_LENGTH = 2_000_000  # characters of them
_NEITHER = "it is neither a determination letter nor a guideline file"


Vectors = Mapping[str, NDArray[np.float32]]  # by the hash of their text


class Reading(Protocol):
    """How documents are read: one after another here, or by many workers that embed them too."""

    def documents(
        self, paths: Sequence[Path], is_there: Callable[[Source], bool], held: Callable[[], Iterable[str]]
    ) -> Iterator[tuple[ReadDocument | Source, Vectors]]:
        """Each document of the paths in their order, read, with the vectors of its texts as far as they are made.

        One that is there comes unread, as its Source: `is_there` says so, as `held` gives all hashes of contents.
        """
        ...


class Progress(Protocol):
    """Is told how far a long act is."""

    def start(self, what: str, total: int) -> None:
        """An act of `total` steps begins."""
        ...

    def advance(self, by: int = 1) -> None:
        """So many more steps are done."""
        ...

    def finish(self) -> None:
        """The act has ended."""
        ...


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `id` opens its stored report; `failed` are a document's name and a sentence.

    `read` counts what is new, `new_versions` those of it whose case was known, `incomplete` those that were not read
    whole and are kept with their text; `neither` names what is no letter and no guideline.
    """

    read: int
    already_there: int
    failed: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    decisions: int
    seconds: float
    new_versions: int = 0
    incomplete: int = 0
    neither: tuple[str, ...] = ()
    id: int = 0
    state: ImportState = ImportState.DONE
    causes: tuple[tuple[str, int], ...] = ()


class ReadHere:
    """Reads documents in child processes of this one; the importer embeds them."""

    def documents(
        self, paths: Sequence[Path], is_there: Callable[[Source], bool], held: Callable[[], Iterable[str]]
    ) -> Iterator[tuple[ReadDocument | Source, Vectors]]:
        """See Reading."""
        with closing(read_many(sources(paths), "if", is_there)) as documents:
            for document in documents:
                yield document, {}


class Silent:
    """Progress that nobody watches."""

    def start(self, what: str, total: int) -> None:
        """Nothing is shown."""

    def advance(self, by: int = 1) -> None:
        """Nothing is shown."""

    def finish(self) -> None:
        """Nothing is shown."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done about a document: a letter or a guideline to add, or what is to be said of it."""

    source: Source
    letter: NewLetter | None = None
    guideline: NewGuideline | None = None
    failed: str | None = None  # the reason
    neither: str | None = None

    @property
    def texts(self) -> list[str]:
        """What is embedded of it."""
        if self.letter is not None:
            return texts_of(self.letter)
        return [passage_text(p) for p in self.guideline.passages] if self.guideline else []


class Importer:
    """Takes documents into a store, with the vectors of their texts.

    Some documents are embedded together, which is faster and rounds a vector otherwise than embedding it alone (by
    1.2e-7 at most, measured on 48 letters). So an import that was killed and run again ends in the library of an
    undisturbed one with the same ids, rows, texts and order to the bit, and the same vectors to within 1e-6.
    """

    def __init__(self, store: Store, embedder: Embedder, taxonomy: Taxonomy, owner: str) -> None:
        self._store, self._embedder, self.taxonomy, self._owner = store, embedder, taxonomy, owner
        self._vectors = StoredVectors(store.engine)

    @property
    def _account(self) -> str:
        """The account that asks; where there are no accounts, the one that the importer was made for."""
        person = asking()
        return person.name if person else self._owner

    def import_paths(
        self,
        paths: Sequence[Path],
        progress: Progress,
        clock: Callable[[], float] = time.perf_counter,
        *,
        stop: Callable[[], bool] = lambda: False,
        upload: str | None = None,
        reading: Reading | None = None,
    ) -> ImportReport:
        """Import files, archives and files of many lines, and folders with all that is in them.

        A document that cannot be read is reported and the others go on. `stop` is asked between documents; what was
        read until then stays. `upload` names the files in the report, for going on with them; of such files it is not
        noted where they lie, for they go with the import. Raises DataFolderError when nothing can be stored.
        """
        began = clock()
        log = self._store.imports
        run = log.begin(self._account, [path.name for path in paths], count_sources(paths), upload)
        progress.start("Importing", run.total)
        try:
            found = (reading or ReadHere()).documents(paths, self._is_there, self._store.content_hashes)
            cancelled = self._import_all(found, run, progress, stop, lasting=upload is None)
        except KeyboardInterrupt:
            log.end(run, ImportState.CANCELLED)
            raise
        except BaseException as error:
            with suppress(DataFolderError):  # a full disk takes no report either; what went wrong is what counts
                log.end(run, ImportState.FAILED, str(error) if isinstance(error, AssistantError) else "a fault")
            raise
        finally:
            progress.finish()
        log.end(run, ImportState.CANCELLED if cancelled else ImportState.DONE)
        return self._report(run.id, clock() - began)

    def _import_all(
        self,
        found: Iterator[tuple[ReadDocument | Source, Vectors]],
        run: Run,
        progress: Progress,
        stop: Callable[[], bool],
        *,
        lasting: bool,
    ) -> bool:
        """Import all; says whether it was stopped before the end."""
        with closing(cast("Generator[tuple[ReadDocument | Source, Vectors]]", found)) as documents:
            for together in _together(documents):
                plans = [self._plan(document) for document, _ in together]
                made = {key: vector for _, vectors in together for key, vector in vectors.items()}
                vectors = self._embedded([text for plan in plans for text in plan.texts], made)
                for plan in plans if lasting else map(_passing, plans):
                    self._carry_out(plan, vectors, run)
                    progress.advance()
                    if stop():
                        return True
                self._store.imports.write(run)
        return False

    def _is_there(self, source: Source) -> bool:
        return self._store.holds(content_hash=source.content_hash)

    def _plan(self, document: ReadDocument | Source) -> _Plan:
        if isinstance(document, Source):
            return _Plan(document)
        source, text = document.source, document.text
        if document.reason is not None:
            return _Plan(source, neither=document.reason) if source.passed else _Plan(source, failed=document.reason)
        text_hash = words_hash(text) if text else _record_hash(document.letter)
        if self._store.holds(text_hash=text_hash):
            return _Plan(source)
        opening = text[:_FRONT_MATTER_LENGTH]
        if _ILLUSTRATIVE.match(opening):
            return _Plan(_unkept(source), failed="it is an illustration and no real determination")
        if document.letter is not None:
            return _Plan(source, letter=self._new_letter(document, document.letter, text_hash))
        if _FRONT_MATTER.match(opening):
            return self._guideline_plan(source, text, text_hash)
        return _Plan(source, neither=_NEITHER)

    def _guideline_plan(self, source: Source, text: str, text_hash: str) -> _Plan:
        document = Document(source.content_hash, text_hash, DocumentKind.GUIDELINE, source.name, self._account)
        try:
            return _Plan(source, guideline=NewGuideline(document, read_guideline(text, source.name).passages))
        except AssistantError as error:
            return _Plan(_unkept(source), failed=getattr(error, "reason", str(error)))

    def _new_letter(self, read: ReadDocument, letter: Determination, text_hash: str) -> NewLetter:
        source, warnings = read.source, (*read.warnings, *letter.warnings)
        document = Document(source.content_hash, text_hash, DocumentKind.LETTER, source.name, self._account)
        letter = replace(letter, warnings=warnings)
        new = self.letter(document, letter, letter.case_number or f"d{text_hash[:12]}")
        kept = KeptText(read.text or None, warnings, is_incomplete(letter)) if warnings else None
        return replace(new, kept=kept, record=not read.text)

    def _carry_out(self, plan: _Plan, vectors: NewVectors, run: Run) -> None:
        run.counts["seen"] += 1
        name = plan.source.name
        if plan.letter is not None:
            self._add_letter(plan.letter, vectors, run, plan.source.path)
        elif plan.guideline is not None:
            added = self._store.add_guideline(plan.guideline, _of(plan.texts, vectors))
            run.counts["read" if added else "already_there"] += 1
        elif plan.neither is not None:
            run.note(NoteKind.NEITHER, name, f"{name} was left out: {plan.neither}.")
        elif plan.failed is not None:
            self._keep_unread(plan.source, plan.failed, run)
        else:
            run.counts["already_there"] += 1
            self._store.files.found_again(plan.source.content_hash, plan.source.path)

    def _add_letter(self, letter: NewLetter, vectors: NewVectors, run: Run, path: Path | None) -> None:
        def also(session: Session, added: Added) -> None:
            _count(letter, added, run)
            note_file(session, added.document_id, path)
            run.write(session)

        self._store.add_letter(letter, _of(texts_of(letter), vectors), also)
        run.written()

    def _keep_unread(self, source: Source, reason: str, run: Run) -> None:
        sentence = f"{source.name} could not be read: {reason}."
        if not source.content_hash:  # there was nothing to keep
            run.note(NoteKind.FAILED, source.name, sentence)
            return

        def also(session: Session, added: Added) -> None:
            run.note(NoteKind.FAILED, source.name, sentence, added.document_id)
            run.write(session)

        unread = Document(source.content_hash, source.content_hash, DocumentKind.UNREAD, source.name, self._account)
        self._store.keep_unread(unread, KeptText(None, (sentence,), incomplete=True), also)
        run.written()

    def _report(self, number: int, seconds: float) -> ImportReport:
        stored = self._store.imports.report(number)
        by_kind: dict[NoteKind, list[ImportNote]] = {kind: [] for kind in NoteKind}
        for note in stored.notes:
            by_kind[note.kind].append(note)
        return ImportReport(
            read=stored.counts.read,
            already_there=stored.counts.already_there,
            failed=tuple((note.name, note.sentence) for note in by_kind[NoteKind.FAILED]),
            warnings=tuple(n.sentence for n in stored.notes if n.kind in (NoteKind.WARNING, NoteKind.VERSION)),
            decisions=stored.counts.decisions,
            seconds=seconds,
            new_versions=stored.counts.versions,
            incomplete=stored.counts.incomplete,
            neither=tuple(note.name for note in by_kind[NoteKind.NEITHER]),
            id=number,
            state=stored.state,
            causes=stored.causes,
        )

    def add_determination(self, determination: Determination, name: str) -> bool:
        """Add a letter that was read elsewhere, with its vectors; False if one of its name and words is there."""
        words = "\n".join([name, *(f"{d.service}\n{d.rationale}" for d in determination.decisions)])
        document = Document(sha256(words), words_hash(words), DocumentKind.LETTER, name, self._account)
        letter = self.letter(document, determination, name)
        return self._store.add_letter(letter, self._embedded(texts_of(letter))).version > 0

    def letter(self, document: Document, determination: Determination, name: str) -> NewLetter:
        """A letter with the kinds of its services, ready to be added."""
        kinds = tuple(self.kind_of(decision.service) for decision in determination.decisions)
        return NewLetter(document, determination, name, kinds)

    def kind_of(self, service: str) -> str | None:
        """The kind of a service as a letter's heading words it."""
        return read_request(service, self.taxonomy).kind if service.strip() else None

    def _embedded(self, texts: Sequence[str], made: Vectors | None = None) -> NewVectors:
        """The vectors of the texts that have none yet; those that are `made` are not made again."""
        by_hash = {sha256(text): text for text in texts}
        ready = {key: vector for key, vector in (made or {}).items() if key in by_hash}
        missing = {key: text for key, text in by_hash.items() if key not in ready}
        new = embedded(self._vectors, self._embedder, missing, Silent())
        return NewVectors(new.model, {**ready, **new.by_hash})


def _passing(plan: _Plan) -> _Plan:
    """What is done about a document whose file does not stay where it is."""
    return replace(plan, source=replace(plan.source, path=None))


def _unkept(source: Source) -> Source:
    """A source of which nothing is kept but what the report says: it is no letter."""
    return replace(source, content_hash="")


def _together(
    documents: Iterable[tuple[ReadDocument | Source, Vectors]],
) -> Iterator[list[tuple[ReadDocument | Source, Vectors]]]:
    """Documents in groups of at most so many, and of at most about so many characters."""
    group: list[tuple[ReadDocument | Source, Vectors]] = []
    length = 0
    for document, vectors in documents:
        group.append((document, vectors))
        length += len(document.text) if isinstance(document, ReadDocument) else 0
        if len(group) >= _TOGETHER or length >= _TOGETHER_LENGTH:
            yield group
            group, length = [], 0
    if group:
        yield group


def _of(texts: Sequence[str], vectors: NewVectors) -> NewVectors:
    """Those of the vectors that stand for these texts."""
    keys = {sha256(text) for text in texts} & vectors.by_hash.keys()
    return NewVectors(vectors.model, {key: vectors.by_hash[key] for key in keys})


def _count(letter: NewLetter, added: Added, run: Run) -> None:
    """Put what became of a letter into the counts and the report."""
    name, determination = letter.document.name, letter.determination
    if not added.version:
        run.counts["already_there"] += 1
        return
    run.counts["read"] += 1
    run.counts["decisions"] += len(determination.decisions)
    run.counts["incomplete"] += bool(letter.kept and letter.kept.incomplete)
    if added.version > 1:
        run.counts["versions"] += 1
        sentence = f"{name} is version {added.version} of the letter of case {determination.case_number}; all are kept."
        run.note(NoteKind.VERSION, name, sentence, added.document_id)
    for warning in determination.warnings:
        run.note(NoteKind.WARNING, name, f"{name}: {warning}", added.document_id)


def _record_hash(letter: Determination | None) -> str:
    """What a letter that was given by its parts is known by."""
    return sha256("record " + json.dumps(as_record(letter) if letter else None, sort_keys=True))


def embedded(vectors: StoredVectors, embedder: Embedder, texts: Mapping[str, str], progress: Progress) -> NewVectors:
    """The vectors of those texts, by hash, that have none yet."""
    known = vectors.known(embedder.name, texts.keys())
    missing = {key: text for key, text in texts.items() if key not in known}
    found: dict[str, NDArray[np.float32]] = {}
    keys = list(missing)
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        found.update(zip(some, embedder.embed([missing[key] for key in some]), strict=True))
        progress.advance(len(some))
    return NewVectors(embedder.name, found)


def embed_missing(vectors: StoredVectors, embedder: Embedder, progress: Progress) -> int:
    """Embed what has no vector of this model; stored as it is made, so that a stopped run goes on where it stopped."""
    missing = vectors.texts_without(embedder.name)
    if not missing:
        return 0
    keys = list(missing)
    progress.start("Embedding", len(keys))
    try:
        for start in range(0, len(keys), _AT_ONCE):
            some = {key: missing[key] for key in keys[start : start + _AT_ONCE]}
            vectors.add(embedded(vectors, embedder, some, progress))
    finally:
        progress.finish()
    return len(keys)


def texts_of(letter: NewLetter) -> list[str]:
    """What is embedded of a letter."""
    return texts_in(letter.determination)


def texts_in(letter: Determination) -> list[str]:
    """What is embedded of a determination: a text a decision."""
    return [decision_text(d.service, d.rationale, letter.case_summary) for d in letter.decisions]
