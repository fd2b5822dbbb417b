"""Pages as they came, kept in a folder: an `.html` file for each, and in `pages.jsonl` a line on where it came from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from scrub.model import Page
from scrub.write.places import disk_error, file_name, short_hash, write_whole

SAVED_PAGES = "pages.jsonl"  # `sources.files` looks for it beside a file that it reads


class PageKeeper(Protocol):
    """Where pages are kept; a context manager."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def put(self, pages: Sequence[Page], missing: str = "") -> None:
        """Keep the pages of an article; `missing` says why there is no further one. OutputError where that fails."""


def open_keeper(path: Path) -> PageKeeper:
    """The WARC file or the folder that `--save-html` names."""
    if path.name.lower().endswith((".warc", ".warc.gz")):
        from scrub.write.warc import WarcFile

        return WarcFile(path)
    return SavedPages(path)


class SavedPages:
    """The folder of `--save-html`. A page's file is named after its address, with a hash that no other one has, so
    that every run gives the same name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk_error(folder, error, "--save-html") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def put(self, pages: Sequence[Page], missing: str = "") -> None:  # noqa: ARG002  # a folder has pages alone
        """Keep the bytes of an article's pages, decoded from their transfer compression and else as delivered.

        OutputError where that fails.
        """
        for page in pages:
            self._put(page)

    def _put(self, page: Page) -> None:
        asked = page.requested_url or page.url or ""
        path = self.folder / f"{file_name(asked)}-{short_hash(asked)}.html"
        row = {
            "url": page.url,
            "requested_url": page.requested_url,
            "status": page.status,
            "content_type": page.content_type,
            "fetched_at": page.fetched_at,
            "preferences": page.preferences,
            "file": path.name,
        }
        try:
            write_whole(path, page.body)
            with (self.folder / SAVED_PAGES).open("ab", buffering=0) as lines:
                lines.write(json.dumps(row).encode() + b"\n")
        except OSError as error:
            raise disk_error(path, error, "--save-html") from error
