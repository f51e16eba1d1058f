"""A small load over a real PostgreSQL and a real Chroma server: in which each of the three is killed with SIGKILL.

The load of fifty reviewers is `python -m benchmarks.load`; this is the same with six.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.load import KILLS, done_after, load

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.servers, pytest.mark.timeout(300)]


@pytest.mark.usefixtures("postgres", "chroma_url")  # which say what is missing where a server cannot be had
def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    found = load(tmp_path, reviewers=6, seconds=30, kills=KILLS)
    assert not Counter((n.act, n.failed) for n in found.unexpected)
    assert not found.amiss
    assert found.checked["edits"] > 0
    assert found.checked["versions"] > found.checked["edits"]
    assert [outage.of for outage in found.outages] == list(KILLS)
    assert all(done_after(found, outage) for outage in found.outages)
