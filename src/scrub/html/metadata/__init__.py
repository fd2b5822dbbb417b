"""What a page says of its article outside the article's text: title, authors, dates, addresses, language, access.

A parsed page comes in, a Metadata goes out. The elements are gathered once (`signals`), the JSON-LD nodes that are
about this page are chosen (`json_ld`), the short lines beside the headline are read (`surroundings`), and each field
takes the best of what was found. Nothing is guessed: what the page does not say, or says in a way that can be read
as two things, is absent. The voices of each field, the first that speaks wins:

title (`titles`)
    The main heading that a declared title bears out; a declared title, without what the page does not print with it.
    Readers see the heading, but a heading alone may name the site or a section.
authors (`authors`, `names`)
    People in JSON-LD, in meta elements, in marked bylines, in lines beside the headline; the site itself where it is
    named as they are; whom "Written by" introduces anywhere; organisations; the only one to whom links of authors lead.
    What is meant for machines needs no taking apart, and who wrote the article is a person where anybody is named.
published (`moments`, `dates`)
    JSON-LD and meta in a machine's form; microdata, marked dates, lines beside the headline; JSON-LD and meta in words,
    which often give a template's last build; the address; dates after "Published" or beside an author anywhere, where
    they are of one day: far from the headline they are often a teaser's.
modified (`moments`)
    JSON-LD, meta, microdata, lines that say "updated". It is never taken for the date of publication.
the rest (`fields`)
    As their functions list them.

A moment that several places give is taken from the one that gives it most exactly: with time and offset, and with the
publisher's own offset rather than UTC. Whatever is a list of words (`byline_words`, `month_names`) is data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrub.model import Metadata

from . import fields, moments
from .addresses import host_names
from .authors import choose_authors
from .dates import order_of
from .json_ld import Linked, read_json_ld
from .signals import Found, Signals, heading_text, read_signals, text_of
from .surroundings import lines_around
from .titles import SHORTEST_LINE, TITLE_METAS, TitleClues, as_printed, choose_title, site_keys
from .wording import key

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["read_metadata"]

MOST_HEADINGS = 10
MOST_LESSER_HEADINGS = 60
LESSER_HEADINGS = 'h2, h3, [itemprop~="headline"], [class*="title" i], [class*="headline" i]'


def read_metadata(tree: LexborHTMLParser, url: str | None) -> Metadata:
    """Read the page's metadata; `url` is the page's own address, against which others are resolved.

    Never raises, whatever the page holds. `sources` names for each field where it stood: `json-ld`, `opengraph`,
    `meta`, `dublin-core`, `microdata`, `time`, `byline`, `link`, `html`, `title`, `heading` or `url`.
    """
    signals = read_signals(tree, url)
    headings = [Found(heading_text(e.node), "heading") for e in signals.headings[:MOST_HEADINGS]]
    linked = _linked(signals, headings)
    canonical, site = fields.canonical_address(signals, linked), fields.site(signals, linked)
    addresses = [address for address in (url, canonical.value if canonical else None) if address]
    site_names = _site_names(signals, linked, site, addresses)
    title = _as_printed(signals, _title(signals, linked, headings, site_names), site_names)
    heading = _heading(tree, signals, headings, title)
    lines = list(lines_around(heading)) if heading else []
    language = fields.language(signals, linked)
    order = order_of(language.value if language else None)
    return _metadata(
        signals,
        linked,
        {
            "canonical_url": canonical,
            "site": site,
            "title": title,
            "published": moments.published(signals, linked, lines, addresses, order),
            "modified": moments.modified(signals, linked, lines, order),
            "language": language,
        },
        choose_authors(signals, linked, site_names, lines),
    )


def _linked(signals: Signals, headings: list[Found]) -> Linked:
    """The JSON-LD nodes that have this page's address or title."""
    titles = [*headings, *signals.meta("og:title"), *(Found(title, "title") for title in signals.titles[:1])]
    addresses = [signals.url or "", *signals.links.get("canonical", [])[:1], *(f.value for f in signals.meta("og:url"))]
    return read_json_ld(signals.scripts, filter(None, addresses), (title.value for title in titles))


def _site_names(signals: Signals, linked: Linked, site: Found | None, addresses: list[str]) -> frozenset[str]:
    """All that the site calls itself, which is neither part of a title nor an author while there are people."""
    declared = signals.meta("application-name", "apple-mobile-web-app-title", "publisher")
    hosts = [name for address in addresses for name in host_names(address)]
    named = [found.value for found in (*declared, *linked.found("publisher"), *([site] if site else []))]
    return site_keys([*named, linked.site, *hosts])


def _title(signals: Signals, linked: Linked, headings: list[Found], site_names: frozenset[str]) -> Found | None:
    declared = [*linked.found("headline"), *signals.meta(*TITLE_METAS)]
    declared += [Found(title, "title") for title in signals.titles[:1]]
    return choose_title(TitleClues(tuple(declared), tuple(headings), site_names))


def _as_printed(signals: Signals, title: Found | None, site_names: frozenset[str]) -> Found | None:
    """A declared title without what the page does not print with it: the site's name, a section."""
    if title is None or title.where == "heading":
        return title
    longest = len(title.value) + 20
    keys = frozenset(key(line) for line in signals.printed_lines() if SHORTEST_LINE <= len(line) <= longest)
    return Found(as_printed(title.value, keys, site_names), title.where)


def _heading(tree: LexborHTMLParser, signals: Signals, headings: list[Found], title: Found | None) -> LexborNode | None:
    """The heading that is the title, whatever its level, else the first main one: the byline stands beside it."""
    wanted = key(title.value) if title else ""
    for element, found in zip(signals.headings, headings, strict=False):
        if wanted and wanted in key(found.value):
            return element.node
    for node in tree.css(LESSER_HEADINGS)[:MOST_LESSER_HEADINGS] if wanted else ():
        if key(text_of(node)) == wanted:
            return node
    return signals.headings[0].node if signals.headings else None


def _metadata(signals: Signals, linked: Linked, chosen: dict[str, Found | None], authors: list[Found]) -> Metadata:
    """All fields, with where each was found."""
    single = chosen | {
        "description": fields.description(signals, linked),
        "section": fields.section(signals, linked),
        "image": fields.image(signals, linked),
    }
    tags, access = fields.tags(signals, linked), fields.access(linked)
    firsts = {"authors": next(iter(authors), None), "tags": next(iter(tags), None)}
    sources = {name: found.where for name, found in (single | firsts).items() if found}
    value = {name: found.value if found else None for name, found in single.items()}
    return Metadata(
        url=signals.url,
        canonical_url=value["canonical_url"],
        site=value["site"],
        title=value["title"],
        authors=tuple(author.value for author in authors),
        published=value["published"],
        modified=value["modified"],
        language=value["language"],
        description=value["description"],
        section=value["section"],
        tags=tuple(tag.value for tag in tags),
        image=value["image"],
        access=access,
        sources=(*sources.items(), *([("access", "json-ld")] if access != "unknown" else [])),
    )
