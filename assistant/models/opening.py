"""Makes the LangChain chat model that the settings name, so that it calls the server that is set and no other."""

from __future__ import annotations

import ipaddress
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.addresses import leads_to_secrets
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

    from assistant.settings import Settings

OPENAI = "https://api.openai.com/v1"
_NO_KEY = "none"  # what a server is sent that asks for no key; its client insists on one
_KNOW_ONE_NAME = (".openai.com", ".azure.com")  # their newer models refuse a request with the older name of a limit


def made(settings: Settings) -> BaseChatModel:
    """The chat model of the settings; AssistantError, without the key, where that cannot be had."""
    from langchain.chat_models import init_chat_model

    provider = settings.chat_model.partition(":")[0]
    if settings.chat_url and leads_to_secrets(host_of(settings.chat_url)):
        raise AssistantError(
            "IMR_CHAT_URL leads to an address at which a cloud's machines are given their keys; nothing was sent. Name "
            "the chat model's server."
        )
    try:
        chat: BaseChatModel = init_chat_model(
            settings.chat_model,
            temperature=0,
            timeout=settings.chat_timeout,
            max_retries=0,
            max_tokens=settings.chat_answer_tokens,
            **_address(provider, settings),
        )
    except ImportError:
        raise AssistantError(f"The provider {provider} is not installed; pip install langchain-{provider}.") from None
    except Exception:  # noqa: BLE001 - a client's own complaint may quote the key
        raise AssistantError(
            "The chat model could not be set up; IMR_CHAT_MODEL is written as provider:name, and IMR_CHAT_KEY must be "
            "set where the provider asks for a key."
        ) from None
    return chat


def _address(provider: str, settings: Settings) -> dict[str, Any]:
    """Where the client calls, and with which key."""
    key = settings.chat_key.get_secret_value()
    if provider != "openai":
        named = "azure_endpoint" if provider == "azure_openai" else "base_url"
        return ({named: settings.chat_url} if settings.chat_url else {}) | ({"api_key": key} if key else {})
    # Said outright, for variables of other programs (OPENAI_BASE_URL, OPENAI_PROXY, a gateway's) would lead elsewhere,
    # and OPENAI_API_KEY would be shown to a server that is not OpenAI's.
    url = settings.chat_url or OPENAI
    given: dict[str, Any] = {
        "base_url": url,
        "http_client": _client(settings.chat_timeout, proxies=not is_this_machine(url)),
        "openai_proxy": None,
        "stream_usage": True,
        "use_responses_api": False,
    }
    if key or settings.chat_url:
        given["api_key"] = key or _NO_KEY
    if not host_of(url).endswith(_KNOW_ONE_NAME):
        given["extra_body"] = {"max_tokens": settings.chat_answer_tokens}  # the older name, for servers that know it
    return given


@cache
def _client(seconds: float, *, proxies: bool) -> Any:
    """A client that follows no redirect, for that would send the case elsewhere; by the system's proxies or by none.

    It is kept: what a call under way holds must not be taken from it, and its connections serve the next.
    """
    from openai import DefaultHttpxClient

    return DefaultHttpxClient(timeout=seconds, follow_redirects=False, trust_env=proxies)


def host_of(url: str) -> str:
    """The host that an address names; empty where it names none."""
    return urlsplit(url).hostname or ""


def is_this_machine(url: str) -> bool:
    """Whether an address is one of this machine."""
    host = host_of(url)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
