"""The options of commands that download, each with its help, and the settings that they make."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from scrub.net import FetchSettings
    from scrub.net.settings import Accepted


class Purpose(StrEnum):
    """What pages are fetched for."""

    read = "read"
    archive = "archive"
    search = "search"
    rag = "rag"
    train = "train"


TimeoutOption = Annotated[
    float,
    typer.Option("--timeout", metavar="S", min=0.1, help="Seconds for one page, its waits for the host not counted."),
]
RetriesOption = Annotated[
    int, typer.Option("--retries", metavar="N", min=0, max=10, help="Ask again so often where that may help.")
]
ConcurrencyOption = Annotated[
    int,
    typer.Option("--concurrency", metavar="N", min=1, max=1000, help="Ask so many hosts at once, each for one page."),
]
DelayOption = Annotated[
    float,
    typer.Option("--delay", metavar="S", min=0, help="Seconds between two requests to a host, or more if it is slow."),
]
MaxSizeOption = Annotated[int, typer.Option("--max-size", metavar="BYTES", min=1, help="The largest page, unpacked.")]
HeaderOption = Annotated[
    list[str] | None, typer.Option("-H", "--header", metavar="LINE", help="Send a header, as in curl. Repeatable.")
]
UserAgentOption = Annotated[
    str | None,
    typer.Option(
        "-A", "--user-agent", metavar="NAME", help="Introduce yourself with this name; robots.txt goes by it."
    ),
]
CookiesOption = Annotated[
    Path | None,
    typer.Option(
        "-b",
        "--cookies",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="Send a cookies.txt's cookies to their sites.",
    ),
]
ProxyOption = Annotated[
    str | None,
    typer.Option(
        "-x",
        "--proxy",
        metavar="URL",
        help="Fetch through this proxy, which resolves names itself; '' ignores the environment's.",
    ),
]
CaFileOption = Annotated[
    Path | None,
    typer.Option("--cacert", metavar="FILE", exists=True, dir_okay=False, help="Trust these certificates (PEM) alone."),
]
CertificateOption = Annotated[
    Path | None,
    typer.Option("--cert", metavar="FILE", exists=True, dir_okay=False, help="Your own certificate and its key (PEM)."),
]
AllowPrivateFlag = Annotated[
    bool, typer.Option("--allow-private", help="Permit loopback and private addresses (never link-local ones).")
]
IgnoreRobotsFlag = Annotated[bool, typer.Option("--ignore-robots", help="Do not ask for robots.txt.")]
PurposeOption = Annotated[
    Purpose, typer.Option("--purpose", help="What the pages are for; a site's machine-readable no to it is obeyed.")
]

NoCacheFlag = Annotated[bool, typer.Option("--no-cache", help="Ask for each page anew, and keep none of the answers.")]


def read_settings(
    *,
    timeout: float,
    retries: int,
    concurrency: int,
    delay: float,
    max_size: int,
    header: list[str] | None,
    user_agent: str | None,
    cookies: Path | None,
    proxy: str | None,
    cacert: Path | None,
    cert: Path | None,
    allow_private: bool,
    ignore_robots: bool,
    purpose: Purpose,
    no_cache: bool,
    accept: Accepted = "pages",
) -> FetchSettings:
    """The settings that the options make. BadParameter says which of them cannot be meant."""
    from scrub.net import FetchSettings
    from scrub.net.cache_store import cache_folder
    from scrub.net.retries import keep_quiet
    from scrub.net.settings import USER_AGENT

    keep_quiet()  # the report says what failed
    try:
        return FetchSettings(
            timeout=timeout,
            max_bytes=max_size,
            user_agent=user_agent or USER_AGENT,
            allow_private=allow_private,
            headers=tuple(_header(line) for line in header or ()),
            retries=retries,
            concurrency=concurrency,
            delay=delay,
            ignore_robots=ignore_robots,
            purpose=purpose.value,
            proxy=proxy,
            cookies=cookies,
            ca_file=cacert,
            certificate=cert,
            cache=None if no_cache else cache_folder(),
            accept=accept,
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        raise typer.BadParameter(f"{name!r} is no header; write it as 'Name: value'", param_hint="--header")
    return name.strip(), value.strip()
