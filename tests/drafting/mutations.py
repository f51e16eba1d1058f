"""Wrong sentences made of right ones: one number, side, drug, date, negation ... of a draft changed at a time.

Half of them get a value of the same sort that stands elsewhere in the same case, passage or request, half one that
stands nowhere there. It reads texts by its own patterns and shares none with verification.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from assistant.domain import Draft, IssueDraft, Move, Passage, Sentence, SupportKind, Verdict
from assistant.drafting.verification import verify_one

INSIDE, OUTSIDE = "inside", "outside"


@dataclass(frozen=True)
class Origin:
    """A right sentence with all that it may be held against."""

    sentence: Sentence
    issue: IssueDraft
    case: str
    passages: Mapping[str, Passage]

    @property
    def around(self) -> str:
        """The texts from which a wrong value may be taken: the case, what the supports name, and the request."""
        findings = {finding.id: finding.statement for finding in self.issue.findings}
        texts = [self.case, self.issue.service.text]
        for support in self.sentence.supports:
            if support.kind is SupportKind.PASSAGE:
                passage = self.passages[support.id]
                texts += [passage.text, passage.citation]
            elif support.kind is SupportKind.FINDING:
                texts.append(findings[support.id])
        return "\n".join(dict.fromkeys(texts))

    def verdict(self, text: str) -> Verdict:
        """The verdict on another wording of the sentence, on the same supports."""
        return verify_one(replace(self.sentence, text=text), self.issue, self.case, self.passages).verdict


@dataclass(frozen=True)
class Mutant:
    """A wrong sentence: the sort of value changed, where the new one is from, what was changed into what."""

    origin: Origin
    sort: str
    source: str  # INSIDE or OUTSIDE
    old: str
    new: str
    text: str
    quoted: bool  # the change stands inside a quotation

    def caught(self) -> bool:
        """Whether verification no longer passes the sentence."""
        return self.origin.verdict(self.text) is not Verdict.PASSED


def origins(draft: Draft) -> Iterator[Origin]:
    """The sentences of a draft that verification passes."""
    for issue in draft.issues:
        for sentence in issue.sentences:
            if not sentence.slot and sentence.verdict is Verdict.PASSED:
                yield Origin(sentence, issue, draft.case.text, draft.passages)


# --- what is changed: one pattern a sort, and values from outside ----------------------------------------------

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = (
    rf"\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{2,4}}\b"
    rf"|\b(?:{_MONTHS}) (?:\d{{1,2}}, )?\d{{4}}\b|\b\d{{2}}/\d{{4}}\b"
)
_WORDED = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_SCORE = r"(?<![\d/.])\d{1,2}(?:\.\d)?/(?:10|5)\b(?![/\d])"
_LEVEL = r"\b[CTLS]\d{1,2}(?:\s?[-/]\s?[CTLS]?\d{1,2})?\b(?![/.]\d)"
_CITED = r"\b(?:MTUS|ODG|ACOEM)\b(?: [A-Z][\w&'’,-]*| and| of)* \d{4}\b"
_DRUGS = {
    "hydrocodone": "hydrocodone/acetaminophen norco vicodin lortab hydrocodone",
    "oxycodone": "percocet oxycodone/acetaminophen oxycodone oxycontin endocet",
    "morphine": "morphine kadian",
    "tramadol": "tramadol ultram",
    "tapentadol": "tapentadol nucynta",
    "ibuprofen": "ibuprofen motrin advil",
    "naproxen": "naproxen naprosyn anaprox aleve",
    "diclofenac": "diclofenac voltaren",
    "etodolac": "etodolac lodine",
    "meloxicam": "meloxicam mobic",
    "celecoxib": "celecoxib celebrex",
    "cyclobenzaprine": "cyclobenzaprine flexeril fexmid",
    "carisoprodol": "carisoprodol soma",
    "tizanidine": "tizanidine zanaflex",
    "methocarbamol": "methocarbamol robaxin",
    "baclofen": "baclofen",
    "orphenadrine": "orphenadrine norflex",
    "gabapentin": "gabapentin neurontin",
    "pregabalin": "pregabalin lyrica",
    "duloxetine": "duloxetine cymbalta",
    "amitriptyline": "amitriptyline elavil",
    "trazodone": "trazodone",
    "zolpidem": "zolpidem ambien",
    "alprazolam": "alprazolam xanax",
    "omeprazole": "omeprazole prilosec",
    "pantoprazole": "pantoprazole protonix",
    "lidocaine": "lidocaine lidoderm",
    "capsaicin": "capsaicin",
    "flurbiprofen": "flurbiprofen",
    "prednisone": "prednisone",
    "sumatriptan": "sumatriptan imitrex",
}
_DRUG_OF = {name: drug for drug, names in _DRUGS.items() for name in names.split()}
_DRUG = rf"\b(?:{'|'.join(sorted(map(re.escape, _DRUG_OF), key=len, reverse=True))})\b"
_THERAPIES = {
    "physical therapy": ("physical therapy", "PT"),
    "acupuncture": ("acupuncture",),
    "chiropractic": ("chiropractic treatment", "chiropractic care", "chiropractic"),
    "massage": ("massage therapy", "massage"),
    "occupational therapy": ("occupational therapy",),
    "aquatic therapy": ("aquatic therapy",),
    "psychotherapy": ("psychotherapy",),
}
_THERAPY_OF = {name.lower(): one for one, names in _THERAPIES.items() for name in names}
_THERAPY_NAMES = sorted((name for names in _THERAPIES.values() for name in names), key=len, reverse=True)
_THERAPY = rf"\b(?:{'|'.join(map(re.escape, _THERAPY_NAMES))})\b"
_PARTS = {
    "neck": "neck|cervical spine|cervical",
    "back": "low back|lower back|lumbar spine|lumbar|back",
    "shoulder": "shoulders?",
    "elbow": "elbows?",
    "wrist": "wrists?",
    "hand": "hands?",
    "hip": "hips?",
    "knee": "knees?",
    "ankle": "ankles?",
    "foot": "foot|feet",
    "leg": "legs?|lower extremit(?:y|ies)",
    "arm": "arms?|upper extremit(?:y|ies)",
    "thumb": "thumbs?",
    "heel": "heels?",
}
_PART = rf"(?<!straight )\b(?:{'|'.join(_PARTS.values())})\b(?! ?(?:chapter|Complaints|raise)|(?<=back) (?:to|at|in)\b)"
_UNITS = {
    "visit": "visits?|sessions?|treatments?",
    "week": "weeks?",
    "month": "months?",
    "day": "days?",
    "hour": "hours?",
    "minute": "minutes?",
    "mg": "mg",
    "mcg": "mcg",
    "percent": "%|percent",
    "degree": "degrees",
    "tablet": "tablets?|pills?",
    "injection": "injections?",
}
_UNIT = (
    r"(?<=\d)\s?%|(?:(?<=\d )|(?<=\b(?:one|two|six|ten) )|(?<=\b(?:four|five|nine) )|(?<=\b(?:three|seven|eight) ))"
    rf"(?:{'|'.join(_UNITS.values())})(?!\w)"
)
_RESULTS = {"positive": "negative", "negative": "positive", "normal": "abnormal", "abnormal": "normal"}
_SEXES = {
    "woman": "man", "man": "woman", "She": "He", "He": "She", "Her": "His", "His": "Her", "her": "his", "his": "her",
    "she": "he", "he": "she", "male": "female", "female": "male", "himself": "herself", "herself": "himself",
}  # fmt: skip
_TURNS = {
    "before": "after", "after": "before", "with": "without", "without": "with", "increased": "decreased",
    "decreased": "increased", "reduced": "increased", "improved": "worsened", "at least": "at most",
    "more than": "less than", "no more than": "no less than", "up to": "at least", "since": "until",
}  # fmt: skip
_NUMBER = (
    rf"(?<![\w/.#-])(?:\d{{1,3}}(?:\.\d+)?|{_WORDED})(?![\w/])(?![.,-]\d)"
    r"|(?<=#)\d+\b|(?<![\w/.-])\d{1,3}(?=-year-old)"
)


def _words(table: Iterable[str]) -> str:
    return rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, table), key=len, reverse=True))})(?!\w)"


# The order matters: what one sort has taken of a text is closed to the next.
PATTERNS: dict[str, re.Pattern[str]] = {
    "citation": re.compile(_CITED),
    "date": re.compile(_DATE),
    "score": re.compile(_SCORE),
    "level": re.compile(_LEVEL),
    "number": re.compile(_NUMBER, re.IGNORECASE),
    "unit": re.compile(_UNIT),
    "drug": re.compile(_DRUG, re.IGNORECASE),
    "therapy": re.compile(_THERAPY),
    "part": re.compile(_PART, re.IGNORECASE),
    "side": re.compile(r"\b(?:left|right|bilateral)\b(?! untreated| in place| open)"),
    "result": re.compile(_words(_RESULTS), re.IGNORECASE),
    "sex": re.compile(_words(_SEXES)),
    "direction": re.compile(_words(_TURNS)),
}
_OUTSIDE: dict[str, tuple[str, ...]] = {
    "citation": ("MTUS Low Back Complaints 2004", "MTUS Knee Complaints 2004", "MTUS Opioid Treatment 2016",
                 "MTUS Chronic Pain Medical Treatment 2009", "MTUS Shoulder Complaints 2004"),
    "date": ("03/17/2013", "2/29/2016", "August 21, 2014", "2015-01-31", "1/2/2012"),
    "score": ("1/10", "3/10", "9/10", "2/5", "3/5"),
    "level": ("C3-4", "T7", "L1-2", "C7", "L2-L3"),
    "drug": ("sumatriptan", "celecoxib", "baclofen", "Percocet", "Ambien"),
    "therapy": ("psychotherapy", "aquatic therapy", "massage therapy", "acupuncture"),
    "part": ("heel", "elbow", "hip", "thumb", "neck"),
    "unit": ("weeks", "months", "hours", "mcg", "percent"),
}  # fmt: skip
_DENIED = {
    " is ": " is not ", " was ": " was not ", " are ": " are not ", " were ": " were not ", " has ": " has no ",
    " had ": " had no ", " have ": " have no ", " takes ": " does not take ", " showed ": " showed no ",
    " shows ": " shows no ", " reports ": " denies ", " with ": " with no ", " states ": " does not state ",
    " does not ": " does ", " did not ": " did ", " denies ": " has ", " denied ": " had ", " no ": " ", " not ": " ",
    " without ": " with ", " nor ": " and ", " neither ": " both ", " never ": " ", " received ": " did not receive ",
    " completed ": " did not complete ", " asks ": " does not ask ", " and ": " and no ", " cannot ": " can ",
}  # fmt: skip
_DENIAL = r"(?:no|not|denies|denied|without|neither|nor|never|none|fail(?:s|ed)|lack|negative|unable|could not|cannot)"
# An unclear change: a "no" where the words already stand under one, or that no sentence would have there.
_UNCLEAR_BEFORE = re.compile(
    rf"\b{_DENIAL}\b[^.;:]{{0,60}}$|\b(?:UR|review|request\w*|administrator)\b[^.;:]{{0,40}}$", re.I
)
_UNCLEAR_AFTER = re.compile(
    rf"^\W*(?:(?:\w+ ){{0,2}}{_DENIAL}\b|(?:the|a|an|also|he|she|is|was|has|had|does|did|uses)\b)", re.I
)
_IN_DENIED_LIST = re.compile(rf"\b{_DENIAL}\b(?:(?!\bbut\b)[^.;:])*(?:,|\band|\bor)\s*$", re.I)


def _taken(text: str, sort: str) -> list[re.Match[str]]:
    """The values of one sort that a text names, those left out that an earlier sort has taken."""
    closed: list[tuple[int, int]] = []
    for name, pattern in PATTERNS.items():
        found = [m for m in pattern.finditer(text) if not any(m.start() < b and a < m.end() for a, b in closed)]
        if name == sort:
            return found
        closed += [m.span() for m in found]
    raise KeyError(sort)


@cache
def values_in(text: str, sort: str) -> tuple[str, ...]:
    """The values of a sort that a text names, each once."""
    return tuple(dict.fromkeys(m.group() for m in _taken(text, sort)))


_YEAR_FIRST = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTH_FIRST = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{2,4})")
_SPELLED = re.compile(rf"({_MONTHS}) (?:(\d{{1,2}}), )?(\d{{4}})")
_NUMERALS = dict(zip(_WORDED.split("|"), range(2, 13), strict=True))


def _folded_date(value: str) -> str:
    months = _MONTHS.split("|")
    if match := _YEAR_FIRST.fullmatch(value):
        year, month, day = map(int, match.groups())
    elif match := _MONTH_FIRST.fullmatch(value):
        month, day, year = map(int, match.groups())
    elif match := _SPELLED.fullmatch(value):
        year, month, day = int(match[3]), months.index(match[1]) + 1, int(match[2] or 0)
    else:
        month, year, day = *map(int, value.split("/")), 0
    return f"{year % 100}-{month}-{day}"


def canonical(value: str, sort: str) -> str:
    """One form for all spellings of a value, so that "Norco" is no change of "hydrocodone"."""
    lower = value.strip().lower()
    if sort == "date":
        return _folded_date(value)
    if sort == "number":
        return str(_NUMERALS.get(lower, lower)).lstrip("0")
    if sort == "drug":
        return _DRUG_OF[lower]
    if sort == "therapy":
        return _THERAPY_OF[lower]
    if sort in {"part", "unit"}:
        table = _PARTS if sort == "part" else _UNITS
        return next(one for one, forms in table.items() if re.fullmatch(forms, lower))
    if sort == "level":
        folded = re.sub(r"\s", "", value).replace("/", "-")
        return re.sub(r"^([CTLS])(\d+)-(\d+)$", r"\1\2-\g<1>\3", folded)
    return lower


# --- what would still be true ---------------------------------------------------------------------------------

_FRAME = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "and",
        "or",
        "to",
        "in",
        "on",
        "at",
        "for",
        "with",
        "is",
        "are",
        "was",
        "were",
        "has",
        "had",
        "have",
        "by",
        "he",
        "she",
        "his",
        "her",
        "this",
        "that",
        "worker",
        "patient",
        "injured",
        "it",
        "also",
        "as",
        "from",
        "states",
        "summary",
        "requested",
        "request",
    ]
)


def _content(text: str) -> list[str]:
    return [w for w in re.findall(r"[a-z0-9%]+(?:[./-][a-z0-9]+)*", text.lower()) if w not in _FRAME]


def still_true(text: str, start: int, new: str, around: str) -> bool:
    """Whether the new value with its neighbours stands so in a source: the same value of the same thing.

    The rule: the value and the two telling words on either side stand in this order, nothing telling between them, in
    one of the texts. It is applied before verification is asked.
    """
    here = _content(text[:start])[-2:] + _content(new) + _content(text[start + len(new) :])[:2]
    held = _content(around)
    return any(held[at : at + len(here)] == here for at in range(len(held) - len(here) + 1))


# --- mutants --------------------------------------------------------------------------------------------------


def mutants(origin: Origin, rng: random.Random) -> Iterator[Mutant]:
    """The wrong sentences made of one right one: for each value up to two from inside and two from outside."""
    text = origin.sentence.text
    for sort in PATTERNS:
        for match in _taken(text, sort):
            for source, new in _others(origin, match.group(), sort, rng):
                yield from _changed(origin, sort, source, match.span(), new)
    yield from _swaps(origin)
    yield from _denied(origin, rng)
    yield from _misquoted(origin, rng)
    yield from _other_service(origin)


def _others(origin: Origin, old: str, sort: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    table = {"result": _RESULTS, "sex": _SEXES, "direction": _TURNS}.get(sort)
    around = values_in(origin.around, sort)
    if table is not None:
        if old == "with" and re.search(r"\bwith no\b", origin.sentence.text):
            return  # "without no" is no English
        new = table[old] if old in table else table[old.lower()].capitalize()
        yield (INSIDE if new in around else OUTSIDE), new
        return
    same = canonical(old, sort)
    inside = [v for v in around if canonical(v, sort) != same and _fits(old, v, sort)]
    held = {canonical(v, sort) for v in around}
    outside = [v for v in _outside(old, sort, rng) if canonical(v, sort) not in held | {same}]
    for source, some in ((INSIDE, inside), (OUTSIDE, outside)):
        yield from ((source, value) for value in rng.sample(some, min(2, len(some))))


def _fits(old: str, new: str, sort: str) -> bool:
    """Whether a reader could take the new value for the old: a score of strength is none of pain."""
    return sort != "score" or old.rpartition("/")[2] == new.rpartition("/")[2]


def _outside(old: str, sort: str, rng: random.Random) -> list[str]:
    if sort == "number":
        value = float(_NUMERALS.get(old.lower(), old.lower()))
        others = {value + 1, value + 2, value * 2 + 1, value - 1}
        return [f"{n:g}" for n in sorted(others) if n > 1]
    if sort == "side":
        return ["left", "right", "bilateral"]
    return [v for v in _OUTSIDE[sort] if _fits(old, v, sort)]


def _changed(origin: Origin, sort: str, source: str, span: tuple[int, int], new: str) -> Iterator[Mutant]:
    text, (start, end) = origin.sentence.text, span
    old = text[start:end]
    if old[:1].isupper() and new[:1].islower() and not text[:start].strip():
        new = new[0].upper() + new[1:]
    wrong = text[:start] + new + text[end:]
    if wrong.casefold() == text.casefold() or still_true(wrong, start, new, origin.around):
        return
    quoted = text[:start].count("“") > text[:start].count("”")
    named = "quantity" if sort == "number" and origin.sentence.move is Move.CONCLUSION else sort
    yield Mutant(origin, named, source, old.strip(), new.strip(), wrong, quoted)


def _swaps(origin: Origin) -> Iterator[Mutant]:
    """Two values of one sort in a sentence change places."""
    text = origin.sentence.text
    for sort in ("date", "score", "level", "number", "drug", "therapy", "part", "side", "result"):
        found = _taken(text, sort)
        for a, b in zip(found, found[1:], strict=False):
            old, new = a.group(), b.group()
            if (
                _same_value(old, new, sort)
                or _in_list(PATTERNS[sort].sub(" ", text[a.end() : b.start()]))
                or _parallel(text, a, b)
            ):
                continue
            wrong = text[: a.start()] + new + text[a.end() : b.start()] + old + text[b.end() :]
            quoted = text[: a.start()].count("“") > text[: a.start()].count("”")
            yield Mutant(origin, sort, INSIDE, old, f"{new} (changed places)", wrong, quoted)


def _in_list(between: str) -> bool:
    """Whether two values stand in one list ("neck, low back and left knee"), where the order says nothing."""
    return not re.sub(r"\b(?:and|or|the|left|right|bilateral)\b|[\s,/&-]", "", between)


def _parallel(text: str, a: re.Match[str], b: re.Match[str]) -> bool:
    """Whether two values have the same neighbour ("MRI of the neck and MRI of the back"): swapped they say the same."""
    before = [_content(text[: m.start()])[-1:] for m in (a, b)]
    after = [_content(text[m.end() :])[:1] for m in (a, b)]
    between = _content(text[a.end() : b.start()])
    alike = (before[0] == before[1] != []) + (after[0] == after[1] != [])
    return alike == 2 or (alike == 1 and len(between) <= 2)


def _same_value(a: str, b: str, sort: str) -> bool:
    if sort in {"side", "result", "score"}:
        return a.lower() == b.lower()
    return canonical(a, sort) == canonical(b, sort)


def _denied(origin: Origin, rng: random.Random) -> Iterator[Mutant]:
    """A "not" put in or taken out; from inside: the case's own word of denial put before what is stated."""
    text = origin.sentence.text
    for old, new in _DENIED.items():
        for match in re.finditer(re.escape(f" {old.strip()} "), text):
            wrong = text[: match.start()] + new.rstrip(" ") + " " + text[match.end() :]
            yield from _negated(origin, OUTSIDE, match.start(), old.strip(), new.strip(), wrong)
    cues = [cue for cue in ("denies", "no", "without", "no evidence of", "negative for") if f" {cue} " in origin.case]
    places = [m.end() for m in re.finditer(r"\b(?:has|had|with|showed|shows|of|notes|reports|and) ", text)]
    for cue in cues:
        for at in rng.sample(places, min(1, len(places))):
            yield from _negated(origin, INSIDE, at, "", cue, text[:at] + cue + " " + text[at:])


