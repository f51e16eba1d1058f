"""What several processes share: the work under way, sign-ins by a provider under way, and tries to sign in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015_jobs"
down_revision = "0014_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; with no work under way they are empty."""
    op.create_table(
        "jobs",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("cases.id", name="fk_jobs_case_id_cases")),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_jobs_user_id_users"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("worker", sa.String, nullable=False),
        sa.Column("begun", sa.DateTime, nullable=False),
        sa.Column("heartbeat", sa.DateTime, nullable=False),
        sa.Column("progress", sa.Text, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("stop", sa.Boolean, nullable=False),
    )
    op.create_index("ix_jobs_case_id", "jobs", ["case_id"])
    op.create_table(
        "sign_in_flows",
        sa.Column("digest", sa.String, primary_key=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("state", "nonce", "verifier", "onward")),
        sa.Column("begun", sa.DateTime, nullable=False),
    )
    op.create_index("ix_sign_in_flows_begun", "sign_in_flows", ["begun"])
    op.create_table(
        "sign_in_tries",
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("left", sa.Double, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_sign_in_tries_at", "sign_in_tries", ["at"])


def downgrade() -> None:
    """Forget what was under way."""
    for table in ("sign_in_tries", "sign_in_flows", "jobs"):
        op.drop_table(table)
