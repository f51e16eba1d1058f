"""The acts on a reviewer's cases: keep, list, change, put away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.corpus import load_sample_cases
from assistant.deadlines import Priority
from assistant.domain import Outcome
from assistant.errors import WrongInput
from assistant.reading.files import read_file
from assistant.records import Listed
from assistant.service.case_lists import due_by, due_sentences, narrowed, row_of
from assistant.service.opened import OpenFolder
from assistant.views import CaseRow, CasesFound, CasesWanted, CaseView, Decided, Sample, Uploaded

if TYPE_CHECKING:
    from assistant.records import ActRecord, UnsentEntry


class CaseActs(OpenFolder):
    """What is done with a case's text and particulars."""

    def samples(self) -> tuple[Sample, ...]:
        """The sample case summaries that ship with the program, each with its date of review; CorpusError if broken."""
        return tuple(Sample(c.name, c.title, c.text, c.day) for c in load_sample_cases(self.settings.corpus_dir))

    def text_of_upload(self, path: Path) -> str:
        """The text of an uploaded case file."""
        return self.read_upload(path).text

    def read_upload(self, path: Path) -> Uploaded:
        """The text of a case file with its number of pages and what is missing of it; raises UnreadableFile."""
        read = read_file(path)
        return Uploaded(read.text, len(read.page_starts), read.warnings)

    def create_case(
        self,
        user: str,
        text: str,
        *,
        title: str = "",
        day: date | None = None,
        services: tuple[str, ...] = (),
        received: date | None = None,
        priority: Priority | None = None,
    ) -> CaseView:
        """Keep a case; UnreadableCase when the text is empty, binary or too large.

        `received` and `priority` are of the request for review, and give the due date.
        """
        self._check_received(received)
        case = self._drafter.read(text)
        named = services or tuple(service.text for service in case.services)
        kinds = () if services else tuple(dict.fromkeys(s.kind for s in case.services if s.kind))
        record = self.records.create_case(
            user,
            title=title.strip() or _title(named),
            text=text,
            day=day or case.decision_date,
            services=services,
            received=received,
            priority=priority,
            listed=Listed(named, kinds),
        )
        return self.case(user, record.id)

    def _check_received(self, received: date | None) -> None:
        if received is not None and received > self._today():
            raise WrongInput("The day of receipt lies in the future; correct it, or leave it empty.")

    def when_due(self, received: date, priority: Priority | None) -> str:
        """When the determination of a request is due, by which rule, and who may change it, in sentences."""
        self._check_received(received)
        return due_sentences(received, priority, self._today())

    def cases(self, user: str, words: str = "") -> tuple[CaseRow, ...]:
        """The user's cases, the last changed first."""
        today = self._today()
        return tuple(row_of(listed, today) for listed in self._lists.all(user, words))

    def list_cases(self, user: str, wanted: CasesWanted, *, offset: int = 0, limit: int | None = None) -> CasesFound:
        """A page of the user's cases that fit, with how many are in each state and of each service kind."""
        rows = self.cases(user, wanted.words)
        kinds = self.library.taxonomy.kinds
        labels = {kind: kinds[kind].display for row in rows for kind in row.kinds if kind in kinds}
        return narrowed(rows, wanted, labels, self._lists.count(user), offset=offset, limit=limit)

    def case(self, user: str, case_id: str) -> CaseView:
        """A case with the newest version of its draft."""
        opened = self.records.opened(user, case_id)
        record, newest, acts = opened.case, opened.newest, opened.acts
        due, left = due_by(record.received, record.priority, self._today())
        return CaseView(
            id=record.id,
            title=record.title,
            text=record.text,
            day=record.day,
            services=record.services,
            draft=newest.draft if newest else None,
            version=newest.number if newest else 0,
            saved_at=newest.at if newest else record.updated,
            decided=_decided(acts),
            exported=any(act.kind == "exported" for act in acts),
            pins=_pinned(acts),
            received=record.received,
            priority=record.priority,
            due=due,
            days_left=left,
            owner="" if opened.owner == user else opened.owner,
            may=opened.may.value,
        )

    def change_case(
        self,
        user: str,
        case_id: str,
        *,
        title: str | None = None,
        day: date | None = None,
        services: tuple[str, ...] | None = None,
        received: date | None = None,
        priority: Priority | None = None,
    ) -> CaseView:
        """Change what is given, and leave what is None; a changed list of services asks for every outcome anew.

        `change_receipt` also takes away when the request was received and its priority.
        """
        if received is not None or priority is not None:
            record = self.records.case(user, case_id)
            self.change_receipt(user, case_id, received or record.received, priority or record.priority)
        self.records.change_case(user, case_id, title=title, day=day, services=services)
        if services is not None:
            self.records.record_act(user, "services_changed", case_id, None, {"count": len(services)})
        return self.case(user, case_id)

    def change_receipt(self, user: str, case_id: str, received: date | None, priority: Priority | None) -> CaseView:
        """Set when the request for review was received and its priority, each as given; None takes it away."""
        self._check_received(received)
        self.records.change_receipt(user, case_id, received, priority)
        return self.case(user, case_id)

    def delete_case(self, user: str, case_id: str) -> None:
        """Put a case away; `restore_case` brings it back."""
        self.records.delete_case(user, case_id)

    def restore_case(self, user: str, case_id: str) -> CaseView:
        """Bring back a case that was deleted."""
        self.records.restore_case(user, case_id)
        return self.case(user, case_id)

    def delete_cases(self, user: str, case_ids: Iterable[str]) -> None:
        """Put several cases away, all or none; `restore_cases` brings them back."""
        self.records.delete_cases(user, case_ids)

    def restore_cases(self, user: str, case_ids: Iterable[str]) -> None:
        """Bring back cases that were deleted, all or none."""
        self.records.restore_cases(user, case_ids)

    def unsent_case(self, user: str) -> UnsentEntry | None:
        """What the user has entered of a case and not sent."""
        return self._unsent.of(user)

    def keep_unsent(self, user: str, fields: Mapping[str, str], base: int | None) -> UnsentEntry:
        """Keep what stands in the form of a new case, made from version `base` (None: of any).

        Raises EnteredElsewhere when another tab has kept something else since.
        """
        return self._unsent.keep(user, fields, base)

    def forget_unsent(self, user: str) -> None:
        """Remove what was entered and not sent, for good."""
        self._unsent.forget(user)


