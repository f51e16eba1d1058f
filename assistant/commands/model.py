"""`model`, `model test`, `model set`, `prompts`: which chat model is used, whether it works, and what it is asked."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.commands.shared import AsJson, DataDir, print_json, say, settings_of
from assistant.commands.telling import tell
from assistant.errors import WrongInput

model = typer.Typer(help="The chat model: what is set, what leaves the machine, and whether it works.")
prompts = typer.Typer(help="The prompts that a chat model is asked.")


@model.callback(invoke_without_command=True)
def model_(context: typer.Context, data_dir: DataDir = None) -> None:
    """Say which chat model is set, and what leaves this machine."""
    if context.invoked_subcommand is None:
        from assistant.models.choice import Models
        from assistant.models.leaving import what_leaves

        models = Models(settings_of(data_dir))
        for name in models.kept.names:
            origin = "" if not models.kept.from_environment(name) else "  (environment)"
            typer.echo(f"IMR_{name.upper()}={getattr(models.settings, name)}{origin}")
        typer.echo(f"IMR_CHAT_KEY is {'set' if models.settings.chat_key.get_secret_value() else 'not set'}.")
        for sentence in what_leaves(models):
            typer.echo(sentence)


@model.command(name="test")
def model_test(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Try the chat model that is set: reachable, answers, data, tool calls, context, speed."""
    from assistant.models.choice import Models
    from assistant.models.trial import try_out

    models = Models(settings_of(data_dir))
    trial = try_out(models)
    if models.name:
        models.kept.remember_trial(trial.as_json())
    if as_json:
        print_json(trial.as_json())
    else:
        for step in trial.steps:
            typer.echo(f"{step.name}: {step.result.value}. {step.sentence}")
    if not trial.works("reachable"):
        raise typer.Exit(1)


@model.command(name="set")
def model_set(
    choices: Annotated[list[str], typer.Argument(help="NAME=VALUE, such as chat_model=openai:qwen; empty forgets.")],
    data_dir: DataDir = None,
) -> None:
    """Keep choices about the chat model in the data folder; the environment wins over them."""
    from assistant.models.choice import Models
    from assistant.records import Act

    pairs = [choice.partition("=") for choice in choices]
    if not all(equals for _, equals, _ in pairs):
        raise WrongInput("A choice is written as NAME=VALUE.")
    settings, choices = settings_of(data_dir), {n.lower().removeprefix("imr_"): value for n, _, value in pairs}
    Models(settings).kept.keep(choices)
    tell(settings, Act.SETTINGS_CHANGED, settings=sorted(choices))
    say("Kept.")


@prompts.callback(invoke_without_command=True)
def prompts_(context: typer.Context, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the prompts: name, version, where it is from."""
    if context.invoked_subcommand is None:
        from assistant.models.choice import Models

        found = Models(settings_of(data_dir)).prompts
        for prompt in found.by_name.values():
            origin = "own" if prompt.own else "shipped"
            if as_json:
                print_json({"name": prompt.name, "version": prompt.version, "origin": origin, "digest": prompt.digest})
            else:
                typer.echo(f"{prompt.name} {prompt.version}, {origin}")
        for notice in found.notices:
            say(notice)


@prompts.command(name="show")
def prompts_show(name: str, data_dir: DataDir = None) -> None:
    """Print the text of a prompt as it is used."""
    from assistant.models.choice import Models

    prompt = Models(settings_of(data_dir)).prompts[name]
    typer.echo(prompt.text)
    say(prompt.label)


@prompts.command(name="check")
def prompts_check(
    record: Annotated[bool, typer.Option("--record", help="Write new prompts and new versions down.")] = False,
) -> None:
    """Prove that each shipped prompt can be used, and that a changed one has a new version."""
    from assistant.models import versions

    folder = settings_of(None).prompts_dir
    found = versions.record(folder) if record else versions.problems(folder)
    for problem in found:
        typer.echo(problem)
    if found:
        raise typer.Exit(1)
