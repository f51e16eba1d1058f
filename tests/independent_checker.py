"""A second checker of a draft's grounding: it reads the contract's JSON and shares no code with the program.

Coarser than the program's own verification and made of other parts: words are split by hand, values are compared as
sets, and nothing is known of grammar. What it reports is wrong; what it passes need not be right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TEENS = ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SPELLED = {word: str(n) for n, word in enumerate([*_ONES, *_TEENS])} | {word: str(n) for word, n in _TENS.items()}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_SIDES = {"left": "left", "right": "right", "bilateral": "bilateral", "bilaterally": "bilateral"}
_REGIONS = "CTLS"
# One drug or part a line: all its names. Names of one line are one thing.
_DRUGS = """
hydrocodone norco vicodin lortab
oxycodone percocet oxycontin endocet
morphine kadian
tramadol ultram
tapentadol nucynta
ibuprofen motrin advil
naproxen naprosyn anaprox aleve
diclofenac voltaren flector
etodolac lodine
meloxicam mobic
celecoxib celebrex
nabumetone relafen
ketorolac toradol
cyclobenzaprine flexeril fexmid
carisoprodol soma
tizanidine zanaflex
methocarbamol robaxin
metaxalone skelaxin
baclofen
orphenadrine norflex
gabapentin neurontin
pregabalin lyrica
duloxetine cymbalta
amitriptyline elavil
trazodone
zolpidem ambien
alprazolam xanax
diazepam valium
omeprazole prilosec
pantoprazole protonix
lidocaine lidoderm
ketoprofen
capsaicin
flurbiprofen
prednisone
sumatriptan imitrex
"""
_PARTS = """
neck cervical
back lumbar lumbosacral
thoracic
shoulder shoulders
elbow elbows
wrist wrists
hand hands
hip hips
knee knees
ankle ankles
foot feet
thumb thumbs
heel heels
"""
_DRUG_OF = {name: line.split()[0] for line in _DRUGS.strip().splitlines() for name in line.split()}
_PART_OF = {name: line.split()[0] for line in _PARTS.strip().splitlines() for name in line.split()}
_DENYING = {
    "no",
    "not",
    "without",
    "denies",
    "denied",
    "never",
    "none",
    "neither",
    "nor",
    "cannot",
    "negative",
    "absent",
}
_NOT_DENYING = {"only", "more", "later", "less", "fewer", "medically", "just", "greater"}  # "not only", "no more than"
_GRAMMAR = frozenset(
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
        "be",
        "been",
    ]
    + ["has", "had", "have", "by", "he", "she", "his", "her", "it", "its", "this", "that", "as", "from", "which", "who"]
    + ["also", "both", "than", "then", "so", "if", "when", "while", "s", "t", "per", "worker", "patient", "injured"]
    + ["summary", "states", "says"]
)
_AROUND = 4  # telling words on either side of a value by which it is tied to its place


def faults(draft: Mapping[str, Any], case: str) -> list[str]:
    """What is wrong with a draft, one line a fault; `draft` is one line of `draft --json`, `case` its text as given."""
    found: list[str] = []
    for number, issue in enumerate(draft["issues"]):
        sources = _sources(draft, issue, case)
        for evidence in (e for finding in issue["findings"] for e in finding["evidence"]):
            if case[evidence["start"] : evidence["end"]] != evidence["quote"]:
                found.append(f"issue {number}: evidence stands elsewhere: {evidence['quote']!r}")
        for finding in issue["findings"]:
            if finding["status"] == "not_found" and (finding["evidence"] or not finding["searched"]):
                found.append(
                    f"issue {number}: {finding['criterion_id']} is not found with evidence, or without a search"
                )
        for sentence in issue["sentences"]:
            found += [f"issue {number}: {fault}: {sentence['text']}" for fault in _of_sentence(sentence, sources)]
        found += [f"issue {number}: {fault}" for fault in _concluded(issue)]
        told = " ".join(s["text"] for s in issue["sentences"] if not s.get("slot"))
        if " ".join(told.split()) != " ".join(issue["rationale"].split()):
            found.append(f"issue {number}: the rationale is not its sentences")
    return found


def _sources(draft: Mapping[str, Any], issue: Mapping[str, Any], case: str) -> dict[tuple[str, str], str]:
    sources = {("case", "case"): case, ("request", "request"): issue["service"]}
    sources |= {("passage", key): passage["text"] for key, passage in draft["passages"].items()}
    sources |= {("citation", key): passage["citation"] for key, passage in draft["passages"].items()}
    return sources | {("finding", f["criterion_id"]): f["statement"] for f in issue["findings"]}


def _of_sentence(sentence: Mapping[str, Any], sources: Mapping[tuple[str, str], str]) -> Iterator[str]:
    supports = sentence["supports"]
    if sentence.get("slot"):
        if sentence["verified"] or supports:
            yield "a slot that is verified or has supports"
        return
    if sentence["verified"] and not supports:
        yield "verified without support"
    for support in supports:
        text = sources.get((support["kind"], support["id"]))
        if text is None or not support["quote"] or text[support["start"] : support["end"]] != support["quote"]:
            yield f"a support that stands elsewhere: {support['quote']!r}"
    if sentence["verified"]:
        yield from _unbacked(sentence["text"], supports, sources)


def _unbacked(
    text: str, supports: Sequence[Mapping[str, Any]], sources: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    pool = [support["quote"] for support in supports]
    pool += [sources.get(("citation", support["id"]), "") for support in supports if support["kind"] == "passage"]
    for quote in _quotations(text):
        if not any(_squeezed(quote).rstrip(".,;") in _squeezed(held) for held in pool):
            yield f"a quotation that no support holds: {quote!r}"
    for name, read in (("number", numbers), ("level", levels), ("side", sides), ("drug", drugs), ("part", parts)):
        held = set().union(*(read(one) for one in pool))
        said = read(text) - ({"1"} if read is numbers and not _counts_one(text) else set())
        for value in sorted(said - held):
            yield f"a {name} that no support holds: {value}"
    held_dates = set().union(*(dates(one) for one in pool))
    for date in sorted(dates(text)):
        if not any(_within(date, other) for other in held_dates):
            yield f"a date that no support holds: {date}"
    yield from _elsewhere(text, pool)
    if "“" not in text:
        yield from _denied_otherwise(text, pool)


def _concluded(issue: Mapping[str, Any]) -> Iterator[str]:
    """A conclusion must be that of the issue's outcome, and its numbers, sides and levels those of the service."""
    for sentence in issue["sentences"]:
        words = _tokens(sentence["text"])
        if sentence.get("slot") or sentence["move"] != "conclusion" or "medically" not in words:
            continue
        against = words[words.index("medically") - 1] == "not"
        if issue["outcome"] is not None and against != (issue["outcome"] == "Upheld"):
            yield f"a conclusion that is not {issue['outcome']}: {sentence['text']}"
        for name, read in (("number", numbers), ("side", sides), ("level", levels), ("drug", drugs), ("part", parts)):
            for value in sorted(read(sentence["text"]) - read(issue["service"])):
                yield f"a conclusion with a {name} that the service has not: {value}: {sentence['text']}"


