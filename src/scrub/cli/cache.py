"""`scrub cache`: what is kept of the pages that were downloaded."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from scrub.cli.work import contract


def add_to(app: typer.Typer) -> None:
    """Make it a command of the program."""
    app.command()(cache)


def cache(clear: Annotated[bool, typer.Option("--clear", help="Forget all of it.")] = False) -> None:
    """Show what is kept of downloaded pages: where, how many, how large, since when.

    A page is kept as its server permits, and asked for again when its time is over. `fetch --no-cache` keeps out of it.
    """
    from scrub.net.cache_store import CacheStore, cache_folder

    with contract(), CacheStore(cache_folder()) as store:
        if clear:
            store.clear()
        found = store.figures()
        oldest = datetime.fromtimestamp(found.oldest, UTC).isoformat(timespec="seconds") if found.oldest else "none"
        rows = (("path", store.path), ("entries", found.entries), ("bytes", found.size), ("oldest", oldest))
        sys.stdout.write("".join(f"{name:<8} {value}\n" for name, value in rows))
