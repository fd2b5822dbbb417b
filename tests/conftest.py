"""What several rooms' tests share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# A first example pays for imports and rules; how long things take is told by tests that measure it.
settings.register_profile("without a deadline", deadline=None)
settings.load_profile("without a deadline")

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
SEED = ROOT.parent / "shared" / "seed"

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Processes that run tests side by side must name them alike: what tells the time goes by its argument's name."""
    return argname if isinstance(val, (str, list)) and "GMT" in str(val) else None


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of the tests' own: what a person has kept of pages is not theirs."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the command line as a person does, in an empty folder; `stdin` is bytes, or None for an empty one."""

    def scrub(*arguments: str, stdin: bytes | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "scrub", *arguments],
            input=stdin if stdin is not None else b"",
            capture_output=True,
            cwd=tmp_path,
            timeout=120,
            env={**os.environ, "COLUMNS": "100", **environment},
            check=False,
        )

    return scrub


@pytest.fixture
def seed() -> tuple[str, str]:
    """The scraped text that the project began with, and what must be left of it."""
    if not SEED.exists():
        pytest.skip("needs ../shared/seed")
    return (SEED / "article.txt").read_text("utf-8"), (SEED / "expected.txt").read_text("utf-8").rstrip("\n")
