"""Each example of docs/chat.md is understood, and those under "To change the draft" are acts."""

from __future__ import annotations

import re
from pathlib import Path

from drafted_case import two_issues

from assistant.chat.context import ChatContext
from assistant.chat.intents import Act, Help, NotDone, Reword, Unknown
from assistant.chat.router import route
from assistant.chat.terms import Terms

_PAGE = (Path(__file__).parents[2] / "docs" / "chat.md").read_text("utf-8")


def _examples(heading: str) -> list[str]:
    lines = re.split(r"\n##+ ", _PAGE.split(f"### {heading}\n")[1])[0].splitlines()
    found = [text for line in lines if line.startswith("- ") for text in re.findall(r"`([^`]+)`", line)]
    assert found
    return found


def test_each_example_of_a_change_is_an_act(terms: Terms) -> None:
    context = ChatContext(two_issues(), terms)
    assert [say for say in _examples("To change the draft") if not isinstance(route(say, context), Act)] == []


def test_each_example_of_a_question_is_answered(terms: Terms) -> None:
    context = ChatContext(two_issues(), terms)
    not_asked = (Act, Help, NotDone, Reword, Unknown)
    assert [say for say in _examples("To ask") if isinstance(route(say, context), not_asked)] == []
