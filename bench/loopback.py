"""An invented newspaper on 200 addresses of loopback (127.0.1.x): pages of 40 kB, each after 50 ms. It is a process of
its own, so that its time is not counted.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

ADDRESSES = [f"127.0.1.{number}" for number in range(1, 201)]
SECONDS = 0.05  # that the server takes for a page
SIZE = 40_000  # bytes of a page
DIFFERENT = 50  # pages; then they come again
LIFE = 900.0  # seconds after which it ends by itself

PLACES = (
    "Alder Quay,Birch End,Cedar Hill,Dover Street,Elm Grove,Fern Bank,Holm,Linden Park,Tarn Bridge,Westerlow".split(",")
)
PEOPLE = "Ana Brandt,Ines Marlow,Jonas Weir,Lia Anwar,Miriam Okafor,Paul Tessier,Rosa Lindqvist,Tomas Reed".split(",")
THINGS = "bridge,ferry,library,market hall,roof,school,station,swimming pool,theatre,water tower".split(",")
SENTENCES = (
    "The council of {place} decided on Tuesday night to rebuild the {thing}, which had been closed since {year}.",
    "“Nobody here expected the {thing} to last so long,” said {person}, who has lived in {place} for {number} years.",
    "It will cost {number} million euros, of which the county pays half.",
    "For {number} years the people of {place} had asked for a new {thing}, and for as long there was no money.",
    "{person}, an engineer from {place}, measured the {thing} last spring and found {number} cracks.",
    "Work begins in the autumn of {year} if the weather permits it.",
    "In a letter to the mayor, {person} and {number} others called the plan a waste, since the {thing} stands empty.",
    "What becomes of the old {thing} at {place} is for a committee under {person} to say.",
    "“We counted them twice,” {person} said, and laughed. “There were {number} the first time.”",
    "The report of {year}, which runs to {number} pages, names no one who was responsible for the {thing}.",
)


def make_page(number: int, paragraphs: int = 30) -> bytes:
    """A news page of 40 kB, the same for the same number."""
    chance = random.Random(number)

    def sentence() -> str:
        return chance.choice(SENTENCES).format(
            place=chance.choice(PLACES),
            person=chance.choice(PEOPLE),
            thing=chance.choice(THINGS),
            number=chance.randrange(2, 900),
            year=chance.randrange(1961, 2026),
        )

    def link() -> str:
        thing, place = chance.choice(THINGS), chance.choice(PLACES)
        address = f"/2026/{chance.randrange(1, 13):02}/{chance.randrange(1, 29):02}/{thing}-{place}".lower()
        return f'<li class="menu-item"><a href="{address.replace(" ", "-")}">The {thing} of {place}</a></li>'

    title = f"A new {chance.choice(THINGS)} for {chance.choice(PLACES)}"
    head = (
        f'<title>{title} | The Post</title><meta property="og:title" content="{title}"><meta property="og:type" '
        'content="article"><script type="application/ld+json">{"@context": "https://schema.org", "@type": '
        f'"NewsArticle", "headline": "{title}", "datePublished": "2026-05-11T08:30:00+01:00"}}</script>'
        f"<style>{'.menu-item { color: #123; margin: 0 } ' * 100}</style>"
    )
    text = "".join(f"<p>{' '.join(sentence() for _ in range(chance.randrange(2, 6)))}</p>" for _ in range(paragraphs))
    menu, related = ("".join(link() for _ in range(2 * paragraphs)) for _ in range(2))
    page = (
        f"<!doctype html><html lang=en><head>{head}</head><body><nav><ul>{menu}</ul></nav><main><article>"
        f"<h1>{title}</h1><p class=byline>By {chance.choice(PEOPLE)}</p>{text}</article><aside><h2>Related</h2>"
        f"<ul>{related}</ul></aside></main><footer>© 2026 The Post. All rights reserved.</footer><script>/*"
    ).encode()
    return page + b"x" * (SIZE - len(page) - 25) + b"*/</script></body></html>"


def _answer(body: bytes, kind: bytes, status: bytes = b"200 OK") -> bytes:
    head = b'HTTP/1.1 %s\r\nContent-Type: %s\r\nETag: "a"\r\nContent-Length: %d\r\n\r\n' % (status, kind, len(body))
    return head + body


def _serve(ready: Connection) -> None:
    pages, briefs = (
        [_answer(make_page(number, paragraphs), b"text/html; charset=utf-8") for number in range(DIFFERENT)]
        for paragraphs in (30, 6)
    )
    robots = _answer(b"User-agent: *\nDisallow: /search\nDisallow: /*?print=\nAllow: /\n", b"text/plain")
    nothing = _answer(b"Not found", b"text/plain", b"404 Not Found")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1]
                section, _, number = path[1:].partition(b"/")
                await asyncio.sleep(SECONDS)
                if number.isdigit():
                    writer.write((briefs if section == b"brief" else pages)[int(number) % DIFFERENT])
                else:
                    writer.write(robots if path == b"/robots.txt" else nothing)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        first = await asyncio.start_server(answer, ADDRESSES[0], 0, backlog=1024)
        port = first.sockets[0].getsockname()[1]
        await asyncio.start_server(answer, ADDRESSES[1:], port, backlog=1024)
        ready.send(port)
        await asyncio.sleep(LIFE)

    asyncio.run(run())


@contextmanager
def serving() -> Iterator[int]:
    """The newspaper's port, as long as it is needed."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    try:
        yield ours.recv()
    finally:
        server.kill()
        server.join(5)


def addresses(port: int, count: int, section: str = "story") -> list[str]:
    """So many addresses of pages, of all hosts in turn; those of the section `brief` have short articles."""
    return [f"http://{ADDRESSES[number % len(ADDRESSES)]}:{port}/{section}/{number}" for number in range(count)]