def _negated(origin: Origin, source: str, at: int, old: str, new: str, wrong: str) -> Iterator[Mutant]:
    text = origin.sentence.text
    if "medically necessary" in text and origin.issue.outcome is None:
        return
    before = text[
        : at + len(old) + 1 if re.fullmatch(r"(?:is|was|are|were|has|had|have|with|and)", old) else at
    ].rstrip()
    after = wrong[len(before) :].strip().removeprefix(new.split(" ")[-1])
    if _unclear(before, after, old, new) or still_true(wrong, at, new, origin.around):
        return
    quoted = text[:at].count("“") > text[:at].count("”")
    yield Mutant(origin, "negation", source, old, new, wrong, quoted)


def _unclear(before: str, after: str, old: str, new: str) -> bool:
    """Whether a change of a denial may change nothing: it stands in what is denied already, or is no English."""
    taken_out = re.search(rf"\b{_DENIAL}\b", old) is not None
    if taken_out:
        return bool(_IN_DENIED_LIST.search(before)) or (old == "denied" and bool(_UNCLEAR_BEFORE.search(before)))
    return bool(_UNCLEAR_BEFORE.search(before) or _UNCLEAR_AFTER.search(after))


def _misquoted(origin: Origin, rng: random.Random) -> Iterator[Mutant]:
    """A word of a quotation replaced by a word of the case or by another, and a whole quotation by another sentence."""
    text = origin.sentence.text
    words = re.findall(r"\b[a-z]{4,}\b", origin.case)
    lines = [line.strip() for line in re.split(r"(?<=[.!?])\s+", origin.case) if len(line.split()) > 3]
    for match in re.finditer(r"“([^”]+)”", text):
        inner = list(re.finditer(r"\b[A-Za-z]{3,}\b", match[1]))
        for word in rng.sample(inner, min(2, len(inner))):
            start = match.start(1) + word.start()
            end = match.start(1) + word.end()
            for source, new in ((INSIDE, rng.choice(words or ["pain"])), (OUTSIDE, "somewhat")):
                wrong = text[:start] + new + text[end:]
                if new.lower() != word.group().lower() and not still_true(wrong, start, new, origin.around):
                    yield Mutant(origin, "quote", source, word.group(), new, wrong, quoted=True)
        other = rng.choice(lines).rstrip(".") if lines else ""
        if other and other not in match[1] and match[1] not in other:
            wrong = text[: match.start(1)] + other + text[match.end(1) :]
            if not any(other in support.span.quote for support in origin.sentence.supports):
                yield Mutant(origin, "quote", INSIDE, match[1], other, wrong, quoted=True)


