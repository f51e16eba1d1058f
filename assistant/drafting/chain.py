"""The chain from a case to a draft: one LangChain sequence whose steps can be streamed and traced.

The framework's types stay in this module; every step is a plain function of the work so far.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

from assistant.corpus import Taxonomy
from assistant.domain import (
    Candidate,
    CaseSummary,
    Check,
    Discarded,
    DisputedService,
    Draft,
    Finding,
    IssueDraft,
    ModelUse,
    Outcome,
    Passage,
    Sentence,
    SimilarDecision,
    SupportKind,
    Verdict,
)
from assistant.drafting.assisted.help import Help
from assistant.drafting.assisted.pointing import is_open, point
from assistant.drafting.assisted.wording import reword
from assistant.drafting.checks import appeal_checks
from assistant.drafting.findings import judge, meanings_of
from assistant.drafting.lean import lean_of
from assistant.drafting.morphine import Equivalents
from assistant.drafting.plan import Editions, Judged, plan_issue
from assistant.drafting.points import Plan
from assistant.drafting.second_look import Embeds, Glance, SecondLook
from assistant.drafting.selection import governing_passages, shown
from assistant.drafting.shortening import needed
from assistant.drafting.verification import Sources, verify_sentence
from assistant.drafting.writing import plainer, write
from assistant.errors import UnreadableCase
from assistant.reading.case import read_case
from assistant.reading.lexicon import Lexicon
from assistant.reading.oddities import of_long_ago
from assistant.reading.services import read_request
from assistant.traces import span

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

Progress = Callable[[str], None]
PINNED = "pinned by the reviewer"


class Knowledge(Protocol):
    """What drafting asks of the library."""

    @property
    def embedder(self) -> Embeds:
        """The embedder of the library's vectors."""
        ...

    def governing(
        self, service: DisputedService, case: CaseSummary, day: date, limit: int = 8
    ) -> tuple[Candidate, ...]:
        """The guidelines that may govern the service on that day, best first."""
        ...

    def guess_kind(self, service: DisputedService, case: CaseSummary | None = None) -> str | None:
        """The kind that a request without a known name comes nearest to, or None."""
        ...

    def passage(self, passage_id: str) -> Passage:
        """The passage; raises NotThere."""
        ...

    def offers(self, passage_id: str) -> bool:
        """Whether new drafts may rest on the passage: it is there, in this wording, and not switched off."""
        ...

    def rules_beside(self, kind: str, day: date) -> tuple[Passage, ...]:
        """Law and rules beyond single guidelines, in force on that day, with criteria for the kind of service."""
        ...

    def section_of(self, passage: Passage) -> tuple[Passage, ...]:
        """The passage, then the others of its section."""
        ...

    def edition_notes(self) -> tuple[Passage, ...]:
        """What says when each edition was in force."""
        ...

    def successors(self, label: str, day: date) -> tuple[Passage, ...]:
        """The edition notes of the same family that are in force on that day."""
        ...

    def similar(self, service: DisputedService, case: CaseSummary, per_outcome: int = 3) -> tuple[SimilarDecision, ...]:
        """Past decisions on a like service, from both sides."""
        ...


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """What to draft: the case text; the services (those the text words, if none are given), the date of review
    (a letter's own, else today's), the outcome to write for (that of the criteria), a chat model's help (none), and
    the passages that the reviewer pinned, by the service's text (none)."""

    id: str
    case_text: str
    services: tuple[str, ...] = ()
    day: date | None = None
    outcome: Outcome | None = None
    help: Help | None = None
    pins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Issue:
    """One disputed service on its way."""

    service: DisputedService
    candidates: tuple[Candidate, ...] = ()
    passages: tuple[Passage, ...] = ()
    editions: Editions = field(default_factory=Editions)
    similar: tuple[SimilarDecision, ...] = ()
    findings: tuple[Finding, ...] = ()
    beside: tuple[Passage, ...] = ()  # law and rules beyond single guidelines
    beside_findings: tuple[Finding, ...] = ()  # shown; they move no lean and no sentence
    plan: Plan | None = None
    sentences: tuple[Sentence, ...] = ()
    judged: Judged | None = None
    discarded: tuple[Discarded, ...] = ()  # what a chat model offered in vain
    offered: int = 0
    kept: int = 0
    without: str = ""  # why the chat model did not finish, in one sentence
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """A draft on its way through the chain; `say` is told of each step."""

    request: DraftRequest
    say: Progress
    case: CaseSummary | None = None
    day: date = date.min
    date_from: str = "today"
    issues: tuple[_Issue, ...] = ()
    draft: Draft | None = None

    def read(self) -> CaseSummary:
        """The case, once it is read."""
        if self.case is None:
            raise ValueError("the case is not read yet")
        return self.case


def _silent(step: str) -> None:
    """Nobody listens."""


