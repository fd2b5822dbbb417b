"""Authors: names of people out of whatever a page puts where its authors belong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from . import byline_words
from .dates import is_about_update, without_day
from .json_ld import Linked, each, text_of_value, types_of
from .json_text import Json
from .signals import Element, Found, Signals, is_apart, text_of
from .surroundings import lines_around
from .wording import key, tidy, words

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

LONGEST_NAME = 60
MOST_WORDS = 6
MOST_AUTHORS = 40
MOST_BYLINES = 30
LONGEST_BYLINE = 400
_PLACEHOLDERS = frozenset({"admin", "administrator", "webmaster", "wordpress", "unknown", "anonymous", "null", "none"})
"""Names of accounts, not of authors."""
ORGANISATIONS = ("organization", "newsmediaorganization", "corporation", "website", "brand", "ngo")

AUTHOR_METAS = (
    "author", "article:author", "og:author", "og:article:author", "parsely-author", "sailthru.author",
    "cxenseparse:author", "citation_author", "citation_authors", "dc.creator", "dcterms.creator", "byl", "byline",
    "dc.contributor", "authors", "article:author_name", "article_author", "articleauthor", "rnews:author",
    "dcsext.author", "creator",
)  # fmt: skip

INVERTED_METAS = frozenset({"citation_author", "dc.creator", "dcterms.creator"})

# Whole class names, found on pages of at least two publishers around the author's name and nothing else.
BYLINE_TOKENS = frozenset(
    {
        "article-author", "article-author-name", "article-byline", "author", "author-byline", "author-link",
        "author-name", "authorname", "authors", "blog-author-name", "by-author", "byline", "byline-author",
        "byline-name", "bylinename", "bylines", "bylines-byline", "bylinewrapper", "bylineswrapper", "by-line", "entry-author", "entry-author-link",
        "entry-author-name", "entry-byline", "meta-author", "p-author", "post-author", "post-author-name",
        "post-byline", "posted-by", "published-by", "tdb-author-name", "wp-block-post-author-name", "written-by",
        "elementor-post-info-item-type-author", "blog-meta-item-author", "story-byline", "c-byline", "post-meta-author", "contributor-name",
        "mntl-attribution-item-name",
    }
)  # fmt: skip

_BYLINE_WORDS = frozenset({"author", "authorname", "authors", "byline", "bylines"})
_CERTAIN = sorted({w for line in byline_words.CERTAIN_PREFIXES for w in line}, key=len, reverse=True)
_LIKELY = sorted({w for line in byline_words.LIKELY_PREFIXES for w in line}, key=len, reverse=True)
_LABELS = frozenset(_CERTAIN) | frozenset(_LIKELY)
_CERTAIN_PREFIX = re.compile(rf"(?:{'|'.join(map(re.escape, _CERTAIN))})(?:\s?:\s*|\s+)(?=\S)", re.IGNORECASE)
_LIKELY_PREFIX = re.compile(rf"(?:{'|'.join(map(re.escape, _LIKELY))})(?:\s?:\s*|\s+)(?=\S+\s+\S)", re.IGNORECASE)
_CONJUNCTIONS = "|".join(re.escape(w) for w in sorted({w for line in byline_words.CONJUNCTIONS for w in line}))
_CONJUNCTION = re.compile(rf"\s+(?:{_CONJUNCTIONS})\s+", re.IGNORECASE)
_CONNECTOR = re.compile(rf"\s*[,;&]*\s*(?:{_CONJUNCTIONS})?\s*", re.IGNORECASE)
_LEADING_CONNECTOR = re.compile(rf"\s*(?:[,;&]\s*(?:(?:{_CONJUNCTIONS})\s)?|(?:{_CONJUNCTIONS})\s)\s*", re.IGNORECASE)
_ROLES = frozenset(w for line in byline_words.ROLES for w in line)
_HARD = re.compile(r"\s*[;|•·/&\n]\s*|\s+[-–—]\s+")
_COMMA = re.compile(r"\s*[,،、]\s*")
_ADDRESS = re.compile(r"\s*(?:https?:|www\.|@)\S*\s*", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"https?:|www\.|@|\d{3}|[?!<>{}\[\]=%#+]|\.\w{2,4}/|\w\.\w+\.\w{3}")
_ASIDE = re.compile(r"\s*\([^()]{0,80}\)\s*|\s*\S{1,64}@\S{1,64}\s*")
_INITIAL = re.compile(r"\b[A-Z][a-z]?\.$")


def split_names(text: str, is_visible: bool = False) -> list[str]:
    """The names in a byline: without what introduces it, roles, addresses and asides.

    >>> split_names("By Ann Smith, Bob Jones and Eve Stone")
    ['Ann Smith', 'Bob Jones', 'Eve Stone']
    """
    text = tidy(text)
    if _ADDRESS.fullmatch(text):
        return []
    names: list[str] = []
    for line in _HARD.split(_ASIDE.sub(" ", text)):
        for part in _apart(_without_prefix(line.strip(), is_visible)):
            part = part.strip(" ,-–—'\"“”")
            name = part if _INITIAL.search(part) else part.strip(" ,.:")
            if is_name(name) and not (is_visible and not is_spelt_as_name(name)) and name not in names:
                names.append(name)
    without_roles = [name for name in names if not _is_role(name)]
    return (without_roles or names[:1])[:MOST_AUTHORS]


def is_name(text: str) -> bool:
    """Whether a text can be a person's or an organisation's name: short, no address, no number, no sentence."""
    parts = words(text)
    if not parts or is_about_update(text) or not 2 <= len(text) <= LONGEST_NAME or len(parts) > MOST_WORDS or "".join(parts).isdigit():
        return False
    return not _NOT_A_NAME.search(text) and text.casefold() not in _LABELS and text.casefold() not in _PLACEHOLDERS


def _is_role(text: str) -> bool:
    return not _ROLES.isdisjoint(words(text))


def is_spelt_as_name(text: str) -> bool:
    """Whether it begins and ends with words that begin with a capital, or are of a script that has none."""
    parts = text.split()
    return bool(parts) and not any(c.isdigit() for c in text) and all(
        not part[0].islower() for part in (parts[0], parts[-1])
    )


def _without_prefix(text: str, is_visible: bool) -> str:
    for _ in range(3):
        match = _CERTAIN_PREFIX.match(text) or (_LIKELY_PREFIX.match(text) if is_visible else None)
        if not match:
            break
        text = text[match.end() :]
    return text


def _apart(text: str) -> list[str]:
    """The parts of a list of names; a comma or an `and` that may belong to one name does not split it."""
    parts = [part for part in _COMMA.split(text) if part]
    if len(parts) == 2 and all(len(part.split()) == 1 for part in parts):
        return [text]
    names: list[str] = []
    for part in parts:
        pieces = _CONJUNCTION.split(_LEADING_CONNECTOR.sub("", part) if _LEADING_CONNECTOR.match(part) else part)
        names += pieces if all(len(piece.split()) > 1 for piece in pieces) else [part]
    if len(names) > 1 and len(names[0].split()) > 1:  # "Ann Smith, MD": what has one word is no further author
        names = [name for name in names if len(name.split()) > 1]
    return names


def names_in_lines(lines: Iterable[str], is_marked: bool) -> list[str]:
    """The names in the lines of a byline, as far as they belong together: a role or a date ends them.

    Lines that nothing marks as a byline need a word that introduces it: `By` before the name, or alone above it.
    """
    names: list[str] = []
    is_open = is_marked
    for line in lines:
        text = without_day(line).strip()
        if text.strip(" :").casefold() in _LABELS and not names:
            is_open = True
        elif text and _CONNECTOR.fullmatch(text):
            is_open = is_open or bool(names)
        else:
            found = _names_in_line(text, is_open, bool(names), is_marked)
            if names and (not found or _is_role(found[0])):
                break
            names += found
            is_open = line.rstrip().endswith((",", "&")) if found else is_marked
    return _unique(names)


def _names_in_line(text: str, is_open: bool, is_continued: bool, is_marked: bool) -> list[str]:
    rest = _without_prefix(text, is_visible=True)
    is_account = is_marked and " " not in rest  # "by jsmith7", which no capital shows to be a name
    if is_open or (rest != text and not is_continued) or (is_continued and _LEADING_CONNECTOR.match(text)):
        return split_names(rest, is_visible=not is_account)
    return []


def authors_in_json_ld(linked: Linked) -> tuple[list[str], list[str]]:
    """People, and organisations, whom the article's nodes name as authors."""
    for node in linked.nodes:
        people: list[str] = []
        organisations: list[str] = []
        for value in each(node.get("author") or node.get("creator")):
            value = linked.resolve(value)
            names = [name for text in _names_in(value) for name in split_names(text)]
            is_organisation = isinstance(value, dict) and not set(types_of(value)).isdisjoint(ORGANISATIONS)
            (organisations if is_organisation else people).extend(names)
        if people or organisations:
            return _unique(people), _unique(organisations)
    return [], []


