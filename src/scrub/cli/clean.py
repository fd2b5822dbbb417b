"""`scrub clean`: local files and standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scrub.api import load_rules
from scrub.cli import options, work
from scrub.cli.report import Report
from scrub.model import Page


class Kind(StrEnum):
    """What an input is."""

    text = "text"
    html = "html"


def add_to(app: typer.Typer) -> None:
    """Make it a command of the program."""
    app.command()(clean)


def clean(
    context: typer.Context,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE|-]...", help="Files to clean; - is standard input.")
    ] = None,
    format: options.FormatOption = options.Format.text,  # noqa: A002  # the option's name
    json: options.JsonFlag = False,
    output: options.OutputOption = None,
    force: options.ForceFlag = False,
    nul: options.NulFlag = False,
    explain: options.ExplainFlag = False,
    no_removed: options.NoRemovedFlag = False,
    full: options.FullFlag = False,
    kind: Annotated[Kind | None, typer.Option("--as", help="What the input is, instead of detecting it.")] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="The input's encoding, instead of detecting it.")
    ] = None,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="The page's address, for relative links.")
    ] = None,
    keep: options.KeepOption = None,
    only: options.OnlyOption = None,
    rules: options.RulesOption = None,
    errors: options.ErrorsOption = None,
    quiet: options.QuietFlag = False,
    verbose: options.VerboseFlag = False,
    no_color: options.NoColorFlag = False,
) -> None:
    """Clean local articles: text or HTML, also .gz. Standard input is read when no file is named.

    Examples: scrub clean article.txt; scrub clean *.html -o cleaned/; scrub clean --json page.html | jq .title
    """
    if not files and sys.stdin.isatty():
        sys.stderr.write(context.get_help() + "\n")
        raise typer.Exit(2)
    target = work.Output(options.Format.json if json or full else format, output, force, nul, not no_removed, full)
    report = Report(explain=explain, quiet=quiet, verbose=verbose, no_color=no_color, errors=errors)
    with work.contract():
        read = _reader(kind, encoding, url)
        work.run(files or ["-"], read, load_rules(keep or (), only or (), rules or ()), target, report)


def _reader(kind: Kind | None, encoding: str | None, url: str | None) -> Callable[[str], Page]:
    """From a file's name to its page, with what the options say of it."""
    from scrub.sources.files import read_file, read_standard_input

    def read(name: str) -> Page:
        page = read_standard_input() if name == "-" else read_file(Path(name))
        return replace(page, url=url, kind=kind.value if kind else None, encoding=encoding)

    return read
