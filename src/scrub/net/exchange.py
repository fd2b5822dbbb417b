"""One request and its answer, within the time that a page has left, when it is the host's turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import httpx

from scrub.errors import FetchTimeoutError, ScrubError, TooLargeError
from scrub.net.content import ACCEPT
from scrub.net.decoding import ACCEPT_ENCODING, TOO_LARGE_ADVICE, decode_body
from scrub.net.failures import network_error, status_error
from scrub.net.urls import show_host

if TYPE_CHECKING:
    from scrub.net.cache import CachingTransport
    from scrub.net.politeness import Hosts
    from scrub.net.pools import GuardedTransport
    from scrub.net.settings import FetchSettings

# RFC 9110, 15.4. 300 offers a choice and 304 answers a condition that was not made.
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Answer(NamedTuple):
    """What a host answered. `location` is where it redirects to, and then no body was read."""

    url: httpx.URL
    status: int
    headers: httpx.Headers
    location: str | None
    body: bytes = b""


@dataclass(slots=True)
class Effort:
    """What one page cost so far: tries, and seconds on the network, of which so many are allowed."""

    seconds_allowed: float
    seconds: float = 0.0
    attempts: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def waited(self) -> float:
        """The seconds in which nothing was sent or read for the page."""
        return max(0.0, time.monotonic() - self.started - self.seconds)

    @asynccontextmanager
    async def on_network(self, where: str) -> AsyncIterator[None]:
        """A stretch of time on the network. FetchTimeoutError once all stretches are longer than allowed: the limit
        lies around everything, so that a server which sends a byte a second does not extend it."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(self.seconds_allowed - self.seconds):
                yield
        except TimeoutError:
            raise FetchTimeoutError(
                f"{where} took longer than {self.seconds_allowed:g} s",
                "try again later, or allow more time with --timeout",
            ) from None
        finally:
            self.seconds += time.monotonic() - started


class Client(NamedTuple):
    """What all requests share. `cache` lies around `pools`, where answers are kept."""

    settings: FetchSettings
    pools: GuardedTransport
    cache: CachingTransport | None
    hosts: Hosts

    async def ask_for_page(
        self, request: httpx.Request, effort: Effort, check: Callable[[httpx.Response], None]
    ) -> Answer:
        """The answer to the request for a page. `check` raises where its body need not be read."""
        return await self._ask(request, effort, check, self.settings.max_bytes, is_page=True)

    async def ask_for_site_file(self, request: httpx.Request, effort: Effort, limit: int) -> Answer:
        """The answer to the request for a small file that comes before a page, with any status below 500; a body longer
        than the limit is cut."""
        return await self._ask(request, effort, _check_no_fault, limit, is_page=False)

    async def _ask(
        self,
        request: httpx.Request,
        effort: Effort,
        check: Callable[[httpx.Response], None],
        limit: int,
        *,
        is_page: bool,
    ) -> Answer:
        url, where = request.url, show_host(request.url)
        is_at_hand = self.cache is not None and self.cache.has_fresh(request)  # then the host is not asked
        turn = nullcontext() if is_at_hand else self.hosts.turn(where, waits=is_page)
        async with turn, effort.on_network(where):
            await self.pools.close_idle()
            async with _exchange(request, self.cache or self.pools) as response:
                location = response.headers.get("Location") if response.status_code in REDIRECTS else None
                if location is not None:
                    return Answer(url, response.status_code, response.headers, location)
                check(response)
                raw = await _read_body(response, limit, cut=not is_page)
            coding = response.headers.get("Content-Encoding", "")
            body = decode_body(raw, coding, limit, where, cut=not is_page) if raw else raw
        return Answer(url, response.status_code, response.headers, None, body)

    def kept(self, request: httpx.Request) -> Answer | None:
        """The answer in the cache that may stand in where the server fails."""
        stored = self.cache.stand_in(request) if self.cache else None
        if stored is None:
            return None
        headers, where = httpx.Headers(stored.headers), show_host(request.url)
        coding, limit = headers.get("Content-Encoding", ""), self.settings.max_bytes
        body = decode_body(stored.body, coding, limit, where) if stored.body else b""
        return Answer(request.url, 200, headers, None, body)

    def request(self, url: httpx.URL, headers: Sequence[tuple[str, str]] = ()) -> httpx.Request:
        """A request that says who asks and what can be read."""
        own = {"User-Agent": self.settings.user_agent, "Accept": ACCEPT, "Accept-Encoding": ACCEPT_ENCODING}
        request = httpx.Request("GET", url, headers=own)
        if headers:
            request.headers.update(httpx.Headers(headers))
        return request


def _check_no_fault(response: httpx.Response) -> None:
    if response.status_code >= 500:
        raise status_error(response.status_code, response.headers.get("Retry-After"), show_host(response.request.url))


@asynccontextmanager
async def _exchange(request: httpx.Request, transport: httpx.AsyncBaseTransport) -> AsyncIterator[httpx.Response]:
    """Send a request and have its answer, the body still unread."""
    try:
        response = await transport.handle_async_request(request)
    except ScrubError:
        raise
    except Exception as error:
        # The libraries below also raise KeyError, ValueError and h2's own errors for what a server may send.
        raise network_error(error, show_host(request.url)) from error
    response.request = request
    try:
        yield response
    finally:
        with suppress(Exception):  # a connection that cannot even be closed is gone
            await response.aclose()


async def _read_body(response: httpx.Response, limit: int, *, cut: bool) -> bytes:
    """The body as it comes, still compressed, and no more of it than the limit."""
    body = bytearray()
    where = show_host(response.request.url)
    declared = response.headers.get("Content-Length", "")
    too_large = TooLargeError(f"the page of {where} is larger than {limit} bytes", TOO_LARGE_ADVICE)
    if declared.isdecimal() and int(declared[:20]) > limit and not cut:
        raise too_large
    try:
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > limit:
                if cut:
                    break
                raise too_large
    except ScrubError:
        raise
    except Exception as error:
        raise network_error(error, where) from error
    return bytes(body)
