"""Which kinds of service a passage of an imported text governs: by its headings, else by what it opens with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.corpus import Taxonomy
from assistant.reading.guideline_passages import Section
from assistant.reading.request_kinds import NamedKind, kinds_named
from assistant.reading.sentences import sentences

# A heading that only says that somebody is seen, or names every drug, governs no service.
_TOO_WIDE = frozenset({"specialist_consultation_and_visits", "procedure_companion"})
_MOST = 4  # kinds that one passage governs; a text that names more is about none of them
_TWICE = 2


def kinds_governed(
    section: Section, spoken: Sequence[str], taxonomy: Taxonomy, regions: Sequence[str] = ()
) -> tuple[str, ...]:
    """The kinds that the nearest heading names; where no heading names any, those of the passage's first sentence,
    or the one that it names most often, twice at least.

    `regions` are the parts of the body of the guideline, for a study that names none ("MRI").
    """
    for heading in reversed(section.path):
        named = _kinds(heading, taxonomy, regions)
        if named:
            return named
    if not spoken:
        return ()
    first = sentences(spoken[0])
    opening = _kinds(first[0].quote, taxonomy, regions) if first else ()
    if opening:
        return opening if len(opening) <= _MOST else ()
    counts = Counter(kind for text in spoken for s in sentences(text) for kind in _kinds(s.quote, taxonomy, regions))
    often = [kind for kind, count in counts.most_common(2) if count >= _TWICE]
    tied = len(often) == 2 and counts[often[0]] == counts[often[1]]
    return () if tied else tuple(often[:1])


def _kinds(text: str, taxonomy: Taxonomy, regions: Sequence[str]) -> tuple[str, ...]:
    if "://" in text:  # an address names no service
        return ()
    named: tuple[NamedKind, ...] = kinds_named(text, taxonomy, near=regions)
    return tuple(dict.fromkeys(n.kind.id for n in named if n.kind.id not in _TOO_WIDE))
