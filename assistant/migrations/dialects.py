"""What a migration says differently to SQLite and to PostgreSQL."""

from __future__ import annotations

from alembic import op

# INSERT OR REPLACE deletes the row in its way without asking a trigger for deletes, so inserts are watched too.
_SQLITE = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END
;
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END
;
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END
"""
# PostgreSQL replaces no row unasked: an update in the place of an insert is one. To empty a table is an act of its own.
_POSTGRES = """
CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{table} are append-only'; END $$
;
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()
;
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()
"""


def on_postgres() -> bool:
    """Whether the migration runs on PostgreSQL."""
    return op.get_bind().dialect.name == "postgresql"


def make_append_only(table: str, same: str) -> None:
    """Triggers that refuse to change or delete a row; `same` tells a row that a new one would replace."""
    statements = _POSTGRES if on_postgres() else _SQLITE
    for statement in statements.format(table=table, same=same).split("\n;\n"):
        op.execute(statement)


def forget_append_only(*tables: str) -> None:
    """Drop what `make_append_only` leaves of tables that are gone; SQLite's triggers go with their tables."""
    if on_postgres():
        for table in tables:
            op.execute(f"DROP FUNCTION {table}_refuse")
