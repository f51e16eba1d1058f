"""A service without library or models: what it drafts is read from the text by a few patterns, and kept in memory.

It has the real one's methods and errors, so that the page can be driven in any order of acts.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from assistant import chat_export
from assistant.chat_export import ChatFormat
from assistant.corpus import Taxonomy
from assistant.deadlines import Priority
from assistant.domain import (
    Candidate,
    CaseSummary,
    Check,
    Confidence,
    Criterion,
    CriterionKind,
    Decision,
    Determination,
    DisputedService,
    Draft,
    Fact,
    Finding,
    InForce,
    IssueDraft,
    Lean,
    Move,
    Outcome,
    OutcomeFrom,
    Passage,
    PassageKind,
    Polarity,
    Sentence,
    SimilarDecision,
    Span,
    Status,
    Strength,
    Support,
    SupportKind,
    Verdict,
)
from assistant.drafting.determination import WrittenOut, written_out
from assistant.drafting.differences import differences
from assistant.drafting.export import MEDIA, Format
from assistant.errors import (
    AssistantError,
    Conflict,
    EnteredElsewhere,
    NotReadyForExport,
    NotThere,
    UnreadableCase,
    WrongInput,
)
from assistant.library.changes import Change, Changes
from assistant.library.choices import Choices
from assistant.library.comparing import Compared as ComparedDecision
from assistant.library.comparing import Comparison, Stated
from assistant.library.csv_list import CsvList, csv_pieces
from assistant.library.filters import FacetCount, FacetName, facts_of
from assistant.library.found import Correction, Found, FoundDecision, Loosened
from assistant.library.guideline_importing import NOTHING_GIVEN, GuidelineImported, GuidelinePreview
from assistant.library.held_editions import HeldEdition, WordFinder, held_editions
from assistant.library.import_log import ImportCounts, ImportState, StoredImport
from assistant.library.importing import Progress as Watched
from assistant.library.insights import Overview, overview
from assistant.library.letter_files import ONLY_TEXT, OriginalPages
from assistant.library.rows import Held
from assistant.library.sort import Sort
from assistant.reading.files import read_file
from assistant.reading.guideline_metadata import Metadata, guess_metadata
from assistant.reading.guideline_structure import read_guideline_file, report_on
from assistant.records.values import SavedSearch, UnsentEntry
from assistant.service.case_lists import due_by, due_sentences, narrowed
from assistant.service.guideline_acts import GuidelineActs
from assistant.service.model_acts import ModelActs
from assistant.settings import Settings
from assistant.views import (
    CaseRow,
    CasesFound,
    CasesWanted,
    CaseView,
    ChatHit,
    Compared,
    Decided,
    DeletedCase,
    Exported,
    Sample,
    Turn,
    Uploaded,
    VersionRow,
)

TODAY = date(2026, 3, 2)
KINDS = {"acupuncture": "Acupuncture", "mri": "MRI"}

ACUPUNCTURE = (
    "A 55-year-old male hurt his low back at work on 2/4/03. Diagnoses are lumbosacral spondylosis without myelopathy "
    "and lumbosacral radiculitis. He denies numbness of the feet. Treatment to date has included a trigger point "
    "injection, acupuncture and medications. He has low back pain that spreads to the left buttock. The treating "
    "physician requested authorization for 6 sessions of acupuncture for the low back."
)

_GAIN = Criterion(
    "gain",
    "A functional gain is expected within three to six treatments.",
    CriterionKind.GOAL,
    Confidence.HIGH,
    checked=True,
    source="8 CCR 9792.24.1",
)
_MORE = Criterion(
    "more",
    "More treatment may be given only if functional improvement is documented.",
    CriterionKind.DOCUMENTATION,
    Confidence.HIGH,
    checked=True,
    source="8 CCR 9792.24.1",
)
_FIRST = Criterion(
    "first",
    "A first course holds at most six treatments.",
    CriterionKind.LIMIT,
    Confidence.MEDIUM,
    checked=False,
    source="general knowledge of the guideline",
    applies_when="no acupuncture was given before",
)
RULE = " ".join(criterion.text for criterion in (_GAIN, _MORE, _FIRST))
PASSAGE = Passage(
    "acupuncture/whole/acupuncture/00000001",
    "MTUS Acupuncture Treatment 2007",
    None,
    RULE,
    PassageKind.DIGEST,
    InForce(date(2007, 6, 15), date(2017, 12, 1)),
    "8 CCR 9792.24.1",
    "MTUS Acupuncture Treatment",
    ("acupuncture",),
    (_GAIN, _MORE, _FIRST),
)
NOTE = Passage(
    "acupuncture-2017/whole/note/00000002",
    "MTUS Acupuncture Treatment 2017",
    None,
    "This edition has been in force since 2017-12-01; its criteria are not held here.",
    PassageKind.DIGEST,
    InForce(date(2017, 12, 1)),
    "8 CCR 9792.24.1",
    "MTUS Acupuncture Treatment",
    edition_note=True,
    current_without_criteria=True,
)

_FACTS = {
    r"\d+-year-old": "age",
    r"(?:[a-z]+ )?(?:spondylosis without myelopathy|radiculitis)": "diagnosis",
    r"numbness of the feet": "complaint",
    r"trigger point injection|(?<=, )acupuncture|medications": "treatment",
    r"low back pain that spreads to the left buttock": "complaint",
    r"\d+ sessions of \w+ for the low back": "request",
}
_SENTENCE = re.compile(r"\[[^\]]*\]|[^.!?\s][^.!?]*(?:[.!?]+|$)")
LETTER = Determination(
    "CM13-0000001",
    None,
    None,
    date(2016, 3, 1),
    None,
    None,
    "Acupuncture",
    None,
    "A worker with back pain.",
    (Decision("Acupuncture, 8 sessions", Outcome.UPHELD, None, None, (), "No functional gain was written down."),),
    illustrative=True,
)


FACETS = {
    FacetName.SERVICE: (
        FacetCount("acupuncture", 12, 5, 2, "Acupuncture"),
        FacetCount("physical_therapy", 9, 8, 0, "Physical therapy"),
        FacetCount("functional_restoration_program", 2, 0, 1, "Functional restoration program"),
        FacetCount("mri_lumbar", 4, 1, 0, "MRI of the lumbar spine"),
        FacetCount("gym_membership", 3, 0, 0, "Gym membership"),
        FacetCount("gabapentin", 1, 2, 0, "Gabapentin"),
        FacetCount("tens_unit", 1, 1, 0, "TENS unit"),
    ),
    FacetName.REGION: (FacetCount("low back", 14, 6, 1), FacetCount("neck", 0, 0, 2)),
    FacetName.GUIDELINE: (FacetCount(PASSAGE.guideline, 12, 5, 2),),
    FacetName.SPECIALTY: (FacetCount("Pain Management", 8, 3, 0),),
    FacetName.MODIFIED: (FacetCount("no", 20, 10, 3), FacetCount("yes", 6, 2, 0)),
    FacetName.YEAR: (FacetCount("2017", 9, 4, 0), FacetCount("2016", 17, 8, 3)),
}


@dataclass
class _Kept:
    user: str
    title: str
    text: str
    day: date | None
    services: tuple[str, ...]
    updated: datetime
    received: date | None = None
    priority: Priority | None = None
    drafts: list[tuple[Draft, datetime, str]] = field(default_factory=list)
    decided: dict[int, Decided] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)
    exported: bool = False
    deleted: bool = False
    pins: dict[int, str] = field(default_factory=dict)


class FakeLibrary:
    """Editions and their changes in memory; what is done with them is the real service's."""

    def __init__(self, passages: Callable[[], tuple[Passage, ...]]) -> None:
        self._passages, self._log = passages, []
        self.taxonomy = Taxonomy({})

    def _changes(self) -> Changes:
        return Changes.of(self._log)

    def held_editions(self) -> tuple[HeldEdition, ...]:
        return self.word_finder().held

    def word_finder(self) -> WordFinder:
        changes = self._changes()
        return WordFinder(held_editions([changes.dated(p) for p in self._passages()], (), changes))

    def change(self, user: str, change: Change) -> Change:
        self._log.append(change)
        return change

    def changes_of(self, guideline: str) -> tuple[Change, ...]:
        return tuple(change for change in self._log if change.target.guideline == guideline)


