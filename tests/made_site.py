"""An invented newspaper of some 300 pages on loopback: a feed, sitemaps, sections, redirects, and what fails."""

from __future__ import annotations

import contextlib
import gzip
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import NamedTuple

from net_servers import SITE_FILES, Server, answer, listen, read_head, redirect

NOW = datetime(2024, 3, 31, 18, 0, tzinfo=UTC)
PLACES = "Alder Birch Cedar Dover Elm Fern Grove Heath Iris Juniper Kestrel Linden".split()
SUBJECTS = "bridge ferry library market school station theatre tower".split()
SECTIONS = {"politics": "Politics", "sport": "Sport", "culture": "Culture"}
SENTENCE = "The council met on Monday evening and decided after a long debate to build it over the river this year."


class Story(NamedTuple):
    path: str
    title: str
    published: datetime
    section: str


def _story(number: int) -> Story:
    published = NOW - timedelta(hours=6 * number)
    place, subject = PLACES[number % len(PLACES)], SUBJECTS[number % len(SUBJECTS)]
    section = list(SECTIONS)[number % len(SECTIONS)]
    title = f"{place} to have a new {subject} within {number + 2} weeks"
    slug = title.lower().replace(" ", "-")
    return Story(f"/{section}/{published:%Y/%m/%d}/{slug}", title, published, section)


STORIES = [_story(number) for number in range(240)]  # newest first
IN_FEED, IN_NEWS = STORIES[:15], STORIES[:30]


def _page(title: str, body: str, head: str = "") -> bytes:
    menu = "".join(f'<li><a href="/{path}">{name}</a></li>' for path, name in SECTIONS.items())
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body>"
        f'<header><nav><a href="/">Home</a><ul>{menu}</ul></nav></header>{body}'
        '<footer><a href="/privacy">How we use your data and why</a><a href="/about">About</a></footer></body></html>'
    ).encode()


def _teasers(stories: list[Story]) -> str:
    return "<main>" + "".join(
        f'<article><a href="{story.path}"><img src="/{at}.jpg"></a><h3><a href="{story.path}?utm_source=front#top">'
        f'{story.title}</a></h3><a href="/author/ann-smith-our-correspondent-abroad">Ann Smith, our correspondent abroad</a>'
        f'<a href="/tag/{story.section}">{story.section}</a></article>'
        for at, story in enumerate(stories)
    ) + '<div><h3><a href="https://ads.example/2024/03/31/win-a-trip-to-the-sea">Win a trip to the sea today</a></h3></div></main>'  # fmt: skip


def _article(story: Story) -> bytes:
    body = "".join(
        f"<p>{SENTENCE} {words}.</p>" for words in ("It opens soon", "Nobody spoke against it", "It costs much")
    )
    return _page(story.title, f"<article><h1>{story.title}</h1>{body}</article>")


def _rss(stories: list[Story], origin: str) -> bytes:
    items = "".join(
        f"<item><title><![CDATA[{story.title}]]></title><link>{origin}{story.path}?utm_source=rss&amp;utm_medium=feed</link>"
        f"<pubDate>{format_datetime(story.published)}</pubDate></item>"
        for story in stories
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title>{items}</channel></rss>'.encode()


def _news(stories: list[Story], origin: str) -> bytes:
    records = "".join(
        f"<url><loc>{origin}{story.path}</loc><news:news><news:publication_date>{story.published.isoformat()}"
        f"</news:publication_date><news:title>{story.title}</news:title></news:news></url>"
        for story in stories
    )
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return gzip.compress(f'<?xml version="1.0"?><urlset {spaces}>{records}</urlset>'.encode())


def _sitemap(stories: list[Story], origin: str) -> bytes:
    lists = [f"{origin}/{section}" for section in SECTIONS] + [f"{origin}/tag/a-tag-of-four-words", f"{origin}/"]
    records = "".join(f"<url><loc>{address}</loc></url>" for address in lists)
    records += "".join(
        f"<url><loc>{origin}{story.path}</loc><lastmod>{story.published:%Y-%m-%d}</lastmod></url>" for story in stories
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{records}</urlset>'.encode()


def _index(origin: str) -> bytes:
    named = {
        "/sitemaps/gone.xml": "2024-03-31",
        "/sitemaps/broken.xml": "2024-03-31",
        "/category-sitemap.xml": "2024-03-31",
        "/sitemaps/2024-01.xml": "2024-01-31",
        "/sitemaps/2024-02.xml": "2024-02-28",
        "/sitemaps/2024-03.xml": "2024-03-31",
        "/sitemaps/news.xml.gz": "2024-03-31",
    }
    records = "".join(
        f"<sitemap><loc>{origin}{path}</loc><lastmod>{day}</lastmod></sitemap>" for path, day in named.items()
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{records}</sitemapindex>'.encode()


def newspaper(origin: str) -> dict[str, bytes]:
    """What stands at each path."""
    feeds = (
        '<link rel="alternate" type="application/rss+xml" title="Post" href="/feed">'
        '<link rel="alternate" type="application/rss+xml" title="Post - Comments" href="/comments/feed">'
    )
    xml = "application/xml"
    site = {
        "/": answer(_page("The Post", _teasers(STORIES[:12]), feeds)),
        "/feed": redirect("/feed.xml"),
        "/feed.xml": answer(_rss(IN_FEED, origin), content_type="application/rss+xml; charset=utf-8"),
        "/robots.txt": answer(
            f"User-agent: *\nDisallow: /admin\nSITEMAP: {origin}/sitemap_index.xml # all\n".encode(),
            content_type="text/plain",
        ),
        "/sitemap_index.xml": answer(_index(origin), content_type=xml),
        "/sitemaps/news.xml.gz": answer(_news(IN_NEWS, origin), content_type="application/octet-stream"),
        "/sitemaps/broken.xml": answer(b"<urlset><url><loc>", content_type=xml),
        "/privacy": answer(_page("Privacy", "<p>We keep nothing.</p>")),
        "/about": answer(_page("About", "<p>We are a newspaper.</p>")),
    }
    for month in ("2024-01", "2024-02", "2024-03"):
        stories = [story for story in STORIES if f"{story.published:%Y-%m}" == month]
        site[f"/sitemaps/{month}.xml"] = answer(_sitemap(stories, origin), content_type="text/xml")
    for section, name in SECTIONS.items():
        stories = [story for story in STORIES if story.section == section][:20]
        site[f"/{section}"] = answer(_page(name, _teasers(stories)))
        site[f"/tag/{section}"] = answer(_page(name, _teasers(stories)))
    return site | {story.path: answer(_article(story)) for story in STORIES}


@contextlib.contextmanager
def serve_site(changes: dict[str, bytes] | None = None) -> Iterator[Server]:
    """Serve the newspaper with some paths changed; any other path is not found, and nothing speaks TLS."""
    pages: dict[str, bytes] = {}

    def handle(connection: socket.socket, server: Server) -> None:
        if connection.recv(1, socket.MSG_PEEK) == b"\x16":  # the start of a TLS handshake
            return
        head = read_head(connection)
        asked = head.split(b" ")[1].decode()
        server.asked.append(asked)
        path = asked.partition("?")[0]
        if path not in SITE_FILES:
            server.requests.append(asked)
        connection.sendall(pages.get(path, answer(b"<p>Not found</p>", status="404 Not Found")))
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)

    with listen(handle) as server:
        pages |= newspaper(server.url("")) | (changes or {})
        yield server
