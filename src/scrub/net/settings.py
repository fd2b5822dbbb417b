"""What may vary in a download."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from scrub.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

USER_AGENT = f"scrub-news/{__version__} (article extraction; python-httpx)"

# RFC 9110, 5.6.2 and 5.5: a header's name is a token; its value is visible ASCII, spaces and tabs.
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")

# What frames the request belongs to the connection (RFC 9110, 7.2 and 7.6.1; RFC 9112, 6).
OWN_HEADERS = frozenset({"connection", "content-length", "host", "te", "trailer", "transfer-encoding", "upgrade"})

Accepted = Literal["pages", "any-text"]
PROXY_SCHEMES = frozenset({"http", "https", "socks5", "socks5h"})

Purpose = Literal["read", "archive", "search", "rag", "train"]


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How pages are fetched. `ValueError` where a value cannot be meant.

    `timeout` is the total for one page in seconds: look-ups, connections, redirects, bodies and tries together, but not
    the time in which the page waits for its turn. `max_bytes` bounds the body as it comes and again after
    decompression. `allow_private` permits loopback and private addresses, never link-local ones or those where a cloud
    machine finds its credentials. `headers` are sent to the host that was asked for, and not to another one that it
    redirects to. `accept` says what may come: pages, or also feeds, sitemaps (packed with gzip too) and other text.

    `retries` is how often a page is asked for again where that may help. `concurrency` is how many hosts are asked at
    once; one host has one request at a time, and `delay` seconds at least lie between the starts of two. `purpose` is
    what the pages are for: a site's machine-readable "no" to it is obeyed. `proxy` is an address (`http://`, `https://`
    or `socks5://`), "" for none, `None` for that of the environment. `cookies` is a Netscape `cookies.txt`; `ca_file`
    replaces the trusted certificates; `certificate` holds a client's certificate and key. The three are PEM or text
    files. `cache` is a folder in which answers are kept between runs as their servers permit it.
    """

    timeout: float = 30
    max_bytes: int = 20_000_000
    max_redirects: int = 10
    user_agent: str = USER_AGENT
    allow_private: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    accept: Accepted = "pages"
    retries: int = 2
    concurrency: int = 20
    delay: float = 1
    ignore_robots: bool = False
    purpose: Purpose = "read"
    proxy: str | None = None
    cookies: Path | None = None
    ca_file: Path | None = None
    certificate: Path | None = None
    cache: Path | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.timeout) and self.timeout > 0):
            raise ValueError(f"timeout must be a number of seconds above 0, not {self.timeout!r}")
        if not (math.isfinite(self.delay) and self.delay >= 0):
            raise ValueError(f"delay must be a number of seconds, 0 at least, not {self.delay!r}")
        if self.max_bytes < 1 or self.max_redirects < 0 or self.retries < 0 or self.concurrency < 1:
            raise ValueError(
                "max_bytes and concurrency must be at least 1, max_redirects and retries must be at least 0"
            )
        for name, value in (*self.headers, ("User-Agent", self.user_agent)):
            _check_header(name, value)
        if self.proxy:
            check_proxy(self.proxy)


def check_proxy(address: str) -> None:
    """`ValueError` where an address cannot be that of a proxy. The message repeats no password."""
    try:
        parts = urlsplit(address)
        valid = parts.scheme in PROXY_SCHEMES and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        valid = False
    if not valid:
        raise ValueError("a proxy is written as http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT")


def _check_header(name: str, value: str) -> None:
    if not HEADER_NAME.fullmatch(name) or not HEADER_VALUE.fullmatch(value):
        raise ValueError(f"the header {name!r} is not one that HTTP can carry")
    if name.lower() in OWN_HEADERS:
        raise ValueError(f"the header {name!r} is the connection's own and cannot be set")
