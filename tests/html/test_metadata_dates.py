import pytest
from selectolax.lexbor import LexborHTMLParser

from scrub.html.metadata import read_metadata
from scrub.html.metadata.dates import find_day, read_date
from scrub.model import Metadata


def read(html: str, url: str | None = None) -> Metadata:
    return read_metadata(LexborHTMLParser(html), url)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-03", "2024-05-03"),
        ("2024-05-03T15:47:42+02:00", "2024-05-03T15:47:42+02:00"),
        ("2024-05-03T15:47:42.389Z", "2024-05-03T15:47:42+00:00"),
        ("2024-05-03 15:47", "2024-05-03T15:47:00"),
        ("2024-05-03T15:47:42-0530", "2024-05-03T15:47:42-05:30"),
        ("2024-5-3 9:07", "2024-05-03T09:07:00"),
        ("2024/05/03", "2024-05-03"),
        ("20240503", "2024-05-03"),
        ("20240503T154742Z", "2024-05-03T15:47:42+00:00"),
        ("03.05.2024, 15:47", "2024-05-03T15:47:00"),
        ("Fri, 03 May 2024 15:47:42 +0200", "2024-05-03T15:47:42+02:00"),
        ("Fri May 03 2024 15:47:42 GMT+0200 (CEST)", "2024-05-03T15:47:42+02:00"),
        ("Fri May 03 15:47:42 CEST 2024", "2024-05-03T15:47:42"),
        ("Fri May 03 15:47:42 UTC 2024", "2024-05-03T15:47:42+00:00"),
        ("1714750000", "2024-05-03T15:26:40+00:00"),
        ("1714750000000", "2024-05-03T15:26:40+00:00"),
        ("May 3, 2024", "2024-05-03"),
        ("2024-05-03T25:99", "2024-05-03"),
        ("2024-05-03T10:00:00+99:00", "2024-05-03"),
        ("2024-02-30", None),
        ("2024-05", None),
        ("0001-01-01T00:00:00", None),
        ("1970-01-01T00:00:00Z", None),
        ("9" * 100_000, None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_machine_s_date_is_read_with_the_time_and_offset_it_has(text: str, expected: str | None) -> None:
    assert read_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "May 3, 2024",
        "Published on Friday, 3rd May 2024 at 5 pm",
        "3. Mai 2024",
        "le 3 mai 2024",
        "3 de mayo de 2024",
        "3 maggio 2024",
        "3 mei 2024",
        "3 maja 2024",
        "3. toukokuuta 2024",
        "3 мая 2024",
        "2024年5月3日",
        "2024년 5월 3일",
        "03.05.2024",
    ],
)
def test_a_day_for_readers_is_found_in_many_languages(text: str) -> None:
    assert find_day(text) == "2024-05-03"


def test_figures_that_may_be_two_days_are_not_read() -> None:
    assert find_day("3/5/2024") is None
    assert find_day("31/5/2024") == "2024-05-31"
    assert find_day("5/31/2024") == "2024-05-31"


def test_a_month_s_name_is_known_by_its_longest_beginning() -> None:
    assert find_day("3. marraskuuta 2024") == "2024-11-03"


@pytest.mark.parametrize(
    ("html", "where"),
    [
        ('<script type="application/ld+json">{"@type":"Article","datePublished":"2024-05-03"}</script>', "json-ld"),
        ('<meta property="article:published_time" content="2024-05-03">', "opengraph"),
        ('<meta name="DC.date.issued" content="2024-05-03">', "dublin-core"),
        ('<meta name="parsely-pub-date" content="2024-05-03">', "meta"),
        ('<meta name="x-publication-date" content="2024-05-03">', "meta"),
        ('<span itemprop="datePublished" content="2024-05-03">today</span>', "microdata"),
        ('<time class="entry-date" datetime="2024-05-03">today</time>', "time"),
        ('<h1>Rain</h1><p><time datetime="2024-05-03">today</time></p>', "time"),
        ("<h1>Rain</h1><p>Ann Smith · May 3, 2024</p>", "byline"),
        ("<p>May 3, 2024</p><h1>Rain</h1>", "byline"),
    ],
)
def test_the_day_of_publication_is_found_wherever_it_stands(html: str, where: str) -> None:
    found = read(html)
    assert found.published == "2024-05-03"
    assert ("published", where) in found.sources


@pytest.mark.parametrize("path", ["2024/05/03/rain", "rain-20240503.html", "rain-2024-05-03"])
def test_the_address_is_the_last_resort(path: str) -> None:
    found = read("<h1>Rain</h1>", f"https://the-post.example/{path}")
    assert found.published == "2024-05-03"
    assert ("published", "url") in found.sources


@pytest.mark.parametrize("path", ["2024/05/rain", "story-2024050399123", "2024/13/45/rain", "id/120240503"])
def test_an_address_without_a_whole_day_gives_none(path: str) -> None:
    assert read("<h1>Rain</h1>", f"https://the-post.example/{path}").published is None


def test_a_date_beside_the_headline_goes_before_one_in_words_in_json_ld() -> None:
    html = '<script type="application/ld+json">{"@type":"Article","datePublished":"Jun 24, 2025"}</script>'
    assert read(html + "<h1>Rain</h1><p>May 3, 2024</p>").published == "2024-05-03"
    assert read(html + "<h1>Rain</h1>").published == "2025-06-24"


@pytest.mark.parametrize("line", ["<p>Updated May 3, 2024</p>", "<p>Last updated:</p><p>May 3, 2024</p>"])
def test_the_date_of_an_update_is_not_that_of_publication(line: str) -> None:
    found = read(f"<h1>Rain</h1>{line}")
    assert (found.published, found.modified) == (None, "2024-05-03")


def test_a_date_in_the_body_is_not_that_of_publication() -> None:
    body = "<p>" + "It rained on and on, and nobody knew when it would end. " * 6 + "</p>"
    assert read(f"<h1>Rain</h1>{body * 3}<p>May 3, 2024</p>").published is None


def test_the_dates_of_teasers_are_not_that_of_publication() -> None:
    html = '<h1>Rain</h1><div class="related"><time class="published" datetime="2024-05-03">today</time></div>'
    assert read(html).published is None


def test_both_moments_are_read() -> None:
    first = '<meta property="article:published_time" content="2024-05-03T10:00:00Z">'
    found = read(first + '<meta property="article:modified_time" content="2024-05-04T10:00:00Z">')
    assert (found.published, found.modified) == ("2024-05-03T10:00:00+00:00", "2024-05-04T10:00:00+00:00")
