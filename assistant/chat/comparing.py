"""Reads "compare with the second one": which decision a message holds this case against."""

from __future__ import annotations

import re

from assistant.chat.wording import Message

_CASE_NUMBER = re.compile(r"\bcm\W?\d{2}\W?\d{5,7}\b", re.IGNORECASE)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"
_CARDINALS = "one two three four five six seven eight nine ten"
_ORDER = {word: n for line in (_ORDINALS, _CARDINALS) for n, word in enumerate(line.split(), 1)}
_ORDER |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}
_COMPARES = re.compile(
    r"\b(?:compar\w*|contrast|side by side|differ\w*|alike|versus|vs|hold (?:it|this|the case|our "
    r"case) against|stack up|like ours|"
    r"in common|same as|set (?:it|this) (?:beside|against)|match up)\b"
)
_WHICH = re.compile(
    r"\b(?P<order>first|second|third|fourth|fifth|sixth|last|1st|2nd|3rd|4th|5th|top)(?: (?:one|"
    r"decision|case|letter|result|hit|determination))?\b|"
    r"\b(?:number|no|decision|result|case|letter|hit) (?P<number>\d{1,2}|one|two|three|four|five|six)\b"
)
_THAT = re.compile(r"\b(?:that|this|the) (?:one|decision|determination|letter|result|case above)\b")


def compared_with(message: Message) -> str | None:
    """What a message compares with: a case number, a place among those shown, or "last"; None: it does not."""
    plain = message.plain
    number = _CASE_NUMBER.search(message.text)
    if number and (_COMPARES.search(plain) or len(plain.split()) <= 12):
        return number[0].upper()
    if not _COMPARES.search(plain):
        return None
    rest = re.sub(r"\b(?:issue|service|request|item) \w+\b|\b\w+ (?:issue|service|request|item)\b", " ", plain)
    which = _WHICH.search(rest)
    if which:
        word = which["order"] or which["number"]
        return "last" if word == "last" else str(_ORDER.get(word, 1 if word == "top" else word))
    return "1" if _THAT.search(rest) else None
