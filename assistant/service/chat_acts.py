"""The acts of the chat: a turn is kept as it grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.case_tools import CaseTools
from assistant.chat.context import ChatContext
from assistant.chat.turn import respond
from assistant.domain import Passage
from assistant.errors import AssistantError
from assistant.service.revision_acts import RevisionActs
from assistant.views import Turn

if TYPE_CHECKING:
    from assistant.records import TurnRecord


class ChatActs(RevisionActs):
    """What is done by talking about a case."""

    def ask(self, user: str, case_id: str, question: str) -> tuple[tuple[Passage, float], ...]:
        """The passages in force on a case's day of review that answer a question, each with its score."""
        view = self.case(user, case_id)
        day = view.draft.date_of_review if view.draft else view.day or self._today()
        return self.library.ask(question, day)

    def chat(self, user: str, case_id: str, message: str) -> Iterator[Turn]:
        """Answer a message about a case. The message and the answer are kept; a plain imperative takes effect.

        Yields the answer as it grows; the last turn is `done`.
        """
        if not message.strip():
            raise AssistantError("The message is empty; ask, or say what to change.")
        turns = self.records.turns(user, case_id)
        said = tuple(turn.text for turn in turns if turn.role == "reviewer")
        view = self.case(user, case_id)
        self.records.add_turn(user, case_id, "reviewer", message, None)
        growing = self.records.add_turn(user, case_id, "assistant", "", None, done=False)
        context = ChatContext(view.draft, self._terms, said=said, shown=_decisions_shown(turns))
        answer = respond(message, context, CaseTools(self, user, case_id))
        blocks = [dict(block.as_mapping()) for block in answer.blocks]
        blocks += [{"kind": "link", "text": link.say, "label": link.label} for link in answer.links]
        data = {"blocks": blocks, "changed": answer.changed}
        self.records.grow_turn(user, growing.id, answer.text, data, done=True)
        self.records.record_act(user, "chat", case_id, None, {"changed": answer.changed})
        yield Turn("assistant", answer.text, tuple(blocks), done=True, changed=answer.changed)

    def turns(self, user: str, case_id: str) -> tuple[Turn, ...]:
        """The chat of a case, in its order."""
        return tuple(
            Turn(turn.role, turn.text, tuple((turn.data or {}).get("blocks", ())), turn.done)
            for turn in self.records.turns(user, case_id)
        )


def _decisions_shown(turns: Sequence[TurnRecord]) -> tuple[str, ...]:
    """The ids of the decisions that the newest answer with any showed, in their order."""
    for turn in reversed(turns):
        shown = [
            block.get("id", "") for block in (turn.data or {}).get("blocks", ()) if block.get("kind") == "decision"
        ]
        if shown and turn.role == "assistant":
            return tuple(shown)
    return ()