class Drafter:
    """Drafts cases against a library. The same case gives the same draft; only `took_ms` differs."""

    def __init__(
        self,
        library: Knowledge,
        lexicon: Lexicon,
        taxonomy: Taxonomy,
        today: Callable[[], date],
        clock: Callable[[], float] = time.perf_counter,
        equivalents: Equivalents | None = None,
    ) -> None:
        self.lexicon = lexicon
        self._equivalents = equivalents
        self._library, self._taxonomy = library, taxonomy
        self._today, self._clock = today, clock
        self._second_look = SecondLook(library.embedder)
        self.runnable: Runnable[Work, Work] = self._sequence()

    def over(self, library: Knowledge) -> Drafter:
        """The same drafter over another view of the library; the vectors of meanings that it keeps stay."""
        other = copy(self)
        other._library = library
        other.runnable = other._sequence()
        return other

    def draft(self, request: DraftRequest, on_step: Progress | None = None) -> Draft:
        """The draft of a case, an issue for every disputed service; `on_step` is told of each step.

        Raises UnreadableCase for a text without words or without any disputed service.
        """
        from langsmith.run_helpers import tracing_context

        started = self._clock()
        # Tracing to a server would send the case out of this machine, whatever the environment asks for.
        with tracing_context(enabled=False), span("draft", services=len(request.services)):
            work = self.runnable.invoke(Work(request, on_step or _silent))
        if work.draft is None:
            raise ValueError("the chain ended without a draft")
        return replace(work.draft, took_ms=round((self._clock() - started) * 1000, 1))

    def read(self, text: str) -> CaseSummary:
        """The case summary that a draft of this text would rest on; raises UnreadableCase."""
        return read_case(text, self.lexicon, self._taxonomy)

    def check(self, draft: Draft) -> tuple[Check, ...]:
        """The appeal check of a draft as it now stands, edits included."""
        return appeal_checks(draft)

    def _sequence(self) -> Runnable[Work, Work]:
        from langchain_core.runnables import RunnableLambda

        steps = (
            *(self._read, self._retrieve, self._judge, self._point, self._plan),
            *(self._write, self._verify, self._reword, self._check),
        )
        sequence: Runnable[Work, Work] | None = None
        for step in steps:
            named = RunnableLambda(_spanned(step), name=step.__name__.strip("_"))
            sequence = named if sequence is None else sequence | named
        assert sequence is not None  # noqa: S101 - there are steps
        return sequence

    # --- the steps --------------------------------------------------------------------------------------------

    def _read(self, work: Work) -> Work:
        work.say("reading the case")
        request = work.request
        case = self.read(request.case_text)
        given = (read_request(text, self._taxonomy, request.case_text) for text in request.services if text.strip())
        services = tuple(given) or case.services
        if not services:
            raise UnreadableCase("The text words no disputed service; name it with --service or in the Services box.")
        day, source = self._date(request, case)
        old = of_long_ago(case, day) if source == "today" else None
        case = replace(case, notices=(*case.notices, old)) if old else case
        return replace(
            work, case=case, day=day, date_from=source, issues=tuple(_Issue(service) for service in services)
        )

    def _date(self, request: DraftRequest, case: CaseSummary) -> tuple[date, str]:
        if request.day is not None:
            return request.day, "given"
        if case.decision_date is not None:
            return case.decision_date, "letter"
        return self._today(), "today"

    def _retrieve(self, work: Work) -> Work:
        work.say("finding the guideline")
        case = work.read()
        notes = {note.guideline: note for note in self._library.edition_notes()}
        found = (self._found(issue, case, work.day, notes) for issue in work.issues)
        return replace(work, issues=tuple(self._pinned(issue, work.request.pins, work.day) for issue in found))

    def _found(self, issue: _Issue, case: CaseSummary, day: date, notes: Mapping[str, Passage]) -> _Issue:
        issue = replace(issue, service=self._guessed(issue.service, case))
        candidates = self._library.governing(issue.service, case, day)
        passages = governing_passages(candidates, self._section_of, issue.service, case, day)
        editions = self._editions(issue.service, candidates, day, notes)
        similar = self._library.similar(issue.service, case)
        beside = self._library.rules_beside(issue.service.kind, day) if issue.service.kind else ()
        return replace(
            issue, candidates=candidates, passages=passages, editions=editions, similar=similar, beside=beside
        )

    def _pinned(self, issue: _Issue, pins: Mapping[str, str], day: date) -> _Issue:
        """The issue resting on the passage that the reviewer pinned, where that was in force on the day of review."""
        named = pins.get(issue.service.text)
        if named is None:
            return issue
        passage = self._library.passage(named)
        if not self._library.offers(named):
            gone = f"{passage.citation}, which you pinned, is switched off or worded anew; pin it again to rest on it."
            return replace(issue, notices=(*issue.notices, gone))
        if not passage.in_force.holds_on(day):
            gone = f"{passage.citation}, which you pinned, was not in force on {day}; the draft rests on what was."
            return replace(issue, notices=(*issue.notices, gone))
        chosen = Candidate(passage.guideline, passage.section, passage.id, 1.0, PINNED)
        others = (c for c in issue.candidates if c.passage_id != passage.id)
        return replace(issue, candidates=(chosen, *others), passages=self._library.section_of(passage))

    def _guessed(self, service: DisputedService, case: CaseSummary) -> DisputedService:
        """The service with the kind it comes nearest to, where its own is not known."""
        if service.kind or service.guess:
            return service
        return replace(service, guess=self._library.guess_kind(service, case))

    def _section_of(self, passage_id: str) -> tuple[Passage, ...]:
        return self._library.section_of(self._library.passage(passage_id))

    def _editions(
        self, service: DisputedService, candidates: Iterable[Candidate], day: date, notes: Mapping[str, Passage]
    ) -> Editions:
        kind = self._taxonomy.kinds.get(service.kind or "")
        usual = next((notes[label] for label, _ in kind.governed_by if label in notes), None) if kind else None
        replaced = usual if usual is not None and not usual.in_force.holds_on(day) else None
        held = [self._library.passage(candidate.passage_id) for candidate in candidates if candidate.passage_id]
        current = [passage for passage in held if passage.current_without_criteria and passage.in_force.holds_on(day)]
        if not current and replaced is not None:
            current = list(self._library.successors(replaced.guideline, day))
        return Editions(notes, replaced, tuple(current) if service.kind else ())

    def _judge(self, work: Work) -> Work:
        case = work.read()
        held = [passage for issue in work.issues for passage in (*issue.passages, *issue.beside)]
        glance = self._glance(case, held)
        judged = []
        for issue in work.issues:
            found, beside = (
                judge(
                    passages,
                    case,
                    issue.service,
                    glance,
                    lexicon=self.lexicon,
                    day=work.day,
                    equivalents=self._equivalents,
                )
                for passages in (issue.passages, issue.beside)
            )
            notices = issue.notices if found else (*issue.notices, *_says_nothing(issue))
            judged.append(replace(issue, findings=shown(found), beside_findings=beside, notices=notices))
        work.say(f"holding {sum(len(i.findings) + len(i.beside_findings) for i in judged)} criteria against it")
        return replace(work, issues=tuple(judged))

    def _point(self, work: Work) -> Work:
        """Let the chat model look for words where the search found none."""
        help_ = work.request.help
        if help_ is None or not help_.sorts & {"facts", "evidence"}:
            return work
        case, pointed = work.read(), []
        for number, issue in enumerate(work.issues, 1):
            if any(map(is_open, issue.findings)):
                work.say(f"asking the chat model about issue {number} of {len(work.issues)}")
            near, go_on = self._second_look.near, help_.may_point
            found = point(issue.findings, case, help_.asks, help_.sorts, self.lexicon, near, go_on)
            discarded = (*issue.discarded, *found.discarded)
            pointed.append(replace(issue, findings=found.findings, discarded=discarded, without=found.failed))
        return replace(work, issues=tuple(pointed))

    def _glance(self, case: CaseSummary, passages: Iterable[Passage]) -> Glance:
        meanings: dict[str, tuple[str, ...]] = {}
        for passage in passages:
            for criterion in passage.criteria:
                meanings.update(meanings_of(criterion, self.lexicon))
        return self._second_look.over(case, meanings)

    def _plan(self, work: Work) -> Work:
        case = work.read()
        planned = []
        for issue in work.issues:
            lean = lean_of(issue.findings)
            judged = Judged(
                case, issue.service, issue.passages, issue.findings, lean, issue.editions, self.lexicon, work.day
            )
            planned.append(replace(issue, judged=judged, plan=plan_issue(judged, work.request.outcome)))
        return replace(work, issues=tuple(planned))

    def _write(self, work: Work) -> Work:
        case = work.read()
        written = (replace(i, sentences=write(i.plan, i.service, case)) for i in work.issues if i.plan is not None)
        return replace(work, issues=tuple(written))

    def _verify(self, work: Work) -> Work:
        work.say(f"checking {sum(len(issue.sentences) for issue in work.issues)} sentences")
        case = work.read()
        return replace(work, issues=tuple(_verified(issue, case) for issue in work.issues))

    def _reword(self, work: Work) -> Work:
        """Let the chat model reword what was written and verified; only what is loyal to it takes its place."""
        help_ = work.request.help
        if help_ is None or "wording" not in help_.sorts:
            return work
        case, worded = work.read(), []
        for number, issue in enumerate(work.issues, 1):
            work.say(f"asking the chat model to word issue {number} of {len(work.issues)}")
            some = needed(issue.sentences, issue.findings) if help_.length == "short" else issue.sentences
            new = reword(some, _sources(issue, case), help_.asks, help_.tone)
            worded.append(
                replace(
                    issue,
                    sentences=new.sentences,
                    discarded=(*issue.discarded, *new.discarded),
                    offered=new.offered,
                    kept=new.kept,
                    without=new.failed or issue.without,
                )
            )
        return replace(work, issues=tuple(worded))

    def _check(self, work: Work) -> Work:
        case = work.read()
        issues = tuple(_finished(issue) for issue in work.issues)
        passages = self._cited(work.issues)
        used = _model_use(work)
        draft = Draft(work.request.id, work.day, work.date_from, case, issues, passages, model=used)
        return replace(work, draft=replace(draft, checks=appeal_checks(draft)))

    def _cited(self, issues: Iterable[_Issue]) -> dict[str, Passage]:
        """Every passage that an issue used, cites or was offered, in that order."""
        cited: dict[str, Passage] = {}
        for issue in issues:
            for passage in _used(issue):
                cited.setdefault(passage.id, passage)
            for candidate in issue.candidates:
                if candidate.passage_id and candidate.passage_id not in cited:
                    cited[candidate.passage_id] = self._library.passage(candidate.passage_id)
        return cited


