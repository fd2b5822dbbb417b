"""`scrub fetch` over many addresses: order, state, interruptions, kills, full disks; against a server on loopback."""

from __future__ import annotations

import json
import os
import pty
import random
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from net_servers import NO_SITE_FILE, SITE_FILES, Server, answer, listen, read_head

from conftest import Run
from scrub.cli.report import Report

BODY = "The council met on Monday evening and decided after a long debate to build the new bridge over the river."
OPTIONS = ["--allow-private", "--no-cache", "--delay", "0", "--retries", "0"]
SCRUB = [sys.executable, "-m", "scrub", "fetch", *OPTIONS]


def story(path: str, version: int = 1, paragraphs: int = 4) -> bytes:
    text = "".join(f"<p>{BODY} {path} {number} {version}</p>" for number in range(paragraphs))
    return f"<html><head><title>Bridge {path}</title></head><body><article>{text}</article></body></html>".encode()


class Site:
    """Pages under any path; a path says how it is answered, and `versions` how often it has been rewritten."""

    def __init__(self, server: Server, slow: Server) -> None:
        self.server = server
        self.slow = slow
        self.asked: Counter[str] = Counter()
        self.versions: Counter[str] = Counter()
        self.gone: set[str] = set()
        self.seconds = 0.0

    def urls(self, *paths: object) -> list[str]:
        servers = ((self.slow if str(path).startswith("slow") else self.server, path) for path in paths)
        return [server.url(f"/{path}") for server, path in servers]

    def answer(self, path: str) -> bytes:
        if path in self.gone:
            return answer(b"", status="404 Not Found")
        if path.startswith("/busy") and self.asked[path] == 1:
            return answer(b"", status="503 Service Unavailable")
        return answer(story(path, self.versions[path], paragraphs=400 if path.startswith("/long") else 4))


@contextmanager
def site(seconds: float = 0.0) -> Iterator[Site]:
    """A site whose pages take so long; those under /slow are on a host of their own and take ten seconds."""
    ended = threading.Event()

    def handle(connection: socket.socket, server: Server) -> None:
        path = read_head(connection).split(b" ")[1].decode()
        if path in SITE_FILES:
            connection.sendall(NO_SITE_FILE)
        else:
            pages.asked[path] += 1
            ended.wait(10 if path.startswith("/slow") else seconds)
            connection.sendall(pages.answer(path))
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)

    with listen(handle) as server, listen(handle) as slow:
        pages = Site(server, slow)
        try:
            yield pages
        finally:
            ended.set()


