"""Many articles: in order, each failure its own."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

from scrub.api import load_cleaner
from scrub.errors import InputError, InternalError, NoArticleError
from scrub.model import Article, Page
from scrub.run.articles import Outcome, Work, clean_each, start_pages
from scrub.sources.files import Input, name_of

BODY = "The council met on Monday evening and decided to build the new bridge over the river."


def read(one: Input) -> Page:
    name = name_of(one)
    if name == "missing":
        raise InputError("no such file")
    if name == "broken":
        raise RecursionError("too deep")
    return Page(b"Related:" if name == "nothing" else f"{BODY} {name}\n\nRelated:".encode())


def content(article: Article) -> bytes:
    return article.whole_text.encode()


def work(*, explain: bool = False) -> Work:
    return start_pages(load_cleaner, read, content, explain=explain)


def test_outcomes_come_in_order_and_failures_are_told_apart() -> None:
    outcomes = list(clean_each(["a", "missing", "broken", "b"], work()))
    assert [outcome.name for outcome in outcomes] == ["a", "missing", "broken", "b"]
    assert [type(outcome.error) for outcome in outcomes] == [type(None), InputError, InternalError, type(None)]
    assert [outcome.content for outcome in outcomes] == [f"{BODY} a".encode(), b"", b"", f"{BODY} b".encode()]
    assert "RecursionError: too deep; this is a fault of scrub" in str(outcomes[2].error)


def test_nothing_is_read_before_it_is_asked_for() -> None:
    asked: list[str] = []

    def names() -> Iterator[str]:
        for name in ("a", "b"):
            asked.append(name)
            yield name

    outcomes = clean_each(names(), work())
    next(outcomes)
    assert asked == ["a"]


def test_an_outcome_counts_by_class_and_holds_the_removals_only_to_explain_them() -> None:
    (plain,) = clean_each(["a"], work())
    assert (plain.kept, plain.removed, plain.removals) == (1, {"related": 1}, ())
    (explained,) = clean_each(["a"], work(explain=True))
    assert [removal.rule for removal in explained.removals] == ["related.label"]


def test_an_outcome_of_nothing_can_be_sent_to_another_process_without_its_article() -> None:
    (outcome,) = clean_each(["nothing"], work(explain=True))
    sent: Outcome = pickle.loads(pickle.dumps(outcome))
    assert isinstance(sent.error, NoArticleError)
    assert sent.error.article is None
    assert str(sent.error) == str(outcome.error)
    assert [removal.text for removal in sent.removals] == ["Related:"]
