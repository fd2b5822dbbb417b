"""Waiting for other threads so that Ctrl-C is heard."""

from __future__ import annotations

from queue import Empty, Queue, SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")
WAKE = 0.25  # seconds between two looks


def take(queue: Queue[Item] | SimpleQueue[Item]) -> Item:
    """The next item of a queue. A signal that comes just before the main thread begins to wait, or to another thread,
    does not end its waiting: so it wakes now and then, and Python sees that a signal has come."""
    while True:
        try:
            return queue.get(timeout=WAKE)
        except Empty:
            continue
