"""The acts of the chat: a message is answered, and the chat of a case is kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import cached_property

from assistant.chat.helping import Helper
from assistant.domain import Passage
from assistant.metrics import measured_steps
from assistant.records import Chats
from assistant.service.chatting import Chatting
from assistant.service.typing_acts import TypingActs
from assistant.views import Turn


class ChatActs(TypingActs):
    """What is done by talking about a case."""

    def ask(self, user: str, case_id: str, question: str) -> tuple[tuple[Passage, float], ...]:
        """The passages in force on a case's day of review that answer a question, each with its score."""
        return self.library.ask(question, self._day_of(self.case(user, case_id)))

    @measured_steps("chat")
    def chat(
        self,
        user: str,
        case_id: str,
        message: str,
        *,
        instead_of: int | None = None,
        stop: threading.Event | None = None,
    ) -> Iterator[Turn]:
        """Answer a message about a case, yielding the answer as it grows: see `Chatting.say`."""
        return self.chats.say(user, case_id, message, instead_of=instead_of, stop=stop)

    def turns(self, user: str, case_id: str) -> tuple[Turn, ...]:
        """The chat of a case in its order, without what was put aside."""
        return self.chats.turns(user, case_id)

    @cached_property
    def chats(self) -> Chatting:
        """The kept chats."""
        return Chatting(
            self,
            Chats(self._engine, now=self._now),
            lambda: self._terms,
            self._help_with_a_turn,
            elsewhere=lambda case_id: self.job_ledger.under_way_elsewhere(case_id, "chat"),
        )

    def _help_with_a_turn(
        self, case_id: str, stop: threading.Event, history: tuple[tuple[str, str], ...]
    ) -> Helper | None:
        """The chat model's help for one turn, on a leash of its own; None where no model is set or none is wanted."""
        models = self.models
        agent = models.settings.chat_agent
        may_choose = agent == "on" or (agent == "auto" and models.calls_tools)
        if not models.name or not (may_choose or "answers" in models.helps):
            return None
        session = self._session(case_id, seconds=models.settings.chat_turn_seconds, cancelled=stop)
        return session and Helper(session, models.name, "answers" in models.helps, may_choose, history)
