"""What people read on standard error: errors, warnings, explanations. And the file of errors for programs."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scrub.errors import OutputError, ScrubError
from scrub.model import Removal
from scrub.run.articles import Outcome

FIRST_WORDS = 60  # characters of a removed text that are shown
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_BOLD, _RED, _PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[0m"


class Report:
    """Where messages go and how much is said; counts what came of the inputs."""

    def __init__(self, *, explain: bool, quiet: bool, verbose: bool, no_color: bool, errors: Path | None) -> None:
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
        self._started = False

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
            self._write_error({"input": name, "kind": error.kind, "detail": error.detail, "advice": error.advice})

    def summary(self) -> None:
        """What came of all inputs: on a terminal where they are many, and with -v."""
        if self.quiet or not (self.verbose or (self.many and sys.stderr.isatty())):
            return
        articles = f"{self.articles} article{'s' * (self.articles != 1)}"
        failures = f"{self.failed} failure{'s' * (self.failed != 1)}"
        classes = sorted(self.removed.items(), key=lambda item: (-item[1], item[0]))
        removed = ", ".join(f"{count} {name}" for name, count in classes)
        sys.stderr.write(f"scrub: {articles}, {failures}{f'; removed {removed}' if removed else ''}\n")

    @contextmanager
    def progress(self) -> Iterator[Callable[[], None]]:
        """A bar on a terminal while many inputs are cleaned; what comes back is called after each of them.

        There is none where the articles themselves are shown on a terminal.
        """
        if self.quiet or not self.many or sys.stdout.isatty() or not sys.stderr.isatty():
            yield lambda: None
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        words = TextColumn("{task.completed:.0f} done, {task.fields[failed]} failed, {task.fields[rate]:.0f}/s")
        console = Console(stderr=True, no_color=self.no_color or None)
        with Progress(BarColumn(), words, TimeElapsedColumn(), console=console, transient=True) as bar:
            task = bar.add_task("", total=self.total, failed=0, rate=0.0)

            def advance() -> None:
                rate = (bar.tasks[0].completed + 1) / max(bar.tasks[0].elapsed or 0, 0.1)
                bar.update(task, advance=1, failed=self.failed, rate=rate)

            yield advance

    def _explain(self, name: str, removed: tuple[Removal, ...]) -> None:
        if not removed:
            self._say(name, "nothing was removed")
        for removal in removed:
            words = one_line(removal.text)
            shown = words if len(words) <= FIRST_WORDS else f"{words[:FIRST_WORDS]}…"
            self._say(name, f"{self._color(_BOLD, removal.rule)}: {removal.reason}: {shown}")

    def _say(self, name: str, message: str, color: str = "") -> None:
        shown = "standard input" + name[1:] if name == "-" or name.startswith("-:") else one_line(name)
        sys.stderr.write(f"scrub: {self._color(color, shown)}: {_CONTROLS_BUT_COLOR.sub(' ', message)}\n")

    def _color(self, color: str, text: str) -> str:
        plain = self.no_color or os.environ.get("NO_COLOR") or not sys.stderr.isatty()
        return text if plain or not color else f"{color}{text}{_PLAIN}"

    def _write_error(self, row: dict[str, str]) -> None:
        assert self.errors is not None
        try:
            with self.errors.open("a" if self._started else "w", encoding="utf-8", errors="replace") as stream:
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        except OSError as error:
            problem = f"cannot write {self.errors}: {error.strerror}"
            raise OutputError(problem, "choose another --errors file") from error
        self._started = True


_CONTROLS_BUT_COLOR = re.compile(r"[\x00-\x1a\x1c-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """A text without control characters and runs of space, safe to show on a terminal."""
    return " ".join(_CONTROLS.sub(" ", text).split())
