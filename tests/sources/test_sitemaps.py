"""Sitemaps: lists of addresses, of news, of further sitemaps, packed or not, and what pretends to be one."""

from __future__ import annotations

import contextlib
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.errors import NoLinksError, ScrubError, TooLargeError
from scrub.model import Page
from scrub.sources.links import Link
from scrub.sources.sitemaps import Further, Sitemap, is_sitemap, named_sitemaps, read_sitemap

SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
STORY = "https://news.example/2024/05/03/rain"
BASE = "https://news.example/sitemap.xml"


def read(body: str | bytes) -> Sitemap:
    return read_sitemap(Page(body if isinstance(body, bytes) else body.encode(), url=BASE))


def test_articles_are_told_from_sections_by_the_shape_of_their_address() -> None:
    others = ["/", "/sport", "/tag/four-words-of-a-tag", "/author/123456", "/picture-1234567.jpg", "/2024/05/"]
    articles = [
        "/2024/05/03/rain",
        "/sport/4711122",
        "/rain-falls-on-the-hills",
        "/news/c4gz1x2yzy5o",
        "/s.php?id=4711",
    ]
    records = "".join(f"<url><loc>https://news.example{path}</loc></url>" for path in [*others, *articles])
    found = read(f"<urlset {SPACE}>{records}</urlset>")
    assert [link.url for link in found.links] == [f"https://news.example{path}" for path in articles]


def test_a_news_sitemap_gives_titles_and_dates_of_every_address() -> None:
    found = read(
        f"<urlset {SPACE} {NEWS}><url><loc> https://news.example/rain </loc><lastmod>2024-05-04</lastmod><news:news>"
        "<news:publication><news:name>Post</news:name></news:publication><news:title>Rain &amp; snow</news:title>"
        "<news:publication_date>2024-05-03T06:00:00+02:00</news:publication_date></news:news></url></urlset>"
    )
    assert found.links == (
        Link("https://news.example/rain", "news-sitemap", "Rain & snow", "2024-05-03T06:00:00+02:00", "2024-05-04"),
    )


def test_news_is_known_by_its_namespace_and_without_one_by_its_prefix() -> None:
    for space, prefix in ((NEWS.replace("xmlns:news", "xmlns:n"), "n"), ("", "news")):
        inner = f"<{prefix}:news><{prefix}:publication_date>2024-05-03</{prefix}:publication_date></{prefix}:news>"
        found = read(f"<urlset {SPACE} {space}><url><loc>{STORY}</loc>{inner}</url></urlset>")
        assert found.links == (Link(STORY, "news-sitemap", None, "2024-05-03"),)


def test_addresses_of_pictures_and_films_are_not_the_articles() -> None:
    image = "<image:image><image:loc>https://news.example/2024/05/03/x.jpg</image:loc></image:image>"
    found = read(
        f'<urlset {SPACE} xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url>{image}<loc>{STORY}</loc>{image}'
        '<xhtml:link xmlns:xhtml="http://www.w3.org/1999/xhtml" href="https://news.example/de"/></url></urlset>'
    )
    assert found.links == (Link(STORY, "sitemap"),)


def test_an_index_gives_further_sitemaps() -> None:
    found = read(
        f"<sitemapindex {SPACE}><sitemap><loc>/a.xml</loc><lastmod>2024-05-03</lastmod></sitemap>"
        "<sitemap><loc>javascript:x</loc></sitemap><sitemap><loc>https://cdn.example/b.xml.gz</loc></sitemap></sitemapindex>"
    )
    assert found == Sitemap(
        (), (Further("https://news.example/a.xml", "2024-05-03"), Further("https://cdn.example/b.xml.gz"))
    )


def test_a_packed_sitemap_is_unpacked_within_a_limit() -> None:
    body = f"<urlset {SPACE}><url><loc>{STORY}</loc></url></urlset>".encode()
    assert read(gzip.compress(body)).links == (Link(STORY, "sitemap"),)
    with pytest.raises(TooLargeError):
        read_sitemap(Page(gzip.compress(b" " * 2_000_000), url=BASE), most_bytes=1_000_000)
    with pytest.raises(ScrubError, match="gzip"):
        read(gzip.compress(body)[:-9])


def test_a_plain_list_of_addresses_is_a_sitemap() -> None:
    assert read(f"\n{STORY}\nhttps://news.example/sport\r\n").links == (Link(STORY, "sitemap"),)
    assert is_sitemap(Page(STORY.encode()))
    assert not is_sitemap(Page(f"{STORY}\nand some words".encode()))


@pytest.mark.parametrize(
    "body", ["", "words", "<html><body><url><loc>/a</loc></url></body></html>", "<rss></rss>", "{}"]
)
def test_what_is_no_sitemap_is_told(body: str) -> None:
    with pytest.raises(NoLinksError):
        read(body)


def test_entities_of_its_own_make_a_sitemap_refused() -> None:
    with pytest.raises(NoLinksError, match="entities"):
        read(
            f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset {SPACE}><url><loc>&a;</loc></url></urlset>'
        )


def test_robots_txt_names_sitemaps_in_any_case_and_only_on_lines_of_their_own() -> None:
    robots = "User-agent: *\r\nDisallow: /\r\n# Sitemap: /no.xml\r\nSITEMAP : /a.xml # all\r\n sitemap:https://cdn.example/b\r\nSitemap:\r\nSitemap: /a.xml"
    assert named_sitemaps(robots, BASE) == ["https://news.example/a.xml", "https://cdn.example/b"]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_sitemap_or_refused(body: bytes) -> None:
    for start in (b"", b"<urlset><url><loc>", b"\x1f\x8b\x08", b"https://news.example/ "):
        with contextlib.suppress(ScrubError):
            read(start + body)
