"""The one façade: every act of a user, called by the command line, the page and the tests."""

from __future__ import annotations

import hmac
import re
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from assistant.case_tools import CaseTools
from assistant.chat.context import ChatContext
from assistant.chat.terms import Terms, load_terms
from assistant.chat.turn import respond
from assistant.corpus import load_sample_cases
from assistant.database import open_database
from assistant.deidentifying import deidentifier
from assistant.domain import Determination, Draft, Outcome, OutcomeFrom, Passage, Sentence
from assistant.drafting.chain import Drafter, DraftRequest
from assistant.drafting.editing import apply_edit
from assistant.drafting.export import MEDIA, Format, export
from assistant.drafting.morphine import load_equivalents
from assistant.errors import AssistantError, NotThere, WrongInput
from assistant.library.choices import Choices, choices_named
from assistant.library.found import Found, Query
from assistant.library.guideline_importing import (
    NOTHING_GIVEN,
    GuidelineImported,
    GuidelineImporter,
    GuidelinePreview,
)
from assistant.library.library import Library, open_library
from assistant.library.sort import Sort
from assistant.reading.files import read_file
from assistant.reading.guideline_metadata import Metadata
from assistant.reading.lexicon import load_lexicon
from assistant.records import Records, SavedSearch, SavedSearches
from assistant.views import CaseRow, CaseView, Decided, Exported, Sample, Turn, VersionRow

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from assistant.evaluation.run import Plan
    from assistant.library.import_log import StoredImport
    from assistant.library.importing import ImportReport, Progress
    from assistant.library.letters import KeptRow, OpenedLetter
    from assistant.privacy import Deidentified, Deidentifier
    from assistant.records import CaseRecord
    from assistant.settings import Settings


def _now() -> datetime:
    return datetime.now(UTC)


def _today() -> date:
    return datetime.now().astimezone().date()


