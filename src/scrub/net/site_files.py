"""What a site says before a page of it is asked for: its robots.txt and tdmrep.json, and the RSL documents that it
names, fetched once a day for all pages.

The address of a page goes in; what is said of it comes out, or the error that it may not be fetched.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import httpx

from scrub.errors import (
    FetchError,
    HostPausedError,
    PreferenceError,
    RefusedError,
    ResolveError,
    RobotsError,
    RobotsUnreachableError,
    ScrubError,
    TlsError,
)
from scrub.net.exchange import Answer, Client, Effort
from scrub.net.preferences import Preference, find_refusal, read_tdmrep
from scrub.net.retries import tries
from scrub.net.robots import MOST_BYTES, Robots, read_robots
from scrub.net.rsl import Content, judge, read_rsl, unknown
from scrub.net.settings import Purpose
from scrub.net.urls import check_redirect, show_host
from scrub.net.watching import watched

KEPT_SECONDS = 86_400.0  # RFC 9309, 2.4
# A file that could not be read is asked for again after a while, and not for each page that waits for it.
FAILURE_KEPT_SECONDS = 600.0
MOST_KEPT = 10_000

MOST_SECONDS = 10.0
MOST_LICENSES = 3  # that are read for a page
MOST_REDIRECTS = 5  # RFC 9309, 2.3.1.2

# What befalls the page as well and says more of it than that there is no robots.txt.
OF_THE_HOST = (RefusedError, ResolveError, TlsError, HostPausedError)

T = TypeVar("T")


class SiteFiles:
    """The files of the origins that are asked for pages."""

    def __init__(self, client: Client, agents: frozenset[str]) -> None:
        self._client = client
        self._agents = agents
        self._robots = _Kept(self._fetch_robots)
        self._tdmrep = _Kept(self._fetch_tdmrep)
        self._licenses = _Kept(self._fetch_license, of=lambda url: url)

    async def ask(self, url: httpx.URL) -> tuple[Preference, ...]:
        """What the site says on the use of a page, once it may be fetched.

        RobotsError where robots.txt does not allow it, RobotsUnreachableError where that cannot be known,
        PreferenceError where robots.txt, or a license that it names, denies the purpose.
        """
        settings, path = self._client.settings, url.raw_path.decode("ascii")
        said: tuple[Preference, ...] = ()
        if not settings.ignore_robots:
            robots = await self._robots.get(url)
            if not robots.allows(str(url)):
                raise RobotsError(
                    f"the robots.txt of {show_host(url)} does not allow to fetch this page",
                    "ask the publisher, or read it in a browser; --ignore-robots fetches it all the same",
                )
            self._client.hosts.slow_down(show_host(url), robots.crawl_delay)
            said = robots.preferences(path)
            check_purpose(said, settings.purpose, show_host(url))
            said += await self.read_licenses(robots.licenses, url)
            check_purpose(said, settings.purpose, show_host(url))
        return said + read_tdmrep(await self._tdmrep.get(url), path)

    async def read_licenses(self, addresses: Sequence[str], url: httpx.URL) -> tuple[Preference, ...]:
        """What the RSL documents at these addresses say of a page. They are not asked for where the pages are for a
        person's reading, of which they do not speak."""
        if self._client.settings.purpose == "read":
            return ()
        said: tuple[Preference, ...] = ()
        for address in addresses[:MOST_LICENSES]:
            try:
                document = check_redirect(url, address, allow_private=self._client.settings.allow_private)
                said += judge(await self._licenses.get(document), show_host(url), url.raw_path.decode("ascii"))
            except ScrubError:
                said += (unknown(address),)
        return said

    async def aclose(self) -> None:
        """End what is still being fetched."""
        await self._robots.aclose()
        await self._tdmrep.aclose()
        await self._licenses.aclose()

    async def _fetch_robots(self, origin: httpx.URL) -> Robots:
        where = show_host(origin)
        try:
            answer = await self._fetch(origin.copy_with(raw_path=b"/robots.txt"))
        except OF_THE_HOST:
            raise
        except ScrubError as error:
            raise RobotsUnreachableError(
                f"{where} gives no robots.txt ({error.detail}), and so no leave to fetch its pages",
                "try again later, or allow more time with --timeout; --ignore-robots fetches without leave",
            ) from error
        # RFC 9309, 2.3.1.3: what is not there, or not to be had for us, forbids nothing.
        return read_robots(answer.body if answer.status == 200 else b"", self._agents)

    async def _fetch_tdmrep(self, origin: httpx.URL) -> str:
        """The text of the origin's tdmrep.json; an empty one where there is none to be had."""
        try:
            answer = await self._fetch(origin.copy_with(raw_path=b"/.well-known/tdmrep.json"), retry=False)
        except ScrubError:
            return ""
        return answer.body.decode("utf-8-sig", "replace") if answer.status == 200 else ""

    async def _fetch_license(self, address: httpx.URL) -> tuple[Content, ...]:
        answer = await self._fetch(address, retry=False)
        if answer.status != 200:
            raise FetchError(f"{show_host(address)} has no license there")
        return read_rsl(answer.body)

    async def _fetch(self, url: httpx.URL, *, retry: bool = True) -> Answer:
        effort = Effort(min(self._client.settings.timeout, MOST_SECONDS))
        async for attempt in tries(self._client.settings, retry=retry):
            with attempt:
                return await self._follow(url, effort)
        raise AssertionError("the last try returns or raises")

    async def _follow(self, url: httpx.URL, effort: Effort) -> Answer:
        allow_private = self._client.settings.allow_private
        answer = await self._client.ask_for_site_file(self._client.request(url), effort, MOST_BYTES)
        for _ in range(MOST_REDIRECTS):
            if answer.location is None:
                break
            try:
                url = check_redirect(url, answer.location, allow_private=allow_private)
                answer = await self._client.ask_for_site_file(self._client.request(url), effort, MOST_BYTES)
            except OF_THE_HOST as error:  # that of the redirect, which the page need not share
                raise RobotsUnreachableError(error.detail) from error
        return answer


