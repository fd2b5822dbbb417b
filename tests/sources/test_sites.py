"""A site's links as a whole, where the site is a trap, a ruin, or an odd one. Pages come from a dictionary."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scrub.errors import (
    ConnectionFailedError,
    FetchTimeoutError,
    NoLinksError,
    NotAPageError,
    ResolveError,
    RobotsUnreachableError,
    StatusError,
    TlsError,
)
from scrub.model import Page
from scrub.sources.links import Choice, Gathered, Link
from scrub.sources.sites import MOST_SITEMAPS, find_links
from scrub.sources.visits import MOST_REQUESTS, MOST_SILENT

SITE = "https://news.example/"
HEADLINE = "Ferry to run again after eleven years"
FRONT = f'<h2><a href="/2024/05/03/ferry">{HEADLINE}</a></h2>'


class Web:
    """A function from address to Page; what it does not know is not found."""

    def __init__(self, pages: dict[str, str | Exception]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def __call__(self, url: str) -> Page:
        self.asked.append(url)
        found = self.pages.get(url, StatusError("news.example has no such page (404)"))
        if isinstance(found, Exception):
            raise found
        return Page(found.encode(), url=url, requested_url=url)


def index(*addresses: str) -> str:
    return (
        f"<sitemapindex>{''.join(f'<sitemap><loc>{address}</loc></sitemap>' for address in addresses)}</sitemapindex>"
    )


def urlset(*addresses: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>{address}</loc></url>' for address in addresses)}</urlset>"


def rss(*addresses: str) -> str:
    return f"<rss><channel>{''.join(f'<item><link>{address}</link></item>' for address in addresses)}</channel></rss>"


def urls(web: Web, site: str = SITE, choice: Choice | None = None) -> list[str]:
    return [link.url.removeprefix(SITE) for link in find_links(site, web, choice).links]


def test_what_one_source_does_not_say_the_next_one_adds() -> None:
    news = '<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>/2024/05/03/ferry/</loc><news:news><news:publication_date>2024-05-03T07:00:00Z</news:publication_date></news:news></url></urlset>'
    web = Web({SITE: FRONT, SITE + "feed": rss("/2024/05/03/ferry?utm_source=rss"), SITE + "news-sitemap.xml": news})
    assert find_links(SITE, web).links == [
        Link(SITE + "2024/05/03/ferry", "feed", HEADLINE, "2024-05-03T07:00:00+00:00")
    ]


def test_an_index_that_names_itself_and_ever_more_ends() -> None:
    class Trap(Web):
        def __call__(self, url: str) -> Page:
            self.asked.append(url)
            more = [f"{SITE}sitemap-{len(self.asked)}-{n}.xml" for n in range(50)]
            return Page(index(url, *more).encode(), url=url, requested_url=url)

    web = Trap({})
    with pytest.raises(NoLinksError):
        find_links(SITE + "sitemap.xml", web)
    assert len(web.asked) == MOST_SITEMAPS == len(set(web.asked))


def test_sitemaps_that_are_left_unread_are_told() -> None:
    many = [f"{SITE}s{n}.xml" for n in range(100)]
    web = Web(
        {SITE + "sitemap.xml": index(*many), **{one: urlset(f"{one}/4711{at:03}") for at, one in enumerate(many)}}
    )
    found = find_links(SITE + "sitemap.xml", web)
    assert len(found.links) == MOST_SITEMAPS - 1
    assert found.warnings == (f"{101 - MOST_SITEMAPS} more sitemaps were not read; name one of them to have its links",)


def test_indexes_nest_only_so_deep() -> None:
    pages: dict[str, str | Exception] = {f"{SITE}{n}.xml": index(f"{SITE}{n + 1}.xml") for n in range(10)}
    web = Web(pages)
    with pytest.raises(NoLinksError):
        find_links(SITE + "0.xml", web)
    assert web.asked == [f"{SITE}{n}.xml" for n in range(3)]


def test_a_site_that_falls_silent_is_left_alone() -> None:
    class Silent(Web):
        def __call__(self, url: str) -> Page:
            if url == SITE:
                return super().__call__(url)
            self.asked.append(url)
            raise FetchTimeoutError("news.example took longer than 30 s")

    web = Silent({SITE: FRONT})
    assert urls(web) == ["2024/05/03/ferry"]
    assert len(web.asked) == 1 + MOST_SILENT


def test_no_page_is_asked_for_twice_and_no_site_for_more_than_a_bounded_number() -> None:
    head = "".join(f'<link rel=alternate type="application/rss+xml" href="/feed{n}">' for n in range(500))
    robots = "\n".join(f"Sitemap: {SITE}missing{n}.xml" for n in range(500))
    web = Web({SITE: head + FRONT, SITE + "robots.txt": robots})
    assert urls(web) == ["2024/05/03/ferry"]
    assert len(web.asked) == len(set(web.asked)) <= MOST_REQUESTS


@pytest.mark.parametrize(
    "error",
    [ConnectionFailedError("no"), FetchTimeoutError("no"), ResolveError("no"), TlsError("no")],
)
def test_a_site_that_is_not_there_is_asked_once(error: Exception) -> None:
    web = Web({SITE: error})
    with pytest.raises(type(error)):
        find_links(SITE, web)
    assert web.asked == [SITE]


@pytest.mark.parametrize("error", [ConnectionFailedError("no"), RobotsUnreachableError("no"), TlsError("no")])
def test_a_bare_host_without_https_is_asked_over_http(error: Exception) -> None:
    web = Web({"https://news.example": error, "http://news.example": FRONT})
    assert find_links("news.example", web).links[0].url == "http://news.example/2024/05/03/ferry"


def test_a_front_page_that_is_no_page_does_not_hide_the_feed() -> None:
    web = Web({SITE: NotAPageError("no"), SITE + "rss": rss("/a")})
    assert urls(web) == ["a"]


def test_html_served_as_a_feed_or_as_a_sitemap_is_passed_over() -> None:
    head = '<link rel=alternate type="application/rss+xml" href="/feed">'
    pages: dict[str, str | Exception] = {SITE + path: FRONT for path in ("feed", "rss", "sitemap.xml", "robots.txt")}
    assert urls(Web({**pages, SITE: head + FRONT})) == ["2024/05/03/ferry"]


def test_a_robots_txt_that_is_no_text_does_not_end_the_search() -> None:
    web = Web({SITE: "<p>", SITE + "robots.txt": "\x89PNG\x00" * 99, SITE + "sitemap.xml": urlset("/2024/05/03/ferry")})
    assert urls(web) == ["2024/05/03/ferry"]


def test_of_several_feeds_no_more_are_asked_than_a_limit_needs() -> None:
    head = "".join(f'<link rel=alternate type="application/rss+xml" href="/feed{n}">' for n in range(5))
    web = Web({SITE: head, **{f"{SITE}feed{n}": rss(f"/{n}a", f"/{n}b") for n in range(5)}})
    assert urls(web, choice=Choice(limit=3)) == ["0a", "0b", "1a"]
    assert web.asked == [SITE, f"{SITE}feed0", f"{SITE}feed1"]


def test_an_address_of_another_site_in_a_sitemap_is_left_out_and_in_a_feed_kept() -> None:
    other = "https://other.example/2024/05/03/rain"
    web = Web({SITE: "<p>", SITE + "feed": rss(other), SITE + "sitemap.xml": urlset(other + "-again")})
    assert urls(web) == [other]


def test_a_section_has_its_own_feed_and_no_other() -> None:
    head = "".join(f'<link rel=alternate type="application/rss+xml" href="{at}">' for at in ("/feed", "/sport/feed"))
    web = Web({SITE + "sport": head, SITE + "feed": rss("/a"), SITE + "sport/feed": rss("/sport/b")})
    assert urls(web, SITE + "sport") == ["sport/b"]


def test_links_without_a_date_are_left_out_where_a_date_is_asked_for_and_told() -> None:
    web = Web({SITE: FRONT + f'<h2><a href="/ferry">{HEADLINE}</a></h2>'})
    found = find_links(SITE, web, Choice(since=datetime(2024, 5, 3, 12, tzinfo=UTC)))
    assert [link.published for link in found.links] == ["2024-05-03"]  # a day counts to its end
    assert found.warnings == ("1 of 2 links have no date and are left out by --since",)


def test_links_without_a_date_follow_in_the_order_found() -> None:
    gathered = Gathered(Choice())
    dates = [None, "2024-05-03", None, "2024-05-04T10:00:00+02:00", "2024-05-04T09:00:00+00:00", "2024-05-04"]
    gathered.add(Link(f"{SITE}{at}", "feed", published=date) for at, date in enumerate(dates))
    assert [link.url.removeprefix(SITE) for link in gathered.wanted()] == ["4", "3", "5", "1", "0", "2"]


def test_the_error_names_what_was_tried_in_one_line() -> None:
    with pytest.raises(NoLinksError) as caught:
        find_links(SITE, Web({SITE: "<p>Soon here.</p>"}))
    assert caught.value.kind == "no-links"
    assert str(caught.value).startswith(
        f"no article links found; tried {SITE} (no article links), {SITE}feed, {SITE}rss, "
    )
    assert str(caught.value).count("(news.example has no such page (404))") == 1
    assert "\n" not in str(caught.value)
