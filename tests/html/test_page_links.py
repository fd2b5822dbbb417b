"""The links of a front page: which lead to articles, which to sections, which to neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.html.addresses import absolute, canonical, is_article_like, is_same_site, page_key
from scrub.html.links import Anchor, article_links, read_links, section_links

SITE = "https://www.news.example/"
HEADLINE = "Ferry to run again after eleven years"


def articles(html: str) -> list[str]:
    return [anchor.url.removeprefix(SITE) for anchor in article_links(read_links(html, SITE).anchors, SITE)]


def test_a_teaser_is_one_link_with_its_headline_however_often_it_stands() -> None:
    html = (
        '<article><a href="/2024/05/03/ferry#top"><img alt=""></a><h2><a href="/2024/05/03/ferry?utm_source=x">Ferry to run '
        'again <b>after</b> eleven\nyears</a></h2><a href="/2024/05/03/ferry/">Read more</a></article>'
    )
    assert read_links(html, SITE).anchors == (Anchor(SITE + "2024/05/03/ferry", HEADLINE, "heading"),)


def test_a_whole_card_within_a_link_has_the_headline_alone_as_its_words() -> None:
    html = f'<a href="/2024/05/03/ferry"><h3>{HEADLINE}</h3><p>The council decided it on Tuesday.</p></a>'
    assert read_links(html, SITE).anchors == (Anchor(SITE + "2024/05/03/ferry", HEADLINE, "heading"),)


@pytest.mark.parametrize(
    "html",
    [
        f'<h2><a href="/ferry">{HEADLINE}</a></h2>',
        f'<div class="c-headline"><a href="/ferry">{HEADLINE}</a></div>',
        f'<li><a href="/ferry">Short</a><h3><a href="/ferry">{HEADLINE}</a></h3></li>',
        f'<nav><a href="/ferry">Ferry</a></nav><h2><a href="/ferry">{HEADLINE}</a></h2>',
    ],
)
def test_a_headline_in_a_heading_leads_to_an_article_whatever_its_address(html: str) -> None:
    assert articles(html) == ["ferry"]


@pytest.mark.parametrize(
    "path",
    ["2024/05/03/ferry", "news/ferry-4711122", "ferry-to-run-again", "a/c4gz1x2yzy5o", "s.php?id=47", "a_b_c_d.html"],
)
def test_a_headline_in_a_list_leads_to_an_article_where_the_address_has_its_shape(path: str) -> None:
    if path == "a_b_c_d.html":
        path = "ferry_runs_again_soon.html"
    assert articles(f'<ul><li><a href="/{path}">{HEADLINE}</a></li></ul>') == [path]


@pytest.mark.parametrize(
    "html",
    [
        f'<nav><h2><a href="/2024/05/03/ferry">{HEADLINE}</a></h2></nav>',
        f'<footer><a href="/2024/05/03/ferry">{HEADLINE}</a></footer>',
        f'<ul class="main menu"><li><a href="/2024/05/03/ferry">{HEADLINE}</a></li></ul>',
        f'<h2><a href="https://ads.example/2024/05/03/trip">{HEADLINE}</a></h2>',
        f'<h2><a href="/tag/ferry-to-run-again">{HEADLINE}</a></h2>',
        f'<h2><a href="/">{HEADLINE}</a></h2>',
        f'<h2><a href="#content">{HEADLINE}</a></h2>',
        f'<h2><a href="/2024/05/03/ferry.jpg">{HEADLINE}</a></h2>',
        f'<p><a href="/ferry">{HEADLINE}</a></p>',
        '<h2><a href="/politics">Politics</a></h2>',
        '<p><a href="/2024/05/03/ferry">Read more</a></p>',
        f'<h2><a href="mailto:desk@news.example">{HEADLINE}</a></h2>',
        f'<h2><a href="javascript:void(0)">{HEADLINE}</a></h2>',
    ],
)
def test_menus_lists_other_sites_and_short_words_lead_to_no_article(html: str) -> None:
    assert articles(html) == []


def test_a_class_that_only_holds_the_word_menu_is_no_menu() -> None:
    html = (
        f'<body class="has-menu"><ul class="list-menu"><li><a href="/2024/05/03/ferry">{HEADLINE}</a></li></ul></body>'
    )
    assert articles(html) == ["2024/05/03/ferry"]


def test_the_foot_of_a_teaser_is_no_footer() -> None:
    assert articles(f'<article><footer><a href="/2024/05/03/ferry">{HEADLINE}</a></footer></article>') == [
        "2024/05/03/ferry"
    ]


def test_headlines_without_spaces_between_words_count() -> None:
    assert articles('<h2><a href="/a">市議会は新しい橋の建設を決めた</a></h2>') == ["a"]


def test_sections_are_the_short_names_in_menus() -> None:
    html = (
        '<nav><a href="/politics">Politics</a><a href="/sport/football/">Football</a><a href="/">Home</a>'
        '<a href="/login">Log in</a><a href="/search?q=x">Search</a><a href="https://shop.other.example/x">Shop</a>'
        '<a href="/2024/05/03/ferry">Ferry</a></nav><p><a href="/elsewhere">Elsewhere</a></p>'
        '<footer><nav><a href="/cookies">Cookies</a></nav></footer>'
    )
    assert section_links(read_links(html, SITE).anchors, SITE) == [SITE + "politics", SITE + "sport/football/"]


def test_feeds_are_those_that_the_head_names_without_comments() -> None:
    html = (
        '<base href="https://news.example/en/"><link rel="alternate" type="application/rss+xml" href="feed">'
        '<link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" href="/atom"><link rel=alternate hreflang=de '
        'href="/de"><link rel=alternate type="application/rss+xml" title="Post » Comments Feed" href="/c">'
        '<link rel=alternate type="application/rss+xml" href="/comments/feed"><link rel=alternate type="application/json" '
        'href="/wp-json"><link rel=stylesheet type="application/rss+xml" href="/x"><link rel=alternate type="application/feed+json">'
    )
    assert read_links(html, SITE).feeds == ("https://news.example/en/feed", "https://news.example/atom")


@given(st.text(max_size=200))
def test_any_page_gives_links_that_a_browser_could_open(text: str) -> None:
    for html in (text, f'<h2><a href="{text}">{text}</a></h2>'):
        for anchor in read_links(html, SITE).anchors:
            assert anchor.url.startswith(("http://", "https://"))


@given(st.text(max_size=100))
def test_a_canonical_address_stays_what_it_is(text: str) -> None:
    if address := absolute(text, SITE):
        assert canonical(canonical(address)) == canonical(address)


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("/a?utm_source=x&utm_medium=y#c", "a"),
        ("/a?b=2&fbclid=1&a=%20", "a?b=2&a=%20"),
        ("/a?", "a"),
        ("/a?page=2&reference=7", "a?page=2&reference=7"),
        ("HTTPS://WWW.News.Example:443/A", "A"),
    ],
)
def test_only_what_statistics_read_is_taken_from_an_address(address: str, meant: str) -> None:
    assert canonical(absolute(address, SITE) or "") == SITE + meant


def test_addresses_of_one_page_share_a_key() -> None:
    one = {page_key(a) for a in ("http://news.example/a/", "https://www.news.example/a", "https://news.example/a")}
    assert len(one) == 1
    assert page_key("https://news.example/a?b=1") not in one


def test_a_part_of_a_sites_host_is_the_same_site_and_a_look_alike_is_not() -> None:
    assert is_same_site("https://sport.news.example/a", SITE)
    assert is_same_site(SITE, "https://sport.news.example/a")
    assert not is_same_site("https://fakenews.example/", SITE)
    assert not is_same_site("https://news.example.evil.test/", SITE)


def test_months_days_and_years_alone_are_archives() -> None:
    assert not any(map(is_article_like, (SITE + "2024/05/03", SITE + "2024/05/", SITE + "2024", SITE + "news/2024-05")))
    assert all(
        map(
            is_article_like,
            (
                SITE + "2024/may/03/rain",
                SITE + "tag/2024/05/03/rain",
                SITE + "archives/471122/rain",
                SITE + "a/2024-05-03/rain",
                SITE + "20240503/rain",
            ),
        )
    )
