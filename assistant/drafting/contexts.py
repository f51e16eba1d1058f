"""How a text speaks of its words: denied, missing from the record, only planned, suspected, or another's view.

A word may stand in several contexts. A scope ends where the sentence turns; where its end is open (after a comma that
need not continue a list) the word is marked as perhaps denied, and then counts as either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntFlag
from functools import lru_cache

from assistant.domain import Span
from assistant.drafting.wording import Word


class Context(IntFlag):
    """How a word is spoken of."""

    NONE = 0
    DENIED = 1
    PERHAPS_DENIED = 2
    MISSING = 4  # said not to be documented
    SUSPECTED = 8
    PLANNED = 16
    REVIEW = 32  # in a clause on utilization review
    FAMILY = 64
    TOPIC = 128  # what is asked about, and not what is said of it


_I = re.IGNORECASE
_STATE = (
    r"(?:state|say|document|mention|describe|record|report|note|give|name|specify|list|address|tell|quantify|detail)"
)
_SHOW = r"(?:indicate|include|establish|demonstrate|show|contain|provide|identify|reflect|support|reveal)"
_STATED = (
    r"(?:documented|stated|described|mentioned|recorded|reported|provided|specified|given|noted|named|indicated"
    r"|established|shown|addressed|listed|said|quantified|found in the (?:summary|records?))"
)
_TELLER = r"\b(?:summary|records?|documentation|file|chart|reports?|notes?|provider|physician|doctor|it|text)\b"

# What is said of the record and not of the worker.
_MISSING_AHEAD = (
    re.compile(rf"\b(?:do|does|did)(?:n['’]t| not|n’t) (?:\w+ly )?{_STATE}\b", _I),
    re.compile(rf"{_TELLER}[^.;]{{0,40}}?\b(?:do|does|did)(?:n['’]t| not) (?:\w+ly )?{_SHOW}\b", _I),
    re.compile(rf"\b(?:fails?|failed) to {_STATE}\b", _I),
    re.compile(
        r"\b(?:no|without|lacks?(?: of)?|lacking|absence of|any|insufficient|inadequate) (?:\w+ )?"
        r"(?:documentation|mention|records?|reports?|indication|description|statements?|details?|information)\b",
        _I,
    ),
    re.compile(r"\b(?:is|are|was|were) silent (?:on|about|as to)\b", _I),
    re.compile(r"\bnothing (?:is |was )?(?:said|stated|documented|in the (?:summary|record))\b", _I),
    re.compile(
        rf"{_TELLER} (?:states?|gives?|names?|mentions?|describes?|documents?|contains?|has|have|says?)"
        r" (?:no|none|nothing|neither)\b",
        _I,
    ),
    re.compile(
        r"\b(?:unspecified|undocumented|unstated|unknown|unclear)"
        r"(?= (?:\w+ )?(?:number|amount|quantity|duration|frequency|dose|dosage|count|dates?|length)\b)",
        _I,
    ),
)
_MISSING_WHOLE = (
    re.compile(rf"(?:\bnot|n['’]t|\bnever) (?:been )?(?:\w+ly )?{_STATED}\b(?! to be)", _I),
    re.compile(r"\b(?:is|are|was|were|remains?) (?:unspecified|undocumented|unstated|unknown|unclear)\b", _I),
)
_NEITHER = re.compile(r"\bneither$", _I)
_NOT_A_DENIAL = re.compile(
    r"\b(?:no (?:more|later|less|fewer|greater) than|not (?:more|less|fewer|later) than|not (?:only|just|limited to)"
    r"|not to exceed|whether or not|yes or no|no or \w+|no\. ?\d+"
    r"|not (?:\w+ )?(?:be )?medically (?:necessary|appropriate|indicated)"
    r"|not (?:shown to be |been )?(?:met|satisfied|certified|authorized))\b",
    _I,
)
_DENIED_AHEAD = re.compile(
    r"\b(?:no|not|never|neither|nor|none|without|den(?:y|ies|ied|ying)|lack(?:s|ed|ing)?(?: of)?|absence of|free of"
    r"|unable|cannot|can't|fail(?:s|ed)? to|absent"
    r"|negative(?= (?!on |in |at |bilateral|with |and |or |to |today)[a-z]))\b|n['’]t\b",
    _I,
)
_DENIED_BEFORE = re.compile(
    r"\b(?:is|are|was|were|be|been|remains?|remained|tested)\s+(?:also |both |all )?"
    r"(?:negative|absent)\b|\bnegative\b(?!\s+[a-z])|\b(?:was|were|is|are|been) ruled out\b"
    r"|\b(?:is|are|was|were|has|have|had|did|does|do|would|could)(?:n['’]t| not)\b",
    _I,
)
# A guideline that is silent: a statement on the library, which the passages of the issue can bear out or not.
LIBRARY_SILENT = re.compile(
    r"\b(?:(?P<body>MTUS|ODG|ACOEM)|guidelines?|passages|chapters?)\b[^.;“\"]{0,40}?"
    r"\b(?:(?:do|does) not (?:\w+ly )?(?:address|cover|speak of)|concerns? other)\b",
    _I,
)
# The same said the other way round: some guideline's sections speak of the request.
LIBRARY_SPEAKS = re.compile(
    r"\b(?P<body>MTUS|ODG|ACOEM)\b[^.;“\"]{0,40}?\b(?:do|does) (?:address|cover|speak of)\b", _I
)
_WITH_AND_WITHOUT = re.compile(r"\bwith(?:out)? (?:and|or|versus|vs\.?)\b", _I)
# "8/10 without medications and 5/10 with them": the scores are compared, the medications not denied.
_SCORED_BOTH_WAYS = re.compile(
    r"\d\s?/\s?10 (?:without|off) [^.;]{0,40}\d\s?/\s?10 with\b|\d\s?/\s?10 with [^.;]{0,40}\d\s?/\s?10 without\b", _I
)
_SUSPECTED = re.compile(
    r"\brule[ds]? out\b|\br/o\b|\bpossib(?:le|ly|ility)\b|\bprobabl[ey]\b|\bsuspect(?:ed|s|ing)?\b|\bsuspicio\w+\b"
    r"|\bquestionable\b|\bversus\b|\bconcern(?:ed|s)? for\b|\bto (?:exclude|evaluate for)\b"
    r"|\bmay (?:have|be|represent)\b|\bdifferential\b",
    _I,
)
_PLANNED = re.compile(
    r"\brequest(?:s|ed|ing)?\b|\brecommend(?:s|ed|ing|ation|ations)?\b|\bplan(?:s|ned|ning)?\b|\bscheduled\b|\bordered\b"
    r"|\bproposed\b|\bwill\b|\bwould\b|\bconsider(?:s|ed|ing|ation)?\b|\bpending\b|\bawait(?:s|ing)?\b|\bto be\b"
    r"|\bauthorization (?:for|of)\b|\bcandidate for\b|\breferred (?:for|to)\b|\bmedically (?:necessary|appropriate)\b"
    r"|\b(?:address|cover)(?:es|s|ed)?\b|\bask(?:s|ed|ing)?\b"
    r"|\bseeks?\b|\bsought\b|\bin (?:dispute|question)\b|\bnon-?certified\b|\bfuture\b|\bif\b",
    _I,
)
_REVIEW = re.compile(
    r"\butilization review\b|\bUR\b|\bclaims administrator\b|\bnon-?certif\w+\b|\bdenial\b|\bpeer review\w*\b"
    r"|\badjuster\b|\bdenied (?:the|by|because|for|on)\b",
    _I,
)
_FAMILY = re.compile(r"\bfamily history\b|\b(?:his|her|the patient'?s) (?:father|mother|brother|sister|parents?)\b", _I)

_TOPIC = re.compile(
    r"\bOn (?P<asked>[^:;.“]{3,120}?),? the (?:case )?summary (?:says|states|notes)\b"
    r"|\bthe (?:case )?summary leaves (?P<open>[^:;.“]{3,120}?) open\b",
    _I,
)
_NOT_DONE = re.compile(
    r"\b(?:is|are|was|were|has|have|had)(?:n['’]t| not) (?:been )?(?:yet )?"
    r"(?:done|performed|given|obtained|carried out|made|taken|had)\b",
    _I,
)
_SEEN = frozenset(["seen", "found", "noted", "shown", "identified", "reported", "observed", "present", "evident"])
_WHERE = frozenset(["on", "in", "at", "over", "by", "during"])
_CONJUNCTIONS = "but however although though whereas while except because therefore which who yet"
_OPENERS = "still remains remained continues positive reports reported complains with"
_SUBJECTS = "he she they it there the"
_VERBS = "has had have is was are were does did remains continues shows showed reports reported"
_TURNS = frozenset([*_CONJUNCTIONS.split(), *_OPENERS.split()])
_FINITE = frozenset([*_SUBJECTS.split(), *_VERBS.split()])
_OF_NOUN = frozenset(["is", "are", "was", "were", "has", "have", "had", "may", "should", "must", "can", "will"])
_LONGEST_CLAUSE = 200  # words; a text without a full stop is cut there
_LONGEST = 12  # words that a denial reaches
_SUBJECT = 5  # words before "is not" that may be what is denied
_BEFORE_SUBJECT = frozenset(["and", "with", "without", "or", "positive", "that", "which", "who", "if", "when", "where"])
_REACH = {"negative": 4, "without": 6, "absence": 6, "lack": 6, "free": 6}


def contexts_of(text: str, words: Sequence[Word], sentences: Sequence[Span]) -> tuple[Context, ...]:
    """The contexts of each word."""
    marks = [Context.NONE] * len(words)
    for clause in clauses(text, words, sentences):
        _mark_clause(text, words, clause, marks)
    return tuple(marks)


def clauses(text: str, words: Sequence[Word], sentences: Sequence[Span]) -> Iterator[range]:
    """The runs of words between full stops, semicolons, and words like "but"."""
    start = 0
    for at in range(1, len(words) + 1):
        ends = at == len(words) or words[at].sentence != words[start].sentence or at - start == _LONGEST_CLAUSE
        if ends or ";" in text[words[at - 1].end : words[at].start] or words[at].lower in {"but", "however", "whereas"}:
            yield range(start, at)
            start = at


def _mark_clause(text: str, words: Sequence[Word], clause: range, marks: list[Context]) -> None:
    start, end = words[clause[0]].start, words[clause[-1]].end
    review, family = _REVIEW.search(text, start, end), _FAMILY.search(text, start, end)
    for at in clause:
        marks[at] |= (Context.REVIEW if review else Context.NONE) | (Context.FAMILY if family else Context.NONE)
    _mark_missing(text, words, clause, marks)
    _mark_denied(text, words, clause, marks, in_review=bool(review))
    for match in _SUSPECTED.finditer(text, start, end):
        for at in _ahead(words, clause, match.end()):
            if words[at].lower == "and" or _after_comma(text, words, at, match.end()):
                break
            marks[at] |= Context.SUSPECTED
    for match in _PLANNED.finditer(text, start, end):
        for at in _ahead(words, clause, match.end()):
            if _turns(words, at, clause):
                break
            marks[at] |= Context.PLANNED
    _mark_planned_before(text, words, clause, marks)
    _mark_topic(text, words, clause, marks)


def _mark_topic(text: str, words: Sequence[Word], clause: range, marks: list[Context]) -> None:
    start, end = words[clause[0]].start, words[clause[-1]].end
    for match in _TOPIC.finditer(text, start, end):
        group = "asked" if match["asked"] else "open"
        for at in clause:
            if match.start(group) <= words[at].start < match.end(group):
                marks[at] |= Context.TOPIC


_ASKED_FOR = re.compile(
    r"\b(?:is|are|was|were|been|be|remains?)\s+(?:\w+ly )?(?:requested|recommended|planned|scheduled|ordered|proposed"
    r"|considered|pending|denied|modified|non-?certified|not certified|medically|not medically|suggested|sought"
    r"|in dispute|met|not (?:shown to be )?met)\b",
    _I,
)


def _mark_planned_before(text: str, words: Sequence[Word], clause: range, marks: list[Context]) -> None:
    for match in _ASKED_FOR.finditer(text, words[clause[0]].start, words[clause[-1]].end):
        for at in clause:
            if words[at].start < match.start():
                marks[at] |= Context.PLANNED


def _ahead(words: Sequence[Word], clause: range, offset: int) -> Iterator[int]:
    return (at for at in clause if words[at].start >= offset)


def _mark_missing(text: str, words: Sequence[Word], clause: range, marks: list[Context]) -> None:
    start, end = words[clause[0]].start, words[clause[-1]].end
    spared = _spared(text, start, end)
    for pattern in _MISSING_AHEAD:
        for match in pattern.finditer(text, start, end):
            if _within(match, spared):
                continue
            for at in _ahead(words, clause, match.end()):
                if _turns(words, at, clause):
                    break
                marks[at] |= Context.MISSING
    for pattern in _MISSING_WHOLE:
        for match in pattern.finditer(text, start, end):
            first = _clause_start_before(text, words, clause, match.start())
            for at in clause:
                if at >= first:
                    marks[at] |= Context.MISSING


def _turns(words: Sequence[Word], at: int, clause: range) -> bool:
    """Whether "and" at this word opens a new statement."""
    return words[at].lower == "and" and at + 1 in clause and words[at + 1].lower in _FINITE


def _clause_start_before(text: str, words: Sequence[Word], clause: range, offset: int) -> int:
    """The first word of the statement that holds the offset: after the last comma that closes another statement."""
    first = clause[0]
    for at in clause:
        if words[at].start >= offset:
            break
        opens = at > first and "," in text[words[at - 1].end : words[at].start]
        if opens and any(words[i].lower in _FINITE - {"the", "he", "she", "it"} for i in range(first, at)):
            first = at
    return first


def _mark_denied(text: str, words: Sequence[Word], clause: range, marks: list[Context], *, in_review: bool) -> None:
    start, end = words[clause[0]].start, words[clause[-1]].end
    silences = (match for pattern in (*_MISSING_AHEAD, *_MISSING_WHOLE) for match in pattern.finditer(text, start, end))
    spared = [*_spared(text, start, end), *(match.span() for match in silences)]
    silent_from = min((a for a, b in spared if _NEITHER.search(text, a, b)), default=end)

    def counts(match: re.Match[str]) -> bool:
        if _within(match, spared) or (match.group().lower() == "nor" and match.start() > silent_from):
            return False
        return not (match.group().lower().startswith("den") and (in_review or _passive(text, match.start())))

    for match in filter(counts, _DENIED_AHEAD.finditer(text, start, end)):
        shared = match.group().lower() == "without" and (
            _WITH_AND_WITHOUT.search(text, start, end) or _SCORED_BOTH_WAYS.search(text, start, end)
        )
        reach = 0 if shared else _REACH.get(match.group().lower().split()[0], _LONGEST)
        stops = _OF_NOUN if match.group().lower().split()[0] in _REACH else frozenset()
        _deny_ahead(text, words, clause, marks, match.end(), reach, stops)
    for match in filter(counts, _DENIED_BEFORE.finditer(text, start, end)):
        said = match.group().lower()
        sure = "absent" in said or "ruled" in said or bool(_NOT_DONE.match(text, match.start()))
        _deny_before(text, words, clause, marks, match.start(), perhaps=not sure)


def denies(text: str, start: int = 0, end: int | None = None) -> bool:
    """Whether a stretch of a text denies anything, or says that something is not stated."""
    stop = len(text) if end is None else end
    spared = _spared(text, start, stop)
    patterns = (_DENIED_AHEAD, _DENIED_BEFORE, *_MISSING_AHEAD, *_MISSING_WHOLE)
    cues = (match for pattern in patterns for match in pattern.finditer(text, start, stop))
    return any(not _within(cue, spared) for cue in cues)


def _spared(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches whose "no" or "not" denies nothing of the case."""
    patterns = (_NOT_A_DENIAL, LIBRARY_SILENT)
    return [match.span() for pattern in patterns for match in pattern.finditer(text, start, end)]