# --- values at their places -----------------------------------------------------------------------------------


def _elsewhere(text: str, pool: Sequence[str]) -> Iterator[str]:
    """Values told more often than the supports have them, and values among quite other words than there."""
    for name, read in (("number", _number_at), ("side", _side_at), ("level", _level_at), ("drug", _drug_at)):
        ours = list(_placed(text, read))
        theirs = [placed for held in pool for placed in _placed(held, read)]
        many = Counter(value for value, _, _ in ours)
        held_many = Counter(value for value, _, _ in theirs)
        for value, count in many.items():
            missing = [other for other, n in held_many.items() if other != value and many[other] < n]
            if count > held_many[value] > 0 and missing and name != "number":
                yield f"a {name} told {count} times that the supports hold {held_many[value]} times: {value}"
        for value, before, after in ours:
            places = [(b, a) for other, b, a in theirs if other == value]
            if (
                places
                and (before or after)
                and all((b or a) and not _alike(before, b) and not _alike(after, a) for b, a in places)
            ):
                yield f"a {name} among other words than in its supports: {value}"


def _alike(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether two stretches of telling words share one, or both are empty."""
    return bool(set(ours) & set(theirs)) or (not ours and not theirs)


def _placed(text: str, read: Callable[[Sequence[str], int], str | None]) -> Iterator[tuple[str, list[str], list[str]]]:
    """Each value of a text with the telling words before and after it."""
    tokens = _pieces(text)
    telling = [(at, t) for at, t in enumerate(tokens) if t not in _GRAMMAR and not t.isdigit() and t not in _SPELLED]
    for at in range(len(tokens)):
        value = read(tokens, at)
        if value is not None:
            before = [_stem(t) for i, t in telling if i < at][-_AROUND:]
            after = [_stem(t) for i, t in telling if i > at][:_AROUND]
            yield value, before, after


def _number_at(tokens: Sequence[str], at: int) -> str | None:
    token = tokens[at]
    if token in _SPELLED:
        return None if token == "one" else _SPELLED[token]
    return token if token.replace(".", "", 1).isdigit() else None


def _side_at(tokens: Sequence[str], at: int) -> str | None:
    return _SIDES.get(tokens[at])


def _level_at(tokens: Sequence[str], at: int) -> str | None:
    token = tokens[at]
    return token if token[:1] in "ctls" and token[1:2].isdigit() and len(token) <= 6 else None


def _drug_at(tokens: Sequence[str], at: int) -> str | None:
    return _DRUG_OF.get(tokens[at])


def _stem(token: str) -> str:
    return token[:5]


def _pieces(text: str) -> list[str]:
    """The words of a text in small letters, with what is joined by "-", "/" or "." kept whole ("l4-5", "6/10")."""
    pieces: list[str] = []
    for word in text.casefold().replace("#", " ").split():
        bare = word.strip(".,;:()[]“”\"'’‘?!%+")
        if bare:
            pieces.append(bare)
    return pieces


# --- said and denied ------------------------------------------------------------------------------------------


def _denied_otherwise(text: str, pool: Sequence[str]) -> Iterator[str]:
    """Words right after a denial that no support denies, and words that every support denies told without one."""
    theirs: dict[str, set[bool]] = {}
    for held in pool:
        for word, denied in _polarity(held, reach=8):
            theirs.setdefault(word, set()).add(denied)
    for word, denied in _polarity(text, reach=1):
        if denied and theirs.get(word) == {False}:
            yield f"a word denied that every support states: {word}"


def _polarity(text: str, reach: int) -> Iterator[tuple[str, bool]]:
    """Each telling word with whether a denial stands at most `reach` words before it."""
    for stretch in text.replace(". ", ";").replace(":", ";").split(";"):
        yield from _polarity_in(_pieces(stretch), reach)


def _polarity_in(pieces: Sequence[str], reach: int) -> Iterator[tuple[str, bool]]:
    cues = [
        at
        for at, word in enumerate(pieces)
        if (word in _DENYING or word.endswith(("n't", "n’t"))) and not set(pieces[at + 1 : at + 3]) & _NOT_DENYING
    ]
    for at, word in enumerate(pieces):
        if word not in _GRAMMAR and word not in _DENYING and word.isalpha() and len(word) > 3:
            yield _stem(word), any(0 < at - cue <= reach for cue in cues)


def _counts_one(text: str) -> bool:
    return any(token == "1" for token in _tokens(text))


# --- words, split by hand -------------------------------------------------------------------------------------


def _tokens(text: str) -> list[str]:
    """Runs of letters and runs of digits, in small letters; a decimal stays one."""
    tokens: list[str] = []
    run = ""
    for at, mark in enumerate(text + " "):
        after = text[at + 1 : at + 2]
        decimal = mark == "." and run.isdigit() and after.isdigit()
        fits = mark.isalnum() and (not run or (run[-1].isdigit() or run[-1] == ".") == mark.isdigit())
        if decimal or fits:
            run += mark
            continue
        if run:
            tokens.append(run.casefold())
        run = mark if mark.isalnum() else ""
    return tokens


def numbers(text: str) -> set[str]:
    """Every number of a text in digits: words and months read as numbers, "03" as "3", of "2003" also the "3"."""
    found: set[str] = set()
    for token in _tokens(text):
        if token[0].isdigit():
            whole, _, part = token.partition(".")
            whole = whole.lstrip("0") or "0"
            part = part.rstrip("0")
            found.add(f"{whole}.{part}" if part else whole)
            if len(whole) == 4 and not part:
                found.add(whole[2:].lstrip("0") or "0")
        elif token in _SPELLED:
            found.add(_SPELLED[token])
        elif len(token) >= 3 and token[:3] in _MONTHS and token != "may":
            found.add(str(_MONTHS.index(token[:3]) + 1))
    return found


def levels(text: str) -> set[str]:
    """Every vertebra that a text names as "L4": both of "L4-5"."""
    found: set[str] = set()
    at = 0
    while at < len(text):
        letter, before = text[at], text[at - 1 : at]
        if letter in _REGIONS and not before.isalnum() and text[at + 1 : at + 2].isdigit():
            at, first = _digits(text, at + 1)
            if len(first) <= 2 and not text[at : at + 1].isalnum():
                found.add(letter + first)
                if text[at : at + 1] in {"-", "/"} and text[at + 1 : at + 2].isdigit():
                    at, second = _digits(text, at + 1)
                    found.add(letter + second)
        else:
            at += 1
    return found


def _digits(text: str, at: int) -> tuple[int, str]:
    end = at
    while end < len(text) and text[end].isdigit():
        end += 1
    return end, text[at:end]


def sides(text: str) -> set[str]:
    """Every body side that a text names."""
    return {_SIDES[token] for token in _tokens(text) if token in _SIDES}


def drugs(text: str) -> set[str]:
    """Every drug that a text names, by its generic name."""
    return {_DRUG_OF[token] for token in _tokens(text) if token in _DRUG_OF}


def parts(text: str) -> set[str]:
    """Every part of the body that a text names."""
    return {_PART_OF[token] for token in _tokens(text) if token in _PART_OF}


def dates(text: str) -> set[tuple[int, int, int]]:
    """Every date of a text as year, month and day; what is not said is 0, and years count in their century."""
    found: set[tuple[int, int, int]] = set()
    words = text.replace(",", " ").replace("(", " ").replace(")", " ").replace(";", " ").split()
    for at, word in enumerate(words):
        found.update(_numeric_date(word.strip('.:“”’"')))
        if len(word) >= 3 and word[:3].casefold() in _MONTHS and word.isalpha():
            found.update(_spelled_date(_MONTHS.index(word[:3].casefold()) + 1, words[at + 1 : at + 3]))
    return found


def _numeric_date(word: str) -> Iterator[tuple[int, int, int]]:
    marks = [mark for mark in "/-" if word.count(mark) in {1, 2}]
    fields = word.split(marks[0]) if len(marks) == 1 else []
    if not fields or not all(field.isdigit() for field in fields):
        return
    values = [int(field) for field in fields]
    if len(fields) == 3 and len(fields[0]) == 4:
        yield values[0] % 100, values[1], values[2]
    elif len(fields) == 3 and values[0] <= 12 and values[1] <= 31 and len(fields[2]) in {2, 4}:
        yield values[2] % 100, values[0], values[1]
    elif len(fields) == 2 and len(fields[1]) == 4 and values[0] <= 12 and 1930 <= values[1] < 2100:
        yield values[1] % 100, values[0], 0


def _spelled_date(month: int, after: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    digits = [word.rstrip(".stndrh") for word in after]
    if digits and len(digits[0]) == 4 and digits[0].isdigit():
        yield int(digits[0]) % 100, month, 0
    elif len(digits) == 2 and all(d.isdigit() for d in digits) and len(digits[1]) == 4:
        yield int(digits[1]) % 100, month, int(digits[0])


def _within(date: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    """Whether a date says nothing beyond another: each of its fields is open or the same."""
    return all(mine in (0, theirs) for mine, theirs in zip(date, other, strict=True))


def _quotations(text: str) -> list[str]:
    found: list[str] = []
    for part in text.split("“")[1:]:
        quote, closed, _ = part.partition("”")
        if closed and quote.strip():
            found.append(quote)
    return found


def _squeezed(text: str) -> str:
    return " ".join(text.split())
