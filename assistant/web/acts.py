"""How the page calls Python: what every act has in common, whichever view it belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError, validate_call

from assistant.errors import AssistantError
from assistant.rights import NotSignedIn, asking, require
from assistant.web.jobs import Jobs
from assistant.web.rules import ACTS
from assistant.web.uploads import Uploads

if TYPE_CHECKING:
    from assistant.service import Service
    from assistant.settings import Settings

ASSETS = Path(__file__).parent / "assets"
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_NOT_UNDERSTOOD = "The page sent something that this version does not understand; reload the page."

Answer = dict[str, Any]  # JSON for the page
Act = Callable[[Any], Answer]


@dataclass(frozen=True)
class Desk:
    """What every view works with: the service, the settings under which it is served, and the work under way."""

    service: Service
    settings: Settings
    jobs: Jobs
    uploads: Uploads = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "uploads", Uploads(self.settings.data_dir))

    @property
    def user(self) -> str:
        """Whose records they are: those of the account that asks, or of the one reviewer where accounts are off."""
        person = asking()
        if person is not None:
            return person.name
        if self.settings.accounts == "on":
            raise NotSignedIn
        return self.settings.user


def act(function: Callable[..., Answer]) -> Act:
    """`function` as the page calls it: one JSON object in, one out; what the user must know comes as `error`.

    The arguments are checked against the function's own types, and whoever asks must have the act's right. An act
    that rules.ACTS does not name is a KeyError when the page is built.
    """
    checked, right = validate_call(function), ACTS[function.__name__]

    def call(data: Any) -> Answer:
        if not isinstance(data, Mapping):
            return {"error": _NOT_UNDERSTOOD}
        try:
            require(right)
            return checked(**{str(name): whole(value) for name, value in data.items()})
        except AssistantError as error:
            return {"error": str(error), "kind": type(error).__name__}
        except ValidationError:
            return {"error": _NOT_UNDERSTOOD}

    call.__name__ = function.__name__  # the name by which Gradio calls it
    return call


def whole(value: Any) -> Any:
    """Text without half characters: a lone surrogate can be typed by no one and written to no file."""
    if isinstance(value, Mapping):
        return {name: whole(part) for name, part in value.items()}
    if isinstance(value, list):
        return [whole(part) for part in value]
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else value


def day_of(text: str, what: str = "date of review") -> date | None:
    """A date field's text as a date; empty is None. `what` names the field in the error."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise AssistantError(f"The {what} is not a date; write it as 2016-03-01.") from None


def script(module: str) -> str:
    """The component's `js_on_load`: start the page's shell, then the module of that name in the component's element."""
    return (
        f"Promise.all([import('/page/shell.js'), import('/page/{module}')])"
        ".then(([shell, view]) => { shell.start(element, server); view.start(element, server); });"
    )
