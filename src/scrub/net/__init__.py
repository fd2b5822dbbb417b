"""The room that downloads: an address comes in, a Page or a `FetchError` goes out.

Here is all of scrub that imports httpx, and it does so when the first page is asked for, since that import costs
more than the rest of a start. The way of an address through the room: `urls` and `addresses` say whether it may be
opened, `site_files` asks the site with `robots` and `preferences`, `politeness` waits for the host's turn, `exchange`
sends one request, which `cache` may answer, over the connections of `pools` and `transport`, to a checked address and
nowhere else, `decoding` decompresses the bounded body, `content` says whether it is a page. `download` follows
redirects, `retries` tries again, `downloader` does it for many pages, `fetcher` for callers that are not asynchronous.
What happens on the way is told to who is `watching`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from scrub.net.settings import FetchSettings

if TYPE_CHECKING:
    from scrub.net.downloader import Downloader
    from scrub.net.fetcher import Fetcher, fetch_page

__all__ = ["Downloader", "FetchSettings", "Fetcher", "fetch_page"]

_HOMES = {
    "Downloader": "downloader",
    "Fetcher": "fetcher",
    "fetch_page": "fetcher",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(f"scrub.net.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
