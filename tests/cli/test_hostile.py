"""Pages that are made to stop whoever reads them cost themselves at most: the pages beside them come out."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hostile_pages import GOOD, HOSTILE, Hostile

MOST_SECONDS = 20.0
MOST_MEMORY = 1_500_000_000  # bytes of address space, for each process


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is Linux's")
@pytest.mark.parametrize("hostile", HOSTILE, ids=[hostile.name for hostile in HOSTILE])
def test_a_hostile_page_ends_soon_in_little_memory_and_the_page_beside_it_comes_out(
    tmp_path: Path, hostile: Hostile
) -> None:
    (tmp_path / "hostile.html").write_bytes(hostile.make())
    (tmp_path / "good.html").write_bytes(GOOD)
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "scrub", "clean", "hostile.html", "good.html", "--json", "--errors", "errors.jsonl"],
        cwd=tmp_path,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY)),
    )
    seconds = time.monotonic() - start
    log = tmp_path / "errors.jsonl"
    kind = json.loads(log.read_text())["kind"] if log.exists() else None
    texts = [json.loads(line)["text"] for line in done.stdout.splitlines()]
    assert kind in hostile.ends, done.stderr.decode()
    assert done.returncode == (0 if kind is None else 1)
    assert len(texts) == (2 if kind is None else 1)
    assert all("The council met on" in text or "the council met until" in text for text in texts)
    assert b"Traceback" not in done.stderr
    assert seconds < MOST_SECONDS
