"""Content codings, and what comes of bombs, cut-off and damaged bodies."""

from __future__ import annotations

import functools
import gzip
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from scrub.errors import FetchError, TooLargeError
from scrub.net.decoding import DECODERS, MAX_MEMBERS, decode_body

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = "The bridge is open. Die Brücke ist offen. ".encode() * 500
LIMIT = 1_000_000


def bare_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


ENCODERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZip", gzip.compress),
    "deflate in zlib's format": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare_deflate),
    "brotli": ("br", functools.partial(brotli.compress, quality=5)),
    "zstd": ("zstd", zstd),
}
each_coding = pytest.mark.parametrize(("coding", "encode"), ENCODERS.values(), ids=list(ENCODERS))


@functools.cache
def zeros() -> bytes:
    return bytes(64_000_000)


def decode(body: bytes, coding: str) -> bytes:
    return decode_body(body, coding, LIMIT, "news.example")


@each_coding
def test_a_body_is_what_was_encoded(coding: str, encode: Callable[[bytes], bytes]) -> None:
    assert decode(encode(TEXT), coding) == TEXT


@each_coding
def test_a_body_of_exactly_the_limit_is_taken_and_one_more_byte_is_not(
    coding: str, encode: Callable[[bytes], bytes]
) -> None:
    assert len(decode(encode(bytes(LIMIT)), coding)) == LIMIT
    with pytest.raises(TooLargeError):
        decode(encode(bytes(LIMIT + 1)), coding)


@each_coding
def test_a_bomb_takes_little_memory(coding: str, encode: Callable[[bytes], bytes]) -> None:
    bomb = encode(zeros())
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError, match="when decompressed"):
            decode(bomb, coding)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000


def test_a_bomb_within_a_bomb_takes_little_memory() -> None:
    bomb = gzip.compress(gzip.compress(zeros()))
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            decode(bomb, "gzip, gzip")
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


@each_coding
@pytest.mark.parametrize("cut", [1, 5, 0.5, 0.9])
def test_a_body_that_is_cut_off_is_an_error(coding: str, encode: Callable[[bytes], bytes], cut: float) -> None:
    whole = encode(TEXT)
    part = whole[:-cut] if isinstance(cut, int) else whole[: int(len(whole) * cut)]
    with pytest.raises(FetchError, match="is cut off"):
        decode(part, coding)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_is_not_encoded_at_all_is_an_error(coding: str) -> None:
    with pytest.raises(FetchError, match="is damaged"):
        decode(b"<html><p>The server only says so.</p></html>", coding)


def test_a_wrong_check_sum_is_an_error() -> None:
    body = bytearray(gzip.compress(TEXT))
    body[-6] ^= 1
    with pytest.raises(FetchError, match="is damaged"):
        decode(bytes(body), "gzip")


def test_codings_are_undone_in_reverse_order() -> None:
    assert decode(gzip.compress(brotli.compress(TEXT)), "br, gzip") == TEXT


def test_no_coding_and_its_other_names_leave_the_body_as_it_is() -> None:
    for coding in ("", " , ", "identity", "none"):
        assert decode(TEXT, coding) == TEXT


def test_many_codings_are_refused() -> None:
    with pytest.raises(FetchError, match="6 times over"):
        decode(TEXT, ", ".join(["identity"] * 6))


def test_an_unknown_coding_is_named() -> None:
    with pytest.raises(FetchError, match="'compress'"):
        decode(TEXT, "compress")


@pytest.mark.parametrize(("coding", "encode"), [("gzip", gzip.compress), ("zstd", zstd)])
def test_several_members_are_one_body(coding: str, encode: Callable[[bytes], bytes]) -> None:
    assert decode(encode(b"one ") + encode(b"") + encode(b"two"), coding) == b"one two"


@pytest.mark.parametrize(("coding", "encode"), [("gzip", gzip.compress), ("zstd", zstd)])
def test_what_follows_the_last_member_is_ignored(coding: str, encode: Callable[[bytes], bytes]) -> None:
    assert decode(encode(TEXT) + b"\0\0 rest", coding) == TEXT


def test_more_members_than_a_page_can_have_are_an_error() -> None:
    with pytest.raises(FetchError, match="parts"):
        decode(gzip.compress(b"") * (MAX_MEMBERS + 1), "gzip")


def test_zstd_with_a_huge_window_is_an_error() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    with pytest.raises(FetchError, match="is damaged"):
        decode(compressor.compress(TEXT) + compressor.flush(), "zstd")


@given(st.sampled_from(sorted(DECODERS)), st.binary(max_size=300), st.integers(0, 60))
def test_any_bytes_are_decoded_or_an_error(coding: str, noise: bytes, kept: int) -> None:
    start = next((encode for name, encode in ENCODERS.values() if name == coding), bytes)(TEXT)[:kept]
    try:
        body = decode_body(start + noise, coding, 1_000, "news.example")
    except (FetchError, TooLargeError):
        return
    assert len(body) <= 1_000
