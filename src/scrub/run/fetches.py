"""Addresses -> downloaded pages -> outcomes. The network has a thread and an event loop of its own, what comes of it is
an iterator like any other, and cleaning goes on beside it, in this process or in several.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, aclosing, suppress
from functools import partial
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from scrub.errors import InternalError, OutputError, ScrubError, StorageError
from scrub.model import Article
from scrub.run.articles import Clean, Outcome, Work, attempt, outcome_of
from scrub.run.processes import leave_interrupts_to_the_main_thread
from scrub.run.waiting import take
from scrub.run.window import CONCURRENCY, Download, Watch, download_all
from scrub.sources.files import Given, Input, page_of
from scrub.sources.multipage import read_whole_article

if TYPE_CHECKING:
    from scrub.write.pages import PageKeeper

HANDED_OVER = 2  # pages between the network and the cleaning; more wait in the window, where they are counted
PATIENCE = 1.0  # seconds in which connections are closed at the end; then they are left to the system


class Network(NamedTuple):
    """How pages are had: `open_download` (a `Downloader`, say) is entered in the network's thread. `watch` is called
    there."""

    open_download: Callable[[], AbstractAsyncContextManager[Download]]
    concurrency: int = CONCURRENCY
    ordered: bool = True
    watch: Watch | None = None


class Downloads:
    """What comes of addresses, as an iterator; entered, it has a thread that downloads, and left, it ends that.

    `addresses` is read in a thread too, no further than the window reaches, so that it may wait for a person who types.
    What it raises, and what stands against downloading at all, is raised by the iterator.
    """

    def __init__(self, addresses: Iterable[Given], network: Network) -> None:
        self._addresses = addresses
        self._network = network
        self._come: SimpleQueue[Given | Exception | None] = SimpleQueue()
        self._room = asyncio.Semaphore(HANDED_OVER)
        self._thread = threading.Thread(target=self._run, name="scrub-network", daemon=True)
        self._task: asyncio.Task[None] | None = None
        self._ended = False

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(RuntimeError):  # the loop is closed: all is done
            self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join(PATIENCE)
        self._come.put(None)

    def __iter__(self) -> Iterator[Given]:
        while (come := take(self._come)) is not None:
            if isinstance(come, Exception):
                raise come
            yield come
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._room.release)

    def _cancel(self) -> None:
        self._ended = True
        if self._task is not None:
            self._task.cancel()

    def _run(self) -> None:
        leave_interrupts_to_the_main_thread()
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner, suppress(asyncio.CancelledError):
            runner.run(self._download())
        self._come.put(None)

    async def _download(self) -> None:
        self._task = asyncio.current_task()
        if self._ended:
            return
        network = self._network
        try:
            async with network.open_download() as download, aclosing(_from_thread(self._addresses)) as addresses:
                pages = download_all(
                    addresses,
                    download,
                    concurrency=network.concurrency,
                    ordered=network.ordered,
                    watch=network.watch,
                )
                async with aclosing(pages):
                    async for given in pages:
                        await self._room.acquire()
                        self._come.put(given)
        except Exception as error:  # noqa: BLE001  # raised again by the iterator
            self._come.put(error)


async def _from_thread(items: Iterable[Given]) -> AsyncGenerator[Given]:
    """What an iterator gives that may block; the next one is asked for when this one has been taken."""
    loop = asyncio.get_running_loop()
    come: asyncio.Queue[Given | Exception | None] = asyncio.Queue()
    wanted = threading.Semaphore(0)

    def read() -> None:
        leave_interrupts_to_the_main_thread()
        end: Exception | None = None
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            try:
                for item in items:
                    loop.call_soon_threadsafe(come.put_nowait, item)
                    wanted.acquire()
            except RuntimeError:
                raise
            except Exception as error:  # noqa: BLE001  # raised again where it is waited for
                end = error
            loop.call_soon_threadsafe(come.put_nowait, end)

    threading.Thread(target=read, name="scrub-addresses", daemon=True).start()
    while (item := await come.get()) is not None:
        if isinstance(item, Exception):
            raise item
        yield item
        wanted.release()


def save_pages(downloads: Iterable[Given], keeper: PageKeeper) -> Iterator[Given]:
    """Keep each page on its way. One that cannot be kept is an error; StorageError where that holds for all."""
    for given in downloads:
        try:
            if given.page is not None:
                pages = [given.page, *(one.page for one in given.further if one.page)]
                keeper.put(pages, next((one.error.detail for one in given.further if one.error), ""))
        except StorageError:
            raise
        except OutputError as error:
            yield Given(given.name, error=error)
        else:
            yield given


async def clean_all(
    urls: Iterable[str] | AsyncIterable[str], download: Download, clean: Clean, *, concurrency: int, ordered: bool
) -> AsyncGenerator[tuple[str, Article | ScrubError]]:
    """Each address with its article or its error; pages are cleaned in a thread beside the event loop, one by one."""
    with ThreadPoolExecutor(1, "scrub-clean") as beside:
        pages = download_all(_named(urls), download, concurrency=concurrency, ordered=ordered)
        async with aclosing(pages):
            async for given in pages:
                yield given.name, await asyncio.get_running_loop().run_in_executor(beside, _article, given, clean)


async def _named(urls: Iterable[str] | AsyncIterable[str]) -> AsyncGenerator[Given]:
    if isinstance(urls, AsyncIterable):
        async for url in urls:
            yield Given(url)
    else:
        for url in urls:
            yield Given(url)


def _article(given: Given, clean: Clean) -> Article | ScrubError:
    try:
        return clean_given(given, clean)
    except ScrubError as error:
        return error
    except Exception as error:  # noqa: BLE001  # a page's failure must not stop the others
        return InternalError(f"{type(error).__name__}: {error}")


def start_downloads(load: Callable[[], Clean], content: Callable[[Article], bytes], *, explain: bool = False) -> Work:
    """Load what cleans; what comes back cleans a page that was downloaded."""
    return partial(_clean_download, load(), content, explain)


def _clean_download(clean: Clean, content: Callable[[Article], bytes], explain: bool, one: Input) -> Outcome:
    assert isinstance(one, Given)

    def make() -> Outcome:
        article = clean_given(one, clean)
        digest = hashlib.sha256(article.whole_text.encode("utf-8", "replace")).hexdigest()
        return outcome_of(one.name, article, content(article), explain=explain)._replace(digest=digest)

    return attempt(one.name, make, explain=explain)


def clean_given(given: Given, clean: Clean) -> Article:
    """The article of what was downloaded. Raises what stood against it, and as `clean`."""
    return read_whole_article(page_of(given), given.further, clean)
