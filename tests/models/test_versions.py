"""A prompt that is changed without a new version is found; what is recorded is never overwritten."""

from __future__ import annotations

from pathlib import Path

from assistant.models.versions import problems, record

TEXT = "---\nname: ask\nversion: 1\ninputs: [case]\noutput: text\n---\nSay.\n\n{case}"


def test_a_change_needs_a_version(tmp_path: Path) -> None:
    prompt = tmp_path / "ask.md"
    prompt.write_text(TEXT, "utf-8")
    assert "not in versions.yaml" in problems(tmp_path)[0]
    assert record(tmp_path) == []
    prompt.write_text(TEXT.replace("Say.", "Say it."), "utf-8")
    assert "still version 1" in problems(tmp_path)[0]
    assert record(tmp_path) == problems(tmp_path) != []
    prompt.write_text(TEXT.replace("Say.", "Say it.").replace("version: 1", "version: 2"), "utf-8")
    assert record(tmp_path) == []
    prompt.unlink()
    assert "no such prompt" in problems(tmp_path)[0]
