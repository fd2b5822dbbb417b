"""Addresses of articles: made absolute and canonical, compared by site, told from others by their shape."""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

LONGEST = 2_000  # characters; longer ones are data, not addresses that a person was meant to open
SLUG_WORDS = 4  # words in an address's last part that make it a headline's; sections have one to three

_UNFIT = re.compile(r"\Ahttps?:/*\Z|[\x00-\x1f\x7f<>\"\ud800-\udfff]", re.IGNORECASE)
# What is told to the reader's statistics and changes nothing on the page: names that shops of advertising and mail,
# and some publishers, add to links (lists of AdGuard, ClearURLs and Firefox's query stripping).
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|hsa|itm|wt|at|ns)_\w+|(?:fb|g|d|tw|y|ms|igsh|ttcl|yandex)cl(?:id|kid)|igshid|gbraid|wbraid|_ga|_gl"
    r"|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|__twitter_impression|cmp|cmpid|icid|ncid|ocid|smid|xtor|ref|ref_src|guccounter",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|pdf|mp[34]|m4a|webm|zip|gz|css|js|json|xml|rss|atom|txt|ics)$", re.IGNORECASE
)
_ENDING = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
# Parts of an address under which lists, people and forms stand, and no article.
_LISTS = frozenset(
    "about about-us account advertise author authors autor autoren autores categoria category categories contact "
    "contact-us feed feeds help impressum imprint jobs kategorie kontakt legal login newsletter newsletters page "
    "privacy privacy-policy profile register rss schlagwort search seite shop staff subscribe subscription suche tag "
    "tagg tags terms thema themen topic topics user users wp-admin wp-content wp-json".split()
)
_DATE = re.compile(
    r"/(?:19|20)\d{2}(?:[/_-]?(?:0?[1-9]|1[0-2])|/[a-z]{3,9})(?:[/_-]?(?:0?[1-9]|[12]\d|3[01]))?/+[^/]*[^\W\d_]",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<!\d)\d{5,}(?!\d)")
_MIXED = re.compile(r"(?=(?:[a-z]*\d){2})(?=\d*[a-z])[a-z0-9]{8,40}")  # an id of letters and figures
_QUERY_ID = re.compile(r"(?:^|&)(?:[a-z]*_?id|p|article|story)=\d{2,}(?:&|$)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")


def absolute(address: str, base: str) -> str | None:
    """The address as a browser would open it from a page at `base`; `None` unless it is http(s) with a host.

    >>> absolute("/a b?c=1", "https://news.example/x/y")
    'https://news.example/a%20b?c=1'
    """
    address = re.sub(r"[\t\n\r]", "", address.strip()).replace(" ", "%20")
    if not address or len(address) > LONGEST or _UNFIT.search(address):
        return None
    try:
        whole = urljoin(base, address)
        parts = urlsplit(whole)
        is_sound = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return None
    return whole if is_sound else None


def canonical(address: str) -> str:
    """An absolute address without its fragment and what only statistics read; scheme and host in lower case.

    >>> canonical("HTTPS://News.Example:443/a?utm_source=x&id=7#top")
    'https://news.example/a?id=7'
    """
    parts = urlsplit(address)
    host = re.sub(r":(?:443|80)?$", "", parts.netloc.lower())
    pieces = (piece for piece in parts.query.split("&") if piece and not _TRACKING.fullmatch(piece.partition("=")[0]))
    return urlunsplit((parts.scheme, host, parts.path or "/", "&".join(pieces), ""))


def page_key(address: str) -> str:
    """What two canonical addresses share that lead to one page: scheme, `www.` and a last slash do not matter."""
    parts = urlsplit(address)
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"


def is_same_site(one: str, other: str) -> bool:
    """Whether the host of one address is the other's, or a part of it, as `sport.news.example` is of `news.example`."""
    first, second = (f".{(urlsplit(address).hostname or '').removeprefix('www.')}" for address in (one, other))
    return first.endswith(second) or second.endswith(first)


def is_article_like(address: str) -> bool:
    """Whether an address has an article's shape: a date, an id, or a headline of several words in its path.

    >>> is_article_like("https://news.example/2026/05/rain"), is_article_like("https://news.example/sport/football")
    (True, False)
    """
    parts = urlsplit(address)
    path = unquote(parts.path)
    if not may_be_article(address):
        return False
    slug = _slug(path)
    return bool(
        _DATE.search(path)
        or _NUMBER.search(path)
        or _MIXED.fullmatch(slug)
        or _QUERY_ID.search(parts.query)
        or len(_WORD.findall(slug)) >= SLUG_WORDS
    )


def may_be_article(address: str) -> bool:
    """Whether nothing in an address speaks against an article: no front page, no list, no form, no other file."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    segments = [segment.casefold() for segment in path.split("/") if segment]
    is_listed = not _LISTS.isdisjoint(segments) and not _DATE.search(path)
    return bool(segments or parts.query) and not _FILE.search(path) and not is_listed


def _slug(path: str) -> str:
    """The part of a path that names the page, without its ending."""
    segments = [_ENDING.sub("", segment) for segment in path.split("/") if segment]
    while len(segments) > 1 and segments[-1].casefold() in ("index", "default", "amp", "story", "article"):
        segments.pop()
    return segments[-1] if segments else ""
