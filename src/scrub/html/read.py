"""A decoded page -> Document: blocks, metadata, and a verdict on each block that is not taken for article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser

from scrub import shape
from scrub.html.access import cut_warning, read_paywall, with_access
from scrub.html.blocks import Segmented, read_blocks
from scrub.html.budget import check_budget
from scrub.html.metadata import read_metadata
from scrub.html.page_kind import FEWEST_WORDS, check_article, no_article
from scrub.html.verdicts import REASONS
from scrub.html.voice import align, ask_trafilatura
from scrub.model import Block, Document, Metadata, Verdict

MOST_OF_THE_PAGE = 0.5  # share of a page's prose beyond which a container is the article's, whatever it is called


def read_html(html: str, url: str | None, status: int | None = None) -> Document:
    """The document of a page.

    TooComplexError for one that no parser should see, NoArticleError where neither we nor trafilatura find a paragraph.
    """
    too_much = check_budget(html)
    tree = LexborHTMLParser(html)
    metadata = read_metadata(tree, url)
    paywall = read_paywall(tree, metadata.access, status)
    segmented = read_blocks(tree)
    blocks, container_verdicts = _close_containers(segmented)
    extracted = None if too_much else ask_trafilatura(html, url)
    if extracted is None and _prose_words(blocks) < FEWEST_WORDS:
        raise no_article(html, url, status)
    title_block = _find_title(blocks, metadata)
    verdicts = [*container_verdicts, *_caption_verdicts(blocks), *_left_out(blocks, extracted or "", title_block)]
    unique = {verdict.block: verdict for verdict in reversed(verdicts)}
    kept = [block for block in blocks if block.index not in unique]
    check_article(html, blocks, unique, url, status)
    return Document(
        "html",
        blocks,
        _separators(blocks),
        with_access(metadata, paywall),
        tuple(unique[index] for index in sorted(unique)),
        title_block,
        (*cut_warning(paywall, kept), *_warnings(blocks, container_verdicts), *_unasked(too_much)),
    )


def _close_containers(segmented: Segmented) -> tuple[tuple[Block, ...], list[Verdict]]:
    """Each marked container as one block with a verdict, except those that hold most of the page's prose."""
    prose: Counter[int] = Counter()
    for block, container in zip(segmented.blocks, segmented.containers, strict=True):
        prose[container] += len(block.text) if shape.is_prose(block.text) else 0
    most = MOST_OF_THE_PAGE * max(1, prose.total())
    blocks: list[Block] = []
    verdicts: list[Verdict] = []
    previous = 0
    for block, container in zip(segmented.blocks, segmented.containers, strict=True):
        closed = container if container and prose[container] < most else 0
        if closed and closed == previous:
            blocks[-1] = blocks[-1]._replace(text=f"{blocks[-1].text}\n{block.text}")
        elif closed:
            blocks.append(Block(len(blocks), block.text, "container", paragraph=block.paragraph, context=block.context))
            rule = segmented.rules[closed]
            verdicts.append(Verdict(len(blocks) - 1, rule, REASONS[rule]))
        else:
            blocks.append(block._replace(index=len(blocks)))
        previous = closed
    return tuple(blocks), verdicts


def _prose_words(blocks: Sequence[Block]) -> int:
    open_blocks = (block.text for block in blocks if block.kind != "container")
    return sum(shape.count_words(text) for text in open_blocks if shape.is_prose(text))


def _find_title(blocks: Sequence[Block], metadata: Metadata) -> int | None:
    """The first heading that says what the title says, else the first block that does."""
    wanted = _words(metadata.title)
    same = [block for block in blocks if wanted and block.kind != "container" and _words(block.text) == wanted]
    headings = [block for block in same if block.kind == "heading"]
    return next((block.index for block in [*headings, *same]), None)


def _words(text: str | None) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in (text or "").casefold()).split()


def _caption_verdicts(blocks: Sequence[Block]) -> list[Verdict]:
    rule = "html.caption"
    return [Verdict(block.index, rule, REASONS[rule]) for block in blocks if block.kind == "caption"]


def _left_out(blocks: Sequence[Block], extracted: str, title_block: int | None) -> list[Verdict]:
    """What trafilatura left out. Where its text has none of our paragraphs, it has not found the article, and its
    voice does not count."""
    rule = "trafilatura.left-out"
    has = align(["" if block.kind == "container" else block.text for block in blocks], extracted)
    if not any(has[block.index] and shape.is_prose(block.text) for block in blocks):
        return []
    return [
        Verdict(block.index, rule, REASONS[rule])
        for block in blocks
        if not has[block.index] and block.index != title_block
    ]


def _separators(blocks: Sequence[Block]) -> tuple[str, ...]:
    """A line end between blocks of one paragraph, a blank line between others."""
    pairs = pairwise(blocks)
    inner = ("\n" if a.paragraph == b.paragraph else "\n\n" for a, b in pairs)
    return ("", *inner, "\n")


def _unasked(too_much: str | None) -> tuple[str, ...]:
    if too_much is None:
        return ()
    return (f"the page has {too_much}: trafilatura was not asked which of it is the article, so more may be left in",)


def _warnings(blocks: Sequence[Block], verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    hidden = sum(
        v.rule == "html.hidden" and any(shape.is_prose(line) for line in blocks[v.block].text.split("\n"))
        for v in verdicts
    )
    return (f"{hidden} hidden passages hold sentences; they are left out",) if hidden else ()
