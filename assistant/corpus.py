"""The corpus files of the taxonomy, of the editions of guidelines and of the sample cases, checked as they load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.domain import AliasInContext, Confidence, Edition, InForce, ServiceKind
from assistant.errors import AssistantError

SERVICES_FILE, EDITIONS_FILE = "services.yaml", "editions.yaml"
_Row = TypeVar("_Row", bound=BaseModel)
# The C parser of libyaml reads the corpus ten times as fast; it is part of most builds of PyYAML, not of all.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CorpusError(AssistantError):
    """A corpus file that cannot be read; says which file, which field, and what is wrong with it."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} could not be read: {reason.rstrip('.')}.")
        self.name, self.reason = name, reason


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The kinds of service by id, in the order of the file."""

    kinds: Mapping[str, ServiceKind]


@dataclass(frozen=True, slots=True)
class SampleCase:
    """An invented case summary; `day` is its date of review, None where the text or the reviewer says it."""

    name: str
    title: str
    text: str
    day: date | None


class Strict(BaseModel):
    """A row of a corpus file: a misspelt field is an error, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Place(Strict):
    guideline: str
    section: str | None = None


class _Formulary(Strict):
    status: str
    confidence: Confidence
    note: str

    def sentence(self) -> str:
        return f"MTUS drug formulary: {self.status.replace('_', ' ')}. {self.note}"


class _SharedAlias(Strict):
    """An alias that several kinds claim, each in a context of its own: words that must, or must not, stand beside."""

    alias: str = Field(min_length=1)
    context: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def shared(self) -> AliasInContext:
        return AliasInContext(self.alias, self.context, self.without)


class _Service(Strict):
    id: str = Field(pattern=r"^[a-z0-9_]+$")
    display: str = Field(min_length=1)
    category: str = Field(min_length=1)
    unit: str | None
    body_regions: tuple[str, ...]
    name_stems: tuple[str, ...] = ()
    aliases: tuple[str | _SharedAlias, ...] = Field(min_length=1)
    governed_by: tuple[_Place, ...] = Field(min_length=1)
    today: tuple[str, ...]
    formulary: _Formulary | None = None
    notes: tuple[str, ...] = ()
    statutory_notes: tuple[str, ...] = ()

    def kind(self) -> ServiceKind:
        formulary = (self.formulary.sentence(),) if self.formulary else ()
        return ServiceKind(
            id=self.id,
            display=self.display,
            category=self.category,
            aliases=tuple(alias for alias in self.aliases if isinstance(alias, str)),
            unit=self.unit,
            body_regions=self.body_regions,
            governed_by=tuple((place.guideline, place.section) for place in self.governed_by),
            today=self.today,
            notes=(*self.notes, *formulary, *self.statutory_notes),
            name_stems=self.name_stems,
            shared_aliases=tuple(alias.shared() for alias in self.aliases if not isinstance(alias, str)),
        )


class _Services(Strict):
    services: tuple[_Service, ...] = Field(min_length=1)


class _Edition(Strict):
    label: str = Field(min_length=1)
    family: str = Field(min_length=1)
    regulation: str | None
    start: date = Field(alias="from")
    end: date | None = Field(alias="to")
    sure: bool
    note: str | None = None

    def edition(self) -> Edition:
        in_force = InForce(self.start, self.end)
        return Edition(self.label, self.family, self.regulation, in_force, self.sure, self.note)


class _Editions(Strict):
    editions: tuple[_Edition, ...] = Field(min_length=1)


class _Sample(Strict):
    file: str = Field(pattern=r"^[A-Za-z0-9-]+\.txt$")
    title: str = Field(min_length=1, max_length=60)
    day: date | None


class _Samples(Strict):
    samples: tuple[_Sample, ...] = Field(min_length=1)


def load_taxonomy(corpus_dir: Path) -> Taxonomy:
    """Read `services.yaml` of the corpus folder.

    Raises CorpusError for a missing or malformed file, for two kinds of one id, and for an alias that two kinds claim
    without each naming its context.
    """
    kinds = service_kinds(corpus_dir)
    for fault in kind_faults(kinds):
        raise CorpusError(SERVICES_FILE, fault)
    return Taxonomy(MappingProxyType({kind.id: kind for kind in kinds}))


