"""The words of the field with their meanings, read from corpus/terms.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import yaml
from pydantic import TypeAdapter, ValidationError

from assistant.chat.wording import distance, read_message
from assistant.corpus import CorpusError, Strict

_FILE = "terms.yaml"
_SLIP_FROM = 6  # letters; a shorter name must be written right, or an acronym would be any other


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the field: its names, the first for people, its meaning in our words, and where that is laid down."""

    names: tuple[str, ...]
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms by their names, folded."""

    by_name: Mapping[str, Term] = field(default_factory=lambda: MappingProxyType({}))

    def named(self, words: str) -> Term | None:
        """The term that the words are a name of, a slip of the pen allowed in a longer name."""
        name = folded(words)
        found = self.by_name.get(name) or self.by_name.get(name.removesuffix("s"))
        if found or len(name) < _SLIP_FROM:
            return found
        near = {id(term): term for known, term in self.by_name.items() if _slipped(name, known)}
        return next(iter(near.values())) if len(near) == 1 else None


def _slipped(name: str, known: str) -> bool:
    return len(known) >= _SLIP_FROM and abs(len(known) - len(name)) <= 2 and distance(name, known) <= 2


def folded(words: str) -> str:
    """A name without case and signs."""
    return read_message(words).plain


class _Row(Strict):
    names: tuple[str, ...]
    text: str
    source: str


def load_terms(corpus_dir: Path) -> Terms:
    """Read corpus/terms.yaml; none where the corpus has no such file. Raises CorpusError for a malformed one."""
    path = corpus_dir / _FILE
    if not path.is_file():
        return Terms()
    try:
        rows = TypeAdapter(tuple[_Row, ...]).validate_python(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise CorpusError(_FILE, str(error).splitlines()[0]) from error
    by_name = {}
    for row in rows:
        term = Term(row.names, row.text.strip(), row.source)
        by_name.update({folded(name): term for name in row.names})
    return Terms(MappingProxyType(by_name))
