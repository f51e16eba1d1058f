"""Cases say when the request was received and how urgent; lists need no draft; one unsent entry a user is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_due_dates"
down_revision = "0007_chat_manners"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, empty: `listed` is filled when a case is first listed. The index finds acts that tell states."""
    op.add_column("cases", sa.Column("received", sa.Date))
    op.add_column("cases", sa.Column("priority", sa.String))
    op.add_column("cases", sa.Column("listed", sa.Text))
    op.create_index("ix_acts_user_id_kind", "acts", ["user_id", "kind"])
    op.create_table(
        "unsent_entries",
        sa.Column(
            "user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_unsent_entries_user_id_users"), primary_key=True
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("saved", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("unsent_entries")
    op.drop_index("ix_acts_user_id_kind", "acts")
    for name in ("listed", "priority", "received"):
        op.drop_column("cases", name)
