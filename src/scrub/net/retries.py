"""Asking again, where that may succeed: how often and after how long."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import stamina
import stamina.instrumentation

from scrub.errors import ConnectionFailedError, StatusError
from scrub.net.politeness import LONGEST_PAUSE, LONGEST_WAIT

if TYPE_CHECKING:
    from stamina import Attempt

    from scrub.net.settings import FetchSettings

# RFC 9110, 15.5.9, 15.6 and RFC 6585, 4; RFC 8470, 5.2: what the same request may not meet a second time.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
SHORTEST_BACKOFF = 0.1

_NOWHERE = logging.NullHandler()


def tries(settings: FetchSettings, *, retry: bool = True) -> AsyncIterator[Attempt]:
    """The attempts at one page, with growing waits between them, or those that the server asked for (Retry-After).

    At most `retries` waits of half a minute, or of a minute where the server asks for it; the time on the network is
    limited for all tries together.
    """
    logging.getLogger("stamina").addHandler(_NOWHERE)  # what failed is told in an error; see `keep_quiet`
    backoff = max(settings.delay, SHORTEST_BACKOFF)
    return stamina.retry_context(
        on=_wait_after,
        attempts=settings.retries + 1 if retry else 1,
        timeout=None,
        wait_initial=backoff,
        wait_max=LONGEST_PAUSE,
        wait_jitter=backoff,
    )


def keep_quiet() -> None:
    """Let nothing be logged of tries: for a program that owns its process and says what failed in its own words."""
    stamina.instrumentation.set_on_retry_hooks(())


def _wait_after(error: Exception) -> bool | float:
    """Whether a failure may pass, or the seconds that the server wants to be waited for."""
    if isinstance(error, StatusError):
        if error.status not in PASSING or (error.retry_after or 0.0) > LONGEST_WAIT:
            return False
        return True if error.retry_after is None else error.retry_after
    return isinstance(error, ConnectionFailedError)
