"""What a chat model's help with drafts is worth: `python -m benchmarks.model_drafts [--letters FOLDER] [--out FILE]`.

Drafts every sample case, and 20 letters of FOLDER (gold.jsonl) drawn by a seed, with the model that is set in the
environment (IMR_CHAT_...). Prints, and writes as JSON: sentences offered, kept and reworded, what was thrown away and
why, seconds, tokens; and what a checker that shares no code with verification finds wrong in the drafts.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema

from assistant.domain import Draft
from assistant.drafting.contract import draft_as_json
from assistant.errors import AssistantError
from assistant.service import Service
from assistant.settings import Settings

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from independent_checker import faults

_SCHEMA = Path(__file__).parent.parent / "tests/contracts/draft.schema.json"
_CONTRACT = jsonschema.Draft202012Validator(json.loads(_SCHEMA.read_text("utf-8")))
_SEED, _LETTERS = 20261128, 20
Case = tuple[str, str, date | None, tuple[str, ...]]


def cases(service: Service, letters: Path | None) -> Iterator[Case]:
    """The sample cases, then letters: name, text, date of review, services."""
    for sample in service.samples():
        yield sample.name, sample.text, sample.day, ()
    if letters is None:
        return
    rows = [json.loads(line) for line in (letters / "gold.jsonl").read_text("utf-8").splitlines()]
    for row in random.Random(_SEED).sample(rows, min(_LETTERS, len(rows))):  # noqa: S311 - repeatable, nothing secret
        day = datetime.strptime(row["decision_date"], "%m/%d/%Y").date()  # noqa: DTZ007 - a date has no zone
        yield row["case_number"], row["case_summary"], day, tuple(issue["service"] for issue in row["issues"])


def measured(draft: Draft, text: str, seconds: float) -> dict[str, Any]:
    """The figures of one draft."""
    use = draft.model
    if use is None:
        raise AssistantError("No chat model is set; IMR_CHAT_MODEL names one.")
    shown = json.loads(json.dumps(draft_as_json(draft)))
    wrong = faults(shown, text)
    thrown = [discarded for issue in draft.issues for discarded in issue.discarded]
    sentences = [sentence for issue in draft.issues for sentence in issue.sentences]
    pointed = [f for issue in draft.issues for f in issue.findings if f.statement.startswith("A chat model")]
    return {
        "issues": len(draft.issues),
        "seconds": round(seconds, 1),
        "model_seconds": use.seconds,
        "calls": use.calls,
        "tokens": use.tokens_in + use.tokens_out,
        "offered": use.offered,
        "kept": use.kept,
        "reworded": sum(sentence.by_model for sentence in sentences),
        "pointed": len(pointed),
        "discarded": Counter(f"{d.sort}: {d.why.split('“')[0].strip()}" for d in thrown),
        "notice": use.notice,
        "unverified shown as verified": sum(
            any(fault.endswith(f": {sentence.text}") for fault in wrong)
            for sentence in sentences
            if sentence.by_model and sentence.verified
        ),
        "faults": wrong,
        "contract faults": [error.json_path for error in _CONTRACT.iter_errors(shown)],
    }


def main() -> None:
    """Draft, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=Path)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    rows: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="imr-bench-") as folder:
        service = Service.open(Settings(data_dir=Path(folder)))
        for name, text, day, services in cases(service, given.letters):
            services = services or (("Left knee arthroscopy",) if name.startswith("knee-pain-without") else ())
            started = time.perf_counter()
            draft = service.draft_text(text, services=services, day=day, case_id=name)
            rows[name] = measured(draft, text, time.perf_counter() - started)
            row = rows[name]
            print(_line(name, row), flush=True)
            if given.out:
                given.out.write_text(json.dumps(rows, indent=1), "utf-8")
        service.close()
    told(rows)


def _line(name: str, row: dict[str, Any]) -> str:
    told = f"{name}: {row['kept']} of {row['offered']} kept, {row['reworded']} reworded, {row['pointed']} pointed, "
    told += f"{row['seconds']} s, {len(row['faults'])} faults"
    return f"{told}; {row['notice']}" if row["notice"] else told


def told(rows: dict[str, dict[str, Any]]) -> None:
    """Print the totals."""
    total = {
        key: sum(row[key] for row in rows.values()) for key in ("offered", "kept", "reworded", "pointed", "tokens")
    }
    seconds = [row["seconds"] for row in rows.values()]
    discarded: Counter[str] = Counter()
    for row in rows.values():
        discarded.update(row["discarded"])
    share = total["kept"] / total["offered"] if total["offered"] else 0.0
    print(f"\n{len(rows)} cases, {sum(row['issues'] for row in rows.values())} issues: {total}; share kept {share:.3f}")
    print(f"seconds a draft: median {statistics.median(seconds):.1f}, most {max(seconds):.1f}")
    print(f"given up: {sum(row['notice'] is not None for row in rows.values())} drafts")
    print(f"unverified shown as verified: {sum(row['unverified shown as verified'] for row in rows.values())}")
    print(f"contract faults: {sum(len(row['contract faults']) for row in rows.values())}")
    print(f"faults by the independent checker: {sum(len(row['faults']) for row in rows.values())}")
    for why, count in discarded.most_common():
        print(f"  {count} {why}")


if __name__ == "__main__":
    main()
