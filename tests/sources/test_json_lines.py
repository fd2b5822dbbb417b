"""JSON Lines: lines as they come, numbered, bounded; an object's members where they stand."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.errors import InputError, TooLargeError
from scrub.sources.files import Given
from scrub.sources.json_lines import MOST_LINES, PIECE, read_lines, read_object


def lines(batches: Iterable[list[Given]]) -> list[Given]:
    return [line for batch in batches for line in batch]


def test_lines_are_numbered_and_blank_ones_left_out(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b'\xef\xbb\xbf{"a":1}\r\n\n  \n{"a":2}')
    assert lines(read_lines(str(path))) == [Given(f"{path}:1", b'{"a":1}\r'), Given(f"{path}:4", b'{"a":2}')]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_lines_of_any_length_come_whole_and_in_small_batches(tmp_path: Path, pack: type[bytes]) -> None:
    written = [b"x" * length for length in (1, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE, *[7] * 1000)]
    (tmp_path / "x").write_bytes(pack(b"\n".join(written)))
    batches = list(read_lines(str(tmp_path / "x")))
    assert [line.body for line in lines(batches)] == written
    assert max(map(len, batches)) <= MOST_LINES


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_line_that_is_too_long_costs_only_itself(tmp_path: Path, place: int) -> None:
    written = [b"a", b"b"]
    written.insert(place, b"x" * 3_000_000)
    (tmp_path / "x").write_bytes(b"\n".join(written))
    read = lines(read_lines(str(tmp_path / "x"), limit=2_000_000))
    assert isinstance(read[place].error, TooLargeError)
    assert "a line of more than 2 MB" in str(read[place].error)
    assert read[place].name.endswith(f":{place + 1}")
    assert [line.body for line in read if line.error is None] == [b"a", b"b"]


def test_a_gzip_that_ends_early_gives_its_lines_and_names_where_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    packed = gzip.compress(b"".join(b"%d\n" % number for number in range(100_000)))
    path.write_bytes(packed[: len(packed) // 2])
    *whole, last = lines(read_lines(str(path)))
    assert [line.body for line in whole] == [b"%d" % number for number in range(len(whole))]
    assert len(whole) > 10_000
    assert isinstance(last.error, InputError)
    assert "ends early" in str(last.error)
    assert last.name == f"{path}:{len(whole) + 1}"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    (line,) = lines(read_lines(str(tmp_path / "none")))
    assert (line.name, str(line.error)[:12]) == (str(tmp_path / "none"), "no such file")


@given(st.dictionaries(st.text(), st.lists(st.text() | st.integers() | st.booleans())), st.sampled_from([None, 1]))
def test_members_stand_where_they_are_said_to(record: dict[str, object], indent: int | None) -> None:
    text, members = read_object(json.dumps(record, indent=indent).encode())
    assert [member.name for member in members] == list(record)
    assert [json.loads(text[member.start : member.end]) for member in members] == list(record.values())
