"""Pages that hold no article: told apart where extraction finds none that convinces, so that a real one is never lost.

What the page declares and how it is built decide; its words (`page_words`) only support that. The page is parsed once
more for it, which usual pages never need.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from scrub import shape
from scrub.errors import (
    BlockedError,
    ConsentWallError,
    LoginError,
    NeedsJavaScriptError,
    NoArticleError,
    NotFoundError,
    SectionPageError,
    VideoPageError,
)
from scrub.html.page_words import BLOCKED, CONSENT, NOT_FOUND
from scrub.model import Block

CONVINCING = 40  # words of sentences in one run: an article, whatever the page says beside it
FEWEST_WORDS = 40  # of sentences, in a page of which no extractor makes anything
LONG_NOTICE = 1_000  # words; the texts of consent walls are shorter
CONSENT_SHARE = 0.6  # of the paragraphs of a page, that speak of consent
TEASERS = 10  # links of a headline's length, on a page that lists articles
LINKED = 0.5  # share of a block that is a link, for it to lead elsewhere
TEASER_WORDS = 4
SHELL_TEXT = 60  # words that a page shows before its scripts have run

_ARTICLE_TYPE = re.compile(r'"@type"\s*:\s*(?:\[[^\]]{0,200})?"(?:[\w:/.]{0,40})(?:Article|Posting|Report)"')
_LIST_TYPE = re.compile(r'"@type"\s*:\s*"(?:CollectionPage|ItemList|SearchResultsPage)"')
_VIDEO_TYPE = re.compile(r'"@type"\s*:\s*"(?:VideoObject|AudioObject|PodcastEpisode|Movie|Clip)"')
_CHALLENGE = re.compile(
    r"cdn-cgi/challenge|challenge-platform|cf-chl|turnstile|_Incapsula_|datadome|captcha-delivery|px-captcha|perimeterx|"
    r"geo\.captcha|awswaf|/recaptcha/|hcaptcha\.com",
    re.IGNORECASE,
)
_PLAYERS = (
    "video, audio, iframe[src*='youtube'], iframe[src*='vimeo'], iframe[src*='dailymotion'], iframe[src*='player'], "
    "iframe[src*='soundcloud'], iframe[src*='spotify'], [class~='video-player'], [class~='jwplayer']"
)
_FORBIDDEN = frozenset((401, 403, 429, 503))
_GONE = frozenset((404, 410))


class _Signs(NamedTuple):
    """What a page shows of its kind."""

    says_article: bool
    says_list: bool
    says_video: bool
    headlines: str  # title and main headings, casefolded
    is_challenge: bool
    asks_password: bool
    buttons: int
    players: int
    teasers: int
    words: int  # outside of scripts, noscript too
    script_characters: int
    status: int | None
    path: str | None


def check_article(
    html: str, blocks: Sequence[Block], left_out: Container[int], url: str | None, status: int | None = None
) -> None:
    """Refuse a page of whose blocks those that are not left out are no article. Raises the kind of NoArticleError that
    says what it is instead.

    A page is only refused where it has no run of sentences, or where most of its paragraphs ask for consent.
    """
    kept = [block for block in blocks if block.index not in left_out and block.kind not in ("container", "heading")]
    about_consent = _is_about_consent([block.text for block in kept if shape.is_prose(block.text)])
    if about_consent or _longest_run(blocks, left_out) < CONVINCING:
        kind = _kind(_read_signs(html, url, status), about_consent=about_consent)
        if kind is not None:
            raise kind


def no_article(html: str, url: str | None, status: int | None = None) -> NoArticleError:
    """What to say of a page in which no article was found at all."""
    kind = _kind(_read_signs(html, url, status), about_consent=False)
    return kind or NoArticleError("no article found in this page", "open it in a browser: it may be built by a script")


def _kind(signs: _Signs, *, about_consent: bool) -> NoArticleError | None:
    """The first kind that the signs speak for. A page that says it is an article is at most a video or a shell."""
    if not signs.says_article:
        if _is_blocked(signs):
            return BlockedError("this page keeps programs out instead of showing an article")
        if signs.status in _GONE or _says(signs.headlines, NOT_FOUND):
            return NotFoundError("this page says that the article is not there")
        if about_consent and signs.buttons:
            return ConsentWallError("this page asks for consent instead of showing an article")
        if signs.asks_password and signs.teasers < TEASERS:
            return LoginError("this page asks to log in")
    if signs.words < SHELL_TEXT and signs.script_characters > 10 * signs.words:
        return NeedsJavaScriptError("this page has no text until its scripts have run")
    if (signs.says_video or signs.players) and (signs.says_video or not signs.says_article):
        return VideoPageError("this page shows a video or plays a sound, and holds no article")
    return _section(signs)


def _is_blocked(signs: _Signs) -> bool:
    if signs.status in _FORBIDDEN or _says(signs.headlines, BLOCKED):
        return True
    return signs.is_challenge and signs.words < 3 * SHELL_TEXT and signs.teasers < TEASERS


def _section(signs: _Signs) -> NoArticleError | None:
    """A list of links to articles, which says so, or stands at an address that names no article."""
    if signs.says_article or signs.teasers < TEASERS:
        return None
    if signs.says_list or not _has_slug(signs.path):
        return SectionPageError("this page lists articles and holds none")
    return None


def _has_slug(path: str | None) -> bool:
    """Whether an address may be an article's: it is not known, or its last part has several words or a number."""
    if path is None:
        return True
    last = path.rstrip("/").rsplit("/", 1)[-1]
    return bool(re.search(r"\d{3}|[^-_]+[-_][^-_]+[-_][^-_]+|\.s?html?$", last))


