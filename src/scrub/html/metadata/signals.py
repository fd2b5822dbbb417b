"""A page's elements that may say something of its article, gathered in one walk. Judging them is the others' work."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from .addresses import absolute
from .wording import tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

# No combinators: they would cost the square of a hostile page's depth.
SELECTOR = (
    "html, title, base, meta, link, h1, time, script[type], [itemprop],"
    ' [rel~="author" i], [data-testid*="author" i], [data-testid*="byline" i],'
    ' [id*="author" i], [id*="byline" i],'
    ' [class*="author" i], [class*="byline" i], [class*="by-line" i], [class*="written" i], [class*="posted" i],'
    ' [class*="contributor" i], [class*="date" i], [class*="publi" i],'
    ' a[href*="/aut" i], a[href*="/people/" i], a[href*="/profile" i], a[href*="/contributor" i], a[href*="/staff/" i]'
)
MOST_ELEMENTS = 5_000
MOST_OF_A_KIND = 60
MOST_LINES = 20_000
HIGHEST_CLIMB = 40
MOST_STEPS = 400
NOT_THE_ARTICLE = frozenset({"aside", "footer", "nav", "dialog", "template"})
NOT_THE_ARTICLE_TOKENS = frozenset(
    {
        "comment", "comment-body", "comment-list", "commentlist", "comments", "comments-area", "disqus-thread",
        "recommended", "related", "related-articles", "related-posts", "respond", "sidebar", "widget-area",
    }
)  # fmt: skip


BYLINE_WORDS = frozenset({"author", "authorname", "authors", "byline", "bylines"})
"""Parts of class names such as `ArticleHead_author__x7d2`."""
BREAKS = frozenset({"br", "div", "li", "p", "small"})
_JOINTS = re.compile(r"[_-]+")
_ENDS_WORD = re.compile(r"[^\W\d_A-Z]$|[.!?:)»”]$")

# The last folder but one of a page about an author, as publishers name it in several languages.
AUTHOR_PATH = re.compile(
    r"/(?:authors?|autor(?:en|es|i|e)?|auteurs?|people|profiles?|contributors?|staff)/[^/?#]", re.I
)


class Found(NamedTuple):
    """A value and where on the page it stood: `json-ld`, `opengraph`, `meta`, `microdata`, …"""

    value: str
    where: str


class Element(NamedTuple):
    """An element that stands in the page's order, with what its attributes claim."""

    order: int
    node: LexborNode
    tag: str
    tokens: frozenset[str]
    """Whole tokens of class, data-testid and id, in lower case, with single hyphens for `_` and `__`."""
    rel: frozenset[str]
    itemprop: frozenset[str]
    leads_to_author: bool


@dataclass(slots=True)
class Signals:
    """What the page says outside its text; the lists are in the page's order. `base` resolves its addresses."""

    url: str | None = None
    base: str | None = None
    language: str = ""
    titles: list[str] = field(default_factory=list)
    metas: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)
    headings: list[Element] = field(default_factory=list)
    times: list[Element] = field(default_factory=list)
    items: list[Element] = field(default_factory=list)
    marked: list[Element] = field(default_factory=list)
    body: LexborNode | None = None

    def printed_lines(self) -> list[str]:
        """The page's text, a line for each piece of it."""
        pieces = self.body.text(separator="\n").split("\n")[:MOST_LINES] if self.body is not None else []
        return [line for piece in pieces if (line := piece.strip())]

    def meta(self, *names: str) -> Iterator[Found]:
        """The contents of these meta elements, in the order of the names."""
        for name in names:
            for value in self.metas.get(name, ()):
                yield Found(value, where_of(name))


def where_of(name: str) -> str:
    """The vocabulary that a meta element's name belongs to."""
    prefix = re.split(r"[:.]", name, maxsplit=1)[0]
    if prefix in {"og", "article", "book", "profile"} and ":" in name:
        return "opengraph"
    return "dublin-core" if prefix in {"dc", "dcterms"} else "meta"


def read_signals(tree: LexborHTMLParser, url: str | None) -> Signals:
    """Gather them all in one query."""
    signals = Signals(url=url, base=url, body=tree.body)
    for order, node in enumerate(tree.css(SELECTOR)[:MOST_ELEMENTS]):
        tag = node.tag or ""
        attributes = node.attributes
        reader = _READERS.get(tag)
        if reader is not None:
            reader(signals, node, attributes)
        _mark(signals, order, node, tag, attributes)
    signals.headings = [e for e in signals.headings[:MOST_OF_A_KIND] if not is_apart(e.node)] or signals.headings
    return signals


