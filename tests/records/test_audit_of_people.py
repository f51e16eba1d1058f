"""What is done with accounts is in the audit log: each act, by whom, and no password that was typed as a name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.database import open_database
from assistant.records import Accounts, May, Records, Sessions, Shares
from assistant.records.audit import AuditLog, AuditWanted
from assistant.records.audit_acts import Act
from assistant.rights import Person, Role, asked_by

PASSWORD = "Sieben-Raben-im-Schnee"  # noqa: S105
OTHER = "Zwoelf-Brueder-im-Wald"
ADAM = Person("adam", Role.ADMIN)


@dataclass
class Kept:
    """A data folder with rita, who reviews, ruth, who does too, and adam, the admin; its log is attached."""

    accounts: Accounts
    sessions: Sessions
    shares: Shares
    records: Records
    log: AuditLog

    def told(self, done: Callable[[], object]) -> list[tuple[str, str, dict]]:
        """The act, the account and the detail of each entry that something leaves."""
        before = self.log.head().number
        done()
        entries = self.log.entries(AuditWanted())
        return [(e.act, e.account, json.loads(e.detail)) for e in reversed(entries) if e.number > before]


@pytest.fixture
def kept(tmp_path: Path):
    engine = open_database(tmp_path)
    now = lambda: datetime.now(UTC)  # noqa: E731
    log = AuditLog(engine, b"k" * 32, now=now)
    log.attach()
    accounts = Accounts(engine, now=now)
    for name, role in (("rita", Role.REVIEWER), ("ruth", Role.REVIEWER), ("adam", Role.ADMIN)):
        accounts.add(name, role, PASSWORD)
    sessions = Sessions(engine, now=now, idle=timedelta(minutes=30), most=timedelta(hours=12))
    yield Kept(accounts, sessions, Shares(engine, now=now), Records(engine), log)
    engine.dispose()


def test_signing_in_and_out_are_told_of_who_does(kept: Kept) -> None:
    tokens: list[str] = []
    assert kept.told(lambda: tokens.append(kept.sessions.begin("rita"))) == [
        (Act.SIGNED_IN, "rita", {"account": "rita", "kind": "signed_in"})
    ]
    assert kept.told(lambda: kept.sessions.end(tokens[0])) == [
        (Act.SIGNED_OUT, "rita", {"account": "rita", "kind": "signed_out"})
    ]
    assert kept.told(lambda: kept.sessions.end(tokens[0])) == []


def test_a_wrong_password_is_told_of_its_account(kept: Kept) -> None:
    [entry] = kept.told(lambda: kept.accounts.check("rita", OTHER))
    assert entry == (Act.SIGN_IN_FAILED, "rita", {"account": "rita", "kind": "sign_in_failed"})


def test_a_disabled_and_a_locked_account_that_try_are_told(kept: Kept) -> None:
    kept.accounts.set_disabled("ruth", disabled=True)
    assert [e[:2] for e in kept.told(lambda: kept.accounts.check("ruth", PASSWORD))] == [(Act.SIGN_IN_FAILED, "ruth")]
    for _ in range(5):
        kept.accounts.check("rita", OTHER)
    assert [e[:2] for e in kept.told(lambda: kept.accounts.check("rita", PASSWORD))] == [(Act.SIGN_IN_FAILED, "rita")]


def test_a_password_typed_as_a_name_is_not_in_the_log(kept: Kept) -> None:
    [entry] = kept.told(lambda: kept.accounts.check(OTHER.casefold(), ""))
    assert entry == (Act.SIGN_IN_FAILED, "unknown", {"kind": "sign_in_failed"})
    kept.accounts.change_password("rita", PASSWORD, OTHER)
    kept.accounts.check("rita", OTHER + "?")
    everything = repr(kept.log.since(1)).casefold()
    assert OTHER.casefold() not in everything
    assert PASSWORD.casefold() not in everything


CHANGES = {
    "account_added": lambda a: a.add("otto", Role.AUDITOR, PASSWORD),
    "role_changed": lambda a: a.set_role("rita", Role.LIBRARIAN),
    "account_disabled": lambda a: a.set_disabled("rita", disabled=True),
    "account_enabled": lambda a: a.set_disabled("rita", disabled=False),
    "password_reset": lambda a: a.reset("rita"),
    "account_unlocked": lambda a: a.unlock("rita"),
    "password_changed": lambda a: a.change_password("rita", PASSWORD, OTHER),
    "token_made": lambda a: a.add_token("rita", "a program"),
}
ROLES = {"account_added": ("otto", "auditor"), "role_changed": ("rita", "librarian")}


@pytest.mark.parametrize("kind", CHANGES)
@pytest.mark.parametrize(("by", "told"), [(ADAM, "adam"), (None, "command line")])
def test_a_change_of_an_account_is_told_of_who_made_it(kept: Kept, kind: str, by: Person | None, told: str) -> None:
    with asked_by(by):
        [entry] = kept.told(lambda: CHANGES[kind](kept.accounts))
    name, role = ROLES.get(kind, ("rita", None))
    detail = {"account": name, "kind": kind} | ({"role": role} if role else {})
    assert entry == (Act.ACCOUNT_CHANGED, told, detail)


def test_a_token_that_is_taken_back_is_told_and_never_shown(kept: Kept) -> None:
    token = kept.accounts.add_token("rita", "a program")
    [held] = kept.accounts.tokens("rita")
    [entry] = kept.told(lambda: kept.accounts.drop_token("rita", held.id))
    assert entry[2] == {"account": "rita", "kind": "token_dropped"}
    assert token not in repr(kept.log.since(1))


def test_a_change_that_is_refused_is_not_told_as_done(kept: Kept) -> None:
    def refused() -> None:
        with pytest.raises(Exception, match="admin"):
            kept.accounts.set_role("adam", Role.AUDITOR)

    assert kept.told(refused) == []


def test_shares_are_told_with_whom_and_of_which_case(kept: Kept) -> None:
    case = kept.records.create_case(
        "rita", title="Needles", text="A baker's back.", day=None, services=(), received=None
    ).id
    given = kept.told(lambda: kept.shares.give("rita", case, "ruth", May.SEE))
    assert given == [(Act.SHARED, "rita", {"account": "ruth", "kind": "shared"})]
    assert kept.told(lambda: kept.shares.take_back("rita", case, "ruth"))[0][:2] == (Act.UNSHARED, "rita")
    told = kept.log.entries(AuditWanted(case=kept.log.keyed(case)))
    assert [entry.act for entry in told][:2] == [Act.UNSHARED, Act.SHARED]
    assert kept.log.verify().fault is None
