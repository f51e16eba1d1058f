"""Which guidelines may govern a service on a day: the taxonomy's order, body region, meaning, words, past citations."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from assistant.domain import Candidate, CaseSummary, DisputedService, Passage, PassageKind, Polarity, ServiceKind
from assistant.library.retrieval import RRF_K, Finder, fused, request_text
from assistant.reading.anatomy import regions as body_regions_in

LEAST = 5  # candidates that a draft shows, where the library has as many
_DEPTH = 200  # passages looked at by meaning and by words
_LIKE = 8  # past decisions asked what they cite
# The taxonomy says what governs a known kind; what real decisions cite may move a place by a rank or two, and meaning
# and words order what is left open.
_TAXONOMY, _CITED, _MEANING, _WORDS = 1.0, 0.04, 0.02, 0.01
_REGION = 0.01  # for a chapter on the very part of the body, among those that the taxonomy does not name
_OF_NERVES = "electrodiagnostic"  # the category of tests of nerves
_FEW_REGIONS = 2  # parts of the body up to which a kind of service is one for just these
_DOUBT = 3  # decisions just like it that say nothing, counted with those asked: one alone moves little
_NEAR_SECTIONS = 2  # sections of one guideline that are listed for their nearness alone
_SECTION_SHARE = 0.5  # of a vote that goes to the section named, the rest to the guideline
_LIKE_SECTIONS = 0.6  # share of common words from which two section names are one

Place = tuple[str, str | None]  # a guideline and one of its sections


class _Tier(IntEnum):
    """What comes before what, whatever the scores: 8 CCR 9792.21.1 puts the MTUS first, others where it is silent."""

    GOVERNS = 0
    BEYOND_MTUS = 1
    NEAR = 2
    NEAR_BEYOND_MTUS = 3
    OTHER_REGION = 4


@dataclass(slots=True)
class _Option:
    """A place with what speaks for it."""

    place: Place
    passages: list[Passage] = field(default_factory=list)
    rank: int | None = None  # in the taxonomy's order
    fits: bool = True  # the request's part of the body
    beside: bool = False  # it is for the part of the body next to the request's
    region: str | None = None  # the part of the body that both name
    meaning: float = 0.0
    cited: int = 0  # like decisions that cite the guideline
    asked: int = 0  # like decisions
    votes: float = 0.0  # their likenesses, 0 to 1, each times the share that the place has in what they cite
    voting: float = 0.0  # the likenesses of all that were asked

    @property
    def mtus(self) -> bool:
        return self.place[0].startswith("MTUS")

    @property
    def tier(self) -> _Tier:
        if not self.fits:
            return _Tier.OTHER_REGION
        governs = (self.rank is not None or 2 * self.cited >= max(2, self.asked)) and not self.beside
        if self.mtus:
            return _Tier.GOVERNS if governs else _Tier.NEAR
        return _Tier.BEYOND_MTUS if governs else _Tier.NEAR_BEYOND_MTUS

    @property
    def score(self) -> float:
        region = _REGION if self.region else 0.0
        taxonomy = region if self.rank is None or self.beside else _TAXONOMY * (RRF_K + 1) / (RRF_K + 1 + self.rank)
        cited = _CITED * self.votes / (self.voting + _DOUBT)
        return taxonomy + self.meaning + cited


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: the service in its case, the kind it is taken for (a guess, if so), the day of review."""

    service: DisputedService
    case: CaseSummary
    kind: ServiceKind | None
    guessed: bool
    day: date


def governing(
    request: Request, offered: Mapping[str, Passage], imported: frozenset[str], finder: Finder, limit: int
) -> tuple[Candidate, ...]:
    """The guidelines, each with one section, that may govern the service on that day, best first.

    Only passages in force count. At least five where the library has so many. Illustrative decisions have no vote.
    """
    in_force = {key: p for key, p in offered.items() if p.in_force.holds_on(request.day) and not p.is_law}
    regions = _regions(request, in_force)
    options = _options(in_force, request.kind, regions)
    for rank, place in enumerate(_order(request, in_force, regions)):
        options[place].rank = rank
    words = request_text(request.service, request.case)
    near = [key for key, _ in finder.passages_near(words, _DEPTH) if key in in_force]
    worded = [key for key in finder.passages_worded(words, _DEPTH) if key in in_force]
    closeness = fused([(near, _MEANING), (worded, _WORDS)])
    for option in options.values():
        option.meaning = max((closeness.get(p.id, 0.0) for p in option.passages), default=0.0)
    _vote(options, finder, request)
    ordered = sorted(options.values(), key=lambda o: (o.tier, -o.score, o.place[0], o.place[1] or ""))
    best = _shown(ordered, request, limit)
    return tuple(_candidate(option, request, imported, closeness) for option in best)


