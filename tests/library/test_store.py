"""Adding a letter takes as long in a large library as in a small one: no statement reads a growing table whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from made_library import FakeEmbedder, many_letters
from sqlalchemy import event

from assistant.corpus import Taxonomy
from assistant.database import open_database
from assistant.library.importing import Importer, Silent
from assistant.library.store import Store

GROWING = re.compile(r"SCAN (documents|determinations|decisions|citations|vectors)\b")


@pytest.mark.sqlite
def test_adding_a_letter_reads_no_growing_table_whole(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "data")
    importer = Importer(Store(engine), FakeEmbedder(), Taxonomy({}), "someone")
    asked: list[tuple[str, Any]] = []

    @event.listens_for(engine, "before_cursor_execute")
    def watch(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if not many and statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE")):
            asked.append((statement, values))

    (tmp_path / "letters").mkdir()
    many_letters(tmp_path / "letters", 2)
    assert importer.import_paths([tmp_path / "letters"], Silent()).read == 2
    assert any("documents" in statement for statement, _ in asked)
    event.remove(engine, "before_cursor_execute", watch)
    with engine.connect() as connection:
        plans = {
            statement: [
                row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            ]
            for statement, values in asked
        }
    assert [statement for statement, plan in plans.items() if any(GROWING.search(step) for step in plan)] == []
    engine.dispose()
