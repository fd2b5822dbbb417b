"""`scrub clean --full` and `--restore`: what was cleaned comes back, to the byte."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from conftest import ROOT, Run

SAMPLE = (ROOT / "samples" / "patron.txt").read_bytes()
BODY = "The council met on Monday and decided, after a long debate, to build the bridge over the river."
STORIES = [
    SAMPLE,
    f"{BODY}\r\n\r\n\r\n\tRelated:\r\nno end of a line".encode(),
    f"\n\n  {BODY}\x0c\x0b Größe – 𝄞 \u2028\u2029\x85\x00\n\n(Visited 3 times, 1 visits today)\n\n\n".encode(),
]


@pytest.mark.parametrize("story", STORIES, ids=["sample", "windows", "odd"])
def test_a_text_comes_back_to_the_byte(run: Run, story: bytes) -> None:
    full = run("clean", "--full", stdin=story)
    assert full.returncode == 0
    done = run("clean", "--restore", "-", stdin=full.stdout)
    assert (done.returncode, done.stdout, done.stderr) == (0, story, b"")


@pytest.fixture
def full(run: Run, tmp_path: Path) -> Path:
    """A file of three records, whose second line is none."""
    for number, story in enumerate(STORIES):
        (tmp_path / f"{number}.txt").write_bytes(story)
    lines = run("clean", "--full", "0.txt", "1.txt", "2.txt").stdout.splitlines(keepends=True)
    path = tmp_path / "full.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join([lines[0], b'{"text": "a"}\n', *lines[1:]])))
    return path


def test_several_texts_come_with_the_usual_separator_and_a_bad_line_costs_only_itself(run: Run, full: Path) -> None:
    done = run("clean", "--restore", full.name, "--errors", "errors")
    assert (done.returncode, done.stdout) == (1, b"\f\n".join(STORIES))
    assert done.stderr.decode() == (
        "scrub: full.jsonl.gz:2: written without --full: a record without blocks; clean the original again with --full\n"
    )
    assert json.loads((full.parent / "errors").read_bytes())["input"] == "full.jsonl.gz:2"
    assert run("clean", "--restore", "-0", full.name).stdout == b"\0".join(STORIES)


def test_a_folder_gets_each_text_in_a_file_numbered_by_its_line(run: Run, full: Path) -> None:
    run("clean", "--restore", full.name, "-o", "back/")
    back = {path.name: path.read_bytes() for path in (full.parent / "back").glob("*.txt")}
    assert back == {"full.txt": STORIES[0], "full-3.txt": STORIES[1], "full-4.txt": STORIES[2]}


def test_a_file_gets_them_all(run: Run, full: Path) -> None:
    assert run("clean", "--restore", full.name, "-o", "all").stdout == b""
    assert (full.parent / "all").read_bytes() == b"\f\n".join(STORIES)


def test_what_is_no_json_is_named_with_its_line(run: Run) -> None:
    done = run("clean", "--restore", stdin=b"Some text\n\n[1]\n")
    assert (done.returncode, done.stdout) == (1, b"")
    first, second = done.stderr.decode().splitlines()
    assert first.startswith("scrub: standard input:1: not JSON: ")
    assert second.startswith("scrub: standard input:3: not a JSON object; ")


def test_a_file_that_is_not_there_is_named(run: Run) -> None:
    done = run("clean", "--restore", "none.jsonl", "-o", "back/")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().startswith("scrub: none.jsonl: no such file; ")


def test_options_that_make_no_sense_are_wrong_usage_and_named(run: Run) -> None:
    options = ["--json", "--full", "--explain", "--as", "text", "--keep", "counters", "--jobs", "2"]
    done = run("clean", "--restore", *options)
    assert (done.returncode, done.stdout) == (2, b"")
    for option in options:
        assert not option.startswith("--") or option in done.stderr.decode()
    assert "makes no sense beside --restore" in done.stderr.decode()
    assert run("clean", "--restore", "-f", "json").returncode == 2
