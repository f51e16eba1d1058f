"""Deletes a case for good: its rows, its data key, what the log and free pages kept of it; and certifies that."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, String, Table, Text, delete, false, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from assistant.database import Base, CaseText, compact, erase_freed, reading, writing
from assistant.errors import DamagedText, NotThere
from assistant.records.append_only import append_only_lifted
from assistant.records.audit import audited
from assistant.records.owners import Access, case_row, user_row
from assistant.records.tables import CaseRow, PurgeRow, UnsentRow, UserRow
from assistant.vault import DATA_KEYS, vault_of

_BLOCK = 8 * 1024 * 1024  # bytes of a file read at once
_MARKS = 12  # strings of a case that are searched for
_LENGTH = 40  # characters of each


@dataclass(frozen=True, slots=True)
class Certificate:
    """What says that a case was deleted for good, and what was looked at afterwards; nothing of the case is in it.

    `case_hash` is the SHA-256 of "imr-case:" and the case's id. `found` counts the files in which one of `searched`
    strings of the case was left; both are None where the check was interrupted. `tables` counts those that were
    searched besides where the database is a server's.
    """

    id: str
    case_hash: str
    at: datetime
    by: str
    removed: dict[str, int]
    key_destroyed: bool
    files: int | None = None
    searched: int | None = None
    found: int | None = None
    tables: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept and printed."""
        return {
            "certificate": self.id,
            "case_sha256": self.case_hash,
            "deleted_at": self.at.isoformat(),
            "deleted_by": self.by,
            "rows_removed": self.removed,
            "data_key_destroyed": self.key_destroyed,
            "files_searched": self.files,
            "tables_searched": self.tables,
            "strings_searched": self.searched,
            "files_with_a_string_left": self.found,
        }


def case_hash(case_id: str) -> str:
    """The hash by which a certificate is held against a case's id, which is random and cannot be guessed from it."""
    return hashlib.sha256(b"imr-case:" + case_id.encode()).hexdigest()


class Purges:
    """Deletes cases of each user for good, in the tables of `engine`, whose files lie in `folder`."""

    def __init__(self, engine: Engine, folder: Path, *, now: Callable[[], datetime]) -> None:
        self._engine, self._folder, self._now = engine, folder, now

    def purge(self, user: str, case_id: str) -> Certificate:
        """Delete the user's case, deleted before or not, for good; NotThere where there is none.

        Rows, data key and certificate are one transaction; then log and free pages are emptied and the folder searched.
        """
        with writing(self._engine) as session:
            row = case_row(session, user, case_id, to=Access.OWN, also_deleted=True)
            marks = _marks(session, row)
            removed = _remove(session, row)
            vault = vault_of(session.connection().dialect)
            wrapped = vault.forget(session.connection(), case_id) if vault else []
            owner = user_row(session, user, self._now())
            identity, at = secrets.token_urlsafe(12), self._now()
            certificate = Certificate(identity, case_hash(case_id), at, user, removed, bool(wrapped))
            kept = json.dumps(certificate.as_json())
            audited(session, user, "purged", case_id, {"count": sum(removed.values())})
            session.add(PurgeRow(id=certificate.id, user_id=owner.id, at=certificate.at, certificate=kept))
        erase_freed(self._engine, {"turns", "unsent_entries", *removed})
        strings = [case_id.encode(), *(key.encode() for key in wrapped), *marks]
        files, found = _search(self._folder, strings)
        if found:
            compact(self._engine)
            files, found = _search(self._folder, strings)
        tables = None
        if self._engine.dialect.name == "postgresql":
            tables, left = _search_tables(self._engine, strings)
            found += left
        checked = {
            "files_searched": files,
            "tables_searched": tables,
            "strings_searched": len(strings),
            "files_with_a_string_left": found,
        }
        with writing(self._engine) as session:
            kept_row = session.get_one(PurgeRow, certificate.id)
            kept_row.certificate = json.dumps(json.loads(kept_row.certificate) | checked)
        return self.certificate(user, certificate.id)

    def certificate(self, user: str, identity: str) -> Certificate:
        """A certificate of the user's, by its id or by the id of the case; raises NotThere."""
        for found in self.certificates(user):
            if found.id == identity or found.case_hash == case_hash(identity):
                return found
        raise NotThere("There is no such certificate of a deletion.")

    def certificates(self, user: str) -> tuple[Certificate, ...]:
        """The user's certificates, the newest first."""
        with reading(self._engine) as session:
            rows = session.scalars(select(PurgeRow).order_by(PurgeRow.at.desc(), PurgeRow.id))
            all_of_them = [_certificate(json.loads(row.certificate)) for row in rows]
            return tuple(one for one in all_of_them if one.by == user)

    def deleted_before(self, user: str, before: datetime) -> tuple[str, ...]:
        """The ids of the user's cases that were put away before a time."""
        query = select(CaseRow.token).join(UserRow, UserRow.id == CaseRow.user_id)
        with reading(self._engine) as session:
            query = query.where(UserRow.name == user, CaseRow.deleted.is_not(None), CaseRow.deleted < before)
            return tuple(session.scalars(query.order_by(CaseRow.id)))


