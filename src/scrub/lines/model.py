"""The line model: boosted trees as plain lists, read from one JSON file and walked in plain code.

The file is made by `make train-lines`; `model-card.md` beside it says from what, how, and how well it does.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import NamedTuple

from scrub.lines.features import feature_hash

MODEL = Path(__file__).with_name("model.json")

# After so many trees the log-odds between which the others may still lead across a threshold: beyond them, in 24,000
# lines of the training texts, they never did.
UNCLEAR = {10: (-1.2, 1.2), 20: (-2.2, 0.6), 40: (-3.5, -0.1)}


class Tree(NamedTuple):
    """Inner nodes by number: the feature asked, its threshold, and where to go on; a negative number ~n is leaf n."""

    features: tuple[int, ...]
    thresholds: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    values: tuple[float, ...]


class LineModel(NamedTuple):
    """Trees whose sum is the log-odds of a line being article; `thresholds` below which a line goes, by the kind of
    text (`article`, `page`)."""

    trees: tuple[Tree, ...]
    thresholds: dict[str, float]
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
            if number in UNCLEAR and not UNCLEAR[number][0] < total < UNCLEAR[number][1]:
                break
        return 1 / (1 + exp(-total))


@lru_cache(maxsize=1)
def line_model() -> LineModel:
    """The model that ships. ValueError when it was trained on other features than these."""
    data = json.loads(MODEL.read_bytes())
    if data["features"] != feature_hash():
        raise ValueError("the line model was trained on other features: run `make train-lines`")
    trees = tuple(Tree(*(tuple(part) for part in tree)) for tree in data["trees"])
    return LineModel(trees, data["thresholds"], data["version"])
