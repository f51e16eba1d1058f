"""The lexicon of clinical facts, corpus/concepts.yaml, checked and made ready to search with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import AssistantError
from assistant.reading.spelling import Spellings
from assistant.reading.wordbook import Wordbook
from assistant.reading.wordings import BadWording, WordLists, compile_wording

KINDS = Literal[
    "treatment", "medication", "response", "complaint", "examination", "study", "work_status", "diagnosis", "risk",
    "history", "request", "other",
]  # fmt: skip
# Generic names that stand for a class of drugs, with names that are ordinary words.
CLASS_NAMES = frozenset({
    "NSAID", "opioid", "muscle relaxant", "anticonvulsant", "antidepressant", "benzodiazepine", "hypnotic",
    "proton pump inhibitor", "topical medication", "oral corticosteroid", "anticoagulant", "menthol",
})  # fmt: skip
_NEGATION = re.compile(r"\b(?:not|no|non|never|nothing|none|without|lack|nor)\b|n't\b", re.IGNORECASE)
ROLES = ("wordings", "denied", "unclear", "exclusions")


class _ConceptRow(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: KINDS
    label: str
    wordings: tuple[str, ...] = ()
    names: dict[str, tuple[str, ...]] = {}
    denied: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    unclear_in: tuple[Literal["complaint", "examination", "diagnosis"], ...] = ()
    read: Literal["mention", "result"] = "mention"
    suspected: bool = False
    timeless: bool = False
    whole: bool = False
    searched: tuple[str, ...]
    meanings: tuple[str, ...]


class _FeatureRow(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    concepts: tuple[str, ...]


class _LexiconFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    lists: dict[str, tuple[str, ...]]
    concepts: dict[str, _ConceptRow]
    cues: dict[str, tuple[str, ...]]
    features: dict[str, _FeatureRow] = {}


@dataclass(frozen=True, slots=True)
class Concept:
    """One clinical fact that a summary may state. The fields are described at the head of corpus/concepts.yaml.

    `label` fits "The summary does not state {label}"; `searched` are the words to show as what was looked for;
    `meanings` are sentences in our words for the second look by meaning.
    """

    id: str
    kind: str
    label: str
    searched: tuple[str, ...]
    meanings: tuple[str, ...]
    by_result: bool = False
    suspected: bool = False
    timeless: bool = False
    whole: bool = False
    unclear_in: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Filed:
    """What a wording of the lexicon is filed under: its concept, its role there, and the value it stands for."""

    concept: str
    role: str
    value: str | None = None
    says_no: bool = False  # the wording itself holds a negation ("does not radiate")


@dataclass(frozen=True)
class Lexicon:
    """The concepts, the wordings filed for search, the cues of polarity, the names of drugs with their misspellings.

    `features` says which concepts speak of each feature of hand-labelled summaries.
    """

    concepts: Mapping[str, Concept]
    wordings: Wordbook[Filed]
    cues: Wordbook[str]
    misspelt: Spellings
    drugs: Mapping[str, Filed]  # each name of a drug, lower case
    features: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def load_lexicon(corpus_dir: Path) -> Lexicon:
    """Read `corpus_dir`/concepts.yaml. Raises AssistantError where it is missing or says something it may not."""
    path = corpus_dir / "concepts.yaml"
    try:
        # The C loader is the safe loader, ten times as fast.
        rows = _LexiconFile.model_validate(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader))  # noqa: S506
        return _lexicon(rows)
    except OSError as error:
        raise AssistantError(f"The lexicon {path.name} could not be read from the corpus folder.") from error
    except (yaml.YAMLError, ValidationError, BadWording) as error:
        first = str(error).splitlines()[0]
        raise AssistantError(f"The lexicon {path.name} holds a mistake: {first}.") from error


def _is_class(filed: Filed) -> bool:
    """Whether a drug name means a class ("topical medication"): its words are ordinary ones and need no guess."""
    return filed.value is None or filed.value in CLASS_NAMES


def _drug_names(rows: _LexiconFile) -> tuple[str, ...]:
    """What `<drug>` stands for: every name of a drug that the lexicon holds, classes and written formulas left out."""
    medications = (row for row in rows.concepts.values() if row.kind == "medication")
    named = (name for row in medications for generic, names in row.names.items() for name in (generic, *names))
    return tuple(dict.fromkeys(name for name in named if name.isalpha() and name not in CLASS_NAMES))


def _lexicon(rows: _LexiconFile) -> Lexicon:
    lists = WordLists({**rows.lists, "drug": _drug_names(rows)})
    entries = []
    drugs: dict[str, Filed] = {}
    for concept, row in rows.concepts.items():
        for role in ROLES:
            for wording in getattr(row, role):
                filed = Filed(concept, role, says_no=bool(_NEGATION.search(wording)))
                entries.append((compile_wording(wording, lists), filed))
        for generic, names in row.names.items():
            for name in dict.fromkeys((generic, *names)):
                filed = Filed(concept, "wordings", generic)
                entries.append((compile_wording(name, lists), filed))
                drugs.setdefault(name.casefold(), filed)
    cues = [(compile_wording(wording, lists), cue) for cue, wordings in rows.cues.items() for wording in wordings]
    unknown = {c for row in rows.features.values() for c in row.concepts} - rows.concepts.keys()
    if unknown:
        raise BadWording(f"features name unknown concepts: {', '.join(sorted(unknown))}")
    return Lexicon(
        {
            name: Concept(
                name,
                row.kind,
                row.label,
                row.searched,
                row.meanings,
                by_result=row.read == "result",
                suspected=row.suspected,
                timeless=row.timeless,
                whole=row.whole,
                unclear_in=frozenset(row.unclear_in),
            )
            for name, row in rows.concepts.items()
        },
        Wordbook(entries),
        Wordbook(cues),
        Spellings(name for name, filed in drugs.items() if not _is_class(filed)),
        drugs,
        {feature: row.concepts for feature, row in rows.features.items()},
    )
