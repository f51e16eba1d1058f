"""How old the injury was when the service was asked for: acute, subacute or chronic.

The MTUS opioid guideline has a part for each: acute up to four weeks, subacute from one to three months, chronic
beyond; chronic pain is pain of three months or more in the chronic pain guideline too (8 CCR 9792.24.2).
"""

from __future__ import annotations

import re
from datetime import date

from assistant.domain import CaseSummary
from assistant.reading.numbers import dates

ACUTE, SUBACUTE = "acute_phase", "subacute_phase"  # concepts of corpus/concepts.yaml
_ACUTE_WEEKS, _SUBACUTE_WEEKS = 4, 13
_REQUEST = re.compile(
    r"\brequests? for authori[sz]ation|\bRFA\b|\brequest(?:ed|s|ing)? authori[sz]ation|\bauthori[sz]ation request"
    r"|\bauthori[sz]ation (?:was|is) requested",
    re.IGNORECASE,
)


def phase_of(case: CaseSummary, day: date) -> str | None:
    """The concept of the phase at the request, by the date of injury; None where it is chronic or the date unknown."""
    injured = case.date_of_injury
    if injured is None:
        return None
    asked = request_day(case, day)
    weeks = (asked - injured).days / 7
    if weeks < 0:
        return None
    return ACUTE if weeks <= _ACUTE_WEEKS else SUBACUTE if weeks < _SUBACUTE_WEEKS else None


def request_day(case: CaseSummary, day: date) -> date:
    """The latest day on which the summary dates a request for authorization up to the review; else the review's."""
    told = (
        found.day
        for sentence in case.sentences
        if _REQUEST.search(sentence.quote)
        for found in dates(case.text, sentence.start, sentence.end)
    )
    return max((told_on for told_on in told if told_on <= day), default=day)
