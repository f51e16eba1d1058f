"""What a sentence calls absent: "the summary does not state X", "no X is documented", "without X", "never had X".

Text in, the named things out, each with its words; a thing under a restriction of its own ("relief from therapy",
"therapy since the surgery") is left out, for its absence says nothing of the thing elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from assistant.drafting.analysis import analyse
from assistant.drafting.checks.found import unquoted
from assistant.drafting.vocabulary import PLAIN
from assistant.drafting.wording import Sort

_I = re.IGNORECASE
_PAPER = (
    r"(?:summary|(?:medical )?records?|file|(?:progress |clinical )?notes?|documentation|documents|reports?"
    r"|chart|letter"
    r"|submitted \w+)"
)
_TELLS = r"(?:state|mention|document|describe|show|report|record|say|list|contain|include|note|indicate|reflect)"
_TOLD = (
    r"(?:documented|mentioned|stated|described|reported|noted|recorded|shown|listed|provided|submitted"
    r"|on (?:file|record)|in the (?:summary|records?|file))"
)
_TAKING = (
    r"(?:had|received?|tried|try|taken?|took|undergone|underwent|undergo|used?|attended|attend|completed?|been given"
    r"|been through|have)"
)
_DONE = r"(?:tried|given|had|done|performed|received|attempted|used|taken|prescribed)"
_BE = r"(?:is|are|was|were|has been|have been)"

# Cues after which stands what the summary is said to be silent on: no fact of the case, and no denial of it either.
_SILENT = (
    re.compile(
        rf"\b{_PAPER}\s+(?:(?:do|does|did)\s+not|(?:do|does|did)n['’]t|fail(?:s|ed)?\s+to|never"
        rf"|nowhere)\s+(?:\w+ly\s+)?"
        rf"{_TELLS}s?\s+(?:that |whether )?",
        _I,
    ),
    re.compile(rf"\b{_PAPER}\s+{_TELLS}s?\s+(?:(?=neither\b)|no\s+(?!documentation|evidence|mention|record))", _I),
    re.compile(
        r"\b(?:no|without|lack(?:s|ed|ing)?(?: of)?|absence of|absent|not any)\s+(?:any\s+|further\s+)?(?:documentation"
        r"|documented evidence|mention|record|report|indication|statement|description|evidence)\s+(?:of |that "
        r"|for |on )?",
        _I,
    ),
)
_SILENT_TOO = (
    re.compile(rf"\bit\s+(?:is|was)\s+(?:not|nowhere|never)\s+{_TOLD}\s+(?:whether|that|if)\s+", _I),
    re.compile(rf"\b{_PAPER}\s+(?:is|are|was|were)\s+silent\s+(?:on|about|as to|regarding)\s+(?:whether )?", _I),
    re.compile(r"\b(?:nothing\s+is\s+\w+|says?\s+nothing|tells?\s+nothing)\s+(?:of|about|on|regarding)\s+", _I),
)
# Cues after which stands what the worker, or the examination, is said to be without.
_FLAT = (
    re.compile(rf"\b(?:never|(?:has|have|had|did)\s+not(?:\s+yet)?)\s+(?:\w+ly\s+)?{_TAKING}\s+", _I),
    re.compile(
        r"\b(?:(?:had|has|have|there (?:is|was|were|are)|with|shows?|showed|found|finds)\s+no|without)\s+"
        r"(?!(?:documentation|documented|mention|record|report|indication|statement|description|evidence)\b)",
        _I,
    ),
)
# "X is not documented", "no X is documented", "no X resulted", "X was not tried": what is absent stands before it.
_PASSIVE = re.compile(
    rf"\s{_BE}\s+(?:(?P<not>not|never|nowhere)\s+(?:been\s+)?{_TOLD}|(?P<absent>undocumented|missing from"
    rf"|absent from)|{_TOLD})\b"
    r"(?!\s+to\s+be)",
    _I,
)
_CAME_ABOUT = re.compile(
    rf"\s(?:resulted|followed|occurred|came of it|{_BE} (?:achieved|gained|made|obtained|{_DONE}))\b", _I
)
_NOT_DONE = re.compile(rf"\s(?:has|have|was|were)\s+(?:not|never)\s+(?:yet\s+)?(?:been\s+)?{_DONE}\b", _I)
_NO = re.compile(r"\bno\s+", _I)
_CLAUSE_START = re.compile(r"[.;:,]\s+|\b(?:and|but|that|because|so)\s+", _I)
_END = re.compile(r"[.;:?!]|, (?:so|and so|but|which|yet|although|while)\b|\bso (?:this|these|the)\b|\bbut\b", _I)

_SPLIT = re.compile(r"\s*(?:,\s*(?:and|or|nor)?|\b(?:and|or|nor)\b)\s+", _I)
_LEADING = re.compile(
    r"^(?:no|neither|either|any|the|an?|this|that|his|her|their|such|prior|previous|earlier|past|use of|a trial of"
    r"|trial of|presence of|the presence of|(?:she|he|they|the (?:worker|patient)) (?:has |have )?(?:had|received|tried"
    r"|used|took|takes|underwent|been given|completed|attended))\s+",
    _I,
)
_TRAILING = re.compile(
    rf"\s+{_BE}\s+(?:{_TOLD}|{_DONE}|present|there|found|seen)\b.*$|\s+(?:in|from|by) the (?:summary|records?|file"
    rf"|notes?|chart)$"
    r"|\s+(?:at all|so far|to date|yet|before|previously)$",
    _I,
)
_OPEN_QUESTION = re.compile(
    r"^(?:how|when|which|what|why|who|where|the (?:number|amount|date|result|dose|name|kind|reason)s?)\b", _I
)
_EFFECT = re.compile(r"\s(?:from|with|after|by|following|due to|of)\s+(?P<cause>[^.;,]+)$", _I)
_ANY_TREATMENT = re.compile(
    r"^(?:the |this |that |these |those |any |prior |previous |earlier |past |such |his |her |their |\d+ )*"
    r"(?:treatments?|therap(?:y|ies)|care|it|them|visits?|sessions?|medications?|course)(?: (?:so far|to date"
    r"|already had))?$",
    _I,
)
_PLACE = re.compile(r"\s(?:of|in|for|at|on|to)\s+(?:the |both |his |her |their )?(?P<place>[^.;,]+)$", _I)
_RESTRICTED = re.compile(
    r"\b(?:since|after|before|during|from|with|by|within|following|until|through|while|beyond|other than|except"
    r"|more than|of|in|for|at|on|to|that|which|who|because|due|as)\b",
    _I,
)
_CLAUSE = re.compile(r"^(?:she|he|they|it|we|this|that|the (?:worker|patient|claimant))\b", _I)
_MOST = 30  # claims of absence in one sentence; what holds more is no sentence
_LONGEST = 200  # characters of a list of things; what is longer names no thing


@dataclass(frozen=True, slots=True)
class Absent:
    """One thing called absent: its words, what they name, its place if one is said.

    `silent`: it is the summary that is silent on it; `of_treatment`: it is called absent as the effect of a treatment.
    """

    words: str
    content: frozenset[str]
    place: frozenset[str]
    silent: bool
    of_treatment: bool


def is_silence(text: str) -> bool:
    """Whether a sentence says that the summary or the record is silent on something."""
    return any(silent for silent, _ in _claimed(unquoted(text)))


@lru_cache(maxsize=512)
def absences(text: str) -> tuple[Absent, ...]:
    """The things that a sentence calls absent, quotations aside."""
    found: dict[str, Absent] = {}
    for silent, words in islice(_claimed(unquoted(text)), _MOST):
        for absent in _things(words, silent=silent):
            found.setdefault(absent.words.casefold(), absent)
    return tuple(found.values())


def _claimed(plain: str) -> Iterator[tuple[bool, str]]:
    """Each stretch of words that is called absent, and whether it is the summary that is silent on it."""
    for silent, cues in ((True, (*_SILENT, *_SILENT_TOO)), (False, _FLAT)):
        for cue in cues:
            for match in cue.finditer(plain):
                stop = match.end() + _LONGEST
                end = _END.search(plain, match.end(), stop)
                yield silent, plain[match.end() : end.start() if end else stop]
    for match in _PASSIVE.finditer(plain):
        words = _before(plain, match.start())
        if match["not"] or match["absent"] or words.casefold().startswith("no "):
            yield True, words
    for match in _CAME_ABOUT.finditer(plain):
        words = _before(plain, match.start())
        if words.casefold().startswith("no "):
            yield False, words
    for match in _NOT_DONE.finditer(plain):
        yield False, _before(plain, match.start())


def _before(plain: str, end: int) -> str:
    """What is absent where it stands before `end`: from the last "no" of the sentence, else from the clause's start."""
    before = plain[max(0, end - _LONGEST) : end]
    sentence = re.split(r"[.;:]\s", before)[-1]
    denied = list(_NO.finditer(sentence))
    if denied:
        return sentence[denied[-1].start() :].strip()
    starts = [start.end() for start in _CLAUSE_START.finditer(before)]
    return before[starts[-1] if starts else 0 :].strip()


