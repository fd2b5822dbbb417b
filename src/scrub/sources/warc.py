"""WARC files (ISO 28500) -> the pages in them, one after the other, each under its own address.

What the page's body is compressed with is undone by a function that comes in. The fields that begin with `Scrub-` are
those of `write.warc`: what `fetch` knew of a page beside the answer of its server.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from scrub.errors import FetchError, InputError, ScrubError
from scrub.model import Page
from scrub.sources.files import (
    GZIP_MAGIC,
    MOST_BYTES,
    Given,
    join_pieces,
    opened,
    raw_pieces,
    standard_input,
    unpacked,
)
from scrub.sources.warc_records import PIECE, START, split_records, unpack_members

if TYPE_CHECKING:
    from warcio.statusandheaders import StatusAndHeaders

Decode = Callable[[bytes, str, int, str], bytes]  # a body, its Content-Encoding, the most bytes, a name for messages
SNIFFED = 1_024  # bytes in which an archive shows what it is; each is longer than that

_HEADS = re.compile(rb"(.*?\r\n)\r\n(.*?\r?\n)\r?\n", re.DOTALL)  # the record's, and the answer's
_IS_RESPONSE = re.compile(rb"\r\nwarc-type:[ \t]*response[ \t]*\r\n", re.IGNORECASE)
_IS_OURS = re.compile(rb"\r\nscrub-requested-uri:", re.IGNORECASE)
_IS_REDIRECT = re.compile(rb"[^ ]* +3\d\d\b")
_TYPE = re.compile(rb"\ncontent-type:[ \t]*([^;,\s]*)", re.IGNORECASE)
_PAGE_TYPES = frozenset({b"", b"text/html", b"application/xhtml+xml", b"text/plain"})


def read_pages(name: str, decode: Decode, limit: int = MOST_BYTES) -> Iterator[Given]:
    """The pages in a WARC file, each called by the address that was asked for; a record that cannot be read is called
    FILE:NUMBER and comes with its error, and so does, as the last one, what keeps the file from being read."""
    try:
        with opened(Path(name)) as stream:
            yield from _pages(raw_pieces(stream, PIECE), name, decode, limit)
    except ScrubError as error:
        yield Given(name, error=error)


def read_standard_pages(decode: Decode, limit: int = MOST_BYTES) -> Iterator[Given]:
    """Standard input: the pages in it where it is a WARC file, else itself, as the only one."""
    try:
        with standard_input() as stream:
            pieces, head = raw_pieces(stream, PIECE), b""
            while len(head) < SNIFFED and (piece := next(pieces, b"")):
                head += piece
            whole = chain([head], pieces)
            if next(unpacked(iter([head]), len(START)), b"")[: len(START)] == START:
                yield from _pages(whole, "-", decode, limit)
            else:
                yield Given("-", join_pieces(unpacked(whole, PIECE), limit))
    except ScrubError as error:
        yield Given("-", error=error)


def _pages(pieces: Iterator[bytes], name: str, decode: Decode, limit: int) -> Iterator[Given]:
    """The pages of articles, those that are cut into several with what `fetch` got of the others."""
    before: Given | None = None
    is_empty = True
    for given, continues in _responses(pieces, name, decode, limit):
        is_empty = False
        if continues and before is not None:
            before = before._replace(further=(*before.further, given._replace(further=()), *given.further))
            continue
        if before is not None:
            yield before
        before = given
    if before is not None:
        yield before
    if is_empty:
        yield Given(name, error=InputError("no page in this archive", "give scrub one that has responses with HTML"))


def _responses(pieces: Iterator[bytes], name: str, decode: Decode, limit: int) -> Iterator[tuple[Given, bool]]:
    """Each page, and whether it continues the one before it."""
    head = next(pieces, b"")
    whole = chain([head], pieces)
    chunks: Iterator[bytes | None] = unpack_members(whole) if head.startswith(GZIP_MAGIC) else whole
    try:
        for number, record in split_records(chunks, _is_page, limit):
            if isinstance(record, ScrubError):
                yield Given(f"{name}:{number}", error=record), False
            else:
                yield _given(record, f"{name}:{number}", decode, limit)
    except ScrubError as error:
        yield Given(name, error=error), False


def _is_page(beginning: bytes) -> bool:
    """Whether a record is the answer with a page, by its two heads."""
    heads = _HEADS.match(beginning)
    if heads is None or not _IS_RESPONSE.search(heads[1]):
        return False
    if _IS_OURS.search(heads[1]):
        return True
    kind = _TYPE.search(heads[2])
    return not _IS_REDIRECT.match(heads[2]) and (kind is None or kind[1].lower() in _PAGE_TYPES)


def _given(record: bytes, name: str, decode: Decode, limit: int) -> tuple[Given, bool]:
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.recordloader import ArcWarcRecordLoader

    try:
        parsed = ArcWarcRecordLoader(verify_http=False).parse_record_stream(BytesIO(record), known_format="warc")
        fields, answer = parsed.rec_headers, parsed.http_headers
        if answer is None:
            raise InputError("a response without an address of the web", "leave it out")
        name = fields.get_header("Scrub-Requested-URI") or fields.get_header("WARC-Target-URI") or name
        body = _body(parsed.raw_stream, answer, decode, limit)
    except ScrubError as error:
        return Given(name, error=error), False
    except (ArchiveLoadFailed, EOFError, AttributeError, UnicodeError, ValueError) as error:  # AttributeError: no URI
        return Given(name, error=InputError(f"a damaged record: {error}", "leave it out")), False
    missing = fields.get_header("Scrub-Missing-Page")
    further = (Given("", error=FetchError(missing, "")),) if missing else ()
    return Given(name, page=_page(body, fields, answer), further=further), bool(fields.get_header("Scrub-Continues"))


def _body(stream: BytesIO, answer: StatusAndHeaders, decode: Decode, limit: int) -> bytes:
    """The content of an answer. Some archives keep the names of codings that they have undone."""
    from warcio.bufferedreaders import ChunkedDataReader

    if _value(answer, "Transfer-Encoding").lower() == "chunked":
        chunked = ChunkedDataReader(stream)
        raw = b"".join(iter(lambda: chunked.read(PIECE), b""))
    else:
        raw = stream.read()
    try:
        return decode(raw, _value(answer, "Content-Encoding"), limit, "the record")
    except FetchError as error:
        if raw.lstrip().startswith(b"<"):
            return raw
        raise InputError(error.detail, "leave it out") from error


def _page(body: bytes, fields: StatusAndHeaders, answer: StatusAndHeaders) -> Page:
    status = answer.get_statuscode()
    return Page(
        body,
        url=fields.get_header("WARC-Target-URI"),
        requested_url=fields.get_header("Scrub-Requested-URI"),
        content_type=_value(answer, "Content-Type") or None,
        status=int(status) if status.isdecimal() else None,
        fetched_at=_moment(fields.get_header("WARC-Date")),
        preferences=_preferences(fields.get_header("Scrub-Preferences")),
    )


def _value(answer: StatusAndHeaders, name: str) -> str:
    """A field's value; those of several of that name in one (RFC 9110, 5.3)."""
    return ", ".join(value for field, value in answer.headers if field.lower() == name.lower())


def _moment(date: str | None) -> str | None:
    with suppress(ValueError, TypeError):
        return datetime.fromisoformat(date or "").astimezone(UTC).isoformat(timespec="seconds")
    return None


def _preferences(said: str | None) -> tuple[str, ...]:
    with suppress(ValueError, RecursionError):
        found = json.loads(said or "[]")
        return tuple(found) if isinstance(found, list) and all(isinstance(one, str) for one in found) else ()
    return ()
