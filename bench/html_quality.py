"""How well articles are extracted from marked pages, by folds over publishers, and what each part brings.

    python bench/html_quality.py [--corpora DIR]

For each set: trafilatura; the block model alone, without and with trafilatura's voice where it has doubts; and the
whole with the rules after it. The pages of fundus, wcxb and readability are cleaned by a model that saw none of their
publisher; those of DAnIEL, which nothing is trained on, by the one that ships. CPU is of one run, beside trafilatura's
for the same pages.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import trafilatura

from block_pages import feature_names, marked_pages
from scrub.errors import ScrubError
from scrub.html import judge as judging
from scrub.html.block_model import BlockModel, block_model, read_model
from scrub.model import Page
from scrub.pipeline import clean_page, rule_set, shipped_rules
from train_blocks import CORPORA, FOLDS, SETS, export, load, publisher_folds, train

sys.path.insert(0, str(CORPORA.parent / "evaluate"))
from score import LineScore, SetScore, score_page  # type: ignore[import-not-found]

Extract = Callable[[bytes, str | None], str]


def ask_trafilatura(html: bytes, url: str | None) -> str:
    found = trafilatura.extract(html, url=url, output_format="json", with_metadata=True, include_comments=False)
    return str(json.loads(found)["text"]) if found else ""


def ask_scrub(html: bytes, url: str | None, *, rules: bool, fast: bool) -> str:
    chosen = shipped_rules() if rules else rule_set(only=["html", "score"])
    try:
        return clean_page(Page(html, url, kind="html"), chosen, fast=fast).text
    except ScrubError:
        return ""


SYSTEMS: dict[str, Extract] = {
    "trafilatura": ask_trafilatura,
    "the block model alone": partial(ask_scrub, rules=False, fast=True),
    "and trafilatura's voice": partial(ask_scrub, rules=False, fast=False),
    "scrub --fast": partial(ask_scrub, rules=True, fast=True),
    "scrub": partial(ask_scrub, rules=True, fast=False),
}


class Figures:
    """What one system did on one set."""

    def __init__(self) -> None:
        self.pages, self.lines, self.seconds = SetScore(), LineScore(), 0.0

    def add(self, extract: Extract, row: dict[str, Any], html: bytes) -> None:
        start = time.process_time()
        text = extract(html, row.get("url"))
        self.seconds += time.process_time() - start
        self.pages.pages.append(score_page(row["id"], text, row["text"]))
        self.lines.add(row["id"], f"{text}\n{row['text']}", text, row["text"])

    def line(self) -> str:
        row = self.pages.row()
        milliseconds = 1000 * self.seconds / len(self.pages.pages)
        return (
            f"F1 {row['f1']:.4f}  precision {row['precision']:.4f}  recall {row['recall']:.4f}  boilerplate left "
            f"{self.lines.junk_left:5d}  article lost {self.lines.article_lost:5d}  {milliseconds:5.1f} ms"
        )


def models(corpora: Path) -> tuple[dict[str, int], list[BlockModel]]:
    """For each page its fold, and for each fold a model that has seen none of its publishers."""
    _, rows = load(corpora)
    names, fold = feature_names(), publisher_folds(rows)
    shipped = block_model()
    found = []
    for number in range(FOLDS):
        model = train([one for one in rows if fold[one.publisher] != number], names)
        found.append(read_model(export(model, names, shipped.threshold, shipped.weights, shipped.confidence)))
    return {one.page: fold[one.publisher] for one in rows}, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    corpora = parser.parse_args().corpora
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    fold, trained = models(corpora)
    for name in (*SETS, "daniel"):
        figures = {system: Figures() for system in SYSTEMS}
        for row, html in marked_pages(corpora, name):
            number = fold.get(f"{name}/{row['id']}")
            shipped = block_model() if number is None else trained[number]
            with mock.patch.object(judging, "block_model", return_value=shipped):
                for system, extract in SYSTEMS.items():
                    figures[system].add(extract, row, html)
        for system, found in figures.items():
            print(f"{name:<12} {system:<26} {found.line()}", flush=True)


if __name__ == "__main__":
    main()
