"""What people read on standard error: errors, warnings, explanations. And the file of errors for programs."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

from scrub.errors import NoArticleError, OutputError, ScrubError
from scrub.model import Article, Removal

FIRST_WORDS = 60  # characters of a removed text that are shown
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_BOLD, _RED, _PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[0m"


class Report:
    """Where messages go and how much is said; counts the inputs that gave no article."""

    def __init__(self, *, explain: bool, quiet: bool, verbose: bool, no_color: bool, errors: Path | None) -> None:
        self.explain = explain
        self.quiet = quiet
        self.verbose = verbose
        self.no_color = no_color
        self.errors = errors
        self.failed = 0
        self._started = False

    def article(self, name: str, article: Article) -> None:
        """Say what the options ask for of an article."""
        if not self.quiet:
            for warning in article.warnings:
                self._say(name, f"warning: {warning}")
        if self.verbose:
            self._say(name, f"{len(article.kept)} blocks kept, {len(article.removed)} pieces removed")
        if self.explain:
            self._explain(name, article.removed)

    def error(self, name: str, error: ScrubError) -> None:
        """Name an input that gave no article, with what is wrong and what to try."""
        self.failed += 1
        self._say(name, str(error), _RED)
        if self.explain and isinstance(error, NoArticleError) and error.article is not None:
            self._explain(name, error.article.removed)
        if self.errors is not None:
            self._write_error({"input": name, "kind": error.kind, "detail": error.detail, "advice": error.advice})

    def _explain(self, name: str, removed: tuple[Removal, ...]) -> None:
        if not removed:
            self._say(name, "nothing was removed")
        for removal in removed:
            words = one_line(removal.text)
            shown = words if len(words) <= FIRST_WORDS else f"{words[:FIRST_WORDS]}…"
            self._say(name, f"{self._color(_BOLD, removal.rule)}: {removal.reason}: {shown}")

    def _say(self, name: str, message: str, color: str = "") -> None:
        shown = "standard input" if name == "-" else one_line(name)
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
