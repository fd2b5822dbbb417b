"""Whether an answer is a page: by the type that the server names, and by the first bytes, which know better."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrub.errors import EmptyError, NotAPageError

if TYPE_CHECKING:
    from scrub.net.settings import Accepted

ACCEPT = "text/html, application/xhtml+xml, text/plain;q=0.8, application/xml;q=0.7, */*;q=0.1"

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
XML_TYPES = frozenset({"application/xml", "text/xml"})
# What feeds and sitemaps come as (RFC 7303, 8; RFC 6839), or as bytes that a server knows nothing of.
TEXT_TYPES = re.compile(r"text/.+|.+[/+](xml|json)|application/((x-)?gzip|octet-stream)")
TEXT_FORMATS = frozenset({"JSON", "a feed"})
GZIP = b"\x1f\x8b\x08"  # RFC 1952, 2.3.1
# WHATWG MIME Sniffing, 7: types that say nothing, as if there were none. A type without "/" is not one either.
UNKNOWN_TYPES = frozenset({"unknown/unknown", "application/unknown", "*/*"})

# The first bytes of what servers send under a wrong type (WHATWG MIME Sniffing, 6; RFC 8259; RFC 4287; RSS 2.0).
FORMATS = tuple(
    (re.compile(pattern, re.DOTALL), name)
    for pattern, name in (
        (
            rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|\x00\x00[\x01\x02]\x00|II\*\x00|MM\x00\*",
            "an image",
        ),
        (rb"....ftyp(avif|avis|heic|heix|mif1)", "an image"),
        (rb"\s{0,64}(<\?xml[^>]{0,200}>)?\s{0,64}(<!--[^>]{0,200}-->)?\s{0,64}<svg[\s>]", "an image"),
        (rb"\s{0,64}%PDF-", "a PDF"),
        (rb"%!PS-Adobe-", "a PostScript document"),
        (rb"ID3|OggS|fLaC|RIFF....WAVE|FORM....AIFF|MThd|\xff[\xf2\xf3\xfa\xfb]", "audio"),
        (rb"....ftyp|\x1aE\xdf\xa3|RIFF....AVI |FLV\x01|\x00\x00\x01[\xb3\xba]", "a video"),
        (rb"PK\x03\x04|PK\x05\x06|\x1f\x8b\x08|BZh[1-9]|\xfd7zXZ\x00|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07", "an archive"),
        (rb"\x28\xb5\x2f\xfd", "an archive"),
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
        (rb"wOF[F2]|OTTO\x00|\x00\x01\x00\x00|ttcf", "a font"),
        (rb"\x7fELF|MZ[\x00-\x90]\x00|\x00asm|SQLite format 3\x00", "a program or a database"),
        (rb"(\xef\xbb\xbf)?\s{0,64}(\{\s{0,64}\"|\[\s{0,64}\{\s{0,64}\")", "JSON"),
        (
            rb"(\xef\xbb\xbf)?\s{0,64}(<\?xml[^>]{0,200}>)?\s{0,64}<(rss|feed|urlset|sitemapindex|rdf:RDF)[\s>]",
            "a feed",
        ),
    )
)

IS_XML = re.compile(rb"(\xef\xbb\xbf)?\s{0,64}<\?xml[\s?]")
IS_XHTML = re.compile(rb"<(html|!doctype html)[\s>]", re.IGNORECASE)
# WHATWG MIME Sniffing, 3, "binary data byte": what no text has, unless it is UTF-16 or UTF-32.
BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
WIDE_BOM = re.compile(rb"\xfe\xff|\xff\xfe|\x00\x00\xfe\xff")
WIDE_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?(utf-?(16|32)|ucs-?[24]|unicode)", re.IGNORECASE)

# WHATWG MIME Sniffing, 5.2: as many bytes as a browser looks at.
HEAD = 1445
# XHTML's root may come after a long declaration and comments.
XML_HEAD = 8_192

NOT_A_PAGE_ADVICE = "give the address of the article's web page"


def check_type(content_type: str | None, where: str, accept: Accepted = "pages") -> None:
    """Raise `NotAPageError` where the server itself says that it is no page: nothing need be read then."""
    kind = _type_of(content_type)
    if accept == "any-text" and kind and TEXT_TYPES.fullmatch(kind):
        return
    if kind and kind not in PAGE_TYPES | XML_TYPES:
        raise NotAPageError(f"{where} sent {kind[:60]!a}, not a web page", NOT_A_PAGE_ADVICE)


def check_content(body: bytes, content_type: str | None, where: str, accept: Accepted = "pages") -> None:
    """Raise `EmptyError` or `NotAPageError` where the bytes are no page, whatever the server calls them."""
    if not body.strip():
        raise EmptyError(f"{where} sent an empty page", "open it in a browser to see whether there is anything")
    kind = _type_of(content_type)
    found = _name_format(body) or _name_xml(body, kind)
    if accept == "any-text" and (body.startswith(GZIP) or found in TEXT_FORMATS | {"XML"}):
        return
    if not found and kind in {None, "text/plain"} and _is_binary(body, content_type):
        found = "binary data"
    if found:
        raise NotAPageError(f"{where} sent {found}, not a web page", NOT_A_PAGE_ADVICE)


def _type_of(content_type: str | None) -> str | None:
    """The bare type of a `Content-Type`, of the first where several were sent; `None` where it says nothing."""
    kind = re.split("[;,]", content_type or "", maxsplit=1)[0].strip().lower()
    return kind if "/" in kind and kind not in UNKNOWN_TYPES else None


def _name_format(body: bytes) -> str | None:
    head = body[:HEAD]
    return next((name for pattern, name in FORMATS if pattern.match(head)), None)


def _name_xml(body: bytes, kind: str | None) -> str | None:
    is_xml = kind in XML_TYPES or (kind is None and IS_XML.match(body[:HEAD]))
    return "XML" if is_xml and not IS_XHTML.search(body[:XML_HEAD].replace(b"\x00", b"")) else None


def _is_binary(body: bytes, content_type: str | None) -> bool:
    is_wide = WIDE_BOM.match(body) or WIDE_CHARSET.search(content_type or "")
    return not is_wide and BINARY.search(body[:HEAD]) is not None
