"""The line models: boosted trees as plain lists, read from JSON and walked in plain code.

One is for the lines of an article, one for those of a whole page. The files are made by `make train-lines`;
`model-card.md` beside them says from what, how, and how well they do.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import Literal, NamedTuple

from scrub.lines.features import feature_hash

Kind = Literal["article", "page"]
MODELS: dict[Kind, Path] = {
    "article": Path(__file__).with_name("article-model.json"),
    "page": Path(__file__).with_name("page-model.json"),
}


class Tree(NamedTuple):
    """Inner nodes by number: the feature asked, its threshold, and where to go on; a negative number ~n is leaf n."""

    features: tuple[int, ...]
    thresholds: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    values: tuple[float, ...]


class LineModel(NamedTuple):
    """Trees whose sum is the log-odds of a line being article, and the `threshold` below which a line goes. `exits` are
    the log-odds after so many trees at which, or beyond which, the others have never led across the threshold."""

    trees: tuple[Tree, ...]
    threshold: float
    exits: dict[int, tuple[float, float]]
    version: str

    def score(self, row: Sequence[float]) -> float:
        """The probability (0..1) that a line with this row of features is article; of lines that are clear after the
        first trees, which weigh most, the others are not asked."""
        total = 0.0
        for number, (features, thresholds, left, right, values) in enumerate(self.trees, 1):
            node = 0
            while node >= 0:
                node = left[node] if row[features[node]] <= thresholds[node] else right[node]
            total += values[~node]
            if number in self.exits and not self.exits[number][0] < total < self.exits[number][1]:
                break
        return 1 / (1 + exp(-total))


@lru_cache(maxsize=2)
def line_model(kind: Kind) -> LineModel:
    """The model that ships. ValueError when it was trained on other features than these."""
    data = json.loads(MODELS[kind].read_bytes())
    if data["features"] != feature_hash():
        raise ValueError("the line models were trained on other features: run `make train-lines`")
    trees = tuple(Tree(*(tuple(part) for part in tree)) for tree in data["trees"])
    exits = {int(number): (low, high) for number, (low, high) in data["exits"].items()}
    return LineModel(trees, data["threshold"], exits, data["version"])
