"""The database that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.database import open_database

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from assistant.settings import Settings


def database_of(settings: Settings) -> Engine:
    """Open the database that the settings name; see `open_database`. Raises KeyProblem for keys that cannot be used."""
    url = settings.database_url.get_secret_value()
    connections, keys = settings.database_connections, settings.key_ring()
    return open_database(settings.data_dir, url, connections=connections, keys=keys)
