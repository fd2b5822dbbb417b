"""What the block model sees: numbers about each block of a page, its containers, its place and its neighbours.

No word of a page, of a publisher or of one language: shapes, shares, distances, and the groups of template names in
`scrub.html.names`. Features have names; a model names those that it asks for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from scrub.html.blocks import Segmented
from scrub.html.layout import KINDS, LEVELS, TAGS, Array, Layout, read_layout
from scrub.html.voice import tokenise
from scrub.line_shape import NUMBERS, line_shape
from scrub.model import Block

GAP, GAP_WORDS = 4, 40  # other blocks, and words in them, at most between two sentences of one run
ZONE = 3  # steps up within which a name tells of a block's own zone
ZONES = ("related", "comments", "share", "tags", "foot", "sign-up", "side", "navigation", "byline", "ads")
BESIDE = ("length", "link share", "prose", "stops", "tag 0", "signature size", "in title")
OFFSETS = (-3, -2, -1, 1, 2, 3)
PARTS = (0.5, 0.9)  # of a page's sentences, whose deepest common container is looked at
_PARAGRAPHS = ("p", "li", "h2", "h3", "blockquote")
_KINDS = {
    kind: number for number, kind in enumerate(("paragraph", "heading", "item", "quote", "caption", "table", "code"))
}
_DATE = re.compile(r"\d{1,2}[:.]\d{2}(?!\d)|(?<!\d)(?:19|20)\d{2}(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2}|\d ?年")
LONG_WORD, STEM = 4, 6  # characters
DATED_WITHIN = 120  # characters of a block in which a date is looked for

Columns = dict[str, Array]


class Surroundings(NamedTuple):
    """What a page says beside its body: title, description, names of authors, the article's text for machines."""

    title: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    body: str = ""


class Features(NamedTuple):
    """A row for each block; `names` names the columns."""

    names: tuple[str, ...]
    rows: Array

    def columns(self, names: Sequence[str]) -> Array:
        """The columns of these names. KeyError for a name that no column has."""
        places = {name: place for place, name in enumerate(self.names)}
        return np.asarray(self.rows[:, [places[name] for name in names]])

    def with_voice(self, voice: Sequence[bool]) -> Features:
        """The same, where it is known of which blocks another extractor has the text."""
        columns: Columns = {}
        _add_voice(columns, voice, len(self.rows))
        places = [self.names.index(name) for name in columns]
        rows = self.rows.copy()
        rows[:, places] = np.stack(list(columns.values()), axis=1)
        return Features(self.names, rows)


def read_features(
    page: Segmented, tokens: Sequence[Sequence[str]], beside: Surroundings, voice: Sequence[bool] | None
) -> Features:
    """The features of a page's blocks. `tokens` are those of each block, `voice` says of which blocks another extractor
    has the text; None where it was not asked."""
    columns: Columns = {}
    layout = read_layout(page.elements, page.homes)
    _add_own(columns, page.blocks)
    sentences = _sentence_lengths(columns)
    _add_containers(columns, layout, sentences)
    _add_places(columns, sentences)
    heading = _find_heading(page.blocks, tokens, beside.title)
    _add_heading(columns, layout, heading, len(page.blocks))
    _add_core(columns, layout, sentences)
    _add_signatures(columns, layout, sentences)
    _add_runs(columns, layout, sentences, heading)
    _add_zones(columns)
    _add_overlaps(columns, tokens, beside)
    _add_kinship(columns, tokens)
    _add_voice(columns, voice, len(page.blocks))
    _add_neighbours(columns)
    return Features(tuple(columns), np.stack(list(columns.values()), axis=1).astype(np.float32))


def _add_own(columns: Columns, blocks: Sequence[Block]) -> None:
    shapes = np.array([line_shape(block.text) for block in blocks])
    columns.update(zip(NUMBERS, shapes.T, strict=True))
    columns["link share"] = np.array([block.context.link_share if block.context else 0.0 for block in blocks])
    columns["links"] = np.array([sum(inline.kind == "link" for inline in block.inlines) for block in blocks])
    columns["strong share"] = np.array([_share(block, "strong") for block in blocks])
    columns["emphasis share"] = np.array([_share(block, "emphasis") for block in blocks])
    columns["kind"] = np.array([_KINDS.get(block.kind, -1) for block in blocks])
    columns["level"] = np.array([block.level for block in blocks])
    columns["dated"] = np.array([_DATE.search(block.text[:DATED_WITHIN]) is not None for block in blocks], dtype=float)
    columns["lines"] = np.array([block.text.count("\n") for block in blocks])


def _share(block: Block, kind: str) -> float:
    return min(1.0, sum(i.end - i.start for i in block.inlines if i.kind == kind) / len(block.text))


