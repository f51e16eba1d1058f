"""One settings class, read once from the environment (`IMR_...`) and passed in; loading it has no side effects."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_PACKAGED = Path(__file__).parent / "_data"
_CHECKOUT = Path(__file__).parent.parent


def _shipped(name: str) -> Path:
    """The folder `name` as the wheel carries it, else as the checkout holds it."""
    return _PACKAGED / name if (_PACKAGED / name).is_dir() else _CHECKOUT / name


class Deidentify(StrEnum):
    """Whether what leaves the machine is de-identified first, and how its dates are hidden."""

    OFF = "off"
    SHIFT = "shift"
    YEAR = "year"


class Settings(BaseSettings):
    """What a user may set. A misspelt or unknown value fails at load."""

    model_config = SettingsConfigDict(env_prefix="IMR_", extra="forbid", frozen=True, hide_input_in_errors=True)

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("imr-assistant"),
        description="where the library and the records are kept",
    )
    embedding_model: str = Field(
        default="minilm",
        description="`minilm` (ships with the program), or the folder of a sentence-transformers model on this machine",
    )
    corpus_dir: Path = Field(default_factory=lambda: _shipped("corpus"), description="the starter corpus")
    prompts_dir: Path = Field(default_factory=lambda: _shipped("prompts"), description="the prompts")
    host: str = Field(default="127.0.0.1", description="address of the page; only loopback addresses are served")
    port: int = Field(default=7860, ge=0, le=65535, description="port of the page; 0 takes a free one")
    user: str = Field(default="reviewer", description="who the records of this machine belong to")

    chat_model: str = Field(
        default="",
        description="a chat model as `provider:name`, such as `openai:qwen2.5-32b-instruct`; empty: none is used",
    )
    chat_url: str = Field(
        default="",
        description="where an OpenAI-compatible server listens (`http://127.0.0.1:8000/v1`); empty: the provider's",
    )
    chat_key: SecretStr = Field(
        default=SecretStr(""), description="the key of the chat model's server; taken from the environment only"
    )
    chat_timeout: float = Field(default=60, gt=0, description="seconds that one call to the chat model may take")
    chat_draft_seconds: float = Field(default=120, gt=0, description="seconds that the chat model may take for a draft")
    chat_turn_seconds: float = Field(default=45, gt=0, description="seconds that it may take for a turn of the chat")
    chat_tokens: int = Field(default=60_000, ge=0, description="tokens that it may use for a draft; 0: no limit")
    chat_answer_tokens: int = Field(default=1_000, ge=16, description="tokens of one answer at most")
    chat_context: int = Field(
        default=0, ge=0, description="tokens that fit into the chat model's context; 0: what its server says"
    )
    chat_price_in: float = Field(default=0, ge=0, description="price of a million tokens sent, in your currency")
    chat_price_out: float = Field(default=0, ge=0, description="price of a million tokens received")
    chat_cost: float = Field(default=0, ge=0, description="what it may cost for a draft; 0: no limit")
    chat_helps: str = Field(
        default="facts,evidence,wording,answers",
        pattern=r"^(?:(?:facts|evidence|wording|answers)(?:,(?:facts|evidence|wording|answers))*)?$",
        description="what the chat model helps with, of `facts,evidence,wording,answers`",
    )
    chat_agent: Literal["auto", "on", "off"] = Field(
        default="auto", description="whether the chat model may pick the chat's tools; `auto`: if its test says it can"
    )
    deidentify: Deidentify = Field(
        default=Deidentify.OFF,
        description="hide what identifies people before a text is sent to a chat model: `off`, `shift` (dates are"
        " moved) or `year` (only years stay)",
    )
    tone: Literal["plain", "formal"] = Field(default="plain", description="how the chat model words a draft")
    length: Literal["short", "usual"] = Field(
        default="usual", description="`short`: the chat model is given no facts to word on which no finding rests"
    )

    @field_validator("chat_url")
    @classmethod
    def _plain_address(cls, url: str) -> str:
        """An address of http or https that holds no password nor key: those would be shown where addresses are."""
        parts = urlsplit(url)
        held = parts.username or parts.password or parts.query or parts.fragment
        if url and (parts.scheme not in ("http", "https") or not parts.hostname or held or not _port_can_be(url)):
            raise ValueError("it must be http://HOST[:PORT]/PATH without a name, a password or a query")
        return url


def _port_can_be(url: str) -> bool:
    """Whether the port, where one is given, can be one."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False
