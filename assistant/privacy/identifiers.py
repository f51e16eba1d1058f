"""Numbers and addresses of the net by their shapes and labels, telephone numbers, devices, ages over 89."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.privacy.values import Found, Kind

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+(?:\n?[a-z]{2,24})\b", re.IGNORECASE)
_URL = re.compile(
    r"(?i)\b(?:https?://|www\.)[^\s<>\"')\]]*[\w/]"
    r"|(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,6}(?:com|org|net|edu|gov|biz|info|io)(?:/[^\s<>\"')\]]*[\w/])?\b"
)
_IP = re.compile(
    r"(?<![\w.])(?=[\d.]*\d\d)(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)|(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![\w:])",
    re.IGNORECASE,
)
_SSN = re.compile(
    r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])|(?<![\w-])[x*]{3}-?[x*]{2}-?\d{4}(?![\w-])", re.IGNORECASE
)
_CASE = re.compile(
    r"(?<!\w)(?:CM\s?\d{2}-?\s?\d{5,8}|(?:ADJ|SAU|LAO|VNO|SBR|RIV|GOL|AHM|POM|SDO|SFO|OAK|FRE|STK)\s?-?\d{5,9})(?!\w)",
    re.IGNORECASE,
)
_LONG = re.compile(r"(?<![\w.,$-])(?=[A-Z-]{0,4}\d)(?:[A-Z]{1,4}-?)?\d{7,14}(?![\w%]|[.,]\d)")
_MIXED = re.compile(
    r"(?<![\w.-])(?=[A-Z0-9-]*\d[A-Z0-9-]*\d[A-Z0-9-]*\d[A-Z0-9-]*\d[A-Z0-9-]*\d)"
    r"(?=[A-Z0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*(?![\w-]|\.\d)"
)
# CPT with its modifier, ICD-10 written without its dot.
_MEDICAL_CODE = re.compile(r"\d{5}-[A-Z0-9]{2}|[A-TV-Z]\d[0-9AB][0-9A-Z]{1,4}")
_SPACED = r"(?:[ \t]*\n?[ \t]*)"
# Labels strong enough that whatever number follows is an identifier.
_STRONG = (
    r"claims?|mrn?|mr|medical record|chart|account|acct|policy|member|subscriber|group|licen[cs]e|lic"
    r"|npi|dea|adj|wcab|eams"
    r"|ssn?|social security|driver'?s licen[cs]e|dl|passport|vin|tin|tax|ein|fein|certificate"
    r"|beneficiary|hicn?|medicare|dwc|wcis"
    r"|patient|employee|badge|invoice|authorization|referral|rfa|accession|prescription|rx|panel|file"
    r"|case|record|reference|ref"
    r"|tracking|confirmation|order|document|report|visit|encounter|provider|bill|registration|id|identification"
)
_MARK = r"(?:number|num\b\.?|nos?\b\.?|no\.|#|id\b|i\.d\.)"
_VALUE = r"(?P<value>(?=[A-Z0-9/.\-]*\d)[A-Z0-9](?:[A-Z0-9]|[/.\-]\n?(?=[A-Z0-9])){2,29})(?![\w])"
_LABELLED = re.compile(
    rf"(?i)(?<![\w-])(?:{_STRONG})(?:\s(?:{_STRONG}|reference|review|ur|imr|medical|record))?{_SPACED}"
    rf"(?:{_MARK}{_SPACED}(?:is\b|was\b|[:#=])?|[:#]){_SPACED}#?{_SPACED}{_VALUE}"
)
_UNMARKED = re.compile(
    r"(?i)(?<![\w-])(?:claim|mrn?|mr|npi|dea|ssn|adj|wcab|eams|policy|licen[cs]e|lic|member|account"
    r"|acct|chart|case|file|vin|dl)\s{1,2}"
    rf"(?:is\s)?(?=(?:[^\s\d]*\d){{4}}){_VALUE}"
)
_FURTHER = re.compile(r"(?i)(?:,|\sand|\sor|\s&|;)\s+(?P<value>(?=[A-Z0-9-]*\d{3})[A-Z0-9][A-Z0-9-]{4,29})(?!\w)")
_DEVICE = re.compile(
    r"(?i)(?<![\w-])(?:serial|s/n|sn|device|lot|udi|model|implant|ref)(?:\s(?:number|num\b|nos?\b"
    rf"|id))?\.?{_SPACED}[:#]?{_SPACED}#?{_VALUE}"
)
_PHONE = re.compile(
    r"(?<![\w.-])(?:\+?\d{1,3}[-. \n]{1,2})?(?:\(\d{3}\)[-. ]?\n?"
    r"|\d{3}[-. \n]\n?)\d{3}[-. \n]\n?\d{4}(?:\s?,?\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?![\w-])",
    re.IGNORECASE,
)
_PHONE_LABEL = re.compile(
    r"(?i)(?<!\w)(?:telephone|phone|tel|fax|facsimile|cell|mobile|call|pager|voicemail|ph"
    rf"|text)(?:\s(?:number|no|#|at|me at|us at))?\.?{_SPACED}[:#]?{_SPACED}"
    r"(?P<value>\+?\(?\d[\d()\-. \t]{5,18}\d(?:\s?(?:x|ext\.?)\s?\d{1,6})?)(?![\w-])"
)
_OLD_WORD = (
    r"(?:ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:one "
    r"|a )?hundred(?: and)?(?: (?:one|two|three|four|five|six|seven))?)"
)
_OLD = rf"(?P<age>9\d|1[01]\d|120|{_OLD_WORD})"
_AGES = (
    re.compile(rf"(?i)(?<![\w./$-]){_OLD}(?=[-\s]{{0,2}}(?:years?|yrs?|y)\b\.?[-\s/]{{0,2}}(?:o\b|old\b|of[-\s]age))"),
    re.compile(rf"(?i)(?<![\w./$-]){_OLD}(?=\s?(?:y/o|y\.o\.|yo\b|yrs?\.?\s?old|-year))"),
    re.compile(rf"(?i)\b(?:aged?|age is|age of|at age|turned|turns|turning)[\s:]{{1,3}}(?:now\s)?{_OLD}(?![\w%]|\.\d)"),
    re.compile(
        r"(?i)\b(?:he|she|they|who|patient|worker|applicant|claimant|mother|father|wife"
        rf"|husband)(?:\sis|\swas|,|'s)\s(?:now\s|already\s)?{_OLD}(?=[.,;)]|\sand\s"
        r"|\syears)(?!\.\d)(?!%)"
    ),
    re.compile(rf"(?i)(?<![\w./$-]){_OLD}(?=[- ]?(?:(?:fe)?male|m|f)\b)"),
)


def identifiers(text: str) -> Iterator[Found]:
    """What a shape or a label tells, the surest first; pieces may overlap, the earlier one counts."""
    for pattern, kind in ((_EMAIL, Kind.EMAIL), (_URL, Kind.URL), (_IP, Kind.IP), (_SSN, Kind.ID), (_CASE, Kind.ID)):
        yield from (Found(*match.span(), kind) for match in pattern.finditer(text))
    yield from (Found(*match.span(), Kind.PHONE) for match in _PHONE.finditer(text))
    yield from (Found(*match.span("value"), Kind.PHONE) for match in _PHONE_LABEL.finditer(text))
    yield from (Found(*match.span("value"), Kind.DEVICE) for match in _DEVICE.finditer(text) if _varied(match["value"]))
    yield from _labelled(text)


def _labelled(text: str) -> Iterator[Found]:
    for pattern in (_LABELLED, _UNMARKED):
        for match in pattern.finditer(text):
            yield Found(*match.span("value"), Kind.ID)
            at = match.end()
            while further := _FURTHER.match(text, at):
                yield Found(*further.span("value"), Kind.ID)
                at = further.end()


def loose_numbers(text: str) -> Iterator[Found]:
    """Long numbers without a label: no count, dose or code of medicine is that long."""
    for pattern in (_LONG, _MIXED):
        for match in pattern.finditer(text):
            if not _MEDICAL_CODE.fullmatch(match[0]):
                yield Found(*match.span(), Kind.ID)


def ages_over_89(text: str) -> Iterator[Found]:
    """The figures or words of each age of 90 years and more."""
    for pattern in _AGES:
        yield from (Found(*match.span("age"), Kind.AGE) for match in pattern.finditer(text))


def _varied(value: str) -> bool:
    return sum(char.isdigit() for char in value) >= 3