def service_kinds(corpus_dir: Path) -> tuple[ServiceKind, ...]:
    """The rows of `services.yaml`, each well formed by itself; raises CorpusError for the first that is not."""
    text = read_text(corpus_dir / SERVICES_FILE)
    return tuple(row.kind() for row in parsed(_Services, text, SERVICES_FILE).services)


def kind_faults(kinds: Sequence[ServiceKind]) -> Iterator[str]:
    """What is wrong between kinds, each in a sentence: an id or an alias given twice, an alias claimed by two."""
    ids = Counter(kind.id for kind in kinds)
    yield from (f"the kind {name} stands in it twice" for name, count in ids.items() if count > 1)
    owners: dict[str, str] = {}
    for kind in kinds:
        for alias in kind.aliases:
            owner = owners.setdefault(alias.casefold(), kind.id)
            if owner != kind.id:
                yield f"the alias {alias!r} is claimed by {owner} and by {kind.id}"
    for kind in kinds:
        for shared in kind.shared_aliases:
            owner = owners.get(shared.alias.casefold(), kind.id)
            if not shared.context and not shared.without:
                yield f"the alias {shared.alias!r} of {kind.id} names no context"
            if owner != kind.id:
                yield f"the alias {shared.alias!r} is claimed by {kind.id}, and by {owner} in no context"


def load_editions(corpus_dir: Path) -> tuple[Edition, ...]:
    """Read `editions.yaml` of the corpus folder: which edition of a guideline governed from when until when.

    Raises CorpusError for a missing or malformed file, a label given twice, and an edition that ends before it starts.
    """
    rows = edition_rows(corpus_dir)
    for fault in edition_faults(rows):
        raise CorpusError(EDITIONS_FILE, fault)
    return rows


def edition_rows(corpus_dir: Path) -> tuple[Edition, ...]:
    """The rows of `editions.yaml`, each well formed by itself; raises CorpusError for the first that is not."""
    text = read_text(corpus_dir / EDITIONS_FILE)
    return tuple(row.edition() for row in parsed(_Editions, text, EDITIONS_FILE).editions)


def edition_faults(rows: Sequence[Edition]) -> Iterator[str]:
    """What is wrong with editions, each in a sentence: a label given twice, an end that is no later than its start."""
    labels = Counter(row.label for row in rows)
    yield from (f"the edition {label} stands in it twice" for label, count in labels.items() if count > 1)
    for row in rows:
        start, end = row.in_force.start, row.in_force.end
        if start is not None and end is not None and end <= start:
            yield f"the edition {row.label} ends before it starts"


def load_sample_cases(corpus_dir: Path) -> tuple[SampleCase, ...]:
    """Read `cases/cases.yaml` of the corpus folder and the texts that it names, in its order.

    Raises CorpusError for a missing or malformed file, a text named twice, and a text of the folder that is not named.
    """
    folder = corpus_dir / "cases"
    path = folder / "cases.yaml"
    rows = parsed(_Samples, read_text(path), path.name).samples
    named = [row.file for row in rows]
    if twice := next((name for name in named if named.count(name) > 1), None):
        raise CorpusError(path.name, f"the text {twice} stands in it twice")
    if left_out := sorted({text.name for text in folder.glob("*.txt")} - set(named)):
        raise CorpusError(path.name, f"the text {left_out[0]} is not named in it")
    return tuple(
        SampleCase(row.file.removesuffix(".txt"), row.title, read_text(folder / row.file).strip(), row.day)
        for row in rows
    )


def read_text(path: Path) -> str:
    """The text of a corpus file; raises CorpusError where it is missing or no UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CorpusError(path.name, "the file is missing or is not plain UTF-8 text") from None


def parsed(model: type[_Row], text: str, name: str) -> _Row:
    """The YAML text as one row of `model`; raises CorpusError naming `name`, the line or the field."""
    try:
        return model.model_validate(yaml.load(text, Loader=_LOADER))  # noqa: S506  a safe loader either way
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise CorpusError(name, f"it is not valid YAML{where}") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the whole file"
        raise CorpusError(name, f"{field}: {first['msg']}") from None
