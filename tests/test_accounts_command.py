"""`imr-assistant accounts` and `cases share`: people are let in, changed and shut out from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from assistant.database import open_database
from assistant.records import Access, Accounts, Records
from assistant.records.accounts import FREE_TRIES
from assistant.rights import NotAllowed
from assistant.settings import Settings

Run = Callable[..., CompletedProcess[str]]
PASSWORD = "Sieben-Raben-im-Schnee"  # noqa: S105


@pytest.fixture
def accounts(data_dir: Path, run_cli: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Accounts]:
    """The accounts of a data folder with rita, who reviews, and adam, the admin, both made by the command."""
    with monkeypatch.context() as patch:
        patch.setenv("IMR_NEW_PASSWORD", PASSWORD)
        for name, role in (("rita", "reviewer"), ("adam", "admin")):
            made = run_cli("accounts", "add", name, "--role", role, "--data-dir", data_dir)
            assert (made.returncode, made.stdout, made.stderr) == (0, "", f"The account {name} is made.\n")
    engine = open_database(data_dir)
    yield Accounts(engine, now=lambda: datetime.now(UTC))
    engine.dispose()


def listed(run_cli: Run, folder: Path) -> dict[str, dict]:
    lines = run_cli("accounts", "list", "--json", "--data-dir", folder).stdout.splitlines()
    return {row["name"]: row for row in map(json.loads, lines)}


def test_the_password_of_the_environment_signs_in(accounts: Accounts) -> None:
    assert accounts.check("rita", PASSWORD) is not None


def test_the_password_is_asked_for_twice_where_none_is_given(run_cli: Run, accounts: Accounts, data_dir: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.prompt", lambda *_, **how: PASSWORD if how["confirmation_prompt"] else "not asked twice")
        assert run_cli("accounts", "add", "ruth", "--display", "Ruth R.", "--data-dir", data_dir).returncode == 0
    assert accounts.check("ruth", PASSWORD) is not None
    assert listed(run_cli, data_dir)["ruth"]["display"] == "Ruth R."


def test_a_one_time_password_is_printed_and_must_be_changed(run_cli: Run, accounts: Accounts, data_dir: Path) -> None:
    made = run_cli("accounts", "add", "ruth", "--once", "--data-dir", data_dir)
    assert made.returncode == 0
    found = accounts.check("ruth", made.stdout.strip())
    assert found is not None
    assert found.must_change
    plain = run_cli("accounts", "list", "--data-dir", data_dir).stdout.splitlines()
    assert [line.split() for line in plain] == [
        ["adam", "admin"],
        ["rita", "reviewer"],
        ["ruth", "reviewer", "one-time", "password"],
    ]


def test_the_role_is_changed(run_cli: Run, accounts: Accounts, data_dir: Path) -> None:
    said = run_cli("accounts", "role", "rita", "senior_reviewer", "--data-dir", data_dir)
    assert said.stderr == "rita is senior reviewer now.\n"
    assert listed(run_cli, data_dir)["rita"]["role"] == "senior_reviewer"


def test_an_account_is_disabled_and_enabled(run_cli: Run, accounts: Accounts, data_dir: Path) -> None:
    assert run_cli("accounts", "disable", "rita", "--data-dir", data_dir).returncode == 0
    assert listed(run_cli, data_dir)["rita"]["disabled"]
    assert accounts.check("rita", PASSWORD) is None
    assert run_cli("accounts", "enable", "rita", "--data-dir", data_dir).returncode == 0
    assert accounts.check("rita", PASSWORD) is not None


def test_a_reset_ends_the_old_password(run_cli: Run, accounts: Accounts, data_dir: Path) -> None:
    once = run_cli("accounts", "reset", "rita", "--data-dir", data_dir).stdout.strip()
    assert accounts.check("rita", PASSWORD) is None
    assert accounts.check("rita", once) is not None


def test_a_locked_account_is_unlocked(run_cli: Run, accounts: Accounts, data_dir: Path) -> None:
    for _ in range(FREE_TRIES):
        accounts.check("rita", "wrong-wrong-wrong")
    assert listed(run_cli, data_dir)["rita"]["locked_until"] is not None
    assert run_cli("accounts", "unlock", "rita", "--data-dir", data_dir).returncode == 0
    assert listed(run_cli, data_dir)["rita"]["locked_until"] is None
    assert accounts.check("rita", PASSWORD) is not None


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add", "rita", "--once"), 2, "There is an account named rita already"),
        (("add", "Rita", "--once"), 2, "small letters"),
        (("role", "rita", "boss"), 2, "boss"),
        (("role", "adam", "auditor"), 2, "admin"),
        (("disable", "adam"), 2, "admin"),
        (("disable", "nobody"), 1, "There is no account of this name."),
        (("reset", "nobody"), 1, "There is no account of this name."),
        (("unlock", "nobody"), 1, "There is no account of this name."),
    ],
)
def test_what_cannot_be_is_a_sentence_and_changes_nothing(
    run_cli: Run, accounts: Accounts, data_dir: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    before = accounts.all()
    answer = run_cli("accounts", *arguments, "--data-dir", data_dir)
    assert (answer.returncode, answer.stdout) == (code, "")
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr
    assert accounts.all() == before


def test_a_weak_password_makes_no_account(
    run_cli: Run, accounts: Accounts, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMR_NEW_PASSWORD", "too-short")
    answer = run_cli("accounts", "add", "ruth", "--data-dir", data_dir)
    assert answer.returncode == 2
    assert "12 to 256 characters" in answer.stderr
    assert "too-short" not in answer.stderr
    assert [account.name for account in accounts.all()] == ["adam", "rita"]


def test_a_case_is_shared_and_taken_back(run_cli: Run, accounts: Accounts, data_dir: Path) -> None:
    engine = open_database(data_dir)
    records = Records(engine)
    case = records.create_case(
        Settings().user, title="Needles", text="A baker's back.", day=None, services=(), received=None
    ).id
    shared = run_cli("cases", "share", case, "rita", "--data-dir", data_dir)
    assert (shared.returncode, shared.stderr) == (0, "The case is shared with rita, to see it.\n")
    records.check_access("rita", case, Access.SEE)
    with pytest.raises(NotAllowed):
        records.check_access("rita", case, Access.CHANGE)
    for account in ("adam", "nobody"):  # an admin works on no case
        refused = run_cli("cases", "share", case, account, "--may", "change", "--data-dir", data_dir)
        assert refused.returncode == 2
        assert "no account of this name that a case can be shared with" in refused.stderr
    assert run_cli("cases", "unshare", case, "rita", "--data-dir", data_dir).returncode == 0
    gone = run_cli("cases", "unshare", case, "rita", "--data-dir", data_dir)
    assert (gone.returncode, gone.stderr.strip()) == (1, "The case is not shared with this account.")
    engine.dispose()