class _Kept(Generic[T]):
    """Something `of` each address's origin, fetched once for all that wait for it, and again when it is old."""

    def __init__(
        self, fetch: Callable[[httpx.URL], Awaitable[T]], of: Callable[[httpx.URL], httpx.URL] | None = None
    ) -> None:
        self._fetch = fetch
        self._of = of or _origin
        self._kept: dict[str, tuple[asyncio.Task[T | ScrubError], float]] = {}

    async def get(self, url: httpx.URL) -> T:
        """What belongs to an address. A page that gives up does not end it for the others."""
        place = self._of(url)
        if (key := str(place)) not in self._kept or _is_old(*self._kept[key]):
            self._make_room()
            task = asyncio.get_running_loop().create_task(self._try(place))
            self._kept[key] = task, time.monotonic()
        outcome = await asyncio.shield(self._kept[key][0])
        if isinstance(outcome, ScrubError):
            raise type(outcome)(outcome.detail, outcome.advice) from outcome
        return outcome

    async def _try(self, place: httpx.URL) -> T | ScrubError:
        with watched():  # its steps are not those of the page that happens to be the first
            try:
                return await self._fetch(place)
            except ScrubError as error:
                return error

    async def aclose(self) -> None:
        """End what is still being fetched."""
        running = [task for task, _ in self._kept.values() if not task.done()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _make_room(self) -> None:
        if len(self._kept) >= MOST_KEPT:
            settled = [origin for origin, (task, _) in self._kept.items() if task.done()]
            for origin in settled[: MOST_KEPT // 2]:
                del self._kept[origin]


def _origin(url: httpx.URL) -> httpx.URL:
    return httpx.URL(f"{url.scheme}://{show_host(url)}")


def check_purpose(preferences: tuple[Preference, ...], purpose: Purpose, where: str) -> None:
    """PreferenceError where the site says a machine-readable "no" to the purpose."""
    if refusal := find_refusal(preferences, purpose):
        raise PreferenceError(
            f"{where} does not want this page used for {purpose!r} ({refusal})",
            "ask the publisher for leave, or name the --purpose that you really have",
        )


def _is_old(task: asyncio.Task[T | ScrubError], asked: float) -> bool:
    if not task.done():
        return False
    if task.cancelled() or task.exception():
        return True
    outcome = task.result()
    if isinstance(outcome, HostPausedError):
        return True
    return time.monotonic() - asked > (FAILURE_KEPT_SECONDS if isinstance(outcome, ScrubError) else KEPT_SECONDS)
