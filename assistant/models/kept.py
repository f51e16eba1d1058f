"""The choices about the chat model that are kept in the data folder; the environment wins over them. Never the key."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from assistant.errors import DataFolderError, WrongInput

if TYPE_CHECKING:
    from assistant.settings import Settings

_FILE = "model.json"
_TRIAL = "model_trial.json"
_ENVIRONMENT_ONLY = "chat_key"
_BESIDE = ("tone", "length", "deidentify")  # what is chosen about the model under names without `chat_`


class Kept:
    """What was chosen on the page or by command, over the settings that the environment gave."""

    def __init__(self, settings: Settings) -> None:
        self._given = settings
        self._path = Path(settings.data_dir) / _FILE
        self._read: tuple[tuple[int, int] | None, dict[str, Any]] = (None, {})

    @property
    def names(self) -> tuple[str, ...]:
        """The settings that may be kept."""
        known = type(self._given).model_fields
        chat = [name for name in known if name.startswith("chat_") and name != _ENVIRONMENT_ONLY]
        return (*chat, *(name for name in _BESIDE if name in known))

    def from_environment(self, name: str) -> bool:
        """Whether the environment says this setting, so that a choice of it would not count."""
        return name in self._given.model_fields_set

    def in_force(self) -> Settings:
        """The settings with what is kept, where the environment says nothing; an unusable file is left out."""
        stamp = self._stamp()
        if stamp != self._read[0]:
            self._read = stamp, self._values()
        chosen = {name: value for name, value in self._read[1].items() if not self.from_environment(name)}
        return self._given.model_copy(update=chosen) if chosen else self._given

    def keep(self, choices: Mapping[str, object]) -> None:
        """Keep these choices, each checked, over those kept before.

        WrongInput names a choice that cannot be used or that the environment says; DataFolderError where nothing can be
        written.
        """
        if unknown := [name for name in choices if name not in self.names]:
            raise WrongInput(f"There is no such choice: {unknown[0][:40]}.")
        taken = [name for name in choices if self.from_environment(name)]
        if taken:
            raise WrongInput(f"IMR_{taken[0].upper()} is set in the environment, which wins; change it there.")
        self._write(self._path, self._values() | self._checked(choices))

    def forget(self) -> None:
        """Forget all that is kept."""
        self._path.unlink(missing_ok=True)

    def remember_trial(self, trial: Mapping[str, Any]) -> None:
        """Keep what a trial of the model in force found out."""
        self._write(self._path.with_name(_TRIAL), {**trial, "of": self._tried()})

    def last_trial(self) -> dict[str, Any] | None:
        """The last trial of the model in force, at the address in force; None where there was none."""
        try:
            trial = json.loads(self._path.with_name(_TRIAL).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return trial if isinstance(trial, dict) and trial.get("of") == self._tried() else None

    def _tried(self) -> list[str]:
        settings = self.in_force()
        return [settings.chat_model, settings.chat_url]

    def _checked(self, choices: Mapping[str, object]) -> dict[str, Any]:
        """The choices as the settings would hold them; what is given here goes before the environment."""
        try:
            settings = type(self._given)(**{**self._given.model_dump(include={"data_dir"}), **choices})
        except ValidationError as error:
            names = ", ".join(sorted({f"IMR_{str(e['loc'][0]).upper()}" for e in error.errors() if e["loc"]}))
            raise WrongInput(f"This cannot be set so: {names}; docs/settings.md says what each may be.") from None
        return {name: getattr(settings, name) for name in choices}

    def _values(self) -> dict[str, Any]:
        try:
            read = json.loads(self._path.read_text("utf-8"))
            return self._checked({name: value for name, value in read.items() if name in self.names})
        except (OSError, ValueError, AttributeError, WrongInput):
            return {}

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    @staticmethod
    def _write(path: Path, values: Mapping[str, Any]) -> None:
        """Write whole or not at all, readable by its owner only."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(values, file, indent=1)
            Path(name).replace(path)
        except OSError:
            raise DataFolderError("The choice of the chat model could not be written to the data folder.") from None
