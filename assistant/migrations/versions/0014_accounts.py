"""Accounts, who is signed in, the tokens of programs, and cases that are shared."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_accounts"
down_revision = "0013_purges"
branch_labels = None
depends_on = None


def _user(table: str, **options: bool) -> sa.Column[int]:
    key = sa.ForeignKey("users.id", name=f"fk_{table}_user_id_users")
    return sa.Column("user_id", sa.Integer, key, nullable=False, **options)


def upgrade() -> None:
    """Add the tables; without accounts they stay empty."""
    op.create_table(
        "accounts",
        _user("accounts", primary_key=True, autoincrement=False),
        sa.Column("display", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("password_hash", sa.String),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.DateTime),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("issuer", sa.String),
        sa.Column("subject", sa.String),
        sa.UniqueConstraint("issuer", "subject", name="uq_accounts_issuer"),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String, primary_key=True),
        _user("sessions"),
        sa.Column("begun", sa.DateTime, nullable=False),
        sa.Column("seen", sa.DateTime, nullable=False),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer, primary_key=True),
        _user("api_tokens"),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("made", sa.DateTime, nullable=False),
        sa.UniqueConstraint("digest", name="uq_api_tokens_digest"),
    )
    op.create_index("ix_api_tokens_user_id", "api_tokens", ["user_id"])
    op.create_table(
        "shares",
        sa.Column(
            "case_id",
            sa.Integer,
            sa.ForeignKey("cases.id", name="fk_shares_case_id_cases"),
            primary_key=True,
            autoincrement=False,
        ),
        _user("shares", primary_key=True, autoincrement=False),
        sa.Column("may", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_shares_user_id", "shares", ["user_id"])


def downgrade() -> None:
    """Forget accounts and shares; cases stay their owners'."""
    for table in ("shares", "api_tokens", "sessions", "accounts"):
        op.drop_table(table)
