"""What pages cost that are made to stop whoever reads them: how each ends, seconds and memory, beside a good page.

python bench/hostile.py [WORDS OF A NAME]
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from hostile_pages import GOOD, HOSTILE, Hostile

MOST_MEMORY = 1_500_000_000  # bytes of address space, for each process
PATIENCE = 120.0  # seconds


class Cost(NamedTuple):
    """How a run ended: the error's kind or None, whether the good page came out, seconds, megabytes, what was said."""

    kind: str | None
    good: bool
    seconds: float
    megabytes: float
    message: str


def clean(hostile: Hostile, folder: Path, patience: float = PATIENCE) -> Cost:
    """Run `scrub clean good.html hostile.html` on a page in a folder of its own, with bounded memory."""
    names = ("good.html", "hostile.html", "also-good.html")
    for name, body in zip(names, (GOOD, hostile.make(), GOOD), strict=True):
        (folder / name).write_bytes(body)
    program = [sys.executable, "-m", "scrub", "clean", *names, "--json", "--no-removed", "--errors", "errors.jsonl"]
    start = time.monotonic()
    with subprocess.Popen(
        program, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=_bound_memory
    ) as run:
        output, errors = run.communicate(timeout=patience)
    seconds = time.monotonic() - start
    articles = [json.loads(line) for line in output.splitlines()]
    log = folder / "errors.jsonl"
    failures = [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []
    kind = failures[0]["kind"] if failures else None
    good = sum(article["text"].startswith("The council met") for article in articles) >= 2 and len(failures) < 2
    return Cost(kind, good, seconds, _peak_megabytes(), errors.decode("utf-8", "replace"))


def _bound_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _peak_megabytes() -> float:
    """The most that any process of the last run has held; told right only by a process that waits for one run."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    wanted = " ".join(sys.argv[1:])
    print(f"{'':<42} {'ends with':<14} {'s':>6} {'MB':>6}  the good pages come out")
    for hostile in HOSTILE:
        if wanted not in hostile.name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            cost = _in_a_process(hostile, Path(folder))
        good = "yes" if cost.good else "NO"
        print(f"{hostile.name:<42} {cost.kind or 'an article':<14} {cost.seconds:6.1f} {cost.megabytes:6.0f}  {good}")
        if wanted:
            print(cost.message)


def _in_a_process(hostile: Hostile, folder: Path) -> Cost:
    """The cost, measured in a fork, so that the peak of memory is this run's."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, json.dumps(clean(hostile, folder)).encode()[:60_000])
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        answer = stream.read()
    os.waitpid(child, 0)
    return Cost(*json.loads(answer)) if answer else Cost("no answer", False, PATIENCE, 0.0, "")


if __name__ == "__main__":
    main()
