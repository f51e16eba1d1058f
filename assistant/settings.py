"""One settings class, read once from the environment (`IMR_...`) and passed in; loading it has no side effects."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field
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

    model_config = SettingsConfigDict(env_prefix="IMR_", extra="forbid", frozen=True)

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
    deidentify: Deidentify = Field(
        default=Deidentify.OFF,
        description="hide what identifies people before a text is sent to a chat model: `off`, `shift` (dates are"
        " moved) or `year` (only years stay)",
    )
