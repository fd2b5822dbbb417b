"""What a page may cost: how many characters, tags, attributes, links, paragraphs it has and how deep it nests.

Parsers need time or memory of the square of some of these: lexbor of the depth and of the attributes of one tag, any
HTML5 parser of the formatting elements that nobody closes, since it opens them again in each block. So they are told
before anything parses the page, by one linear scan with the tokenizer's own idea of a tag (HTML Standard, section
13.2.5). Where a scan cannot know what a parser will do with tags that do not match, it counts more rather than less;
who outwits it meets the time limit of `run`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from scrub.errors import TooComplexError


class Size(NamedTuple):
    """What a page has of everything that costs. `attributes` is of the tag that has the most, `longest_tag` its
    characters; `reopened` counts the formatting elements that a parser opens again."""

    characters: int = 0
    tags: int = 0
    links: int = 0
    paragraphs: int = 0
    depth: int = 0
    attributes: int = 0
    longest_tag: int = 0
    reopened: int = 0


# Beyond these a page is refused. Of 2,000 real pages none has a twentieth of the tags, links or paragraphs. What the
# limits cost, in lexbor or in cleaning, stands beside them.
MOST = Size(
    characters=40_000_000,
    tags=500_000,
    links=200_000,  # 8 s; 60 in trafilatura
    paragraphs=50_000,  # 8 s; 20 in trafilatura
    depth=2_000,  # 0.5 s; browsers stop at 512
    attributes=5_000,  # 0.05 s
    longest_tag=30_000_000,
    reopened=300_000,  # 100 MB
)
# Beyond these trafilatura takes seconds, or does not come back, and is not asked.
MOST_FOR_TRAFILATURA = Size(
    characters=10_000_000,
    tags=100_000,
    links=15_000,
    paragraphs=20_000,
    depth=2_000,
    attributes=1_000,
    longest_tag=5_000_000,
    reopened=50_000,
)
_NAMES = Size._fields
_SHOWN = {
    "attributes": "attributes of one tag",
    "depth": "nested elements",
    "longest_tag": "characters in one tag",
    "reopened": "formatting elements that are never closed",
}

_SPACE = r" \t\n\r\f"
_ATTRIBUTE = (
    rf"(?:=[^{_SPACE}/>=]*+|[^{_SPACE}/>=]++)"
    rf"(?:[{_SPACE}]*+=[{_SPACE}]*+(?:\"[^\"]*+\"?|'[^']*+'?|[^{_SPACE}>\"'][^{_SPACE}>]*+)?)?"
)
_ATTRIBUTES = rf"(?:[{_SPACE}/]++|{_ATTRIBUTE})*+"
_RAW = r"(?i:(script|style|textarea|title|iframe|noframes|noembed|xmp))"
# Possessive throughout: what is not closed is consumed to the end of the page, once.
_RAW_ELEMENT = rf"{_RAW}(?=[{_SPACE}/>])({_ATTRIBUTES})>([^<]*+(?:<(?!/(?i:\1)[{_SPACE}/>])[^<]*+)*+)"
_MARKUP = rf"(/?[a-zA-Z][^{_SPACE}/>]*+)({_ATTRIBUTES})>?|!--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+(?:--!?>)?)|[!?/][^>]*+"
_TAG = re.compile(rf"<(?:{_RAW_ELEMENT}|{_MARKUP})")
_TAG_IN_FOREIGN_TEXT = re.compile(rf"<()()()(?:{_MARKUP})")
_EACH_ATTRIBUTE = re.compile(_ATTRIBUTE)
_Tag = tuple[str, str, str, str, str]  # raw element's name, attributes, content; or another tag's name and attributes

_PARAGRAPHS = frozenset("p div li br tr dt dd h1 h2 h3 h4 h5 h6 blockquote pre section article".split())
# Not counted as open: they hold nothing, or the next of their kind closes them.
_NEVER_OPEN = frozenset(
    "area base br col embed hr img input link meta param source track wbr "
    "html head body p li dt dd tr td th thead tbody tfoot colgroup option optgroup rp rt".split()
)
_FORMATS = frozenset("b big code em font i nobr s small strike strong tt u".split())  # section 12.2.4.3
_BOUNDARIES = frozenset("table object template marquee applet foreignobject".split())  # an end tag closes none of them
_FOREIGN = frozenset(("svg", "math"))
_ENDS_FOREIGN = frozenset(  # section 13.2.6.5
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li menu meta nobr ol p "
    "pre ruby s small span strong strike sub sup table tt u ul var".split()
)
CLOSES_WITHIN = 100  # elements that an end tag looks back over
FEW_TAGS = 1_000  # in which no nesting can cost much
ALIKE = 3  # formatting elements with the same attributes that a parser opens again (section 13.2.4.3)


def measure(html: str) -> Size:
    """The size of a page, in time linear in its length."""
    tags: list[_Tag] = _TAG.findall(html)
    _, raw_attributes, _, names, attributes = zip(*tags, strict=True) if tags else ((),) * 5
    counts = Counter(map(str.lower, names))
    longest = max(map(len, (*raw_attributes, *attributes)), default=0)
    longer = [one for one in (*raw_attributes, *attributes) if 2 * len(one) > longest]
    openings = html.count("<") - html.count("</")
    depth, reopened = _nest(tags) if openings > FEW_TAGS else (openings, 0)
    return Size(
        len(html),
        len(tags),
        counts["a"],
        sum(counts[name] for name in _PARAGRAPHS),
        depth,
        max((len(_EACH_ATTRIBUTE.findall(one)) for one in longer), default=0),
        longest,
        reopened,
    )


def check_budget(html: str) -> str | None:
    """Refuse a page that no parser should see; else say what it has too much of for trafilatura, if anything.

    TooComplexError names what there is too much of.
    """
    size = measure(html)
    if over := _over(size, MOST):
        raise TooComplexError(f"this page has {over}")
    return _over(size, MOST_FOR_TRAFILATURA)


def _over(size: Size, limit: Size) -> str | None:
    for name, found, most in zip(_NAMES, size, limit, strict=True):
        if found > most:
            return f"{found:,} {_SHOWN.get(name, name)}, more than {most:,}"
    return None


def _nest(tags: Iterable[_Tag]) -> tuple[int, int]:
    """How deep the elements nest, and how many formatting elements a parser opens again."""
    nesting = _Nesting()
    for raw, raw_attributes, content, name, attributes in tags:
        if name[:1] == "/":
            nesting.close(name[1:].lower())
        elif name:
            nesting.add(name.lower(), attributes)
        elif raw and nesting.foreign:  # within svg these are elements like others
            nesting.add(raw.lower(), raw_attributes)
            for _, _, _, inner, inner_attributes in _TAG_IN_FOREIGN_TEXT.findall(content):
                if inner[:1] != "/":  # which of them close something is not worth knowing
                    nesting.add(inner.lower(), inner_attributes)
    return nesting.depth, nesting.reopened


class _Nesting:
    """The elements that are open, as a scan can know it; lives for one page."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.formats: list[tuple[str, str]] = []
        self.foreign = 0
        self.depth = 0
        self.reopened = 0

    def add(self, name: str, attributes: str) -> None:
        if self.foreign:
            if name in _ENDS_FOREIGN:
                self.foreign = 0
            elif attributes[-1:] == "/":
                return
        if name in _FORMATS:
            self.add_format(name, attributes)
        elif self.formats:
            self.reopened += len(self.formats)
        if name and name not in _NEVER_OPEN:
            self.open.append(name)
            self.foreign += name in _FOREIGN
            if len(self.open) > self.depth:
                self.depth = len(self.open)

    def add_format(self, name: str, attributes: str) -> None:
        one = (name, attributes)
        if self.reopened <= MOST.reopened and self.formats.count(one) < ALIKE:
            self.formats.append(one)
            self.reopened += len(self.formats)

    def close(self, name: str) -> None:
        if self.formats and name in _FORMATS:
            self.close_format(name)
        if self.open and self.open[-1] == name:
            self.open.pop()
        elif name not in _NEVER_OPEN:
            self.close_outer(name)
        if self.foreign and name in _FOREIGN:
            self.foreign -= 1

    def close_format(self, name: str) -> None:
        for at in range(len(self.formats) - 1, -1, -1):
            if self.formats[at][0] == name:
                del self.formats[at]
                return

    def close_outer(self, name: str) -> None:
        for back in range(2, min(CLOSES_WITHIN, len(self.open)) + 1):
            if self.open[1 - back] in _BOUNDARIES:
                return
            if self.open[-back] == name:
                del self.open[-back:]
                return
