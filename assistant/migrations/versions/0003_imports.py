"""Imports: their reports, the versions of a case's letter, and the texts of what was not read whole."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_imports"
down_revision = "0002_records"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and the columns by which the letters of a case are told apart."""
    op.add_column("determinations", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    op.add_column("determinations", sa.Column("current", sa.Boolean, nullable=False, server_default=sa.true()))
    op.create_table(
        "kept_texts",
        sa.Column(
            "document_id",
            sa.Integer,
            sa.ForeignKey("documents.id", ondelete="CASCADE", name="fk_kept_texts_document_id_documents"),
            primary_key=True,
        ),
        sa.Column("text", sa.Text),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.Column("incomplete", sa.Boolean, nullable=False),
    )
    counts = ("total", "seen", "read", "already_there", "versions", "incomplete", "decisions")
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("names", sa.Text, nullable=False),
        sa.Column("upload", sa.String),
        *(sa.Column(count, sa.Integer, nullable=False) for count in counts),
        sa.Column("error", sa.String),
    )
    op.create_table(
        "import_notes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "import_id",
            sa.Integer,
            sa.ForeignKey("imports.id", ondelete="CASCADE", name="fk_import_notes_import_id_imports"),
            nullable=False,
        ),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column(
            "document_id",
            sa.Integer,
            sa.ForeignKey("documents.id", ondelete="SET NULL", name="fk_import_notes_document_id_documents"),
        ),
    )
    op.create_index("ix_import_notes_import_id", "import_notes", ["import_id"])


def downgrade() -> None:
    """Drop the tables and columns; an earlier version of a letter then stands beside the newest."""
    for table in ("import_notes", "imports", "kept_texts"):
        op.drop_table(table)
    for column in ("current", "version"):
        op.drop_column("determinations", column)
