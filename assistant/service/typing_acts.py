"""The acts on words that are being typed: kept at once and unchecked, and found again after the program was killed."""

from __future__ import annotations

from assistant.records import Access
from assistant.service.version_acts import VersionActs
from assistant.views import CaseView


class TypingActs(VersionActs):
    """What is done with a rationale between the key and the saved version."""

    def keep_typed(self, user: str, case_id: str, issue: int, text: str, base: int) -> None:
        """Keep the text of an issue as it stands in the editor, made from version `base`, until `edit` saves it."""
        self._worker.hold()  # so that no other process takes the words for left behind
        self._typed.keep(user, case_id, issue, text, base)

    def take_up(self, user: str, case_id: str) -> CaseView:
        """The case, with what was typed before the program ended and saved in no version.

        It becomes the newest version; where another was saved since it was typed, the version before the newest, which
        is then saved once more above it. What belongs to no issue any more is left, and all of it where the user may
        not change the case.
        """
        view = self.case(user, case_id)
        if view.may == Access.SEE:
            return view
        for typed in self._typed.left_behind(user, case_id):
            if view.draft is None or typed.issue >= len(view.draft.issues):
                continue
            newest, stale = view.draft, typed.base < view.version
            taken = self.edit(user, case_id, typed.issue, typed.text, view.version)
            if stale and taken.version != view.version:
                self._save(user, taken, newest, "restored_version", detail={"version": view.version})
                taken = self.case(user, case_id)
            view = taken
            self._typed.forget(user, case_id, typed.issue)
        return view
