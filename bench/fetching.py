"""How fast many pages are downloaded, by the client alone and with all that `scrub fetch` does, beside httpx and
trafilatura; and the memory that 10,000 pages take.

Pages of 40 kB on 200 addresses of loopback, each after 50 ms (`loopback.py`); nothing leaves the machine. Each way has
a process of its own, whose CPU time is shown: where workers clean, theirs is not in it. All ways take about four
minutes on two cores; WORD chooses those with it in their names.

python bench/fetching.py [WORD]
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, suppress
from copy import deepcopy
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import httpx
import trafilatura
from trafilatura.settings import DEFAULT_CONFIG

from loopback import ADDRESSES, DIFFERENT, addresses, make_page, serving
from memory import Memory
from scrub.api import load_cleaner
from scrub.cli.work import cores
from scrub.model import Page
from scrub.net import Downloader, FetchSettings
from scrub.run.articles import Outcome
from scrub.run.fetches import Downloads, Network, start_downloads
from scrub.run.processes import clean_in_processes
from scrub.run.state import State
from scrub.run.window import download_all
from scrub.sources.files import Given
from scrub.write.record import to_json_line

CONCURRENCY = 100
PATIENCE = 80.0  # seconds after which a way is broken off, and judged by what has come
LITTLE_PATIENCE = 8.0
SETTINGS = FetchSettings(allow_private=True, concurrency=CONCURRENCY, delay=0)
POLITE = replace(SETTINGS, concurrency=len(ADDRESSES), delay=1)  # which allows as many pages a second


class Came:
    """Notes the pages that come, and what they take from `begin` to `end`."""

    def __init__(self) -> None:
        self.pages = 0
        self.wall = self.cpu = 0.0

    def begin(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def __call__(self, is_page: object) -> None:
        self.pages += bool(is_page)

    def end(self) -> None:
        self.wall, self.cpu = time.perf_counter() - self.wall, time.process_time() - self.cpu

    @property
    def rate(self) -> float:
        return self.pages / self.wall

    def __str__(self) -> str:
        each = f"{1000 * self.cpu / self.pages:7.2f} ms" if self.pages else f"{'':10}"
        return f"{self.rate:6.0f} pages/s {each}   {self.pages:5}"


Way = Callable[[list[str], Came], Coroutine[None, None, None] | None]


async def gather(urls: list[str], came: Came, at_once: int | None = None) -> None:
    """What a program writes that knows httpx: one client, and everything at once or so many."""
    room = asyncio.Semaphore(at_once or len(urls))

    async def get(url: str) -> None:
        async with room:
            came((await client.get(url)).content)

    limits = httpx.Limits(max_connections=CONCURRENCY)
    async with httpx.AsyncClient(limits=limits, timeout=PATIENCE) as client:
        await asyncio.gather(*map(get, urls))


def threads(urls: list[str], came: Came) -> None:
    """Trafilatura's own downloader, in as many threads."""
    config = deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "SSRF_PROTECTION", "off")  # which keeps it off loopback
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        for text in pool.map(partial(trafilatura.fetch_url, config=config), urls):
            came(text)


async def client_alone(urls: list[str], came: Came) -> None:
    """The guarded client and nothing else."""
    room = asyncio.Semaphore(CONCURRENCY)

    async def get(url: str) -> None:
        async with room:
            came(await download(url))

    async with Downloader(replace(SETTINGS, ignore_robots=True)) as download:
        await asyncio.gather(*map(get, urls))


async def window(urls: list[str], came: Came, settings: FetchSettings = SETTINGS, *, cached: bool = False) -> None:
    """The client behind robots.txt, with the window and the state."""

    async def claimed() -> AsyncIterator[Given]:
        for url in urls:
            if state.claim(url):
                yield Given(url)

    with tempfile.TemporaryDirectory() as folder, State(Path(folder) / "state.db") as state:
        settings = replace(settings, cache=Path(folder)) if cached else settings
        async with Downloader(settings) as download:
            async for given in download_all(claimed(), download, concurrency=settings.concurrency):
                came(given.page)
                state.settle(Outcome(given.name, error=given.error, digest="x"), None)


def extract(pages: Iterable[Given], came: Came) -> Iterator[Outcome]:
    """Clean pages on all cores, once the processes are ready."""
    start = partial(start_downloads, load_cleaner, to_json_line)
    with closing(clean_in_processes(([page] for page in pages), start, cores())) as outcomes:
        for number, outcome in enumerate(outcomes):
            if not number:
                came.begin()
            came(outcome.content)
            yield outcome
            if time.perf_counter() - came.wall > PATIENCE:
                return


def extract_alone(urls: list[str], came: Came) -> None:
    """Pages that are there already."""
    bodies = [make_page(number) for number in range(DIFFERENT)]
    pages = (Given(url, page=Page(bodies[number % DIFFERENT], url=url)) for number, url in enumerate(urls))
    for _ in extract(pages, came):
        pass


def fetch(urls: list[str], came: Came) -> None:
    """All that `scrub fetch --state` does, but for writing."""
    with tempfile.TemporaryDirectory() as folder, State(Path(folder) / "state.db") as state:
        claimed = (Given(url) for url in urls if state.claim(url))
        with Downloads(claimed, Network(partial(Downloader, SETTINGS), CONCURRENCY)) as downloads:
            for outcome in extract(downloads, came):
                state.settle(outcome, None)


class Row(NamedTuple):
    name: str
    way: Way
    pages: int = 2_000
    patience: float = PATIENCE
    section: str = "story"
    runs: int = 1


ROWS = (
    Row("httpx, one client, gather", gather, patience=LITTLE_PATIENCE),
    Row(f"httpx, {CONCURRENCY} at a time", partial(gather, at_once=CONCURRENCY), patience=LITTLE_PATIENCE),
    Row(f"trafilatura.fetch_url, {CONCURRENCY} threads", threads),
    Row("scrub's client alone", client_alone),
    Row("  with robots, window and state", window),
    Row("  and with an empty cache", partial(window, cached=True)),
    Row("  and with a delay of 1 s a host", partial(window, settings=POLITE), 1_000),
    Row("extraction alone, all cores", extract_alone, 1_000, runs=2),
    Row("download and extraction", fetch, 1_000, runs=2),
    Row("the same, short articles", fetch, 10_000, section="brief"),
)  # fmt: skip


def measure(row: Row, port: int) -> str:
    """The figures of a way's best run, after a few pages with which it loads what it needs."""
    urls = addresses(port, row.pages, row.section)
    _run(row.way, urls[-20:], Came(), PATIENCE)
    runs = [Came() for _ in range(row.runs)]
    with Memory(lambda: runs[-1].pages / row.pages) as memory:
        for came in runs:
            came.begin()
            _run(row.way, urls, came, row.patience)
            came.end()
    return f"{max(runs, key=lambda came: came.rate)} of {row.pages:5}   {memory}"


def _run(way: Way, urls: list[str], came: Came, patience: float) -> None:
    doing = way(urls, came)
    if doing is not None:
        with suppress(TimeoutError):
            asyncio.run(asyncio.wait_for(doing, patience))


def main() -> None:
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    context = multiprocessing.get_context("spawn")
    print(f"{'':<52}CPU/page   {'':<19}memory in MB, after a quarter -> at most")
    with serving() as port, ProcessPoolExecutor(1, context, max_tasks_per_child=1) as apart:
        for row in (row for row in ROWS if word in row.name):
            print(f"{row.name:<34}{apart.submit(measure, row, port).result()}", flush=True)


if __name__ == "__main__":
    main()
