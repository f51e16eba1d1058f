"""The ways of running MiniLM: right vectors in each, one choice a data folder, said to people."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant.library import ways
from assistant.library.embedding import Embedder, load_embedder, minilm_folder, way_said
from assistant.library.ways import FOLDER, FastNet, fastest, machine_name, prepared

NOTE = Path(FOLDER) / "choice.json"
# Token ids of invented lengths; 101 and 102 stand around every text.
SEQUENCES = [[101, *(2000 + (7 * n * at) % 20000 for at in range(n)), 102] for n in (0, 1, 5, 5, 17, 60, 60, 128, 254)]
TEXTS = [
    "",
    "THA",
    "Norco 10/325 mg #120",
    "MRI of the lumbar spine without contrast; X-ray, EMG/NCS!",
    "Schmerz im R\u00fccken, \u75bc\u75db, \u0130",
    "The worker of 54 years fell from a ladder. Pain is 8/10 and spreads to the left leg. " * 6,
    "pain " * 254,
    "The knee gives way and locks. " * 60,
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the choice was made."""
    folder = tmp_path_factory.mktemp("data")
    load_embedder("minilm", folder).embed(["acupuncture"])
    return folder


@pytest.fixture(scope="module")
def fast(data: Path) -> Embedder:
    return load_embedder("minilm", data)


def test_the_vectors_are_those_of_the_plain_model(fast: Embedder) -> None:
    plain = load_embedder("minilm")
    rows = fast.embed(TEXTS)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.sum(rows * plain.embed(TEXTS), axis=1).min() >= 0.99
    assert [fast.count_tokens(text) for text in TEXTS] == [plain.count_tokens(text) for text in TEXTS]


def test_both_cut_a_long_text_at_the_same_places(fast: Embedder) -> None:
    cuts = [
        [(piece.start, piece.end) for piece in each._pieces(TEXTS)]  # type: ignore[attr-defined]
        for each in (fast, load_embedder("minilm"))
    ]
    assert cuts[0] == cuts[1]


def test_company_and_order_do_not_matter_to_the_bit(data: Path) -> None:
    net, _ = prepared(minilm_folder(), SEQUENCES, data)
    together = net.rows(SEQUENCES)
    assert np.array_equal(together, net.rows(SEQUENCES[::-1])[::-1])
    assert np.array_equal(together, np.concatenate([net.rows([sequence]) for sequence in SEQUENCES]))


def test_the_choice_is_kept_and_said(data: Path, fast: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = json.loads((data / NOTE).read_text())
    assert f"CTranslate2 in {noted['way']} " in way_said(fast)
    assert noted["speeds"]["float32"] > 0

    def unwanted(*_: object) -> None:
        raise AssertionError("a second trial")

    monkeypatch.setattr(ways, "_made", unwanted)
    again = load_embedder("minilm", data)
    assert way_said(again) == way_said(fast)
    assert np.array_equal(fast.embed(TEXTS), again.embed(TEXTS))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("choice.json", ""),
        ("choice.json", "[]"),
        ("choice.json", '{"way": "int8", "machine": "of another machine", "speeds": {}}'),
        ("choice.json", '{"way": "int8", "machine": "", "speeds": 3}'),
        ("model.bin", "damaged"),
    ],
)
def test_a_broken_or_foreign_choice_is_made_anew(name: str, content: str, data: Path, tmp_path: Path) -> None:
    shutil.copytree(data / FOLDER, tmp_path / FOLDER)
    (tmp_path / FOLDER / name).write_text(content)
    (tmp_path / f"{FOLDER}.new").mkdir()  # left by a process that was killed
    net, choice = prepared(minilm_folder(), SEQUENCES[:3], tmp_path)
    assert json.loads((tmp_path / NOTE).read_text())["machine"] == choice.machine == machine_name()
    assert net.rows(SEQUENCES[:3]).shape == (3, 384)
    assert not (tmp_path / f"{FOLDER}.new").exists()


def test_a_folder_that_cannot_be_written_gets_the_plain_model(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    embedder = load_embedder("minilm", tmp_path / "data")
    assert way_said(embedder) == "sentence-transformers in float32"


class _Net:
    """A pass takes these seconds and turns each sequence into the unit vector along an axis."""

    def __init__(self, clock: list[float], seconds: float, axis: int) -> None:
        self._clock, self._seconds, self._axis = clock, seconds, axis

    def rows(self, sequences: list[list[int]]) -> np.ndarray:
        self._clock[0] += self._seconds
        rows = np.zeros((len(sequences), 2), np.float32)
        rows[:, self._axis] = 1
        return rows


@pytest.mark.parametrize(("axis", "order"), [(0, ["int8", "float32"]), (1, ["float32"])], ids=["right", "wrong"])
def test_the_fastest_with_right_vectors_comes_first(axis: int, order: list[str]) -> None:
    now = [0.0]
    nets = {"float32": _Net(now, 0.4, 0), "int8": _Net(now, 0.1, axis)}
    speeds = fastest(nets, SEQUENCES, lambda: now[0])  # type: ignore[arg-type]
    assert list(speeds) == order
    assert speeds["float32"] == round(len(SEQUENCES) / 0.4, 1)


def test_one_wrong_vector_keeps_a_way_out(data: Path) -> None:
    class Wrong:
        def rows(self, sequences: list[list[int]]) -> np.ndarray:
            found = right.rows(sequences).copy()
            found[-1] = -found[-1]
            return found

    right = FastNet(data / FOLDER, "float32", threads=1)
    assert list(fastest({"float32": right, "int8": Wrong()}, SEQUENCES[:4])) == ["float32"]  # type: ignore[dict-item]
