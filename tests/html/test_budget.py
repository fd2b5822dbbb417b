"""A page's size is told before anything parses it, in time linear in its length, as a parser would count."""

from __future__ import annotations

import time

import pytest

from hostile_pages import BODY
from scrub.errors import TooComplexError
from scrub.html.budget import check_budget, measure
from scrub.html.read import read_html

MANY = 1_500  # tags beside those that are looked at, so that nesting is followed


def depth(html: str) -> int:
    return measure("<i></i>" * MANY + html).depth


def test_tags_links_paragraphs_and_attributes_are_counted() -> None:
    size = measure("<p class=a id='b' hidden>One <a href=/x>link</a> and <A HREF=\"/y>z\">another</A></p><p>Two</p>")
    assert (size.tags, size.links, size.paragraphs, size.attributes) == (8, 2, 2, 3)


@pytest.mark.parametrize(
    ("html", "deepest"),
    [
        ("<div>" * 900 + "</div>" * 900, 900),
        ("<div><span></span></div>" * 900, 2),
        ("<ul>" + "<li>x" * 900, 1),
        ("<p>x" * 900, 0),
        ("<br><img src=x>" * 900, 0),
        ("<div><span></div>" * 900, 2),
        ("<div></span>" * 900, 900),
        ("<div><table></div>" * 450, 900),
        ("<!--" + "<div>" * 900 + "-->", 0),
        ("<!-->" + "<div>" * 900, 900),
        ("<script>" + "<div>" * 900 + "</script>", 0),
        ("<svg><style>" + "<div>" * 900 + "</style></svg>", 902),
        ("<svg>" + "<path d=x />" * 900 + "</svg>", 1),
        ('<a ">' + "<div>" * 900, 901),
        ('<a =">' + "<div>" * 900, 901),
        ('<a title="' + "<div>" * 900 + '">', 1),
    ],
)
def test_nesting_is_followed_as_a_parser_does(html: str, deepest: int) -> None:
    assert max(1, depth(html)) == max(1, deepest)


def test_formatting_that_is_opened_again_and_again_is_counted() -> None:
    unclosed = "".join(f"<p><b id={number}>x" for number in range(1_000))
    assert measure(unclosed).reopened > 300_000
    with pytest.raises(TooComplexError, match="formatting elements that are never closed"):
        check_budget(unclosed)
    assert measure("<p><b>x" * 1_000).reopened < 10_000, "of those alike a parser opens three"
    assert measure("<p><b id=x>x</b>" * 1_000).reopened < 10_000


@pytest.mark.parametrize(
    "html",
    [
        "<" * 4_000_000,
        "<a" * 2_000_000,
        "<!" * 2_000_000,
        "<!--" + "-" * 4_000_000,
        "<!--x" * 800_000,
        "<script>" * 500_000,
        "<script>" + "</scrip" * 600_000,
        "<title>" + "</title" * 600_000,
        "<a b='" + "x" * 4_000_000,
        "<a " + "b " * 2_000_000,
        "<a " + "= " * 2_000_000,
        "<a b" + " " * 4_000_000,
        "<div>" * 800_000,
        "<div>" * 101 + "</b>" * 800_000,
        "".join(f"<b id={number}><p>" for number in range(200_000)),
    ],
    ids=lambda html: html[:12],
)
def test_four_megabytes_of_anything_are_measured_in_a_few_seconds(html: str) -> None:
    start = time.process_time()
    measure(html)
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ("<div>" * 5_000, "5,000 nested elements"),
        (f"<p {' '.join(f'a{n}' for n in range(6_000))}>", "6,000 attributes of one tag"),
        ("<p>x" * 60_000, "60,000 paragraphs"),
    ],
)
def test_a_page_beyond_the_limits_is_refused_by_name(html: str, what: str) -> None:
    with pytest.raises(TooComplexError, match=what) as caught:
        read_html(html, None)
    assert caught.value.kind == "too-complex"
    assert caught.value.advice


def test_a_page_that_is_too_much_for_trafilatura_alone_comes_out_with_a_warning() -> None:
    links = "".join(f"<a href=/{number}>x</a> " for number in range(16_000))
    document = read_html(f"<article>{BODY}</article><div>{links}</div>", None)
    assert document.blocks[0].text.startswith("The council met")
    assert "16,000 links" in document.warnings[-1]
