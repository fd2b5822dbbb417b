"""Where answers are kept between runs: one SQLite file in the platform's cache folder, bounded in size and age.

A cache that fails is an empty one: nothing that goes wrong here costs a page.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple, Self

from scrub.errors import CacheError

FILE_NAME = "responses-1.db"  # the number is the layout's: a newer scrub begins a file of its own
MOST_BYTES = 500_000_000  # of all bodies, as they came
MOST_SECONDS = 30 * 24 * 3600.0  # unused
STORES_PER_TRIM = 200  # answers that are stored between two looks at the bounds
TOUCH_SECONDS = 3600.0  # an answer's last use is known this precisely, so that reading seldom writes

_TABLE = """
CREATE TABLE IF NOT EXISTS responses (
    key TEXT PRIMARY KEY, headers TEXT NOT NULL, body BLOB NOT NULL, vary TEXT NOT NULL,
    received REAL NOT NULL, age REAL NOT NULL, used REAL NOT NULL, size INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS by_use ON responses (used, size);
"""

Headers = tuple[tuple[str, str], ...]


class Stored(NamedTuple):
    """An answer with status 200: `body` as it came, still compressed; `vary` the headers of the request that it
    depends on; `received` (seconds since 1970) when it came or was last confirmed, `age` (seconds) how old it was."""

    headers: Headers
    body: bytes
    vary: Headers
    received: float
    age: float


class Figures(NamedTuple):
    """What a cache holds; `oldest` is the earliest time at which an answer came, in seconds since 1970."""

    entries: int
    size: int
    oldest: float | None


def cache_folder() -> Path:
    """Where the platform wants a program's cache (XDG Base Directory Specification; on macOS and Windows their own)."""
    if configured := os.environ.get("XDG_CACHE_HOME"):
        base = Path(configured)
        if base.is_absolute():  # others are to be ignored, says the specification
            return base / "scrub"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "scrub"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "scrub" / "Cache"
    return Path.home() / ".cache" / "scrub"


class CacheStore:
    """The answers in a folder that only its owner may read. Close it at the end."""

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES, most_seconds: float = MOST_SECONDS) -> None:
        self.path = folder / FILE_NAME
        self.most_bytes = most_bytes
        self.most_seconds = most_seconds
        self._since_trim = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            self._database = self._open()
        except (OSError, sqlite3.Error) as error:
            raise CacheError(f"cannot keep a cache in {folder}: {error}", "fetch with --no-cache") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hold the bounds, and let go of the file."""
        with suppress(sqlite3.Error):
            self._trim()
        self._database.close()

    def get(self, key: str) -> Stored | None:
        """The answer under a key."""
        try:
            row = self._database.execute(
                "SELECT headers, body, vary, received, age, used FROM responses WHERE key = ?", (key,)
            ).fetchone()
            if row is None:
                return None
            if (now := time.time()) - row[5] > TOUCH_SECONDS:
                self._database.execute("UPDATE responses SET used = ? WHERE key = ?", (now, key))
        except sqlite3.Error:
            return None
        return Stored(_headers(row[0]), row[1], _headers(row[2]), row[3], row[4])

    def put(self, key: str, stored: Stored) -> None:
        """Keep an answer in place of an older one."""
        values = (key, json.dumps(stored.headers), stored.body, json.dumps(stored.vary), stored.received, stored.age)
        with suppress(sqlite3.Error):
            self._database.execute(
                "INSERT OR REPLACE INTO responses VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, time.time(), len(stored.body)),
            )
            self._since_trim += 1
            if self._since_trim >= STORES_PER_TRIM:
                self._trim()

    def drop(self, key: str) -> None:
        """Forget an answer."""
        with suppress(sqlite3.Error):
            self._database.execute("DELETE FROM responses WHERE key = ?", (key,))

    def clear(self) -> None:
        """Forget all answers. CacheError where that fails."""
        try:
            self._database.execute("DELETE FROM responses")
            self._database.execute("VACUUM")
        except sqlite3.Error as error:
            raise CacheError(f"cannot clear {self.path}: {error}", "remove the file") from error

    def figures(self) -> Figures:
        """How much is in it. CacheError where it cannot be read."""
        try:
            row = self._database.execute("SELECT count(*), coalesce(sum(size), 0), min(received) FROM responses")
            return Figures(*row.fetchone())
        except sqlite3.Error as error:
            raise CacheError(f"cannot read {self.path}: {error}", "`scrub cache --clear` begins it anew") from error

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            self.path.unlink()  # damaged: what it held can be had again
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.path, timeout=2, isolation_level=None, check_same_thread=False)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.executescript(_TABLE)
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _trim(self) -> None:
        """Forget what nobody has used for long, and of the rest what was used longest ago, down to the bound."""
        self._since_trim = 0
        self._database.execute("DELETE FROM responses WHERE used < ?", (time.time() - self.most_seconds,))
        (size,) = self._database.execute("SELECT coalesce(sum(size), 0) FROM responses").fetchone()
        if size <= self.most_bytes:
            return
        until = 0.0
        with closing(self._database.execute("SELECT used, size FROM responses ORDER BY used")) as rows:
            while size > self.most_bytes:
                until, one = rows.fetchone()
                size -= one
        self._database.execute("DELETE FROM responses WHERE used <= ?", (until,))


def _headers(text: str) -> Headers:
    return tuple((name, value) for name, value in json.loads(text))
