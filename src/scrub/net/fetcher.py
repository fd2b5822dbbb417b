"""Fetching for callers that are not asynchronous: an address goes in, a Page comes out, the connections stay open."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self, TypeVar

from scrub.net.downloader import DEFAULT_SETTINGS, Downloader
from scrub.net.settings import FetchSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from scrub.model import Page

T = TypeVar("T")


class Fetcher:
    """Fetches pages one after the other, with a `Downloader` in an event loop of its own. For one thread at a time.

    >>> with Fetcher(FetchSettings(timeout=10)) as fetcher:  # doctest: +SKIP
    ...     page = fetcher("https://news.example/story")
    """

    def __init__(self, settings: FetchSettings = DEFAULT_SETTINGS) -> None:
        self._settings = settings
        self._runner: asyncio.Runner | None = None
        self._downloader: Downloader | None = None

    def __enter__(self) -> Self:
        # A factory, so that the thread's own current event loop stays what it is.
        runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        downloader = Downloader(self._settings)
        try:
            _outside_of_loops(lambda: runner.run(downloader.__aenter__()))
        except BaseException:
            runner.close()
            raise
        self._runner, self._downloader = runner, downloader
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        runner, downloader = self._opened()
        self._runner = self._downloader = None

        def close() -> None:
            with runner:
                runner.run(downloader.__aexit__(kind, error, traceback))

        _outside_of_loops(close)

    def __call__(self, url: str) -> Page:
        """The page at `url`, or a `ScrubError` that says why there is none."""
        runner, downloader = self._opened()
        return _outside_of_loops(lambda: runner.run(downloader(url)))

    def _opened(self) -> tuple[asyncio.Runner, Downloader]:
        if self._runner is None or self._downloader is None:
            raise RuntimeError("a Fetcher is used in a with statement")
        return self._runner, self._downloader


def fetch_page(url: str, settings: FetchSettings = DEFAULT_SETTINGS) -> Page:
    """One page. For several, a `Fetcher` keeps its connections open.

    >>> page = fetch_page("https://news.example/story")  # doctest: +SKIP
    """
    with Fetcher(settings) as fetcher:
        return fetcher(url)


def _outside_of_loops(work: Callable[[], T]) -> T:
    """Do the work; in a thread beside, where this one already runs an event loop, as in a notebook."""
    if not _is_in_loop():
        return work()
    with ThreadPoolExecutor(max_workers=1) as beside:
        return beside.submit(work).result()


def _is_in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
