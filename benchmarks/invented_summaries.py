"""How well facts are read from summaries that nobody tuned on: `python -m benchmarks.invented_summaries`.

tests/evaluation/summaries/ holds forty summaries, invented and labelled without a look at the lexicon. The
misses of unseen.jsonl are not looked at; those of dev.jsonl may be, and then say nothing of other texts.
"""

from __future__ import annotations

import json
from pathlib import Path

from assistant.corpus import load_taxonomy
from assistant.evaluation.facts import measure_facts
from assistant.evaluation.gold import read_facts
from assistant.reading.case import read_case
from assistant.reading.lexicon import load_lexicon
from assistant.settings import Settings

_FOLDER = Path(__file__).parent.parent / "tests" / "evaluation" / "summaries"


def main() -> None:
    """Print precision, recall, false presences and false absences of each file."""
    corpus = Settings().corpus_dir
    lexicon, taxonomy = load_lexicon(corpus), load_taxonomy(corpus)
    for name in ("dev.jsonl", "unseen.jsonl"):
        path = _FOLDER / name
        texts = [json.loads(line)["case_summary"] for line in path.read_text("utf-8").splitlines()]
        read = [(gold, read_case(text, lexicon, taxonomy)) for gold, text in zip(read_facts(path), texts, strict=True)]
        facts = measure_facts(read, lexicon.features)
        told = ", ".join(
            f"{key.removeprefix('facts_').replace('_', ' ')} {facts.shares[key].value:.3f} of {facts.shares[key].n}"
            for key in ("facts_precision", "facts_recall", "facts_false_presences", "facts_denied_found")
        )
        print(f"{name}: {told}; documented facts of which nothing was read: {len(facts.false_absences)}")


if __name__ == "__main__":
    main()
