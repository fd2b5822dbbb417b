"""What a page says of its article outside the article's text: title, authors, dates, addresses, language, access.

A parsed page comes in, a Metadata goes out. The elements are gathered once (`signals`), the JSON-LD nodes that are
about this page are chosen (`json_ld`), and each field takes the best of what was found. Nothing is guessed: what
the page does not say, or says in two ways that cannot both be read, is absent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from scrub.model import Access, Metadata

from .addresses import absolute, canonical_address, host_names
from .authors import choose_authors
from .dates import date_in_address, find_day, is_about_update, read_date, read_moment
from .json_ld import Linked, each, read_json_ld, text_of_value
from .json_text import Json
from .signals import Found, Signals, is_apart, read_signals, text_of
from .surroundings import LONGEST_LINE, lines_around
from .titles import TitleClues, choose_title, site_keys
from .wording import key, tidy

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["read_metadata"]

TITLE_METAS = (
    "og:title", "twitter:title", "parsely-title", "sailthru.title", "cxenseparse:title", "dc.title", "dcterms.title",
    "citation_title", "headline", "title",
)  # fmt: skip
PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date", "sailthru.date",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "dc.date.issued", "dcterms.issued", "dcterms.created",
    "dc.date.created", "dc.date", "dcterms.date", "citation_publication_date", "citation_online_date", "og:publish_date", "og:pubdate",
    "article:published", "article.published", "article:publicationdate", "rnews:datepublished", "publisheddate", "published_date", "published-date", "publishdate", "publish-date",
    "publish_date", "publication_date", "publication-date", "pubdate", "published", "date", "date.issued", "article:publish_date", "originalpublicationdate", "bt:pubdate", "article_date_original",
    "article:create_at", "datecreated",
)  # fmt: skip
MODIFIED_METAS = (
    "article:modified_time", "og:article:modified_time", "og:modified_time", "og:updated_time", "datemodified", "dc.date.modified",
    "dcterms.modified", "article.updated", "article:modified", "last-modified", "lastmod", "updated", "modified",
)  # fmt: skip
PUBLISHED_TOKENS = frozenset({"published", "entry-date", "post-date", "dt-published", "pubdate", "publish-date", "published-date", "article-date", "date-published"})
MODIFIED_TOKENS = frozenset({"updated", "modified", "dt-updated", "date-modified", "last-updated"})
MOST_TAGS = 50
MOST_HEADINGS = 60
LESSER_HEADINGS = 'h2, h3, [itemprop~="headline"], [class*="title" i], [class*="headline" i]'
SHORTEST_LABEL, LONGEST_LABEL = 3, 30
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:$|[-_.])", re.IGNORECASE)


def read_metadata(tree: LexborHTMLParser, url: str | None) -> Metadata:
    """Read the page's metadata; `url` is the page's own address, against which others are resolved.

    Never raises, whatever the page holds. `sources` names where each field stood.
    """
    signals = read_signals(tree, url)
    headings = tuple(Found(text_of(e.node), "heading") for e in signals.headings[:10])
    titles = [*(f.value for f in headings), *(f.value for f in signals.meta("og:title")), *signals.titles[:1]]
    addresses = [url or "", *signals.links.get("canonical", [])[:1], *(f.value for f in signals.meta("og:url"))]
    linked = read_json_ld(signals.scripts, [a for a in addresses if a], titles)
    return _Reading(tree, signals, linked, headings).metadata()


class _Reading:
    """One page's fields, each chosen from its signals and its JSON-LD."""

    def __init__(self, tree: LexborHTMLParser, signals: Signals, linked: Linked, headings: tuple[Found, ...]) -> None:
        self.tree = tree
        self.signals = signals
        self.linked = linked
        self.headings = headings
        self.base = absolute(signals.base or "", signals.url) or signals.url
        self.canonical = self._canonical()
        self.site = self._site()
        page_hosts = [n for a in (signals.url, self.canonical.value if self.canonical else None) for n in host_names(a)]
        declared = [f.value for f in signals.meta("application-name", "apple-mobile-web-app-title", "publisher")]
        self.site_names = site_keys([self.site.value if self.site else "", self._publisher(), linked.site, *page_hosts, *declared])

        self.title = self._title()
        self.heading = self._heading()

    def metadata(self) -> Metadata:
        """All fields, with where each was found."""
        single: dict[str, Found | None] = {
            "canonical_url": self.canonical,
            "site": self.site,
            "title": self.title,
            "published": self._published(),
            "modified": self._modified(),
            "language": self._language(),
            "description": self._description(),
            "section": self._section(),
            "image": self._image(),
        }
        authors = choose_authors(self.signals, self.linked, self.site_names, self.heading)
        tags = self._tags()
        access = self._access()
        found = {name: value.where for name, value in single.items() if value}
        found |= {name: values[0].where for name, values in (("authors", authors), ("tags", tags)) if values}
        found |= {"access": "json-ld"} if access != "unknown" else {}
        values = {name: value.value if value else None for name, value in single.items()}
        return Metadata(
            url=self.signals.url,
            canonical_url=values["canonical_url"],
            site=values["site"],
            title=values["title"],
            authors=tuple(author.value for author in authors),
            published=values["published"],
            modified=values["modified"],
            language=values["language"],
            description=values["description"],
            section=values["section"],
            tags=tuple(tag.value for tag in tags),
            image=values["image"],
            access=access,
            sources=tuple(found.items()),
        )

    def _json_ld(self, *names: str) -> Iterator[Found]:
        return (Found(text, "json-ld") for text in self.linked.texts(*names))

    def _canonical(self) -> Found | None:
        offers = [Found(href, "link") for href in self.signals.links.get("canonical", [])]
        offers += [*self.signals.meta("og:url"), *self._json_ld("url", "mainEntityOfPage")]
        for offer in offers:
            for address in canonical_address([offer.value], self.base):
                return Found(address, offer.where)
        return None

    def _publisher(self) -> str:
        return next(self.linked.texts("publisher"), "")

    def _site(self) -> Found | None:
        offers = [*self.signals.meta("og:site_name"), Found(self._publisher(), "json-ld"), Found(self.linked.site, "json-ld")]
        offers += self.signals.meta("application-name", "dc.publisher", "cre")
        return next((offer for offer in offers if offer.value and not offer.value.startswith("http")), None)

    def _title(self) -> Found | None:
        declared = [
            *self._json_ld("headline"),
            *self.signals.meta(*TITLE_METAS),
            *(Found(title, "title") for title in self.signals.titles[:1]),
        ]
        return choose_title(TitleClues(tuple(declared), self.headings, self.site_names))

    def _heading(self) -> LexborNode | None:
        """The heading that is the title, whatever its level, else the first main one."""
        title = key(self.title.value) if self.title else ""
        for element, found in zip(self.signals.headings, self.headings, strict=False):
            if title and title in key(found.value):
                return element.node
        for node in self.tree.css(LESSER_HEADINGS)[:MOST_HEADINGS] if title else ():
            if key(text_of(node)) == title:
                return node
        return self.signals.headings[0].node if self.signals.headings else None

    def _published(self) -> Found | None:
        machine = (self._json_ld("datePublished"), self.signals.meta(*PUBLISHED_METAS), self._other_metas())
        visible = (self._items("datepublished"), self._times(), self._lines(False), self._only_time())
        found = _first(chain(*machine), read_moment) or _first(chain(*visible), read_date)
        machine = (self._json_ld("datePublished", "dateCreated", "uploadDate"), self.signals.meta(*PUBLISHED_METAS))
        found = found or _first(chain(*machine), read_date)
        if found:
            return found
        for address in (self.signals.url, self.canonical.value if self.canonical else None):
            day = date_in_address(address or "")
            if day:
                return Found(day, "url")
        return None

    def _modified(self) -> Found | None:
        machine = (self._json_ld("dateModified"), self.signals.meta(*MODIFIED_METAS), self._items("datemodified"))
        return _first(chain(*machine), read_date) or _first(self._lines(True), read_date)

    def _items(self, itemprop: str) -> Iterator[Found]:
        for element in self.signals.items:
            if itemprop in element.itemprop and not is_apart(element.node):
                attributes = element.node.attributes
                yield Found(tidy(attributes.get("datetime") or attributes.get("content")) or text_of(element.node), "microdata")

    def _other_metas(self) -> Iterator[Found]:
        """Names that no vocabulary knows but that say what they are: `w-published-date`."""
        for name in self.signals.metas:
            if "publi" in name and ("date" in name or "time" in name):
                yield from self.signals.meta(name)

    def _times(self) -> Iterator[Found]:
        """What is marked as the time of publication by whole class names."""
        start = self.signals.headings[0].order if self.signals.headings else -1
        marked = [e for e in self.signals.marked if not PUBLISHED_TOKENS.isdisjoint(e.tokens) and not is_apart(e.node)]
        for element in sorted(marked, key=lambda e: (e.order < start, e.order)):
            moment = tidy(element.node.attributes.get("datetime") or element.node.attributes.get("title"))
            text = text_of(element.node)
            if moment or (len(text) <= LONGEST_LINE and not is_about_update(text)):
                yield Found(moment or text, "time" if element.tag == "time" else "byline")

    def _lines(self, about_update: bool) -> Iterator[Found]:
        """The date for readers next to the headline: of publication, or of an update."""
        label = ""
        for line in lines_around(self.heading) if self.heading else ():
            is_update = is_about_update(line.text) or (is_about_update(label) and len(label) < LONGEST_LABEL)
            if is_update is about_update:
                if line.moment:
                    yield Found(line.moment, "time")
                yield Found(find_day(line.text) or "", "byline")
            if len(line.text) > SHORTEST_LABEL:
                label = line.text

    def _only_time(self) -> Iterator[Found]:
        """The time elements of the article, where all of them mean the same day."""
        updates = {(read_date(found.value) or "")[:10] for found in self._lines(True)}
        found = [_moment_of(e.node) for e in self.signals.times if MODIFIED_TOKENS.isdisjoint(e.tokens) and not is_apart(e.node)]
        days = {(read_date(text) or "")[:10] for text in found}
        if len(days) == 1 and days.isdisjoint(updates):
            yield Found(found[0], "time")

    def _language(self) -> Found | None:
        """What most places agree on, the page's own attribute before the others."""
        offers = [Found(self.signals.language, "html"), *self._json_ld("inLanguage")][:2]
        offers += self.signals.meta("og:locale", "content-language", "language", "dc.language", "dcterms.language")
        tags = [Found(tag, offer.where) for offer in offers if (tag := language_tag(offer.value))]
        votes = Counter(tag.value.split("-")[0] for tag in tags)
        best = max(votes.values(), default=0)
        return next((tag for tag in tags if votes[tag.value.split("-")[0]] == best), None)

    def _description(self) -> Found | None:
        offers = [*self.signals.meta("og:description", "description"), *self._json_ld("description")]
        offers += self.signals.meta("twitter:description", "dc.description", "dcterms.description")
        return next(iter(offers), None)

    def _section(self) -> Found | None:
        offers = [*self._json_ld("articleSection"), *self.signals.meta("article:section", "parsely-section", "section")]
        return _first(offers, lambda text: text if len(text) <= 100 and not text.startswith("http") else None)

    def _tags(self) -> list[Found]:
        offers: list[list[Found]] = [list(self.signals.meta("article:tag")), list(self._json_ld("keywords"))]
        offers += [list(self.signals.meta(n)) for n in ("news_keywords", "parsely-tags", "sailthru.tags", "keywords")]
        return next((tags for found in offers if (tags := split_tags(found))), [])

    def _image(self) -> Found | None:
        offers = [*self.signals.meta("og:image", "og:image:url", "og:image:secure_url"), *self._images_in_json_ld()]
        offers += self.signals.meta("twitter:image", "twitter:image:src")
        offers += [Found(href, "link") for href in self.signals.links.get("image_src", [])]
        return _first(offers, lambda address: absolute(address, self.base))

    def _images_in_json_ld(self) -> Iterator[Found]:
        for value in self.linked.values("image", "thumbnailUrl"):
            value = self.linked.resolve(value)
            if isinstance(value, dict):
                value = next(each(value.get("url") or value.get("contentUrl") or value.get("@id")), None)
            if isinstance(value, str):
                yield Found(tidy(value), "json-ld")

    def _access(self) -> Access:
        for value in self.linked.values("isAccessibleForFree"):
            word = key(str(value)).removeprefix("https").removeprefix("http").removeprefix("schemaorg")
            if word in ("false", "no", "0"):
                return "paywalled"
            if word in ("true", "yes", "1"):
                return "open"
        return "unknown"


def _moment_of(node: LexborNode) -> str:
    return tidy(node.attributes.get("datetime")) or text_of(node)


def _first(offers: Iterable[Found], read: Callable[[str], str | None]) -> Found | None:
    """The first offer that can be read, as it was read."""
    for offer in offers:
        value = read(offer.value)
        if value:
            return Found(value, offer.where)
    return None


def language_tag(text: str) -> str | None:
    """A language as BCP 47 writes it: `en_gb` and `en-GB.UTF-8` are `en-GB`; prose is `None`."""
    match = _LANGUAGE.match(text.strip())
    if not match:
        return None
    language, script, region = match.groups()
    parts = [language.lower(), script.title() if script else "", region.upper() if region else ""]
    return "-".join(filter(None, parts))


def split_tags(found: list[Found]) -> list[Found]:
    """Each tag once; a list in one text is taken apart at its commas or semicolons."""
    tags: dict[str, Found] = {}
    for value, where in found:
        for part in re.split(r"[,;]", value):
            if part.strip():
                tags.setdefault(part.strip().casefold(), Found(part.strip(), where))
    return list(tags.values())[:MOST_TAGS]
