"""Talks about a drafted case, the terms of the corpus, and tools that remember what was done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from drafted_case import RememberingTools, two_issues

from assistant.chat.context import ChatContext
from assistant.chat.terms import Terms, load_terms
from assistant.domain import Draft


@pytest.fixture(scope="session")
def terms() -> Terms:
    """The terms that ship with the program."""
    return load_terms(Path(__file__).parents[2] / "corpus")


@pytest.fixture
def draft() -> Draft:
    """Acupuncture that leans to Upheld, and an MRI that no criterion decides."""
    return two_issues()


@pytest.fixture
def single(draft: Draft) -> Draft:
    """The draft with its first issue only."""
    return replace(draft, issues=draft.issues[:1])


@pytest.fixture
def one(single: Draft, terms: Terms) -> ChatContext:
    """A talk about one issue."""
    return ChatContext(single, terms)


@pytest.fixture
def two(draft: Draft, terms: Terms) -> ChatContext:
    """A talk about two issues."""
    return ChatContext(draft, terms)


@pytest.fixture
def tools(draft: Draft) -> RememberingTools:
    """Tools over the draft of two issues."""
    return RememberingTools(draft)


@pytest.fixture
def single_tools(single: Draft) -> RememberingTools:
    """Tools over the draft of one issue."""
    return RememberingTools(single)
