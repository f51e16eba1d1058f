"""Body regions, sides and spinal levels in a text, under the normal names of corpus/services.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain import Side, Span

# Normal name: the words that mean it. "back" alone is the low back; an extremity is a region of its own.
_REGIONS = {
    "head": r"head|brain|skull|scalp|cranial|cranium|face|facial",
    "neck": r"neck|cervical|c[- ]spine|cervicothoracic|nuchal|paracervical",
    "upper back": r"(?:upper|mid(?:dle)?)[- ]?back|thoracic|t[- ]spine|thorax|scapular?|parascapular|rhomboids?",
    "low back": r"low(?:er)?[- ]back|lumbar|lumbosacral|lumbo[- ]sacral|l[/ -]?s? ?spine|paralumbar|sacral|sacrum|back"
    r"|sacroiliac|si joints?",
    "shoulder": r"shoulders?|rotator cuff|acromioclavicular|glenohumeral|supraspinatus|subacromial|clavicle",
    "elbow": r"elbows?|epicondyl\w+|cubital",
    "forearm": r"forearms?|radius|ulna",
    "wrist": r"wrists?|carpal",
    "hand": r"hands?|metacarpals?",
    "finger": r"fingers?|digits?",
    "thumb": r"thumbs?",
    "hip": r"hips?|trochanter\w*|femoral head",
    "pelvis": r"pelvi[sc]",
    "groin": r"groin|inguinal",
    "thigh": r"thighs?|femur",
    "knee": r"knees?|meniscus|meniscal|patell\w+|cruciate|acl",
    "lower leg": r"lower legs?|tibia|fibula|shin|cal(?:f|ves)",
    "ankle": r"ankles?|achilles",
    "foot": r"foot|feet|plantar|metatarsals?|toes?|heels?|mid ?foot|tarsal",
    "chest": r"chest|ribs?|sternum",
    "abdomen": r"abdom(?:en|inal)|umbilical",
    "upper extremity": r"upper extremit(?:y|ies)|upper limbs?|arms?|[rlb]\.?ue",
    "lower extremity": r"lower extremit(?:y|ies)|lower limbs?|legs?|[rlb]\.?le",
}
_REGION = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<r{i}>{words})" for i, words in enumerate(_REGIONS.values())) + r")(?!\w)",
    re.IGNORECASE,
)
_NAMES = tuple(_REGIONS)

# "L4-5", "L4-L5", "L4/5", "C5-6", "T9-10"; "Ll-2" and "LS-S1" are what scanning makes of them.
_LEVEL = re.compile(
    r"(?<![\w-])(?P<from>(?P<part>[CTL])(?:[1-9]|1[0-2]|(?<=L)[lI])|S[12]|LS)"
    r"(?:\s?(?:-|–|/|through|to)\s?(?:[CTLS]?(?:1[0-2]|[1-9])))?(?![\w%])"
)
_LEVEL_REGION = {"C": "neck", "T": "upper back", "L": "low back", "S": "low back"}

_SIDE = re.compile(
    r"(?<![\w/])(?:(?P<bilateral>bilateral(?:ly)?|both|b/l|r/l|l/r|right and left|left and right|bil|[bB](?:[UL]E))"
    r"|(?P<left>left(?:[- ]sided)?|lt|l(?=\.? (?:shoulder|knee|wrist|elbow|hand|hip|ankle|foot|leg|arm)\b)|L[UL]E)"
    r"|(?P<right>right(?:[- ]sided)?|rt|r(?=\.? (?:shoulder|knee|wrist|elbow|hand|hip|ankle|foot|leg|arm)\b)|R[UL]E))"
    r"(?![\w/])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RegionFound:
    """A body region under its normal name, with the words that name it."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class SideFound:
    """A body side with the word that says it."""

    side: Side
    span: Span


def regions(text: str, start: int = 0, end: int | None = None) -> tuple[RegionFound, ...]:
    """The body regions named in `text[start:end]`, and those that spinal levels imply, in order."""
    stop = len(text) if end is None else end
    found = [*_named(text, start, stop), *levels(text, start, stop)]
    return tuple(sorted(found, key=lambda region: region.span.start))


def _named(text: str, start: int, end: int) -> Iterator[RegionFound]:
    for match in _REGION.finditer(text, start, end):
        name = _NAMES[int((match.lastgroup or "r0")[1:])]
        if name in {"low back", "upper back"} and _not_the_body(text, match):
            continue
        yield RegionFound(name, Span.of(text, *match.span()))


def _not_the_body(text: str, match: re.Match[str]) -> bool:
    """ "came back", "back to work", "back in the clinic" name no body region."""
    if match.group().casefold() != "back":
        return False
    after = text[match.end() : match.end() + 12].casefold()
    before = text[max(0, match.start() - 10) : match.start()].casefold().split()
    return after.startswith((" to ", " in ", " at work", " on ", " and forth")) and not (
        before and before[-1] in {"the", "his", "her", "low", "lower", "upper", "and", "neck,", "neck/", "mid"}
    )


def levels(text: str, start: int = 0, end: int | None = None) -> tuple[RegionFound, ...]:
    """The spinal levels of `text[start:end]`, each under the region that it lies in."""
    found = []
    for match in _LEVEL.finditer(text, start, len(text) if end is None else end):
        part = match["part"] or match["from"][0]
        found.append(RegionFound(_LEVEL_REGION[part], Span.of(text, *match.span())))
    return tuple(found)


def sides(text: str, start: int = 0, end: int | None = None) -> tuple[SideFound, ...]:
    """The body sides said in `text[start:end]`, in order."""
    found = []
    for match in _SIDE.finditer(text, start, len(text) if end is None else end):
        found.append(SideFound(Side(match.lastgroup or "bilateral"), Span.of(text, *match.span())))
    return tuple(found)


def one_side(found: tuple[SideFound, ...]) -> Side | None:
    """The side that all of `found` agree on; left and right together are bilateral only where it says so."""
    said = {side.side for side in found}
    if len(said) == 1:
        return said.pop()
    return None