def _other_service(origin: Origin) -> Iterator[Mutant]:
    """The conclusion turned, where the outcome is set."""
    text = origin.sentence.text
    if origin.sentence.move is not Move.CONCLUSION or origin.issue.outcome is None:
        return
    turned = (
        text.replace(" not medically", " medically")
        if " not medically" in text
        else text.replace(" medically", " not medically")
    )
    if turned != text:
        yield Mutant(origin, "outcome", OUTSIDE, "", "", turned, quoted=False)


# --- a fair sample, and what comes of it ----------------------------------------------------------------------


def sampled(found: Iterable[Mutant], most: int, rng: random.Random) -> list[Mutant]:
    """At most `most` mutants, half from inside, the sorts taken in turn so that the rare ones are among them."""
    pools: dict[tuple[str, str], list[Mutant]] = defaultdict(list)
    for mutant in {(m.origin.sentence, m.origin.case, m.text): m for m in found}.values():
        pools[mutant.source, mutant.sort].append(mutant)
    chosen: list[Mutant] = []
    for source in (INSIDE, OUTSIDE):
        turns = [rng.sample(pool, len(pool)) for (of, _), pool in sorted(pools.items()) if of == source]
        want = most // 2
        while want and turns:
            for pool in turns:
                if want and pool:
                    chosen.append(pool.pop())
                    want -= 1
            turns = [pool for pool in turns if pool]
    return chosen


