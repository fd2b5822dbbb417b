"""The title: the headline as readers see it, without the site's name and in the page's own case.

A page has up to four titles: its main heading, and what it declares to machines in JSON-LD, in OpenGraph and other meta
elements, and in `title`. The heading is the title where a declared one is the same, holds it or lies in it, with two
exceptions for kickers: one that OpenGraph and JSON-LD both declare belongs to the headline, one that OpenGraph leaves
out does not. Where no declared title bears the heading out, it counts as long as they share words: a short heading
without is the name of a section. A declared title that stands alone loses what the page does not print with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .signals import Found
from .wording import key, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

TITLE_METAS = (
    "og:title", "twitter:title", "parsely-title", "sailthru.title", "cxenseparse:title", "dc.title", "dcterms.title",
    "citation_title", "headline", "title",
)  # fmt: skip
LONGEST, MOST_TITLES = 500, 20
_SEPARATOR = re.compile(r"\s+[|\-–—·•»«:~/*]{1,3}\s+|\s*\|\s*|:\s+")
_LOOSE_SEPARATOR = re.compile(r"\s*[|｜_]+\s*|\s*[-–—：]+\s*|\s+[·•»«:~/*]{1,3}\s+|,\s+")
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af]")
SHORTEST_LINE = 6
"""Letters of a printed line that can be a title; Chinese headlines have few."""

LEAST_CUT = 95
"""Characters from which a title may have been cut; JSON-LD's headline was to have at most 110."""

SHORTEST_NAME, MOST_WORDS_OF_A_NAME = 6, 4
"""Letters of a site's name that may be found inside a part of a title, and words of such a part."""

SHORTEST_PART = 12
"""Characters of letters in a title that may be found inside another one and mean the same."""

FEW_WORDS, MANY_WORDS, TOO_MANY_WORDS = 2, 8, 30
LEAST_OF_SHORT, LEAST_LIKENESS, LEAST_OF_LONG = 0.5, 0.35, 0.2
"""Measured on headings of few, some and many words: below it a page's first main heading is more often the name of a
section than its headline."""


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
    names = clues.site_names | _blog_names(clues)
    fit = (h for h in clues.headings if len(h.value) <= LONGEST and key(h.value) not in names)
    headings = _distinct(Found(_without_last(h.value, lambda part: key(part) in names), h.where) for h in fit)
    heading_keys = frozenset(key(h.value) for h in headings)
    offers = [f for f in clues.declared if len(f.value) <= LONGEST][:MOST_TITLES]
    declared = [Found(without_site(f.value, names, heading_keys), f.where) for f in offers]
    declared = [f for f in declared if key(f.value) and key(f.value) not in names]
    chosen = (
        _with_kicker(headings, offers, names)
        or _without_kicker(headings, declared)
        or _agreeing(headings, declared)
        or _within(headings, declared)
        or _unsupported(headings, declared)
    )
    others = [*headings, *declared]
    return _in_natural_case(_uncut(chosen, declared), others) if chosen else None


def _distinct(headings: Iterable[Found]) -> list[Found]:
    """Each heading once: a page for narrow and wide screens repeats it."""
    first: dict[str, Found] = {}
    for heading in headings:
        if own := key(heading.value):
            first.setdefault(own, heading)
    return list(first.values())


def _blog_names(clues: TitleClues) -> frozenset[str]:
    """Headings that stand before another declared title in the page's title: a blog's name, as Blogger prints it."""
    titles = {key(found.value) for found in clues.declared}
    others = {key(found.value) for found in clues.declared if found.where != "title"} - clues.site_names
    own = (key(heading.value) for heading in clues.headings)
    return frozenset(name for name in own if name and any(name + other in titles for other in others))


def without_site(title: str, site_names: frozenset[str], headings: frozenset[str]) -> str:
    """Cut parts off a title's ends as long as they name the site, or what is left is the page's own heading.

    >>> without_site("Rain again | The Post", site_keys(["thepost"]), frozenset())
    'Rain again'
    """
    for _ in range(4):
        cuts = _cuts(title)
        shorter = next((rest for rest, part in cuts if key(part) in site_names or key(rest) in headings), None)
        if shorter is None or not key(shorter):
            break
        title = shorter
    return _without_last(title, lambda part: _is_like_name(part, site_names))


