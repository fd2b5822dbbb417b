"""Many pages at once of one downloader: errors beside pages, and nothing is held longer than needed."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import ExitStack

import pytest
from net_servers import HTML, answer, fetch_at_once, local, serve

from scrub.errors import RefusedError, StatusError
from scrub.net import Downloader


def test_every_address_gives_a_page_or_an_error() -> None:
    with serve({"/a": answer(), "/gone": answer(b"", status="410 Gone")}) as server:
        urls = [server.url("/a"), server.url("/gone"), "ftp://news.example/"]
        page, gone, refused = fetch_at_once(urls, local())
    assert page.page is not None
    assert page.page.body == HTML
    assert isinstance(gone.error, StatusError)
    assert isinstance(refused.error, RefusedError)


def test_fifty_hosts_are_fetched_at_once() -> None:
    def slow(connection: socket.socket, head: bytes) -> None:
        time.sleep(0.2)
        connection.sendall(answer())

    with ExitStack() as stack:
        servers = [stack.enter_context(serve(slow)) for _ in range(50)]
        started = time.monotonic()
        fetched = fetch_at_once([server.url() for server in servers], local(concurrency=50, timeout=10))
        assert time.monotonic() - started < 5  # one after the other would be ten
    assert [one.error for one in fetched] == [None] * 50


def test_a_downloader_outside_of_its_with_statement_says_so() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        asyncio.run(Downloader()("https://news.example/"))


def test_leaving_it_ends_what_is_still_on_its_way() -> None:
    def stall(connection: socket.socket, head: bytes) -> None:
        connection.recv(1)

    async def run(url: str) -> None:
        async with Downloader(local(timeout=30)) as downloader:
            await asyncio.gather(*(downloader(f"{url}{number}") for number in range(5)))

    async def within(url: str) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(run(url), 0.3)

    started = time.monotonic()
    with serve(stall) as server:
        asyncio.run(within(server.url()))
    assert time.monotonic() - started < 4


def test_connections_of_hosts_that_are_done_are_closed_and_those_in_use_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scrub.net.pools.MOST_IDLE_POOLS", 1)
    closed: list[bytes] = []

    def keep_open(connection: socket.socket, head: bytes) -> None:
        connection.sendall(answer().replace(b"Connection: close\r\n", b""))
        closed.append(connection.recv(1))

    def slow(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<p>")
        time.sleep(0.4)
        connection.sendall(b"<p>")

    async def run(slowest: str, urls: list[str]) -> int:
        async with Downloader(local()) as downloader:
            page = asyncio.ensure_future(downloader(slowest))
            for url in urls:
                await downloader(url)
            assert (await page).body == b"<p><p>"
            await asyncio.sleep(0.05)
            return len(closed)

    with ExitStack() as stack:
        servers = [stack.enter_context(serve(keep_open)) for _ in range(4)]
        slowest = stack.enter_context(serve(slow))
        assert asyncio.run(run(slowest.url(), [server.url() for server in servers])) >= 2


def test_no_more_is_remembered_of_hosts_than_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrub.net.politeness.MOST_HOSTS", 2)
    monkeypatch.setattr("scrub.net.site_files.MOST_KEPT", 2)

    async def run(urls: list[str]) -> tuple[int, int]:
        async with Downloader(local()) as downloader:
            for url in urls:
                assert (await downloader(url)).body == HTML
            sites = downloader._opened()
            return len(sites.client.hosts._hosts), len(sites.files._robots._kept)

    with ExitStack() as stack:
        servers = [stack.enter_context(serve(answer())) for _ in range(6)]
        hosts, kept = asyncio.run(run([server.url() for server in servers]))
    assert hosts <= 3
    assert kept <= 2
    assert [server.asked.count("/robots.txt") for server in servers] == [1] * 6
