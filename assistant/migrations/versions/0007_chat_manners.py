"""A turn of a chat may be stopped before it was whole, and put aside by a later wording of what was asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_chat_manners"
down_revision = "0005_imported_texts"
branch_labels = None
depends_on = None

_COLUMNS = ("stopped", "superseded")


def upgrade() -> None:
    """Add the two marks; no turn so far has either."""
    for name in _COLUMNS:
        op.add_column("turns", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Forget them."""
    for name in _COLUMNS:
        op.drop_column("turns", name)
