"""Sitemaps -> links, or further sitemaps: https://www.sitemaps.org/protocol.html, with Google's news sitemaps."""

from __future__ import annotations

import re
from io import BytesIO
from typing import NamedTuple

from scrub.decode import decode
from scrub.errors import NoLinksError
from scrub.html.addresses import absolute, is_article_like
from scrub.html.metadata.dates import read_date
from scrub.html.xml_records import Record, read_records, root_name
from scrub.model import Page
from scrub.sources.files import GZIP_MAGIC, read_stream
from scrub.sources.links import Link

MOST_RECORDS = 50_000  # of one sitemap, as the protocol allows
MOST_BYTES = 52_428_800  # of one sitemap unpacked, as the protocol allows
MOST_NAMED = 100  # sitemaps that robots.txt names

_ROOTS = frozenset({"urlset", "sitemapindex"})
_RECORDS = frozenset({"url", "sitemap"})
_NAMED = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2000})", re.IGNORECASE | re.MULTILINE)


class Further(NamedTuple):
    """A sitemap that an index names; `modified` is ISO 8601."""

    url: str
    modified: str | None = None


class Sitemap(NamedTuple):
    """What a sitemap lists."""

    links: tuple[Link, ...] = ()
    further: tuple[Further, ...] = ()


def is_sitemap(page: Page) -> bool:
    """Whether a page is a sitemap, whatever its server calls it. Raises as `decode`."""
    if page.body.startswith(GZIP_MAGIC):
        return True
    text = decode(page.body, page.encoding, page.content_type)
    return root_name(text) in _ROOTS or _is_plain(text)


def read_sitemap(page: Page, most_bytes: int = MOST_BYTES) -> Sitemap:
    """The articles of a sitemap, or the sitemaps of an index; plain or packed with gzip.

    A general sitemap lists every page of a site, so of it only addresses that have an article's shape are taken.
    `NoLinksError` for what is no sitemap, and what unpacking raises.
    """
    body = page.body
    if body.startswith(GZIP_MAGIC):
        body = read_stream(BytesIO(body), most_bytes).body
    text = decode(body, page.encoding, page.content_type)
    base = page.url or ""
    if _is_plain(text):
        links = (Link(address, "sitemap") for line in text.split()[:MOST_RECORDS] if (address := absolute(line, base)))
        return Sitemap(tuple(link for link in links if _is_wanted(link)))
    if root_name(text) not in _ROOTS:
        raise NoLinksError("it is no sitemap")
    records = read_records(text, _RECORDS, MOST_RECORDS)
    if root_name(text) == "sitemapindex":
        return Sitemap(further=tuple(found for record in records if (found := _further(record, base))))
    links = (link for record in records if (link := _link(record, base)))
    return Sitemap(tuple(link for link in links if _is_wanted(link)))


def named_sitemaps(robots: str, base: str) -> list[str]:
    """The sitemaps that a robots.txt names (RFC 9309 leaves the line to sitemaps.org, "Specifying the location")."""
    addresses = (absolute(found.group(1), base) for found in _NAMED.finditer(robots))
    return list(dict.fromkeys(address for address in addresses if address))[:MOST_NAMED]


def _is_plain(text: str) -> bool:
    """One address a line, and nothing else."""
    return text.lstrip("\ufeff \t\r\n")[:8].lower().startswith(("http://", "https://")) and all(
        line.lower().startswith(("http://", "https://")) for line in text.split()[:MOST_RECORDS]
    )


def _further(record: Record, base: str) -> Further | None:
    fields = {field.name: field.text for field in record.fields}
    address = absolute(fields.get("loc", ""), base)
    return Further(address, read_date(fields.get("lastmod", ""))) if address else None


def _link(record: Record, base: str) -> Link | None:
    fields = {field.name: field.text for field in record.fields}
    address = absolute(fields.get("loc", "").replace("&amp;", "&"), base)
    if address is None:
        return None
    modified = read_date(fields.get("lastmod", ""))
    if "news:publication_date" not in fields and "news:title" not in fields:
        return Link(address, "sitemap", modified=modified)
    title = " ".join(fields.get("news:title", "").split()) or None
    return Link(address, "news-sitemap", title, read_date(fields.get("news:publication_date", "")), modified)


def _is_wanted(link: Link) -> bool:
    return link.source == "news-sitemap" or is_article_like(link.url)
