"""A feed -> links: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.x."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from scrub.decode import decode
from scrub.errors import NoLinksError
from scrub.html.addresses import absolute
from scrub.html.metadata.dates import read_date
from scrub.html.xml_records import Field, Record, read_records, root_name
from scrub.model import Page
from scrub.sources.links import Link

MOST_ENTRIES = 10_000  # of one feed; most have 10 to 100
LONGEST_TITLE = 500

_ROOTS = frozenset({"rss", "feed", "RDF"})
_ENTRIES = frozenset({"item", "entry"})
_PUBLISHED = ("pubDate", "published", "issued", "dc:date", "dcterms:issued", "created", "dcterms:created")
_MODIFIED = ("updated", "modified", "dcterms:modified")
_TAG = re.compile(r"<[/!a-zA-Z][^<>]{0,1000}>")
_JSON_START = re.compile(r"\s{0,100}\{")


def is_feed(page: Page) -> bool:
    """Whether a page is a feed, whatever its server calls it. Raises as `decode`."""
    return _is_feed(decode(page.body, page.encoding, page.content_type))


def read_feed(page: Page) -> list[Link]:
    """The entries of a feed in its order; those without an address of their own (podcasts, notes) are left out.

    `NoLinksError` for what is no feed.
    """
    text = decode(page.body, page.encoding, page.content_type)
    if not _is_feed(text):
        raise NoLinksError("it is no feed")
    base = page.url or ""
    found = _json_links(text, base) if _JSON_START.match(text) else _xml_links(text, base)
    return list(found)


def _is_feed(text: str) -> bool:
    return root_name(text) in _ROOTS or (bool(_JSON_START.match(text)) and "jsonfeed.org" in text[:1000])


def _xml_links(text: str, base: str) -> Iterator[Link]:
    for record in read_records(text, _ENTRIES, MOST_ENTRIES):
        if address := _address(record, base):
            title = _title(_first(record, ("title",)))
            yield Link(address, "feed", title, _date(record, _PUBLISHED), _date(record, _MODIFIED))


def _address(record: Record, base: str) -> str | None:
    """Where an entry's article is: the address before a feed service's counter, its link, or its permanent id."""
    for address in _addresses(record):
        # What is a section of characters keeps its entities; an address never means them.
        whole = absolute(address.text.replace("&amp;", "&"), urljoin(base, record.base))
        if whole:
            return whole
    return None


def _addresses(record: Record) -> Iterable[Field]:
    by_name: dict[str, list[Field]] = {}
    for field in record.fields:
        by_name.setdefault(field.name, []).append(field)
    yield from by_name.get("feedburner:origLink", ())
    links = [field for field in by_name.get("link", ()) if _is_alternate(field)]
    # RFC 4287, 4.2.7: an entry may have an alternate for each type; a page is what is wanted.
    links.sort(key=lambda field: "html" not in field.attributes.get("type", "html"))
    for field in links:
        yield field._replace(text=field.attributes.get("href") or field.text)
    yield from (field for field in by_name.get("guid", ()) if _is_permanent(field))


def _is_alternate(field: Field) -> bool:
    return field.attributes.get("rel", "alternate").strip().lower() in ("alternate", "")


def _is_permanent(field: Field) -> bool:
    says = field.attributes.get("isPermaLink", "true").strip().lower()
    return says != "false" and field.text.startswith(("http://", "https://"))


def _first(record: Record, names: Iterable[str]) -> str:
    fields = (field.text for name in names for field in record.fields if field.name == name and field.text)
    return next(fields, "")


def _date(record: Record, names: Iterable[str]) -> str | None:
    return read_date(_first(record, names))


def _title(text: str) -> str | None:
    """A headline's words: feeds write them as text, as HTML, and as HTML that was escaped twice."""
    plain = html.unescape(_TAG.sub(" ", html.unescape(text)))
    return " ".join(plain.split())[:LONGEST_TITLE] or None


def _json_links(text: str, base: str) -> Iterator[Link]:
    """https://www.jsonfeed.org/version/1.1/, "Items"."""
    try:
        feed = json.loads(text, parse_int=float)
    except (ValueError, RecursionError) as error:
        raise NoLinksError("its JSON is broken") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    for item in (items if isinstance(items, list) else [])[:MOST_ENTRIES]:
        texts = {key: value for key, value in item.items() if isinstance(value, str)} if isinstance(item, dict) else {}
        address = absolute(texts.get("url") or texts.get("external_url") or "", base)
        if address:
            dates = (read_date(texts.get(f"date_{name}", "")) for name in ("published", "modified"))
            yield Link(address, "feed", _title(texts.get("title", "")), *dates)
