"""A guideline file (front matter, sections, criteria per kind of service) as passages with stable ids."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pydantic import Field

from assistant.corpus import CorpusError, Strict, parsed, read_text
from assistant.domain import (
    LAW_FAMILIES,
    Confidence,
    Criterion,
    CriterionKind,
    Edition,
    InForce,
    Measure,
    Passage,
    PassageKind,
)

WHOLE = "(whole guideline)"
CORPUS_TEXTS = ("guidelines/*.md", "statutes/*.md")
_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_BLOCK = re.compile(r"^```yaml\n(.*?)^```[ \t]*$", re.DOTALL | re.MULTILINE)
_REGIONS = re.compile(r"^Body regions: (.+)$", re.MULTILINE)
_NOT_CONFIRMED = "These dates are not confirmed"
_PIECE = 1500  # characters of an imported section that make one passage


@dataclass(frozen=True, slots=True)
class Guideline:
    """One edition of a guideline with its passages, the note on its time in force first."""

    edition: Edition
    kind: PassageKind
    source: str
    passages: tuple[Passage, ...]


class _Front(Strict):
    label: str = Field(min_length=1)
    family: str = Field(min_length=1)
    edition: str | None = None
    regulation: str | None = None
    in_force_from: date | None
    in_force_to: date | None
    dates_sure: bool = True
    kind: PassageKind
    source: str = Field(min_length=1)
    wording: str | None = None
    note: str | None = None
    body_regions: tuple[str, ...] = ()
    without_criteria: tuple[str, ...] = ()  # kinds of service that it governs, with no criteria at hand


class _Measure(Strict):
    of: str = Field(
        pattern="^(requested_quantity|requested_per_week|requested_weeks|prior_plus_requested|age"
        "|weeks_since_injury|weeks_since_surgery|weeks_since_treatment|relief_percent|relief_weeks|morphine_equivalents)$"
    )
    compare: str = Field(pattern="^(at_most|at_least|more_than|less_than|range)$")
    low: float | None = None
    high: float | None = None
    unit: str | None = None


class _Criterion(Strict):
    id: str = Field(pattern=r"^[a-z0-9_.]+$")
    text: str = Field(min_length=1)
    kind: CriterionKind
    confidence: Confidence
    checked: bool
    source: str = Field(min_length=1)
    applies_when: str | None = None
    any_of: str | None = None
    asks: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    not_given: tuple[str, ...] = ()
    request_words: tuple[str, ...] = ()
    always_bars: bool = False
    judgement: bool = False
    measure: _Measure | None = None
    looks_for: tuple[str, ...] = ()
    contradicted_by: tuple[str, ...] = ()

    def criterion(self) -> Criterion:
        fields = {name: getattr(self, name) for name in type(self).model_fields if name != "measure"}
        return Criterion(**fields, measure=Measure(**self.measure.model_dump()) if self.measure else None)


class _Criteria(Strict):
    criteria: tuple[_Criterion, ...] = Field(min_length=1)


def starter_guidelines(corpus_dir: Path) -> tuple[Guideline, ...]:
    """Every guideline, statute and rule of the corpus folder, by file name; raises CorpusError for a malformed one."""
    files = [path for part in CORPUS_TEXTS for path in sorted(corpus_dir.glob(part))]
    return tuple(read_guideline(read_text(path), path.name) for path in files)


def read_guideline(text: str, name: str) -> Guideline:
    """Read a guideline file: YAML front matter, `## section`, and under it `### service_kind` with its criteria.

    A section without kinds of service is taken as running text and cut into passages at its paragraphs, never inside
    one. `name` is the file's name for errors. Raises CorpusError for a file that breaks the layout (docs/corpus.md).
    """
    text = text.replace("\r\n", "\n")
    front = _FRONT.match(text)
    if front is None:
        raise CorpusError(name, "it does not start with front matter between two lines of ---")
    head = parsed(_Front, front[1], name)
    edition = Edition(
        head.label,
        head.family,
        head.regulation,
        InForce(head.in_force_from, head.in_force_to),
        head.dates_sure,
        head.note,
    )
    body = re.sub(r"\A\s*# .*\n", "", text[front.end() :])
    if not re.search(r"^## ", body, re.MULTILINE) and body.strip():
        body = f"## {WHOLE}\n\n{body}"
    passages = tuple(
        passage for section, part in _parts(body, "## ") for passage in _section(head, section, part, name)
    )
    _refuse_contradictions(head, passages, name)
    note = _note(head, edition, passages)
    return Guideline(edition, head.kind, head.source, (*note, *passages))


def _refuse_contradictions(head: _Front, passages: tuple[Passage, ...], name: str) -> None:
    if head.in_force_from and head.in_force_to and head.in_force_to <= head.in_force_from:
        raise CorpusError(name, "in_force_to is not later than in_force_from")
    seen: set[str] = set()
    for criterion in (criterion for passage in passages for criterion in passage.criteria):
        if criterion.id in seen:
            raise CorpusError(name, f"the criterion {criterion.id} stands in it twice")
        seen.add(criterion.id)


# --- sections -------------------------------------------------------------------------------------------------


def _parts(text: str, mark: str) -> Iterator[tuple[str, str]]:
    """The parts of a text that begin with a heading of the given mark: the heading, and what stands under it."""
    headings = list(re.finditer(rf"^{mark}(.+)$", text, re.MULTILINE))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    for heading, end in zip(headings, ends, strict=False):
        yield heading[1].strip(), text[heading.end() : end]


def _section(head: _Front, title: str, text: str, name: str) -> Iterator[Passage]:
    section = None if title == WHOLE else title
    kinds = list(_parts(text, "### "))
    for kind, part in kinds:
        yield _of_kind(head, section, kind, part, name)
    if not kinds:
        for piece in _pieces(text):
            yield _passage(head, section, "text", piece)


def _of_kind(head: _Front, section: str | None, kind: str, text: str, name: str) -> Passage:
    named = _REGIONS.search(text)
    regions = tuple(region.strip() for region in named[1].split(",")) if named else head.body_regions
    block = _BLOCK.search(text)
    where = f"{name}, {section or WHOLE}, {kind}"
    criteria: tuple[Criterion, ...] = ()
    if block is not None:
        indented = "criteria:\n" + block[1]
        criteria = tuple(row.criterion() for row in parsed(_Criteria, indented, where).criteria)
    prose = " ".join(_REGIONS.sub("", _BLOCK.sub("", text)).split())
    words = " ".join(filter(None, (prose, *(criterion.text for criterion in criteria))))
    if not words:
        raise CorpusError(name, f"{kind} under {section or WHOLE} has neither text nor criteria")
    kinds = tuple(name.strip() for name in kind.split(","))
    return _passage(head, section, kinds[0], words, kinds=kinds, criteria=criteria, regions=regions)


def _pieces(text: str) -> Iterator[str]:
    """The running text of a section in pieces of whole paragraphs."""
    piece = ""
    for paragraph in re.split(r"\n\s*\n", text):
        words = " ".join(paragraph.split())
        if piece and len(piece) + len(words) > _PIECE:
            yield piece
            piece = ""
        piece = f"{piece} {words}".strip()
    if piece:
        yield piece


def _passage(
    head: _Front,
    section: str | None,
    kind: str,
    text: str,
    *,
    kinds: tuple[str, ...] = (),
    criteria: tuple[Criterion, ...] = (),
    regions: tuple[str, ...] | None = None,
) -> Passage:
    return Passage(
        id=f"{slug_of(head.label)}/{slug_of(section or 'whole')}/{kind}/{short_hash(text)}",
        guideline=head.label,
        section=section,
        text=text,
        kind=head.kind,
        in_force=InForce(head.in_force_from, head.in_force_to),
        source=head.source,
        family=head.family,
        service_kinds=kinds,
        criteria=criteria,
        body_regions=head.body_regions if regions is None else regions,
    )


# --- the note on the edition ----------------------------------------------------------------------------------


def _note(head: _Front, edition: Edition, passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """The passage that says when the edition was in force; none for law, nor for a source without such dates."""
    if edition.in_force.start is None or head.family in LAW_FAMILIES:
        return ()
    held = any(passage.criteria for passage in passages) or head.kind is PassageKind.OFFICIAL
    lacking = bool(head.without_criteria) or not held
    text = " ".join(filter(None, (time_in_force(edition), _what_is_missing(lacking, held), _unsure(edition))))
    note = Passage(
        id=f"{slug_of(head.label)}/whole/edition/{short_hash(text)}",
        guideline=head.label,
        section=None,
        text=text,
        kind=head.kind,
        in_force=edition.in_force,
        source=head.regulation or head.source,
        family=head.family,
        service_kinds=head.without_criteria,
        body_regions=head.body_regions,
        edition_note=True,
        current_without_criteria=lacking,
    )
    return (note,)


def time_in_force(edition: Edition) -> str:
    """The sentence that says when an edition was in force; its interval has a start."""
    start, end = edition.in_force.start, edition.in_force.end
    adopted = f" ({edition.regulation})" if edition.regulation else ""
    if end is None:
        return f"{edition.label} has been in force since {start}{adopted}."
    return f"{edition.label}{adopted} was in force from {start} until it was replaced on {end}."


def redated(note: Passage, interval: InForce) -> Passage:
    """The note on an edition, saying other dates; as another text it has another id. `interval` has a start."""
    kept = ""
    for regulation in (note.source, None):
        said = time_in_force(Edition(note.guideline, "", regulation, note.in_force))
        if note.text.startswith(said):
            kept = note.text[len(said) :].partition(_NOT_CONFIRMED)[0].strip()
            break
    edition = Edition(note.guideline, "", regulation, interval)
    text = " ".join(filter(None, (time_in_force(edition), kept, "A reviewer corrected these dates.")))
    name = note.id.rpartition("/")[0]
    return replace(note, id=f"{name}/{short_hash(text)}", text=text, in_force=interval)


def _what_is_missing(lacking: bool, held: bool) -> str:  # noqa: FBT001  two facts of one sentence, no switch
    if not lacking:
        return ""
    subject = "Most of its criteria" if held else "Its criteria"
    return f"{subject} are licensed text that this library does not hold; import the chapter to have it read."


def _unsure(edition: Edition) -> str:
    if edition.dates_sure:
        return ""
    return f"{_NOT_CONFIRMED}{': ' + edition.note if edition.note else ''}."


def slug_of(text: str) -> str:
    """A name as a part of an id: small letters, digits and hyphens, 80 at most."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80].rstrip("-")


def short_hash(text: str) -> str:
    """Eight hexadecimal digits that change with the text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
