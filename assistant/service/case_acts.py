"""The acts on a reviewer's cases: keep, list, change, put away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.corpus import load_sample_cases
from assistant.domain import Outcome
from assistant.reading.files import read_file
from assistant.service.opened import OpenFolder
from assistant.views import CaseRow, CaseView, Decided, Sample

if TYPE_CHECKING:
    from assistant.records import CaseRecord


class CaseActs(OpenFolder):
    """What is done with a case's text and particulars."""

    def samples(self) -> tuple[Sample, ...]:
        """The sample case summaries that ship with the program, each with its date of review; CorpusError if broken."""
        return tuple(Sample(c.name, c.title, c.text, c.day) for c in load_sample_cases(self.settings.corpus_dir))

    def text_of_upload(self, path: Path) -> str:
        """The text of an uploaded case file."""
        return read_file(path).text

    def create_case(
        self, user: str, text: str, *, title: str = "", day: date | None = None, services: tuple[str, ...] = ()
    ) -> CaseView:
        """Keep a case; UnreadableCase when the text is empty, binary or too large."""
        case = self._drafter.read(text)
        named = services or tuple(service.text for service in case.services)
        record = self.records.create_case(
            user, title=title.strip() or _title(named), text=text, day=day or case.decision_date, services=services
        )
        return self.case(user, record.id)

    def cases(self, user: str, words: str = "") -> tuple[CaseRow, ...]:
        """The user's cases, the newest first."""
        return tuple(self._row(user, record) for record in self.records.cases(user, words))

    def _row(self, user: str, record: CaseRecord) -> CaseRow:
        view = self.case(user, record.id)
        services = "; ".join(issue.service.text for issue in view.draft.issues) if view.draft else ""
        return CaseRow(record.id, record.title, services, _state(view), view.saved_at, record.day)

    def case(self, user: str, case_id: str) -> CaseView:
        """A case with the newest version of its draft."""
        record = self.records.case(user, case_id)
        newest = self.records.latest(user, case_id)
        acts = self.records.acts(user, case_id)
        decided: dict[int, Decided] = {}
        for act in acts:
            if act.kind == "outcome_set" and act.issue is not None:
                decided.pop(act.issue, None)
                if act.detail.get("outcome"):
                    decided[act.issue] = Decided(Outcome(act.detail["outcome"]), user, act.at)
            elif act.kind == "services_changed":
                decided.clear()
        return CaseView(
            id=record.id,
            title=record.title,
            text=record.text,
            day=record.day,
            services=record.services,
            draft=newest.draft if newest else None,
            version=newest.number if newest else 0,
            saved_at=newest.at if newest else record.updated,
            decided=decided,
            exported=any(act.kind == "exported" for act in acts),
        )

    def change_case(
        self,
        user: str,
        case_id: str,
        *,
        title: str | None = None,
        day: date | None = None,
        services: tuple[str, ...] | None = None,
    ) -> CaseView:
        """Change a case's title, date of review or list of services; a changed list asks for every outcome anew."""
        self.records.change_case(user, case_id, title=title, day=day, services=services)
        if services is not None:
            self.records.record_act(user, "services_changed", case_id, None, {"count": len(services)})
        return self.case(user, case_id)

    def delete_case(self, user: str, case_id: str) -> None:
        """Put a case away; `restore_case` brings it back."""
        self.records.delete_case(user, case_id)

    def restore_case(self, user: str, case_id: str) -> CaseView:
        """Bring back a case that was deleted."""
        self.records.restore_case(user, case_id)
        return self.case(user, case_id)


def _title(services: Sequence[str]) -> str:
    """A case's title: its first service, and how many more there are; nothing of the person."""
    if not services:
        return "Untitled case"
    first = re.sub(r"\s+", " ", services[0]).strip().rstrip(".")
    short = first if len(first) <= 60 else first[:57].rstrip() + "..."
    more = len(services) - 1
    return short[:1].upper() + short[1:] + (f" and {more} more" if more else "")


def _state(view: CaseView) -> str:
    if view.draft is None:
        return "new"
    if view.exported:
        return "exported"
    return "decided" if len(view.decided) == len(view.draft.issues) else "drafting"
