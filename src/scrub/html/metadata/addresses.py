"""Addresses that a page gives: made absolute, and only those that a browser could open."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

LONGEST = 2_000
_UNFIT = re.compile(r"[\s\x00-\x1f\x7f<>\"\ud800-\udfff]")


def absolute(address: str, base: str | None) -> str | None:
    """The address resolved against the page's own; `None` unless it is http(s) with a host.

    >>> absolute("/a?b=1#c", "https://example.org/x/y")
    'https://example.org/a?b=1#c'
    """
    address = address.strip()
    if not address or len(address) > LONGEST or _UNFIT.search(address):
        return None
    try:
        whole = urljoin(base or "", address)
        parts = urlsplit(whole)
        host = parts.hostname
    except ValueError:
        return None
    return whole if parts.scheme in ("http", "https") and host and "." in host else None


def article_address(address: str, page: str | None) -> str | None:
    """The same of an address that may be the page's own: a site's front page is not that of an article in it."""
    whole = absolute(address, page)
    if whole and _is_front(whole) and not _is_front(page):
        return None
    return whole


def same_page(one: str, other: str) -> bool:
    """Whether two addresses differ only in what leads to the same page: scheme, www, query, fragment, last slash."""
    first = _place(one)
    return first is not None and first == _place(other)


def host_names(address: str | None) -> list[str]:
    """The host and its labels, in which a site's name may hide: `news.example.org` gives `example` too."""
    if not address or not _is_sound(address):
        return []
    labels = (urlsplit(address).hostname or "").removeprefix("www.").split(".")
    return [".".join(labels), *(label for label in labels[:-1] if len(label) > 2)]


def _is_front(address: str | None) -> bool:
    if not address or not _is_sound(address):
        return True
    parts = urlsplit(address)
    return not parts.path.strip("/") and not parts.query


def _is_sound(address: str | None) -> bool:
    try:
        return urlsplit(address or "").hostname is not None
    except ValueError:
        return False


def _place(address: str) -> tuple[str, str] | None:
    if len(address) > LONGEST or not _is_sound(address):
        return None
    parts = urlsplit(address)
    path = parts.path.rstrip("/")
    return ((parts.hostname or "").removeprefix("www."), path) if path else None
