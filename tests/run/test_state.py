"""What is remembered between runs, and what several processes know of each other."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from scrub.errors import EmptyError, FetchTimeoutError, RefusedError, ScrubError, StateError, StatusError
from scrub.run.articles import Outcome
from scrub.run.state import State

URL = "https://news.example/bridge"


def article(digest: str = "one", url: str = URL) -> Outcome:
    return Outcome(url, b"text", digest=digest)


def run(path: Path, outcome: Outcome, refresh: float | None = None) -> dict[str, int]:
    """A run on one address, where that is due; what it counted."""
    with State(path, refresh) as state:
        if state.claim(outcome.name):
            state.settle(outcome, None)
        return {name: count for name, count in state.counts.items() if count}


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    assert run(tmp_path / "s", article()) == {"new": 1}
    assert run(tmp_path / "s", article()) == {"done before": 1}
    assert run(tmp_path / "s", article(), refresh=3600) == {"done before": 1}


def test_what_is_older_than_the_refresh_is_new_changed_unchanged_or_gone(tmp_path: Path) -> None:
    gone = Outcome(URL, error=StatusError("answered 410", status=410))
    outcomes = [article(), article(), article("two"), gone, gone, article("two"), article("three")]
    counts = [run(tmp_path / "s", outcome, refresh=0) for outcome in outcomes]
    names = ["new", "unchanged", "changed", "gone", "gone", "unchanged", "changed"]
    assert counts == [{name: 1} for name in names]


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (FetchTimeoutError("slow"), True),
        (StatusError("answered 503", status=503), True),
        (StatusError("a circle"), True),
        (StatusError("answered 404", status=404), False),
        (StatusError("answered 410", status=410), False),
        (RefusedError("private"), True),
        (EmptyError("nothing"), False),
    ],
)
def test_only_what_may_succeed_is_tried_again(tmp_path: Path, error: ScrubError, again: bool) -> None:
    run(tmp_path / "s", Outcome(URL, error=error))
    assert run(tmp_path / "s", article()) == ({"new": 1} if again else {"failed before": 1})
    with sqlite3.connect(tmp_path / "s") as database:
        status, attempts, kind = database.execute("SELECT status, attempts, kind FROM addresses").fetchone()
    database.close()
    assert (status, attempts, kind) == (("done", 2, None) if again else ("failed", 1, error.kind))


def test_an_address_named_twice_is_done_once(tmp_path: Path) -> None:
    with State(tmp_path / "s", refresh=0) as state:
        assert [state.claim(URL), state.claim(URL)] == [True, False]
        state.settle(article(), None)
        assert not state.claim(URL)
        assert not any(state.counts[name] for name in ("in progress", "done before"))


def test_two_at_work_do_not_do_the_same_and_one_that_ends_leaves_what_it_had(tmp_path: Path) -> None:
    with State(tmp_path / "s") as other:
        with State(tmp_path / "s") as first:
            assert first.claim(URL)
            assert not other.claim(URL)
            assert other.counts["in progress"] == 1
        assert other.claim(URL)


def test_a_process_that_was_killed_has_lost_its_claims(tmp_path: Path) -> None:
    program = (
        f"import sys, time; from pathlib import Path; from scrub.run.state import State\n"
        f"with State(Path('s')) as state: print(state.claim({URL!r}), flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE) as process, State(tmp_path / "s") as state:
        assert process.stdout
        assert process.stdout.readline() == b"True\n"
        assert not state.claim(URL)
        process.kill()
        process.wait(timeout=10)
        assert state.claim(URL)


def test_a_lease_of_another_machine_runs_out(tmp_path: Path) -> None:
    State(tmp_path / "s").__exit__(None, None, None)
    database = sqlite3.connect(tmp_path / "s")
    database.execute("INSERT INTO processes VALUES (77, 'elsewhere', 1, '', 9e12)")
    database.execute("INSERT INTO addresses (url, status, process) VALUES (?, 'open', 77)", (URL,))
    database.commit()
    with State(tmp_path / "s") as state:
        assert not state.claim(URL)
        database.execute("UPDATE processes SET until = 5 WHERE id = 77")
        database.commit()
        assert state.claim(URL)
    database.close()


def test_files_of_a_folder_belong_to_their_addresses_over_all_runs(tmp_path: Path) -> None:
    for _ in range(2):
        with State(tmp_path / "s") as state:
            assert state.take_file(tmp_path, "bridge.txt", URL)
            assert not state.take_file(tmp_path, "bridge.txt", f"{URL}?other")


def test_the_length_of_an_output_is_told_with_the_address(tmp_path: Path) -> None:
    with State(tmp_path / "s") as state:
        assert state.written(tmp_path / "out") is None
        state.claim(URL)
        state.settle(article(), (str(tmp_path / "out"), 7))
    with State(tmp_path / "s") as state:
        assert state.written(tmp_path / "out") == 7


def test_names_that_are_no_unicode_are_remembered_too(tmp_path: Path) -> None:
    assert run(tmp_path / "s", article(url="https://news.example/\udcff")) == {"new": 1}
    assert run(tmp_path / "s", article(url="https://news.example/\udcff")) == {"done before": 1}


def test_what_is_no_state_is_named(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database " * 100)
    with pytest.raises(StateError, match="is no database"):
        State(tmp_path / "text")
    with pytest.raises(StateError, match="cannot be opened"):
        State(tmp_path / "none" / "s")
    with sqlite3.connect(tmp_path / "other") as other:
        other.execute("CREATE TABLE bookmarks (url)")
    other.close()
    with pytest.raises(StateError, match="another program"):
        State(tmp_path / "other")
    with State(tmp_path / "s"):
        pass
    with sqlite3.connect(tmp_path / "s") as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(StateError, match="newer scrub"):
        State(tmp_path / "s")


def test_a_locked_state_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrub.run.state.BUSY", 0.1)
    with State(tmp_path / "s") as state:
        other = sqlite3.connect(tmp_path / "s", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StateError, match="locked by another program"):
            state.claim(URL)
        other.close()
        assert state.claim(URL)


def test_a_full_disk_is_named_and_what_was_told_stays(tmp_path: Path) -> None:
    program = (
        "import resource; from pathlib import Path; from scrub.run.state import State; from scrub.errors import StateError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "with State(Path('s')) as state:\n"
        "    try:\n"
        "        for number in range(100_000): assert state.claim(f'https://news.example/{number}'); done = number\n"
        "    except StateError as error: print(done, error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    count, _, message = done.stdout.partition(" ")
    assert message.startswith(("s cannot be read or written; ", "s cannot be written: the disk is full; "))
    with sqlite3.connect(tmp_path / "s") as database:
        assert database.execute("SELECT count(*) FROM addresses").fetchone()[0] == int(count) + 1
    database.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser writes everywhere")
def test_a_state_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with State(tmp_path / "s"):
        pass
    (tmp_path / "s").chmod(0o400)
    with pytest.raises(StateError, match="cannot be written"):
        State(tmp_path / "s")
