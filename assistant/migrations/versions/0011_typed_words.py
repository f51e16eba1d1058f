"""The words of a rationale that are being typed, until a version holds them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_typed_words"
down_revision = "0010_letter_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "typed_words",
        sa.Column(
            "case_id", sa.Integer, sa.ForeignKey("cases.id", name="fk_typed_words_case_id_cases"), primary_key=True
        ),
        sa.Column("issue", sa.Integer, primary_key=True),
        sa.Column("base", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("run", sa.String, nullable=False),
        sa.Column("saved", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("typed_words")
