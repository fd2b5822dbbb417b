"""JSON Lines -> lines, and a line -> its members. Files of any size stream: memory holds a piece and one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scrub.errors import InputError, ScrubError, TooLargeError
from scrub.sources.files import MOST_BYTES, Given, opened, pieces, standard_input

PIECE = 1 << 17  # bytes that are read, and handed on, at once
MOST_LINES = 256  # that are handed on at once
_SPACE = re.compile(r"[ \t\n\r]*")
_BOM = b"\xef\xbb\xbf"
_DECODER = json.JSONDecoder(parse_int=float)  # a number is not looked at, and int() refuses more than 4300 digits


def read_lines(name: str, limit: int = MOST_BYTES) -> Iterator[list[Given]]:
    """The lines of a file ("-" is standard input) as soon as they are there, some at a time, without blank ones.

    Each is called FILE:LINE. A line of more than `limit` bytes comes as an error; so does, as the last one, what
    keeps the file from being read to its end.
    """
    number = 0
    try:
        with standard_input() if name == "-" else opened(Path(name)) as stream:
            for lines in _split(pieces(stream, PIECE), limit):
                given = [_given(name, at, line, limit) for at, line in enumerate(lines, number + 1)]
                number += len(lines)
                yield from _batches([line for line in given if line.error or line.body.strip()])
    except ScrubError as error:
        yield [Given(f"{name}:{number + 1}" if number else name, error=error)]


def _split(chunks: Iterator[bytes], limit: int) -> Iterator[list[bytes | None]]:
    """The lines that are complete with each chunk; None stands for a line that is too long to be kept."""
    begun: list[bytes] = []  # the line that is not complete
    size = 0
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        size += len(first)
        begun = [*begun, first] if size <= limit else []
        if others:
            *whole, last = others
            yield [_joined(begun, size, limit), *(line if len(line) <= limit else None for line in whole)]
            begun, size = [last], len(last)
    if size:
        yield [_joined(begun, size, limit)]


def _joined(begun: list[bytes], size: int, limit: int) -> bytes | None:
    return b"".join(begun) if size <= limit else None


def _given(name: str, number: int, line: bytes | None, limit: int) -> Given:
    name = f"{name}:{number}"
    if line is None:
        return Given(name, error=TooLargeError(f"a line of more than {limit / 1e6:.0f} MB", "split it or leave it out"))
    return Given(name, line.removeprefix(_BOM) if number == 1 else line)


def _batches(lines: list[Given]) -> Iterator[list[Given]]:
    for start in range(0, len(lines), MOST_LINES):
        yield lines[start : start + MOST_LINES]


class Member(NamedTuple):
    """A name and a value of an object; `start` to `end` of the line is the value as it is written there."""

    name: str
    value: object
    start: int
    end: int


def read_object(line: bytes) -> tuple[str, list[Member]]:
    """A line as text, and the members of the object that it is. InputError where it is none."""
    try:
        text = line.decode("utf-8").strip(" \t\r\n")
        value = _DECODER.decode(text)
    except UnicodeDecodeError as error:
        raise InputError("not UTF-8, which JSON Lines are", "convert it with iconv") from error
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg} at character {error.pos + 1}", "mend or leave out the line") from error
    except RecursionError as error:
        raise InputError("not JSON that can be read: nested too deeply", "leave out the line") from error
    if not isinstance(value, dict):
        raise InputError("not a JSON object", "each line must be one, as {...}")
    return text, list(_members(text))


def _members(text: str) -> Iterator[Member]:
    """The members of an object that is known to be right, in order."""
    at = _after_space(text, 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        start = _after_space(text, _after_space(text, at) + 1)
        value, end = _DECODER.raw_decode(text, start)
        yield Member(name, value, start, end)
        at = _after_space(text, end)
        if text[at] == ",":
            at = _after_space(text, at + 1)


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
