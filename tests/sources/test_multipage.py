"""An article on several pages becomes one, and what the pages repeat goes by name."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

import pytest

from scrub.errors import NoArticleError, StatusError
from scrub.model import Article, Page
from scrub.pipeline import clean_page
from scrub.sources.multipage import MOST_PAGES, REPEATED, fetch_further, join_articles, read_whole_article

STORY = "https://news.example/2024/05/03/ferry"
TITLE = "Ferry to run again after eleven years"
ARTICLE = '<meta property="og:type" content="article">'
STANDFIRST = "The town council has decided that the ferry over the river will run again from next spring onwards."


def paragraphs(number: int) -> list[str]:
    return [
        f"On page {number} the council met in the {place} and decided after a long debate to pay for the new landing stage."
        for place in ("old hall", "school gymnasium", "library", "church")
    ]


def html(body: Iterable[str], pager: str = "", title: str = TITLE) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in body)
    return (
        f"<html lang=en><head><title>{title}</title>{ARTICLE}</head><body><nav><a href=/>Home</a></nav>"
        f"<article><h1>{title}</h1>{text}</article><div class=pager>{pager}</div></body></html>"
    )


def pager(number: int, last: int) -> str:
    return "".join(f'<a href="{STORY}?page={n}">{n}</a> ' for n in range(1, last + 1) if n != number)


class Web:
    def __init__(self, pages: dict[str, str]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def fetch(self, url: str) -> Page:
        return self(url)

    def __call__(self, url: str) -> Page:
        self.asked.append(url)
        if url not in self.pages:
            raise StatusError("news.example has no such page (404)")
        return Page(self.pages[url].encode(), url=url, requested_url=url, content_type="text/html")


def story(last: int) -> dict[str, str]:
    pages = {f"{STORY}?page={n}": html([STANDFIRST, *paragraphs(n)], pager(n, last)) for n in range(2, last + 1)}
    return {STORY: html([STANDFIRST, *paragraphs(1)], pager(1, last)), **pages}


def read(web: Web, url: str = STORY) -> Article:
    first = web(url)
    return read_whole_article(first, asyncio.run(fetch_further(first, web.fetch)), clean_page)


def test_three_pages_become_one_article_in_order_without_what_they_repeat() -> None:
    web = Web(story(3))
    article = read(web)
    assert article.title == TITLE
    assert article.text.split("\n\n") == [STANDFIRST, *paragraphs(1), *paragraphs(2), *paragraphs(3)]
    assert article.url == STORY
    assert web.asked == [STORY, f"{STORY}?page=2", f"{STORY}?page=3"]
    repeated = [removal.text for removal in article.removed if removal.rule == REPEATED]
    assert repeated == [TITLE, STANDFIRST] * 2


def test_the_decisions_still_cover_every_block_once_in_order() -> None:
    article = read(Web(story(3)))
    document = article.document
    assert [block.index for block in document.blocks] == list(range(len(document.blocks)))
    assert len(document.separators) == len(document.blocks) + 1
    for block in document.blocks:
        spans = [(d.start, d.end) for d in article.decisions if d.block == block.index]
        assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])]
        assert spans[-1][1] == len(block.text)
    assert [d.block for d in article.decisions] == sorted(d.block for d in article.decisions)
    paragraph_numbers = [block.paragraph for block in document.blocks]
    assert paragraph_numbers == sorted(paragraph_numbers)


def test_an_article_on_one_page_is_what_cleaning_makes_of_it_and_nothing_is_asked_for() -> None:
    page = html(paragraphs(1), '<a rel=next href="/2024/05/04/bridge">Next</a><a href="?print=1">Print</a>')
    web = Web({STORY: page})
    assert read(web) == clean_page(web(STORY))
    assert set(web.asked) == {STORY}


@pytest.mark.parametrize(
    "link",
    [
        f'<a class=button-100 href="{STORY}?page=&#50;">2</a>',
        f'<link rel="next" href="{STORY}?page&#x3D;2">',
        f'<A HREF="{STORY}?page=2"><b>Next</b></A>',
        f'<base href="{STORY}?page=2"><a href="#text">Next</a>',
    ],
)
def test_a_link_to_the_next_page_is_found_however_it_is_written(link: str) -> None:
    web = Web(story(2) | {STORY: html([STANDFIRST, *paragraphs(1)], link)})
    read(web)
    assert web.asked == [STORY, f"{STORY}?page=2"]


def test_a_list_of_articles_is_not_followed() -> None:
    pages = {url: page.replace(ARTICLE, "") for url, page in story(3).items()}
    web = Web(pages)
    read(web)
    assert web.asked == [STORY]


@pytest.mark.parametrize(
    "page",
    [
        "<a><b x=1>" * 200_000,
        "<a href=/x" + " y" * 500_000,
        "<a href=/x>" * 200_000,
        "<a href=/x>" + "<i>" * 500_000,
        "<div>" * 300_000 + "<a href='?page=2'>2</a>",
    ],
    ids=["formatting", "attributes", "links", "tags", "depth"],
)
def test_no_page_is_made_that_holds_up_the_network(page: str) -> None:
    first = Page((ARTICLE + page).encode(), STORY, content_type="text/html; charset=utf-8")
    started = time.perf_counter()
    asyncio.run(fetch_further(first, Web({}).fetch))
    assert time.perf_counter() - started < 5


def test_a_page_that_does_not_come_ends_the_article_with_a_warning() -> None:
    pages = story(4)
    del pages[f"{STORY}?page=3"]
    article = read(Web(pages))
    assert article.text.split("\n\n") == [STANDFIRST, *paragraphs(1), *paragraphs(2)]
    assert article.warnings[-1] == "page 3 of the article is missing: news.example has no such page (404)"


def test_pages_without_an_end_are_read_up_to_a_number() -> None:
    web = Web(story(60))
    article = read(web)
    assert len(web.asked) == MOST_PAGES
    assert article.text.endswith(paragraphs(MOST_PAGES)[-1])


def test_a_page_that_brings_nothing_new_ends_the_article() -> None:
    pages = {f"{STORY}?page={n}": html(paragraphs(1), pager(n, 60)) for n in range(2, 61)}
    web = Web({STORY: html(paragraphs(1), pager(1, 60)), **pages})
    assert read(web).text.split("\n\n") == paragraphs(1)


def test_a_page_that_leads_back_ends_the_article() -> None:
    class Back(Web):
        def __call__(self, url: str) -> Page:
            page = super().__call__(url)
            return page._replace(url=STORY) if url.endswith("=3") else page

    assert read(Back(story(3))).text.split("\n\n")[-1] == paragraphs(2)[-1]


def test_a_short_question_may_be_asked_on_two_pages() -> None:
    question = "And then?"
    first, second = paragraphs(1), paragraphs(2)
    web = Web(
        {
            STORY: html([*first[:2], question, *first[2:]], pager(1, 2)),
            f"{STORY}?page=2": html([*second[:2], question, *second[2:]], pager(2, 2)),
        }
    )
    assert read(web).text.split("\n\n").count(question) == clean_page(web(STORY)).text.split("\n\n").count(question) * 2


def test_what_is_wrong_with_the_first_page_is_raised() -> None:
    with pytest.raises(NoArticleError):
        read(Web({STORY: "<html><body><script>app()</script></body></html>"}))


def test_one_article_joined_is_itself() -> None:
    article = clean_page(Web(story(1))(STORY))
    assert join_articles([article]) == article
