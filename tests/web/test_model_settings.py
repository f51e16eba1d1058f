"""The chat model on the settings page: chosen, tested behind the page, shown, and the key nowhere."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from fake_service import FakeService
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import AssistantError
from assistant.models.leashed import Sent
from assistant.settings import Settings
from assistant.web import render, settings
from assistant.web.acts import Desk
from assistant.web.jobs import Jobs
from assistant.web.trying import Trying
from tests.models import babbling_server as server


@pytest.fixture
def desk(tmp_path: Path):
    jobs = Jobs(workers=1)
    service = FakeService(Settings(data_dir=tmp_path, chat_key="sk-secret", chat_cost=2.5))
    yield Desk(service, service.settings, jobs)
    jobs.close()


@pytest.fixture
def do(desk: Desk):
    acts = {a.__name__: a for a in settings.acts(desk)}
    return lambda name, /, **values: acts[name](values)


def finished(do) -> dict:
    """The trial once it is done."""
    until = time.monotonic() + 60
    while (answer := do("read_trial")).get("trying") and time.monotonic() < until:
        threading.Event().wait(0.02)
    return answer


def test_a_model_is_chosen_tested_and_what_was_sent_is_shown(do) -> None:
    assert "No chat model is set." in do("read_model")["leaves"]
    with server.babbling(server.says("Blue.")) as babbling:
        chosen = do(
            "choose_model", choices={"chat_model": "openai:m", "chat_url": babbling.url, "chat_helps": "wording"}
        )
        assert "which is on this machine" in chosen["leaves"]
        assert "sk-secret" not in str(chosen)
        assert do("test_model") == {"trying": True}
        assert "It said &#39;Blue.&#39;" in finished(do)["trial"]
    assert "which colour is the sky?" in do("read_sent")["html"]
    assert "sk-secret" not in str(do("read_settings"))


def test_what_the_environment_sets_cannot_be_chosen(do) -> None:
    assert "set in the environment as IMR_CHAT_COST" in do("read_model")["form"]
    assert "which wins" in do("choose_model", choices={"chat_cost": "9"})["error"]
    assert "IMR_CHAT_TOKENS" in do("choose_model", choices={"chat_tokens": "many"})["error"]
    assert "no such choice" in do("choose_model", choices={"chat_key": "k"})["error"]


def test_nothing_is_sent_is_said(do) -> None:
    assert "Nothing was sent" in do("read_sent")["html"]


@given(st.sampled_from(["<img src=x onerror=a()>", "</pre><script>", '" autofocus onfocus="a()', "${x}{{y}}"]))
def test_what_a_model_or_a_case_says_is_text(words: str) -> None:
    trial = {"model": words, "steps": [{"name": words, "result": words, "sentence": words}]}
    for html in (render.model_trial(trial), render.model_sent([Sent(words, words, words)])):
        assert "<img" not in html
        assert "<script" not in html


def test_one_test_at_a_time_and_its_fault_is_told_once() -> None:
    going, runs = threading.Event(), []

    def work() -> None:
        runs.append(1)
        going.wait(20)
        raise AssistantError("It is down.")

    trying = Trying(work)
    trying.begin()
    trying.begin()
    assert trying.going
    going.set()
    assert trying._thread is not None
    trying._thread.join(20)
    assert runs == [1]
    with pytest.raises(AssistantError, match="It is down"):
        trying.raise_fault()
    trying.raise_fault()