def governed(request: Request, offered: Mapping[str, Passage]) -> list[Passage]:
    """The passages in force on the day that govern the kind, for the request's part of the body, best first."""
    kind = request.kind
    if kind is None:
        return []
    in_force = {key: p for key, p in offered.items() if p.in_force.holds_on(request.day) and not p.is_law}
    regions = _regions(request, in_force)
    options = _options(in_force, kind, regions)
    places = [options[place] for place in _order(request, in_force, regions)]
    fitting = sorted((option for option in places if option.fits), key=lambda option: not option.mtus)
    return [p for option in fitting for p in option.passages if _is_for(p, kind)]


def _options(
    in_force: Mapping[str, Passage], kind: ServiceKind | None, regions: frozenset[str]
) -> dict[Place, _Option]:
    """A place for every section in force; an edition's note only where its criteria are not held for the kind."""
    options: dict[Place, _Option] = {}
    beside = {neighbour for region in regions for neighbour in _NEIGHBOURS.get(region, ())}
    for passage in in_force.values():
        if passage.edition_note and not _stands_in(passage, kind, regions):
            continue
        place = (passage.guideline, passage.section)
        options.setdefault(place, _Option(place)).passages.append(passage)
    for option in options.values():
        named = {region for p in option.passages if not kind or _is_for(p, kind) for region in p.body_regions}
        named = named or {region for p in option.passages for region in p.body_regions}
        common = sorted(named & regions)
        option.beside = bool(named & beside) and not common
        option.fits = not named or not regions or bool(common) or option.beside
        option.region = common[0] if common else None
    return options


def _stands_in(note: Passage, kind: ServiceKind | None, regions: frozenset[str]) -> bool:
    """Whether an edition's note is offered for want of its criteria: it names the kind, or the part of the body."""
    named = kind is not None and _is_for(note, kind)
    return note.current_without_criteria and (named or bool(regions & set(note.body_regions)))


def _is_for(passage: Passage, kind: ServiceKind) -> bool:
    return kind.id in passage.service_kinds


def _order(request: Request, in_force: Mapping[str, Passage], regions: frozenset[str]) -> list[Place]:
    """The places that govern the kind on that day, the most usual first.

    Where its usual guideline has been replaced, the chapters now in force take its place: those of the body region,
    then general ones, in the taxonomy's order.
    """
    kind = request.kind
    if kind is None:
        return []
    places = {(p.guideline, p.section): p for p in in_force.values() if not p.edition_note}
    # A text at hand stands where the note stood that it is missing.
    notes = [p for p in in_force.values() if _is_for(p, kind) and (_tells_of_lack(p) or _is_text(p))]
    usual = [place for place in kind.governed_by if place in places]
    by_label = {label: rank for rank, label in enumerate(kind.today)}

    def priority(place: Place, passage: Passage) -> tuple[bool, bool, int]:
        today = place[0] in by_label
        return (
            not place[0].startswith("MTUS"),
            today and not regions & set(passage.body_regions),
            by_label.get(place[0], 0),
        )

    listed = [(place, places[place]) for place in usual] + [((p.guideline, p.section), p) for p in notes]
    if by_label.keys() & {place[0] for place, _ in listed}:
        listed.sort(key=lambda pair: priority(*pair))
    extra = [(place, p) for place, p in places.items() if _is_for(p, kind)]
    ordered = _by_prominence(list(dict(listed + extra).items()), _prominence(request, regions), regions)
    return _texts_first(ordered, {(p.guideline, p.section) for p in notes if _is_text(p)})


