"""`scrub.fetch_many`, as a program calls it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from net_servers import answer, serve

import scrub
from scrub.errors import RefusedError, RuleError, StatusError
from scrub.model import Page

BODY = "The council met on Monday evening and decided after a long debate to build the new bridge over the river."
PAGE = f"<html><head><title>Bridge</title></head><body><article>{f'<p>{BODY}</p>' * 3}</article></body></html>".encode()


async def download(url: str) -> Page:
    """What takes the place of the network."""
    await asyncio.sleep(0.2 if "slow" in url else 0)
    if "gone" in url:
        raise StatusError("gone", status=410)
    if "broken" in url:
        raise ZeroDivisionError
    return Page(PAGE, url, kind="html")


async def named(*urls: str) -> AsyncIterator[str]:
    for url in urls:
        yield url


Found = list[tuple[str, scrub.Article | scrub.ScrubError]]


async def collect(*urls: str, ordered: bool = True) -> Found:
    return [found async for found in scrub.fetch_many(urls, ordered=ordered, download=download)]


def test_each_address_comes_with_its_article_or_its_error() -> None:
    found = asyncio.run(collect("slow", "gone", "broken", "a"))
    assert [url for url, _ in found] == ["slow", "gone", "broken", "a"]
    kinds = [what.kind if isinstance(what, scrub.ScrubError) else what.title for _, what in found]
    assert kinds == ["Bridge", "status", "internal", "Bridge"]


def test_unordered_they_come_as_they_are_there() -> None:
    slow, *others = (f"https://{name}.example/" for name in ("slow", "a", "b"))
    found = asyncio.run(collect(slow, *others, ordered=False))
    assert [url for url, _ in found] == [*others, slow]


def test_addresses_may_be_asynchronous_and_are_read_no_further_than_a_window() -> None:
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield f"https://{read}.example/"

    async def run() -> None:
        assert [url async for url, _ in scrub.fetch_many(named("a", "b"), download=download)] == ["a", "b"]
        some = scrub.fetch_many(endless(), concurrency=2, download=download)
        assert (await anext(some))[0] == "https://1.example/"
        await some.aclose()

    asyncio.run(run())
    assert read < 50


def test_wrong_rules_are_raised() -> None:
    async def run() -> None:
        await anext(scrub.fetch_many(["a"], only=["nosuch"], download=download))

    with pytest.raises(RuleError):
        asyncio.run(run())


def test_without_a_download_of_ones_own_pages_come_from_the_network() -> None:
    async def run(url: str, *, allow_private: bool) -> Found:
        return [found async for found in scrub.fetch_many([url], allow_private=allow_private)]

    with serve(answer(PAGE)) as server:
        (_, article), (_, error) = (asyncio.run(run(server.url(), allow_private=leave))[0] for leave in (True, False))
    assert isinstance(article, scrub.Article)
    assert article.url == server.url()
    assert isinstance(error, RefusedError)
    assert len(server.requests) == 1
