"""Errors whose text is one sentence for the user; anything else that is raised is a bug."""

from __future__ import annotations

from pathlib import Path


class AssistantError(Exception):
    """What happened, to what, and what to do, in one sentence that names nothing of a case's contents."""


class UnreadableFile(AssistantError):
    """A file that could not be turned into text."""

    def __init__(self, path: Path | str, reason: str) -> None:
        name = Path(path).name
        super().__init__(f"{name} could not be read: {reason}.")
        self.name, self.reason = name, reason


class UnreadableCase(AssistantError):
    """A case text that cannot be drafted from: empty, binary, or without any disputed service."""


class WrongInput(AssistantError):
    """An argument that cannot be meant: an unknown name, a date that is none. The command line exits with 2."""


class NotThere(AssistantError):
    """A case, decision, passage or draft that the library or the records do not hold."""


class DataFolderError(AssistantError):
    """A data folder that cannot be written to, is full, or is in use."""


class DatabaseUnavailable(AssistantError):
    """A PostgreSQL database or a vector server that is down, refuses its user, is full, or is not set up."""


class ModelMismatch(AssistantError):
    """Vectors of another embedding model than the one that is set."""


class NotReadyForExport(AssistantError):
    """A draft with open slots."""


class Conflict(AssistantError):
    """A change to a version of a draft that is no longer the newest: another tab or session saved one since."""

    def __init__(self, base: int, newest: int) -> None:
        super().__init__(
            f"This draft was changed elsewhere (you edited version {base}, the newest is {newest}); "
            "reload it and make your change again."
        )
        self.base, self.newest = base, newest


class EnteredElsewhere(AssistantError):
    """An unsent case that another tab or session has changed since this one began."""

    def __init__(self) -> None:
        super().__init__(
            "Another tab keeps another text of an unsent case; what you typed stands here, and is not kept until you "
            "choose one of the two."
        )


class ModelFailed(AssistantError):
    """A chat model that is down, slow, over its cap or babbling, or was stopped; the work goes on without it."""


class ScaleUnavailable(AssistantError):
    """Ray, or the cluster, that an import with workers asks for is not there, or failed."""


class KeyProblem(DataFolderError):
    """A key that is missing, is another one, or is kept where others may read it."""


class DamagedText(AssistantError):
    """A text that was encrypted and is cut, changed, or put where it does not belong."""

    def __init__(self, case_id: str) -> None:
        of = f"the case {case_id}" if case_id else "what belongs to no case"
        super().__init__(
            f"A text of {of} cannot be read, for it was cut or changed on the disk; all others are as they were, "
            "restore this one from a backup."
        )
        self.case_id = case_id
