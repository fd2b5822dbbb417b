"""Train the block model, and write it with its model card.

    python bench/train_blocks.py [--corpora DIR] [--check]

From the marked pages of fundus, wcxb and readability (not of DAnIEL, whose licence forbids it). The figures are by
folds over publishers; the seed is fixed. `--check` trains again and says whether the figures are within 0.002 of those
in the model card.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from catboost import CatBoost, Pool

from block_pages import COPIES, Array, Marked, Rows, feature_names, marked_pages, read_marked, rows_of
from scrub.html.block_model import MODEL, BlockModel, block_model
from scrub.html.confidence import confidence, doubt, read_signs
from scrub.html.facts import FACTS, read_facts
from scrub.html.features import Features
from scrub.html.judge import DOUBTFUL

ROOT = Path(__file__).parent.parent
CORPORA = ROOT.parent / "shared" / "corpora"
sys.path.insert(0, str(CORPORA.parent / "evaluate"))
from score import PageScore, SetScore, score_page  # type: ignore[import-not-found]  # noqa: E402  # lies beside the corpora

CARD = MODEL.with_name("block-model-card.md")
SETS = ("fundus", "readability", "wcxb")
FOLDS = 3
RIGHT, SURE = 0.9, 0.9  # F1 of a page above which its text counts as right; confidence that a user may rely on
THRESHOLDS = (0.35, 0.4, 0.45, 0.5, 0.55)
PARAMETERS: dict[str, Any] = {
    "loss_function": "CrossEntropy", "iterations": 320, "depth": 6, "learning_rate": 0.1, "l2_leaf_reg": 5, "rsm": 0.3,
    "border_count": 64, "bootstrap_type": "Bernoulli", "subsample": 0.6, "min_data_in_leaf": 40, "random_seed": 1,
    "thread_count": 2, "verbose": 0, "allow_writing_files": False,
}  # fmt: skip
LINKED_KEPT = 0.3  # of short blocks that are links and no article, which are most of all and easy
CLOSE = 0.002  # what figures of two trainings may differ by
SCALE = 10_000  # leaves are whole numbers of this part


class Page(NamedTuple):
    """What is left of a marked page to score by: texts of its blocks, the one that is the title, the marked text."""

    texts: list[str]
    title: int | None
    text: str


def load(corpora: Path) -> tuple[dict[str, Page], list[Rows]]:
    """All pages, and their rows and those of their copies."""
    pages: dict[str, Page] = {}
    rows: list[Rows] = []
    jobs = [(name, row, html) for name in SETS for row, html in marked_pages(corpora, name)]
    with ProcessPoolExecutor() as pool:
        for marked, own in pool.map(_read, jobs, range(len(jobs)), chunksize=8):
            texts = [block.text for block in marked.page.blocks]
            pages[marked.id] = Page(texts, marked.title, marked.text)
            rows += own
    return pages, rows


def _read(job: tuple[str, dict[str, Any], bytes], seed: int) -> tuple[Marked, list[Rows]]:
    marked = read_marked(*job)
    return marked, list(rows_of(marked, random.Random(seed), COPIES[job[0]]))


def train(rows: Sequence[Rows], names: Sequence[str]) -> CatBoost:
    features = np.concatenate([one.features for one in rows])
    labels = np.concatenate([one.labels for one in rows])
    weights = np.concatenate([one.weights for one in rows])
    links, length = features[:, names.index("link share")], features[:, names.index("length")]
    easy = (labels < 0.05) & (links > 0.6) & (length < 6)
    kept = ~easy | (np.random.default_rng(1).random(len(labels)) < LINKED_KEPT)
    weights = np.where(easy, weights / LINKED_KEPT, weights)
    model = CatBoost(PARAMETERS)
    model.fit(Pool(features[kept], labels[kept], weight=weights[kept]))
    return model


def export(
    model: CatBoost,
    names: Sequence[str],
    threshold: float,
    weights: Mapping[str, float],
    fitted: Mapping[str, Sequence[float]],
) -> dict[str, Any]:
    """The model as plain data; only the columns that it asks for are named."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        model.save_model(file.name, format="json")
        data = json.loads(Path(file.name).read_bytes())
    scale, [bias] = data["scale_and_bias"]
    trees = [tree for tree in data["oblivious_trees"] if tree["splits"]]
    asked = sorted({split["float_feature_index"] for tree in trees for split in tree["splits"]})
    places = {number: place for place, number in enumerate(asked)}
    levels = PARAMETERS["depth"]
    columns, borders, leaves = [], [], []
    for tree in trees:
        splits = tree["splits"]
        missing = levels - len(splits)  # of a shallow tree the leaves are doubled: what is not asked does not matter
        columns.append([places[s["float_feature_index"]] for s in splits] + [0] * missing)
        borders.append([float(f"{s['border']:.7g}") for s in splits] + [0.0] * missing)
        leaves.append([round(scale * value * SCALE) for value in tree["leaf_values"]] * 2**missing)
    version = f"{len(trees)}-{abs(hash(tuple(map(tuple, leaves)))) % 16**6:06x}"
    return {
        "version": version,
        "features": [names[number] for number in asked],
        "scale": SCALE,
        "bias": round(bias, 6),
        "threshold": threshold,
        "weights": dict(weights),
        "confidence": dict(fitted),
        "columns": columns,
        "borders": borders,
        "leaves": leaves,
    }


