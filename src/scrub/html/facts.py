"""What can be said of a block for a person: facts that are read from its features, each with the words for it.

They make the reason of a removal by the block model, so that somebody who doubts it can look and check. How much each
fact tells against a block is counted in training and lies with the model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from scrub.html.features import Features
from scrub.html.layout import FARTHEST, Array

MOST_FACTS = 2
Values = Mapping[str, float]


class Fact(NamedTuple):
    """`holds` says of which blocks with these features it is true, `words` says it of one of them."""

    name: str
    holds: Callable[[Mapping[str, Array]], Array]
    words: Callable[[Values], str]


def _named(group: str, words: str) -> Fact:
    column = f"to name {group}"
    return Fact(f"named {group}", lambda v: v[column] <= NEAR, lambda _: f"its container is named like {words}")


def _inside(tag: str, words: str) -> Fact:
    column = f"to tag {tag}"
    return Fact(f"inside {tag}", lambda v: v[column] < FARTHEST, lambda _: f"it stands in {words}")


NEAR = 3  # steps up to a container whose name tells of the block
WORDY = 8  # words; shorter blocks are labels, names and numbers
FACTS = (
    Fact("links", lambda v: v["link share"] >= 0.5, lambda v: f"{v['link share']:.0%} of its words are links"),
    Fact("above", lambda v: v["side of core 0.5"] < 0, lambda _: "it stands above the article's paragraphs"),
    Fact("below", lambda v: v["after core's last"] > 0, lambda _: "it stands below the article's last paragraph"),
    Fact("copies", lambda v: v["copies"] > 1, lambda v: f"it stands {v['copies']:.0f} times on the page"),
    Fact(
        "siblings",
        lambda v: (v["signature size"] >= 5) & (v["prose"] == 0),
        lambda v: f"it is one of {v['signature size']:.0f} blocks that are built the same way",
    ),
    Fact(
        "short",
        lambda v: (2 ** v["words"] - 1 < WORDY) & (v["end"] != 1),
        lambda v: f"it is {2 ** v['words'] - 1:.0f} words long and no sentence",
    ),
    Fact(
        "unlike", lambda v: (v["akin"] < 0.15) & (v["stems"] >= 4), lambda _: "its words are not those of the article"
    ),
    Fact("voice", lambda v: v["voice"] == 0, lambda _: "trafilatura leaves it out too"),
    Fact("apart", lambda v: v["up to core"] >= 3, lambda _: "it stands in another part of the page than the article"),
    _named("related", "links to other stories"),
    _named("comments", "readers' comments"),
    _named("share", "a share bar"),
    _named("ads", "an advertisement"),
    _named("navigation", "navigation"),
    _named("side", "a sidebar"),
    _named("foot", "the page's foot"),
    _named("head", "the page's head"),
    _named("tags", "a list of tags"),
    _named("sign-up", "an offer to subscribe"),
    _named("consent", "a notice or a dialog"),
    _named("byline", "a byline or an author's box"),
    _named("stamp", "a date"),
    _named("picture", "a picture or its caption"),
    _named("player", "a player"),
    _named("live", "a ticker or a poll"),
    _named("widget", "a widget"),
    _inside("nav", "navigation"),
    _inside("aside", "an aside"),
    _inside("footer", "a footer"),
    _inside("header", "a header"),
    _inside("form", "a form"),
    _inside("ul", "a list"),
    _inside("figure", "a figure"),
)
OTHERWISE = "by its shape and its place on the page it is no part of the article"


def read_facts(features: Features) -> Array:
    """Which facts are true of which blocks: a row for each block, a column for each of FACTS."""
    columns = dict(zip(features.names, features.rows.T, strict=True))
    return np.stack([fact.holds(columns) for fact in FACTS], axis=1)


def give_reasons(features: Features, weights: Mapping[str, float]) -> list[str]:
    """For each block the facts that tell most against it, in words."""
    telling = read_facts(features) * np.array([max(0.0, weights.get(fact.name, 0.0)) for fact in FACTS])
    best = np.argsort(-telling, axis=1, kind="stable")[:, :MOST_FACTS]
    reasons = []
    for block, chosen in enumerate(best.tolist()):
        values = _Values(features, block)
        words = [FACTS[number].words(values) for number in chosen if telling[block, number] > 0]
        reasons.append("; ".join(words) or OTHERWISE)
    return reasons


class _Values(dict[str, float]):
    """The features of one block by name, each read when it is asked for."""

    def __init__(self, features: Features, block: int) -> None:
        super().__init__()
        self._features, self._block = features, block

    def __missing__(self, name: str) -> float:
        return float(self._features.rows[self._block, self._features.names.index(name)])
