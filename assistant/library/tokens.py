"""The words of a text as SQLite's full text sees them, so that every database holds and finds the same ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass

STEMMED = "porter unicode61"
WRITTEN = "unicode61 remove_diacritics 0"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: in which of its parts it stands, and as which word there, both from 0."""

    term: str
    part: int
    offset: int


def tokens_of(texts: Sequence[Sequence[str]], tokenizer: str) -> list[list[Token]]:
    """The words of each text, which is given in parts, in their order."""
    parts = max((len(text) for text in texts), default=0)
    found: list[list[Token]] = [[] for _ in texts]
    if not parts:
        return found
    columns = [f"c{part}" for part in range(parts)]
    marks = ", ".join("?" * parts)
    with closing(sqlite3.connect(":memory:")) as memory:
        memory.execute(f"CREATE VIRTUAL TABLE t USING fts5({', '.join(columns)}, content='', tokenize='{tokenizer}')")
        memory.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)")
        memory.executemany(
            f"INSERT INTO t(rowid, {', '.join(columns)}) VALUES (?, {marks})",  # noqa: S608 - names made here
            ((row, *text, *[""] * (parts - len(text))) for row, text in enumerate(texts)),
        )
        for term, row, column, offset in memory.execute("SELECT term, doc, col, offset FROM v"):
            found[row].append(Token(term, int(column[1:]), offset))
    for tokens in found:
        tokens.sort(key=lambda token: (token.part, token.offset))
    return found


def stems_of(words: Sequence[str]) -> list[tuple[str, ...]]:
    """The stemmed words of each word: one as a rule, none of a sign, several of a word that is cut."""
    return [tuple(token.term for token in tokens) for tokens in tokens_of([(word,) for word in words], STEMMED)]


def distinct(tokens: Iterable[Token]) -> list[str]:
    """The words, each once."""
    return list(dict.fromkeys(token.term for token in tokens))
