"""Files and standard input -> Page, plain or compressed with gzip; and their bytes piece by piece for what streams."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from scrub.errors import InputError, ScrubError, TooLargeError
from scrub.model import Page, PageKind

if TYPE_CHECKING:
    from io import RawIOBase

GZIP_MAGIC = b"\x1f\x8b"  # RFC 1952, section 2.3.1
MOST_BYTES = 200_000_000  # of one article's file, also after decompression; the longest pages have a tenth of it
SAVED_PAGES = "pages.jsonl"  # beside saved pages: a line for each, with its address
_CHUNK = 1 << 20


class Given(NamedTuple):
    """An input whose bytes are at hand, a line of a file for instance; `error` says why they are not. A page that was
    downloaded comes as `page`, with the `further` ones of its article."""

    name: str
    body: bytes = b""
    error: ScrubError | None = None
    page: Page | None = None
    further: tuple[Given, ...] = ()


Input = str | Given  # the name of a file, or what is at hand


def name_of(one: Input) -> str:
    """What an input is called in messages."""
    return one if isinstance(one, str) else one.name


def is_warc(name: str) -> bool:
    """Whether a file is an archive by its name."""
    return name.lower().endswith((".warc", ".warc.gz"))


def read_input(
    one: Input, *, url: str | None = None, kind: PageKind | None = None, encoding: str | None = None
) -> Page:
    """The page of an input, with what is known of it beside its bytes. Raises as `read_file`."""
    if isinstance(one, str):
        page = read_standard_input() if one == "-" else read_file(Path(one))
    else:
        page = one.page or Page(bytes_of(one))
    return page._replace(url=url or page.url, kind=kind, encoding=encoding)


def bytes_of(given: Given) -> bytes:
    """What is at hand. Raises what stood against reading it."""
    if given.error is not None:
        raise given.error
    return given.body


def page_of(given: Given) -> Page:
    """The page that was downloaded. Raises what stood against it."""
    if given.error is not None:
        raise given.error
    assert given.page is not None
    return given.page


def read_file(path: Path, limit: int = MOST_BYTES) -> Page:
    """The page in a file, with what `fetch --save-html` has noted of it, where that stands beside the file.

    InputError for one that cannot be read, TooLargeError beyond `limit` bytes.
    """
    with opened(path) as stream:
        page = read_stream(stream, limit)
    sidecar = path.parent / SAVED_PAGES
    if not sidecar.exists():
        return page
    from scrub.sources.saved import read_sidecar

    return page._replace(**read_sidecar(sidecar, sidecar.stat().st_mtime_ns).get(path.name, {}))


def read_standard_input(limit: int = MOST_BYTES) -> Page:
    """The page that comes in through a pipe. Raises as `read_file`."""
    with standard_input() as stream:
        return read_stream(stream, limit)


def read_stream(stream: BinaryIO | RawIOBase, limit: int = MOST_BYTES) -> Page:
    """The page that a stream of bytes holds, at most `limit` of them, unpacked where they are gzip's."""
    return Page(join_pieces(pieces(stream, _CHUNK), limit))


@contextmanager
def opened(path: Path) -> Iterator[RawIOBase]:
    """The bytes of a file. What the system has against it, then and while it is read, is an InputError."""
    with _input_errors():
        if path.is_dir():
            raise InputError("this is a folder", f"name the files in it: {path}/*")
        with path.open("rb", buffering=0) as stream:
            yield stream


@contextmanager
def standard_input() -> Iterator[RawIOBase]:
    """The bytes of standard input as they come, errors as in `opened`. They do not come through `sys.stdin`: a thread
    that waits there for more would hold its lock and abort the interpreter when it ends
    (https://bugs.python.org/issue26037)."""
    if sys.stdin is None:
        raise InputError("standard input is closed", "name a file, or pipe something in")
    with _input_errors(), open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as stream:
        yield stream


@contextmanager
def _input_errors() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise InputError("no such file", "look at the spelling and at the folder you are in") from error
    except PermissionError as error:
        raise InputError("no permission to read it", "change its mode or run as its owner") from error
    except OSError as error:
        raise InputError(f"cannot read it: {error.strerror or error}", "look at the file and its disk") from error
    except ValueError as error:
        raise InputError(f"not a file name: {error}", "look at the spelling") from error


def pieces(stream: BinaryIO | RawIOBase, size: int) -> Iterator[bytes]:
    """What a stream holds, unpacked where it is gzip's, in pieces of at most `size` bytes, as soon as they are there.

    InputError for a gzip stream that is damaged or ends early.
    """
    return unpacked(raw_pieces(stream, size), size)


def unpacked(packed: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The same of bytes that come in pieces already."""
    head = b""
    while len(head) < len(GZIP_MAGIC) and (piece := next(packed, b"")):
        head += piece
    whole = chain([head], packed)
    return _unpack(whole, size) if head.startswith(GZIP_MAGIC) else whole


def raw_pieces(stream: BinaryIO | RawIOBase, size: int) -> Iterator[bytes]:
    """What a stream holds, as it is, in pieces of at most `size` bytes, as soon as they are there."""
    while (piece := stream.read(size)) != b"":
        if piece is None:  # whoever gave us the pipe made it non-blocking, and there is nothing in it yet
            from select import select

            select([stream], [], [])
        else:
            yield piece


def join_pieces(chunks: Iterator[bytes], limit: int = MOST_BYTES) -> bytes:
    """All pieces in one. TooLargeError where they have more than `limit` bytes."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLargeError(f"more than {limit / 1e6:.0f} MB", "give scrub one article at a time")
        parts.append(chunk)
    return b"".join(parts)


def _unpack(packed: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The content of all gzip members, a bounded piece at a time; what follows the last one is padding."""
    rest = next(packed, b"")
    while rest.startswith(GZIP_MAGIC):
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            piece = rest or next(packed, b"")
            try:
                content = member.decompress(piece, size)
            except zlib.error as error:
                raise InputError("a damaged gzip file", "compress it again") from error
            if not member.eof and not piece and not content:
                raise InputError("a gzip file that ends early", "copy or download it again")
            yield content
            rest = member.unconsumed_tail
        rest = member.unused_data
        while len(rest) < len(GZIP_MAGIC) and (piece := next(packed, b"")):
            rest += piece
