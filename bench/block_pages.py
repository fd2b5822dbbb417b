"""Marked pages as rows of features with labels: what the block model is trained on.

The label of a block is the share of its tokens that lie in runs common with the marked text. Beside each page go copies
in which it is another kind of page: only the first part of the article left, names of containers gone, tags that tell
something made plain ones. So the model cannot lean on one sign alone, and learns what short articles look like.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import exp, log
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from scrub.decode import decode
from scrub.html.blocks import Segmented, read_blocks, without
from scrub.html.features import Surroundings, read_features
from scrub.html.judge import closed_containers
from scrub.html.metadata import read_metadata
from scrub.html.voice import align, ask_trafilatura, read_article_body, tokenise

Array = np.ndarray[Any, np.dtype[Any]]
RUN = 4  # tokens that a block and the marked text must have in common, one after the other
COPIES = {"fundus": 3, "readability": 3, "wcxb": 1}
COPY_WEIGHT = 0.6
SHORTENED, PLAINER = 0.85, 0.35  # how many copies are shortened; and how often each kind of sign is taken away
SHORTEST = 30  # tokens of the article that stay at least
SEMANTIC = frozenset("article main section aside nav header footer figure figcaption".split())


class Rows(NamedTuple):
    """A page or a copy of one: a row of features for each block, labels (0..1), weights, the blocks' token counts."""

    page: str
    publisher: str
    features: Array
    labels: Array
    weights: Array
    voiced: bool
    original: bool


class Marked(NamedTuple):
    """A page that a person marked, as scrub sees it."""

    id: str
    publisher: str
    page: Segmented
    tokens: list[list[str]]
    beside: Surroundings
    voice: list[bool]
    labels: list[float]
    title: int | None
    text: str


def marked_pages(corpora: Path, name: str) -> Iterator[tuple[dict[str, Any], bytes]]:
    """The pages of a set, with their marks."""
    with gzip.open(corpora / name / "gold.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            yield row, gzip.decompress((corpora / name / "html" / f"{row['id']}.html.gz").read_bytes())


def host(url: str | None) -> str:
    """The publisher of an address: its host without `www`."""
    return re.sub(r"^https?://(www\d?\.)?|[/:?#].*", "", url or "")


def read_marked(name: str, row: dict[str, Any], html: bytes) -> Marked:
    """A marked page with its blocks and labels; blocks of closed containers are left out, as they are when a
    page is cleaned."""
    text, url = decode(html), row.get("url")
    tree = LexborHTMLParser(text)
    metadata = read_metadata(tree, url)
    beside = Surroundings(metadata.title or "", metadata.description or "", metadata.authors, read_article_body(tree))
    page = read_blocks(tree)
    closed = closed_containers(page)
    page = without(page, {b.index for b in page.blocks if page.containers[b.index] in closed})
    tokens = [tokenise(block.text) for block in page.blocks]
    voice = align([block.text for block in page.blocks], ask_trafilatura(tree) or "")
    wanted = tokenise(beside.title)
    same = [k for k, own in enumerate(tokens) if own and own == wanted]
    headings = [k for k in same if page.blocks[k].kind == "heading"]
    title = next(iter([*headings, *same]), None)
    labels = label_blocks(tokens, tokenise(row["text"]))
    publisher = host(url) or f"{name}/{row['id'].split('_')[1] if name == 'fundus' else row['id']}"
    return Marked(f"{name}/{row['id']}", publisher, page, tokens, beside, voice, labels, title, row["text"])


def label_blocks(blocks: Sequence[Sequence[str]], marked: Sequence[str]) -> list[float]:
    """For each block the share of its tokens that lie in runs of RUN tokens common with the marked text; of a block
    that stands several times as many as the mark has, those with marked neighbours first."""
    stream = [token for block in blocks for token in block]
    runs = Counter(zip(*(marked[k:] for k in range(RUN)), strict=False))
    covered = [False] * len(stream)
    for place, run in enumerate(zip(*(stream[k:] for k in range(RUN)), strict=False)):
        if run in runs:
            covered[place : place + RUN] = [True] * RUN
    labels, start = [], 0
    for block in blocks:
        labels.append(sum(covered[start : start + len(block)]) / len(block) if block else 0.0)
        start += len(block)
    same: dict[tuple[str, ...], list[int]] = {}
    for index, block in enumerate(blocks):
        if len(block) >= RUN and labels[index] > 0.5:
            same.setdefault(tuple(block), []).append(index)
    for block_tokens, places in same.items():
        most = runs[block_tokens[:RUN]]
        if len(places) > most:
            beside = {k: sum(labels[max(0, k - 2) : k]) + sum(labels[k + 1 : k + 3]) for k in places}
            for index in sorted(places, key=lambda k: -beside[k])[most:]:
                labels[index] = 0.0
    return labels


def rows_of(marked: Marked, dice: random.Random, copies: int) -> Iterator[Rows]:
    """The page itself, once with the other extractor's voice and once without, and its copies."""
    if not marked.page.blocks or not any(label > 0.5 for label in marked.labels):
        return
    for voice in (marked.voice, None):
        yield _rows(marked, voice, 1.0 if voice else COPY_WEIGHT, original=True)
    for _ in range(copies):
        yield _rows(changed(marked, dice), None, COPY_WEIGHT, original=False)


def _rows(marked: Marked, voice: list[bool] | None, weight: float, *, original: bool) -> Rows:
    features = read_features(marked.page, marked.tokens, marked.beside, voice)
    counts = np.array([len(own) for own in marked.tokens])
    labels = np.array(marked.labels)
    total = max(1.0, float((counts * labels).sum()))
    weights = weight * np.sqrt((counts + 1) / total)
    return Rows(marked.id, marked.publisher, features.rows, labels, weights, voice is not None, original)


def changed(marked: Marked, dice: random.Random) -> Marked:
    """A copy of a page that is another kind of page."""
    gone = _cut(marked, dice) if dice.random() < SHORTENED else set()
    if len(gone) == len(marked.labels):
        gone = set()
    page = without(marked.page, gone)
    elements = page.elements
    tags, attributes, blocks = list(elements.tags), list(elements.attributes), page.blocks
    if dice.random() < PLAINER:
        attributes = [""] * len(attributes)
    if dice.random() < PLAINER:
        tags = ["div" if tag in SEMANTIC else tag for tag in tags]
    if dice.random() < PLAINER:
        tags = ["div" if tag == "p" else tag for tag in tags]
    beside = marked.beside._replace(body="") if dice.random() < PLAINER else marked.beside
    kept = [k for k in range(len(marked.labels)) if k not in gone]
    return marked._replace(
        page=replace(page, elements=replace(elements, tags=tags, attributes=attributes), blocks=blocks),
        tokens=[marked.tokens[k] for k in kept],
        labels=[marked.labels[k] for k in kept],
        beside=beside,
    )


def _cut(marked: Marked, dice: random.Random) -> set[int]:
    """The blocks of the article behind its first part."""
    sizes = [len(own) if label > 0.5 else 0 for own, label in zip(marked.tokens, marked.labels, strict=True)]
    most = exp(dice.uniform(log(SHORTEST), log(max(SHORTEST + 1, 0.6 * sum(sizes)))))
    gone, read = set(), 0
    for index, size in enumerate(sizes):
        if size and read > most:
            gone.add(index)
        read += size
    return gone


def feature_names() -> tuple[str, ...]:
    """The names of all features, in order."""
    page = read_blocks(LexborHTMLParser("<p>A page of one block.</p>"))
    return read_features(page, [["a"]], Surroundings(), None).names
