"""Fetching for callers that are asynchronous: an address goes in, its page or its error comes out, many at once."""

from __future__ import annotations

from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING, Self

from scrub.net.cache import CachingTransport
from scrub.net.cache_store import CacheStore
from scrub.net.cookies import read_cookies
from scrub.net.download import Sites, download_page
from scrub.net.exchange import Client, Effort
from scrub.net.politeness import Hosts
from scrub.net.pools import open_transport
from scrub.net.robots import agent_names
from scrub.net.settings import FetchSettings
from scrub.net.site_files import SiteFiles
from scrub.net.transport import Resolver, resolve_name

if TYPE_CHECKING:
    from types import TracebackType

    from scrub.model import Page

DEFAULT_SETTINGS = FetchSettings()


class Downloader:
    """Fetches pages, any number at once: guarded, asking robots.txt and what sites say of the use of their pages, one
    request at a time for each host, again where that may help. For one event loop.

    >>> async def read(url):
    ...     async with Downloader(FetchSettings(timeout=10)) as downloader:
    ...         return await downloader(url)
    """

    def __init__(self, settings: FetchSettings = DEFAULT_SETTINGS, resolve: Resolver = resolve_name) -> None:
        self._settings = settings
        self._resolve = resolve
        self._stack = AsyncExitStack()
        self._sites: Sites | None = None

    async def __aenter__(self) -> Self:
        """Open it. A ScrubError for cookies, certificates, a proxy or a cache that cannot be used."""
        settings = self._settings
        cookies = read_cookies(settings.cookies) if settings.cookies else None
        agents = agent_names(settings.user_agent)
        async with AsyncExitStack() as stack:
            pools = await stack.enter_async_context(aclosing(open_transport(settings, self._resolve)))
            store = stack.enter_context(CacheStore(settings.cache)) if settings.cache else None
            cache = CachingTransport(pools, store, private=settings.allow_private) if store else None
            client = Client(settings, pools, cache, Hosts(settings.delay, settings.concurrency))
            files = await stack.enter_async_context(aclosing(SiteFiles(client, agents)))
            self._sites = Sites(client, files, cookies, agents)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._sites = None
        await self._stack.aclose()

    async def __call__(self, url: str) -> Page:
        """The page at `url`, or a `ScrubError` that says why there is none."""
        return await download_page(url, self._opened(), Effort(self._settings.timeout))

    def _opened(self) -> Sites:
        if self._sites is None:
            raise RuntimeError("a Downloader is used in an async with statement")
        return self._sites
