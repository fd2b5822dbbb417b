import doctest
import importlib

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrub.html.metadata import read_metadata
from scrub.model import Metadata

URL = "https://www.example-post.org/news/2024/rain.html"


def read(html: str, url: str | None = URL) -> Metadata:
    return read_metadata(LexborHTMLParser(html), url)


@pytest.mark.parametrize("name", ["addresses", "dates", "fields", "json_text", "names", "titles"])
def test_the_examples_in_the_docstrings_come_out(name: str) -> None:
    failures, count = doctest.testmod(importlib.import_module(f"scrub.html.metadata.{name}"))
    assert failures == 0
    assert count > 0


def test_a_page_that_says_nothing_gives_nothing_but_its_address() -> None:
    assert read("<p>Rain fell.</p>") == Metadata(url=URL)


def test_an_empty_page_without_an_address_gives_nothing() -> None:
    assert read("", None) == Metadata()


def test_sources_name_where_each_field_stood() -> None:
    found = read(
        '<html lang="en"><head><title>Rain again</title><link rel="canonical" href="/rain">'
        '<meta property="og:site_name" content="The Post"><meta name="dc.creator" content="Ann Smith"></head>'
        '<body><h1>Rain again</h1><time class="published" datetime="2024-05-03">today</time></body></html>'
    )
    assert dict(found.sources) == {
        "canonical_url": "link",
        "site": "opengraph",
        "title": "heading",
        "published": "time",
        "language": "html",
        "authors": "dublin-core",
    }


def test_a_relative_canonical_address_is_resolved() -> None:
    assert read('<link rel="canonical" href="/rain?id=2">').canonical_url == "https://www.example-post.org/rain?id=2"


def test_the_base_element_resolves_addresses() -> None:
    html = '<base href="https://other.example/a/"><meta property="og:image" content="b.jpg">'
    assert read(html).image == "https://other.example/a/b.jpg"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "http://[", "", "data:,x"])
def test_an_address_that_is_not_of_the_web_is_no_canonical_address(address: str) -> None:
    assert read(f'<link rel="canonical" href="{address}">').canonical_url is None


def test_a_front_page_is_not_the_canonical_address_of_an_article() -> None:
    assert read('<link rel="canonical" href="https://www.example-post.org/">').canonical_url is None


def test_og_url_is_the_canonical_address_where_there_is_no_link() -> None:
    found = read('<meta property="og:url" content="https://example-post.org/rain">')
    assert found.canonical_url == "https://example-post.org/rain"
    assert ("canonical_url", "opengraph") in found.sources


@pytest.mark.parametrize(
    ("given", "expected"),
    [("en", "en"), ("EN_gb", "en-GB"), ("de-DE", "de-DE"), ("zh-hans-cn", "zh-Hans-CN"), ("es-419", "es-419")],
)
def test_a_language_is_written_as_bcp_47_does(given: str, expected: str) -> None:
    assert read(f'<html lang="{given}"><p>x</p></html>').language == expected


def test_the_name_of_a_language_is_not_read() -> None:
    assert read('<html lang="English"><p>x</p></html>').language is None


def test_two_places_that_agree_on_the_language_outvote_a_template() -> None:
    html = '<html lang="en"><meta property="og:locale" content="fr_FR"><meta name="language" content="fr"></html>'
    assert read(html).language == "fr-FR"


def test_the_site_is_the_publisher_where_open_graph_names_none() -> None:
    html = """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Rain",
    "publisher": {"@type": "Organization", "name": "The Post"}}</script>"""
    found = read(html)
    assert found.site == "The Post"
    assert ("site", "json-ld") in found.sources


def test_a_site_name_that_is_an_address_is_not_read() -> None:
    assert read('<meta property="og:site_name" content="https://example.org">').site is None


def test_tags_are_taken_apart_and_each_stands_once() -> None:
    assert read('<meta name="keywords" content="Rain, Floods; rain,, River">').tags == ("Rain", "Floods", "River")


def test_article_tags_go_before_keywords() -> None:
    tags = '<meta property="article:tag" content="Rain"><meta property="article:tag" content="Bonn">'
    assert read(f'<meta name="keywords" content="news">{tags}').tags == ("Rain", "Bonn")


def test_the_section_is_read() -> None:
    assert read('<meta property="article:section" content="Weather">').section == "Weather"


def test_entities_that_were_escaped_twice_are_resolved() -> None:
    assert read('<meta name="description" content="Rain &amp;amp; wind">').description == "Rain & wind"


def test_an_image_is_absolute() -> None:
    assert read('<meta property="og:image" content="/a.jpg">').image == "https://www.example-post.org/a.jpg"


def test_an_image_in_json_ld_may_be_an_object_in_a_list() -> None:
    html = """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Rain",
    "image": [{"@type": "ImageObject", "url": ["https://example.org/a.jpg"]}]}</script>"""
    assert read(html).image == "https://example.org/a.jpg"


@pytest.mark.parametrize(
    ("value", "access"),
    [
        ("false", "paywalled"),
        ('"False"', "paywalled"),
        ('"http://schema.org/False"', "paywalled"),
        ("true", "open"),
        ('"https://schema.org/True"', "open"),
        ("[false]", "paywalled"),
        ('"perhaps"', "unknown"),
        ("null", "unknown"),
        ("{}", "unknown"),
    ],
)
def test_access_is_what_json_ld_says_of_it(value: str, access: str) -> None:
    html = f'<script type="application/ld+json">{{"@type":"NewsArticle","isAccessibleForFree":{value}}}</script>'
    assert read(html).access == access


def test_a_meta_element_is_read_whichever_attribute_names_it() -> None:
    assert read('<meta name="og:description" content="Rain.">').description == "Rain."
    assert read('<meta itemprop="description" content="Rain.">').description == "Rain."
