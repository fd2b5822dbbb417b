"""Train the line models, and write them with their model card.

    python bench/train_lines.py [--corpora DIR] [--texts FILE.jsonl.gz ...] [--check]

From `text.jsonl.gz` of the corpora, all but its `*-old` texts (their licence forbids it), and from what extractors make
of the other marked pages (`bench/extract_texts.py` writes that). Folds by publisher choose the thresholds; the seed is
fixed. `--check` trains again and says whether the figures are within 0.002 of those in the model card.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from math import ceil, exp, floor, log, sqrt
from pathlib import Path
from typing import Any, NamedTuple

import lightgbm
import numpy as np

from scrub.lines import judge
from scrub.lines.features import FEATURES, feature_hash, read_features
from scrub.lines.model import MODELS, Kind
from scrub.text import read_text

ROOT = Path(__file__).parent.parent
CORPORA = ROOT.parent / "shared" / "corpora"
CARD = MODELS["article"].with_name("model-card.md")
FOLDS = 4
ROUNDS = 110
PARAMETERS: dict[str, Any] = {
    "objective": "cross_entropy", "learning_rate": 0.1, "num_leaves": 24, "min_data_in_leaf": 80,
    "feature_fraction": 0.5, "bagging_fraction": 0.6, "bagging_freq": 1, "lambda_l2": 5, "verbose": -1, "seed": 1,
    "num_threads": 2, "deterministic": True, "force_row_wise": True,
}  # fmt: skip
SHORTENED, SHORTEST = 0.7, 30  # how many copies are shortened; tokens that stay at least
AUGMENTED_WEIGHT = 0.6
NEGATIVES_KEPT = 0.5
# Share of marked article lines that the thresholds may cost. In a page most of these stand a second time, as teaser,
# caption or menu, so that what is lost of the text is less than half.
MOST_LOST: dict[Kind, float] = {"article": 0.0015, "page": 0.05}
EXITS = (10, 20, 40)  # trees after which it is asked whether a line is clear
_WIDE = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f"
_TOKEN = re.compile(rf"[{_WIDE}]|[^\W{_WIDE}]+")


class Text(NamedTuple):
    """A text as rows of features, each line with its label (the share of it that is article; -1: not told)."""

    publisher: str
    rows: np.ndarray[Any, np.dtype[np.float32]]
    labels: np.ndarray[Any, np.dtype[np.float64]]
    weights: np.ndarray[Any, np.dtype[np.float64]]
    kind: Kind
    choosing: bool


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.lower())


def label_lines(lines: Sequence[str], marked: str) -> list[float]:
    """For each line the share of its 3-token runs that the marked text has; -1 where a line is too short to tell."""
    gold = tokens(marked)
    joined = f" {' '.join(gold)} "
    runs = {tuple(gold[k : k + 3]) for k in range(len(gold) - 2)}
    labels = []
    for found in map(tokens, lines):
        if len(found) < 3:
            inside = bool(found) and f" {' '.join(found)} " in joined
            labels.append((1.0 if len(found) == 2 else -1.0) if inside else (0.0 if found else -1.0))
        else:
            labels.append(sum(tuple(found[k : k + 3]) in runs for k in range(len(found) - 2)) / (len(found) - 2))
    return labels


def make_text(
    publisher: str,
    lines: list[str],
    paragraphs: list[int],
    labels: list[float],
    weight: float = 1.0,
    *,
    choosing: bool = False,
) -> Text:
    rows = read_features(lines, paragraphs)
    title = judge.find_title(lines, rows)
    told = [-1.0 if index == title else label for index, label in enumerate(labels)]
    weights = [weight * sqrt(len(tokens(line)) + 1) for line in lines]
    kind: Kind = "page" if judge.is_page(rows) else "article"
    return Text(publisher, np.array(rows, dtype=np.float32), np.array(told), np.array(weights), kind, choosing)


def shorten(
    lines: list[str], paragraphs: list[int], labels: list[float], dice: random.Random
) -> tuple[list[str], list[int], list[float]]:
    """A copy with only the first part of its article, and often with other blank lines."""
    total = sum(len(tokens(line)) for line, label in zip(lines, labels, strict=True) if label > 0.5)
    most = exp(dice.uniform(log(SHORTEST), log(max(SHORTEST + 1, 0.6 * total)))) if dice.random() < SHORTENED else total
    kept, size = [], 0
    for index, (line, label) in enumerate(zip(lines, labels, strict=True)):
        if label <= 0.5 or size <= most:
            kept.append(index)
        size += len(tokens(line)) if label > 0.5 else 0
    blank = dice.random()
    numbers = (
        [0] * len(kept) if blank < 0.25 else list(range(len(kept))) if blank < 0.4 else [paragraphs[k] for k in kept]
    )
    return [lines[k] for k in kept], numbers, [labels[k] for k in kept]


def publishers(corpora: Path) -> dict[str, str]:
    """The host of each marked page."""
    hosts: dict[str, str] = {}
    for name in ("fundus", "wcxb", "readability"):
        with gzip.open(corpora / name / "gold.jsonl.gz", "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                host = re.sub(r"^https?://(www\d?\.)?|[/:?#].*", "", row.get("url") or "")
                hosts[f"{name}/{row['id']}"] = host if host not in ("", "fakehost") else row["id"]
    return hosts


def read_rows(files: Sequence[Path]) -> Iterator[tuple[dict[str, str], bool]]:
    """The rows that may be trained on, and whether thresholds are chosen on them: on those of the first file, of which
    half are news as they are read; the others are mostly guides and blogs."""
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as rows:
            yield from ((row, file == files[0]) for row in map(json.loads, rows) if not row["source"].endswith("-old"))


def load(files: Sequence[Path], corpora: Path) -> tuple[list[Text], list[Text]]:
    """The texts, and their augmented copies."""
    hosts, dice = publishers(corpora), random.Random(0)
    texts, copies = [], []
    for row, choosing in read_rows(files):
        blocks = read_text(row["text"]).blocks
        lines, paragraphs = [block.text for block in blocks], [block.paragraph for block in blocks]
        if len(lines) < judge.FEWEST_LINES:
            continue
        labels = label_lines(lines, row["gold"])
        publisher = hosts.get(row["id"], row["id"])
        texts.append(make_text(publisher, lines, paragraphs, labels, choosing=choosing))
        short = shorten(lines, paragraphs, labels, dice)
        if short[0]:
            copies.append(make_text(publisher, *short, AUGMENTED_WEIGHT))
    return texts, copies


def train(texts: Sequence[Text]) -> dict[Kind, lightgbm.Booster]:
    """The model for pages, of pages alone; that for articles of all texts, since pages teach it too."""
    return {"article": _train(texts), "page": _train([text for text in texts if text.kind == "page"])}


def _train(texts: Sequence[Text]) -> lightgbm.Booster:
    rows = np.concatenate([text.rows for text in texts])
    labels = np.concatenate([text.labels for text in texts])
    weights = np.concatenate([text.weights for text in texts])
    kept = (labels > 0.2) | (np.random.default_rng(0).random(len(labels)) < NEGATIVES_KEPT)
    weights = np.where(labels <= 0.2, weights / NEGATIVES_KEPT, weights)
    chosen = kept & (labels >= 0)
    data = lightgbm.Dataset(rows[chosen], labels[chosen], weight=weights[chosen], feature_name=list(FEATURES))
    return lightgbm.train(PARAMETERS, data, ROUNDS)


def predict_by_folds(texts: Sequence[Text], copies: Sequence[Text]) -> list[np.ndarray[Any, Any]]:
    """For each text the scores of a model that has seen no text of its publisher."""
    names = sorted({text.publisher for text in texts})
    random.Random(0).shuffle(names)
    fold = {name: number % FOLDS for number, name in enumerate(names)}
    scores: list[np.ndarray[Any, Any]] = [np.zeros(0)] * len(texts)
    for number in range(FOLDS):
        boosters = train([text for text in [*texts, *copies] if fold[text.publisher] != number])
        for place, text in enumerate(texts):
            if fold[text.publisher] == number:
                scores[place] = np.asarray(boosters[text.kind].predict(text.rows))
    return scores


def choose_thresholds(texts: Sequence[Text], scores: Sequence[np.ndarray[Any, Any]]) -> dict[Kind, dict[str, float]]:
    """For both kinds of text the threshold that loses the share of article lines that it may, and what it takes."""
    chosen: dict[Kind, dict[str, float]] = {}
    for kind, most in MOST_LOST.items():
        asked = [
            (score, label)
            for text, own in zip(texts, scores, strict=True)
            if text.choosing and text.kind == kind
            for row, score, label in zip(text.rows, own, text.labels, strict=True)
            if label >= 0 and not judge.is_sure(row)
        ]
        everything = sum((text.labels >= 0.8).sum() for text in texts if text.choosing and text.kind == kind)
        article = sorted(score for score, label in asked if label >= 0.8)
        threshold = min(0.5, float(article[min(len(article) - 1, int(most * everything))]))
        junk = [score for score, label in asked if label <= 0.2]
        chosen[kind] = {
            "threshold": round(threshold, 4),
            "article lines lost": round(sum(score < threshold for score in article) / everything, 4),
            "other lines taken": round(sum(score < threshold for score in junk) / len(junk), 4),
        }
    return chosen


def flatten(tree: dict[str, Any]) -> list[list[float]]:
    """A tree of LightGBM's dump as five lists, as `scrub.lines.model.Tree` has them."""
    features: list[float] = []
    thresholds: list[float] = []
    left: list[float] = []
    right: list[float] = []
    values: list[float] = []

    def walk(node: dict[str, Any]) -> int:
        if "leaf_value" in node:
            values.append(round(node["leaf_value"], 5))
            return ~(len(values) - 1)
        number = len(features)
        features.append(node["split_feature"])
        thresholds.append(float(f"{node['threshold']:.6g}"))
        left.append(0)
        right.append(0)
        left[number], right[number] = walk(node["left_child"]), walk(node["right_child"])
        return number

    if walk(tree["tree_structure"]) < 0:  # a tree of a single leaf: ask anything, it always ends there
        features, thresholds, left, right = [0], [0.0], [-1], [-1]
    return [features, thresholds, left, right, values]


