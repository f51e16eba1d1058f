"""How long the chat takes to its first word without a model: the seen messages, on a sample case, by intent.

`python -m benchmarks.chat_latency`; redrafting and outcomes are acts that draft anew, and are told apart.
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from pathlib import Path

import yaml

from assistant.service import Service
from assistant.settings import Settings

_MESSAGES = Path(__file__).parents[1] / "tests" / "chat" / "messages_seen.yaml"
_SAMPLE = "acupuncture-low-back"
_DRAFTS_ANEW = frozenset({"redraft", "set_outcome"})


def spread(values: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def measure(data_dir: Path) -> dict[str, list[float]]:
    """Milliseconds to the first turn of each message, by its intent."""
    service = Service.open(Settings(data_dir=data_dir))
    service.warm_up().join()
    user = service.settings.user
    sample = next(case for case in service.samples() if case.name == _SAMPLE)
    view = service.create_case(user, sample.text, day=sample.day)
    service.draft_case(user, view.id)
    took: dict[str, list[float]] = defaultdict(list)
    for row in yaml.safe_load(_MESSAGES.read_text("utf-8")):
        intent = row["intent"] if isinstance(row["intent"], str) else "two in one"
        began = time.perf_counter()
        turns = service.chat(user, view.id, row["say"])
        next(turns)
        took[intent].append((time.perf_counter() - began) * 1000)
        list(turns)
    service.close()
    return took


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        took = measure(Path(folder))
    print(f"{'chat, first token, no model':<32}{'n':>4}{'p50 ms':>10}{'p95 ms':>10}")
    for intent in sorted(took):
        print(f"{intent:<32}{len(took[intent]):>4}{spread(took[intent])[0]:>10.1f}{spread(took[intent])[1]:>10.1f}")
    answers = [ms for intent, values in took.items() if intent not in _DRAFTS_ANEW for ms in values]
    acts = [ms for intent, values in took.items() if intent in _DRAFTS_ANEW for ms in values]
    for name, values, aim in (
        ("all but those that draft anew", answers, "aim 300"),
        ("those that draft anew", acts, ""),
    ):
        print(f"{name:<32}{len(values):>4}{spread(values)[0]:>10.1f}{spread(values)[1]:>10.1f}  {aim}")


if __name__ == "__main__":
    main()
