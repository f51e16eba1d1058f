"""Vectors in a Chroma server, spoken to over its REST interface: ids and vectors go there, never a text.

No client of Chroma's is used: it would run an embedding function that a collection's own settings name. Only the Rust
server of `chroma run` is spoken to: the Python server runs code before it asks who you are (CVE-2026-45829).
"""

from __future__ import annotations

import hashlib
import ipaddress
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from assistant.addresses import tells_secrets
from assistant.databases.locks import held as lock_held
from assistant.errors import DatabaseUnavailable
from assistant.library.stored_vectors import Shelf, Shelved, StoredVectors
from assistant.library.vector_index import COLLECTIONS, HNSW, IndexFault, Shelves, Vector

if TYPE_CHECKING:
    import httpx
    from sqlalchemy import Engine

_SECONDS = 30  # that a request may take
_AGAIN_SECONDS = 30  # after a failure the server is left alone so long
_WAIT_SECONDS = 600  # for another process that is filling it
_BATCH = 1000
_PAGE = 10_000
_NOT_FOUND = 404
_RUST_TITLE = "chroma-frontend"  # what the Rust server's own description of itself is called


@dataclass(frozen=True, slots=True)
class ChromaAddress:
    """Where the server is, and in which tenant and database the collections stand."""

    url: str
    token: str = ""
    tenant: str = "default_tenant"
    database: str = "default_database"

    def checked(self) -> ChromaAddress:
        """Itself, if the server is on this machine, in a private network, or behind `https` with a token.

        Raises DatabaseUnavailable, one sentence.
        """
        if not self.url:
            raise DatabaseUnavailable("The setting vectors is chroma-server, and chroma_url names no server.")
        parts = urlsplit(self.url)
        if _is_private(parts.hostname or "") or (parts.scheme == "https" and self.token):
            return self
        raise DatabaseUnavailable(
            "The Chroma server of chroma_url can be reached by others, and whoever reaches it can read and change it; "
            "name one on this machine or in a private network, or one behind https with chroma_token."
        )


