"""Who the worker is and when it happened: age, sex, date of injury, and the decision date of a pasted letter."""

from __future__ import annotations

import re
from datetime import date

from assistant.domain import Fact, Polarity, Span
from assistant.reading.numbers import dates, number
from assistant.reading.polarity import Speech
from assistant.reading.wordings import NUMBER_WORD

_AGE = re.compile(
    rf"(?<![\w.])(?P<age>\d{{1,3}}|{NUMBER_WORD})[\s-]*"
    r"(?:years?|yrs?\.?)[\s-]*(?:of[\s-]+age|old)\b|(?<![\w.])(?P<short>\d{1,3})\s*(?:y/?o|y\.o\.)(?!\w)"
    r"|\b(?:fe)?male,\s+(?:age\s+)?(?P<after>\d{2})(?=[,;.]|\s+(?:who|with|years))"
    r"|\b(?:aged?|age is|age of|age:)\s+(?P<said>\d{1,3})\b(?!\s*(?:months|weeks|days|sessions|visits))",
    re.IGNORECASE,
)
_SEX = re.compile(
    r"(?<!\w)(?:(?P<male>male|man|gentleman)|(?P<female>female|woman|lady)"
    r"|(?P<short>(?:(?<=y/o )|(?<=yo )|(?<=old ))[MF]|[MF](?=\s+(?:who|with|injured))))(?!\w)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"(?<!\w)(?:(?P<male>he|his|him|himself)|(?P<female>she|her|hers|herself))(?!\w)", re.IGNORECASE)
# Words that tie a date to the injury, before it or after it, within the same sentence.
_INJURY_BEFORE = re.compile(
    r"(?:date of (?:the )?(?:injury|loss|accident)|\bDOI\b|\bD/I\b|injury date|industrial (?:injury|accident"
    r"|claim|incident)"
    r"|occupational (?:injury|claim|accident|disease)|work(?:[- ]related)? (?:injury|accident|claim|incident)"
    r"|injur(?:y|ed|ies)"
    r"|\baccident|\bhurt\b|claim from|cumulative trauma)(?P<gap>[^.;]{0,160}?)$",
    re.IGNORECASE,
)
_NOT_INJURY = re.compile(
    r"\b(?:report|note|noted|visit|exam\w*|dated|seen|presented|request\w*|review|evaluat\w*|surgery|mri|x-?rays?"
    r"|worked"
    r"|disabled|progress|treat\w+|until|through|since|re-?injury)\b",
    re.IGNORECASE,
)
_INJURY_AFTER = re.compile(
    r"^,?\s*(?:,\s*)?(?:when|while)?[^.;]{0,50}\b(?:injur|fell|slipped|hurt|was struck|was hit|accident|strained"
    r"|lifting)",
    re.IGNORECASE,
)
_LABELLED_DECISION = re.compile(
    r"(?:\bdate of (?:the )?(?:final )?(?:decision|determination)|\b(?:final )?(?:decision"
    r"|determination) date)\s*[:#]?\s*",
    re.IGNORECASE,
)
_OTHER_TIME = re.compile(
    r"\b(?:since|at|when|until|from|as a)\s+(?:(?:he|she|they)\s+(?:was|is|were)\s+)?(?:age\s+)?$"
    r"|\b(?:his|her|their)\s+$"
)
_OLDEST, _YOUNGEST = 110, 13
_LABEL_REACH = 60  # characters between a label of a header and its date


def age_of(text: str, speech: Speech) -> tuple[Fact, int] | None:
    """The worker's age in years: the first that the text states of the worker and not of another person."""
    for found in _AGE.finditer(text):
        years = _years(next(filter(None, found.groups())))
        start = found.start("after") if found["after"] else found.start()
        if _YOUNGEST <= years <= _OLDEST and _of_the_worker(text, found.start(), found.end()):
            span = Span.of(text, start, found.end())
            return Fact(
                "age", span, Polarity.PRESENT, value=float(years), unit="years", clause=_around(speech, span)
            ), years
    return None


def _years(said: str) -> int:
    return int(number(said))


def _of_the_worker(text: str, start: int, end: int) -> bool:
    """ "migraines since 13 years old", "her 78-year-old mother" speak of another time or person."""
    before = text[max(0, start - 30) : start].casefold()
    after = text[end : end + 25].casefold()
    told = _OTHER_TIME.search(before)
    other = re.match(r"\s*(?:mother|father|son|daughter|wife|husband|brother|sister|child)", after)
    return not told and not other


def sex_of(text: str, speech: Speech) -> tuple[Fact, str] | None:
    """The worker's sex as the text says it: the first noun, else the pronoun that the text uses throughout."""
    for found in _SEX.finditer(text):
        word = found.group().casefold()
        sex = found.lastgroup if found.lastgroup != "short" else ("male" if word == "m" else "female")
        follows = text[found.end() : found.end() + 20].casefold()
        if re.match(r"[\s-]*(?:erectile|pattern|partner|friend|genital|catheter|co-?worker)", follows):
            continue
        return _sex_fact(text, speech, found.start(), found.end(), sex or "male")
    said = list(_PRONOUN.finditer(text))
    if said and len({found.lastgroup for found in said}) == 1:
        return _sex_fact(text, speech, said[0].start(), said[0].end(), said[0].lastgroup or "male")
    return None


def _sex_fact(text: str, speech: Speech, start: int, end: int, sex: str) -> tuple[Fact, str]:
    span = Span.of(text, start, end)
    return Fact("sex", span, Polarity.PRESENT, value=sex, clause=_around(speech, span)), sex


def injury_date_of(text: str, speech: Speech) -> tuple[Fact, date] | None:
    """The date of injury: the first date that the words beside it tie to the injury."""
    for sentence in speech.sentences:
        for found in dates(text, sentence.start, sentence.end):
            if _tied_to_injury(text, sentence, found.span):
                fact = Fact(
                    "date_of_injury",
                    found.span,
                    Polarity.PRESENT,
                    value=found.day.isoformat(),
                    when=found.day,
                    clause=sentence,
                )
                return fact, found.day
    return None


def _tied_to_injury(text: str, sentence: Span, span: Span) -> bool:
    before = text[sentence.start : span.start]
    tied = _INJURY_BEFORE.search(before)
    if tied and not _NOT_INJURY.search(tied["gap"]):
        return True
    opening = re.fullmatch(r"(?:on|in)?\s*", before, re.IGNORECASE)
    return bool(opening and _INJURY_AFTER.search(text[span.end : sentence.end]))


def decision_date_of(text: str) -> date | None:
    """The date that a pasted letter labels as its decision's; no other date is ever taken for it.

    A letter's header may list its labels first and the dates after them, in the same order.
    """
    for label in _LABELLED_DECISION.finditer(text):
        found = dates(text, label.end(), label.end() + _LABEL_REACH)
        if found and not text[label.end() : found[0].span.start].strip():
            return found[0].day
    return None


def _around(speech: Speech, span: Span) -> Span:
    return speech.sentence_of(span.start) or span
