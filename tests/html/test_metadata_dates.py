import pytest
from selectolax.lexbor import LexborHTMLParser

from scrub.html.metadata import read_metadata
from scrub.html.metadata.dates import find_day, read_date
from scrub.model import Metadata


def read(html: str, url: str | None = None) -> Metadata:
    return read_metadata(LexborHTMLParser(html), url)


def published(html: str, url: str | None = None) -> str | None:
    return read(html, url).published


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


@pytest.mark.parametrize(
    ("language", "day"),
    [("de", "2024-05-03"), ("fr-CA", "2024-05-03"), ("en-GB", "2024-05-03"), ("en-US", "2024-03-05"), ("en", None)],
)
def test_the_language_of_a_page_tells_the_order_of_figures(language: str, day: str | None) -> None:
    assert published(f'<html lang="{language}"><h1>Rain again</h1><p>03/05/2024</p></html>') == day


def test_a_word_of_an_update_after_the_first_date_leaves_that_one_the_date_of_publication() -> None:
    found = read("<h1>Rain again</h1><p>3 May 2024. <i>Updated: 7 May 2024</i></p>")
    assert (found.published, found.modified) == ("2024-05-03", "2024-05-07")
    found = read("<h1>Rain again</h1><p>3 May 2024, updated 7 May 2024</p>")
    assert (found.published, found.modified) == ("2024-05-03", "2024-05-07")


def test_a_page_that_has_only_the_date_of_an_update_has_no_date_of_publication() -> None:
    found = read("<h1>Rain again</h1><p>Updated 7 May 2024</p>")
    assert (found.published, found.modified) == (None, "2024-05-07")


@pytest.mark.parametrize("path", ["2024/may/03/rain", "2024/May/3/rain", "articles/2024-05-03+Rain"])
def test_more_forms_of_a_date_in_the_address_are_read(path: str) -> None:
    assert published("<h1>Rain again</h1>", f"https://the-post.example/{path}") == "2024-05-03"


def test_a_word_that_is_no_month_in_the_address_is_no_date() -> None:
    assert published("<h1>Rain again</h1>", "https://the-post.example/2024/rain/03/x") is None


@pytest.mark.parametrize("label", ["Published", "Posted on", "Veröffentlicht am", "Mis en ligne le", "Publicado el"])
def test_a_word_for_publication_marks_a_date_anywhere_on_the_page(label: str) -> None:
    text = "<p>It has been raining over the town for three days, and the river rises.</p>" * 30
    assert published(f"<h1>Rain again</h1>{text}<div><h4>{label}</h4><span>3.5.2024</span></div>") == "2024-05-03"
    assert published(f"<h1>Rain again</h1>{text}<div>{label} 3.5.2024</div>") == "2024-05-03"


def test_words_for_publication_with_several_days_mark_none() -> None:
    teasers = "<div>Published 3.5.2024</div><div>Published 4.5.2024</div>"
    text = "<p>It has been raining over the town for three days, and the river rises.</p>" * 30
    assert published(f"<h1>Rain again</h1>{text}{teasers}") is None


def test_the_date_beside_the_author_is_the_date_wherever_that_stands() -> None:
    text = "<p>It has been raining over the town for three days, and the river rises.</p>" * 30
    byline = '<p>By <a href="/author/ann-smith">Ann Smith</a></p><p>May 3, 2024</p>'
    assert published(f"<h1>Rain again</h1>{text}{byline}") == "2024-05-03"


def test_the_date_of_an_update_beside_the_author_is_none_of_publication() -> None:
    text = "<p>It has been raining over the town for three days, and the river rises.</p>" * 30
    byline = '<p>By <a href="/author/ann-smith">Ann Smith</a></p><p>Last updated:</p><p>May 3, 2024</p>'
    assert published(f"<h1>Rain again</h1>{text}{byline}") is None


def test_microdata_of_several_days_is_of_teasers() -> None:
    teasers = (
        '<i itemprop="datePublished" content="2024-05-05">x</i><i itemprop="datePublished" content="2024-05-06">x</i>'
    )
    assert published(f"<h1>Rain again</h1><p>3 May 2024</p><p>It rained.</p>{teasers}") == "2024-05-03"


def test_the_marked_date_nearest_to_the_heading_is_the_article_s() -> None:
    html = '<p class="published-date">May 3, 2024</p><h1>Rain again</h1><p>It rained.</p><a class="x" rel="tag">x</a>'
    teaser = '<a rel="author">Bob Jones</a><p class="published-date">May 9, 2024</p>'
    assert published(html + teaser) == "2024-05-03"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2024-05-03", "2024-05-03T15:47:42+02:00", "2024-05-03T15:47:42+02:00"),
        ("2024-05-03T15:47:42", "2024-05-03T15:47:42+02:00", "2024-05-03T15:47:42+02:00"),
        ("2024-05-03T13:47:42Z", "2024-05-03T15:47:42+02:00", "2024-05-03T15:47:42+02:00"),
        ("2024-05-03T13:47:42Z", "2024-05-04T15:47:42+02:00", "2024-05-03T13:47:42+00:00"),
        ("2024-05-03", "2024-05-04T15:47:42+02:00", "2024-05-03"),
    ],
)
def test_the_same_moment_is_taken_from_where_it_is_given_most_exactly(first: str, second: str, expected: str) -> None:
    html = f'<meta property="article:published_time" content="{first}"><h1>Rain</h1><time datetime="{second}">x</time>'
    assert published(html) == expected
