"""`accounts`: who may sign in to the page; made and mended by whoever holds the data folder."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from assistant.commands.shared import AsJson, DataDir, opened, print_json, say
from assistant.rights import Role

accounts = typer.Typer(help="The accounts of those who sign in to the page.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The name that one signs in with.")]
AsRole = Annotated[Role, typer.Option(help="What the account may do; docs/people.md lists it.")]
_VARIABLE = "IMR_NEW_PASSWORD"


@accounts.command("add")
def add(
    name: Name,
    role: AsRole = Role.REVIEWER,
    display: Annotated[str, typer.Option(help="The name to show.")] = "",
    once: Annotated[bool, typer.Option("--once", help="Print a one-time password instead of asking for one.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Make an account; its password is asked for, or taken from IMR_NEW_PASSWORD, never from the arguments."""
    running = opened(data_dir)
    if once:
        made = running.accounts.add(name, role, None, display=display)
        typer.echo(running.accounts.reset(made.name))
        say(f"The account {made.name} is made; its one-time password must be changed at the first sign-in.")
        return
    password = os.environ.get(_VARIABLE) or typer.prompt(
        "Password", hide_input=True, confirmation_prompt=True, err=True
    )
    made = running.accounts.add(name, role, password, display=display)
    say(f"The account {made.name} is made.")


@accounts.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the accounts with their roles."""
    for account in opened(data_dir).accounts.all():
        locked = account.locked_until.isoformat() if account.locked_until else None
        if as_json:
            print_json(
                {
                    "name": account.name,
                    "display": account.display,
                    "role": account.role.value,
                    "disabled": account.disabled,
                    "must_change": account.must_change,
                    "locked_until": locked,
                    "by_provider": account.by_provider,
                }
            )
        else:
            state = "disabled" if account.disabled else "one-time password" if account.must_change else ""
            typer.echo(f"{account.name:<24} {account.role.value:<16} {state}".rstrip())


@accounts.command("role")
def role(name: Name, role: Annotated[Role, typer.Argument(help="The new role.")], data_dir: DataDir = None) -> None:
    """Give an account another role; it must sign in again."""
    opened(data_dir).accounts.set_role(name, role)
    say(f"{name} is {role.value.replace('_', ' ')} now.")


@accounts.command("disable")
def disable(name: Name, data_dir: DataDir = None) -> None:
    """Let an account in no more, and end its sessions."""
    opened(data_dir).accounts.set_disabled(name, disabled=True)
    say(f"{name} is disabled.")


@accounts.command("enable")
def enable(name: Name, data_dir: DataDir = None) -> None:
    """Let an account in again."""
    opened(data_dir).accounts.set_disabled(name, disabled=False)
    say(f"{name} is enabled.")


@accounts.command("reset")
def reset(name: Name, data_dir: DataDir = None) -> None:
    """Print a one-time password, which must be changed at the next sign-in."""
    typer.echo(opened(data_dir).accounts.reset(name))


@accounts.command("unlock")
def unlock(name: Name, data_dir: DataDir = None) -> None:
    """Forget an account's wrong passwords."""
    opened(data_dir).accounts.unlock(name)
    say(f"{name} may sign in again.")
