"""The command line: the commands put together; errors become one sentence at the entry point."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from assistant.commands import (
    accounts,
    api,
    audit,
    backups,
    cases,
    chat,
    chats,
    database,
    decisions,
    drafting,
    editions,
    exporting,
    importing,
    insights,
    keys,
    model,
    privacy,
    upkeep,
    verifying,
    versions,
)
from assistant.commands.shared import close_opened, say
from assistant.errors import AssistantError, WrongInput
from assistant.hardening import harden

app = typer.Typer(
    name="imr-assistant",
    help="Drafts Independent Medical Review rationales in which every sentence shows its support.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _name, _command in (
    ("draft", drafting.draft),
    ("verify", verifying.verify),
    ("chat", chat.chat),
    ("export", exporting.export_),
    ("deidentify", privacy.deidentify),
    ("search", decisions.search),
    ("insights", insights.insights),
    ("compare", decisions.compare),
    ("import", importing.import_),
    ("imports", importing.imports),
    ("letters", importing.letters),
    ("serve", upkeep.serve),
    ("reindex", upkeep.reindex),
    ("evaluate", upkeep.evaluate),
    ("doctor", upkeep.doctor),
    ("restore", backups.restore),
    ("upgrade", backups.upgrade),
):
    app.command(name=_name)(_command)
app.add_typer(accounts.accounts, name="accounts")
app.add_typer(backups.backup, name="backup")
app.add_typer(cases.cases, name="cases")
app.add_typer(decisions.searches, name="searches")
app.add_typer(editions.guideline, name="guideline")
app.add_typer(chats.chats, name="chats")
app.add_typer(versions.versions, name="versions")
app.add_typer(versions.evidence, name="evidence")
app.add_typer(upkeep.corpus, name="corpus")
app.add_typer(model.model, name="model")
app.add_typer(model.prompts, name="prompts")
app.add_typer(api.api, name="api")
app.add_typer(audit.audit, name="audit")
app.add_typer(keys.keys, name="keys")
app.add_typer(database.database, name="database")


def main() -> None:
    """The console script: an AssistantError is its sentence and exit 1, wrong usage is exit 2."""
    harden()
    try:
        app()
    except AssistantError as error:
        say(str(error))
        raise SystemExit(2 if isinstance(error, WrongInput) else 1) from None
    except BrokenPipeError:  # the reader of a pipe went away; nothing is left to say
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    finally:
        close_opened()


def commands() -> Iterator[str]:
    """The names of all commands, for the documentation's test."""
    for command in app.registered_commands:
        yield command.name or command.callback.__name__  # type: ignore[union-attr]
    for group in app.registered_groups:
        for command in group.typer_instance.registered_commands:  # type: ignore[union-attr]
            yield f"{group.name} {command.name or command.callback.__name__}"  # type: ignore[union-attr]
