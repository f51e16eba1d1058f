"""The acts that delete cases for good, and what certifies it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property

from assistant.backup import drop_safe_copies
from assistant.records.purging import Certificate, Purges
from assistant.records.values import CaseState
from assistant.service.opened import OpenFolder
from assistant.views import DeletedCase

_DONE = (CaseState.DECIDED, CaseState.EXPORTED)


class PurgeActs(OpenFolder):
    """What takes cases out of the data folder for ever."""

    @cached_property
    def _purges(self) -> Purges:
        return Purges(self._engine, self.settings.data_dir, now=self._now)

    def deleted_cases(self, user: str) -> tuple[DeletedCase, ...]:
        """The user's cases that were put away and can still be brought back."""
        return tuple(DeletedCase(case.id, case.title, case.updated) for case in self.records.deleted_cases(user))

    def purge_cases(self, user: str, case_ids: Iterable[str]) -> tuple[Certificate, ...]:
        """Delete cases for good, each on its own; a certificate for each. NotThere names one that is not there."""
        drop_safe_copies(self.settings.data_dir)  # they hold the case as it was before a migration
        return tuple(self._purges.purge(user, case_id) for case_id in dict.fromkeys(case_ids))

    def deleted_before(self, user: str, days: int) -> tuple[str, ...]:
        """The ids of the user's cases that were put away more than so many days ago."""
        return self._purges.deleted_before(user, self._now() - timedelta(days=days))

    def expired_cases(self, user: str) -> tuple[str, ...]:
        """The ids of the user's cases whose retention has ended; none where `retention_days` is 0.

        It counts from the last change of a case that is decided or exported, and from the deletion of a deleted one. A
        case that is new or in draft does not expire.
        """
        days = self.settings.retention_days
        if not days:
            return ()
        before = self._now() - timedelta(days=days)
        done = (case.id for case in self._lists.all(user) if case.state in _DONE and case.updated < before)
        return (*done, *self.deleted_before(user, days))

    def certificate(self, user: str, identity: str) -> Certificate:
        """A certificate of a deletion, by its id or by the case's; raises NotThere."""
        return self._purges.certificate(user, identity)

    def certificates(self, user: str) -> tuple[Certificate, ...]:
        """The user's certificates, the newest first."""
        return self._purges.certificates(user)
