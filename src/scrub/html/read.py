"""A decoded page -> Document: blocks, metadata, and a verdict on each block that is not taken for article.

The block model says what is article; where it is not sure of a page, trafilatura is asked too, as one more sign, and
the mean of the two scores decides. `fast` leaves trafilatura out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from selectolax.lexbor import LexborHTMLParser

from scrub import shape
from scrub.html.access import cut_warning, read_paywall, with_access
from scrub.html.block_model import block_model
from scrub.html.blocks import Segmented, read_blocks
from scrub.html.budget import check_budget
from scrub.html.facts import give_reasons
from scrub.html.features import Surroundings
from scrub.html.judge import Judged, closed_containers, judge_blocks
from scrub.html.metadata import read_metadata
from scrub.html.page_kind import FEWEST_WORDS, check_article, no_article
from scrub.html.verdicts import REASONS
from scrub.html.voice import ask_trafilatura, read_article_body
from scrub.model import Block, Document, Metadata, Verdict


def read_html(html: str, url: str | None, status: int | None = None, *, fast: bool = False) -> Document:
    """The document of a page.

    TooComplexError for one that no parser should see, NoArticleError where neither we nor trafilatura find a paragraph.
    """
    too_much = check_budget(html)
    tree = LexborHTMLParser(html)
    metadata = read_metadata(tree, url)
    paywall = read_paywall(tree, metadata.access, status)
    beside = Surroundings(metadata.title or "", metadata.description or "", metadata.authors, read_article_body(tree))
    page = read_blocks(tree)
    asked = None if fast or too_much else tree
    closed = closed_containers(page)
    is_bare = _prose_words(page.blocks) < FEWEST_WORDS and (asked is None or ask_trafilatura(asked) is None)
    if is_bare or closed.issuperset(page.containers):
        raise no_article(html, url, status)
    judged = judge_blocks(page, closed, beside, asked)
    blocks, verdicts = _decide(page, closed, judged, _find_title(page.blocks, metadata))
    left_out = {verdict.block: verdict for verdict in verdicts}
    check_article(html, blocks, left_out, url, status)
    kept = [block for block in blocks if block.index not in left_out]
    return Document(
        "html",
        blocks,
        _separators(blocks),
        with_access(metadata, paywall),
        verdicts,
        _find_title(blocks, metadata),
        (*cut_warning(paywall, kept), *judged.warnings, *_warnings(blocks, verdicts), *_unasked(too_much)),
        judged.confidence,
    )


def _decide(
    page: Segmented, closed: frozenset[int], judged: Judged, title: int | None
) -> tuple[tuple[Block, ...], tuple[Verdict, ...]]:
    """The document's blocks, and the verdicts on those that go. A marked container of which nothing is article becomes
    one block."""
    threshold, reasons = block_model().threshold, give_reasons(judged.features, block_model().weights)
    scores = [0.0 if place is None else judged.scores[place] for place in judged.places]
    kept = {c for c, score in zip(page.containers, scores, strict=True) if score >= threshold}
    closed |= {number for number, rule in enumerate(page.rules) if rule and number not in kept}
    blocks: list[Block] = []
    verdicts: list[Verdict] = []
    for number, run in groupby(page.blocks, lambda block: page.containers[block.index]):
        if number in closed:
            inside = list(run)
            text = "\n".join(block.text for block in inside)
            verdicts.append(Verdict(len(blocks), page.rules[number], REASONS[page.rules[number]]))
            blocks.append(
                Block(len(blocks), text, "container", paragraph=inside[0].paragraph, context=inside[0].context)
            )
            continue
        for block in run:
            place, score = judged.places[block.index], scores[block.index]
            if block.kind == "caption":
                verdicts.append(Verdict(len(blocks), "html.caption", REASONS["html.caption"]))
            elif score < threshold and block.index != title and place is not None:
                verdicts.append(Verdict(len(blocks), "score.block", reasons[place], round(score, 3)))
            blocks.append(block._replace(index=len(blocks)))
    return tuple(blocks), tuple(verdicts)


def _prose_words(blocks: Sequence[Block]) -> int:
    return sum(shape.count_words(block.text) for block in blocks if shape.is_prose(block.text))


def _find_title(blocks: Sequence[Block], metadata: Metadata) -> int | None:
    """The first heading that says what the title says, else the first block that does."""
    wanted = _words(metadata.title)
    if not wanted:
        return None
    longest = 2 * len(metadata.title or "") + 20  # so that not all of a page is cut into words
    short = (block for block in blocks if block.kind != "container" and len(block.text) <= longest)
    same = [block for block in short if wanted[0] in block.text.casefold() and _words(block.text) == wanted]
    headings = [block for block in same if block.kind == "heading"]
    return next((block.index for block in [*headings, *same]), None)


def _words(text: str | None) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in (text or "").casefold()).split()


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
