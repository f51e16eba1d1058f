"""Says what leaves this machine: where to, what, and how it is hidden; nothing more and nothing less than is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.models.choice import Models

_FOR = {
    "facts": "the text of a case, to read its facts",
    "evidence": "the text of a case and criteria of guidelines, to find what answers them",
    "wording": "the sentences of a draft and what they rest on, to word them",
    "answers": "questions in the chat, passages of guidelines, and the case that they are about",
}
_DATES = {"shift": "dates are moved by the same number of days", "year": "of dates only the year is left"}


def what_leaves(models: Models) -> tuple[str, ...]:
    """Sentences for the user."""
    if not models.name:
        return ("Nothing leaves this machine. No chat model is set.",)
    sent = [_FOR[part] for part in _FOR if part in models.helps]
    if not sent:
        return (f"{models.name} is set, and helps with nothing; nothing is sent but the test of it.",)
    where = "which is on this machine" if models.stays_here else "which is not on this machine"
    return (
        f"{models.name} at {models.where}, {where}, is sent: {'; '.join(sent)}.",
        _hidden(models),
        f"A draft may take {models.settings.chat_draft_seconds:g} seconds of it and {_tokens(models)}.",
    )


def _hidden(models: Models) -> str:
    how = str(getattr(models.settings, "deidentify", "off"))
    if how == "off":
        return "It is sent as it stands: names, dates and numbers of a case are not hidden."
    return f"Names, numbers and addresses are hidden first, and {_DATES.get(how, how)}; what comes back is turned back."


def _tokens(models: Models) -> str:
    tokens = models.settings.chat_tokens
    return f"{tokens} tokens" if tokens else "any number of tokens"