def _sentence_lengths(columns: Columns) -> Array:
    """The characters of each block that are of sentences and no link; 0 for a block without a sentence."""
    lengths = 2 ** columns["length"] - 1
    links = columns["link share"]
    return np.where((columns["prose"] > 0) & (links < 0.5), lengths * (1 - links), 0.0)


def _add_containers(columns: Columns, layout: Layout, sentences: Array) -> None:
    lengths = 2 ** columns["length"] - 1
    inside, linked = layout.total(lengths), layout.total(lengths * columns["link share"])
    said, blocks = layout.total(sentences), (layout.end - layout.first).astype(float)
    share, link_share = said / max(1.0, said[0]), linked / np.maximum(1.0, inside)
    mean, size, part = np.log2(inside / blocks + 1), np.log2(blocks + 1), inside / max(1.0, inside[0])
    for level, at in enumerate(layout.chains[:LEVELS]):
        columns[f"tag {level}"] = layout.tags[at]
        for name, values in (
            ("sentences", share),
            ("links", link_share),
            ("mean", mean),
            ("size", size),
            ("part", part),
        ):
            columns[f"{name} {level}"] = values[at]
    columns["depth"] = layout.depths[layout.homes]
    columns.update(zip((f"to {kind}" for kind in KINDS), layout.distances.T, strict=True))


def _add_places(columns: Columns, sentences: Array) -> None:
    count = len(sentences)
    places = np.arange(count)
    before = np.cumsum(sentences) - sentences
    total = max(1.0, sentences.sum())
    columns["place"] = places / count
    columns["from start"] = places
    columns["to end"] = count - places
    columns["said before"] = before / total
    columns["said before, log"] = np.log2(before + 1)
    columns["blocks"] = np.full(count, count)
    columns["said"] = np.full(count, np.log2(total + 1))
    lengths = 2 ** columns["length"] - 1
    columns["page links"] = np.full(count, (lengths * columns["link share"]).sum() / max(1.0, lengths.sum()))


def _find_heading(blocks: Sequence[Block], tokens: Sequence[Sequence[str]], title: str) -> int | None:
    """The heading that agrees best with the page's title: of the first level where there is one."""
    wanted = set(tokenise(title))
    best, found = 0.0, None
    for block, own in zip(blocks, tokens, strict=True):
        if block.kind == "heading" and own:
            agreement = len(wanted.intersection(own)) / len(set(own)) + 0.3 * min(1.0, len(own) / 8)
            agreement += 0.5 * (block.level == 1)
            if agreement > max(best, 0.5):
                best, found = agreement, block.index
    return found


def _add_heading(columns: Columns, layout: Layout, heading: int | None, count: int) -> None:
    nothing = np.full(count, np.nan)
    columns["from heading"], columns["said since heading"] = nothing, nothing
    columns["up to heading"], columns["down to heading"] = nothing, nothing
    if heading is not None:
        columns["from heading"] = np.arange(count) - heading
        written = np.cumsum(2 ** columns["length"] - 1)
        columns["said since heading"] = np.sign(written - written[heading]) * np.log2(
            abs(written - written[heading]) + 1
        )
        columns["up to heading"], columns["down to heading"] = layout.relation(int(layout.homes[heading]))


def _add_core(columns: Columns, layout: Layout, sentences: Array) -> None:
    """Where blocks lie to the container with the best paragraphs (after Readability's scoring), and to the deepest ones
    that hold most of the sentences."""
    lengths = 2 ** columns["length"] - 1
    free = 1 - layout.total(lengths * columns["link share"]) / np.maximum(1.0, layout.total(lengths))
    scores = _paragraph_scores(columns, layout, sentences) * free
    said = layout.total(sentences)
    cores = [("core", int(np.argmax(scores)))]
    for part in PARTS:
        enough = said >= part * max(1.0, said[0])
        cores.append((f"core {part}", int(np.argmax(np.where(enough, layout.depths, -1)))))
    places = np.arange(len(sentences))
    for name, core in cores:
        up, down = layout.relation(core)
        columns[f"up to {name}"], columns[f"down to {name}"] = up, down
        first, end = layout.first[core], layout.end[core]
        columns[f"side of {name}"] = np.where(places < first, -1.0, np.where(places >= end, 1.0, 0.0))
    best = cores[0][1]
    own = layout.parents[layout.homes]
    columns["score of parent"] = scores[own] / max(1e-6, scores[best])
    columns["share of core"] = np.full(len(sentences), said[best] / max(1.0, said[0]))
    inside = np.flatnonzero((sentences > 0) & (places >= layout.first[best]) & (places < layout.end[best]))
    columns["after core's last"] = places - (inside[-1] if len(inside) else -1)


