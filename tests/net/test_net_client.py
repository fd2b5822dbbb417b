"""What a newsroom's network needs: cookies, proxies, certificates; and pages that send their reader on."""

from __future__ import annotations

import base64
import contextlib
import pickle
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from net_servers import HTML, Server, answer, fetch, listen, local, read_head, redirect, serve

from scrub.errors import ConnectionFailedError, InputError, RefusedError, ScrubError
from scrub.net import Fetcher, FetchSettings
from scrub.net.failures import status_error

if TYPE_CHECKING:
    from collections.abc import Iterator


def jar(folder: Path, *lines: str) -> Path:
    path = folder / "cookies.txt"
    path.write_text("\n".join(["# Netscape HTTP Cookie File", *lines, ""]))
    return path


def test_cookies_are_sent_to_their_sites_alone(tmp_path: Path) -> None:
    cookies = jar(
        tmp_path,
        "127.0.0.1\tFALSE\t/\tFALSE\t4102444800\tid\tseven",
        "#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\teight",
        "127.0.0.1\tFALSE\t/\tFALSE\t1000000000\told\tnine",
        "127.0.0.1\tFALSE\t/\tTRUE\t4102444800\tsafe\tten",
        "127.0.0.1\tFALSE\t/archive\tFALSE\t4102444800\tpath\televen",
        "127.0.0.2\tFALSE\t/\tFALSE\t4102444800\tother\ttwelve",
    )
    with serve(answer(), "127.0.0.2") as other, serve({"/": redirect(other.url())}) as server:
        fetch(server.url(), cookies=cookies)
    head = server.requests[0].lower()
    assert "id=seven" in head
    assert "session=eight" in head
    assert not any(name in head for name in ("old=", "safe=", "path=", "other="))
    assert "other=twelve" in other.requests[0].lower()
    assert "seven" not in other.requests[0]


def test_cookies_of_one_page_are_not_sent_with_the_next_and_those_of_the_file_are(tmp_path: Path) -> None:
    cookies = jar(tmp_path, "127.0.0.1\tFALSE\t/\tFALSE\t4102444800\tid\tseven")
    gate = answer(HTML, "Set-Cookie: id=changed", "Set-Cookie: seen=1")
    with serve(gate) as server, Fetcher(local(cookies=cookies)) as fetcher:
        for _ in range(2):
            fetcher(server.url())
    assert all("id=seven" in head for head in server.requests)
    assert not any("seen=1" in head for head in server.requests)


@pytest.mark.parametrize("content", ["", "id=7", "<html>", "\x00", "# Netscape HTTP Cookie File\nnot\tenough"])
def test_a_file_that_is_no_cookies_txt_is_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "cookies.txt"
    path.write_text(content)
    with pytest.raises(InputError, match=r"cookies\.txt"), Fetcher(FetchSettings(cookies=path)):
        pass


def test_a_missing_cookies_txt_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing\.txt"), Fetcher(FetchSettings(cookies=tmp_path / "missing.txt")):
        pass


@contextlib.contextmanager
def proxy(answers: bytes = answer()) -> Iterator[Server]:
    """A proxy that forwards nothing and answers itself; a tunnel leads to whom it was asked for."""

    def handle(connection: socket.socket, server: Server) -> None:
        head = read_head(connection)
        server.requests.append(head.decode("latin-1"))
        method, target, *_ = head.decode("latin-1").split(" ")
        if method != "CONNECT":
            connection.sendall(answers)
            return
        host, _, port = target.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=3) as inner:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=pump, args=(inner, connection), daemon=True)
            back.start()
            pump(connection, inner)
            back.join(timeout=2)

    with listen(handle) as server:
        yield server


def pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def test_a_page_comes_through_the_proxy_that_was_named() -> None:
    with proxy() as server:
        assert fetch("http://news.invalid/story", proxy=server.url()).body == HTML
    assert server.requests[-1].startswith("GET http://news.invalid/story HTTP/1.1\r\n")


def test_a_proxy_is_told_its_password_and_the_page_is_not() -> None:
    with proxy() as server:
        fetch("http://news.invalid/", proxy=f"http://desk:hunter%3A2@127.0.0.1:{server.port}")
    secret = base64.b64encode(b"desk:hunter:2").decode()
    assert f"proxy-authorization: basic {secret.lower()}" in server.requests[-1].lower()


