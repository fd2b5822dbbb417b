import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrub.html.metadata import read_metadata
from scrub.html.metadata.names import split_names


def authors(html: str) -> tuple[str, ...]:
    return read_metadata(LexborHTMLParser(html), "https://www.the-post.example/rain").authors


def by(author: object, **more: object) -> str:
    node = {"@type": "NewsArticle", "headline": "Rain", "author": author} | more
    return f'<h1>Rain</h1><script type="application/ld+json">{json.dumps(node)}</script>'


@pytest.mark.parametrize(
    "author",
    [
        "Ann Smith",
        "By Ann Smith",
        {"@type": "Person", "name": "Ann Smith"},
        {"@type": "Person", "name": ["Ann Smith"]},
        {"@type": "Person", "givenName": "Ann", "familyName": "Smith"},
        [{"@type": ["Person"], "name": "Ann Smith"}, {"@type": "Person", "name": "ann smith"}],
        [{"@type": "Person", "name": "Ann Smith"}, {"@type": "Organization", "name": "News Agency"}],
        [None, 5, True, {}, {"name": None}, {"name": {"x": 1}}, "Ann Smith"],
        ["Ann Smith", "https://the-post.example/ann", "ann@the-post.example", "@ann"],
    ],
)
def test_an_author_in_json_ld_is_read_in_whichever_form(author: object) -> None:
    assert authors(by(author)) == ("Ann Smith",)


def test_an_author_that_is_a_reference_is_resolved() -> None:
    graph = [
        {"@type": "NewsArticle", "headline": "Rain", "author": {"@id": "#ann"}},
        {"@type": "Person", "@id": "#ann", "name": "Ann Smith"},
    ]
    html = f'<h1>Rain</h1><script type="application/ld+json">{json.dumps({"@graph": graph})}</script>'
    assert authors(html) == ("Ann Smith",)


def test_an_organisation_is_the_author_where_no_person_is_named() -> None:
    assert authors(by({"@type": "Organization", "name": "News Agency"})) == ("News Agency",)


def test_a_person_in_the_byline_goes_before_an_organisation_in_json_ld() -> None:
    html = by({"@type": "Organization", "name": "News Agency"}) + '<p class="byline">By Ann Smith</p>'
    assert authors(html) == ("Ann Smith",)


def test_the_site_is_no_author_while_there_are_people() -> None:
    html = '<meta property="og:site_name" content="The Post"><p class="byline">Ann Smith</p>'
    assert authors(html + by({"@type": "Person", "name": "The Post"})) == ("Ann Smith",)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ann Smith, Bob Jones and Eve Stone", ["Ann Smith", "Bob Jones", "Eve Stone"]),
        ("Ann Smith, Bob Jones, and Eve Stone", ["Ann Smith", "Bob Jones", "Eve Stone"]),
        ("Von Anna Groß und Jörg Müller", ["Von Anna Groß", "Jörg Müller"]),
        ("Ann Smith & Bob Jones", ["Ann Smith", "Bob Jones"]),
        ("Ann Smith; Bob Jones | Eve Stone", ["Ann Smith", "Bob Jones", "Eve Stone"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Ann and Bob Smith", ["Ann and Bob Smith"]),
        ("Ann Smith, MD", ["Ann Smith"]),
        ("Ann Smith, Political Editor", ["Ann Smith"]),
        ("Ann Smith (Reuters)", ["Ann Smith"]),
        ("Ann Smith ann@example.org", ["Ann Smith"]),
        ("Written by: Ann Smith", ["Ann Smith"]),
        ("Par Zoé Blanc", ["Zoé Blanc"]),
        ("Martin Luther King Jr.", ["Martin Luther King Jr."]),
        ("J.R.R. Tolkien", ["J.R.R. Tolkien"]),
        ("山田太郎", ["山田太郎"]),
        ("Editorial staff", ["Editorial staff"]),
        ("https://www.facebook.com/ann", []),
        ("@annsmith", []),
        ("admin", []),
        ("12345", []),
        ("", []),
    ],
)
def test_names_are_split_and_freed_of_what_is_no_name(text: str, names: list[str]) -> None:
    assert split_names(text) == names


def test_a_preposition_that_may_be_a_name_goes_only_from_a_visible_byline() -> None:
    assert split_names("Von Anna Groß", is_visible=True) == ["Anna Groß"]
    assert split_names("Di Maria", is_visible=True) == ["Di Maria"]


def test_a_library_s_inverted_name_is_turned() -> None:
    html = '<meta name="citation_author" content="Smith, Ann"><meta name="citation_author" content="Jones, Bob">'
    assert authors(html) == ("Ann Smith", "Bob Jones")


def test_the_card_of_a_shared_link_names_the_author() -> None:
    html = '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Smith">'
    assert authors(html) == ("Ann Smith",)
    assert authors(html.replace("Written by", "Reading time")) == ()


@pytest.mark.parametrize(
    "byline",
    [
        '<p class="byline">By Ann Smith and Bob Jones</p>',
        '<p class="byline">By <a>Ann Smith</a>, <a>Bob Jones</a></p>',
        '<div class="post-author"><span>Ann Smith</span> and <span>Bob Jones</span><span>Reporters</span></div>',
        '<a rel="author">Ann Smith & Bob Jones</a>',
        '<span itemprop="author">Ann Smith, Bob Jones</span>',
        "<p>By Ann Smith and Bob Jones</p>",
        "<p>By</p><p>Ann Smith</p><p>and</p><p>Bob Jones</p><p>5 min read</p>",
        '<p><a href="/authors/ann">Ann Smith</a>, <a href="/authors/bob">Bob Jones</a></p>',
        '<div class="Head_author__x7d2"><i>Ann Smith</i>, <i>Bob Jones</i></div>',
        "<p>By Ann Smith, Bob Jones · May 3, 2024</p>",
    ],
)
def test_a_visible_byline_names_all_authors(byline: str) -> None:
    assert authors(f"<h1>Rain again</h1>{byline}<p>Rain fell on Bonn.</p>") == ("Ann Smith", "Bob Jones")


