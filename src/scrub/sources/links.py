"""A link to an article, as feeds, sitemaps and pages give it; how links are chosen, made one where they lead to one
page, and ordered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from scrub.html.addresses import canonical, page_key
from scrub.html.metadata.dates import date_in_address

Source = Literal["feed", "news-sitemap", "sitemap", "page"]

MOST_LINKS = 100_000  # of one site that are held; a year of a large newspaper


class Link(NamedTuple):
    """Where an article is, and what the source says of it. Dates are ISO 8601; what is not known is None."""

    url: str
    source: Source
    title: str | None = None
    published: str | None = None
    modified: str | None = None


class Choice(NamedTuple):
    """Which links are wanted: those from a moment on, those whose address a pattern is found in, so many at most."""

    since: datetime | None = None
    match: re.Pattern[str] | None = None
    limit: int | None = None


class Gathered:
    """The links of one site, by page: what is told first stands, and later sources fill in what is missing."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self._links: dict[str, Link] = {}
        self._wanted: set[str] = set()

    def __len__(self) -> int:
        return len(self._links)

    def add(self, links: Iterable[Link]) -> None:
        """Add what a source gave."""
        for link in links:
            address = canonical(link.url)
            key = page_key(address)
            known = self._links.get(key)
            if known is None and len(self._links) >= MOST_LINKS:
                continue
            link = link._replace(url=address, published=link.published or date_in_address(address))
            self._links[key] = merged = _filled(known, link) if known else link
            if is_wanted(merged, self.choice):
                self._wanted.add(key)
            else:
                self._wanted.discard(key)

    def is_enough(self) -> bool:
        """Whether no further source need be asked."""
        return self.choice.limit is not None and len(self._wanted) >= self.choice.limit

    def wanted(self) -> list[Link]:
        """The links that are wanted: newest first, those without a date after them in the order found."""
        links = [link for key, link in self._links.items() if key in self._wanted]
        return sorted(links, key=_recency, reverse=True)[: self.choice.limit]

    def count_undated(self) -> int:
        """How many links have no date."""
        return sum(moment_of(_date(link)) is None for link in self._links.values())


def is_wanted(link: Link, choice: Choice) -> bool:
    """Whether a link is chosen. One without any date is not, where a date is asked for: nothing says that it is new."""
    if choice.match and not choice.match.search(link.url):
        return False
    if choice.since is None:
        return True
    latest = latest_moment(_date(link))
    return latest is not None and latest >= choice.since


def latest_moment(date: str | None) -> datetime | None:
    """The last moment that an ISO 8601 date may mean: a day counts to its end."""
    moment = moment_of(date)
    is_day = date is not None and len(date) <= len("2026-01-01")
    return moment + timedelta(days=1, microseconds=-1) if moment and is_day else moment


def moment_of(date: str | None) -> datetime | None:
    """The first moment that an ISO 8601 date may mean; in UTC where it has no offset."""
    try:
        moment = datetime.fromisoformat(date) if date else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _date(link: Link) -> str | None:
    """When an article was published; where that is not known, its last change, before which it was."""
    return link.published or link.modified


def _recency(link: Link) -> datetime:
    return moment_of(_date(link)) or datetime.min.replace(tzinfo=UTC)


def _filled(known: Link, other: Link) -> Link:
    return known._replace(
        title=known.title or other.title,
        published=_finer(known.published, other.published),
        modified=known.modified or other.modified,
    )


def _finer(one: str | None, other: str | None) -> str | None:
    """The first date, unless it is a bare day, as an address has it, and the other is that day with its time."""
    if one and other and len(one) < len(other) and other.startswith(one):
        return other
    return one or other
