"""A news site -> links to its articles: from its feeds, its sitemaps, its front page, in this order of trust.

A SITE is a host (`news.example`), the address of a section, of a feed or of a sitemap. Whatever it serves, what is
asked of it is bounded: requests, sitemaps and their depth, entries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from scrub.decode import decode
from scrub.errors import (
    ConnectionFailedError,
    FetchTimeoutError,
    NoLinksError,
    RefusedError,
    ResolveError,
    ScrubError,
    TlsError,
)
from scrub.html.addresses import canonical, is_same_site
from scrub.html.links import Anchor, PageLinks, article_links, read_links, section_links
from scrub.model import Page
from scrub.sources.feeds import is_feed, read_feed
from scrub.sources.links import Choice, Gathered, Link, latest_moment
from scrub.sources.sitemaps import Further, Sitemap, is_sitemap, named_sitemaps, read_sitemap
from scrub.sources.visits import Fetch, Visit

MOST_FEEDS = 5
MOST_SITEMAPS = 25
DEEPEST = 3  # an index within an index is not allowed, and met; deeper is a mistake or a trap
MOST_SECTIONS = 10

USUAL_FEEDS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap_news.xml", "/sitemap.xml", "/sitemap_index.xml")

# Sitemaps of what is no article, as WordPress's plugins and others name them.
_NO_ARTICLES = re.compile(
    r"(?:page|category|categories|tag|author|image|video|attachment|user|product)s?-?sitemap|"
    r"sitemaps?[-_/](?:taxonom\w+|categor\w+|tags?|authors?|images?|videos?|users?|products?|misc)\b",
    re.IGNORECASE,
)
_PERIOD = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:[-_/]?(\d{1,2}))?(?:[-_/]?(\d{1,2}))?(?!\d)")
NO_LINKS_ADVICE = "give the address of a section page, a feed or a sitemap"


class Found(NamedTuple):
    """The wanted links of a site, and what a person should know of the search."""

    links: list[Link]
    warnings: tuple[str, ...]


def find_links(site: str, fetch: Fetch, choice: Choice | None = None) -> Found:
    """The article links of a site that are wanted: newest first, those without a date after them in the order found.

    With a limit, sources are asked until they gave enough. What cannot be opened or read is passed over; `NoLinksError`
    names what was tried where nothing came of it, and the fetch's own error where the site is not there at all.
    """
    choice = choice or Choice()
    visit = Visit(fetch)
    gathered = Gathered(choice)
    for links in _sources(site, visit, choice):
        gathered.add(links)
        if gathered.is_enough():
            break
    if not gathered:
        raise NoLinksError(f"no article links found; tried {visit.account()}", NO_LINKS_ADVICE)
    wanted = gathered.wanted()
    return Found(wanted, (*visit.warnings, *_warnings(gathered, wanted)))


def _warnings(gathered: Gathered, wanted: list[Link]) -> Iterator[str]:
    undated = gathered.count_undated() if gathered.choice.since else 0
    if undated:
        yield f"{undated} of {len(gathered)} links have no date and are left out by --since"
    elif not wanted:
        yield f"none of {len(gathered)} links is wanted"


def _sources(site: str, visit: Visit, choice: Choice) -> Iterator[list[Link]]:
    """What each source of a site gives, the most trusted first. A section's address gives that section alone."""
    first, home = _open(site, visit)
    if first is not None and _is(first, is_feed):
        yield _read_feed(first, visit)
        return
    if first is not None and _is(first, is_sitemap):
        yield from _sitemaps([Further(home)], visit, choice, first)
        return
    links = _read_page(first, home, visit) if first else PageLinks((), ())
    is_section = not _is_front(home)
    told = 0
    for found in _asked(links, home, visit, choice, is_section=is_section):
        told += len(found)
        yield found
    yield _page_links(links.anchors, home)
    if not told and not is_section:
        for section in section_links(links.anchors, home)[:MOST_SECTIONS]:
            if page := visit.page(section):
                yield _page_links(_read_page(page, section, visit).anchors, home)


def _asked(links: PageLinks, home: str, visit: Visit, choice: Choice, *, is_section: bool) -> Iterator[list[Link]]:
    """What feeds and sitemaps give; of a section only the feeds that stand beneath its address."""
    if is_section:
        beneath = canonical(home).rstrip("/") + "/"
        yield from _feeds([feed for feed in links.feeds if canonical(feed).startswith(beneath)], visit)
        return
    has_named = False
    for found in _feeds(links.feeds, visit):
        has_named = True
        yield found
    if not has_named:
        yield from _first_of(USUAL_FEEDS, home, visit)
    robots = visit.page(urljoin(home, "/robots.txt"))
    sitemaps = named_sitemaps(robots.body.decode("utf-8", "replace"), home) if robots else []
    usual = [urljoin(home, path) for path in USUAL_SITEMAPS]
    yield from _sitemaps([Further(address) for address in sitemaps or usual], visit, choice, site=home)


