"""The packs that ship: each rule's own case, and each class's blind look-alikes."""

from __future__ import annotations

from collections import Counter

import pytest

from scrub.cases import check_cases
from scrub.rules import shipped
from scrub.rules.read import read_pack

PACKS = sorted(shipped.PACKS.glob("*.toml"))


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_every_case_comes_out(path: object) -> None:
    failures = check_cases(read_pack(path))  # type: ignore[arg-type]
    assert [(f.rule.rule.id, f.line, f.happened) for f in failures] == []


def test_the_generated_file_is_fresh() -> None:
    assert shipped.main(["--check"]) == 0


def test_what_ships_is_what_the_packs_say() -> None:
    _, rules = shipped.read_shipped()
    assert list(rules) == [sourced.rule for path in PACKS for sourced in read_pack(path)]


def test_every_class_of_boilerplate_has_a_pack() -> None:
    classes = set(
        "ads agency appeals byline comments counters furniture legal media newsletter related repeat share source "
        "stamps subscribe tags".split()
    )
    assert classes <= {path.stem for path in PACKS}


def test_ids_are_unique_over_all_packs() -> None:
    _, rules = shipped.read_shipped()
    assert [name for name, count in Counter(rule.id for rule in rules).items() if count > 1] == []