def _spanned(step: Callable[[Work], Work]) -> Callable[[Work], Work]:
    """The step in a span of its name, with how many issues it was given."""

    def run(work: Work) -> Work:
        with span(step.__name__.strip("_"), issues=len(work.issues)):
            return step(work)

    return run


def _used(issue: _Issue) -> tuple[Passage, ...]:
    """The judged passages, the notes that a sentence rests on, and the rules that stand beside."""
    named = {s.id for sentence in issue.sentences for s in sentence.supports if s.kind is SupportKind.PASSAGE}
    editions = issue.editions
    notes = [*editions.notes.values(), *editions.current, *filter(None, (editions.replaced,))]
    told = {finding.passage_id for finding in issue.beside_findings}
    beside = (passage for passage in issue.beside if passage.id in told)
    return (*issue.passages, *(note for note in notes if note.id in named), *beside)


def _says_nothing(issue: _Issue) -> tuple[str, ...]:
    """That a pinned passage asks nothing of this request, as a notice."""
    if not issue.candidates or issue.candidates[0].reason != PINNED:
        return ()
    return (f"{issue.passages[0].citation}, which you pinned, holds no criterion for this request.",)


def _model_use(work: Work) -> ModelUse | None:
    """What the chat model did for the draft, and in one sentence why it did not do all."""
    if work.request.help is None:
        return None
    use = work.request.help.asks.use()
    without = use.notice or next((issue.without for issue in work.issues if issue.without), None)
    offered, kept = (sum(counts) for counts in zip(*((i.offered, i.kept) for i in work.issues), strict=True))
    notice = f"{without} What it did not reach stands as the program words it." if without else None
    return replace(use, offered=offered, kept=kept, notice=notice)


