"""`scrub fetch` as a person and a pipe use it, against a server on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jsonschema
import pytest
from net_servers import Server, answer, redirect, serve

import scrub
from conftest import Run
from scrub.errors import RefusedError
from scrub.write.schema import article_schema

BODY = "The council met on Monday evening and decided after a long debate to build the new bridge over the river."
NEXT = "Nobody on the benches spoke against it, and the meeting ended well before nine o'clock in the evening."
PAGE = (
    "<html lang=en><head><title>Bridge to be built</title></head><body><nav><a href=/>Home</a></nav><article>"
    f"<h1>Bridge to be built</h1><p>{BODY}</p><p>{NEXT}</p><p>{BODY[::-1]}.</p></article></body></html>"
).encode()
LOCAL = ["--allow-private", "--delay", "0", "--retries", "0", "--proxy", ""]
TEXT = f"Bridge to be built\n\n{BODY}\n\n{NEXT}\n\n(Visited 3 times, 1 visits today)\n".encode()


@contextmanager
def site() -> Iterator[Server]:
    with serve(
        {
            "/a": answer(PAGE),
            "/a?../../x=1": answer(PAGE),
            "/moved": redirect("/a"),
            "/text": answer(TEXT, content_type="text/plain; charset=utf-8"),
            "/png": answer(b"\x89PNG\r\n\x1a\n", content_type="image/png"),
            "/gone": answer(b"<p>Gone</p>", status="410 Gone"),
            "/empty": answer(b""),
            "/app": answer(b"<html><body><script>app()</script></body></html>"),
            "/inside": redirect("http://169.254.169.254/latest"),
        }
    ) as server:
        yield server


def test_a_page_is_fetched_and_cleaned(run: Run) -> None:
    with site() as server:
        done = run("fetch", *LOCAL, server.url("/moved"))
    assert done.stderr == b""
    assert done.returncode == 0
    assert done.stdout.decode().startswith(f"Bridge to be built\n\n{BODY}\n\n{NEXT}")
    assert "Home" not in done.stdout.decode()


def test_the_json_says_where_it_came_from(run: Run) -> None:
    with site() as server:
        done = run("fetch", *LOCAL, "--json", server.url("/moved"))
    article = json.loads(done.stdout)
    jsonschema.validate(article, article_schema())
    assert article["requested_url"] == server.url("/moved")
    assert article["url"] == server.url("/a")
    assert article["status"] == 200
    assert article["fetched_at"].endswith("+00:00")


def test_plain_text_is_cleaned_as_text(run: Run) -> None:
    with site() as server:
        done = run("fetch", *LOCAL, "--explain", server.url("/text"))
    assert done.stdout.decode() == f"Bridge to be built\n\n{BODY}\n\n{NEXT}\n"
    assert "counters.visits" in done.stderr.decode()


def test_each_failure_is_named_and_the_others_come_out(run: Run, tmp_path: Path) -> None:
    with site() as server:
        paths = ["/png", "/a", "/gone", "/empty", "/app", "/inside", "/a"]
        done = run("fetch", *LOCAL, "--errors", "errors.jsonl", *map(server.url, paths))
    assert done.returncode == 1
    assert done.stdout.decode().count("Bridge to be built\n\n") == 2
    assert done.stdout.decode().count("\f\n") == 1
    lines = done.stderr.decode().splitlines()
    assert [line.split(": ")[1] for line in lines] == [server.url(path) for path in paths if path != "/a"]
    rows = [json.loads(line) for line in (tmp_path / "errors.jsonl").read_text().splitlines()]
    assert [row["kind"] for row in rows] == ["not-a-page", "status", "empty", "no-article", "refused"]
    assert all(row["detail"] and row["advice"] for row in rows)


def test_private_addresses_are_refused_without_leave(run: Run) -> None:
    with site() as server:
        done = run("fetch", server.url("/a"))
    assert (done.returncode, done.stdout) == (1, b"")
    assert "--allow-private" in done.stderr.decode()
    assert server.requests == []


def test_addresses_come_from_standard_input_and_the_first_article_before_the_last_address(tmp_path: Path) -> None:
    with site() as server:
        command = [sys.executable, "-m", "scrub", "fetch", *LOCAL, "--json", "-"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"# mine\n\n{server.url('/a')}\n".encode())
            process.stdin.flush()
            first = json.loads(process.stdout.readline())
            process.stdin.write(f"{server.url('/text')}\n".encode())
            process.stdin.close()
            second = json.loads(process.stdout.readline())
            assert process.wait(timeout=30) == 0
    assert (first["url"], second["url"]) == (server.url("/a"), server.url("/text"))


def test_articles_go_into_a_folder_under_names_made_of_their_addresses(run: Run, tmp_path: Path) -> None:
    with site() as server:
        done = run("fetch", *LOCAL, server.url("/a"), server.url("/a?../../x=1"), "-o", "out/")
    assert done.returncode == 0
    names = sorted(str(path.relative_to(tmp_path)) for path in (tmp_path / "out").rglob("*.txt"))
    assert names == ["out/127.0.0.1-a-..-..-x-1.txt", "out/127.0.0.1-a.txt"]


def test_limits_headers_and_names_are_passed_on(run: Run) -> None:
    with site() as server:
        run("fetch", *LOCAL, "-A", "desk/1", "-H", "X-Desk: seven", server.url("/a"))
        assert "user-agent: desk/1" in server.requests[0].lower()
        assert "x-desk: seven" in server.requests[0].lower()
        small = run("fetch", *LOCAL, "--max-size", "100", server.url("/a"))
        assert small.returncode == 1
        assert "--max-size" in small.stderr.decode()


@pytest.mark.parametrize("header", ["no colon", ": no name", "Host: other", "A: b\r\nC: d"])
def test_a_header_that_cannot_be_sent_is_wrong_usage(run: Run, header: str) -> None:
    assert run("fetch", "-H", header, "http://example.invalid/").returncode == 2


def test_a_slow_server_costs_its_timeout_and_an_interruption_ends_at_once(tmp_path: Path) -> None:
    with serve(lambda connection, head: time.sleep(8)) as server:
        command = [sys.executable, "-m", "scrub", "fetch", *LOCAL, "--ignore-robots", server.url("/")]
        started = time.monotonic()
        done = subprocess.run([*command, "--timeout", "0.5"], capture_output=True, timeout=30, check=False)
        assert done.returncode == 1
        assert b"--timeout" in done.stderr
        assert time.monotonic() - started < 5
        with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
            while len(server.requests) < 2:
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            _, stderr = process.communicate(timeout=4)
        assert (process.returncode, stderr) == (130, b"")


def test_a_password_in_an_address_is_repeated_nowhere(run: Run, tmp_path: Path) -> None:
    done = run("fetch", *LOCAL, "-v", "--errors", "errors.jsonl", "https://ann:hunter2@news.example/a@b?c=1")
    written = (tmp_path / "errors.jsonl").read_text()
    assert done.returncode == 1
    assert "scrub: https://…@news.example/a@b?c=1: " in done.stderr.decode()
    assert json.loads(written)["input"] == "https://…@news.example/a@b?c=1"
    assert "hunter2" not in done.stderr.decode() + written


def cut(pages: int) -> dict[str, bytes]:
    """An article that is cut into so many pages."""

    def page(number: int) -> bytes:
        links = "".join(f'<a href="/cut?page={n}"><b>{n}</b></a>' for n in range(1, pages + 1) if n != number)
        body = "".join(f"<p>{words} It is told on page {number}.</p>" for words in (BODY, NEXT))
        return (
            '<html><head><title>Bridge to be built</title><meta property="og:type" content="article"></head>'
            f"<body><article><h1>Bridge to be built</h1>{body}</article><div>{links}</div></body></html>"
        ).encode()

    return {"/cut" + (f"?page={number}" if number > 1 else ""): answer(page(number)) for number in range(1, pages + 1)}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_article_on_several_pages_is_one(run: Run, tmp_path: Path, jobs: str) -> None:
    with serve(cut(3)) as server:
        done = run("fetch", *LOCAL, "--jobs", jobs, "--save-html", "html", server.url("/cut"))
        article = scrub.fetch(server.url("/cut"), allow_private=True)
    parts = [f"{words} It is told on page {number}." for number in (1, 2, 3) for words in (BODY, NEXT)]
    assert article.text.split("\n\n") == parts
    assert done.stdout.decode().rstrip() == article.whole_text
    assert len(list((tmp_path / "html").glob("*.html"))) == 3


def test_a_page_of_an_article_that_does_not_come_is_told(run: Run) -> None:
    pages = cut(3)
    pages["/cut?page=3"] = answer(b"<p>Gone</p>", status="410 Gone")
    with serve(pages) as server:
        done = run("fetch", *LOCAL, server.url("/cut"))
    assert done.returncode == 0
    assert "page 2." in done.stdout.decode()
    assert "warning: page 3 of the article is missing" in done.stderr.decode()


def test_the_api_fetches_as_the_command_line_does(run: Run) -> None:
    with site() as server:
        article = scrub.fetch(server.url("/a"), allow_private=True)
        assert run("fetch", *LOCAL, server.url("/a")).stdout.decode() == article.whole_text + os.linesep
        with pytest.raises(RefusedError):
            scrub.fetch(server.url("/a"))


def test_robots_txt_is_obeyed_and_can_be_ignored(run: Run) -> None:
    robots = answer(b"User-agent: *\nDisallow: /private\n", content_type="text/plain")
    with serve({"/robots.txt": robots, "/private": answer(PAGE)}) as server:
        refused = run("fetch", *LOCAL, server.url("/private"))
        fetched = run("fetch", *LOCAL, "--ignore-robots", server.url("/private"))
    assert refused.returncode == 1
    assert "robots.txt" in refused.stderr.decode()
    assert "--ignore-robots" in refused.stderr.decode()
    assert fetched.returncode == 0


def test_a_purpose_that_the_site_denies_is_refused_and_what_it_says_is_recorded(run: Run) -> None:
    with serve({"/a": answer(PAGE, "X-Robots-Tag: noai")}) as server:
        refused = run("fetch", *LOCAL, "--purpose", "train", server.url("/a"))
        read = run("fetch", *LOCAL, "--json", server.url("/a"))
    assert refused.returncode == 1
    assert "header X-Robots-Tag: noai" in refused.stderr.decode()
    assert json.loads(read.stdout)["preferences"] == ["header X-Robots-Tag: noai"]


def test_a_passing_fault_is_tried_again_without_a_word(run: Run) -> None:
    answers = [answer(b"", status="503 Busy"), answer(PAGE)]
    with serve(lambda connection, head: connection.sendall(answers.pop(0))) as server:
        done = run("fetch", *LOCAL, "--retries", "1", server.url("/a"))
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_second_lies_between_two_pages_of_a_host(run: Run) -> None:
    with site() as server:
        started = time.monotonic()
        done = run("fetch", "--allow-private", server.url("/a"), server.url("/text"))
    assert done.returncode == 0
    assert time.monotonic() - started > 1


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--proxy", "ftp://user:hunter2@proxy.example"),
        ("--retries", "11"),
        ("--concurrency", "0"),
        ("--delay", "-1"),
        ("--purpose", "fun"),
        ("--cookies", "missing.txt"),
        ("--cacert", "missing.pem"),
        ("--cert", "missing.pem"),
    ],
)
def test_a_network_option_that_cannot_be_meant_is_wrong_usage(run: Run, option: str, value: str) -> None:
    done = run("fetch", option, value, "http://news.invalid/")
    assert done.returncode == 2
    assert b"hunter2" not in done.stderr


def test_a_file_that_is_no_cookies_txt_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "jar").write_text("id=7")
    done = run("fetch", "--cookies", "jar", "http://news.invalid/")
    assert (done.returncode, done.stdout) == (1, b"")
    assert "jar is no cookies.txt" in done.stderr.decode()
