"""Whether what a sentence says of a part of the body is said of that part in a support: "hand pain", "neck pain"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.drafting.analysis import Analysis, View
from assistant.drafting.binding import one_name
from assistant.drafting.vocabulary import PLAIN
from assistant.drafting.wording import Sort, Thing

_OF = frozenset(["of", "in", "over", "at", "to", "around", "about", "on"])
_BETWEEN = frozenset(
    ["the", "his", "her", "left", "right", "bilateral", "both", "and", "or", "at", "to", "of", "in", "lower"]
)
_CLOSE = 4  # places within which a word and a part stand together


_ACTS = frozenset(["=end", "=start", "=continue", "=fail"])
_GIVEN = frozenset({Sort.DRUG, Sort.TREATMENT})


def act_problems(sentence: Analysis, clause: range, views: Sequence[View]) -> Iterator[str]:
    """What a clause says was started, stopped, continued or failed, and every support says of another treatment."""
    for at in clause:
        word = sentence.words[at]
        if word.key not in _ACTS or sentence.thing_at.get(at) is not None:
            continue
        thing = _nearest(sentence, at)
        if thing is None or sentence.distance((at, at), (thing.first, thing.last)) > _CLOSE:
            continue
        told = [tied for view in views if (tied := _done_to(view, thing, word.key)) is not None]
        if told and not any(told):
            named = sentence.text[sentence.words[thing.first].start : sentence.words[thing.last].end]
            yield f"The sentence ties “{word.text}” to {named}; its supports say it of another treatment."


def _nearest(source: Analysis, at: int) -> Thing | None:
    """The drug or treatment nearest to a word of its sentence."""
    here = [t for t in source.named.get(source.sentence_of(at), ()) if t.sort in _GIVEN]
    return min(here, key=lambda t: source.distance((at, at), (t.first, t.last)), default=None)


def _done_to(view: View, thing: Thing, key: str) -> bool | None:
    """Whether the view says an act of a thing, or of a list that holds it; None where it has not both in a sentence."""
    source, told = view.source, None
    for at in view.by_key.get(key, ()):
        here = [t for t in source.named.get(source.sentence_of(at), ()) if t.sort in _GIVEN]
        nearest = _nearest(source, at)
        if nearest is None or not any(one_name(t.name, thing.name) for t in here):
            continue
        if any(one_name(t.name, thing.name) for t in _run_of(source, here, nearest)):
            return True
        told = False
    return told


def part_problems(sentence: Analysis, clause: range, views: Sequence[View]) -> Iterator[str]:
    """Words that a clause ties to a part of the body and every support that has both ties to another part."""
    for thing in sentence.things:
        if thing.sort is not Sort.PART or thing.first not in clause:
            continue
        for at in _tied_words(sentence, thing, clause):
            word = sentence.words[at]
            told = [tied for view in views if (tied := _tied_in(view, thing, word.key)) is not None]
            if told and not any(told):
                part = sentence.text[sentence.words[thing.first].start : sentence.words[thing.last].end]
                yield f"The sentence ties “{word.text}” to the {part}; its supports tie it to another part of the body."


def _tied_words(sentence: Analysis, thing: Thing, clause: range) -> Iterator[int]:
    """The word right after a part ("hand pain"), and the one right before it ("pain in the left hand")."""
    after = thing.last + 1
    if (
        after in clause
        and _carries(sentence, after)
        and sentence.words[after].place - sentence.words[thing.last].place == 1
    ):
        yield after
    before, linked = thing.first - 1, False
    while before in clause and sentence.words[before].lower in _OF | {
        "the",
        "his",
        "her",
        "left",
        "right",
        "bilateral",
        "both",
    }:
        linked = linked or sentence.words[before].lower in _OF
        before -= 1
    together = (
        before in clause and sentence.words[thing.first].place - sentence.words[before].place == thing.first - before
    )
    if linked and together and _carries(sentence, before):
        yield before


def _carries(sentence: Analysis, at: int) -> bool:
    word = sentence.words[at]
    return word.lower not in PLAIN and not word.lower.isdigit() and at not in sentence.thing_at


def _tied_in(view: View, part: Thing, key: str) -> bool | None:
    """Whether the view ties a word to the part; None where it has not both in one sentence."""
    source = view.source
    asked = None
    for at in view.by_key.get(key, ()):
        here = [t for t in source.named.get(source.sentence_of(at), ()) if t.sort is Sort.PART]
        own = [t for t in here if one_name(t.name, part.name)]
        if not own:
            continue
        nearest = min(here, key=lambda t: source.distance((at, at), (t.first, t.last)))
        run = _run_of(source, here, nearest)
        near = any(source.distance((at, at), (t.first, t.last)) <= _CLOSE for t in own)
        if near or any(one_name(t.name, part.name) for t in run):
            return True
        asked = False
    return asked


def _run_of(source: Analysis, parts: Sequence[Thing], one: Thing) -> list[Thing]:
    """The parts that are listed together with one ("neck, mid back and left shoulder pain")."""
    run: list[Thing] = []
    for part in parts:
        between = source.words[run[-1].last + 1 : part.first] if run else ()
        if run and any(word.lower not in _BETWEEN for word in between):
            if one in run:
                return run
            run = []
        run.append(part)
    return run if one in run else [one]
