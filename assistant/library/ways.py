"""Runs MiniLM by CTranslate2, in the numbers that a short trial on this machine found fastest; the choice is kept."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import platform
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Protocol

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

PLAIN = "float32"
FOLDER = "embedding"  # in the data folder: the converted weights and the note
_NOTE = "choice.json"
_WAYS = (PLAIN, "bfloat16", "int8")  # as CTranslate2 names its compute types
_LEAST_ALIKE = 0.99  # cosine to float32 that every text of the trial must keep
# Rounding is not averaged out over so few tokens: of 4,500 short names of services 5 fell below 0.99 in 8-bit integers,
# all of them of 5 tokens or fewer beside special ones. Such texts cost little in float32.
_SHORT = 8
_TOKENS_AT_ONCE = 2048
_MOST_THREADS = 8
_TRIAL_SECONDS = 0.5
_WAIT_SECONDS = 300  # for another process that converts the same weights


@dataclass(frozen=True, slots=True)
class Choice:
    """The way that was chosen, on which machine, and the speed of each way that gave right vectors."""

    way: str
    machine: str
    speeds: dict[str, float]  # trial texts a second of processor time

    def said(self) -> str:
        """For people, as `doctor` shows it."""
        speeds = ", ".join(f"{way} {speed:.0f}" for way, speed in self.speeds.items())
        return f"CTranslate2 in {self.way} (texts a second of one processor when tried: {speeds})"


class Net(Protocol):
    """What turns sequences of token ids (special tokens included) into one unit row each."""

    def rows(self, sequences: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """The rows, in the sequences' order."""
        ...


class FastNet:
    """Converted weights under CTranslate2; equal sequences get equal rows to the bit, whatever stands beside them."""

    def __init__(self, weights: Path, way: str, threads: int | None = None) -> None:
        import ctranslate2

        self._threads = threads or min(os.cpu_count() or 1, _MOST_THREADS)
        self._exact, self._chosen = (
            ctranslate2.Encoder(
                str(weights), device="cpu", compute_type=each, inter_threads=self._threads, intra_threads=1
            )
            for each in (PLAIN, way)
        )

    def rows(self, sequences: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """See Net."""
        batches = list(_batches(sequences))
        with ThreadPoolExecutor(self._threads, "embedding") as pool:
            found = list(pool.map(lambda batch: self._means([sequences[at] for at in batch]), batches))
        rows = np.empty((len(sequences), found[0].shape[1]), np.float32)
        for batch, means in zip(batches, found, strict=True):
            rows[batch] = means
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def _means(self, sequences: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        encoder = self._exact if len(sequences[0]) <= _SHORT else self._chosen
        states = encoder.forward_batch([list(sequence) for sequence in sequences]).last_hidden_state
        return np.asarray(states, np.float32).mean(axis=1)


def prepared(model: Path, trial: Sequence[Sequence[int]], data: Path) -> tuple[Net, Choice]:
    """The net for this machine and what was chosen; converts and tries `model` when the data folder has no choice yet.

    A choice that is broken, or that another processor or version left, is made anew. One data folder so keeps to one
    way: what a killed import leaves is embedded like what it stored. Raises OSError when the folder cannot be written.
    """
    home = data / FOLDER
    with FileLock(data / f"{FOLDER}.lock", timeout=_WAIT_SECONDS):
        choice = _noted(home)
        if choice is not None and choice.machine == machine_name():
            with contextlib.suppress(RuntimeError):  # damaged weights
                return FastNet(home, choice.way), choice
        choice = _made(model, trial, home)
        return FastNet(home, choice.way), choice


def as_chosen(data: Path) -> tuple[Net, Choice] | None:
    """The net of a data folder in the way that it keeps, on one thread; None where it keeps none that can be run."""
    choice = _noted(data / FOLDER)
    with contextlib.suppress(RuntimeError, ValueError):  # damaged weights; a way that this processor does not know
        return (FastNet(data / FOLDER, choice.way, threads=1), choice) if choice else None
    return None


def fastest(
    nets: dict[str, Net], trial: Sequence[Sequence[int]], clock: Callable[[], float] = time.process_time
) -> dict[str, float]:
    """Texts a second of each net whose rows are those of float32 within cosine 0.99, the fastest first.

    The clock counts processor time, so that what else runs on the machine does not choose.
    """
    right = nets[PLAIN].rows(trial)
    speeds = {
        way: round(len(trial) / _seconds(net, trial, clock), 1)
        for way, net in nets.items()
        if np.sum(net.rows(trial) * right, axis=1).min() >= _LEAST_ALIKE
    }
    return dict(sorted(speeds.items(), key=lambda item: -item[1]))


def machine_name() -> str:
    """What a choice holds for: the processor and CTranslate2's version."""
    import ctranslate2

    return f"{_processor()}; CTranslate2 {ctranslate2.__version__}"


def quiet_transformers() -> None:
    """No progress bars or notices of these libraries on the user's terminal."""
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    for noisy in ("sentence_transformers", "transformers"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


def _made(model: Path, trial: Sequence[Sequence[int]], home: Path) -> Choice:
    import ctranslate2

    fresh = home.with_name(f"{FOLDER}.new")
    shutil.rmtree(fresh, ignore_errors=True)  # what a killed process left
    try:
        _convert(model, fresh)
        supported = [way for way in _WAYS if way in ctranslate2.get_supported_compute_types("cpu")]
        speeds = fastest({way: FastNet(fresh, way, threads=1) for way in supported}, trial)
        choice = Choice(next(iter(speeds)), machine_name(), speeds)
        (fresh / _NOTE).write_text(json.dumps(asdict(choice)), "utf-8")
        shutil.rmtree(home, ignore_errors=True)
        fresh.replace(home)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return choice


def _convert(model: Path, into: Path) -> None:
    """Weights of 16 bits, from which each way is loaded: half the space, and no cosine falls below 0.99999."""
    from ctranslate2.converters import TransformersConverter

    quiet_transformers()
    TransformersConverter(str(model)).convert(str(into), quantization="float16")


def _seconds(net: Net, trial: Sequence[Sequence[int]], clock: Callable[[], float]) -> float:
    """The best of the passes that fit into the trial's time, one at least; an untimed one went before."""
    times: list[float] = []
    while sum(times) < _TRIAL_SECONDS:
        began = clock()
        net.rows(trial)
        times.append(max(clock() - began, 1e-6))
    return min(times)


def _batches(sequences: Sequence[Sequence[int]]) -> list[list[int]]:
    """The sequences' places in batches of one length, longest first: no padding, and no row depends on others."""
    by_length = sorted(range(len(sequences)), key=lambda at: -len(sequences[at]))
    batches = []
    for length, same in groupby(by_length, key=lambda at: len(sequences[at])):
        places, step = list(same), max(1, _TOKENS_AT_ONCE // length)
        batches += [places[first : first + step] for first in range(0, len(places), step)]
    return batches


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _noted(home: Path) -> Choice | None:
    try:
        note = json.loads((home / _NOTE).read_text("utf-8"))
        return Choice(str(note["way"]), str(note["machine"]), {str(k): float(v) for k, v in note["speeds"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
