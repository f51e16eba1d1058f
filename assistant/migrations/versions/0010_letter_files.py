"""Where the PDF of an imported letter lies, so that its pages can be shown beside its text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_letter_files"
down_revision = "0009_guideline_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; of letters imported before, the next import of the same file notes where it lies."""
    op.create_table(
        "letter_files",
        sa.Column(
            "document_id",
            sa.Integer,
            sa.ForeignKey("documents.id", name="fk_letter_files_document_id_documents", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("path", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Forget where they lie; the files are the user's and stay."""
    op.drop_table("letter_files")
