"""WARC files of all kinds of writers, read as pages."""

from __future__ import annotations

import gzip
import io
import random
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from scrub.errors import InputError, ScrubError, TooLargeError
from scrub.net.decoding import decode_body
from scrub.sources.files import Given
from scrub.sources.warc import read_pages
from scrub.sources.warc_records import MEMBER, split_records, unpack_members

HTML = b"<html><body><p>The bridge is open.</p></body></html>"
URL = "https://news.example/a"


def record(block: bytes, kind: str = "response", url: str = URL, *fields: str, length: int | None = None) -> bytes:
    head = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: {url}", "WARC-Date: 2024-05-06T07:08:09Z", *fields]
    head.append(f"Content-Length: {len(block) if length is None else length}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def http(body: bytes = HTML, *fields: str, status: str = "200 OK", kind: str | None = "text/html") -> bytes:
    head = [f"HTTP/1.1 {status}", *fields, *([f"Content-Type: {kind}"] if kind else [])]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def read(tmp_path: Path, *records: bytes, name: str = "x.warc", limit: int = 10_000_000) -> list[Given]:
    (tmp_path / name).write_bytes(b"".join(records))
    return list(read_pages(str(tmp_path / name), decode_body, limit))


def bodies(given: list[Given]) -> list[bytes | str]:
    return [one.page.body if one.page else str(one.error) for one in given]


def test_a_response_is_a_page_with_what_the_archive_says_of_it(tmp_path: Path) -> None:
    [one] = read(tmp_path, record(http(kind="text/html; charset=utf-8")))
    assert one.name == URL
    assert one.page is not None
    assert one.page[:6] == (HTML, URL, None, "text/html; charset=utf-8", 200, "2024-05-06T07:08:09+00:00")


def test_what_is_no_page_is_passed_over(tmp_path: Path) -> None:
    others = [
        record(b"software: x\r\n", "warcinfo"),
        record(b"GET / HTTP/1.1\r\nAccept: text/html\r\n\r\n", "request"),
        record(http(kind="image/png")),
        record(http(status="301 Moved Permanently")),
        record(http(), "revisit"),
        record(b"1.2.3.4", "response", "dns:news.example"),
        record(HTML, "resource"),
    ]
    assert bodies(read(tmp_path, *others, record(http()))) == [HTML]
    assert bodies(read(tmp_path, *others)) == ["no page in this archive; give scrub one that has responses with HTML"]


@pytest.mark.parametrize("kind", ["Text/HTML", "application/xhtml+xml;charset=utf-8", "text/plain", None])
def test_pages_are_known_by_their_type_or_have_none(tmp_path: Path, kind: str | None) -> None:
    assert bodies(read(tmp_path, record(http(kind=kind)))) == [HTML]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"%x\r\n%b\r\n0\r\n\r\n" % (len(HTML), HTML), ["Transfer-Encoding: chunked"]),
        (gzip.compress(HTML, mtime=0), ["Content-Encoding: gzip"]),
        (brotli.compress(HTML), ["content-encoding: br"]),
        (HTML, ["Content-Encoding: gzip"]),
        (HTML, ["Transfer-Encoding: chunked"]),
        (b"%x\r\n%b\r\n0\r\n\r\n" % (len(gzip.compress(HTML, mtime=0)), gzip.compress(HTML, mtime=0)),
         ["Transfer-Encoding: chunked", "Content-Encoding: gzip"]),
    ],
)  # fmt: skip
def test_codings_are_undone_and_those_that_were_undone_do_not_matter(
    tmp_path: Path, body: bytes, fields: list[str]
) -> None:
    assert bodies(read(tmp_path, record(http(body, *fields)))) == [HTML]


def test_a_page_in_a_bomb_costs_only_itself(tmp_path: Path) -> None:
    bomb = record(http(brotli.compress(bytes(300_000_000), quality=1), "Content-Encoding: br"), "response", URL + "/b")
    tracemalloc.start()
    first, second = read(tmp_path, bomb, record(http()))
    assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()
    assert isinstance(first.error, TooLargeError)
    assert (first.name, bodies([second])) == (URL + "/b", [HTML])


def test_a_whole_archive_in_one_gzip_member_is_read_too(tmp_path: Path) -> None:
    packed = gzip.compress(record(http()) * 3)
    assert bodies(read(tmp_path, packed, name="x.warc.gz")) == [HTML] * 3


