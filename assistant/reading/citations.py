"""Parses a decision's guideline line ("Decision based on MTUS ..., Section(s): ...") into the guidelines it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.domain import CitedGuideline

OUTSIDE_MTUS = "outside MTUS"
ODG = "ODG"
ACOEM = "ACOEM"

_STATEMENT = re.compile(r"\bbased\s+(?:its|their|his/her|his|her)?\s*(?:decision\s+)?(?:on|upon)\s+", re.I)
_SAYS_OUTSIDE = re.compile(
    r"\boutside\s+(?:of\s+)?the\s+MTUS|\bdid\s+not\s+base\s+(?:its|their|his/her)\s+decision\s+on\s+the\s+MTUS", re.I
)
_NON_MTUS = re.compile(r"^(?:the\s+)?Non[-\s]?MTUS\s+(?:Citation|Guidelines?)?\s*:?\s*", re.I)
_OTHER_SOURCES = re.compile(
    r",?\s+and\s+(?=Other\s+Medical\s+Treatment\s+Guidelines?\b)|;\s+(?=Other\s+Medical\s+Treatment)", re.I
)
_OTHER_PREFIX = re.compile(r"^Other\s+Medical\s+Treatment\s+Guidelines?(?:\s+or\s+Medical\s+Evidence)?\s*:?\s*", re.I)
_ODG_NAME = re.compile(r"\bOfficial\s+Disability\s+Guidelines?\b(?:\s*\(\s*ODG\s*\))?|\bODG\b", re.I)
_ODG_LEAD = re.compile(
    r"^(?:the\s+)?(?:Official\s+Disability\s+Guidelines?(?:\s*\(\s*ODG\s*\))?|ODG)\s*(?:-?\s*TWC\b)?(?:\s*Treatment\s+in\s+Workers'?\s+Comp\w*)?[\s,:;-]*",
    re.I,
)
_ACOEM_NAME = re.compile(r"^(?:the\s+)?(?:American\s+College\s+of\s+Occupational|ACOEM\b)", re.I)

# A name and its year, "Forearm, Wrist, and Hand Complaints 2004", or since December 2017 the edition that was adopted,
# "Low Back Disorders (ACOEM February 13, 2020)".
_DATED_LABEL = re.compile(
    r"(?:^|(?<=\sand\s)|(?<=,\s)|(?<=\.\s)|(?<=;\s))"
    r"(?P<name>(?:MTUS\s+)?(?:[A-Z][\w&/'-]*(?:,?\s+(?:and\s+|of\s+|to\s+|the\s+|for\s+|&\s+)*)){0,8})"
    r"(?:(?P<year>(?:19|20)\d\d)\b(?!\s*[/-])(?=\s*(?:[,.;(]|$|\s+Section))|(?P<acoem>\(ACOEM\s[^()]*\d{4}\)))"
)
_SECTIONS = re.compile(r"^[\s,;.]*(?:Section|Page)\s*(?:\(s\)|s)?\s*:\s*", re.I)
_DOCUMENT_WORD = re.compile(
    r"\b(?:Complaints|Treatment|Approaches|Conditions|Disorders|Chapter|Guidelines?|Opioids?|Pain|MTUS)\b(?!\s+to\b)",
    re.I,
)
# What prose says around a citation without being a part of it.
_PROSE_FILLER = re.compile(
    r",?\s*(?:which\s+(?:is|are)\s+)?(?:a\s+)?part\s+of\s+(?:the\s+)?(?:MTUS|Medical\s+Treatment\s+Utilization\s+Schedule)(?:\s*\(MTUS\))?"
    r"|\s*\((?:19|20)\d\d\)|,?\s*\b2nd\s+Edition\b|,?\s*\b8\s+C\.?C\.?R\.?[^,;]*",
    re.I,
)
_NAMED_ONLY = re.compile(r"(?P<mtus>\bMTUS\s+)?(?P<name>(?:the\s+)?ACOEM\b[\w ]*)(?P<rest>[^.]*)", re.I)
_PAGES = re.compile(r",?\s*\(?\bPages?\s*(?:\(s\))?\s*:?\s*\d+(?:\s*(?:[-,&]|and)\s*\d+)*\)?", re.I)

# The documents that the older letters name without a year, each with the one edition that their MTUS held.
# Source: 8 CCR 9792.22-9792.24.3 before 2016-07-28.
_UNDATED = (
    (
        re.compile(r"\bAcupuncture\s+(?:Medical\s+)?Treatment(?:\s+Guidelines?)?", re.I),
        "MTUS Acupuncture Treatment 2007",
    ),
    (
        re.compile(r"\bPost-?\s?surgical\s+(?:Physical\s+Medicine\s+)?Treatment(?:\s+Guidelines?)?", re.I),
        "MTUS Postsurgical Treatment 2009",
    ),
    (
        re.compile(r"\bChronic\s+Pain(?:\s+Medical)?(?:\s+Treatment)?(?:\s+Guidelines?)?", re.I),
        "MTUS Chronic Pain Medical Treatment 2009",
    ),
    (re.compile(r"\bLow\s+Back\s+(?:Complaints|Chapter|Disorders)", re.I), "MTUS Low Back Complaints 2004"),
    (
        re.compile(r"\bNeck\s+and\s+Upper\s+Back\s+(?:Complaints|Chapter)", re.I),
        "MTUS Neck and Upper Back Complaints 2004",
    ),
    (re.compile(r"\bShoulder\s+(?:Complaints|Chapter)", re.I), "MTUS Shoulder Complaints 2004"),
    (re.compile(r"\bKnee\s+(?:Complaints|Chapter)", re.I), "MTUS Knee Complaints 2004"),
    (re.compile(r"\bElbow\s+(?:\(Revised\s+2007\)|Complaints|Disorders|Chapter)", re.I), "MTUS Elbow Complaints 2007"),
    (
        re.compile(r"\bForearm,?\s+Wrist,?\s+(?:and|&)\s+Hand\s+(?:Complaints|Chapter)", re.I),
        "MTUS Forearm, Wrist, and Hand Complaints 2004",
    ),
    (re.compile(r"\bAnkle\s+(?:and|&)\s+Foot\s+(?:Complaints|Chapter)", re.I), "MTUS Ankle and Foot Complaints 2004"),
    (re.compile(r"\bStress[-\s]+Related\s+Conditions", re.I), "MTUS Stress Related Conditions 2004"),
    (re.compile(r"\bEye\s+(?:Complaints|Chapter)", re.I), "MTUS Eye Chapter 2004"),
    (
        re.compile(
            r"\bInitial\s+Approaches\s+to\s+Treatment|\bGeneral\s+Approaches?|\bCornerstones\s+of\s+Disability", re.I
        ),
        "MTUS General Approaches 2004",
    ),
)
_UNDATED_LEAD = re.compile(
    r"(?:\b(?:the|MTUS|ACOEM|Practice|Guidelines?|Chapter|\d{1,2}|American\s+College.{0,70}?Medicine(?:\s*\(ACOEM\))?)[\s:,-]*)+$",
    re.I,
)

_NUMBERED_SECTION = re.compile(r",\s+(?=\d+(?:\.\d+)+\.?\s)")
_TITLE_BREAK = re.compile(r",\s+(?:and\s+)?(?=[A-Z\d])|;\s+")
# Section titles that hold commas before a capital, as the MTUS prints them.
_TITLES_WITH_COMMAS = re.compile(
    r"NSAIDs, GI symptoms|Forearm, Wrist|Wrist, (?:and|&) Hand|Sacroiliac Joint Injections, Therapeutic"
    r"|, Prior to Chronic"
)


def cited_guidelines(statement: str | None) -> tuple[CitedGuideline, ...]:
    """The guidelines that a statement cites, in its order, each with the sections it names.

    Labels are the MTUS documents by their names and years, "ODG", "ACOEM" (its practice guidelines beyond the MTUS) and
    "outside MTUS": that label says that the reviewer went past the MTUS, and holds every other source as a section.
    Empty for a statement that cites nothing. Source: the statements of public letters, 2013-2017.
    """
    if not statement:
        return ()
    text = re.sub(r"\s+", " ", statement).strip()
    cited: list[CitedGuideline] = []
    if _SAYS_OUTSIDE.search(text):
        cited.append(CitedGuideline(OUTSIDE_MTUS))
    for part in _parts(text):
        if lead := _NON_MTUS.match(part):
            cited += _beyond_mtus(part[lead.end() :])
        else:
            cited += _mtus(part)
    return _merged(cited)


def _parts(text: str) -> Iterator[str]:
    """What follows each "Decision based on", without the closing stop; sources beyond the MTUS stand apart."""
    starts = [match.end() for match in _STATEMENT.finditer(text)]
    ends = [match.start() for match in _STATEMENT.finditer(text)][1:] + [len(text)]
    if not starts:
        starts, ends = [0], [len(text)]
    for start, end in zip(starts, ends, strict=True):
        part = re.sub(r"\s*\.?\s*(?:\b(?:Decision|The (?:Expert|Physician) Reviewer))?\s*$", "", text[start:end])
        for piece in re.split(r"(?<=[.;,])\s+(?=Non[-\s]?MTUS\b)", part):
            if piece.strip(" ."):
                yield piece.strip().rstrip(".")


def _beyond_mtus(source: str) -> Iterator[CitedGuideline]:
    for piece in _OTHER_SOURCES.split(source):
        named = _OTHER_PREFIX.sub("", piece).strip(" ,;.")
        if not named:
            continue
        if lead := _ODG_LEAD.match(named):
            rest = named[lead.end() :].strip(" ,;")
            yield CitedGuideline(ODG, (rest,) if rest else ())
        elif _ACOEM_NAME.match(named):
            yield CitedGuideline(ACOEM, (named,))
        else:
            if _ODG_NAME.search(named):
                yield CitedGuideline(ODG)
            yield CitedGuideline(OUTSIDE_MTUS, (named,))


def _mtus(text: str) -> Iterator[CitedGuideline]:
    """The MTUS documents of one part: by name and year, else by the names that older letters use."""
    labels = [
        match
        for number, match in enumerate(_DATED_LABEL.finditer(text))
        if number == 0 or _DOCUMENT_WORD.search(match["name"])
    ]
    if not labels:
        yield from _undated(text)
        return
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        rest = text[label.end() : following.start() if following else len(text)]
        rest = re.sub(r",?\s+and\s*$|[,;.]\s*$", "", rest)
        name = re.sub(r"^MTUS\b\s*|,\s*$", "", label["name"].strip()).strip()
        year = label["year"] or label["acoem"]
        yield CitedGuideline(f"MTUS {name} {year}" if name else f"MTUS {year}", section_titles(rest))


def _undated(text: str) -> Iterator[CitedGuideline]:
    """The documents that prose names; what follows the ODG's name is the ODG's, not an MTUS chapter of a like name."""
    odg = _ODG_NAME.search(text)
    mtus = _PROSE_FILLER.sub("", text[: odg.start()] if odg else text)
    found = sorted(
        (match.start(), match.end(), label) for pattern, label in _UNDATED for match in pattern.finditer(mtus)
    )
    # "Low Back Complaints, Initial Approaches": a name inside another's sections is its section, not a document
    documents = [row for number, row in enumerate(found) if number == 0 or _DOCUMENT_WORD.search(mtus[row[0] : row[1]])]
    for number, (_, end, label) in enumerate(documents):
        until = documents[number + 1][0] if number + 1 < len(documents) else len(mtus)
        yield CitedGuideline(label, section_titles(_UNDATED_LEAD.sub("", _PAGES.sub(",", mtus[end:until]))))
    if not documents and (named := _NAMED_ONLY.search(_PAGES.sub(",", mtus))):
        label = "MTUS " + named["name"] if named["mtus"] else ACOEM
        yield CitedGuideline(label, section_titles(named["rest"]))
    if odg:
        lead = _ODG_LEAD.match(text[odg.start() :])
        after = text[odg.start() + lead.end() if lead else odg.end() :]
        rest = _PROSE_FILLER.sub("", re.split(r"\.\s+(?=[A-Z])", after)[0]).strip(" ,;.")
        yield CitedGuideline(ODG, (rest,) if rest else ())


def section_titles(text: str) -> tuple[str, ...]:
    """Split "Initial Care, Special Studies" into titles.

    Commas in brackets, before small letters and in known titles are kept.
    """
    text = _SECTIONS.sub("", text).strip(" ,;.:-")
    if not text:
        return ()
    breaks = [*_NUMBERED_SECTION.finditer(text)]
    if not re.match(r"\d+(?:\.\d+)+\.?\s", text):
        kept = [match.span() for match in _TITLES_WITH_COMMAS.finditer(text)]
        breaks = [
            match
            for match in _TITLE_BREAK.finditer(text)
            if _depth(text, match.start()) == 0 and not any(a <= match.start() < b for a, b in kept)
        ]
    titles, start = [], 0
    for match in breaks:
        titles.append(text[start : match.start()])
        start = match.end()
    titles.append(text[start:])
    return tuple(title.strip(" ,;.") for title in titles if title.strip(" ,;."))


def _depth(text: str, end: int) -> int:
    return text.count("(", 0, end) - text.count(")", 0, end)


def _merged(cited: list[CitedGuideline]) -> tuple[CitedGuideline, ...]:
    """One entry a guideline, in order of first mention, with all of its sections."""
    sections: dict[str, dict[str, None]] = {}
    for entry in cited:
        sections.setdefault(entry.guideline, {}).update(dict.fromkeys(entry.sections))
    return tuple(CitedGuideline(label, tuple(titles)) for label, titles in sections.items())
