"""`scrub links`: the addresses of a site's articles."""

from __future__ import annotations

import json as json_writer
import re
import sys
from datetime import UTC, datetime, timedelta
from fnmatch import translate
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scrub.cli import network, options, work
from scrub.cli.report import Report
from scrub.run.articles import Outcome, attempt
from scrub.write import places

if TYPE_CHECKING:
    from scrub.sources.links import Choice, Link
    from scrub.sources.visits import Fetch

_AGE = re.compile(r"(\d{1,4})\s?([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def add_to(app: typer.Typer) -> None:
    """Make it a command of the program."""
    app.command()(links)


def links(
    context: typer.Context,
    sites: Annotated[
        list[str] | None,
        typer.Argument(metavar="SITE...", help="A host (news.example), or the address of a section, feed or sitemap."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE|AGE", help="Only articles from then on: 2026-01-31, or 30m, 6h, 2d, 1w."),
    ] = None,
    match: Annotated[
        str | None,
        typer.Option(
            "--match", metavar="PATTERN", help="Only addresses in which this glob is found: /sport/, /2026/*/budget"
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="At most N links of each site; ask no further.")
    ] = None,
    format: Annotated[  # noqa: A002  # the option's name
        options.Format, typer.Option("-f", "--format", help="One address a line, or one JSON object a line.")
    ] = options.Format.text,
    json: options.JsonFlag = False,
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help="Write to this file.")] = None,
    timeout: network.TimeoutOption = 30.0,
    retries: network.RetriesOption = 2,
    delay: network.DelayOption = 1.0,
    max_size: network.MaxSizeOption = 52_428_800,
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
    errors: options.ErrorsOption = None,
    quiet: options.QuietFlag = False,
    no_color: options.NoColorFlag = False,
) -> None:
    """List a site's article links: from its feeds, its sitemaps and its front page.

    Examples: scrub links news.example; scrub links news.example --since 6h | scrub fetch - --json
    """
    if not sites:
        sys.stderr.write(context.get_help() + "\n")
        raise typer.Exit(2)
    report = Report(explain=False, quiet=quiet, verbose=False, no_color=no_color, errors=errors)
    settings = network.read_settings(
        timeout=timeout, retries=retries, concurrency=1, delay=delay, max_size=max_size, header=header,
        user_agent=user_agent, cookies=cookies, proxy=proxy, cacert=cacert, cert=cert, allow_private=allow_private,
        ignore_robots=ignore_robots, purpose=purpose, no_cache=no_cache, accept="any-text",
    )  # fmt: skip
    moment = _moment(since, datetime.now(UTC)) if since else None
    as_json = json or format is options.Format.json
    with work.contract():
        from scrub.net import Fetcher
        from scrub.sources.links import Choice

        choice = Choice(moment, _pattern(match) if match else None, limit)
        with Fetcher(settings) as fetcher, _place(output) as place:
            for site in sites:
                _write(attempt(site, partial(_list, site, fetcher, choice, as_json=as_json)), place, report)
    if report.failed:
        raise typer.Exit(1)


def _list(site: str, fetch: Fetch, choice: Choice, *, as_json: bool) -> Outcome:
    from scrub.sources.sites import find_links

    found = find_links(site, fetch, choice)
    lines = "".join(_line(link, as_json=as_json) for link in found.links)
    return Outcome(site, lines.encode("utf-8", "replace"), warnings=found.warnings)


def _write(outcome: Outcome, place: places.Place, report: Report) -> None:
    if outcome.error is not None:
        report.error(outcome.name, outcome.error)
        return
    place.put(outcome.name, outcome.content)
    report.article(outcome)


def _line(link: Link, *, as_json: bool) -> str:
    if not as_json:
        return f"{link.url}\n"
    members = ("url", "title", "published", "modified", "source")
    return json_writer.dumps({name: getattr(link, name) for name in members}, ensure_ascii=False) + "\n"


def _place(output: str | None) -> places.Place:
    return places.standard_output(b"") if output in (None, "-") else places.GrowingFile(Path(output), b"")


def _moment(since: str, now: datetime) -> datetime:
    """The moment that a date means, by this machine's clock where it has no offset, or an age does."""
    if age := _AGE.fullmatch(since.strip()):
        return now - timedelta(**{_UNITS[age.group(2)]: int(age.group(1))})
    try:
        return datetime.fromisoformat(since).astimezone()
    except (ValueError, OverflowError) as error:
        hint = f"{since!r} is neither a date nor an age; write it as 2026-01-31, 2026-01-31T06:00, 6h or 2d"
        raise typer.BadParameter(hint, param_hint="--since") from error


def _pattern(glob: str) -> re.Pattern[str]:
    """The glob as an expression that is found anywhere in an address."""
    return re.compile(translate(f"*{glob}*"))
