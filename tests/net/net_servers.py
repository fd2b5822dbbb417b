"""Real servers on loopback, each for one test: what they answer is written down byte by byte."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from scrub.errors import ScrubError
from scrub.net import Downloader, Fetcher, FetchSettings

if TYPE_CHECKING:
    from scrub.model import Page

HTML = b"<!doctype html><html><head><title>Bridge opens</title></head><body><p>The bridge is open.</p></body></html>"

Conversation = Callable[[socket.socket, bytes], None]


def answer(body: bytes = HTML, *headers: str, status: str = "200 OK", content_type: str | None = "text/html") -> bytes:
    """An HTTP/1.1 answer with a Content-Length, unless the headers bring one."""
    lines = [f"HTTP/1.1 {status}", *headers, "Connection: close"]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    if not any(header.lower().startswith(("content-length", "transfer-encoding")) for header in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(location: str, *headers: str, status: str = "302 Found") -> bytes:
    return answer(b"", f"Location: {location}", *headers, status=status)


# What is asked of a site before its pages. A server answers that it has none, unless its pages by path say otherwise.
SITE_FILES = ("/robots.txt", "/.well-known/tdmrep.json")
NO_SITE_FILE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass
class Server:
    """A server's address and the heads of the requests for pages that came; `asked` has the paths of all requests."""

    host: str
    port: int
    requests: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def url(self, path: str = "/", scheme: str = "http") -> str:
        return f"{scheme}://{self.host}:{self.port}{path}"


@contextlib.contextmanager
def serve(
    talk: bytes | Mapping[str, bytes] | Conversation, host: str = "127.0.0.1", site_files: Conversation | None = None
) -> Iterator[Server]:
    """Serve the same bytes to everybody, or bytes by path, or let a function hold the conversation; another one may
    hold those about robots.txt and tdmrep.json."""
    with listen(lambda connection, server: _converse(connection, server, talk, site_files), host) as server:
        yield server


@contextlib.contextmanager
def listen(handle: Callable[[socket.socket, Server], None], host: str = "127.0.0.1") -> Iterator[Server]:
    """Accept connections, each in its own thread; nothing outlives the block for more than a second."""
    threads: list[threading.Thread] = []
    connections: list[socket.socket] = []
    with socket.create_server((host, 0)) as listener:
        server = Server(host, listener.getsockname()[1])

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    connection.settimeout(5)
                    connections.append(connection)
                    threads.append(threading.Thread(target=run, args=(connection,), daemon=True))
                    threads[-1].start()

        def run(connection: socket.socket) -> None:
            with contextlib.suppress(Exception), connection:  # the client may break off at any point
                handle(connection, server)

        acceptor = threading.Thread(target=accept, daemon=True)
        acceptor.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for connection in connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            for thread in [acceptor, *threads]:
                thread.join(timeout=2)


def read_head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and (piece := connection.recv(65536)):
        head += piece
    return head


def _converse(
    connection: socket.socket,
    server: Server,
    talk: bytes | Mapping[str, bytes] | Conversation,
    site_files: Conversation | None,
) -> None:
    head = read_head(connection)
    if not head:
        return
    path = head.split(b" ")[1].decode()
    server.asked.append(path)
    if path in SITE_FILES and not (isinstance(talk, Mapping) and path in talk):
        talk = site_files or NO_SITE_FILE
    elif path not in SITE_FILES:
        server.requests.append(head.decode("latin-1"))
    if callable(talk):
        talk(connection, head)
    else:
        connection.sendall(talk if isinstance(talk, bytes) else talk[path])
        # Closing with unread bytes would reset the connection before the answer is read.
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)


def local(**settings: object) -> FetchSettings:
    """Settings for servers on loopback: three seconds at most, no pauses, no second tries, unless said otherwise."""
    chosen = {"timeout": 3, "delay": 0, "retries": 0, "proxy": "", **settings, "allow_private": True}
    return FetchSettings(**chosen)  # type: ignore[arg-type]


class Came(NamedTuple):
    """What came of an address."""

    url: str
    page: Page | None
    error: ScrubError | None


def fetch_at_once(urls: Iterable[str], settings: FetchSettings) -> list[Came]:
    """What came of several addresses that one downloader is asked for at the same time."""

    async def run() -> list[Came]:
        async with Downloader(settings) as downloader:
            return await asyncio.gather(*(_come(url, downloader) for url in urls))

    return asyncio.run(run())


async def _come(url: str, downloader: Downloader) -> Came:
    try:
        return Came(url, await downloader(url), None)
    except ScrubError as error:
        return Came(url, None, error)


def fetch(url: str, **settings: object) -> Page:
    """One page from loopback."""
    with Fetcher(local(**settings)) as fetcher:
        return fetcher(url)
