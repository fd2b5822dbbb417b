"""An article that is cut into several pages: the first one -> the others -> one Article.

A function from URL to Page, and one from Page to Article, come in. All pages are there before any of them is cleaned,
since that happens elsewhere. Each is cleaned by itself, since each has its own furniture; then their blocks and
decisions are put one after the other. What stands on an earlier page already is removed by name, like everything else.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import islice

from scrub import shape
from scrub.decode import decode
from scrub.errors import ScrubError
from scrub.html.addresses import canonical, page_key
from scrub.html.pagination import find_next
from scrub.model import Article, Decision, Page
from scrub.sources.files import Given, page_of

MOST_PAGES = 20
MOST_LINKS = 5_000
LONGEST_SCANNED = 3_000_000  # characters of a page in which links to others are looked for
REPEATED = "multipage.repeated"
REASON = "it stands on an earlier page of the article already"

# What pages of articles say of themselves (Open Graph, schema.org). A list of articles has further pages too, which
# nobody has asked for.
_MARKS = (b"article:published_time", b'Article"')
_TYPE = re.compile(rb"og:type[\"'][^<>]{0,60}article|article[\"'][^<>]{0,60}og:type")
# Possessive, and each link ends before the next one, so that the time is linear whatever stands there. It begins with a
# fixed character, since `re` then skips what lies between.
_LINK = re.compile(
    r"<(?:((?:link|base)\b[^<>]{0,2000}+>)"
    r"|(a\b[^<>]{0,2000}+>)([^<]{0,100}+(?>(?:<(?!/?a\b)[^<>]{0,300}+>[^<]{0,100}+){0,6}))</a\b)",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_BASE = re.compile(r"<base\b", re.IGNORECASE)
# The last figure of one or two, where the number of a page may stand in an address: at the end of the path or of a
# parameter. Without it, or a character reference that may stand for it, no link leads to a next page.
_NUMBER = re.compile(r"\d(?<!\d{3})(?:\.\w{2,5})?[/.]{0,9}[\"'?#&;\s>]")


async def fetch_further(first: Page, fetch: Callable[[str], Awaitable[Page]]) -> tuple[Given, ...]:
    """The other pages of the article that begins with a page, in order, at most 20 with it; the last one may be the
    error that ended them. None for a page that does not call itself an article's.
    """
    if first.url is None or not _is_article(first.body):
        return ()
    came: list[Given] = []
    seen, address = {page_key(canonical(first.url))}, _next_page(first, first.url)
    while address and len(came) < MOST_PAGES - 1 and page_key(canonical(address)) not in seen:
        seen.add(page_key(canonical(address)))
        try:
            page = await fetch(address)
        except ScrubError as error:
            return (*came, Given(address, error=error))
        if page.url != address and page_key(canonical(page.url or address)) in seen:
            break  # a page beyond the last one leads back
        came.append(Given(address, page=page))
        address = _next_page(page, first.url)
    return tuple(came)


def _is_article(body: bytes) -> bool:
    return any(mark in body for mark in _MARKS) or (b"og:type" in body and bool(_TYPE.search(body)))


def _next_page(page: Page, first: str) -> str | None:
    """Where the page after this one is. Only links with numbers are parsed, side by side: no page can be made that
    takes long, and a page with a hundred links takes a millisecond."""
    try:
        text = decode(page.body, page.encoding, page.content_type)
    except ScrubError:
        return None
    found = islice(_LINK.finditer(text, 0, LONGEST_SCANNED), MOST_LINKS)
    every = _BASE.search(text) is not None  # what links mean then depends on an address that may have the number
    links = "".join(
        f"<{one[1]}" if one[1] else f"<{one[2]}{_TAG.sub(' ', one[3])}</a>"
        for one in found
        if every or _may_have_number(one[1] or one[2])
    )
    return find_next(links, page.url or first, first) if links else None


def _may_have_number(tag: str) -> bool:
    return "&#" in tag or _NUMBER.search(tag) is not None


def read_whole_article(first: Page, further: Sequence[Given], clean: Callable[[Page], Article]) -> Article:
    """The article that begins with a page, with what `fetch_further` gave of the others.

    Raises what `clean` raises of the first page. What goes wrong with a later one ends the article, and a warning says
    so.
    """
    articles, problem = [clean(first)], ""
    for given in further:
        try:
            later = clean(page_of(given))
        except ScrubError as error:
            problem = f"page {len(articles) + 1} of the article is missing: {error.detail}"
            break
        if not _has_news(later, articles):
            break
        articles.append(later)
    joined = join_articles(articles) if len(articles) > 1 else articles[0]
    if not problem:
        return joined
    document = joined.document
    return joined._replace(document=document._replace(warnings=(*document.warnings, problem)))


def _has_news(article: Article, earlier: Sequence[Article]) -> bool:
    """Whether a page has a paragraph that no page before it has."""
    known = {block.text for one in earlier for block in one.kept}
    return any(shape.is_prose(block.text) and block.text not in known for block in article.kept)


def join_articles(articles: Sequence[Article]) -> Article:
    """One article of several, in order: the first one's metadata and title, all blocks, and all decisions but those on
    blocks that an earlier page has."""
    first = articles[0]
    joined = first.document
    decisions = list(first.decisions)
    known = {block.text for block in first.kept}
    for article in articles[1:]:
        document = article.document
        offset = len(joined.blocks)
        paragraph = 1 + max((block.paragraph for block in joined.blocks), default=0)
        repeated = _repeated(article, known)
        known |= {block.text for block in article.kept}
        joined = joined._replace(
            blocks=joined.blocks
            + tuple(b._replace(index=b.index + offset, paragraph=b.paragraph + paragraph) for b in document.blocks),
            separators=(*joined.separators[:-1], "\n\n", *document.separators[1:]),
            verdicts=joined.verdicts + tuple(v._replace(block=v.block + offset) for v in document.verdicts),
            warnings=tuple(dict.fromkeys((*joined.warnings, *document.warnings))),
        )
        decisions += [d._replace(block=d.block + offset) for d in _without(article, repeated)]
    return first._replace(document=joined, decisions=tuple(decisions))


def _repeated(article: Article, known: set[str]) -> set[int]:
    """The kept blocks that say what an earlier page says: the title, paragraphs, and what stands around the new ones.

    A short line between new ones stays: an interview may ask the same twice.
    """
    kept = article.kept
    new = [block.index for block in kept if block.text not in known and block.index != article.document.title_block]
    start, end = (new[0], new[-1]) if new else (0, -1)
    return {
        block.index
        for block in kept
        if block.index == article.document.title_block
        or (block.text in known and (shape.is_prose(block.text) or not start < block.index < end))
    }


def _without(article: Article, repeated: set[int]) -> Iterator[Decision]:
    """The decisions of an article, with one removal for each block that is repeated."""
    done: set[int] = set()
    for decision in article.decisions:
        if decision.block not in repeated:
            yield decision
        elif decision.block not in done:
            done.add(decision.block)
            length = len(article.document.blocks[decision.block].text)
            yield Decision(decision.block, 0, length, False, REPEATED, REASON)
