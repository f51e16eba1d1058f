"""The acts on the audit log and on sign-offs: read, verify, export; sign a version off, see what it rested on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.domain import Passage
from assistant.errors import NotReadyForExport, NotThere, WrongInput
from assistant.records import Act, Anchor, AuditFormat, AuditWanted, Entry, Verified
from assistant.records.audit import acting
from assistant.records.audit_chain import START, Fault, read_back, verified, written
from assistant.records.rested import Rested, Sources, issues_now
from assistant.service.opened import OpenFolder
from assistant.views import CaseView, Exported

_MEDIA = {AuditFormat.JSONL: "application/x-ndjson", AuditFormat.CSV: "text/csv; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of the audit log, the newest first: of how many entries that fit, and the accounts that the log names."""

    entries: tuple[Entry, ...]
    total: int
    accounts: tuple[str, ...]
    checked: tuple[Verified, datetime] | None  # the last check of this run of the program


def _is_own(entries: Sequence[Entry]) -> bool:
    """Whether the last entry is that of the export itself: it says where the export begins, and its length."""
    try:
        told = json.loads(entries[-1].detail)
    except ValueError:
        return False
    says = isinstance(told, dict) and (told.get("first"), told.get("count")) == (entries[0].number, len(entries))
    return says and entries[-1].act == Act.AUDIT_EXPORTED


class AuditActs(OpenFolder):
    """What is done with the record of who did what."""

    _checked: tuple[Verified, datetime] | None = None

    def audit_entries(
        self,
        user: str,
        wanted: AuditWanted | None = None,
        *,
        case_id: str = "",
        content: bytes | None = None,
        offset: int = 0,
        limit: int = 50,
    ) -> AuditPage:
        """Entries of the audit log; `case_id` and `content` narrow them to a case and to a file that was exported."""
        wanted = wanted or AuditWanted()
        if wanted.act and wanted.act not in set(Act):
            raise WrongInput(f"“{wanted.act[:40]}” is no act of the audit log; docs/audit.md lists them.")
        log = self.audit_log
        wanted = replace(wanted, case=log.keyed(case_id) if case_id else wanted.case)
        wanted = replace(wanted, content=log.keyed(content) if content is not None else wanted.content)
        found = log.entries(wanted, offset=offset, limit=limit)
        return AuditPage(found, log.count(wanted), log.accounts(), self._checked)

    def verify_audit(self, user: str, anchors: Sequence[Anchor] = ()) -> Verified:
        """Check the whole log against its hashes, its head and `anchors` taken before, up to the first fault."""
        found = self.audit_log.verify(anchors)
        self._checked = (found, self._now())
        return found

    def audit_anchor(self) -> Anchor:
        """Where the log ends now, to be kept elsewhere: a log that is rewritten later does not fit it."""
        return self.audit_log.head()

    def export_audit(self, user: str, form: AuditFormat, *, first: int = 1) -> Exported:
        """The log from entry `first` on as a file that can be verified alone; the export is its own last entry."""
        log = self.audit_log
        last = log.head().number
        if not 1 <= first <= last + 1:
            raise WrongInput(f"The audit log has the entries 1 to {last}; choose one of them to begin with.")
        own = log.record(Act.AUDIT_EXPORTED, acting() or user, format=form.value, first=first, count=last - first + 2)
        entries = [entry for entry in log.since(first) if entry.number <= own.number]
        return Exported(f"audit-{first}-{own.number}.{form}", _MEDIA[form], written(entries, form))

    @staticmethod
    def check_audit_export(content: bytes, anchors: Sequence[Anchor] = ()) -> Verified:
        """Check an export alone; it must be in order from its first entry on and end with the entry of an export."""
        entries = read_back(content)
        if not entries:
            return Verified(0, Anchor(0, START), Fault(1, "the file holds no entry."))
        found = verified(entries, after=Anchor(entries[0].number - 1, entries[0].previous), anchors=anchors)
        if found.fault is None and (entries[0].number == 1) != (entries[0].previous == START):
            return replace(found, fault=Fault(entries[0].number, "its first entry is not the first of a log."))
        if found.fault is None and not _is_own(entries):
            next_ = entries[-1].number + 1
            return replace(found, fault=Fault(next_, f"entry {next_} is missing; an export ends with its own entry."))
        return found

    # --- what a decision rested on ------------------------------------------------------------------------------

    def sign_off(self, user: str, case_id: str) -> int:
        """Sign the newest version off; its number. NotReadyForExport while an outcome or a slot is open."""
        view: CaseView = self.case(user, case_id)  # type: ignore[attr-defined]
        if view.draft is None:
            raise NotThere("This case has no draft to sign off yet.")
        if set(view.decided) != set(range(len(view.draft.issues))):
            raise NotReadyForExport("Set the outcome of every disputed service before the decision is signed off.")
        if any(issue.open_slots for issue in view.draft.issues):
            raise NotReadyForExport("Fill or remove the open slots before the decision is signed off.")
        self._sign_offs.add(user, case_id, view.version)
        return view.version

    def signed_off(self, user: str, case_id: str) -> tuple[int, ...]:
        """The versions that were signed off, the newest first; an export of a decided version signs it off."""
        return self._sign_offs.versions(user, case_id)

    def reproduce(self, user: str, case_id: str, version: int | None = None) -> Rested:
        """What each sentence of a signed-off version (None: the newest) rested on, and what has changed since.

        The case, the kept version and the library's own copy of each passage's version are compared byte for byte.
        """
        number, at, account, record, draft = self._sign_offs.of(user, case_id, version)
        text = self.records.case(user, case_id).text
        sources = Sources(text, self._passage_or_none, self.library.offers)
        issues, changes = issues_now(record, draft, sources)
        return Rested(
            number,
            at.isoformat(),
            account,
            record["program"],
            record["model"],
            tuple(record["prompts"]),
            issues,
            changes,
        )

    def _passage_or_none(self, passage_id: str) -> Passage | None:
        try:
            return self.library.passage(passage_id)
        except NotThere:
            return None

    def note_printed(self, user: str, case_id: str) -> None:
        """The letter of a case was sent to the printer, as the page tells; NotThere for a case that is not theirs."""
        self.records.case(user, case_id)
