"""The figures of docs/privacy.md: recall by kind, terms lost, exactness and speed, over notes worked on and set aside.

`python -m benchmarks.deidentification` (needs `[dev]`, for Faker); with `--misses` every piece that was not hidden.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

_ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(_ROOT / "tests" / "privacy"))

from hiding_measured import measure  # noqa: E402
from made_notes import DATES, IDS, PEOPLE, PHONES, SET_ASIDE, WORKED_ON, notes  # noqa: E402

from assistant.privacy import Deidentifier, load_allowed  # noqa: E402

_KINDS = {
    "ids, e-mail, net addresses": IDS,
    "dates": DATES,
    "telephones": PHONES,
    "ages over 89": frozenset({"age90"}),
    "names": PEOPLE,
    "names in none of the lists": frozenset(f"{field}, in no list" for field in PEOPLE),
    "streets": frozenset({"street"}),
    "towns, ZIP codes": frozenset({"city", "zip"}),
    "employers": frozenset({"employer"}),
    "facilities, pharmacies": frozenset({"facility", "pharmacy"}),
    "insurers": frozenset({"insurer"}),
    "initials": frozenset({"initials"}),
}


def main() -> None:
    """Print one block for each set of notes."""
    allowed = load_allowed(_ROOT / "corpus")
    for name, templates, seed in (("worked on", WORKED_ON, 1), ("set aside", SET_ASIDE, 2)):
        made = notes(templates, 200, seed)
        start = time.perf_counter()
        figures = measure(made, lambda note: Deidentifier(note.title.encode(), allowed))
        took = time.perf_counter() - start
        print(f"{name}: {len(made)} notes, {figures.characters} characters")
        for kind, fields in _KINDS.items():
            print(f"  {kind}: {figures.recall(fields):.3f} of {sum(figures.planted[field] for field in fields)}")
        print(f"  clinical terms lost: {len(figures.lost)} of {figures.planted['term']}")
        print(f"  not restored exactly: {figures.inexact}")
        print(f"  hiding and restoring: {took * 2_000_000 / figures.characters:.0f} ms for 2,000 characters")
        if "--misses" in sys.argv:
            print(*figures.missed, *figures.lost, sep="\n")


if __name__ == "__main__":
    main()
