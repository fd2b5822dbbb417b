"""When a host may be asked: one request at a time, with a pause between two, and not at all for a while once it fails
again and again. A host's name goes in, the caller's turn comes out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from scrub.errors import (
    ConnectionFailedError,
    FetchTimeoutError,
    HostPausedError,
    ResolveError,
    ScrubError,
    StatusError,
    TlsError,
)

# A host that took a second to answer is left at least another one in peace, and one that fails twice as long as before.
SLOWNESS = 2.0
LONGEST_PAUSE = 30.0
# A server may ask to wait (Retry-After). So long a page waits; a longer time is a time in which nothing is asked.
LONGEST_WAIT = 60.0
FAILURES_IN_A_ROW = 5
REST_SECONDS = 300.0
LONGEST_REST = 3600.0

MOST_HOSTS = 10_000  # that are remembered beyond their last pause

FAILURES = (ConnectionFailedError, FetchTimeoutError, ResolveError, TlsError)


@dataclass(slots=True)
class _Host:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_start: float = 0.0
    crawl_delay: float = 0.0
    failures: int = 0
    rests_until: float = 0.0
    why: str = ""

    def is_forgettable(self, now: float) -> bool:
        memory = REST_SECONDS if self.failures else 0.0
        return not self.turn.locked() and max(self.next_start, self.rests_until) < now - memory


class Hosts:
    """The hosts that are being asked, and how they fare. `delay` seconds lie between the starts of two requests to one;
    `concurrency` hosts at most are asked at once."""

    def __init__(self, delay: float, concurrency: int, rest_seconds: float = REST_SECONDS) -> None:
        self._delay = delay
        self._rest_seconds = rest_seconds
        self._open = asyncio.Semaphore(concurrency)
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, name: str, *, waits: bool = True) -> AsyncIterator[None]:
        """The host is the caller's for one request. `waits` is off for the small files that come before a page.

        HostPausedError where the host is left alone. What the caller raises tells how the host fares.
        """
        host = self._find(name)
        _check_rest(host, name)
        async with host.turn:
            _check_rest(host, name)
            if waits:
                await asyncio.sleep(host.next_start - time.monotonic())
            async with self._open:
                started = time.monotonic()
                try:
                    yield
                except ScrubError as error:
                    self._note_error(host, error)
                    raise
                else:
                    host.failures = 0
                finally:
                    if waits:
                        host.next_start = max(host.next_start, started + self._pause(host, time.monotonic() - started))

    def slow_down(self, name: str, crawl_delay: float) -> None:
        """Keep the seconds between two requests that a site asks for."""
        self._find(name).crawl_delay = crawl_delay

    def _find(self, name: str) -> _Host:
        if len(self._hosts) > MOST_HOSTS and name not in self._hosts:
            now = time.monotonic()
            self._hosts = {one: host for one, host in self._hosts.items() if not host.is_forgettable(now)}
        return self._hosts.setdefault(name, _Host())

    def _pause(self, host: _Host, seconds_taken: float) -> float:
        if not self._delay:
            return host.crawl_delay
        pause = max(self._delay, SLOWNESS * seconds_taken) * 2.0**host.failures
        return max(host.crawl_delay, min(pause, LONGEST_PAUSE), self._delay)

    def _note_error(self, host: _Host, error: ScrubError) -> None:
        if not _is_failure(error):
            host.failures = 0
            return
        host.failures = min(host.failures + 1, FAILURES_IN_A_ROW)
        wait = error.retry_after or 0.0 if isinstance(error, StatusError) else 0.0
        now = time.monotonic()
        if wait > LONGEST_WAIT:
            host.rests_until, host.why = now + min(wait, LONGEST_REST), error.detail
        elif host.failures >= FAILURES_IN_A_ROW:
            host.rests_until, host.why = now + self._rest_seconds, f"it failed {host.failures} times: {error.detail}"
            host.failures -= 1  # after the rest it has one try
        elif wait:
            host.next_start = now + wait


def _is_failure(error: ScrubError) -> bool:
    if isinstance(error, StatusError):
        return error.status is not None and (error.status >= 500 or error.status == 429)
    return isinstance(error, FAILURES)


def _check_rest(host: _Host, name: str) -> None:
    left = host.rests_until - time.monotonic()
    if left > 0:
        until = (datetime.now(UTC) + timedelta(seconds=left)).strftime("%H:%M:%S UTC")
        raise HostPausedError(f"{name} is left alone until {until} ({host.why})", "try its pages again later")