def test_addresses_in_angle_brackets_are_those_of_old_writers(tmp_path: Path) -> None:
    assert read(tmp_path, record(http(), "response", f"<{URL}>"))[0].name == URL


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (record(http(), length=5), "longer or shorter"),
        (record(http(), length=300), "longer or shorter"),
        (record(http(), length=9_000), "cut off"),
        (record(http()).replace(b"Content-Length", b"Content-Lengths"), "without its length"),
        (b"nothing of the kind\r\n\r\n", "no record"),
        (record(http())[:-50] + b"\r\n\r\n", "longer or shorter"),
        (b"WARC/1.0\r\n" + b"x" * 300_000 + b"\r\n\r\n", "does not end"),
        (record(http(bytes(11_000_000))), "more than 10 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_record_costs_only_itself(tmp_path: Path, broken: bytes, problem: str) -> None:
    first, second, third = read(tmp_path, record(http()), broken, record(http()))
    assert bodies([first, third]) == [HTML, HTML]
    assert second.name == str(tmp_path / "x.warc:2")
    assert problem in str(second.error)


def test_two_damaged_members_are_two_errors(tmp_path: Path) -> None:
    packed = gzip.compress(record(http(random.Random(1).randbytes(2_000))))
    broken = packed[:300] + b"\x00\xff" + packed[302:]
    found = read(tmp_path, packed, broken, broken, packed, name="x.warc.gz")
    assert [one.error is None for one in found] == [True, False, False, True]
    assert [one.name[-1] for one in found[1:3]] == ["2", "3"]


def test_a_record_that_is_cut_off_by_the_next_one_costs_only_itself(tmp_path: Path) -> None:
    packed = gzip.compress(record(http()))
    found = read(tmp_path, packed, packed[:-30], packed, name="x.warc.gz")
    assert [one.error is None for one in found] == [True, False, True]


def pieces_of(data: bytes, size: int) -> Iterator[bytes]:
    stream = io.BytesIO(data)
    return iter(lambda: stream.read(size), b"")


def split(data: bytes, size: int) -> list[bytes | ScrubError]:
    pieces = pieces_of(data, size)
    chunks: Iterator[bytes | None] = unpack_members(pieces) if data.startswith(MEMBER) else pieces
    return [found for _, found in split_records(chunks, lambda _: True, 1_000_000)]


@examples(st.data())
def test_however_a_record_is_damaged_the_others_come_out(data: st.DataObject) -> None:
    plain = [record(http(random.Random(number).randbytes(200).hex().encode())) for number in range(4)]
    packed = [gzip.compress(one) for one in plain]
    at = data.draw(st.integers(0, len(packed[1]) - 1))
    damaged = data.draw(
        st.sampled_from([packed[1][:at], packed[1][:at] + bytes([packed[1][at] ^ 0x55]) + packed[1][at + 1 :]])
    )
    found = split(b"".join([packed[0], damaged, *packed[2:]]), data.draw(st.sampled_from([1, 50, 1 << 17])))
    whole = [one[: -len(b"\r\n\r\n")] for one in plain]
    others = [one for one in found if isinstance(one, bytes) and one != whole[1]]
    assert others == [whole[0], *whole[2:]]
    assert len(found) <= 4
    assert all(isinstance(one, (bytes, InputError)) for one in found)


@examples(st.binary(max_size=300), st.sampled_from([1, 7, 1000]))
def test_any_bytes_are_records_or_errors(data: bytes, size: int) -> None:
    for begun in (b"", b"WARC/1.0\r\n", MEMBER + b"\x00", record(http())):
        for found in split(begun + data, size):
            assert isinstance(found, (bytes, ScrubError))


@pytest.mark.parametrize(
    "hostile",
    [
        MEMBER * 700_000,
        (MEMBER + bytes(7)) * 200_000,
        gzip.compress(b"") * 100_000,
        b"WARC/1.0\r\nContent-Length: 90000000\r\n\r\n" * 50_000,
        b"WARC/1.0\r\n\r\n" * 150_000,
    ],
    ids=["beginnings", "heads", "empty members", "too long", "without length"],
)
def test_what_only_looks_like_records_takes_linear_time(hostile: bytes) -> None:
    started = time.process_time()
    assert not any(isinstance(found, bytes) for found in split(hostile, 1 << 17))
    assert time.process_time() - started < 10


def test_memory_holds_one_record_however_many_there_are() -> None:
    page = gzip.compress(record(http(random.Random(1).randbytes(200_000))))
    video = gzip.compress(record(http(bytes(30_000_000), kind="video/mp4")))
    tracemalloc.start()
    chunks = unpack_members(iter([page, video] * 40))
    found = sum(1 for _ in split_records(chunks, lambda head: b"text/html" in head, 1_000_000))
    assert tracemalloc.get_traced_memory()[1] < 12_000_000
    tracemalloc.stop()
    assert found == 40
