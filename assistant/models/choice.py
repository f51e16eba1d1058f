"""Which chat model is used, and how a leashed session with it begins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.errors import AssistantError
from assistant.models.leash import Caps, Leash
from assistant.models.prompts import Prompts, load_prompts
from assistant.models.session import Session

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

    from assistant.models.leashed import Hides
    from assistant.settings import Settings

OWN_PROMPTS = "prompts"  # the folder of one's own prompts within the data folder
_NO_KEY = "none"  # what a server is sent that asks for no key; its client insists on one


class Models:
    """The chat model that is set, if one is; makes a session for each draft and each turn.

    `make` turns settings into a LangChain chat model; tests give one of their own.
    """

    def __init__(self, settings: Settings, make: Callable[[Settings], BaseChatModel] | None = None) -> None:
        self.settings = settings
        self._make = make or made
        self._chat: BaseChatModel | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The model as it is set, empty where none is."""
        return self.settings.chat_model

    @property
    def helps(self) -> frozenset[str]:
        """What it helps with, none where no model is set."""
        return frozenset(self.settings.chat_helps.split(",")) - {""} if self.name else frozenset()

    @property
    def where(self) -> str:
        """To which host what leaves this machine goes, in words; never with what a URL may hold of a key."""
        if not self.name:
            return "nowhere: no chat model is set"
        parts = urlsplit(self.settings.chat_url)
        if not parts.hostname:
            return f"the provider's own servers ({self.name.partition(':')[0]})"
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.hostname}{port}"

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
        chat = LeashedChat(inner=self._model(), leash=leash, hides=hides)
        return Session(chat, self.prompts, name=self.name, deidentified=deidentified)

    def _model(self) -> BaseChatModel:
        with self._lock:
            if self._chat is None:
                self._chat = self._make(self.settings)
            return self._chat


def made(settings: Settings) -> BaseChatModel:
    """The LangChain chat model that the settings name; AssistantError where that cannot be had."""
    from langchain.chat_models import init_chat_model

    provider = settings.chat_model.partition(":")[0]
    extra: dict[str, Any] = {}
    if settings.chat_url:
        extra["base_url"] = settings.chat_url
    key = settings.chat_key.get_secret_value()
    if key or settings.chat_url:
        extra["api_key"] = key or _NO_KEY
    if provider == "openai":
        extra |= {"stream_usage": True, "use_responses_api": False}
    try:
        chat: BaseChatModel = init_chat_model(
            settings.chat_model,
            temperature=0,
            timeout=settings.chat_timeout,
            max_retries=0,
            max_tokens=settings.chat_answer_tokens,
            **extra,
        )
    except ImportError:
        raise AssistantError(f"The provider {provider} is not installed; pip install langchain-{provider}.") from None
    except Exception:  # noqa: BLE001 - a client's own complaint may quote the key
        raise AssistantError(
            "The chat model could not be set up; IMR_CHAT_MODEL is written as provider:name, and IMR_CHAT_KEY must be "
            "set where the provider asks for a key."
        ) from None
    return chat
