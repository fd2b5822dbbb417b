"""Which link leads to the next page of the same article, and which only says so."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.html.pagination import find_next

STORY = "https://news.example/2024/05/03/ferry"


def following(html: str, url: str = STORY, first: str | None = None) -> str | None:
    return find_next(html, url, first)


@pytest.mark.parametrize(
    ("url", "href"),
    [
        (STORY, "/2024/05/03/ferry?page=2"),
        (STORY, "?page=2"),
        (STORY, "/2024/05/03/ferry/2"),
        (STORY + "/", "/2024/05/03/ferry/2/"),
        (STORY, "/2024/05/03/ferry/page/2"),
        (STORY, "/2024/05/03/ferry/seite-2"),
        (STORY, "/2024/05/03/ferry,page2"),
        (STORY + ".html", "/2024/05/03/ferry-2.html"),
        (STORY + "-4711.html", "/2024/05/03/ferry-4711-2.html"),
        (STORY + ".html", "/2024/05/03/ferry_page_2.html"),
        (STORY + "?id=7", "?id=7&p=2"),
        (STORY + "?page=3", "?page=4"),
        (STORY + "?page=1", "?page=2"),
        (STORY + "/9", "/2024/05/03/ferry/10"),
        (STORY + ",nId,4711", "/2024/05/03/ferry,nId,4711,nPack,2"),
    ],
)
def test_a_numbered_pager_leads_to_the_same_address_with_the_next_number(url: str, href: str) -> None:
    number = href.rstrip("/").removesuffix(".html")[-2:].lstrip("/=-_,e")
    found = following(f'<a href="/2024/05/04/other">5</a><p><a href="{href}">{number}</a></p>', url)
    assert found is not None
    assert found.endswith(href)


@pytest.mark.parametrize(
    "words", ["Next", "Next page »", "Nächste Seite ›", "Suivant", "次のページ", "→ далее", "Page 2", "2"]
)
def test_a_link_that_says_next_is_followed_where_its_address_is_the_articles(words: str) -> None:
    assert following(f'<a href="{STORY}/2">{words}</a>') == f"{STORY}/2"


def test_rel_next_counts_in_head_and_body() -> None:
    assert following(f'<head><link rel="next" href="{STORY}?page=2"></head>') == f"{STORY}?page=2"
    assert following('<a rel="nofollow NEXT" href="?page=2"><img></a>') == f"{STORY}?page=2"


@pytest.mark.parametrize(
    "html",
    [
        '<link rel=next href="/2024/05/04/the-next-article">',
        '<a rel=next href="/2024/05/04/bridge">Next</a>',
        '<a href="https://other.example/2024/05/03/ferry/2">2</a>',
        f'<a href="{STORY}">1</a><a href="{STORY}?page=3">3</a>',
        f'<a href="{STORY}/comment-page-2">2</a>',
        f'<a href="{STORY}?cpage=2">2</a>',
        f'<a href="{STORY}/">Example 2</a>',
        f'<a href="{STORY}?image=2">2</a>',
        f'<a href="{STORY}?page=2">A headline of another story that is listed here</a>',
        f'<a href="{STORY}#page2">2</a>',
        '<a href="javascript:next()">Next</a>',
        '<a href="http://[">2</a>',
        "",
    ],
)
def test_another_article_other_hosts_comments_and_pictures_are_no_next_page(html: str) -> None:
    assert following(html) is None


def test_articles_that_are_counted_are_not_pages_of_one() -> None:
    assert following('<a rel=next href="/article/8">Next</a>', "https://news.example/article/7") is None
    assert following(
        '<a href="/story/8">Next page</a>', "https://news.example/story/7", "https://news.example/story"
    ) == ("https://news.example/story/8")


def test_the_second_page_may_be_counted_as_one() -> None:
    pager = '<a href="?page=0">1</a><a href="?page=1">2</a><a href="?page=2">3</a>'
    assert following(pager) == f"{STORY}?page=1"
    assert following(pager, f"{STORY}?page=1", STORY) == f"{STORY}?page=2"
    assert following(pager, f"{STORY}?page=2", STORY) is None


def test_many_links_take_bounded_time() -> None:
    html = "".join(f'<a href="/{"-1" * 200}/{n}?{"page=1&" * 100}">{n}</a>' for n in range(2_000))
    started = time.process_time()
    following(html)
    assert time.process_time() - started < 20


@given(st.text(max_size=200))
def test_any_page_and_address_give_an_answer(text: str) -> None:
    for html in (text, f'<a href="{text}">2</a>'):
        assert find_next(html, STORY) != STORY
