"""Which kinds of service a request names: the longest alias of the taxonomy that stands in it, corrected by region."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.corpus import Taxonomy
from assistant.domain import AliasInContext, ServiceKind
from assistant.reading.anatomy import regions

# Kinds that differ in the body region only; the region of the request chooses among them.
_FAMILIES = ("mri_", "emg_ncv_", "epidural_steroid_injection_", "_fusion")
_FAMILY_WORDS = {
    "mri_": re.compile(r"\b(?:MRI|MRIs|MRA|MR|magnetic resonance(?: imaging)?)\b", re.IGNORECASE),
    "emg_ncv_": re.compile(
        r"\b(?:EMG|NCV|NCS|electromyogra\w+|electrodiagnostic\w*|nerve conduction)\b", re.IGNORECASE
    ),
}
# The regions that lie within a wider one, and the neighbour under which a smaller one is filed.
_WITHIN = {
    "upper extremity": ("shoulder", "elbow", "forearm", "wrist", "hand"),
    "lower extremity": ("hip", "thigh", "knee", "lower leg", "ankle", "foot"),
    "finger": ("hand",),
    "thumb": ("hand",),
    "forearm": ("wrist", "elbow"),
    "lower leg": ("ankle",),
    "thigh": ("hip",),
    "groin": ("hip",),
    "pelvis": ("hip",),
}
# "A1C" and "C5" are words; the number of a dose or count is none.
_TOKEN = re.compile(r"[^\W\d_]+\d+[^\W_]*|\d+(?:\.\d+)?|[^\W\d_]+|[%#]")
_SKIPPED = frozenset({
    "of", "the", "a", "an", "for", "to", "in", "on", "at", "with", "without", "and", "or", "right", "left",
    "bilateral", "both", "rt", "lt", "bil", "contrast", "additional", "more", "further", "continued",
    "continue", "continuation", "initial", "new", "repeat", "outpatient", "supervised", "current", "request",
    "requests", "requested",
})  # fmt: skip
_UNIT_WORDS = frozenset({"session", "visit", "treatment"})
_SMALL_WORDS = frozenset(["of", "the", "a", "an", "for", "to", "right", "left", "bilateral", "both", "rt", "lt"])
_TOPICAL_FORM = re.compile(
    r"\b(?:creams?|gels?|ointments?|lotions?|topicals?|transdermal|compound(?:ed)?|liquid topical"
    r"|\d+(?:\.\d+)?\s*(?:gms?|grams?|g))\b",
    re.IGNORECASE,
)
_WITH = re.compile(r"\b(?:with|under|plus|using|and)\b", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:after|following|status post|s/p|post)\b", re.IGNORECASE)
_PERCENT = re.compile(r"\d+(?:\.\d+)?\s?%")
_SHARED_WORD = {"diclofenac", "voltaren"}  # alone in a topical form they are the NSAID gel, not a compound
_REQUEST_FORM = re.compile(r"\bRFA\b(?=\s*(?:\(|dated|form|received|signed|request|was|of|for|submitted|from|on))")
_SHORT = 4  # letters up to which an alias in capitals is matched in capitals only
_GENERIC = frozenset({"evaluation", "referral", "consult", "consultation", "ultrasound", "narcotic", "fusion", "mesh",
                      "electrodes", "physical exam", "gym", "quarterly", "anesthesia", "menthol", "labs"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class NamedKind:
    """A kind with the place, in characters of the request, where its alias stands."""

    kind: ServiceKind
    start: int
    end: int
    alias: str


@dataclass(frozen=True, slots=True)
class _Alias:
    words: tuple[str, ...]
    kind: str
    text: str
    capitals: bool
    shared: AliasInContext | None = None

    @property
    def weight(self) -> int:
        """How much of a service the alias names; "sessions" and the like name none."""
        return sum(len(word) + 1 for word in self.words if word not in _UNIT_WORDS)

    def counts_in(self, text: str) -> bool:
        """Whether the request gives an alias that kinds share the context in which it names this one."""
        if self.shared is None:
            return True
        given, barred = self.shared.context, self.shared.without
        return (not given or _has_one_of(given, text)) and not (barred and _has_one_of(barred, text))


class _Index:
    """The aliases by their first word, in two readings: as written, and without words that come between."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.close: dict[str, list[_Alias]] = {}
        self.loose: dict[str, list[_Alias]] = {}
        for kind in taxonomy.kinds.values():
            shared = {alias.alias.casefold(): alias for alias in kind.shared_aliases}
            for text in (*kind.aliases, kind.display, kind.id.replace("_", " ")):
                if text.casefold() not in shared:
                    self._add(kind.id, text)
            for alias in kind.shared_aliases:
                self._add(kind.id, alias.alias, alias)

    def _add(self, kind: str, text: str, shared: AliasInContext | None = None) -> None:
        close, loose = _readings(kind, text, shared)
        if close.words:
            self.close.setdefault(close.words[0], []).append(close)
        if loose.words:
            self.loose.setdefault(loose.words[0], []).append(loose)


