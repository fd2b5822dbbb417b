"""Trafilatura as a voice: what it takes a page's article to be, told of our blocks.

Its text is aligned with ours by runs of tokens, in reading order, since it splits and joins paragraphs its own way.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]+")
RUN = 4  # tokens; shorter runs stand everywhere
MOST_PLACES = 50  # of a run that the text repeats, the first ones are looked at
AGREEMENT = 0.5  # share of a block's runs that trafilatura must have for the block to count as its own


def ask_trafilatura(html: str, url: str | None) -> str | None:
    """The text that trafilatura extracts, a paragraph a line; None where it finds no article."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    text = trafilatura.extract(html, url=url, include_comments=False, with_metadata=False)
    return text or None


def align(blocks: Sequence[str], extracted: str) -> list[bool]:
    """For each block's text, whether the extracted text has it; each place of that text serves one block."""
    alignment = _Alignment(_tokens(extracted))
    ours = [_tokens(block) for block in blocks]
    places = [alignment.claim(tokens) if len(tokens) >= RUN else None for tokens in ours]
    ceilings = _next_places(places, len(alignment.theirs))
    floor = 0
    has: list[bool] = []
    for tokens, place, ceiling in zip(ours, places, ceilings, strict=True):
        floor = max(floor, place or 0)
        short = 0 < len(tokens) < RUN
        has.append(alignment.claim_between(tokens, floor, max(ceiling, floor)) if short else place is not None)
    return has


def _next_places(places: Sequence[int | None], end: int) -> list[int]:
    """For each block the place of the next one that has a place."""
    ceilings: list[int] = []
    for place in reversed(places):
        ceilings.append(end)
        end = place if place is not None else end
    return ceilings[::-1]


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.lower())


class _Alignment:
    """The extracted tokens and which of them blocks have claimed; lives for one page."""

    def __init__(self, theirs: list[str]) -> None:
        self.theirs = theirs
        self.free = [True] * len(theirs)
        self.runs: dict[tuple[str, ...], list[int]] = {}
        for place in range(len(theirs) - RUN + 1):
            self.runs.setdefault(tuple(theirs[place : place + RUN]), []).append(place)
    def claim(self, tokens: list[str]) -> int | None:
        """Claim the places of a block's runs, when enough of them are there and free; the place of its middle."""
        found: list[int] = []
        after = -1
        for start in range(len(tokens) - RUN + 1):
            places = self.runs.get(tuple(tokens[start : start + RUN]), ())
            free = [place for place in places[:MOST_PLACES] if self.free[place]]
            if free:
                after = next((place for place in free if place > after), free[0])
                found.append(after)
        if len(found) < AGREEMENT * (len(tokens) - RUN + 1):
            return None
        for place in found:
            self.free[place] = False
        return found[len(found) // 2]

    def claim_between(self, tokens: list[str], floor: int, ceiling: int) -> bool:
        """Claim the first place between two others where just these few tokens stand."""
        for place in range(floor, ceiling - len(tokens) + 1):
            window = range(place, place + len(tokens))
            if self.free[place] and [self.theirs[p] for p in window] == tokens:
                for p in window:
                    self.free[p] = False
                return True
        return False
