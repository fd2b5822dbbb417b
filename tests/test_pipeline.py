"""From a page of any kind to its article: the kind is told, errors are named, and any bytes end well."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scrub
from scrub.errors import EmptyError, NoArticleError, RuleError, ScrubError
from scrub.model import Article, Page
from scrub.pipeline import clean_page, detect_kind
from scrub.write.record import to_json_line, to_record
from scrub.write.schema import article_schema

BODY = "The council met on Monday evening and decided after a long debate to build the new bridge over the river."
PAGE = (
    f"<html><head><title>Bridge to be built</title></head><body><article>{f'<p>{BODY}</p>' * 3}</article></body></html>"
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (PAGE, "html"),
        ("  \n<!-- a comment --><!DOCTYPE html><p>x", "html"),
        ("<?xml version='1.0'?>\n<html xmlns='x'>", "html"),
        ("\ufeff<HTML>", "html"),
        ("Before it <p>one</p><p>two</p><p>three</p> after", "html"),
        (BODY, "text"),
        ("a < b and c > d", "text"),
        (f"{BODY} The tag <p> begins a paragraph, and </p> ends it.", "text"),
        (f"<b>{BODY}</b>", "text"),
        ("", "text"),
    ],
)
def test_the_kind_is_told_from_the_content(text: str, kind: str) -> None:
    assert detect_kind(text) == kind


def test_a_header_that_says_html_is_believed() -> None:
    assert detect_kind(BODY, "text/html; charset=utf-8") == "html"
    assert detect_kind(PAGE, "text/plain") == "html", "many servers say plain of everything"


def test_bytes_and_text_of_a_page_give_the_same() -> None:
    assert scrub.clean_html(PAGE.encode()).text == scrub.clean_html(PAGE).text
    declared = PAGE.replace("<head>", '<head><meta charset="koi8-r">')
    assert scrub.clean_html(declared).text == scrub.clean_html(PAGE).text, "a text has no encoding, whatever it says"


def test_a_file_gives_what_its_content_gives(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "story.txt.gz").write_bytes(gzip.compress(f"{BODY}\n\nRelated:".encode()))
    assert scrub.clean_file(tmp_path / "page.html").text == scrub.clean_html(PAGE).text
    assert scrub.clean_file(os.fspath(tmp_path / "story.txt.gz")).text == BODY


def test_rules_are_chosen_as_on_the_command_line(tmp_path: Path) -> None:
    text = f"{BODY}\n\nRelated:"
    assert scrub.clean_text(text, keep=["related"]).text == text
    assert scrub.clean_text(text, only=["counters"]).text == text
    with pytest.raises(RuleError):
        scrub.clean_text(text, keep=["nosuch"])
    with pytest.raises(RuleError):
        scrub.clean_text(text, rules=[tmp_path / "none.toml"])


def test_what_has_no_words_is_empty() -> None:
    for text in ("", " \n", "\u200b"):
        with pytest.raises(EmptyError):
            scrub.clean_text(text)


def test_what_is_all_boilerplate_is_no_article_and_tells_what_was_taken() -> None:
    with pytest.raises(NoArticleError) as caught:
        scrub.clean_text("Related:\n\n(Visited 3 times, 1 visits today)")
    assert caught.value.article is not None
    assert len(caught.value.article.removed) == 2


def test_the_public_names_are_there_and_no_others() -> None:
    for name in scrub.__all__:
        assert getattr(scrub, name) is not None
    assert "clean_text" in dir(scrub)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        scrub.nothing  # noqa: B018


MARKUP = ["<p>", "</p>", "<div>", "<b>", "<!--", "-->", "<script>", "</script>", "<h1>", "&amp;", "&#xD800;", BODY, "Related:",
          "\n", "\x00", "<table><tr><td>", "<a href='x'>", "\ud83d\ude00", "[", "<form>", "</form>", "<br>"]  # fmt: skip
PAGES = st.one_of(
    st.binary(max_size=400),
    st.lists(st.sampled_from(MARKUP), max_size=25).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass")),
    st.lists(st.sampled_from(MARKUP), max_size=25).map(
        lambda parts: ("<html>" + "".join(parts)).encode("utf-16", "surrogatepass")
    ),
)


@settings(deadline=None)
@given(PAGES)
def test_any_bytes_give_an_article_that_holds_together_or_a_named_error(body: bytes) -> None:
    try:
        article = clean_page(Page(body))
    except ScrubError:
        return
    jsonschema.validate(json.loads(to_json_line(article)), article_schema())
    assert article.whole_text.strip()
    check_decisions(article)


def check_decisions(article: Article) -> None:
    for block in article.document.blocks:
        own = [d for d in article.decisions if d.block == block.index]
        assert "".join(block.text[d.start : d.end] for d in own) == block.text


TEXTS = st.lists(
    st.sampled_from(
        [BODY, "Related:", "Bridge to be built", "Share", "By Ana Roe", "Read more: Ferry runs again", "Comments", "Home",
         "Advertisement", "(Visited 3 times, 1 visits today)", "Correction: It was Monday.", "Tags: bridge, river", "AFP",
         "Subscribe to our newsletter", "© 2026 The Post. All rights reserved.", "12 May 2026", "Photo: Ana Roe", ""]
    ),
    max_size=14,
).flatmap(lambda lines: st.sampled_from(["\n", "\n\n", "\r\n"]).map(lambda separator: separator.join(lines)))  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.one_of(TEXTS, st.text(max_size=300)))
def test_cleaning_a_cleaned_text_changes_nothing(text: str) -> None:
    try:
        once = scrub.clean_text(text).whole_text
    except ScrubError:
        return
    assert scrub.clean_text(once).whole_text == once


def test_the_record_has_the_fields_of_the_schema_in_their_order() -> None:
    record = to_record(scrub.clean_text(BODY), full=True)
    assert list(record) == list(article_schema()["properties"])


def test_the_kind_of_many_comments_is_told_at_once() -> None:
    assert detect_kind("<!---->" * 200 + "x") == "text"
    assert detect_kind("<!-- a -- b -->" * 200 + "<p>x") == "html"
