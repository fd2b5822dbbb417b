"""Inputs -> outcomes, one after the other, in order; what goes wrong with one costs only that one.

Work is made of a `Start`: a function that can be sent to another process and gives what cleans there. So one process
and several (`scrub.run.processes`) do the same.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from scrub.errors import InternalError, NoArticleError, ScrubError
from scrub.model import Article, Page, Removal, category
from scrub.sources.files import Input, name_of

_NOTHING: Mapping[str, int] = {}


class Outcome(NamedTuple):
    """What became of one input, as bytes and figures: small enough to be sent from one process to another.

    `removed` counts the removed pieces by class; `removals` are these pieces, only where they are to be explained.
    `digest` tells an article's text from another, where that was asked for.
    """

    name: str
    content: bytes = b""
    error: ScrubError | None = None
    warnings: tuple[str, ...] = ()
    kept: int = 0
    removed: Mapping[str, int] = _NOTHING
    removals: tuple[Removal, ...] = ()
    digest: str = ""


Work = Callable[[Input], Outcome]  # never raises
Clean = Callable[[Page], Article]  # raises a ScrubError for what gives no article
Start = Callable[[], Work]


def clean_each(inputs: Iterable[Input], work: Work) -> Generator[Outcome]:
    """The outcome of each input as soon as it is there; the next one is read when it is asked for."""
    for one in inputs:
        yield work(one)


def start_pages(
    load: Callable[[], Clean],
    read: Callable[[Input], Page],
    content: Callable[[Article], bytes],
    *,
    explain: bool = False,
) -> Work:
    """Load what cleans; what comes back reads an input as a page, cleans it, and writes the article with `content`."""
    return partial(_clean_input, load(), read, content, explain)


def _clean_input(
    clean: Clean,
    read: Callable[[Input], Page],
    content: Callable[[Article], bytes],
    explain: bool,
    one: Input,
) -> Outcome:
    def make() -> Outcome:
        article = _clean_page(clean, read(one), one)
        return outcome_of(name_of(one), article, content(article), explain=explain)

    return attempt(name_of(one), make, explain=explain)


def _clean_page(clean: Clean, page: Page, one: Input) -> Article:
    if isinstance(one, str) or not one.further:
        return clean(page)
    from scrub.sources.multipage import read_whole_article

    return read_whole_article(page, one.further, clean)


def attempt(name: str, make: Callable[[], Outcome], *, explain: bool = False) -> Outcome:
    """The outcome that `make` gives, or the one that says what went wrong."""
    try:
        return make()
    except NoArticleError as error:
        removals = error.article.removed if explain and error.article else ()
        return Outcome(name, error=NoArticleError(error.detail, error.advice), removals=removals)
    except ScrubError as error:
        return Outcome(name, error=error)
    except Exception as error:  # noqa: BLE001  # the one place where a page's failure must not stop the others
        return Outcome(name, error=InternalError(f"{type(error).__name__}: {error}"))


def outcome_of(name: str, article: Article, content: bytes, *, explain: bool = False) -> Outcome:
    """The outcome of an input that gave an article."""
    removed: dict[str, int] = {}
    for decision in article.decisions:
        if not decision.keep:
            removed[category(decision.rule)] = removed.get(category(decision.rule), 0) + 1
    removals = article.removed if explain else ()
    return Outcome(name, content, None, article.warnings, len(article.kept), removed, removals)
