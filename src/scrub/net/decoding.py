"""Content codings, undone within a limit. The body as it came goes in, its content comes out.

httpx decodes without a bound: 455 bytes of brotli become 300 MB. Here no step makes more than the limit and a few MB,
whatever was sent, and a body that is cut off or damaged is an error and never half a page.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Protocol

import brotli  # type: ignore[import-untyped]
import zstandard

from scrub.errors import FetchError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

# curl has the same bound on codings laid over each other; a real server uses one.
MAX_CODINGS = 5

# A body may be several gzip members or zstd frames (RFC 1952, 2.2; RFC 8878, 3). Block-wise writers make one of each
# 64 kB, so that this is enough for any page, while a million empty ones cannot hold up the program.
MAX_MEMBERS = 1_000

# Compressed bytes given to a decoder at a time, so that one step makes 4 MB at most: deflate makes up to 1,032 bytes
# of one, zstd up to 128 kB of the 4 bytes of a block (RFC 8878, 3.1.1.2).
DEFLATE_STEP = 4_096
ZSTD_STEP = 64

# RFC 9659: the window that a decoder of the content coding zstd has to support, and need not exceed.
ZSTD_WINDOW = 8 * 1024 * 1024

SAVE_IT = "try again, or open the page in a browser, save it and clean the file"
TOO_LARGE_ADVICE = "allow more with --max-size if it really is an article"


class Decoder(Protocol):
    """What decompresses one member or frame."""

    @property
    def eof(self) -> bool:
        """Whether the member's end was reached."""

    @property
    def unused_data(self) -> bytes:
        """What of the last step came after it."""

    def decompress(self, data: bytes, /) -> bytes:
        """The content of the next compressed bytes."""


def decode_body(body: bytes, content_encoding: str, limit: int, where: str, *, cut: bool = False) -> bytes:
    """The content of a body with that `Content-Encoding` (RFC 9110, 8.4), at most `limit` bytes.

    `where` names the host in messages. With `cut`, what is beyond the limit is left out. Raises `TooLargeError` above
    the limit and `FetchError` for a coding that is unknown, cut off or damaged.
    """
    codings = [name for name in (part.strip().lower() for part in content_encoding.split(",")) if name]
    if len(codings) > MAX_CODINGS:
        raise FetchError(f"{where} compressed its answer {len(codings)} times over", SAVE_IT)
    for coding in reversed(codings):
        decode = DECODERS.get(coding)
        if decode is None:
            raise FetchError(f"{where} compressed its answer as {coding[:40]!a}, which scrub does not know", SAVE_IT)
        body = _decode_one(decode, coding, body, limit, where, cut=cut)
    return body


def _decode_one(
    decode: Callable[[bytes], Iterator[bytes]], coding: str, body: bytes, limit: int, where: str, *, cut: bool
) -> bytes:
    content = bytearray()
    try:
        for piece in decode(body):
            content += piece
            if len(content) > limit:
                if cut:
                    return bytes(content[:limit])
                raise TooLargeError(
                    f"the page of {where} is larger than {limit} bytes when decompressed", TOO_LARGE_ADVICE
                )
    except EOFError:
        raise FetchError(f"the {coding} answer of {where} is cut off", SAVE_IT) from None
    except (zlib.error, brotli.error, zstandard.ZstdError, ValueError) as error:
        raise FetchError(f"the {coding} answer of {where} is damaged ({error})", SAVE_IT) from error
    return bytes(content)


def _identity(body: bytes) -> Iterator[bytes]:
    yield body


def _gzip(body: bytes) -> Iterator[bytes]:
    return _members(body, lambda: zlib.decompressobj(zlib.MAX_WBITS | 16), DEFLATE_STEP, b"\x1f\x8b")


def _deflate(body: bytes) -> Iterator[bytes]:
    """RFC 9110, 8.4.1.2 means zlib's format; servers also send the bare stream, so the first two bytes decide."""
    has_zlib_header = len(body) >= 2 and body[0] & 0x0F == 8 and (body[0] * 256 + body[1]) % 31 == 0  # RFC 1950, 2.2
    window = zlib.MAX_WBITS if has_zlib_header else -zlib.MAX_WBITS
    return _members(body, lambda: zlib.decompressobj(window), DEFLATE_STEP, None)


def _zstd(body: bytes) -> Iterator[bytes]:
    context = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    return _members(body, context.decompressobj, ZSTD_STEP, zstandard.FRAME_HEADER)


def _members(body: bytes, new_decoder: Callable[[], Decoder], step: int, magic: bytes | None) -> Iterator[bytes]:
    """The content of one member after the other, `step` compressed bytes at a time. A member begins with `magic`
    (`None`: there is only one); what follows the last one is ignored, as browsers do."""
    start = 0
    for _ in range(MAX_MEMBERS):
        decoder = new_decoder()
        while not decoder.eof:
            if start >= len(body):
                raise EOFError
            yield decoder.decompress(body[start : start + step])
            start += step
        start = min(start, len(body)) - len(decoder.unused_data)
        if magic is None or not body.startswith(magic, start):
            return
    raise ValueError(f"more than {MAX_MEMBERS} parts")


def _brotli(body: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    yield decoder.process(body, output_buffer_limit=65536)
    while not decoder.is_finished():
        piece = decoder.process(b"", output_buffer_limit=65536)
        if not piece and decoder.can_accept_more_data():
            raise EOFError
        yield piece


# RFC 9110, 8.4.1 with its "x-gzip"; RFC 7932; RFC 8878. Servers also write the two words for "not compressed".
DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "br": _brotli,
    "deflate": _deflate,
    "gzip": _gzip,
    "identity": _identity,
    "none": _identity,
    "x-gzip": _gzip,
    "zstd": _zstd,
}
