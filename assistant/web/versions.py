"""A draft's versions on the page: listed, laid side by side, brought back; and the letter before it is exported."""

from __future__ import annotations

from assistant.web import render, viewmodel
from assistant.web.acts import Act, Answer, Desk, act


def acts(desk: Desk) -> list[Act]:
    """What the case view's script may call."""
    service = desk.service

    def list_versions(case: str) -> Answer:
        """The draft's versions, the newest first."""
        return {"versions": [viewmodel.version_model(row) for row in service.versions(desk.user, case)]}

    def compare_versions(case: str, older: int, newer: int) -> Answer:
        """What changed from one version to another."""
        return {"compared": viewmodel.compared_model(service.compare_versions(desk.user, case, older, newer))}

    def restore_version(case: str, version: int) -> Answer:
        """Bring a version back, as a new one."""
        return viewmodel.shown(desk, case, lambda: service.restore_version(desk.user, case, version))

    def preview_letter(case: str, evidence: bool | None = None) -> Answer:  # noqa: FBT001 - named by the page
        """The letter as it would be exported, and its plain text for the clipboard."""
        written = service.preview(desk.user, case, with_evidence=evidence)
        return {"html": render.letter_preview(written), "final": written.final, "evidence": written.with_evidence}

    return [act(f) for f in (list_versions, compare_versions, restore_version, preview_letter)]
