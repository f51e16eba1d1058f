"""Encryption at rest: an old folder turned, keys turned, a killed run taken up, damage kept to its own case."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from postgres_server import ON_POSTGRES
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

import assistant.library.tables  # noqa: F401 - declares its tables
from assistant.database import FILE_NAME, open_database
from assistant.databases.addresses import postgres_url
from assistant.domain import Draft
from assistant.errors import DamagedText, KeyProblem
from assistant.keys import KeyRing, key_ring, new_key
from assistant.records import CaseLists, Chats, Records, SavedSearches, UnsentEntries
from assistant.records.sealing import check, encrypt_all, plain_texts, reencrypt, rewrap
from tests.records.conftest import Clock

MARK = "Zyxmarked"
OLD, NEW = KeyRing((b"o" * 32,)), KeyRing((b"n" * 32, b"o" * 32))


@contextmanager
def opened(folder: Path, ring: KeyRing | None) -> Iterator[Engine]:
    engine = open_database(folder, keys=ring)
    try:
        yield engine
    finally:
        engine.dispose()


def fill(engine: Engine, draft: Draft | None = None, count: int = 1) -> list[str]:
    """Cases with marked words in every column that may hold them."""
    clock = Clock()
    records, ids = Records(engine, now=clock), []
    for number in range(count):
        case = records.create_case("ann", title=f"{MARK} {number}", text=f"{MARK} text", day=None, services=(MARK,))
        if draft is not None:
            records.save_version("ann", case.id, draft, cause="drafted", base=0, detail={"quote": MARK})
        Chats(engine, now=clock).add_turn("ann", case.id, "reviewer", MARK, {"said": MARK})
        ids.append(case.id)
    UnsentEntries(engine, now=clock).keep("ann", {"text": MARK}, None)
    SavedSearches(engine, now=clock).save("ann", MARK, MARK, {})
    return ids


def holding(folder: Path, word: str = MARK) -> list[str]:
    """The files of a folder that hold a word, and on PostgreSQL the tables with it in any row."""
    files = [path.name for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]
    return files + (tables_holding(os.environ["IMR_DATABASE_URL"], word) if ON_POSTGRES else [])


def tables_holding(url: str, word: str) -> list[str]:
    """The tables of a PostgreSQL database that hold a word in any row, whatever its column."""
    engine = create_engine(postgres_url(url))
    try:
        with engine.connect() as connection:
            names = inspect(connection).get_table_names()
            sought = {name: f"SELECT count(*) FROM {name} AS r WHERE strpos(r::text, %s) > 0" for name in names}  # noqa: S608
            return [name for name, query in sought.items() if connection.exec_driver_sql(query, (word,)).scalar()]
    finally:
        engine.dispose()


def test_with_a_key_no_file_holds_a_word_of_a_case(tmp_path: Path, make_draft: Callable[..., Draft]) -> None:
    with opened(tmp_path, OLD) as engine:
        (case,) = fill(engine, make_draft(MARK))
        assert holding(tmp_path) == []  # the log is still there
        assert MARK in Records(engine).case("ann", case).text
        assert plain_texts(engine) == 0
    assert holding(tmp_path) == []


def test_a_plain_folder_is_turned_and_nothing_plain_is_left(tmp_path: Path, make_draft: Callable[..., Draft]) -> None:
    draft = make_draft(MARK)
    with opened(tmp_path, None) as engine:
        (case,) = fill(engine, draft)
        before = Records(engine).case("ann", case), Records(engine).acts("ann", case)
    assert holding(tmp_path) != []
    with opened(tmp_path, OLD) as engine:
        assert plain_texts(engine) == encrypt_all(engine)
        assert encrypt_all(engine) == 0
        assert (Records(engine).case("ann", case), Records(engine).acts("ann", case)) == before
        assert Records(engine).latest("ann", case).draft == draft  # type: ignore[union-attr]
        found = check(engine)
        assert (found.plain, found.damaged) == (0, ())
    assert holding(tmp_path) == []


def test_acts_are_append_only_again_after_they_were_turned(tmp_path: Path) -> None:
    with opened(tmp_path, None) as engine:
        fill(engine)
    with opened(tmp_path, OLD) as engine:
        encrypt_all(engine)
        with pytest.raises(DBAPIError, match="append-only"):
            spoil(engine, "UPDATE acts SET detail = ''")


def test_keys_are_turned_and_the_older_one_is_needed_no_more(tmp_path: Path) -> None:
    with opened(tmp_path, OLD) as engine:
        (case,) = fill(engine)
    with opened(tmp_path, NEW) as engine:
        assert check(engine).older_keys == 2
        assert rewrap(engine) == 2
        assert check(engine).older_keys == 0
    with opened(tmp_path, KeyRing((b"n" * 32,))) as engine:
        assert MARK in Records(engine).case("ann", case).text
        turned = reencrypt(engine)
        assert turned > 0
        assert MARK in Records(engine).case("ann", case).text
        assert check(engine).retired == 0


@pytest.mark.parametrize("ring", [None, KeyRing((b"x" * 32,))], ids=["missing", "wrong"])
def test_a_missing_or_wrong_key_is_one_sentence_and_changes_nothing(tmp_path: Path, ring: KeyRing | None) -> None:
    with opened(tmp_path, OLD) as engine:
        (case,) = fill(engine)
    before = raw(tmp_path)
    with pytest.raises(KeyProblem, match=r"nothing was changed\.$"):
        open_database(tmp_path, keys=ring)
    assert raw(tmp_path) == before
    with opened(tmp_path, OLD) as engine:
        assert MARK in Records(engine).case("ann", case).text


_ROTATE = (
    "import os, sys\nfrom pathlib import Path\nimport assistant.library.tables\n"
    "from assistant.database import open_database\nfrom assistant.keys import KeyRing\n"
    "from assistant.records import sealing\n"
    "sealing._BATCH = 3\n"
    "class Killing:\n"
    "    left = int(sys.argv[2])\n"
    "    def start(self, *_): pass\n"
    "    def finish(self): pass\n"
    "    def advance(self, by=1):\n"
    "        self.left -= 1\n"
    "        if self.left < 0: os.kill(os.getpid(), 9)\n"
    "engine = open_database(Path(sys.argv[1]), os.environ.get('IMR_DATABASE_URL', ''), keys=KeyRing((b'o' * 32,)))\n"
    "getattr(sealing, sys.argv[3])(engine, Killing())\n"
)


@pytest.mark.parametrize("after", [0, 2])
@pytest.mark.parametrize("run", ["encrypt_all", "reencrypt"])
def test_a_run_that_is_killed_is_taken_up(tmp_path: Path, after: int, run: str) -> None:
    with opened(tmp_path, None if run == "encrypt_all" else OLD) as engine:
        ids = fill(engine, count=6)
    killed = subprocess.run([sys.executable, "-c", _ROTATE, tmp_path, str(after), run], check=False)
    assert killed.returncode == -9
    with opened(tmp_path, OLD) as engine:
        halfway = check(engine)
        assert halfway.plain or halfway.retired
        assert all(MARK in Records(engine).case("ann", case).text for case in ids)
        (encrypt_all if run == "encrypt_all" else reencrypt)(engine)
        found = check(engine)
        assert (found.plain, found.retired, found.damaged, found.data_keys) == (0, 0, (), 7)
        assert all(MARK in Records(engine).case("ann", case).text for case in ids)


def raw(folder: Path) -> object:
    """The database as it lies there: SQLite's file, or the rows of what a key is for."""
    if not ON_POSTGRES:
        return (folder / FILE_NAME).read_bytes()
    engine = create_engine(postgres_url(os.environ["IMR_DATABASE_URL"]))
    try:
        with engine.connect() as connection:
            tables = ("cases", "data_keys", "meta", "turns")
            return [connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1").all() for name in tables]  # noqa: S608
    finally:
        engine.dispose()


def spoil(engine: Engine, statement: str, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement), values)


