"""Access is what the page declares; a text that is cut comes out, with a warning that says so."""

from __future__ import annotations

import json

import pytest

from hostile_pages import BODY
from scrub.html.access import CUT_WARNING
from scrub.html.read import read_html
from scrub.model import Document

FREE: dict[str, object] = {"isAccessibleForFree": True}
CLOSED: dict[str, object] = {"isAccessibleForFree": "False"}
PART: dict[str, object] = {"hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paid"}}


def read(
    linked: dict[str, object] | None = None, head: str = "", rest: str = "", status: int | None = None
) -> Document:
    node = {"@type": "NewsArticle", "headline": "Bridge to be built", **(linked or {})}
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>' if linked is not None else ""
    body = f"<article><h1>Bridge to be built</h1>{BODY}{rest}</article>"
    html = f"<html><head><title>Bridge to be built</title>{script}{head}</head><body>{body}</body></html>"
    return read_html(html, None, status)


@pytest.mark.parametrize(
    ("linked", "head", "status", "access", "source"),
    [
        (None, "", None, "unknown", None),
        (FREE, "", None, "open", "json-ld"),
        (CLOSED, "", None, "paywalled", "json-ld"),
        (PART, "", None, "paywalled", "json-ld"),
        (None, "<meta property=article:content_tier content=free>", None, "open", "meta"),
        (None, "<meta property=og:article:content_tier content=locked>", None, "paywalled", "meta"),
        (None, "<meta name=article:content_tier content=metered>", None, "metered", "meta"),
        (None, "<meta itemprop=isAccessibleForFree content=false>", None, "paywalled", "meta"),
        (CLOSED, "<meta property=article:content_tier content=metered>", None, "metered", "json-ld"),
        (FREE, "<meta property=article:content_tier content=locked>", None, "open", "json-ld"),
        (None, "", 402, "paywalled", "status"),
    ],
)
def test_what_the_page_declares_is_its_access(
    linked: dict[str, object] | None, head: str, status: int | None, access: str, source: str | None
) -> None:
    metadata = read(linked, head, status=status).metadata
    assert metadata.access == access
    assert dict(metadata.sources).get("access") == source


def test_a_text_for_subscribers_is_no_sign() -> None:
    assert read(rest="<p>This article is only for subscribers of our newspaper.</p>").metadata.access == "unknown"


@pytest.mark.parametrize(
    ("rest", "is_cut"),
    [
        ("", True),
        ("<div class=paid></div>", True),
        (f"<div class=paid style='display: none'>{BODY}</div>", True),
        (f"<div class=paid>{BODY}</div>", False),
    ],
)
def test_the_part_behind_the_wall_is_looked_for(rest: str, is_cut: bool) -> None:
    document = read(CLOSED | PART, rest=rest)
    assert document.metadata.access == "paywalled"
    assert (CUT_WARNING in document.warnings) is is_cut
    assert "The council met" in document.blocks[1].text


def test_where_no_part_is_named_a_short_article_is_cut_and_a_long_one_is_not() -> None:
    assert CUT_WARNING in read(CLOSED).warnings
    assert CUT_WARNING not in read(CLOSED, rest=BODY * 3).warnings
    assert CUT_WARNING not in read(FREE).warnings


def test_a_selector_that_could_cost_much_is_not_asked() -> None:
    part: dict[str, object] = {
        "hasPart": {"isAccessibleForFree": False, "cssSelector": "div div div div > * ~ * :has(p)"}
    }
    assert read(CLOSED | part).metadata.access == "paywalled"
