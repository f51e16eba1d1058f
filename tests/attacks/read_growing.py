"""Reads texts made to hold a reader up: `python read_growing.py LENGTH SECONDS`, of the processor; one a line."""

from __future__ import annotations

import resource
import sys
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from assistant.corpus import load_taxonomy  # noqa: E402 - the path comes first
from assistant.errors import AssistantError  # noqa: E402
from assistant.privacy import Deidentifier  # noqa: E402
from assistant.reading.case import read_case  # noqa: E402
from assistant.reading.letters import looks_like_letter, read_letter  # noqa: E402
from assistant.reading.lexicon import load_lexicon  # noqa: E402
from assistant.settings import Settings  # noqa: E402

UNITS = [
    "a ", "1/", "9", "mg ", "(", "pain ", "no ", "x 6 ", "\n", "10/10 ", "L4-", "and ", ", ", "-", "the left knee ",
    "denies ", "1.", "$1,", " \t", "acupuncture x", "visits ", "Dr. ", "00/00/0000 ", "not not ", "\u00e9", "per week ",
    "Decision rationale: ", "1. x: Upheld\n", "Claims Administrator guideline: ", "CM16-", "a@a.", "555-", "MRN: ",
]  # fmt: skip


def main(length: int, seconds: int) -> None:
    settings = Settings()
    lexicon, taxonomy = load_lexicon(settings.corpus_dir), load_taxonomy(settings.corpus_dir)
    hide = Deidentifier(b"s" * 32).hide
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    for unit in UNITS:
        text = "The injured worker requests acupuncture. " + unit * (length // len(unit))
        for read in (lambda text: read_case(text, lexicon, taxonomy), looks_like_letter, read_letter, hide):
            with suppress(AssistantError):
                read(text)
        sys.stdout.write(f"{unit!r}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
