"""How much memory a process and its children take while they work (on Linux; elsewhere nothing is shown)."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple, Self

SECONDS = 0.2  # between two looks


class Look(NamedTuple):
    """The part of the work that was done, and the resident MB of this process and of its largest child."""

    done: float
    here: float
    child: float


class Memory:
    """Looks at the memory as long as it is entered; as a text, what it was after a quarter of the work and at most."""

    def __init__(self, done: Callable[[], float]) -> None:
        self._done = done
        self._looks: list[Look] = []
        self._left = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._thread.join()

    def __str__(self) -> str:
        if not self._looks:
            return ""
        quarter = next((look for look in self._looks if look.done >= 0.25), self._looks[-1])
        here, child = (max(look[at] for look in self._looks) for at in (1, 2))
        workers = f", each worker {quarter.child:.0f} -> {child:.0f}" if child else ""
        return f"{quarter.here:.0f} -> {here:.0f}{workers}"

    def _watch(self) -> None:
        while not self._left.wait(SECONDS):
            with suppress(OSError):
                children = [_resident(child.pid) for child in multiprocessing.active_children()]
                self._looks.append(Look(self._done(), _resident(os.getpid()), max(children, default=0.0)))


def _resident(pid: int | None) -> float:
    """The resident MB of a process (proc(5), statm)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
