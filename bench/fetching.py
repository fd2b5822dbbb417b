"""How fast many pages are downloaded: pages a second and CPU time a page, beside httpx alone and trafilatura.

2,000 pages of 40 kB over 200 addresses of loopback (127.0.1.x), each page after 50 ms. The server is a process of its
own, so that its time is not counted. Nothing leaves the machine.

python bench/fetching.py [PAGES]
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import deepcopy
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
import trafilatura
from trafilatura.settings import DEFAULT_CONFIG

from scrub.net import Downloader, FetchSettings
from scrub.run.articles import Outcome
from scrub.run.state import State
from scrub.run.window import download_all
from scrub.sources.files import Given

PAGES = 2_000
ADDRESSES = [f"127.0.1.{number}" for number in range(1, 201)]
SECONDS = 0.05  # that the server takes for a page
CONCURRENCY = 100
PATIENCE = 45.0  # seconds after which a way is given up

BODY = b"<html><head><title>Bridge</title></head><body><p>" + b"The bridge is open. " * 2_000 + b"</p></body></html>"
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: \"a\"\r\nContent-Length: %d\r\n\r\n" % len(BODY)
) + BODY  # fmt: skip


def serve(ready: Connection) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(SECONDS)
                writer.write(ANSWER)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        first = await asyncio.start_server(answer, ADDRESSES[0], 0, backlog=1024)
        port = first.sockets[0].getsockname()[1]
        await asyncio.start_server(answer, ADDRESSES[1:], port, backlog=1024)
        ready.send(port)
        await asyncio.sleep(20 * PATIENCE)

    asyncio.run(run())


Way = Callable[[list[str], list[int]], Awaitable[None]]  # to download addresses, noting the size of each that came


async def gather(urls: list[str], sizes: list[int]) -> None:
    """What a program writes that knows httpx: one client, everything at once."""

    async def get(url: str) -> None:
        sizes.append(len((await client.get(url)).content))

    limits = httpx.Limits(max_connections=CONCURRENCY)
    async with httpx.AsyncClient(limits=limits, timeout=PATIENCE) as client:
        await asyncio.gather(*map(get, urls))


async def scrub(urls: list[str], sizes: list[int], cache: Path | None = None, state: State | None = None) -> None:
    """The guarded client with its window."""

    async def addresses() -> AsyncIterator[Given]:
        for url in urls:
            if state is None or state.claim(url):
                yield Given(url)

    settings = FetchSettings(allow_private=True, concurrency=CONCURRENCY, delay=0, ignore_robots=True, cache=cache)
    async with Downloader(settings) as download:
        async for given in download_all(addresses(), download, concurrency=CONCURRENCY):
            if given.page is not None:
                sizes.append(len(given.page.body))
            if state is not None:
                state.settle(Outcome(given.name, error=given.error, digest="x"), None)


async def threads(urls: list[str], sizes: list[int]) -> None:
    """Trafilatura's own downloader, with as many threads."""

    config = deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "SSRF_PROTECTION", "off")  # which keeps it off loopback

    def get(url: str) -> None:
        sizes.append(len(trafilatura.fetch_url(url, config=config) or ""))

    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        await asyncio.gather(*(loop.run_in_executor(pool, get, url) for url in urls))


def measure(name: str, way: Way, urls: list[str]) -> None:
    sizes: list[int] = []

    async def bounded() -> None:
        async with asyncio.timeout(PATIENCE):
            await way(urls, sizes)

    wall, cpu = time.perf_counter(), time.process_time()
    with suppress(TimeoutError):
        asyncio.run(bounded())
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    came = sizes.count(len(BODY))
    each = 1000 * cpu / max(came, 1)
    print(f"{name:<32} {came / wall:6.0f} pages/s {each:7.2f} ms CPU a page  {came} of {len(urls)}", flush=True)


def main() -> None:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    port = ours.recv()
    urls = [f"http://{ADDRESSES[number % len(ADDRESSES)]}:{port}/story/{number}" for number in range(pages)]
    with tempfile.TemporaryDirectory() as folder, State(Path(folder) / "state.db") as state:
        cache = Path(folder) / "cache"
        asyncio.run(scrub(urls[:50], []))  # what is loaded once
        measure("httpx, one client, gather", gather, urls)
        measure("scrub, the client alone", scrub, urls)
        measure("scrub, with state", partial(scrub, state=state), urls)
        measure("scrub, with an empty cache", partial(scrub, cache=cache), urls)
        measure("trafilatura.fetch_url, threads", threads, urls)
    server.kill()
    server.join(5)


if __name__ == "__main__":
    main()
