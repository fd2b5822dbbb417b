"""The text that the project began with, and every form in which its kind comes along."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

import scrub
from conftest import Run

BOILERPLATE_STARTS = "Related:\n\nYou could close this page."
Seed = tuple[str, str]


def parts(seed: Seed) -> tuple[str, list[str]]:
    """The article and the boilerplate after it, as paragraphs."""
    article, boilerplate = seed[0].split(BOILERPLATE_STARTS)
    return article.rstrip(), [p for p in (BOILERPLATE_STARTS + boilerplate).split("\n\n") if p.strip()]


def cleaned(text: str) -> str:
    return scrub.clean_text(text).whole_text


def test_the_seed_gives_what_is_expected_of_it(seed: Seed) -> None:
    assert cleaned(seed[0]) == seed[1]


def test_every_removed_line_is_listed_with_its_rule_and_reason(seed: Seed, run: Run) -> None:
    article = json.loads(run("clean", "--json", stdin=seed[0].encode()).stdout)
    gone = [line.strip() for line in seed[0].splitlines() if line.strip() and line.strip() not in seed[1]]
    assert [removal["text"] for removal in article["removed"]] == gone
    assert all(
        removal["rule"].startswith(f"{removal['class']}.") and removal["reason"] for removal in article["removed"]
    )
    classes = [removal["class"] for removal in article["removed"]]
    assert classes == ["related", *["appeals"] * 4, "source", "counters", "byline", "related"]


def test_the_command_line_gives_the_same_bytes(seed: Seed, run: Run) -> None:
    assert run("clean", stdin=seed[0].encode()).stdout.decode() == seed[1] + "\n"


STRAIGHT = str.maketrans("“”‘’", "\"\"''")
VARIATIONS: dict[str, Callable[[str], str]] = {
    "windows line ends": lambda text: text.replace("\n", "\r\n"),
    "old mac line ends": lambda text: text.replace("\n", "\r"),
    "no blank lines": lambda text: "\n".join(line for line in text.split("\n") if line.strip()),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "zero-width spaces between words": lambda text: text.replace(" ", " \u200b"),
    "zero-width spaces at line starts": lambda text: "\n".join(f"\u200b{line}" if line else line for line in text.split("\n")),
    "zero-width spaces at line ends": lambda text: "\n".join(f"{line}\u200b" if line else line for line in text.split("\n")),
    "zero-width joiners in words": lambda text: text.replace("e", "e\u200d"),
    "straight quotes": lambda text: text.translate(STRAIGHT),
    "soft hyphens": lambda text: text.replace("tion", "\u00adtion"),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIATIONS)
def test_a_variation_gives_the_expected_text_with_the_same_variation(seed: Seed, name: str) -> None:
    vary = VARIATIONS[name]
    varied = vary("\n".join(line.rstrip() for line in seed[0].split("\n")))
    assert cleaned(varied) == vary(seed[1])


@pytest.mark.parametrize("counter", ["(Visited 1,204 times, 17 visits today)", "(Visited 12 times, 1 visits today)"])
def test_other_numbers_in_the_counter_count_too(seed: Seed, counter: str) -> None:
    assert cleaned(seed[0].replace("(Visited 1 times, 1 visits today)", counter)) == seed[1]


@pytest.mark.parametrize(
    "stub", ["Related:", "Original Source", "About The Author", "Become a Patron!", "(Visited 1 times, 1 visits today)"]
)
def test_stubs_in_capitals_count_too(seed: Seed, stub: str) -> None:
    assert cleaned(seed[0].replace(stub, stub.upper())) == seed[1]


def test_the_boilerplate_goes_from_the_start(seed: Seed) -> None:
    article, boilerplate = parts(seed)
    assert cleaned("\n\n".join([*boilerplate, article])) == seed[1]


@pytest.mark.parametrize("after", range(1, 11))
def test_the_boilerplate_goes_from_between_two_paragraphs(seed: Seed, after: int) -> None:
    article, boilerplate = parts(seed)
    paragraphs = article.split("\n\n")
    assert cleaned("\n\n".join([*paragraphs[:after], *boilerplate, *paragraphs[after:]])) == seed[1]


@pytest.mark.parametrize("number", range(9))
def test_each_piece_alone_goes_from_between_two_paragraphs(seed: Seed, number: int) -> None:
    article, boilerplate = parts(seed)
    paragraphs = article.split("\n\n")
    for separator in ("\n\n", "\n"):
        text = separator.join([*paragraphs[:5], boilerplate[number], *paragraphs[5:]])
        assert cleaned(text) == separator.join(paragraphs)


def test_one_piece_after_each_paragraph_goes(seed: Seed) -> None:
    article, boilerplate = parts(seed)
    paragraphs = article.split("\n\n")
    mixed = [line for pair in zip(paragraphs[1:], [*boilerplate, "Related:"], strict=False) for line in pair]
    assert cleaned("\n\n".join([paragraphs[0], *mixed])) == seed[1]