def _says(headlines: str, phrases: Sequence[str]) -> bool:
    return any(
        re.search(rf"(?<!\w){re.escape(phrase)}" if phrase.isdigit() else re.escape(phrase), headlines)
        for phrase in phrases
    )


def _is_about_consent(paragraphs: Sequence[str]) -> bool:
    """Whether what a page says asks for consent, and hardly anything else stands beside that."""
    if not paragraphs or sum(map(shape.count_words, paragraphs)) > LONG_NOTICE:
        return False
    others = [text for text in paragraphs if not any(phrase in text.casefold() for phrase in CONSENT)]
    few = len(others) <= (1 - CONSENT_SHARE) * len(paragraphs)
    return few and sum(map(shape.count_words, others)) < CONVINCING


def _longest_run(blocks: Sequence[Block], left_out: Container[int]) -> int:
    """Words of the longest run of sentences that no link interrupts: a subheading is none, a teaser's heading is one,
    also where it was left out."""
    longest = run = 0
    for block in blocks:
        is_linked = block.context is not None and block.context.link_share > LINKED
        is_kept = block.index not in left_out
        if is_linked and (is_kept or block.kind == "heading"):
            run = 0
        elif is_kept and block.kind != "container" and shape.is_prose(block.text):
            run += shape.count_words(block.text)
            longest = max(longest, run)
    return longest


def _read_signs(html: str, url: str | None, status: int | None) -> _Signs:
    tree = LexborHTMLParser(html)
    scripts = [node.text() for node in tree.css("script")]
    linked = " ".join(script for script in scripts if '"@type"' in script)[:1_000_000]
    types = " ".join(node.attributes.get("content") or "" for node in tree.css("meta[property='og:type']")).lower()
    headlines = " | ".join(node.text(separator=" ")[:300] for node in [*tree.css("title"), *tree.css("h1")[:3]])
    counts = {name: len(tree.css(selector)) for name, selector in _COUNTED.items()}
    challenge = bool(_CHALLENGE.search(html[:300_000]))
    tree.strip_tags(["script", "style", "template", "svg", "noscript"])
    body = tree.body
    teasers = {node.attributes.get("href") for node in tree.css("a[href]") if _is_teaser(node.text())}
    return _Signs(
        says_article="article" in types or bool(_ARTICLE_TYPE.search(linked)),
        says_list=bool(_LIST_TYPE.search(linked)) or counts["lists"] > 0 or counts["articles"] >= TEASERS,
        says_video="video" in types or bool(_VIDEO_TYPE.search(linked)),
        headlines=" ".join(headlines.casefold().replace("’", "'").split()),
        is_challenge=challenge,
        asks_password=counts["passwords"] > 0,
        buttons=counts["buttons"],
        players=counts["players"],
        teasers=len(teasers),
        words=shape.count_words(body.text(separator=" ")) if body is not None else 0,
        script_characters=sum(map(len, scripts)) + 1_000 * counts["loaded"],
        status=status,
        path=urlsplit(url).path if url else None,
    )


_COUNTED = {
    "passwords": "input[type='password']",
    "buttons": "button, input[type='submit'], form, [role='button']",
    "players": _PLAYERS,
    "loaded": "script[src]",
    "articles": "article",
    "lists": ", ".join(f"body[class~='{name}']" for name in ("home", "archive", "category", "blog", "tag", "search")),
}


def _is_teaser(text: str) -> bool:
    return len(text) < 1_000 and shape.count_words(text) >= TEASER_WORDS
