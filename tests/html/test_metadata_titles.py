import pytest
from selectolax.lexbor import LexborHTMLParser

from scrub.html.metadata import read_metadata


def title(html: str, url: str | None = "https://www.the-post.example/rain") -> str | None:
    return read_metadata(LexborHTMLParser(html), url).title


def test_the_heading_that_the_page_declares_as_its_title_is_the_title() -> None:
    html = '<meta property="og:title" content="Rain again | Weather"><h1>The Post</h1><h1>Rain again</h1>'
    assert title(html) == "Rain again"


@pytest.mark.parametrize("separator", [" | ", " - ", " – ", " — ", " · ", " » "])
def test_the_name_of_the_site_is_cut_off_the_end(separator: str) -> None:
    html = f'<meta property="og:site_name" content="The Post"><title>Rain again{separator}The Post</title>'
    assert title(html) == "Rain again"


def test_the_name_of_the_site_is_cut_off_the_beginning() -> None:
    html = '<meta property="og:site_name" content="The Post"><title>The Post: Rain again</title>'
    assert title(html) == "Rain again"


def test_the_host_is_a_name_of_the_site() -> None:
    assert title("<title>Rain again | The Post</title>", "https://www.thepost.example/x") == "Rain again"


def test_a_part_that_is_not_the_name_of_the_site_stays() -> None:
    assert title("<title>Rain - and wind</title>") == "Rain - and wind"


def test_a_part_is_cut_off_where_the_rest_is_the_heading() -> None:
    assert title("<title>Rain again | Somebody else</title><h1>Rain again</h1>") == "Rain again"


def test_a_kicker_in_an_element_of_its_own_does_not_stick_to_the_headline() -> None:
    html = "<h1><span>Bad weather</span><span>Rain again in Bonn</span></h1>"
    assert title(html) == "Bad weather Rain again in Bonn"


def test_a_line_break_in_a_heading_is_a_space() -> None:
    assert title("<h1>Rain<br>again</h1>") == "Rain again"


def test_a_kicker_in_the_heading_goes_where_the_page_declares_the_headline_without_it() -> None:
    html = '<meta property="og:title" content="Rain again in Bonn"><h1>Bad weather: Rain again in Bonn</h1>'
    assert title(html) == "Rain again in Bonn"


def test_a_heading_in_capitals_gives_way_to_the_same_words_in_natural_case() -> None:
    html = '<meta property="og:title" content="Rain again in Bonn"><h1>RAIN AGAIN IN BONN</h1>'
    assert title(html) == "Rain again in Bonn"


def test_a_heading_that_names_the_site_is_not_the_title() -> None:
    html = '<meta property="og:site_name" content="The Post"><title>Rain again</title><h1>The Post</h1>'
    assert title(html) == "Rain again"


def test_a_lone_heading_that_has_nothing_of_the_declared_title_is_a_section() -> None:
    html = '<meta property="og:title" content="Rain again in Bonn"><h1>Our blog</h1>'
    assert title(html) == "Rain again in Bonn"


def test_a_lone_heading_goes_before_a_title_written_for_search_engines() -> None:
    html = '<meta property="og:title" content="Weather in Bonn: rain forecast"><h1>Rain again in Bonn</h1>'
    assert title(html) == "Rain again in Bonn"


def test_soft_hyphens_and_zero_width_spaces_go() -> None:
    assert title("<h1>Heli&shy;kopter\u200bplatz</h1>") == "Helikopterplatz"


def test_the_sign_of_a_permanent_link_is_not_part_of_the_title() -> None:
    assert title('<h1>Rain again<a href="#rain">¶</a></h1>') == "Rain again"


def test_the_title_of_a_picture_is_not_the_title_of_the_page() -> None:
    assert title("<svg><title>Logo</title></svg><p>Rain.</p>") is None


def test_markup_in_a_declared_title_goes() -> None:
    assert title('<meta property="og:title" content="&lt;b&gt;Rain&lt;/b&gt; again">') == "Rain again"
