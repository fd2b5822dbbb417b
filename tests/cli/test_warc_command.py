"""Pages kept in a WARC file by `scrub fetch`, and cleaned again from it by `scrub clean`."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from net_servers import Server, answer, redirect, serve
from warcio.archiveiterator import ArchiveIterator

from conftest import Run

BODY = "The council met on Monday evening and decided after a long debate to build the new bridge over the river."
LOCAL = ["--allow-private", "--no-cache", "--delay", "0", "--retries", "0", "--proxy", ""]
NAMES = pytest.mark.parametrize("name", ["pages.warc.gz", "pages.warc"])


def story(title: str, links: str = "") -> bytes:
    paragraphs = "".join(f"<p>{BODY} It is told of {title}, {number}.</p>" for number in range(4))
    head = f'<title>{title}</title><meta property="og:type" content="article">'
    return f"<html><head>{head}</head><body><article>{paragraphs}</article>{links}</body></html>".encode()


def part(number: int, last: int) -> bytes:
    links = "".join(f'<a href="/cut?page={page}">{page}</a> ' for page in range(1, last + 1))
    following = f'<a rel="next" href="/cut?page={number + 1}">Next page</a>' if number < last else ""
    return story(f"Part {number}", f"<div>{links}{following}</div>")


PAGES = {
    "/a": answer(story("Harbour"), "Set-Cookie: a=1", "X-Odd: caf\xe9"),
    "/packed": answer(gzip.compress(story("Packed")), "Content-Encoding: gzip"),
    "/moved": redirect("/a"),
    "/asked": answer(story("Asked"), "Content-Signal: ai-train=no", "X-Robots-Tag: noai"),
    "/latin": answer("<title>Über</title>".encode("latin-1") + story("X"), content_type="text/html; charset=latin-1"),
    "/text": answer(f"Bridge to be built\n\n{BODY}\n".encode(), content_type="text/plain; charset=utf-8"),
    "/xml": answer(b"<?xml version='1.0'?>" + story("Xml"), content_type="application/xml"),
    "/cut": answer(part(1, 3)),
    "/cut?page=2": answer(part(2, 3)),
    "/cut?page=3": answer(b"<p>Gone</p>", status="410 Gone"),
}


@contextmanager
def site() -> Iterator[Server]:
    with serve(PAGES) as server:
        yield server


def urls_of(server: Server) -> list[str]:
    return [server.url(path) for path in PAGES if not path.startswith("/cut?")]


def keep(run: Run, name: str, *arguments: str) -> bytes:
    with site() as server:
        done = run("fetch", *LOCAL, "--save-html", name, *arguments, *urls_of(server))
    assert done.returncode == 0, done.stderr
    return done.stdout


@NAMES
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_kept_pages_give_the_same_bytes(run: Run, tmp_path: Path, name: str, jobs: str) -> None:
    fetched = keep(run, name, "--json")
    assert fetched.count(b"\n") == 8
    done = run("clean", "--json", "--jobs", jobs, name)
    assert (done.returncode, done.stdout) == (0, fetched)
    piped = run("clean", "--json", "--jobs", jobs, stdin=(tmp_path / name).read_bytes())
    assert (piped.returncode, piped.stdout) == (0, fetched)


def test_pages_in_a_folder_tell_what_the_site_says_of_their_use(run: Run, tmp_path: Path) -> None:
    with site() as server:
        fetched = run("fetch", *LOCAL, "--json", "--save-html", "html", server.url("/asked"))
    assert json.loads(fetched.stdout)["preferences"]
    [page] = (tmp_path / "html").glob("*.html")
    assert run("clean", "--json", str(page)).stdout == fetched.stdout


def test_an_article_on_several_pages_is_one_again(run: Run) -> None:
    with site() as server:
        fetched = run("fetch", *LOCAL, "--save-html", "a.warc", server.url("/cut"))
    cleaned = run("clean", "a.warc")
    assert b"Part 1, 3." in cleaned.stdout
    assert b"Part 2, 3." in cleaned.stdout
    assert (cleaned.stdout, cleaned.stderr) == (fetched.stdout, fetched.stderr)
    assert b"page 3 of the article is missing" in cleaned.stderr


@NAMES
def test_other_programs_read_the_file(run: Run, tmp_path: Path, name: str) -> None:
    keep(run, name)
    with (tmp_path / name).open("rb") as stream:
        records = [
            (record.rec_headers, record.http_headers, record.content_stream().read())
            for record in ArchiveIterator(stream, check_digests="raise")
        ]
    kinds = [fields.get_header("WARC-Type") for fields, _, _ in records]
    assert kinds == ["warcinfo"] + ["response"] * 9
    fields, head, body = records[1]
    assert fields.protocol == "WARC/1.1"
    assert fields.get_header("WARC-Target-URI").endswith("/a")
    assert fields.get_header("WARC-Date").endswith("Z")
    assert fields.get_header("WARC-Block-Digest").startswith("sha1:")
    assert (head.statusline, head.get_header("Set-Cookie"), body) == ("200 OK", "a=1", story("Harbour"))
    _, packed, body = records[2]
    assert (packed.get_header("Content-Encoding"), body) == (None, story("Packed"))
    assert packed.get_header("Content-Length") == str(len(body))
    moved = records[3][0]
    assert moved.get_header("WARC-Target-URI").endswith("/a")
    assert moved.get_header("Scrub-Requested-URI").endswith("/moved")


@NAMES
def test_a_second_run_appends_and_the_remains_of_a_killed_one_go(run: Run, tmp_path: Path, name: str) -> None:
    first = keep(run, name, "--json")
    with (tmp_path / name).open("rb+") as stream:
        whole = stream.read()
        stream.write(whole[: len(whole) // 3])
        stream.seek(-40, os.SEEK_END)
        stream.truncate()
    assert run("clean", "--json", name).returncode == 1
    second = keep(run, name, "--json")
    done = run("clean", "--json", name)
    assert done.returncode == 0
    assert done.stdout.startswith(first)
    assert done.stdout.endswith(second)
    with (tmp_path / name).open("rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream)]
    assert kinds.count("response") >= 18


def test_a_killed_run_leaves_whole_records(tmp_path: Path, run: Run) -> None:
    with site() as server:
        command = [sys.executable, "-m", "scrub", "fetch", *LOCAL, "--save-html", "a.warc.gz", "--json", "-"]
        with subprocess.Popen(
            command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0
        ) as process:
            assert process.stdin
            assert process.stdout
            process.stdin.write(f"{server.url('/a')}\n".encode())
            process.stdin.flush()
            line = process.stdout.readline()
            os.killpg(process.pid, signal.SIGKILL)
    assert run("clean", "--json", "a.warc.gz").stdout == line


def test_what_is_no_archive_is_not_written_to(run: Run, tmp_path: Path) -> None:
    for name in ("a.warc", "a.warc.gz"):
        (tmp_path / name).write_bytes(b"my notes\n")
        done = run("fetch", *LOCAL, "--save-html", name, "http://127.0.0.1:1/")
        assert (done.returncode, (tmp_path / name).read_bytes()) == (1, b"my notes\n")
        assert done.stderr.startswith(f"scrub: {name} is no WARC file".encode())


def test_two_runs_do_not_write_the_same_file(run: Run, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scrub", "fetch", *LOCAL, "--save-html", "a.warc", "-"]
    with site() as server, subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{server.url('/a')}\n".encode())
        process.stdin.flush()
        process.stdout.read(1)
        done = run("fetch", *LOCAL, "--save-html", "a.warc", server.url("/a"))
        process.stdin.close()
        process.stdout.read()
    assert (done.returncode, process.returncode) == (1, 0)
    assert done.stderr.decode() == "scrub: another scrub is writing a.warc; choose another file with --save-html\n"


def test_each_page_has_its_file_also_one_that_was_kept_three_times(run: Run, tmp_path: Path) -> None:
    with site() as server:
        for _ in range(3):
            run("fetch", *LOCAL, "--save-html", "a.warc", server.url("/a"), server.url("/text"))
    assert run("clean", "a.warc", "-o", "out/").returncode == 0
    files = sorted(path.name for path in (tmp_path / "out").glob("*.txt"))
    assert len(files) == 6
    assert sorted(path.read_bytes() for path in (tmp_path / "out").glob("*.txt"))[0].startswith(b"Bridge")


def test_a_damaged_record_costs_only_itself(run: Run, tmp_path: Path) -> None:
    fetched = keep(run, "a.warc.gz", "--json").splitlines()
    packed = bytearray((tmp_path / "a.warc.gz").read_bytes())
    third = packed.find(b"\x1f\x8b\x08", packed.find(b"\x1f\x8b\x08", 1) + 1)
    packed[third + 200] ^= 0xFF
    (tmp_path / "b.warc.gz").write_bytes(packed)
    done = run("clean", "--json", "--errors", "e.jsonl", "b.warc.gz")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [fetched[0], *fetched[2:]]
    assert [line for line in done.stderr.decode().splitlines() if "warning" not in line] == [
        "scrub: b.warc.gz:3: a damaged record, which gzip cannot unpack; leave it out, or make the archive again"
    ]
    assert json.loads((tmp_path / "e.jsonl").read_text())["kind"] == "input"


def test_an_archive_and_files_are_cleaned_side_by_side(run: Run, tmp_path: Path) -> None:
    with site() as server:
        run("fetch", *LOCAL, "--save-html", "a.warc", server.url("/a"), server.url("/text"))
    (tmp_path / "x.html").write_bytes(story("Before"))
    (tmp_path / "y.html").write_bytes(story("After"))
    done = run("clean", "--json", "--jobs", "2", "x.html", "a.warc", "y.html", "none.warc")
    titles = [json.loads(line)["title"] for line in done.stdout.splitlines()]
    assert titles == ["Before", "Harbour", "Bridge to be built", "After"]
    assert done.stderr == b"scrub: none.warc: no such file; look at the spelling and at the folder you are in\n"


def test_the_first_article_is_out_before_the_archive_ends(tmp_path: Path, run: Run) -> None:
    with site() as server:
        run("fetch", *LOCAL, "--save-html", "a.warc.gz", server.url("/a"), server.url("/text"))
    kept = (tmp_path / "a.warc.gz").read_bytes()
    with subprocess.Popen(
        [sys.executable, "-m", "scrub", "clean", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(kept)
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["title"] == "Harbour"
        process.stdin.close()
        assert json.loads(process.stdout.readline())["title"] == "Bridge to be built"
