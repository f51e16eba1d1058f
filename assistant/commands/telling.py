"""Tells the audit log, where the settings say that it is, what a command did without the service."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from assistant.records import Act
    from assistant.settings import Settings


def tell(settings: Settings, act: Act, /, *, engine: Engine | None = None, **detail: object) -> None:
    """Append an entry for whoever runs the command; over `engine`, if the command has the database open already.

    Raises AssistantError when the database cannot be opened.
    """
    from assistant.library.opening import database_of
    from assistant.records import AuditLog, audit_key
    from assistant.records.audit import acting

    log_key = audit_key(settings.data_dir, settings.audit_key.get_secret_value())
    opened = engine or database_of(settings)
    try:
        AuditLog(opened, log_key, now=lambda: datetime.now(UTC)).record(act, acting() or settings.user, **detail)
    finally:
        if engine is None:
            opened.dispose()