def _pinned(acts: Sequence[ActRecord]) -> dict[int, str]:
    """The passages that are pinned, by the position of their issue."""
    pins: dict[int, str] = {}
    for act in acts:
        if act.kind == "services_changed":
            pins.clear()
        elif act.kind == "pinned" and act.issue is not None:
            pins.pop(act.issue, None)
            if act.detail.get("passage"):
                pins[act.issue] = act.detail["passage"]
    return pins


def _decided(acts: Iterable[ActRecord]) -> dict[int, Decided]:
    """The outcomes that the reviewer set, by issue, as the acts leave them."""
    decided: dict[int, Decided] = {}
    for act in acts:
        if act.kind == "outcome_set" and act.issue is not None:
            decided.pop(act.issue, None)
            if act.detail.get("outcome"):
                decided[act.issue] = Decided(Outcome(act.detail["outcome"]), act.by, act.at)
        elif act.kind == "services_changed":
            decided.clear()
    return decided


def _title(services: Sequence[str]) -> str:
    """A case's title: its first service, and how many more there are; nothing of the person."""
    if not services:
        return "Untitled case"
    first = re.sub(r"\s+", " ", services[0]).strip().rstrip(".")
    short = first if len(first) <= 60 else first[:57].rstrip() + "..."
    more = len(services) - 1
    return short[:1].upper() + short[1:] + (f" and {more} more" if more else "")
