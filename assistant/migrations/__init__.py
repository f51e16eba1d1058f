"""The tables' history, one file a step, run by assistant.database through Alembic."""
