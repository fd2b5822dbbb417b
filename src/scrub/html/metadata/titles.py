"""The title: the headline as readers see it, without the site's name and in the page's own case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .signals import Found
from .wording import key, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TITLE_METAS = (
    "og:title", "twitter:title", "parsely-title", "sailthru.title", "cxenseparse:title", "dc.title", "dcterms.title",
    "citation_title", "headline", "title",
)  # fmt: skip
LONGEST, MOST_TITLES = 500, 20
_SEPARATOR = re.compile(r"\s+[|\-–—·•»«:~/]{1,3}\s+|\s*[|»]\s*|:\s+")
SHORTEST_PART = 12
"""Characters of letters in a title that may be found inside another one and mean the same."""

LEAST_LIKENESS = 0.35
"""Measured: below it a page's only main heading is more often the name of a section than its headline."""


@dataclass(frozen=True, slots=True)
class TitleClues:
    """What the page offers: what it declares to machines, best first, its main headings, and names of its site."""

    declared: tuple[Found, ...]
    headings: tuple[Found, ...]
    site_names: frozenset[str]


def site_keys(names: Iterable[str]) -> frozenset[str]:
    """Names of the site as they are compared with a part of a title."""
    return frozenset(filter(None, (key(name) for name in names)))


def choose_title(clues: TitleClues) -> Found | None:
    """The main heading where the page's declared titles bear it out, else the best declared title."""
    headings = [
        h for h in clues.headings if len(h.value) <= LONGEST and key(h.value) and key(h.value) not in clues.site_names
    ]
    heading_keys = frozenset(key(h.value) for h in headings)
    offers = [f for f in clues.declared if len(f.value) <= LONGEST][:MOST_TITLES]
    declared = [Found(without_site(f.value, clues.site_names, heading_keys), f.where) for f in offers]
    declared = [f for f in declared if key(f.value) and key(f.value) not in clues.site_names]
    chosen = _agreeing(headings, declared) or _within(headings, declared) or _unsupported(headings, declared)
    return _in_natural_case(chosen, [*headings, *declared]) if chosen else None


def without_site(title: str, site_names: frozenset[str], headings: frozenset[str]) -> str:
    """Cut parts off a title's ends as long as they name the site, or what is left is the page's own heading.

    >>> without_site("Rain again | The Post", site_keys(["thepost"]), frozenset())
    'Rain again'
    """
    for _ in range(4):
        shorter = next((rest for rest, part in _cuts(title) if key(part) in site_names or key(rest) in headings), None)
        if shorter is None or not key(shorter):
            return title
        title = shorter
    return title


def _cuts(title: str) -> Iterator[tuple[str, str]]:
    """What is left and what is cut off, for the last and the first separators."""
    places = list(_SEPARATOR.finditer(title))[:12]
    for place in reversed(places):
        if not place.group().startswith(":"):
            yield title[: place.start()].strip(), title[place.end() :].strip()
    for place in places:
        yield title[place.end() :].strip(), title[: place.start()].strip()


def _agreeing(headings: list[Found], declared: list[Found]) -> Found | None:
    """A heading that a declared title repeats; of the two spellings the one that keeps words apart."""
    for heading in headings:
        for title in declared:
            if key(title.value) == key(heading.value):
                return title if len(words(title.value)) > len(words(heading.value)) else heading
    return None


def _within(headings: list[Found], declared: list[Found]) -> Found | None:
    """A heading that stands inside a declared title, or a declared headline inside a heading that has a kicker."""
    for heading in headings:
        own = key(heading.value)
        for title in declared:
            other = key(title.value)
            if len(own) > SHORTEST_PART and own in other:
                return heading
            if len(other) > SHORTEST_PART and own.endswith(other) and title.where != "title":
                return title if _has_kicker(heading.value, title.value) else heading
            if len(other) > SHORTEST_PART and other in own:
                return heading
    return None


def _has_kicker(heading: str, headline: str) -> bool:
    """Whether a heading has more than one word before the headline: one is rather a number or an article."""
    return len(words(heading)) - len(words(headline)) > 1


def _unsupported(headings: list[Found], declared: list[Found]) -> Found | None:
    """No two agree: the only heading where it has words of a declared title, else what the page declares."""
    if len(headings) == 1 and (
        not declared or any(_likeness(headings[0], title) > LEAST_LIKENESS for title in declared)
    ):
        return headings[0]
    return next(iter([*declared, *headings]), None)


def _likeness(heading: Found, title: Found) -> float:
    """The share of the heading's words that the title has too."""
    own = set(words(heading.value))
    return len(own.intersection(words(title.value))) / max(1, len(own))


def _in_natural_case(chosen: Found, others: list[Found]) -> Found:
    """Another spelling of the same title where the chosen one shouts."""
    if not chosen.value.isupper():
        return chosen
    same = (other for other in others if key(other.value) == key(chosen.value) and not other.value.isupper())
    return next(same, chosen)