def publisher_folds(rows: Iterable[Rows]) -> dict[str, int]:
    """A fold for each publisher."""
    publishers = sorted({one.publisher for one in rows})
    random.Random(0).shuffle(publishers)
    return {name: number % FOLDS for number, name in enumerate(publishers)}


def scores_by_folds(rows: Sequence[Rows], names: Sequence[str]) -> dict[tuple[str, bool], Array]:
    """For each page, with and without the voice, the scores of a model that has seen no page of its publisher."""
    fold = publisher_folds(rows)
    scores: dict[tuple[str, bool], Array] = {}
    for number in range(FOLDS):
        model = train([one for one in rows if fold[one.publisher] != number], names)
        for one in rows:
            if one.original and fold[one.publisher] == number:
                scores[one.page, one.voiced] = model.predict(one.features, prediction_type="Probability")[:, 1]
    return scores


def measure(pages: Mapping[str, Page], scores: Mapping[tuple[str, bool], Array], threshold: float) -> dict[str, float]:
    """F1 by set, with the voice where the model asks for it, and (`fast`) without it."""
    figures = {}
    for name in SETS:
        for fast in (False, True):
            found = SetScore()
            for page in (page for page in pages if page.startswith(name) and (page, False) in scores):
                own = scores[page, False] if fast else deciding(pages[page], scores, page, threshold)
                found.pages.append(score(page, pages[page], own, threshold))
            figures[f"{name}{', fast' if fast else ''}"] = round(found.row()["f1"], 4)
    return figures


def deciding(page: Page, scores: Mapping[tuple[str, bool], Array], name: str, threshold: float) -> Array:
    """The scores that decide, as `scrub.html.judge` has them."""
    alone = scores[name, False]
    lengths = np.array([len(text) for text in page.texts])
    if (name, True) not in scores or doubt(alone, lengths, threshold) <= DOUBTFUL:
        return alone
    return np.asarray((alone + scores[name, True]) / 2)


def score(name: str, page: Page, scores: Array, threshold: float) -> PageScore:
    """How near the text of the blocks that stay comes to the marked one."""
    kept = [text for k, text in enumerate(page.texts) if scores[k] >= threshold and k != page.title]
    return score_page(name, "\n".join(kept), page.text)


