"""The window of downloads: bounded, in order or not, and no failure of one page is another's."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping

import pytest

from scrub.errors import FetchError, StateError
from scrub.model import Page
from scrub.run import window
from scrub.run.window import AHEAD, Watched, download_all
from scrub.sources.files import Given


async def named(names: Iterable[str]) -> AsyncIterator[Given]:
    for name in names:
        yield Given(name)


def address(number: int, host: int | None = None) -> str:
    return f"https://{number if host is None else host}.example/{number}"


NO_TIME: Mapping[str, float] = {}


class Network:
    """Downloads that take as long as they are told to, and count how many there are at a time."""

    def __init__(self, seconds: Mapping[str, float] = NO_TIME, size: int = 10) -> None:
        self.size = size
        self.seconds = seconds
        self.now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.started: list[str] = []

    async def __call__(self, url: str) -> Page:
        host = window.host_of(url)
        self.started.append(url)
        for count in (host, "all"):
            self.now[count] += 1
            self.most[count] = max(self.most[count], self.now[count])
        try:
            await asyncio.sleep(self.seconds.get(host.partition(".")[0], 0.001))
        finally:
            self.now.subtract([host, "all"])
        if "bad" in url:
            raise FetchError("no page") if "worse" not in url else ZeroDivisionError
        return Page(b"x" * self.size, url)


async def collect(names: Iterable[str], network: Network, **options: object) -> list[Given]:
    return [given async for given in download_all(named(names), network, **options)]  # type: ignore[arg-type]


def test_pages_come_in_the_order_of_their_addresses() -> None:
    names = [address(number) for number in range(50)]
    found = asyncio.run(collect(names, Network({"0": 0.1, "7": 0.05}), concurrency=10))
    assert [given.name for given in found] == names
    assert all(given.page for given in found)


def test_unordered_a_slow_host_delays_nobody() -> None:
    names = [address(number) for number in range(50)]
    found = asyncio.run(collect(names, Network({"0": 0.3}), concurrency=10, ordered=False))
    assert found[-1].name == names[0]
    assert {given.name for given in found} == set(names)


def test_in_order_a_slow_host_delays_a_window_and_no_more_is_begun() -> None:
    network = Network({"0": 0.5})

    async def run() -> None:
        pages = download_all(named(address(number) for number in range(1000)), network, concurrency=3)
        await anext(pages)
        assert len(network.started) == 3 * AHEAD
        await pages.aclose()

    asyncio.run(run())
    assert network.now["all"] == 0


def test_downloads_at_a_time_are_bounded_in_all_and_for_each_host() -> None:
    network = Network()
    asyncio.run(collect([address(number, number % 20) for number in range(100)], network, concurrency=8))
    assert network.most["all"] == 8
    network = Network()
    asyncio.run(collect([address(number, 0) for number in range(30)], network, concurrency=8))
    assert network.most["0.example"] == 1


def test_many_of_one_host_leave_room_for_others() -> None:
    names = [address(number, 1) for number in range(20)] + [address(99, 2)]
    network = Network({"1": 0.02})
    found = asyncio.run(collect(names, network, concurrency=5, ordered=False))
    assert found[0].name == names[-1]


@pytest.mark.parametrize("ordered", [True, False])
def test_what_waits_to_be_taken_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch, ordered: bool) -> None:
    monkeypatch.setattr(window, "MOST_BYTES", 1_000)
    network = Network(size=400)

    async def run() -> int:
        pages = download_all(named(address(number) for number in range(40)), network, concurrency=2, ordered=ordered)
        await anext(pages)
        await asyncio.sleep(0.1)
        begun = len(network.started)
        assert len([page async for page in pages]) == 39
        return begun

    assert asyncio.run(run()) <= 7


def test_a_failure_is_the_addresss_own() -> None:
    names = ["https://a.example/", "https://a.example/bad", "https://a.example/bad/worse", "https://b.example/"]
    found = asyncio.run(collect(names, Network()))
    assert [given.error.kind if given.error else "" for given in found] == ["", "fetch", "internal", ""]


@pytest.mark.parametrize("ordered", [True, False])
def test_what_stands_against_reading_addresses_is_raised_after_what_went_before(ordered: bool) -> None:
    async def addresses() -> AsyncIterator[Given]:
        yield Given("https://a.example/")
        raise StateError("locked")

    async def run() -> list[str]:
        pages = download_all(addresses(), Network(), ordered=ordered)
        found = [(await anext(pages)).name]
        with pytest.raises(StateError):
            await anext(pages)
        return found

    assert asyncio.run(run()) == ["https://a.example/"]


def test_who_watches_is_told_of_each_download() -> None:
    seen: list[Watched] = []
    asyncio.run(collect(["https://a.example/", "https://a.example/bad"], Network(), watch=seen.append))
    assert [(one.name, one.page is not None) for one in seen] == [
        ("https://a.example/", True),
        ("https://a.example/bad", False),
    ]
    assert all(0 < one.seconds < 5 for one in seen)
