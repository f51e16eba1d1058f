"""The view of past decisions: words and filters in, decisions of both sides out, the letter beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fastapi import FastAPI, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from assistant.errors import AssistantError, NotThere
from assistant.library.choices import Choices
from assistant.library.csv_list import CSV_NAME
from assistant.library.sort import Sort
from assistant.web import palette, render
from assistant.web.acts import Act, Answer, Desk, act, script

_LIMIT = 30
_MOST = 200  # decisions on one page
_MAX_WORDS = 1000
_CONFLICT, _NOT_THERE = 409, 404


class CsvAsked(BaseModel):
    """What the list is to hold, as the page posts it; an address would remember the words."""

    model_config = ConfigDict(extra="ignore")

    words: str = ""
    choices: Choices | None = None
    sort: Sort = Sort.RELEVANCE
    like: str = ""
    exact: bool = False


def acts(desk: Desk) -> list[Act]:
    """What the view's script may call."""
    return [act(f) for f in (*_finding_acts(desk), *_reading_acts(desk), *_saving_acts(desk))]


def _finding_acts(desk: Desk) -> list[Callable[..., Answer]]:
    service = desk.service

    def find_decisions(
        words: str = "",
        choices: Choices | None = None,
        sort: Sort = Sort.RELEVANCE,
        like: str = "",
        limit: int = _LIMIT,
        *,
        exact: bool = False,
    ) -> Answer:
        """The decisions that these words find, and how many there are of each value to narrow by."""
        chosen, sought = choices or Choices(), words.strip()[:_MAX_WORDS]
        found = service.search_decisions(
            sought,
            choices=chosen,
            sort=sort,
            like=like or None,
            limit=min(limit, _MOST),
            exact=exact,
            facets=True,
        )
        asked = bool(sought or like or chosen != Choices())
        hidden = None
        if asked and not found.total:
            hidden = service.loosened(sought, chosen, like=like or None, exact=exact)
        return {
            "html": render.decisions(found, service.real_letters(), asked=asked, hidden=hidden),
            "facets": render.facets(found, chosen),
            "chosen": render.chosen(found, chosen, like),
            "words": found.words,
            "said": render.found_in_words(found) if asked else "",
        }

    return [find_decisions]


def _reading_acts(desk: Desk) -> list[Callable[..., Answer]]:
    service = desk.service

    def read_decision(decision: str, words: str = "") -> Answer:
        """The letter of a decision, the decision itself lit and the words marked in it."""
        letter, position = service.decision(decision)
        return {"html": render.letter(letter, position, words[:_MAX_WORDS]), "name": letter.decisions[position].service}

    def compare_decisions(first: str, second: str) -> Answer:
        """Two decisions side by side."""
        return {"html": render.comparison(service.compare_decisions(first, second))}

    def name_decisions(decisions: list[str]) -> Answer:
        """The services of decisions that were chosen for comparing, by their ids; one that is gone is left out."""
        names = {}
        for decision in decisions[:2]:
            try:
                letter, position = service.decision(decision)
            except NotThere:
                continue
            names[decision] = letter.decisions[position].service
        return {"names": names}

    def original_pages(decision: str) -> Answer:
        """How many pages the decision's letter has and on which it begins, or why only the text can be shown."""
        try:
            there = service.original_pages(decision)
        except NotThere as error:
            return {"pages": 0, "reason": str(error)}
        return {"pages": there.pages, "begins": there.begins}

    return [read_decision, compare_decisions, name_decisions, original_pages]


def _saving_acts(desk: Desk) -> list[Callable[..., Answer]]:
    def saved_searches() -> Answer:
        """The user's saved searches."""
        kept = desk.service.saved_searches(desk.user)
        return {"searches": [{"name": s.name, "words": s.words, "choices": dict(s.choices)} for s in kept]}

    def save_search(name: str, words: str = "", choices: Choices | None = None) -> Answer:
        """Keep a search under a name."""
        desk.service.save_search(desk.user, name, words.strip()[:_MAX_WORDS], choices or Choices())
        return saved_searches()

    def delete_search(name: str) -> Answer:
        """Forget a saved search."""
        desk.service.delete_search(desk.user, name)
        return saved_searches()

    return [saved_searches, save_search, delete_search]


def add_routes(app: FastAPI, desk: Desk) -> None:
    """What a component cannot do: the list as a file, and the pages of a letter as images."""

    @app.post("/decisions.csv")
    def decisions_csv(asked: CsvAsked) -> Response:
        """All decisions that match, written as they are read."""
        try:
            listed = desk.service.list_decisions(
                asked.words.strip()[:_MAX_WORDS],
                choices=asked.choices,
                sort=asked.sort,
                like=asked.like or None,
                exact=asked.exact,
            )
        except AssistantError as error:
            return _refused(error, _CONFLICT)
        headers = {"content-disposition": f'attachment; filename="{CSV_NAME}"'}
        return StreamingResponse(_bytes(listed.pieces), media_type="text/csv; charset=utf-8", headers=headers)

    @app.get("/decisions/{decision}/page/{number}.png")
    def letter_page(decision: str, number: int) -> Response:
        """A page of the letter of a decision, drawn from its PDF."""
        try:
            return Response(desk.service.page_image(decision, number), media_type="image/png")
        except AssistantError as error:
            return _refused(error, _NOT_THERE)


def _bytes(pieces: Iterator[str]) -> Iterator[bytes]:
    return (piece.encode("utf-8", "replace") for piece in pieces)


def _refused(error: AssistantError, status: int) -> Response:
    return Response(str(error), status, media_type="text/plain; charset=utf-8")


def build(desk: Desk) -> None:
    """Put the view into the Blocks under construction."""
    import gradio as gr

    gr.HTML(
        html_template=render.shell("decisions", "decisions.html"),
        js_on_load=script("decisions.js"),
        apply_default_css=False,
        server_functions=[*acts(desk), *palette.acts(desk)],
        elem_classes="imr",
    )