def test_proxies_of_the_environment_are_used_but_for_those_hosts_that_it_excepts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with proxy() as server, serve(answer()) as direct:
        monkeypatch.setenv("http_proxy", server.url())
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        fetch("http://news.invalid/", proxy=None)
        fetch(direct.url(), proxy=None)
        monkeypatch.delenv("no_proxy")
        fetch(direct.url(), proxy="")
    assert len(server.requests) == 3
    assert len(direct.requests) == 2


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://169.254.169.254/"])
def test_what_is_refused_without_a_proxy_is_refused_through_one(url: str) -> None:
    with proxy() as server, pytest.raises(RefusedError), Fetcher(FetchSettings(proxy=server.url())) as fetcher:
        fetcher(url)
    assert server.requests == []


def test_a_redirect_through_a_proxy_is_guarded_too() -> None:
    with (
        proxy(redirect("http://169.254.169.254/latest")) as server,
        pytest.raises(RefusedError),
        Fetcher(FetchSettings(proxy=server.url(), ignore_robots=True)) as fetcher,
    ):
        fetcher("http://news.invalid/")
    assert all("169.254" not in head.splitlines()[0] for head in server.requests)


def test_a_proxy_that_does_not_answer_is_named_without_its_password() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(ConnectionFailedError, match=f"the proxy 127.0.0.1:{port} does not answer") as caught:
        fetch("http://news.invalid/", proxy=f"http://desk:hunter2@127.0.0.1:{port}", ignore_robots=True)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "wrong", ["proxy.example:8080", "ftp://proxy.example", "http://", "http://proxy.example:x", "7"]
)
def test_an_address_that_is_no_proxys_is_wrong(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        FetchSettings(proxy=wrong)
    monkeypatch.setenv("http_proxy", wrong)
    with pytest.raises(RefusedError, match="environment"), Fetcher(FetchSettings()):
        pass


def test_a_socks_proxy_is_asked_for_the_name_and_resolves_it_itself() -> None:
    asked: list[bytes] = []

    def socks(connection: socket.socket, server: Server) -> None:
        """RFC 1928: greeting, request, then the page itself."""
        connection.recv(65536)
        connection.sendall(b"\x05\x00")
        asked.append(connection.recv(65536))
        connection.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        read_head(connection)
        connection.sendall(answer())

    with listen(socks) as server:
        fetch("http://news.invalid/", proxy=f"socks5://127.0.0.1:{server.port}")
    assert b"news.invalid" in asked[0]


def refreshing(content: str) -> bytes:
    return HTML.replace(b"<head>", f"<head><meta http-equiv=refresh content='{content}'>".encode())


def test_a_page_that_sends_its_reader_on_at_once_is_followed() -> None:
    with serve({"/": answer(refreshing("0; url=/story")), "/story": answer()}) as server:
        page = fetch(server.url())
    assert (page.url, page.requested_url) == (server.url("/story"), server.url())


def test_it_is_followed_once() -> None:
    pages = {"/": answer(refreshing("0; url=/a")), "/a": answer(refreshing("0; url=/b"))}
    with serve(pages) as server:
        assert fetch(server.url()).url == server.url("/a")


@pytest.mark.parametrize(
    "content",
    ["0; url=http://169.254.169.254/", "0; url=javascript:x()", "0; url=/", "60; url=/live", "0; url=file:///x"],
)
def test_a_page_that_leads_nowhere_is_the_page(content: str) -> None:
    with serve({"/": answer(refreshing(content))}) as server:
        assert fetch(server.url()).url == server.url()


def test_the_site_that_a_page_leads_on_to_is_asked_as_well() -> None:
    robots = answer(b"User-agent: *\nDisallow: /\n", content_type="text/plain")
    with (
        serve({"/robots.txt": robots, "/": answer()}) as other,
        serve({"/": answer(refreshing(f"0; url={other.url()}"))}) as server,
        pytest.raises(ScrubError) as caught,
    ):
        fetch(server.url())
    assert caught.value.kind == "robots"
    assert other.asked == ["/robots.txt"]


def test_errors_of_the_network_can_be_sent_to_another_process() -> None:
    sent = pickle.loads(pickle.dumps(status_error(503, "7", "news.example")))
    assert (sent.kind, sent.status, sent.retry_after) == ("status", 503, 7)
    assert "wait 7 s" in str(sent)
