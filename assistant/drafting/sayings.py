"""The words of a sentence that could carry a fact, each looked up in the supports, where it must be spoken of alike.

This is what stops "the physician has documented a clinically significant improvement": no number, no date, and still a
fact that nobody stated. Grammar and the frame of a rationale (`vocabulary.PLAIN`) are not looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.domain import SupportKind
from assistant.drafting.analysis import Analysis, View
from assistant.drafting.contexts import Context
from assistant.drafting.vocabulary import PLAIN, UNIT_WORD
from assistant.drafting.wording import Sort, Thing, Word, class_members, one_stem

_DENIALS = (
    "deny denies denied denying lack lacks lacking lacked absence absent unable cannot can't don't doesn't didn't"
)
_SILENCES = (
    "isn't wasn't hasn't weren't aren't unknown unspecified unclear undocumented unstated silent nothing nowhere"
)
_DENYING = frozenset([*_DENIALS.split(), *_SILENCES.split()])
_ASKED_THINGS = frozenset({Sort.TREATMENT, Sort.TEST, Sort.DRUG})
_TOLD = frozenset({SupportKind.CASE, SupportKind.REQUEST})


def unsaid(sentence: Analysis, clause: range, views: Sequence[View]) -> Iterator[str]:
    """What a clause says in words and the views do not, each in one sentence."""
    taken = {at for p in sentence.claims for at in range(p.first, p.last + 1)}
    taken |= {p.last + 1 for p in sentence.claims if p.claim.unit and _is_unit(sentence, p.last + 1)}
    if any(p.claim.unit == "visit" for p in sentence.claims):
        taken |= {at for at in clause if sentence.words[at].key == "=visit"}
    done: set[int] = set()
    for at in clause:
        thing = sentence.thing_at.get(at)
        if at in done or at in taken:
            continue
        if thing is not None:
            done.update(range(thing.first, thing.last + 1))
            yield from _thing_unsaid(sentence, thing, views)
        elif not _plain(sentence.words[at]):
            yield from _word_unsaid(sentence, at, views)


def _is_unit(sentence: Analysis, at: int) -> bool:
    return at < len(sentence.words) and bool(UNIT_WORD.match(sentence.words[at].lower))


def _plain(word: Word) -> bool:
    lower = word.lower
    return lower in PLAIN or lower in _DENYING or len(lower) == 1 or lower.isdigit()


def carries_fact(word: Word) -> bool:
    """Whether a word could carry a fact, so that it is looked up."""
    return not _plain(word)


def _thing_unsaid(sentence: Analysis, thing: Thing, views: Sequence[View]) -> Iterator[str]:
    found = [(view, other.first) for view in views for name in _names(thing) for other in view.by_name.get(name, ())]
    if not found and thing.sort not in {Sort.DRUG, Sort.DRUG_CLASS}:
        spoken = range(thing.first, thing.last + 1)
        if all(_plain(sentence.words[at]) or _places(sentence, at, views) for at in spoken):
            for at in spoken:
                if not _plain(sentence.words[at]):
                    yield from _word_unsaid(sentence, at, views)
            return
    words = sentence.text[sentence.words[thing.first].start : sentence.words[thing.last].end]
    yield from _difference(sentence, thing.first, words, found, asked=thing.sort in _ASKED_THINGS)


def _names(thing: Thing) -> tuple[str, ...]:
    if thing.sort is Sort.DRUG_CLASS:
        return (thing.name, *sorted(class_members(thing.name)))
    return (thing.name,)


def _places(sentence: Analysis, at: int, views: Sequence[View]) -> list[tuple[View, int]]:
    word = sentence.words[at]
    found = [(view, other) for view in views for other in view.by_key.get(word.key, ())]
    if found:
        return found
    return [
        (view, other)
        for view in views
        for other in view.by_head.get(word.lower[:5], ())
        if one_stem(word.lower, view.source.words[other].lower)
    ]


def _word_unsaid(sentence: Analysis, at: int, views: Sequence[View]) -> Iterator[str]:
    yield from _difference(sentence, at, sentence.words[at].text, _places(sentence, at, views), asked=False)


def _difference(
    sentence: Analysis, at: int, words: str, found: Sequence[tuple[View, int]], *, asked: bool
) -> Iterator[str]:
    if not found:
        yield f"The sentence says “{words}”; its supports do not."
        return
    yield from context_difference(sentence, at, words, found, asked=asked)


def context_difference(
    sentence: Analysis, at: int, words: str, found: Sequence[tuple[View, int]], *, asked: bool = False
) -> Iterator[str]:
    """The difference where none of the places speaks of the words as the sentence does; nothing where one does."""
    said = sentence.contexts[at]
    theirs = [(view.source.contexts[other] | _asked_for(view), view) for view, other in found]
    if not any(_alike(said, other, view.kind, asked=asked) for other, view in theirs):
        yield _context_problem(words, said, theirs[0][0])


def _asked_for(view: View) -> Context:
    return Context.PLANNED if view.kind is SupportKind.REQUEST else Context.NONE


def _alike(said: Context, other: Context, kind: SupportKind, *, asked: bool) -> bool:
    """Whether two texts speak of a word alike; suspicion and plan must be kept, a denial is never dropped."""
    if (Context.MISSING in said) != (Context.MISSING in other) or not _denied_alike(said, other):
        return False
    if Context.TOPIC in other and Context.TOPIC not in said:
        return False
    if kind not in _TOLD:
        return True
    if Context.DENIED in said and Context.DENIED in other and Context.REVIEW in other and Context.REVIEW not in said:
        return False
    kept = Context.SUSPECTED | Context.FAMILY | (Context.PLANNED if asked else Context.NONE)
    return not (other & kept & ~said)


def _denied_alike(said: Context, other: Context) -> bool:
    if (said | other) & Context.PERHAPS_DENIED:
        return True
    return (Context.DENIED in said) == (Context.DENIED in other)


def _context_problem(words: str, said: Context, other: Context) -> str:
    if Context.MISSING in other and Context.MISSING not in said:
        return f"The supports say of “{words}” only that the summary does not state it."
    if Context.MISSING in said and Context.MISSING not in other:
        return f"The sentence says that “{words}” is not stated; its supports state it or say nothing of the kind."
    if Context.DENIED in other and Context.DENIED not in said:
        return f"The supports deny “{words}”; the sentence states it."
    if Context.DENIED in said and Context.DENIED not in other:
        return f"The sentence denies “{words}”; its supports do not."
    if Context.TOPIC in other and Context.TOPIC not in said:
        return f"The supports name “{words}” only as what was asked; the sentence states it."
    if Context.SUSPECTED in other and Context.SUSPECTED not in said:
        return f"The supports name “{words}” only as suspected or to be ruled out."
    if Context.FAMILY in other and Context.FAMILY not in said:
        return f"The supports say “{words}” of the family, not of the worker."
    if Context.PLANNED in other and Context.PLANNED not in said:
        return f"The supports name “{words}” only as asked for or planned; the sentence states it as had."
    return f"The supports give “{words}” as utilization review's view, not as a fact."