def test_a_class_that_only_contains_the_word_is_no_byline() -> None:
    html = "<h1>Rain</h1><p>Rain fell.</p>" + "<p>It rained on and on.</p>" * 40
    assert authors(html + '<div class="authority">Port Authority</div>') == ()


def test_the_author_of_a_comment_is_not_the_author() -> None:
    html = '<h1>Rain</h1><p>Rain fell.</p><div class="comments"><span class="author">Ann Smith</span></div>'
    assert authors(html) == ()


def test_a_headline_s_next_line_that_begins_like_a_byline_is_none() -> None:
    assert authors("<h1>Rain</h1><p>By the numbers</p><p>Rain fell.</p>") == ()


def test_an_account_s_name_in_a_marked_byline_is_kept() -> None:
    assert authors('<h1>Rain</h1><span class="author">by annsmith7</span>') == ("annsmith7",)


LONG_TEXT = "<p>It has been raining over the town for three days, and the river rises.</p>" * 30


@pytest.mark.parametrize("label", ["Written by", "Text by", "Article by:", "Geschrieben von", "Escrito por"])
def test_a_word_for_a_writer_introduces_a_name_anywhere_on_the_page(label: str) -> None:
    assert authors(f"<h1>Rain again</h1>{LONG_TEXT}<p>{label} Ann Smith</p>") == ("Ann Smith",)
    assert authors(f"<h1>Rain again</h1>{LONG_TEXT}<h3>{label}</h3><p>Ann Smith</p>") == ("Ann Smith",)


def test_words_for_writers_of_several_articles_introduce_nobody() -> None:
    teasers = "<p>Written by Ann Smith</p><p>Written by Bob Jones</p>"
    assert authors(f"<h1>Rain again</h1>{LONG_TEXT}{teasers}") == ()


def test_whom_the_page_introduces_goes_before_an_organisation_that_json_ld_names() -> None:
    json_ld = '{"@type": "Article", "author": {"@type": "Organization", "name": "Wet Ltd"}}'
    html = f'<script type="application/ld+json">{json_ld}</script><h1>Rain again</h1>{LONG_TEXT}'
    assert authors(f"{html}<p>Written by Ann Smith</p>") == ("Ann Smith",)
    assert authors(html) == ("Wet Ltd",)


def test_the_only_author_to_whom_links_lead_is_the_author() -> None:
    links = '<p>More of <a href="/author/ann-smith">Ann Smith</a></p><aside><a rel="author">Ann Smith</a></aside>'
    assert authors(f"<h1>Rain again</h1>{LONG_TEXT}{links}") == ("Ann Smith",)
    assert authors(f'<h1>Rain again</h1>{LONG_TEXT}{links}<a href="/author/bob">Bob Jones</a>') == ()


@pytest.mark.parametrize("other", ["Edited by", "Reviewed by", "Contributions From:", "Fact-checked by:"])
def test_who_edited_or_reviewed_the_article_is_no_author(other: str) -> None:
    names = '<a href="/author/ann">Ann Smith</a> {} <a href="/author/bob">Bob Jones</a>'.format(f"<i>{other}</i>")
    assert authors(f"<h1>Rain again</h1><p>By {names}</p>") == ("Ann Smith",)


def test_a_news_agency_is_an_author_beside_people() -> None:
    assert authors('<meta name="author" content="Ann Smith and Bob Jones, dpa">') == ("Ann Smith", "Bob Jones", "dpa")
    agency, company = ({"@type": "Organization", "name": name} for name in ("AFP", "Wet Ltd"))
    assert authors(by([{"@type": "Person", "name": "Ann Smith"}, agency, company])) == ("Ann Smith", "AFP")


def test_a_name_between_separators_before_the_date_is_the_author() -> None:
    assert authors("<h1>Rain again</h1><p>Ann Smith | Senior Writer | July 2, 2024</p>") == ("Ann Smith",)


def test_a_name_after_the_date_of_a_byline_is_the_author() -> None:
    assert authors('<h1>Rain</h1><p class="byline">July 2, 2024 · Ann Smith</p>') == ("Ann Smith",)


@pytest.mark.parametrize("day", ["on Tuesday, July 2, 2024", ", Tuesday, 2 July 2024", "on Tue, 2 July 2024"])
def test_the_weekday_of_a_date_is_no_part_of_the_name(day: str) -> None:
    assert authors(f'<h1>Rain again</h1><p class="byline">By Ann Smith {day}</p>') == ("Ann Smith",)


@pytest.mark.parametrize("text", ["Updated", "The Author", "Articles by Ann", "View all posts by Ann Smith"])
def test_words_around_bylines_are_no_names(text: str) -> None:
    assert authors(f'<h1>Rain again</h1><p class="author">{text}</p>') == ()


def test_a_team_with_its_article_is_an_author() -> None:
    assert authors('<h1>Rain again</h1><p class="author">By the Riverside Team</p>') == ("the Riverside Team",)


def test_an_id_marks_a_byline_as_a_class_does() -> None:
    assert authors('<h1>Rain again</h1><p>Weather</p><p id="authors"><span>Ann Smith</span></p>') == ("Ann Smith",)
