"""What happens to a request on its way, for a person who watches: the steps are noted where somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_STEPS: ContextVar[list[str] | None] = ContextVar("scrub_steps", default=None)

STALE = "stale copy"  # of the cache, since the server did not answer; people are warned of it


@contextmanager
def watched() -> Iterator[list[str]]:
    """The steps of what is awaited inside, in order, as they happen."""
    steps: list[str] = []
    token = _STEPS.set(steps)
    try:
        yield steps
    finally:
        _STEPS.reset(token)


def note(step: str) -> None:
    """Tell who watches, if anybody does."""
    if (steps := _STEPS.get()) is not None:
        steps.append(step)
