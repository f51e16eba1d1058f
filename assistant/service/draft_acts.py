"""The acts on a case's draft: each one that changes it is a new version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from threading import Event
from typing import Any

from assistant.domain import Draft, IssueDraft, ModelUse, Outcome, OutcomeFrom, Passage, Sentence
from assistant.drafting.assisted.help import Help
from assistant.drafting.chain import DraftRequest
from assistant.drafting.editing import apply_edit
from assistant.drafting.export import MEDIA, Format, export
from assistant.drafting.revising import with_own_of
from assistant.drafting.verification import verify_issue
from assistant.errors import AssistantError, NotThere, WrongInput
from assistant.metrics import measured
from assistant.records.rested import used_by
from assistant.service.case_acts import CaseActs
from assistant.views import CaseView, Exported, VersionRow

_POINTING = 0.4  # of the chat model's time for a draft, after which it looks for no further words of the case


class DraftActs(CaseActs):
    """What is done with a draft, by the program and by the reviewer."""

    @measured("draft")
    def draft_text(
        self,
        text: str,
        *,
        services: tuple[str, ...] = (),
        day: date | None = None,
        outcome: Outcome | None = None,
        case_id: str = "case",
        on_step: Callable[[str], None] | None = None,
        model: bool = True,
        cancelled: Event | None = None,
        pins: Mapping[str, str] | None = None,
    ) -> Draft:
        """Draft a case summary and keep nothing of it; `took_ms` counts from when the models are loaded.

        `model`: with the chat model's help, where one is set; `cancelled` ends that help at once, not the draft.
        `pins` are the ids of passages that the draft is to rest on, by the text of their service.
        """
        self.library.ready()
        request = DraftRequest(case_id, text, services, day, outcome, pins=pins or {})
        if not (model and self.models.drafts):
            return self._drafter.draft(request, on_step)
        try:
            session = self._session(case_id, cancelled=cancelled)
        except AssistantError as error:
            # A wrong setting costs the reviewer a notice, not the draft.
            draft = self._drafter.draft(request, on_step)
            return replace(draft, model=ModelUse(self.models.name, notice=str(error)))
        manner = self.models.settings
        pointing = manner.chat_draft_seconds * _POINTING
        help_ = Help(session, self.models.helps, manner.tone, manner.length, pointing) if session else None
        return self._drafter.draft(replace(request, help=help_), on_step)

    def draft_case(
        self,
        user: str,
        case_id: str,
        on_step: Callable[[str], None] | None = None,
        *,
        model: bool = True,
        cancelled: Event | None = None,
    ) -> CaseView:
        """Draft all services anew as a new version; outcomes that the reviewer set stay set."""
        view = self.case(user, case_id)
        draft = self.draft_text(
            view.text,
            services=view.services,
            day=view.day,
            case_id=case_id,
            on_step=on_step,
            model=model,
            cancelled=cancelled,
            pins=_pins(view),
        )
        for issue, decided in view.decided.items():
            if issue < len(draft.issues):
                draft = self._with_outcome(draft, view, issue, decided.outcome)
        draft = self._with_own(draft, view.draft) if view.draft else draft
        self._save(user, view, draft, "drafted")
        return self.case(user, case_id)

    def _with_own(self, draft: Draft, old: Draft) -> Draft:
        """A new draft with the reviewer's own sentences of the old one, where an issue's request is the same; each is
        checked against what the new draft rests on."""
        before = {issue.service.text: issue for issue in old.issues}
        for place, issue in enumerate(draft.issues):
            kept = with_own_of(issue, before[issue.service.text]) if issue.service.text in before else issue
            if kept != issue:
                draft = self._replaced(draft, place, verify_issue(kept, draft.case.text, draft.passages))
        return draft

    def set_outcome(self, user: str, case_id: str, issue: int, outcome: Outcome | None) -> CaseView:
        """The reviewer's own act: the issue is worded for that outcome, own sentences stay. None takes it back."""
        view, draft = self._drafted(user, case_id, issue)
        changed = self._with_outcome(draft, view, issue, outcome)
        detail = {"outcome": outcome.value if outcome else None, "version": view.version + 1}
        self._save(user, view, changed, "outcome_set", issue, detail)
        return self.case(user, case_id)

    def _with_outcome(self, draft: Draft, view: CaseView, issue: int, outcome: Outcome | None) -> Draft:
        old = draft.issues[issue]
        if outcome is not None and old.outcome is outcome:
            return self._replaced(draft, issue, replace(old, outcome_from=OutcomeFrom.REVIEWER))
        # Without the chat model: the switch is to be there at once, and drafting anew rewords it.
        fresh = self._fresh(view, old, outcome)
        new = replace(fresh.issues[0], service=old.service)
        own = tuple(s for s in old.sentences if s.own)
        if own:
            new = replace(new, sentences=(*new.sentences[:-1], *own, *new.sentences[-1:]))
        return self._replaced(draft, issue, new, fresh.passages)

    def _fresh(
        self, view: CaseView, issue: IssueDraft, outcome: Outcome | None, pins: Mapping[str, str] | None = None
    ) -> Draft:
        """One issue drafted anew for an outcome, by the program alone; `pins` in the place of the case's own."""
        return self.draft_text(
            view.text,
            services=(issue.service.text,),
            day=view.day,
            outcome=outcome,
            case_id=view.id,
            model=False,
            pins=_pins(view) if pins is None else pins,
        )

    @measured("edit")
    def edit(self, user: str, case_id: str, issue: int, text: str, base: int) -> CaseView:
        """Save the rationale as the reviewer typed it, each sentence checked.

        Raises Conflict when `base` is stale and the newest version holds other words.
        """
        view, draft = self._drafted(user, case_id, issue)
        edited = apply_edit(draft.issues[issue], text, view.text, draft.passages)
        if edited != draft.issues[issue]:
            self._save(user, view, self._replaced(draft, issue, edited), "edited", issue, base=base)
            view = self.case(user, case_id)
        self._typed.settle(user, case_id, issue, text, view.version)
        return view

    def verify_text(self, user: str, case_id: str, issue: int, text: str) -> tuple[Sentence, ...]:
        """The sentences of a text being typed with their verdicts; nothing is stored."""
        view, draft = self._drafted(user, case_id, issue)
        return apply_edit(draft.issues[issue], text, view.text, draft.passages).sentences

    def check_rationale(
        self,
        rationale: str,
        text: str,
        *,
        service: str | None = None,
        day: date | None = None,
        outcome: Outcome | None = None,
    ) -> Draft:
        """A rationale that was written elsewhere, held against the case and the guideline for the service.

        Its sentences are those of the one issue that is returned, each with its verdict. Without a service the case
        must word exactly one; without an outcome no conclusion is held against one. Nothing is kept.
        """
        draft = self.draft_text(text, services=(service,) if service else (), day=day, outcome=outcome, model=False)
        if len(draft.issues) != 1:
            raise WrongInput(f"The case words {len(draft.issues)} disputed services; say which one is meant.")
        issue = replace(draft.issues[0], outcome=outcome)
        return self._replaced(draft, 0, apply_edit(issue, rationale, text, draft.passages))

    def undo(self, user: str, case_id: str) -> CaseView:
        """Go back to the version before the newest, as a new version; outcomes set in between are taken back."""
        view = self.case(user, case_id)
        if view.version < 2:
            raise NotThere("There is no earlier version to go back to.")
        earlier = self.records.version(user, case_id, view.version - 1).draft
        newest = self.records.version(user, case_id, view.version)
        self._save(user, view, earlier, "undone")
        if newest.cause == "outcome_set":
            for number, issue in enumerate(earlier.issues):
                was = view.decided.get(number)
                if was and was.outcome is not issue.outcome:
                    self.records.record_act(user, "outcome_set", case_id, number, {"outcome": None})
        return self.case(user, case_id)

    def versions(self, user: str, case_id: str) -> tuple[VersionRow, ...]:
        """The versions of a case's draft, the newest first."""
        rows = self.records.versions(user, case_id)
        return tuple(VersionRow(row.number, row.at, row.cause) for row in rows)

    def export(self, user: str, case_id: str, form: Format, *, with_evidence: bool | None = None) -> Exported:
        """The determination as a file: an open slot stops it, an undecided issue marks every page of it DRAFT.

        `with_evidence` puts in the appendix of evidence; None: while it is a draft.
        """
        view = self.case(user, case_id)
        if view.draft is None:
            raise NotThere("This case has no draft to export yet.")
        content = export(view.draft, view.decided, form, with_evidence=with_evidence)
        if set(view.decided) == set(range(len(view.draft.issues))):  # a determination, no draft any more
            self._sign_offs.add(user, case_id, view.version)
        detail = {"format": form.value, "version": view.version}
        told = used_by(view.draft, view.version)
        self.records.record_act(user, "exported", case_id, None, detail, told=told, content=content)
        return Exported(f"determination-{case_id}.{form}", MEDIA[form], content)

    def _drafted(self, user: str, case_id: str, issue: int) -> tuple[CaseView, Draft]:
        view = self.case(user, case_id)
        if view.draft is None or not 0 <= issue < len(view.draft.issues):
            raise NotThere("This case has no draft of that issue.")
        return view, view.draft

    def _replaced(self, draft: Draft, issue: int, new: Any, passages: dict[str, Passage] | None = None) -> Draft:
        issues = (*draft.issues[:issue], new, *draft.issues[issue + 1 :])
        changed = replace(draft, issues=issues, passages={**draft.passages, **(passages or {})})
        return replace(changed, checks=self._drafter.check(changed))

    def _save(
        self,
        user: str,
        view: CaseView,
        draft: Draft,
        cause: str,
        issue: int | None = None,
        detail: Mapping[str, Any] | None = None,
        *,
        base: int | None = None,
    ) -> None:
        """A new version and the act that made it, in one transaction; Conflict when `base` is not the newest."""
        made_from = view.version if base is None else base
        self.records.save_version(user, view.id, draft, cause=cause, base=made_from, issue=issue, detail=detail or {})

    def keep_sentences(self, user: str, case_id: str, issue: int, positions: Sequence[int]) -> CaseView:
        """Leave an issue only those of its sentences, in their order."""
        view, draft = self._drafted(user, case_id, issue)
        kept = tuple(s for place, s in enumerate(draft.issues[issue].sentences) if place in set(positions))
        changed = self._replaced(draft, issue, replace(draft.issues[issue], sentences=kept))
        self._save(user, view, changed, "shortened", issue)
        return self.case(user, case_id)


def _pins(view: CaseView) -> dict[str, str]:
    """The passages that the reviewer pinned, by the text of the service."""
    issues = view.draft.issues if view.draft else ()
    return {issues[place].service.text: passage for place, passage in view.pins.items() if place < len(issues)}
