"""The audit log changed past the program, as somebody with the database could."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from assistant.database import open_database
from assistant.records.append_only import append_only_lifted


def tamper(data_dir: Path, statement: str) -> None:
    """Run a statement on the database of a data folder with the triggers of the audit log lifted."""
    engine = open_database(data_dir)
    with engine.begin() as connection, append_only_lifted(connection, ("audit",)):
        connection.execute(text(statement))
    engine.dispose()
