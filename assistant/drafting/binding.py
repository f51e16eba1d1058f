"""Whether a claim of a sentence is about the same thing as the claim of a support that has its value.

A number is not backed by standing somewhere in a support: "8 visits of physical therapy and 6 of acupuncture" does not
back 6 visits of physical therapy. Where a claim names its thing (a dose its drug, a count its therapy, a side its part
of the body) the thing must be the same; else the nearest word that both texts share must belong to the same value.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.drafting.analysis import Analysis, Placed, View, analyse
from assistant.drafting.claims import Claim, Kind, date_covers
from assistant.drafting.vocabulary import PLAIN, UNIT_WORD
from assistant.drafting.wording import Sort, Thing, key_of

_DOSE = frozenset({"mg", "mcg", "g", "ml"})
_BARE = frozenset({None, "visit", "time", "injection", "tablet", "point", "level", "unit"})
_SCALES = frozenset(["5", "10", "100"])  # of which a score may be told without its scale; a blood pressure is none
_NEAR, _CLOSE = 16, 5  # places: how far a claim reaches for its thing, and a bare number for its own
_ROLES = frozenset(["request", "requested", "asked", "before", "together", "had", "range", "allowed", "certified"])
_ROLE_KEYS = frozenset(key_of(role) for role in _ROLES)
_JOINS = frozenset(["and", "or", "to", "through", "from", "at", "of"])
_POLES = frozenset(
    ["with", "without", "before", "after", "rest", "activity", "worst", "best", "average", "least", "most", "during"]
)


_MARKS = {Kind.SCORE: _POLES, Kind.NUMBER: _ROLES | _POLES}


def _unit_follows(sentence: Analysis, placed: Placed) -> bool:
    after = sentence.words[placed.last + 1 : placed.last + 2]
    return placed.claim.unit is not None and bool(after) and bool(UNIT_WORD.match(after[0].lower))


def _helps(other: Placed, claimed: Placed) -> bool:
    """Whether another claim's word may tie this one down: the side of a result, a result of a side."""
    return other.claim.kind in {Kind.SIDE, Kind.RESULT} and other.claim.kind is not claimed.claim.kind


def same_value(claimed: Claim, backing: Claim) -> bool:
    """Whether the backing claim says what is claimed, leaving open about what."""
    if claimed.kind is Kind.DATE:
        return backing.kind is Kind.DATE and date_covers(backing.value, claimed.value)
    if claimed.kind is Kind.SCORE and backing.kind is Kind.DATE:
        month, _, day = claimed.value.partition("/")
        return date_covers(backing.value, f"-{month:0>2}-{day:0>2}")
    if claimed.kind is Kind.NUMBER and backing.kind is Kind.SCORE and claimed.unit in {None, "point"}:
        score, _, most = backing.value.partition("/")
        return claimed.value == score and most in _SCALES
    if claimed.kind is not backing.kind:
        return False
    if claimed.kind not in {Kind.NUMBER, Kind.SCORE}:
        return claimed.value == backing.value
    return same_unit(claimed.unit, backing.unit) and _same_number(claimed, backing)


def same_unit(claimed: str | None, backing: str | None) -> bool:
    """Whether two units are one; a count of visits or tablets may stand without its unit ("x 6", "#120")."""
    return claimed == backing or (claimed in _BARE and backing is None) or (claimed is None and backing in _BARE)


def _same_number(claimed: Claim, backing: Claim) -> bool:
    if {claimed.limit, backing.limit} in ({"most", "least"}, {"over", "under"}, {"most", "over"}, {"least", "under"}):
        return False
    if claimed.limit in {"over", "under"} and backing.limit not in {claimed.limit}:
        return False
    if backing.limit in {"over", "under"} and claimed.limit != backing.limit:
        return False
    if claimed.value == backing.value:
        return True
    low, _, high = backing.value.partition("..")
    return bool(high) and claimed.value == {"most": high, "least": low}.get(claimed.limit or "")


def rivals(a: Claim, b: Claim) -> bool:
    """Whether two claims could be taken for each other: of one kind, in units of one family."""
    return family(a) == family(b)


def family(claim: Claim) -> str:
    """The family of values within which a claim could be taken for another: doses, counts, or its unit or kind."""
    if claim.unit in _DOSE:
        return "dose"
    if claim.kind is Kind.NUMBER:
        return "count" if claim.unit in _BARE else str(claim.unit)
    return claim.kind.value


def needs(claim: Claim) -> frozenset[Sort]:
    """The sorts of things to which a claim must be bound alike; empty where only shared words can tell."""
    if claim.kind is Kind.SIDE:
        return frozenset({Sort.PART, Sort.TEST})
    if claim.kind is Kind.RESULT:
        return frozenset({Sort.TEST})
    if claim.kind not in {Kind.NUMBER, Kind.SCORE}:
        return frozenset()
    if claim.unit == "degree":
        return frozenset({Sort.TEST})
    if claim.unit in _DOSE or claim.unit in {"tablet", "patch", "per day", "refill"}:
        return frozenset({Sort.DRUG})
    if claim.unit in {"visit", "injection", "per week", "per month", "time"}:
        return frozenset({Sort.TREATMENT})
    if claim.unit is None and claim.kind is Kind.NUMBER:
        return frozenset({Sort.TREATMENT, Sort.DRUG})
    return frozenset()


