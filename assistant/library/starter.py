"""The starter library: built from the corpus when it is missing, and anew where the corpus has changed."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from assistant import __version__
from assistant.library.documents import Document, DocumentKind, NewGuideline, NewLetter, Starter
from assistant.library.embedding import Embedder
from assistant.library.importing import Importer, Progress, embedded, texts_of
from assistant.library.rows import passage_text, sha256, words_hash
from assistant.library.store import Store
from assistant.library.stored_vectors import StoredVectors
from assistant.reading.files import read_file
from assistant.reading.guidelines import CORPUS_TEXTS, Guideline, starter_guidelines
from assistant.reading.letters import read_letter

_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")
_STARTER_OWNER = "starter"


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
    taxonomy = importer.taxonomy
    starter = Starter(
        tuple(_starter_guideline(guideline) for guideline in starter_guidelines(corpus_dir)),
        tuple(_illustrative(importer, path) for path in sorted((corpus_dir / "determinations").glob("*.md"))),
        {kind.id: tuple(dict.fromkeys((kind.display, *kind.aliases))) for kind in taxonomy.kinds.values()},
    )
    texts = [
        *(passage_text(passage) for guideline in starter.guidelines for passage in guideline.passages),
        *(text for letter in starter.letters for text in texts_of(letter)),
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


def _bytes_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
