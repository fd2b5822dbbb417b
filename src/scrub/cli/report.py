"""What people read on standard error: errors, warnings, explanations. And the file of errors for programs."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scrub.errors import ScrubError
from scrub.model import Removal
from scrub.run.articles import Outcome

if TYPE_CHECKING:
    from scrub.run.window import Watched

MINUTE = 60.0  # seconds between two lines on progress in a log
FIRST_WORDS = 60  # characters of a removed text that are shown
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_BOLD, _RED, _PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[0m"


class Report:
    """Where messages go and how much is said; counts what came of the inputs."""

    def __init__(
        self, *, explain: bool, quiet: bool, verbose: bool, no_color: bool, errors: Path | None, continued: bool = False
    ) -> None:
        self.explain = explain
        self.quiet = quiet
        self.verbose = verbose
        self.no_color = no_color
        self.errors = errors
        self.many = False
        self.total: int | None = None
        self.articles = 0
        self.failed = 0
        self.removed: dict[str, int] = {}
        self._started = continued

    def expect(self, total: int | None) -> None:
        """Be ready for so many inputs; None for as many as come."""
        self.total = total
        self.many = total != 1

    def article(self, outcome: Outcome) -> None:
        """Say what the options ask for of an article."""
        self.articles += 1
        for name, count in outcome.removed.items():
            self.removed[name] = self.removed.get(name, 0) + count
        if not self.quiet:
            for warning in outcome.warnings:
                self._say(outcome.name, f"warning: {warning}")
        if self.verbose and (outcome.kept or outcome.removed):
            self._say(outcome.name, f"{outcome.kept} blocks kept, {sum(outcome.removed.values())} pieces removed")
        if self.explain:
            self._explain(outcome.name, outcome.removals)

    def error(self, name: str, error: ScrubError, removals: tuple[Removal, ...] = ()) -> None:
        """Name an input that gave no article, with what is wrong and what to try."""
        self.failed += 1
        self._say(name, str(error), _RED)
        if removals:
            self._explain(name, removals)
        if self.errors is not None:
            row = {"input": _masked(name), "kind": error.kind, "detail": error.detail, "advice": error.advice}
            self._write_error(row)

    def request(self, watched: Watched) -> None:
        """With -v, what came of a request; without, only that the page is an old copy. Called in any thread."""
        from scrub.net.watching import STALE

        page, steps = watched.page, watched.steps
        if page is not None and STALE in steps and not self.quiet:
            self._say(watched.name, "warning: the server does not answer; this is the page as it was kept before")
        if self.verbose:
            what = f"{page.status}, {len(page.body)} bytes" if page else "no page"
            self._say(watched.name, ", ".join([f"{what} in {watched.seconds:.2f} s", *steps]))

    def summary(self, counts: Mapping[str, int]) -> None:
        """What came of all inputs, `counts` of it by name: on a terminal where they are many, and with -v."""
        if self.quiet or not (self.verbose or (self.many and sys.stderr.isatty())):
            return
        articles = f"{self.articles} article{'s' * (self.articles != 1)}"
        failures = f"{self.failed} failure{'s' * (self.failed != 1)}"
        classes = sorted(self.removed.items(), key=lambda item: (-item[1], item[0]))
        removed = ", ".join(f"{count} {name}" for name, count in classes)
        known = "".join(f", {count} {name}" for name, count in counts.items() if count)
        sys.stderr.write(f"scrub: {articles}, {failures}{known}{f'; removed {removed}' if removed else ''}\n")

    @contextmanager
    def progress(self) -> Iterator[Callable[[str], None]]:
        """A bar on a terminal while there are many inputs, in a log a line a minute; what comes back is called with
        the name of each that is done.

        There is none where the articles themselves are shown on a terminal.
        """
        if self.quiet or not self.many or sys.stdout.isatty():
            yield lambda _: None
        elif sys.stderr.isatty():
            with self._bar() as advance:
                yield advance
        else:
            yield _Minutes(self).advance

    @contextmanager
    def _bar(self) -> Iterator[Callable[[str], None]]:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        words = TextColumn("{task.fields[words]}")
        left = [TextColumn("left"), TimeRemainingColumn()] if self.total else []
        console = Console(stderr=True, no_color=self.no_color or None)
        with Progress(BarColumn(), words, TimeElapsedColumn(), *left, console=console, transient=True) as bar:
            pace = _Pace(self)
            task = bar.add_task("", total=self.total, words="0 done")

            def advance(name: str) -> None:
                bar.update(task, advance=1, words=pace.after(name))

            yield advance

    def _explain(self, name: str, removed: tuple[Removal, ...]) -> None:
        if not removed:
            self._say(name, "nothing was removed")
        for removal in removed:
            words = one_line(removal.text)
            shown = words if len(words) <= FIRST_WORDS else f"{words[:FIRST_WORDS]}…"
            self._say(name, f"{self._color(_BOLD, removal.rule)}: {removal.reason}: {shown}")

    def _say(self, name: str, message: str, color: str = "") -> None:
        shown = "standard input" + name[1:] if name == "-" or name.startswith("-:") else one_line(_masked(name))
        sys.stderr.write(f"scrub: {self._color(color, shown)}: {_CONTROLS_BUT_COLOR.sub(' ', message)}\n")

    def _color(self, color: str, text: str) -> str:
        plain = self.no_color or os.environ.get("NO_COLOR") or not sys.stderr.isatty()
        return text if plain or not color else f"{color}{text}{_PLAIN}"

    def _write_error(self, row: dict[str, str]) -> None:
        assert self.errors is not None
        try:
            with self.errors.open("a" if self._started else "w", encoding="utf-8", errors="replace") as stream:
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        except OSError as error:  # said once: the articles are worth more than the list of failures
            self._say(f"cannot write {self.errors}", f"{error.strerror or error}; choose another --errors file", _RED)
            self.errors = None
        self._started = True


_CONTROLS_BUT_COLOR = re.compile(r"[\x00-\x1a\x1c-\x1f\x7f-\x9f\u2028\u2029]+")


class _Pace:
    """How far a run is, in words."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.started = time.monotonic()
        self.done = 0
        self.hosts: set[str] = set()

    def after(self, name: str) -> str:
        """The words after one more input."""
        self.done += 1
        if name.startswith(("http://", "https://")):
            self.hosts.add(name.split("/", 3)[2].lower())
        rate = self.done / max(time.monotonic() - self.started, 0.1)
        hosts = f"{len(self.hosts)} host{'s' * (len(self.hosts) != 1)}, " if self.hosts else ""
        return f"{self.done} done, {self.report.failed} failed, {hosts}{rate:.{0 if rate >= 10 else 1}f}/s"


class _Minutes:
    """A line a minute, for a log; none for what takes less."""

    def __init__(self, report: Report) -> None:
        self.pace = _Pace(report)
        self.total = report.total
        self.next = time.monotonic() + MINUTE

    def advance(self, name: str) -> None:
        words = self.pace.after(name)
        if time.monotonic() >= self.next:
            self.next = time.monotonic() + MINUTE
            of = f" of {self.total}" if self.total else ""
            sys.stderr.write(f"scrub: {words.replace(' done', f'{of} done', 1)}\n")


def _masked(name: str) -> str:
    """An input's name without the password of an address."""
    if "@" not in name:
        return name
    from scrub.net.credentials import mask_credentials

    return mask_credentials(name)


def one_line(text: str) -> str:
    """A text without control characters and runs of space, safe to show on a terminal."""
    return " ".join(_CONTROLS.sub(" ", text).split())
