"""Output into a folder that may not be written to: one clear line for what is lost by it, and nothing else lost."""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from net_servers import answer, serve

BODY = "The council met on Monday evening and decided after a long debate to build the new bridge over the river."
STORY = (
    f"<html><head><title>Bridge</title></head><body><article>{f'<p>{BODY}</p>' * 4}</article></body></html>".encode()
)
PAGES = {"/a": answer(STORY), "/b": answer(b"<p>Gone</p>", status="410 Gone"), "/c": answer(STORY)}
LOCAL = ["--allow-private", "--no-cache", "--delay", "0", "--retries", "0", "--proxy", "", "--jobs", "1"]
DENIED = "Permission denied"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="root is bound by a folder's mode on Linux only")

Scrub = Callable[..., "subprocess.CompletedProcess[bytes]"]


def obey_modes() -> None:
    """Let modes hold for root too: a program that is started then lacks CAP_DAC_OVERRIDE (capabilities(7), prctl(2))."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


@pytest.fixture
def scrub(tmp_path: Path) -> Iterator[Scrub]:
    """The command, beside a folder `closed` that has one file in it."""
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "there").touch()
    closed.chmod(0o500)

    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "scrub", *arguments]
        return subprocess.run(
            command, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
            preexec_fn=obey_modes,
        )  # fmt: skip

    yield run
    assert [path.name for path in closed.iterdir()] == ["there"]
    closed.chmod(0o700)


@pytest.mark.parametrize(
    ("option", "path", "problem"),
    [
        ("-o", "closed/all.txt", "cannot write closed/all.txt: Permission denied; choose another place with -o"),
        ("-o", "closed/out/", "cannot write closed/out: Permission denied; choose another place with -o"),
        ("--save-html", "closed/html", "cannot write closed/html: Permission denied; choose another place with --save-html"),
        ("--save-html", "closed/a.warc", "cannot write closed/a.warc: Permission denied; choose another place with --save-html"),
        ("--state", "closed/s.db", "closed/s.db cannot be opened; look at its folder: it must exist, and be yours to write to"),
    ],
)  # fmt: skip
def test_what_cannot_be_begun_is_said_before_anything_is_fetched(
    scrub: Scrub, option: str, path: str, problem: str
) -> None:
    with serve(PAGES) as server:
        done = scrub("fetch", *LOCAL, option, path, server.url("/a"), server.url("/c"))
        assert server.asked == []
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == f"scrub: {problem}\n"


@pytest.mark.parametrize("option", ["-o", "--save-html"])
def test_what_cannot_be_put_into_a_folder_that_is_there_is_named_for_each(scrub: Scrub, option: str) -> None:
    with serve(PAGES) as server:
        urls = [server.url("/a"), server.url("/c")]
        done = scrub("fetch", *LOCAL, option, "closed/", *urls)
    lines = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (1, b"", 2)
    for url, line in zip(urls, lines, strict=True):
        assert line.startswith(f"scrub: {url}: cannot write closed/")
        assert line.endswith(f"{DENIED}; choose another place with {option}")


def test_a_file_of_errors_that_cannot_be_written_costs_no_article(scrub: Scrub) -> None:
    with serve(PAGES) as server:
        urls = [server.url(path) for path in ("/b", "/a", "/b?2", "/c")]
        done = scrub("fetch", *LOCAL, "--json", "--errors", "closed/e.jsonl", *urls)
    assert [json.loads(line)["url"] for line in done.stdout.splitlines()] == [urls[1], urls[3]]
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 1
    assert lines[1] == f"scrub: cannot write closed/e.jsonl: {DENIED}; choose another --errors file"
    assert [line.split(": ")[1] for line in (lines[0], lines[2])] == [urls[0], urls[2]]
    assert len(lines) == 3


@pytest.mark.parametrize(("path", "named"), [("closed/all.txt", 1), ("closed/", 2)])
def test_clean_says_it_too(scrub: Scrub, tmp_path: Path, path: str, named: int) -> None:
    for name in ("x.html", "y.html"):
        (tmp_path / name).write_bytes(STORY)
    done = scrub("clean", "x.html", "y.html", "-o", path)
    lines = done.stderr.decode().splitlines()
    assert (done.returncode, len(lines)) == (1, named)
    assert all(DENIED in line for line in lines)
