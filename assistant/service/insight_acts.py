"""The acts on insights: how real decisions came out, what they document, how the assistant itself does."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.errors import NotThere
from assistant.evaluation.kept import KeptEvaluation, last_kept
from assistant.library.choices import service_kind
from assistant.library.documented import DecidedCase, Documented, Where, documented, facts_stated
from assistant.library.importing import Silent
from assistant.library.insights import ALL, Overview
from assistant.library.readings import Readings
from assistant.service.opened import OpenFolder

if TYPE_CHECKING:
    from assistant.library.importing import Progress


class InsightActs(OpenFolder):
    """What is asked of all real letters at once. Nothing of it reaches a draft or a lean."""

    def insights(self, service: str | None = None) -> Overview:
        """How the real decisions came out; `service`, a kind or as a request words it, narrows them.

        Raises WrongInput for a service that the library does not know.
        """
        return self.library.overview(self._kind(service))

    def unread_texts(self, service: str | None, where: Where = Where.SUMMARY) -> int:
        """How many texts `documented` would have to read first."""
        kind = self._kind(service)
        if self._compared_now(kind, where) is not None:
            return 0
        cases = self.library.decided_cases(kind)
        return self._readings.missing({text for case in cases for text in case.texts(where)})

    def documented(
        self,
        service: str | None = None,
        where: Where = Where.SUMMARY,
        *,
        progress: Progress | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Documented:
        """What overturned decisions on a service, or all, state that upheld ones do not.

        Each text is read once and remembered. Raises WrongInput for an unknown service, ReadingStopped when `stop` says
        so between two texts.
        """
        kind, state = self._kind(service), self.library.state
        known = self._compared_now(kind, where)
        if known is not None:
            return known
        cases, lexicon = self.library.decided_cases(kind), self._drafter.lexicon
        found = documented(
            kind or "",
            self.library.called(kind) if kind else ALL,
            where,
            cases,
            lambda texts: self._readings.stated(texts, progress or Silent(), stop),
            lexicon,
        )
        self._compared[kind, where] = (state, found)
        return found

    def decisions_stating(
        self, service: str | None, concept: str, where: Where = Where.SUMMARY
    ) -> tuple[DecidedCase, ...]:
        """The decisions on a service of which a fact is stated, overturned ones first; raises NotThere for no fact."""
        if concept not in self._drafter.lexicon.concepts:
            raise NotThere("The lexicon holds no fact of this name.")
        cases = self.library.decided_cases(self._kind(service))
        stated = self._readings.stated({text for case in cases for text in case.texts(where)}, Silent())
        stating = [case for case in cases if concept in facts_stated(case, stated, where)]
        return tuple(sorted(stating, key=lambda case: case.outcome))

    def last_evaluation(self) -> KeptEvaluation | None:
        """The figures of the last `evaluate` over this data folder, or None."""
        return last_kept(self.settings.data_dir)

    def _kind(self, service: str | None) -> str | None:
        return service_kind(service, self.library.taxonomy)

    def _compared_now(self, kind: str | None, where: Where) -> Documented | None:
        """The comparison that was made of the library as it is now, if one was."""
        state, found = self._compared.get((kind, where), ("", None))
        return found if state == self.library.state else None

    @cached_property
    def _compared(self) -> dict[tuple[str | None, Where], tuple[str, Documented | None]]:
        return {}

    @cached_property
    def _readings(self) -> Readings:
        corpus = self.settings.corpus_dir
        return Readings(self.settings.data_dir, self._drafter.lexicon, self.library.taxonomy, corpus)
