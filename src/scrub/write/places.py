"""Where written articles go: standard output, one growing file, or a folder with a file for each.

A file stands under its name only when it is whole.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path, PurePath
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from scrub.errors import OutputError, StorageError

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


class GrowingFile:
    """One file for all articles: it grows as PATH.part and gets its name at the end.

    With `kept` it goes on after so many bytes of what an earlier run has written: of PATH.part, or of a finished PATH,
    which stays as it is until the end. What follows them was written by a run that was killed before it was told.
    """

    def __init__(self, path: Path, separator: bytes, kept: int | None = None) -> None:
        self.path = path
        self.part = path.with_name(path.name + ".part")
        self.separator = separator
        self.started = False
        try:
            self.stream = os.fdopen(os.open(self.part, os.O_RDWR | os.O_CREAT, 0o666), "r+b", buffering=0)
            lock(self.stream, path, "-o")
            self.size = self._begin(kept or 0)
            self._cut()
        except OSError as error:
            raise _failure(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if sys.platform == "win32":  # where no open file is renamed; elsewhere the lock holds until it is
            self.stream.close()
        if not (self.size or self.started):
            self.part.unlink(missing_ok=True)
        elif kind is None:
            self.part.replace(self.path)
        self.stream.close()

    def put(self, name: str, content: bytes) -> None:  # noqa: ARG002  # a file for all has one name
        """Write one article after the others, whole or not at all; OutputError where that fails."""
        try:
            self._append(self.separator + content if self.size else content)
        except OSError as error:
            self._cut()
            raise _failure(self.path, error) from error
        self.size = self.stream.tell()
        self.started = True

    def written(self) -> tuple[str, int]:
        """Which file has how many bytes of whole articles."""
        return str(self.path.absolute()), self.size

    def _append(self, content: bytes) -> None:
        left = memoryview(content)
        while left:
            left = left[self.stream.write(left) or 0 :]

    def _cut(self) -> None:
        self.stream.truncate(self.size)
        self.stream.seek(self.size)

    def _begin(self, kept: int) -> int:
        """Have the `kept` bytes in the part, and say how many there are: none where they were moved away."""
        size = os.fstat(self.stream.fileno()).st_size
        if size >= kept:
            return kept
        if self.path.exists():
            if self.path.stat().st_size < kept:
                raise _shorter(self.path)
            with self.path.open("rb") as finished:
                while piece := finished.read(1 << 20):
                    self._append(piece)
            return kept
        if size:
            raise _shorter(self.part)
        return 0


class Folder:
    """A folder with one file for each article, named after its input.

    `take` says whether a file's name is free for an input, and gives it to that one; where none remembers, every input
    has a name of its own.
    """

    def __init__(
        self, folder: Path, ending: str, *, force: bool = False, take: Callable[[str, str], bool] | None = None
    ) -> None:
        self.folder = folder
        self.ending = ending
        self.force = force
        self.taken: set[str] = set()
        self.take = take or self._take

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
            if str(relative) not in self.ours:  # listed first: killed in between, the next run may write it
                with self._list().open("a", encoding="utf-8") as listed:
                    listed.write(f"{relative}\n")
                self.ours.add(str(relative))
            write_whole(path, content)
        except OSError as error:
            raise _failure(path, error) from error

    def _list(self) -> Path:
        return self.folder / LIST_NAME

    def _free_name(self, name: str) -> PurePath:
        """The file's name within the folder; a second input of the same name gets a short hash of its own."""
        relative = file_name(name)
        plain = relative.with_name(relative.name + self.ending)
        if self.take(str(plain), name):
            return plain
        hashed, number = f"{relative.name}-{short_hash(name)}", 1
        while not self.take(str(path := relative.with_name(f"{hashed}{self.ending}")), name):
            number += 1  # the same input again: an archive may have a page several times
            hashed = f"{relative.name}-{short_hash(name)}-{number}"
        return path

    def _take(self, file: str, name: str) -> bool:  # noqa: ARG002  # the same input twice has two files
        is_free = file not in self.taken
        self.taken.add(file)
        return is_free


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
    return f"{safe[: LONGEST_NAME - 9]}-{short_hash(whole)}"


def short_hash(name: str) -> str:
    """Eight characters that tell a name from others."""
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


def lock(stream: BinaryIO, path: Path, option: str) -> None:
    """Keep other runs off a file that is being written, until this one ends in whatever way."""
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.close()
            raise OutputError(f"another scrub is writing {path}", f"choose another file with {option}") from error


def standard_output(separator: bytes) -> Stream:
    """Standard output as a place."""
    return Stream(sys.stdout.buffer, separator)


def _shorter(path: Path) -> OutputError:
    return OutputError(f"{path} is shorter than the --state file knows it", "move it away, or begin with a new --state")


# What befalls one article befalls all: no room, a quota, a size limit, a disk that is read only.
_OF_THE_DISK = frozenset(
    getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS") if hasattr(errno, name)
)


def _failure(path: Path, error: OSError) -> OutputError:
    return disk_error(path, error, "-o")


def disk_error(path: Path, error: OSError, option: str) -> OutputError:
    """The error for what the system has against writing there; a StorageError where it befalls all files alike."""
    problem = f"cannot write {path}: {error.strerror or error}"
    if error.errno in _OF_THE_DISK:
        return StorageError(problem, f"make room there, or choose another place with {option}")
    return OutputError(problem, f"choose another place with {option}")
