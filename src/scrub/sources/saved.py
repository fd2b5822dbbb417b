"""What `fetch --save-html` noted of the pages in a folder: where each came from, and how the server called it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

FIELDS = {
    "url": str, "requested_url": str, "content_type": str, "status": int, "fetched_at": str, "preferences": list,
}  # fmt: skip


@lru_cache(maxsize=4)
def read_sidecar(path: Path, changed: int) -> Mapping[str, Mapping[str, Any]]:  # noqa: ARG001
    """By file name the fields of a `Page` that are known of it, the last line's where it was saved several times.

    Read once, and again when it has `changed` (nanoseconds). Lines that are not of this kind are passed over: the file
    may be somebody else's.
    """
    known: dict[str, dict[str, Any]] = {}
    try:
        with path.open("rb") as lines:
            for line in lines:
                row = _row(line)
                if isinstance(name := row.get("file"), str) and isinstance(row.get("url"), str):
                    known[name] = {field: row[field] for field, kind in FIELDS.items() if type(row.get(field)) is kind}
                    known[name]["preferences"] = tuple(map(str, known[name].get("preferences", ())))
    except OSError:
        return {}
    return known


def _row(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return row if isinstance(row, dict) else {}
