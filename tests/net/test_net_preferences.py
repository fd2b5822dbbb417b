"""What sites say on automated use, read from the texts of each signal."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.net.head import find_refresh, read_head
from scrub.net.preferences import (
    Preference,
    find_refusal,
    matches_path,
    read_content_signal,
    read_content_usage,
    read_elements,
    read_headers,
    read_tdmrep,
    settle,
)
from scrub.net.robots import read_robots
from scrub.net.settings import Purpose

AGENTS = frozenset({"scrub-news"})
PURPOSES: tuple[Purpose, ...] = ("read", "archive", "search", "rag", "train")


def denied(preferences: tuple[Preference, ...]) -> str:
    return " ".join(purpose for purpose in PURPOSES if find_refusal(settle(preferences), purpose))


def said(preferences: tuple[Preference, ...]) -> list[str]:
    return [str(one) for one in preferences]


@pytest.mark.parametrize(
    ("value", "denies"),
    [
        ("train-ai=n", "train"),
        ("train-ai=y", ""),
        ("train-genai=n", "train"),
        ("genai=n", "train"),
        ("search=n", "search"),
        ("ai-use=n", "rag"),
        ("tdm=n", "rag train"),
        ("bots=n", "archive search rag train"),
        ("bots=n, search=y", "archive rag train"),
        ("bots=y, train-ai=n", "train"),
        ("bots=n, train-ai=y, ai-use=y", "archive search"),
        ("train-ai=n, train-ai=y", ""),  # RFC 9651, 3.2: the last one of a name counts
        ("train-ai=y, train-genai=n", "train"),
        ("TRAIN-AI = N", "train"),
        ("train-ai=n;until=2030, search=y", "train"),
        ("train-ai", ""),
        ("train-ai=maybe", ""),
        ("sing-ai=n", ""),
        ("", ""),
    ],
)
def test_an_aipref_expression_denies_what_it_says_no_to(value: str, denies: str) -> None:
    assert denied(read_content_usage(value, "header Content-Usage")) == denies


@pytest.mark.parametrize(
    ("value", "denies"),
    [
        ("search=yes, ai-train=no", "train"),
        ("search=yes,ai-train=no,ai-input=no", "rag train"),
        ("search=no", "search"),
        ("ai-train=yes", ""),
        ("ai-train=n", ""),
        ("", ""),
    ],
)
def test_a_content_signal_denies_what_it_says_no_to(value: str, denies: str) -> None:
    assert denied(read_content_signal(value, "robots.txt Content-Signal")) == denies


@pytest.mark.parametrize(
    ("value", "denies"),
    [
        ("noarchive", "archive"),
        ("nosnippet", "rag"),
        ("noai", "rag train"),
        ("noai, noimageai", "rag train"),
        ("noimageai", ""),
        ("noindex, nofollow", "search"),
        ("none", "search"),
        ("all", ""),
        ("NOAI", "rag train"),
        ("max-image-preview:large, noai", "rag train"),
        ("unavailable_after: 25 Jun 2030 15:00:00 GMT, noarchive", "archive"),
        ("otherbot: noai, noarchive", ""),
        ("scrub-news: noai", "rag train"),
        ("otherbot: noai, scrub-news: noarchive", "archive"),
        ("*: noai", "rag train"),
        ("", ""),
    ],
)
def test_an_x_robots_tag_denies_what_it_says_to_this_program(value: str, denies: str) -> None:
    assert denied(read_headers([("X-Robots-Tag", value)], AGENTS)) == denies


def test_headers_are_recorded_with_their_names() -> None:
    headers = [
        ("content-usage", "train-ai=n"),
        ("Content-Type", "text/html"),
        ("TDM-Reservation", "1"),
        ("tdm-policy", "https://news.example/policy.json"),
        ("link", '</a.css>; rel=preload, <https://news.example/l.xml>; rel="license"; type="application/rsl+xml"'),
        ("Link", "</ai.txt>; rel=describedby"),
        ("X-Robots-Tag", "noai, noarchive"),
    ]
    assert said(read_headers(headers, AGENTS)) == [
        "header Content-Usage: train-ai=n",
        "header tdm-reservation: 1",
        "header tdm-policy: https://news.example/policy.json",
        "header Link rel=license: https://news.example/l.xml",
        "header Link ai.txt: /ai.txt",
        "header X-Robots-Tag: noai",
        "header X-Robots-Tag: noarchive",
    ]


ROBOTS = """\
License: https://news.example/license.xml
Content-Signal: ai-input=no

