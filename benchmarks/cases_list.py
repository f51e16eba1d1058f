"""How long the list of cases takes at 1,000 cases: as the page asks for it, with words, and with drafts read as before.

`python -m benchmarks.cases_list [CASES]`; each case holds a long text, a draft of a sample case and 37 acts.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from assistant.database import open_database, writing
from assistant.deadlines import Priority
from assistant.domain import Draft
from assistant.records.tables import ActRow, CaseRow
from assistant.service import Service
from assistant.settings import Settings
from assistant.views import CaseSort, CasesWanted
from assistant.web import render
from benchmarks.chat_latency import spread

_CASES = 1000
_RUNS = 15
_PAGE = 50
_EDITS = 35  # acts that say nothing of a case's state, beside the few that do
_SAMPLE = "acupuncture-low-back"


def fill(service: Service, count: int) -> Draft:
    """Keep so many cases over the same draft; what was drafted is handed back."""
    user, records = service.settings.user, service.records
    sample = next(case for case in service.samples() if case.name == _SAMPLE)
    draft = service.draft_text(sample.text, day=sample.day)
    for number in range(count):
        received = date(2026, 11, 1) - timedelta(days=number % 60)
        case = records.create_case(
            user,
            title=f"Acupuncture, low back {number}",
            text=f"{sample.text}\nCase number{number}.\n" * 4,
            day=sample.day,
            services=(),
            received=received,
            priority=list(Priority)[number % 3],
        )
        records.save_version(user, case.id, draft, cause="drafted", base=0, issue=0, detail={})
    act_on_all(service)
    return draft


def act_on_all(service: Service) -> None:
    """Append the acts of all cases in one transaction, for one each would be hours of waiting for the disk."""
    engine = open_database(service.settings.data_dir)
    with writing(engine) as session:
        owned = session.execute(select(CaseRow.id, CaseRow.user_id)).all()
        now = datetime.now(UTC)
        for case, user in owned:
            about = {"user_id": user, "case_id": case, "issue": 0, "at": now}
            session.add_all(ActRow(kind="edited", detail="{}", **about) for _ in range(_EDITS))
            if case % 3 == 0:
                session.add(ActRow(kind="outcome_set", detail='{"outcome": "Upheld"}', **about))
    engine.dispose()


def timed(act: Callable[[], object], runs: int = _RUNS) -> tuple[float, float]:
    """Median and 95th percentile of an act, in milliseconds; the first run is not counted."""
    act()
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return spread(took)


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else _CASES
    with tempfile.TemporaryDirectory() as folder:
        service = Service.open(Settings(data_dir=Path(folder)))
        service.warm_up().join()
        user = service.settings.user
        fill(service, count)

        def page(wanted: CasesWanted, offset: int = 0) -> str:
            found = service.list_cases(user, wanted, offset=offset, limit=_PAGE)
            return render.cases(found.rows, wanted.words, sort=wanted.sort)

        def as_before() -> list[object]:
            return [service.case(user, record.id) for record in service.records.cases(user)]

        print(f"{f'list of {count:,} cases, {_PAGE} shown':<40}{'p50 ms':>10}{'p95 ms':>10}")
        for name, act, runs in (
            ("all, last updated first", lambda: page(CasesWanted()), _RUNS),
            (
                "due first, in draft, the last page",
                lambda: page(CasesWanted(state="drafting", sort=CaseSort.DUE), count),
                _RUNS,
            ),
            ("by words that one case holds", lambda: page(CasesWanted(words=f"back {count // 2}")), _RUNS),
            ("with each draft read, as before", as_before, 2),
        ):
            median, slowest = timed(act, runs)
            print(f"{name:<40}{median:>10.1f}{slowest:>10.1f}")
        service.close()


if __name__ == "__main__":
    main()
