"""Files and standard input -> Page, plain or compressed with gzip."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from scrub.errors import InputError, TooLargeError
from scrub.model import Page

GZIP_MAGIC = b"\x1f\x8b"  # RFC 1952, section 2.3.1
MOST_BYTES = 200_000_000  # of one article's file, also after decompression; the longest pages have a tenth of it
_CHUNK = 1 << 20


def read_file(path: Path, limit: int = MOST_BYTES) -> Page:
    """The page in a file. InputError for one that cannot be read, TooLargeError beyond `limit` bytes."""
    try:
        if path.is_dir():
            raise InputError("this is a folder", f"name the files in it: {path}/*")
        with path.open("rb") as stream:
            return read_stream(stream, limit)
    except FileNotFoundError as error:
        raise InputError("no such file", "look at the spelling and at the folder you are in") from error
    except PermissionError as error:
        raise InputError("no permission to read it", "change its mode or run as its owner") from error
    except OSError as error:
        raise InputError(f"cannot read it: {error.strerror or error}", "look at the file and its disk") from error
    except ValueError as error:
        raise InputError(f"not a file name: {error}", "look at the spelling") from error


def read_standard_input(limit: int = MOST_BYTES) -> Page:
    """The page that comes in through a pipe. Raises as `read_file`."""
    return read_stream(sys.stdin.buffer, limit)


def read_stream(stream: BinaryIO, limit: int = MOST_BYTES) -> Page:
    """The page that a stream of bytes holds, at most `limit` of them, unpacked where they are gzip's."""
    body = _bounded(iter(lambda: stream.read(_CHUNK), b""), limit)
    if body.startswith(GZIP_MAGIC):
        body = _bounded(_unpack(body), limit)
    return Page(body)


def _bounded(chunks: Iterator[bytes], limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLargeError(f"more than {limit / 1e6:.0f} MB", "give scrub one article at a time")
        parts.append(chunk)
    return b"".join(parts)


def _unpack(body: bytes) -> Iterator[bytes]:
    """The content of all gzip members, a bounded piece at a time; what follows the last one is padding."""
    while body.startswith(GZIP_MAGIC):
        member = zlib.decompressobj(wbits=31)
        piece = body
        while not member.eof:
            try:
                yield member.decompress(piece, _CHUNK)
            except zlib.error as error:
                raise InputError("a damaged gzip file", "compress it again") from error
            if not member.eof and not member.unconsumed_tail and piece == b"":
                raise InputError("a gzip file that ends early", "copy or download it again")
            piece = member.unconsumed_tail
        body = member.unused_data
