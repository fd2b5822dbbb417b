"""What counts as a page, by its declared type and by its first bytes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.errors import EmptyError, NotAPageError
from scrub.net.content import check_content, check_type

XHTML = b'<?xml version="1.0"?>\n<!-- made by hand -->\n<html xmlns="http://www.w3.org/1999/xhtml"><p>News</p></html>'

PAGES = [
    ("text/html; charset=utf-8", b"<html><p>News</p></html>"),
    ("TEXT/HTML", b"just some words"),
    ("text/html, text/html; charset=utf-8", b"<p>Two headers</p>"),
    ("application/xhtml+xml", XHTML),
    ("application/xml", XHTML),
    ("text/xml", XHTML),
    ("text/plain", "Die Brücke ist offen.\n".encode()),
    ("text/plain", b"[Update] {1} The bridge is open.\n"),
    ("text/plain; charset=utf-16", "Die Brücke".encode("utf-16-le")),
    ("text/plain", "Die Brücke".encode("utf-16")),
    (None, b"<!doctype html><p>News</p>"),
    (None, b"Plain words"),
    (None, XHTML),
    ("", b"<p>News</p>"),
    ("html", b"<p>News</p>"),
    ("unknown/unknown", b"<p>News</p>"),
    ("text/html", b"<p>A stray \x00 null</p>"),
    ("text/html", b"BMW sells more cars, MZ too"),
]

DECLARED = [
    "image/png", "image/svg+xml", "application/pdf", "application/json", "application/ld+json", "audio/mpeg",
    "video/mp4", "application/octet-stream", "application/zip", "text/css", "text/javascript", "application/rss+xml",
    "application/atom+xml", "text/csv", "text/calendar", "multipart/mixed", "font/woff2", "Image/JPEG; q=1",
]  # fmt: skip

FOUND = [
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "an image"),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "an image"),
    (b"GIF89a\x01\x00", "an image"),
    (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "an image"),
    (b"\x00\x00\x00\x1cftypavif", "an image"),
    (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "an image"),
    (b"%PDF-1.7\n", "a PDF"),
    (b"\n\n%PDF-1.4\n", "a PDF"),
    (b"ID3\x04\x00", "audio"),
    (b"OggS\x00\x02", "audio"),
    (b"\xff\xfb\x90\x00", "audio"),
    (b"\x00\x00\x00\x18ftypmp42", "a video"),
    (b"\x1aE\xdf\xa3\x01", "a video"),
    (b"PK\x03\x04\x14\x00", "an archive"),
    (b"\x1f\x8b\x08\x00\x00", "an archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (b"wOF2\x00\x01", "a font"),
    (b"\x7fELF\x02\x01", "a program"),
    (b'{"title": "News"}', "JSON"),
    (b'\xef\xbb\xbf[\n  {\n "title": "News"}]', "JSON"),
    (b'<?xml version="1.0"?>\n<rss version="2.0"><channel/></rss>', "a feed"),
    (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "a feed"),
]


@pytest.mark.parametrize(("content_type", "body"), PAGES)
def test_a_page_is_taken(content_type: str | None, body: bytes) -> None:
    check_type(content_type, "news.example")
    check_content(body, content_type, "news.example")


@pytest.mark.parametrize("content_type", DECLARED)
def test_a_type_that_is_no_page_is_refused_before_it_is_read(content_type: str) -> None:
    with pytest.raises(NotAPageError, match=r"^news\.example sent '"):
        check_type(content_type, "news.example")


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/xhtml+xml", None])
@pytest.mark.parametrize(("body", "name"), FOUND)
def test_bytes_that_are_no_page_are_refused_under_any_type(content_type: str | None, body: bytes, name: str) -> None:
    with pytest.raises(NotAPageError, match=name):
        check_content(body + bytes(200), content_type, "news.example")


@pytest.mark.parametrize("content_type", ["application/xml", "text/xml", None])
def test_xml_that_is_not_xhtml_is_refused(content_type: str | None) -> None:
    with pytest.raises(NotAPageError, match="XML"):
        check_content(b'<?xml version="1.0"?><catalog><book/></catalog>', content_type, "news.example")


@pytest.mark.parametrize("content_type", ["text/plain", None])
def test_unknown_binary_data_is_refused_where_text_was_said(content_type: str | None) -> None:
    with pytest.raises(NotAPageError, match="binary data"):
        check_content(b"\x01\x02\x03 some words", content_type, "news.example")


@pytest.mark.parametrize("body", [b"", b" \r\n\t "])
def test_an_empty_page_is_an_error(body: bytes) -> None:
    with pytest.raises(EmptyError):
        check_content(body, "text/html", "news.example")


@given(st.binary(max_size=200), st.none() | st.text(max_size=40))
def test_any_bytes_and_any_type_are_a_page_or_an_error(body: bytes, content_type: str | None) -> None:
    with contextlib.suppress(EmptyError, NotAPageError):
        check_type(content_type, "news.example")
        check_content(body, content_type, "news.example")
