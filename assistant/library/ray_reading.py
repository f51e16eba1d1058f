"""Reads and embeds documents by Ray Data, in processes of this machine or of a cluster."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import ScaleUnavailable
from assistant.hardening import private_folder
from assistant.library.embedding import Embedder, load_embedder
from assistant.library.importing import Vectors, texts_in
from assistant.library.rows import sha256
from assistant.reading.bounded import BoundedReader
from assistant.reading.folders import Part, Source, parts, sources_of
from assistant.reading.many import Document, read_source

_TOGETHER = 32  # documents that a worker reads and embeds at once
_BLOCKS = 2_000  # that Ray is given at the most
_OBJECTS = 256 * 1024**2  # bytes of shared memory for what the workers have said and nobody has taken yet
_LONGEST = 17  # characters of the temporary folder's path; a socket's may have 107, and the rest of it takes 86
_SHARED = Path("/dev/shm")  # noqa: S108 - where the system keeps shared memory, and Ray what is under way
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",  # no word to Ray's makers
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_DEDUP_LOGS": "0",
    "TOKENIZERS_PARALLELISM": "false",
}
# Despite its name this makes Ray listen on 127.0.0.1 on every system; `_node_ip_address` alone is replaced by the
# machine's address, and its servers then listen to everybody. To be set before Ray is imported.
_LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
_FAULT = (
    "A worker of the import stopped by a fault, or was stopped; what was stored until then stays, and the same import "
    "begun again goes on from there."
)


@contextmanager
def ray_session(workers: int, cluster: str = "") -> Iterator[None]:
    """Ray while the block runs: of its own with so many workers, or the cluster at an address ("auto", "HOST:PORT").

    Ray of its own listens on this machine only and to who knows a random token only (other users of the machine could
    run programs as this user otherwise), without dashboard and telemetry, and keeps its files (logs, sockets and what
    does not fit into memory) in a private folder that goes with it. Nothing may have imported Ray before, which reads
    its environment then. Raises ScaleUnavailable.
    """
    os.environ.update(_QUIET)
    if not cluster:
        if len(tempfile.gettempdir()) > _LONGEST:
            raise ScaleUnavailable("Ray needs a temporary folder of a short name; set TMPDIR to one, such as /tmp.")
        os.environ.update(_LOOPBACK, RAY_AUTH_MODE="token")
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))  # one for the process: Ray reads it once
    ray = _imported()
    quiet: dict[str, Any] = {"log_to_driver": False, "configure_logging": False, "logging_level": logging.ERROR}
    with private_folder() as folder:
        own: dict[str, Any] = {
            "num_cpus": workers,
            "num_gpus": 0,
            "object_store_memory": _OBJECTS,
            "include_dashboard": False,
            "_node_ip_address": "127.0.0.1",
            "_plasma_directory": None if _shares_enough() else str(folder),
        }
        for left in (0,) if cluster else (2, 1, 0):  # Ray gives its own start 30 seconds, which a busy machine exceeds
            try:
                own["_temp_dir"] = str(folder / f"{left}")  # Ray opens it to everybody; the one above stays private
                ray.init(**quiet, **({"address": cluster} if cluster else {"address": "local", **own}))
                break
            except Exception:  # noqa: BLE001 - Ray raises errors of many kinds, whose texts name hosts and folders
                ray.shutdown()
                if not left:
                    raise ScaleUnavailable(
                        f"There is no Ray cluster at {cluster}." if cluster else "Ray could not be started here."
                    ) from None
        try:
            yield
        finally:
            ray.shutdown()


def _imported() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Ray's own settings warn of each other
            import ray
            import ray.data

            ray.data.DataContext.get_current().print_on_execution_start = False
    except ImportError:
        raise ScaleUnavailable(
            'Importing with workers needs Ray; install it by pip install "imr-assistant[scale]".'
        ) from None
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return ray


def _shares_enough() -> bool:
    """Whether the system's shared memory holds what is under way; that of a container often does not."""
    return _SHARED.is_dir() and shutil.disk_usage(_SHARED).free > 2 * _OBJECTS