def _paragraph_scores(columns: Columns, layout: Layout, sentences: Array) -> Array:
    worth = np.where(
        sentences > 0, 1 + np.minimum(3, sentences / 100) + columns["commas"] * (2 ** columns["words"] - 1), 0.0
    )
    is_paragraph = np.isin(layout.tags[layout.homes], [TAGS[tag] for tag in _PARAGRAPHS])
    base = np.where(is_paragraph, layout.parents[layout.homes], layout.homes)
    scores = np.zeros(len(layout.parents))
    for divisor in (1, 2, 6, 9):
        np.add.at(scores, base, worth / divisor)
        base = layout.parents[base]
    return scores


def _add_signatures(columns: Columns, layout: Layout, sentences: Array) -> None:
    """How many blocks and siblings are built the same way, and how many of those hold sentences."""
    most = int(layout.signatures.max(initial=0)) + 1
    own, above, top = (layout.signatures[at] for at in layout.chains[:3])
    groups = _grouped((own * most + above) * most + top)
    lengths = 2 ** columns["length"] - 1
    size = np.bincount(groups)
    columns["signature size"] = size[groups]
    columns["signature sentences"] = (np.bincount(groups, sentences) / max(1.0, sentences.sum()))[groups]
    columns["signature mean"] = np.log2(np.bincount(groups, lengths) / size + 1)[groups]
    linked = np.bincount(groups, lengths * columns["link share"])
    columns["signature links"] = (linked / np.maximum(1.0, np.bincount(groups, lengths)))[groups]
    places = np.arange(len(groups))
    first = np.full(len(size), len(groups))
    np.minimum.at(first, groups, places)
    last = np.zeros(len(size), dtype=int)
    np.maximum.at(last, groups, places)
    columns["since signature's first"], columns["to signature's last"] = places - first[groups], last[groups] - places
    siblings = _grouped(layout.parents * most + layout.signatures)
    count = np.bincount(siblings)[siblings]
    count[0] = 1
    telling = np.bincount(siblings, layout.total(sentences) > 0)[siblings]
    for level, at in enumerate(layout.chains[:LEVELS]):
        columns[f"siblings {level}"] = count[at]
    chain = np.stack([np.where(layout.tags[at] == TAGS["p"], 0, telling[at]) for at in layout.chains[:10]])
    columns["most telling siblings"] = chain.max(axis=0)
    columns["level of telling siblings"] = chain.argmax(axis=0)
    columns["children"] = np.bincount(layout.parents, minlength=len(layout.parents))[layout.homes]


def _grouped(keys: Array) -> Array:
    return np.asarray(np.unique(keys, return_inverse=True)[1])


def _add_runs(columns: Columns, layout: Layout, sentences: Array, heading: int | None) -> None:
    """Runs of blocks with sentences, joined over a few short blocks; the article is mostly one of them."""
    count = len(sentences)
    words = 2 ** columns["words"] - 1
    runs = _find_runs(sentences > 0, words)
    said = [float(sentences[a:b].sum()) for a, b in runs]
    start = heading or 0
    body = next((k for k, (a, b) in enumerate(runs) if b > start and a >= start - 3), None)
    if body is None:
        body = int(np.argmax(said)) if runs else None
    total = max(1.0, float(sentences.sum()))
    names = ("run share", "run size", "run order", "run from heading", "run gap", "run is largest", "run beside body")
    values = np.full((len(names), count), np.nan)
    for k, (a, b) in enumerate(runs):
        gap = a - (runs[k - 1][1] - 1 if k else 0)
        relative = said[k] / max(1.0, said[body or 0])
        values[:, a:b] = np.array(
            [[said[k] / total], [b - a], [k - (body or 0)], [a - start], [gap], [said[k] == max(said)], [relative]]
        )
    columns.update(zip(names, values, strict=True))
    first = runs[body][0] if body is not None else 0
    places = np.arange(count)
    columns["from body"] = places - first
    columns["up to body"], columns["down to body"] = layout.relation(int(layout.homes[first]))
    columns["deeper than body"] = columns["depth"] - columns["depth"][first]
    before = np.maximum.accumulate(np.where(sentences > 0, places, -1))
    columns["since sentence"] = places - np.concatenate([[-1], before[:-1]])
    for name, marks in (
        ("headings", columns["kind"] == _KINDS["heading"]),
        ("link lines", columns["link share"] > 0.6),
        ("dates", (columns["dated"] > 0) & (words < 12)),
    ):
        counts = np.cumsum(marks)
        columns[f"{name} since body"] = np.where(places > first, counts - counts[first], 0)
    near = np.convolve((columns["dated"] > 0) & (words < 12), np.ones(11), mode="same")[:count]
    columns["dates around"] = near if len(near) == count else np.zeros(count)


def _find_runs(is_sentence: Array, words: Array) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    gap, gap_words = 0, 0.0
    for place, telling in enumerate(is_sentence.tolist()):
        if not telling:
            gap, gap_words = gap + 1, gap_words + float(words[place])
            continue
        joined = runs and gap <= GAP and gap_words <= GAP_WORDS
        runs[-1:] = [(runs[-1][0], place + 1)] if joined else [*runs[-1:], (place, place + 1)]
        gap, gap_words = 0, 0.0
    return runs


