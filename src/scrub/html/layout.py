"""The tree of a page's elements as arrays: what each holds, and how blocks lie to it.

Elements stand in document order and hold contiguous ranges of blocks, so what an element holds is a difference of two
running sums, and all of it is worked out for all blocks at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from scrub.html.blocks import Elements
from scrub.html.names import NAMES, read_names

Array = np.ndarray[Any, np.dtype[Any]]

# Tags whose nearest ancestor of the kind tells something, in groups.
ANCESTORS = (
    "article", "main", "section", "aside", "nav", "header", "footer", "ul ol", "li", "table", "figure", "figcaption",
    "blockquote", "form", "h1 h2 h3 h4 h5 h6", "pre", "dl", "details", "p", "td th", "address", "button",
)  # fmt: skip
TAGS = {
    tag: number
    for number, tag in enumerate(
        "body div p li ul ol h1 h2 h3 h4 h5 h6 section article main aside nav header footer table tr td th figure "
        "figcaption blockquote form dl dt dd pre details summary address center fieldset button label".split(),
        start=1,
    )
}
LEVELS = 6  # of ancestors that are looked at one by one
FARTHEST = 25.0  # steps up; an ancestor that is not there is as far as that
_ANCESTOR_BITS = {tag: 1 << number for number, tags in enumerate(ANCESTORS) for tag in tags.split()}
KINDS = (*(f"tag {tags.split()[0]}" for tags in ANCESTORS), *(f"name {name}" for name in NAMES))


@dataclass(frozen=True)
class Layout:
    """The elements that hold a block: parents, tags as numbers, `kinds` as bits (ANCESTORS, then NAMES), signatures by
    which siblings of one kind are told, ranges of blocks; `homes` has for each block its element."""

    parents: Array
    tags: Array
    kinds: Array
    signatures: Array
    first: Array
    end: Array
    depths: Array
    homes: Array

    def total(self, values: Array) -> Array:
        """The sum of some numbers of blocks within each element."""
        sums = np.concatenate([[0.0], np.cumsum(values)])
        return np.asarray(sums[self.end] - sums[self.first])

    @cached_property
    def chains(self) -> list[Array]:
        """For each block its element, then the parent of that, and so on; at the top the body again."""
        chain = [self.homes]
        for _ in range(int(min(FARTHEST, self.depths.max(initial=0))) + LEVELS):
            chain.append(self.parents[chain[-1]])
        return chain

    @cached_property
    def distances(self) -> Array:
        """For each block (row) the steps up to its nearest ancestor of each kind (KINDS)."""
        own = (self.kinds[:, None] >> np.arange(len(KINDS), dtype=np.int64)) & 1 == 1
        steps = np.full((len(self.parents), len(KINDS)), FARTHEST, dtype=np.float32)
        steps[0][own[0]] = 0
        order = np.argsort(self.depths, kind="stable")
        borders = np.searchsorted(self.depths[order], np.arange(1, self.depths.max(initial=0) + 2))
        for a, b in pairwise(borders):
            level = order[a:b]
            above = np.minimum(steps[self.parents[level]] + 1, FARTHEST)
            steps[level] = np.where(own[level], 0, above)
        return np.asarray(steps[self.homes])

    def relation(self, element: int) -> tuple[Array, Array]:
        """For each block the steps up to the nearest element that also holds a given one, and down from there to it."""
        above = np.zeros(len(self.parents), dtype=bool)
        at = element
        above[at] = True
        while at:
            at = int(self.parents[at])
            above[at] = True
        up = np.full(len(self.homes), FARTHEST)
        down = np.full(len(self.homes), FARTHEST)
        for steps in range(len(self.chains) - 1, -1, -1):
            here = self.chains[steps]
            shared = above[here]
            up[shared] = steps
            down[shared] = self.depths[element] - self.depths[here[shared]]
        return up, down


def read_layout(elements: Elements, homes: tuple[int, ...]) -> Layout:
    """The layout of a page; elements without a block are left out."""
    holds = [number for number in range(len(elements.tags)) if elements.end[number] > elements.first[number]] or [0]
    places = {number: place for place, number in enumerate(holds)}
    parents = [places[elements.parents[number]] for number in holds]
    depths: list[int] = []
    kinds: list[int] = []
    signatures: list[int] = []
    known: dict[tuple[str, str], int] = {}
    for place, number in enumerate(holds):
        tag = elements.tags[number]
        bits, words = read_names(elements.attributes[number]) if elements.attributes[number] else (0, "")
        depths.append(depths[parents[place]] + 1 if place else 0)
        kinds.append(_ANCESTOR_BITS.get(tag, 0) | bits << len(ANCESTORS))
        signatures.append(known.setdefault((tag, words), len(known)))
    return Layout(
        parents=np.array(parents),
        tags=np.array([TAGS.get(elements.tags[number], 0) for number in holds]),
        kinds=np.array(kinds, dtype=np.int64),
        signatures=np.array(signatures),
        first=np.array([elements.first[number] for number in holds]),
        end=np.array([elements.end[number] for number in holds]),
        depths=np.array(depths),
        homes=np.array([places[home] for home in homes], dtype=int),
    )
