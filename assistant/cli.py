"""The command line: the commands put together; errors become one sentence at the entry point."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from assistant.commands import chat, chats, decisions, drafting, exporting, importing, model, privacy, upkeep
from assistant.commands.shared import say
from assistant.errors import AssistantError, WrongInput

app = typer.Typer(
    name="imr-assistant",
    help="Drafts Independent Medical Review rationales in which every sentence shows its support.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _name, _command in (
    ("draft", drafting.draft),
    ("chat", chat.chat),
    ("export", exporting.export_),
    ("deidentify", privacy.deidentify),
    ("search", decisions.search),
    ("import", importing.import_),
    ("imports", importing.imports),
    ("letters", importing.letters),
    ("serve", upkeep.serve),
    ("reindex", upkeep.reindex),
    ("evaluate", upkeep.evaluate),
    ("doctor", upkeep.doctor),
):
    app.command(name=_name)(_command)
app.add_typer(chat.cases, name="cases")
app.add_typer(decisions.searches, name="searches")
app.add_typer(chats.chats, name="chats")
app.add_typer(upkeep.corpus, name="corpus")
app.add_typer(model.model, name="model")
app.add_typer(model.prompts, name="prompts")


def main() -> None:
    """The console script: an AssistantError is its sentence and exit 1, wrong usage is exit 2."""
    try:
        app()
    except AssistantError as error:
        say(str(error))
        raise SystemExit(2 if isinstance(error, WrongInput) else 1) from None
    except BrokenPipeError:  # the reader of a pipe went away; nothing is left to say
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def commands() -> Iterator[str]:
    """The names of all commands, for the documentation's test."""
    for command in app.registered_commands:
        yield command.name or command.callback.__name__  # type: ignore[union-attr]
    for group in app.registered_groups:
        for command in group.typer_instance.registered_commands:  # type: ignore[union-attr]
            yield f"{group.name} {command.name or command.callback.__name__}"  # type: ignore[union-attr]
