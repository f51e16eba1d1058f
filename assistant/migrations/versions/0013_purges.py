"""The data keys that case texts are encrypted under, and the certificates of cases that were deleted for good."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_purges"
down_revision = "0012_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables; nothing is encrypted yet."""
    op.create_table(
        "data_keys",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("wrapped", sa.Text, nullable=False),
        sa.Column("kek", sa.String, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
    )
    op.create_index("ix_data_keys_scope", "data_keys", ["scope"])
    op.create_table(
        "purges",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_purges_user_id_users"), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("certificate", sa.Text, nullable=False),
    )
    op.create_index("ix_purges_user_id", "purges", ["user_id"])


def downgrade() -> None:
    """Drop the tables, unless texts are encrypted: without their data keys they could never be read again."""
    if op.get_bind().execute(sa.text("SELECT 1 FROM data_keys")).first():
        raise RuntimeError("the data folder is encrypted")
    op.drop_table("purges")
    op.drop_table("data_keys")
