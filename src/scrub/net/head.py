"""The meta and link elements at the beginning of a page. Bytes come in, the elements' attributes go out.

No parser of HTML: this is asked before the page is given to anybody, looks at 100 kB at most, and takes linear time
whatever stands there. What is in a comment, a script, a style, a template or a noscript is not the page's own word.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

SCANNED = 100_000
MOST_ELEMENTS = 500

HIDING = ("script", "style", "template", "noscript", "title", "textarea")
OPENING = re.compile(rf"<(?:(!--)|({'|'.join(HIDING)})\b|(meta|link)\b)", re.IGNORECASE | re.ASCII)
CLOSING = {name: re.compile(f"</{name}", re.IGNORECASE | re.ASCII) for name in HIDING} | {"!--": re.compile("-->")}
# Possessive throughout, and no "<" outside of quotes, so that a failed match costs what it has read and nothing more.
ATTRIBUTES = re.compile(r"(?>(?:[^<>\"']{1,2000}+|\"[^\"]{0,4000}+\"|'[^']{0,4000}+'){0,60})")
ATTRIBUTE = re.compile(
    r"([a-z][a-z0-9_:-]{0,40}+)\s{0,20}+=\s{0,20}+(?:\"([^\"]{0,4000}+)\"|'([^']{0,4000}+)'|([^\s\"'<>]{1,2000}+))",
    re.IGNORECASE,
)
# WHATWG HTML, 4.2.5.3 "shared declarative refresh steps", without their leniencies that nobody uses.
REFRESH = re.compile(
    r"\s{0,20}(\d{1,9})[.\d]{0,9}\s{0,20}[;,]\s{0,20}(?:url\s{0,20}=\s{0,20})?[\"']?([^\"']{1,2000})", re.I
)

# A reader who opens the page sees the next one after so many seconds at most; a later refresh is one of a live page.
REFRESH_SECONDS = 5


class Element(NamedTuple):
    """A meta or link element: its name and its attributes, in lower case, with their decoded values."""

    name: str
    attributes: dict[str, str]


def read_head(body: bytes) -> tuple[Element, ...]:
    """The meta and link elements in the first 100 kB. What matters in them is ASCII in any encoding of pages."""
    text = body[:SCANNED].replace(b"\x00", b"").decode("utf-8", "replace")
    found: list[Element] = []
    position = 0
    while len(found) < MOST_ELEMENTS and (opening := OPENING.search(text, position)):
        comment, hidden, name = opening.groups()
        if name:
            attributes = ATTRIBUTES.match(text, opening.end())
            assert attributes is not None  # it matches the empty text
            found.append(Element(name.lower(), _attributes(attributes[0])))
            position = attributes.end()
            continue
        end = CLOSING["!--" if comment else hidden.lower()].search(text, opening.end())
        if end is None:
            break
        position = end.end()
    return tuple(found)


def find_refresh(elements: tuple[Element, ...]) -> str | None:
    """The address that a page sends its reader on to at once (`<meta http-equiv=refresh>`), if it does."""
    for element in elements:
        if element.name == "meta" and element.attributes.get("http-equiv", "").strip().lower() == "refresh":
            found = REFRESH.fullmatch(element.attributes.get("content", "").strip().rstrip("\"'"))
            return found[2].strip() if found and int(found[1]) <= REFRESH_SECONDS else None
    return None


def _attributes(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for found in ATTRIBUTE.finditer(text):
        value = next((group for group in found.groups()[1:] if group is not None), "")
        values.setdefault(found[1].lower(), html.unescape(value))
    return values
