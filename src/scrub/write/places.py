"""Where written articles go: standard output, one growing file, or a folder with a file for each.

A file stands under its name only when it is whole.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path, PurePath
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from scrub.errors import OutputError

FORM_FEED = b"\f\n"
NUL = b"\0"
LIST_NAME = ".scrub"  # in an output folder: the files that scrub wrote there, one a line
LONGEST_NAME = 120  # of the 255 bytes that file systems allow, with room for UTF-8 and an ending
_UNSAFE = re.compile(r"[^\w.,()+@ -]+")


class Place(Protocol):
    """Somewhere to put articles; a context manager, so that what is open is finished or left as it is."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def put(self, name: str, content: bytes) -> None:
        """Write one article; `name` is its input's. OutputError where that fails."""


class Stream:
    """Standard output, or any stream; articles come out as soon as they are put, with a separator between them."""

    def __init__(self, stream: BinaryIO, separator: bytes) -> None:
        self.stream = stream
        self.separator = separator
        self.started = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def put(self, name: str, content: bytes) -> None:  # noqa: ARG002  # a stream has no names
        """Write one article after the others."""
        self.stream.write(self.separator + content if self.started else content)
        self.stream.flush()
        self.started = True


class GrowingFile(Stream):
    """One file for all articles: it grows as PATH.part and gets its name at the end."""

    def __init__(self, path: Path, separator: bytes) -> None:
        self.path = path
        self.part = path.with_name(path.name + ".part")
        try:
            super().__init__(self.part.open("wb"), separator)
        except OSError as error:
            raise _failure(path, error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stream.close()
        if not self.started:
            self.part.unlink(missing_ok=True)
        elif kind is None:
            self.part.replace(self.path)

    def put(self, name: str, content: bytes) -> None:
        """Write one article after the others; OutputError where that fails."""
        try:
            super().put(name, content)
        except OSError as error:
            raise _failure(self.path, error) from error


class Folder:
    """A folder with one file for each article, named after its input."""

    def __init__(self, folder: Path, ending: str, *, force: bool = False) -> None:
        self.folder = folder
        self.ending = ending
        self.force = force
        self.taken: set[PurePath] = set()

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.ours = set(self._list().read_text("utf-8").splitlines()) if self._list().exists() else set[str]()
        except OSError as error:
            raise _failure(self.folder, error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def put(self, name: str, content: bytes) -> None:
        """Write one article to its own file; OutputError where that fails or would overwrite what is not ours."""
        relative = self._free_name(name)
        path = self.folder / relative
        if path.exists() and not self.force and str(relative) not in self.ours:
            raise OutputError(f"{path} exists and was not written by scrub", "move it away or add --force")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)
            if str(relative) not in self.ours:
                with self._list().open("a", encoding="utf-8") as listed:
                    listed.write(f"{relative}\n")
                self.ours.add(str(relative))
        except OSError as error:
            raise _failure(path, error) from error

    def _list(self) -> Path:
        return self.folder / LIST_NAME

    def _free_name(self, name: str) -> PurePath:
        """The file's name within the folder; a second input of the same name gets a short hash of its own."""
        relative = file_name(name)
        if relative.with_name(relative.name + self.ending) in self.taken:
            relative = relative.with_name(f"{relative.name}-{_hash(name)}")
        relative = relative.with_name(relative.name + self.ending)
        self.taken.add(relative)
        return relative


def file_name(name: str) -> PurePath:
    """The relative path, without an ending, for an input's name: it never leads out of a folder."""
    if name == "-":
        return PurePath("stdin")
    if re.match(r"https?://", name, re.IGNORECASE):
        from urllib.parse import urlsplit

        parts = urlsplit(name)
        stem = re.sub(r"\.(?:html?|php|aspx?|amp)$", "", parts.path.strip("/")).replace("/", "-")
        whole = "-".join(part for part in (parts.hostname or "", stem) if part)
        return PurePath(_safe(f"{whole}-{parts.query}" if parts.query else whole, name))
    folders = [part for part in PurePath(name).parts[:-1] if part not in ("/", "\\", ".", "..")]
    last = PurePath(PurePath(name).name)
    last = last.with_suffix("") if last.suffix.lower() == ".gz" else last
    return PurePath(*(_safe(part, part) for part in folders), _safe(last.stem, name))


def _safe(stem: str, whole: str) -> str:
    """A stem that any file system takes; cut ones are told apart by a hash."""
    safe = _UNSAFE.sub("-", stem).strip(" .-") or "article"
    if len(safe) <= LONGEST_NAME:
        return safe
    return f"{safe[: LONGEST_NAME - 9]}-{_hash(whole)}"


def _hash(name: str) -> str:
    import hashlib

    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that under its name stands the whole content or what stood there before."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def standard_output(separator: bytes) -> Stream:
    """Standard output as a place."""
    return Stream(sys.stdout.buffer, separator)


def _failure(path: Path, error: OSError) -> OutputError:
    return OutputError(f"cannot write {path}: {error.strerror or error}", "choose another place with -o")
