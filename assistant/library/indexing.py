"""The vector index that the settings name."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from assistant.errors import DatabaseUnavailable
from assistant.library.vectors import Vectors

if TYPE_CHECKING:
    from assistant.library.chroma_server import ChromaAddress
    from assistant.library.store import Store
    from assistant.library.stored_vectors import StoredVectors
    from assistant.library.vector_index import VectorIndex
    from assistant.settings import Settings

_LIBRARY = "library_id"  # the row of meta that tells this library's collections from others of the same server


def vectors_of(settings: Settings, store: Store, stored: StoredVectors, model: str) -> Vectors:
    """Search by meaning as the settings have it; DatabaseUnavailable where they cannot be meant."""
    return Vectors(stored, _index(settings, store, stored, model), model)


def _index(settings: Settings, store: Store, stored: StoredVectors, model: str) -> VectorIndex:
    edition = store.meta("corpus_hash") or ""
    if settings.vectors == "chroma-server":
        from assistant.library.chroma_server import ChromaServerIndex

        return ChromaServerIndex(chroma_address(settings), stored, store.engine, (model, edition, library_id(store)))
    if settings.vectors == "pgvector":
        from assistant.library.pgvector_index import PgvectorIndex, extension_missing

        if store.engine.dialect.name != "postgresql":
            raise DatabaseUnavailable("The setting vectors is pgvector, which needs a PostgreSQL database_url.")
        if missing := extension_missing(store.engine):
            raise DatabaseUnavailable(missing)
        return PgvectorIndex(store.engine, model, edition)
    from assistant.library.chroma_embedded import EmbeddedChroma

    return EmbeddedChroma(settings.data_dir / "chroma", model, edition)


def chroma_address(settings: Settings) -> ChromaAddress:
    """The Chroma server that the settings name; DatabaseUnavailable where others can reach it."""
    from assistant.library.chroma_server import ChromaAddress

    tenant, _, database = settings.chroma_database.partition("/")
    token = settings.chroma_token.get_secret_value()
    return ChromaAddress(settings.chroma_url, token, tenant, database).checked()


def library_id(store: Store) -> str:
    """What tells this library from others; drawn at the first need, the same for all processes that share it."""
    if store.meta(_LIBRARY) is None:
        store.note_once(_LIBRARY, secrets.token_hex(6))
    return store.meta(_LIBRARY) or ""
