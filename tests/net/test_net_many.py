"""Many pages at once: results as they are done, errors beside pages, lists of any length."""

from __future__ import annotations

import asyncio
import itertools
import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from net_servers import HTML, answer, local, serve

from scrub.errors import InternalError, StatusError
from scrub.net import Downloader, Fetched, FetchSettings, fetch_pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator


def fetch_each(urls: AsyncIterable[str] | Iterable[str], settings: FetchSettings) -> list[Fetched]:
    async def run() -> list[Fetched]:
        return [fetched async for fetched in fetch_pages(urls, settings)]

    return asyncio.run(run())


def test_every_address_gives_a_page_or_an_error_with_its_figures() -> None:
    with serve({"/a": answer(), "/gone": answer(b"", status="410 Gone")}) as server:
        urls = [server.url("/a"), server.url("/gone"), "ftp://news.example/"]
        fetched = {one.url: one for one in fetch_each(urls, local())}
    assert sorted(fetched) == sorted(urls)
    page, gone, refused = (fetched[url] for url in urls)
    assert page.page is not None
    assert (page.page.body, page.error, page.attempts, page.bytes_received) == (HTML, None, 1, len(HTML))
    assert isinstance(gone.error, StatusError)
    assert gone.page is None
    assert refused.error is not None
    assert (refused.error.kind, refused.attempts) == ("refused", 0)


def test_results_come_as_they_are_done() -> None:
    def slow(connection: socket.socket, head: bytes) -> None:
        time.sleep(0.3)
        connection.sendall(answer())

    with serve(slow, "127.0.0.2") as tardy, serve(answer()) as quick:
        urls = [tardy.url(), quick.url("/1"), quick.url("/2")]
        assert [one.url for one in fetch_each(urls, local())] == [urls[1], urls[2], urls[0]]


def test_a_list_without_end_streams_within_a_window() -> None:
    taken = 0

    def endless(url: str) -> Iterator[str]:
        nonlocal taken
        for number in itertools.count():
            taken += 1
            yield f"{url}{number}"

    async def run(url: str) -> int:
        async with Downloader(local(concurrency=2)) as downloader:
            pages = downloader.fetch_all(endless(url))
            for _ in range(5):
                assert (await anext(pages)).page
            await pages.aclose()
        return taken

    with serve(answer()) as server:
        assert asyncio.run(run(server.url())) <= 27  # five taken, twenty on their way, one that waits to set out


def test_the_first_page_is_there_before_the_last_address() -> None:
    async def run(url: str) -> list[str]:
        first_is_there = asyncio.Event()

        async def slowly() -> AsyncIterator[str]:
            yield f"{url}1"
            await asyncio.wait_for(first_is_there.wait(), 3)
            yield f"{url}2"

        seen = []
        async for fetched in fetch_pages(slowly(), local()):
            seen.append(fetched.url)
            first_is_there.set()
        return seen

    with serve(answer()) as server:
        assert asyncio.run(run(server.url())) == [server.url("/1"), server.url("/2")]


def test_addresses_that_cannot_be_read_end_it_with_their_own_error() -> None:
    def broken(url: str) -> Iterator[str]:
        yield url
        raise OSError("the list is gone")

    with serve(answer()) as server, pytest.raises(OSError, match="the list is gone"):
        fetch_each(broken(server.url()), local())


def test_no_address_gives_nothing() -> None:
    assert fetch_each([], local()) == []


def test_a_fault_of_scrub_costs_one_page_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(body: bytes) -> tuple[()]:
        raise KeyError("head")

    with serve(answer()) as server:
        monkeypatch.setattr("scrub.net.download.read_head", fail)
        [fetched] = fetch_each([server.url()], local())
    assert isinstance(fetched.error, InternalError)


def test_fifty_hosts_are_fetched_at_once() -> None:
    def slow(connection: socket.socket, head: bytes) -> None:
        time.sleep(0.2)
        connection.sendall(answer())

    with ExitStack() as stack:
        servers = [stack.enter_context(serve(slow)) for _ in range(50)]
        started = time.monotonic()
        fetched = fetch_each([server.url() for server in servers], local(concurrency=50, timeout=10))
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
            async for _ in downloader.fetch_all([f"{url}{number}" for number in range(5)]):
                break

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
