"""`scrub fetch`: pages from the network."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from scrub.api import load_rules
from scrub.cli import network, options, work
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
    timeout: network.TimeoutOption = 30.0,
    retries: network.RetriesOption = 2,
    concurrency: network.ConcurrencyOption = 20,
    delay: network.DelayOption = 1.0,
    max_size: network.MaxSizeOption = 20_000_000,
    header: network.HeaderOption = None,
    user_agent: network.UserAgentOption = None,
    cookies: network.CookiesOption = None,
    proxy: network.ProxyOption = None,
    cacert: network.CaFileOption = None,
    cert: network.CertificateOption = None,
    allow_private: network.AllowPrivateFlag = False,
    ignore_robots: network.IgnoreRobotsFlag = False,
    purpose: network.PurposeOption = network.Purpose.read,
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
    target = work.Output(options.Format.json if json or full else format, output, force, nul, not no_removed, full)
    report = Report(explain=explain, quiet=quiet, verbose=verbose, no_color=no_color, errors=errors)
    settings = network.read_settings(
        timeout=timeout, retries=retries, concurrency=concurrency, delay=delay, max_size=max_size, header=header,
        user_agent=user_agent, cookies=cookies, proxy=proxy, cacert=cacert, cert=cert, allow_private=allow_private,
        ignore_robots=ignore_robots, purpose=purpose,
    )  # fmt: skip
    with work.contract():
        from scrub.net import Fetcher

        chosen = load_rules(keep or (), only or (), rules or ())
        with Fetcher(settings) as fetcher:
            work.run(_addresses(urls or ["-"]), fetcher, chosen, target, report)


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
