"""When an article was published and changed: machines' words first, then what stands beside the headline."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from .dates import date_in_address, find_day, is_about_update, read_date, read_moment
from .signals import Element, Found, Signals, first_read, is_apart, text_of
from .surroundings import LONGEST_LINE, Line
from .wording import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborNode

    from .json_ld import Linked

PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "citation_publication_date",
    "citation_online_date", "og:publish_date", "og:pubdate", "article:published", "article.published",
    "article:publicationdate", "article:publish_date", "rnews:datepublished", "publisheddate", "published_date",
    "published-date", "publishdate", "publish-date", "publish_date", "publication_date", "publication-date",
    "pubdate", "published", "date", "date.issued", "originalpublicationdate", "bt:pubdate", "article_date_original",
    "datecreated",
)  # fmt: skip
MODIFIED_METAS = (
    "article:modified_time", "og:article:modified_time", "og:modified_time", "og:updated_time", "datemodified",
    "dc.date.modified", "dcterms.modified", "article.updated", "article:modified", "last-modified", "lastmod",
    "updated", "modified",
)  # fmt: skip
PUBLISHED_TOKENS = frozenset(
    {
        "article-date", "date-published", "dt-published", "entry-date", "post-date", "pubdate", "publish-date",
        "published", "published-date",
    }
)  # fmt: skip
MODIFIED_TOKENS = frozenset({"date-modified", "dt-updated", "last-updated", "modified", "updated"})
SHORTEST_LABEL, LONGEST_LABEL = 3, 30
"""Characters of a line that says what the next one is: `Last updated`, but neither `on` nor a sentence."""
MOST_ELEMENTS = 100


def published(signals: Signals, linked: Linked, lines: list[Line], addresses: Iterable[str]) -> Found | None:
    """The moment of publication.

    A date in words is no machine's: where JSON-LD has one, it is often the day of a template's last build, and the
    date for readers goes before it. The page's address is the last resort.
    """
    machine = (linked.found("datePublished"), signals.meta(*PUBLISHED_METAS), _unlisted_metas(signals))
    visible = (_items(signals, "datepublished"), _marked(signals), _lines(lines, False), _only_day(signals, lines))
    in_words = (linked.found("datePublished", "dateCreated", "uploadDate"), signals.meta(*PUBLISHED_METAS))
    return (
        first_read(chain(*machine), read_moment)
        or first_read(chain(*visible), read_date)
        or first_read(chain(*in_words), read_date)
        or first_read((Found(address, "url") for address in addresses), date_in_address)
    )


def modified(signals: Signals, linked: Linked, lines: list[Line]) -> Found | None:
    """The moment of the last change."""
    machine = (linked.found("dateModified"), signals.meta(*MODIFIED_METAS), _items(signals, "datemodified"))
    return first_read(chain(*machine, _lines(lines, True)), read_date)


def _unlisted_metas(signals: Signals) -> Iterator[Found]:
    """Names that no vocabulary has but that say what they are: `w-published-date`."""
    for name in signals.metas:
        if "publi" in name and ("date" in name or "time" in name):
            yield from signals.meta(name)


def _items(signals: Signals, itemprop: str) -> Iterator[Found]:
    items = [e for e in signals.items if itemprop in e.itemprop][:MOST_ELEMENTS]
    for element in items:
        if not is_apart(element.node):
            yield Found(_moment_of(element.node), "microdata")


def _marked(signals: Signals) -> Iterator[Found]:
    """What whole class names mark as the time of publication; those after the heading first."""
    start = signals.headings[0].order if signals.headings else -1
    marked = [e for e in signals.marked if not PUBLISHED_TOKENS.isdisjoint(e.tokens)]
    for element in sorted(marked, key=lambda e: (e.order < start, e.order))[:MOST_ELEMENTS]:
        text = text_of(element.node)
        if len(text) <= LONGEST_LINE and not is_about_update(text) and not is_apart(element.node):
            yield Found(_moment_of(element.node), "time" if element.tag == "time" else "byline")


def _lines(lines: list[Line], about_update: bool) -> Iterator[Found]:
    """The date for readers beside the headline: of publication, or of an update."""
    label = ""
    for line in lines:
        is_update = is_about_update(line.text) or (is_about_update(label) and len(label) < LONGEST_LABEL)
        if is_update is about_update:
            if line.moment:
                yield Found(line.moment, "time")
            yield Found(find_day(line.text) or "", "byline")
        if len(line.text) > SHORTEST_LABEL:
            label = line.text


def _only_day(signals: Signals, lines: list[Line]) -> Iterator[Found]:
    """The article's time elements, else what its classes call dates, where all of them mean one and the same day."""
    updates = {(read_date(found.value) or "")[:10] for found in _lines(lines, True)}
    dated = [e for e in signals.marked if any("date" in token.split("-") for token in e.tokens)]
    for elements, where in ((signals.times, "time"), (dated, "byline")):
        texts = [text for text in map(_day_text, elements[:MOST_ELEMENTS]) if read_date(text)]
        days = {(read_date(text) or "")[:10] for text in texts}
        if len(days) == 1 and days.isdisjoint(updates):
            yield Found(texts[0], where)


def _day_text(element: Element) -> str:
    """What an element gives as its day; empty where that is an update's, or another article's."""
    if not MODIFIED_TOKENS.isdisjoint(element.tokens) or is_apart(element.node):
        return ""
    text = _moment_of(element.node)
    return "" if len(text) > LONGEST_LINE or is_about_update(text) else text


def _moment_of(node: LexborNode) -> str:
    """The machine's form of an element's time, else its text."""
    attributes = node.attributes
    return tidy(attributes.get("datetime") or attributes.get("content")) or text_of(node)
