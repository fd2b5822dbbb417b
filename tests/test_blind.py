"""Texts written by somebody who had not seen the rules: what must go, and what only looks as if it must.

`cases/lookalikes` holds articles, parted by `=====`, of which every line is article. `cases/holdout` holds one piece of
boilerplate a line, ` ¶ ` where it has several lines; it is put after, before and between the paragraphs of a story.
The rules are not written after these files: they tell how the rules do on wordings that nobody gave them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import scrub
from conftest import CASES
from scrub.rules.shipped import PACKS
from scrub.shape import is_prose

LOOKALIKES = sorted((CASES / "lookalikes").glob("*.txt"))
HOLDOUT = sorted((CASES / "holdout").glob("*.txt"))

TITLE = "Harbour town votes to keep its lighthouse"
STORY = [
    "The lighthouse at the end of the old pier will stay where it is, the people of the town decided on Sunday.",
    "Seven in ten of those who voted were against the plan to move it to the museum, the clerk of the council said.",
    "The tower had been empty since the last keeper left it in the spring of that year, and gulls nest in its lamp.",
    "What its repair will cost nobody knows yet, but a mason who climbed it last week found the walls to be sound.",
]


def pieces(path: Path) -> list[list[str]]:
    lines = path.read_text("utf-8").splitlines()
    return [line.split(" ¶ ") for line in lines if line.strip() and not line.startswith("# ")]


def placed(piece: list[str], where: str) -> str:
    at = {"start": 0, "middle": 2, "end": len(STORY)}[where]
    head = [*piece, TITLE] if where == "start" else [TITLE]
    body = STORY if where == "start" else [*STORY[:at], *piece, *STORY[at:]]
    return "\n\n".join([*head, *body])


def what_stays(piece: list[str], where: str) -> list[str]:
    """The lines of a piece that are still there; fails when a line of the story is not."""
    kept = [block.text for block in scrub.clean_text(placed(piece, where)).kept]
    assert [line for line in [TITLE, *STORY] if line not in kept] == [], piece
    return [line for line in piece if line.strip() in kept]


def share_gone(path: Path, where: str) -> float:
    found = pieces(path)
    lines = sum(len(piece) for piece in found)
    return 1 - sum(len(what_stays(piece, where)) for piece in found) / lines


@pytest.mark.parametrize("path", HOLDOUT, ids=lambda path: path.stem)
def test_most_boilerplate_in_other_wordings_goes_and_no_line_of_the_story(path: Path) -> None:
    assert share_gone(path, "end") >= 0.55
    assert share_gone(path, "middle") >= 0.2


def test_of_all_classes_most_lines_after_the_story_go() -> None:
    gone = [share_gone(path, "end") for path in HOLDOUT]
    assert sum(gone) / len(gone) >= 0.78


def articles() -> list[tuple[str, str]]:
    return [
        (f"{path.stem}-{number}", article.strip())
        for path in LOOKALIKES
        for number, article in enumerate(path.read_text("utf-8").split("\n=====\n"), 1)
    ]


@pytest.mark.parametrize(("name", "article"), articles(), ids=lambda value: value if len(value) < 30 else "")
def test_what_only_looks_like_boilerplate_stays(name: str, article: str) -> None:
    removed = scrub.clean_text(article).removed
    assert [(removal.rule, removal.text) for removal in removed] == []


MOST_TAKEN = 3  # lines of a language's look-alikes, of thirty to sixty; none is the goal
LANGUAGES = sorted(path.stem for path in PACKS.glob("languages/*.toml"))


def look_alikes(language: str) -> list[str]:
    text = (CASES / "lookalikes-languages" / f"{language}.txt").read_text("utf-8")
    return [article.strip() for article in text.split("\n=====\n") if article.strip()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_each_language_what_only_looks_like_boilerplate_stays(language: str) -> None:
    removed = [removal for article in look_alikes(language) for removal in scrub.clean_text(article).removed]
    assert len(removed) <= MOST_TAKEN, [(removal.rule, removal.text) for removal in removed]


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_each_language_most_boilerplate_in_other_wordings_goes(language: str) -> None:
    title, *paragraphs = look_alikes(language)[0].split("\n\n")
    story = [paragraph for paragraph in paragraphs if is_prose(paragraph)][:4]
    lines = gone = 0
    for piece in pieces(CASES / "holdout-languages" / f"{language}.txt"):
        kept = [block.text for block in scrub.clean_text("\n\n".join([title, *story, *piece])).kept]
        lines += len(piece)
        gone += sum(line.strip() not in kept for line in piece)
    assert gone / lines >= 0.7
