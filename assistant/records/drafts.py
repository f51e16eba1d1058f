"""A draft as JSON and back: what comes out equals what went in."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from assistant.domain import Draft

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def draft_as_text(draft: Draft) -> str:
    """The draft as JSON with all its fields, so that a default that changes later changes no old draft."""
    return _adapter().dump_json(draft).decode("utf-8")


def draft_from_text(text: str) -> Draft:
    """The draft that `draft_as_text` wrote."""
    return _adapter().validate_json(text)


@cache
def _adapter() -> TypeAdapter[Draft]:
    from pydantic import TypeAdapter

    return TypeAdapter(Draft)
