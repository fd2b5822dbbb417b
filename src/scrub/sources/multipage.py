"""The pages of one article -> one Article. A function from URL to Page and one from Page to Article come in.

Each page is cleaned by itself, since each has its own furniture; then their blocks and decisions are put one after the
other. What stands on an earlier page already is removed by name, like everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from scrub import shape
from scrub.decode import decode
from scrub.errors import ScrubError
from scrub.html.addresses import canonical, page_key
from scrub.html.pagination import find_pages
from scrub.model import Article, Decision, Page

MOST_PAGES = 20
REPEATED = "multipage.repeated"
REASON = "it stands on an earlier page of the article already"
MOST_OF_IT = 0.8  # share of the first page's paragraphs that a page must have to be taken for the whole article


def read_whole_article(first: Page, fetch: Callable[[str], Page], clean: Callable[[Page], Article]) -> Article:
    """The article that begins with a page, with its other pages where it has some, at most 20.

    Raises what `clean` raises of the first page. What goes wrong with a later one ends the article, and a warning says
    so.
    """
    article = clean(first)
    if first.url is None or article.document.kind != "html":
        return article
    further = find_pages(_text(first), first.url)
    if further.whole and (whole := _read_whole(further.whole, article, fetch, clean)):
        return whole
    articles, problem = [article], ""
    for later in _later_pages(first.url, further.next, fetch, clean):
        if isinstance(later, ScrubError):
            problem = f"page {len(articles) + 1} of the article is missing: {later.detail}"
        elif _has_news(later, articles):
            articles.append(later)
            continue
        break
    joined = join_articles(articles) if len(articles) > 1 else article
    if not problem:
        return joined
    document = joined.document
    return joined._replace(document=document._replace(warnings=(*document.warnings, problem)))


def _read_whole(
    address: str, article: Article, fetch: Callable[[str], Page], clean: Callable[[Page], Article]
) -> Article | None:
    """The article of a page that says it has all of it; None where it has less than the first page, or no more."""
    try:
        whole = clean(fetch(address))
    except ScrubError:
        return None
    wanted = [block.text for block in article.kept if shape.is_prose(block.text)]
    found = {block.text for block in whole.kept}
    has_most = sum(text in found for text in wanted) >= MOST_OF_IT * len(wanted)
    if not wanted or not has_most or len(whole.text) <= len(article.text):
        return None
    return whole._replace(document=whole.document._replace(metadata=article.metadata))


def _later_pages(
    first: str, following: str | None, fetch: Callable[[str], Page], clean: Callable[[Page], Article]
) -> Iterator[Article | ScrubError]:
    """The articles of the pages after the first; an error, where one ends them."""
    seen = {page_key(canonical(first))}
    for _ in range(MOST_PAGES - 1):
        if following is None or page_key(canonical(following)) in seen:
            return
        seen.add(page_key(canonical(following)))
        try:
            page = fetch(following)
            address = page.url or following
            if address != following and page_key(canonical(address)) in seen:
                return  # a page beyond the last one leads back
            yield clean(page)
            following = find_pages(_text(page), address, first).next
        except ScrubError as error:
            yield error
            return


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


def _text(page: Page) -> str:
    return decode(page.body, page.encoding, page.content_type)