@lru_cache(maxsize=8192)
def _readings(kind: str, text: str, shared: AliasInContext | None) -> tuple[_Alias, _Alias]:
    """An alias as written, and without words that come between; the latter is empty where it names a region."""
    words = tuple(_folded(word) for word in _TOKEN.findall(text) if not word.isdigit())
    capitals = text.isupper() and text.isalpha() and len(text) <= _SHORT
    close = tuple(word for word in words if word not in _SMALL_WORDS)
    loose = () if regions(text) else tuple(word for word in words if word not in _SKIPPED)
    return _Alias(close, kind, text, capitals, shared), _Alias(loose, kind, text, capitals, shared)


@lru_cache(maxsize=256)
def _one_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)


def _has_one_of(words: tuple[str, ...], text: str) -> bool:
    return _one_of(words).search(text) is not None


@lru_cache(maxsize=8)
def _index(kinds: tuple[ServiceKind, ...]) -> _Index:
    return _Index(Taxonomy({kind.id: kind for kind in kinds}))


def kinds_named(text: str, taxonomy: Taxonomy, near: Iterable[str] = ()) -> tuple[NamedKind, ...]:
    """The kinds that `text` names, the one with the longest alias first; the rest in the order of the text.

    `near` are body regions to choose by where the request names none (those of the case).
    """
    index = _index(tuple(taxonomy.kinds.values()))
    masked = _REQUEST_FORM.sub(lambda m: " " * len(m.group()), text)
    best = _placed(_matches(masked, index), taxonomy)
    named = [_by_region(found, text, taxonomy, near) for found in best]
    if not named:
        named = list(_by_family(text, taxonomy, near))
    named = _topical(text, named, taxonomy)
    unique: dict[str, NamedKind] = {}
    for found in sorted(named, key=lambda n: n.start):
        unique.setdefault(found.kind.id, found)
    ordered = list(unique.values())
    if not ordered:
        return ()
    head = _head(text, ordered)
    return (head, *(n for n in ordered if n is not head))


def aliases_in(text: str, taxonomy: Taxonomy) -> frozenset[tuple[str, str]]:
    """Every (kind, alias) that could be found in a request, also those that a longer one covers."""
    index = _index(tuple(taxonomy.kinds.values()))
    masked = _REQUEST_FORM.sub(lambda m: " " * len(m.group()), text)
    return frozenset((alias.kind, alias.text) for alias, _, _ in _matches(masked, index))


def _head(text: str, ordered: list[NamedKind]) -> NamedKind:
    """The kind that the request is about: a consultation that comes first, what goes "with" something, the longest."""
    first = ordered[0]
    consults = first.kind.category == "consult/evaluation" or first.kind.id == "surgical_consultation"
    if consults and len(text[: first.start].split()) <= 1:
        return first
    rest = [n for n in ordered[1:] if not _accompanies(text, first, n)]
    return max([first, *rest], key=lambda n: (_importance(n), -n.start))


def _accompanies(text: str, first: NamedKind, later: NamedKind) -> bool:
    """ "Acupuncture with a capsaicin patch" is acupuncture, "injection under fluoroscopy" an injection, and therapy
    after an operation is therapy."""
    between = text[first.end : later.start]
    if later.kind.category == "surgery" and _AFTER.search(between):
        return True
    with_drug = later.kind.category == "drug" and first.kind.category != "drug"
    return bool(_WITH.search(between)) and (with_drug or later.kind.id == "procedure_companion")


def _importance(found: NamedKind) -> int:
    return 0 if found.alias.casefold() in _GENERIC else len(found.alias)


def _matches(text: str, index: _Index) -> Iterator[tuple[_Alias, int, int]]:
    tokens = [(m.group(), _folded(m.group()), m.start(), m.end()) for m in _TOKEN.finditer(text)]
    close = [t for t in tokens if t[1] not in _SMALL_WORDS and not t[1].isdigit()]
    yield from _scan(close, index.close, text)
    region_spans = [(r.span.start, r.span.end) for r in regions(text)]
    loose = [
        t for t in tokens
        if t[1] not in _SKIPPED and not t[1].isdigit() and not any(a <= t[2] < b for a, b in region_spans)
    ]  # fmt: skip
    yield from _scan(loose, index.loose, text)


