"""The room that downloads: an address comes in, a Page or a `FetchError` goes out.

Here is all of scrub that imports httpx, and it does so when the first page is asked for, since that import costs
more than the rest of a start. The way of an address through the room: `urls` and `addresses` say whether it may be
opened, `transport` connects to a checked address and nowhere else, `download` follows redirects and reads a bounded
body, `decoding` decompresses it within a limit, `content` says whether it is a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrub.net.settings import FetchSettings

if TYPE_CHECKING:
    from scrub.net.fetcher import Fetcher, fetch_page

__all__ = ["FetchSettings", "Fetcher", "fetch_page"]


def __getattr__(name: str) -> object:
    if name in {"Fetcher", "fetch_page"}:
        from scrub.net import fetcher

        return getattr(fetcher, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