def _is_private(host: str) -> bool:
    """Whether a host, and every address that its name stands for, is loopback or of a private network."""
    try:
        found = {host} if _is_address(host) else {str(at[4][0]) for at in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    addresses = [ipaddress.ip_address(address.partition("%")[0]) for address in found]
    if any(tells_secrets(str(address)) for address in addresses):
        return False
    return bool(addresses) and all(a.is_loopback or (a.is_private and not a.is_unspecified) for a in addresses)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def client_of(address: ChromaAddress) -> httpx.Client:
    """Connections to the server, without the environment's proxies: what goes to a private address passes nobody."""
    import httpx

    headers = {"Authorization": f"Bearer {address.token}"} if address.token else {}
    return httpx.Client(base_url=address.url.rstrip("/"), headers=headers, timeout=_SECONDS, trust_env=False)


def check_server(client: httpx.Client) -> str:
    """The version of the server's interface; DatabaseUnavailable where it is the Python server."""
    answer = client.get("/api/v2/version")
    answer.raise_for_status()
    described = client.get("/openapi.json")
    title = ""
    if described.is_success and described.headers.get("content-type", "").startswith("application/json"):
        title = str(described.json().get("info", {}).get("title", ""))
    if "uvicorn" in answer.headers.get("server", "") or title not in ("", _RUST_TITLE):
        raise DatabaseUnavailable(
            "The server of chroma_url is Chroma's Python server, which runs code before it asks who you are "
            "(CVE-2026-45829); stop it and start `chroma run` instead."
        )
    return str(answer.json())


def server_version(address: ChromaAddress) -> str:
    """`check_server` on a connection of its own; IndexFault where none answers."""
    import httpx

    try:
        with client_of(address) as client:
            return check_server(client)
    except (httpx.HTTPError, ValueError) as error:
        raise IndexFault(type(error).__name__) from None


class ChromaServerIndex:
    """Two collections named after the library, the model and the corpus; every process of the library shares them."""

    called = "the Chroma server"

    def __init__(self, address: ChromaAddress, stored: StoredVectors, engine: Engine, version: tuple[str, ...]) -> None:
        self._address, self._stored, self._engine = address, stored, engine
        self._model, self._library = version[0], version[-1]
        mark = hashlib.sha256("\0".join(version).encode()).hexdigest()[:12]
        self._names = {shelf: f"imr-{self._library}-{mark}-{shelf.value}" for shelf in COLLECTIONS}
        self._ids: dict[Shelf, str] = {}
        self._http: httpx.Client | None = None
        self._failed_at: float | None = None
        self._opened = False

    def own(self, shelves: Shelves) -> bool:
        """Ours while it answers; after a failure it is asked again half a minute later."""
        if self._failed_at is not None and time.monotonic() - self._failed_at < _AGAIN_SECONDS:
            return False
        if not self._opened:
            with self._faults():
                check_server(self._client())
            self._opened = True
            self.mend(shelves)
        return True

    def mend(self, shelves: Shelves) -> None:
        """Add what is missing and drop what the store no longer has; one process at a time."""
        with self._faults(), lock_held(self._engine, "chroma-server", _WAIT_SECONDS):
            for shelf in COLLECTIONS:
                shelved, there = shelves(shelf), self._listed(shelf)
                self._add(shelf, shelved, [row for row, key in enumerate(shelved.keys) if key not in there])
                if gone := there - set(shelved.keys):
                    # What another process has added since this one read is no surplus.
                    self._drop(shelf, sorted(gone - set(self._stored.shelf(shelf, self._model).keys)))

    def rebuild(self, shelves: Shelves) -> None:
        """Make the collections anew, and remove those of earlier versions."""
        with self._faults(), lock_held(self._engine, "chroma-server", _WAIT_SECONDS):
            mine = f"imr-{self._library}-"
            listed = self._asked("GET", "/collections?limit=1000") or []
            for name in (str(found["name"]) for found in listed):
                if name.startswith(mine):
                    self._asked("DELETE", f"/collections/{quote(name, safe='')}")
            self._ids.clear()
            for shelf in COLLECTIONS:
                shelved = shelves(shelf)
                self._add(shelf, shelved, range(len(shelved.keys)))
        self._opened, self._failed_at = True, None

    def keys(self, shelf: Shelf) -> set[str]:
        """The ids that a collection holds."""
        with self._faults():
            return self._listed(shelf)

    def search(self, shelf: Shelf, vector: Vector, limit: int) -> list[tuple[str, float]]:
        """The nearest entries with their cosine similarity."""
        asked = {"query_embeddings": [vector.tolist()], "n_results": limit, "include": ["distances"]}
        with self._faults():
            found = self._asked("POST", f"/collections/{self._id(shelf)}/query", asked)
            return [
                (str(key), 1 - float(away)) for key, away in zip(found["ids"][0], found["distances"][0], strict=True)
            ]

    def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            self._http.close()
        self._http, self._opened, self._failed_at = None, False, None
        self._ids.clear()

    # --- requests -----------------------------------------------------------------------------------------------

    def _client(self) -> httpx.Client:
        if self._http is None:
            self._http = client_of(self._address)
        return self._http

    def _asked(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The answer of the server; None where the thing is not there."""
        at = f"/api/v2/tenants/{self._address.tenant}/databases/{self._address.database}{path}"
        answer = self._client().request(method, at, json=body)
        if answer.status_code == _NOT_FOUND and method == "DELETE":
            return None
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def _id(self, shelf: Shelf) -> str:
        """The id of a collection, which is made where it is missing; no embedding function is part of it."""
        if shelf not in self._ids:
            made = {
                "name": self._names[shelf],
                "configuration": {"hnsw": {"space": "cosine", **HNSW}},
                "get_or_create": True,
            }
            self._ids[shelf] = str(self._asked("POST", "/collections", made)["id"])
        return self._ids[shelf]

    def _listed(self, shelf: Shelf) -> set[str]:
        found: set[str] = set()
        while True:
            asked = {"limit": _PAGE, "offset": len(found), "include": []}
            page = self._asked("POST", f"/collections/{self._id(shelf)}/get", asked)["ids"]
            found.update(page)
            if len(page) < _PAGE:
                return found

    def _add(self, shelf: Shelf, shelved: Shelved, rows: Sequence[int]) -> None:
        for start in range(0, len(rows), _BATCH):
            some = rows[start : start + _BATCH]
            entries = {
                "ids": [shelved.keys[row] for row in some],
                "embeddings": [shelved.matrix[row].tolist() for row in some],
            }
            self._asked("POST", f"/collections/{self._id(shelf)}/upsert", entries)

    def _drop(self, shelf: Shelf, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), _BATCH):
            self._asked("POST", f"/collections/{self._id(shelf)}/delete", {"ids": list(keys[start : start + _BATCH])})

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """A failure of the server closes nothing of ours but the memory of what was there."""
        import httpx

        try:
            yield
        except (httpx.HTTPError, KeyError, IndexError, TypeError, ValueError) as error:
            self._failed_at, self._opened = time.monotonic(), False
            self._ids.clear()
            raise IndexFault(type(error).__name__) from None
