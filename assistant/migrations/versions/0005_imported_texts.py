"""Which imported text a passage was read from, so that the same text under another name takes the first one's place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_imported_texts"
down_revision = "0004_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Passages name their document. No foreign key: a passage outlives it, for the drafts that cite it."""
    op.add_column("passages", sa.Column("document_id", sa.Integer))
    op.create_index("ix_passages_document_id", "passages", ["document_id"])


def downgrade() -> None:
    """Forget it."""
    op.drop_index("ix_passages_document_id", "passages")
    op.drop_column("passages", "document_id")
