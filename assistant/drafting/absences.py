"""An absence searched for again: what a sentence says the summary does not state, looked for in the case's own words.

A finding's status says that nothing was found when the draft was made; a sentence may claim more than its finding did,
and a reviewer's own sentence has none. Each thing said to be missing is looked for by its words in every sentence of
the case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.domain import Span
from assistant.drafting.analysis import Analysis, analyse
from assistant.drafting.contexts import Context
from assistant.drafting.sayings import carries_fact

_ITEM = re.compile(r"[,;]|\b(?:or|nor|neither|that|whether|and)\b", re.IGNORECASE)
_NOT_TOLD = Context.MISSING | Context.PLANNED | Context.REVIEW | Context.FAMILY | Context.SUSPECTED | Context.TOPIC
_LEAST = 2  # telling words of an item from which on its words are looked for; one word alone stands in many senses


def stated_after_all(sentence: Analysis, case: str) -> Iterator[tuple[str, Span]]:
    """Each thing that a sentence says is not stated, with the sentence of the case that states it."""
    read = analyse(case)
    for words, keys in _missing(sentence):
        found = _in_one_sentence(read, keys) if len(keys) >= _LEAST or _sure(keys) else None
        if found is not None:
            yield words, found


def _missing(sentence: Analysis) -> Iterator[tuple[str, frozenset[str]]]:
    """The things said to be missing: their words, and the keys by which these are looked for."""
    run: list[int] = []
    for at in range(len(sentence.words) + 1):
        open_end = at < len(sentence.words) and Context.MISSING in sentence.contexts[at] and not _quoted(sentence, at)
        between = sentence.text[sentence.words[run[-1]].end : sentence.words[at].start] if run and open_end else ""
        ends = bool(run) and (
            not open_end or bool(_ITEM.search(between)) or bool(_ITEM.fullmatch(sentence.words[at].text))
        )
        if ends:
            keys = frozenset(
                _key(sentence, i) for i in run if i in sentence.thing_at or carries_fact(sentence.words[i])
            )
            if keys:
                yield sentence.text[sentence.words[run[0]].start : sentence.words[run[-1]].end], keys
            run = []
        if open_end and not _ITEM.fullmatch(sentence.words[at].text):
            run.append(at)


def _key(read: Analysis, at: int) -> str:
    """The name of the thing that a word belongs to, with its sort; else the word's own key."""
    thing = read.thing_at.get(at)
    return f"{thing.sort.value}: {thing.name}" if thing is not None else read.words[at].key


def _sure(keys: frozenset[str]) -> bool:
    """Whether one name is enough: a treatment, a test or a drug stands in one sense only."""
    return any(key.startswith(("treatment: ", "test: ", "drug: ")) for key in keys)


def _quoted(sentence: Analysis, at: int) -> bool:
    before = sentence.text[: sentence.words[at].start]
    return before.count("“") > before.count("”")


def _in_one_sentence(case: Analysis, keys: frozenset[str]) -> Span | None:
    """The first sentence of the case that has all the words and tells them; None where there is none."""
    held: dict[int, set[str]] = {}
    for key in keys:
        things = (t.first for t in case.things if f"{t.sort.value}: {t.name}" == key)
        for at in (*things, *case.places.get(key, ())):
            if not case.contexts[at] & _NOT_TOLD:
                held.setdefault(case.sentence_of(at), set()).add(key)
    full = sorted(number for number, found in held.items() if found >= keys)
    return case.sentences[full[0]] if full else None
