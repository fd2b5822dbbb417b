"""The block model: boosted symmetric trees, read from one JSON file and run as a few operations on arrays.

The file is made by `make train`; `block-model-card.md` beside it says from what, how, and how well it does. In a
symmetric tree (CatBoost's; Prokhorenkova et al., 2018) all nodes of a level ask the same, so the answers of a row are
the bits of its leaf's number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from scrub.html.features import Features
from scrub.html.layout import Array

MODEL = Path(__file__).with_name("block-model.json")


@dataclass(frozen=True)
class BlockModel:
    """`features` are the names of the columns asked for; `columns` and `borders` (trees x levels) the questions "is
    this column above this border", `leaves` (trees x 2^levels) the log-odds that add up, beside `bias`. `threshold` is
    the probability of being article below which a block goes; `weights` say how much each fact about a block tells
    against it, for the reasons; `confidence` is what `scrub.html.confidence` has fitted."""

    version: str
    features: tuple[str, ...]
    columns: Array
    borders: Array
    leaves: Array
    bias: float
    threshold: float
    weights: Mapping[str, float]
    confidence: Mapping[str, Sequence[float]]

    def score(self, features: Features) -> Array:
        """The probability (0..1) of each block to be article. KeyError for features that are not the model's."""
        rows = features.columns(self.features)
        trees, levels = self.columns.shape
        answers = rows[:, self.columns.ravel()] > self.borders.ravel()  # what is not known is above no border
        leaf = answers.reshape(len(rows), trees, levels) @ (1 << np.arange(levels))
        total = self.bias + self.leaves[np.arange(trees), leaf].sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-total)))


@lru_cache(maxsize=1)
def block_model() -> BlockModel:
    """The model that ships."""
    return read_model(json.loads(MODEL.read_bytes()))


def read_model(data: dict[str, Any]) -> BlockModel:
    """A model from its plain data."""
    return BlockModel(
        version=data["version"],
        features=tuple(data["features"]),
        columns=np.array(data["columns"]),
        borders=np.array(data["borders"], dtype=np.float32),
        leaves=np.array(data["leaves"], dtype=np.float32) / data["scale"],
        bias=data["bias"],
        threshold=data["threshold"],
        weights=data["weights"],
        confidence=data["confidence"],
    )
