"""Addresses -> what came of downloading each: of many hosts at once, and never more than a window of them.

The window holds addresses that wait for their host, downloads on their way, and pages that wait for an earlier one. It
is bounded in number and, since a page may have megabytes, in bytes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

from scrub.errors import InternalError, ScrubError
from scrub.model import Page
from scrub.net.watching import watched
from scrub.sources.files import Given
from scrub.sources.multipage import fetch_further

CONCURRENCY = 20
AHEAD = 8  # addresses in the window for each host at a time, so that one host's many do not keep others out of it
MOST_BYTES = 64_000_000  # of pages that wait to be taken; what is on its way when they are reached comes on top

Download = Callable[[str], Awaitable[Page]]


class Watched(NamedTuple):
    """What a download did, for a person: `steps` are such as "from the cache"; `seconds` lie around all of it."""

    name: str
    page: Page | None
    seconds: float
    steps: tuple[str, ...]


Watch = Callable[[Watched], None]


async def download_all(
    addresses: AsyncIterable[Given],
    download: Download,
    *,
    concurrency: int = CONCURRENCY,
    ordered: bool = True,
    watch: Watch | None = None,
) -> AsyncGenerator[Given]:
    """The page of each address, with the further ones of its article, or its error; in the order of the addresses, or
    as they come. `concurrency` hosts are asked at a time, each for one page.

    An address that comes with an error passes through. Raises what `addresses` raises, after all that went before.
    Close the generator (`aclose`) to break off what is on its way.
    """
    window = _Window(download, concurrency, ordered, watch)
    feeder = asyncio.create_task(window.feed(addresses))
    feeder.add_done_callback(window.done.put_nowait)  # it stands at the end of the queue, as the end
    try:
        while (task := await window.done.get()) is not feeder:
            yield await window.take(task)
        await feeder
    finally:
        await _cancel([feeder, *window.tasks])


async def _cancel(tasks: list[asyncio.Task[Given] | asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Window:
    def __init__(self, download: Download, concurrency: int, ordered: bool, watch: Watch | None) -> None:
        self.download = download
        self.ordered = ordered
        self.watch = watch
        self.done: asyncio.Queue[asyncio.Task[Given] | asyncio.Task[None]] = asyncio.Queue()
        self.tasks: set[asyncio.Task[Given]] = set()
        self.room = asyncio.Semaphore(concurrency * AHEAD)
        self.slots = asyncio.Semaphore(concurrency)
        self.hosts: dict[str, tuple[asyncio.Lock, int]] = {}  # with how many want it
        self.held = 0  # bytes of pages that wait to be taken
        self.awaited: asyncio.Task[Given] | None = None
        self.changed = asyncio.Event()  # set when less is held, or another is awaited

    async def feed(self, addresses: AsyncIterable[Given]) -> None:
        """Begin with each address as soon as there is room for it; end when all have been downloaded."""
        try:
            async for given in addresses:
                await self.room.acquire()
                task = asyncio.create_task(self._fetch(given))
                self.tasks.add(task)
                if self.ordered:
                    self.done.put_nowait(task)
                else:
                    task.add_done_callback(self.done.put_nowait)
        finally:
            if self.tasks:
                await asyncio.wait(self.tasks)

    async def take(self, task: asyncio.Task[Given] | asyncio.Task[None]) -> Given:
        """What a task gives, which from then on is no longer held here."""
        assert task in self.tasks
        self.awaited = task  # type: ignore[assignment]  # it is one of the tasks
        self.changed.set()
        given = await task
        assert given is not None
        self.tasks.discard(self.awaited)
        self.held -= _size(given)
        self.changed.set()
        self.room.release()
        return given

    async def _fetch(self, given: Given) -> Given:
        if given.error is not None:
            return given
        async with self._host(given.name):
            fetched = await self._in_turn(given.name)
        self.held += _size(fetched)
        return fetched

    async def _in_turn(self, address: str) -> Given:
        """Download when there is a slot and room for what comes. What is awaited needs no room, or all would wait for
        each other; its host's turns go by order, so it has had its own before those that wait here."""
        while True:
            async with self.slots:
                if self.held <= MOST_BYTES or self.awaited is asyncio.current_task():
                    return await self._download(address)
            self.changed.clear()
            await self.changed.wait()

    async def _download(self, address: str) -> Given:
        started = time.monotonic()
        page: Page | None = None
        further: tuple[Given, ...] = ()
        error: ScrubError | None = None
        with watched() as steps:
            try:
                page = await self.download(address)
                further = await fetch_further(page, self.download)
            except ScrubError as failure:
                error = failure
            except Exception as failure:  # noqa: BLE001  # a page's failure must not stop the others
                error = InternalError(f"{type(failure).__name__}: {failure}")
        if self.watch is not None:
            self.watch(Watched(address, page, time.monotonic() - started, tuple(steps)))
        return Given(address, error=error, page=None if error else page, further=further)

    @asynccontextmanager
    async def _host(self, address: str) -> AsyncIterator[None]:
        host = host_of(address)
        turn, wanted = self.hosts.get(host, (asyncio.Lock(), 0))
        self.hosts[host] = (turn, wanted + 1)
        try:
            async with turn:
                yield
        finally:
            turn, wanted = self.hosts.pop(host)
            if wanted > 1:
                self.hosts[host] = (turn, wanted - 1)


def _size(given: Given) -> int:
    return (len(given.page.body) if given.page is not None else 0) + sum(map(_size, given.further))


def host_of(address: str) -> str:
    """The host and port in an address; empty where there is none."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
