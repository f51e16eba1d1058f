"""Takes the plain text of a guideline into the library: shown first with what it would be cited by, then stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assistant.corpus import Taxonomy
from assistant.domain import Edition, InForce, Passage, PassageKind
from assistant.errors import AssistantError, UnreadableFile
from assistant.library.embedding import Embedder
from assistant.library.importing import Progress, Silent, embedded
from assistant.library.rows import passage_text, sha256, words_hash
from assistant.library.store import Document, DocumentKind, NewGuideline, Store
from assistant.library.stored_vectors import StoredVectors
from assistant.reading.files import decoded
from assistant.reading.guideline_blocks import GuidelineText
from assistant.reading.guideline_criteria import Place, criteria_of
from assistant.reading.guideline_kinds import kinds_governed
from assistant.reading.guideline_metadata import Guess, Metadata, front_matter, guess_metadata
from assistant.reading.guideline_passages import Piece, Section, pieces_of, sections_of
from assistant.reading.guideline_structure import ReadingReport, read_guideline_file, report_on
from assistant.reading.guidelines import short_hash, slug_of, time_in_force
from assistant.reading.letters import looks_like_letter
from assistant.reading.lexicon import Lexicon

NOTHING_GIVEN = Metadata()
_OWN_LAYOUT = "```yaml"


@dataclass(frozen=True, slots=True)
class GuidelinePreview:
    """A guideline's file as it would be imported; `lacking` says in a sentence what must be given first, if anything.

    `content_hash` is of the bytes that were read; `held` counts passages of texts imported under the label before.
    """

    name: str
    content_hash: str
    guess: Guess
    report: ReadingReport
    criteria: int
    held: int

    @property
    def lacking(self) -> str | None:
        """What is missing to cite the text."""
        return self.guess.metadata.lacking


@dataclass(frozen=True, slots=True)
class GuidelineImported:
    """What an import did; `already_there`: this text stands in the library under the same particulars."""

    name: str
    guess: Guess
    report: ReadingReport
    criteria: int
    already_there: bool

    @property
    def label(self) -> str:
        """What the text is cited as."""
        return self.guess.metadata.label or ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the library knows that helps to read a text: kinds of service, facts, editions, their body regions."""

    taxonomy: Taxonomy
    lexicon: Lexicon
    editions: tuple[Edition, ...]
    offered: tuple[Passage, ...]

    def regions_of(self, metadata: Metadata) -> tuple[str, ...]:
        """The body regions of a guideline: as given or guessed, else those of the library's note on the edition."""
        noted = (p.body_regions for p in self.offered if p.edition_note and p.guideline == metadata.label)
        return next(noted, None) or metadata.body_regions or ()


