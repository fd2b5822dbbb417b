"""Feeds of every kind, as sites serve them, and as they should not."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.errors import NoLinksError, ScrubError
from scrub.model import Page
from scrub.sources.feeds import is_feed, read_feed
from scrub.sources.links import Link

BASE = "https://news.example/feeds/all"
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


def read(body: str | bytes, content_type: str | None = None) -> list[Link]:
    return read_feed(Page(body if isinstance(body, bytes) else body.encode(), url=BASE, content_type=content_type))


def rss(*items: str, head: str = "") -> str:
    return f'{head}<rss version="2.0"><channel><title>Post</title><link>https://news.example/</link>{"".join(items)}</channel></rss>'


def entry(inner: str) -> Link:
    [link] = read(rss(f"<item>{inner}</item>"))
    return link


def test_rss_gives_address_title_and_date() -> None:
    link = entry(
        "<title>Rain</title><link>https://news.example/a</link><pubDate>Fri, 03 May 2024 15:47:42 +0200</pubDate>"
    )
    assert link == Link("https://news.example/a", "feed", "Rain", "2024-05-03T15:47:42+02:00")


def test_rss_091_with_a_document_type_and_rss_1_with_namespaces_are_read() -> None:
    old = rss(
        "<item><title>Rain</title><link>https://news.example/a</link></item>", head='<!DOCTYPE rss SYSTEM "x.dtd">'
    )
    assert read(old) == [Link("https://news.example/a", "feed", "Rain")]
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Post</title><link>https://news.example/</link></channel>'
        "<item><title>Rain</title><link>https://news.example/a</link><dc:date>2024-05-03T15:47Z</dc:date></item></rdf:RDF>"
    )
    assert read(rdf) == [Link("https://news.example/a", "feed", "Rain", "2024-05-03T15:47:00+00:00")]


def test_comments_and_instructions_before_a_feed_do_not_hide_it() -> None:
    head = '<?xml version="1.0"?>\n<?xml-stylesheet href="x.xsl"?>\n<!-- <html> generator -->\n'
    assert [link.url for link in read(rss("<item><link>/a</link></item>", head=head))] == ["https://news.example/a"]


def test_atom_gives_the_alternate_page_and_both_dates() -> None:
    feed = (
        f'<feed {ATOM}><link href="https://news.example/"/><entry><title type="html">&lt;b&gt;Rain&lt;/b&gt; &amp;amp; snow</title>'
        '<link rel="replies" href="/a#comments"/><link rel="alternate" type="application/pdf" href="/a.pdf"/>'
        '<link rel="alternate" type="text/html" href="/a"/><source><title>Other</title><link href="/no"/></source>'
        "<updated>2024-05-04T00:00:00Z</updated><published>2024-05-03T00:00:00Z</published></entry></feed>"
    )
    published, modified = "2024-05-03T00:00:00+00:00", "2024-05-04T00:00:00+00:00"
    assert read(feed) == [Link("https://news.example/a", "feed", "Rain & snow", published, modified)]


def test_atom_with_a_prefix_and_xml_base_is_read() -> None:
    feed = (
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:base="https://other.example/x/"><a:entry xml:base="2024/">'
        '<a:title>Rain</a:title><a:link href="rain"/></a:entry></a:feed>'
    )
    assert read(feed) == [Link("https://other.example/x/2024/rain", "feed", "Rain")]


def test_json_feed_is_read_and_broken_items_are_passed_over() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {"id": 1, "url": "/a", "title": "Rain", "date_published": "2024-05-03T15:47:42Z"},
            {"id": 2, "title": "no address"},
            {"id": 3, "url": ["no"], "external_url": "https://other.example/b", "title": 7},
            "no object",
        ],
    }
    assert read(json.dumps(feed), "application/feed+json") == [
        Link("https://news.example/a", "feed", "Rain", "2024-05-03T15:47:42+00:00"),
        Link("https://other.example/b", "feed"),
    ]


def test_the_articles_address_goes_before_the_counters() -> None:
    link = entry(
        "<link>https://count.example/~r/1</link>"
        '<f:origLink xmlns:f="http://rssnamespace.org/feedburner/ext/1.0">https://news.example/a</f:origLink>'
    )
    assert link.url == "https://news.example/a"


def test_a_permanent_id_stands_in_for_a_link_and_another_id_does_not() -> None:
    assert entry("<title>Rain</title><guid>https://news.example/a</guid>").url == "https://news.example/a"
    assert read(rss('<item><title>Rain</title><guid isPermaLink="false">https://news.example/a</guid></item>')) == []


def test_titles_of_pictures_and_links_of_atom_within_rss_are_not_taken_for_the_items() -> None:
    link = entry(
        '<media:title xmlns:media="http://search.yahoo.com/mrss/">A picture</media:title><title>Rain</title>'
        '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="/feed"/><link>/a</link>'
    )
    assert (link.url, link.title) == ("https://news.example/a", "Rain")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<![CDATA[Rain &amp; <i>snow</i>]]>", "Rain & snow"),
        ("Rain &amp;amp; snow", "Rain & snow"),
        ("Rain & snow", "Rain & snow"),
        ("Caf&eacute; &nbsp; &hellip;", "Café …"),
        ("5 &lt; 6 and 7 &gt; 3", "5 < 6 and 7 > 3"),
        ("\n  Rain\n  and snow ", "Rain and snow"),
        ("Rain\x08 &#8211; snow", "Rain – snow"),
        ("", None),
    ],
)
def test_a_title_is_its_words(written: str, meant: str | None) -> None:
    assert entry(f"<title>{written}</title><link>/a</link>").title == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/a?b=1&c=2&copy=3", "https://news.example/a?b=1&c=2&copy=3"),
        ("<![CDATA[ /a?b=1&amp;c=2 ]]>", "https://news.example/a?b=1&c=2"),
        ("\n https://news.example/a b \n", "https://news.example/a%20b"),
        ("//news.example/ä", "https://news.example/ä"),
    ],
)
def test_an_address_is_what_a_reader_would_open(written: str, meant: str) -> None:
    assert entry(f"<link>{written}</link>").url == meant


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "mailto:a@news.example", "https://", "https://a@b.example/", "http://[x/", "file:///a"],
)
def test_what_is_no_web_address_is_left_out(link: str) -> None:
    assert read(rss(f"<item><link>{link}</link></item>")) == []


def test_the_encoding_is_the_bytes_own() -> None:
    text = rss("<item><title>Grüße</title><link>/a</link></item>", head='<?xml version="1.0" encoding="ISO-8859-1"?>')
    assert read(text.encode("latin-1"))[0].title == "Grüße"
    assert read(text.encode(), "text/xml; charset=iso-8859-1")[0].title == "Grüße"
    assert read(b"\xef\xbb\xbf\n" + text.encode())[0].title == "Grüße"


def test_a_feed_that_breaks_off_gives_what_came_before() -> None:
    broken = rss(
        "<item><title>Rain</title><link>/a</link></item>", "<item><title>Snow</title><link>/b</link></item><it"
    )
    assert [link.url for link in read(broken[: broken.rindex("<it")])] == [
        "https://news.example/a",
        "https://news.example/b",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<!doctype html><html><head><title>404</title></head></html>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><body><item><link>/a</link></item></body></html>",
        "",
        "Not found",
        '{"items": []}',
        '{"version": "https://jsonfeed.org/version/1", "items": [',
        '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000,
        "<urlset><url><loc>https://news.example/a</loc></url></urlset>",
    ],
)
def test_what_is_no_feed_is_told(body: str) -> None:
    with pytest.raises(NoLinksError):
        read(body)


def test_entities_of_its_own_make_a_feed_refused() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = rss("<item><title>&l9;</title><link>/a</link></item>", head=f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>')
    outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    for hostile in (bomb, rss("<item><title>&f;</title><link>/a</link></item>", head=outside)):
        with pytest.raises(NoLinksError, match="entities"):
            read(hostile)


@pytest.mark.parametrize(
    "middle",
    ["<x>" * 200_000, "<item><link>/a</link></item>" * 20_000, "&" * 1_000_000, "<![CDATA[" * 200_000, "<x/>" * 300_000,
     "<x " + " ".join(f"a{n}='1'" for n in range(100_000)) + "/>", "<!--" * 200_000],
)  # fmt: skip
def test_a_hostile_feed_takes_bounded_time(middle: str) -> None:
    started = time.process_time()
    with contextlib.suppress(NoLinksError):
        assert len(read(rss(middle))) <= 10_000
    assert time.process_time() - started < 20


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for start in (b"", b"<rss><item><link>/a</link>", b'{"version": "https://jsonfeed.org/version/1", "items": ['):
        try:
            is_feed(Page(start + body))
            read(start + body)
        except ScrubError:
            pass