class FakeService(GuidelineActs, ModelActs):
    """See the module."""

    job_ledger = None  # its jobs are in memory alone

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._secret = b"of this test alone"
        self._now, self._today = _now, lambda: date(2026, 11, 28)
        self.library = FakeLibrary(self.guidelines)
        self.before_import: Callable[[Watched], None] = lambda _: None
        self._kept: dict[str, _Kept] = {}
        self._unsent: dict[str, UnsentEntry] = {}
        self._saved: dict[str, SavedSearch] = {}
        self.imported: list[Passage] = []
        self.stored: list[StoredImport] = []
        self.evidence_asked: list[bool | None] = []
        self.before_draft: Callable[[], None] = lambda: None

    def ready(self) -> bool:
        """It always is."""
        return True

    def warm_up(self) -> threading.Thread:
        thread = threading.Thread(target=lambda: None)
        thread.start()
        return thread

    # --- library ---

    def samples(self) -> tuple[Sample, ...]:
        return (Sample("acupuncture-low-back", "Acupuncture low back", ACUPUNCTURE, date(2016, 3, 1)),)

    def imports(self) -> tuple[StoredImport, ...]:
        return tuple(reversed(self.stored))

    def import_report(self, number: int) -> StoredImport:
        return self.stored[number - 1]

    def read_letters(self, paths: Sequence[Path]) -> Iterator[tuple[str, Determination | None, str]]:
        """A file with the word "Upheld" is the one letter; any other cannot be read."""
        for path in paths:
            held = b"Upheld" in path.read_bytes()
            yield path.name, LETTER if held else None, "" if held else f"{path.name} could not be read: no letter."

    def import_paths(self, paths: Sequence[Path], *, progress: Watched, stop: Callable[[], bool], upload: str) -> None:
        """Every file is a letter with one decision; the import goes on as long as `before_draft` lets it."""
        progress.start("Importing", len(paths))
        self.before_draft()
        counts = ImportCounts(len(paths), len(paths), len(paths), decisions=len(paths))
        state = ImportState.CANCELLED if stop() else ImportState.DONE
        now = datetime(2026, 1, 1)  # noqa: DTZ001 - as the table holds it
        names = tuple(path.name for path in paths)
        self.stored.append(StoredImport(len(self.stored) + 1, now, now, state, names, upload, counts, None))
        progress.advance(len(paths))

    def letters_not_whole(self) -> tuple[tuple[object, ...], int]:
        return (), 0

    def real_letters(self) -> int:
        return 0

    def insights(self, service: str | None = None) -> Overview:
        """Of no letter."""
        return overview(facts_of(()), 0, service, str)

    def last_evaluation(self) -> None:
        """Never measured."""

    def guidelines(self) -> tuple[Passage, ...]:
        return (PASSAGE, NOTE, *self.imported)

    def passage(self, passage_id: str) -> Passage:
        for passage in self.guidelines():
            if passage.id == passage_id:
                return passage
        raise NotThere("The library does not hold this passage.")

    def search_decisions(
        self,
        words: str,
        *,
        choices: Choices | None = None,
        sort: Sort = Sort.RELEVANCE,
        like: str | None = None,
        limit: int = 10,
        offset: int = 0,
        exact: bool = False,
        facets: bool = False,
    ) -> Found:
        """One decision for any words: "acupunture" is mended, and a neck has none."""
        chosen = choices or Choices()
        if chosen.region and chosen.region not in {"low back", "neck"}:
            raise WrongInput(f"“{chosen.region}” names no part of the body; write it as shoulder, neck or low back.")
        mended = words if exact else words.replace("acupunture", "acupuncture")
        fixes = () if mended == words else (Correction("acupunture", "acupuncture"),)
        snippet = f"Found by {mended}. No functional gain was written down."
        found = FoundDecision(
            "d1",
            LETTER.case_number,
            True,
            1,
            LETTER.decisions[0].service,
            "acupuncture",
            Outcome.UPHELD,
            (PASSAGE.guideline,),
            0.9,
            snippet,
            ((9, 9 + len(mended)),) if mended else (),
            date(2016, 3, 1),
        )
        hit = bool(mended or like or chosen != Choices())
        hit = hit and chosen.outcome in {None, Outcome.UPHELD} and chosen.region != "neck"
        return Found(
            (found,) if hit and not offset else (),
            {Outcome.UPHELD: 0, Outcome.OVERTURNED: 0},
            words=mended,
            matching={Outcome.UPHELD: 0, Outcome.OVERTURNED: 0},
            matching_illustrative=int(hit),
            facets=FACETS if facets else {},
            corrections=fixes,
        )

    def saved_searches(self, user: str) -> tuple[SavedSearch, ...]:
        return tuple(self._saved.values())

    def save_search(self, user: str, name: str, words: str, choices: Choices) -> SavedSearch:
        if not name:
            raise WrongInput("A saved search needs a name.")
        self._saved[name] = SavedSearch(name, words, choices.as_mapping(), _now())
        return self._saved[name]

    def delete_search(self, user: str, name: str) -> None:
        if self._saved.pop(name, None) is None:
            raise NotThere(f"There is no saved search named “{name}”.")

    def decision(self, decision_id: str) -> tuple[Determination, int]:
        if decision_id not in {"d1", "d2"}:
            raise NotThere("The library does not hold this decision.")
        return LETTER, 0

    def compare_decisions(self, first: str, second: str) -> Comparison:
        one, other = (ComparedDecision(name, *self.decision(name), {}) for name in (first, second))
        pain = Stated("back <b>pain</b>", "denied", only_here=True)
        return Comparison((replace(one, stated={"Complaints": (pain,)}), other))

    def list_decisions(
        self, words: str, *, choices: Choices | None = None, sort: Sort = Sort.RELEVANCE, like: str | None, exact: bool
    ) -> CsvList:
        found = self.search_decisions(words, choices=choices, sort=sort, like=like, exact=exact).results
        if not found:
            raise WrongInput("There is nothing to list; search for words or choose a filter first.")
        held = Held("d1", None, True, 1, "=Acupuncture", None, Outcome.UPHELD, (), f"Found by {words}.", "")
        return CsvList(1, 1, csv_pieces(("d1",), words, lambda _: {"d1": held}, str))

    def loosened(self, words: str, choices: Choices, *, like: str | None, exact: bool) -> Loosened | None:
        return Loosened("region", replace(choices, region=None), 3) if choices.region == "neck" else None

    def original_pages(self, decision_id: str) -> OriginalPages:
        if decision_id == "d2":
            return OriginalPages(3, 2)
        raise NotThere(ONLY_TEXT)

    def page_image(self, decision_id: str, page: int) -> bytes:
        if decision_id != "d2" or page > self.original_pages(decision_id).pages:
            raise NotThere(ONLY_TEXT)
        return b"\x89PNG of page %d" % page

    def preview_guideline(self, path: Path, metadata: Metadata = NOTHING_GIVEN) -> GuidelinePreview:
        data, text = read_guideline_file(path)
        guess = guess_metadata(text, (), Metadata(), metadata)
        report = report_on(text, 1, len(text.blocks))
        return GuidelinePreview(path.name, hashlib.sha256(data).hexdigest(), guess, report, 0, len(self.imported))

    def import_guideline(
        self,
        path: Path,
        metadata: Metadata = NOTHING_GIVEN,
        *,
        content_hash: str | None = None,
        replacing: bool = False,
        progress: Watched | None = None,
    ) -> GuidelineImported:
        if progress is not None:
            progress.start("Embedding", 2)
            self.before_import(progress)
            progress.advance(2)
        preview = self.preview_guideline(path, metadata)
        if content_hash is not None and preview.content_hash != content_hash:
            raise AssistantError(f"{path.name} has changed since it was shown; look at it anew.")
        if preview.lacking:
            raise AssistantError(preview.lacking)
        said = preview.guess.metadata
        words = " ".join(block.words for block in read_guideline_file(path)[1].blocks)
        passage = Passage(
            f"imported/{len(self.imported)}",
            said.label or "",
            "Imaging",
            words,
            said.kind or PassageKind.OFFICIAL,
            InForce(said.in_force_from, said.in_force_to),
            f"imported from {path.name}",
        )
        self.imported = [passage] if replacing else [*self.imported, passage]
        return GuidelineImported(path.name, preview.guess, preview.report, 0, already_there=False)

    def text_of_upload(self, path: Path) -> str:
        return self.read_upload(path).text

    def read_upload(self, path: Path) -> Uploaded:
        """Read as the real one does: what is unreadable is so here too."""
        read = read_file(path)
        return Uploaded(read.text, len(read.page_starts), read.warnings)

    # --- cases ---

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
        if not text.strip():
            raise UnreadableCase("The case has no text; paste the case summary.")
        case_id = f"case{len(self._kept) + 1}"
        self._kept[case_id] = _Kept(
            user, title or "Acupuncture, low back", text, day, services, _now(), received, priority
        )
        return self.case(user, case_id)

    def cases(self, user: str, words: str = "") -> tuple[CaseRow, ...]:
        rows = []
        for case_id, kept in reversed(self._kept.items()):
            if kept.user == user and not kept.deleted and words.lower() in (kept.title + kept.text).lower():
                state = "exported" if kept.exported else "drafting" if kept.drafts else "new"
                kinds = tuple(kind for kind in KINDS if kind in kept.text.lower())
                dates = (kept.received, kept.priority, *due_by(kept.received, kept.priority, TODAY))
                about = (kept.title, "; ".join(kept.services), state, kept.updated, kept.day)
                rows.append(CaseRow(case_id, *about, kinds, *dates))
        return tuple(sorted(rows, key=lambda row: row.updated, reverse=True))

    def list_cases(self, user: str, wanted: CasesWanted, *, offset: int = 0, limit: int | None = None) -> CasesFound:
        rows = self.cases(user, wanted.words)
        return narrowed(rows, wanted, KINDS, len(self.cases(user)), offset=offset, limit=limit)

    def when_due(self, received: date, priority: Priority | None) -> str:
        return due_sentences(received, priority, TODAY)

    def change_receipt(self, user: str, case_id: str, received: date | None, priority: Priority | None) -> CaseView:
        kept = self._of(user, case_id)
        kept.received, kept.priority = received, priority
        return self.case(user, case_id)

    def unsent_case(self, user: str) -> UnsentEntry | None:
        return self._unsent.get(user)

    def keep_unsent(self, user: str, fields: Mapping[str, str], base: int | None) -> UnsentEntry:
        held = self._unsent.get(user)
        if held and base is not None and base != held.number and held.fields != fields:
            raise EnteredElsewhere
        self._unsent[user] = UnsentEntry(dict(fields), (held.number if held else base or 0) + 1, _now())
        return self._unsent[user]

    def forget_unsent(self, user: str) -> None:
        self._unsent.pop(user, None)

    def case(self, user: str, case_id: str) -> CaseView:
        kept = self._of(user, case_id)
        draft, at = (kept.drafts[-1][0], kept.drafts[-1][1]) if kept.drafts else (None, kept.updated)
        return CaseView(
            case_id,
            kept.title,
            kept.text,
            kept.day,
            kept.services,
            draft,
            len(kept.drafts),
            at,
            dict(kept.decided),
            kept.exported,
            dict(kept.pins),
            kept.received,
            kept.priority,
            *due_by(kept.received, kept.priority, TODAY),
        )

    def check_access(self, user: str, case_id: str, *, change: bool = False) -> None:
        self._of(user, case_id)

    def _of(self, user: str, case_id: str) -> _Kept:
        kept = self._kept.get(case_id)
        if kept is None or kept.user != user or kept.deleted:
            raise NotThere("There is no such case.")
        return kept

    def change_case(
        self,
        user: str,
        case_id: str,
        *,
        title: str | None = None,
        day: date | None = None,
        services: tuple[str, ...] | None = None,
    ) -> CaseView:
        kept = self._of(user, case_id)
        kept.title, kept.day, kept.services = title or kept.title, day or kept.day, services or kept.services
        return self.case(user, case_id)

    def delete_case(self, user: str, case_id: str) -> None:
        self._of(user, case_id).deleted = True

    def restore_case(self, user: str, case_id: str) -> CaseView:
        kept = self._kept.get(case_id)
        if kept is None or kept.user != user:
            raise NotThere("There is no such case.")
        kept.deleted = False
        return self.case(user, case_id)

    def delete_cases(self, user: str, case_ids: Iterable[str]) -> None:
        for case_id in case_ids:
            self.delete_case(user, case_id)

    def restore_cases(self, user: str, case_ids: Iterable[str]) -> None:
        for case_id in case_ids:
            self.restore_case(user, case_id)

    def deleted_cases(self, user: str) -> tuple[DeletedCase, ...]:
        kept = [(name, case) for name, case in self._kept.items() if case.user == user and case.deleted]
        return tuple(DeletedCase(name, case.title, case.updated) for name, case in kept)

    def draft_case(
        self,
        user: str,
        case_id: str,
        on_step: Callable[[str], None] | None = None,
        *,
        model: bool = True,
        cancelled: threading.Event | None = None,
    ) -> CaseView:
        kept = self._of(user, case_id)
        step = on_step or (lambda _: None)
        step("reading the case")
        self.stopped_by = cancelled
        self.before_draft()
        step("finding the guideline")
        step("holding 3 criteria against it")
        services = kept.services or tuple(
            m.group() for m in re.finditer(r"\d+ sessions of \w+ for the low back", kept.text)
        )
        if not services:
            raise UnreadableCase("The case names no requested service; give one.")
        step("checking 4 sentences")
        issues = tuple(_issue(kept.text, s, self._outcome(kept, i)) for i, s in enumerate(services))
        checks = (Check("8 CCR 9792.10.6", "warning", "Say which records were reviewed.", 0),)
        day = kept.day or date(2016, 12, 20)
        draft = Draft(
            case_id, day, "given" if kept.day else "today", _summary(kept.text), issues, {PASSAGE.id: PASSAGE}, checks
        )
        return self._save(user, case_id, draft, "drafted")

    def _outcome(self, kept: _Kept, issue: int) -> Outcome | None:
        return kept.decided[issue].outcome if issue in kept.decided else None

    def _save(self, user: str, case_id: str, draft: Draft, cause: str) -> CaseView:
        kept = self._of(user, case_id)
        kept.drafts.append((draft, _now(), cause))
        kept.updated = _now()
        return self.case(user, case_id)

    def draft_text(
        self,
        text: str,
        *,
        services: tuple[str, ...] = (),
        day: date | None = None,
        outcome: Outcome | None = None,
        case_id: str = "case",
        model: bool = True,
    ) -> Draft:
        view = self.create_case("nobody", text, day=day, services=services)
        made = self.draft_case("nobody", view.id).draft
        del self._kept[view.id]
        if made is None:
            raise ValueError("a draft was just made")
        issues = tuple(_issue(text, issue.service.text, outcome) for issue in made.issues)
        return replace(made, id=case_id, issues=issues)

    def check_rationale(
        self,
        rationale: str,
        text: str,
        *,
        service: str | None = None,
        day: date | None = None,
        outcome: Outcome | None = None,
    ) -> Draft:
        made = self.draft_text(text, services=(service,) if service else (), day=day, outcome=outcome)
        if len(made.issues) != 1:
            raise WrongInput(f"The case words {len(made.issues)} disputed services; say which one is meant.")
        own = tuple(_own(m.group().strip(), text) for m in _SENTENCE.finditer(rationale))
        return replace(made, issues=(replace(made.issues[0], sentences=own),))

    def set_outcome(self, user: str, case_id: str, issue: int, outcome: Outcome | None) -> CaseView:
        kept, draft = self._of(user, case_id), self._draft(user, case_id, issue)
        kept.decided.pop(issue, None)
        if outcome:
            kept.decided[issue] = Decided(outcome, user, _now())
        old = draft.issues[issue]
        fresh = _issue(kept.text, old.service.text, outcome)
        own = tuple(s for s in old.sentences if s.own)
        new = replace(fresh, sentences=(*fresh.sentences[:-1], *own, fresh.sentences[-1]))
        issues = (*draft.issues[:issue], new, *draft.issues[issue + 1 :])
        return self._save(user, case_id, replace(draft, issues=issues), "outcome_set")

    def edit(self, user: str, case_id: str, issue: int, text: str, base: int) -> CaseView:
        draft = self._draft(user, case_id, issue)
        if base != len(self._of(user, case_id).drafts):
            raise Conflict(base, len(self._of(user, case_id).drafts))
        new = replace(draft.issues[issue], sentences=self.verify_text(user, case_id, issue, text))
        issues = (*draft.issues[:issue], new, *draft.issues[issue + 1 :])
        return self._save(user, case_id, replace(draft, issues=issues), "edited")

    def keep_typed(self, user: str, case_id: str, issue: int, text: str, base: int) -> None:
        self._draft(user, case_id, issue)

    def take_up(self, user: str, case_id: str) -> CaseView:
        return self.case(user, case_id)

    def verify_text(self, user: str, case_id: str, issue: int, text: str) -> tuple[Sentence, ...]:
        known = {s.text: s for s in self._draft(user, case_id, issue).issues[issue].sentences}
        prompts = {f"[{s.text}]": s for s in known.values() if s.slot}
        return tuple(
            prompts.get(words) or known.get(words) or _own(words, self._of(user, case_id).text)
            for words in (m.group().strip() for m in _SENTENCE.finditer(text))
        )

    def _draft(self, user: str, case_id: str, issue: int = 0) -> Draft:
        drafts = self._of(user, case_id).drafts
        if not drafts or not 0 <= issue < len(drafts[-1][0].issues):
            raise NotThere("This case has no draft yet.")
        return drafts[-1][0]

    def undo(self, user: str, case_id: str) -> CaseView:
        drafts = self._of(user, case_id).drafts
        if len(drafts) < 2:
            raise NotThere("There is no earlier version to go back to.")
        return self._save(user, case_id, drafts[-2][0], "undone")

    def versions(self, user: str, case_id: str) -> tuple[VersionRow, ...]:
        rows = [VersionRow(n, at, cause) for n, (_, at, cause) in enumerate(self._of(user, case_id).drafts, 1)]
        return tuple(reversed(rows))

    def compare_versions(self, user: str, case_id: str, older: int, newer: int) -> Compared:
        drafts = self._of(user, case_id).drafts
        rows = {row.number: row for row in self.versions(user, case_id)}
        if older not in rows or newer not in rows:
            raise NotThere("There is no such version of this case's draft.")
        pairs = zip(drafts[older - 1][0].issues, drafts[newer - 1][0].issues, strict=True)
        issues = tuple((new.service.text, differences(old, new)) for old, new in pairs)
        return Compared(rows[older], rows[newer], issues)

    def restore_version(self, user: str, case_id: str, number: int) -> CaseView:
        drafts = self._of(user, case_id).drafts
        if not 1 <= number < len(drafts):
            raise NotThere("There is no earlier version of that number.")
        return self._save(user, case_id, drafts[number - 1][0], "restored_version")

    def signed_off(self, user: str, case_id: str) -> tuple[int, ...]:
        self.case(user, case_id)
        return ()

    def note_printed(self, user: str, case_id: str) -> None:
        self.case(user, case_id)

    def preview(self, user: str, case_id: str, *, with_evidence: bool | None = None) -> WrittenOut:
        view = self.case(user, case_id)
        return written_out(self._draft(user, case_id), view.decided, with_evidence=with_evidence, unfinished=True)

    def find_passages(self, user: str, case_id: str, words: str) -> tuple[Passage, ...]:
        self._of(user, case_id)
        return tuple(p for p in self.guidelines() if words.casefold() in p.citation.casefold())

    def pin_passage(self, user: str, case_id: str, issue: int, passage_id: str | None) -> CaseView:
        kept, draft = self._of(user, case_id), self._draft(user, case_id)
        kept.pins.pop(issue, None)
        if passage_id:
            kept.pins[issue] = self.passage(passage_id).id
        return self._save(user, case_id, draft, "pinned")

    def sentence_offers(self, user: str, case_id: str, issue: int, position: int) -> tuple[Sentence, ...]:
        kept, old = self._of(user, case_id), self._draft(user, case_id).issues[issue]
        told = {sentence.text for sentence in old.sentences}
        fresh = _issue(kept.text, old.service.text, old.outcome).sentences
        return tuple(s for s in fresh if s.text not in told and not s.slot)

    def replace_sentence(
        self, user: str, case_id: str, issue: int, position: int, text: str, *, base: int | None = None
    ) -> CaseView:
        chosen = next(s for s in self.sentence_offers(user, case_id, issue, position) if s.text == text)
        return self._with_sentence(user, case_id, issue, position, chosen)

    def own_sentences(self, user: str, case_id: str, issue: int, positions: list[int]) -> CaseView:
        old = self._draft(user, case_id).issues[issue].sentences[positions[0]]
        return self._with_sentence(user, case_id, issue, positions[0], replace(old, own=True))

    def _with_sentence(self, user: str, case_id: str, issue: int, position: int, sentence: Sentence) -> CaseView:
        draft = self._draft(user, case_id)
        sentences = list(draft.issues[issue].sentences)
        sentences[position] = sentence
        new = replace(draft.issues[issue], sentences=tuple(sentences))
        issues = (*draft.issues[:issue], new, *draft.issues[issue + 1 :])
        return self._save(user, case_id, replace(draft, issues=issues), "revised")

    def turns(self, user: str, case_id: str) -> tuple[Turn, ...]:
        return tuple(turn for turn in self._of(user, case_id).turns if not turn.superseded)

    @property
    def chats(self) -> FakeChats:
        return FakeChats(self)

    def chat(
        self, user: str, case_id: str, message: str, *, instead_of: int | None = None, stop: threading.Event
    ) -> Iterator[Turn]:
        """Answers one sentence whatever is asked; asked "slowly", it goes on until it is stopped."""
        kept = self._of(user, case_id)
        span = re.search(r"Treatment to date[^.]*\.", kept.text) or re.match(r"\S+", kept.text)
        block = {
            "kind": "case",
            "id": "case",
            "text": span.group(),
            "start": span.start(),
            "end": span.end(),
            "label": "",
        }
        aside = instead_of is not None
        kept.turns = [replace(turn, superseded=aside and turn.id >= instead_of) for turn in kept.turns]
        number = len(kept.turns) + 1
        kept.turns += [Turn("reviewer", message, id=number), Turn("assistant", "", done=False, id=number + 1)]
        answer = "The summary names acupuncture once, with no response to it."
        for words in ("The summary", answer):
            whole = words == answer
            kept.turns[-1] = replace(kept.turns[-1], text=words, blocks=(block,) if whole else (), done=whole)
            if "slowly" in message and not whole:
                yield kept.turns[-1]
                stop.wait(60)
                kept.turns[-1] = replace(kept.turns[-1], done=True, stopped=True)
                yield kept.turns[-1]
                return
            yield kept.turns[-1]

    def export(self, user: str, case_id: str, form: Format, *, with_evidence: bool | None = None) -> Exported:
        draft = self._draft(user, case_id)
        if any(issue.open_slots for issue in draft.issues):
            raise NotReadyForExport("One place still waits for your own words; fill or delete it, then export.")
        self._of(user, case_id).exported = True
        text = "\n\n".join(issue.rationale for issue in draft.issues)
        self.evidence_asked.append(with_evidence)
        if form is Format.JSON:
            text = json.dumps({"rationale": text})
        if form is not Format.DOCX:
            return Exported(f"determination-{case_id}.{form}", MEDIA[form], text.encode())
        return Exported(
            f"determination-{case_id}.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            _docx(text),
        )


