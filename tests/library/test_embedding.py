"""Embedding: unit vectors that do not depend on company, texts never cut, one model on this machine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import AssistantError
from assistant.library import embedding
from assistant.library.embedding import Embedder, load_embedder, minilm_folder

WORDS = (
    "pain",
    "radiates",
    "from",
    "the",
    "low",
    "back",
    "to",
    "left",
    "leg",
    "after",
    "eight",
    "visits",
    "of",
    "therapy",
)
LONG = " ".join(WORDS[i % len(WORDS)] for i in range(1200))


@pytest.fixture(scope="module")
def minilm() -> Embedder:
    return load_embedder("minilm")


def test_what_is_known_before_the_weights_are_loaded(minilm: Embedder) -> None:
    assert (minilm.name, minilm.dimension, minilm.max_tokens) == ("all-MiniLM-L6-v2", 384, 256)


def test_rows_are_unit_vectors_in_the_order_of_the_texts(minilm: Embedder) -> None:
    rows = minilm.embed(["lumbar MRI", "magnetic resonance imaging of the low back", "acupuncture", ""])
    assert rows.dtype == np.float32
    assert rows.shape == (4, 384)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert rows[0] @ rows[1] > rows[0] @ rows[2]


def test_no_texts_give_no_rows(minilm: Embedder) -> None:
    assert minilm.embed([]).shape == (0, 384)


def test_a_stray_surrogate_is_no_error(minilm: Embedder) -> None:
    assert minilm.embed(["pain \ud800 in the back"]).shape == (1, 384)


@pytest.mark.slow
def test_company_and_order_do_not_matter(minilm: Embedder) -> None:
    texts = [*WORDS, "acupuncture for the low back", LONG, LONG[:2000], "", "opioids " * 90]
    forward, backward = minilm.embed(texts), minilm.embed(texts[::-1])[::-1]
    alone = np.concatenate([minilm.embed([text]) for text in texts])
    for other in (backward, alone):
        assert np.sum(forward * other, axis=1).min() > 0.9999


def test_equal_texts_pass_through_the_model_once(minilm: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    model = minilm._model  # type: ignore[attr-defined]
    read = model.read

    def watched(texts: list[str]) -> object:
        seen.extend(texts)
        return read(texts)

    monkeypatch.setattr(model, "read", watched)
    rows = minilm.embed(["acupuncture", "lumbar MRI", "acupuncture"])
    assert sorted(seen) == ["acupuncture", "lumbar MRI"]
    assert np.array_equal(rows[0], rows[2])


@pytest.mark.parametrize(
    "text", [LONG, "x" * 3000, "疼痛 " * 900, "a-b/c.d " * 500], ids=["words", "word", "cjk", "marks"]
)
def test_a_text_longer_than_the_window_is_split_and_not_cut(minilm: Embedder, text: str) -> None:
    (whole,) = minilm._model.read([text])  # type: ignore[attr-defined]
    pieces = minilm._pieces([text])  # type: ignore[attr-defined]
    again = minilm._model.read([text[piece.start : piece.end] for piece in pieces])  # type: ignore[attr-defined]
    assert all(len(part.ids) + 2 <= minilm.max_tokens for part in (*pieces, *again))
    assert [token for piece in pieces for token in piece.ids] == list(whole.ids)
    assert pieces[0].start == 0
    assert pieces[-1].end == len(text.rstrip())


@pytest.mark.parametrize("text", [LONG, "İ" * 900, "\ud800 pain", "", "A | B\n1 | 2"])
def test_a_text_that_is_counted_within_the_window_is_one_piece(minilm: Embedder, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    shorter = [text[: len(text) * share // 40] for share in range(41)]
    fitting = [some for some in shorter if minilm.count_tokens(some) <= minilm.max_tokens]
    assert all(len(minilm._pieces([some])) == 1 for some in fitting)  # type: ignore[attr-defined]
    assert "" in fitting


def test_the_end_of_a_long_text_is_heard(minilm: Embedder) -> None:
    ends_on_opioids = LONG + " opioid weaning with a signed agreement" * 60
    rows = minilm.embed([LONG, ends_on_opioids, "opioid weaning with a signed agreement"])
    assert rows[1] @ rows[2] > rows[0] @ rows[2] + 0.1


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "1_Pooling/config.json"])
def test_one_changed_byte_of_the_shipped_model_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(minilm_folder(), tmp_path / "model"))
    content = bytearray((folder / name).read_bytes())
    content[-2] ^= 1
    (folder / name).write_bytes(content)
    monkeypatch.setattr(embedding, "minilm_folder", lambda: folder)
    with pytest.raises(AssistantError, match=f"The file {name} in .* is not the published one"):
        load_embedder("minilm")


def test_a_missing_file_of_the_shipped_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "minilm_folder", lambda: tmp_path)
    with pytest.raises(AssistantError, match=r"1_Pooling/config\.json in .* is missing"):
        load_embedder("minilm")


def test_a_folder_is_a_model_named_by_its_weights(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(minilm_folder(), tmp_path / "mine"))
    mine = load_embedder(str(folder))
    assert mine.name == "mine-53aa51172d14"
    assert mine.embed(["acupuncture"]).shape == (1, 384)


@pytest.mark.parametrize("setting", ["no/such-model", "not a name", "/no/such/folder"])
def test_a_model_that_is_not_here_is_said(setting: str) -> None:
    with pytest.raises(AssistantError, match="no embedding model"):
        load_embedder(setting)


def test_a_folder_without_a_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="holds no embedding model"):
        load_embedder(str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    with pytest.raises(AssistantError, match=r"no config.json"):
        load_embedder(str(tmp_path))
    (tmp_path / "config.json").write_text(json.dumps({"hidden_size": 8})[:-1])
    with pytest.raises(AssistantError, match="is damaged"):
        load_embedder(str(tmp_path))
