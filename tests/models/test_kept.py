"""Choices about the model: kept whole, checked, never the key, and the environment wins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.errors import DataFolderError, WrongInput
from assistant.models.choice import Models
from assistant.models.kept import Kept
from assistant.models.leaving import what_leaves
from assistant.settings import Settings


def test_a_choice_counts_at_once_and_after_a_start(tmp_path: Path) -> None:
    models = Models(Settings(data_dir=tmp_path))
    assert models.name == ""
    models.kept.keep({"chat_model": "openai:m", "chat_url": "http://127.0.0.1:8000/v1", "chat_tokens": "500"})
    for seen in (models, Models(Settings(data_dir=tmp_path))):
        assert (seen.name, seen.caps().tokens, seen.where) == ("openai:m", 500, "127.0.0.1:8000")
    models.kept.keep({"chat_model": ""})
    assert models.name == ""
    assert models.caps().tokens == 500


def test_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Kept(Settings(data_dir=tmp_path)).keep({"chat_model": "openai:kept", "tone": "formal"})
    monkeypatch.setenv("IMR_CHAT_MODEL", "openai:given")
    kept = Kept(Settings(data_dir=tmp_path))
    assert kept.in_force().chat_model == "openai:given"
    assert kept.in_force().tone == "formal"
    with pytest.raises(WrongInput, match="IMR_CHAT_MODEL is set in the environment"):
        kept.keep({"chat_model": "openai:other"})


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"chat_key": "sk-secret"}, "no such choice: chat_key"),
        ({"data_dir": "/elsewhere"}, "no such choice: data_dir"),
        ({"chat_tokens": "many"}, "IMR_CHAT_TOKENS"),
        ({"chat_timeout": 0}, "IMR_CHAT_TIMEOUT"),
        ({"chat_helps": "everything"}, "IMR_CHAT_HELPS"),
        ({"chat_url": "http://me:sk-secret@host/v1"}, "IMR_CHAT_URL"),
        ({"tone": "rude"}, "IMR_TONE"),
    ],
)
def test_what_cannot_be_chosen_is_refused_and_nothing_kept(choice: dict, words: str, tmp_path: Path) -> None:
    kept = Kept(Settings(data_dir=tmp_path))
    with pytest.raises(WrongInput, match=words) as refused:
        kept.keep({"length": "short", **choice})
    assert "secret" not in str(refused.value)
    assert kept.in_force().length == "usual"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"chat_tokens": "many"}', '{"chat_key": "sk", "nosuch": 1}'])
def test_a_damaged_file_is_left_out(text: str, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(text, "utf-8")
    kept = Kept(Settings(data_dir=tmp_path))
    assert kept.in_force() == Settings(data_dir=tmp_path)
    kept.keep({"length": "full"})
    assert json.loads((tmp_path / "model.json").read_text("utf-8")) == {"length": "full"}


def test_a_folder_that_cannot_be_written_to_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(DataFolderError):
        Kept(Settings(data_dir=tmp_path / "file")).keep({"length": "full"})


@pytest.mark.parametrize(
    "url",
    ["ftp://host/v1", "host:8000", "http://", "http://h:0/v1", "http://h:99999/v1", "http://h/v1?key=k", "http://u@h"],
)
def test_an_address_that_is_none_or_holds_a_secret_is_refused(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(chat_url=url)
    assert "input_value" not in str(refused.value)


def test_the_key_is_in_no_text_of_the_settings(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, chat_key="sk-secret", chat_model="openai:m")
    models = Models(settings)
    models.session()
    models.kept.keep({"length": "full"})
    assert "sk-secret" not in f"{settings!r} {settings} {settings.model_dump_json()} {models.session()!r}"
    assert all("sk-secret" not in path.read_text("utf-8") for path in tmp_path.iterdir())


def test_a_trial_counts_for_the_model_that_was_tried(tmp_path: Path) -> None:
    models = Models(Settings(data_dir=tmp_path))
    models.kept.keep({"chat_model": "openai:m"})
    assert not models.calls_tools
    models.kept.remember_trial({"steps": [{"name": "tool calls", "result": "ok"}]})
    assert models.calls_tools
    models.kept.keep({"chat_model": "openai:other"})
    assert not models.calls_tools


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Nothing leaves this machine."),
        ({"chat_model": "openai:m"}, "api.openai.com, which is not on this machine"),
        ({"chat_model": "openai:m", "chat_url": "http://localhost:1/v1"}, "localhost:1, which is on this machine"),
        ({"chat_model": "openai:m", "chat_url": "http://127.0.0.1.evil.com/v1"}, "is not on this machine"),
        ({"chat_model": "anthropic:m"}, "the provider's own servers (anthropic), which is not on this machine"),
        ({"chat_model": "openai:m", "chat_helps": ""}, "helps with nothing"),
        ({"chat_model": "openai:m", "chat_helps": "wording"}, "is sent: the sentences of a draft"),
        ({"chat_model": "openai:m"}, "are not hidden"),
        ({"chat_model": "openai:m", "chat_tokens": 0}, "any number of tokens"),
    ],
)
def test_what_leaves_is_what_is_set(given: dict, words: str, tmp_path: Path) -> None:
    assert words in " ".join(what_leaves(Models(Settings(data_dir=tmp_path, **given))))