def as_printed(title: str, lines: frozenset[str], site_names: frozenset[str]) -> str:
    """The longest part of a declared title that the page prints as a line of its own, given the keys of its lines.

    A part at the end has to be the longer one and no name of the site.

    >>> as_printed("Rain again in Bonn_Weather", frozenset({"rainagaininbonn"}), frozenset())
    'Rain again in Bonn'
    """
    if key(title) in lines:
        return title
    cuts = _cuts(title, _LOOSE_SEPARATOR)
    parts = [
        rest
        for rest, cut in cuts
        if title.startswith(rest) or (len(key(rest)) > len(key(cut)) and not _is_like_name(rest, site_names))
    ]
    printed = (rest for rest in parts if _is_long_enough(rest) and key(rest) in lines - site_names)
    return max(printed, key=len, default=title)


def _is_long_enough(line: str) -> bool:
    """Whether a line is more than a section's name: several words, or in a script that writes them together."""
    return len(key(line)) >= SHORTEST_LINE and (len(words(line)) > 1 or bool(_WIDE.search(line)))


def _without_last(title: str, is_name: Callable[[str], bool]) -> str:
    """A title without its last part, where that is a name."""
    last = next(_cuts(title), None)
    return last[0] if last and key(last[0]) and title.startswith(last[0]) and is_name(last[1]) else title


def _is_like_name(part: str, site_names: frozenset[str]) -> bool:
    """Whether a part of a title is a short one that holds one of the site's names, or lies in one: `Post Weather`."""
    own = key(part)
    if len(own) < SHORTEST_NAME or len(words(part)) > MOST_WORDS_OF_A_NAME:
        return False
    return any(own in name or name in own for name in site_names if len(name) >= SHORTEST_NAME)


def _cuts(title: str, separator: re.Pattern[str] = _SEPARATOR) -> Iterator[tuple[str, str]]:
    """What is left and what is cut off, for the last and the first separators."""
    places = list(separator.finditer(title))[:12]
    for place in reversed(places):
        if not place.group().startswith(":"):
            yield title[: place.start()].strip(), title[place.end() :].strip()
    for place in places:
        yield title[place.end() :].strip(), title[: place.start()].strip()


def _with_kicker(headings: list[Found], offers: list[Found], names: frozenset[str]) -> Found | None:
    """A headline that OpenGraph and JSON-LD both declare with a kicker before what the page prints as heading."""
    by_place = {place: [f for f in offers if f.where == place] for place in ("opengraph", "json-ld")}
    alike = {key(found.value) for found in by_place["json-ld"]}
    for title in by_place["opengraph"]:
        whole = key(title.value)
        for own in (key(heading.value) for heading in headings):
            kicker = whole.removesuffix(own)
            if whole in alike and len(own) > SHORTEST_PART and kicker not in (whole, "") and kicker not in names:
                return title
    return None


def _without_kicker(headings: list[Found], declared: list[Found]) -> Found | None:
    """A headline that the page declares alone, where its heading has a kicker before it."""
    for heading in headings:
        for title in declared:
            own, other = key(heading.value), key(title.value)
            if title.where == "opengraph" and own != other and len(other) > SHORTEST_PART and own.endswith(other):
                return title if _has_kicker(heading.value, title.value) else None
    return None


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
    """No two agree: the first heading where it has words of a declared title, else what the page declares."""
    for heading in headings[:1]:
        if any(_likeness(heading, title) > _least_likeness(heading) for title in declared):
            return heading
    return next(iter([*declared, *headings]), None)


def _least_likeness(heading: Found) -> float:
    """A long heading is hardly the name of a section, a short one easily."""
    size = len(words(heading.value))
    if size <= FEW_WORDS:
        return LEAST_OF_SHORT
    return LEAST_OF_LONG if MANY_WORDS <= size <= TOO_MANY_WORDS else LEAST_LIKENESS


def _likeness(heading: Found, title: Found) -> float:
    """The share of the heading's words that the title has too."""
    own = set(words(heading.value))
    return len(own.intersection(words(title.value))) / max(1, len(own))


def _uncut(chosen: Found, others: list[Found]) -> Found:
    """The whole of a title that was cut to a length: at an ellipsis, or to the 110 characters that Google asked for."""
    if len(chosen.value) < LEAST_CUT and not chosen.value.endswith(("…", "...")):
        return chosen
    own = key(chosen.value)
    longer = (other for other in others if key(other.value) != own and key(other.value).startswith(own))
    return next(longer, chosen) if chosen.where != "heading" else chosen


def _in_natural_case(chosen: Found, others: list[Found]) -> Found:
    """Another spelling of the same title where the chosen one shouts."""
    if not chosen.value.isupper():
        return chosen
    same = (other for other in others if key(other.value) == key(chosen.value) and not other.value.isupper())
    return next(same, chosen)
