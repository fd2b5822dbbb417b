"""The bytes of a WARC file (ISO 28500, WARC/1.0 and 1.1) -> its records, as bytes, without parsing more of them than
where they end.

The libraries that read archives stop at the first record that is damaged. Here it costs only itself: the next one is
looked for, behind a gzip member that cannot be unpacked too. Memory holds a piece and one record.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator

from scrub.errors import InputError, ScrubError, TooLargeError

MEMBER = b"\x1f\x8b\x08"  # the beginning of a gzip member, compressed with deflate (RFC 1952, 2.3.1)
LOOK_BACK = 1 << 20  # bytes of a member behind its damage in which the next one may have begun
MOST_LOOKS_BACK = 1_000  # of one archive, so that nobody can make one in which they take hours
SHOWN = 512  # bytes of a member in which it shows that a record begins
PIECE = 1 << 17  # bytes that are unpacked at once
MOST_HEAD = 1 << 16  # bytes of a record's head, and of its block that are shown before it is read
START = b"WARC/"
LOST = None  # stands where a record is lost

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_NOT_BLANK = re.compile(rb"[^\r\n]")
_NEXT = re.compile(rb"(?:\A|\r\n)WARC/[01]\.")
_MEND = "leave it out, or make the archive again"


def unpack_members(packed: Iterator[bytes]) -> Iterator[bytes | None]:
    """The content of gzip members, a bounded piece at a time; LOST for each record's that is damaged or cut off.

    A piece is held back until the next one is unpacked or the member's checksum was right: nothing damaged comes out
    as the end of a member.
    """
    members, is_lost = _Members(packed), False
    while members.find(is_lost=is_lost):
        try:
            yield from members.unpack()
            is_lost = False
        except zlib.error:
            yield LOST
            members.give_up()
            is_lost = True


class _Members:
    """Gzip members: `data` are bytes of the one that begins at `at`, and what has been read of those behind it."""

    def __init__(self, packed: Iterator[bytes]) -> None:
        self.packed = packed
        self.data = b""
        self.at = 0
        self.given_up = 0

    def find(self, *, is_lost: bool) -> bool:
        """Go to the next that looks like a member; within the remains of a lost one, like one with a record."""
        while True:
            while (at := self.data.find(MEMBER, self.at)) < 0:
                if not (piece := next(self.packed, b"")):
                    return False
                self.data, self.at = self.data[max(self.at, len(self.data) + 1 - len(MEMBER)) :] + piece, 0
            self.at = at
            if not is_lost or self._begins_record():
                return True
            self.at += 1

    def give_up(self) -> None:
        """Go on behind the beginning of a damaged member: another one may begin before the damage shows."""
        self.given_up += 1
        self.at = self.at + 1 if self.given_up <= MOST_LOOKS_BACK else len(self.data)

    def unpack(self) -> Iterator[bytes]:
        """The content of the member, and then go behind it. zlib.error where it is damaged."""
        member, held = zlib.decompressobj(wbits=31), b""
        rest: bytes | memoryview = memoryview(self.data)[self.at :]
        while not member.eof:
            if not rest and len(held) < PIECE:  # else there may be more content of what it has been given
                rest = self._read()
            content = member.decompress(rest, PIECE)
            rest = member.unconsumed_tail
            if content:
                if held:
                    yield held
                held = content
        if held:
            yield held
        self.at = len(self.data) - len(member.unused_data)

    def _read(self) -> bytes:
        piece = next(self.packed, b"")
        if not piece:
            raise zlib.error("cut off")
        self.data, self.at = self.data[max(self.at, len(self.data) - LOOK_BACK) :] + piece, 0
        return piece

    def _begins_record(self) -> bool:
        while len(self.data) - self.at < SHOWN and (piece := next(self.packed, b"")):
            self.data += piece
        try:
            shown = memoryview(self.data)[self.at : self.at + SHOWN]
            return zlib.decompressobj(wbits=31).decompress(shown, len(START)) == START
        except zlib.error:
            return False


def split_records(
    chunks: Iterator[bytes | None], is_wanted: Callable[[bytes], bool], limit: int
) -> Iterator[tuple[int, bytes | ScrubError]]:
    """The records that are wanted, head and block, with their number in the file; InputError or TooLargeError in the
    place of one that cannot be had. `is_wanted` is shown a record's first bytes, 64 kB of its block at most."""
    stream, number = _Stream(chunks), 0
    before: ScrubError | None = None
    while True:
        number += 1
        try:
            if before is not None:
                stream.skip_to_next(before)
            before = None
            if not stream.at_record():
                return
            record = stream.take_record(is_wanted, limit)
        except ScrubError as problem:
            before = None if isinstance(problem, TooLargeError) else problem
            yield number, problem
        else:
            if record is not None:
                yield number, record


