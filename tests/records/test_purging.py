"""A case that is deleted for good: nothing of it is left in any file, and a certificate says so without its words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from postgres_server import ON_POSTGRES

import assistant.library.tables  # noqa: F401 - declares its tables
from assistant.domain import Draft
from assistant.errors import NotThere
from assistant.keys import KeyRing
from assistant.records import Chats, Records, UnsentEntries
from assistant.records.purging import Purges, case_hash
from tests.records.conftest import Clock
from tests.records.test_sealing import OLD, holding, opened

MARK = "Qvxmarked"
TEXT = f"{MARK} is a baker whose wrist hurts at night and who asks for six more visits. " * 60


@pytest.mark.parametrize("ring", [None, OLD], ids=["plain", "encrypted"])
def test_nothing_is_left_and_the_certificate_says_so(
    tmp_path: Path, make_draft: Callable[..., Draft], ring: KeyRing | None
) -> None:

    with opened(tmp_path, ring) as engine:
        clock = Clock()
        records, purges = Records(engine, now=clock), Purges(engine, tmp_path, now=clock)
        kept = records.create_case("ann", title="Knee", text="A roofer's knee.", day=None, services=())
        case = records.create_case("ann", title=MARK, text=TEXT, day=None, services=(MARK,)).id
        for base in range(3):
            records.save_version("ann", case, make_draft(MARK), cause="edited", base=base, detail={"quote": MARK})
        Chats(engine, now=clock).add_turn("ann", case, "reviewer", TEXT)
        UnsentEntries(engine, now=clock).keep("ann", {"text": TEXT}, None)
        records.delete_case("ann", case)
        certificate = purges.purge("ann", case)
        assert certificate.removed == {"acts": 5, "cases": 1, "turns": 1, "unsent_entries": 1, "versions": 3}
        assert (certificate.key_destroyed, certificate.found) == (ring is not None, 0)
        assert certificate.searched
        assert certificate.tables if ON_POSTGRES else certificate.files
        for word in (MARK, case):
            assert holding(tmp_path, word) == []
        assert case_hash(case) == certificate.case_hash
        assert MARK not in json.dumps(certificate.as_json())
        assert purges.certificate("ann", certificate.id) == purges.certificate("ann", case) == certificate
        assert records.cases("ann") == (kept,)
        with pytest.raises(NotThere):
            purges.purge("ann", case)


def test_a_copy_made_before_cannot_be_read_once_its_data_key_is_gone(tmp_path: Path) -> None:
    with opened(tmp_path, OLD) as engine:
        records = Records(engine)
        case = records.create_case("ann", title=MARK, text=TEXT, day=None, services=()).id
        with engine.connect() as connection:
            copy = connection.exec_driver_sql("SELECT text FROM cases").scalar_one()
        Purges(engine, tmp_path, now=Clock()).purge("ann", case)
        with pytest.raises(Exception, match="cannot be read"):
            engine.dialect.imr_vault.from_column(copy, "cases.text")


def test_anothers_case_is_not_there_and_its_certificate_neither(tmp_path: Path) -> None:
    with opened(tmp_path, None) as engine:
        purges = Purges(engine, tmp_path, now=Clock())
        case = Records(engine).create_case("ann", title=MARK, text=TEXT, day=None, services=()).id
        with pytest.raises(NotThere):
            purges.purge("bob", case)
        certificate = purges.purge("ann", case)
        assert purges.certificates("bob") == ()
        with pytest.raises(NotThere):
            purges.certificate("bob", certificate.id)


def test_words_that_another_case_shares_are_not_counted_as_left(tmp_path: Path) -> None:
    with opened(tmp_path, None) as engine:
        records = Records(engine)
        first, second = (
            records.create_case("ann", title="Wrist", text=TEXT, day=None, services=()).id for _ in range(2)
        )
        assert Purges(engine, tmp_path, now=Clock()).purge("ann", first).found == 0
        assert records.case("ann", second).text == TEXT
