"""The chain of the audit log as values: an entry, its canonical form and hash, the check of a chain, its export.

45 CFR 164.312(b) asks for a record of activity in systems that hold health information, 164.312(c)(1) that nothing of
it be altered unseen. Nothing here knows the database, so that an export is checked by the same code as the log.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from enum import StrEnum

from assistant.errors import AssistantError, WrongInput

START = "0" * 64  # what the first entry names as the hash before it


class AuditFormat(StrEnum):
    """How the log is exported."""

    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log. `at` is UTC as "2026-11-28T12:00:00.000000Z", `detail` a JSON object as text.

    `case` and `content` are keyed hashes (64 hexadecimal digits) or None; `previous` is the hash of the entry before.
    """

    number: int
    at: str
    account: str
    act: str
    case: str | None
    content: str | None
    detail: str
    previous: str
    hash: str


_COLUMNS = tuple(field.name for field in fields(Entry))


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the log stood at some time: the number of its last entry, and that entry's hash (0 and START: empty)."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong with a log: at which number, and what, in a sentence."""

    number: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check found: how many entries were in order from the first on, where they end, and what is wrong."""

    entries: int
    last: Anchor
    fault: Fault | None = None


class AuditBroken(AssistantError):
    """A log that is not as it was written."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"The audit log is not as it was written: {fault.sentence}")
        self.fault = fault


def canonical(entry: Entry) -> bytes:
    """What is hashed: the entry without its own hash, as a JSON array in ASCII without blanks, in the fields' order."""
    return json.dumps(list(astuple(entry)[:-1]), separators=(",", ":")).encode("ascii")


def hash_of(entry: Entry) -> str:
    """The SHA-256 of the canonical form, hexadecimal."""
    return hashlib.sha256(canonical(entry)).hexdigest()


def verified(
    entries: Iterable[Entry],
    *,
    after: Anchor = Anchor(0, START),
    head: Anchor | None = None,
    anchors: Sequence[Anchor] = (),
) -> Verified:
    """Check a log from the entry behind `after` on, up to the first fault.

    `head` is where it says that it ends, `anchors` are where it stood when they were taken.
    """
    known = {anchor.number: anchor.hash for anchor in anchors if anchor.number > after.number}
    last, count = after, 0
    for entry in entries:
        fault = _fault(entry, last, known)
        if fault:
            return Verified(count, last, fault)
        last, count = Anchor(entry.number, entry.hash), count + 1
    return Verified(count, last, _fault_of_end(last, head, known))


def _fault(entry: Entry, last: Anchor, known: dict[int, str]) -> Fault | None:
    wanted = last.number + 1
    if entry.number > wanted:
        return Fault(wanted, f"entry {wanted} is missing; entry {entry.number} follows on {last.number}.")
    if entry.number != wanted:
        return Fault(entry.number, f"entry {entry.number} stands where {wanted} is expected.")
    if entry.previous != last.hash:
        return Fault(wanted, f"entry {wanted} does not follow on the entry before it: one of the two was replaced.")
    if entry.hash != hash_of(entry):
        return Fault(wanted, f"entry {wanted} was changed after it was written.")
    if known.get(wanted, entry.hash) != entry.hash:
        return Fault(wanted, f"entry {wanted} is another than when the anchor was taken: the log was rewritten.")
    return None


def _fault_of_end(last: Anchor, head: Anchor | None, known: dict[int, str]) -> Fault | None:
    missing = last.number + 1
    if head is not None and head.number > last.number:
        return Fault(missing, f"entry {missing} is missing; the log had {head.number} entries.")
    if head is not None and head != last:
        return Fault(last.number, f"entry {last.number} is not the one that the log ended with.")
    if beyond := [number for number in known if number > last.number]:
        return Fault(missing, f"entry {missing} is missing; an anchor was taken at entry {max(beyond)}.")
    return None


def written(entries: Iterable[Entry], form: AuditFormat) -> bytes:
    """Entries as a file: one JSON object a line, or CSV with a line of names; each with the hashes of the chain."""
    if form is AuditFormat.JSONL:
        lines = (json.dumps(dict(zip(_COLUMNS, astuple(entry), strict=True))) for entry in entries)
        return "".join(f"{line}\n" for line in lines).encode("ascii")
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(_COLUMNS)
    rows.writerows(["" if value is None else value for value in astuple(entry)] for entry in entries)
    return out.getvalue().encode("utf-8")


def read_back(content: bytes) -> tuple[Entry, ...]:
    """The entries of a file that `written` made; WrongInput with the line that cannot be read."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise WrongInput("The file is not text, so it is no export of the audit log.") from None
    rows = _of_csv(text) if text.startswith(f"{_COLUMNS[0]},") else _of_jsonl(text)
    found = []
    for line, row in enumerate(rows, 1):
        entry = _entry(row)
        if entry is None:
            raise WrongInput(f"Row {line} of the file is no entry of an audit log; it was changed, or is another file.")
        found.append(entry)
    return tuple(found)


def _of_csv(text: str) -> Iterator[object]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = next(rows)
        for row in rows:
            if len(row) != len(names) or tuple(names) != _COLUMNS:
                yield None
                return
            values: dict[str, object] = dict(zip(names, row, strict=True))
            number = str(values["number"])
            values["number"] = int(number) if number.isascii() and number.isdigit() else None
            yield values | {name: values[name] or None for name in ("case", "content")}
    except csv.Error:
        yield None


def _of_jsonl(text: str) -> Iterator[object]:
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            yield json.loads(line, object_pairs_hook=_once)
        except (ValueError, RecursionError):
            yield None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object] | None:
    """The object, or None where a name comes twice: another reader might take the other one."""
    return dict(pairs) if len({name for name, _ in pairs}) == len(pairs) else None


def _entry(row: object) -> Entry | None:
    if not isinstance(row, dict) or set(row) != set(_COLUMNS):
        return None
    fitting = all(
        type(value) is int
        if name == "number"
        else isinstance(value, str) or (value is None and name in ("case", "content"))
        for name, value in row.items()
    )
    return Entry(**row) if fitting else None


def anchors_in(text: str) -> tuple[Anchor, ...]:
    """The anchors of a file into which `audit anchor` was written, one a line; WrongInput for anything else."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        try:
            row = json.loads(line)
            number, hashed = row["number"], row["hash"]
        except (ValueError, KeyError, TypeError):
            number, hashed = None, None
        if type(number) is not int or not isinstance(hashed, str) or len(hashed) != len(START):
            raise WrongInput("The file holds no anchor; write it with `imr-assistant audit anchor`.")
        found.append(Anchor(number, hashed))
    if not found:
        raise WrongInput("The file holds no anchor; write it with `imr-assistant audit anchor`.")
    return tuple(found)