def _by_prominence(
    listed: Sequence[tuple[Place, Passage]], share: Mapping[str, int], regions: frozenset[str]
) -> list[Place]:
    """The same places, those on parts of the body in the order in which the case speaks of them most."""

    def said(passage: Passage) -> int:
        return max((share.get(region, 0) for region in passage.body_regions), default=0)

    at = [n for n, (_, passage) in enumerate(listed) if regions & set(passage.body_regions)]
    ordered = list(listed)
    for n, pair in zip(at, sorted((listed[n] for n in at), key=lambda pair: -said(pair[1])), strict=True):
        ordered[n] = pair
    return [place for place, _ in ordered]


def _prominence(request: Request, regions: frozenset[str]) -> Mapping[str, int]:
    """How often the case names each part of the body in question; only the request's own, where it names one."""
    if len(request.service.body_regions) == 1 and request.service.body_regions[0] not in _PARTS:
        return dict.fromkeys(_expanded(request.service.body_regions), 1)
    spoken: Counter[str] = Counter()
    for said in body_regions_in(request.case.text):
        spoken.update(set(_expanded((said.name,))) & regions)
    return spoken


def _tells_of_lack(passage: Passage) -> bool:
    return passage.edition_note and passage.current_without_criteria


def _is_text(passage: Passage) -> bool:
    """Whether a passage is of an official text, which comes before a digest of the same guideline."""
    return passage.kind is PassageKind.OFFICIAL and not passage.edition_note


def _texts_first(order: Sequence[Place], texts: Collection[Place]) -> list[Place]:
    """The order with the texts of a guideline just before its first place."""
    first: dict[str, int] = {}
    for rank, (guideline, _) in enumerate(order):
        first.setdefault(guideline, rank)
    ranks = {place: (first[place[0]] if place in texts else rank) for rank, place in enumerate(order)}
    return sorted(order, key=lambda place: (ranks[place], place not in texts))


def _vote(options: Mapping[Place, _Option], finder: Finder, request: Request) -> None:
    """What real decisions on like services cite, each weighing as much as its likeness (cosine; none below 0)."""
    like = finder.like(request.service, request.case, request.kind.id if request.kind else None, _LIKE)
    by_label: defaultdict[str, list[_Option]] = defaultdict(list)
    voting = sum(max(0.0, likeness) for _, likeness in like)
    for option in options.values():
        option.asked, option.voting = len(like), voting
        by_label[_folded(option.place[0])].append(option)
    for decision, likeness in like:
        weight = max(0.0, likeness)
        voted: set[Place] = set()
        for cited in decision.citations:
            for option in by_label.get(_folded(cited.guideline), ()):
                if option.place in voted:
                    continue
                named = any(same_section(option.place[1], section) for section in cited.sections)
                if named or not cited.sections or option.place[1] is None:
                    voted.add(option.place)
                    option.cited += 1
                    option.votes += weight
                else:
                    option.votes += weight * (1 - _SECTION_SHARE)


def _shown(ordered: Sequence[_Option], request: Request, limit: int) -> list[_Option]:
    """The best; sections of a guideline that are merely near give way after two; other body parts come last."""
    near: Counter[str] = Counter()
    wanted: list[_Option] = []
    rest: list[_Option] = []
    for option in ordered:
        merely_near = option.tier in (_Tier.NEAR, _Tier.NEAR_BEYOND_MTUS)
        near[option.place[0]] += merely_near
        crowded = merely_near and near[option.place[0]] > _NEAR_SECTIONS
        (rest if crowded or option.tier is _Tier.OTHER_REGION else wanted).append(option)
    rest.sort(key=lambda option: option.tier)
    limit = max(limit, LEAST)
    return (wanted + rest)[:limit]


def _candidate(
    option: _Option, request: Request, imported: frozenset[str], closeness: Mapping[str, float]
) -> Candidate:
    def fitness(passage: Passage) -> tuple[bool, bool, bool, bool, float, str]:
        for_kind = request.kind is not None and _is_for(passage, request.kind)
        text = _is_text(passage)
        return (
            for_kind,
            passage.id in imported,
            text,
            text and bool(passage.criteria),
            closeness.get(passage.id, 0.0),
            passage.id,
        )

    chosen = max(option.passages, key=fitness)
    guideline, section = option.place
    return Candidate(guideline, section, chosen.id, round(option.score, 4), _reason(option, chosen, request))


