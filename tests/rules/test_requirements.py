"""What a text must have for an expression to meet it: never more than the expression asks."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrub.rules.requirements import Requirements, read_requirements
from scrub.rules.shipped import read_shipped

EXPRESSIONS = sorted({rule.match for rule in read_shipped().rules if rule.match})


@pytest.mark.parametrize(
    ("expression", "starts", "parts"),
    [
        ("photo: .{1,40}", ("photo: ",), (("photo: ",),)),
        ("(?:the )?photo: .{1,40}", ("photo: ", "the photo: "), (("photo: ",),)),
        ("(?:photo|image) by .{1,40}", ("image by ", "photo by "), (("image by ", "photo by "),)),
        (".{1,40}/ ?reuters", (), (("/ reuters", "/reuters"),)),
        ("[a-z]{3} (?:photo|image)", (), ((" image", " photo"),)),
        ("(?=.{0,9}#)[a-z ]{1,9}#?", (), (("#",),)),
        ("[a-z]{1,9}", (), ()),
        ("(?:a|b[0-9])", ("a", "b"), ()),
    ],
)
def test_beginnings_and_parts_are_read_from_the_expression(
    expression: str, starts: tuple[str, ...], parts: tuple[tuple[str, ...], ...]
) -> None:
    assert read_requirements(expression, whole=True) == Requirements(starts, parts)


def test_an_expression_that_meets_a_part_of_a_block_asks_for_no_beginning() -> None:
    assert read_requirements("photo: .{1,40}", whole=False).starts == ()


def test_an_expression_that_takes_any_case_asks_for_nothing() -> None:
    assert read_requirements("(?i)photo", whole=True) == Requirements()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_text_that_a_shipped_expression_meets_has_what_is_required(data: st.DataObject) -> None:
    expression = data.draw(st.sampled_from(EXPRESSIONS))
    text = data.draw(st.from_regex(re.compile(expression), fullmatch=True))
    required = read_requirements(expression, whole=True)
    assert not required.starts or text.startswith(required.starts)
    assert all(any(string in text for string in strings) for strings in required.parts)
