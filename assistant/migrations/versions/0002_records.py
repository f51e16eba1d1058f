"""The records: users, cases, versions of drafts, chat turns, and the acts, which nobody may rewrite."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.migrations.dialects import forget_append_only, make_append_only

revision = "0002_records"
down_revision = "0001_library"
branch_labels = None
depends_on = None

_SAME_ROW = {
    "acts": "id = new.id",
    "versions": "id = new.id OR (case_id = new.case_id AND number = new.number)",
}


def upgrade() -> None:
    """Create the tables and the triggers that make acts and versions append-only."""
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.UniqueConstraint("name", name="uq_users_name"),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("token", sa.String, nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_cases_user_id_users"), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("day", sa.Date),
        sa.Column("services", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("updated", sa.DateTime, nullable=False),
        sa.Column("deleted", sa.DateTime),
        sa.UniqueConstraint("token", name="uq_cases_token"),
    )
    op.create_index("ix_cases_user_id", "cases", ["user_id"])
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("cases.id", name="fk_versions_case_id_cases"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("draft", sa.Text, nullable=False),
        sa.UniqueConstraint("case_id", "number", name="uq_versions_case_id"),
    )
    op.create_table(
        "turns",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("cases.id", name="fk_turns_case_id_cases"), nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("data", sa.Text),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_turns_case_id", "turns", ["case_id"])
    op.create_table(
        "acts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_acts_user_id_users"), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("cases.id", name="fk_acts_case_id_cases")),
        sa.Column("issue", sa.Integer),
        sa.Column("detail", sa.Text, nullable=False),
    )
    for column in ("user_id", "case_id"):
        op.create_index(f"ix_acts_{column}", "acts", [column])
    for table, same in _SAME_ROW.items():
        make_append_only(table, same)


def downgrade() -> None:
    """Drop the tables; their triggers go with them."""
    for table in ("acts", "turns", "versions", "cases", "users"):
        op.drop_table(table)
    forget_append_only(*_SAME_ROW)
