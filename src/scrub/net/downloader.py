"""Fetching for callers that are asynchronous: addresses go in, pages and errors come out, many at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable
from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING, NamedTuple, Self

from scrub.errors import InternalError, ScrubError
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

# Pages that wait or are fetched, for each host that may be asked at once: so many addresses of one host may follow each
# other before those of other hosts have to wait for it.
WINDOW = 10


class Fetched(NamedTuple):
    """What came of an address: a page or an error; how often it was asked for, the seconds that it waited for its
    turn, and the bytes that came, before decompression."""

    url: str
    page: Page | None
    error: ScrubError | None
    attempts: int
    seconds_waited: float
    bytes_received: int


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

    async def fetch(self, url: str) -> Fetched:
        """What comes of an address, with its figures; it raises nothing."""
        sites, effort = self._opened(), Effort(self._settings.timeout)
        page: Page | None = None
        error: ScrubError | None = None
        try:
            page = await download_page(url, sites, effort)
        except ScrubError as failure:
            error = failure
        except Exception as failure:  # noqa: BLE001  # one page's fault must not cost the others
            error = InternalError(f"{type(failure).__name__}: {failure}")
            error.__cause__ = failure
        return Fetched(url, page, error, effort.attempts, effort.waited, effort.received)

    async def fetch_all(self, urls: AsyncIterable[str] | Iterable[str]) -> AsyncGenerator[Fetched]:
        """What comes of each address, as it is done. Ten times `concurrency` are on their way at most, those included
        that nobody has taken yet, so that a list of any length streams."""
        room = asyncio.Semaphore(WINDOW * self._settings.concurrency)
        done: asyncio.Queue[Fetched | BaseException | None] = asyncio.Queue()
        tasks: set[asyncio.Task[None]] = set()

        async def fetch_one(url: str) -> None:
            done.put_nowait(await self.fetch(url))

        async def feed() -> None:
            end: BaseException | None = None
            try:
                async for url in _each(urls):
                    await room.acquire()
                    task = asyncio.create_task(fetch_one(url))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
                await asyncio.gather(*tasks)
            except Exception as failure:  # noqa: BLE001  # of the caller's addresses: it gets it back
                end = failure
            done.put_nowait(end)

        feeder = asyncio.create_task(feed())
        try:
            while (one := await done.get()) is not None:
                if isinstance(one, BaseException):
                    raise one
                room.release()
                yield one
        finally:
            running = [feeder, *tasks]
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def _opened(self) -> Sites:
        if self._sites is None:
            raise RuntimeError("a Downloader is used in an async with statement")
        return self._sites


async def fetch_pages(
    urls: AsyncIterable[str] | Iterable[str], settings: FetchSettings = DEFAULT_SETTINGS
) -> AsyncIterator[Fetched]:
    """What comes of many addresses, each as it is done. Addresses that are slow to come belong into an asynchronous
    iterator: a plain one holds up the pages while it is waited for."""
    async with Downloader(settings) as downloader:
        async for fetched in downloader.fetch_all(urls):
            yield fetched


async def _each(urls: AsyncIterable[str] | Iterable[str]) -> AsyncIterator[str]:
    if isinstance(urls, AsyncIterable):
        async for url in urls:
            yield url
    else:
        for url in urls:
            yield url
