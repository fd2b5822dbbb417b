"""Trafilatura as a voice: what it takes a page's article to be, told of our blocks.

Its text is aligned with ours by runs of tokens, in reading order, since it splits and joins paragraphs its own way.
"""

from __future__ import annotations

import html as entities
import json
import logging
import re
from bisect import bisect_left
from collections.abc import Sequence
from unicodedata import normalize

from selectolax.lexbor import LexborHTMLParser

_WIDE = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f"  # scripts in which each character is a token
_TOKEN = re.compile(rf"[{_WIDE}]|[^\W{_WIDE}]+")
_ARTICLE_BODY = re.compile(r'"articleBody"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.)*)"', re.DOTALL)
_TAG = re.compile(r"<[^<>]{0,2000}>")
LARGE = 500_000  # characters of a page after which trafilatura's caches, which grow with what it sees, are emptied
RUN = 4  # tokens; shorter runs stand everywhere
LONG = 12  # tokens; a block of so many stands in few places
MOST_PLACES = 50  # of a run that the text repeats, the first ones are looked at
AGREEMENT = 0.5  # share of a block's runs that trafilatura must have for the block to count as its own


def ask_trafilatura(tree: LexborHTMLParser) -> str | None:
    """The text that trafilatura extracts of a page without its scripts, a paragraph a line; None where it finds no
    article. Its fallbacks on other extractors are off: they take a third of its time and change little."""
    import trafilatura.meta

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    html = tree.html or ""
    text = trafilatura.extract(html, include_comments=False, with_metadata=False, fast=True)
    if len(html) > LARGE:
        trafilatura.meta.reset_caches()
    return normalize("NFC", text) if text else None


def read_article_body(tree: LexborHTMLParser) -> str:
    """The article's text as the page tells it to machines: the longest `articleBody` of its JSON-LD (schema.org), read
    also where the JSON around it is broken. Empty where there is none."""
    longest = ""
    for script in tree.css("script[type='application/ld+json']"):
        for found in _ARTICLE_BODY.finditer(script.text(deep=False)):
            if len(found.group(1)) > len(longest):
                longest = found.group(1)
    try:
        body = json.loads(f'"{longest}"', strict=False)
    except ValueError:
        return ""
    return normalize("NFC", _TAG.sub(" ", entities.unescape(body)) if "<" in body or "&" in body else body)


def align(blocks: Sequence[str], extracted: str) -> list[bool]:
    """For each block's text, whether the extracted text has it; each place of that text serves one block.

    Long blocks find their place by themselves. Short ones, which may stand in a table of contents as well, count only
    between the places of the long blocks around them.
    """
    alignment = _Alignment(tokenise(extracted))
    ours = [tokenise(block) for block in blocks]
    end = len(alignment.theirs)
    places = [alignment.claim(tokens, 0, end) if len(tokens) >= LONG else None for tokens in ours]
    anchors = _increasing(places)
    ceilings = _next_places(anchors, end)
    floor = 0
    has: list[bool] = []
    for tokens, place, anchor, ceiling in zip(ours, places, anchors, ceilings, strict=True):
        floor = max(floor, anchor or 0)
        if place is None and 0 < len(tokens) < LONG:
            place = alignment.claim(tokens, floor, ceiling)
            floor = floor if place is None else place
        has.append(place is not None)
    return has


def _increasing(places: Sequence[int | None]) -> list[int | None]:
    """The places without those out of order: a longest increasing part of them (patience sorting)."""
    tops: list[int] = []
    piles: list[int] = []  # block on top of each pile
    below: dict[int, int | None] = {}
    for index, place in enumerate(places):
        if place is not None:
            pile = bisect_left(tops, place)
            below[index] = piles[pile - 1] if pile else None
            tops[pile : pile + 1] = [place]
            piles[pile : pile + 1] = [index]
    chosen: set[int] = set()
    index_or_none = piles[-1] if piles else None
    while index_or_none is not None:
        chosen.add(index_or_none)
        index_or_none = below[index_or_none]
    return [place if index in chosen else None for index, place in enumerate(places)]


def _next_places(places: Sequence[int | None], end: int) -> list[int]:
    """For each block the place of the next one that has a place."""
    ceilings: list[int] = []
    for place in reversed(places):
        ceilings.append(end)
        end = place if place is not None else end
    return ceilings[::-1]


def tokenise(text: str) -> list[str]:
    """Words in small letters; each character where a script puts no spaces between words."""
    return _TOKEN.findall(text.lower())


class _Alignment:
    """The extracted tokens and which of them blocks have claimed; lives for one page."""

    def __init__(self, theirs: list[str]) -> None:
        self.theirs = theirs
        self.free = [True] * len(theirs)
        self.runs: dict[tuple[str, ...], list[int]] = {}
        for place in range(len(theirs) - RUN + 1):
            self.runs.setdefault(tuple(theirs[place : place + RUN]), []).append(place)

    def claim(self, tokens: list[str], floor: int, ceiling: int) -> int | None:
        """Claim the places of a block between two others, when enough of it is there and free; where it begins."""
        if len(tokens) < RUN:
            return self._claim_word_for_word(tokens, floor, ceiling)
        found: list[int] = []
        after = -1
        for start in range(len(tokens) - RUN + 1):
            places = self.runs.get(tuple(tokens[start : start + RUN]), ())
            free = [place for place in places[:MOST_PLACES] if floor <= place < ceiling and self.free[place]]
            if free:
                after = next((place for place in free if place > after), free[0])
                found.append(after)
        if len(found) < max(1.0, AGREEMENT * (len(tokens) - RUN + 1)):
            return None
        for place in found:
            self.free[place] = False
        return found[0]

    def _claim_word_for_word(self, tokens: list[str], floor: int, ceiling: int) -> int | None:
        for place in range(floor, ceiling - len(tokens) + 1):
            window = range(place, place + len(tokens))
            if self.free[place] and [self.theirs[p] for p in window] == tokens:
                for p in window:
                    self.free[p] = False
                return place
        return None
