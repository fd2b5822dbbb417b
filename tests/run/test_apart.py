"""One process: texts are cleaned in it, pages in one apart, which is ended when it does not come back."""

from __future__ import annotations

import gzip
import os
from functools import partial
from pathlib import Path

import pytest
from test_processes import nobody_is_left

from scrub.api import load_cleaner
from scrub.model import Page
from scrub.run import processes
from scrub.run.apart import clean_apart, may_be_page
from scrub.run.articles import Outcome, Work, clean_each, start_pages
from scrub.sources.files import Given, Input, name_of, read_input
from scrub.write.record import to_text

BODY = "The council met on Monday evening and decided to build the new bridge over the river."
PAGE = f"<html><body><article>{f'<p>{BODY}</p>' * 5}</article></body></html>"
START = partial(start_pages, load_cleaner, read_input, to_text)


def start_telling() -> Work:
    return tell


def tell(one: Input) -> Outcome:
    """Where an input is cleaned; one ends its process."""
    if name_of(one) == "ends":
        os._exit(3)
    return Outcome(name_of(one), str(os.getpid()).encode())


def test_outcomes_are_those_of_one_process_in_the_same_order() -> None:
    inputs = [
        Given("text", f"{BODY}\n\nRelated:".encode()),
        Given("page", PAGE.encode()),
        Given("none"),
        Given("text", BODY.encode()),
    ]
    apart, here = list(clean_apart(inputs, START)), list(clean_each(inputs, START()))
    assert [(o.name, o.content, str(o.error)) for o in apart] == [(o.name, o.content, str(o.error)) for o in here]
    assert nobody_is_left()


def test_a_page_that_ends_its_process_costs_only_itself_and_texts_need_none() -> None:
    inputs = [
        Given("text", b"x"),
        Given("page", b"<p>"),
        Given("ends", b"<p>"),
        Given("page", b"<p>"),
        Given("text", b"x"),
    ]
    outcomes = list(clean_apart(inputs, start_telling))
    assert [outcome.error.kind if outcome.error else None for outcome in outcomes] == [
        None,
        None,
        "internal",
        None,
        None,
    ]
    where = [outcome.content for outcome in outcomes]
    assert where[0] == where[4] == str(os.getpid()).encode()
    assert len({where[0], where[1], where[3]}) == 3


def test_all_inputs_go_apart_when_a_person_says_that_they_are_pages() -> None:
    (outcome,) = clean_apart([Given("text", b"x")], start_telling, all_pages=True)
    assert outcome.content != str(os.getpid()).encode()


@pytest.mark.parametrize(
    ("body", "may"),
    [
        (PAGE.encode(), True),
        (PAGE.encode("utf-16"), True),
        (PAGE.encode("utf-16-be"), True),
        (PAGE.encode("utf-32"), True),
        (b"<!-- x -->", True),
        (BODY.encode(), False),
        (b"1 < 2 and 3 > 2", False),
        (b"", False),
    ],
)
def test_what_may_be_a_page_is_told_from_its_bytes(tmp_path: Path, body: bytes, may: bool) -> None:
    assert may_be_page(Given("x", body)) is may
    (tmp_path / "plain").write_bytes(body)
    (tmp_path / "packed.gz").write_bytes(gzip.compress(body))
    assert may_be_page(str(tmp_path / "plain")) is may
    assert may_be_page(str(tmp_path / "packed.gz")) is may


def test_a_file_that_cannot_be_read_is_no_page() -> None:
    assert not may_be_page("no/such/file")


def test_the_limit_of_time_is_longer_than_any_page_within_the_budget_takes() -> None:
    assert processes.SECONDS_EACH >= 30


def test_a_page_that_was_downloaded_is_cleaned_apart_too() -> None:
    assert may_be_page(Given("https://news.example/", page=Page(b"<p>A story.</p>")))
    assert not may_be_page(Given("https://news.example/", page=Page(b"A story.")))
