"""Pages that are made to stop whoever reads them: for the tests, and for `bench/hostile.py`, which says what each costs.

Each is named, with the kinds of error that it may end with; None among them is an article.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import NamedTuple

SENTENCES = (
    "The council met on Monday evening and decided after a long debate to build the new bridge over the river.",
    "Nobody on the benches spoke against it, and the meeting ended well before nine o'clock in the evening.",
    "Work begins in the spring of next year, when the water is low enough for the pillars to be set, an engineer said.",
    "Until then the ferry goes on, four times an hour on weekdays and twice an hour on Saturdays and Sundays.",
)
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


class Hostile(NamedTuple):
    """What a page is like, its bytes when they are asked for, and how cleaning it may end."""

    name: str
    make: Callable[[], bytes]
    ends: frozenset[str | None]


def page(body: str, head: str = "", article: str = BODY) -> bytes:
    """A page with an article and something beside it."""
    start = f"<!DOCTYPE html><html lang=en><head><title>Bridge to be built</title>{head}</head><body>"
    return f"{start}<article><h1>Bridge to be built</h1>{article}</article>{body}</body></html>".encode()


def json_ld(content: str) -> bytes:
    return page("", f'<script type="application/ld+json">{content}</script>')


def _gzip_bomb() -> bytes:
    return gzip.compress(b"<p>" + b"a" * 300_000_000, 9)


def _numbered(form: str, count: int) -> str:
    return "".join(form.format(number) for number in range(count))


GOOD = page("")
ARTICLE = frozenset({None})
REFUSED = frozenset({"too-complex"})
EITHER = ARTICLE | REFUSED
_UTF16 = page("").decode().replace("<head>", "<head><meta charset=utf-8>").encode("utf-16-be")

HOSTILE = (
    Hostile("100,000 links", lambda: page("<div>" + _numbered("<a href=/{0}>A story {0}</a> ", 100_000) + "</div>"), ARTICLE),
    Hostile("300,000 links", lambda: page("<div>" + _numbered("<a href=/{0}>A story {0}</a> ", 300_000) + "</div>"), REFUSED),
    Hostile("300,000 links in a list", lambda: page("<ul>" + _numbered("<li><a href=/{0}>Story {0}</a>", 300_000)), REFUSED),
    Hostile("300,000 attributes of one tag", lambda: page(f"<div {_numbered('a{0}=b ', 300_000)}>x</div>"), REFUSED),
    Hostile("25,000 paragraphs", lambda: page("", article=_numbered("<p>On day {} the council met until nine in the evening.</p>", 25_000)), ARTICLE),
    Hostile("60,000 paragraphs", lambda: page("", article=_numbered("<p>On day {} the council met until nine in the evening.</p>", 60_000)), REFUSED),
    Hostile("100,000 nested elements", lambda: page("<div>" * 100_000), REFUSED),
    Hostile("100,000 nested elements within svg", lambda: page(f"<svg><style>{'<div>' * 100_000}</style></svg>"), REFUSED),
    Hostile("100,000 formatting elements never closed", lambda: page(_numbered("<p><b id={}>x", 100_000)), REFUSED),
    Hostile("5,000 nested tables", lambda: page("<table><tr><td>x" * 5_000), EITHER),
    Hostile("an attribute of 20 MB", lambda: page(f"<img src='data:{'x' * 20_000_000}'>"), ARTICLE),
    Hostile("an attribute of 20 MB never closed", lambda: page(f"<img src='data:{'x' * 20_000_000}"), EITHER),
    Hostile("a comment of 10 MB never closed", lambda: page("<!--" + "x-" * 5_000_000), ARTICLE),
    Hostile("a script of 10 MB never closed", lambda: page("<script>" + "x<" * 5_000_000), ARTICLE),
    Hostile("2,000,000 times <", lambda: page("<" * 2_000_000), EITHER),
    Hostile("40,000 comments before the page", lambda: b"<!---->" * 40_000 + GOOD, ARTICLE),
    Hostile("a million entities", lambda: page(f"<p>{'&amp;' * 1_000_000}</p>"), ARTICLE),
    Hostile("a million numeric entities", lambda: page(f"<p>{'&#x41;' * 1_000_000}</p>"), ARTICLE),
    Hostile("a million entities in an attribute", lambda: page(f"<a href='{'&amp;' * 1_000_000}'>x</a>"), ARTICLE),
    Hostile("one word of 10 MB", lambda: page(f"<p>{'a' * 10_000_000}</p>"), ARTICLE),
    Hostile("10 MB of spaces", lambda: page(f"<p>{' ' * 10_000_000}</p>"), ARTICLE),
    Hostile("100,000 line breaks", lambda: page("x<br>" * 100_000), EITHER),
    Hostile("JSON-LD nested 200,000 deep", lambda: json_ld('{"a":' * 200_000 + "1" + "}" * 200_000), ARTICLE),
    Hostile("JSON-LD with lists 200,000 deep", lambda: json_ld("[" * 200_000), ARTICLE),
    Hostile("JSON-LD with a number of 100,000 digits", lambda: json_ld('{"@type":"NewsArticle","wordCount":' + "9" * 100_000 + "}"), ARTICLE),
    Hostile("JSON-LD with 100,000 keys alike", lambda: json_ld("{" + '"headline":"x",' * 100_000 + '"a":1}'), ARTICLE),
    Hostile("JSON-LD with 60,000 articles", lambda: json_ld("[" + '{"@type":"NewsArticle","headline":"x"},' * 60_000 + "{}]"), ARTICLE),
    Hostile("JSON-LD with a string never closed", lambda: json_ld('{"headline":"' + "\\" * 2_000_000), ARTICLE),
    Hostile("100,000 meta elements", lambda: page("", _numbered("<meta property=article:tag content=t{}>", 100_000)), EITHER),
    Hostile("a title of 5 MB", lambda: GOOD.replace(b"Bridge to be built</title>", b"Bridge " * 700_000 + b"</title>"), ARTICLE),
    Hostile("a gzip bomb", _gzip_bomb, frozenset({"too-large"})),
    Hostile("a gzip bomb cut short", lambda: _gzip_bomb()[:-1000], frozenset({"input", "too-large"})),
    Hostile("bytes that no encoding has", lambda: page("").replace(b"river", b"riv\xff\xfe\x81er"), ARTICLE),
    Hostile("an encoding that does not exist", lambda: page("", "<meta charset=no-such-encoding>"), ARTICLE),
    Hostile("an encoding that is a codec of bytes", lambda: page("", "<meta charset=zlib>").replace(b"river", b"riv\xffer"), ARTICLE),
    Hostile("UTF-16 that says that it is UTF-8", lambda: _UTF16, ARTICLE),
    Hostile("an encoding that takes the square of time", lambda: page("", "<meta charset=punycode>" + "x" * 2_000_000).replace(b"river", b"riv\xffer"), ARTICLE),
    Hostile("UTF-7", lambda: page("", "<meta charset=utf-7>").replace(b"river", b"+ADw-river\xff"), ARTICLE),
    Hostile("nulls between all letters", lambda: b"\x00".join(bytes([byte]) for byte in GOOD) * 2, frozenset({None, "not-text"})),
)  # fmt: skip