def _scan(
    tokens: list[tuple[str, str, int, int]], filed: Mapping[str, list[_Alias]], text: str
) -> Iterator[tuple[_Alias, int, int]]:
    shouted = text.isupper() or text.islower()
    words = [token[1] for token in tokens]
    for i, (raw, word, start, _) in enumerate(tokens):
        for alias in filed.get(word, ()):
            size = len(alias.words)
            if tuple(words[i : i + size]) != alias.words:
                continue
            if alias.capitals and not shouted and not raw.rstrip("s").isupper():
                continue
            if not alias.counts_in(text):
                continue
            yield alias, start, tokens[i + size - 1][3]


def _placed(matches: Iterable[tuple[_Alias, int, int]], taxonomy: Taxonomy) -> list[NamedKind]:
    """The longest matches that do not overlap."""
    kept: list[NamedKind] = []
    for alias, start, end in sorted(matches, key=lambda m: (-m[0].weight, m[1])):
        if all(end <= other.start or other.end <= start for other in kept):
            kept.append(NamedKind(taxonomy.kinds[alias.kind], start, end, alias.text))
    return kept


def _folded(word: str) -> str:
    """Lower case and singular, so that "X-rays" meets "x-ray"."""
    low = word.casefold()
    if len(low) > 4 and low.endswith("ies"):
        return low[:-3] + "y"
    return low[:-1] if len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is")) else low


# --- region ---------------------------------------------------------------------------------------------------


def _by_region(found: NamedKind, text: str, taxonomy: Taxonomy, near: Iterable[str]) -> NamedKind:
    family = next((f for f in _FAMILIES if f.strip("_") in found.kind.id and _of(f, found.kind.id)), None)
    if family is None:
        return found
    if regions(text, found.start, found.end):
        return found  # the alias names its region itself
    wanted = _regions_beside(text, found) or tuple(near)
    kind = _member(family, taxonomy, wanted, found.kind)
    return NamedKind(kind, found.start, found.end, found.alias)


def _of(family: str, kind: str) -> bool:
    return kind.endswith(family) if family.startswith("_") else kind.startswith(family)


def _regions_beside(text: str, found: NamedKind) -> tuple[str, ...]:
    """The nearest region after the alias, else before it."""
    after = tuple(r.name for r in regions(text, found.end))
    return after[:1] or tuple(r.name for r in regions(text, 0, found.start))[-1:]


def _member(family: str, taxonomy: Taxonomy, wanted: Iterable[str], default: ServiceKind) -> ServiceKind:
    members = [kind for kind in taxonomy.kinds.values() if _of(family, kind.id)]
    for region in wanted:
        options = (region, *_WITHIN.get(region, ()))
        if region in default.body_regions:
            return default
        for option in options:
            for kind in members:
                if option in kind.body_regions:
                    return kind
    return default


def _by_family(text: str, taxonomy: Taxonomy, near: Iterable[str]) -> Iterator[NamedKind]:
    """A study whose region stands apart from its name: "MRI without contrast, right knee"."""
    for family, words in _FAMILY_WORDS.items():
        members = [kind for kind in taxonomy.kinds.values() if _of(family, kind.id)]
        match = words.search(text)
        if not match or not members:
            continue
        wanted = [r.name for r in regions(text)] or list(near)
        for region in wanted:
            options = {region, *_WITHIN.get(region, ())}
            hit = next((kind for kind in members if options & set(kind.body_regions)), None)
            if hit:
                yield NamedKind(hit, match.start(), match.end(), match.group())


# --- drugs ----------------------------------------------------------------------------------------------------


def _topical(text: str, named: list[NamedKind], taxonomy: Taxonomy) -> list[NamedKind]:
    """Two drugs with percentages, or a drug of the mouth in a topical form, are one topical compound."""
    compound = taxonomy.kinds.get("topical_compound")
    drugs = [n for n in named if n.kind.category == "drug"]
    if compound is None or not drugs:
        return named
    own_form = [n for n in drugs if n.kind.id in {"topical_nsaid", "lidocaine_patch", "capsaicin_topical"}]
    if len(_PERCENT.findall(text)) >= 2 and len({n.start for n in drugs}) >= 2:
        return _as(compound, named, drugs)
    plain = [n for n in drugs if n.kind.id != "topical_compound"]
    if plain and not own_form and _TOPICAL_FORM.search(text) and len(plain) == len(named):
        if (
            "topical_nsaid" in taxonomy.kinds
            and len(plain) == 1
            and plain[0].alias.split()[0].casefold() in _SHARED_WORD
        ):
            return _as(taxonomy.kinds["topical_nsaid"], named, drugs)
        return _as(compound, named, drugs)
    return named


def _as(kind: ServiceKind, named: list[NamedKind], drugs: list[NamedKind]) -> list[NamedKind]:
    first, last = min(n.start for n in drugs), max(n.end for n in drugs)
    whole = NamedKind(kind, first, last, max((n.alias for n in drugs), key=len))
    return [whole, *(n for n in named if n not in drugs)]
