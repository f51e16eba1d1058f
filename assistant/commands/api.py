"""`api schema`: the description of the REST API."""

from __future__ import annotations

import json

import typer

api = typer.Typer(help="The REST API that `serve` offers to other programs.", no_args_is_help=True)


@api.callback()
def _group() -> None:
    """The REST API that `serve` offers to other programs."""


@api.command()
def schema() -> None:
    """Print the description of the REST API (OpenAPI), as docs/openapi.json holds it."""
    from assistant.web.api import schema as described

    typer.echo(json.dumps(described(), indent=1, ensure_ascii=False))
