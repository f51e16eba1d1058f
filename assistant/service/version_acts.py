"""The acts on the versions of a draft: laid side by side, brought back, and looked at as the letter they would be."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

from assistant.domain import Draft, IssueDraft
from assistant.drafting.determination import WrittenOut, written_out
from assistant.drafting.differences import Difference, differences
from assistant.errors import NotThere
from assistant.records import VersionRecord
from assistant.service.evidence_acts import EvidenceActs
from assistant.views import CaseView, Compared, VersionRow


class VersionActs(EvidenceActs):
    """What is done with earlier versions, and with the letter before it is exported."""

    def version(self, user: str, case_id: str, number: int) -> tuple[VersionRow, Draft]:
        """A version of a case's draft with when and how it came about; NotThere where there is none."""
        found = self.records.version(user, case_id, number)
        return _row(found), found.draft

    def compare_versions(self, user: str, case_id: str, older: int, newer: int) -> Compared:
        """What changed from one version to another, issue by issue."""
        a, b = self.records.version(user, case_id, older), self.records.version(user, case_id, newer)
        pairs = zip_longest(a.draft.issues, b.draft.issues)
        issues = tuple(_compared(old, new) for old, new in pairs)
        return Compared(_row(a), _row(b), issues)

    def restore_version(self, user: str, case_id: str, number: int) -> CaseView:
        """Bring an earlier version back as a new one; nothing between is lost.

        An outcome that was set since, and is not that version's, is taken back: it would stand for other words.
        """
        view = self.case(user, case_id)
        if not 1 <= number < view.version:
            raise NotThere("There is no earlier version of that number.")
        earlier = self.records.version(user, case_id, number).draft
        self._save(user, view, earlier, "restored_version", detail={"version": number})
        for place, issue in enumerate(earlier.issues):
            was = view.decided.get(place)
            if was and was.outcome is not issue.outcome:
                self.records.record_act(user, "outcome_set", case_id, place, {"outcome": None})
        return self.case(user, case_id)

    def preview(self, user: str, case_id: str, *, with_evidence: bool | None = None) -> WrittenOut:
        """The determination as it would be exported; open slots stand in square brackets. NotThere before a draft."""
        view = self.case(user, case_id)
        if view.draft is None:
            raise NotThere("This case has no draft to look at yet.")
        return written_out(view.draft, view.decided, with_evidence=with_evidence, unfinished=True)


def _row(version: VersionRecord) -> VersionRow:
    return VersionRow(version.number, version.at, version.cause)


def _compared(old: IssueDraft | None, new: IssueDraft | None) -> tuple[str, tuple[Difference, ...]]:
    named = new or old
    assert named is not None  # noqa: S101 - zip_longest gives one of the two
    empty = replace(named, sentences=())
    return named.service.text, differences(old or empty, new or empty)
