"""`scrub clean` in volume: JSON Lines, several processes, progress; order, memory, deaths and interruptions."""

from __future__ import annotations

import gzip
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import Run

BODY = "The council met on Monday and decided, after a long debate, to build the bridge over the river."
STORY = f"Bridge to be built\n\n{BODY}\n\nRelated:\n\n(Visited 12 times, 3 visits today)\n"
CLEAN = f"Bridge to be built\n\n{BODY}"
PAGE = f"<html><head><title>Bridge to be built</title></head><body><article><h1>Bridge to be built</h1>{f'<p>{BODY}</p>' * 4}</article></body></html>"
SCRUB = [sys.executable, "-m", "scrub", "clean"]
SLOW = "Become a patron or not\n" * 130_000  # seconds of work


def as_lines(records: Iterable[object]) -> bytes:
    return "".join(f"{json.dumps(record)}\n" for record in records).encode()


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def state(pid: int) -> list[str]:
    """State, parent and the other fields of /proc/PID/stat; a process that is gone is dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["X", "0"]


def lives(pid: int) -> bool:
    return state(pid)[0] not in "XZ"


def family(pid: int) -> list[int]:
    """The living processes that a process has started."""
    pids = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    return [child for child in pids if state(child)[1] == str(pid) and lives(child)]


def workers(pid: int) -> list[int]:
    return [child for child in family(pid) if "spawn_main" in Path(f"/proc/{child}/cmdline").read_text()]


def seconds_of_work(pid: int) -> float:
    return int(state(pid)[11]) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(folder: Path, *arguments: str, stdin: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """The command in a process group of its own, as a shell starts it."""
    with subprocess.Popen(
        [*SCRUB, *arguments], cwd=folder, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, process_group=0
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def writing(fifo: Path) -> Iterator[None]:
    """Hold the other end of a named pipe, from when somebody reads it."""
    ends: list[int] = []

    def is_read() -> bool:
        try:
            ends.append(os.open(fifo, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            return False
        return True

    until(is_read)
    try:
        yield
    finally:
        os.close(ends[0])


# JSON Lines


def test_a_field_is_cleaned_and_the_others_pass_through(run: Run, tmp_path: Path) -> None:
    line = b'{"id": 1.50, "text": %b, "tags": ["a",  "\\u00e9"]}' % json.dumps(STORY).encode()
    (tmp_path / "x.jsonl").write_bytes(line)
    done = run("clean", "--jsonl", "x.jsonl")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(
        b'{"id": 1.50, "text": %b, "tags": ["a",  "\\u00e9"], "scrub": ' % json.dumps(CLEAN).encode()
    )
    record = json.loads(done.stdout)
    assert list(record) == ["id", "text", "tags", "scrub"]
    assert list(record["scrub"]) == ["title", "removed", "warnings", "version", "rules"]
    assert record["scrub"]["title"] == "Bridge to be built"
    article = json.loads(run("clean", "--json", stdin=STORY.encode()).stdout)
    assert record["scrub"]["removed"] == article["removed"]
    assert run("clean", "--jsonl", "--no-removed", "x.jsonl").stdout.count(b'"removed"') == 0


def test_pages_and_texts_named_fields_gzip_and_standard_input(run: Run, tmp_path: Path) -> None:
    lines = as_lines([{"body": STORY}, {"body": PAGE}])
    (tmp_path / "x.jsonl.gz").write_bytes(gzip.compress(lines))
    done = run("clean", "--jsonl", "--field", "body", "x.jsonl.gz")
    texts = [json.loads(line)["body"] for line in done.stdout.splitlines()]
    assert [text.startswith(CLEAN) for text in texts] == [True, True]
    assert run("clean", "--jsonl", "--field", "body", "-", stdin=lines).stdout == done.stdout
    assert run("clean", "--jsonl", "--field", "body", stdin=gzip.compress(lines)).stdout == done.stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_bad_line_costs_only_itself_and_is_named(run: Run, tmp_path: Path, jobs: str) -> None:
    good = as_lines([{"text": STORY}])
    bad = b'nope\n\n{"a": 1}\n{"text": 5}\n{"text": ""}\n{"text": "Related:"}\n'
    (tmp_path / "x.jsonl").write_bytes(good + bad + good)
    (tmp_path / "cut.gz").write_bytes(gzip.compress(good)[:-12])
    done = run("clean", "--jsonl", "--jobs", jobs, "x.jsonl", "none", "cut.gz", "--errors", "errors")
    assert (done.returncode, done.stdout.count(b"\n")) == (1, 2)
    named = [line.split("; ")[0] for line in done.stderr.decode().splitlines()]
    assert named == [
        "scrub: x.jsonl:2: not JSON: Expecting value at character 1",
        "scrub: x.jsonl:4: no field 'text'",
        "scrub: x.jsonl:5: the field 'text' is not a string",
        "scrub: x.jsonl:6: nothing in it",
        "scrub: x.jsonl:7: no article found: no line is left after cleaning",
        "scrub: none: no such file",
        "scrub: cut.gz: a gzip file that ends early",
    ]
    rows = [json.loads(line) for line in (tmp_path / "errors").read_text().splitlines()]
    assert [row["input"] for row in rows] == [line.split(": ")[1] for line in named]
    assert [row["kind"] for row in rows] == ["input", "input", "input", "empty", "no-article", "input", "input"]


def test_options_that_make_no_sense_are_wrong_usage_and_named(run: Run) -> None:
    done = run("clean", "--jsonl", "--restore", "--full", "--as", "html", "--encoding", "utf-8", "-0", "-f", "text")
    assert (done.returncode, done.stdout) == (2, b"")
    for option in ("--restore", "--full", "--as", "--encoding", "-0", "--format"):
        assert option in done.stderr.decode()
    assert "makes no sense beside --jsonl" in done.stderr.decode()


@pytest.mark.parametrize("option", [["-f", "text"], ["-o", "folder/"], ["--field", "scrub"]], ids=" ".join)
def test_one_option_that_makes_no_sense_is_wrong_usage(run: Run, option: list[str]) -> None:
    done = run("clean", "--jsonl", *option)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Error: Invalid value for --" in done.stderr


def test_a_standard_input_that_cannot_be_read_is_named(run: Run, tmp_path: Path) -> None:
    for mode in ([], ["--jsonl"], ["--jsonl", "--jobs", "2"], ["--restore"]):
        for source, says in (("0>x", b"cannot read it: Bad file descriptor"), ("<&-", b"standard input is closed")):
            command = f"{' '.join(SCRUB)} {' '.join(mode)} - {source}"
            done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, timeout=20, check=False)
            assert (done.returncode, done.stdout) == (1, b"")
            assert done.stderr.startswith(b"scrub: standard input: " + says)


def test_a_field_needs_json_lines(run: Run) -> None:
    done = run("clean", "--field", "body")
    assert done.returncode == 2
    assert "--field: it needs --jsonl" in done.stderr.decode()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_line_is_out_before_the_next_one_is_in(tmp_path: Path, jobs: str) -> None:
    with running(tmp_path, "--jsonl", "--jobs", jobs, "-", stdin=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        for number in range(3):
            process.stdin.write(as_lines([{"id": number, "text": STORY}]))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def peak_memory(folder: Path, jobs: str, megabytes: int) -> int:
    """The most kilobytes that a run on so many megabytes of lines holds, in its largest process."""
    with (folder / "x.jsonl").open("wb") as stream:
        for number in range(megabytes):
            stream.write(as_lines([{"id": number, "pad": "x" * 1_000_000, "text": STORY}]))
    command = [*SCRUB, "--jsonl", "--jobs", jobs, "x.jsonl"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, jobs: str) -> None:
    small, large = peak_memory(tmp_path, jobs, 10), peak_memory(tmp_path, jobs, 100)
    assert large < small + 10_000


# Several processes


def test_several_processes_give_the_same_bytes_in_the_same_order(run: Run, tmp_path: Path) -> None:
    names = []
    for number in range(40):
        (tmp_path / f"{number}.txt").write_text(STORY.replace("Bridge", f"Bridge {number}") * (1 + number % 5))
        names.append(f"{number}.txt")
    (tmp_path / "rules.toml").write_text(
        'class = "mine"\n[[rule]]\nid = "bridge"\nreason = "known"\nphrases.en = ["bridge 7 to be built"]\n'
        "case = '''\n  A bridge.\n- Bridge 7 to be built\n'''\n"
    )
    names[10:10] = ["none.txt", "-"]
    options = ["--explain", "-v", "--keep", "counters", "--rules", "rules.toml"]
    one = run("clean", *options, *names, stdin=STORY.encode())
    three = run("clean", *options, "--jobs", "3", *names, stdin=STORY.encode())
    assert (three.returncode, three.stdout, three.stderr) == (one.returncode, one.stdout, one.stderr)
    assert one.stdout.count(b"\f\n") == 40
    assert b"mine.bridge" in one.stderr


def test_several_processes_give_the_same_lines(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(
        as_lines({"pad": "x" * 10_000, "text": STORY * (number % 4)} for number in range(100))
    )
    one = run("clean", "--jsonl", "x.jsonl")
    three = run("clean", "--jsonl", "--jobs", "3", "x.jsonl", "-o", "out.jsonl")
    assert ((tmp_path / "out.jsonl").read_bytes(), three.stderr) == (one.stdout, one.stderr)
    assert len(one.stdout.splitlines()) + len(one.stderr.splitlines()) == 100


def test_wrong_rules_are_wrong_usage_with_several_processes_too(run: Run, tmp_path: Path) -> None:
    done = run("clean", "--jobs", "2", "--keep", "nosuch", "a", "b", "-o", "out")
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert done.stderr.decode().startswith("scrub: nosuch: no rule and no class")


def test_a_process_that_dies_costs_only_the_file_it_was_at(tmp_path: Path) -> None:
    for name in "abcd":
        (tmp_path / name).write_text(STORY)
    os.mkfifo(tmp_path / "slow")
    os.mkfifo(tmp_path / "slower")
    with running(tmp_path, "--jobs", "2", "a", "slow", "b", "slower", "c", "d") as process:
        assert process.stdout
        assert os.read(process.stdout.fileno(), 1000) == f"{CLEAN}\n".encode()
        until(lambda: len(workers(process.pid)) == 2)
        with writing(tmp_path / "slow"), writing(tmp_path / "slower"):
            for pid in workers(process.pid):
                os.kill(pid, signal.SIGKILL)
            stdout, stderr = process.communicate(timeout=20)
    assert (process.returncode, stdout.decode()) == (1, f"\f\n{CLEAN}\n" * 3)
    first, second = stderr.decode().splitlines()
    assert first.startswith("scrub: slow: the process that cleaned it was killed (signal 9); ")
    assert second.startswith("scrub: slower: the process that cleaned it was killed (signal 9); ")


def test_a_process_that_dies_costs_only_the_line_it_was_at(tmp_path: Path) -> None:
    lines = as_lines([{"id": 1, "text": STORY}, {"id": 2, "text": SLOW}, {"id": 3, "text": STORY}])
    (tmp_path / "x.jsonl").write_bytes(lines)
    with running(tmp_path, "--jsonl", "--jobs", "2", "x.jsonl", "--errors", "errors") as process:
        assert process.stdout
        assert json.loads(process.stdout.readline())["id"] == 1
        until(lambda: max(map(seconds_of_work, workers(process.pid)), default=0) > 1.5)
        os.kill(max(workers(process.pid), key=seconds_of_work), signal.SIGKILL)
        stdout, stderr = process.communicate(timeout=20)
    assert [json.loads(line)["id"] for line in stdout.splitlines()] == [3]
    assert (process.returncode, stderr.decode().split("; ")[0]) == (
        1, "scrub: x.jsonl:2: the process that cleaned it was killed (signal 9)"
    )  # fmt: skip
    assert json.loads((tmp_path / "errors").read_text())["kind"] == "internal"


@pytest.mark.parametrize("after", [0.0, 0.7])
def test_an_interruption_ends_all_processes_at_once(tmp_path: Path, after: float) -> None:
    (tmp_path / "x.jsonl").write_bytes(as_lines({"text": STORY} for _ in range(5_000)))
    with running(tmp_path, "--jsonl", "--jobs", "2", "x.jsonl", "-o", "out") as process:
        until(lambda: bool(family(process.pid)))
        time.sleep(after)
        started = family(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        _, stderr = process.communicate(timeout=2)
    assert (process.returncode, stderr) == (130, b"")
    until(lambda: not any(map(lives, started)), 2)
    assert not (tmp_path / "out").exists()


def test_an_interruption_while_standard_input_is_silent(tmp_path: Path) -> None:
    with running(tmp_path, "--jsonl", "--jobs", "2", "-", stdin=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(as_lines([{"text": STORY}]))
        process.stdin.flush()
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=2)
        assert process.stderr
        assert (process.returncode, process.stderr.read()) == (130, b"")


def test_no_process_outlives_one_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(STORY)
    os.mkfifo(tmp_path / "slow")
    with running(tmp_path, "--jobs", "2", "a", "slow") as process, writing(tmp_path / "slow"):
        started = family(process.pid)
        assert len(started) >= 2
        process.kill()
        until(lambda: not any(map(lives, started)), 5)


def test_a_closed_pipe_ends_quietly_with_several_processes(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(as_lines({"text": STORY} for _ in range(5_000)))
    command = f"set -o pipefail; {' '.join(SCRUB)} --jsonl --jobs 2 x.jsonl | head -n 1"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, timeout=20, check=False)
    assert (done.returncode, done.stderr, done.stdout.count(b"\n")) == (0, b"", 1)


# Progress and summary


def on_terminal(folder: Path, *arguments: str) -> str:
    """What the command shows when its standard error is a terminal and its standard output is not."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    shown = b""
    with subprocess.Popen(
        [*SCRUB, *arguments], cwd=folder, stderr=follower, stdout=subprocess.DEVNULL, env=environment
    ) as process:
        os.close(follower)
        try:
            while piece := os.read(leader, 10_000):
                shown += piece
        except OSError:  # nobody holds its other end any more
            pass
        process.wait(timeout=20)
    os.close(leader)
    return shown.decode()


