"""What counts as the same when a wording is compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.rules.fold import fold, fold_phrase, fold_with_offsets


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RELATED:", "Related"),
        ("Don’t miss", "Don't miss"),
        ("“Quoted”", '"Quoted"'),
        ("Read\u00a0more", "Read more"),
        ("Read\u200b more\u200b", "Read more"),
        ("  Read   more  ", "Read more"),
        ("Read\nmore", "Read more"),
        ("» Read more »", "Read more"),
        ("À lire aussi", "A lire aussi"),
        ("Ｒｅａｄ ｍｏｒｅ", "Read more"),
        ("İLGİLİ HABERLER", "ilgili haberler"),
        ("ILGILI haberler", "ilgili haberler"),
        ("Straße", "STRASSE"),
        ("Łódź", "Lodz"),
        ("اقــرأ", "اقرأ"),
        ("اِقرأ", "اقرأ"),
        ("cafe\u0301", "café"),
        ("News — now", "News - now"),
        ("Visited 1,204 times", "Visited 3 times"),
        ("1.2K views", "57 views"),
        ("١٢٠ views", "120 views"),
        ("12 345 views", "1 views"),
    ],
)
def test_these_count_as_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("views", "# views"), ("が", "か"), ("C# guide", "C 5 guide"), ("related", "relate"), ("3 4", "34")],
)
def test_these_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_a_phrase_folds_like_the_text_that_it_is_found_in() -> None:
    assert fold_phrase("(Visited # times, # visits today)") == fold("(visited 1,204 times, 3 visits today)")


@given(st.text())
def test_folding_twice_changes_nothing_but_number_signs(text: str) -> None:
    once = fold(text).replace("#", "1")
    assert fold(once) == fold(fold(once).replace("#", "1"))


@given(st.text())
def test_offsets_lead_back_to_the_text(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets)
    assert all(0 <= offset <= len(text) for offset in offsets)


def test_an_offset_is_where_the_folded_character_came_from() -> None:
    text = "  Views:\u00a01,204  today"
    folded, offsets = fold_with_offsets(text)
    assert folded == "views: # today"
    assert text[offsets[folded.index("#")] :].startswith("1,204")
    assert text[offsets[folded.index("today")] :] == "today"
