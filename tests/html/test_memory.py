"""A process does not grow with the pages it has cleaned."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

PROGRAM = """
import os, sys
import scrub
from hostile_pages import SENTENCES, page

def megabytes():
    with open("/proc/self/statm") as figures:
        return int(figures.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

for number in range(2_001):
    article = "".join(f"<p>On day {number}.{place} {sentence}</p>" for place, sentence in enumerate(SENTENCES))
    scrub.clean_html(page(f"<p>{number}</p>", article=article), url=f"https://site{number}.example/{number}")
    if number % 250 == 0:
        print(megabytes())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_stays_flat_over_thousands_of_pages() -> None:
    tests = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=tests, capture_output=True, timeout=300, check=True)
    figures = [float(line) for line in done.stdout.split()]
    growth = [after - before for before, after in pairwise(figures[1:])]
    assert median(growth) < 1, "megabytes in 250 pages; a leak grows in each of them, an allocator's step in one"
    assert sum(growth) < 60
