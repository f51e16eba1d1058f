"""Which chat model is used, and how a leashed session with it begins."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.models.kept import Kept
from assistant.models.leash import Caps, Leash
from assistant.models.opening import OPENAI, is_this_machine, made
from assistant.models.prompts import Prompts, load_prompts
from assistant.models.session import Session

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

    from assistant.models.leashed import Hides, Sent
    from assistant.settings import Settings

OWN_PROMPTS = "prompts"  # the folder of one's own prompts within the data folder
_REMEMBERED = 60  # messages that left, over all sessions, to be shown on demand


class Models:
    """The chat model that is set, if one is; makes a session for each draft and each turn.

    What is kept in the data folder counts where the environment says nothing. `make` turns settings into a LangChain
    chat model; tests give one of their own.
    """

    def __init__(self, settings: Settings, make: Callable[[Settings], BaseChatModel] | None = None) -> None:
        self.kept = Kept(settings)
        self._make = make or made
        self._chat: tuple[Settings, BaseChatModel] | None = None
        self._lock = threading.Lock()
        self._sent: deque[Sent] = deque(maxlen=_REMEMBERED)

    @property
    def settings(self) -> Settings:
        """The settings in force now: a choice made on the page counts from the next session on."""
        return self.kept.in_force()

    @property
    def name(self) -> str:
        """The model as it is set, empty where none is."""
        return self.settings.chat_model

    @property
    def helps(self) -> frozenset[str]:
        """What it helps with, none where no model is set."""
        return frozenset(self.settings.chat_helps.split(",")) - {""} if self.name else frozenset()

    @property
    def drafts(self) -> bool:
        """Whether it helps with drafts."""
        return bool(self.helps & {"facts", "evidence", "wording"})

    @property
    def where(self) -> str:
        """To which host what leaves this machine goes, in words; never with what a URL may hold of a key."""
        if not self.name:
            return "nowhere: no chat model is set"
        parts = urlsplit(self._url)
        if not parts.hostname:
            return f"the provider's own servers ({self.name.partition(':')[0]})"
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.hostname}{port}"

    @property
    def stays_here(self) -> bool:
        """Whether what is sent stays on this machine."""
        return not self.name or is_this_machine(self._url)

    @property
    def _url(self) -> str:
        settings = self.settings
        return settings.chat_url or (OPENAI if settings.chat_model.startswith("openai:") else "")

    @property
    def calls_tools(self) -> bool:
        """Whether the last trial of the model in force saw it call a tool as it should; False where none was made."""
        steps = (self.kept.last_trial() or {}).get("steps") or ()
        return any(step.get("name") == "tool calls" and step.get("result") == "ok" for step in steps)

    def sent(self) -> tuple[Sent, ...]:
        """The last messages that left, of all sessions since the start, the newest last; they are kept nowhere."""
        return tuple(self._sent)

    @property
    def prompts(self) -> Prompts:
        """The prompts as they stand now: a changed file counts from the next draft on."""
        return load_prompts(self.settings.prompts_dir, Path(self.settings.data_dir) / OWN_PROMPTS)

    def caps(self, seconds: float | None = None) -> Caps:
        """The limits of a draft, or of something that may take `seconds`."""
        settings = self.settings
        return Caps(
            seconds=settings.chat_draft_seconds if seconds is None else seconds,
            call_seconds=settings.chat_timeout,
            tokens=settings.chat_tokens,
            answer_tokens=settings.chat_answer_tokens,
            price_in=settings.chat_price_in,
            price_out=settings.chat_price_out,
            cost=settings.chat_cost,
        )

    def session(
        self,
        *,
        seconds: float | None = None,
        hides: Hides | None = None,
        deidentified: str = "off",
        cancelled: threading.Event | None = None,
    ) -> Session | None:
        """A session with the model under a fresh leash; None where none is set. AssistantError for a wrong one."""
        if not self.name:
            return None
        from assistant.models.leashed import LeashedChat

        leash = Leash(self.caps(seconds), cancelled or threading.Event())
        chat = LeashedChat(inner=self._model(), leash=leash, hides=hides, heard=self._sent.append)
        return Session(chat, self.prompts, name=self.name, deidentified=deidentified)

    def _model(self) -> BaseChatModel:
        settings = self.settings
        with self._lock:
            if self._chat is None or self._chat[0] != settings:
                self._chat = settings, self._make(settings)
            return self._chat[1]
