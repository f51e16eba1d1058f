"""The first view: paste a case summary, drop a file or try a sample; and the list of cases."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool

from assistant.deadlines import Priority
from assistant.views import CaseSort, CasesWanted
from assistant.web import palette, render
from assistant.web.acts import Act, Answer, Desk, act, day_of, script

if TYPE_CHECKING:
    from assistant.records import UnsentEntry

PAGE = 50  # cases on one page of the list
_MAX_TITLE = 200
_MAX_WORDS = 200
_MAX_CASES = 1000  # that one act deletes or brings back
_FIELDS = ("text", "day", "services", "received", "priority")


def acts(desk: Desk) -> list[Act]:
    """What the view's script may call."""
    return [act(f) for f in (*_list_acts(desk), *_start_acts(desk), *_unsent_acts(desk))]


def _priority(name: str) -> Priority | None:
    return Priority(name) if name in list(Priority) else None


def _received(text: str) -> date | None:
    return day_of(text, "day of receipt")


def _list_acts(desk: Desk) -> list:
    service = desk.service

    def list_cases(
        words: str = "",
        state: str = "",
        kind: str = "",
        changed_from: str = "",
        changed_to: str = "",
        sort: CaseSort = CaseSort.UPDATED,
        offset: int = 0,
    ) -> Answer:
        """A page of the cases that fit, with the counts by state and by service kind."""
        days = day_of(changed_from, "day from which"), day_of(changed_to, "day until which")
        wanted = CasesWanted(words.strip()[:_MAX_WORDS], state, kind, *days, sort)
        found = service.list_cases(desk.user, wanted, offset=max(0, offset), limit=PAGE)
        narrowed = bool(state or kind or any(days))
        return {
            "html": render.cases(found.rows, wanted.words, narrowed=narrowed, sort=sort),
            "total": found.total,
            "kept": found.all_cases,
            "offset": found.offset,
            "page": PAGE,
            "states": dict(found.states),
            "kinds": [{"kind": k.kind, "label": k.label, "count": k.count} for k in found.kinds],
        }

    def delete_cases(cases: list[str]) -> Answer:
        """Take cases out of the list; `restore_cases` brings them back."""
        service.delete_cases(desk.user, cases[:_MAX_CASES])
        return {}

    def restore_cases(cases: list[str]) -> Answer:
        """Bring deleted cases back."""
        service.restore_cases(desk.user, cases[:_MAX_CASES])
        return {}

    def change_receipt(case: str, received: str, priority: str) -> Answer:
        """Set when the request was received and its priority; an empty one is taken away."""
        service.change_receipt(desk.user, case, _received(received), _priority(priority))
        return {}

    return [list_cases, delete_cases, restore_cases, change_receipt]


def _start_acts(desk: Desk) -> list:
    service = desk.service

    def sample_case(name: str) -> Answer:
        """A sample's text and date, for the form."""
        sample = next((s for s in service.samples() if s.name == name), None)
        if sample is None:
            return {"error": "This sample is not there any more; reload the page."}
        return {"text": sample.text, "day": sample.day.isoformat() if sample.day else ""}

    def when_due(received: str, priority: str) -> Answer:
        """The due date in a sentence, with its rule; empty where no day of receipt is given."""
        day = _received(received)
        return {"due": service.when_due(day, _priority(priority)) if day else ""}

    def create_case(
        text: str, day: str = "", services: str = "", title: str = "", received: str = "", priority: str = ""
    ) -> Answer:
        """Keep the case and begin its draft; the case's page follows it. What was kept unsent of it is removed."""
        named = tuple(line for line in (re.sub(r"\s+", " ", s).strip() for s in services.splitlines()) if line)
        case = service.create_case(
            desk.user,
            text,
            title=title.strip()[:_MAX_TITLE],
            day=day_of(day),
            services=named,
            received=_received(received),
            priority=_priority(priority),
        )
        desk.jobs.draft(case.id, lambda on_step, stop: service.draft_case(desk.user, case.id, on_step, cancelled=stop))
        service.forget_unsent(desk.user)
        return {"id": case.id}

    return [sample_case, when_due, create_case]


def _unsent_acts(desk: Desk) -> list:
    service = desk.service

    def unsent_case() -> Answer:
        """What was entered and not sent, for the form."""
        return _unsent(service.unsent_case(desk.user))

    def keep_unsent(fields: dict[str, str], base: int | None) -> Answer:
        """Keep what stands in the form; `base` is the version that it was made from, None for whatever there is."""
        return _unsent(service.keep_unsent(desk.user, {name: fields.get(name, "") for name in _FIELDS}, base))

    def forget_unsent() -> Answer:
        """Remove what was entered and not sent."""
        service.forget_unsent(desk.user)
        return {}

    return [unsent_case, keep_unsent, forget_unsent]


def _unsent(entry: UnsentEntry | None) -> Answer:
    if entry is None:
        return {"entry": None}
    return {"entry": {"fields": dict(entry.fields), "number": entry.number, "saved": entry.saved.isoformat()}}


def add_routes(app: FastAPI, desk: Desk) -> None:
    """What a page that closes sends last: the form as it stands."""
    keep = next(a for a in acts(desk) if a.__name__ == "keep_unsent")

    @app.post("/unsent")
    async def unsent(request: Request) -> Any:
        try:
            words = await request.json()
        except (ValueError, RecursionError):
            return {}
        return await run_in_threadpool(keep, words)


def build(desk: Desk) -> None:
    """Put the view into the Blocks under construction."""
    import gradio as gr

    offered = render.samples(desk.service.samples())
    gr.HTML(
        html_template=render.shell("cases", "cases.html", samples=offered, priorities=render.due_rules()),
        js_on_load=script("cases.js"),
        apply_default_css=False,
        server_functions=[*acts(desk), *palette.acts(desk)],
        elem_classes="imr",
    )