def _add_zones(columns: Columns) -> None:
    """How far up the page the last block of a zone of each kind stands, after the body began, and how many so far."""
    places = np.arange(len(columns["place"]))
    after = columns["from body"] >= 0
    for zone in ZONES:
        inside = (columns[f"to name {zone}"] <= ZONE) & after
        last = np.maximum.accumulate(np.where(inside, places, -1))
        columns[f"since {zone}"] = np.where(last >= 0, places - last, np.nan)
        columns[f"{zone} so far"] = np.cumsum(inside)


def _add_overlaps(columns: Columns, tokens: Sequence[Sequence[str]], beside: Surroundings) -> None:
    title, authors = set(tokenise(beside.title)), {word for name in beside.authors for word in tokenise(name)}
    description, body = _pairs(tokenise(beside.description)), _pairs(tokenise(beside.body))
    keys = [" ".join(own) for own in tokens]
    copies = Counter(keys)
    seen: dict[str, int] = {}
    rows = []
    for place, (own, key) in enumerate(zip(tokens, keys, strict=True)):
        words, pairs = set(own), _pairs(own)
        rows.append(
            (
                len(words & title) / (len(words) or 1),
                len(words & title) / (len(title) or 1),
                len(pairs & description) / (len(pairs) or 1),
                len(pairs & description) / (len(description) or 1),
                len(pairs & body) / (len(pairs) or 1) if body else np.nan,
                len(words & authors) / (len(words) or 1),
                copies[key],
                place - seen[key] if key in seen else np.nan,
            )
        )
        seen[key] = place
    names = (
        "in title",
        "of title",
        "in description",
        "of description",
        "in body",
        "in authors",
        "copies",
        "since copy",
    )
    columns.update(zip(names, np.array(rows, dtype=float).T, strict=True))
    covered = np.nan_to_num(columns["in body"]) * np.array([len(own) for own in tokens])
    columns["body covered"] = np.full(len(tokens), covered.sum() / (len(body) or 1) if body else np.nan)


def _add_kinship(columns: Columns, tokens: Sequence[Sequence[str]]) -> None:
    """How far a block's words are those of the page's largest run of sentences: a teaser's are of another story."""
    stems = [_stems(own) for own in tokens]
    in_body = (columns["run is largest"] == 1).tolist()
    body = Counter(stem for own, inside in zip(stems, in_body, strict=True) if inside for stem in own)
    anywhere = Counter(stem for own in stems for stem in own)
    rows = []
    for own, inside in zip(stems, in_body, strict=True):
        count = len(own) or np.nan
        akin = sum(body[stem] > inside for stem in own)
        rows.append((akin / count, sum(anywhere[stem] > 1 for stem in own) / count, min(12, len(own))))
    columns.update(zip(("akin", "akin anywhere", "stems"), np.array(rows).T, strict=True))
    known = np.nan_to_num(columns["akin"])
    columns["akin around"] = np.convolve(known, np.ones(5) / 5, mode="full")[2 : 2 + len(known)]


def _stems(tokens: Sequence[str]) -> set[str]:
    """The beginnings of longer words, since inflection is at their ends; pairs of characters where each is a token."""
    stems = {token[:STEM] for token in tokens if len(token) >= LONG_WORD}
    if len(stems) * 4 < len(tokens):
        stems |= {a + b for a, b in pairwise(tokens) if len(a) == len(b) == 1}
    return stems


def _pairs(tokens: Sequence[str]) -> set[tuple[str, str]]:
    return set(pairwise(tokens))


def _add_voice(columns: Columns, voice: Sequence[bool] | None, count: int) -> None:
    names = ("voice", "voice around", "voice side", "voice share")
    if voice is None or not any(voice):
        columns.update((name, np.full(count, np.nan)) for name in names)
        return
    said = np.array(voice, dtype=float)
    places = np.flatnonzero(said)
    here = np.arange(count)
    around = np.convolve(said, np.ones(7), mode="full")[3 : 3 + count]
    side = np.where(here < places[0], -1.0, np.where(here > places[-1], 1.0, 0.0))
    columns.update(zip(names, (said, around, side, np.full(count, said.mean())), strict=True))


def _add_neighbours(columns: Columns) -> None:
    for name in BESIDE:
        values = columns[name].astype(float)
        for offset in OFFSETS:
            shifted = np.full(len(values), np.nan)
            if abs(offset) < len(values):
                shifted[max(0, -offset) : len(values) - max(0, offset)] = values[
                    max(0, offset) : len(values) + min(0, offset)
                ]
            columns[f"{name} {offset:+d}"] = shifted
