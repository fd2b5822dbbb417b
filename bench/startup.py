"""How long scrub takes to start, beside `import typer`: medians of interleaved runs of whole processes.

    python bench/startup.py [RUNS]

Goals: `scrub --version` at most 1.3 times, `scrub clean` of an article at most 1.6 times `python -c "import typer"`.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

SAMPLE = Path(__file__).parent.parent / "samples" / "patron.txt"
SCRUB = str(Path(sys.executable).parent / "scrub")
COMMANDS = {
    "import typer": ([sys.executable, "-c", "import typer"], 1.0),
    "scrub --version": ([SCRUB, "--version"], 1.3),
    "scrub clean article.txt": ([SCRUB, "clean", str(SAMPLE)], 1.6),
}


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(runs: int) -> None:
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs):
        for name, (command, _) in COMMANDS.items():
            times[name].append(seconds(command))
    base = statistics.median(times["import typer"])
    for name, (_, goal) in COMMANDS.items():
        median = statistics.median(times[name])
        print(f"{name:<26} {1000 * median:6.1f} ms   {median / base:.2f} times import typer (goal {goal:.1f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 31)