def test_a_terminal_shows_progress_and_a_summary(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(STORY)
    shown = on_terminal(tmp_path, "a", "a", "none", "a")
    assert "done, " in shown
    assert "scrub: 3 articles, 1 failure; removed 3 counters, 3 related\r\n" in shown
    assert "no such file" in shown


def test_quiet_and_a_single_text_show_neither(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(STORY)
    assert on_terminal(tmp_path, "-q", "a", "a") == ""
    assert on_terminal(tmp_path, "a") == ""


def test_lines_of_any_number_show_progress(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(as_lines({"text": STORY} for _ in range(20)))
    shown = on_terminal(tmp_path, "--jsonl", "--jobs", "2", "x.jsonl")
    assert "done, " in shown
    assert shown.endswith("scrub: 20 articles, 0 failures; removed 20 counters, 20 related\r\n")


def test_there_is_a_summary_without_a_terminal_when_it_is_asked_for(run: Run) -> None:
    assert run("clean", "-v", stdin=STORY.encode()).stderr.decode().splitlines()[1:] == [
        "scrub: 1 article, 0 failures; removed 1 counters, 1 related"
    ]


def test_one_text_loads_nothing_that_only_volume_needs() -> None:
    program = (  # what measures the coverage of this test has loaded things of its own before
        "import sys; before = set(sys.modules); from scrub.cli import main\ntry: main()\nexcept SystemExit: pass\n"
        "print('\\n'.join(set(sys.modules) - before), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "clean"], input=STORY.encode(), capture_output=True, timeout=60, check=True
    )
    loaded = done.stderr.decode().split()
    volume = [
        "multiprocessing",
        "concurrent",
        "rich",
        "scrub.run.processes",
        "scrub.run.json_lines",
        "scrub.sources.json_lines",
    ]
    assert set(loaded) & {*volume, "asyncio", "httpx", "lxml", "numpy", "selectolax", "trafilatura"} == set()