def bound_thing(analysis: Analysis, placed: Placed) -> Thing | None:
    """The thing that a claim is about: the nearest of the sorts it needs, in its sentence; None where there is none."""
    sorts, sentence = needs(placed.claim), analysis.sentence_of(placed.first)
    reach = _CLOSE if placed.claim.unit is None and placed.claim.kind is Kind.NUMBER else _NEAR
    best: tuple[int, Thing] | None = None
    for thing in analysis.named.get(sentence, ()):
        if thing.sort not in sorts:
            continue
        apart = analysis.distance((placed.first, placed.last), (thing.first, thing.last))
        if placed.claim.kind is Kind.SIDE and thing.first < placed.first:
            apart += 2  # "left knee" more often than "knee, left"
        if apart <= reach and (best is None or apart < best[0]):
            best = (apart, thing)
    return best[1] if best else None


def one_name(a: str, b: str) -> bool:
    """Whether two things are one, or one the general name of the other ("injection", "epidural injection")."""
    return a == b or a.endswith(f" {b}") or b.endswith(f" {a}")


def bound_alike(sentence: Analysis, claimed: Placed, view: View, backing: Placed) -> bool:
    """Whether the claim of the sentence and its backing in the view are about the same thing."""
    thing = bound_thing(sentence, claimed)
    if thing is None or (view.label and thing.name in {named.name for named in analyse(view.label).things}):
        return _shares_nearest_word(sentence, claimed, view, backing)
    source = view.source
    theirs = bound_thing(source, backing)
    if theirs is not None and one_name(thing.name, theirs.name):
        several = _several_of(source, backing, theirs)
        return not several or _shares_nearest_word(sentence, claimed, view, backing, but=thing.name)
    at = source.sentence_of(backing.first)
    here = [other for other in source.named.get(at, ()) if one_name(other.name, thing.name)]
    if any(_belongs(source, (other.first, other.last), claimed.claim, backing.claim) for other in here):
        return True
    before = [other for other in source.named.get(at - 1, ()) if one_name(other.name, thing.name)]
    if theirs is None and not here:
        return bool(before) or (claimed.claim.unit is None and _shares_nearest_word(sentence, claimed, view, backing))
    return False


def contradicts(sentence: Analysis, claimed: Placed, views: Sequence[View]) -> bool:
    """Whether a view gives another value of what the claim is about; views that are silent on it do not.

    Where the claim names no thing, the nearest telling word that any view has stands for it.
    """
    thing = bound_thing(sentence, claimed)
    if thing is not None:
        told = ((view, bound_thing(view.source, other)) for view in views for other in _others(view, claimed))
        return any(named is not None and named.name == thing.name for _, named in told)
    for key, name in _anchors(sentence, claimed):
        if key in _ROLE_KEYS or not any(
            view.by_name.get(name, ()) if name else view.by_key.get(key, ()) for view in views
        ):
            continue
        return any(_answers(view, claimed, key, name) for view in views)
    return False


def _others(view: View, claimed: Placed) -> list[Placed]:
    """The claims of a view that could be taken for the claimed one and have another value."""
    return [p for p in view.claims if rivals(p.claim, claimed.claim) and not same_value(claimed.claim, p.claim)]


def _answers(view: View, claimed: Placed, key: str, name: str | None) -> bool:
    """Whether the claim nearest to a word or thing of the view has another value than the claimed one."""
    places = [(t.first, t.last) for t in view.by_name.get(name, ())] if name else []
    places += [(at, at) for at in view.by_key.get(key, ())] if name is None else []
    others = _others(view, claimed)
    nearest = (p for run in places for other in others for p in nearest_placed(view.source, run, other.claim))
    return any(not same_value(claimed.claim, p.claim) for p in nearest)


def _several_of(source: Analysis, backing: Placed, thing: Thing) -> bool:
    """Whether the source's sentence gives the thing several values of this kind ("positive left, negative right")."""
    at = source.sentence_of(backing.first)
    rivalling = [p for p in source.told.get(at, ()) if rivals(p.claim, backing.claim)]
    values = {p.claim.value for p in rivalling if (other := bound_thing(source, p)) and other.name == thing.name}
    return len(values) > 1


def _belongs(source: Analysis, run: tuple[int, int], claimed: Claim, backing: Claim) -> bool:
    """Whether the claim nearest to a run of words, among those that rival the backing one, has the claimed value."""
    return any(same_value(claimed, other.claim) for other in nearest_placed(source, run, backing))


