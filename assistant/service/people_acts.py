"""The acts on people: accounts, who is signed in, and cases that are shared."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

from assistant.records import Access, Accounts, Sessions, Shares, SignInFlows, SignInTries
from assistant.service.opened import OpenFolder


class PeopleActs(OpenFolder):
    """Who may come in, and who may see whose case."""

    @cached_property
    def accounts(self) -> Accounts:
        """The accounts of the data folder."""
        return Accounts(self._engine, now=self._now)

    @cached_property
    def sessions(self) -> Sessions:
        """Who is signed in."""
        idle = timedelta(minutes=self.settings.session_idle_minutes)
        return Sessions(self._engine, now=self._now, idle=idle, most=timedelta(hours=self.settings.session_hours))

    @cached_property
    def sign_in_flows(self) -> SignInFlows:
        """Who left for the provider to sign in."""
        return SignInFlows(self._engine, now=self._now)

    @cached_property
    def sign_in_tries(self) -> SignInTries:
        """How often each source has tried to sign in and failed."""
        return SignInTries(self._engine, now=self._now)

    @cached_property
    def shares(self) -> Shares:
        """The cases that are shared."""
        return Shares(self._engine, now=self._now)

    def check_access(self, user: str, case_id: str, *, change: bool = False) -> None:
        """Raise NotThere unless the user may read a case, and NotAllowed unless they may `change` it."""
        self.records.check_access(user, case_id, Access.CHANGE if change else Access.SEE)