def _sources(issue: _Issue, case: CaseSummary) -> Sources:
    """What the sentences of an issue may rest on."""
    used = _used(issue)
    return Sources(
        case=case.text,
        passages={passage.id: passage.text for passage in used},
        findings={finding.id: finding.statement for finding in issue.findings},
        request=issue.service.text,
        citations={passage.id: passage.citation for passage in used},
        statuses={finding.id: finding.status.value for finding in issue.findings},
    )


def _verified(issue: _Issue, case: CaseSummary) -> _Issue:
    """The sentences with their verdicts; one that fails gives way to a plainer one that passes, where there is one."""
    findings = {finding.id: finding for finding in issue.findings}
    sources = _sources(issue, case)

    def checked(sentence: Sentence) -> Sentence:
        result = verify_sentence(sentence.text, sentence.supports, sources)
        return replace(sentence, verdict=result.verdict, problems=tuple(result.problems))

    def best(sentence: Sentence) -> Sentence:
        if sentence.slot:
            return sentence
        first = checked(sentence)
        if first.verdict is Verdict.PASSED:
            return first
        others = (checked(other) for other in plainer(sentence, case, issue.service, findings))
        return next((other for other in others if other.verdict is Verdict.PASSED), first)

    return replace(issue, sentences=tuple({s.text: s for s in map(best, issue.sentences)}.values()))


def _finished(issue: _Issue) -> IssueDraft:
    if issue.plan is None or issue.judged is None:
        raise ValueError("the issue is not planned yet")
    return IssueDraft(
        issue.service,
        issue.plan.outcome,
        issue.plan.outcome_from,
        issue.judged.lean,
        issue.candidates,
        (*issue.findings, *issue.beside_findings),
        issue.sentences,
        issue.similar,
        (*issue.notices, *issue.plan.notices),
        issue.discarded,
    )
