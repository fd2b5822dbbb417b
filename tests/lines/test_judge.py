"""Lines of a text that nobody's wording knows are told by shape, place and neighbours, and each verdict says which."""

from __future__ import annotations

import re

import pytest

import scrub
from scrub.lines.features import FEATURES, feature_hash, read_features
from scrub.lines.judge import REASONS, judge
from scrub.lines.model import MODELS, Kind, line_model
from scrub.text import read_text

# Words of no language, so that only shapes can tell.
BODY = [
    "Ol tarn vesk dorim ant holm, ek salu brin toka venn, ut marel dosk an tirin vol kestar dom ulen.",
    "Karo tilm esk vandor, ut brin salu henn dorim ek toka, sal ven orik ant holm besk ardo nim talu.",
    "Dosk an tirin vol kestar, ek marel toka brin ut sal, venn orik dorim holm esk tarn vandor an ulim.",
    "Ulen vesk toka ardo nim brin, ut henn karo salu dorim, ek tirin vol ant kestar marel besk dom ora.",
    "Sal ven orik tarn holm, ek dorim brin toka an vandor, ut esk salu tilm marel karo dosk ven tirin.",
]
MENU = ["Tarim", "Voska", "Elun", "Brindal", "Kest", "Ormo", "Dalin", "Hesk", "Ulvar", "Sorin", "Pelk", "Anto"]
TITLE = "Tarn holm dorim brin vandor"


def page() -> str:
    return "\n".join([*MENU, TITLE, *BODY, *(f"{a} {b}" for a in MENU for b in MENU[:4])])


def test_the_menus_of_a_whole_page_go_and_its_article_stays() -> None:
    article = scrub.clean_text(page(), only=["lines"])
    assert article.text.startswith("\n".join(BODY))
    assert article.title == TITLE
    assert len(article.kept) <= len(BODY) + 3, "of sixty lines of menus"
    assert any("a page and no article" in warning for warning in article.warnings)


def test_each_verdict_names_what_the_line_is() -> None:
    removed = scrub.clean_text(page(), only=["lines"]).removed
    assert {removal.rule for removal in removed} <= set(REASONS)
    assert all(removal.score is not None and 0 <= removal.score < 0.5 for removal in removed)
    where = {removal.text: removal.rule for removal in removed}
    assert where["Voska"] == "lines.before-body"
    assert where["Anto Brindal"] == "lines.after-body"


def test_an_article_alone_loses_nothing() -> None:
    for text in (
        "\n\n".join([TITLE, *BODY]),
        "\n".join(BODY),
        "\n\n".join([TITLE, *BODY[:2], "Vol kestar", *BODY[2:]]),
    ):
        assert scrub.clean_text(text, only=["lines"]).whole_text == text


def test_a_text_without_a_paragraph_is_left_as_it_is() -> None:
    assert scrub.clean_text("\n".join(MENU), only=["lines"]).whole_text == "\n".join(MENU)


def test_the_model_can_be_switched_off() -> None:
    assert not [removal for removal in scrub.clean_text(page(), keep=["lines"]).removed if removal.category == "lines"]
    assert scrub.clean_text(page(), only=["counters"]).whole_text == page()


def test_cleaning_the_article_of_a_page_again_changes_nothing() -> None:
    once = scrub.clean_text(page()).whole_text
    assert scrub.clean_text(once).whole_text == once


@pytest.mark.parametrize("kind", MODELS)
def test_models_and_features_belong_together(kind: Kind) -> None:
    assert f'"features": "{feature_hash()}"' in MODELS[kind].read_text()
    assert all(max(tree.features) < len(FEATURES) for tree in line_model(kind).trees)
    assert MODELS[kind].stat().st_size < 250_000


@pytest.mark.parametrize("kind", MODELS)
def test_a_line_that_is_clear_early_ends_on_the_same_side(kind: Kind) -> None:
    model = line_model(kind)
    patient = model._replace(exits={})
    lines = page().split("\n")
    for row in read_features(lines, [0] * len(lines)):
        assert (model.score(row) < model.threshold) == (patient.score(row) < model.threshold)


def test_every_line_has_a_row_and_no_row_knows_a_word() -> None:
    lines = page().split("\n")
    rows = read_features(lines, [0] * len(lines))
    assert {len(row) for row in rows} == {len(FEATURES)}
    other = [re.sub(r"[aeiou]", "e", line) for line in lines]
    assert [row[:16] for row in read_features(other, [0] * len(other))] == [row[:16] for row in rows]


@pytest.mark.parametrize("text", ["", "x", "\n\n", "a\nb\nc\nd", "。\n。\n。\n。\n。"])
def test_texts_with_nothing_to_tell_by_are_not_judged(text: str) -> None:
    document = read_text(text)
    assert judge(document) == document
