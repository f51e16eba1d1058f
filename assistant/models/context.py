"""Reads an OpenAI-compatible server's list of models: which there are, and how much fits into the context of each."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelFailed
from assistant.models.faults import Fault, fault_of
from assistant.models.following import Following

if TYPE_CHECKING:
    from assistant.models.leashed import LeashedChat

_LARGEST = 1_000_000  # bytes of a list that are read
_SECONDS = 10.0
# Names that vLLM, LM Studio and llama.cpp (within `meta`) give it; llama.cpp's `n_ctx_train` is not what it runs with.
_CONTEXT = ("max_model_len", "loaded_context_length", "context_length", "max_context_length", "n_ctx")


@dataclass(frozen=True, slots=True)
class Listing:
    """The models that a server lists."""

    entries: tuple[Mapping[str, Any], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(str(entry.get("id")) for entry in self.entries)

    def context(self, name: str) -> int | None:
        """The tokens that fit into the context of the model of that name, or of the only one; None if not said."""
        meant = [entry for entry in self.entries if entry.get("id") == name]
        if not meant and len(self.entries) == 1:
            meant = list(self.entries)
        for entry in meant:
            meta = entry.get("meta")
            both = {**(meta if isinstance(meta, dict) else {}), **entry}
            sizes = [both[key] for key in _CONTEXT if isinstance(both.get(key), int) and both[key] > 0]
            if sizes:
                return int(sizes[0])
        return None


def read_listing(chat: LeashedChat) -> Listing | None:
    """The list of the model's server; None where the model's client has none. Raises ModelFailed, in time."""
    client = getattr(chat.inner, "root_client", None)
    if client is None:
        return None
    end = time.monotonic() + min(_SECONDS, chat.leash.left())

    def watch() -> None:
        chat.leash.check()
        if time.monotonic() >= end:
            raise Fault("The chat model's server did not answer in time.", final=True)

    try:
        return parse_listing(b"".join(Following(lambda: _bytes(client), watch)))
    except ModelFailed:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a client raises is told in one sentence
        fault = fault_of(error)
        if getattr(error, "status_code", None) == 404:  # noqa: PLR2004 - a server that keeps no list is no fault
            return Listing(())
        raise ModelFailed(fault.sentence) from None


def _bytes(client: Any) -> Iterator[bytes]:
    size = 0
    with client.models.with_streaming_response.list() as response:
        for piece in response.iter_bytes():
            size += len(piece)
            if size > _LARGEST:
                return
            yield piece


def parse_listing(content: bytes) -> Listing:
    """The list in a server's answer; one without entries for whatever is none."""
    try:
        data = json.loads(content)["data"]
        return Listing(tuple(entry for entry in data if isinstance(entry, dict)))
    except (ValueError, KeyError, TypeError, RecursionError):
        return Listing(())
