"""A front page or section page -> its links, each with its words and its place; and which of them lead to articles.

An article's link is told from navigation by three things that no redesign changes at once: the shape of its address,
words that read like a headline, and a place among teasers rather than in a menu or a footer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

from scrub import shape
from scrub.html.addresses import absolute, canonical, is_article_like, is_same_site, may_be_article, page_key

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

Place = Literal["heading", "body", "menu", "footer"]

HEADLINE_WORDS = 4  # the fewest words of a link that reads like a headline
SECTION_WORDS = 3  # the most words of a section's name in a menu
SECTION_DEPTH = 2  # parts of a section's path
MOST_ANCHORS = 5_000
MOST_FEEDS = 20
LONGEST_TEXT = 300  # characters of a link's words that are kept

_HEADINGS = "h1, h2, h3, h4, h5, h6"
_HEADED = (
    ", ".join(f"h{level} a[href]" for level in range(1, 7)) + ", [class*=headline] a[href], a[href][class*=headline]"
)
# Whole class names only: a part of one, as in "has-menu" or "list-menu", may be the whole page's or its teasers'.
_MENUS = ", ".join(
    f"{place} a[href]"
    for place in ("nav", "[role=navigation]", "[role=menu]", "[class~=menu]", "[class~=nav]", "[class~=navbar]",
                  "[class~=navigation]", "[id=menu]", "[id=nav]", "[id=navigation]", "[class*=breadcrumb]")
)  # fmt: skip
_FOOTERS = ", ".join(
    f"{place} a[href]" for place in ("footer", "[role=contentinfo]", "[class~=footer]", "[id=footer]", "[id=colophon]")
)
_FEED_TYPES = ("rss+xml", "atom+xml", "rdf+xml", "feed+json")
_TEASER_FOOTERS = "article footer a[href]"  # the foot of a teaser is no site's footer


class Anchor(NamedTuple):
    """A link of a page: where it leads, the words that a reader clicks on, and where on the page it stands."""

    url: str
    text: str
    place: Place


class PageLinks(NamedTuple):
    """What a page links to. `feeds` are those that its head names, without feeds of comments."""

    feeds: tuple[str, ...]
    anchors: tuple[Anchor, ...]


def read_links(html: str, url: str) -> PageLinks:
    """The links of a decoded page at `url` to others, in the page's order; one that stands twice has its best place and
    words."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html)
    base_node = tree.css_first("base[href]")
    base = absolute(base_node.attributes.get("href") or "", url) if base_node else None
    return PageLinks(tuple(_feeds(tree, base or url)), tuple(_anchors(tree, base or url, url)))


def article_links(anchors: Iterable[Anchor], site: str) -> list[Anchor]:
    """The links that lead to articles of the site."""
    return [anchor for anchor in anchors if is_same_site(anchor.url, site) and _leads_to_article(anchor)]


def section_links(anchors: Iterable[Anchor], site: str) -> list[str]:
    """The addresses of the site's sections, as its menus name them."""
    return [anchor.url for anchor in anchors if is_same_site(anchor.url, site) and _leads_to_section(anchor)]


def _leads_to_article(anchor: Anchor) -> bool:
    if anchor.place in ("menu", "footer") or not may_be_article(anchor.url):
        return False
    is_headline = shape.count_words(anchor.text) >= HEADLINE_WORDS
    return is_headline and (anchor.place == "heading" or is_article_like(anchor.url))


def _leads_to_section(anchor: Anchor) -> bool:
    depth = anchor.url.partition("?")[0].rstrip("/").count("/") - 2
    return (
        anchor.place == "menu"
        and 1 <= depth <= SECTION_DEPTH
        and "?" not in anchor.url
        and 1 <= shape.count_words(anchor.text) <= SECTION_WORDS
        and may_be_article(anchor.url)
        and not is_article_like(anchor.url)
    )


def _feeds(tree: LexborHTMLParser, base: str) -> Iterable[str]:
    """The feeds that a page names (https://www.rssboard.org/rss-autodiscovery). Comments are no articles."""
    found: dict[str, None] = {}
    for node in tree.css("link[rel~=alternate i][href]")[: 10 * MOST_FEEDS]:
        attributes = node.attributes
        kind = (attributes.get("type") or "").lower()
        address = absolute(attributes.get("href") or "", base)
        words = f"{attributes.get('title') or ''} {address}".lower()
        if address and kind.partition(";")[0].strip().endswith(_FEED_TYPES) and "comment" not in words:
            found[address] = None
    return list(found)[:MOST_FEEDS]


def _anchors(tree: LexborHTMLParser, base: str, url: str) -> Iterable[Anchor]:
    places = _places(tree)
    own = page_key(canonical(url))
    best: dict[str, Anchor] = {}
    for node in tree.css("a[href]")[:MOST_ANCHORS]:
        address = absolute(node.attributes.get("href") or "", base)
        key = page_key(address := canonical(address)) if address else own
        if address is None or key == own:
            continue
        heading = node.css_first(_HEADINGS)
        text = _words(heading or node) or " ".join((node.attributes.get("aria-label") or "").split())
        place = places.get(node.mem_id, "heading" if heading else "body")
        anchor = Anchor(address, text[:LONGEST_TEXT], place)
        best[key] = _better(best[key], anchor) if key in best else anchor
    return best.values()


def _places(tree: LexborHTMLParser) -> dict[int, Place]:
    """Where anchors stand, by node, as far as what is around them tells."""
    in_teasers = {node.mem_id for node in tree.css(_TEASER_FOOTERS)}
    places: dict[int, Place] = {node.mem_id: "heading" for node in tree.css(_HEADED)}
    places |= {node.mem_id: "menu" for node in tree.css(_MENUS)}
    return places | {node.mem_id: "footer" for node in tree.css(_FOOTERS) if node.mem_id not in in_teasers}


def _better(one: Anchor, other: Anchor) -> Anchor:
    """The anchor that tells more, of two that lead to one page: a teaser's headline rather than its picture."""
    order: tuple[Place, ...] = ("footer", "menu", "body", "heading")
    return max(one, other, key=lambda anchor: (order.index(anchor.place), len(anchor.text)))


def _words(node: LexborNode) -> str:
    return " ".join(node.text(deep=True, separator=" ").split())
