"""A decoded page -> Document: blocks, metadata, and a verdict on each block that is not taken for article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser

from scrub import shape
from scrub.errors import NoArticleError
from scrub.html.blocks import Segmented, read_blocks
from scrub.html.metadata import read_metadata
from scrub.html.verdicts import REASONS
from scrub.html.voice import align, ask_trafilatura
from scrub.model import Block, Document, Metadata, Verdict

FEWEST_WORDS = 40  # of body paragraphs, in a page of which trafilatura makes nothing
MOST_OF_THE_PAGE = 0.5  # share of a page's prose beyond which a container is the article's, whatever it is called


def read_html(html: str, url: str | None) -> Document:
    """The document of a page. NoArticleError where neither we nor trafilatura find a paragraph of text."""
    tree = LexborHTMLParser(html)
    metadata = read_metadata(tree, url)
    segmented = read_blocks(tree)
    blocks, container_verdicts = _close_containers(segmented)
    extracted = ask_trafilatura(html, url)
    if extracted is None and _prose_words(blocks) < FEWEST_WORDS:
        raise NoArticleError("no article found in this page", "open it in a browser: it may be built by a script")
    title_block = _find_title(blocks, metadata)
    verdicts = [*container_verdicts, *_caption_verdicts(blocks), *_left_out(blocks, extracted or "", title_block)]
    unique = {verdict.block: verdict for verdict in reversed(verdicts)}
    return Document(
        "html",
        blocks,
        _separators(blocks),
        metadata,
        tuple(unique[index] for index in sorted(unique)),
        title_block,
        _warnings(blocks, container_verdicts),
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


def _warnings(blocks: Sequence[Block], verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    hidden = sum(
        v.rule == "html.hidden" and any(shape.is_prose(line) for line in blocks[v.block].text.split("\n"))
        for v in verdicts
    )
    return (f"{hidden} hidden passages hold sentences; they are left out",) if hidden else ()
