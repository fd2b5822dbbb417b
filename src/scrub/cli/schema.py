"""`scrub schema`."""

from __future__ import annotations

import json
import sys

import typer

from scrub.cli.work import contract


def add_to(app: typer.Typer) -> None:
    """Make it a command of the program."""
    app.command()(schema)


def schema() -> None:
    """Print the JSON Schema of one article."""
    from scrub.write.schema import article_schema

    with contract():
        sys.stdout.write(json.dumps(article_schema(), indent=2) + "\n")
        sys.stdout.flush()
