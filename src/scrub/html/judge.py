"""Which blocks of a page are article: the block model, and where it has doubts, trafilatura as a second voice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from scrub import shape
from scrub.html.block_model import block_model
from scrub.html.blocks import Segmented, without
from scrub.html.confidence import confidence, doubt, read_signs
from scrub.html.features import Features, Surroundings, read_features
from scrub.html.layout import Array
from scrub.html.voice import align, ask_trafilatura, tokenise

MOST_OF_THE_PAGE = 0.45  # share of a page's prose beyond which what is hidden is the article


# Share of a page beyond which trafilatura is asked. By folds over publishers F1 is the same from 0 to 0.3; at 0.2 three
# pages of ten are asked about.
DOUBTFUL = 0.2
MOST_DISAGREEMENT = 0.4  # share of the kept text about which the two voices may differ without a warning
MOST_NAMED, NAMED = 2, 40  # paragraphs that a warning names, and characters of each


class Judged(NamedTuple):
    """The blocks of a page with the scores (0..1) by which they are article, and what the model saw of them. Those of
    closed containers are not among them; `places` has for each block of the page its place here, None for those.
    `confidence` (0..1) is that in the whole."""

    scores: list[float]
    features: Features
    places: tuple[int | None, ...]
    confidence: float
    warnings: tuple[str, ...] = ()


def judge_blocks(
    page: Segmented, closed: frozenset[int], beside: Surroundings, asked: LexborHTMLParser | None
) -> Judged:
    """The scores of a page's blocks; `closed` are the containers whose blocks are not asked about. Where the model
    alone is not sure of a page, trafilatura is asked about it too, when it is given (`asked`): that costs as much as
    all the rest, and of the sure pages it changes none for the better."""
    model = block_model()
    gone = {block.index for block, container in zip(page.blocks, page.containers, strict=True) if container in closed}
    seen = without(page, gone)
    texts = [block.text for block in seen.blocks]
    lengths = np.array([len(text) for text in texts])
    features = read_features(seen, [tokenise(text) for text in texts], beside, None)
    scores = alone = model.score(features)
    warnings: tuple[str, ...] = ()
    if asked is not None and doubt(alone, lengths, model.threshold) > DOUBTFUL and (said := ask_trafilatura(asked)):
        voice = align(texts, said)
        # Where its text has none of our paragraphs, it has not found the article, and its voice does not count.
        if any(has and shape.is_prose(text) for has, text in zip(voice, texts, strict=True)):
            features = features.with_voice(voice)
            scores = (alone + model.score(features)) / 2
            body = np.array([block.kind != "heading" for block in seen.blocks])
            if not (scores[body] >= model.threshold).any():  # a list of links, say: then the other voice decides
                scores = np.maximum(scores, np.where(voice, model.threshold, 0.0))
            warnings = _disagreement(texts, scores >= model.threshold, voice)
    places = iter(range(len(texts)))
    return Judged(
        scores.tolist(),
        features,
        tuple(None if block.index in gone else next(places) for block in page.blocks),
        confidence(read_signs(alone, scores, lengths, model.threshold), model.confidence),
        warnings,
    )


def _disagreement(texts: Sequence[str], kept: Array, voice: Sequence[bool]) -> tuple[str, ...]:
    """A warning where trafilatura has another idea of much of the text: it names the first paragraphs of each kind."""
    prose = [shape.is_prose(text) for text in texts]
    ours = [t for t, p, k, v in zip(texts, prose, kept, voice, strict=True) if p and k and not v]
    theirs = [t for t, p, k, v in zip(texts, prose, kept, voice, strict=True) if p and v and not k]
    size = sum(len(text) for text, is_kept in zip(texts, kept, strict=True) if is_kept)
    if sum(map(len, [*ours, *theirs])) < MOST_DISAGREEMENT * max(1, size):
        return ()
    said = [
        f"{what} {len(some)}: {'; '.join(f'“{text[:NAMED]}…”' for text in some[:MOST_NAMED])}"
        for what, some in (("it leaves out", ours), ("it keeps", theirs))
        if some
    ]
    return (f"trafilatura disagrees about {len(ours) + len(theirs)} paragraphs: {'; '.join(said)}",)


def closed_containers(page: Segmented) -> frozenset[int]:
    """The containers whose blocks are not asked about: navigation and footers without a paragraph of prose, and what a
    reader does not see. Where most of a page's prose is hidden it is the article, shown by a script or on a click."""
    prose: Counter[int] = Counter()
    for block, container in zip(page.blocks, page.containers, strict=True):
        prose[container] += len(block.text) if shape.is_prose(block.text) else 0
    hidden = sum(prose[number] for number, rule in enumerate(page.rules) if rule == "html.hidden")
    unfolds = hidden >= MOST_OF_THE_PAGE * max(1, prose.total())
    closes = {"html.hidden": not unfolds}
    return frozenset(n for n, rule in enumerate(page.rules) if rule and (closes.get(rule) or not prose[n]))
