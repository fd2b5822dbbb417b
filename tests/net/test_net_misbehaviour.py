"""Servers that stall, lie, break off or talk nonsense: each ends in time, in an error of scrub's own."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import struct
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from net_servers import HTML, answer, fetch, local, serve

from scrub.errors import ConnectionFailedError, FetchError, FetchTimeoutError, RefusedError, ResolveError, ScrubError
from scrub.net import Downloader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrub.net.transport import Resolver

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def fetch_with(url: str, resolve: Resolver, **settings: object) -> bytes:
    async def run() -> bytes:
        chosen = replace(local(), **settings)  # type: ignore[arg-type]
        async with Downloader(chosen, resolve) as downloader:
            return (await downloader(url)).body

    return asyncio.run(run())


def drip(connection: socket.socket, data: bytes) -> None:
    for number in range(len(data)):
        connection.sendall(data[number : number + 1])
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("at_once", "slowly"),
    [
        (b"", b""),
        (b"", HEAD + b"\r\n"),
        (HEAD + b"X-More: ", b"a" * 200),
        (HEAD + b"Content-Length: 900\r\n\r\n", b"<p>" * 100),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 100),
        (HEAD + b"Content-Length: 9\r\n\r\n", b""),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, b"HTTP/1.1 100 Continue\r\n\r\n" * 20),
    ],
    ids=["silence", "headers", "endless header", "body", "chunks", "missing body", "interim answers"],
)
def test_the_time_limit_is_for_the_whole_page(at_once: bytes, slowly: bytes) -> None:
    def talk(connection: socket.socket, head: bytes) -> None:
        connection.sendall(at_once)
        drip(connection, slowly)
        with contextlib.suppress(TimeoutError):
            connection.recv(1)

    with serve(talk) as server:
        started = time.monotonic()
        with pytest.raises(FetchTimeoutError, match=r"longer than 0\.4 s") as caught:
            fetch(server.url(), timeout=0.4)
        assert time.monotonic() - started < 5
    assert "--timeout" in caught.value.advice


def test_the_time_limit_includes_redirects() -> None:
    def talk(connection: socket.socket, head: bytes) -> None:
        time.sleep(0.15)
        number = int(head.split(b" ")[1][1:])
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /%d\r\nContent-Length: 0\r\n\r\n" % (number + 1))

    with serve(talk) as server, pytest.raises(FetchTimeoutError):
        fetch(server.url("/1"), timeout=0.5)


BROKEN = {
    "nothing": b"",
    "no HTTP": b"220 mail.example ESMTP ready\r\n",
    "HTTP/0.9": HTML,
    "half a status line": b"HTTP/1.1 2",
    "a wrong status": b"HTTP/1.1 abc OK\r\n\r\n",
    "half the headers": HEAD,
    "a header without name": HEAD + b": x\r\n\r\n",
    "a null in a header": HEAD + b"X: \x00\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a wrong length": HEAD + b"Content-Length: -5\r\n\r\nab",
    "half the body": HEAD + b"Content-Length: 900\r\n\r\n<p>half",
    "half the chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "a wrong chunk size": HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n",
    "an unknown transfer coding": HEAD + b"Transfer-Encoding: gzip\r\n\r\nab",
    "a huge header": HEAD + b"X: " + b"a" * 200_000 + b"\r\n\r\n",
    "switched protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nab",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=list(BROKEN))
def test_broken_http_is_an_error_of_scrubs_own(data: bytes) -> None:
    with serve(data) as server, pytest.raises(FetchError) as caught:
        fetch(server.url())
    assert type(caught.value) in {ConnectionFailedError, FetchTimeoutError} or caught.value.kind == "status"
    assert str(server.port) in caught.value.detail
    assert caught.value.advice


def test_a_connection_reset_within_the_body_is_an_error() -> None:
    def talk(connection: socket.socket, head: bytes) -> None:
        connection.sendall(HEAD + b"Content-Length: 900\r\n\r\n<p>")
        time.sleep(0.1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with serve(talk) as server, pytest.raises(ConnectionFailedError, match="broke off"):
        fetch(server.url())


@pytest.mark.parametrize("part", [0.5, 0.99])
def test_a_gzip_page_that_is_cut_off_is_an_error(part: float) -> None:
    whole = gzip.compress(HTML * 100)
    with (
        serve(answer(whole[: int(len(whole) * part)], "Content-Encoding: gzip")) as server,
        pytest.raises(FetchError, match="cut off"),
    ):
        fetch(server.url())


@pytest.mark.parametrize(
    "header", ["Content-Type: \xff\xfe/\x80", "Set-Cookie: \xff=;;;expires=x", "Content-Encoding: ,,\xff"]
)
def test_strange_bytes_in_headers_are_a_page_or_an_error(header: str) -> None:
    data = b"HTTP/1.1 200 OK\r\n" + header.encode("latin-1") + b"\r\nContent-Length: %d\r\n\r\n" % len(HTML) + HTML
    with serve(data) as server, contextlib.suppress(ScrubError):
        assert fetch(server.url()).body == HTML


def test_a_port_where_nobody_listens_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(ConnectionFailedError, match=f"127.0.0.1 does not answer on port {port} .*refused"):
        fetch(f"http://127.0.0.1:{port}/", ignore_robots=True)


def test_a_name_that_does_not_resolve_is_an_error() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(ResolveError, match=r"news\.invalid does not resolve \(Name or service not known\)"):
        fetch_with("http://news.invalid/", resolve)


def test_a_name_without_addresses_is_an_error() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return []

    with pytest.raises(ResolveError, match="has no address"):
        fetch_with("http://news.invalid/", resolve)


def test_a_slow_look_up_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: release.wait(5) and [])
    started = time.monotonic()
    with pytest.raises(FetchTimeoutError):
        fetch("http://news.invalid/", timeout=0.3, ignore_robots=True)
    assert time.monotonic() - started < 4
    release.set()


def test_the_next_address_of_a_name_is_tried_where_one_does_not_answer() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.9", "127.0.0.1"]

    with serve(answer()) as server:
        assert fetch_with(f"http://news.invalid:{server.port}/", resolve) == HTML
    assert f"host: news.invalid:{server.port}" in server.requests[0].lower()


def test_a_name_that_leads_to_a_private_address_is_refused() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    with (
        serve(answer()) as server,
        pytest.raises(RefusedError, match=r"news\.invalid leads where scrub does not go: 127\.0\.0\.1 is a loopback"),
    ):
        fetch_with(f"http://news.invalid:{server.port}/", resolve, allow_private=False)
    assert server.requests == []


def test_a_name_is_looked_up_once_for_each_connection() -> None:
    asked = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with serve(answer()) as server:
        fetch_with(f"http://news.invalid:{server.port}/", resolve)
    assert asked == ["news.invalid"] * 3  # robots.txt, tdmrep.json and the page, each on a connection of its own