def _open(site: str, visit: Visit) -> tuple[Page | None, str]:
    """The page at a SITE and the address that it goes by. A site that refuses its front page may still have feeds."""
    try:
        page = visit.first_page(site)
    except (ConnectionFailedError, FetchTimeoutError, RefusedError, ResolveError, TlsError):
        raise
    except ScrubError:
        if not _is_front(visit.latest):
            raise
        return None, visit.latest
    asked, ended = visit.latest, page.url or visit.latest
    if not _is_front(asked):
        return page, ended
    # Where a host leads to its front page (/en/home), it is still the whole site that was asked for; where it leads
    # away (to a page that asks for consent), it is the host that was named.
    return page, urljoin(ended if is_same_site(ended, asked) else asked, "/")


def _is_front(address: str) -> bool:
    parts = urlsplit(address)
    return parts.path in ("", "/") and not parts.query


def _feeds(addresses: Iterable[str], visit: Visit) -> Iterator[list[Link]]:
    for address in list(addresses)[:MOST_FEEDS]:
        if (page := visit.page(address)) and (links := _read_feed(page, visit)):
            yield links


def _first_of(paths: Iterable[str], home: str, visit: Visit) -> Iterator[list[Link]]:
    """The first feed that stands where feeds usually do."""
    found = (links for path in paths for links in _feeds([urljoin(home, path)], visit))
    yield from islice(found, 1)


def _sitemaps(
    start: list[Further], visit: Visit, choice: Choice, first: Page | None = None, site: str | None = None
) -> Iterator[list[Link]]:
    """What sitemaps list, those they name included: news first, then the newest. `first` is the page of the first."""
    waiting = sorted(((1, further) for further in start), key=_urgency, reverse=True)
    seen = {further.url for further in start}
    read = 0
    while waiting and read < MOST_SITEMAPS:
        depth, further = waiting.pop(0)
        page, first = first or visit.page(further.url), None
        if page is None:
            continue
        read += 1
        sitemap = _read_sitemap(page, further.url, visit)
        yield [link for link in sitemap.links if site is None or is_same_site(link.url, site)]
        if depth < DEEPEST:
            new = [named for named in sitemap.further if named.url not in seen and _may_hold(named, choice)]
            seen.update(named.url for named in new)
            waiting = sorted([*waiting, *((depth + 1, named) for named in new)], key=_urgency, reverse=True)
    if waiting:
        visit.warnings.append(f"{len(waiting)} more sitemaps were not read; name one of them to have its links")


def _may_hold(sitemap: Further, choice: Choice) -> bool:
    """Whether a sitemap may list articles that are wanted: none changed after its own last change."""
    modified = latest_moment(sitemap.modified)
    is_old = choice.since is not None and modified is not None and modified < choice.since
    return not is_old and not _NO_ARTICLES.search(urlsplit(sitemap.url).path)


def _urgency(waiting: tuple[int, Further]) -> tuple[bool, str, tuple[int, ...]]:
    """News before others, then by the day of the last change, then by the period that an address names."""
    sitemap = waiting[1]
    path = urlsplit(sitemap.url).path
    period = _PERIOD.search(path)
    parts = tuple(int(part or 0) for part in period.groups()) if period else ()
    return "news" in path.lower(), (sitemap.modified or "")[:10], parts


def _read_sitemap(page: Page, address: str, visit: Visit) -> Sitemap:
    try:
        return read_sitemap(page)
    except ScrubError as error:
        visit.note(address, error.detail)
        return Sitemap()


def _read_feed(page: Page, visit: Visit) -> list[Link]:
    try:
        return read_feed(page)
    except ScrubError as error:
        visit.note(page.requested_url or page.url or "", error.detail)
        return []


def _read_page(page: Page, address: str, visit: Visit) -> PageLinks:
    try:
        return read_links(decode(page.body, page.encoding, page.content_type), page.url or address)
    except ScrubError as error:
        visit.note(page.requested_url or address, error.detail)
        return PageLinks((), ())


def _page_links(anchors: Iterable[Anchor], home: str) -> list[Link]:
    return [Link(anchor.url, "page", anchor.text or None) for anchor in article_links(anchors, home)]


def _is(page: Page, test: Callable[[Page], bool]) -> bool:
    try:
        return test(page)
    except ScrubError:
        return False