@dataclass
class FakeChats:
    """The kept chats of the service in memory."""

    service: FakeService

    def find(self, user: str, words: str) -> tuple[ChatHit, ...]:
        return tuple(
            ChatHit(case_id, kept.title, turn, turn.text)
            for case_id, kept in self.service._kept.items()
            if kept.user == user
            for turn in kept.turns
            if words.casefold() in turn.text.casefold()
        )

    def export(self, user: str, case_id: str, form: ChatFormat) -> Exported:
        kept = self.service._of(user, case_id)
        return Exported(
            f"chat-{case_id}.{form}", "text/plain", chat_export.written_out(kept.title, kept.turns, form).encode()
        )

    def delete(self, user: str, case_id: str) -> int:
        kept = self.service._of(user, case_id)
        count, kept.turns = len(kept.turns), []
        return count


def _docx(text: str) -> bytes:
    import io

    import docx

    document = docx.Document()
    document.add_paragraph(text)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _now() -> datetime:
    return datetime.now(UTC)


def _span(text: str, pattern: str) -> Span | None:
    found = re.search(pattern, text)
    return Span.of(text, *found.span()) if found else None


def _summary(text: str) -> CaseSummary:
    facts = []
    for pattern, kind in _FACTS.items():
        for found in re.finditer(pattern, text):
            denied = text[: found.start()].endswith("denies ")
            facts.append(Fact(kind, Span.of(text, *found.span()), Polarity.DENIED if denied else Polarity.PRESENT))
    return CaseSummary(text, 55, "male", date(2003, 2, 4), tuple(facts), ())


