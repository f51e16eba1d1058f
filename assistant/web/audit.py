"""The view of the audit log: its entries narrowed and paged, the state of its chain, its export."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from fastapi import FastAPI, Response

from assistant.errors import AssistantError
from assistant.records import AuditFormat, AuditWanted
from assistant.web import palette, render
from assistant.web.acts import Act, Answer, Desk, act, day_of, script

if TYPE_CHECKING:
    from assistant.service.audit_acts import AuditPage

ROUTE = rf"/audit-export/({'|'.join(AuditFormat)})"
PAGE = 50  # entries on one page
_MOST = 200  # characters of a filter
_CONFLICT = 409


def acts(desk: Desk) -> list[Act]:
    """What the view's script may call."""
    service = desk.service

    def read_audit(
        account: str = "", done: str = "", case: str = "", since: str = "", until: str = "", offset: int = 0
    ) -> Answer:
        """A page of the entries that fit, and how the chain was found when it was last verified."""
        wanted = AuditWanted(account[:_MOST], done[:_MOST], since=_midnight(since, 0), until=_midnight(until, 1))
        found = service.audit_entries(
            desk.user, wanted, case_id=case.strip()[:_MOST], offset=max(0, offset), limit=PAGE
        )
        return {
            "html": render.audit_entries(found.entries),
            "total": found.total,
            "offset": max(0, offset),
            "page": PAGE,
            "accounts": list(found.accounts),
            "state": render.audit_state(found.checked),
        }

    def verify_audit() -> Answer:
        """Verify the whole log now."""
        service.verify_audit(desk.user)
        return {"state": render.audit_state(_page(desk).checked)}

    return [act(each) for each in (read_audit, verify_audit)]


def rested_acts(desk: Desk) -> list[Act]:
    """What the case view's script may call of sign-offs."""
    service = desk.service

    def read_signed(case: str) -> Answer:
        """The versions that were signed off."""
        return {"signed": list(service.signed_off(desk.user, case))}

    def read_rested(case: str, version: int) -> Answer:
        """What each sentence of a signed-off version rested on, and what has changed since."""
        return {"html": render.rested(service.reproduce(desk.user, case, version))}

    def note_printed(case: str) -> Answer:
        """The letter goes to the printer."""
        service.note_printed(desk.user, case)
        return {}

    return [act(each) for each in (read_signed, read_rested, note_printed)]


def _page(desk: Desk) -> AuditPage:
    return desk.service.audit_entries(desk.user, limit=1)


def _midnight(day: str, days_later: int) -> datetime | None:
    """The beginning of a day on this machine's clock, so many days later; None where no day is given."""
    given = day_of(day, "day")
    if given is None:
        return None
    return datetime.combine(given + timedelta(days=days_later), time()).astimezone().astimezone(UTC)


def add_routes(app: FastAPI, desk: Desk) -> None:
    """The export of the log as a download."""

    @app.get("/audit-export/{fmt}")
    def audit_export(fmt: AuditFormat) -> Response:
        """The whole log with the hashes of its chain; the export is told in it."""
        try:
            made = desk.service.export_audit(desk.user, fmt)
        except AssistantError as error:
            return Response(str(error), _CONFLICT, media_type="text/plain; charset=utf-8")
        return Response(
            made.content,
            media_type=made.media_type,
            headers={"content-disposition": f'attachment; filename="{made.name}"'},
        )


def build(desk: Desk) -> None:
    """Put the view into the Blocks under construction."""
    import gradio as gr

    gr.HTML(
        html_template=render.shell("audit", "audit.html", acts=render.AUDIT_ACTS),
        js_on_load=script("audit.js"),
        apply_default_css=False,
        server_functions=[*acts(desk), *palette.acts(desk)],
        elem_classes="imr",
    )
