"""The audit log, which nobody may rewrite, and what each signed-off decision rested on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_audit"
down_revision = "0011_typed_words"
branch_labels = None
depends_on = None

# Each refusal: its table, the event, and when (in words that both databases understand).
_REFUSED = (
    ("audit", "UPDATE", ""),
    ("audit", "DELETE", ""),
    # INSERT OR REPLACE deletes the row in its way without asking a trigger for deletes, so inserts are watched too.
    ("audit", "INSERT", "new.number <> (SELECT number FROM audit_head) + 1"),
    ("audit_head", "UPDATE", "new.number <> old.number + 1"),
    ("audit_head", "DELETE", ""),
    ("audit_head", "INSERT", "EXISTS (SELECT 1 FROM audit_head)"),
    ("sign_offs", "UPDATE", ""),
    ("sign_offs", "INSERT", "EXISTS (SELECT 1 FROM sign_offs WHERE case_id = new.case_id AND version = new.version)"),
)
_SQLITE = """
CREATE TRIGGER {table}_no_{event} BEFORE {event} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END
"""
_POSTGRESQL = """
CREATE FUNCTION {table}_no_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {condition} THEN RAISE EXCEPTION '{table}: append-only'; END IF;
  RETURN new;
END $$
;
CREATE TRIGGER {table}_no_{event} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_no_{event}()
"""


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _refuse(table: str, event: str, condition: str) -> None:
    when = f"WHEN {condition}" if condition else ""
    made = _POSTGRESQL if _on_postgresql() else _SQLITE
    for statement in made.format(table=table, event=event.lower(), when=when, condition=condition or "TRUE").split(
        "\n;\n"
    ):
        op.execute(statement)


def upgrade() -> None:
    """Create the tables, an empty log's head, and the triggers that refuse to change what was written."""
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("act", sa.String, nullable=False),
        sa.Column("case", sa.String),
        sa.Column("content", sa.String),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("previous", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
    )
    for column in ("account", "case", "content"):
        op.create_index(f"ix_audit_{column}", "audit", [column])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
    )
    op.create_table(
        "sign_offs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("cases.id", name="fk_sign_offs_case_id_cases"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.UniqueConstraint("case_id", "version", name="uq_sign_offs_case_id"),
    )
    op.bulk_insert(head, [{"id": 1, "number": 0, "hash": "0" * 64}])
    for table, event, condition in _REFUSED:
        _refuse(table, event, condition)


def downgrade() -> None:
    """Drop the tables; their triggers go with them."""
    for table in ("sign_offs", "audit_head", "audit"):
        op.drop_table(table)
    if _on_postgresql():
        for table, event, _ in _REFUSED:
            op.execute(f"DROP FUNCTION {table}_no_{event.lower()}()")
