"""A trial of a model ends with results, whatever its server does, and sends nothing of a case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.choice import Models
from assistant.models.context import parse_listing
from assistant.models.trial import NAMES, Result, Trial, try_out
from assistant.settings import Settings
from tests.models import babbling_server as server

DATA = '{"quote": "six visits", "visits": 6}'
GOOD = (
    server.says("Blue."),
    server.says(DATA),
    server.calls("find_guideline", '{"treatment": "acupuncture"}'),
    server.says("1, 2, 3"),
)


def trial(url: str, folder: Path, seconds: float = 20.0, **more: object) -> Trial:
    given = {"chat_timeout": 10.0, **more}
    return try_out(
        Models(Settings(chat_model="openai:m", chat_url=url, chat_key="k", data_dir=folder, **given)), seconds
    )


def results(tried: Trial) -> dict[str, str]:
    return {step.name: step.result.value for step in tried.steps}


def test_all_that_works_is_said(tmp_path: Path) -> None:
    with server.babbling(*GOOD) as babbling:
        tried = trial(babbling.url, tmp_path)
    assert [step.name for step in tried.steps] == list(NAMES)
    assert {step.name for step in tried.steps if step.result is Result.OK} >= set(NAMES) - {"speed"}
    assert tried.context == 4096
    assert json.loads(json.dumps(tried.as_json()))["steps"][0]["result"] == "ok"


@pytest.mark.parametrize(
    ("last", "words"),
    [
        pytest.param(server.calls("delete_all", '{"treatment": "x"}'), "did not call the tool", id="another tool"),
        pytest.param(server.calls("find_guideline", '{"treatment": 3}'), "did not call the tool", id="wrong argument"),
        pytest.param(server.calls("find_guideline", "{"), "did not call the tool", id="no JSON"),
        pytest.param(server.says("Use acupuncture."), "did not call the tool", id="words"),
    ],
)
def test_a_model_that_calls_no_tool_as_it_should_is_seen(last: server.Act, words: str, tmp_path: Path) -> None:
    with server.babbling(server.says("Blue."), server.says(DATA), last, server.says("1, 2")) as babbling:
        tried = trial(babbling.url, tmp_path)
    step = next(step for step in tried.steps if step.name == "tool calls")
    assert (step.result, words in step.sentence) == (Result.FAILED, True)
    assert tried.works("plain answer")


@pytest.mark.parametrize(
    "act", [server.garbage, server.page, server.empty, server.fails(500), server.wrong_shape], ids=lambda a: str(a)[:20]
)
def test_a_server_that_only_lists_is_reachable_and_no_more(act: server.Act, tmp_path: Path) -> None:
    with server.babbling(act) as babbling:
        tried = trial(babbling.url, tmp_path)
    assert [name for name, result in results(tried).items() if result == "ok"] == ["reachable", "context length"]


@pytest.mark.parametrize("status", [401, 500])
def test_a_server_that_refuses_is_not_tried_further(status: int, tmp_path: Path) -> None:
    with server.babbling(server.says("Blue.")) as babbling:
        babbling.lists_with = status
        tried = trial(babbling.url, tmp_path)
        assert babbling.asked == []
    assert list(results(tried).values()) == ["failed"] + ["not tried"] * 5


@pytest.mark.slow
def test_a_hanging_server_ends_with_the_time_of_a_call(tmp_path: Path) -> None:
    with server.babbling(server.hangs) as babbling:
        tried = trial(babbling.url, tmp_path, chat_timeout=1.0)
    assert results(tried)["plain answer"] == "failed"
    assert "ok" not in [results(tried)[name] for name in ("structured output", "tool calls", "speed")]


def test_a_context_is_sounded_where_the_server_does_not_say_it(tmp_path: Path) -> None:
    with server.babbling(*GOOD, server.says("1"), server.fails(413)) as babbling:
        babbling.lists, babbling.lists_with = "{}", 404
        tried = trial(babbling.url, tmp_path)
    assert tried.context == 4000
    assert next(step for step in tried.steps if step.name == "context length").sentence.startswith("At least 4000")


def test_without_a_model_nothing_is_tried(tmp_path: Path) -> None:
    tried = try_out(Models(Settings(data_dir=tmp_path)))
    assert set(results(tried).values()) == {"not tried"}


@pytest.mark.parametrize(
    ("entry", "context"),
    [
        pytest.param({"id": "m", "max_model_len": 32768}, 32768, id="vLLM"),
        pytest.param({"id": "m", "meta": {"n_ctx": 8192, "n_ctx_train": 32768}}, 8192, id="llama.cpp"),
        pytest.param({"id": "m", "meta": {"n_ctx_train": 32768}}, None, id="what it was made for is not what it runs"),
        pytest.param({"id": "another.gguf", "context_length": 4096}, 4096, id="the only one, under another name"),
        pytest.param({"id": "m", "max_model_len": "many"}, None, id="no number"),
        pytest.param({"id": "m", "max_model_len": 0, "n_ctx": 512}, 512, id="zero says nothing"),
    ],
)
def test_the_context_is_read_from_the_list(entry: dict, context: int | None) -> None:
    assert parse_listing(json.dumps({"data": [entry]}).encode()).context("m") == context


@given(st.binary(max_size=200) | st.sampled_from([b"[]", b"{}", b'{"data": 3}', b'{"data": [1, null]}', b"[" * 5000]))
def test_whatever_a_server_lists_is_a_list(content: bytes) -> None:
    assert parse_listing(content).context("m") is None