class Service:
    """Everything a user can do, over one data folder.

    Methods that take a `user` act on that user's cases only and raise NotThere for anybody else's.
    Every problem that a user can mend is an AssistantError whose text is one sentence.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        library: Library,
        *,
        now: Callable[[], datetime] = _now,
        today: Callable[[], date] = _today,
    ) -> None:
        self.settings = settings
        self.library = library
        self._engine = engine
        self._today = today
        self.records = Records(engine, now=now)
        self._saved = SavedSearches(engine, now=now)
        self._secret = secrets.token_bytes(32)

    @classmethod
    def open(cls, settings: Settings, *, progress: Progress | None = None) -> Self:
        """Open the data folder, building the starter library when it is not there yet."""
        engine = open_database(settings.data_dir)
        return cls(settings, engine, open_library(settings, engine, progress=progress))

    def warm_up(self) -> threading.Thread:
        """Load the models in the background; a process should wait for it before it ends, or loading aborts it."""
        return self.library.warm_up()

    def close(self) -> None:
        """Let go of the vector index and the database."""
        self.library.close()
        self._engine.dispose()

    @cached_property
    def _drafter(self) -> Drafter:
        folder = self.settings.corpus_dir
        lexicon, equivalents = load_lexicon(folder), load_equivalents(folder)
        return Drafter(self.library, lexicon, self.library.taxonomy, today=self._today, equivalents=equivalents)

    @cached_property
    def _terms(self) -> Terms:
        return load_terms(self.settings.corpus_dir)

    # --- drafting without a record ---------------------------------------------------------------------------

    def draft_text(
        self,
        text: str,
        *,
        services: tuple[str, ...] = (),
        day: date | None = None,
        outcome: Outcome | None = None,
        case_id: str = "case",
        on_step: Callable[[str], None] | None = None,
    ) -> Draft:
        """Draft a case summary and keep nothing of it; `took_ms` counts from when the models are loaded."""
        self.library.ready()
        return self._drafter.draft(DraftRequest(case_id, text, services, day, outcome), on_step)

    # --- the library -----------------------------------------------------------------------------------------

    def import_paths(
        self,
        paths: Sequence[Path],
        *,
        progress: Progress | None = None,
        stop: Callable[[], bool] = lambda: False,
        upload: str | None = None,
    ) -> ImportReport:
        """Import letters and guideline files, or folders and archives of them; the same file twice changes nothing."""
        return self.library.import_paths(paths, progress, stop=stop, upload=upload)

    def imports(self) -> tuple[StoredImport, ...]:
        """The imports so far, the newest first, without their notes."""
        return self.library.imports.imports()

    def import_report(self, number: int) -> StoredImport:
        """One import with all that was said of its documents."""
        return self.library.imports.report(number)

    def letters_not_whole(self) -> tuple[tuple[KeptRow, ...], int]:
        """The letters that were not read whole, and how many there are; the list may be shorter."""
        return self.library.letters.not_whole()

    def letter(self, which: str | int) -> OpenedLetter:
        """A letter by its number in the list, its case number or one of its decisions, with its versions and text."""
        return self.library.letters.open(which)

    def preview_guideline(self, path: Path, metadata: Metadata = NOTHING_GIVEN) -> GuidelinePreview:
        """A guideline's plain text (PDF, DOCX, HTML, MD, TXT) as it would be imported: what it would be cited by, with
        the origin of each guess, and the report of what was read. Nothing is stored."""
        return self._guideline_importer.preview(path, metadata)

    def import_guideline(
        self,
        path: Path,
        metadata: Metadata = NOTHING_GIVEN,
        *,
        content_hash: str | None = None,
        replacing: bool = False,
        progress: Progress | None = None,
    ) -> GuidelineImported:
        """Import a guideline's plain text; what `metadata` leaves open is guessed as in the preview.

        `content_hash` is that of the preview agreed to: another file is refused. `replacing` puts the text in the place
        of all that was imported under its label before.
        """
        return self._guideline_importer.add(
            path, metadata, content_hash=content_hash, replacing=replacing, progress=progress
        )

    @property
    def _guideline_importer(self) -> GuidelineImporter:
        return self.library.guideline_importer(self._drafter.lexicon, self.settings.user)

    def search(self, query: Query) -> Found:
        """Past decisions by words and meaning."""
        return self.library.search(query)

    def search_decisions(
        self,
        words: str,
        *,
        outcome: Outcome | None = None,
        service: str | None = None,
        choices: Choices | None = None,
        limit: int = 10,
        offset: int = 0,
        sort: Sort = Sort.RELEVANCE,
        like: str | None = None,
        exact: bool = False,
        facets: bool = False,
    ) -> Found:
        """Past decisions by words, or `like` another; `outcome` and `service` are choices that need no `choices`.

        Raises WrongInput where a choice names nothing that the library holds.
        """
        chosen = choices or Choices()
        chosen = replace(chosen, outcome=outcome or chosen.outcome, service=service or chosen.service)
        where = self.library.filter_of(chosen)
        return self.library.search(Query(words, where, limit, offset, sort, like, exact, facets))

    def choices_named(self, words: str) -> Choices:
        """What words narrow a search by of themselves: the service that they name, and its place."""
        return choices_named(words, self.library.taxonomy)

    def saved_searches(self, user: str) -> tuple[SavedSearch, ...]:
        """The user's saved searches, by name."""
        return self._saved.all(user)

    def saved_search(self, user: str, name: str) -> SavedSearch:
        """The user's saved search of a name; raises NotThere."""
        return self._saved.named(user, name)

    def save_search(self, user: str, name: str, words: str, choices: Choices) -> SavedSearch:
        """Keep a search under a name, in the place of an earlier one; WrongInput where it would find nothing ever."""
        if not name.strip():
            raise WrongInput("A saved search needs a name.")
        if not words.strip() and choices == Choices():
            raise WrongInput("There is nothing to save; search for words or choose a filter first.")
        self.library.filter_of(choices)
        return self._saved.save(user, name, words, choices.as_mapping())

    def delete_search(self, user: str, name: str) -> None:
        """Forget a saved search; raises NotThere."""
        self._saved.delete(user, name)

    def decision(self, decision_id: str) -> tuple[Determination, int]:
        """The whole letter of a decision, and which of its decisions it is (from 0)."""
        return self.library.determination_of(decision_id)

    def passage(self, passage_id: str) -> Passage:
        """A guideline passage by its id, also of an earlier version that an old draft cites."""
        return self.library.passage(passage_id)

    def guidelines(self) -> tuple[Passage, ...]:
        """All passages of the library as it stands now."""
        return self.library.passages()

    def ask(self, user: str, case_id: str, question: str) -> tuple[tuple[Passage, float], ...]:
        """The passages in force on a case's day of review that answer a question, each with its score."""
        view = self.case(user, case_id)
        day = view.draft.date_of_review if view.draft else view.day or self._today()
        return self.library.ask(question, day)

    def real_letters(self) -> int:
        """How many real letters were imported; illustrative ones do not count."""
        return self.library.count_real()

    @staticmethod
    def reindex(settings: Settings, *, progress: Progress | None = None) -> str:
        """Rebuild the derived indexes; returns a sentence that says what was done."""
        engine = open_database(settings.data_dir)
        try:
            return open_library(settings, engine, progress=progress, reindex=True).reindexed
        finally:
            engine.dispose()

    def evaluate(self, plan: Plan, *, progress: Progress | None = None) -> dict[str, Any]:
        """Measure the program against letters read by hand, in a library of its own; the user's is not changed."""
        from assistant.evaluation.run import evaluate
        from assistant.library.scratch import scratch_library

        with scratch_library(self.settings, self._engine, self.library.embedder, progress) as library:
            return evaluate(library, self._drafter.lexicon, plan, self._drafter.over)

    # --- what leaves the machine -----------------------------------------------------------------------------

    def deidentifier(self, case_id: str) -> Deidentifier:
        """A case's de-identifier; how far its dates move is drawn anew each time that the program starts."""
        return deidentifier(self.settings, hmac.digest(self._secret, case_id.encode(), "sha256"))

    def deidentified(self, text: str) -> Deidentified:
        """A text as it would leave the machine, with each replacement; nothing is kept of it."""
        return self.deidentifier(text).hide(text)

    # --- cases of a reviewer ---------------------------------------------------------------------------------

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

    # --- a case's draft --------------------------------------------------------------------------------------

    def draft_case(self, user: str, case_id: str, on_step: Callable[[str], None] | None = None) -> CaseView:
        """Draft all services anew as a new version; outcomes that the reviewer set stay set."""
        view = self.case(user, case_id)
        draft = self.draft_text(view.text, services=view.services, day=view.day, case_id=case_id, on_step=on_step)
        for issue, decided in view.decided.items():
            if issue < len(draft.issues):
                draft = self._with_outcome(draft, view, issue, decided.outcome)
        self._save(user, view, draft, "drafted")
        return self.case(user, case_id)

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
        fresh = self.draft_text(view.text, services=(old.service.text,), day=view.day, outcome=outcome, case_id=view.id)
        new = replace(fresh.issues[0], service=old.service)
        own = tuple(s for s in old.sentences if s.own)
        if own:
            new = replace(new, sentences=(*new.sentences[:-1], *own, *new.sentences[-1:]))
        return self._replaced(draft, issue, new, fresh.passages)

    def edit(self, user: str, case_id: str, issue: int, text: str, base: int) -> CaseView:
        """Save the rationale as the reviewer typed it, each sentence checked; Conflict when `base` is stale."""
        view, draft = self._drafted(user, case_id, issue)
        edited = apply_edit(draft.issues[issue], text, view.text, draft.passages)
        if edited == draft.issues[issue] and base == view.version:
            return view
        self._save(user, view, self._replaced(draft, issue, edited), "edited", issue, base=base)
        return self.case(user, case_id)

    def verify_text(self, user: str, case_id: str, issue: int, text: str) -> tuple[Sentence, ...]:
        """The sentences of a text being typed with their verdicts; nothing is stored."""
        view, draft = self._drafted(user, case_id, issue)
        return apply_edit(draft.issues[issue], text, view.text, draft.passages).sentences

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
        self.records.record_act(user, "exported", case_id, None, {"format": form.value, "version": view.version})
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

    # --- the chat --------------------------------------------------------------------------------------------

    def chat(self, user: str, case_id: str, message: str) -> Iterator[Turn]:
        """Answer a message about a case. The message and the answer are kept; a plain imperative takes effect.

        Yields the answer as it grows; the last turn is `done`.
        """
        if not message.strip():
            raise AssistantError("The message is empty; ask, or say what to change.")
        said = tuple(turn.text for turn in self.records.turns(user, case_id) if turn.role == "reviewer")
        view = self.case(user, case_id)
        self.records.add_turn(user, case_id, "reviewer", message, None)
        growing = self.records.add_turn(user, case_id, "assistant", "", None, done=False)
        context = ChatContext(view.draft, self._terms, said=said)
        answer = respond(message, context, CaseTools(self, user, case_id))
        blocks = [dict(block.as_mapping()) for block in answer.blocks]
        blocks += [{"kind": "link", "text": link.say, "label": link.label} for link in answer.links]
        data = {"blocks": blocks, "changed": answer.changed}
        self.records.grow_turn(user, growing.id, answer.text, data, done=True)
        self.records.record_act(user, "chat", case_id, None, {"changed": answer.changed})
        yield Turn("assistant", answer.text, tuple(blocks), done=True, changed=answer.changed)

    def turns(self, user: str, case_id: str) -> tuple[Turn, ...]:
        """The chat of a case, in its order."""
        return tuple(
            Turn(turn.role, turn.text, tuple((turn.data or {}).get("blocks", ())), turn.done)
            for turn in self.records.turns(user, case_id)
        )

    def keep_sentences(self, user: str, case_id: str, issue: int, positions: Sequence[int]) -> CaseView:
        """Leave an issue only those of its sentences, in their order."""
        view, draft = self._drafted(user, case_id, issue)
        kept = tuple(s for place, s in enumerate(draft.issues[issue].sentences) if place in set(positions))
        changed = self._replaced(draft, issue, replace(draft.issues[issue], sentences=kept))
        self._save(user, view, changed, "shortened", issue)
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
