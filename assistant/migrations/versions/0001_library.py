"""The library: documents, passages, determinations, decisions, vectors, and the full-text indexes over them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.migrations.dialects import on_postgres

# The revision is the file's name: assistant.database finds the newest step by it.
revision = "0001_library"
down_revision = None
branch_labels = None
depends_on = None

# Full text without a copy of the texts (content=''): rows only come and go, they are never edited. Each trigger hands
# a row's words over; taking a row out of such an index needs the words that it was put in with.
_FULL_TEXT = """
CREATE VIRTUAL TABLE passages_fts USING fts5(citation, text, content='', tokenize='porter unicode61')
;
CREATE TRIGGER passages_fts_insert AFTER INSERT ON passages BEGIN
  INSERT INTO passages_fts(rowid, citation, text)
  VALUES (new.id, new.guideline || ' ' || coalesce(new.section, ''), new.text);
END
;
CREATE VIRTUAL TABLE decisions_fts
USING fts5(service, rationale, citation, case_summary, content='', tokenize='porter unicode61')
;
CREATE VIEW decisions_words AS
SELECT d.id, d.service AS service, coalesce(d.rationale, '') AS rationale,
       coalesce(d.reviewer_guideline, '') AS citation, coalesce(t.case_summary, '') AS case_summary
FROM decisions d JOIN determinations t ON t.id = d.determination_id
;
CREATE TRIGGER decisions_fts_insert AFTER INSERT ON decisions BEGIN
  INSERT INTO decisions_fts(rowid, service, rationale, citation, case_summary)
  SELECT id, service, rationale, citation, case_summary FROM decisions_words WHERE id = new.id;
END
;
CREATE TRIGGER decisions_fts_delete BEFORE DELETE ON decisions BEGIN
  INSERT INTO decisions_fts(decisions_fts, rowid, service, rationale, citation, case_summary)
  SELECT 'delete', id, service, rationale, citation, case_summary FROM decisions_words WHERE id = old.id;
END
"""

# PostgreSQL has the same words, stemmed by the program as SQLite's index stems them, in a row beside each text;
# `size` is how many words it has.
_TSVECTORS = """
CREATE TABLE passages_fts (
  id integer PRIMARY KEY REFERENCES passages(id) ON DELETE CASCADE, words tsvector NOT NULL, size integer NOT NULL
)
;
CREATE INDEX ix_passages_fts_words ON passages_fts USING gin (words)
;
CREATE TABLE decisions_fts (
  id integer PRIMARY KEY REFERENCES decisions(id) ON DELETE CASCADE, words tsvector NOT NULL, size integer NOT NULL
)
;
CREATE INDEX ix_decisions_fts_words ON decisions_fts USING gin (words)
"""


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("content_hash", sa.String, nullable=False),
        sa.Column("text_hash", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("imported_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("content_hash", name="uq_documents_content_hash"),
    )
    op.create_index("ix_documents_kind_text_hash", "documents", ["kind", "text_hash"], unique=True)
    _create_passages()
    _create_determinations()
    op.create_table(
        "kind_names",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("text", sa.String, primary_key=True),
        sa.Column("text_hash", sa.String, nullable=False),
    )
    op.create_table(
        "vectors",
        sa.Column("model", sa.String, primary_key=True),
        sa.Column("text_hash", sa.String, primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "meta", sa.Column("key", sa.String, primary_key=True), sa.Column("value", sa.String, nullable=False)
    )
    for statement in (_TSVECTORS if on_postgres() else _FULL_TEXT).split("\n;\n"):
        op.execute(sa.text(statement.replace(":", r"\:")))


def _create_passages() -> None:
    op.create_table(
        "passages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("passage_id", sa.String, nullable=False),
        sa.Column("starter", sa.Boolean, nullable=False),
        sa.Column("current", sa.Boolean, nullable=False),
        sa.Column("guideline", sa.String, nullable=False),
        sa.Column("section", sa.String),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("in_force_from", sa.Date),
        sa.Column("in_force_to", sa.Date),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("family", sa.String),
        sa.Column("service_kinds", sa.JSON, nullable=False),
        sa.Column("criteria", sa.JSON, nullable=False),
        sa.Column("body_regions", sa.JSON, nullable=False),
        sa.Column("edition_note", sa.Boolean, nullable=False),
        sa.Column("current_without_criteria", sa.Boolean, nullable=False),
        sa.Column("page", sa.Integer),
        sa.Column("text_hash", sa.String, nullable=False),
        sa.UniqueConstraint("passage_id", name="uq_passages_passage_id"),
    )
    op.create_index("ix_passages_text_hash", "passages", ["text_hash"])


def _create_determinations() -> None:
    op.create_table(
        "determinations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "document_id",
            sa.Integer,
            sa.ForeignKey("documents.id", ondelete="CASCADE", name="fk_determinations_document_id_documents"),
            nullable=False,
        ),
        sa.Column("case_number", sa.String),
        sa.Column("illustrative", sa.Boolean, nullable=False),
        sa.Column("date_of_injury", sa.Date),
        sa.Column("date_assigned", sa.Date),
        sa.Column("decision_date", sa.Date),
        sa.Column("ur_denial_date", sa.Date),
        sa.Column("priority", sa.String),
        sa.Column("reviewer_specialty", sa.String),
        sa.Column("reviewer_licensure", sa.String),
        sa.Column("case_summary", sa.Text),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.UniqueConstraint("document_id", name="uq_determinations_document_id"),
    )
    op.create_index("ix_determinations_case_number", "determinations", ["case_number"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "determination_id",
            sa.Integer,
            sa.ForeignKey("determinations.id", ondelete="CASCADE", name="fk_decisions_determination_id_determinations"),
            nullable=False,
        ),
        sa.Column("decision_id", sa.String, nullable=False),
        sa.Column("issue", sa.Integer, nullable=False),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("service_kind", sa.String),
        sa.Column("outcome", sa.String),
        sa.Column("claims_administrator_guideline", sa.String),
        sa.Column("reviewer_guideline", sa.String),
        sa.Column("rationale", sa.Text),
        sa.Column("text_hash", sa.String, nullable=False),
        sa.UniqueConstraint("decision_id", name="uq_decisions_decision_id"),
    )
    for column in ("determination_id", "service_kind", "text_hash"):
        op.create_index(f"ix_decisions_{column}", "decisions", [column])
    op.create_table(
        "citations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "decision_id",
            sa.Integer,
            sa.ForeignKey("decisions.id", ondelete="CASCADE", name="fk_citations_decision_id_decisions"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("guideline", sa.String, nullable=False),
        sa.Column("sections", sa.JSON, nullable=False),
    )
    op.create_index("ix_citations_decision_id", "citations", ["decision_id"])


def downgrade() -> None:
    """Drop the tables; an index built by full text goes with its table's triggers."""
    if not on_postgres():
        for trigger in ("decisions_fts_delete", "decisions_fts_insert", "passages_fts_insert"):
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP VIEW decisions_words")
    tables = "decisions_fts passages_fts meta vectors kind_names citations decisions determinations passages documents"
    for table in tables.split():
        op.drop_table(table)