def _certificate(kept: dict[str, Any]) -> Certificate:
    return Certificate(
        kept["certificate"],
        kept["case_sha256"],
        datetime.fromisoformat(kept["deleted_at"]).astimezone(UTC),
        kept["deleted_by"],
        kept["rows_removed"],
        kept["data_key_destroyed"],
        kept["files_searched"],
        kept["strings_searched"],
        kept["files_with_a_string_left"],
        kept.get("tables_searched"),
    )


def _remove(session: Session, case: CaseRow) -> dict[str, int]:
    """Delete the case and every row of any table that refers to it, however deep; how many of each table."""
    session.flush()
    connection = session.connection()
    removed: dict[str, int] = {}
    if _forget_unsent(session, case):
        removed["unsent_entries"] = 1
    session.flush()
    cases = Base.metadata.tables["cases"]
    tables = tuple(table.name for table in Base.metadata.sorted_tables if table.name in _referring())
    with append_only_lifted(connection, tables):
        _remove_rows(connection, cases, [case.id], removed)
    session.expunge(case)
    return removed


def _referring() -> set[str]:
    """The tables whose rows may go with a case's."""
    found = {"cases"}
    for table in Base.metadata.sorted_tables:
        if any(key.column.table.name in found for key in table.foreign_keys):
            found.add(table.name)
    return found


def _remove_rows(connection: Connection, table: Table, ids: Sequence[Any], removed: dict[str, int]) -> None:
    (primary,) = table.primary_key.columns if len(table.primary_key.columns) == 1 else (None,)
    for other in reversed(Base.metadata.sorted_tables):
        for key in other.foreign_keys:
            if key.column.table is not table or other is table or not ids:
                continue
            owned = key.parent.in_(ids)
            if len(other.primary_key.columns) == 1:
                (own,) = other.primary_key.columns
                _remove_rows(connection, other, list(connection.execute(select(own).where(owned)).scalars()), removed)
            else:
                _count(removed, other.name, connection.execute(delete(other).where(owned)).rowcount)
    if primary is not None and ids:
        _count(removed, table.name, connection.execute(delete(table).where(primary.in_(ids))).rowcount)


def _count(removed: dict[str, int], name: str, number: int) -> None:
    if number:
        removed[name] = removed.get(name, 0) + number


def _forget_unsent(session: Session, case: CaseRow) -> bool:
    """Remove what the owner has entered and not sent, where it is this very case."""
    row = session.get(UnsentRow, case.user_id)
    try:
        same = (
            row is not None and bool(case.text.strip()) and case.text.strip() in json.loads(row.entry).get("text", "")
        )
    except DamagedText:
        return False
    if same:
        session.delete(row)
    return same


def _marks(session: Session, case: CaseRow) -> list[bytes]:
    """Strings by which what is left of a case is found: pieces of its text, none that another case holds.

    A draft quotes the case in them; its other words are the guideline's, and rightly stand in the library.
    """
    try:
        strings = list(dict.fromkeys(_slices(case.text)))
    except DamagedText:
        return []
    # A second case over the same text rightly keeps its words.
    stored = type_coerce(CaseRow.text, Text)
    letters = Base.metadata.tables.get("determinations")  # a letter of the library may hold them as rightly
    for string in list(strings):
        if letters is not None:
            held = select(func.count()).select_from(letters)
            if session.scalar(held.where(letters.c.case_summary.contains(string, autoescape=True))):
                strings.remove(string)
                continue
        same = select(func.count()).where(CaseRow.id != case.id, stored.contains(string, autoescape=True))
        if session.scalar(same.select_from(CaseRow)):
            strings.remove(string)
    return [string.encode() for string in strings[:_MARKS]]


def _slices(text: str) -> Iterable[str]:
    """Pieces of the text that are spread over it, without what JSON or a database writes otherwise."""
    step = max(_LENGTH, len(text) // _MARKS)
    for start in range(0, max(1, len(text) - _LENGTH + 1), step):
        piece = text[start : start + _LENGTH].strip()
        if len(piece) >= _LENGTH // 2 and piece.isprintable() and not set(piece) & set('"\\'):
            yield piece


def _search(folder: Path, strings: Sequence[bytes]) -> tuple[int, int]:
    """How many files of the folder were read, and in how many one of the strings stands."""
    files = found = 0
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        try:
            hit = _holds(path, strings)
        except OSError:
            continue
        files, found = files + 1, found + hit
    return files, found


def _search_tables(engine: Engine, strings: Sequence[bytes]) -> tuple[int, int]:
    """How many tables that could hold a case were searched, and in how many rows one of the strings stands."""
    searched = {DATA_KEYS.name: [DATA_KEYS.c.scope, DATA_KEYS.c.wrapped]}
    for table in Base.metadata.sorted_tables:
        if table.name in _referring() or any(isinstance(column.type, CaseText) for column in table.columns):
            texts = (column for column in table.columns if isinstance(column.type, (String, CaseText)))
            searched[table.name] = [type_coerce(column, Text) for column in texts]
    found = 0
    with reading(engine) as session:
        for columns in searched.values():
            sought = (func.strpos(column, string.decode()) > 0 for column in columns for string in strings)
            found += session.scalar(select(func.count()).where(or_(false(), *sought))) or 0
    return len(searched), found


def _holds(path: Path, strings: Sequence[bytes]) -> bool:
    overlap = max(map(len, strings))
    with path.open("rb") as file:
        before = b""
        while block := file.read(_BLOCK):
            piece = before + block
            if any(string in piece for string in strings):
                return True
            before = block[-overlap:]
    return False
