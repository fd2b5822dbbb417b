"""The authors: whom JSON-LD, meta elements, marked bylines or the lines beside the headline name, in this order.

The first voice that names a person wins, whole: two voices are never mixed, since a byline that stops early or runs on
into a biography would spoil a list that is right. Names of the site itself and organisations wait until nobody else is
named, and so do the voices that listen to the whole page: "Written by" before a name, and links to pages of authors,
which count only where all of them name the same one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .dates import find_day, without_day
from .json_ld import Linked, each, text_of_value, types_of
from .names import LABELS, is_agency, names_after_labels, names_in_lines, names_others, split_names, unique_names
from .signals import BYLINE_WORDS, Element, Found, Signals, is_apart, pieces_of, text_of
from .wording import key, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from .json_text import Json
    from .surroundings import Line

MOST_AUTHORS = 40
LEAST_WORDS, MOST_WORDS = 2, 4
_SEPARATED = re.compile(r"[|·•]")
MOST_BYLINES = 30
MOST_LINKS = 200
LONGEST_BYLINE = 400
ORGANISATIONS = frozenset({"brand", "corporation", "newsmediaorganization", "ngo", "organization", "website"})

AUTHOR_METAS = (
    "author", "article:author", "og:author", "og:article:author", "parsely-author", "sailthru.author",
    "cxenseparse:author", "citation_author", "citation_authors", "dc.creator", "dcterms.creator", "byl", "byline",
    "dc.contributor", "authors", "article:author_name", "article_author", "articleauthor", "rnews:author",
    "dcsext.author", "creator",
)  # fmt: skip
INVERTED_METAS = frozenset({"citation_author", "dc.creator", "dcterms.creator"})

# Whole class names in which publishers and their software put an author's name and nothing else.
BYLINE_TOKENS = frozenset(
    {
        "article-author", "article-author-name", "article-byline", "author", "author-byline", "author-link",
        "author-name", "authorname", "authors", "blog-author-name", "blog-meta-item-author", "by-author", "by-line",
        "byline", "byline-author", "byline-name", "bylinename", "bylines", "bylineswrapper", "bylinewrapper",
        "c-byline", "contributor-name", "elementor-post-info-item-type-author", "entry-author", "entry-author-link",
        "entry-author-name", "entry-byline", "meta-author", "p-author", "post-author", "post-author-name",
        "post-byline", "post-meta-author", "posted-by", "published-by", "story-byline", "tdb-author-name",
        "wp-block-post-author-name", "written-by",
    }
)  # fmt: skip
INNER_NAMES = '[itemprop~="name"], [rel~="author"], .fn, .author-name, .author'


def choose_authors(signals: Signals, linked: Linked, site_names: frozenset[str], lines: list[Line]) -> list[Found]:
    """All authors: people before organisations and the site itself, what is for machines before what is visible."""
    people, organisations = authors_in_json_ld(linked)
    seen: list[list[Found]] = []
    for found in _offers(people, signals, lines):
        persons = [author for author in found if key(author.value) not in site_names]
        if persons:
            return persons
        seen.append(found)
    named = next((found for found in seen if found), [])
    return named or _introduced_elsewhere(signals) or organisations or _linked_elsewhere(signals)


def _offers(people: list[Found], signals: Signals, lines: list[Line]) -> Iterator[list[Found]]:
    """One after the other, since most pages need only the first and the last is the slowest."""
    yield people
    yield authors_in_metas(signals)
    yield authors_in_bylines(signals, lines)


def authors_in_json_ld(linked: Linked) -> tuple[list[Found], list[Found]]:
    """People, and organisations, whom the best node that has an author names."""
    for node in linked.nodes:
        people: list[str] = []
        organisations: list[str] = []
        for value in each(node.get("author") or node.get("creator")):
            author = linked.resolve(value)
            names = [name for text in _names_in(author) for name in split_names(text)]
            is_organisation = isinstance(author, dict) and not ORGANISATIONS.isdisjoint(types_of(author))
            (organisations if is_organisation else people).extend(names)
        if people:
            people += filter(is_agency, organisations)
        if people or organisations:
            return _found(people, "json-ld"), _found(organisations, "json-ld")
    return [], []


def authors_in_metas(signals: Signals) -> list[Found]:
    """The names in the first kind of meta element that has any."""
    for name in AUTHOR_METAS:
        found = list(signals.meta(name))
        texts = [_turned(f.value) if name in INVERTED_METAS else f.value for f in found]
        names = [n for text in texts for n in split_names(text)]
        if names:
            return _found(names, found[0].where)
    for number in "12":  # how WordPress fills the card that a shared link becomes
        label = next((f.value for f in signals.meta(f"twitter:label{number}")), "")
        if label.strip(" :").casefold() in LABELS:
            return _found([n for f in signals.meta(f"twitter:data{number}") for n in split_names(f.value)], "meta")
    return []


def authors_in_bylines(signals: Signals, lines: list[Line]) -> list[Found]:
    """The names in the first marked byline, those after the heading first, else beside the headline."""
    start = signals.headings[0].order if signals.headings else -1
    marked = sorted(filter(_is_byline, signals.marked), key=lambda e: (e.order < start, e.order))
    for element in marked[:MOST_BYLINES]:
        names = _names_inside(element)
        if names and not is_apart(element.node):
            return _found(names, "microdata" if "author" in element.itemprop else "byline")
    near = [line.text for line in lines]
    found = _linked_names(signals, near) or _loosely_marked_names(signals, near) or _introduced(near) or _dated(near)
    return _found(found, "byline")


def _introduced_elsewhere(signals: Signals) -> list[Found]:
    """Whom the page introduces anywhere as its writer."""
    return _found(names_after_labels(signals.printed_lines()), "byline")


def _linked_elsewhere(signals: Signals) -> list[Found]:
    """Whom all of the page's links to pages of authors name; where they name several, they are those of teasers."""
    links = [e for e in signals.marked if _leads_to_person(e)][:MOST_LINKS]
    names = unique_names(name for e in links for name in _whole_names(e.node))
    return _found(names if len(names) == 1 else [], "byline")


