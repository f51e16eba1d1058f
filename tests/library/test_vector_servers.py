"""Who may be spoken to as a Chroma server, and what happens while none answers."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from chroma_server import ChromaServer
from postgres_server import PostgresServer
from sqlalchemy import text

from assistant.database import open_database
from assistant.errors import DatabaseUnavailable
from assistant.library.chroma_server import ChromaAddress, server_version
from assistant.library.copying import copy_database
from assistant.library.health import HealthCheck
from assistant.library.indexing import vectors_of
from assistant.library.library import Library
from assistant.library.pgvector_index import extension_missing
from assistant.library.store import Store
from assistant.library.stored_vectors import Shelf, StoredVectors
from assistant.records import Records
from assistant.settings import Settings


@pytest.mark.parametrize(
    ("url", "token", "fine"),
    [
        ("http://127.0.0.1:8000", "", True),
        ("http://[::1]:8000", "", True),
        ("http://localhost:8000", "", True),
        ("http://10.1.2.3:8000", "", True),
        ("http://192.168.1.9", "", True),
        ("http://8.8.8.8:8000", "", False),
        ("http://8.8.8.8:8000", "secret", False),
        ("https://8.8.8.8", "secret", True),
        ("https://8.8.8.8", "", False),
        ("http://0.0.0.0:8000", "", False),
        ("http://no-such-host.invalid:8000", "", False),
        ("", "", False),
    ],
)
def test_only_a_server_that_others_cannot_reach_is_spoken_to(url: str, token: str, fine: bool) -> None:
    if fine:
        assert ChromaAddress(url, token).checked().url == url
    else:
        with pytest.raises(DatabaseUnavailable):
            ChromaAddress(url, token).checked()


@contextmanager
def answering(server: str, title: str) -> Iterator[str]:
    """A server that gives itself out as one of Chroma's."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = {"info": {"title": title}} if self.path == "/openapi.json" else "1.0.0"
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def version_string(self) -> str:
            return server

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    made = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{made.server_port}"
    finally:
        made.shutdown()
        thread.join()
        made.server_close()


@pytest.mark.parametrize(("server", "title"), [("uvicorn", ""), ("proxy", "FastAPI"), ("uvicorn", "chroma-frontend")])
def test_the_python_server_is_refused(server: str, title: str) -> None:
    with answering(server, title) as url, pytest.raises(DatabaseUnavailable, match="CVE-2026-45829"):
        server_version(ChromaAddress(url))


@pytest.mark.servers
def test_the_rust_server_is_known(chroma_url: str) -> None:
    assert server_version(ChromaAddress(chroma_url)) == "1.0.0"


@pytest.mark.servers
@pytest.mark.slow
def test_search_goes_on_while_the_server_is_down_and_uses_it_again(
    library: Library, settings: Settings, tmp_path: Path, chroma_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    with ChromaServer(Path(sys.executable).with_name("chroma"), folder) as server:
        store, stored = library._in.store, StoredVectors(library._in.store.engine)
        named = settings.model_copy(update={"vectors": "chroma-server", "chroma_url": server.url})
        vectors = vectors_of(named, store, stored, library.embedder.name)
        sought = library.embedder.embed(["acupuncture"])[0]
        before = vectors.search(Shelf.PASSAGES, sought, 3)
        assert vectors.in_step() is True
        server.kill()
        assert vectors.search(Shelf.PASSAGES, sought, 3) == before
        assert vectors.in_step() is None
        checks = {check.name: check for check in examine_servers(named)}
        assert not checks["Chroma server"].ok
        server.start()
        assert {check.name: check.ok for check in examine_servers(named)} == {"Chroma server": True}
        monkeypatch.setattr(vectors.index, "_failed_at", None)
        assert vectors.in_step() is True
        assert vectors.search(Shelf.PASSAGES, sought, 3) == before
        vectors.close()


def examine_servers(settings: Settings) -> list[HealthCheck]:
    from assistant.doctor import _vector_server

    return list(_vector_server(settings))


def test_pgvector_needs_postgresql(settings: Settings, tmp_path: Path) -> None:
    engine = open_database(tmp_path / "data", url="")
    named = settings.model_copy(update={"vectors": "pgvector"})
    with pytest.raises(DatabaseUnavailable, match="needs a PostgreSQL database_url"):
        vectors_of(named, Store(engine), StoredVectors(engine), "m")
    engine.dispose()


@pytest.mark.servers
def test_a_server_without_the_extension_is_said(
    postgres: PostgresServer, migrated_database: str, settings: Settings, tmp_path: Path
) -> None:
    with postgres.database(migrated_database) as url:
        engine = open_database(tmp_path / "data", url)
        named = settings.model_copy(update={"vectors": "pgvector"})
        if extension_missing(engine) is None:
            assert vectors_of(named, Store(engine), StoredVectors(engine), "m").called == "pgvector"
        else:
            with pytest.raises(DatabaseUnavailable, match="has no extension pgvector; install it"):
                vectors_of(named, Store(engine), StoredVectors(engine), "m")
        engine.dispose()


@pytest.mark.servers
def test_a_copy_holds_every_row_counts_on_and_refuses_a_filled_target(
    postgres: PostgresServer, migrated_database: str, tmp_path: Path
) -> None:
    source = open_database(tmp_path / "data", url="")
    made = Records(source).create_case("ann", title="kept", text="x", day=None, services=("a", "b"))
    with postgres.database(migrated_database) as url:
        target = open_database(tmp_path / "data", url)
        counts = copy_database(source, target)
        assert (counts["cases"], counts["acts"], counts["users"]) == (1, 1, 1)
        assert Records(target).case("ann", made.id) == made
        assert Records(target).acts("ann") == Records(source).acts("ann")
        assert Records(target).create_case("ann", title="", text="y", day=None, services=()).id != made.id
        with pytest.raises(DatabaseUnavailable, match="is not empty"):
            copy_database(source, target)
        with target.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM cases")) == 2
        target.dispose()
    source.dispose()


@pytest.mark.servers
def test_doctor_names_the_database_and_what_a_crash_would_lose(
    postgres: PostgresServer, migrated_database: str, settings: Settings
) -> None:
    from assistant.doctor import _database

    with postgres.database(migrated_database) as url:
        engine = open_database(settings.data_dir, url)
        check = _database(engine)
        assert not check.ok  # the server of the tests has fsync off
        assert "fsync" in check.remedy
        assert "PostgreSQL" in check.message
        engine.dispose()
    engine = open_database(settings.data_dir, url="")
    assert _database(engine).ok
    engine.dispose()
