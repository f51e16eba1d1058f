"""Takes letters and guideline files into the library, each in one transaction; what is there already is left alone."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant import __version__
from assistant.corpus import Taxonomy
from assistant.domain import Determination
from assistant.errors import AssistantError, DataFolderError, UnreadableFile
from assistant.library.embedding import Embedder
from assistant.library.rows import decision_text, passage_text, sha256, words_hash
from assistant.library.store import Document, DocumentKind, NewGuideline, NewLetter, Starter, Store
from assistant.library.stored_vectors import NewVectors, StoredVectors
from assistant.reading.files import read_file
from assistant.reading.guidelines import CORPUS_TEXTS, Guideline, read_guideline, starter_guidelines
from assistant.reading.letters import looks_like_letter, read_letter
from assistant.reading.services import read_request

_READABLE = frozenset({".pdf", ".docx", ".html", ".htm", ".txt", ".text", ".md", ".markdown"})
_FRONT_MATTER = re.compile(r"\A\s*---\s*\n")
_ILLUSTRATIVE = re.compile(r"\A\s*---\s*\n(?:.*\n)*?illustrative:[ \t]*true[ \t]*\n(?:.*\n)*?---\s*\n")
_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")
_AT_ONCE = 64  # texts between two steps of the progress bar
_STARTER_OWNER = "starter"


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
    """What an import did: documents read and already there, decisions added, what was not read and why, warnings."""

    read: int
    already_there: int
    failed: tuple[tuple[str, str], ...]  # the file's name, and a sentence
    warnings: tuple[str, ...]
    decisions: int
    seconds: float


@dataclass(slots=True)
class _Tally:
    read: int = 0
    already_there: int = 0
    decisions: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Silent:
    """Progress that nobody watches."""

    def start(self, what: str, total: int) -> None:
        """Nothing is shown."""

    def advance(self, by: int = 1) -> None:
        """Nothing is shown."""

    def finish(self) -> None:
        """Nothing is shown."""


class Importer:
    """Takes documents into a store, with the vectors of their texts.

    A document is embedded by itself, so that its vectors are the same to the bit whatever was imported before it: an
    import that was killed and run again ends in the library of an undisturbed one.
    """

    def __init__(self, store: Store, embedder: Embedder, taxonomy: Taxonomy, owner: str) -> None:
        self._store, self._embedder, self._taxonomy, self._owner = store, embedder, taxonomy, owner
        self._vectors = StoredVectors(store.engine)

    def import_paths(
        self, paths: Sequence[Path], progress: Progress, clock: Callable[[], float] = time.perf_counter
    ) -> ImportReport:
        """Import files, and folders with all that is in them.

        A file that cannot be read is reported and the others go on. Raises DataFolderError when nothing can be stored.
        """
        began = clock()
        files = list(_files(paths))
        tally = _Tally()
        progress.start("Importing", len(files))
        try:
            for path in files:
                self._import_one(path, tally)
                progress.advance()
        finally:
            progress.finish()
        return ImportReport(
            tally.read,
            tally.already_there,
            tuple(tally.failed),
            tuple(tally.warnings),
            tally.decisions,
            clock() - began,
        )

    def _import_one(self, path: Path, tally: _Tally) -> None:
        try:
            content_hash = _bytes_hash(path)
            if self._store.holds(content_hash=content_hash):
                tally.already_there += 1
                return
            read = read_file(path)
            tally.warnings += [f"{path.name}: {warning}" for warning in read.warnings]
            self._import_text(path, content_hash, read.text, tally)
        except DataFolderError:
            raise
        except AssistantError as error:
            tally.failed.append((path.name, str(error)))

    def _import_text(self, path: Path, content_hash: str, text: str, tally: _Tally) -> None:
        text_hash = words_hash(text)
        if self._store.holds(text_hash=text_hash):
            tally.already_there += 1
        elif _ILLUSTRATIVE.match(text):
            raise UnreadableFile(path, "it is an illustration and no real determination")
        elif _FRONT_MATTER.match(text) and not looks_like_letter(text):
            document = Document(content_hash, text_hash, DocumentKind.GUIDELINE, path.name, self._owner)
            self._import_guideline(document, text, tally)
        elif looks_like_letter(text):
            document = Document(content_hash, text_hash, DocumentKind.LETTER, path.name, self._owner)
            self._import_letter(document, text, tally)
        else:
            raise UnreadableFile(path, "it is neither a determination letter nor a guideline file")

    def _import_guideline(self, document: Document, text: str, tally: _Tally) -> None:
        new = NewGuideline(document, read_guideline(text, document.name).passages)
        added = self._store.add_guideline(new, self._embedded([passage_text(p) for p in new.passages]))
        tally.read += added
        tally.already_there += not added

    def _import_letter(self, document: Document, text: str, tally: _Tally) -> None:
        determination = read_letter(text)
        if not determination.decisions:
            raise UnreadableFile(document.name, "it looks like a determination, but no decision was found in it")
        number = determination.case_number
        if number and self._store.holds_case(number):
            tally.already_there += 1
            tally.warnings.append(
                f"{document.name}: the library holds case {number} from another file; this one was left out."
            )
            return
        letter = self.letter(document, determination, number or f"d{document.text_hash[:12]}")
        if not self._store.add_letter(letter, self._embedded(_texts(letter))):
            tally.already_there += 1
            return
        tally.read += 1
        tally.decisions += len(determination.decisions)
        tally.warnings += [f"{document.name}: {warning}" for warning in determination.warnings]

    def add_determination(self, determination: Determination, name: str) -> bool:
        """Add a letter that was read elsewhere, with its vectors; False if one of its name and words is there."""
        words = "\n".join([name, *(f"{d.service}\n{d.rationale}" for d in determination.decisions)])
        document = Document(sha256(words), words_hash(words), DocumentKind.LETTER, name, self._owner)
        letter = self.letter(document, determination, name)
        return self._store.add_letter(letter, self._embedded(_texts(letter)))

    def letter(self, document: Document, determination: Determination, name: str) -> NewLetter:
        """A letter with the kinds of its services, ready to be added."""
        kinds = tuple(self.kind_of(decision.service) for decision in determination.decisions)
        return NewLetter(document, determination, name, kinds)

    def kind_of(self, service: str) -> str | None:
        """The kind of a service as a letter's heading words it."""
        return read_request(service, self._taxonomy).kind if service.strip() else None

    def _embedded(self, texts: Sequence[str]) -> NewVectors:
        return embedded(self._vectors, self._embedder, {sha256(text): text for text in texts}, Silent())


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


