"""The packs that ship: each rule's own case, and each class's blind look-alikes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from scrub.cases import check_cases
from scrub.rules import shipped
from scrub.rules.read import read_pack, read_packs
from scrub.rules.rule import anchored_phrases, table_of

PACKS = sorted(shipped.PACKS.glob("*.toml"))
LANGUAGES = sorted(shipped.PACKS.glob("languages/*.toml"))
BASES = {sourced.rule.id: sourced.rule for path in PACKS for sourced in read_pack(path)}


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_every_case_of_a_class_comes_out(path: Path) -> None:
    failures = check_cases(read_pack(path))
    assert [(f.rule.rule.id, f.line, f.happened) for f in failures] == []


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_every_case_of_a_language_comes_out(path: Path) -> None:
    failures = check_cases(read_pack(path, BASES))
    assert [(f.rule.rule.id, f.line, f.happened) for f in failures] == []


def test_what_ships_is_what_the_packs_say() -> None:
    found = shipped.read_shipped()
    said = shipped.order_rules([sourced.rule for sourced in read_packs(shipped.PACKS)])
    assert [rule._replace(stored=-1) for rule in found.rules] == [rule._replace(phrases=()) for rule in said]
    wordings = [(n, table_of(rule), phrase) for n, rule in enumerate(said) for phrase in anchored_phrases(rule)]
    assert sorted(found.store.all_phrases()) == sorted(wordings)


def test_every_phrase_is_found_in_a_text_that_has_it() -> None:
    store = shipped.read_shipped().store
    for wording in list(store.all_phrases())[::9]:
        assert wording in store.phrases_among(f"before it {wording[2]} after it")


def test_every_literal_is_found_in_a_text_that_has_it() -> None:
    store = shipped.read_shipped().store
    for literal, owners in store.all_literals().items():
        assert store.literals_among(f"\nbefore it {literal} after it\n").get(literal) == owners


def test_every_class_of_boilerplate_has_a_pack() -> None:
    classes = set(
        "ads agency appeals byline comments counters furniture legal media newsletter related repeat share source "
        "stamps subscribe tags".split()
    )
    assert classes <= {path.stem for path in PACKS}


def test_ids_are_unique_over_all_packs() -> None:
    rules = [(sourced.rule.id, sourced.rule.languages) for path in PACKS for sourced in read_pack(path)]
    assert [name for name, count in Counter(name for name, _ in rules).items() if count > 1] == []
