"""What may vary in a download."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from scrub.version import __version__

USER_AGENT = f"scrub-news/{__version__} (article extraction; python-httpx)"

# RFC 9110, 5.6.2 and 5.5: a header's name is a token; its value is visible ASCII, spaces and tabs.
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")

# What frames the request belongs to the connection (RFC 9110, 7.2 and 7.6.1; RFC 9112, 6).
OWN_HEADERS = frozenset({"connection", "content-length", "host", "te", "trailer", "transfer-encoding", "upgrade"})

Accepted = Literal["pages", "any-text"]


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How pages are fetched. `ValueError` where a value cannot be meant.

    `timeout` is the total for one page in seconds: look-up, connections, redirects and body. `max_bytes` bounds the
    body as it comes and again after decompression. `allow_private` permits loopback and private addresses, never
    link-local ones or those where a cloud machine finds its credentials. `headers` are sent to the host that was
    asked for, and not to another one that it redirects to. `accept` says what may come: pages, or also feeds, sitemaps
    (packed with gzip too) and other text.
    """

    timeout: float = 30
    max_bytes: int = 20_000_000
    max_redirects: int = 10
    user_agent: str = USER_AGENT
    allow_private: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    accept: Accepted = "pages"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.timeout) and self.timeout > 0):
            raise ValueError(f"timeout must be a number of seconds above 0, not {self.timeout!r}")
        if self.max_bytes < 1 or self.max_redirects < 0:
            raise ValueError("max_bytes must be at least 1 and max_redirects at least 0")
        for name, value in (*self.headers, ("User-Agent", self.user_agent)):
            _check_header(name, value)


def _check_header(name: str, value: str) -> None:
    if not HEADER_NAME.fullmatch(name) or not HEADER_VALUE.fullmatch(value):
        raise ValueError(f"not a header that HTTP can carry: {name!r}: {value!r}")
    if name.lower() in OWN_HEADERS:
        raise ValueError(f"the header {name!r} is the connection's own and cannot be set")