User-agent: otherbot
Content-Signal: search=no

User-agent: *
Content-Signal: search=yes, ai-train=no
Content-Usage: train-ai=n
Content-Usage: /open/ train-ai=y
Content-Usage: /open/*/closed$ bots=n
Disallow: /private
AI-policy: https://news.example/ai.txt
"""


@pytest.mark.parametrize(
    ("path", "usage"),
    [
        ("/story", ["train-ai=n"]),
        ("/open/story", ["train-ai=y"]),
        ("/open/a/b/closed", ["bots=n"]),
        ("/open/a/closed/b", ["train-ai=y"]),
    ],
)
def test_robots_txt_is_read_for_the_page_at_hand(path: str, usage: list[str]) -> None:
    found = said(read_robots(ROBOTS.encode(), AGENTS).preferences(path))
    assert found == [
        "robots.txt License: https://news.example/license.xml",
        "robots.txt ai.txt: https://news.example/ai.txt",
        *[f"robots.txt Content-Usage: {one}" for one in usage],
        "robots.txt Content-Signal: ai-input=no",
        "robots.txt Content-Signal: search=yes",
        "robots.txt Content-Signal: ai-train=no",
    ]


def test_one_signals_yes_does_not_outweigh_anothers_no() -> None:
    found = read_robots(ROBOTS.encode(), AGENTS).preferences("/open/story")
    refusal = find_refusal(found, "train")
    assert str(refusal) == "robots.txt Content-Signal: ai-train=no"
    assert find_refusal(found, "read") is None
    assert find_refusal((), "train") is None


def test_what_is_said_to_another_program_does_not_count() -> None:
    text = "User-agent: otherbot\nContent-Signal: ai-train=no\n"
    assert read_robots(text.encode(), AGENTS).preferences("/") == ()
    assert denied(read_robots(text.encode(), frozenset({"otherbot"})).preferences("/")) == "train"


TDMREP = json.dumps(
    [
        {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://news.example/policy.json"},
        {"location": "/open/", "tdm-reservation": 0},
        {"location": "/open/*.pdf$", "tdm-reservation": 1},
    ]
)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/story", ["tdm-reservation: 1", "tdm-policy: https://news.example/policy.json"]),
        ("/open/story", ["tdm-reservation: 0"]),
        ("/open/a.pdf", ["tdm-reservation: 1"]),
    ],
)
def test_a_tdmrep_file_speaks_by_its_most_specific_location(path: str, found: list[str]) -> None:
    assert said(read_tdmrep(TDMREP, path)) == [f"tdmrep.json {one}" for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "", "<html>", "[", "{}", "[1, null, []]", "7", '[{"location": "/other", "tdm-reservation": 1}]', "[" * 100_000,
        '[{"tdm-reservation": 1}]', '[{"location": ["/"], "tdm-reservation": 1}]',
    ],
)  # fmt: skip
def test_a_file_that_is_no_tdmrep_says_nothing(text: str) -> None:
    assert read_tdmrep(text, "/story") == ()


@pytest.mark.parametrize(
    ("file", "header", "meta", "denies"),
    [
        ("1", None, None, "rag train"),
        ("0", None, None, ""),
        ("1", "0", None, ""),
        ("0", "1", None, "rag train"),
        ("1", "0", "1", "rag train"),
        ("0", "1", "0", ""),
        ("1", "nonsense", None, "rag train"),
        (None, None, "1", "rag train"),
    ],
)
def test_a_later_place_of_tdmrep_supersedes_an_earlier_one(
    file: str | None, header: str | None, meta: str | None, denies: str
) -> None:
    preferences = read_tdmrep(json.dumps([{"location": "/", "tdm-reservation": int(file)}]), "/x") if file else ()
    preferences += read_headers([("tdm-reservation", header)] if header else [], AGENTS)
    preferences += read_elements(
        read_head(f"<meta name=tdm-reservation content={meta}>".encode() if meta else b""), AGENTS
    )
    assert denied(preferences) == denies


PAGE = b"""<!doctype html><html><head><title><meta name=robots content=noarchive></title>
<!-- <meta name="robots" content="nosnippet"> --><script>"<meta name='robots' content='none'>"</script>
<META content='NoAI, noimageai' NAME = "Robots"><meta name=scrub-news content=noarchive>
<meta name="otherbot" content="noindex"><meta name=tdm-policy content="https://news.example/p?a=1&amp;b=2">
<link rel="stylesheet" href="/a.css"><link href="/license.xml" type="application/rsl+xml" rel="license nofollow">
<link rel=describedby href="https://news.example/ai.txt"></head>"""


def test_a_pages_own_words_are_read_from_its_elements() -> None:
    assert said(read_elements(read_head(PAGE), AGENTS)) == [
        "meta robots: noai",
        "meta robots: noimageai",
        "meta scrub-news: noarchive",
        "meta tdm-policy: https://news.example/p?a=1&b=2",
        "link rel=license: /license.xml",
        "link ai.txt: https://news.example/ai.txt",
    ]


def test_only_the_first_100_kilobytes_of_a_page_are_looked_at() -> None:
    meta = b"<meta name=robots content=noai>"
    assert len(read_head(b" " * 99_000 + meta)) == 1
    assert read_head(b" " * 100_000 + meta) == ()


def test_a_page_in_utf_16_is_looked_at_too() -> None:
    page = "<meta name=robots content=noai>".encode("utf-16")
    assert said(read_elements(read_head(page), AGENTS)) == ["meta robots: noai"]


HOSTILE = [
    b"<meta " * 20_000, b'<meta "' * 15_000, b'<meta a="' + b"x" * 100_000, b"<meta " + b"a=" * 50_000, b"<!--" * 25_000,
    b"<meta " + b"'\" " * 33_000, b"<meta a" + b" " * 99_000, (b"<meta " + b" " * 1900) * 50, b'<meta a="" ' * 9_000,
    b"<script>" * 12_000, b"<" * 100_000, b"<meta a=" + b'" "' * 33_000, b"<link a='<link a=\"" * 6_000, b"\x00" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("page", HOSTILE, ids=lambda page: ascii(page[:12]))
def test_a_hostile_page_is_looked_at_in_no_time(page: bytes) -> None:
    started = time.monotonic()
    read_elements(read_head(page), AGENTS)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("0; url=/story", "/story"),
        ("0;URL='https://news.example/story?a=1&amp;b=2'", "https://news.example/story?a=1&b=2"),
        ("5, /story", "/story"),
        ("0.5; url=/story", "/story"),
        ("300; url=/story", None),
        ("300", None),
        ("0", None),
        ("url=/story", None),
        ("-1; url=/story", None),
        ("soon; url=/story", None),
    ],
)
def test_a_refresh_leads_on_where_it_does_so_at_once(content: str, target: str | None) -> None:
    assert find_refresh(read_head(f'<meta http-equiv="Refresh" content="{content}">'.encode())) == target
    assert (
        find_refresh(read_head(f'<noscript><meta http-equiv=refresh content="{content}"></noscript>'.encode())) is None
    )


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/", "/a", True), ("/a", "/ab", True), ("/a$", "/ab", False), ("/a$", "/a", True), ("/*b", "/aab", True),
        ("/*b$", "/bab", True), ("/*b$", "/bba", False), ("/a*a$", "/a", False), ("*", "/a", True), ("/a*", "/b", False),
        ("/*/c*d", "/a/b/c/d", True), ("", "/a", True),
    ],
)  # fmt: skip
def test_a_path_matches_a_pattern_as_in_robots_txt(pattern: str, path: str, matches: bool) -> None:
    assert matches_path(pattern, path) is matches


def test_a_hostile_pattern_matches_in_no_time() -> None:
    started = time.monotonic()
    matches_path("/" + "*a" * 10_000 + "b", "/" + "a" * 8_000)
    assert time.monotonic() - started < 5


@given(
    st.lists(st.tuples(st.sampled_from(["Link", "Content-Usage", "X-Robots-Tag", "tdm-policy"]), st.text(max_size=99)))
)
def test_any_header_gives_short_printable_words(headers: list[tuple[str, str]]) -> None:
    for one in read_headers(headers, AGENTS):
        assert str(one).isprintable()
        assert len(str(one)) < 300


def test_recorded_words_are_few() -> None:
    assert len(read_headers([("tdm-policy", str(number)) for number in range(1000)], AGENTS)) == 40
