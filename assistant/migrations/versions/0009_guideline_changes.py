"""What reviewers change of the library: digests switched off and on, in-force dates corrected, each by an act."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.migrations.dialects import forget_append_only, make_append_only

revision = "0009_guideline_changes"
down_revision = "0008_due_dates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, which names the act of each change, and the triggers that make it append-only."""
    op.create_table(
        "guideline_changes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "act_id", sa.Integer, sa.ForeignKey("acts.id", name="fk_guideline_changes_act_id_acts"), nullable=False
        ),
        sa.Column("guideline", sa.String, nullable=False),
        sa.Column("section", sa.String),
        sa.Column("passage", sa.String),
        sa.Column("in_force_from", sa.Date),
        sa.Column("in_force_to", sa.Date),
        sa.Column("was_from", sa.Date),
        sa.Column("was_to", sa.Date),
        sa.Column("note", sa.Text, nullable=False),
        sa.UniqueConstraint("act_id", name="uq_guideline_changes_act_id"),
    )
    make_append_only("guideline_changes", "id = new.id OR act_id = new.act_id")


def downgrade() -> None:
    """Drop the table; its triggers go with it."""
    op.drop_table("guideline_changes")
    forget_append_only("guideline_changes")
