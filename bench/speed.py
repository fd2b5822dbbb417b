"""How fast text is cleaned: megabytes a second of CPU time on many samples, and on lines that a rule could choke on.

python bench/speed.py
"""

from __future__ import annotations

import time
from pathlib import Path

import scrub

SAMPLES = Path(__file__).parent.parent / "samples"
HEAD = "The headline of the story\n\nA body paragraph that is long enough to be one, with a full stop at its end.\n\n"
HARD = {
    "3 MB of spaces": " " * 3_000_000,
    "3 MB of digits": "1" * 3_000_000,
    "3 MB of groups of digits": "123 " * 750_000,
    "3 MB of 'Become a '": "Become a " * 333_333,
    "3 MB of quotation marks": '"' * 3_000_000,
    "3 MB of short lines": "Become a patron or not\n" * 130_000,
}


def cpu(text: str) -> float:
    start = time.process_time()
    scrub.clean_text(text)
    return time.process_time() - start


def main() -> None:
    scrub.clean_text(HEAD)
    articles = [path.read_text("utf-8") for path in sorted(SAMPLES.glob("*.txt"))] * 200
    size = sum(len(text.encode()) for text in articles)
    print(f"{'samples, one after the other':<32} {size / 1e6 / sum(map(cpu, articles)):6.1f} MB/s")
    for name, line in HARD.items():
        print(f"{name:<32} {cpu(HEAD + line):6.2f} s")


if __name__ == "__main__":
    main()
