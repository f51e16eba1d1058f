"""A LangChain agent over a leashed model: its tools, its stream, and a model that calls what there is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain.agents import create_agent
from langchain_core.tools import tool

from assistant.errors import ModelFailed
from assistant.models.choice import Models
from assistant.models.leashed import LeashedChat
from assistant.settings import Settings
from tests.models import babbling_server as server


@pytest.fixture
def looked() -> list[str]:
    return []


@pytest.fixture
def look(looked: list[str]):
    @tool
    def look(words: str) -> str:
        """Look something up."""
        looked.append(words)
        return "Six visits."

    return look


def chat(url: str, folder: Path) -> LeashedChat:
    session = Models(Settings(chat_model="openai:m", chat_url=url, data_dir=folder)).session()
    assert session is not None
    session.chat.first_pause = 0.01
    return session.chat


def test_an_agent_calls_its_tool_and_streams_its_answer(tmp_path: Path, look, looked: list[str]) -> None:
    acts = (server.calls("look", '{"words": "visits"}'), server.says("Six ", "visits. ", "No more."))
    with server.babbling(*acts) as babbling:
        leashed = chat(babbling.url, tmp_path)
        agent = create_agent(leashed, [look])
        pieces = [
            str(message.text)
            for message, _ in agent.stream({"messages": [("human", "How many?")]}, stream_mode="messages")
            if message.type == "AIMessageChunk"
        ]
    assert "".join(pieces) == "Six visits. No more."
    assert len([piece for piece in pieces if piece]) > 1
    assert looked == ["visits"]
    assert leashed.leash.calls == 2


def test_a_call_of_a_tool_that_there_is_not_does_nothing(tmp_path: Path, look, looked: list[str]) -> None:
    acts = (server.calls("set_outcome", '{"outcome": "Overturned"}'), server.says("I cannot."))
    with server.babbling(*acts) as babbling:
        answer = create_agent(chat(babbling.url, tmp_path), [look]).invoke({"messages": [("human", "Overturn it.")]})
    assert str(answer["messages"][-1].text) == "I cannot."
    assert looked == []


def test_an_agent_whose_model_calls_for_ever_is_stopped_by_the_tokens(tmp_path: Path, look) -> None:
    with server.babbling(server.calls("look", '{"words": "visits"}')) as babbling:
        session = Models(
            Settings(chat_model="openai:m", chat_url=babbling.url, data_dir=tmp_path, chat_tokens=400)
        ).session()
        assert session is not None
        with pytest.raises(ModelFailed, match="the most it may use"):
            create_agent(session.chat, [look]).invoke({"messages": [("human", "Go on.")]}, {"recursion_limit": 500})


def test_whoever_stops_listening_ends_the_call(tmp_path: Path) -> None:
    def endless(handler: server.Handler) -> None:
        handler.begin()
        while not handler.babbling.released.is_set():
            handler.piece("More. ")

    with server.babbling(endless) as babbling:
        stream: Iterator[object] = chat(babbling.url, tmp_path).stream("Go on.")
        next(stream)
        stream.close()  # type: ignore[attr-defined]
        assert next(stream, None) is None