def find_exits(booster: lightgbm.Booster, texts: Sequence[Text], lowest: float, threshold: float) -> dict[int, Any]:
    """After so many trees the log-odds below which every line of the texts ends below `lowest`, and above which every
    one ends above `threshold`."""
    rows = np.concatenate([text.rows for text in texts])
    final = np.asarray(booster.predict(rows, raw_score=True))
    low, high = (log(p / (1 - p)) for p in (lowest, threshold))
    exits = {}
    for count in EXITS:
        early = np.asarray(booster.predict(rows, raw_score=True, num_iteration=count))
        below, above = min(low, early[final >= low].min()), max(high, early[final <= high].max())
        exits[count] = [floor(100 * below) / 100, ceil(100 * above) / 100]
    return exits


def write_model(kind: Kind, booster: lightgbm.Booster, texts: Sequence[Text], threshold: float) -> None:
    trees = [flatten(tree) for tree in booster.dump_model()["tree_info"]]
    lowest = threshold / (judge.DOUBT if kind == "article" else 1)
    head = {
        "features": feature_hash(),
        "version": f"{feature_hash()[:6]}-{len(trees)}",
        "threshold": threshold,
        "exits": find_exits(booster, [text for text in texts if text.kind == kind], lowest, threshold),
    }
    lines = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in trees)
    MODELS[kind].write_text(f'{json.dumps(head)[:-1]},\n"trees": [\n{lines}\n]}}\n')


