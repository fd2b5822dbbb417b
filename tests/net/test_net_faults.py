"""More servers that misbehave: each is a page or an error of scrub's own, soon, and never holds up the next page."""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import time
import zlib
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from net_servers import HTML, answer, local, redirect, serve

from scrub.errors import ScrubError
from scrub.net import Fetcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from net_servers import Conversation

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def send(data: bytes) -> Conversation:
    def talk(connection: socket.socket, head: bytes) -> None:
        connection.sendall(data)

    return talk


def send_and_reset(data: bytes) -> Conversation:
    def talk(connection: socket.socket, head: bytes) -> None:
        connection.sendall(data)
        time.sleep(0.05)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return talk


def send_and_stall(data: bytes) -> Conversation:
    def talk(connection: socket.socket, head: bytes) -> None:
        connection.sendall(data)
        with contextlib.suppress(TimeoutError):
            connection.recv(1)

    return talk


def send_without_end(start: bytes, more: bytes) -> Conversation:
    def talk(connection: socket.socket, head: bytes) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(more * (1 + 100_000 // len(more)))

    return talk


def drip(start: bytes, slowly: bytes) -> Conversation:
    def talk(connection: socket.socket, head: bytes) -> None:
        connection.sendall(start)
        for number in range(len(slowly)):
            connection.sendall(slowly[number : number + 1])
            time.sleep(0.03)

    return talk


def compressed(encode: Callable[[bytes], bytes], coding: str, size: int = 5_000_000) -> Conversation:
    return send(answer(encode(bytes(size)), f"Content-Encoding: {coding}"))


def circle(connection: socket.socket, head: bytes) -> None:
    connection.sendall(redirect("/b" if b" /a " in head else "/a"))


def trap(connection: socket.socket, head: bytes) -> None:
    """A calendar or a session in the address: a new one with each redirect."""
    path = head.split(b" ")[1].decode()
    connection.sendall(redirect(f"{path}x"))


def cookie_trap(connection: socket.socket, head: bytes) -> None:
    connection.sendall(redirect("/", f"Set-Cookie: n={time.monotonic_ns()}"))


def unread(connection: socket.socket, head: bytes) -> None:
    """It answers before it has read, and goes on sending when nobody listens."""
    connection.sendall(answer(b"", status="413 Too Large") + b"x" * 200_000)


# By name: what is said, and the kinds of errors that may come of it.
FAULTS: dict[str, tuple[Conversation, str]] = {
    "reset at once": (send_and_reset(b""), "connection"),
    "reset in the status line": (send_and_reset(b"HTTP/1.1 20"), "connection"),
    "reset in the header": (send_and_reset(HEAD), "connection"),
    "reset before the body": (send_and_reset(HEAD + b"Content-Length: 900\r\n\r\n"), "connection"),
    "reset in a chunk": (send_and_reset(CHUNKED + b"ff\r\n<p>"), "connection"),
    "reset between chunks": (send_and_reset(CHUNKED + b"3\r\n<p>\r\n"), "connection"),
    "closed in the status line": (send(b"HTTP/1.1 20"), "connection"),
    "closed before the last chunk": (send(CHUNKED + b"3\r\n<p>\r\n"), "connection"),
    "silence": (send_and_stall(b""), "timeout"),
    "silence in the header": (send_and_stall(HEAD), "timeout"),
    "silence before the body": (send_and_stall(HEAD + b"Content-Length: 900\r\n\r\n"), "timeout"),
    "silence in the body": (send_and_stall(HEAD + b"Content-Length: 900\r\n\r\n<p>"), "timeout"),
    "silence before the last chunk": (send_and_stall(CHUNKED + b"3\r\n<p>\r\n"), "timeout"),
    "a dripping status line": (drip(b"", b"HTTP/1.1 200 OK, as it were, if one may say so"), "timeout"),
    "a dripping header": (drip(HEAD, b"X: " + b"a" * 90), "timeout"),
    "a dripping body": (drip(HEAD + b"\r\n", b"<p>" * 40), "timeout"),
    "dripping chunks": (drip(CHUNKED, b"1\r\na\r\n" * 20), "timeout"),
    "a status line without end": (send_without_end(b"HTTP/1.1 200 ", b"a"), "connection"),
    "a header without end": (send_without_end(HEAD + b"X: ", b"a"), "connection"),
    "headers without end": (send_without_end(HEAD, b"X: a\r\n"), "connection"),
    "a body without end": (send_without_end(HEAD + b"\r\n", b"<p>"), "too-large"),
    "chunks without end": (send_without_end(CHUNKED, b"1000\r\n" + b"<" * 4096 + b"\r\n"), "too-large"),
    "a chunk extension without end": (send_without_end(CHUNKED + b"3;x=", b"a"), "connection"),
    "trailers without end": (send_without_end(CHUNKED + b"3\r\n<p>\r\n0\r\n", b"X: a\r\n"), "connection"),
    "interim answers without end": (send_without_end(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), "timeout connection"),
    "an interim answer and no other": (send(b"HTTP/1.1 100 Continue\r\n\r\n"), "connection"),
    "a length that is too long": (send(answer(HTML, f"Content-Length: {len(HTML) + 1}")), "connection"),
    "a length that is too short": (send(answer(HTML, "Content-Length: 40")), ""),
    "a huge length": (send(answer(HTML, "Content-Length: 99999999999999999999")), "too-large connection"),
    "a length in words": (send(answer(HTML, "Content-Length: many")), "connection"),
    "two lengths": (send(answer(HTML, "Content-Length: 5", "Content-Length: 6")), "connection"),
    "a length and chunks": (
        send(answer(b"0\r\n\r\n", "Content-Length: 5", "Transfer-Encoding: chunked")),
        "empty connection",
    ),
    "a huge chunk": (send(CHUNKED + b"ffffffffffffffff\r\n<p>"), "connection"),
    "a chunk of minus one": (send(CHUNKED + b"-1\r\n<p>\r\n0\r\n\r\n"), "connection"),
    "a chunk without its end": (send(CHUNKED + b"3\r\n<p>X0\r\n\r\n"), "connection"),
    "half of gzip": (send(answer(gzip.compress(HTML)[:-12], "Content-Encoding: gzip")), "fetch"),
    "damaged gzip": (send(answer(gzip.compress(HTML)[:20] + b"\xff" * 40, "Content-Encoding: gzip")), "fetch"),
    "a wrong checksum": (send(answer(gzip.compress(HTML)[:-8] + b"\x00" * 8, "Content-Encoding: gzip")), "fetch"),
    "no gzip at all": (send(answer(HTML, "Content-Encoding: gzip")), "fetch"),
    "gzip called brotli": (send(answer(gzip.compress(HTML), "Content-Encoding: br")), "fetch"),
    "damaged zstd": (send(answer(b"\x28\xb5\x2f\xfd" + b"\xff" * 40, "Content-Encoding: zstd")), "fetch"),
    "an unknown coding": (send(answer(HTML, "Content-Encoding: rot13")), "fetch"),
    "coded six times": (send(answer(HTML, "Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip")), "fetch"),
    "a bomb of gzip": (compressed(gzip.compress, "gzip"), "too-large"),
    "a bomb of deflate": (compressed(zlib.compress, "deflate"), "too-large"),
    "a bomb of brotli": (compressed(brotli.compress, "br"), "too-large"),
    "a bomb of zstd": (compressed(zstandard.ZstdCompressor().compress, "zstd"), "too-large"),
    "a bomb in a bomb": (compressed(lambda data: gzip.compress(gzip.compress(data)), "gzip, gzip"), "too-large"),
    "a circle of redirects": (circle, "status"),
    "redirects without end": (trap, "status"),
    "cookies without end": (cookie_trap, "status"),
    "a redirect to nowhere": (send(redirect("http://")), "refused status"),
    "a redirect of 9,000 letters": (send(redirect("/" + "a" * 9_000)), "refused"),
    "a redirect with a line end": (send(redirect("/a\x0bb")), "refused connection"),
    "a charset that does not exist": (send(answer(HTML, content_type="text/html; charset=klingon")), ""),
    "a charset of 5,000 letters": (send(answer(HTML, content_type="text/html; charset=" + "a" * 5000)), ""),
    "a wrong charset": (send(answer("Brücke".encode("utf-16"), content_type="text/html; charset=ascii")), ""),
    "two types": (send(answer(HTML, "Content-Type: image/png", content_type="text/html")), "not-a-page "),
    "ten thousand cookies": (send(answer(HTML, *["Set-Cookie: a=b"] * 1_500)), ""),
    "an answer to another protocol": (send(b"SSH-2.0-OpenSSH_9.6\r\n"), "connection"),
    "TLS on a plain port": (send(b"\x15\x03\x01\x00\x02\x02\x46"), "connection"),
    "two answers at once": (send(answer() + answer(b"<p>smuggled</p>")), ""),
    "an answer before the question is read": (unread, "status connection"),
    "HTTP/3.0": (send(b"HTTP/3.0 200 OK\r\n\r\n" + HTML), "connection "),
    "a status of 999": (send(b"HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n"), "status connection"),
    "a status of zero": (send(b"HTTP/1.1 000 No\r\nContent-Length: 0\r\n\r\n"), "status connection"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_misbehaving_server_is_a_page_or_an_error_and_does_not_hold_up_the_next_page(name: str) -> None:
    fault, kinds = FAULTS[name]
    started = time.monotonic()
    with serve(fault) as server, serve(answer()) as other, Fetcher(local(timeout=0.7, max_bytes=2_000_000)) as fetcher:
        assert outcome(fetcher, server.url("/a")) in kinds.split(" ")
        assert fetcher(other.url()).body == HTML
        assert time.monotonic() - started < 3


def outcome(fetcher: Fetcher, url: str) -> str:
    """The kind of the error, nothing for a page."""
    try:
        fetcher(url)
    except ScrubError as error:
        return error.kind if str(error).isprintable() and error.advice else f"{error.kind}, badly put: {error!r}"
    return ""


def test_there_are_sixty_faults_and_more() -> None:
    assert len(FAULTS) >= 60
