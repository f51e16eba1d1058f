"""What is said behind a name and turns it: "Injections: none", "MRI (?)", "was offered therapy but never went".

Each rule is one of language and holds for whatever is named; the words are common ones of clinical notes.
"""

from __future__ import annotations

import re

_NONE = re.compile(
    r"(?P<gap>[^.;:()?!]{0,80}?)(?::|\(|\s[–—-]{1,2}(?=\s)|=)\s*"
    r"(?:none|nil|no|denie[sd]|never(?: had)?|0|zero|n/a|not applicable|nothing|not done|not performed|not had"
    r"|not tried"
    r"|not attended|not (?:yet )?(?:stated|documented|given|recorded|known|specified|noted|provided|indicated"
    r"|available))\b"
    r"(?=\s*(?:[.;,)]|$|on file|available|to date|so far|reported|documented|recorded|noted|yet|at all|known|in the"
    r"|taught|done|given|tried|used|had|taken|performed|obtained))",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"\s?\(?\?")
_ASKED_BEFORE = re.compile(r"\?\s?\Z")
_OPEN = re.compile(
    r"\b(?:illegible|not legible|unreadable|vague|struck (?:out|through)|crossed out|(?:both )?yes and no|Y / N|Y/N"
    r"|(?:does|do|did|could|can) ?n[o'’]t (?:recall|remember)|without (?:indication|saying|stating) (?:whether|as to"
    r"|if)"
    r"|as to whether|(?:can ?not|could not|can['’]t) be (?:told|determined|made out|distinguished|ascertained"
    r"|confirmed)"
    r"|(?:do|does|did) ?n[o'’]t (?:say|state|specify|make clear|indicate) (?:whether|if|which|what)"
    r"|not clear (?:whether|if)"
    r"|unclear (?:whether|if)|prior or planned|planned or prior|(?:is|was|remains) (?:unclear|uncertain|unknown"
    r"|not clear)"
    r"|conflicting|contradictory|inconsistently (?:recorded|reported))",
    re.IGNORECASE,
)
_TURN = r"(?:\b(?:but|however|though|although|yet|and)\b|[;,])"
_ONLY_IT = (
    r"(?:\s+(?:it|them|this|that|these|so|one|any(?: of (?:it|them|these))?|(?:to )?(?:go|attend|proceed|have it"
    r"|do so|start"
    r"|undergo it|take it|take them)|the (?:first |initial )?(?:procedure|treatment|offer|visits?|sessions?"
    r"|appointments?)))?"
)
_NOT = r"(?:(?:did|has|have|had|does|was|were|is) ?n(?:o|['’])t|never|not)"
_SUBJECT = (
    r"(?:\s*\b(?:then|later|subsequently|ultimately|eventually|in the end|so far|has|had|was|were|stated|states"
    r"|reported|reports|said|says|that|he|she|they|it|this|that|pt"
    r"|the (?:patient|worker|injured worker|claimant|applicant|employee)))*\s*"
)
_NOT_TAKEN_UP = re.compile(
    rf"{_TURN}{_SUBJECT}\b(?:declined|refused|cancell?ed|no[\s-]?show(?:ed)?|failed to (?:attend|show|go|start|keep)"
    rf"|{_NOT} (?:yet )?(?:attend(?:ed)?|go|went|gone|start(?:ed)?|show(?:ed)?(?: up)?|undergo(?:ne)?|underwent"
    rf"|happen(?:ed)?"
    r"|proceed(?:ed)?|follow(?:ed)? through|take[n]?|took|fill(?:ed)?|done|had|have|performed|completed|given|used?"
    rf"|take[n]? place|took place|occur(?:red)?)){_ONLY_IT}(?=\s*(?:[.,;]|$|\b(?:because|due|owing|since|as|for|and"
    rf"|secondary"
    r"|yet|on account|at|out of|when)\b))"
    r"|\bnone (?:has|have|had|was|were) (?:ever |yet |so far )?(?:been )?(?:provided|used|done|given|had|taken|tried"
    r"|attended"
    r"|performed|received|started|obtained|prescribed|administered|made|signed)\b"
    r"|\b(?:never|not) (?:re-?booked|rescheduled|followed up on|pursued|acted on)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|was|were|are|has|had|have|did|does|reports?|reported|helped|noted|shows?|showed|revealed|received"
    r"|underwent"
    r"|attended|completed)\b",
    re.IGNORECASE,
)


# "would have been", "may have had" look back and are left to other cues
_WOULD = re.compile(
    r"(?:\s(?!(?:has|had|was|were|is|are|that|which|he|she|they|it|patient|worker)\b)[\w'’-]+){0,5}?\s(?:would|may|might|could)\s(?!have\b)\w"
)


def said_none(text: str, start: int, end: int) -> bool:
    """Whether the words behind a name say that there was none of it: "Past surgeries: denies", "acupuncture (none)"."""
    found = _NONE.match(text, start, end)
    return found is not None and not _VERB.search(found["gap"])


def questioned(text: str, start: int, end: int) -> bool:
    """Whether a question mark stands directly at the name at `start:end`: "EMG (?)", "?fracture"."""
    return bool(_QUESTION.match(text, end) or _ASKED_BEFORE.search(text[max(0, start - 2) : start]))


def left_open(text: str, start: int, end: int) -> bool:
    """Whether the words behind a name say that it cannot be known: "work status line illegible"."""
    return bool(_OPEN.search(text, start, end))


def supposed(text: str, start: int, end: int) -> bool:
    """Whether what is named is only thought of: "an MRI would settle the matter", "an arthroscopy may come"."""
    return bool(_WOULD.match(text, start, end))


def not_taken_up(text: str, start: int, end: int) -> bool:
    """Whether what was offered or approved was then not had: "was approved for six visits but failed to attend"."""
    return bool(_NOT_TAKEN_UP.search(text, start, end))
