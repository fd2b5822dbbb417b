"""Bytes -> str: what the bytes say themselves comes first, then what was declared, then a guess.

Never a crash, and no mojibake where the bytes know better: valid UTF-8 with a character beyond ASCII is UTF-8,
whatever a header claims.
"""

from __future__ import annotations

import codecs
import re

from scrub.errors import NotTextError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What browsers take these names for (WHATWG Encoding Standard, section 4.2), where Python's reading is narrower.
_BROWSER_NAMES = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
    "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8",  # a declaration read as ASCII cannot be UTF-16
}  # fmt: skip
# Codecs of Python that no page is written in; some take time of the square of a page's length.
_NOT_OF_PAGES = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})
_DECLARED = (
    rb"<\?xml[^>]{1,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})",
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})",
)
_CHARSET = r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})"
DECLARED_WITHIN = 8192  # the standard says 1024; pages put it later
_MAGIC = {
    b"\x89PNG\r\n": "a PNG image", b"\xff\xd8\xff": "a JPEG image", b"GIF8": "a GIF image", b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a ZIP archive or office document", b"\x7fELF": "a program", b"ID3": "an audio file",
    b"OggS": "an audio file", b"\x1aE\xdf\xa3": "a video", b"SQLite format 3": "a database",
    b"\xd0\xcf\x11\xe0": "an office document", b"7z\xbc\xaf\x27\x1c": "a 7z archive", b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive", b"(\xb5/\xfd": "a zstd archive", b"{\\rtf": "an RTF document",
}  # fmt: skip
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
MOST_CONTROLS = 0.01  # share of control characters beyond which something is data and not text
GUESSED_FROM = 200_000  # bytes that a guess looks at


def decode(body: bytes, encoding: str | None = None, content_type: str | None = None) -> str:
    """The text of some bytes. `encoding` is what a person said and is obeyed; `content_type` is a header.

    NotTextError for what is no text: images, archives, programs; and for an `encoding` that does not exist.
    """
    for magic, what in _MAGIC.items():
        if body.startswith(magic):
            raise NotTextError(f"this is {what}, not text")
    text = _decode(body, encoding, content_type)
    if len(_CONTROLS.findall(text)) > max(8, MOST_CONTROLS * len(text)):
        raise NotTextError("this is binary data, not text")
    return text.removeprefix("\ufeff")


def _decode(body: bytes, encoding: str | None, content_type: str | None) -> str:
    if encoding is not None:
        return body.decode(_known_name(encoding), "replace")
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    if wide := _wide_name(body):
        return body.decode(wide, "replace")
    declared = _declared_name(body, content_type)
    if declared and declared.startswith("iso2022") and b"\x1b" in body:  # seven bits, so it is valid UTF-8 too
        return body.decode(declared, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_other(body, declared)


def _known_name(encoding: str) -> str:
    try:
        return _text_encoding(encoding)
    except LookupError as error:
        raise NotTextError(f"there is no encoding {encoding!r}", "name one like utf-8, cp1252 or shift_jis") from error


def _text_encoding(name: str) -> str:
    """Python's name for an encoding of texts. LookupError for one that there is not."""
    known = codecs.lookup(name).name
    if known.replace("_", "-") in _NOT_OF_PAGES:
        raise LookupError(name)
    "".encode(known)  # a LookupError for codecs of bytes, such as zlib
    return known


def _wide_name(body: bytes) -> str | None:
    """UTF-16 without a mark at its start: in text of any Western alphabet every second byte is zero."""
    sample = body[:4096]
    even, odd = sample[0::2], sample[1::2]
    if len(sample) < 8 or 0 not in sample:
        return None
    if odd.count(0) > 0.4 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.4 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return None


def _declared_name(body: bytes, content_type: str | None) -> str | None:
    """The first declared encoding that exists: the header's, then the XML declaration's, then the meta element's."""
    in_header = re.search(_CHARSET, content_type, re.IGNORECASE) if content_type else None
    head = body[:DECLARED_WITHIN]
    in_body = [re.search(pattern, head, re.IGNORECASE) for pattern in _DECLARED] if b"<" in head else []
    names = [in_header.group(1)] if in_header else []
    names += [found.group(1).decode("ascii") for found in in_body if found]
    for name in names:
        try:
            known = _text_encoding(name)
        except LookupError:
            continue
        return _BROWSER_NAMES.get(known, known)
    return None


def _decode_other(body: bytes, declared: str | None) -> str:
    """Bytes that are not valid UTF-8."""
    if declared and declared != "utf-8":
        try:
            return body.decode(declared)
        except (UnicodeDecodeError, ValueError):
            pass
    if _is_mostly_utf8(body):
        return body.decode("utf-8", _AS_WINDOWS)
    if declared and declared != "utf-8":
        return body.decode(declared, "replace")
    return body.decode(_guess(body), "replace")


def _is_mostly_utf8(body: bytes) -> bool:
    """Whether more bytes beyond ASCII make up characters of UTF-8 than do not; by chance few do."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return 2 * broken < sum(not character.isascii() for character in text)


def _guess(body: bytes) -> str:
    import charset_normalizer

    sample = body[:GUESSED_FROM]
    found = charset_normalizer.from_bytes(re.sub(rb"<[^<>]{0,2000}>", b" ", sample)).best()
    return found.encoding if found else "cp1252"


def _windows_byte(error: UnicodeError) -> tuple[str, int]:
    """A stray byte in UTF-8 is nearly always a quote or dash pasted from Windows."""
    assert isinstance(error, UnicodeDecodeError)
    stray = error.object[error.start : error.end]
    return stray.decode("cp1252", "replace"), error.end


_AS_WINDOWS = "scrub-windows-bytes"
codecs.register_error(_AS_WINDOWS, _windows_byte)