def fit_confidence(
    pages: Mapping[str, Page], scores: Mapping[tuple[str, bool], Array], threshold: float
) -> tuple[dict[str, list[float]], dict[str, float]]:
    """What `scrub.html.confidence` needs, and how well it does: fitted on all pages, measured by folds over pages."""
    signs, right = [], []
    for name, page in pages.items():
        if (name, False) in scores:
            own, lengths = deciding(page, scores, name, threshold), np.array([len(text) for text in page.texts])
            signs.append(read_signs(scores[name, False], own, lengths, threshold))
            right.append(score(name, page, own, threshold).f1 > RIGHT)
    rows, marks = np.array(signs), np.array(right)
    number = np.random.default_rng(0).integers(0, 4, len(rows))
    found = np.zeros(len(rows))
    for fold in range(4):
        fitted = _fit(rows[number != fold], marks[number != fold])
        found[number == fold] = [confidence(one, fitted) for one in rows[number == fold]]
    safe, low = found >= SURE, np.argsort(found)[: len(found) // 10]
    return _fit(rows, marks), {
        f"pages with a confidence of {SURE} and above": round(float(safe.mean()), 3),
        f"of these, F1 above {RIGHT}": round(float(marks[safe].mean()), 3),
        f"of the tenth with the lowest confidence, F1 below {RIGHT}": round(float(1 - marks[low].mean()), 3),
    }


def _fit(rows: Array, marks: Array) -> dict[str, list[float]]:
    """A logistic regression, by Newton's method, with a ridge of 1 on all but the constant."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    scaled = np.column_stack([np.ones(len(rows)), (rows - mean) / spread])
    ridge = np.diag([0.0, *np.ones(rows.shape[1])])
    weights = np.zeros(scaled.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (chance - marks) + ridge @ weights
        weights -= np.linalg.solve(scaled.T @ (scaled * (chance * (1 - chance))[:, None]) + ridge, slope)
    return {name: np.round(v, 4).tolist() for name, v in (("mean", mean), ("spread", spread), ("weights", weights))}


def weigh_facts(rows: Iterable[Rows], names: tuple[str, ...]) -> dict[str, float]:
    """How much each fact tells against a block: the logarithm of how many times as often it is true of other blocks as
    of the article's."""
    others, article = np.ones(len(FACTS)), np.ones(len(FACTS))
    for one in (one for one in rows if one.original and one.voiced):
        true = read_facts(Features(names, one.features))
        others += ((1 - one.labels) * one.weights) @ true
        article += (one.labels * one.weights) @ true
    all_others = sum(((1 - one.labels) * one.weights).sum() for one in rows if one.original and one.voiced)
    all_article = sum((one.labels * one.weights).sum() for one in rows if one.original and one.voiced)
    weights = np.log(others / all_others) - np.log(article / all_article)
    return {fact.name: round(float(weight), 2) for fact, weight in zip(FACTS, weights, strict=True)}


def write_card(pages: Mapping[str, Page], rows: Sequence[Rows], figures: Mapping[str, float], threshold: float) -> None:
    table = "".join(f"| {name} | {value} |\n" for name, value in figures.items())
    CARD.write_text(
        f"""# The block model

Says of a block of a page how likely it is article, from {len(feature_names())} numbers about its shape, its containers,
its place and its neighbours; no text of a page, no publisher and no words of a language, but for the template names of
`names.py`. {PARAMETERS["iterations"]} symmetric trees of depth {PARAMETERS["depth"]} (CatBoost), run with numpy.

- Trained by `make train` on {len(pages)} marked pages of {len({one.publisher for one in rows})} publishers: fundus
  (MIT), wcxb (CC BY 4.0), readability (Apache-2.0); the pages are their publishers'. The manifest with repositories,
  commits, paths and checksums lies beside the corpora.
- Beside each page stand copies: with the first part of the article alone, without class names, with plain tags. The
  voice of trafilatura is one more feature, and missing in half of the rows, so the model works without it.
- Not trained on the pages of the DAnIEL corpus, whose licence forbids it.
- The threshold is {threshold}. By {FOLDS} folds over publishers, blocks alone, before any rule:

| F1 of the text, and how far confidence can be relied on | |
|---|---|
{table}"""
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    pages, rows = load(arguments.corpora)
    names = feature_names()
    scores = scores_by_folds(rows, names)
    tried = {threshold: measure(pages, scores, threshold) for threshold in THRESHOLDS}
    for threshold, row in tried.items():
        print(threshold, row, flush=True)
    counts = {name: sum(page.startswith(name) for page in pages) for name in SETS}
    threshold = max(tried, key=lambda one: sum(sqrt(counts[name]) * tried[one][name] for name in SETS))
    fitted, sureness = fit_confidence(pages, scores, threshold)
    figures = tried[threshold] | sureness
    print(threshold, figures)
    if arguments.check:
        known = [float(cell) for cell in re.findall(r"\| ([0-9.]+) \|$", CARD.read_text(), re.MULTILINE)]
        return int(any(abs(a - b) > CLOSE for a, b in zip(known, figures.values(), strict=True)))
    model = train(rows, names)
    data = export(model, names, threshold, weigh_facts(rows, names), fitted)
    MODEL.write_text(json.dumps(data, separators=(",", ":")) + "\n")
    write_card(pages, rows, figures, threshold)
    return int(not agrees(model, block_model(), rows, names))


def agrees(trained: CatBoost, shipped: BlockModel, rows: Sequence[Rows], names: tuple[str, ...]) -> bool:
    """Whether the written model gives the trained one's scores."""
    sample = np.concatenate([one.features for one in rows[:20]])
    theirs = trained.predict(sample, prediction_type="Probability")[:, 1]
    return bool(np.abs(shipped.score(Features(names, sample)) - theirs).max() < 0.002)


if __name__ == "__main__":
    sys.exit(main())