def _reason(option: _Option, chosen: Passage, request: Request) -> str:
    said: list[str] = []
    kind = request.kind
    where = f", {option.region}" if option.region else ""
    if not option.fits:
        said.append("for another part of the body")
    elif option.beside:
        said.append("for the part of the body next to it")
    elif chosen.current_without_criteria and chosen.edition_note:
        said.append(f"in force on {request.day}{where}; its text is not in the library")
    elif option.rank is not None and kind is not None:
        verb = "governs the nearest known service" if request.guessed else "governs"
        said.append(f"{verb}: {kind.display.lower()}{where}")
    elif option.meaning:
        said.append("close in meaning")
    else:
        said.append("in force on that day, further off")
    if option.cited:
        said.append(f"cited in {option.cited} of {option.asked} similar decisions")
    return "; ".join(said)


# --- parts of the body, names ----------------------------------------------------------------------------------

_CALLED = {
    "low back": ("lumbar", "lumbar spine", "lumbosacral", "back", "sacroiliac"),
    "neck": ("cervical", "cervical spine"),
    "upper back": ("thoracic", "thoracic spine", "mid back"),
    "knee": ("lower leg", "calf", "thigh"),
    "foot": ("toe", "toes", "heel"),
    "finger": ("fingers",),
    "hand": ("hands",),
    "wrist": ("wrists",),
    "hip": ("groin", "pelvis"),
}
_ALSO_CALLED = {name: region for region, names in _CALLED.items() for name in names}
_SPINE = re.compile(r"\bspin(?:e|al)\b", re.IGNORECASE)
_NEIGHBOURS = {"upper back": ("low back",)}  # chapters and the ODG treat the thoracic spine with the one or the other
_PARTS = {
    "spine": ("low back", "neck", "upper back"),
    "upper extremity": ("shoulder", "elbow", "forearm", "wrist", "hand"),
    "lower extremity": ("knee", "ankle", "foot", "hip"),
}


def _regions(request: Request, in_force: Mapping[str, Passage]) -> frozenset[str]:
    """The parts of the body that the request names, else those of the case's diagnoses; maybe none.

    Where they fit nothing that governs the kind ("MRI of the spine and pelvis"), those that the kind implies count too.
    """
    kind = request.kind
    diagnosed = tuple(
        fact.body_region
        for fact in request.case.facts
        if fact.kind == "diagnosis" and fact.body_region and fact.polarity is Polarity.PRESENT
    )
    spinal = ("spine",) if _SPINE.search(request.service.text) else ()
    named = request.service.body_regions or spinal or diagnosed
    if kind is not None and kind.category == _OF_NERVES:  # asked for a limb, often for the spine that serves it
        named = (*named, *diagnosed)
    regions = frozenset(_expanded(named))
    if kind is None or len(kind.body_regions) > _FEW_REGIONS:
        return regions
    mtus = [p for p in in_force.values() if _is_for(p, kind) and p.guideline.startswith("MTUS")]
    fits = any(not p.body_regions or regions & set(p.body_regions) for p in mtus)
    return regions if fits else regions | set(kind.body_regions)


def _expanded(named: Iterable[str]) -> Iterable[str]:
    for name in named:
        lowered = name.lower()
        called = _ALSO_CALLED.get(lowered, lowered)
        yield from _PARTS.get(called, (called,))
        yield lowered


def _folded(label: str) -> str:
    """A guideline's name without case, punctuation and the word MTUS."""
    return " ".join(word for word in re.findall(r"[a-z0-9]+", label.lower()) if word not in {"mtus", "guidelines"})


def same_section(ours: str | None, theirs: str) -> bool:
    """Whether two names of a section mean the same: case, plural, parentheses and word order apart."""
    if ours is None:
        return False
    one, other = _section_words(ours), _section_words(theirs)
    return bool(one and other) and (
        one <= other or other <= one or len(one & other) / len(one | other) >= _LIKE_SECTIONS
    )


def _section_words(name: str) -> frozenset[str]:
    plain = re.sub(r"\(.*?\)", " ", name.lower())
    return frozenset(
        word.rstrip("s") for word in re.findall(r"[a-z0-9]+", plain) if word not in {"and", "of", "the", "for"}
    )
