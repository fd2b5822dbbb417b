"""Fetching from servers that do what they should: pages, codings, redirects, statuses."""

from __future__ import annotations

import asyncio
import gzip
import http.server
import subprocess
import sys
import threading
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from net_servers import HTML, answer, fetch, local, redirect, serve

from scrub.errors import EmptyError, NotAPageError, RefusedError, StatusError, TooLargeError
from scrub.net import Fetcher, FetchSettings, fetch_page
from scrub.net.settings import USER_AGENT

if TYPE_CHECKING:
    from collections.abc import Callable

LOCAL = local()


def test_a_page_comes_with_all_that_is_known_of_it() -> None:
    with serve(answer(content_type="text/html; charset=utf-8")) as server:
        page = fetch(server.url("/story?a=b#comments"))
    assert page.body == HTML
    assert (page.url, page.requested_url) == (server.url("/story?a=b"), server.url("/story?a=b#comments"))
    assert (page.status, page.content_type) == (200, "text/html; charset=utf-8")
    assert page.fetched_at is not None
    assert page.fetched_at.endswith("+00:00")
    assert page.preferences == ()
    assert abs((datetime.now(UTC) - datetime.fromisoformat(page.fetched_at)).total_seconds()) < 10


def test_the_request_says_honestly_who_asks_and_what_is_decoded() -> None:
    with serve(answer()) as server:
        fetch(server.url("/a%20b?c"), headers=(("X-Desk", "foreign"),))
    head = server.requests[0].lower()
    assert head.startswith("get /a%20b?c http/1.1\r\n")
    assert f"user-agent: {USER_AGENT.lower()}\r\n" in head
    assert "accept-encoding: gzip, deflate, br, zstd\r\n" in head
    assert "x-desk: foreign\r\n" in head
    assert f"host: 127.0.0.1:{server.port}\r\n" in head


def test_httpx_is_loaded_with_the_first_fetcher_and_not_before() -> None:
    code = (
        "import sys, scrub.net; early = 'httpx' in sys.modules; scrub.net.Fetcher; print(early, 'httpx' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_one_page_needs_no_fetcher() -> None:
    with serve(answer()) as server:
        assert fetch_page(server.url(), LOCAL).body == HTML


def test_many_pages_of_a_host_share_a_connection() -> None:
    connections = set()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            connections.add(self.client_address)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(HTML)))
            self.end_headers()
            self.wfile.write(HTML)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        with Fetcher(LOCAL) as fetcher:
            pages = [fetcher(f"http://127.0.0.1:{server.server_port}/{number}") for number in range(5)]
        server.shutdown()
    assert [page.body for page in pages] == [HTML] * 5
    assert len(connections) == 1


def test_a_failed_page_does_not_hinder_the_next_one() -> None:
    with serve({"/gone": answer(b"no", status="410 Gone"), "/": answer()}) as server, Fetcher(LOCAL) as fetcher:
        for _ in range(12):  # more than the pool has connections
            with pytest.raises(StatusError):
                fetcher(server.url("/gone"))
        assert fetcher(server.url()).body == HTML


def test_a_fetcher_also_works_where_an_event_loop_runs() -> None:
    async def notebook(url: str) -> bytes:
        return fetch_page(url, LOCAL).body

    with serve(answer()) as server:
        assert asyncio.run(notebook(server.url())) == HTML


def test_a_fetcher_outside_of_a_with_statement_says_so() -> None:
    with pytest.raises(RuntimeError, match="with statement"):
        Fetcher()("https://news.example/")


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", brotli.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
    ],
)
def test_a_compressed_page_is_decompressed(coding: str, encode: Callable[[bytes], bytes]) -> None:
    with serve(answer(encode(HTML), f"Content-Encoding: {coding}")) as server:
        assert fetch(server.url()).body == HTML
    with serve(answer(encode(bytes(3_000_000)), f"Content-Encoding: {coding}")) as server, pytest.raises(TooLargeError):
        fetch(server.url(), max_bytes=1_000_000)


def test_http_1_0_without_a_length_is_read_to_the_end() -> None:
    with serve(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML) as server:
        assert fetch(server.url()).body == HTML


def test_a_chunked_page_is_put_together() -> None:
    chunks = b"".join(b"%x\r\n%b\r\n" % (1, HTML[i : i + 1]) for i in range(len(HTML))) + b"0\r\n\r\n"
    with serve(answer(chunks, "Transfer-Encoding: chunked")) as server:
        assert fetch(server.url()).body == HTML


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_followed_to_its_end(status: str) -> None:
    routes = {"/a/old": redirect("new", status=status), "/a/new": redirect("/end#x", status=status), "/end": answer()}
    with serve(routes) as server:
        page = fetch(server.url("/a/old"))
    assert (page.url, page.requested_url) == (server.url("/end"), server.url("/a/old"))


def test_a_circle_of_redirects_is_an_error() -> None:
    with serve({"/a": redirect("/b"), "/b": redirect("/a")}) as server, pytest.raises(StatusError, match="in a circle"):
        fetch(server.url("/a"))
    assert len(server.requests) == 2


