"""How sure the extraction of a page is: a probability that its text is nearly what a person would mark.

A logistic regression on three signs, fitted with the block model and kept in its file: how much of the page the model
has doubts about, and by its own scores how much of what is kept should go, and the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp

import numpy as np

from scrub.html.layout import Array

UNSURE = (0.15, 0.85)  # scores between which the model is not sure of a block
# The fitted probability is raised to this power, so that of the pages at 0.9 and above fewer are wrong than one in ten:
# who asks for 0.9 wants to be safe.
CAUTION = 1.8


def doubt(scores: Array, lengths: Array, threshold: float) -> float:
    """The characters of which the model is not sure, as a share of those that it takes for article."""
    unsure = (scores > UNSURE[0]) & (scores < UNSURE[1])
    return float(lengths[unsure].sum() / max(1.0, lengths[scores >= threshold].sum()))


def read_signs(alone: Array, scores: Array, lengths: Array, threshold: float) -> tuple[float, float, float]:
    """The signs, on a scale of logarithms. `alone` are the block model's own scores, `scores` those that decide,
    `lengths` the characters of each block."""
    kept = scores >= threshold
    size = max(1.0, float(lengths[kept].sum()))
    surplus = float((lengths * kept * (1 - scores)).sum()) / size
    missing = float((lengths * ~kept * scores).sum()) / size
    signs = (50 * doubt(alone, lengths, threshold), 100 * surplus, 100 * missing)
    return float(np.log2(1 + signs[0])), float(np.log2(1 + signs[1])), float(np.log2(1 + signs[2]))


def confidence(signs: Sequence[float], fitted: Mapping[str, Sequence[float]]) -> float:
    """The confidence (0..1) by the fitted `mean`, `spread` and `weights` (the first is the constant)."""
    constant, *weights = fitted["weights"]
    scaled = [(s - m) / d for s, m, d in zip(signs, fitted["mean"], fitted["spread"], strict=True)]
    probability = 1 / (1 + exp(-constant - sum(w * s for w, s in zip(weights, scaled, strict=True))))
    return round(float(probability**CAUTION), 3)
