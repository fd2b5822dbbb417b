"""What `clean` and `fetch` have in common: inputs to outcomes, outcomes to their place, and the exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import typer

from scrub.cli.options import Format
from scrub.cli.report import Report, one_line
from scrub.errors import OutputError, RuleError, ScrubError
from scrub.model import Article, Page
from scrub.rules.ruleset import RuleSet
from scrub.run.articles import clean_each
from scrub.write import places, record


class Output(NamedTuple):
    """The options on what is written and where."""

    format: Format
    path: str | None
    force: bool
    by_nul: bool
    with_removed: bool
    full: bool

    def place(self) -> places.Place:
        """Where articles go."""
        separator = b"" if self.format is Format.json else places.NUL if self.by_nul else places.FORM_FEED
        if self.path is None or self.path == "-":
            return places.standard_output(separator)
        if self.path.endswith("/") or Path(self.path).is_dir():
            return places.Folder(Path(self.path), ".json" if self.format is Format.json else ".txt", force=self.force)
        return places.GrowingFile(Path(self.path), separator)

    def content(self, article: Article) -> bytes:
        """An article in the chosen format."""
        if self.format is Format.json:
            return record.to_json_line(article, with_removed=self.with_removed, full=self.full)
        return record.to_text(article)


def run(names: Iterable[str], read: Callable[[str], Page], rules: RuleSet, output: Output, report: Report) -> None:
    """Clean each input and write it; exit with 1 when one gave no article."""
    with output.place() as place:
        for outcome in clean_each(names, read, rules):
            if isinstance(outcome.result, ScrubError):
                report.error(outcome.name, outcome.result)
                continue
            try:
                place.put(outcome.name, output.content(outcome.result))
            except OutputError as error:
                report.error(outcome.name, error)
                continue
            report.article(outcome.name, outcome.result)
    if report.failed:
        raise typer.Exit(1)


@contextmanager
def contract() -> Iterator[None]:
    """Turn what may end a command into its message and exit status."""
    try:
        yield
    except RuleError as error:
        sys.stderr.write(f"scrub: {one_line(str(error))}\n")
        raise typer.Exit(2) from error
    except ScrubError as error:
        sys.stderr.write(f"scrub: {one_line(str(error))}\n")
        raise typer.Exit(1) from error
    except KeyboardInterrupt as error:
        raise typer.Exit(130) from error
    except BrokenPipeError as error:  # the reader has seen enough; Python must not complain when it flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from error
