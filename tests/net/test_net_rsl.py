"""RSL 1.0: licences that a program can read are judged for the purpose at hand."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from net_servers import HTML, answer, fetch, serve

from scrub.errors import FetchError, PreferenceError
from scrub.net import Downloader, FetchSettings
from scrub.net.preferences import find_licenses, find_refusal
from scrub.net.rsl import judge, read_rsl
from scrub.net.settings import Purpose

PURPOSES: tuple[Purpose, ...] = ("read", "archive", "search", "rag", "train")


def rsl(*licenses: str, url: str = "/", server: str = "") -> bytes:
    at = f' server="{server}"' if server else ""
    offers = "".join(f"<license>{one}</license>" for one in licenses)
    return f'<rsl xmlns="https://rslstandard.org/rsl"><content url="{url}"{at}>{offers}</content></rsl>'.encode()


def permits(words: str, more: str = "") -> str:
    return f'<permits type="usage">{words}</permits>{more}'


def prohibits(words: str) -> str:
    return f'<prohibits type="usage">{words}</prohibits>'


PAID = '<payment type="crawl"><amount currency="USD">1</amount></payment>'


def denied(document: bytes, host: str = "news.example", path: str = "/a") -> str:
    preferences = judge(read_rsl(document), host, path)
    return " ".join(purpose for purpose in PURPOSES if find_refusal(preferences, purpose))


@pytest.mark.parametrize(
    ("licenses", "denies"),
    [
        ([prohibits("all")], "archive search rag train"),
        ([prohibits("ai-all")], "rag train"),
        ([prohibits("ai-train")], "train"),
        ([prohibits("ai-input")], "rag"),
        ([prohibits("ai-index")], "rag"),
        ([prohibits("search")], "search"),
        ([prohibits("ai-train, ai-input")], "rag train"),
        ([prohibits("AI-Train\n ai-input")], "rag train"),
        ([prohibits("singing")], ""),
        ([permits("all")], ""),
        ([permits("search")], "rag train"),  # a list is one of all that is permitted
        ([permits("ai-all search")], ""),
        ([permits("ai-train")], "search rag"),
        ([permits("all") + prohibits("ai-train")], "train"),  # 3.5: a prohibition wins
        ([permits("all"), prohibits("ai-train")], "train"),
        ([permits("all", '<payment type="free"/>')], ""),
        ([permits("all", '<payment type="attribution"/>')], ""),
        ([permits("all", "<payment/>")], ""),  # 3.7: free where nothing else is said
        ([permits("ai-train search", PAID)], "search rag train"),
        ([permits("search"), permits("ai-train", PAID)], "rag train"),
        ([permits("ai-train", PAID), permits("ai-train search ai-input")], ""),
        ([PAID], ""),
        ([permits("")], ""),
        ([], ""),
        (['<permits type="user">education</permits><prohibits type="geo">DE</prohibits>'], ""),
    ],
)
def test_a_licence_denies_what_it_does_not_permit_for_nothing(licenses: list[str], denies: str) -> None:
    assert denied(rsl(*licenses)) == denies


def test_what_has_to_be_asked_for_at_a_server_is_denied() -> None:
    assert denied(rsl(permits("search ai-input"), server="https://licenses.example/api")) == "search rag train"


@pytest.mark.parametrize(
    ("url", "denies"),
    [
        ("", "train"),
        ("/", "train"),
        ("/*", "train"),
        ("/news/", "train"),
        ("/news/*.html$", "train"),
        ("/sport/", ""),
        ("https://news.example/news/", "train"),
        ("https://*.example/", "train"),
        ("https://news.example", "train"),
        ("https://other.example/", ""),
        ("https://news.example.evil.example/", ""),
    ],
)
def test_it_speaks_of_the_pages_that_fit_its_pattern(url: str, denies: str) -> None:
    assert denied(rsl(prohibits("ai-train"), url=url), path="/news/a.html") == denies


def test_the_most_specific_pattern_decides() -> None:
    document = (
        b"<rsl><content url='/'><license><prohibits type='usage'>all</prohibits></license></content>"
        b"<content url='/open/'><license><permits type='usage'>all</permits></license></content></rsl>"
    )
    assert denied(document, path="/open/a") == ""
    assert denied(document, path="/a") == "archive search rag train"


def test_it_is_recorded_in_its_own_words() -> None:
    document = rsl(permits("search"), permits("ai-train", PAID) + prohibits("ai-input"), PAID)
    assert [str(one) for one in judge(read_rsl(document), "news.example", "/")] == [
        "RSL: permits search",
        "RSL: prohibits ai-input",
        "RSL: permits ai-train for payment (crawl)",
        "RSL: asks for payment (crawl)",
    ]


BOMB = b'<!DOCTYPE rsl [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><rsl><content url="/">&b;</content></rsl>'
FILE = b'<!DOCTYPE rsl [<!ENTITY a SYSTEM "file:///etc/passwd">]><rsl>&a;</rsl>'


@pytest.mark.parametrize("body", [b"", b"<html>", b"<p>x</p>", BOMB, FILE, b"\xff\xfe\x00", rsl(permits("all"))[:-9]])
def test_what_is_no_document_is_an_error(body: bytes) -> None:
    with pytest.raises(FetchError, match="no RSL document"):
        read_rsl(body)


@given(st.binary(max_size=200), st.integers(0, 150))
def test_any_bytes_are_a_document_or_an_error(data: bytes, at: int) -> None:
    whole = rsl(permits("search"), prohibits("ai-train"))
    for body in (data, whole[:at] + data + whole[at:]):
        with contextlib.suppress(FetchError):
            judge(read_rsl(body), "news.example", "/")


def test_a_deep_document_is_read_in_linear_time() -> None:
    started = time.monotonic()
    read_rsl(b"<rsl>" + b"<a>" * 60_000 + b"</a>" * 60_000 + b"</rsl>")
    assert time.monotonic() - started < 2


def test_a_licence_is_found_in_the_header_and_in_the_page_by_its_type() -> None:
    headers = [
        ("Link", '</a.xml>; rel="license"; type="application/rsl+xml", </b>; rel=license'),
        ("link", "</c.xml>; type=application/rsl+xml; rel=license"),
    ]
    assert find_licenses(headers, ()) == ("/a.xml", "/c.xml")


# On the way of a page

TRAIN = answer(rsl(prohibits("ai-train")), content_type="application/rsl+xml")
ROBOTS = answer(b"License: /license.xml\nUser-agent: *\nAllow: /\n", content_type="text/plain")
HEADER = answer(HTML, 'Link: </license.xml>; rel="license"; type="application/rsl+xml"')
LINK = answer(HTML.replace(b"<head>", b"<head><link rel=license type=application/rsl+xml href=/license.xml>"))


@pytest.mark.parametrize("pages", [{"/robots.txt": ROBOTS, "/": answer()}, {"/": HEADER}, {"/": LINK}])
def test_a_no_is_obeyed_wherever_the_document_is_named(pages: dict[str, bytes]) -> None:
    with serve({**pages, "/license.xml": TRAIN}) as server:
        with pytest.raises(PreferenceError, match="RSL: prohibits ai-train"):
            fetch(server.url(), purpose="train")
        assert "RSL: prohibits ai-train" in fetch(server.url(), purpose="rag").preferences


def test_where_robots_txt_names_it_the_page_is_not_asked_for() -> None:
    pages = {"/robots.txt": ROBOTS, "/license.xml": TRAIN, "/": answer()}
    with serve(pages) as server, pytest.raises(PreferenceError):
        fetch(server.url(), purpose="train")
    assert server.asked == ["/robots.txt", "/license.xml"]


def test_for_a_persons_reading_it_is_named_and_not_asked_for() -> None:
    with serve({"/": HEADER, "/license.xml": TRAIN}) as server:
        assert fetch(server.url()).preferences == ("header Link rel=license: /license.xml",)
    assert "/license.xml" not in server.asked


@pytest.mark.parametrize(
    "document",
    [answer(b"<html>"), answer(b"", status="404 Not Found"), answer(b"", status="500 Oh"), answer(BOMB), b"",
     answer(b"<rsl>" + b" " * 900_000 + b"</rsl>")],
)  # fmt: skip
def test_a_document_that_cannot_be_read_costs_the_page_nothing(document: bytes) -> None:
    with serve({"/": HEADER, "/license.xml": document}) as server:
        page = fetch(server.url(), purpose="train")
    assert page.body == HTML
    assert page.preferences[-1] == "RSL: unknown, cannot be read: /license.xml"


def test_a_document_where_scrub_does_not_go_is_not_asked_for() -> None:
    pages = {"/": answer(HTML, 'Link: <ftp://127.0.0.1/l.xml>; rel=license; type="application/rsl+xml"')}
    with serve(pages) as server:
        assert fetch(server.url(), purpose="train").preferences[-1].startswith("RSL: unknown")


def test_a_document_is_asked_for_once_for_all_pages() -> None:
    async def read(urls: list[str]) -> None:
        async with Downloader(FetchSettings(allow_private=True, delay=0, purpose="rag", proxy="")) as download:
            await asyncio.gather(*map(download, urls))

    with serve({"/": HEADER, "/b": HEADER, "/c": HEADER, "/license.xml": TRAIN}) as server:
        asyncio.run(read([server.url(path) for path in ("/", "/b", "/c")]))
    assert server.asked.count("/license.xml") == 1
