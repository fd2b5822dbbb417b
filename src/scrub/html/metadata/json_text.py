"""The JSON in a script element, as pages have it: often broken, sometimes hostile. Gives values or nothing, fast."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Json: TypeAlias = "dict[str, Json] | list[Json] | str | bool | None"
"""Numbers stay the text they were written as: Python refuses to make an int of 5,000 digits."""

MOST_CHARACTERS = 2_000_000
DEEPEST = 64
"""Real JSON-LD nests about ten deep; the parser recurses, and thousands would exhaust its stack."""
MOST_VALUES = 50

# What is not closed, a string or a comment, runs possessively to the end, so that a scan stays linear.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_REPAIRABLE = re.compile(
    r'(?P<string>"(?:[^"\\]++|\\.)*+"?)|(?P<comment>/\*(?:[^*]++|\*(?!/))*+(?:\*/)?|(?<![:\w])//[^\n]*+)'
    r"|(?P<comma>,(?=[\s,]{0,20}+[\]}]))",
    re.DOTALL,
)
_BAD_ESCAPE = re.compile(r'\\(?:u(?![0-9a-fA-F]{4})|(?!["\\/bfnrtu]))')
_WRAPPING = re.compile(r"<!--|-->|//\s{0,9}<!\[CDATA\[|//\s{0,9}\]\]>|<!\[CDATA\[|\]\]>|/\*\s{0,9}\*/")


def read_json(text: str) -> list[Json]:
    """The values in a script's text, one after the other; empty where it is too large, too deep or beyond repair.

    >>> read_json('<!-- {"a": [1, 2,], } -->')
    [{'a': ['1', '2']}]
    """
    if len(text) > MOST_CHARACTERS:
        return []
    for candidate in _versions(text):
        if is_deep(candidate):
            return []
        values = list(_decode(candidate))
        if values:
            return values
    return []


def is_deep(text: str) -> bool:
    """Whether brackets nest deeper than the parser may go, told by one linear scan and without parsing."""
    if text.count("{") + text.count("[") <= DEEPEST:
        return False
    depth = 0
    for token in _TOKEN.finditer(text):
        first = token.group()[0]
        if first in "[{":
            depth += 1
            if depth > DEEPEST:
                return True
        elif first in "]}":
            depth -= 1
    return False


def _versions(text: str) -> Iterator[str]:
    """The text as it is, then repaired more and more boldly."""
    plain = text.strip().strip("\ufeff;").strip()
    yield plain
    plain = _WRAPPING.sub(" ", plain).strip().strip(";").strip()
    yield _repair(plain)
    if "&quot;" in plain:
        yield _repair(html.unescape(plain))


def _repair(text: str) -> str:
    """Without comments and trailing commas, and with backslashes that escape nothing doubled."""

    def mend(match: re.Match[str]) -> str:
        string = match.group("string")
        if string is None:
            return " "
        return _BAD_ESCAPE.sub(r"\\\\", string.replace(r"\'", "'")) if "\\" in string else string

    return _REPAIRABLE.sub(mend, text)


def _decode(text: str) -> Iterator[Json]:
    """Values that follow each other, with or without a comma; the first that is broken ends them."""
    decoder = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=lambda _: None)
    start = 0
    for _ in range(MOST_VALUES):
        while start < len(text) and text[start] in " \t\r\n,;":
            start += 1
        try:
            value, start = decoder.raw_decode(text, start)
        except ValueError:
            return
        yield value
