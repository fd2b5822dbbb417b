"""A feed or a sitemap as XML -> its records: items, entries, addresses, each a flat list of fields.

XML in the wild is broken (bare ampersands, HTML's entities, two encodings at once) and may be hostile. It is mended as
text, then read by libxml2 with recovery; entities of its own make a document refused, so none is ever expanded.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from scrub.errors import NoLinksError

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_ELEMENTS = 2_000_000  # a full sitemap has 50,000 records of some ten elements
MOST_TEXT = 5_000  # characters of one field

PROLOG = 20_000  # characters in which a document's first element begins
# A comment that is not closed runs to the end.
_FIRST_TAG = re.compile(r"<!--(?:.*?-->|.*+)|<(?:[\w.-]{1,40}:)?([A-Za-z_][\w.-]{0,40})", re.DOTALL)
# A section of characters stands as it is; one that is not closed runs to the end, so that the scan stays linear.
_AMPERSAND = re.compile(r"<!\[CDATA\[(?:.*?\]\]>|.*+)|&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{1,32});)?", re.DOTALL)
_OWN_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, 2.2
_SAME_AS_BARE = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#")
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "https://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
}
_WITH_FIELDS = "news:news"


class Field(NamedTuple):
    """One element of a record. `name` has a prefix where its vocabulary is not the document's own."""

    name: str
    text: str
    attributes: dict[str, str]


class Record(NamedTuple):
    """The fields of an element in order. `base` is what its addresses are relative to (xml:base), empty where that is
    the document's own address."""

    fields: tuple[Field, ...]
    base: str


def root_name(text: str) -> str:
    """The name of a document's first element without a prefix; empty where there is none."""
    root = _root(text)
    return root.group(1) if root else ""


def read_records(text: str, names: frozenset[str], most: int) -> list[Record]:
    """The first `most` records of a decoded document: the elements called one of `names`, as far as it can be read.

    `NoLinksError` for a document that defines entities, and for one that is no XML at all.
    """
    from lxml import etree

    start = _root(text)
    if start is None:
        raise NoLinksError("it is no XML")
    if "<!ENTITY" in text[: start.start()]:
        raise NoLinksError("its XML defines entities, which scrub does not expand")
    body = BytesIO(_mend(text[start.start() :]).encode("utf-8", "replace"))
    records: list[Record] = []
    elements = etree.iterparse(
        body, events=("end",), encoding="utf-8", recover=True, resolve_entities=False, load_dtd=False, no_network=True,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for count, (_, element) in enumerate(elements, start=1):
            if _local(element) in names:
                own = _namespace(element.getroottree().getroot())
                records.append(Record(tuple(_fields(element, own)), element.base or ""))
                element.clear()
            if len(records) >= most or count >= MOST_ELEMENTS:
                break
    except etree.XMLSyntaxError as error:
        if not records:
            raise NoLinksError(f"its XML is broken ({str(error)[:80]})") from error
    return records


def _root(text: str) -> re.Match[str] | None:
    return next((found for found in _FIRST_TAG.finditer(text, 0, PROLOG) if found.group(1)), None)


def _mend(text: str) -> str:
    """What libxml2 would drop, written so that it stays: bare ampersands and HTML's entities."""
    text = _NO_XML.sub("", text)
    return _AMPERSAND.sub(_mend_one, text) if "&" in text else text


def _mend_one(match: re.Match[str]) -> str:
    whole, name = match.group(), match.group(1)
    if whole.startswith("<") or (name and (name in _OWN_ENTITIES or name.startswith("#"))):
        return whole
    character = html.entities.html5.get(f"{name};") if name else None
    return character or f"&amp;{whole[1:]}"


def _fields(record: _Element, own: str) -> Iterator[Field]:
    for element in record:
        name = _name(element, own)
        if name == _WITH_FIELDS:
            yield from _fields(element, own)
        else:
            text = "".join(element.itertext()) if len(element) else element.text or ""
            yield Field(name, text[:MOST_TEXT].strip(), dict(element.attrib))


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def _namespace(element: _Element) -> str:
    return str(element.tag).rpartition("}")[0].removeprefix("{")


def _name(element: _Element, own: str) -> str:
    namespace, _, local = str(element.tag).removeprefix("{").rpartition("}")
    if namespace == own or namespace in _SAME_AS_BARE:
        return local
    prefix = _PREFIXES.get(namespace) or element.prefix
    return f"{prefix}:{local}" if prefix else local
