import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scrub.html.metadata import read_metadata
from scrub.html.metadata.json_text import is_deep, read_json
from scrub.model import Metadata

URL = "https://the-post.example/rain"


def read(script: str, body: str = "", url: str | None = URL) -> Metadata:
    html = f'<script type="application/ld+json">{script}</script>{body}'
    return read_metadata(LexborHTMLParser(html), url)


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Rain",}',
        '[{"@type": "NewsArticle", "headline": "Rain"},]',
        '<!-- {"@type": "NewsArticle", "headline": "Rain"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Rain"}\n//]]>',
        '{"@type": "NewsArticle", /* why */ "headline": "Rain" // here\n}',
        '{"@type": "NewsArticle", "description": "a\nb\tc", "headline": "Rain"}',
        '{"@type": "NewsArticle", "description": "it\\\'s \\x", "headline": "Rain"}',
        '{"@type": "NewsArticle", "headline": "Rain"};',
        '{"@type": "WebSite"} {"@type": "NewsArticle", "headline": "Rain"}',
        '{"@type": "NewsArticle", "headline": "Rain"} and then nonsense',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Rain&quot;}",
        '\ufeff{"@type": "https://schema.org/NewsArticle", "headline": "Rain"}',
        '{"@graph": [{"@type": ["Thing", "NewsArticle"], "headline": "Rain"}]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "Rain"}}',
    ],
)
def test_json_that_pages_break_is_read_all_the_same(script: str) -> None:
    assert read(script).title == "Rain"


def test_a_comment_s_marks_inside_a_string_stay() -> None:
    assert read_json('{"a": "http://x // y /* z */ ,]",}') == [{"a": "http://x // y /* z */ ,]"}]


@pytest.mark.parametrize("script", ["", "   ", "{", "null", "function() {}", '{"a": "b', "<!-- -->", "[[[", "{]"])
def test_what_is_no_json_gives_nothing(script: str) -> None:
    assert read(script) == Metadata(url=URL)


def articles(*nodes: dict[str, object]) -> str:
    return json.dumps([{"@type": "NewsArticle"} | node for node in nodes])


def test_of_several_articles_the_one_with_the_page_s_address_is_chosen() -> None:
    script = articles(
        {"url": "https://the-post.example/snow", "author": "Bob Jones"},
        {"mainEntityOfPage": {"@id": "http://www.the-post.example/rain/?x=1"}, "author": "Ann Smith"},
    )
    assert read(script).authors == ("Ann Smith",)


def test_of_several_articles_the_one_with_the_page_s_headline_is_chosen() -> None:
    script = articles({"headline": "Snow", "author": "Bob Jones"}, {"headline": "Rain", "author": "Ann Smith"})
    assert read(script, "<h1>Rain</h1>").authors == ("Ann Smith",)


def test_of_several_articles_that_do_not_match_none_is_chosen() -> None:
    script = articles({"headline": "Snow", "author": "Bob Jones"}, {"headline": "Hail", "author": "Ann Smith"})
    assert read(script, "<h1>Rain</h1>").authors == ()


def test_a_related_article_is_not_the_page_s_own() -> None:
    item = {"@type": "NewsArticle", "headline": "Snow", "author": "Bob Jones"}
    script = json.dumps({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": item}]})
    assert read(script, "<h1>Rain</h1>").authors == ()


def test_a_web_page_s_date_stands_in_for_the_article_s() -> None:
    graph = [{"@type": "NewsArticle", "headline": "Rain"}, {"@type": "WebPage", "datePublished": "2024-05-03"}]
    assert read(json.dumps({"@graph": graph})).published == "2024-05-03"


def test_a_reference_to_itself_ends() -> None:
    script = json.dumps({"@type": "NewsArticle", "@id": "#a", "headline": "Rain", "author": {"@id": "#a"}})
    assert read(script).title == "Rain"


@pytest.mark.parametrize("script", ["[" * 200_000, '{"a":' * 200_000, "//\n" + "[" * 200_000 + "]" * 200_000])
def test_deep_nesting_is_not_parsed(script: str) -> None:
    assert read(script) == Metadata(url=URL)


def test_brackets_in_a_string_are_no_depth() -> None:
    assert not is_deep(json.dumps(["[" * 1_000, '"[\\' * 1_000]))
    assert is_deep("[" * 1_000)


def test_a_number_of_100_000_digits_is_no_date() -> None:
    found = read(f'{{"@type": "NewsArticle", "headline": "Rain", "datePublished": {"9" * 100_000}, "x": -1e999999}}')
    assert (found.title, found.published) == ("Rain", None)


def test_a_script_over_two_million_characters_is_skipped() -> None:
    assert read(f'{{"@type": "NewsArticle", "headline": "Rain", "x": "{"y" * 2_000_000}"}}').title is None


def test_a_lone_surrogate_leaves_text_that_can_be_encoded() -> None:
    found = read(
        r'{"@type": "NewsArticle", "headline": "Ra\ud800in", "author": "Ann\udc00 Smith", "keywords": "\ud83d"}'
    )
    assert found.title == "Ra in"
    assert all(part.encode() for part in (*found.authors, *found.tags))


@pytest.mark.parametrize("text", ["/*" * 500_000, '"\\' + '\\"' * 500_000, "[" + ", " * 500_000, "//" * 500_000])
def test_broken_json_takes_time_in_proportion_to_its_length(text: str) -> None:
    start = time.process_time()
    read_json(text)
    assert time.process_time() - start < 20


KEYS = st.sampled_from(
    ["@type", "@id", "@graph", "@value", "author", "creator", "name", "url", "headline", "datePublished", "image",
     "dateModified", "keywords", "articleSection", "publisher", "inLanguage", "isAccessibleForFree", "description",
     "mainEntity", "mainEntityOfPage", "itemListElement", "givenName", "contentUrl"]
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(["NewsArticle", "WebPage", "WebSite", "Person", "Organization", "Rain", URL, "#a", "2024-05-03"]),
    st.text(max_size=20),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=6)),
    max_leaves=25,
)


@given(VALUES, TEXTS, st.one_of(st.none(), TEXTS))
@settings(max_examples=300, deadline=None)
def test_whatever_the_json_holds_reading_never_raises(value: object, heading: str, url: str | None) -> None:
    found = read(json.dumps(value).replace("</", "<\\/"), f"<h1>{heading}</h1>", url)
    assert isinstance(found, Metadata)
    assert all(isinstance(author, str) and author for author in found.authors)
    assert all(getattr(found, name) for name, _ in found.sources)


@given(st.text(alphabet='<>/="[]{}:,&;\\ \nab1metacontnhrefscriptldjson@', max_size=200), st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_whatever_the_page_holds_reading_never_raises(html: str, url: str) -> None:
    assert isinstance(read_metadata(LexborHTMLParser(html), url), Metadata)
