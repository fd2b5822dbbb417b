"""One request at a time for a host, with pauses; failing hosts are left alone; what may pass is tried again."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from net_servers import HTML, answer, fetch, fetch_at_once, local, serve

from scrub.errors import ConnectionFailedError, HostPausedError, ScrubError, StatusError
from scrub.net import Downloader, FetchSettings
from scrub.net.failures import status_error
from scrub.net.politeness import Hosts
from scrub.net.watching import watched

if TYPE_CHECKING:
    from net_servers import Conversation


class Watch:
    """A conversation that notes when each request came and how many were there at once."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.starts: list[float] = []
        self.most = self.now = 0
        self._lock = threading.Lock()

    def __call__(self, connection: socket.socket, head: bytes) -> None:
        with self._lock:
            self.starts.append(time.monotonic())
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self.seconds)
        with self._lock:
            self.now -= 1
        connection.sendall(answer())

    @property
    def span(self) -> float:
        """Seconds from the first request to the last one; a busy machine notes a single one late."""
        return self.starts[-1] - self.starts[0]


def test_a_host_is_asked_for_one_page_at_a_time() -> None:
    watch = Watch(0.02)
    with serve(watch) as server:
        fetched = fetch_at_once([server.url(f"/{number}") for number in range(6)], local())
    assert [one.error for one in fetched] == [None] * 6
    assert watch.most == 1


def test_between_the_starts_of_two_requests_lies_the_delay() -> None:
    watch = Watch()
    with serve(watch) as server:
        fetch_at_once([server.url(f"/{number}") for number in range(4)], local(delay=0.2))
    assert len(watch.starts) == 4
    assert watch.span > 0.55


def test_a_second_lies_between_two_requests_unless_said_otherwise() -> None:
    assert FetchSettings().delay == 1


def test_a_slow_host_is_asked_more_slowly() -> None:
    watch = Watch(0.1)
    with serve(watch) as server:
        fetch_at_once([server.url(f"/{number}") for number in range(3)], local(delay=0.01))
    assert watch.span > 0.35  # twice as long as the host took, for each


def test_a_crawl_delay_is_kept_where_it_is_longer() -> None:
    robots = answer(b"User-agent: *\nCrawl-delay: 0.2\n", content_type="text/plain")
    watch = Watch()

    def site_files(connection: socket.socket, head: bytes) -> None:
        connection.sendall(robots)

    with serve(watch, site_files=site_files) as server:
        fetch_at_once([server.url(f"/{number}") for number in range(3)], local(delay=0.01))
    assert watch.span > 0.35


def test_many_hosts_are_asked_at_once_and_no_more_than_said() -> None:
    for concurrency in (3, 6):
        watch = Watch(0.15)
        with ExitStack() as stack:
            servers = [stack.enter_context(serve(watch, f"127.0.0.{number}")) for number in range(1, 7)]
            fetch_at_once([server.url() for server in servers], local(concurrency=concurrency))
        assert watch.most == concurrency


def test_a_page_that_waits_for_its_turn_does_not_lose_its_time() -> None:
    watch = Watch(0.15)
    with serve(watch) as server:
        fetched = fetch_at_once([server.url(f"/{number}") for number in range(5)], local(timeout=0.4))
    assert [one.error for one in fetched] == [None] * 5
    assert watch.span > 0.5


FAULTS: list[Conversation] = [
    lambda connection, head: connection.sendall(answer(b"", status="500 Oh")),
    lambda connection, head: connection.close(),
]


@pytest.mark.parametrize("fault", FAULTS, ids=["500", "reset"])
def test_a_host_that_fails_five_times_in_a_row_is_left_alone_and_the_error_says_so(fault: Conversation) -> None:
    with serve(fault) as server:
        fetched = fetch_at_once([server.url(f"/{number}") for number in range(8)], local())
        assert len(server.requests) == 5
    kinds = [one.error.kind for one in fetched if one.error]
    assert kinds[5:] == ["host-paused"] * 3
    assert "host-paused" not in kinds[:5]
    assert "failed 5 times" in str(fetched[-1].error)
    assert "UTC" in str(fetched[-1].error)


def test_a_host_that_was_left_alone_gets_one_try_and_is_back_when_it_answers() -> None:
    async def run() -> list[str]:
        hosts, seen = Hosts(0, 5, rest_seconds=0.1), []

        async def ask(fails: bool) -> None:
            try:
                async with hosts.turn("news.example"):
                    if fails:
                        raise ConnectionFailedError("it broke off")
                    seen.append("answer")
            except ScrubError as error:
                seen.append(error.kind)

        for fails in [True] * 6:
            await ask(fails)
        await asyncio.sleep(0.12)
        for fails in (True, False):
            await ask(fails)
        await asyncio.sleep(0.12)
        for fails in (False, True, False):
            await ask(fails)
        return seen

    failed, paused = "connection", "host-paused"
    assert asyncio.run(run()) == [*[failed] * 5, paused, failed, paused, "answer", failed, "answer"]