@contextmanager
def running(
    folder: Path, *arguments: str, stdin: int | None = None, limit: Callable[[], None] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """The command in a process group of its own, as a shell starts it; coverage is not measured in it, since that needs
    time at its end, and room on the disk."""
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    with subprocess.Popen(
        [*SCRUB, *arguments], cwd=folder, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        process_group=0, preexec_fn=limit, env=unmeasured,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def urls_in(lines: bytes) -> list[str]:
    return [json.loads(line)["url"] for line in lines.splitlines()]


def fetch(run: Run, *arguments: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    return run("fetch", *OPTIONS, *arguments, stdin=stdin)


def summary(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode().splitlines()[-1].partition("; removed")[0]


# Order


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_articles_come_in_the_order_of_their_addresses(run: Run, jobs: str) -> None:
    with site() as pages:
        urls = pages.urls(*range(12), "busy", *range(12, 20))
        done = fetch(run, "--json", "--jobs", jobs, "-", stdin="\n".join(urls).encode())
    assert urls_in(done.stdout) == [url for url in urls if "busy" not in url]
    assert (done.returncode, done.stderr.decode().count("answered 503")) == (1, 1)


def test_unordered_a_slow_page_delays_no_other(tmp_path: Path) -> None:
    with site() as pages:
        arguments = ["--json", "--unordered", "--jobs", "1", *pages.urls("slow", 1, 2, 3)]
        with running(tmp_path, *arguments) as process:
            assert process.stdout
            assert {json.loads(process.stdout.readline())["url"] for _ in range(3)} == set(pages.urls(1, 2, 3))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_first_article_is_out_before_the_last_address_is_in(tmp_path: Path, jobs: str) -> None:
    with site() as pages, running(tmp_path, "--json", "--jobs", jobs, "-", stdin=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        for url in pages.urls(1, 2, 3):
            process.stdin.write(f"# mine\n\n{url}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["url"] == url
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def test_addresses_are_read_no_further_than_a_window(tmp_path: Path) -> None:
    with site() as pages, running(tmp_path, "--concurrency", "2", "--jobs", "1", "-", stdin=subprocess.PIPE) as process:
        assert process.stdin
        os.set_blocking(process.stdin.fileno(), False)
        lines = "".join(f"{url}\n" for url in pages.urls(*[f"slow{number}" for number in range(20_000)])).encode()
        written = os.write(process.stdin.fileno(), lines)
        until(lambda: len(pages.asked) == 1)
        for _ in range(20):
            time.sleep(0.02)
            with suppress(BlockingIOError):
                written += os.write(process.stdin.fileno(), lines[written:])
        assert written < len(lines)
        assert len(pages.asked) == 1


# State


def test_a_second_run_does_what_is_left_and_tries_again_what_may_succeed(run: Run, tmp_path: Path) -> None:
    with site() as pages:
        pages.gone.add("/gone")
        command = ["-v", "--state", "s.db", "-o", "out/", *pages.urls(1, 2, "busy", "gone")]
        first = fetch(run, *command)
        assert (first.returncode, summary(first)) == (1, "scrub: 2 articles, 2 failures, 2 new")
        second = fetch(run, *command)
        assert (second.returncode, summary(second)) == (
            0, "scrub: 1 article, 0 failures, 2 done before, 1 failed before, 1 new"
        )  # fmt: skip
        assert pages.asked == {"/1": 1, "/2": 1, "/busy": 2, "/gone": 1}
    assert len(list((tmp_path / "out").glob("*.txt"))) == 3


def test_what_is_old_is_fetched_again_and_what_has_changed_is_written(run: Run, tmp_path: Path) -> None:
    with site() as pages:
        command = ["-v", "--json", "--state", "s.db", "--refresh", "0s", "-o", "all.jsonl"]
        assert summary(fetch(run, *command, *pages.urls(1, 2, 3))) == "scrub: 3 articles, 0 failures, 3 new"
        pages.versions["/2"] = 2
        pages.gone.add("/3")
        again = fetch(run, *command, *pages.urls(1, 2, 3, 4))
    assert summary(again) == "scrub: 3 articles, 1 failure, 1 unchanged, 1 changed, 1 gone, 1 new"
    assert urls_in((tmp_path / "all.jsonl").read_bytes()) == pages.urls(1, 2, 3, 2, 4)


def test_two_addresses_with_one_name_keep_their_files_over_all_runs(run: Run, tmp_path: Path) -> None:
    with site() as pages:
        one, other = pages.urls("a/b", "a-b")
        command = ["--state", "s.db", "-o", "out/"]
        fetch(run, *command, one)
        fetch(run, *command, other)
    texts = [path.read_text() for path in (tmp_path / "out").glob("*.txt")]
    assert sorted("/a/b" in text for text in texts) == [False, True]


def test_an_interrupted_file_is_gone_on_with(tmp_path: Path, run: Run) -> None:
    with site() as pages:
        command = ["--json", "--jobs", "1", "--state", "s.db", "-o", "all.jsonl"]
        urls = pages.urls(1, 2, "slow", 3)
        part = tmp_path / "all.jsonl.part"
        with running(tmp_path, *command, *urls) as process:
            until(lambda: part.exists() and part.read_bytes().count(b"\n") == 2)
            os.killpg(process.pid, signal.SIGINT)
            assert (process.wait(timeout=4), process.stderr and process.stderr.read()) == (130, b"")
        assert not (tmp_path / "all.jsonl").exists()
        assert fetch(run, *command, *urls[:2], urls[3]).returncode == 0
        assert pages.asked["/1"] == 1
    assert urls_in((tmp_path / "all.jsonl").read_bytes()) == pages.urls(1, 2, 3)
    assert not part.exists()


def test_nothing_is_lost_or_doubled_however_often_it_is_killed(tmp_path: Path) -> None:
    chance = random.Random(7)
    with site(0.004) as pages:
        urls = pages.urls(*range(80))
        (tmp_path / "urls").write_text("\n".join(urls))
        command = [*SCRUB, "--json", "--jobs", "1", "--concurrency", "4", "--state", "s.db", "-o", "all.jsonl", "-"]
        kills = 0
        for _ in range(8):
            before = sum(pages.asked.values())
            with (
                (tmp_path / "urls").open("rb") as stdin,
                subprocess.Popen(command, cwd=tmp_path, stdin=stdin) as process,
            ):
                until(lambda now=before, one=process: sum(pages.asked.values()) > now or one.poll() is not None)  # type: ignore[misc]
                time.sleep(chance.uniform(0, 0.12))
                process.kill()
                kills += process.wait(timeout=10) == -signal.SIGKILL
        done = subprocess.run(command, cwd=tmp_path, input=(tmp_path / "urls").read_bytes(), timeout=60, check=False)
    assert done.returncode == 0
    assert kills >= 3
    found = urls_in((tmp_path / "all.jsonl").read_bytes())
    assert Counter(found) == Counter(urls)


def test_a_folder_has_every_article_whole_after_a_kill(tmp_path: Path, run: Run) -> None:
    with site(0.004) as pages:
        urls = pages.urls(*range(30))
        command = ["--json", "--jobs", "1", "--state", "s.db", "-o", "out/"]
        for count in (1, 6):
            with running(tmp_path, *command, *urls):
                until(lambda least=count: len(list((tmp_path / "out").glob("*.json"))) >= least)  # type: ignore[misc]
        assert fetch(run, *command, *urls).returncode == 0
    found = [json.loads(path.read_bytes())["url"] for path in (tmp_path / "out").glob("*.json")]
    assert sorted(found) == sorted(urls)


def test_two_processes_share_one_state(tmp_path: Path) -> None:
    with site(0.02) as pages:
        urls = pages.urls(*range(60))
        command = ["-v", "--jobs", "1", "--concurrency", "4", "--state", "s.db", "-o", "out/", *urls]
        with running(tmp_path, *command) as one, running(tmp_path, *command) as other:
            counts = [process.communicate(timeout=60)[1].decode().splitlines()[-1] for process in (one, other)]
        assert set(pages.asked.values()) == {1}
    assert len(list((tmp_path / "out").glob("*.txt"))) == len(pages.asked) == 60
    assert sum(int(line.split()[1]) for line in counts) == 60


def test_one_file_is_written_by_one_process(tmp_path: Path, run: Run) -> None:
    with site() as pages, running(tmp_path, "-o", "out", pages.urls("slow")[0]):
        until(lambda: bool(pages.asked))
        done = fetch(run, "-o", "out", pages.urls(1)[0])
    assert done.returncode == 1
    assert b"another scrub is writing out" in done.stderr


@pytest.mark.parametrize(("name", "says"), [("text", "is no database"), ("none/s.db", "cannot be opened")])
def test_a_state_that_is_none_is_named_before_anything_is_fetched(
    run: Run, tmp_path: Path, name: str, says: str
) -> None:
    (tmp_path / "text").write_text("no database " * 100)
    with site() as pages:
        done = fetch(run, "--state", name, *pages.urls(1))
    assert (done.returncode, done.stdout, pages.asked) == (1, b"", {})
    assert done.stderr.decode().startswith(f"scrub: {name} {says}; ")


@pytest.mark.parametrize("wrong", [["--refresh", "6h"], ["--refresh", "soon", "--state", "s"], ["--concurrency", "0"]])
def test_what_cannot_be_meant_is_wrong_usage(run: Run, wrong: list[str]) -> None:
    assert fetch(run, *wrong, "http://127.0.0.1:1/").returncode == 2


# Disks


def limit_files(size: int) -> Callable[[], None]:
    """No file may grow beyond so many bytes, as on a disk that is full then."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_ends_the_run_and_leaves_whole_articles(tmp_path: Path) -> None:
    with site() as pages:
        urls = pages.urls(*range(30))
        command = ["--json", "--jobs", "1", "-o", "all.jsonl", *urls]
        with running(tmp_path, *command, limit=limit_files(3_000)) as process:
            _, stderr = process.communicate(timeout=30)
        assert process.returncode == 1
        problem = "cannot write all.jsonl: File too large; make room there, or choose another place with -o"
        assert stderr.decode().splitlines() == [f"scrub: {problem}"]
    part = (tmp_path / "all.jsonl.part").read_bytes()
    assert part.endswith(b"\n")
    assert urls_in(part) == urls[: part.count(b"\n")]


def test_a_run_that_met_a_full_disk_is_gone_on_with(tmp_path: Path, run: Run) -> None:
    with site() as pages:
        urls = pages.urls(*[f"long{number}" for number in range(8)])
        command = ["--json", "--jobs", "1", "--state", "s.db", "-o", "all.jsonl", *urls]
        with running(tmp_path, *command, limit=limit_files(250_000)) as process:
            assert b"cannot write all.jsonl" in process.communicate(timeout=30)[1]
        assert 0 < (tmp_path / "all.jsonl.part").read_bytes().count(b"\n") < 8
        assert fetch(run, *command).returncode == 0
    assert urls_in((tmp_path / "all.jsonl").read_bytes()) == urls


def test_a_folder_that_cannot_be_made_is_named_before_anything_is_fetched(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with site() as pages:
        for option in (["-o", "file/out/"], ["-o", "file/out"], ["--save-html", "file/out"]):
            done = fetch(run, *option, *pages.urls(1))
            assert (done.returncode, pages.asked) == (1, {})
            assert done.stderr.startswith(b"scrub: cannot write file/out")
            assert option[0] in done.stderr.decode()


# Pages that are kept


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_saved_page_gives_the_same_article(run: Run, tmp_path: Path, jobs: str) -> None:
    with site() as pages:
        urls = pages.urls("a/b", "a-b", "../../etc/passwd")
        done = fetch(run, "--json", "--jobs", jobs, "--save-html", "html", *urls)
    assert done.returncode == 0
    rows = [json.loads(line) for line in (tmp_path / "html" / "pages.jsonl").read_bytes().splitlines()]
    assert [row["requested_url"] for row in rows] == urls
    assert {path.name for path in (tmp_path / "html").iterdir()} == {"pages.jsonl", *(row["file"] for row in rows)}
    assert (tmp_path / "html" / rows[0]["file"]).read_bytes() == story("/a/b", 0)
    again = run("clean", "--json", *(f"html/{row['file']}" for row in rows))
    assert again.stdout == done.stdout
    assert json.loads(run("clean", "--json", "--url", "https://x.example/", f"html/{rows[0]['file']}").stdout)[
        "url"
    ] == ("https://x.example/")


def test_lines_beside_a_file_that_are_not_ours_do_not_matter(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.html").write_bytes(story("/x"))
    (tmp_path / "pages.jsonl").write_text('nope\n[1]\n{"file": "x.html"}\n{"file": "x.html", "url": 7}\n')
    done = run("clean", "--json", "x.html")
    assert (done.returncode, json.loads(done.stdout)["url"]) == (0, None)


# Ends


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interruption_ends_within_two_seconds(tmp_path: Path, jobs: str) -> None:
    with site() as pages:
        urls = pages.urls(1, *[f"slow{number}" for number in range(100)])
        with running(tmp_path, "--jobs", jobs, *urls) as process:
            assert process.stdout
            assert process.stdout.read(6) == b"Bridge"
            os.killpg(process.pid, signal.SIGINT)
            _, stderr = process.communicate(timeout=4)
        assert (process.returncode, stderr) == (130, b"")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interruption_while_standard_input_is_silent(tmp_path: Path, jobs: str) -> None:
    with site() as pages, running(tmp_path, "--jobs", jobs, "-", stdin=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{pages.urls(1)[0]}\n".encode())
        process.stdin.flush()
        assert process.stdout.read(6) == b"Bridge"
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=4) == 130
        assert process.stderr
        assert process.stderr.read() == b""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_closed_pipe_ends_quietly(tmp_path: Path, jobs: str) -> None:
    with site() as pages:
        (tmp_path / "urls").write_text("\n".join(pages.urls(*range(200))))
        command = f"set -o pipefail; {' '.join(SCRUB)} --json --jobs {jobs} - < urls | head -n 1"
        done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, timeout=30, check=False)
    assert (done.returncode, done.stderr, done.stdout.count(b"\n")) == (0, b"", 1)


# What people see


def test_a_log_has_a_line_a_minute(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(explain=False, quiet=False, verbose=False, no_color=False, errors=None)
    report.expect(3)
    with report.progress() as advance:
        advance("https://a.example/1")
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("scrub.cli.report.MINUTE", 0.0)
    with report.progress() as advance:
        advance("https://a.example/1")
        advance("https://b.example/2")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("scrub: 1 of 3 done, 0 failed, 1 host, ")
    assert lines[1].startswith("scrub: 2 of 3 done, 0 failed, 2 hosts, ")
    assert lines[1].endswith("/s")


def test_a_terminal_shows_hosts_and_the_time_left(tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "150"}
    shown = b""
    with site(0.05) as pages, subprocess.Popen(
        [*SCRUB, *pages.urls(*range(8)), "busy://x", "--concurrency", "1"],
        cwd=tmp_path, stderr=follower, stdout=subprocess.DEVNULL, env=environment,
    ) as process:  # fmt: skip
        os.close(follower)
        with suppress(OSError):  # nobody holds its other end any more
            while piece := os.read(leader, 10_000):
                shown += piece
        process.wait(timeout=20)
    os.close(leader)
    assert " failed, 1 host, " in shown.decode()
    assert "left" in shown.decode()
    assert shown.decode().count("scrub: 8 articles, 1 failure") == 1


def test_v_shows_each_request(run: Run) -> None:
    with site() as pages:
        done = fetch(run, "-v", *pages.urls(1, "busy"))
    lines = done.stderr.decode().splitlines()
    size = len(story("/1", 0))
    assert any(line.startswith(f"scrub: {pages.urls(1)[0]}: 200, {size} bytes in ") for line in lines)
    assert any(line.startswith(f"scrub: {pages.urls('busy')[0]}: no page in ") for line in lines)
