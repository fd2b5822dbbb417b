"""Files and standard input: plain or compressed, bounded, and every failure named."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from scrub.errors import InputError, TooLargeError
from scrub.sources.files import read_file, read_stream


def test_gzip_is_unpacked_all_its_members_and_not_its_padding() -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 512
    assert read_stream(io.BytesIO(packed)).body == b"one two"


def test_a_bomb_is_stopped_at_the_limit() -> None:
    with pytest.raises(TooLargeError, match="more than 10 MB"):
        read_stream(io.BytesIO(gzip.compress(bytes(50_000_000))), limit=10_000_000)
    with pytest.raises(TooLargeError):
        read_stream(io.BytesIO(bytes(11_000_000)), limit=10_000_000)


@pytest.mark.parametrize("cut", [1, 9, 12, 40])
def test_a_gzip_that_ends_early_is_named(cut: int) -> None:
    packed = gzip.compress(b"A sentence of the story. " * 40)
    with pytest.raises(InputError, match=r"ends early|damaged"):
        read_stream(io.BytesIO(packed[: max(2, len(packed) - cut)]))


@pytest.mark.parametrize("name", ["none.txt", "", "a\0b", "x" * 5000])
def test_a_file_that_cannot_be_read_is_an_input_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        read_file(tmp_path / name)