class _LostError(InputError):
    pass


class _Stream:
    """Bytes that are read as far as they are needed."""

    def __init__(self, chunks: Iterator[bytes | None]) -> None:
        self.chunks = chunks
        self.buffer = bytearray()

    def more(self) -> bool:
        """Read on, where there is more. InputError where a record is lost; what there is of it is given up."""
        piece = next(self.chunks, b"")
        if piece is LOST:
            self.buffer.clear()
            raise _LostError("a damaged record, which gzip cannot unpack", _MEND)
        self.buffer += piece
        return bool(piece)

    def need(self, size: int) -> None:
        """Have so many bytes at hand."""
        while len(self.buffer) < size:
            if not self.more():
                raise InputError("it is cut off: the archive ends within it", "copy or download the archive again")

    def at_record(self) -> bool:
        """Go to where a record should begin; False at the end."""
        while not (found := _NOT_BLANK.search(self.buffer)):
            self.buffer.clear()
            if not self.more():
                return False
        del self.buffer[: found.start()]
        return True

    def take_record(self, is_wanted: Callable[[bytes], bool], limit: int) -> bytes | None:
        """The record that begins here, if it is wanted; then the stream stands behind it."""
        self.need(len(b"WARC/1.0"))
        if not _NEXT.match(self.buffer):
            raise InputError("no record of a WARC file begins here", "look at the file, or " + _MEND)
        while (end := self.buffer.find(b"\r\n\r\n")) < 0:
            if len(self.buffer) > MOST_HEAD:
                raise InputError("a record whose head does not end", _MEND)
            self.need(len(self.buffer) + 1)
        length = _LENGTH.search(self.buffer, 0, end + 2)
        if length is None:
            raise InputError("a record without its length", _MEND)
        size = end + 4 + int(length[1])
        self.need(min(size, end + 4 + MOST_HEAD))
        if not is_wanted(bytes(self.buffer[: min(size, end + 4 + MOST_HEAD)])):
            self._pass(size)
            return None
        if size > limit:
            self._pass(size)
            raise TooLargeError(f"a record of more than {limit / 1e6:.0f} MB", "leave it out")
        self.need(size)
        self._check_end(size)
        record = bytes(self.buffer[:size])
        del self.buffer[:size]
        return record

    def _pass(self, size: int) -> None:
        while size > len(self.buffer):
            size -= len(self.buffer)
            self.buffer.clear()
            self.need(1)
        self._check_end(size)
        del self.buffer[:size]

    def _check_end(self, size: int) -> None:
        """Two line ends follow a record, else its length is wrong. A file may end without them."""
        while len(self.buffer) < size + 4 and self.more():
            pass
        if bytes(self.buffer[size : size + 4]) not in (b"\r\n\r\n", b""):
            raise InputError("a record that is longer or shorter than it says", _MEND)

    def skip_to_next(self, problem: ScrubError) -> None:
        """Go to the next beginning of a record, also within what was read of one that is too long; else to the end.
        Damage by which the one with this problem became so has been told with it."""
        start, is_told = 1, not isinstance(problem, _LostError)
        while not (found := _NEXT.search(self.buffer, start)):
            del self.buffer[: max(start, len(self.buffer) - len(b"\r\nWARC/1."))]
            start = 0
            try:
                is_end = not self.more()
            except _LostError:
                if not is_told:
                    raise
                is_end, is_told = False, False
            if is_end:
                self.buffer.clear()
                return
        del self.buffer[: found.start()]
