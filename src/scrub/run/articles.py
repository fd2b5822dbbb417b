"""Names of inputs -> outcomes, in order; what goes wrong with one costs only that one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from scrub.errors import InternalError, ScrubError
from scrub.model import Article, Page
from scrub.pipeline import clean_page
from scrub.rules.ruleset import RuleSet


class Outcome(NamedTuple):
    """What became of one input: an article or an error."""

    name: str
    result: Article | ScrubError


def clean_each(names: Iterable[str], read: Callable[[str], Page], rules: RuleSet) -> Iterator[Outcome]:
    """The outcome of each input as soon as it is there; `read` turns a name into a Page."""
    for name in names:
        yield Outcome(name, _clean_one(name, read, rules))


def _clean_one(name: str, read: Callable[[str], Page], rules: RuleSet) -> Article | ScrubError:
    try:
        return clean_page(read(name), rules)
    except ScrubError as error:
        return error
    except Exception as error:  # noqa: BLE001  # the one place where a page's failure must not stop the others
        return InternalError(f"{type(error).__name__}: {error}")
