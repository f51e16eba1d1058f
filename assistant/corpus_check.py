"""Proves a corpus folder: schema, references, sources, aliases, labels, dates, illustrations, passages that fit.

Each rule is a function from the corpus to its problems; `check_corpus` runs them all and stops at none.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assistant.chat.terms import load_terms
from assistant.corpus import (
    EDITIONS_FILE,
    SERVICES_FILE,
    CorpusError,
    SampleCase,
    edition_faults,
    edition_rows,
    kind_faults,
    load_sample_cases,
    read_text,
    service_kinds,
)
from assistant.domain import Criterion, Determination, Edition, Outcome, Passage, PassageKind, ServiceKind
from assistant.drafting.morphine import EQUIVALENTS_FILE, load_equivalents
from assistant.errors import AssistantError
from assistant.library.embedding import minilm_token_counts
from assistant.library.rows import passage_text
from assistant.reading.guidelines import CORPUS_TEXTS, Guideline, read_guideline
from assistant.reading.letters import read_letter
from assistant.reading.lexicon import Lexicon, load_lexicon

WINDOW = 256  # tokens of the embedding model that ships with the program
# Words of working papers and counts of letters, which say where a corpus was made from and belong in none.
_TRACES = re.compile(
    r"\bin_dev\b|\w*_in_dev\b|\bseen_in\b|\bheadings_in_letters\b|^\s*(?:- )?cases:|\bCM\d\d-\d{5,7}\b"
    r"|\b\d+ (?:of the )?(?:public |real )?(?:letters|determinations)\b",
    re.MULTILINE,
)
_ODG = re.compile(r"\bODG\b|\bOfficial Disability Guidelines?\b", re.IGNORECASE)
_NO_CASE_NUMBER = "The case number was not found."  # an invented letter has none
_LAW_NAMES = frozenset({"any", "none"})  # what a rule beyond single guidelines may stand beside, kinds apart


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the file in the corpus folder, the place in it, and what."""

    file: str
    place: str
    wrong: str

    def __str__(self) -> str:
        """One line, for people and for an editor's list of errors."""
        return ": ".join(" ".join(part.split()) for part in (self.file, self.place, self.wrong) if part)


@dataclass(frozen=True, slots=True)
class _Source:
    """A guideline file as it was read."""

    file: str
    guideline: Guideline


