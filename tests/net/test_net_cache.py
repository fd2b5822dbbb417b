"""The cache between download and transport (RFC 9111), with a server whose requests are counted."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path

import pytest
from net_servers import HTML, Server, answer, local, read_head, serve

from conftest import Run
from scrub.errors import CacheError, ConnectionFailedError, RobotsUnreachableError, ScrubError, StatusError
from scrub.model import Page
from scrub.net import Downloader, FetchSettings
from scrub.net.cache_store import FILE_NAME, CacheStore, Stored, cache_folder
from scrub.net.watching import STALE, watched

NEW = HTML.replace(b"open", b"closed")


def get(folder: Path, url: str, **settings: object) -> tuple[Page, list[str]]:
    """A page through the cache in a folder, as one run gets it, and the steps that it took."""

    async def run() -> tuple[Page, list[str]]:
        async with Downloader(local(cache=folder, **settings)) as download:
            with watched() as steps:
                return await download(url), steps

    return asyncio.run(run())


@contextmanager
def once(*headers: str, body: bytes = HTML, then: bytes | None = None) -> Iterator[Server]:
    """A server that answers the first request with these headers, later ones with `then`."""
    count = 0

    def talk(connection: socket.socket, head: bytes) -> None:
        nonlocal count
        count += 1
        connection.sendall(answer(body, *headers) if count == 1 or then is None else then)
        connection.shutdown(socket.SHUT_WR)

    with serve(talk) as server:
        yield server


def requests_for_two(folder: Path, *headers: str, **settings: object) -> int:
    with once(*headers) as server:
        assert get(folder, server.url("/"), **settings)[0].body == HTML
        assert get(folder, server.url("/"), **settings)[0].body == HTML
        return len(server.requests)


@pytest.mark.parametrize(
    "headers",
    [
        ["Cache-Control: max-age=60"],
        ['Cache-Control: private, max-age="60"'],
        [f"Date: {formatdate(usegmt=True)}", f"Expires: {formatdate(time.time() + 600, usegmt=True)}"],
        ["Cache-Control: max-age=60", "Vary: Accept-Encoding"],
    ],
)
def test_a_fresh_page_is_not_asked_for_again(tmp_path: Path, headers: list[str]) -> None:
    assert requests_for_two(tmp_path, *headers) == 1


@pytest.mark.parametrize(
    "headers",
    [
        [],
        ["Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT"],
        ["Cache-Control: no-store, max-age=60"],
        ["Cache-Control: no-cache, max-age=60", 'ETag: "a"'],
        ["Cache-Control: max-age=0", 'ETag: "a"'],
        ["Cache-Control: max-age=60", "Age: 60"],
        ["Cache-Control: max-age=60", "Vary: *"],
        ["Cache-Control: s-maxage=60"],
        ["Cache-Control: max-age=sixty"],
        [f"Date: {formatdate(time.time() - 90, usegmt=True)}", "Cache-Control: max-age=60"],
        ["Expires: 0"],
    ],
)
def test_a_page_that_is_not_fresh_is_asked_for_again(tmp_path: Path, headers: list[str]) -> None:
    assert requests_for_two(tmp_path, *headers) == 2


def test_a_request_with_a_persons_own_credentials_passes_by(tmp_path: Path) -> None:
    for header in (("Cookie", "a=b"), ("Authorization", "Bearer x"), ("Cache-Control", "no-cache")):
        assert requests_for_two(tmp_path, "Cache-Control: max-age=60", headers=(header,)) == 2


def test_another_language_is_another_page(tmp_path: Path) -> None:
    with once("Cache-Control: max-age=60", "Vary: Accept-Language", then=answer(NEW)) as server:
        german, dutch = ((("Accept-Language", language),) for language in ("de", "nl"))
        assert get(tmp_path, server.url("/"), headers=german)[0].body == HTML
        assert get(tmp_path, server.url("/"), headers=german)[0].body == HTML
        assert get(tmp_path, server.url("/"), headers=dutch)[0].body == NEW


def test_an_old_page_is_confirmed_and_then_fresh_again(tmp_path: Path) -> None:
    confirmed = answer(b"", "Cache-Control: max-age=60", status="304 Not Modified", content_type=None)
    first = ['ETag: "a"', "Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT", "Cache-Control: max-age=0"]
    with once(*first, then=confirmed.replace(b"Content-Length: 0\r\n", b"")) as server:
        get(tmp_path, server.url("/"))
        page, steps = get(tmp_path, server.url("/"))
        assert (page.body, page.status, page.content_type) == (HTML, 200, "text/html")
        assert steps == ["confirmed from the cache"]
        assert 'if-none-match: "a"' in server.requests[1].lower()
        assert "if-modified-since: mon, 01 jan 2024" in server.requests[1].lower()
        assert get(tmp_path, server.url("/"))[1] == ["from the cache"]
        assert len(server.requests) == 2


def test_a_page_that_has_changed_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    with once('ETag: "a"', then=answer(NEW, "Cache-Control: max-age=60")) as server:
        bodies = [get(tmp_path, server.url("/"))[0].body for _ in range(3)]
        assert bodies == [HTML, NEW, NEW]
        assert len(server.requests) == 2


def test_a_page_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    with once('ETag: "a"', then=answer(b"gone", status="410 Gone")) as server:
        get(tmp_path, server.url("/"))
        with pytest.raises(StatusError):
            get(tmp_path, server.url("/"))
        with CacheStore(tmp_path) as store:
            assert store.figures().entries == 0


def test_a_server_that_fails_leaves_the_old_page(tmp_path: Path) -> None:
    with once('ETag: "a"', then=answer(b"", status="503 Service Unavailable")) as server:
        url = server.url("/")
        get(tmp_path, url)
        page, steps = get(tmp_path, url)
        assert (page.body, steps) == (HTML, [STALE])
    page, steps = get(tmp_path, url)  # nobody listens there any more
    assert (page.body, steps) == (HTML, [STALE])


def test_an_old_page_does_not_stand_in_for_a_purpose_that_the_site_may_deny(tmp_path: Path) -> None:
    with once('ETag: "a"') as server:
        url = server.url("/")
        get(tmp_path, url)
    assert get(tmp_path, url)[1] == [STALE]
    with pytest.raises(RobotsUnreachableError):
        get(tmp_path, url, purpose="train")


def test_fresh_pages_wait_for_no_turn_of_their_host(tmp_path: Path) -> None:
    async def run(urls: list[str], **settings: object) -> None:
        async with Downloader(local(cache=tmp_path, **settings)) as download:
            await asyncio.gather(*map(download, urls))

    with serve(answer(HTML, "Cache-Control: max-age=60")) as server:
        urls = [server.url(f"/{number}") for number in range(5)]
        asyncio.run(run(urls))
        started = time.monotonic()
        asyncio.run(run(urls, delay=30))
        assert time.monotonic() - started < 5
        assert len(server.requests) == 5


@pytest.mark.parametrize("sent", ["", "head", "body"])
def test_an_old_page_stands_in_where_the_new_one_takes_too_long(tmp_path: Path, sent: str) -> None:
    new = answer(NEW, "ETag: y")
    end = {"": 0, "head": 20, "body": len(new) - 10}[sent]
    gave_up = threading.Event()
    count = 0

    def talk(connection: socket.socket, head: bytes) -> None:
        nonlocal count
        count += 1
        connection.sendall(answer(HTML, "ETag: x") if count == 1 else new[:end])
        if count > 1:
            gave_up.wait(5)

    with serve(talk) as server:
        assert get(tmp_path, server.url("/"))[0].body == HTML
        for _ in range(2):
            page, steps = get(tmp_path, server.url("/"), timeout=0.5)
            assert (page.body, STALE in steps) == (HTML, True)
        gave_up.set()


@pytest.mark.parametrize("headers", [[], ["Cache-Control: no-store"], ["ETag: y"]])
def test_a_new_page_takes_the_place_of_the_old_one_once_it_is_whole(tmp_path: Path, headers: list[str]) -> None:
    with once("ETag: x", then=answer(NEW, *headers)) as server:
        assert get(tmp_path, server.url("/"))[0].body == HTML
        assert get(tmp_path, server.url("/"))[0].body == NEW
        with CacheStore(tmp_path) as store:
            kept = store.get(f"private {server.url('/')}")
    assert (kept.body if kept else None) == (NEW if headers == ["ETag: y"] else None)


@pytest.mark.parametrize("rule", ["must-revalidate", "no-cache", "stale-if-error=0, max-age=0"])
def test_an_old_page_does_not_stand_in_where_it_may_not(tmp_path: Path, rule: str) -> None:
    with once('ETag: "a"', f"Cache-Control: {rule}", then=answer(b"", status="503 Service Unavailable")) as server:
        url = server.url("/")
        get(tmp_path, url)
        time.sleep(0.01)
        with pytest.raises(StatusError):
            get(tmp_path, url)
    with pytest.raises(RobotsUnreachableError):
        get(tmp_path, url)


def test_what_was_had_by_leave_for_private_addresses_is_not_given_without(tmp_path: Path) -> None:
    with once("Cache-Control: max-age=60") as server:
        url = server.url("/").replace("127.0.0.1", "localhost.example")
        with CacheStore(tmp_path) as store:
            store.put(f"private {url}", Stored((("cache-control", "max-age=60"),), HTML, (), time.time(), 0.0))
        with pytest.raises(ScrubError):
            asyncio.run(_without_leave(tmp_path, url))


async def _without_leave(folder: Path, url: str) -> Page:
    settings = FetchSettings(timeout=3, retries=0, proxy="", cache=folder)

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async with Downloader(settings, resolve) as download:
        return await download(url)


def test_a_page_that_breaks_off_is_not_kept(tmp_path: Path) -> None:
    def talk(connection: socket.socket, head: bytes) -> None:
        connection.sendall(answer(HTML, "Cache-Control: max-age=60", "Content-Length: 5000"))
        connection.shutdown(socket.SHUT_WR)
        read_head(connection)

    with serve(talk) as server:
        with pytest.raises(ConnectionFailedError):
            get(tmp_path, server.url("/"))
        with CacheStore(tmp_path) as store:
            assert store.figures().entries == 0


def test_cookies_are_not_kept(tmp_path: Path) -> None:
    with once("Cache-Control: max-age=60", "Set-Cookie: visitor=7") as server:
        get(tmp_path, server.url("/"))
    assert b"visitor" not in (tmp_path / FILE_NAME).read_bytes()


# The store


def stored(size: int = 1000) -> Stored:
    return Stored((), b"x" * size, (), time.time(), 0.0)


def test_the_longest_unused_go_when_there_are_too_many_bytes(tmp_path: Path) -> None:
    with CacheStore(tmp_path, most_bytes=3_500) as store:
        for number in range(6):
            store.put(str(number), stored())
    with CacheStore(tmp_path) as store:
        assert store.figures().size == 3_000
        assert [store.get(str(number)) is not None for number in range(6)] == [False] * 3 + [True] * 3


def test_what_nobody_uses_goes_when_it_is_old(tmp_path: Path) -> None:
    with CacheStore(tmp_path, most_seconds=0) as store:
        store.put("a", stored())
    with CacheStore(tmp_path) as store:
        assert store.figures().entries == 0


def test_only_its_owner_can_look_into_it(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "cache"
    CacheStore(folder).close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_damaged_cache_begins_anew_and_one_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database at all " * 100)
    with CacheStore(tmp_path) as store:
        store.put("a", stored())
        assert store.get("a") is not None
    (tmp_path / "file").touch()
    with pytest.raises(CacheError, match="--no-cache"):
        CacheStore(tmp_path / "file")


def test_a_cache_that_fails_costs_no_page(tmp_path: Path) -> None:
    with CacheStore(tmp_path) as store:
        other = sqlite3.connect(tmp_path / FILE_NAME)
        other.execute("DROP TABLE responses")
        other.close()
        store.put("a", stored())
        assert store.get("a") is None
        store.drop("a")


def test_the_platform_says_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "scrub"
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert cache_folder().is_absolute()


def test_people_see_what_is_kept_and_clear_it(run: Run, tmp_path: Path) -> None:
    own = {"XDG_CACHE_HOME": str(tmp_path / "own")}
    with once("Cache-Control: max-age=60") as server:
        command = ["fetch", "--allow-private", "--retries", "0", "-v", server.url("/")]
        assert b", from the cache" not in run(*command, **own).stderr
        assert b", from the cache\n" in run(*command, **own).stderr
        assert b"from the cache" not in run(*command, "--no-cache", **own).stderr
        assert len(server.requests) == 2
    shown = run("cache", **own).stdout.decode().splitlines()
    assert [line.split()[0] for line in shown] == ["path", "entries", "bytes", "oldest"]
    assert shown[0].endswith(f"own/scrub/{FILE_NAME}")
    assert shown[1:3] == ["entries  1", f"bytes    {len(HTML)}"]
    assert run("cache", "--clear", **own).stdout.decode().splitlines()[1] == "entries  0"
