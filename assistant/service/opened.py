"""What every act works with: the library, the records and the drafter over one open data folder."""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from threading import Event
from typing import TYPE_CHECKING, Self

from assistant.chat.terms import Terms, load_terms
from assistant.corpus import load_sample_cases
from assistant.database import at_newest
from assistant.deidentifying import deidentifier
from assistant.drafting.chain import Drafter
from assistant.drafting.morphine import load_equivalents
from assistant.library.library import Library, open_library
from assistant.library.opening import database_of
from assistant.models.choice import Models
from assistant.reading.lexicon import load_lexicon
from assistant.records import (
    AuditLog,
    CaseLists,
    JobLedger,
    Records,
    SavedSearches,
    SignOffs,
    TypedWords,
    UnsentEntries,
    Worker,
    audit_key,
)
from assistant.settings import Deidentify

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from assistant.library.importing import Progress
    from assistant.models.session import Session
    from assistant.privacy import Deidentified, Deidentifier
    from assistant.settings import Settings


_READ_FIRST = 4  # sample cases that are read when the program starts to serve


def _now() -> datetime:
    return datetime.now(UTC)


def _today() -> date:
    return datetime.now().astimezone().date()


class OpenFolder:
    """A data folder that is open: its library, its records, and what drafts over it.

    Methods that take a `user` act on that user's cases only and raise NotThere for anybody else's.
    Every problem that a user can mend is an AssistantError whose text is one sentence.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        library: Library,
        *,
        now: Callable[[], datetime] = _now,
        today: Callable[[], date] = _today,
    ) -> None:
        self.settings = settings
        self.library = library
        self._engine = engine
        self._closed = False
        self._now = now
        self._today = today
        key = audit_key(settings.data_dir, settings.audit_key.get_secret_value())
        self.audit_log = AuditLog(engine, key, now=now)
        self.audit_log.attach()
        self.records = Records(engine, now=now)
        self._sign_offs = SignOffs(engine, now=now)
        self._saved = SavedSearches(engine, now=now)
        self._lists = CaseLists(engine)
        self._unsent = UnsentEntries(engine, now=now)
        self._worker = Worker(engine)
        self._typed = TypedWords(engine, now=now, run=self._worker.name, lives=self._worker.lives)
        self._secret = secrets.token_bytes(32)

    @classmethod
    def open(cls, settings: Settings, *, progress: Progress | None = None) -> Self:
        """Open the data folder, building the starter library when it is not there yet."""
        engine = database_of(settings)
        return cls(settings, engine, open_library(settings, engine, progress=progress))

    def warm_up(self) -> threading.Thread:
        """Load the models and the lexicon in the background; a process should wait for it before it ends, or loading
        aborts it."""
        return self.library.warm_up(self._read_a_sample)

    def _read_a_sample(self) -> None:
        """Patterns are compiled at their first use; many first cases at once would each compile them."""
        for sample in load_sample_cases(self.settings.corpus_dir)[:_READ_FIRST]:
            self._drafter.read(sample.text)

    def ready(self) -> bool:
        """Whether the database answers at this program's newest tables and the library has not been let go."""
        return not self._closed and at_newest(self._engine)

    def close(self) -> None:
        """Let go of the vector index and the database."""
        self._closed = True
        self.library.close()
        self._worker.let_go()
        self._engine.dispose()

    @cached_property
    def job_ledger(self) -> JobLedger:
        """The work under way, in this process and in others over the same database."""
        return JobLedger(self._engine, self._worker, now=self._now)

    @cached_property
    def models(self) -> Models:
        """The chat model that is set, if one is."""
        return Models(self.settings)

    def deidentifier(self, case_id: str) -> Deidentifier:
        """A case's de-identifier; how far its dates move is drawn anew each time that the program starts."""
        return deidentifier(self.models.settings, hmac.digest(self._secret, case_id.encode(), "sha256"))

    def deidentified(self, text: str, case_id: str | None = None) -> Deidentified:
        """A text as it would leave the machine, that of a case as all of its texts; nothing is kept of it."""
        return self.deidentifier(text if case_id is None else case_id).hide(text)

    def _session(self, case_id: str, *, seconds: float | None = None, cancelled: Event | None = None) -> Session | None:
        """A session with the chat model for a case, told only what the settings let leave this machine."""
        hiding = self.models.settings.deidentify
        hides = None if hiding is Deidentify.OFF else self.deidentifier(case_id)
        return self.models.session(seconds=seconds, hides=hides, deidentified=hiding.value, cancelled=cancelled)

    @cached_property
    def _drafter(self) -> Drafter:
        folder = self.settings.corpus_dir
        lexicon, equivalents = load_lexicon(folder), load_equivalents(folder)
        return Drafter(self.library, lexicon, self.library.taxonomy, today=self._today, equivalents=equivalents)

    @cached_property
    def _terms(self) -> Terms:
        return load_terms(self.settings.corpus_dir)
