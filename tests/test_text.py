"""Plain text becomes blocks, and nothing of it gets lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scrub.text import read_text

LINES = st.lists(st.sampled_from(["Related:", "", "  ", "A word", "x" * 70, "\u00a0", "- item", "# Head", "日本語。"]))
TEXTS = st.one_of(st.text(), st.builds("\n".join, LINES), st.builds("\r\n".join, LINES))


def texts(text: str) -> list[str]:
    return [block.text for block in read_text(text).blocks]


@given(TEXTS)
def test_separators_and_blocks_are_the_text(text: str) -> None:
    document = read_text(text)
    pieces = [document.separators[0]]
    for block, separator in zip(document.blocks, document.separators[1:], strict=True):
        pieces += [block.text, separator]
    assert "".join(pieces) == text
    assert [block.index for block in document.blocks] == list(range(len(document.blocks)))


@given(TEXTS)
def test_a_block_knows_where_it_stood(text: str) -> None:
    for block in read_text(text).blocks:
        assert block.source is not None
        assert text[block.source.start : block.source.end] == block.text


def test_a_block_is_a_line_and_knows_its_paragraph() -> None:
    blocks = read_text("One\nTwo\n\nThree").blocks
    assert [(block.text, block.paragraph) for block in blocks] == [("One", 0), ("Two", 0), ("Three", 1)]


def test_every_kind_of_line_end_ends_a_line() -> None:
    assert texts("a\nb\r\nc\rd\u2028e\x85f") == ["a", "b", "c", "d", "e", "f"]


def test_a_line_of_invisible_characters_is_blank() -> None:
    assert [block.paragraph for block in read_text("One\n\u200b \u00a0\nTwo").blocks] == [0, 1]


WRAPPED = """\
Two hundred people came to the meeting in the old town hall on Monday,
more than the council had chairs for, and most of them stayed until the
last question had been answered.
"""


def test_a_hard_wrapped_paragraph_is_one_block_as_it_was() -> None:
    assert texts(WRAPPED + "\nThe end came late.") == [WRAPPED.rstrip("\n"), "The end came late."]


def test_a_run_of_teasers_is_not_a_wrapped_paragraph() -> None:
    teasers = (
        "Council votes for a new bridge over the river\nFerry runs again\nMayor resigns after eleven years in office"
    )
    assert len(texts(teasers)) == 3


def test_long_paragraphs_on_a_line_each_are_not_wrapped_together() -> None:
    one = "A paragraph of the story that is long and stands on a line of its own, as scrapers write it, with no blank line."
    assert len(texts(f"{one}\n{one}\n{one}")) == 3


def test_headings_items_and_quotes_are_recognised() -> None:
    blocks = read_text("## The method\n- first\n2. second\n> quoted\nplain").blocks
    assert [(b.kind, b.level) for b in blocks] == [
        ("heading", 2), ("item", 1), ("item", 1), ("quote", 0), ("paragraph", 0)
    ]  # fmt: skip
