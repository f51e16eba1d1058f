"""Nothing leaves the machine: import, draft, search, chat and the page start with every outside socket failing."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from assistant.service import Service
from assistant.settings import Settings

_CASES = Path(__file__).parents[1] / "corpus" / "cases"


@pytest.fixture
def outside_fails(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every connection to another than a loopback address fails, and is remembered."""
    tried: list[object] = []
    connect = socket.socket.connect
    look_up = socket.getaddrinfo

    def guarded(self: socket.socket, address: object) -> None:
        inside = self.family == getattr(socket, "AF_UNIX", None) or (
            isinstance(address, tuple) and str(address[0]) in {"127.0.0.1", "::1", "localhost"}
        )
        if not inside:
            tried.append(address)
            raise OSError("no network in this test")
        connect(self, address)  # type: ignore[arg-type]

    def guarded_look_up(host: object, *rest: object, **named: object) -> object:
        if host not in {"127.0.0.1", "::1", "localhost", None}:
            tried.append(host)
            raise OSError("no network in this test")
        return look_up(host, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    return tried


def test_import_draft_search_chat_and_page_without_a_network(
    outside_fails: list[object], data_dir: Path, tmp_path: Path
) -> None:
    from fastapi.testclient import TestClient

    from assistant.web.app import build_app

    settings = Settings(data_dir=data_dir)
    service = Service.open(settings)
    letter = next((settings.corpus_dir / "determinations").glob("*.md"))
    copy = tmp_path / "letter.txt"
    copy.write_text(letter.read_text("utf-8").split("---", 2)[2], "utf-8")
    assert service.import_paths([copy]).read == 1
    view = service.create_case("r", next(_CASES.glob("*acupuncture*")).read_text("utf-8"))
    view = service.draft_case("r", view.id)
    assert view.draft is not None
    assert service.search_decisions("acupuncture").results
    assert list(service.chat("r", view.id, "why?"))[-1].text
    with TestClient(
        build_app(service, settings, token="of-this-test-and-of-no-other"), base_url="http://127.0.0.1:7860"
    ) as page:
        assert page.get("/", params={"token": "of-this-test-and-of-no-other"}).status_code == 200
    service.close()
    assert outside_fails == []
