"""The short lines around the headline or a byline, where publishers print the byline and the date for readers."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from .signals import is_other, text_of
from .wording import tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selectolax.lexbor import LexborNode

LINES_AFTER, LINES_BEFORE = 24, 5
LONGEST_LINE = 110
MOST_PARAGRAPHS = 3
"""After so many longer lines the article has begun, and a date is one that it tells of."""
MOST_STEPS = 600
SILENT = frozenset({"script", "style", "noscript", "template", "svg", "select", "button", "form", "figure", "picture"})


class Line(NamedTuple):
    """A short piece of text, and the machine's date where it stands in a time element."""

    text: str
    moment: str


def lines_around(heading: LexborNode) -> Iterator[Line]:
    """The short lines that follow a heading, nearest first, then those before it."""
    paragraphs = 0
    for line in islice(_lines(heading, _following), LINES_AFTER):
        paragraphs += len(line.text) > 2 * LONGEST_LINE
        if paragraphs >= MOST_PARAGRAPHS:
            break
        if len(line.text) <= LONGEST_LINE:
            yield line
    for line in islice(_lines(heading, _preceding), LINES_BEFORE):
        if len(line.text) > LONGEST_LINE:
            return
        yield line


def lines_after(node: LexborNode, most: int) -> Iterator[Line]:
    """The first lines that follow an element."""
    return islice(_lines(node, _following), most)


def _lines(start: LexborNode, step: Callable[[LexborNode, bool], LexborNode | None]) -> Iterator[Line]:
    node: LexborNode | None = start
    enter = False
    for _ in range(MOST_STEPS):
        node = step(node, enter) if node is not None else None
        if node is None or node.tag == "body":
            return
        enter = node.is_element_node and node.tag not in SILENT and (node.tag == "aside" or not is_other(node))
        if node.is_text_node:
            text = tidy(node.text_content)
            if any(map(str.isalnum, text)):
                yield Line(text, "")
        elif node.tag == "time":
            enter = False
            yield Line(text_of(node), tidy(node.attributes.get("datetime")))


def _following(node: LexborNode, enter: bool) -> LexborNode | None:
    """The next node in reading order; `enter` says whether to go inside this one."""
    if enter and node.first_child is not None:
        return node.first_child
    here: LexborNode | None = node
    for _ in range(MOST_STEPS):
        if here is None or here.next is not None:
            break
        here = here.parent
    return here.next if here is not None else None


def _preceding(node: LexborNode, enter: bool) -> LexborNode | None:
    """The node before in reading order, a container after what it holds."""
    if enter and node.last_child is not None:
        return node.last_child
    here: LexborNode | None = node
    for _ in range(MOST_STEPS):
        if here is None or here.prev is not None:
            break
        here = here.parent
    return here.prev if here is not None else None
