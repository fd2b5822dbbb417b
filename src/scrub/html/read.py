"""A decoded page -> Document: blocks, metadata, and a verdict on each block that is not taken for article.

The block model says what is article; where it is not sure of a page, trafilatura is asked too, as one more sign, and
the mean of the two scores decides. `fast` leaves trafilatura out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from scrub import shape
from scrub.html.access import cut_warning, read_paywall, with_access
from scrub.html.block_model import block_model
from scrub.html.blocks import Segmented, read_blocks, without
from scrub.html.budget import check_budget
from scrub.html.confidence import confidence, doubt, read_signs
from scrub.html.facts import give_reasons
from scrub.html.features import Features, Surroundings, read_features
from scrub.html.metadata import read_metadata
from scrub.html.page_kind import FEWEST_WORDS, check_article, no_article
from scrub.html.verdicts import REASONS
from scrub.html.voice import align, ask_trafilatura, read_article_body, tokenise
from scrub.model import Block, Document, Metadata, Verdict

MOST_OF_THE_PAGE = 0.5  # share of a page's prose beyond which a container is the article's, whatever it is called


# Share of a page beyond which trafilatura is asked. By folds over publishers F1 is the same from 0 to 0.3; at 0.2 three
# pages of ten are asked about.
DOUBTFUL = 0.2


class Judged(NamedTuple):
    """The blocks of a page with the scores (0..1) by which they are article, and what the model saw of them. Hidden
    blocks are not among them; `places` has for each block of the page its place here, None for a hidden one.
    `confidence` (0..1) is that in the whole."""

    scores: list[float]
    features: Features
    places: tuple[int | None, ...]
    confidence: float


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
    if _prose_words(page.blocks) < FEWEST_WORDS and (asked is None or ask_trafilatura(asked) is None):
        raise no_article(html, url, status)
    hidden = _hidden_containers(page)
    judged = judge_blocks(page, hidden, beside, asked)
    blocks, verdicts = _decide(page, hidden, judged, _find_title(page.blocks, metadata))
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
        (*cut_warning(paywall, kept), *_warnings(blocks, verdicts), *_unasked(too_much)),
        judged.confidence,
    )


def judge_blocks(
    page: Segmented, hidden: frozenset[int], beside: Surroundings, asked: LexborHTMLParser | None
) -> Judged:
    """The scores of a page's blocks; `hidden` are the containers whose blocks are not asked about. Where the model
    alone is not sure of a page, trafilatura is asked about it too, when it is given (`asked`): that costs as much as
    all the rest, and of the sure pages it changes none for the better."""
    model = block_model()
    gone = {block.index for block, container in zip(page.blocks, page.containers, strict=True) if container in hidden}
    seen = without(page, gone)
    texts = [block.text for block in seen.blocks]
    lengths = np.array([len(text) for text in texts])
    features = read_features(seen, [tokenise(text) for text in texts], beside, None)
    scores = alone = model.score(features)
    if asked is not None and doubt(alone, lengths, model.threshold) > DOUBTFUL and (said := ask_trafilatura(asked)):
        voice = align(texts, said)
        # Where its text has none of our paragraphs, it has not found the article, and its voice does not count.
        if any(has and shape.is_prose(text) for has, text in zip(voice, texts, strict=True)):
            features = features.with_voice(voice)
            scores = (alone + model.score(features)) / 2
            body = np.array([block.kind != "heading" for block in seen.blocks])
            if not (scores[body] >= model.threshold).any():  # a list of links, say: then the other voice decides
                scores = np.maximum(scores, np.where(voice, model.threshold, 0.0))
    places = iter(range(len(texts)))
    return Judged(
        scores.tolist(),
        features,
        tuple(None if block.index in gone else next(places) for block in page.blocks),
        confidence(read_signs(alone, scores, lengths, model.threshold), model.confidence),
    )


def _hidden_containers(page: Segmented) -> frozenset[int]:
    """The containers that a reader does not see, but for one that holds most of the page's prose: that is the
    article's, shown by a script."""
    prose: Counter[int] = Counter()
    for block, container in zip(page.blocks, page.containers, strict=True):
        prose[container] += len(block.text) if shape.is_prose(block.text) else 0
    most = MOST_OF_THE_PAGE * max(1, prose.total())
    return frozenset(number for number, rule in enumerate(page.rules) if rule == "html.hidden" and prose[number] < most)


def _decide(
    page: Segmented, hidden: frozenset[int], judged: Judged, title: int | None
) -> tuple[tuple[Block, ...], tuple[Verdict, ...]]:
    """The document's blocks, and the verdicts on those that go. A marked container of which nothing is article becomes
    one block."""
    threshold, reasons = block_model().threshold, give_reasons(judged.features, block_model().weights)
    scores = [0.0 if place is None else judged.scores[place] for place in judged.places]
    kept = {c for c, score in zip(page.containers, scores, strict=True) if score >= threshold}
    closed = hidden | {number for number, rule in enumerate(page.rules) if rule and number not in kept}
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
    longest = 2 * len(metadata.title or "") + 20  # so that not all of a page is cut into words
    short = (block for block in blocks if block.kind != "container" and len(block.text) <= longest)
    same = [block for block in short if wanted and _words(block.text) == wanted]
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
