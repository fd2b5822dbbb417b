"""What any text that an expression meets must have: how it begins, and strings that stand in it.

Asking for these strings is a hundred times faster than compiling the expression, and nearly always enough to say no.
The method is that of RE2's prefilter (Russ Cox, "Regular Expression Matching with a Trigram Index", 2012): sets of
strings are worked out bottom-up over the expression's tree, as exact sets while they are small.
"""

from __future__ import annotations

from re import _constants as constants  # type: ignore[attr-defined]  # private, but the only parser of `re`
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

MOST_STRINGS = 300  # of a set; a larger one says little and takes long to ask
MOST_COMPARED = 160
MOST_CHARACTERS = 4  # of a class that counts as so many strings
SHORTEST = 2  # characters; shorter strings stand everywhere
MOST_SETS = 3
REPEATS = (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT)

Strings = frozenset[str]
_NOTHING: Strings = frozenset({""})


class Requirements(NamedTuple):
    """`starts`: the block begins with one of these, where there are some. `parts`: of each set one stands in it."""

    starts: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()


class _Known(NamedTuple):
    """What is known of the texts that a part of an expression meets: all of them, where they are few (`exact`); the
    beginnings that one has (`starts`, with the empty string where nothing is known); sets of which each has one."""

    exact: Strings | None
    starts: Strings
    parts: tuple[Strings, ...] = ()


_ANYTHING = _Known(None, _NOTHING)
_EMPTY = _Known(_NOTHING, _NOTHING)


def read_requirements(expression: str, *, whole: bool) -> Requirements:
    """The requirements of an expression that meets whole blocks, or (`whole` false) parts of them."""
    tree = parser.parse(expression)
    if tree.state.flags & parser.SRE_FLAG_IGNORECASE:
        return Requirements()
    known = _of_sequence(tree)
    sets = {_shortened(strings) for strings in (*known.parts, *([known.exact] if known.exact else []))}
    useful = [strings for strings in sets if all(map(_says_something, strings))]
    chosen = sorted(useful, key=lambda strings: (-min(map(len, strings)), len(strings), sorted(strings)))[:MOST_SETS]
    starts = _without_longer(known.starts) if whole and "" not in known.starts else ()
    return Requirements(tuple(starts), tuple(tuple(sorted(strings)) for strings in chosen))


def _says_something(string: str) -> bool:
    return len(string) >= SHORTEST or (string != "" and not string.isalnum() and not string.isspace())


def _of_sequence(items: Any) -> _Known:
    """One after the other: sets are joined while they stay small, and kept as a requirement where they end."""
    exact: Strings = _NOTHING
    starts: Strings | None = None  # None: what was joined so far is the beginning
    parts: list[Strings] = []
    for operation, argument in items:
        known = _of_item(operation, argument)
        parts += known.parts
        if known.exact is not None and (joined := _joined(exact, known.exact)) is not None:
            exact = joined
            continue
        starts = (_joined(exact, known.starts) or exact) if starts is None else starts
        parts.append(exact)
        exact = known.exact if known.exact is not None else _NOTHING
    if starts is None:
        return _Known(exact, exact, tuple(parts))
    return _Known(None, starts, (*parts, exact))


def _of_item(operation: Any, argument: Any) -> _Known:
    if operation is constants.LITERAL:
        return _exactly(frozenset({chr(argument)}))
    if operation is constants.IN:
        return _of_class(argument)
    if operation is constants.SUBPATTERN:
        return _of_sequence(argument[-1])
    if operation is constants.BRANCH:
        return _of_branches([_of_sequence(branch) for branch in argument[1]])
    if operation in REPEATS:
        return _of_repeat(*argument)
    if operation is constants.ASSERT:
        inside = _of_sequence(argument[1])
        return _Known(_NOTHING, _NOTHING, (*inside.parts, *([inside.exact] if inside.exact else [])))
    return _EMPTY if operation in (constants.AT, constants.ASSERT_NOT) else _ANYTHING


def _exactly(strings: Strings) -> _Known:
    return _Known(strings, strings)


def _of_class(members: Any) -> _Known:
    if len(members) > MOST_CHARACTERS or any(kind is not constants.LITERAL for kind, _ in members):
        return _ANYTHING
    return _exactly(frozenset(chr(code) for _, code in members))


def _of_repeat(least: int, most: int, items: Any) -> _Known:
    once = _of_sequence(items)
    if most == 1 and least == 0:
        return _exactly(once.exact | _NOTHING) if once.exact is not None else _ANYTHING
    if least == 0:
        return _ANYTHING
    return once if most == 1 else _Known(None, once.starts, (*once.parts, *([once.exact] if once.exact else [])))


def _of_branches(branches: list[_Known]) -> _Known:
    exact = [branch.exact for branch in branches]
    starts = frozenset().union(*(branch.starts for branch in branches))
    starts = starts if len(starts) <= MOST_STRINGS else _NOTHING
    if all(strings is not None for strings in exact):
        every = frozenset().union(*(strings for strings in exact if strings is not None))
        if len(every) <= MOST_STRINGS:
            return _Known(every, every)
    best = [_best(branch) for branch in branches]
    together = frozenset().union(*(strings for strings in best if strings is not None))
    known = None not in best and len(together) <= 2 * MOST_STRINGS
    return _Known(None, starts, (together,) if known else ())


def _best(known: _Known) -> Strings | None:
    """The set that says most: the one whose shortest string is longest."""
    sets = [*known.parts, *([known.exact] if known.exact is not None else [])]
    return max(sets, key=lambda strings: (min(map(len, strings)), -len(strings)), default=None)


def _joined(left: Strings, right: Strings) -> Strings | None:
    """Each string of one set before each of the other; None where they are too many."""
    return frozenset(a + b for a in left for b in right) if len(left) * len(right) <= MOST_STRINGS else None


def _shortened(strings: Strings) -> Strings:
    """Without those in which another one stands; of many strings that takes longer than it saves."""
    if len(strings) > MOST_COMPARED:
        return strings
    return frozenset(s for s in strings if not any(other != s and other in s for other in strings))


def _without_longer(starts: Strings) -> list[str]:
    """Without those that begin with another one, in order: what a string begins with sorts before it."""
    left: list[str] = []
    for start in sorted(starts):
        if not left or not start.startswith(left[-1]):
            left.append(start)
    return left
