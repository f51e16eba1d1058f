"""What decisions are narrowed by, the words of the library as written, and saved searches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.migrations.dialects import on_postgres

revision = "0004_search"
down_revision = "0003_imports"
branch_labels = None
depends_on = None

# The words as they are written, for mending misspelt ones: the other index holds their stems. Which decisions hold a
# word is all that is kept (detail='none').
_VOCABULARY = """
CREATE VIRTUAL TABLE decisions_spelling
USING fts5(words, content='', detail='none', columnsize=0, tokenize='unicode61 remove_diacritics 0')
;
CREATE VIRTUAL TABLE decisions_spelling_words USING fts5vocab(decisions_spelling, row)
;
CREATE TRIGGER decisions_spelling_insert AFTER INSERT ON decisions BEGIN
  INSERT INTO decisions_spelling(rowid, words)
  SELECT id, service || ' ' || rationale || ' ' || case_summary FROM decisions_words WHERE id = new.id;
END
;
CREATE TRIGGER decisions_spelling_delete BEFORE DELETE ON decisions BEGIN
  INSERT INTO decisions_spelling(decisions_spelling, rowid, words)
  SELECT 'delete', id, service || ' ' || rationale || ' ' || case_summary FROM decisions_words WHERE id = old.id;
END
;
INSERT INTO decisions_spelling(rowid, words)
SELECT id, service || ' ' || rationale || ' ' || case_summary FROM decisions_words
"""
# What search keeps in memory is read anew when a row that it may hold was changed or taken away; rows that were only
# added are read alone. The number in `meta` says which of the two it was.
_REWRITTEN = """
CREATE TRIGGER decisions_rewritten_delete AFTER DELETE ON decisions BEGIN
  INSERT INTO meta(key, value) VALUES ('decisions_rewritten', '1')
  ON CONFLICT(key) DO UPDATE SET value = CAST(value AS INTEGER) + 1;
END
;
CREATE TRIGGER decisions_rewritten_update AFTER UPDATE ON decisions
WHEN old.outcome IS NOT new.outcome OR old.service_kind IS NOT new.service_kind OR old.text_hash IS NOT new.text_hash
  OR old.body_regions IS NOT new.body_regions OR old.ur_modified IS NOT new.ur_modified
BEGIN
  INSERT INTO meta(key, value) VALUES ('decisions_rewritten', '1')
  ON CONFLICT(key) DO UPDATE SET value = CAST(value AS INTEGER) + 1;
END
;
CREATE TRIGGER determinations_rewritten AFTER UPDATE ON determinations
WHEN old.decision_date IS NOT new.decision_date OR old.illustrative IS NOT new.illustrative
  OR old.reviewer_specialty IS NOT new.reviewer_specialty OR old.current IS NOT new.current
BEGIN
  INSERT INTO meta(key, value) VALUES ('decisions_rewritten', '1')
  ON CONFLICT(key) DO UPDATE SET value = CAST(value AS INTEGER) + 1;
END
;
DELETE FROM meta WHERE key = 'corpus_hash'
"""

_POSTGRES = """
ALTER TABLE decisions_fts ADD COLUMN spelled tsvector NOT NULL DEFAULT ''
;
CREATE FUNCTION decisions_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO meta(key, value) VALUES ('decisions_rewritten', '1')
  ON CONFLICT(key) DO UPDATE SET value = CAST(CAST(meta.value AS integer) + 1 AS varchar);
  RETURN NULL;
END $$
;
CREATE TRIGGER decisions_rewritten_delete AFTER DELETE ON decisions
FOR EACH ROW EXECUTE FUNCTION decisions_rewritten()
;
CREATE TRIGGER decisions_rewritten_update AFTER UPDATE ON decisions FOR EACH ROW
WHEN (old.outcome IS DISTINCT FROM new.outcome OR old.service_kind IS DISTINCT FROM new.service_kind
  OR old.text_hash IS DISTINCT FROM new.text_hash OR old.body_regions::text IS DISTINCT FROM new.body_regions::text
  OR old.ur_modified IS DISTINCT FROM new.ur_modified)
EXECUTE FUNCTION decisions_rewritten()
;
CREATE TRIGGER determinations_rewritten AFTER UPDATE ON determinations FOR EACH ROW
WHEN (old.decision_date IS DISTINCT FROM new.decision_date OR old.illustrative IS DISTINCT FROM new.illustrative
  OR old.reviewer_specialty IS DISTINCT FROM new.reviewer_specialty OR old.current IS DISTINCT FROM new.current)
EXECUTE FUNCTION decisions_rewritten()
;
DELETE FROM meta WHERE key = 'corpus_hash'
"""


def upgrade() -> None:
    """Add the columns, the vocabulary and the saved searches; the next opening fills the columns of what is there."""
    op.add_column("decisions", sa.Column("body_regions", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("decisions", sa.Column("ur_modified", sa.Boolean, nullable=False, server_default="0"))
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_saved_searches_user_id_users"), nullable=False
        ),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("saved", sa.DateTime, nullable=False),
        sa.UniqueConstraint("user_id", "name", name="uq_saved_searches_user_id"),
    )
    for statements in (_POSTGRES,) if on_postgres() else (_VOCABULARY, _REWRITTEN):
        for statement in statements.split("\n;\n"):
            op.execute(sa.text(statement.replace(":", r"\:")))


def downgrade() -> None:
    """Take it all away."""
    if on_postgres():
        op.execute("DROP FUNCTION decisions_rewritten CASCADE")
        op.drop_column("decisions_fts", "spelled")
        op.drop_table("saved_searches")
    else:
        for trigger in (
            "determinations_rewritten",
            "decisions_rewritten_update",
            "decisions_rewritten_delete",
            "decisions_spelling_delete",
            "decisions_spelling_insert",
        ):
            op.execute(f"DROP TRIGGER {trigger}")
        for table in ("decisions_spelling_words", "decisions_spelling", "saved_searches"):
            op.drop_table(table)
    op.drop_column("decisions", "ur_modified")
    op.drop_column("decisions", "body_regions")
