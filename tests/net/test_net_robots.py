"""robots.txt as RFC 9309 has it: what it says to this program, and what its absence, faults and redirects mean."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from net_servers import HTML, NO_SITE_FILE, answer, fetch, local, redirect, serve

from scrub.errors import RefusedError, RobotsError, RobotsUnreachableError
from scrub.net import Downloader
from scrub.net.robots import agent_names, read_robots
from scrub.net.settings import USER_AGENT

if TYPE_CHECKING:
    from net_servers import Conversation

AGENTS = agent_names(USER_AGENT)


def robots(text: str, status: str = "200 OK") -> bytes:
    return answer(text.encode(), content_type="text/plain", status=status)


def allows(text: str, path: str = "/story") -> bool:
    return read_robots(text.encode(), AGENTS).allows(f"https://news.example{path}")


GROUPS = [
    ("User-agent: *\nDisallow: /", False),
    ("User-agent: *\nDisallow:", True),
    ("User-agent: *\nDisallow: /sto", False),
    ("User-agent: *\nDisallow: /other", True),
    ("User-agent: *\nDisallow: /\nAllow: /story", True),
    ("User-agent: *\nAllow: /\nDisallow: /story", False),
    ("User-agent: *\nDisallow: /*ory$", False),
    ("User-agent: *\nDisallow: /*or$", True),
    ("User-agent: *\nDisallow: /\n\nUser-agent: scrub-news\nDisallow: /private", True),
    ("User-agent: scrub-news\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
    ("User-agent: SCRUB-News/2.0\nDisallow: /", False),
    ("User-agent: otherbot\nUser-agent: scrub-news\nDisallow: /", False),
    ("User-agent: scrub-news\nUser-agent: otherbot\nDisallow: /", False),
    ("User-agent: scrub-news\nAllow: /a\nUser-agent: *\nDisallow: /\nUser-agent: scrub-news\nDisallow: /story", False),
    ("User-agent: otherbot\nDisallow: /", True),
    ("User-agent: scrub-news-reader\nDisallow: /", True),
    ("User-agent: scrub-news\n\nUser-agent: *\nDisallow: /", False),
    ("User-agent: scrub-news\nDisallow:\n\nUser-agent: *\nDisallow: /", True),
    ("User-agent: *\nContent-Signal: search=yes\nDisallow: /", False),
    ("\ufeffUser-agent: *\nDisallow: /", False),
    ("user-AGENT : * # all\r\n disallow : /story # this\r\n", False),
    ("User-agent: *\rDisallow: /", False),
    ("Disallow: /", True),
    ("<html><body>Not found</body></html>", True),
    ("", True),
    ("User-agent: a\n" * 15_000 + "Disallow: /\n" * 15_000, True),
]


@pytest.mark.parametrize(("text", "allowed"), GROUPS)
def test_the_group_for_this_program_decides_and_else_the_one_for_all(text: str, allowed: bool) -> None:
    started = time.monotonic()
    assert allows(text) is allowed
    assert time.monotonic() - started < 8


def test_the_query_belongs_to_what_a_rule_matches() -> None:
    assert not allows("User-agent: *\nDisallow: /*?print=", "/story?print=1")
    assert allows("User-agent: *\nDisallow: /*?print=", "/story")


def test_rules_beyond_500_kibibytes_are_not_read() -> None:
    assert not allows("User-agent: *\n" + "# padding\n" * 49_000 + "Disallow: /\n")
    assert allows("User-agent: *\n" + "# padding\n" * 60_000 + "Disallow: /\n")


@pytest.mark.parametrize(
    ("line", "seconds"), [("Crawl-delay: 2.5", 2.5), ("crawl-delay: 86400", 30), ("Crawl-delay: soon", 0), ("", 0)]
)
def test_a_crawl_delay_is_kept_within_bounds(line: str, seconds: float) -> None:
    assert read_robots(f"User-agent: *\n{line}\n".encode(), AGENTS).crawl_delay == seconds


def test_the_names_of_a_program_are_the_products_it_names() -> None:
    assert agent_names("Desk/1.0 (+https://desk.example; contact) Fetch-Lib/2") == {"desk", "fetch-lib"}
    assert agent_names("deskbot") == {"deskbot"}
    assert "scrub-news" in AGENTS


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_a_robots_txt(body: bytes) -> None:
    read = read_robots(b"User-agent: *\n" + body, AGENTS)
    read.allows("https://news.example/story")
    assert 0 <= read.crawl_delay <= 30
    assert all(str(one).isprintable() for one in read.preferences("/story"))


def test_a_page_that_is_disallowed_is_not_asked_for() -> None:
    with serve({"/robots.txt": robots("User-agent: *\nDisallow: /private"), "/": answer()}) as server:
        assert fetch(server.url("/")).body == HTML
        with pytest.raises(RobotsError, match=r"robots\.txt of 127\.0\.0\.1:\d+ does not allow") as caught:
            fetch(server.url("/private/story"))
    assert caught.value.kind == "robots"
    assert "--ignore-robots" in caught.value.advice
    assert "/private/story" not in server.asked


def test_the_users_name_decides_which_group_is_meant() -> None:
    text = "User-agent: deskbot\nDisallow: /\n"
    with serve({"/robots.txt": robots(text), "/": answer()}) as server:
        assert fetch(server.url()).body == HTML
        with pytest.raises(RobotsError):
            fetch(server.url(), user_agent="Mozilla/5.0 (compatible) Deskbot/1.0")


def test_robots_can_be_ignored_and_then_is_not_asked_for() -> None:
    with serve({"/robots.txt": robots("User-agent: *\nDisallow: /"), "/": answer()}) as server:
        assert fetch(server.url(), ignore_robots=True).body == HTML
    assert "/robots.txt" not in server.asked


@pytest.mark.parametrize(
    "status", ["400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone", "429 Too Many"]
)
def test_a_robots_txt_that_is_not_to_be_had_forbids_nothing(status: str) -> None:
    with serve({"/robots.txt": robots("User-agent: *\nDisallow: /", status), "/": answer()}) as server:
        assert fetch(server.url()).body == HTML


@pytest.mark.parametrize("status", ["500 Internal Server Error", "503 Service Unavailable", "599 Whatever"])
def test_a_server_with_a_fault_gives_no_leave(status: str) -> None:
    with (
        serve({"/robots.txt": robots("", status), "/": answer()}) as server,
        pytest.raises(RobotsUnreachableError, match=f"answered {status[:3]}.*no leave") as caught,
    ):
        fetch(server.url())
    assert caught.value.kind == "robots-unreachable"
    assert server.requests == []


def reset(connection: socket.socket, head: bytes) -> None:
    connection.close()


def stall(connection: socket.socket, head: bytes) -> None:
    connection.recv(1)


def half(connection: socket.socket, head: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nUser-agent: *")


def nonsense(connection: socket.socket, head: bytes) -> None:
    connection.sendall(b"220 mail.example ESMTP\r\n")


def damaged(connection: socket.socket, head: bytes) -> None:
    connection.sendall(answer(gzip.compress(b"User-agent: *")[:-9], "Content-Encoding: gzip"))


@pytest.mark.parametrize("site_files", [reset, stall, half, nonsense, damaged])
def test_a_robots_txt_that_breaks_off_gives_no_leave(site_files: Conversation) -> None:
    started = time.monotonic()
    with serve(answer(), site_files=site_files) as server, pytest.raises(RobotsUnreachableError):
        fetch(server.url(), timeout=0.4)
    assert server.requests == []
    assert time.monotonic() - started < 6


def test_a_robots_txt_is_asked_for_again_where_that_may_help() -> None:
    answers = [robots("", "503 Service Unavailable"), robots("User-agent: *\nDisallow: /private"), NO_SITE_FILE]

    def talk(connection: socket.socket, head: bytes) -> None:
        connection.sendall(answers.pop(0))

    with serve(answer(), site_files=talk) as server:
        assert fetch(server.url(), retries=1).body == HTML


def test_a_robots_txt_is_found_over_five_redirects_and_no_more() -> None:
    hops = {f"/{number}": redirect(f"/{number + 1}") for number in range(1, 9)}
    for last, allowed in (("/5", False), ("/6", True)):
        pages = {**hops, "/robots.txt": redirect("/1"), last: robots("User-agent: *\nDisallow: /"), "/": answer()}
        with serve(pages) as server:
            if allowed:  # RFC 9309, 2.3.1.2: as if it were not there
                assert fetch(server.url()).body == HTML
            else:
                with pytest.raises(RobotsError):
                    fetch(server.url())


def test_a_redirect_of_robots_txt_is_guarded() -> None:
    with (
        serve({"/robots.txt": redirect("http://169.254.169.254/"), "/": answer()}) as server,
        pytest.raises(RobotsUnreachableError, match=r"link-local"),
    ):
        fetch(server.url())
    assert server.requests == []


def test_a_private_address_is_refused_as_such_before_robots_txt_is_asked_for() -> None:
    async def run(url: str) -> None:
        async def resolve(host: str, port: int) -> list[str]:
            return ["127.0.0.1"]

        settings = local()
        object.__setattr__(settings, "allow_private", False)
        async with Downloader(settings, resolve) as downloader:
            await downloader(url)

    with serve(answer()) as server, pytest.raises(RefusedError):
        asyncio.run(run(f"http://news.invalid:{server.port}/"))
    assert server.asked == []


def test_after_a_redirect_to_another_origin_that_ones_robots_txt_is_asked_for() -> None:
    with (
        serve({"/robots.txt": robots("User-agent: *\nDisallow: /"), "/": answer()}) as other,
        serve(redirect(other.url())) as server,
        pytest.raises(RobotsError, match=f":{other.port}"),
    ):
        fetch(server.url())
    assert other.asked == ["/robots.txt"]


def test_one_robots_txt_is_fetched_for_many_pages_that_wait_for_it() -> None:
    def slow(connection: socket.socket, head: bytes) -> None:
        time.sleep(0.1)
        connection.sendall(NO_SITE_FILE)

    async def run(urls: list[str]) -> None:
        async with Downloader(local()) as downloader:
            await asyncio.gather(*map(downloader, urls))

    with serve(answer(), site_files=slow) as server:
        asyncio.run(run([server.url(f"/{number}") for number in range(8)]))
    assert server.asked.count("/robots.txt") == 1
    assert len(server.requests) == 8


def test_a_page_that_gives_up_does_not_end_robots_txt_for_the_others() -> None:
    def slow(connection: socket.socket, head: bytes) -> None:
        time.sleep(0.2)
        connection.sendall(NO_SITE_FILE)

    async def run(url: str) -> bytes:
        async with Downloader(local()) as downloader:
            first, second = (asyncio.ensure_future(downloader(url)) for _ in range(2))
            await asyncio.sleep(0.05)
            first.cancel()
            return (await second).body

    with serve(answer(), site_files=slow) as server:
        assert asyncio.run(run(server.url())) == HTML
    assert server.asked.count("/robots.txt") == 1


def test_a_robots_txt_that_has_changed_is_seen_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    text = ["User-agent: *\nDisallow: /b"]

    def talk(connection: socket.socket, head: bytes) -> None:
        is_robots = head.split(b" ")[1] == b"/robots.txt"
        connection.sendall(robots(text[0]) if is_robots else NO_SITE_FILE)

    async def run(url: str) -> None:
        async with Downloader(local()) as downloader:
            await downloader(f"{url}a")
            text[0] = "User-agent: *\nDisallow: /a"
            await downloader(f"{url}a")
            monkeypatch.setattr("scrub.net.site_files.KEPT_SECONDS", 0.0)
            with pytest.raises(RobotsError):
                await downloader(f"{url}a")

    with serve(answer(), site_files=talk) as server:
        asyncio.run(run(server.url()))


def test_a_robots_txt_without_end_is_cut() -> None:
    def endless(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /private\n")
        while True:
            connection.sendall(b"# more\n" * 10_000)

    with serve(answer(), site_files=endless) as server:
        assert fetch(server.url()).body == HTML
        with pytest.raises(RobotsError):
            fetch(server.url("/private"))


def test_a_compressed_robots_txt_is_cut_after_500_kilobytes_too() -> None:
    bomb = gzip.compress(b"User-agent: *\nDisallow: /private\n" + b"# more\n" * 3_000_000)
    with serve({"/robots.txt": answer(bomb, "Content-Encoding: gzip"), "/": answer(), "/private": answer()}) as server:
        assert fetch(server.url()).body == HTML
        with pytest.raises(RobotsError):
            fetch(server.url("/private"))


def test_httpx_spells_a_path_as_robots_txt_does() -> None:
    assert not allows("User-agent: *\nDisallow: /käse", str(httpx.URL("https://news.example/käse").raw_path, "ascii"))
