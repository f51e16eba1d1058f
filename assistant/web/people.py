"""What the page asks about people: for an admin the accounts, for a case's reviewer with whom it is shared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, WrongInput
from assistant.records import May
from assistant.rights import Role
from assistant.web.acts import Act, Answer, Desk, act

if TYPE_CHECKING:
    from assistant.records import Account


def acts(desk: Desk) -> list[Act]:
    """What the settings' script may call."""
    return [act(f) for f in (*_listing_acts(desk), *_changing_acts(desk))]


def _people(desk: Desk) -> Answer:
    return {"people": [_told(account) for account in desk.service.accounts.all()], "roles": list(Role)}


def _not_oneself(desk: Desk, name: str) -> None:
    if name == desk.user:
        raise AssistantError("This is your own account; another admin can do this, or the command line.")


def _listing_acts(desk: Desk) -> list[Callable[..., Answer]]:
    service = desk.service

    def list_people() -> Answer:
        """All accounts."""
        return _people(desk)

    def add_person(name: str, role: Role, display: str = "") -> Answer:
        """Make an account; its one-time password is shown this once."""
        made = service.accounts.add(name, role, None, display=display)
        return {"once": service.accounts.reset(made.name), "name": made.name, **_people(desk)}

    return [list_people, add_person]


def _changing_acts(desk: Desk) -> list[Callable[..., Answer]]:
    service = desk.service

    def change_role(name: str, role: Role) -> Answer:
        """Give an account another role; it must sign in again."""
        _not_oneself(desk, name)
        service.accounts.set_role(name, role)
        return _people(desk)

    def disable_person(name: str) -> Answer:
        """Let an account in no more."""
        _not_oneself(desk, name)
        service.accounts.set_disabled(name, disabled=True)
        return _people(desk)

    def enable_person(name: str) -> Answer:
        """Let an account in again."""
        service.accounts.set_disabled(name, disabled=False)
        return _people(desk)

    def reset_password(name: str) -> Answer:
        """Give an account a one-time password, shown this once; it must be changed at the next sign-in."""
        _not_oneself(desk, name)
        if service.accounts.named(name).by_provider:
            raise WrongInput("This account signs in by the provider; its password is reset there.")
        return {"once": service.accounts.reset(name), "name": name, **_people(desk)}

    def unlock_person(name: str) -> Answer:
        """Forget an account's wrong passwords."""
        service.accounts.unlock(name)
        return _people(desk)

    return [change_role, disable_person, enable_person, reset_password, unlock_person]


def case_acts(desk: Desk) -> list[Act]:
    """What the case view's script may call."""
    shares = lambda: desk.service.shares  # noqa: E731 - looked up when asked, for without accounts there are none

    def list_shares(case: str) -> Answer:
        """With whom one's own case is shared."""
        found = shares().of(desk.user, case)
        return {"shares": [{"name": s.name, "may": s.may.value, "at": s.at.isoformat()} for s in found]}

    def share_case(case: str, name: str, may: May) -> Answer:
        """Share one's own case with an account."""
        shares().give(desk.user, case, name, may)
        return list_shares(case)

    def unshare_case(case: str, name: str) -> Answer:
        """Take a share back."""
        shares().take_back(desk.user, case, name)
        return list_shares(case)

    return [act(f) for f in (list_shares, share_case, unshare_case)]


def _told(account: Account) -> Answer:
    locked = account.locked_until
    return {
        "name": account.name,
        "display": account.display,
        "role": account.role.value,
        "disabled": account.disabled,
        "must_change": account.must_change,
        "locked": locked is not None and locked > datetime.now(locked.tzinfo),
        "by_provider": account.by_provider,
    }
