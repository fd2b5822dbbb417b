"""`scrub links` as a person and a pipe use it, against an invented newspaper on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from net_servers import answer

from conftest import Run
from made_site import IN_FEED, IN_NEWS, SECTIONS, STORIES, serve_site

LINKS = ("links", "--allow-private", "--delay", "0")
GONE = answer(b"<p>Gone</p>", status="410 Gone")
NO_FEED = {"/feed": GONE, "/feed.xml": GONE}
NO_SITEMAP = {"/robots.txt": GONE, "/sitemap_index.xml": GONE}


def test_every_story_comes_once_newest_first_one_address_a_line(run: Run) -> None:
    with serve_site() as server:
        done = run(*LINKS, server.url())
    assert done.stdout.decode().splitlines() == [server.url(story.path) for story in STORIES]
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_bare_host_is_asked_over_https_and_then_over_http(run: Run) -> None:
    with serve_site() as server:
        done = run(*LINKS, f"127.0.0.1:{server.port}", "--limit", "1")
    assert done.stdout.decode() == server.url(STORIES[0].path) + "\n"


def test_feeds_of_comments_and_sitemaps_of_categories_are_not_asked_for(run: Run) -> None:
    with serve_site() as server:
        run(*LINKS, server.url())
        asked = server.requests
    assert "/sitemaps/news.xml.gz" in asked
    assert not {"/comments/feed", "/category-sitemap.xml", *(f"/{section}" for section in SECTIONS)} & set(asked)
    assert len(asked) == len(set(asked))


def test_the_json_says_what_is_known_and_from_where(run: Run) -> None:
    with serve_site() as server:
        done = run(*LINKS, "--json", server.url())
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["source"] for row in rows] == (
        ["feed"] * len(IN_FEED) + ["news-sitemap"] * (len(IN_NEWS) - len(IN_FEED)) + ["sitemap"] * (240 - len(IN_NEWS))
    )
    assert rows[20] == {
        "url": server.url(STORIES[20].path),
        "title": STORIES[20].title,
        "published": STORIES[20].published.isoformat(),
        "modified": STORIES[20].published.date().isoformat(),
        "source": "news-sitemap",
    }
    assert (rows[200]["title"], rows[200]["published"]) == (None, STORIES[200].published.date().isoformat())


def test_since_leaves_out_what_is_older_and_old_sitemaps_are_not_asked_for(run: Run) -> None:
    with serve_site() as server:
        done = run(*LINKS, "--since", "2024-03-25T00:00+00:00", server.url())
        asked = server.requests
    wanted = [story for story in STORIES if story.published.day >= 25 and story.published.month == 3]
    assert done.stdout.decode().splitlines() == [server.url(story.path) for story in wanted]
    assert "/sitemaps/2024-03.xml" in asked
    assert "/sitemaps/2024-02.xml" not in asked


@pytest.mark.parametrize("age", ["1h", "30m", "2d", "1w"])
def test_an_age_counts_back_from_now(run: Run, age: str) -> None:
    with serve_site() as server:
        assert run(*LINKS, "--since", "9999w", server.url("/feed")).stdout.count(b"\n") == 15
        done = run(*LINKS, "--since", age, server.url("/feed"))
    assert (done.returncode, done.stdout) == (0, b"")  # the stories are of 2024
    assert "none of 15 links is wanted" in done.stderr.decode()


@pytest.mark.parametrize("since", ["yesterday", "6", "99999w", "0000-01-01", "2024-13-01", "h", "-6h"])
def test_what_is_neither_date_nor_age_is_wrong_usage(run: Run, since: str) -> None:
    done = run("links", f"--since={since}", "news.invalid")
    assert done.returncode == 2
    assert "6h or 2d" in done.stderr.decode()


def test_match_is_a_glob_found_anywhere_in_the_address(run: Run) -> None:
    with serve_site() as server:
        done = run(*LINKS, "--match", "/sport/2024/*ferry-within", server.url())
    wanted = [server.url(s.path) for s in STORIES if s.section == "sport" and "ferry" in s.path]
    assert done.stdout.decode().splitlines() == wanted
    assert wanted


def test_with_a_limit_no_more_sources_are_asked_than_needed(run: Run) -> None:
    with serve_site() as server:
        done = run(*LINKS, "--limit", "10", server.url())
        assert server.requests == ["/", "/feed", "/feed.xml"]
    assert done.stdout.decode().splitlines() == [server.url(story.path) for story in STORIES[:10]]


def test_without_feeds_and_sitemaps_the_front_page_and_its_sections_are_read(run: Run) -> None:
    with serve_site({**NO_FEED, **NO_SITEMAP}) as server:
        done = run(*LINKS, server.url())
        asked = set(server.requests)
    on_sections = [s for section in SECTIONS for s in [s for s in STORIES if s.section == section][:20]]
    assert sorted(done.stdout.decode().splitlines()) == sorted(
        {server.url(s.path) for s in [*STORIES[:12], *on_sections]}
    )
    assert {f"/{section}" for section in SECTIONS} <= asked
    assert "/privacy" not in asked


def test_a_sections_address_gives_that_section_alone(run: Run) -> None:
    with serve_site() as server:
        done = run(*LINKS, server.url("/sport"))
        assert server.requests == ["/sport"]
    wanted = [server.url(story.path) for story in STORIES if story.section == "sport"][:20]
    assert sorted(done.stdout.decode().splitlines()) == sorted(wanted)


@pytest.mark.parametrize(
    ("path", "stories"),
    [("/feed", IN_FEED), ("/sitemaps/news.xml.gz", IN_NEWS), ("/sitemap_index.xml", STORIES)],
)
def test_the_address_of_a_feed_or_a_sitemap_is_used_as_that(run: Run, path: str, stories: list[object]) -> None:
    with serve_site() as server:
        done = run(*LINKS, server.url(path))
        assert "/" not in server.requests
    assert done.stdout.decode().splitlines() == [server.url(story.path) for story in STORIES[: len(stories)]]


def test_a_front_page_that_is_refused_does_not_hide_the_sitemaps(run: Run) -> None:
    with serve_site({"/": answer(b"<p>No robots</p>", status="403 Forbidden")}) as server:
        done = run(*LINKS, server.url())
    assert done.stdout.decode().splitlines() == [server.url(story.path) for story in STORIES]


def test_a_site_without_links_is_told_in_one_line_and_others_still_come_out(run: Run, tmp_path: Path) -> None:
    empty = {"/": answer(b"<html><body><p>Soon here.</p></body></html>"), **NO_FEED, **NO_SITEMAP}
    with serve_site(empty) as none, serve_site() as server:
        sites = [none.url(), "ftp://news.invalid", server.url()]
        done = run(*LINKS, "--limit", "2", "--errors", "errors.jsonl", *sites)
        assert len(none.requests) < 20
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"scrub: {none.url()}: no article links found; tried {none.url()} (no article links), ")
    assert "/robots.txt" in lines[0]
    assert lines[0].endswith("give the address of a section page, a feed or a sitemap")
    rows = [json.loads(line) for line in (tmp_path / "errors.jsonl").read_text().splitlines()]
    assert [row["kind"] for row in rows] == ["no-links", "refused"]


def test_links_stream_into_fetch(tmp_path: Path) -> None:
    with serve_site() as server:
        scrub = f"{sys.executable} -m scrub"
        command = (
            f"{scrub} {' '.join(LINKS)} --limit 2 {server.url()} | {scrub} fetch --allow-private --delay 0 --json -"
        )
        done = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60, check=True, cwd=tmp_path)
    assert [json.loads(line)["title"] for line in done.stdout.splitlines()] == [story.title for story in STORIES[:2]]


def test_the_list_is_written_to_a_file_also_when_nothing_is_wanted(run: Run, tmp_path: Path) -> None:
    with serve_site() as server:
        run(*LINKS, server.url("/feed"), "-o", "list.txt")
        assert len((tmp_path / "list.txt").read_text().splitlines()) == len(IN_FEED)
        run(*LINKS, server.url("/feed"), "-o", "list.txt", "--match", "/nowhere/")
    assert (tmp_path / "list.txt").read_text() == ""


def test_private_hosts_are_refused_without_leave_and_a_site_must_be_named(run: Run) -> None:
    with serve_site() as server:
        done = run("links", server.url())
        assert server.requests == []
    assert (done.returncode, done.stdout) == (1, b"")
    assert "--allow-private" in done.stderr.decode()
    assert run("links").returncode == 2


def test_a_site_that_forbids_it_in_robots_txt_is_left_alone(run: Run) -> None:
    robots = answer(b"User-agent: *\nDisallow: /\n", content_type="text/plain")
    with serve_site({"/robots.txt": robots}) as server:
        done = run(*LINKS, server.url())
        assert server.requests == []
        assert run(*LINKS, "--ignore-robots", "--limit", "1", server.url()).returncode == 0
    assert (done.returncode, done.stdout) == (1, b"")
    assert "robots.txt" in done.stderr.decode()
