"""The command line: options to calls, errors to messages. `main` is what the console scripts run."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated

import typer

from scrub.version import __version__

COMMANDS = ("clean", "fetch", "links", "cache", "rules", "schema")  # each is a module of this package

app = typer.Typer(
    name="scrub",
    help="The article and nothing else, from a news page or from scraped text. Every removal is explained.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> int:
    """Run the command line; the exit status is 0, 1 (an input gave no article), 2 (wrong usage) or 130."""
    if problem := _missing_command(sys.argv[1:]):
        sys.stderr.write(problem)
        return 2
    try:
        _add_commands(sys.argv[1:])
        app()
    except KeyboardInterrupt:
        return 130
    return 0


def _missing_command(arguments: list[str]) -> str | None:
    """What to type instead, when the first argument is a file or an address and no command."""
    if not arguments or arguments[0].startswith("-") or arguments[0] in COMMANDS:
        return None
    command = "fetch" if arguments[0].startswith(("http://", "https://")) else "clean"
    wanted = " ".join(arguments)[:200]
    return (
        f"scrub: {arguments[0]!r} is no command; type `scrub {command} {wanted}`, or `scrub --help` for all commands\n"
    )


def _add_commands(arguments: list[str]) -> None:
    """Load the command that is asked for; all of them for help and completion; none to show the version."""
    named = arguments[:1] if arguments and arguments[0] in COMMANDS else COMMANDS
    if arguments == ["--version"]:
        return
    for name in named:
        import_module(f"scrub.cli.{name}").add_to(app)


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"scrub {__version__}\n")
        raise typer.Exit


@app.callback()
def scrub(
    version: Annotated[  # its callback does the work
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """The article and nothing else, from a news page or from scraped text. Every removal is explained."""