def test_too_many_redirects_are_an_error() -> None:
    routes = {f"/{number}": redirect(f"/{number + 1}") for number in range(9)}
    with serve(routes) as server, pytest.raises(StatusError, match="more than 3 times"):
        fetch(server.url("/0"), max_redirects=3)
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://news.example/", "http://u:p@news.example/", "http://[", "/a\tb"]
)
def test_a_redirect_out_of_the_web_is_refused(location: str) -> None:
    with (
        serve(redirect(location)) as server,
        pytest.raises(RefusedError, match=f"127.0.0.1:{server.port} redirects to"),
    ):
        fetch(server.url())


def test_a_redirect_without_location_is_a_status() -> None:
    with serve(answer(b"where to?", status="302 Found")) as server, pytest.raises(StatusError, match=r"302 \(found\)"):
        fetch(server.url())


def test_a_cookie_lets_a_redirect_to_the_same_page_end_and_is_forgotten_with_the_page() -> None:
    def gate(connection: object, head: bytes) -> None:
        ready = b"cookie: seen=1" in head.lower()
        connection.sendall(answer() if ready else redirect("/story", "Set-Cookie: seen=1; Path=/"))  # type: ignore[attr-defined]

    with serve(gate) as server, Fetcher(LOCAL) as fetcher:
        assert fetcher(server.url("/story")).body == HTML
        assert fetcher(server.url("/story")).body == HTML
    assert ["seen=1" in head for head in server.requests] == [False, True, False, True]


def test_headers_of_the_caller_are_not_sent_to_another_host() -> None:
    secret = (("Authorization", "Bearer s3cret"), ("Cookie", "id=s3cret"))
    with serve(answer()) as other, serve(redirect(other.url())) as server:
        fetch(server.url(), headers=secret)
    assert "s3cret" in server.requests[0]
    assert "s3cret" not in other.requests[0]


STATUSES = {
    "401 Unauthorized": "login",
    "402 Payment Required": "paid",
    "403 Forbidden": "refuses",
    "404 Not Found": "moved",
    "410 Gone": "web archive",
    "418 I'm a teapot": "browser",
    "429 Too Many Requests": "wait",
    "451 Unavailable For Legal Reasons": "legal",
    "500 Internal Server Error": "problem of its own",
    "503 Service Unavailable": "problem of its own",
    "204 No Content": "browser",
    "206 Partial Content": "browser",
    "304 Not Modified": "browser",
    "599 Whatever": "problem of its own",
    "799 Whatever": "browser",
}


@pytest.mark.parametrize(("status", "advice"), STATUSES.items())
def test_every_status_but_200_is_an_error_with_advice(status: str, advice: str) -> None:
    with (
        serve(answer(b"" if status[:3] in {"204", "304"} else HTML, status=status)) as server,
        pytest.raises(StatusError, match=f"answered {status[:3]}") as caught,
    ):
        fetch(server.url())
    assert advice in caught.value.advice


@pytest.mark.parametrize("wait", ["120", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_how_long_to_wait_is_passed_on(wait: str) -> None:
    with (
        serve(answer(HTML, f"Retry-After: {wait}", status="429 Too Many Requests")) as server,
        pytest.raises(StatusError) as caught,
    ):
        fetch(server.url())
    assert wait in caught.value.advice


def test_a_page_above_the_limit_is_not_read_where_its_length_is_declared() -> None:
    with (
        serve(answer(b"x", "Content-Length: 5000000")) as server,
        pytest.raises(TooLargeError, match="1000000 bytes") as caught,
    ):
        fetch(server.url(), max_bytes=1_000_000)
    assert "--max-size" in caught.value.advice


def test_a_page_above_the_limit_is_cut_off_where_its_length_is_not_declared() -> None:
    def endless(connection: object, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")  # type: ignore[attr-defined]
        while True:
            connection.sendall(b"<p>more</p>" * 10_000)  # type: ignore[attr-defined]

    with serve(endless) as server, pytest.raises(TooLargeError):
        fetch(server.url(), max_bytes=1_000_000)


def test_an_empty_answer_is_an_error() -> None:
    for encoding in ([], ["Content-Encoding: gzip"]):
        with serve(answer(b"", *encoding)) as server, pytest.raises(EmptyError):
            fetch(server.url())


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\x89PNG\r\n\x1a\n", "text/html"),
        (b"%PDF-1.7", "application/pdf"),
        (b"%PDF-1.7", None),
        (b'{"a": 1}', "application/json"),
        (b'{"a": 1}', "text/html"),
    ],
)
def test_what_is_no_page_is_an_error(body: bytes, content_type: str | None) -> None:
    with serve(answer(body, content_type=content_type)) as server, pytest.raises(NotAPageError):
        fetch(server.url())


@pytest.mark.parametrize(
    "wrong",
    [{"timeout": 0}, {"timeout": float("nan")}, {"max_bytes": 0}, {"max_redirects": -1}, {"user_agent": "a\r\nb: c"}]
    + [{"headers": headers} for headers in [(("a b", "c"),), (("", ""),), (("a", "b\n"),), (("Host", "x"),)]],
)
def test_settings_that_cannot_be_meant_are_wrong(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        FetchSettings(**wrong)  # type: ignore[arg-type]
