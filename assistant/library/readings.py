"""Which facts of the lexicon each text states, read once and kept beside the library, known by the text's hash."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import __version__
from assistant.corpus import Taxonomy
from assistant.domain import Polarity
from assistant.errors import AssistantError, DataFolderError, UnreadableCase
from assistant.library.rows import sha256
from assistant.reading.case import read_case
from assistant.reading.lexicon import Lexicon

if TYPE_CHECKING:
    from assistant.library.importing import Progress

NAME = "facts-stated.json"
_STATED = frozenset({Polarity.PRESENT, Polarity.HISTORICAL})  # what is so or was so; not denied, planned or in doubt
_KEPT_AFTER = 2000  # texts read, so that a stop loses little


class ReadingStopped(AssistantError):
    """The reading was stopped by the user."""

    def __init__(self) -> None:
        super().__init__("The reading was stopped; what was read so far is kept, and the next time goes on from there.")


class Readings:
    """The facts that texts state. The file holds hashes and names of facts, no word of a text.

    Readings by another lexicon or another version of the program are put away. One object serves all threads.
    """

    def __init__(self, folder: Path, lexicon: Lexicon, taxonomy: Taxonomy, corpus_dir: Path) -> None:
        self._path, self._lexicon, self._taxonomy = folder / NAME, lexicon, taxonomy
        self._edition = f"{__version__}/{sha256((corpus_dir / 'concepts.yaml').read_text('utf-8'))[:16]}"
        self._lock = threading.Lock()
        self._known: dict[str, tuple[str, ...]] = self._kept()

    def missing(self, texts: Collection[str]) -> int:
        """How many of the texts were not read yet."""
        return sum(_key(text) not in self._known for text in texts)

    def stated(
        self, texts: Collection[str], progress: Progress, stop: Callable[[], bool] = lambda: False
    ) -> Mapping[str, tuple[str, ...]]:
        """The facts that each text states. Raises ReadingStopped between two texts; what was read is kept."""
        keys = {text: _key(text) for text in texts}
        with self._lock:
            unread = [text for text, key in keys.items() if key not in self._known]
            progress.start("Reading the letters' facts", len(unread))
            try:
                self._read(unread, keys, progress, stop)
            finally:
                progress.finish()
        return {text: self._known[key] for text, key in keys.items()}

    def _read(
        self, unread: Collection[str], keys: Mapping[str, str], progress: Progress, stop: Callable[[], bool]
    ) -> None:
        for count, text in enumerate(unread, 1):
            if stop():
                self._keep()
                raise ReadingStopped
            self._known[keys[text]] = self._facts(text)
            progress.advance()
            if count % _KEPT_AFTER == 0:
                self._keep()
        if unread:
            self._keep()

    def _facts(self, text: str) -> tuple[str, ...]:
        """The facts that one text states, by the same reading as a draft's; of a text that is no case, none."""
        try:
            facts = read_case(text, self._lexicon, self._taxonomy).facts
        except UnreadableCase:
            return ()
        return tuple(sorted({fact.concept for fact in facts if fact.concept and fact.polarity in _STATED}))

    def _kept(self) -> dict[str, tuple[str, ...]]:
        """What was kept by this edition; a file that is missing, torn or of another edition is read as none."""
        try:
            held = json.loads(self._path.read_text("utf-8"))
            if held["edition"] != self._edition:
                return {}
            names = held["concepts"]
            return {key: tuple(names[n] for n in numbers) for key, numbers in held["texts"].items()}
        except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError):
            return {}

    def _keep(self) -> None:
        """Write all that is known, in the place of the earlier file at once."""
        names = sorted({name for facts in self._known.values() for name in facts})
        place = {name: n for n, name in enumerate(names)}
        texts = {key: [place[name] for name in facts] for key, facts in self._known.items()}
        written = json.dumps({"edition": self._edition, "concepts": names, "texts": texts}, separators=(",", ":"))
        beside = self._path.with_suffix(f".{os.getpid()}.new")
        try:
            beside.touch(mode=0o600)
            beside.write_text(written, "utf-8")
            beside.replace(self._path)
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            raise DataFolderError(f"What was read of the letters could not be kept ({reason}).") from None


def _key(text: str) -> str:
    return sha256(text)[:32]