def _things(words: str, *, silent: bool) -> Iterator[Absent]:
    if _OPEN_QUESTION.search(words.strip()):
        return
    for part in _SPLIT.split(words):
        bare = _unframed(part)
        if _CLAUSE.match(bare):
            return  # "without surgery, she got better": a clause of its own is no further thing
        bare, of_treatment = _without_cause(bare)
        bare, place = _without_place(bare)
        content = content_of(bare)
        if content and not _RESTRICTED.search(bare) and not _OPEN_QUESTION.search(bare):
            yield Absent(bare, content, place, silent, of_treatment)


def _unframed(part: str) -> str:
    bare = _TRAILING.sub("", " ".join(part.split()))
    while (shorter := _LEADING.sub("", bare)) != bare:
        bare = shorter
    return bare


def _without_cause(bare: str) -> tuple[str, bool]:
    """The thing without the treatment that it is the effect of, and whether one was named."""
    match = _EFFECT.search(bare)
    if match is None:
        return bare, False
    read = analyse(match["cause"])
    treatments = {thing.name for thing in read.things if thing.sort in {Sort.TREATMENT, Sort.DRUG}}
    if _ANY_TREATMENT.match(match["cause"]) or (treatments and content_of(match["cause"]) <= treatments):
        return bare[: match.start()], True
    return bare, False


def _without_place(bare: str) -> tuple[str, frozenset[str]]:
    """The thing without the part of the body where it is said to be absent, and that part."""
    match = _PLACE.search(bare)
    if match:
        parts = parts_in(match["place"])
        if parts and content_of(match["place"]) <= parts:
            return bare[: match.start()], parts
    return bare, frozenset()


def parts_in(text: str) -> frozenset[str]:
    """The parts of the body that a text names."""
    return frozenset(thing.name for thing in analyse(text).things if thing.sort is Sort.PART)


@lru_cache(maxsize=2048)
def content_of(text: str) -> frozenset[str]:
    """What a phrase names: its things by their one name, and its other telling words by their key."""
    read = analyse(text)
    names = {thing.name for thing in read.things}
    others = {w.key for at, w in enumerate(read.words) if at not in read.thing_at and w.lower not in PLAIN}
    return frozenset(names | {key for key in others if not key.isdigit()})
