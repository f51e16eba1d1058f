"""Attacks below the page: on connections, heads and bodies, against a real server with short bounds in its own process.

What is sent goes out as bytes over a socket, for a client's library would mend it.
"""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))
from serving import served

HERE = Path(__file__).parent
MOST_CONNECTIONS = 12  # as serve_bounded.py says


@dataclass(frozen=True)
class Server:
    """Where it listens, and the cookie of its reviewer."""

    port: int
    cookie: str

    def connect(self, seconds: float = 20) -> socket.socket:
        """A connection; who waits longer than `seconds` for an answer has found a server that holds it for ever."""
        return socket.create_connection(("127.0.0.1", self.port), seconds)

    def head(self, method: str, path: str, *lines: str, origin: bool = True) -> bytes:
        """A request's head by the reviewer's browser."""
        own = [f"Host: 127.0.0.1:{self.port}", f"Cookie: {self.cookie}"]
        own += [f"Origin: http://127.0.0.1:{self.port}"] if origin else []
        return "\r\n".join([f"{method} {path} HTTP/1.1", *own, *lines, "", ""]).encode("latin-1")

    def asked(self, sent: bytes) -> bytes:
        """All that is answered to these bytes until the server ends the connection."""
        with self.connect() as there:
            with suppress(ConnectionError):  # it may end before all is sent
                there.sendall(sent)
            return whole(there)

    def alive(self) -> bool:
        """Whether another client is served."""
        ask = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n\r\n"
        return b"alive" in self.asked(ask.encode())


