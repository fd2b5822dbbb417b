"""What `clean` and `fetch` have in common: inputs to outcomes, outcomes to their place, and the exit status."""

import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from scrub.cli.options import Format
from scrub.cli.report import Report, one_line
from scrub.errors import OutputError, RuleError, ScrubError, StorageError
from scrub.model import Article, Page
from scrub.run.apart import clean_apart
from scrub.run.articles import Clean, Outcome, Start, clean_each, start_pages
from scrub.sources.files import Given, Input, is_warc
from scrub.write import places, record

if TYPE_CHECKING:
    from scrub.run.fetches import Downloads
    from scrub.run.state import State
    from scrub.write.pages import PageKeeper

_ENDINGS = {Format.text: ".txt", Format.json: ".json", Format.markdown: ".md"}
MOST_FILES = 16  # that a process is handed at once: enough that it need not wait for the next


class Output(NamedTuple):
    """The options on what is written and where."""

    format: Format
    path: str | None
    force: bool
    by_nul: bool
    with_removed: bool
    full: bool
    images: bool = False

    def check(self) -> None:
        """Refuse an option that would do nothing. BadParameter names it."""
        if self.images and self.format is not Format.markdown:
            raise typer.BadParameter("it needs --format markdown", param_hint="--images")

    def place(self, state: "State | None" = None) -> places.Place:
        """Where articles go; with a state they go on after those of earlier runs."""
        separator = b"" if self.format is Format.json else places.NUL if self.by_nul else places.FORM_FEED
        if self.path is None or self.path == "-":
            return places.standard_output(separator)
        path = Path(self.path)
        if self.to_folder():
            take = partial(state.take_file, path) if state else None
            return places.Folder(path, _ENDINGS[self.format], force=self.force, take=take)
        return places.GrowingFile(path, separator, state.written(path) if state else None)

    def to_folder(self) -> bool:
        """Whether each article gets a file of its own."""
        return self.path is not None and (self.path.endswith("/") or Path(self.path).is_dir())

    def writer(self) -> Callable[[Article], bytes]:
        """How an article becomes bytes; it can be sent to another process."""
        if self.format is Format.json:
            return partial(record.to_json_line, with_removed=self.with_removed, full=self.full)
        if self.format is Format.markdown:
            from scrub.write.markdown import to_markdown

            return partial(to_markdown, images=self.images)
        return record.to_text


def clean_downloads(
    downloads: "Downloads",
    load: Callable[[], Clean],
    output: Output,
    report: Report,
    jobs: int,
    *,
    saved: "PageKeeper | None" = None,
    state: "State | None" = None,
) -> None:
    """Clean pages as they are downloaded and write them; exit with 1 when an address gave no article."""
    from scrub.run.fetches import save_pages, start_downloads

    start = partial(start_downloads, load, output.writer(), explain=report.explain)

    def outcomes() -> Generator[Outcome]:
        with downloads:
            pages = save_pages(downloads, saved) if saved else iter(downloads)
            yield from _outcomes(([page] for page in pages), start, jobs)

    _write(outcomes(), output, report, state=state)


def clean_files(
    names: Sequence[str],
    read: Callable[[Input], Page],
    load: Callable[[], Clean],
    output: Output,
    report: Report,
    jobs: int,
    *,
    all_pages: bool = False,
) -> None:
    """Clean files in so many processes and write them; exit with 1 when one gave no article. `all_pages` says that
    they are HTML, whatever they look like."""
    start = partial(start_pages, load, read, output.writer(), explain=report.explain)
    archives = [name for name in names if _is_read_here(name)]
    report.expect(None if any(map(is_warc, names)) else len(names))
    if jobs == 1 or (len(names) == 1 and not archives):
        _write(clean_apart(chain.from_iterable(_batches(names, 1)), start, all_pages=all_pages), output, report)
        return
    size = min(MOST_FILES, 1 + len(names) // (8 * jobs))
    _write(_outcomes(_batches(names, size), start, jobs if archives else min(jobs, len(names))), output, report)


def _batches(names: Sequence[str], size: int) -> Iterator[Sequence[Input]]:
    """So many files at once, and each page of an archive by itself."""
    batch: list[Input] = []
    for name in names:
        if _is_read_here(name):
            if batch:
                yield batch
                batch = []
            yield from ([given] for given in _read_here(name))
        else:
            batch.append(name)
            if len(batch) == size:
                yield batch
                batch = []
    if batch:
        yield batch


def _is_read_here(name: str) -> bool:
    """Whether it is read in this process: others do not have standard input, and an archive holds many pages."""
    return name == "-" or is_warc(name)


def _read_here(name: str) -> Iterator[Given]:
    from scrub.sources.warc import read_pages, read_standard_pages

    return read_standard_pages(_decode) if name == "-" else read_pages(name, _decode)


def _decode(body: bytes, coding: str, limit: int, where: str) -> bytes:
    from scrub.net.decoding import decode_body

    return decode_body(body, coding, limit, where)


def clean_lines(
    names: Sequence[str], field: str, load: Callable[[], Clean], output: Output, report: Report, jobs: int
) -> None:
    """Clean a field of each line of JSON Lines; exit with 1 when a line gave no article."""
    from scrub.run.json_lines import start_field

    start = partial(start_field, load, field, with_removed=output.with_removed, explain=report.explain)
    report.expect(None)
    _write(_outcomes(_lines(names), start, jobs), output, report)


def restore_lines(names: Sequence[str], output: Output, report: Report) -> None:
    """Write the text that each line of `--full` was made of; exit with 1 when a line has none."""
    from scrub.run.json_lines import file_of_line, restore_line

    lines = chain.from_iterable(_lines(names))
    _write(clean_each(lines, restore_line), output, report, file_of_line)


def _lines(names: Iterable[str]) -> Iterator[Sequence[Given]]:
    from scrub.sources.json_lines import read_lines

    for name in names:
        yield from read_lines(name)


def _outcomes(batches: Iterable[Sequence[Input]], start: Start, jobs: int) -> Generator[Outcome]:
    if jobs == 1:
        return clean_apart(chain.from_iterable(batches), start)
    from scrub.run.processes import clean_in_processes

    return clean_in_processes(batches, start, jobs)


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _write(
    outcomes: Generator[Outcome],
    output: Output,
    report: Report,
    name_file: Callable[[str], str] = str,
    state: "State | None" = None,
) -> None:
    """Write outcomes as they come and say what is to be said of each; exit with 1 when one is an error."""
    with output.place(state) as place, closing(outcomes), report.progress() as advance:
        for outcome in outcomes:
            _write_one(outcome, place, report, name_file, state)
            advance(outcome.name)
    report.summary(state.counts if state else {})
    if report.failed:
        raise typer.Exit(1)


def _write_one(
    outcome: Outcome, place: places.Place, report: Report, name_file: Callable[[str], str], state: "State | None"
) -> None:
    """Write an article, say so, and only then remember it: a run that is killed repeats itself and loses nothing."""
    if outcome.error is None and not (state and state.is_unchanged(outcome)):
        try:
            place.put(name_file(outcome.name), outcome.content)
        except StorageError:
            raise
        except OutputError as error:
            outcome = Outcome(outcome.name, error=error)
    if outcome.error is not None:
        report.error(outcome.name, outcome.error, outcome.removals)
    else:
        report.article(outcome)
    if state:
        state.settle(outcome, place.written() if isinstance(place, places.GrowingFile) else None)


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
