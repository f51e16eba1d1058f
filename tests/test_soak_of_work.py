"""A thousand drafts and two hundred chat turns in one process: neither memory nor time grows with them."""

from __future__ import annotations

import gc
import os
import time
from datetime import date
from pathlib import Path
from statistics import median

import pytest

from assistant.service import Service
from assistant.settings import Settings

USER = "reviewer"
DRAFTS, TURNS = 1000, 200
CEILING_MB = 60  # of growth after the warm-up, caches of meanings included
SLOWER = 2.0  # the last tenth of the drafts against the first; a leak that is looked through grows without end
SAMPLES = Settings().corpus_dir / "cases"
MESSAGES = ("why?", "what does the guideline say?", "make it shorter", "find similar decisions", "lengthen it")


def _resident_mb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(1500)
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="resident memory is read from /proc")
def test_a_thousand_drafts_and_two_hundred_turns_hold_memory_and_time_flat(data_dir: Path) -> None:
    service = Service.open(Settings(data_dir=data_dir))
    texts = [path.read_text("utf-8") for path in sorted(SAMPLES.glob("*.txt"))]
    texts = [text for text in texts if len(text) < 4000 and "request" in text][:4]
    case = service.create_case(USER, texts[0], day=date(2016, 3, 1)).id
    took: list[float] = []
    try:
        for number in range(DRAFTS):
            started = time.perf_counter()
            if number % 10:
                service.draft_text(texts[number % len(texts)], day=date(2016, 3, 1))
            else:
                service.draft_case(USER, case, model=False)
            took.append(time.perf_counter() - started)
            if number == DRAFTS // 10:
                before = _resident_mb()
            if number % (DRAFTS // TURNS) == 0:
                for turn in service.chat(USER, case, MESSAGES[number // 5 % len(MESSAGES)]):
                    last = turn
                assert last.done
        grown = _resident_mb() - before
    finally:
        service.close()
    tenth = DRAFTS // 10
    assert grown < CEILING_MB, f"{grown:.0f} MB more after {DRAFTS} drafts"
    assert median(took[-tenth:]) < SLOWER * median(took[tenth : 2 * tenth])
