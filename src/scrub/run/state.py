"""What is done, in a SQLite file that outlives the run: each address with what came of it, and who is at it now.

What one run has written is told in the same transaction in which the address is done, so that a run which is killed at
any moment leaves a file that the next one goes on from.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from scrub.errors import StateError, StatusError
from scrub.run.articles import Outcome
from scrub.run.processes import leave_interrupts_to_the_main_thread

APPLICATION_ID = 0x53435255  # "SCRU", in the file's header (https://www.sqlite.org/fileformat2.html, 1.3)
VERSION = 1  # of the tables
LEASE = 60.0  # seconds after which a process that has not shown up has lost what it was at
BUSY = 10.0  # seconds to wait for another process's transaction, which takes milliseconds

GONE = frozenset({404, 410})
# What the same address would give again: it is not asked for again until it is older than --refresh. What an option may
# change (--allow-private, --ignore-robots, --purpose, --max-size) is not among them.
FINAL = frozenset({"not-a-page", "not-text", "empty", "no-article"})

_TABLES = """
CREATE TABLE addresses (
    url TEXT PRIMARY KEY, status TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, kind TEXT, detail TEXT,
    hash TEXT, at REAL, process INTEGER
) WITHOUT ROWID;
CREATE TABLE files (file TEXT PRIMARY KEY, url TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE outputs (path TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE processes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, machine TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT NOT NULL,
    until REAL NOT NULL
);
"""


class State:
    """The file of `--state`; a context manager. For several threads, and for several processes with the same file.

    An address is `open` (to be done, or to be tried again), `done` or `failed` for good. `refresh` is the age in
    seconds from which it is done again. `counts` says what came of this run's addresses. Raises StateError for a file
    that cannot be used.
    """

    def __init__(self, path: Path, refresh: float | None = None) -> None:
        self.path = path
        self.refresh = refresh
        self.counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._left = threading.Event()
        with self._errors():
            self._database = sqlite3.connect(path, timeout=BUSY, isolation_level=None, check_same_thread=False)
            try:
                self._prepare()
                self._process = self._enroll()
            except BaseException:
                self._database.close()
                raise

    def __enter__(self) -> Self:
        threading.Thread(target=self._renew, name="scrub-lease", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        with self._lock:
            with suppress(sqlite3.Error):  # then the lease runs out
                self._database.execute("DELETE FROM processes WHERE id = ?", (self._process,))
            self._database.close()

    def claim(self, url: str) -> bool:
        """Whether this process is to do an address now; then no other one will."""
        url = _text(url)
        with self._transaction() as database:
            row = database.execute("SELECT status, at, process FROM addresses WHERE url = ?", (url,)).fetchone()
            if row is None:
                new = (url, self._process)
                database.execute("INSERT INTO addresses (url, status, process) VALUES (?, 'open', ?)", new)
                return True
            status, at, process = row
            if process is not None and self._is_at_work(process):
                self.counts["in progress"] += process != self._process
                return False
            if status != "open" and not self._is_old(at):
                self.counts["done before" if status == "done" else "failed before"] += 1
                return False
            database.execute("UPDATE addresses SET process = ? WHERE url = ?", (self._process, url))
            return True

    def is_unchanged(self, outcome: Outcome) -> bool:
        """Whether the article was written before as it is now."""
        return outcome.error is None and self._hash(outcome.name) == outcome.digest

    def settle(self, outcome: Outcome, written: tuple[str, int] | None) -> None:
        """Remember what came of an address, and the output file with its length in bytes, now that it is written."""
        before, error = self._hash(outcome.name), outcome.error
        values: tuple[str, str | None, str | None, str | None]
        if error is None:
            self.counts["new" if before is None else "unchanged" if before == outcome.digest else "changed"] += 1
            values = ("done", None, None, outcome.digest)
        else:
            is_gone = isinstance(error, StatusError) and error.status in GONE
            self.counts["gone"] += is_gone and before is not None
            status = "failed" if is_gone or error.kind in FINAL else "open"
            values = (status, error.kind, _text(error.detail), before)
        with self._transaction() as database:
            database.execute(
                "UPDATE addresses SET status = ?, kind = ?, detail = ?, hash = ?, at = ?, attempts = attempts + 1"
                " WHERE url = ?",
                (*values, time.time(), _text(outcome.name)),
            )
            if written is not None:
                database.execute("INSERT OR REPLACE INTO outputs VALUES (?, ?)", written)

    def take_file(self, folder: Path, file: str, url: str) -> bool:
        """Whether a file in an output folder is this address's, which it is from now on where it was nobody's."""
        path, url = _text(str(folder.absolute() / file)), _text(url)
        with self._transaction() as database:
            database.execute("INSERT OR IGNORE INTO files VALUES (?, ?)", (path, url))
            (owner,) = database.execute("SELECT url FROM files WHERE file = ?", (path,)).fetchone()
        return bool(owner == url)

    def written(self, path: Path) -> int | None:
        """How many bytes of an output file are articles that are done."""
        with self._transaction() as database:
            row = database.execute("SELECT size FROM outputs WHERE path = ?", (str(path.absolute()),)).fetchone()
        return row[0] if row else None

    def _hash(self, url: str) -> str | None:
        with self._errors(), self._lock:
            row = self._database.execute("SELECT hash FROM addresses WHERE url = ?", (_text(url),)).fetchone()
        return row[0] if row else None

    def _is_old(self, at: float | None) -> bool:
        return self.refresh is not None and (at is None or at <= time.time() - self.refresh)

    def _is_at_work(self, process: int) -> bool:
        if process == self._process:
            return True
        row = self._database.execute(
            "SELECT machine, pid, started, until FROM processes WHERE id = ?", (process,)
        ).fetchone()
        if row is None or row[3] < time.time():
            return False
        return row[0] != _machine() or _is_running(row[1], row[2])

    def _prepare(self) -> None:
        """Make the tables in an empty file; StateError for a file with others."""
        database = self._database
        (version,) = database.execute("PRAGMA user_version").fetchone()
        (application,) = database.execute("PRAGMA application_id").fetchone()
        if application not in (0, APPLICATION_ID) or (application == 0 and self._has_tables()):
            raise StateError(f"{self.path} is the database of another program", "choose another file for --state")
        if version > VERSION:
            raise StateError(f"{self.path} was written by a newer scrub", "update scrub, or choose another file")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        with self._transaction():
            if not self._has_tables():
                for statement in filter(str.strip, _TABLES.split(";")):
                    database.execute(statement)
                database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                database.execute(f"PRAGMA user_version = {VERSION}")

    def _has_tables(self) -> bool:
        return self._database.execute("SELECT 1 FROM sqlite_master").fetchone() is not None

    def _enroll(self) -> int:
        with self._transaction() as database:
            values = (_machine(), os.getpid(), _start_of(os.getpid()), time.time() + LEASE)
            added = database.execute("INSERT INTO processes (machine, pid, started, until) VALUES (?, ?, ?, ?)", values)
            assert added.lastrowid is not None
            return added.lastrowid

    def _renew(self) -> None:
        leave_interrupts_to_the_main_thread()
        while not self._left.wait(LEASE / 4):
            with suppress(StateError), self._transaction() as database:
                database.execute("UPDATE processes SET until = ? WHERE id = ?", (time.time() + LEASE, self._process))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._errors(), self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._database.execute("ROLLBACK")
                raise

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _explained(self.path, error) from error


# By the name of SQLite's result code (https://www.sqlite.org/rescode.html), or its beginning.
_REASONS = (
    ("SQLITE_NOTADB", "is no database", "choose another file for --state"),
    ("SQLITE_CORRUPT", "is damaged", "restore it from a copy, or begin with a new one"),
    ("SQLITE_BUSY", "is locked by another program", "wait for that one, or end it"),
    ("SQLITE_FULL", "cannot be written: the disk is full", "make room there"),
    ("SQLITE_READONLY", "cannot be written", "change its mode or that of its folder, or choose another file"),
    ("SQLITE_CANTOPEN", "cannot be opened", "look at its folder: it must exist, and be yours to write to"),
    ("SQLITE_IOERR", "cannot be read or written", "look at the disk: it may be full"),
)


def _explained(path: Path, error: sqlite3.Error) -> StateError:
    name = getattr(error, "sqlite_errorname", "")
    for beginning, problem, advice in _REASONS:
        if name.startswith(beginning):
            return StateError(f"{path} {problem}", advice)
    return StateError(f"{path} cannot be used as --state: {error}", "choose another file")


def _machine() -> str:
    """Where process numbers mean the same: the machine, and on Linux the namespace (a container has its own)."""
    import platform

    with suppress(OSError):
        return f"{platform.node()} {Path('/proc/self/ns/pid').readlink()}"
    return platform.node()


def _start_of(pid: int) -> str:
    """When a process started, since numbers are given again; empty where the system does not tell (proc(5), stat)."""
    with suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else fields[19]  # dead, and only kept until its parent has looked
    return ""


def _text(name: str) -> str:
    """A name that SQLite can store."""
    return name.encode("utf-8", "replace").decode()


def _is_running(pid: int, started: str) -> bool:
    if sys.platform == "win32":  # where asking would end it; its lease tells
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return not started or _start_of(pid) == started
