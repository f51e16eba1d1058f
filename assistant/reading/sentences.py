"""Where the sentences and clauses of a text lie, by offsets; the text itself is never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.domain import Span

# What opens a line of a note kept in short: "Exam 10/4:", "Dx  radiculopathy", "Tx to date -- PT".
_LABEL = (
    r"(?:(?:Dx|Tx|Hx|Rx|PMH|HPI|CC|PE|RFA|UR|Exam|Plan|Meds|Assessment|Impression|Subjective|Objective)\b"
    r"|[A-Z][A-Za-z/-]*(?: [A-Za-z0-9/-]+){0,3}\s?(?::|--)\s)"
)
# A full stop ends a sentence before a blank and a capital, a digit or a quotation mark, and where two sentences were
# glued ("50 mg.Physician"); a colon, a decimal point or an abbreviation ends none.
_END = re.compile(
    r"""(?P<stop>[.!?]+["”'’)\]]*)(?=\s+["“‘'(\[]?[A-Z0-9À-ÖØ-Þ]|\s*$|\s*\n)"""
    r"|(?<=[a-z0-9)])(?P<glued>\.)(?=[A-Z][a-z]+\s)"
    r"|(?P<paragraph>\n[ \t\xa0]*(?:\r?\n[ \t\xa0]*)+)"
    rf"|(?P<label>(?<![ \t])[ \t]*\n(?=[ \t]*{_LABEL}))"  # tried once a run of blanks, not once a blank
    r"|(?P<line>(?<=[:.])[ \t]*\n(?=\s*(?:[-•*]|\d+[.)])\s))"
)
_ABBREVIATIONS = frozenset({
    "dr", "mr", "mrs", "ms", "st", "no", "vs", "approx", "etc", "dept", "inc", "e.g", "i.e", "fig", "cf",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec",
})  # fmt: skip
_LEADS_ON = frozenset({
    "a", "an", "the", "of", "by", "and", "or", "for", "to", "from", "with", "in", "on", "at", "that", "which", "when",
    "is", "was", "were", "are", "has", "had",
})  # fmt: skip
_LAST_WORD = re.compile(r"[\w.]+$")
_INITIAL = re.compile(r"(?:^|\s)[A-Z]$")
_FULL_LINE = 60  # characters of a line that goes on in the next
_LONGEST = 3000  # characters beyond which a text without full stops is cut at a blank
_RUNS_ON = 450  # characters of a sentence in which a semicolon, colon or full stop is to be expected
_STOP_WITHIN = re.compile(r"[.;:](?=\s)")
# What opens a new statement in a text that is typed without full stops.
_OPENS = re.compile(
    r"\s(?=(?:(?:the|this) (?:patient|injured worker|worker|applicant|claimant|employee|request|treating|treatment plan"
    r"|physician|provider)|(?:he|she) (?:is|was|has|had|reports?|denie[sd]|complains?|takes?|continues?|underwent"
    r"|rates?"
    r"|states?|attended|received|completed)|there (?:is|was|are|were|has)|on exam\w*|physical exam\w*|objective"
    r"|subjective"
    r"|utili[sz]ation review|ur (?:denied|modified|certified|non)|current medications|medications include"
    r"|past treatment"
    r"|prior treatment|treatment to date|diagnos[ei]s|treatment plan|straight leg|pain (?:is|was)|mri|x-?rays?)\b)",
    re.IGNORECASE,
)
_REACH = 24  # characters before a full stop in which its word is looked for

_CLAUSE_BREAK = re.compile(
    r";|,?\s\b(?:but|however|although|though|while|whereas|except|nevertheless|yet|otherwise|despite|because)\b"
    r"|,?\sand (?=(?:he|she|they|it|there|his|her|is|was|were|are|has|had|have|the (?:patient|worker|injured|applicant"
    r"|provider|physician)|reports?|reported|complain\w*|denie[sd]|states?|stated|noted|continues?|continued|underwent"
    r"|received|showed|revealed|demonstrated|exhibited)\b)",
    re.IGNORECASE,
)


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of `text` in order, without the blanks around them."""
    found: list[Span] = []
    start = 0
    for end in (*_ends(text), len(text)):
        span = _trimmed(text, start, end)
        if span:
            found.extend(_cut(text, span))
        start = end
    return tuple(found)


def _cut(text: str, sentence: Span) -> Iterator[Span]:
    """The sentence; one that runs on without a stop in pieces where a new statement opens."""
    if sentence.end - sentence.start <= _RUNS_ON or _STOP_WITHIN.search(sentence.quote, 0, len(sentence.quote) - 1):
        yield from _cut_by_length(text, sentence)
        return
    cuts = [sentence.start + found.start() for found in _OPENS.finditer(sentence.quote)]
    for start, end in zip([sentence.start, *cuts], [*cuts, sentence.end], strict=True):
        piece = _trimmed(text, start, end)
        if piece:
            yield from _cut_by_length(text, piece)


def _cut_by_length(text: str, sentence: Span) -> Iterator[Span]:
    """The sentence, in pieces where it is far longer than any sentence is."""
    start = sentence.start
    while sentence.end - start > _LONGEST:
        blank = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
        end = blank if blank > start else start + _LONGEST
        piece = _trimmed(text, start, end)
        if piece:
            yield piece
        start = end
    rest = _trimmed(text, start, sentence.end)
    if rest:
        yield rest


def clauses(text: str, sentence: Span) -> tuple[Span, ...]:
    """The clauses of a sentence: cut at semicolons, at words of contrast, and where "and" begins a new statement."""
    cuts = [m.start() for m in _CLAUSE_BREAK.finditer(text, sentence.start, sentence.end) if m.start() > sentence.start]
    edges = [sentence.start, *cuts, sentence.end]
    spans = (_trimmed(text, a, b) for a, b in zip(edges, edges[1:], strict=False))
    return tuple(span for span in spans if span)


def _ends(text: str) -> Iterator[int]:
    for found in _END.finditer(text):
        if found["stop"] and found["stop"][0] == "." and _abbreviated(text, found.start()):
            continue
        if found["paragraph"] and _runs_on(text, found.start()):
            continue
        if found["label"] and _left_open(text, found.start("label")):
            continue
        yield found.end()


def _runs_on(text: str, blank: int) -> bool:
    """Whether a blank line only spaces out the lines of a sentence: the line before it is full and ends nothing."""
    line = text[text.rfind("\n", 0, blank) + 1 : blank].strip()
    return len(line) >= _FULL_LINE and line[-1] not in ".!?:;"


def _left_open(text: str, line_end: int) -> bool:
    """Whether a line ends on a word that the next one must go on from, as in running text that is wrapped."""
    word = _LAST_WORD.search(text, max(0, line_end - _REACH), line_end)
    return text.endswith(",", 0, line_end) or (word is not None and word.group().casefold() in _LEADS_ON)


def _abbreviated(text: str, stop: int) -> bool:
    before = text[max(0, stop - _REACH) : stop]
    word = _LAST_WORD.search(before)
    return bool(_INITIAL.search(before)) or (word is not None and word.group().casefold() in _ABBREVIATIONS)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and (text[start].isspace() or text[start] in ";,"):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span.of(text, start, end) if start < end else None