def _names_in(value: Json) -> Iterator[str]:
    """The names in one author: a text, a node with a name, or with the parts of a name."""
    if isinstance(value, str):
        yield tidy(value)
    elif isinstance(value, dict):
        whole = [text_of_value(name) for name in each(value.get("name") or value.get("@value"))]
        yield from whole or [" ".join(text_of_value(value.get(part)) for part in ("givenName", "familyName"))]


def authors_in_metas(signals: Signals) -> tuple[list[str], str]:
    """The names in the first meta element that has any, and its vocabulary."""
    for name in AUTHOR_METAS:
        found = list(signals.meta(name))
        texts = [_turned(f.value) if name in INVERTED_METAS else f.value for f in found]
        names = _unique(n for text in texts for n in split_names(text))
        if names:
            return names, found[0].where
    for number in "12":  # how WordPress fills the card that a shared link becomes
        label = next((f.value for f in signals.meta(f"twitter:label{number}")), "")
        if label.strip(" :").casefold() in _LABELS:
            return _unique(n for f in signals.meta(f"twitter:data{number}") for n in split_names(f.value)), "meta"
    return [], ""


def _turned(text: str) -> str:
    """`Smith, Ann` as libraries write it, in the order in which it is read."""
    last, comma, first = text.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and len(last.split()) == 1 and "," not in first else text