def whole(there: socket.socket) -> bytes:
    """What comes until the other side ends the connection."""
    pieces = []
    with suppress(ConnectionError):
        while piece := there.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def status_of(answer: bytes) -> int:
    found = re.match(rb"HTTP/1\.1 (\d{3})", answer)
    assert found, answer[:200]
    return int(found[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("bounded")
    with served([sys.executable, str(HERE / "serve_bounded.py"), str(folder)], folder) as link:
        found = re.search(r":(\d+)/\?token=([\w-]+)", link)
        assert found
        yield Server(int(found[1]), f"imr_{found[1]}={found[2]}")


def test_a_connection_that_says_nothing_is_ended(server: Server) -> None:
    with server.connect() as idle:
        assert server.alive()
        assert whole(idle) == b""


def test_a_head_that_never_ends_is_ended(server: Server) -> None:
    with server.connect() as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ")
        assert server.alive()
        answer = whole(slow)
    assert status_of(answer) == 408
    assert b"did not come in time" in answer


def test_a_second_head_that_never_ends_is_ended(server: Server) -> None:
    with server.connect() as slow:
        slow.sendall(server.head("GET", "/healthz"))
        answer = b""
        while not answer.endswith(b"alive\n"):
            answer += slow.recv(65536)
        slow.sendall(b"GET /healthz HTTP/1.1\r\n")
        assert status_of(whole(slow)) == 408


def test_a_body_that_trickles_is_cut_off_and_nothing_is_done(server: Server) -> None:
    for path in ("/last-words", "/upload?ending=.txt", "/gradio_api/component_server", "/decisions.csv"):
        with server.connect() as slow:
            slow.sendall(server.head("POST", path, "Content-Length: 1000", "Content-Type: application/json") + b'{"a":')
            assert server.alive()
            answer = whole(slow)
        assert status_of(answer) == 408, path
        assert b"did not come in time; nothing was done with it" in answer


def test_an_answer_that_nobody_reads_is_given_up(server: Server) -> None:
    page = server.head("GET", "/page/plotly.min.js")
    with server.connect() as deaf:
        deaf.sendall(page * 8)  # more than the buffers of a connection hold
        for _ in range(3):  # the server's own clock: a silent connection is ended after as long as an unread answer
            with server.connect() as silent:
                assert whole(silent) == b""
        assert whole(deaf).count(b"HTTP/1.1 200") < 8


def test_a_head_without_end_is_refused_before_it_fills_the_memory(server: Server) -> None:
    for flood in (b"X-A: " + b"a" * 400_000, b"".join(b"X-%d: a\r\n" % n for n in range(40_000))):
        answer = server.asked(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + flood)
        assert answer == b"" or status_of(answer) in {400, 431}
    assert server.alive()


def test_more_connections_than_the_server_holds_are_told_so(server: Server) -> None:
    with ExitStack() as held:
        many = [held.enter_context(server.connect()) for _ in range(MOST_CONNECTIONS + 6)]
        answers = [whole(there) for there in many]
    assert sum(b"Too many connections are open" in answer for answer in answers) >= 6
    assert sum(answer == b"" for answer in answers) <= MOST_CONNECTIONS
    assert server.alive()


def test_websockets_are_refused_however_many(server: Server) -> None:
    for path in ("/gradio_api/queue/join", "/", "/api/v1/cases"):
        lines = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")
        answer = server.asked(server.head("GET", path, *lines, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="))
        assert status_of(answer) in {403, 404}, path
    assert server.alive()


@pytest.mark.parametrize("length", ["99999999999999999999999999", "-1", "+5", "1_0", "\xb2", "0x10", "5, 6", "", "1e3"])
def test_a_length_that_is_none_is_refused(server: Server, length: str) -> None:
    answer = server.asked(
        server.head("POST", "/last-words", f"Content-Length: {length}", "Connection: close") + b"{}xxx"
    )
    assert status_of(answer) in {400, 408, 413}


def test_a_length_that_lies_smuggles_no_second_request(server: Server) -> None:
    inner = server.head("GET", "/page/case.js", "Connection: close")
    too_short = server.head("POST", "/last-words", "Content-Length: 2", "Content-Type: application/json") + b"{}"
    answer = server.asked(
        too_short + b"GET /page/case.js HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n"
    )
    assert b"import " not in answer  # the rest is a request of its own, and shows neither Host nor cookie
    for lies in (
        ("Content-Length: 2", "Transfer-Encoding: chunked"),
        ("Content-Length: 2", "Content-Length: 7"),
        ("Transfer-Encoding: identity, chunked, x",),
        ("Transfer-Encoding : chunked",),
        ("Content-Length: 2\r\n\tTransfer-Encoding: chunked",),
    ):
        answer = server.asked(server.head("POST", "/last-words", *lies, "Connection: close") + b"0\r\n\r\n" + inner)
        assert answer.count(b"HTTP/1.1 ") <= 1, lies
        assert b"import " not in answer, lies


def test_a_body_in_pieces_without_a_length_is_cut_off(server: Server) -> None:
    piece = b"%x\r\n" % 2**20 + b"a" * 2**20 + b"\r\n"
    head = server.head("POST", "/upload?ending=.txt", "Transfer-Encoding: chunked")
    answer = server.asked(head + piece * 40)
    assert answer == b"" or status_of(answer) == 413
    assert server.alive()


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd", "/gradio_api/file=%2Fetc%2Fpasswd", "/gradio_api/file=../../../../etc/passwd",
        "/gradio_api/file/etc/passwd", "/gradio_api/file/%2e%2e/%2e%2e/etc/passwd", "/file=/etc/passwd",
        "/file/etc/passwd", "//gradio_api/file=/etc/passwd", "/./gradio_api/file=/etc/passwd",
        "/assets/../gradio_api/file=/etc/passwd", "/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%2f..%2f..%2fetc%2fpasswd", "/assets/..%5c..%5cetc%5cpasswd", "/assets//etc/passwd",
        "/assets/%252e%252e/etc/passwd", "/static/%2e%2e/%2e%2e/etc/passwd", "/static//etc/passwd",
        "/static/..%2froutes.py", "/page/..%2fapp.py", "/page/%2e%2e/app.py", "/page/case.js%00.css",
        "/gradio_api/custom_component/x/server/component/..%2f..%2fetc%2fpasswd", "/svelte/../../etc/passwd",
        "/export/..%2f..%2fetc/md", "/decisions/..%2f..%2fetc/page/1.png", "/audit-export/..%2fetc",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_what_is_served(server: Server, path: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        lines = ("Content-Length: 0", "Connection: close")
        answer = server.asked(server.head(method, path, *lines))
        assert status_of(answer) in {400, 403, 404, 405}, method
        assert b"root:" not in answer
        assert b"import annotations" not in answer


def test_a_line_break_in_a_request_makes_no_header_of_an_answer(server: Server) -> None:
    for path in ("/page/a%0d%0aset-cookie:%20a=b", "/?next=%0d%0aset-cookie:%20a=b", "/%0d%0aset-cookie:%20a=b"):
        answer = server.asked(server.head("GET", path, "Connection: close"))
        assert b"\r\nset-cookie" not in answer.lower()
    answer = server.asked(server.head("GET", "/", "X-A: b\rSet-Cookie: a=b", "Connection: close"))
    assert status_of(answer) == 400


def test_no_method_sends_a_request_back(server: Server) -> None:
    for method in ("TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND", "OPTIONS"):
        answer = server.asked(server.head(method, "/", "X-Secret: of-the-browser", "Connection: close"))
        assert status_of(answer) in {400, 403, 404, 405}, method
        assert b"of-the-browser" not in answer
        assert server.cookie.encode() not in answer


def test_a_host_named_twice_or_in_the_target_is_not_believed(server: Server) -> None:
    elsewhere = server.head("GET", "/", "Host: attacker.example", "Connection: close")
    assert status_of(server.asked(elsewhere)) in {400, 403}
    target = server.head("GET", "http://attacker.example/case", "Connection: close")
    assert b"attacker.example" not in server.asked(target)
