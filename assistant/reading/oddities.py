"""What is odd about a pasted text, each said to the reviewer in a sentence; nothing here changes what was read.

Whose words are no record at all (a decision already worded, instructions to the program, repeated sentences) is settled
in reading/record.py before anything is read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from assistant.domain import CaseSummary, DisputedService, Side, Span
from assistant.reading.anatomy import regions, sides
from assistant.reading.numbers import dates
from assistant.reading.record import Record

_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset({
    "the", "of", "and", "to", "a", "in", "with", "is", "was", "were", "for", "on", "he", "she", "had", "has", "have",
    "no", "not", "that", "at", "by", "his", "her", "this", "which", "be",
})  # fmt: skip
# Words that stand in every text of Spanish, French, German, Italian, Portuguese, Tagalog, Hindi and Vietnamese.
_OTHER_LANGUAGES = frozenset({
    "el", "la", "los", "las", "del", "una", "con", "por", "para", "que", "es", "fue", "está", "sin", "su", "paciente",
    "dolor", "le", "les", "des", "une", "avec", "pour", "dans", "est", "pas", "sur", "der", "die", "das", "und", "mit",
    "nicht", "ist", "von", "dem", "den", "ein", "eine", "il", "lo", "gli", "di", "che", "per", "non", "ha", "sono",
    "o", "os", "um", "uma", "não", "com", "ang", "ng", "mga", "sa", "na", "ay", "hindi", "của", "và", "không", "bệnh",
    "nhân", "được", "trong", "có", "de", "y", "en", "se", "e",
})  # fmt: skip
_FEWEST_WORDS = 20  # below, a note tells no language
_LANGUAGE_SHARE = 0.12
_NO_LATIN = 0.3
_CAPITALS = 0.9
_FEWEST_LETTERS = 120
_FEWEST_UNSTOPPED = 70  # words without a full stop, semicolon or line end
_MOST_OF_IT = 0.6
_MANY_TIMES = 3
_YEARS_APART = 2
_LONG_AGO = 365  # days
_AGE_AND_SEX = re.compile(
    r"(?<![\w.])(?P<age>\d{2})[\s-]*(?:years?|yrs?\.?)?[\s-]*(?:old|y/?o)\b[\s,-]*(?:[a-z-]+[\s-]+){0,3}?"
    r"(?P<sex>male|female|man|woman|gentleman|lady)\b",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"\b(?:mother|father|wife|husband|son|daughter|brother|sister|child|spouse|co-?worker|friend"
    r"|partner)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:(?P<male>he|his|him)|(?P<female>she|her|hers))\b", re.IGNORECASE)
_TITLED = re.compile(r"\b(?P<title>Mr|Mrs|Ms|Miss)\.?\s+(?P<name>[A-Z][\w'’-]+)")
_NAMED = re.compile(
    r"\b(?:patient|claimant|employee|injured worker)(?:'s)?(?:\s+name)?\s*:\s*"
    r"(?P<name>[A-Z][\w'’-]+(?:,? [A-Z][\w'’-]+)*)"
)
_FEMALE = frozenset({"female", "woman", "lady"})
_FEWEST_PRONOUNS = 3
_BOTH = re.compile(r"\b(?:bilateral\w*|both|b/l|contralateral|opposite|other (?:side|knee|hip|shoulder|wrist|hand"
r"|ankle|foot"
                   r"|elbow|arm|leg)|right and left|left and right)\b", re.IGNORECASE)  # fmt: skip
_ONE = frozenset({Side.LEFT, Side.RIGHT})
_SIDE_REACH = 16  # characters before a part of the body in which its side is looked for
_SHOWN = 80  # characters of a quotation


def oddities(text: str, record: Record, told: Sequence[Span], services: Sequence[DisputedService]) -> tuple[str, ...]:
    """One sentence for each oddity of `text`: another language, capitals, no full stops, repetitions, two patients,
    sides that disagree, a decision or instructions among the words. `told` are the sentences of the record."""
    found = (
        _language(text), _capitals(text), _unstopped(record.text), _repeated(record), _patients(record.text),
        _sides(record.text, told, services), _decision(record), _instructions(record),
    )  # fmt: skip
    return tuple(notice for notice in found if notice)


def of_long_ago(case: CaseSummary, today: date) -> str | None:
    """A sentence where the newest date of a case, its injury apart, lies a year or more before `today`."""
    told = {found.day for found in dates(case.text)} - {case.date_of_injury}
    newest = max((day for day in told if day <= today), default=None)
    if newest is None or (today - newest).days < _LONG_AGO:
        return None
    return (
        f"The newest date in the case is {newest:%m/%d/%Y}, but it is reviewed as of today; set the date of review if "
        "an earlier one decides which edition governs."
    )


def _language(text: str) -> str | None:
    words = [word.casefold() for word in _WORD.findall(text)]
    letters = sum(map(len, words))
    strange = sum(1 for char in text if char.isalpha() and ord(char) > 0x24F)
    if letters and strange > _NO_LATIN * letters:
        return _ANOTHER_LANGUAGE
    if len(words) < _FEWEST_WORDS:
        return None
    english = sum(word in _ENGLISH for word in words)
    other = sum(word in _OTHER_LANGUAGES for word in words)
    return _ANOTHER_LANGUAGE if other > _LANGUAGE_SHARE * len(words) and other > english else None


_ANOTHER_LANGUAGE = (
    "The summary seems to be written in another language than English; only English wordings are read, so what is "
    "listed is incomplete and nothing may be taken for absent."
)


def _capitals(text: str) -> str | None:
    letters = [char for char in text if char.isalpha()]
    upper = sum(char.isupper() for char in letters)
    if len(letters) < _FEWEST_LETTERS or upper < _CAPITALS * len(letters):
        return None
    return "The summary is in capitals throughout, so abbreviations cannot be told from words; check what was read."


def _unstopped(text: str) -> str | None:
    lengths = [len(piece.split()) for piece in re.split(r"[.;:!?](?=\s|$)|\n", text)]
    longest = max(lengths, default=0)
    if longest < _FEWEST_UNSTOPPED or longest < _MOST_OF_IT * sum(lengths):
        return None
    return (
        f"The summary runs on for {longest} words without a full stop; where a statement ends was guessed, "
        "so check what was read as denied or planned."
    )


def _repeated(record: Record) -> str | None:
    if record.most_repeated < _MANY_TIMES:
        return None
    return f"The same sentences stand up to {record.most_repeated} times in the summary; each was read once."


def _patients(text: str) -> str | None:
    """Two ages, two sexes or two names of the patient."""
    told = [found for found in _AGE_AND_SEX.finditer(text) if not _of_another(text, found)]
    ages = sorted({int(found["age"]) for found in told})
    sexes = {"female" if found["sex"].casefold() in _FEMALE else "male" for found in told}
    names = _names(text)
    if ages and ages[-1] - ages[0] >= _YEARS_APART:
        said = f"the ages {ages[0]} and {ages[-1]}"
    elif len(sexes) > 1:
        said = "a man and a woman"
    elif len(names) > 1:
        said = "more than one name"
    elif _mixed_pronouns(text):
        said = "“he” and “she”"
    else:
        return None
    return f"The summary may tell of two patients: it gives {said}; check whose facts are listed."


def _of_another(text: str, found: re.Match[str]) -> bool:
    return bool(_ANOTHER.search(text, max(0, found.start() - 40), found.end() + 15))


def _names(text: str) -> set[str]:
    titled = {found["name"].casefold() for found in _TITLED.finditer(text)}
    labelled = {found["name"].split()[0].strip(",").casefold() for found in _NAMED.finditer(text)}
    return titled if len(titled) > 1 else labelled


def _mixed_pronouns(text: str) -> bool:
    said = Counter(found.lastgroup for found in _PRONOUN.finditer(text))
    fewest, most = min(said["male"], said["female"]), max(said["male"], said["female"])
    return fewest >= _FEWEST_PRONOUNS and 4 * fewest >= most and not _ANOTHER.search(text)


def _sides(text: str, sentences: Sequence[Span], services: Sequence[DisputedService]) -> str | None:
    """A part of the body that is named with one side throughout, and once, or in the request, with the other."""
    asked_in = [service.span for service in services if service.span]
    told = _told_sides(text, [s for s in sentences if not any(_overlap(s, asked) for asked in asked_in)])
    for region, counted in sorted(told.items()):
        asked = {s.side for s in services if region in s.body_regions and s.side in _ONE}
        if len(counted) == 1 and len(asked) == 1 and not asked & counted.keys():
            said, wanted = next(iter(counted)), next(iter(asked))
            return f"The summary tells of the {said} {region}, the request is for the {wanted} one; check the side."
        if len(counted) == 2 and min(counted.values()) == 1 and max(counted.values()) >= _MANY_TIMES:
            (often, times), (seldom, _) = counted.most_common()
            return (
                f"The summary names the {often} {region} in {times} sentences and the {seldom} one in one; "
                "check which side is meant."
            )
    return None


def _told_sides(text: str, sentences: Sequence[Span]) -> dict[str, Counter[str]]:
    """For each part of the body, in how many sentences it is named with each side; a part with both is left out."""
    told: dict[str, Counter[str]] = {}
    both = set()
    for sentence in sentences:
        named: dict[str, set[str]] = {}
        for region in regions(text, sentence.start, sentence.end):
            before = max(sentence.start, region.span.start - _SIDE_REACH)
            said = sides(text, before, region.span.start)
            if said and len(text[said[-1].span.end : region.span.start].split()) <= 1:
                named.setdefault(region.name, set()).add(said[-1].side.value)
        for name, values in named.items():
            if len(values) > 1 or "bilateral" in values or _BOTH.search(sentence.quote):
                both.add(name)
            told.setdefault(name, Counter()).update(values)
    return {name: counted for name, counted in told.items() if name not in both}


def _overlap(first: Span, second: Span) -> bool:
    return first.start < second.end and second.start < first.end


def _decision(record: Record) -> str | None:
    if not record.decisions:
        return None
    return (
        f"The summary already words a decision (“{_short(record.decisions[0].quote)}”); it was not read as a fact and "
        "does not move the lean."
    )


def _instructions(record: Record) -> str | None:
    if not record.instructions:
        return None
    return (
        f"The summary holds words that read as instructions (“{_short(record.instructions[0].quote)}”); they are "
        "text of the case only and have no effect."
    )


def _short(quote: str) -> str:
    flat = " ".join(quote.split())
    return flat if len(flat) <= _SHOWN else flat[: flat.rfind(" ", 0, _SHOWN)] + " …"