class RayReading:
    """Documents read and embedded by so many workers, in the order of their paths; see importing.Reading.

    The workers run the code of the small import: sources, BoundedReader, read_source, texts_in, the embedder. On a
    cluster, each machine needs the program, and the files and the model at the same paths. To be used in a ray_session.
    """

    def __init__(self, workers: int, model: str, data: Path | None, make: Callable[[], Embedder] | None = None) -> None:
        """`model` and `data` are as load_embedder takes them; `make` makes another embedder in each worker."""
        self._workers = workers
        self._make = make or _Loaded(model, data)

    def documents(
        self, paths: Sequence[Path], is_there: Callable[[Source], bool], held: Callable[[], Iterable[str]]
    ) -> Iterator[tuple[Document | Source, Vectors]]:
        """See importing.Reading. Raises ScaleUnavailable where a worker fails."""
        import ray
        from ray.data import ActorPoolStrategy, DataContext, from_items

        context = DataContext.get_current()
        context.enable_progress_bars = context.print_on_execution_start = False
        context.execution_options.preserve_order = True
        items = [{"parts": some} for some in _grouped(parts([p.absolute() for p in paths], _TOGETHER))]
        if not items:
            return
        known = ray.put(frozenset(held()))
        read = from_items(items, override_num_blocks=min(len(items), _BLOCKS)).map_batches(
            _Worker,
            fn_constructor_args=(self._make, [known]),
            compute=ActorPoolStrategy(size=self._workers),
            batch_size=1,
            num_cpus=1,
        )
        try:
            for row in read.iter_rows():
                yield row["read"]
        except Exception:  # noqa: BLE001 - Ray raises errors of many kinds, whose texts may quote a letter
            raise ScaleUnavailable(_FAULT) from None


class _Loaded:
    """Loads the embedder of the settings where it is called."""

    def __init__(self, model: str, data: Path | None) -> None:
        self._model, self._data = model, data

    def __call__(self) -> Embedder:
        data = self._data if self._data is not None and self._data.is_dir() else None
        return load_embedder(self._model, data, worker=True)


class _Worker:
    """One process of Ray: reads its parts and embeds what is in them."""

    def __init__(self, make: Callable[[], Embedder], known: list[Any]) -> None:
        import ray

        self._embedder = make()
        self._known: frozenset[str] = ray.get(known[0])
        self._reader = BoundedReader()

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """The documents of a batch of parts, with their vectors, as rows; a fault goes on by its kind alone."""
        try:
            return self._done(batch)
        except Exception as error:  # noqa: BLE001 - Ray writes an error's text into its logs, and it may quote a letter
            raise RuntimeError(type(error).__name__) from None

    def _done(self, batch: dict[str, Any]) -> dict[str, Any]:
        found = [document for some in batch["parts"] for part in some for document in self._read(part)]
        texts = {sha256(text): text for document in found for text in _texts(document)}
        rows = self._embedder.embed(list(texts.values())) if texts else ()
        vectors = dict(zip(texts, rows, strict=True))
        told = np.empty(len(found), object)
        told[:] = [(document, _of(document, vectors)) for document in found]
        return {"read": told}

    def _read(self, part: Part) -> Iterator[Document | Source]:
        for source in sources_of(part):
            if source.reason is None and source.content_hash in self._known:
                yield Source(source.name, content_hash=source.content_hash, line=source.line, path=source.path)
            else:
                yield read_source(source, "if", self._reader)


def _texts(document: Document | Source) -> list[str]:
    letter = document.letter if isinstance(document, Document) else None
    return texts_in(letter) if letter is not None else []


def _of(document: Document | Source, vectors: Vectors) -> Vectors:
    return {key: vectors[key] for key in map(sha256, _texts(document))}


def _grouped(found: Iterable[Part]) -> Iterator[tuple[Part, ...]]:
    """Parts of many documents by themselves, single files together."""
    group: list[Part] = []
    for part in found:
        if part.last is not None:
            if group:
                yield tuple(group)
                group = []
            yield (part,)
            continue
        group.append(part)
        if len(group) == _TOGETHER:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)
