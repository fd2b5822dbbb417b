"""What may come where feeds and sitemaps are asked for, and where pages are."""

from __future__ import annotations

import gzip

import pytest
from net_servers import answer, fetch, serve

from scrub.errors import EmptyError, NotAPageError

RSS = b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>'
TEXTS = [
    ("application/rss+xml", RSS),
    ("application/xml; charset=utf-8", b"<urlset/>"),
    ("text/xml", RSS),
    ("text/html", RSS),
    ("text/plain", b"User-agent: *\nSitemap: /sitemap.xml\n"),
    ("application/feed+json", b'{"version": "https://jsonfeed.org/version/1.1"}'),
    ("application/json", b'{"version": "https://jsonfeed.org/version/1.1"}'),
    ("application/x-gzip", gzip.compress(b"<urlset/>", mtime=0)),
    ("application/octet-stream", gzip.compress(b"<urlset/>", mtime=0)),
    (None, gzip.compress(b"<urlset/>", mtime=0)),
    ("text/html", b"<p>A page</p>"),
]


@pytest.mark.parametrize(("content_type", "body"), TEXTS)
def test_feeds_and_sitemaps_come_as_any_text(content_type: str | None, body: bytes) -> None:
    with serve(answer(body, content_type=content_type)) as server:
        assert fetch(server.url(), accept="any-text").body == body


@pytest.mark.parametrize(("content_type", "body"), [text for text in TEXTS[:-1] if text[0] != "text/plain"])
def test_where_a_page_is_wanted_they_do_not(content_type: str | None, body: bytes) -> None:
    with serve(answer(body, content_type=content_type)) as server, pytest.raises(NotAPageError):
        fetch(server.url())


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("image/png", b"\x89PNG\r\n\x1a\n"), ("text/html", b"\x89PNG\r\n\x1a\n"), ("application/pdf", b"%PDF-1.7"),
     ("application/xml", b"<svg xmlns='x'/>"), ("application/zip", b"PK\x03\x04"), ("text/xml", b"PK\x03\x04")],
)  # fmt: skip
def test_pictures_and_archives_come_as_neither(content_type: str, body: bytes) -> None:
    with serve(answer(body, content_type=content_type)) as server, pytest.raises(NotAPageError):
        fetch(server.url(), accept="any-text")


def test_nothing_is_still_nothing() -> None:
    with serve(answer(b" \n", content_type="text/xml")) as server, pytest.raises(EmptyError):
        fetch(server.url(), accept="any-text")
