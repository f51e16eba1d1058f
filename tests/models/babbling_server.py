"""A server on loopback that speaks the OpenAI protocol, well or badly, as a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Act = Callable[["Handler"], None]


@dataclass
class Babbling:
    """What the server does, request by request; the last act is done for all that follow. `asked` are the requests."""

    acts: list[Act]
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    url: str = ""
    lists: str = json.dumps({"object": "list", "data": [{"id": "m", "object": "model", "max_model_len": 4096}]})
    lists_with: int = 200

    def next_act(self) -> Act:
        """The act for the next request."""
        return self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    babbling: Babbling

    def do_POST(self) -> None:
        """A chat completion."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.babbling.asked.append(json.loads(body))
        self.babbling.keys.append(self.headers.get("authorization", ""))
        self.close_connection = True
        try:
            self.babbling.next_act()(self)
        except OSError:
            return  # the client went away, as it should

    def do_GET(self) -> None:
        """The list of models."""
        self.plain(self.babbling.lists_with, self.babbling.lists)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""

    def plain(self, status: int, text: str, media: str = "application/json") -> None:
        """A whole answer."""
        content = text.encode()
        self.send_response(status)
        self.send_header("content-type", media)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def begin(self) -> None:
        """The head of a stream."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()

    def piece(self, text: str = "", *, calls: list[Any] | None = None, end: str | None = None) -> None:
        """A piece of a stream."""
        delta: dict[str, Any] = {"role": "assistant", "content": text}
        if calls is not None:
            delta["tool_calls"] = calls
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m"}
        self.raw(json.dumps({**chunk, "choices": [{"index": 0, "delta": delta, "finish_reason": end}]}))

    def raw(self, data: str) -> None:
        """One event of a stream, whatever it holds."""
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()


def says(*pieces: str) -> Act:
    """Answers with these pieces."""

    def act(handler: Handler) -> None:
        handler.begin()
        for text in pieces:
            handler.piece(text)
        handler.piece(end="stop")
        handler.raw("[DONE]")

    return act


def calls(name: str, args: str) -> Act:
    """Calls a tool."""

    def act(handler: Handler) -> None:
        handler.begin()
        handler.piece(
            calls=[{"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": args}}]
        )
        handler.piece(end="tool_calls")
        handler.raw("[DONE]")

    return act


def fails(status: int) -> Act:
    """Answers with a status and no more."""
    return lambda handler: handler.plain(status, json.dumps({"error": {"message": "key sk-secret, Jane Roe"}}))


def hangs(handler: Handler) -> None:
    """Takes the request and says nothing until the test ends."""
    handler.babbling.released.wait(30)


def hangs_in_the_middle(handler: Handler) -> None:
    """Begins an answer and says nothing more."""
    handler.begin()
    handler.piece("The worker ")
    handler.babbling.released.wait(30)


def breaks_off(handler: Handler) -> None:
    """Begins an answer and closes the connection."""
    handler.begin()
    handler.piece("The worker ")
    handler.wfile.write(b'data: {"id": "c", "choi')
    handler.wfile.flush()
    handler.connection.close()


def closes(handler: Handler) -> None:
    """Closes the connection at once."""
    handler.connection.close()


def never_ends(handler: Handler) -> None:
    """Streams words as long as anybody takes them."""
    handler.begin()
    while not handler.babbling.released.is_set():
        handler.piece("again and again ")


def drips(handler: Handler) -> None:
    """Streams a letter now and then, never ending."""
    handler.begin()
    while not handler.babbling.released.wait(0.02):
        handler.piece("a")


def endless_line(handler: Handler) -> None:
    """Streams one event that never ends."""
    handler.begin()
    while not handler.babbling.released.wait(0.001):
        handler.wfile.write(b"x" * 1000)


def leads_to(other: Babbling) -> Act:
    """Sends the client to another server."""

    def act(handler: Handler) -> None:
        handler.send_response(307)
        handler.send_header("location", f"{other.url}/chat/completions")
        handler.send_header("content-length", "0")
        handler.end_headers()

    return act


def garbage(handler: Handler) -> None:
    """Streams bytes that are no JSON."""
    handler.begin()
    handler.raw("\x00\x01}{ not json")


def page(handler: Handler) -> None:
    """Answers with a web page, as a proxy does."""
    handler.plain(200, "<html><body>Sign in</body></html>", "text/html")


def wrong_shape(handler: Handler) -> None:
    """Answers with JSON that is no completion."""
    handler.begin()
    handler.raw(json.dumps({"hello": ["world"]}))
    handler.raw("[DONE]")


def empty(handler: Handler) -> None:
    """Answers with nothing at all."""
    handler.begin()
    handler.raw("[DONE]")


@contextmanager
def babbling(*acts: Act) -> Iterator[Babbling]:
    """A server on loopback that does these acts; stopped at the end."""
    state = Babbling(list(acts))
    kind = type("Bound", (Handler,), {"babbling": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
