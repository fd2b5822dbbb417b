"""Trafilatura's text is told of our blocks, however it splits and joins them."""

from __future__ import annotations

from scrub.html.voice import align

ONE = "The council met on Monday evening and decided after a long debate to build the new bridge."
TWO = "Nobody on the benches spoke against it, and the meeting ended well before nine in the evening."


def test_a_block_that_the_text_has_is_found() -> None:
    assert align([ONE, "Home", TWO], f"{ONE}\n{TWO}") == [True, False, True]


def test_paragraphs_may_be_joined_or_split_differently() -> None:
    assert align([ONE, TWO], f"{ONE} {TWO}") == [True, True]
    assert align([f"{ONE} {TWO}"], f"{ONE}\n{TWO}") == [True]


def test_a_repeated_block_counts_as_often_as_the_text_has_it() -> None:
    assert align([ONE, ONE], ONE) == [True, False]
    assert align([ONE, ONE], f"{ONE}\n{ONE}") == [True, True]


def test_a_subheading_is_found_in_its_place_and_not_in_the_table_of_contents() -> None:
    blocks = ["The vote", "What it costs", ONE, "The vote", TWO, "What it costs", ONE + " Again."]
    text = f"{ONE}\nThe vote\n{TWO}\nWhat it costs\n{ONE} Again."
    assert align(blocks, text) == [False, False, True, True, True, True, True]


def test_short_lines_must_be_there_word_for_word() -> None:
    assert align([ONE, "The vote", TWO], f"{ONE}\nvote\n{TWO}") == [True, False, True]


def test_no_text_has_no_block() -> None:
    assert align(["", "…", ONE], "") == [False, False, False]