def nearest_placed(source: Analysis, run: tuple[int, int], like: Claim) -> list[Placed]:
    """The claims that rival `like` nearest to a run of words: in its sentence, else the last one before it."""
    sentence = source.sentence_of(run[0])
    here = [p for p in source.told.get(sentence, ()) if rivals(p.claim, like)]
    if here:
        apart = [source.distance((p.first, p.last), run) for p in here]
        return [p for p, far in zip(here, apart, strict=True) if far == min(apart)]
    rivalling = (p for p in source.claims if rivals(p.claim, like))
    first = next(rivalling, None)
    last = first
    for placed in rivalling:
        if placed.first > run[0]:
            break
        last = placed
    return [last] if last is not None else []


def _shares_nearest_word(
    sentence: Analysis, claimed: Placed, view: View, backing: Placed, but: str | None = None
) -> bool:
    """Whether the word nearest to the claim that both texts have belongs to the claimed value in the source too.

    The thing named `but` tells nothing: the source gives it several values.

    Looked for where the view opens and in the sentence of the backing claim. Without a word in common nothing ties the
    two together; an age and a code say by themselves what they are.
    """
    if claimed.claim.unit == "age" or claimed.claim.kind is Kind.CODE:
        return True
    source, own = view.source, view.source.sentence_of(backing.first)
    label = analyse(view.label)
    cited = {thing.name for thing in label.things} | ({but} if but else set())
    anchors = [
        (key, name) for key, name in _anchors(sentence, claimed) if name not in cited and key not in label.places
    ]
    for key, name in anchors:
        if name is not None:
            things = (*view.by_name.get(name, ()), *source.named.get(own, ()))
            runs = [(t.first, t.last) for t in things if t.name == name]
        else:
            runs = [(at, at) for at in source.places.get(key, ()) if at not in source.thing_at]
        near = [run for run in runs if run[0] in view.range or source.sentence_of(run[0]) == own]
        if near:
            return any(
                _is_or_joins(sentence, claimed, source, other)
                for run in near
                for other in nearest_placed(source, run, backing.claim)
            )
    return not anchors


def _is_or_joins(sentence: Analysis, claimed: Placed, source: Analysis, nearest: Placed) -> bool:
    """Whether the nearest claim, or one joined to it ("L4 and L5", "7/10 to 8/10"), has the claimed value.

    In "from 8/10 to 5/10" the places count: what was first stays first.
    """
    if same_value(claimed.claim, nearest.claim):
        return True
    theirs, ours = _joined(source, nearest), _joined(sentence, claimed)
    if len(theirs) == len(ours) > 1 and _ordered(source, theirs) and _ordered(sentence, ours):
        return same_value(claimed.claim, theirs[ours.index(claimed)].claim)
    return any(same_value(claimed.claim, other.claim) for other in theirs)


def _joined(analysis: Analysis, placed: Placed) -> list[Placed]:
    """The run of rival claims that nothing but "and", "or", "to" and the like keeps apart, this one among them."""
    run: list[Placed] = []
    for other in analysis.told.get(analysis.sentence_of(placed.first), ()):
        if not rivals(other.claim, placed.claim):
            continue
        between = analysis.words[run[-1].last + 1 : other.first] if run else ()
        if run and any(word.lower not in _JOINS for word in between):
            if placed in run:
                return run
            run = []
        run.append(other)
    return run if placed in run else [placed]


def _ordered(analysis: Analysis, run: list[Placed]) -> bool:
    return "to" in {word.lower for word in analysis.words[run[0].first : run[-1].last]}


def _anchors(sentence: Analysis, claimed: Placed) -> list[tuple[str, str | None]]:
    """The words and things of a claim's clause that stand nearer to it than to its rivals, nearest first.

    Of each the key, and the name of what is a thing.
    """
    clause = sentence.clause_of(claimed.first)
    joined = _joined(sentence, claimed)
    taken = {at for p in sentence.claims if not _helps(p, claimed) for at in range(p.first, p.last + 1)}
    taken |= {p.last + 1 for p in sentence.claims if rivals(p.claim, claimed.claim) and _unit_follows(sentence, p)}
    telling = {at for p in sentence.claims if _helps(p, claimed) for at in range(p.first, p.last + 1)}
    anchors: list[tuple[int, int, str, str | None]] = []
    here = (claimed.first, claimed.last)
    seen: set[str] = set()

    def belongs(run: tuple[int, int]) -> bool:
        return any(other in joined for other in nearest_placed(sentence, run, claimed.claim))

    for at in clause:
        word, thing = sentence.words[at], sentence.thing_at.get(at)
        if thing is not None:
            if thing.name not in seen and belongs((thing.first, thing.last)):
                seen.add(thing.name)
                apart = sentence.distance(here, (thing.first, thing.last))
                anchors.append((apart, at, word.key, thing.name))
            continue
        marked = at in telling or word.lower in _MARKS.get(claimed.claim.kind, ())
        if at in taken or (word.lower in PLAIN and not marked) or word.lower.isdigit() or not belongs((at, at)):
            continue
        anchors.append((sentence.distance(here, (at, at)), at, word.key, None))
    return [(key, name) for _, _, key, name in sorted(anchors, key=lambda anchor: anchor[:2])]
