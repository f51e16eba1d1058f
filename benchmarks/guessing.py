"""How often an unnamed service is guessed right: `python -m benchmarks.guessing`, each alias left out in turn.

A seeded sample of aliases stands for requests. For each, the alias itself and its kind's aliases that contain it or
stand in it are taken away; where another alias still names the request it is no case of guessing. A drug that names no
dose gets one, as requests do. Harder than life: the other spellings of a name go with it.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace

from assistant.corpus import Taxonomy, load_taxonomy
from assistant.domain import DisputedService, ServiceKind
from assistant.library.embedding import load_embedder
from assistant.library.guessing import LEAST_LIKE, KindGuesser
from assistant.reading.request_kinds import kinds_named
from assistant.settings import Settings

_SEED, _SAMPLE = 20161201, 900
_DOSE = re.compile(r"\d\s*(?:mg|mcg)|cream|gel|patch", re.IGNORECASE)


def left_out(taxonomy: Taxonomy, kind: ServiceKind, name: str) -> Taxonomy:
    """The taxonomy without a name of a kind, and without those that contain it or stand in it."""
    low = name.casefold()

    def other(text: str) -> bool:
        return low not in text.casefold() and text.casefold() not in low

    aliases = tuple(alias for alias in kind.aliases if other(alias)) or ("no other name",)
    display = kind.display if other(kind.display) else "no other name"
    return Taxonomy({**taxonomy.kinds, kind.id: replace(kind, aliases=aliases, display=display)})


def main() -> None:
    """Print the share of right guesses by the nearest name alone and by the guesser."""
    taxonomy = load_taxonomy(Settings().corpus_dir)
    embedder = load_embedder("minilm")
    names = [(kind, name) for kind in taxonomy.kinds.values() for name in dict.fromkeys((kind.display, *kind.aliases))]
    rows = embedder.embed([name for _, name in names])
    sample = random.Random(_SEED).sample(names, min(_SAMPLE, len(names)))  # noqa: S311 - repeatable, nothing secret
    tested = right = near_right = given = given_right = 0
    for kind, name in sample:
        without = left_out(taxonomy, kind, name)
        if kinds_named(name, without):
            continue
        kept = [
            (owner.id, row)
            for (owner, other), row in zip(names, rows, strict=True)
            if owner.id != kind.id or other in (*without.kinds[kind.id].aliases, without.kinds[kind.id].display)
        ]
        request = f"{name} 10 mg #60" if kind.category == "drug" and not _DOSE.search(name) else name
        asked = embedder.embed([request])[0]
        nearest = max((float(row @ asked), owner) for owner, row in kept)[1]
        guess = KindGuesser(without, kept, lambda text: embedder.embed([text])[0]).guess(DisputedService(request, None))
        tested += 1
        near_right += nearest == kind.id
        right += guess == kind.id
        given += guess is not None
        given_right += guess == kind.id
    print(f"requests without a known name                 {tested}")
    print(f"right by the nearest name alone               {near_right / tested:.3f}")
    print(f"right by the guesser                          {right / tested:.3f}")
    print(f"a guess is offered (likeness {LEAST_LIKE} or more)     {given / tested:.3f}")
    print(f"right where one is offered                    {given_right / max(1, given):.3f}")


if __name__ == "__main__":
    main()