@dataclass(slots=True)
class _Corpus:
    """What could be read of a corpus folder; what could not is among the problems."""

    folder: Path
    kinds: tuple[ServiceKind, ...] = ()
    editions: tuple[Edition, ...] = ()
    lexicon: Lexicon | None = None
    sources: list[_Source] = field(default_factory=list)
    letters: list[tuple[str, Determination]] = field(default_factory=list)
    cases: tuple[SampleCase, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def passages(self) -> Iterator[tuple[str, Passage]]:
        """Every passage with its file."""
        for source in self.sources:
            yield from ((source.file, passage) for passage in source.guideline.passages)

    def criteria(self) -> Iterator[tuple[str, Passage, Criterion]]:
        """Every criterion with its file and passage."""
        for file, passage in self.passages():
            yield from ((file, passage, criterion) for criterion in passage.criteria)


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of a check: the problems in the order of the rules, and how much was looked at."""

    problems: tuple[Problem, ...]
    counts: tuple[tuple[str, int], ...]

    def summary(self) -> str:
        """What was looked at, in one line."""
        told = ", ".join(f"{count} {name}" for name, count in self.counts)
        return f"The corpus is whole: {told}."


def check_corpus(folder: Path) -> Checked:
    """Hold every file of a corpus folder against every rule; nothing is written or changed."""
    corpus = _read(folder)
    for rule in _RULES:
        corpus.problems += rule(corpus)
    criteria = sum(1 for _ in corpus.criteria())
    counts = (
        ("kinds of service", len(corpus.kinds)),
        ("editions", len(corpus.editions)),
        ("guideline files", len(corpus.sources)),
        ("passages", sum(1 for _ in corpus.passages())),
        ("criteria", criteria),
        ("illustrative determinations", len(corpus.letters)),
        ("sample cases", len(corpus.cases)),
    )
    return Checked(tuple(dict.fromkeys(corpus.problems)), counts)


# --- reading: the schema of each file --------------------------------------------------------------------------


def _read(folder: Path) -> _Corpus:
    corpus = _Corpus(folder)
    with_problem = corpus.problems.append
    try:
        corpus.kinds = service_kinds(folder)
    except CorpusError as error:
        with_problem(Problem(SERVICES_FILE, "", error.reason))
    try:
        corpus.editions = edition_rows(folder)
    except CorpusError as error:
        with_problem(Problem(EDITIONS_FILE, "", error.reason))
    try:
        corpus.lexicon = load_lexicon(folder)
    except AssistantError as error:
        with_problem(Problem("concepts.yaml", "", str(error)))
    for name, load in (("terms.yaml", load_terms), (EQUIVALENTS_FILE, load_equivalents)):
        try:
            load(folder)
        except CorpusError as error:
            with_problem(Problem(name, "", error.reason))
    for path in (path for part in CORPUS_TEXTS for path in sorted(folder.glob(part))):
        try:
            corpus.sources.append(_Source(_name(corpus, path), read_guideline(read_text(path), path.name)))
        except CorpusError as error:
            where = "" if error.name == path.name else error.name.removeprefix(path.name).lstrip(", ")
            with_problem(Problem(_name(corpus, path), where, error.reason))
    try:
        corpus.cases = load_sample_cases(folder)
    except CorpusError as error:
        with_problem(Problem(f"cases/{error.name}", "", error.reason))
    _read_letters(corpus)
    return corpus


def _read_letters(corpus: _Corpus) -> None:
    for path in sorted(corpus.folder.glob("determinations/*.md")):
        try:
            corpus.letters.append((_name(corpus, path), read_letter(read_text(path), illustrative=True)))
        except CorpusError as error:
            corpus.problems.append(Problem(_name(corpus, path), "", error.reason))


def _name(corpus: _Corpus, path: Path) -> str:
    return path.relative_to(corpus.folder).as_posix()


# --- rules -----------------------------------------------------------------------------------------------------


def _between_kinds(corpus: _Corpus) -> Iterator[Problem]:
    """No id or alias twice; an alias that kinds share has a context for each, and no two the same."""
    yield from (Problem(SERVICES_FILE, "", fault) for fault in kind_faults(corpus.kinds))
    claimed: defaultdict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for kind in corpus.kinds:
        twice = [alias for alias, n in Counter(alias.casefold() for alias in kind.aliases).items() if n > 1]
        yield from (Problem(SERVICES_FILE, kind.id, f"the alias {alias!r} stands in it twice") for alias in twice)
        for shared in kind.shared_aliases:
            words = frozenset(word.casefold() for word in shared.context)
            for other, theirs in claimed[shared.alias.casefold()]:
                if other != kind.id and words & theirs:
                    both = f"the alias {shared.alias!r} is claimed by {other} and by {kind.id} in the same context"
                    yield Problem(SERVICES_FILE, kind.id, f"{both}, {min(words & theirs)!r}")
            claimed[shared.alias.casefold()].append((kind.id, words))


def _places_of_kinds(corpus: _Corpus) -> Iterator[Problem]:
    """What a kind names as governing it holds a passage on it; what governs it today is in force and speaks of it."""
    held = {(p.guideline, p.section, kind) for _, p in corpus.passages() for kind in p.service_kinds}
    spoken = {(guideline, kind) for guideline, _, kind in held}
    current = {edition.label for edition in corpus.editions if edition.in_force.end is None}
    for kind in corpus.kinds:
        for guideline, section in kind.governed_by:
            if (guideline, section, kind.id) not in held:
                place = f"{guideline}, {section}" if section else guideline
                yield Problem(SERVICES_FILE, kind.id, f"governed_by names {place}, which holds no passage on it")
        for label in kind.today:
            if label not in current:
                yield Problem(SERVICES_FILE, kind.id, f"today names {label}, which is no edition in force")
            elif (label, kind.id) not in spoken:
                yield Problem(SERVICES_FILE, kind.id, f"today names {label}, which does not speak of it")


def _kinds_of_passages(corpus: _Corpus) -> Iterator[Problem]:
    """A passage speaks of kinds that there are; one of law also of a category of kinds, of any, or of none."""
    known = {kind.id for kind in corpus.kinds}
    for_law = known | {kind.category for kind in corpus.kinds} | _LAW_NAMES
    for file, passage in corpus.passages():
        for name in passage.service_kinds:
            if name not in (for_law if passage.is_law else known):
                yield Problem(
                    file, passage.section or "", f"the kind of service {name!r} does not stand in the taxonomy"
                )


def _criteria(corpus: _Corpus) -> Iterator[Problem]:
    """A criterion has a source, an id of its own, concepts that there are, and stands word for word in its passage."""
    concepts = corpus.lexicon.concepts if corpus.lexicon else None
    seen: dict[str, str] = {}
    for file, passage, criterion in corpus.criteria():
        if not criterion.source.strip():
            yield Problem(file, criterion.id, "it has no source")
        if criterion.id in seen:
            yield Problem(file, criterion.id, f"another criterion in {seen[criterion.id]} has this id")
        seen.setdefault(criterion.id, file)
        if criterion.text not in passage.text:
            yield Problem(file, criterion.id, "its text does not stand in its passage")
        named = (*criterion.asks, *criterion.against, *criterion.given, *criterion.not_given)
        for concept in dict.fromkeys(named):
            if concepts is not None and concept not in concepts:
                yield Problem(file, criterion.id, f"the concept {concept!r} does not stand in concepts.yaml")


def _alternatives(corpus: _Corpus) -> Iterator[Problem]:
    """Criteria of one `any_of` are alternatives, so there are at least two of them in the passage."""
    for file, passage in corpus.passages():
        groups = Counter(criterion.any_of for criterion in passage.criteria if criterion.any_of)
        for name, members in groups.items():
            if members < 2:
                yield Problem(file, passage.section or "", f"any_of {name!r} has one member only")


def _labels(corpus: _Corpus) -> Iterator[Problem]:
    """A guideline has one label, the same in its file, in the taxonomy and in what illustrations cite."""
    files: dict[tuple[str, PassageKind], str] = {}
    for source in corpus.sources:
        label = source.guideline.edition.label
        other = files.setdefault((label, source.guideline.kind), source.file)
        if other != source.file:
            yield Problem(source.file, "label", f"{label} is the label of {other} already")
        yield from _one_odg(source.file, "label", label)
    for kind in corpus.kinds:
        for guideline, _ in kind.governed_by:
            yield from _one_odg(SERVICES_FILE, kind.id, guideline)
    for file, letter in corpus.letters:
        for cited in (cited for decision in letter.decisions for cited in decision.guidelines):
            yield from _one_odg(file, "", cited.guideline)


def _one_odg(file: str, place: str, label: str) -> Iterator[Problem]:
    if _ODG.search(label) and label != "ODG":
        yield Problem(file, place, f"the guideline is called {label!r}; its label is 'ODG'")


def _traces(corpus: _Corpus) -> Iterator[Problem]:
    """No trace of the letters that the corpus was learnt from."""
    for path in sorted(p for p in corpus.folder.rglob("*") if p.suffix in {".yaml", ".md", ".txt"}):
        try:
            text = read_text(path)
        except CorpusError as error:
            yield Problem(_name(corpus, path), "", error.reason)
            continue
        for match in _TRACES.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield Problem(_name(corpus, path), f"line {line}", f"{match[0].strip()!r} is a trace of letters")


def _dates(corpus: _Corpus) -> Iterator[Problem]:
    """The editions of a family follow one another; a gap is explained by the later one's note."""
    yield from (Problem(EDITIONS_FILE, "", fault) for fault in edition_faults(corpus.editions))
    families: defaultdict[str, list[Edition]] = defaultdict(list)
    for edition in corpus.editions:
        families[edition.family].append(edition)
    for family, editions in families.items():
        editions.sort(key=lambda edition: edition.in_force.start or date.min)
        for earlier, later in zip(editions, editions[1:], strict=False):
            end, start = earlier.in_force.end, later.in_force.start or date.min
            if end is None or end > start:
                yield Problem(EDITIONS_FILE, family, f"{earlier.label} and {later.label} are in force at once")
            elif end < start and not later.note:
                yield Problem(
                    EDITIONS_FILE, family, f"from {end} to {start} no edition is in force, and no note says why"
                )


def _files_of_editions(corpus: _Corpus) -> Iterator[Problem]:
    """Every edition has its file with the same dates, and a file with dates is an edition's; law has none."""
    files = {s.guideline.edition.label: s for s in corpus.sources if not _of_law(s.guideline)}
    known = {edition.label: edition for edition in corpus.editions}
    for label, edition in known.items():
        if label not in files:
            yield Problem(EDITIONS_FILE, label, "no guideline file has this label")
        elif files[label].guideline.edition != edition:
            yield Problem(files[label].file, "front matter", f"it differs from {EDITIONS_FILE} on {label}")
    for label, source in files.items():
        if label not in known and source.guideline.edition.in_force.start is not None:
            yield Problem(source.file, "label", f"{label} is in force from a day, but is no edition of {EDITIONS_FILE}")


def _of_law(guideline: Guideline) -> bool:
    return any(passage.is_law for passage in guideline.passages)


def _illustrations(corpus: _Corpus) -> Iterator[Problem]:
    """An illustration reads whole, its services are known, and each category is illustrated from both sides."""
    from assistant.corpus import Taxonomy
    from assistant.reading.services import read_request

    taxonomy = Taxonomy({kind.id: kind for kind in corpus.kinds})
    outcomes: defaultdict[str, set[Outcome]] = defaultdict(set)
    for file, letter in corpus.letters:
        yield from (Problem(file, "", warning) for warning in letter.warnings if warning != _NO_CASE_NUMBER)
        if not letter.decisions:
            yield Problem(file, "", "no decision was found in it")
        for number, decision in enumerate(letter.decisions, 1):
            kind = taxonomy.kinds.get(read_request(decision.service, taxonomy).kind or "") if decision.service else None
            if decision.outcome is None or not decision.rationale:
                yield Problem(file, f"decision {number}", "it has no outcome or no rationale")
            elif kind is None:
                yield Problem(file, f"decision {number}", "its service is of no known kind")
            else:
                outcomes[kind.category].add(decision.outcome)
    for category, told in outcomes.items():
        for missing in sorted(set(Outcome) - told):
            yield Problem("determinations", category, f"no illustrative decision of this category is {missing}")


def _windows(corpus: _Corpus) -> Iterator[Problem]:
    """A passage with its citation fits into the embedding model's window, so that nothing of it is cut."""
    held = list(corpus.passages())
    for (file, passage), tokens in zip(held, minilm_token_counts([passage_text(p) for _, p in held]), strict=True):
        if tokens > WINDOW:
            kinds = ", ".join(passage.service_kinds)
            place = " / ".join(filter(None, (passage.section, kinds)))
            yield Problem(file, place, f"the passage has {tokens} tokens, and the embedder's window holds {WINDOW}")


_RULES: Sequence[Callable[[_Corpus], Iterator[Problem]]] = (
    _between_kinds,
    _places_of_kinds,
    _kinds_of_passages,
    _criteria,
    _alternatives,
    _labels,
    _traces,
    _dates,
    _files_of_editions,
    _illustrations,
    _windows,
)
