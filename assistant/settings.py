"""One settings class, read once from the environment (`IMR_...`) and passed in; loading it has no side effects."""

from __future__ import annotations

import re
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.addresses import tells_secrets
from assistant.keys import KeyRing, key_ring
from assistant.rights import Role

_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{32,512}")  # as RFC 6750 spells a bearer token
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
    database_url: SecretStr = Field(
        default=SecretStr(""),
        description="a PostgreSQL database that takes the place of the SQLite file, as `postgresql://USER@HOST/DATABASE`;"
        " the password stands in it, in PGPASSWORD or in `~/.pgpass`; empty: SQLite in `data_dir`",
    )
    database_connections: int = Field(
        default=20, ge=4, le=500, description="connections to the PostgreSQL server that one process opens at most"
    )
    postgres_bin: Path | None = Field(
        default=None,
        description="the folder of PostgreSQL's own programs (`pg_dump`, `pg_restore`), for backups; empty: they are"
        " looked for",
    )
    vectors: Literal["chroma", "chroma-server", "pgvector"] = Field(
        default="chroma",
        description="what finds the nearest vectors: `chroma` (in `data_dir`), `chroma-server` (at `chroma_url`) or"
        " `pgvector` (in the PostgreSQL database); the vectors themselves are kept in the database",
    )
    chroma_url: str = Field(
        default="",
        description="where `chroma run` listens, such as `http://127.0.0.1:8000`; beyond this machine and private"
        " networks only `https` with `chroma_token`",
    )
    chroma_token: SecretStr = Field(
        default=SecretStr(""),
        description="a token that a proxy before the Chroma server asks for, sent as `Authorization: Bearer`; taken"
        " from the environment only",
    )
    chroma_database: str = Field(
        default="default_tenant/default_database",
        pattern=r"^[A-Za-z0-9_-]{3,63}/[A-Za-z0-9_-]{3,63}$",
        description="the tenant and the database of the Chroma server, as `TENANT/DATABASE`",
    )
    embedding_model: str = Field(
        default="minilm",
        description="`minilm` (ships with the program), or the folder of a sentence-transformers model on this machine",
    )
    corpus_dir: Path = Field(default_factory=lambda: _shipped("corpus"), description="the starter corpus")
    prompts_dir: Path = Field(default_factory=lambda: _shipped("prompts"), description="the prompts")
    host: str = Field(
        default="127.0.0.1", description="address of the page; one that others reach is served only with accounts"
    )
    port: int = Field(default=7860, ge=0, le=65535, description="port of the page; 0 takes a free one")
    shutdown_seconds: float = Field(
        default=20, gt=0, le=600, description="seconds that running drafts get when the program is told to stop"
    )
    metrics: Literal["off", "on"] = Field(
        default="off", description="`on`: counts and seconds are served at /metrics, as Prometheus reads them"
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="the token by which /metrics is read from elsewhere, 32 characters at least; taken from the"
        " environment only; empty: it answers to this machine only",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="how the page's server logs: `text`, or `json`, one object a line"
    )
    log_requests: bool = Field(
        default=False, description="one line a request in the log, by route pattern; with `json` always"
    )
    traces_url: str = Field(
        default="",
        description="where an OpenTelemetry collector takes spans (`http://127.0.0.1:4318/v1/traces`): on this machine,"
        " or by https; empty: nothing is traced",
    )
    user: str = Field(default="reviewer", description="who the records of this machine belong to")
    key: SecretStr = Field(
        default=SecretStr(""),
        description="the key that case texts are encrypted under, 32 bytes as base64; several with commas between: the"
        " first encrypts, all decrypt; taken from the environment only; empty: they are kept as plain text",
    )
    key_file: Path | None = Field(
        default=None, description="a file of mode 0600 that holds the key, or one a line, in the place of `IMR_KEY`"
    )
    retention_days: int = Field(
        default=0,
        ge=0,
        description="days after the last change of a decided, exported or deleted case until `cases expire` deletes it"
        " for good; 0: kept for ever",
    )
    accounts: Literal["off", "on"] = Field(
        default="off", description="`on`: everyone signs in with an account; `off`: one reviewer, on this machine only"
    )
    public_url: str = Field(
        default="",
        description="the address by which reviewers reach the page, such as `https://imr.example.org`; empty: this"
        " machine's own",
    )
    trusted_proxies: str = Field(
        default="",
        description="addresses of the proxies before the page, parted by commas; only their X-Forwarded-For and"
        " X-Forwarded-Proto count",
    )
    session_idle_minutes: int = Field(
        default=30, ge=1, le=1440, description="minutes without a request after which one must sign in again"
    )
    session_hours: int = Field(default=12, ge=1, le=168, description="hours after which one must sign in again")
    oidc_issuer: str = Field(
        default="", description="the address of an OpenID Connect provider by which one may sign in; empty: none"
    )
    oidc_client_id: str = Field(default="", description="the name under which the provider knows this program")
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""),
        description="the secret that it shares with the provider; taken from the environment only",
    )
    oidc_role_claim: str = Field(default="roles", description="the claim of the provider that names roles")
    oidc_roles: str = Field(
        default="",
        description="which of the claim's values is which role, such as `imr-doctors=reviewer,imr-it=admin`; who has"
        " none of them does not come in",
    )
    api_token: SecretStr = Field(
        default=SecretStr(""),
        description="the token by which other programs use the REST API, 32 characters at least; taken from the"
        " environment only; empty: the API answers only to the page",
    )

    audit_key: SecretStr = Field(
        default=SecretStr(""),
        description="the key of the audit log's hashes, 32 characters at least; taken from the environment only; empty:"
        " that of the file `audit.key` in the data folder",
    )

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

    def key_ring(self) -> KeyRing | None:
        """The keys that are set; raises KeyProblem for one that cannot be used."""
        return key_ring(self.key.get_secret_value(), self.key_file)

    @field_validator("api_token", "audit_key", "metrics_token")
    @classmethod
    def _hard_to_guess(cls, token: SecretStr) -> SecretStr:
        """Empty, or so long that nobody guesses it, in characters that a header can carry."""
        secret = token.get_secret_value()
        if secret and not _TOKEN.fullmatch(secret):
            raise ValueError("it must have 32 characters or more: letters, digits and - . _ ~ + / =")
        return token

    @field_validator("public_url", "oidc_issuer")
    @classmethod
    def _of_https(cls, url: str) -> str:
        """An address of https, or of http on this machine: a password must not go over a network in the clear."""
        parts = urlsplit(url)
        held = parts.username or parts.password or parts.query or parts.fragment or tells_secrets(parts.hostname or "")
        near = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
        if url and (not (parts.scheme == "https" or near) or not parts.hostname or held or not _port_can_be(url)):
            raise ValueError("it must be https://HOST[:PORT]")
        return url.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _of_a_host(cls, url: str) -> str:
        """The page lies at the root of its host."""
        if urlsplit(url).path:
            raise ValueError("it must be https://HOST[:PORT] without a path")
        return url

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, proxies: str) -> str:
        """Addresses or networks, parted by commas."""
        for part in filter(None, (p.strip() for p in proxies.split(","))):
            ip_network(part)
        return proxies

    @field_validator("oidc_roles")
    @classmethod
    def _known_roles(cls, mapping: str) -> str:
        """VALUE=ROLE, parted by commas."""
        for part in filter(None, (p.strip() for p in mapping.split(","))):
            value, _, role = part.rpartition("=")
            if not value or role not in list(Role):
                raise ValueError("it must be VALUE=ROLE, parted by commas")
        return mapping

    @field_validator("traces_url")
    @classmethod
    def _near_or_private(cls, url: str) -> str:
        """Empty, this machine, or https; without a name, a password or a query, which would be shown."""
        parts = urlsplit(url)
        near = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
        held = parts.username or parts.password or parts.query or parts.fragment or tells_secrets(parts.hostname or "")
        if url and (not (near or (parts.scheme == "https" and parts.hostname)) or held or not _port_can_be(url)):
            raise ValueError("it must be http:// of this machine or https://, without a name, a password or a query")
        return url

    @field_validator("chat_url", "chroma_url")
    @classmethod
    def _plain_address(cls, url: str) -> str:
        """An address of http or https that holds no password nor key: those would be shown where addresses are.

        Where a cloud's machines ask for their own keys is no address of a server of ours.
        """
        parts = urlsplit(url)
        held = parts.username or parts.password or parts.query or parts.fragment or tells_secrets(parts.hostname or "")
        if url and (parts.scheme not in ("http", "https") or not parts.hostname or held or not _port_can_be(url)):
            raise ValueError("it must be http://HOST[:PORT]/PATH without a name, a password or a query")
        return url


def _port_can_be(url: str) -> bool:
    """Whether the port, where one is given, can be one."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False