def pieces_of(node: LexborNode) -> list[str]:
    """An element's pieces of text, as far as something short can have them: a hostile page nests what it repeats."""
    pieces: list[str] = []
    for part, _ in zip(node.traverse(include_text=True), range(MOST_STEPS), strict=False):
        if part.is_text_node:
            pieces.append(part.text_content or "")
        elif part.tag in BREAKS:
            pieces.append(" ")
    return pieces


def text_of(node: LexborNode) -> str:
    """An element's text as one line."""
    return tidy("".join(pieces_of(node)))


def heading_text(node: LexborNode) -> str:
    """A heading's text, in which a kicker or a second line in an element of its own does not stick to the rest.

    A permanent link's sign at its end is no part of it.
    """
    whole = ""
    for piece in pieces_of(node):
        whole += f" {piece}" if piece[:1].isupper() and _ENDS_WORD.search(whole[-1:]) else piece
    return tidy(whole).rstrip("¶#").rstrip()


def first_read(offers: Iterable[Found], read: Callable[[str], str | None]) -> Found | None:
    """The first offer that can be read, as it was read."""
    for offer in offers:
        value = read(offer.value)
        if value:
            return Found(value, offer.where)
    return None


def is_about_author(element: Element) -> bool:
    """Whether an element's classes or its address say that it holds an author's name."""
    return element.leads_to_author or any(not BYLINE_WORDS.isdisjoint(token.split("-")) for token in element.tokens)


def is_apart(node: LexborNode) -> bool:
    """Whether an element stands in something other than the article: a footer, a comment, a list of teasers."""
    parent: LexborNode | None = node
    for _ in range(HIGHEST_CLIMB):
        if parent is None or parent.tag == "body":
            return False
        if is_other(parent):
            return True
        parent = parent.parent
    return False


def is_other(node: LexborNode) -> bool:
    """Whether a container holds something other than the article."""
    if node.tag in NOT_THE_ARTICLE:
        return True
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return not NOT_THE_ARTICLE_TOKENS.isdisjoint(_tokens(names))


Attributes = dict[str, str | None]


def _read_html(signals: Signals, _: LexborNode, attributes: Attributes) -> None:
    signals.language = signals.language or tidy(attributes.get("lang") or attributes.get("xml:lang"))


def _read_base(signals: Signals, _: LexborNode, attributes: Attributes) -> None:
    signals.base = absolute(attributes.get("href") or "", signals.url) or signals.base


def _read_title(signals: Signals, node: LexborNode, _: Attributes) -> None:
    if node.parent is not None and node.parent.tag != "svg":
        signals.titles.append(text_of(node))


def _read_meta(signals: Signals, _: LexborNode, attributes: Attributes) -> None:
    """`name`, `property`, `itemprop` and `http-equiv` are mixed up so often that they count as one."""
    content = tidy(attributes.get("content"))
    if not content:
        return
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        for name in (attributes.get(attribute) or "").lower().split():
            values = signals.metas.setdefault(name, [])
            if content not in values and len(values) < MOST_OF_A_KIND:
                values.append(content)


def _read_link(signals: Signals, _: LexborNode, attributes: Attributes) -> None:
    href = attributes.get("href")
    for rel in (attributes.get("rel") or "").lower().split() if href else ():
        signals.links.setdefault(rel, []).append(href or "")


def _read_script(signals: Signals, node: LexborNode, attributes: Attributes) -> None:
    if "ld+json" in (attributes.get("type") or "").lower() and len(signals.scripts) < MOST_OF_A_KIND:
        signals.scripts.append(node.text())


_READERS = {
    "html": _read_html,
    "base": _read_base,
    "title": _read_title,
    "meta": _read_meta,
    "link": _read_link,
    "script": _read_script,
}


def _mark(signals: Signals, order: int, node: LexborNode, tag: str, attributes: Attributes) -> None:
    """Sort an element of the visible page into the lists that its tag and attributes ask for."""
    if tag in _READERS and tag != "link":
        return
    element = Element(
        order,
        node,
        tag,
        _tokens(f"{attributes.get('class') or ''} {attributes.get('data-testid') or ''} {attributes.get('id') or ''}"),
        frozenset((attributes.get("rel") or "").lower().split()),
        frozenset((attributes.get("itemprop") or "").lower().split()),
        tag == "a" and bool(AUTHOR_PATH.search(attributes.get("href") or "")),
    )
    if tag == "h1":
        signals.headings.append(element)
    elif tag == "time":
        signals.times.append(element)
    if element.itemprop:
        signals.items.append(element)
    if tag != "link" and (element.tokens or element.rel or element.leads_to_author or "author" in element.itemprop):
        signals.marked.append(element)


def _tokens(value: str) -> frozenset[str]:
    if "_" in value or "--" in value:
        value = _JOINTS.sub("-", value)
    return frozenset(value.lower().split())