def corpus_hash(corpus_dir: Path) -> str:
    """What the starter library is known by: the program's version, and the files that it is made of."""
    digest = hashlib.sha256(f"{__version__}\0".encode())
    parts = ("services.yaml", "editions.yaml", *CORPUS_TEXTS, "determinations/*.md")
    for path in (path for part in parts for path in sorted(corpus_dir.glob(part))):
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def ensure_starter(store: Store, importer: Importer, embedder: Embedder, corpus_dir: Path, progress: Progress) -> bool:
    """Build the starter library where it is missing, and anew where the corpus has changed; says whether it did.

    Passages that are no longer in the corpus stay for the drafts that cite them, and are offered no more. Raises
    CorpusError for a malformed corpus.
    """
    edition = corpus_hash(corpus_dir)
    if store.meta("corpus_hash") == edition:
        return False
    taxonomy = importer._taxonomy
    starter = Starter(
        tuple(_starter_guideline(guideline) for guideline in starter_guidelines(corpus_dir)),
        tuple(_illustrative(importer, path) for path in sorted((corpus_dir / "determinations").glob("*.md"))),
        {kind.id: tuple(dict.fromkeys((kind.display, *kind.aliases))) for kind in taxonomy.kinds.values()},
    )
    texts = [
        *(passage_text(passage) for guideline in starter.guidelines for passage in guideline.passages),
        *(text for letter in starter.letters for text in _texts(letter)),
        *(name for names in starter.kinds.values() for name in names),
    ]
    progress.start("Building the starter library", len(set(texts)))
    try:
        vectors = embedded(StoredVectors(store.engine), embedder, {sha256(text): text for text in texts}, progress)
    finally:
        progress.finish()
    store.renew(importer.kind_of)
    store.replace_starter(starter, vectors, {"corpus_hash": edition, "embedding_model": embedder.name})
    return True


def _starter_guideline(guideline: Guideline) -> NewGuideline:
    ids = sha256("\n".join(passage.id for passage in guideline.passages))
    label = guideline.edition.label
    document = Document(ids, sha256(f"starter {label} {ids}"), DocumentKind.STARTER_GUIDELINE, label, _STARTER_OWNER)
    return NewGuideline(document, guideline.passages)


def _illustrative(importer: Importer, path: Path) -> NewLetter:
    text = read_file(path).text
    document = Document(_bytes_hash(path), words_hash(text), DocumentKind.ILLUSTRATIVE, path.name, _STARTER_OWNER)
    slug = _NOT_IN_SLUGS.sub("-", path.stem.lower()).strip("-")
    return importer.letter(document, read_letter(text, illustrative=True), f"ill-{slug}")


def _texts(letter: NewLetter) -> list[str]:
    summary = letter.determination.case_summary
    return [decision_text(d.service, d.rationale, summary) for d in letter.determination.decisions]


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and what may hold text in the folders named: in the order of paths, without hidden files."""
    seen: set[Path] = set()
    for path in paths:
        found = [path]
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.suffix.lower() in _READABLE and p.is_file())
            found = sorted(p for p in inside if not any(part.startswith(".") for part in p.relative_to(path).parts))
        for file in found:
            if file not in seen:
                seen.add(file)
                yield file


def _bytes_hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile(path, (error.strerror or "it cannot be opened").lower()) from None
