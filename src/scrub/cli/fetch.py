"""`scrub fetch`: pages from the network."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Annotated

import typer

from scrub.api import load_rules
from scrub.cli import options, work
from scrub.cli.report import Report


def add_to(app: typer.Typer) -> None:
    """Make it a command of the program."""
    app.command()(fetch)


def fetch(
    context: typer.Context,
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="[URL|-]...", help="Pages to download; - reads URLs, one a line.")
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
    timeout: Annotated[float, typer.Option("--timeout", metavar="S", min=0.1, help="Seconds for one page.")] = 30.0,
    max_size: Annotated[
        int, typer.Option("--max-size", metavar="BYTES", min=1, help="The largest page, unpacked.")
    ] = 20_000_000,
    header: Annotated[
        list[str] | None, typer.Option("-H", "--header", metavar="LINE", help="Send a header, as in curl. Repeatable.")
    ] = None,
    user_agent: Annotated[
        str | None, typer.Option("-A", "--user-agent", metavar="NAME", help="Introduce yourself with this name.")
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Permit loopback and private addresses (never link-local ones).")
    ] = False,
    keep: options.KeepOption = None,
    only: options.OnlyOption = None,
    rules: options.RulesOption = None,
    errors: options.ErrorsOption = None,
    quiet: options.QuietFlag = False,
    verbose: options.VerboseFlag = False,
    no_color: options.NoColorFlag = False,
) -> None:
    """Download article pages and clean them.

    Examples: scrub fetch URL; scrub fetch --json URL | jq -r .title; scrub fetch - -o articles/ < urls.txt
    """
    if not urls and sys.stdin.isatty():
        sys.stderr.write(context.get_help() + "\n")
        raise typer.Exit(2)
    chosen_format = options.Format.json if json or full else format
    target = work.Output(chosen_format, output, force, nul, not no_removed, full, images)
    target.check()
    report = Report(explain=explain, quiet=quiet, verbose=verbose, no_color=no_color, errors=errors)
    headers = tuple(_header(line) for line in header or ())
    with work.contract():
        from scrub.net import Fetcher, FetchSettings

        chosen = load_rules(keep or (), only or (), rules or ())
        try:
            settings = FetchSettings(timeout=timeout, max_bytes=max_size, allow_private=allow_private, headers=headers)
            settings = replace(settings, user_agent=user_agent) if user_agent else settings
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
        with Fetcher(settings) as fetcher:
            work.run(_addresses(urls or ["-"]), fetcher, chosen, target, report)


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        raise typer.BadParameter(f"{line!r} is no header; write it as 'Name: value'", param_hint="--header")
    return name.strip(), value.strip()


def _addresses(urls: Iterable[str]) -> Iterator[str]:
    """The addresses as named; those of standard input as they come in, without blank lines and comments."""
    for url in urls:
        if url != "-":
            yield url
            continue
        for line in sys.stdin.buffer:
            address = line.decode("utf-8", "replace").strip()
            if address and not address.startswith("#"):
                yield address