def authors_in_bylines(signals: Signals, heading: LexborNode | None) -> tuple[list[str], str]:
    """The names in the first visible byline, and what marked it."""
    start = signals.headings[0].order if signals.headings else -1
    marked = [e for e in signals.marked if _is_byline(e)]
    for element in sorted(marked, key=lambda e: (e.order < start, e.order))[:MOST_BYLINES]:
        names = _names_inside(element)
        if names and not is_apart(element.node):
            return names, "microdata" if "author" in element.itemprop else "byline"
    if heading is None:
        return [], ""
    near = [line.text for line in lines_around(heading)]
    return _near_heading(signals, near) or names_in_lines(near, is_marked=False), "byline"


def _near_heading(signals: Signals, near: list[str]) -> list[str]:
    """The names next to the headline in what a looser look takes for a byline: a class that has the word among
    others, a link to an author's page."""
    links = [text for e in signals.marked if e.leads_to_author and (text := text_of(e.node)) in near]
    names = _unique(n for text in links for n in split_names(text, is_visible=True) if len(n.split()) > 1)
    if names:
        return names
    for element in signals.marked:
        if any(not _BYLINE_WORDS.isdisjoint(token.split("-")) for token in element.tokens):
            lines = _lines_of(element.node)
            if lines and lines[0] in near:
                names = names_in_lines(lines, is_marked=True)
            if names:
                return names
    return []


def _lines_of(node: LexborNode) -> list[str]:
    """An element's pieces of text, where it is as short as a byline."""
    text = node.text(separator="\n")
    return [line for part in text.split("\n") if (line := tidy(part))] if len(text) < LONGEST_BYLINE else []


def _is_byline(element: Element) -> bool:
    return bool(
        "author" in element.rel or "author" in element.itemprop or not BYLINE_TOKENS.isdisjoint(element.tokens)
    )


def _names_inside(element: Element) -> list[str]:
    """The names that a byline's own parts mark, else those in its text."""
    inner = element.node.css('[itemprop~="name"], [rel~="author"], .fn, .author-name, .author')[:MOST_AUTHORS]
    parts = [_lines_of(n) for n in inner if n.mem_id != element.node.mem_id]
    for offers in (parts, [_lines_of(element.node)]):
        names = _unique(name for lines in offers for name in names_in_lines(lines, is_marked=True))
        if names:
            return names
    return []


def choose_authors(
    signals: Signals, linked: Linked, site_names: frozenset[str], heading: LexborNode | None
) -> list[Found]:
    """People before organisations, machines' words before what is visible."""
    people, organisations = authors_in_json_ld(linked)
    in_metas, where_meta = authors_in_metas(signals)
    in_bylines, where_byline = authors_in_bylines(signals, heading)
    offers = [(people, "json-ld"), (in_metas, where_meta), (in_bylines, where_byline), (organisations, "json-ld")]
    for names, where in offers:
        persons = [name for name in names if key(name) not in site_names]
        if persons:
            return [Found(name, where) for name in persons]
    return next(([Found(name, where) for name in names] for names, where in offers if names), [])


def _unique(names: Iterable[str]) -> list[str]:
    """Each name once, as first spelt."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(key(name), name)
    return list(first.values())[:MOST_AUTHORS]
