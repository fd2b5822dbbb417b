"""A page of an article that is cut into several -> the address of the next one.

A link called "next" often leads to another article. So an address counts only where it is the article's own with the
next number: the rest of it must be the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from scrub.html.addresses import absolute, canonical, page_key

MOST_LINKS = 5_000
LONGEST_WORDS = 40  # characters; a longer link is a headline

_NUMBER_NAMES = (
    "page|paged|pagenum|pagenumber|page_?no|pageno|pag|pagina|página|pg|p|part|seite|sida|side|strona|npack|sayfa|sivu"
)
_PARAMETER = re.compile(rf"({_NUMBER_NAMES})=(\d{{1,2}})", re.IGNORECASE)
_NAMED = re.compile(rf"(.*?)[/,;_-](?:{_NUMBER_NAMES})[/=,_-]?(\d{{1,2}})(\.\w{{2,5}})?/?", re.IGNORECASE)
_BARE = re.compile(r"(.*?)[/,_-](\d{1,2})(\.\w{2,5})?/?")
_NEXT = frozenset(
    "next|next page|continue|continue reading|older|weiter|nächste|nächste seite|weiterlesen|suivant|suivante|"
    "page suivante|lire la suite|siguiente|página siguiente|próxima|próxima página|seguinte|avanti|successiva|"
    "pagina successiva|volgende|volgende pagina|nästa|nästa sida|næste|næste side|neste|neste side|seuraava|"
    "następna|następna strona|dalej|další|další strana|sonraki|sonraki sayfa|далее|следующая|следующая страница|далі|"
    "наступна|下一页|下一頁|次へ|次のページ|다음".split("|")
)
_ARROWS = re.compile(r"[\s<>«»‹›→←⟩⟨…|:.\u00a0-]+")


class _Reading(NamedTuple):
    """An address as a page of something: what it is a page of, and which. A bare number may be anything."""

    stem: str
    number: int
    is_named: bool


class _Link(NamedTuple):
    address: str
    words: str
    is_next: bool


def find_next(html: str, url: str, first: str | None = None) -> str | None:
    """The next page of the article whose decoded page at `url` this is, on the same host.

    `first` is the address that the article begins at, where that is another one.
    """
    links = (link for link in _links(html, url) if urlsplit(link.address).hostname == urlsplit(url).hostname)
    here, begun = canonical(url), page_key(_whole_address(canonical(first or url)))
    return next((link.address for link in links if _is_next(link, here, begun)), None)


def _links(html: str, url: str) -> Iterator[_Link]:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html)
    base_node = tree.css_first("base[href]")
    base = (absolute(base_node.attributes.get("href") or "", url) if base_node else None) or url
    for node in tree.css("link[rel~=next i][href], a[href]")[:MOST_LINKS]:
        attributes = node.attributes
        if address := absolute(attributes.get("href") or "", base):
            text = node.text(deep=True, separator=" ") or attributes.get("aria-label") or attributes.get("title") or ""
            words = _ARROWS.sub(" ", text[: 2 * LONGEST_WORDS]).strip().casefold()
            yield _Link(
                canonical(address), words[:LONGEST_WORDS], "next" in (attributes.get("rel") or "").lower().split()
            )


def _is_next(link: _Link, here: str, begun: str) -> bool:
    """Whether a link leads to the same article's next page, by its address and by what is said of it."""
    own = _Reading(page_key(here), 1, False)  # as a whole it is the first page
    pairs = ((theirs, ours) for theirs in _readings(link.address) for ours in (*_readings(here), own))
    for theirs, ours in pairs:
        # Some count from zero: then the second page is 1, and the first has no number.
        is_second = theirs.number == 1 and ours is own
        if theirs.stem != ours.stem or not (theirs.number == ours.number + 1 or is_second):
            continue
        is_sure = ours.stem == begun or (ours.is_named and theirs.is_named)
        shown = set[str]() if is_second else {str(theirs.number)}
        shown |= {str(theirs.number + 1)} if is_sure else set[str]()
        if not shown.isdisjoint(link.words.split()) or (is_sure and (link.is_next or link.words in _NEXT)):
            return True
    return False


def _readings(address: str) -> Iterator[_Reading]:
    """What an address may be a page of, by the numbers in it."""
    parts = urlsplit(address)
    pieces = parts.query.split("&")
    for at, piece in enumerate(pieces):
        if found := _PARAMETER.fullmatch(piece):
            rest = "&".join(pieces[:at] + pieces[at + 1 :])
            yield _Reading(page_key(urlunsplit(parts._replace(query=rest))), int(found.group(2)), True)
    for pattern, is_named in ((_NAMED, True), (_BARE, False)):
        if found := pattern.fullmatch(parts.path):
            stem = urlunsplit(parts._replace(path=found.group(1) + (found.group(3) or "")))
            yield _Reading(page_key(stem), int(found.group(2)), is_named)


def _whole_address(address: str) -> str:
    """An address without the number that names it a page."""
    parts = urlsplit(address)
    pieces = [piece for piece in parts.query.split("&") if not _PARAMETER.fullmatch(piece)]
    found = _NAMED.fullmatch(parts.path)
    path = found.group(1) + (found.group(3) or "") if found else parts.path
    return urlunsplit(parts._replace(path=path, query="&".join(pieces)))
