"""Bounds that the server itself does not set: on a request's head, on an answer that nobody reads, on connections.

Who opens connections and says nothing, or a letter a second, would else keep them, and with them the page, for ever.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

_REASONS = {408: "Request Timeout", 431: "Request Header Fields Too Large", 503: "Service Unavailable"}
_FEWEST, _MOST = 100, 4000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a connection may take: seconds for a request's head and for an answer's piece, bytes of a head; and how many
    connections one process holds, half of the files that the system lets it open (0: so many)."""

    head_seconds: float = 10.0
    unread_seconds: float = 60.0
    head_bytes: int = 64 * 1024
    connections: int = 0

    @property
    def most(self) -> int:
        """Connections at once."""
        return self.connections or max(_FEWEST, min(_MOST, _files() // 2))


def _files() -> int:
    """How many files the system lets this process open."""
    if sys.platform == "win32":
        return 2 * _FEWEST
    import resource

    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def protocol(bounds: Bounds) -> type[asyncio.Protocol]:
    """The class of uvicorn's HTTP connections, with bounds."""
    return type("Bounded", (_Bounded,), {"bounds": bounds})


class _Bounded(AutoHTTPProtocol):  # type: ignore[misc]  # one of uvicorn's two classes
    bounds: Bounds
    _timer: asyncio.TimerHandle | None = None  # runs while a head is awaited, or a refused body still comes
    _unread: asyncio.TimerHandle | None = None
    _in_head, _came = False, 0  # whether a head is under way, and bytes of it

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        if len(self.connections) > self.bounds.most:
            self._refuse(503, "Too many connections are open; try again in a minute.")
            return
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._has_read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        before = self.cycle
        if self._timer is None and (before is None or before.response_complete):
            self._await_head()
        super().data_received(data)
        self._came += len(data) if self._in_head else 0
        if self.cycle is not before or self.transport.get_protocol() is not self:
            self._stop_waiting()
        elif self._in_head and self._came > self.bounds.head_bytes:
            self._refuse(431, "The request's head is too large.")

    def on_message_begin(self) -> None:
        """The parser sees the first byte of a head."""
        super().on_message_begin()
        self._in_head = True

    def on_headers_complete(self) -> None:
        """The parser has read a head."""
        self._in_head, self._came = False, 0
        super().on_headers_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._has_read()
        self._unread = self.loop.call_later(self.bounds.unread_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        self._has_read()
        super().resume_writing()

    def _await_head(self) -> None:
        self._timer = self.loop.call_later(self.bounds.head_seconds, self._too_late)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _has_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _too_late(self) -> None:
        self._timer = None
        if self._in_head and self._came:
            self._refuse(408, "The request did not come in time.")
        else:
            self.transport.close()

    def _refuse(self, status: int, sentence: str) -> None:
        self._stop_waiting()
        if self.transport.is_closing():
            return
        body: Any = sentence.encode()
        head = f"HTTP/1.1 {status} {_REASONS[status]}\r\ncontent-type: text/plain; charset=utf-8\r\n"
        self.transport.write(f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
        self.transport.close()
