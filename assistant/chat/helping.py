"""A chat model's help with one turn: under one leash, from prompts of our own, stopped with the turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.models.session import Session

if TYPE_CHECKING:
    from assistant.models.leashed import LeashedChat


@dataclass(frozen=True, slots=True)
class Helper:
    """A model for one turn. `answers`: it may word answers; `agent`: it may choose tools, for it calls them well.

    `history` are the turns before, oldest first, each with its role.
    """

    session: Session
    name: str
    answers: bool = True
    agent: bool = False
    history: tuple[tuple[str, str], ...] = ()

    def asked(self, prompt: str, values: Mapping[str, str]) -> tuple[LeashedChat, str, str]:
        """The model as it is asked by that prompt, and the prompt's two parts: instructions, and what they are for."""
        rendered = self.session.prompts.render(prompt, values)
        return self.session.chat.about(rendered.label), rendered.system, rendered.user

    def stream(self, prompt: str, values: Mapping[str, str]) -> Iterator[str]:
        """The answer to a prompt as it comes. Raises ModelFailed."""
        chat, system, user = self.asked(prompt, values)
        for chunk in chat.stream([("system", system), ("human", user)]):
            if chunk.text:
                yield str(chunk.text)