def write_card(texts: Sequence[Text], figures: dict[Kind, dict[str, float]]) -> None:
    rows = "".join(
        f"| {kind} | {row['threshold']} | {row['article lines lost']} | {row['other lines taken']} |\n"
        for kind, row in figures.items()
    )
    CARD.write_text(
        f"""# The line models

Say of a line of plain text how likely it is article, from {len(FEATURES)} numbers about its shape, place and
neighbours; no words of any language. Boosted trees (LightGBM, {ROUNDS} trees of {PARAMETERS["num_leaves"]} leaves),
walked in plain code: one model for the lines of articles, and one, trained on whole pages alone, for those of pages.
They decide nothing alone: `judge.py` names what a line is, and every rule may overrule them.

- Trained by `make train-lines` on {len(texts)} texts of {len({text.publisher for text in texts})} publishers: what
  trafilatura, newspaper4k, readability, goose3, resiliparse and inscriptis make of marked pages (fundus: MIT, wcxb:
  CC BY 4.0, readability: Apache-2.0; the pages are their publishers'), and one shortened copy of each.
- Not trained on the pages of the DAnIEL corpus, whose licence forbids it.
- The thresholds are chosen by {FOLDS} folds over publishers, so that of the marked article lines not more are lost than
  {MOST_LOST["article"]:.1%} in articles and {MOST_LOST["page"]:.1%} in whole pages.

| kind of text | threshold | article lines lost | other lines taken |
|---|---|---|---|
{rows}
"""
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    parser.add_argument("--texts", type=Path, action="append", default=[])
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    texts, copies = load([arguments.corpora / "text.jsonl.gz", *arguments.texts], arguments.corpora)
    figures = choose_thresholds(texts, predict_by_folds(texts, copies))
    print(json.dumps(figures, indent=1))
    if arguments.check:
        known = [float(cell) for cell in re.findall(r"\| ([0-9.]+) ", CARD.read_text())]
        fresh = [value for row in figures.values() for value in row.values()]
        return int(any(abs(a - b) > 0.002 for a, b in zip(known, fresh, strict=True)))
    for kind, booster in train([*texts, *copies]).items():
        write_model(kind, booster, texts, figures[kind]["threshold"])
    write_card(texts, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
