"""`scrub fetch`: pages from the network."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scrub.api import load_cleaner
from scrub.cli import network, options, work
from scrub.cli.report import Report
from scrub.sources.files import Given

if TYPE_CHECKING:
    from scrub.run.state import State

_AGE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s?([smhdw]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def add_to(app: typer.Typer) -> None:
    """Make it a command of the program."""
    app.command()(fetch)


def _age(text: str | float) -> float:
    """Seconds in an age as people write it."""
    found = _AGE.fullmatch(str(text).strip().lower())
    if not found:
        raise typer.BadParameter(f"{text!r} is no age; write 90s, 30m, 6h, 2d or 1w")
    return float(found[1]) * _SECONDS[found[2]]


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
    fast: options.FastFlag = False,
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
    no_cache: network.NoCacheFlag = False,
    state: Annotated[
        Path | None,
        typer.Option("--state", metavar="FILE", help="Remember what is done: a second run goes on from there."),
    ] = None,
    refresh: Annotated[
        float | None,
        typer.Option(
            "--refresh", metavar="AGE", parser=_age, help="With --state: fetch again what is older; as in 6h."
        ),
    ] = None,
    save_html: Annotated[
        Path | None,
        typer.Option(
            "--save-html",
            metavar="PATH",
            help="Keep each page as it came, in a folder or FILE.warc.gz, for `scrub clean`.",
        ),
    ] = None,
    keep: options.KeepOption = None,
    only: options.OnlyOption = None,
    rules: options.RulesOption = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", metavar="N", min=0, help="Clean in N processes; 0, as for many pages, is one for each core."
        ),
    ] = None,
    unordered: Annotated[
        bool, typer.Option("--unordered", help="Write each article when it is there, not in the order of the URLs.")
    ] = False,
    errors: options.ErrorsOption = None,
    quiet: options.QuietFlag = False,
    verbose: options.VerboseFlag = False,
    no_color: options.NoColorFlag = False,
) -> None:
    """Download article pages and clean them.

    Examples: scrub fetch URL; scrub fetch --json URL | jq -r .title; scrub fetch - -o articles/ < urls.txt;
    scrub fetch - --state news.db --refresh 6h -o articles/ < urls.txt
    """
    if not urls and sys.stdin.isatty():
        sys.stderr.write(context.get_help() + "\n")
        raise typer.Exit(2)
    if refresh is not None and state is None:
        raise typer.BadParameter("it needs --state", param_hint="--refresh")
    chosen_format = options.Format.json if json or full else format
    target = work.Output(chosen_format, output, force, nul, not no_removed, full, images)
    target.check()
    report = Report(
        explain=explain, quiet=quiet, verbose=verbose, no_color=no_color, errors=errors, continued=state is not None
    )
    settings = network.read_settings(
        timeout=timeout, retries=retries, concurrency=concurrency, delay=delay, max_size=max_size, header=header,
        user_agent=user_agent, cookies=cookies, proxy=proxy, cacert=cacert, cert=cert, allow_private=allow_private,
        ignore_robots=ignore_robots, purpose=purpose, no_cache=no_cache,
    )  # fmt: skip
    names, load = urls or ["-"], partial(load_cleaner, keep or (), only or (), rules or (), fast=fast)
    report.expect(None if "-" in names else len(names))
    with work.contract(), ExitStack() as stack:
        from scrub.net import Downloader
        from scrub.run.fetches import Downloads, Network
        from scrub.write.pages import open_keeper

        if keep or only or rules:
            load()  # what is wrong with them is said before anything is downloaded
        known = stack.enter_context(_open_state(state, refresh)) if state else None
        keeper = stack.enter_context(open_keeper(save_html)) if save_html else None
        opened = Network(partial(Downloader, settings), concurrency, not unordered, report.request)
        work.clean_downloads(
            Downloads(_claimed(_addresses(names), known), opened),
            load,
            target,
            report,
            _jobs(jobs, report),
            saved=keeper,
            state=known,
        )


def _open_state(path: Path, refresh: float | None) -> State:
    from scrub.run.state import State

    return State(path, refresh)


def _jobs(wanted: int | None, report: Report) -> int:
    """How many processes: for many pages one for each core, for a single one none but this."""
    if wanted is None and not report.many:
        return 1
    return wanted or work.cores()


def _addresses(urls: Sequence[str]) -> Iterator[Given]:
    """The addresses as named; those of standard input as they come in, without blank lines and comments."""
    for url in urls:
        if url != "-":
            yield Given(url)
            continue
        from scrub.sources.json_lines import read_lines

        for lines in read_lines("-"):
            for line in lines:
                address = line.body.decode("utf-8", "replace").strip()
                if line.error or not address.startswith("#"):
                    yield line if line.error else Given(address)


def _claimed(addresses: Iterable[Given], state: State | None) -> Iterator[Given]:
    """The addresses that are to be done, by this process and now."""
    for given in addresses:
        if state is None or given.error or state.claim(given.name):
            yield given
