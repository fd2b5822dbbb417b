"""Several processes: what one process gives, in the same order, and no more is read than must be."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from functools import partial
from threading import Event

import pytest

from scrub.api import load_cleaner
from scrub.errors import RuleError
from scrub.run.articles import Outcome, Work, clean_each, start_pages
from scrub.run.processes import IN_FLIGHT, clean_in_processes
from scrub.sources.files import Given, Input, name_of, read_input
from scrub.write.record import to_text

BODY = "The council met on Monday evening and decided to build the new bridge over the river."
START = partial(start_pages, load_cleaner, read_input, to_text)


def nobody_is_left() -> bool:
    """Whether all processes have ended; one that was just being started may take a moment."""
    patience = time.monotonic() + 10
    while multiprocessing.active_children() and time.monotonic() < patience:
        time.sleep(0.05)
    return not multiprocessing.active_children()


def given(number: int) -> Given:
    return Given(f"x:{number}", f"{BODY} {number}\n\nRelated:".encode() if number % 7 else b"")


def test_outcomes_are_those_of_one_process_in_the_same_order() -> None:
    inputs = [given(number) for number in range(50)]
    batches = [inputs[start : start + 3] for start in range(0, 50, 3)]
    several, one = list(clean_in_processes(batches, START, 3)), list(clean_each(inputs, START()))
    assert [(o.name, o.content, o.removed, str(o.error)) for o in several] == [
        (o.name, o.content, o.removed, str(o.error)) for o in one
    ]
    assert nobody_is_left()


def test_an_outcome_is_there_before_the_next_input_is() -> None:
    more = Event()

    def batches() -> Iterator[list[Given]]:
        yield [given(1)]
        assert more.wait(30)
        yield [given(2)]

    outcomes = clean_in_processes(batches(), START, 2)
    assert next(outcomes).name == "x:1"
    more.set()
    assert [outcome.name for outcome in outcomes] == ["x:2"]


def test_no_more_is_read_than_a_window() -> None:
    read: list[int] = []

    def batches() -> Iterator[list[Given]]:
        for number in range(1, 1000):
            read.append(number)
            yield [given(number)]

    outcomes = clean_in_processes(batches(), START, 2)
    for _ in range(20):
        next(outcomes)
    outcomes.close()
    assert len(read) <= 20 + 2 * IN_FLIGHT
    assert nobody_is_left()


def test_rules_that_are_wrong_are_raised_here() -> None:
    start = partial(start_pages, partial(load_cleaner, ["nosuch"]), read_input, to_text)
    with pytest.raises(RuleError, match="nosuch: no rule and no class"):
        list(clean_in_processes([[given(1)]], start, 2))


def test_what_goes_wrong_with_reading_is_raised_here() -> None:
    def batches() -> Iterator[list[Given]]:
        yield [given(1)]
        raise ZeroDivisionError

    outcomes = clean_in_processes(batches(), START, 2)
    assert next(outcomes).name == "x:1"
    with pytest.raises(ZeroDivisionError):
        next(outcomes)


def start_slow() -> Work:
    return slow


def slow(one: Input) -> Outcome:
    if name_of(one) == "x:2":
        time.sleep(60)
    return Outcome(name_of(one), b"done")


def test_an_input_that_takes_too_long_costs_only_itself() -> None:
    inputs = [given(number) for number in range(5)]
    begun = time.monotonic()
    outcomes = list(clean_in_processes([inputs[:4], inputs[4:]], start_slow, 1, seconds=1))
    assert [outcome.name for outcome in outcomes] == [f"x:{number}" for number in range(5)]
    assert [outcome.error.kind if outcome.error else None for outcome in outcomes] == [
        None,
        None,
        "time-limit",
        None,
        None,
    ]
    assert "longer than 1 seconds" in str(outcomes[2].error)
    assert time.monotonic() - begun < 20
    assert nobody_is_left()