def _issue(text: str, service: str, outcome: Outcome | None) -> IssueDraft:
    given = _span(text, r"Treatment to date[^.]*\.")
    request = _span(text, re.escape(service))
    findings = (
        Finding(
            _GAIN,
            PASSAGE.id,
            Status.FOR_REVIEWER,
            "Acupuncture was given; the number of sessions is not stated.",
            (given,) if given else (),
        ),
        Finding(
            _MORE,
            PASSAGE.id,
            Status.NOT_FOUND,
            "The summary does not state functional improvement.",
            (),
            ("daily activities", "work restrictions"),
        ),
        Finding(_FIRST, PASSAGE.id, Status.SUPPORTED, "Six sessions are asked for.", (request,) if request else ()),
    )
    worded = outcome or Outcome.UPHELD
    rule = Sentence(
        f"Under the acupuncture guideline, {_MORE.text[0].lower()}{_MORE.text[1:]}",
        Move.RULE,
        (
            Support(
                SupportKind.PASSAGE,
                PASSAGE.id,
                Span.of(RULE, RULE.index(_MORE.text), RULE.index(_MORE.text) + len(_MORE.text)),
            ),
        ),
        Verdict.PASSED,
    )
    facts = Sentence(
        "He has already had acupuncture, a trigger point injection and medications.",
        Move.FACTS,
        (Support(SupportKind.CASE, "case", given),) if given else (),
        Verdict.PASSED if given else Verdict.FAILED,
    )
    statement = findings[1].statement
    gap = Sentence(
        statement,
        Move.GAP,
        (Support(SupportKind.FINDING, "more", Span.of(statement, 0, len(statement))),),
        Verdict.PASSED,
    )
    slot = Sentence("State the functional improvement that you found, and where", Move.FIT, slot=True)
    word = "is not" if worded is Outcome.UPHELD else "is"
    end = Sentence(
        f"The requested {service} {word} medically necessary.",
        Move.CONCLUSION,
        (Support(SupportKind.REQUEST, "request", Span.of(service, 0, len(service))),),
        Verdict.PASSED,
    )
    similar = (
        SimilarDecision(
            "d1",
            LETTER.case_number,
            True,
            "Acupuncture, 8 sessions",
            Outcome.UPHELD,
            0.9,
            "prior sessions, no function written down",
        ),
    )
    return IssueDraft(
        DisputedService(service, "acupuncture", span=request),
        worded,
        OutcomeFrom.REVIEWER if outcome else OutcomeFrom.CRITERIA,
        Lean(Outcome.UPHELD, Strength.STRONG, ("more",), ("first",)),
        (
            Candidate(PASSAGE.guideline, None, PASSAGE.id, 0.9, "governs acupuncture on the date of review"),
            Candidate("MTUS Low Back Complaints 2004", "Initial Care", NOTE.id, 0.4, "names the body part"),
        ),
        findings,
        (rule, facts, gap if worded is Outcome.UPHELD else slot, end),
        similar,
        ("This edition was replaced on 2017-12-01.",),
    )


def _own(words: str, case_text: str) -> Sentence:
    unheard = [number for number in re.findall(r"\d+", words) if number not in case_text]
    if unheard:
        problem = f"“{unheard[0]}” stands nowhere in the summary."
        return Sentence(words, Move.FACTS, (), Verdict.FAILED, own=True, problems=(problem,))
    return Sentence(words, Move.FACTS, own=True)