class GuidelineImporter:
    """Reads guideline files and adds their text. A file is read once into memory, whatever happens to it meanwhile."""

    def __init__(self, store: Store, embedder: Embedder, known: Known, owner: str) -> None:
        self._store, self._embedder, self._known, self._owner = store, embedder, known, owner

    def preview(self, path: Path, given: Metadata = NOTHING_GIVEN) -> GuidelinePreview:
        """Read a file and store nothing; raises AssistantError, one sentence, for what is no guideline's text."""
        data, text = read_guideline_file(path)
        return self._preview(path, data, text, given)[0]

    def add(
        self,
        path: Path,
        given: Metadata = NOTHING_GIVEN,
        *,
        content_hash: str | None = None,
        replacing: bool = False,
        progress: Progress | None = None,
    ) -> GuidelineImported:
        """Import a file's text in one transaction; `content_hash` is that of the preview which was agreed to.

        `replacing` takes all earlier texts of the guideline out of use; drafts that cite them keep them. Raises
        AssistantError for a file that cannot be read or cited, or that is another than was shown.
        """
        data, text = read_guideline_file(path)
        preview, passages = self._preview(path, data, text, given)
        if content_hash is not None and content_hash != preview.content_hash:
            raise AssistantError(f"{path.name} has changed since it was shown; look at it anew.")
        if preview.lacking:
            raise AssistantError(f"{path.name} was not imported: {_in_sentence(preview.lacking)}")
        metadata = preview.guess.metadata
        words = words_hash(" ".join(block.words for block in text.blocks))
        document = Document(
            sha256(f"{preview.content_hash} {metadata}"), words, DocumentKind.GUIDELINE, path.name, self._owner
        )
        held = self._store.holds(content_hash=document.content_hash)
        if not held:
            texts = {sha256(passage_text(p)): passage_text(p) for p in passages}
            progress = progress or Silent()
            progress.start("Embedding", len(texts))
            try:
                vectors = embedded(StoredVectors(self._store.engine), self._embedder, texts, progress)
            finally:
                progress.finish()
            held = not self._store.add_text(NewGuideline(document, passages), vectors, replacing=replacing)
        return GuidelineImported(path.name, preview.guess, preview.report, preview.criteria, held)

    def _preview(
        self, path: Path, data: bytes, text: GuidelineText, given: Metadata
    ) -> tuple[GuidelinePreview, tuple[Passage, ...]]:
        front = Metadata()
        if text.media in {"md", "txt"}:
            raw = decoded(path, data)
            front = front_matter(raw)
            if front.label and _OWN_LAYOUT in raw:
                raise UnreadableFile(path, "it is a file of annotated criteria, which is imported without options")
        if looks_like_letter("\n".join(block.words for block in text.blocks)):
            raise UnreadableFile(path, "it is a determination letter and no guideline; import it without options")
        guess = guess_metadata(text, self._known.editions, front, given)
        metadata = guess.metadata
        sections = sections_of(text, metadata.label)
        passages = tuple(self._passages(sections, metadata, path.name))
        report = report_on(text, len({s.name for s in sections if s.name}), len(passages))
        preview = GuidelinePreview(
            path.name,
            hashlib.sha256(data).hexdigest(),
            guess,
            report,
            sum(len(passage.criteria) for passage in passages),
            self._store.texts_of(metadata.label) if metadata.label else 0,
        )
        note = _edition_note(metadata, passages[0]) if metadata.label and passages else ()
        return preview, (*note, *passages)

    def _passages(self, sections: Sequence[Section], metadata: Metadata, name: str) -> Iterator[Passage]:
        shaped = partial(_passage, metadata=metadata, name=name, known=self._known)
        for section in sections:
            heading = f"{metadata.label}, {section.name}" if section.name else metadata.label or ""

            def fits(text: str, heading: str = heading) -> bool:
                whole = f"{heading}\n{text}"
                # a token is a character at least, so that a short text needs no counting
                small = len(whole) <= self._embedder.max_tokens // 2
                return small or self._embedder.count_tokens(whole) <= self._embedder.max_tokens

            yield from (shaped(section, piece) for piece in pieces_of(section, fits))


def _passage(section: Section, piece: Piece, *, metadata: Metadata, name: str, known: Known) -> Passage:
    label, kind = metadata.label or "", metadata.kind or PassageKind.OFFICIAL
    regions = known.regions_of(metadata)
    kinds = kinds_governed(section, piece.spoken, known.taxonomy, regions)
    place = Place(label, section.name, piece.page, kinds)
    criteria = criteria_of(piece.spoken, place, known.lexicon) if kind is PassageKind.OFFICIAL else ()
    return Passage(
        id=f"{slug_of(label)}/{slug_of(section.name or 'whole')}/text/{short_hash(piece.text)}",
        guideline=label,
        section=section.name,
        text=piece.text,
        kind=kind,
        in_force=InForce(metadata.in_force_from, metadata.in_force_to),
        source=", ".join(filter(None, (metadata.regulation, f"imported from {name}"))),
        family=metadata.family,
        service_kinds=kinds,
        criteria=criteria,
        body_regions=regions,
        page=piece.page,
    )


def _edition_note(metadata: Metadata, like: Passage) -> tuple[Passage, ...]:
    """The passage that says since when the text is in force; none where it has no dates."""
    if metadata.in_force_from is None:
        return ()
    edition = Edition(like.guideline, metadata.family or "", metadata.regulation, like.in_force)
    text = time_in_force(edition)
    return (
        Passage(
            id=f"{slug_of(like.guideline)}/whole/edition/{short_hash(text)}",
            guideline=like.guideline,
            section=None,
            text=text,
            kind=like.kind,
            in_force=like.in_force,
            source=metadata.regulation or like.source,
            family=metadata.family,
            body_regions=like.body_regions,
            edition_note=True,
        ),
    )


def _in_sentence(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