@lru_cache(maxsize=512)
def denying_nothing(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches of a text whose "no" or "not" denies nothing of the case ("no more than", "not certified")."""
    return tuple(_spared(text, 0, len(text)))


def _within(cue: re.Match[str], stretches: Sequence[tuple[int, int]]) -> bool:
    return any(cue.start() < b and a < cue.end() for a, b in stretches)


def _passive(text: str, offset: int) -> bool:
    return bool(re.search(r"\b(?:was|were|been|is|are|be)\s+$", text[max(0, offset - 8) : offset], _I))


def _deny_ahead(
    text: str,
    words: Sequence[Word],
    clause: range,
    marks: list[Context],
    offset: int,
    reach: int,
    stops: frozenset[str],
) -> None:
    sure, before_or = True, _last_or(words, clause, offset)
    for count, at in enumerate(_ahead(words, clause, offset)):
        if (count and words[at].lower in _TURNS) or words[at].lower in stops or _turns(words, at, clause):
            break
        if reach == 0 and words[at].lower.isdigit():
            continue
        if count and _opens_another(text, words, at, offset):
            break
        comma = at > clause[0] and "," in text[words[at - 1].end : words[at].start] and words[at - 1].end > offset - 1
        if comma and at > before_or:
            sure = False
        sure = sure and count < reach
        marks[at] |= Context.DENIED if sure else Context.PERHAPS_DENIED


def _opens_another(text: str, words: Sequence[Word], at: int, offset: int) -> bool:
    """Whether what is denied ends here: a number after a comma or "and", or the place where something was not seen."""
    before = words[at - 1].lower
    if words[at].lower.isdigit():  # "no leg symptoms, 6 visits done", "9/10 without medications and 8/10 with them"
        return before == "and" or _after_comma(text, words, at, offset)
    return before in _SEEN and words[at].lower in _WHERE  # "no fracture was seen on the X-rays"


def _last_or(words: Sequence[Word], clause: range, offset: int) -> int:
    """The last "or" of the list that a denial opens; -1 where there is none."""
    found = -1
    for at in _ahead(words, clause, offset):
        if words[at].lower in _TURNS or _turns(words, at, clause):
            break
        if words[at].lower in {"or", "nor"}:
            found = at + 1
    return found


def _deny_before(
    text: str, words: Sequence[Word], clause: range, marks: list[Context], offset: int, *, perhaps: bool
) -> None:
    before = [at for at in clause if words[at].end <= offset]
    for at in list(reversed(before))[: _SUBJECT if perhaps else None]:
        if words[at].lower in _BEFORE_SUBJECT or _comma_after(text, words, at, offset):
            break
        if not marks[at] & Context.DENIED:
            marks[at] |= Context.PERHAPS_DENIED if perhaps else Context.DENIED


def _after_comma(text: str, words: Sequence[Word], at: int, offset: int) -> bool:
    """Whether a comma stands just before a word, after the offset."""
    return at > 0 and words[at - 1].end >= offset and "," in text[max(offset, words[at - 1].end) : words[at].start]


def _comma_after(text: str, words: Sequence[Word], at: int, offset: int) -> bool:
    following = words[at + 1].start if at + 1 < len(words) else len(text)
    return "," in text[words[at].end : min(following, max(offset, words[at].end))]
