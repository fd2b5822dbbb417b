"""What a site says on the use of its pages is recorded with a page, and a "no" to the purpose at hand is obeyed."""

from __future__ import annotations

import pytest
from net_servers import HTML, answer, fetch, serve

from scrub import pipeline
from scrub.errors import PreferenceError
from scrub.net.settings import Purpose

META = HTML.replace(b"<head>", b"<head><meta name=robots content='noarchive'>")
TDMREP = answer(b'[{"location": "/", "tdm-reservation": 1}]', content_type="application/json")
ROBOTS = answer(b"User-agent: *\nContent-Signal: search=yes, ai-train=no\n", content_type="text/plain")


def test_all_that_is_said_is_recorded_on_the_page() -> None:
    pages = {
        "/robots.txt": ROBOTS,
        "/.well-known/tdmrep.json": TDMREP,
        "/": answer(META, "X-Robots-Tag: noimageai", "Content-Usage: train-ai=n"),
    }
    with serve(pages) as server:
        page = fetch(server.url())
    assert server.asked == ["/robots.txt", "/.well-known/tdmrep.json", "/"]
    assert page.preferences == (
        "robots.txt Content-Signal: search=yes",
        "robots.txt Content-Signal: ai-train=no",
        "tdmrep.json tdm-reservation: 1",
        "header X-Robots-Tag: noimageai",
        "header Content-Usage: train-ai=n",
        "meta robots: noarchive",
    )
    assert pipeline.read_page(page).metadata.preferences == page.preferences


SIGNALS: list[tuple[dict[str, bytes], Purpose, str]] = [
    ({"/robots.txt": ROBOTS, "/": answer()}, "train", "robots.txt Content-Signal: ai-train=no"),
    ({"/.well-known/tdmrep.json": TDMREP, "/": answer()}, "rag", "tdmrep.json tdm-reservation: 1"),
    ({"/": answer(HTML, "tdm-reservation: 1")}, "train", "header tdm-reservation: 1"),
    ({"/": answer(HTML, "X-Robots-Tag: noai")}, "train", "header X-Robots-Tag: noai"),
    ({"/": answer(HTML, "Content-Usage: search=n")}, "search", "header Content-Usage: search=n"),
    ({"/": answer(META)}, "archive", "meta robots: noarchive"),
]


@pytest.mark.parametrize(("pages", "purpose", "signal"), SIGNALS)
def test_a_no_to_the_purpose_is_obeyed_and_the_signal_is_named(
    pages: dict[str, bytes], purpose: Purpose, signal: str
) -> None:
    with serve(pages) as server:
        with pytest.raises(PreferenceError) as caught:
            fetch(server.url(), purpose=purpose)
        assert fetch(server.url()).status == 200
    assert caught.value.kind == "refused-by-site"
    assert signal in caught.value.detail
    assert repr(purpose) in caught.value.detail
    assert caught.value.advice


def test_where_robots_txt_says_no_the_page_is_not_asked_for() -> None:
    with serve({"/robots.txt": ROBOTS, "/": answer()}) as server, pytest.raises(PreferenceError):
        fetch(server.url(), purpose="train")
    assert server.asked == ["/robots.txt"]


def test_a_pages_own_reservation_supersedes_that_of_the_file() -> None:
    with serve({"/.well-known/tdmrep.json": TDMREP, "/": answer(HTML, "tdm-reservation: 0")}) as server:
        assert fetch(server.url(), purpose="train").preferences == (
            "tdmrep.json tdm-reservation: 1",
            "header tdm-reservation: 0",
        )


@pytest.mark.parametrize("purpose", ["read", "archive", "search", "rag", "train"])
def test_silence_is_no_refusal(purpose: Purpose) -> None:
    with serve(answer()) as server:
        assert fetch(server.url(), purpose=purpose).preferences == ()


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 500 Oh\r\n\r\n", answer(b"<html>"), answer(b"\xff" * 900_000)])
def test_a_tdmrep_file_that_cannot_be_read_says_nothing(data: bytes) -> None:
    with serve({"/.well-known/tdmrep.json": data, "/": answer()}) as server:
        assert fetch(server.url(), purpose="train").body == HTML