@dataclass(frozen=True)
class Shares:
    """How many mutants of each sort were made and caught, and the ones that were not."""

    made: Counter[str]
    caught: Counter[str]
    survivors: tuple[Mutant, ...]

    @property
    def share(self) -> float:
        """The share caught of all."""
        return self.caught.total() / self.made.total()

    def table(self) -> str:
        """The share caught by sort, a line each, for people."""
        rows = [
            f"{name:<12}{self.caught[name]:>6} of {n:<6}{self.caught[name] / n:.3f}"
            for name, n in sorted(self.made.items())
        ]
        return "\n".join([*rows, f"{'all':<12}{self.caught.total():>6} of {self.made.total():<6}{self.share:.4f}"])

    def listed(self) -> str:
        """The survivors, each with the right sentence below it."""
        lines = (
            f"{m.sort}, {m.source}: {m.old!r} -> {m.new!r}\n  {m.text}\n  {m.origin.sentence.text}"
            for m in self.survivors
        )
        return "\n".join(lines)


def shares(some: Iterable[Mutant], caught: Callable[[Mutant], bool] = Mutant.caught) -> Shares:
    """Ask of each mutant whether it is caught."""
    made: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    survivors: list[Mutant] = []
    for mutant in some:
        made[mutant.sort] += 1
        if caught(mutant):
            seen[mutant.sort] += 1
        else:
            survivors.append(mutant)
    return Shares(made, seen, tuple(survivors))
