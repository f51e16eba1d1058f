"""The chat of a case on its page: a turn begun, stopped and sent anew; chats found, kept as files, deleted."""

from __future__ import annotations

from fastapi import FastAPI, Response

from assistant.chat_export import ChatFormat
from assistant.errors import AssistantError
from assistant.web import viewmodel
from assistant.web.acts import Act, Answer, Desk, act
from assistant.web.jobs import Busy

_MAX_QUESTION = 4000  # characters
_MAX_WORDS = 200
_MOST_FOUND = 100
_NOT_THERE = 404


def acts(desk: Desk) -> list[Act]:
    """What the box's script may call."""
    service = desk.service

    def ask(case: str, message: str, instead_of: int | None = None) -> Answer:
        """Begin a chat turn, in the place of an earlier message if one is given; `follow` tells the growing answer."""
        question = message.strip()[:_MAX_QUESTION]
        if not question:
            return {"error": "Ask something, or say what to change."}
        service.check_access(desk.user, case, change=True)
        job = desk.jobs.chat(
            case, question, lambda stop: service.chat(desk.user, case, question, instead_of=instead_of, stop=stop)
        )
        return {"job": viewmodel.job_model(job)}

    def stop_turn(case: str) -> Answer:
        """End the turn under way with what it has."""
        service.check_access(desk.user, case, change=True)
        return {"job": viewmodel.job_model(desk.jobs.stop(case, "chat"))}

    def find_chats(case: str, words: str) -> Answer:
        """The turns of any of the user's chats that hold these words; `case` is the one from which it is asked."""
        service.case(desk.user, case)
        hits = service.chats.find(desk.user, words.strip()[:_MAX_WORDS])
        return {"found": [viewmodel.found_model(hit) for hit in hits[:_MOST_FOUND]]}

    def delete_chat(case: str) -> Answer:
        """Delete the chat of a case for good; the page has asked first."""
        service.check_access(desk.user, case)
        job = desk.jobs.of(case)
        if job is not None and not job.done:
            raise Busy(job.kind)
        return {"deleted": service.chats.delete(desk.user, case)}

    return [act(f) for f in (ask, stop_turn, find_chats, delete_chat)]


def add_routes(app: FastAPI, desk: Desk) -> None:
    """The chat as a file to download."""

    @app.get("/chat/{case_id}/{fmt}")
    def chat_file(case_id: str, fmt: ChatFormat) -> Response:
        try:
            made = desk.service.chats.export(desk.user, case_id, fmt)
        except AssistantError as error:
            return Response(str(error), _NOT_THERE, media_type="text/plain; charset=utf-8")
        headers = {"content-disposition": f'attachment; filename="{made.name}"'}
        return Response(made.content, media_type=made.media_type, headers=headers)
