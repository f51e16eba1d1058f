"""The claims that a text makes: numbers with their units, dates, spinal levels, body sides, results and codes.

A claim is text in, spans out; what it is about is read by the words around it (`verification`). Each form is one named
pattern; a stretch of text that one form has read is closed to the next. Source: wordings of public determinations and
of requests for authorization, one row each in test_claims.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a claim is."""

    NUMBER = "number"
    SCORE = "score"
    DATE = "date"
    LEVEL = "level"
    SIDE = "side"
    CODE = "code"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: its kind, its value in one form for all wordings, its unit, and where it stands.

    `value` is a number or a range ("8", "3..6"), a score or pair ("8/10"), a date ("2016-11-14", "2016-11-", "-09-"),
    a level ("L4-L5"), a side, a result ("positive") or a code. `limit` is "most", "least", "over" or "under" where the
    words make a bound of the number.
    """

    kind: Kind
    value: str
    start: int
    end: int
    unit: str | None = None
    limit: str | None = None


_I = re.IGNORECASE
_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TEENS = ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NTH = ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"]
_SMALL = {word: str(n) for n, word in enumerate([*_ONES, *_TEENS])}
_NUMBER_WORDS = {
    **_SMALL,
    **{word: str(10 * n) for n, word in enumerate(_TENS, 2)},
    **{f"{ten}-{one}": str(10 * n + m) for n, ten in enumerate(_TENS, 2) for m, one in enumerate(_ONES[1:10], 1)},
    **{"hundred": "100", "dozen": "12", "once": "1", "twice": "2", "thrice": "3"},
}
_ORDINALS = {word: str(n) for n, word in enumerate(_NTH, 2)}
_WORDED = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_N = rf"(?>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\d.])\.\d+|\b(?:{_WORDED})\b)"
_TO = r"\s*(?:-|–|—|\bto\b|\bthrough\b|\bor\b)\s*"

_MONTH_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES, 1)}
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
_YEAR = r"(?:19[3-9]\d|20\d\d)"


# --- dates ----------------------------------------------------------------------------------------------------

_DATE_FORMS: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?<![\w.])(?P<y>{_YEAR})-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)"),
    re.compile(
        r"(?<![\w./-])(?P<m>\d{1,2})\s?(?P<mark>[/-])\s?(?P<d>\d{1,2})\s?(?P=mark)\s?(?P<y>\d{4}|\d{2})(?![\d/])"
    ),
    re.compile(rf"\b(?P<m>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>{_YEAR})\b", _I),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{_MONTH})\.?,?\s+(?P<y>{_YEAR})\b", _I),
    re.compile(rf"(?<![\w./-])(?P<m>\d{{1,2}})\s?[/-]\s?(?P<y>{_YEAR})\b(?![/-]\d)"),
    re.compile(rf"\b(?P<m>{_MONTH})\.?,?\s+(?:of\s+)?(?P<y>{_YEAR})\b", _I),
    re.compile(rf"\b(?P<m>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:mg|visits|sessions|%))"),
    re.compile(
        rf"(?:(?<=\bin )|(?<=\bsince )|(?<=\bof )|(?<=\buntil )|(?<=\bby )|(?<=\blast )|(?<=\bearly )|(?<=\blate )"
        rf"|(?<=\bfrom )|(?<=\bto )|(?<=\bthrough )|(?<=\band ))(?P<m>{_MONTH})\b(?!\s+\d)"
    ),
    re.compile(
        rf"(?<![\w./#$-])(?P<y>{_YEAR})\b(?!\s*(?:mg|mcg|units?|ml|%|visits?|sessions?|treatments?|tablets?|times))(?![.,]\d)"
    ),
)


def date_value(year: str | None, month: str | None, day: str | None) -> str | None:
    """A date as "2016-11-14", what is not said left empty; None where there is no such day. Two-digit years below 40
    are of this century."""
    y = int(year) if year else None
    if y is not None and y < 100:
        y += 2000 if y < 40 else 1900
    m = _MONTHS.get(month[:3].lower()) or (int(month) if month.isdigit() else None) if month else None
    d = int(day) if day else None
    if (month and (m is None or not 1 <= m <= 12)) or (d is not None and not 1 <= d <= 31):
        return None
    return "-".join(("" if y is None else f"{y:04}", "" if m is None else f"{m:02}", "" if d is None else f"{d:02}"))


def date_covers(exact: str, claimed: str) -> bool:
    """Whether a claimed date says nothing beyond `exact`: the same day, or its month or year."""
    return all(not c or c == e for e, c in zip(exact.split("-"), claimed.split("-"), strict=True))


def _dates(text: str) -> Iterator[Claim]:
    for form in _DATE_FORMS:
        for match in form.finditer(text):
            parts = match.groupdict()
            value = date_value(parts.get("y"), parts.get("m"), parts.get("d"))
            if value is not None:
                yield Claim(Kind.DATE, value, match.start(), match.end())


# --- levels, sides, codes -------------------------------------------------------------------------------------

_MOST = {"C": 8, "T": 12, "L": 6, "S": 5}
_LEVEL = re.compile(
    r"(?<![A-Za-z0-9.])(?P<a>[CTLS])\s?-?\s?(?P<n>[1-9]l?|1[0-2]|l)"
    r"(?:\s?(?:-|–|/|\bto\b|\bthrough\b)\s?(?:(?P<b>[CTLS])\s?-?\s?)?(?P<m>[1-9]|1[0-2])(?!\d|\s?(?:mg|weeks?|months?|visits)))?"
    r"(?![\w]|[./]\d)",
)
_SIDE = re.compile(
    r"\b(?:(?P<left>left(?:-sided)?|lt|L(?=\s(?:knee|shoulder|wrist|hip|ankle|elbow|hand|foot|leg|arm)))"
    r"|(?P<right>right(?:-sided)?|rt|R(?=\s(?:knee|shoulder|wrist|hip|ankle|elbow|hand|foot|leg|arm)))"
    r"|(?P<bilateral>bilateral(?:ly)?|b/l|bilat|R/L|L/R|both(?=\s(?:the\s|his\s|her\s)?(?:upper |lower )?"
    r"(?:knees|shoulders|wrists|hips|ankles|elbows|hands|feet|legs|arms|sides|eyes|ears|extremities))))(?![\w])",
    _I,
)
_NO_SIDE = re.compile(
    r"(?<!\bthe )\bleft (?:the|work|with|his|her|a|an|untreated|in|at|open|for the|to the reviewer|without|blank|out)\b"
    r"|\b(?:is|are|was|were|been|be) left\b(?! (?:hand|sided|handed|shoulder|knee|hip|ankle|foot|leg|arm|wrist|elbow"
    r"|thumb|lower|upper|eye|ear))|(?<!\bthe )\bright (?:now|away|to|after|before)\b"
    r"|\bthe right (?:of|to)\b",
    _I,
)
_REGULATION = re.compile(
    r"(?P<title>\b\d+\s+)?(?:\bCCR\b|\bLabor Code\b|§+|\bsections?\b)(?:\s*(?:sections?\b|§+))?\s*"
    r"(?P<number>\d{3,5}(?:\.\d+)*(?:\([a-z0-9]+\))*)",
    _I,
)
_RESULT = re.compile(r"\b(?:positive|negative|normal|abnormal|intact|equivocal)\b", _I)
_CODE = re.compile(
    r"(?<![\w.-])(?=[A-Za-z0-9.-]*\d)(?=[A-Za-z0-9.-]*[A-Za-z])[A-Za-z0-9]+(?:\.\d+[A-Za-z]?|-[A-Za-z0-9]+)*(?!\w)"
)


def level_value(a: str, n: str, b: str | None, m: str | None) -> str | None:
    """A spinal level as "L4" or "L4-L5"; None where there is no such vertebra."""
    first = int(n.replace("l", "") or "1")
    if first > _MOST[a]:
        return None
    if m is None:
        return f"{a}{first}"
    last = int(m)
    return f"{a}{first}-{b or a}{last}" if last <= _MOST[b or a] else None


def _regulations(text: str) -> Iterator[Claim]:
    for match in _REGULATION.finditer(text):
        title = f"{match['title'].strip()} CCR " if match["title"] else ""
        yield Claim(Kind.CODE, title + match["number"].rstrip(".").upper(), match.start(), match.end())


def _levels(text: str) -> Iterator[Claim]:
    for match in _LEVEL.finditer(text):
        value = level_value(match["a"], match["n"], match["b"], match["m"])
        if value is not None:
            yield Claim(Kind.LEVEL, value, match.start(), match.end())


def _sides(text: str) -> Iterator[Claim]:
    no_side = [match.span() for match in _NO_SIDE.finditer(text)]
    for match in _SIDE.finditer(text):
        if not any(a <= match.start() < b for a, b in no_side):
            yield Claim(Kind.SIDE, str(match.lastgroup), match.start(), match.end())


def _results(text: str) -> Iterator[Claim]:
    for match in _RESULT.finditer(text):
        yield Claim(Kind.RESULT, match.group().lower(), match.start(), match.end())


def _codes(text: str) -> Iterator[Claim]:
    for match in _CODE.finditer(text):
        plain = re.fullmatch(
            r"[xX]?\d+(?:\.\d+)?(?:mg|mcg|g|gm|ml|cc|wks?|weeks?|mos?|yrs?|hrs?|x|st|nd|rd|th|lbs?|cm|mm|yo)?",
            match.group(),
        )
        worded = re.fullmatch(r"\d+(?:-[A-Za-z]+)+", match.group())  # "12-week", "55-year-old"
        if not plain and not worded:
            yield Claim(Kind.CODE, match.group().upper().replace("-", ""), match.start(), match.end())


# --- numbers --------------------------------------------------------------------------------------------------

_UNITS = {
    "visit": "visits? sessions? treatments? appointments?",
    "tablet": "tablets? tabs? pills? capsules? caps?",
    "mg": "mg mgs milligrams?",
    "mcg": "mcg ug µg micrograms?",
    "g": "g gm gms grams?",
    "ml": "ml cc milliliters?",
    "%": "% percent",
    "week": "weeks? wks? weekly",
    "month": "months? mos? mths?",
    "day": "days?",
    "hour": "hours? hrs?",
    "minute": "minutes? mins?",
    "year": "years? yrs?",
    "unit": "units?",
    "injection": "injections?",
    "level": "levels?",
    "point": "points?",
    "degree": "degrees? °",
    "inch": "inch inches",
    "cm": "cm centimeters?",
    "mm": "mm millimeters?",
    "pound": "pounds? lbs?",
    "patch": "patch patches",
    "time": "times x",
    "tesla": "tesla",
    "refill": "refills?",
}
_UNIT_WORDS = {form: name for name, forms in _UNITS.items() for form in forms.split()}
_UNIT = re.compile(rf"\s*-?\s*(?P<unit>{'|'.join(sorted(_UNIT_WORDS, key=len, reverse=True))})(?![A-Za-z])", _I)
_PERIOD = r"(?P<period>day|night|week|month|year|wk|mo)"
_RATE = re.compile(
    r"\s*-?\s*(?:(?:times?|x|visits?|sessions?|treatments?|tablets?|tabs?|capsules?|pills?|(?P<hours>hours?|hrs?))\s+)?"
    rf"(?:(?:(?:a|an|per|each|every)\s+|/\s?){_PERIOD}|(?P<ly>daily|nightly|weekly|monthly))\b",
    _I,
)
_SHORT = {"wk": "week", "mo": "month", "night": "day", "daily": "day", "nightly": "day"} | {
    "weekly": "week",
    "monthly": "month",
}
_AGE = re.compile(r"\s*-?\s*(?:years?|yrs?|y)[\s./-]*(?:old|o\b|of\s+age)|\s*y/?o\b", _I)
_COUNTED = re.compile(
    r"\s+(?:(?!per\b|of\b|for\b|and\b|or\b|to\b|a\b|in\b|on\b|weeks?\b|months?\b|days?\b|years?\b|mg\b)[A-Za-z'’-]+\s+){1,4}?"
    r"(?P<unit>visits?|sessions?|treatments?|appointments?|injections?)\b",
    _I,
)
_BEFORE = re.compile(
    r"(?P<count>#\s?|\bqty\.?:?\s*|\bquantity(?: of)?:?\s*|\bno\.\s?)$"
    r"|(?P<age>\bage[ds]?:?\s+(?:of\s+)?)$|(?P<money>\$)$",
    _I,
)
_LIMITS = (
    (
        "most",
        re.compile(
            r"(?:\bat most|\bup to|\b(?:no|not) (?:more|greater|later) than|\bmaximum(?: of)?|\blimited to)"
            r" (?:every )?$",
            _I,
        ),
    ),
    ("least", re.compile(r"(?:\bat least|\bminimum(?: of)?|\b(?:no|not) (?:less|fewer) than) $", _I)),
    (
        "over",
        re.compile(
            r"(?:\b(?:more|greater|higher|longer|older|later) than|\bover|\bexceed(?:s|ing)?|\babove|>) ?(?:every )?$",
            _I,
        ),
    ),
    ("under", re.compile(r"(?:\b(?:less|fewer|lower|shorter|younger) than|\bunder|\bbelow|<) ?$", _I)),
)
_SCORE = re.compile(
    rf"(?P<a>{_N})(?P<half>[+-](?=/))?(?:{_TO}(?P<b>{_N}))?\s*(?:/|\bout\s+of\b|\b(?:of|over)\b(?=\s*\d))\s*(?P<of>{_N})(?!\s*/)",
    _I,
)
_RANGE = re.compile(rf"(?P<a>{_N}){_TO}(?P<b>{_N})|\bbetween\s+(?P<c>{_N})\s+and\s+(?P<d>{_N})", _I)
_NUMBER = re.compile(rf"(?<![A-Za-z\d.])[xX]?(?P<a>{_N})", _I)
_ORDINAL = re.compile(rf"\b(?P<word>{'|'.join(_ORDINALS)})\b|\b(?P<n>\d{{1,2}})(?:st|nd|rd|th)\b", _I)
_LATIN = re.compile(r"\b(?:(?P<_1>q\.?d|qhs)|(?P<_2>b\.?i\.?d)|(?P<_3>t\.?i\.?d)|(?P<_4>q\.?i\.?d))\b\.?", _I)
_ONE_THING = re.compile(
    r"\s+(?:\w+\s+){0,2}?(?:visits?|sessions?|treatments?|injections?|tablets?|course|trial|week|month|day|year|levels?|time"
    r"|hour|unit|percent)\b|\s*%",
    _I,
)


def number_value(words: str) -> str:
    """A number in digits: "eight" as "8", "1,200" as "1200", ".5" as "0.5"."""
    lower = words.lower()
    if lower in _NUMBER_WORDS:
        return _NUMBER_WORDS[lower]
    return f"{float(words.replace(',', '')):.10g}"


def _scores(text: str) -> Iterator[Claim]:
    for match in _SCORE.finditer(text):
        low = number_value(match["a"]) + (match["half"] or "") + (f"..{number_value(match['b'])}" if match["b"] else "")
        claim = Claim(Kind.SCORE, f"{low}/{number_value(match['of'])}", match.start(), match.end())
        yield _with_unit(text, claim)


def _ranges(text: str) -> Iterator[Claim]:
    for match in _RANGE.finditer(text):
        low, high = match["a"] or match["c"], match["b"] or match["d"]
        claim = Claim(Kind.NUMBER, f"{number_value(low)}..{number_value(high)}", match.start(), match.end())
        yield _with_unit(text, claim)


def _latin_rates(text: str) -> Iterator[Claim]:
    for match in _LATIN.finditer(text):
        yield Claim(Kind.NUMBER, str(match.lastgroup)[1:], match.start(), match.end(), "per day")


def _ordinals(text: str) -> Iterator[Claim]:
    for match in _ORDINAL.finditer(text):
        value = match["n"] or _ORDINALS[match["word"].lower()]
        yield Claim(Kind.NUMBER, f"{value}th", match.start(), match.end())


def _singles(text: str) -> Iterator[Claim]:
    for match in _NUMBER.finditer(text):
        if match["a"].lower() == "one" and not _ONE_THING.match(text, match.end()):
            continue  # "the guideline does not require one"
        yield _with_unit(text, Claim(Kind.NUMBER, number_value(match["a"]), match.start("a"), match.end()))


def _with_unit(text: str, claim: Claim) -> Claim:
    unit = _unit_of(text, claim)
    before = text[max(0, claim.start - 24) : claim.start]
    limit = next((name for name, pattern in _LIMITS if pattern.search(before)), None)
    return Claim(claim.kind, claim.value, claim.start, claim.end, unit, limit)


def _unit_of(text: str, claim: Claim) -> str | None:
    if _AGE.match(text, claim.end):
        return "age"
    before = _BEFORE.search(text, max(0, claim.start - 14), claim.start)
    rate = _RATE.match(text, claim.end)
    if rate and before is None:
        period = (rate["period"] or rate["ly"]).lower()
        return f"{'hours ' if rate['hours'] else ''}per {_SHORT.get(period, period)}"
    named = _UNIT.match(text, claim.end) or _COUNTED.match(text, claim.end)
    if named:
        return next((n for f, n in _UNIT_WORDS.items() if re.fullmatch(f, named["unit"], _I)), None)
    return {"count": "tablet", "age": "age", "money": "$"}.get(before.lastgroup or "") if before else None


# --- all of them ----------------------------------------------------------------------------------------------

_READERS: tuple[Callable[[str], Iterator[Claim]], ...] = (
    _regulations,
    _dates,
    _levels,
    _latin_rates,
    _scores,
    _ranges,
    _codes,
    _ordinals,
    _singles,
    _sides,
    _results,
)


def claims_in(text: str) -> tuple[Claim, ...]:
    """Every claim of a text in the order in which they stand; none overlaps another."""
    found: list[Claim] = []
    closed = bytearray(len(text) + 1)
    for reader in _READERS:
        for claim in reader(text):
            if not any(closed[claim.start : claim.end]):
                closed[claim.start : claim.end] = b"\x01" * (claim.end - claim.start)
                found.append(claim)
    return tuple(sorted(found, key=lambda claim: claim.start))
