"""When an article was published and changed: machines' words first, then what stands beside the headline.

The date of a change is never taken for that of publication: where a page has no other, that one is absent.
"""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from .dates import (
    date_in_address,
    find_day,
    find_update,
    is_about_update,
    is_published_label,
    read_date,
    read_moment,
    without_day,
)
from .signals import Element, Found, Signals, first_read, is_about_author, is_apart, text_of
from .surroundings import LONGEST_LINE, Line, lines_after
from .wording import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborNode

    from .dates import Order
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
LONGEST_LABELLED = 60
LINES_AFTER_BYLINE = 2
MOST_ELEMENTS = 100
DAY = len("2024-05-03")


def published(
    signals: Signals, linked: Linked, lines: list[Line], addresses: Iterable[str], order: Order
) -> Found | None:
    """The moment of publication; `order` is that of dates in figures on this page.

    A date in words is no machine's: where JSON-LD has one, it is often the day of a template's last build, and the
    date for readers goes before it. The page's address is the last resort.
    """

    def read(text: str) -> str | None:
        return read_date(text, order)

    machine = [*linked.found("datePublished"), *signals.meta(*PUBLISHED_METAS), *_unlisted_metas(signals)]
    visible = (
        _items(signals, "datepublished"),
        _marked(signals),
        _lines(lines, order),
        _only_day(signals, lines, order),
    )
    in_words = (linked.found("datePublished", "dateCreated", "uploadDate"), signals.meta(*PUBLISHED_METAS))
    found = first_read(machine, read_moment)
    if found:
        return _most_exact(found, [*machine, *_machine_times(signals)])
    return (
        first_read(chain(*visible), read)
        or first_read(chain(*in_words), read)
        or first_read((Found(address, "url") for address in addresses), date_in_address)
        or _one_day(_labelled(signals.printed_lines(), order))
        or _one_day(_beside_bylines(signals, order))
    )


def modified(signals: Signals, linked: Linked, lines: list[Line], order: Order) -> Found | None:
    """The moment of the last change."""
    machine = (linked.found("dateModified"), signals.meta(*MODIFIED_METAS), _items(signals, "datemodified"))
    return first_read(chain(*machine, _updates(lines, order)), lambda text: read_date(text, order))


def _most_exact(found: Found, offers: list[Found]) -> Found:
    """The same moment as another place has it more exactly: with its time, with its offset, in the publisher's own."""
    for offer in offers:
        other = read_moment(offer.value)
        if other and _is_more_exact(other, found.value):
            return Found(other, offer.where)
    return found


def _is_more_exact(other: str, than: str) -> bool:
    if len(than) == DAY:
        return len(other) > DAY and other[:DAY] == than
    mine, theirs = datetime.fromisoformat(than), datetime.fromisoformat(other)
    if mine.tzinfo is None or theirs.tzinfo is None:
        return mine.tzinfo is None and theirs.tzinfo is not None and theirs.replace(tzinfo=None) == mine
    return mine == theirs and not mine.utcoffset() and bool(theirs.utcoffset())


def _machine_times(signals: Signals) -> Iterator[Found]:
    """What the page's time elements give to machines."""
    for element in signals.times[:MOST_ELEMENTS]:
        yield Found(tidy(element.node.attributes.get("datetime")), "time")


def _unlisted_metas(signals: Signals) -> Iterator[Found]:
    """Names that no vocabulary has but that say what they are: `w-published-date`."""
    for name in signals.metas:
        if "publi" in name and ("date" in name or "time" in name):
            yield from signals.meta(name)


def _items(signals: Signals, itemprop: str) -> Iterator[Found]:
    items = [e for e in signals.items if itemprop in e.itemprop][:MOST_ELEMENTS]
    texts = [_moment_of(element.node) for element in items if not is_apart(element.node)]
    days = {(read_date(text) or "")[:DAY] for text in texts} - {""}
    return (Found(text, "microdata") for text in texts if len(days) == 1)


def _marked(signals: Signals) -> Iterator[Found]:
    """What whole class names mark as the time of publication; those after the heading first."""
    start = signals.headings[0].order if signals.headings else -1
    marked = [e for e in signals.marked if not PUBLISHED_TOKENS.isdisjoint(e.tokens)]
    for element in sorted(marked, key=lambda e: abs(e.order - start))[:MOST_ELEMENTS]:
        text = text_of(element.node)
        if len(text) <= LONGEST_LINE and not is_about_update(text) and not is_apart(element.node):
            yield Found(_moment_of(element.node), "time" if element.tag == "time" else "byline")


def _lines(lines: list[Line], order: Order) -> Iterator[Found]:
    """The date of publication for readers beside the headline."""
    for line, is_update in _told_apart(lines):
        if not is_update:
            if line.moment:
                yield Found(line.moment, "time")
            yield Found(find_day(line.text, order) or "", "byline")


def _updates(lines: list[Line], order: Order) -> Iterator[Found]:
    """The dates of changes for readers beside the headline."""
    for line, is_update in _told_apart(lines):
        if is_update and line.moment:
            yield Found(line.moment, "time")
        yield Found((find_day(line.text, order) if is_update else find_update(line.text, order)) or "", "byline")


def _told_apart(lines: list[Line]) -> Iterator[tuple[Line, bool]]:
    """Each line, and whether it or the label before it says that its date is that of a change."""
    label = ""
    for line in lines:
        yield line, is_about_update(line.text) or (is_about_update(label) and len(label) < LONGEST_LABEL)
        if len(line.text) > SHORTEST_LABEL:
            label = line.text


def _only_day(signals: Signals, lines: list[Line], order: Order) -> Iterator[Found]:
    """The article's time elements, else what its classes call dates, where all of them mean one and the same day."""
    updates = {(read_date(found.value) or "")[:DAY] for found in _updates(lines, order)}
    dated = [e for e in signals.marked if any("date" in token.split("-") for token in e.tokens)]
    for elements, where in ((signals.times, "time"), (dated, "byline")):
        texts = [text for text in map(_day_text, elements[:MOST_ELEMENTS]) if read_date(text, order)]
        days = {(read_date(text, order) or "")[:DAY] for text in texts}
        if len(days) == 1 and days.isdisjoint(updates):
            yield Found(texts[0], where)


def _labelled(lines: list[str], order: Order) -> Iterator[str]:
    """The days that lines anywhere on the page give after a word for publication, or after a line of such a word."""
    is_labelled = False
    for line in lines:
        label = is_published_label(line)
        if (label or is_labelled) and len(line) <= LONGEST_LABELLED:
            yield find_day(line, order) or ""
        is_labelled = label and len(line) < LONGEST_LABEL


def _beside_bylines(signals: Signals, order: Order) -> Iterator[str]:
    """The days in and after the elements that hold an author's name."""
    for element in [e for e in signals.marked if is_about_author(e)][:MOST_ELEMENTS]:
        if not is_apart(element.node):
            own = text_of(element.node)
            if len(own) > LONGEST_LINE or not without_day(own).strip():  # a biography; nobody's name
                continue
            near = [Line(own, ""), *lines_after(element.node, LINES_AFTER_BYLINE)]
            yield next((found.value for found in _lines(near, order) if found.where == "byline" and found.value), "")


def _one_day(days: Iterator[str]) -> Found | None:
    """The day that is meant where only one is."""
    found = set(filter(None, days))
    return Found(found.pop(), "byline") if len(found) == 1 else None


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
