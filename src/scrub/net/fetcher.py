"""Fetching for callers that are not asynchronous: an address goes in, a Page comes out, the connections stay open."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self, TypeVar

from scrub.net.download import download_page
from scrub.net.settings import FetchSettings
from scrub.net.transport import GuardedTransport, open_transport

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from scrub.model import Page

T = TypeVar("T")

DEFAULT_SETTINGS = FetchSettings()


class Fetcher:
    """Fetches pages one after the other, over the connections of one event loop. For one thread at a time.

    >>> with Fetcher(FetchSettings(timeout=10)) as fetcher:  # doctest: +SKIP
    ...     page = fetcher("https://news.example/story")
    """

    def __init__(self, settings: FetchSettings = DEFAULT_SETTINGS) -> None:
        self._settings = settings
        self._runner: asyncio.Runner | None = None
        self._transport: GuardedTransport | None = None

    def __enter__(self) -> Self:
        self._transport = open_transport(self._settings)
        # A factory, so that the thread's own current event loop stays what it is.
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        runner, transport = self._opened()
        self._runner = self._transport = None

        def close() -> None:
            with runner:
                runner.run(transport.aclose())

        _outside_of_loops(close)

    def __call__(self, url: str) -> Page:
        """The page at `url`, or a `ScrubError` that says why there is none."""
        runner, transport = self._opened()
        return _outside_of_loops(lambda: runner.run(download_page(url, self._settings, transport)))

    def _opened(self) -> tuple[asyncio.Runner, GuardedTransport]:
        if self._runner is None or self._transport is None:
            raise RuntimeError("a Fetcher is used in a with statement")
        return self._runner, self._transport


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
