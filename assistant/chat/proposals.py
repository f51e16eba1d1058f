"""What a chat model may propose: an act as a link, whose words are the reviewer's plain imperative once they click."""

from __future__ import annotations

from assistant.chat.answers import Link
from assistant.chat.context import ChatContext
from assistant.chat.imperatives import say
from assistant.chat.intents import Act
from assistant.chat.router import route
from assistant.errors import AssistantError

PROPOSED = "This is proposed to you; nothing is changed until you choose it."


def proposal(act: Act, context: ChatContext) -> Link:
    """The link that proposes an act.

    AssistantError where its words would not be read as that very act and no other: words that a model chose stand in
    some, and what a click does must be what was proposed.
    """
    said = say(act)
    if route(said, context) != act:
        raise AssistantError("That cannot be proposed; name one issue, and plain words.")
    return Link(said, f"“{said}”")
