"""Expressions that may stand in a pack: only those that cannot backtrack for long.

Python's `re` backtracks, so an expression's time can explode. One in which every repetition is bounded, none that
varies stands inside another, and whose match is at most WIDEST characters long tries a bounded number of ways at each
place of a text: its time is linear in the text.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

WIDEST = 1000
MOST_WAYS = 250_000  # products of the widths of an expression's repetitions: the ways to match at one place


def check_expression(expression: str) -> None:
    """Raise ValueError, with what is wrong, for an expression that does not compile or may take long."""
    from re import _constants as constants  # type: ignore[attr-defined]  # private, but the only parser of `re`
    from re import _parser as parser  # type: ignore[attr-defined]

    try:
        tree = parser.parse(expression)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    if tree.getwidth()[1] > WIDEST:
        raise ValueError(f"an expression that may match more than {WIDEST} characters, or an unbounded * or +")
    if _count_ways(tree, constants, inside_repeat=False) > MOST_WAYS:
        raise ValueError("an expression whose repetitions can share a text in too many ways")


def _count_ways(tree: Any, constants: Any, *, inside_repeat: bool) -> int:
    ways = 1
    for operation, argument in tree:
        varies = False
        if operation in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
            varies = argument[0] != argument[1] and argument[1] > 1
            if varies and inside_repeat:
                raise ValueError("a repetition inside a repetition")
            ways *= argument[1] - argument[0] + 1
        parts = _subtrees(argument, parser_type=type(tree))
        inner = [_count_ways(part, constants, inside_repeat=inside_repeat or varies) for part in parts]
        ways *= max(inner) if operation is constants.BRANCH else math.prod(inner)
    return ways


def _subtrees(argument: Any, parser_type: type) -> list[Any]:
    if isinstance(argument, parser_type):
        return [argument]
    if isinstance(argument, (tuple, list)):
        return [tree for part in argument for tree in _subtrees(part, parser_type)]
    return []


@lru_cache(maxsize=4096)
def compiled(expression: str) -> re.Pattern[str]:
    """The expression, compiled when first needed."""
    return re.compile(expression)