def test_a_page_that_is_missing_is_no_failure_of_its_host() -> None:
    with serve(answer(b"", status="404 Not Found")) as server:
        fetched = fetch_at_once([server.url(f"/{number}") for number in range(8)], local())
    assert {one.error.kind for one in fetched if one.error} == {"status"}
    assert len(server.requests) == 8


def failing(times: int, fault: bytes) -> Conversation:
    left = [times]

    def talk(connection: socket.socket, head: bytes) -> None:
        left[0] -= 1
        connection.sendall(fault if left[0] >= 0 else answer())

    return talk


PASSING = ["408 a", "425 b", "429 c", "500 d", "502 e", "503 f", "504 g"]


@pytest.mark.parametrize("fault", [b"", *[answer(b"", status=status) for status in PASSING]], ids=["reset", *PASSING])
def test_what_may_pass_is_tried_again(fault: bytes) -> None:
    with serve(failing(2, fault)) as server:
        assert fetch(server.url(), retries=2).body == HTML
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", ["400", "401", "402", "403", "404", "410", "418", "451", "501", "505"])
def test_what_will_not_pass_is_not_tried_again(status: str) -> None:
    with serve(answer(b"", status=f"{status} No")) as server, pytest.raises(StatusError):
        fetch(server.url(), retries=3)
    assert len(server.requests) == 1


def test_tries_come_to_an_end_and_the_last_error_is_told() -> None:
    with serve(answer(b"", status="503 Busy")) as server, pytest.raises(StatusError, match="answered 503"):
        fetch(server.url(), retries=2)
    assert len(server.requests) == 3


def test_a_page_that_took_its_time_is_not_tried_again() -> None:
    def stall(connection: socket.socket, head: bytes) -> None:
        connection.recv(1)

    with serve(stall) as server:
        [fetched] = fetch_at_once([server.url()], local(timeout=0.2, retries=3))
    assert fetched.error is not None
    assert (fetched.error.kind, len(server.requests)) == ("timeout", 1)


def test_the_wait_that_a_server_asks_for_is_kept() -> None:
    busy = answer(b"", "Retry-After: 1", status="429 Busy")
    with serve(failing(1, busy)) as server:
        started = time.monotonic()
        [fetched] = fetch_at_once([server.url()], local(retries=1))
    assert fetched.page is not None
    assert len(server.requests) == 2
    assert 1 <= time.monotonic() - started < 5


def test_who_watches_is_told_of_waits_and_of_what_was_tried_again() -> None:
    async def run(url: str) -> list[str]:
        async with Downloader(local(retries=1, delay=0.7)) as downloader:
            with watched() as steps:
                await downloader(url)
            return steps

    with serve(failing(1, answer(b"", status="503 Busy"))) as server:
        steps = asyncio.run(run(server.url()))
    assert steps[0] == f"tried again, since 127.0.0.1:{server.port} answered 503 (service unavailable)"
    assert re.fullmatch(r"waited \d\.\d s", steps[1])


def test_a_program_that_logs_nothing_hears_nothing_of_tries() -> None:
    code = (
        "import sys\nfrom scrub.net import FetchSettings, fetch_page\n"
        "try: fetch_page(sys.argv[1], FetchSettings(allow_private=True, delay=0))\nexcept Exception as error: print(error.kind)"
    )
    with serve(answer(b"", "Retry-After: 0", status="503 Busy")) as server:
        done = subprocess.run([sys.executable, "-c", code, server.url()], capture_output=True, timeout=60, check=True)
    assert len(server.requests) == 3
    assert (done.stdout.strip(), done.stderr) == (b"status", b"")


@pytest.mark.parametrize("wait", ["3600", format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)])
def test_a_host_that_asks_for_a_long_wait_is_left_alone_at_once(wait: str) -> None:
    with serve(answer(b"", f"Retry-After: {wait}", status="503 Busy")) as server:
        first, second = fetch_at_once([server.url("/1"), server.url("/2")], local(retries=3))
    assert isinstance(first.error, StatusError)
    assert isinstance(second.error, HostPausedError)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("7", 7, 7),
        ("0", 0, 0),
        ("99999999999999999999", 999_999_999, 999_999_999),
        (format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True), 3000, 3600),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0),
        ("Wed, 21 Oct 2015 07:28:00", 0, 0),
    ],
)
def test_a_wait_is_read_as_seconds_and_as_a_date(header: str, least: float, most: float) -> None:
    seconds = status_error(503, header, "news.example").retry_after
    assert seconds is not None
    assert least <= seconds <= most


@pytest.mark.parametrize("header", ["soon", "-5", "1.5", "", "Wed, 99 Oct 2015 07:28:00 GMT", "٣"])
def test_a_wait_that_cannot_be_read_is_none(header: str) -> None:
    assert status_error(503, header, "news.example").retry_after is None
