"""Text as pages write it, made comparable: what every field of the metadata needs before it can be judged."""

from __future__ import annotations

import html
import re
import unicodedata

MOST_CHARACTERS = 5_000
"""Longer than any title, byline or description; what follows is a mistake of the page, and costs time."""

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\u2066-\u2069\u202a-\u202e\ufeff]")
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_WORD = re.compile(r"\w+")


def tidy(text: str | None) -> str:
    """One line of plain text: entities that were escaped twice, tags, soft hyphens and double spaces are gone.

    Lone surrogates, which JSON can spell and UTF-8 cannot, go too.
    """
    text = (text or "")[:MOST_CHARACTERS]
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    text = " ".join(text.split())
    if text.isascii() and text.isprintable():
        return text
    return " ".join(_NOT_TEXT.sub(" ", _INVISIBLE.sub("", text)).split())


def words(text: str) -> list[str]:
    """The words without case, accents' composition and punctuation."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def key(text: str) -> str:
    """The words run together: the same for `The New York Times` and `thenewyorktimes`."""
    return "".join(words(text))
