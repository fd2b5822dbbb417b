"""Pages as they came, kept in one WARC file (ISO 28500, WARC/1.1): a `response` record for each, with the address that
answered, the head of the answer and its body.

A body is kept decoded, as it was cleaned, so `Content-Encoding` and `Transfer-Encoding` are not in the head. What else
`clean` needs to give the same article again stands in fields of our own, which other readers pass over: the address
that was asked for, what the site says on automated use, and of an article on several pages which continue the first.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from http.client import responses
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from scrub.errors import OutputError
from scrub.model import Page
from scrub.version import __version__
from scrub.write.places import disk_error, lock

if TYPE_CHECKING:
    from warcio.warcwriter import WARCWriter

OPTION = "--save-html"
_CHUNK = 1 << 20
_UNDONE = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_LENGTH = re.compile(rb"content-length:[ \t]*(\d{1,15})\s*", re.IGNORECASE)


class WarcFile:
    """The file of `--save-html FILE.warc.gz`; each record is a gzip member of its own. What earlier runs wrote stays,
    but for the piece of a record that one left which was killed."""

    def __init__(self, path: Path) -> None:
        from warcio.warcwriter import WARCWriter

        self.path = path
        is_packed = path.name.lower().endswith(".gz")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.stream = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b", buffering=0)
            lock(self.stream, path, OPTION)
            self.size = _whole_members(self.stream, path) if is_packed else _whole_records(self.stream, path)
            self._cut()
        except OSError as error:
            raise disk_error(path, error, OPTION) from error
        self.record = BytesIO()
        self.writer: WARCWriter = WARCWriter(self.record, gzip=is_packed, warc_version="WARC/1.1")
        self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stream.close()

    def put(self, pages: Sequence[Page], missing: str = "") -> None:
        """Keep the pages of an article; `missing` says why there is no further one. OutputError where that fails."""
        for page in pages:
            fields = _fields(page)
            if page is not pages[0]:
                fields["Scrub-Continues"] = "the response before this one"
            if missing and page is pages[-1]:
                fields["Scrub-Missing-Page"] = _one_line(missing)
            record = self.writer.create_warc_record(
                page.url or "",
                "response",
                payload=BytesIO(page.body),
                length=len(page.body),
                warc_headers_dict=fields,
                http_headers=_answer(page),
            )
            self.writer.write_record(record)
        self._append()

    def _begin(self) -> None:
        info = {"software": f"scrub/{__version__}", "format": "WARC File Format 1.1"}
        self.writer.write_record(self.writer.create_warcinfo_record(self.path.name, info))
        self._append()

    def _append(self) -> None:
        """Write what has been gathered, whole or not at all."""
        left = self.record.getbuffer()
        try:
            while left:
                left = left[self.stream.write(left) or 0 :]
        except OSError as error:
            self._cut()
            raise disk_error(self.path, error, OPTION) from error
        finally:
            left.release()
            self.record.seek(0)
            self.record.truncate()
        self.size = self.stream.tell()

    def _cut(self) -> None:
        self.stream.truncate(self.size)
        self.stream.seek(self.size)


def _fields(page: Page) -> dict[str, str]:
    fetched = datetime.fromisoformat(page.fetched_at) if page.fetched_at else datetime.now(UTC)
    fields = {
        "WARC-Date": fetched.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Scrub-Requested-URI": _one_line(page.requested_url or page.url or ""),
    }
    return {**fields, "Scrub-Preferences": json.dumps(page.preferences)} if page.preferences else fields


def _answer(page: Page) -> object:
    from warcio.statusandheaders import StatusAndHeaders

    status = page.status or 200
    headers = page.headers or ((("Content-Type", page.content_type),) if page.content_type else ())
    kept = [(name, _one_line(value)) for name, value in headers if name.lower() not in _UNDONE]
    return StatusAndHeaders(
        f"{status} {responses.get(status, '')}", [*kept, ("Content-Length", str(len(page.body)))], "HTTP/1.1"
    )


def _one_line(value: str) -> str:
    """A value that cannot end its field."""
    return " ".join(value.split())


def _whole_members(stream: BinaryIO, path: Path) -> int:
    """Where the last whole gzip member of a file ends. OutputError for a file that is something else."""
    end = at = 0
    member = zlib.decompressobj(wbits=31)
    while piece := stream.read(_CHUNK):
        at += len(piece)
        while piece:
            try:
                while len(member.decompress(piece, _CHUNK)) == _CHUNK:
                    piece = member.unconsumed_tail
            except zlib.error as error:
                raise _no_archive(path) from error
            piece = member.unconsumed_tail
            if member.eof:
                piece = member.unused_data
                end, member = at - len(piece), zlib.decompressobj(wbits=31)
    return end


def _whole_records(stream: BinaryIO, path: Path) -> int:
    """Where the last whole record of a file that is not compressed ends. OutputError for one that is something else."""
    end, size = 0, os.fstat(stream.fileno()).st_size
    with open(stream.fileno(), "rb", closefd=False) as lines:
        while (line := lines.readline()).startswith(b"WARC/") and line.endswith(b"\n"):
            length = 0
            while line.strip():
                line = lines.readline()
                found = _LENGTH.fullmatch(line)
                length = int(found[1]) if found else length
            if lines.seek(length + 4, os.SEEK_CUR) > size:
                return end
            end = lines.tell()
    if line and not b"WARC/1.1\r\n".startswith(line):
        raise _no_archive(path)
    return end


def _no_archive(path: Path) -> OutputError:
    return OutputError(f"{path} is no WARC file, or a damaged one", f"move it away, or name another with {OPTION}")
