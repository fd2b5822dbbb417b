"""`scrub clean`: local files and standard input."""

from __future__ import annotations

import sys
from enum import StrEnum
from functools import partial
from typing import Annotated

import typer

from scrub.api import load_cleaner
from scrub.cli import options, work
from scrub.cli.report import Report
from scrub.sources.files import read_input
from scrub.write.record import NOTE


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
    images: options.ImagesFlag = False,
    fast: options.FastFlag = False,
    jsonl: options.JsonlFlag = False,
    field: options.FieldOption = "text",
    restore: options.RestoreFlag = False,
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
    jobs: options.JobsOption = 1,
    errors: options.ErrorsOption = None,
    quiet: options.QuietFlag = False,
    verbose: options.VerboseFlag = False,
    no_color: options.NoColorFlag = False,
) -> None:
    """Clean local articles: text or HTML, also .gz. Standard input is read when no file is named.

    Examples: scrub clean article.txt; scrub clean *.html -o cleaned/; scrub clean --json page.html | jq .title;
    scrub clean --jsonl --field body --jobs 0 corpus.jsonl.gz -o clean.jsonl
    """
    if not files and sys.stdin.isatty():
        sys.stderr.write(context.get_help() + "\n")
        raise typer.Exit(2)
    _check_usage(context)
    as_json = json or full or jsonl
    target = work.Output(options.Format.json if as_json else format, output, force, nul, not no_removed, full, images)
    target.check()
    report = Report(explain=explain, quiet=quiet, verbose=verbose, no_color=no_color, errors=errors)
    names, jobs = files or ["-"], jobs or work.cores()
    load = partial(load_cleaner, keep or (), only or (), rules or (), fast=fast)
    if jsonl and target.to_folder():
        raise typer.BadParameter("with --jsonl it must be a file: the lines stay together", param_hint="--output")
    with work.contract():
        if restore:
            work.restore_lines(names, target, report)
        elif jsonl:
            work.clean_lines(names, field, load, target, report, jobs)
        else:
            read = partial(read_input, url=url, kind=kind.value if kind else None, encoding=encoding)
            work.clean_files(names, read, load, target, report, jobs, all_pages=kind is Kind.html)


# What makes no sense beside an option, by the names of the parameters above.
_SENSELESS = {
    "jsonl": ("restore", "full", "kind", "encoding", "url", "nul"),
    "restore": (
        "json", "full", "no_removed", "explain", "fast", "kind", "encoding", "url", "keep", "only", "rules", "jobs",
        "field",
    ),
}  # fmt: skip
_FORMATS = {"jsonl": "json", "restore": "text"}  # the one that is written, so that another is not asked for


def _check_usage(context: typer.Context) -> None:
    """Refuse options that contradict each other or would do nothing. BadParameter names them."""
    sources = {name: context.get_parameter_source(name) for name in context.params}
    named = {name for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"}
    options_of = {parameter.name: max(parameter.opts, key=len) for parameter in context.command.params}
    for mode in (mode for mode in _SENSELESS if mode in named):
        senseless = [name for name in _SENSELESS[mode] if name in named]
        if "format" in named and context.params["format"] != _FORMATS[mode]:
            senseless.append("format")
        if senseless:
            other = ", ".join(options_of[name] for name in senseless)
            raise typer.BadParameter(f"it makes no sense beside {options_of[mode]}", param_hint=other)
    if "field" in named and "jsonl" not in named:
        raise typer.BadParameter("it needs --jsonl", param_hint="--field")
    if context.params["jsonl"] and context.params["field"] == NOTE:
        raise typer.BadParameter(
            f"{NOTE!r} is where it is said what was removed; rename the field", param_hint="--field"
        )