def test_a_damaged_text_names_its_case_and_the_others_stay_readable(tmp_path: Path) -> None:
    with opened(tmp_path, OLD) as engine:
        first, second = fill(engine, count=2)
        spoil(engine, "UPDATE cases SET title = substr(title, 1, length(title) - 8) WHERE token = :case", case=first)
    with opened(tmp_path, OLD) as engine:
        with pytest.raises(DamagedText, match=f"the case {first} cannot be read"):
            Records(engine).case("ann", first)
        assert MARK in Records(engine).case("ann", second).title
        listed = {case.id: case.title for case in CaseLists(engine).all("ann")}
        assert MARK in listed[second]
        assert "cannot be read" in listed[first]
        assert check(engine).damaged == (first,)


def test_a_text_that_was_moved_to_another_case_is_found(tmp_path: Path) -> None:
    with opened(tmp_path, OLD) as engine:
        first, second = fill(engine, count=2)
        of_first = "(SELECT text FROM cases WHERE token = :first)"
        moved = f"UPDATE cases SET text = {of_first} WHERE token = :second"  # noqa: S608
        spoil(engine, moved, first=first, second=second)
    with opened(tmp_path, OLD) as engine:
        assert check(engine).damaged == (second,)


def test_a_new_key_opens_nothing_else(tmp_path: Path) -> None:
    with opened(tmp_path, key_ring(new_key())) as engine:
        fill(engine)
    with pytest.raises(KeyProblem):
        open_database(tmp_path, keys=key_ring(new_key()))