def _leads_to_person(element: Element) -> bool:
    return element.leads_to_author or (element.tag == "a" and "author" in element.rel)


def _whole_names(node: LexborNode) -> list[str]:
    return [name for name in split_names(text_of(node), is_visible=True) if len(name.split()) > 1]


def _names_in(author: Json) -> Iterator[str]:
    """The names in one author: a text, a node with a name, or with the parts of a name."""
    if isinstance(author, str):
        yield tidy(author)
    elif isinstance(author, dict):
        whole = [text_of_value(name) for name in each(author.get("name") or author.get("@value"))]
        yield from whole or [" ".join(text_of_value(author.get(part)) for part in ("givenName", "familyName"))]


def _turned(text: str) -> str:
    """`Smith, Ann`, as libraries write it, in the order in which it is read."""
    last, comma, first = text.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and len(last.split()) == 1 and "," not in first else text


def _is_byline(element: Element) -> bool:
    return "author" in element.rel or "author" in element.itemprop or not BYLINE_TOKENS.isdisjoint(element.tokens)


def _names_inside(element: Element) -> list[str]:
    """The names that a byline's own parts mark, else those in its text."""
    inner = [n for n in element.node.css(INNER_NAMES)[:MOST_AUTHORS] if n.mem_id != element.node.mem_id]
    names = unique_names(name for node in inner for name in names_in_lines(_lines_of(node), is_marked=True))
    return names or names_in_lines(_lines_of(element.node), is_marked=True)


def _lines_of(node: LexborNode) -> list[str]:
    """An element's pieces of text, where it is as short as a byline."""
    lines = [line for piece in pieces_of(node) if (line := tidy(piece))]
    return lines if sum(map(len, lines)) < LONGEST_BYLINE else []


def _linked_names(signals: Signals, near: list[str]) -> list[str]:
    """The names of links that stand in these lines and lead to the page of an author, to the first editor's."""
    links = {text_of(e.node): e.node for e in [e for e in signals.marked if e.leads_to_author][:MOST_LINKS]}
    names: list[str] = []
    for line in near:
        if names and names_others(line):
            break
        names += _whole_names(links[line]) if line in links else []
    return names


def _loosely_marked_names(signals: Signals, near: list[str]) -> list[str]:
    """The names in the first element that begins in these lines and has a class with the word in it."""
    marked = (e for e in signals.marked if any(not BYLINE_WORDS.isdisjoint(t.split("-")) for t in e.tokens))
    for element, _ in zip(marked, range(MOST_LINKS), strict=False):
        lines = _lines_of(element.node)
        names = names_in_lines(lines, is_marked=True) if lines and lines[0] in near else []
        if names:
            return names
    return []


def _introduced(lines: list[str]) -> list[str]:
    """The names that nothing but a word before them marks."""
    return names_in_lines(lines, is_marked=False)


def _dated(lines: list[str]) -> list[str]:
    """The name that shares a line with the date and a separator: `Ann Smith | Reporter | May 3, 2024`."""
    dated = (without_day(line) for line in lines if _SEPARATED.search(line) and find_day(line))
    names = (name for line in dated for name in split_names(line, is_visible=True)[:1])
    return [name for name in names if LEAST_WORDS <= len(name.split()) <= MOST_WORDS][:1]


def _found(names: list[str], where: str) -> list[Found]:
    return [Found(name, where) for name in unique_names(names)]
