"""Many articles: in order, each failure its own."""

from __future__ import annotations

from collections.abc import Iterator

from scrub.errors import InputError, InternalError, ScrubError
from scrub.model import Article, Page
from scrub.pipeline import shipped_rules
from scrub.run.articles import clean_each

BODY = "The council met on Monday evening and decided to build the new bridge over the river."


def read(name: str) -> Page:
    if name == "missing":
        raise InputError("no such file")
    if name == "broken":
        raise RecursionError("too deep")
    return Page(f"{BODY} {name}".encode())


def test_outcomes_come_in_order_and_failures_are_told_apart() -> None:
    outcomes = list(clean_each(["a", "missing", "broken", "b"], read, shipped_rules()))
    assert [outcome.name for outcome in outcomes] == ["a", "missing", "broken", "b"]
    kinds = [type(outcome.result) for outcome in outcomes]
    assert kinds == [Article, InputError, InternalError, Article]
    broken = outcomes[2].result
    assert isinstance(broken, ScrubError)
    assert "RecursionError: too deep; this is a fault of scrub" in str(broken)


def test_nothing_is_read_before_it_is_asked_for() -> None:
    asked: list[str] = []

    def names() -> Iterator[str]:
        for name in ("a", "b"):
            asked.append(name)
            yield name

    outcomes = clean_each(names(), read, shipped_rules())
    next(outcomes)
    assert asked == ["a"]
