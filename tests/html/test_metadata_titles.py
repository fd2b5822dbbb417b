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


def test_a_heading_that_is_printed_twice_for_narrow_and_wide_screens_counts_once() -> None:
    html = '<meta property="og:title" content="Weather in Bonn: rain forecast"><h1>Rain again in Bonn</h1>'
    assert title(f"{html}<h1>Rain again in Bonn</h1>") == "Rain again in Bonn"


def test_a_heading_in_a_dialog_or_a_footer_is_not_the_title() -> None:
    html = '<meta property="og:title" content="Rain forecast for Bonn"><dialog><h1>Rain or Bonn?</h1></dialog>'
    assert title(f"{html}<h1>Rain again in Bonn</h1>") == "Rain again in Bonn"


def test_the_name_of_a_blog_over_the_post_is_not_the_title() -> None:
    html = '<title>Wet Notes: Rain again in Bonn</title><meta property="og:title" content="Rain again in Bonn">'
    assert title(f"{html}<h1>Wet Notes</h1><h3>Rain again in Bonn</h3>") == "Rain again in Bonn"


def test_a_kicker_that_the_page_declares_everywhere_belongs_to_the_headline() -> None:
    headline = "Bad weather: Rain again in Bonn"
    html = (
        f'<meta property="og:title" content="{headline}"><script type="application/ld+json">'
        f'{{"@type": "NewsArticle", "headline": "{headline}"}}</script><h1>Rain again in Bonn</h1>'
    )
    assert title(html) == headline


def test_a_kicker_that_only_opengraph_has_is_none_of_the_headline() -> None:
    html = '<meta property="og:title" content="Bad weather: Rain again in Bonn"><h1>Rain again in Bonn</h1>'
    assert title(html) == "Rain again in Bonn"


@pytest.mark.parametrize(
    "tail", [" | Local weather", "_Weather_Bonn Net", " - Bonn", "｜天气｜波恩网", " :: News", " * News"]
)
def test_what_the_page_does_not_print_with_the_title_is_cut_off(tail: str) -> None:
    html = f"<title>Rain again in Bonn{tail}</title><h2>Rain again in Bonn</h2><p>It rained.</p>"
    assert title(html) == "Rain again in Bonn"


def test_a_section_before_the_title_is_cut_off_where_the_page_prints_the_rest() -> None:
    assert title("<title>Weather - Rain again in Bonn</title><b>Rain again in Bonn</b>") == "Rain again in Bonn"


def test_a_title_that_the_page_prints_whole_stays_whole() -> None:
    html = "<title>Rain again - and wind</title><b>Rain again - and wind</b><a>Rain again</a>"
    assert title(html) == "Rain again - and wind"


def test_the_second_half_of_a_title_with_a_colon_is_no_title_of_its_own() -> None:
    assert title("<title>Rain: five things to know</title><b>five things to know</b>") == "Rain: five things to know"


def test_quotation_marks_at_the_end_of_a_part_stay() -> None:
    assert title("<title>Bonn ist «nass» :: Zeitung</title><b>Bonn ist «nass»</b>") == "Bonn ist «nass»"


@pytest.mark.parametrize("name", ["Riverpost Weather", "Riverpost.com"])
def test_a_last_part_that_holds_the_name_of_the_host_names_the_site(name: str) -> None:
    assert title(f"<title>Rain again | {name}</title>", "https://news.riverpost.example/x") == "Rain again"


def test_the_name_of_the_site_is_cut_off_the_end_of_a_heading() -> None:
    assert title("<h1>Rain again – Riverpost</h1>", "https://riverpost.example/x") == "Rain again"


def test_the_name_of_the_site_stays_at_the_beginning_of_a_heading() -> None:
    found = title("<h1>Riverpost: how we work</h1>", "https://riverpost.example/x")
    assert found == "Riverpost: how we work"


def test_a_title_that_was_cut_to_a_length_gives_way_to_the_whole_one() -> None:
    whole = "Rain again in Bonn, and the river rises to the steps of the old town hall"
    html = f'<meta property="og:title" content="Rain again in Bonn, and the river…"><title>{whole}</title>'
    assert title(html) == whole


def test_a_short_heading_with_one_word_of_the_declared_title_is_a_section() -> None:
    html = '<meta property="og:title" content="Rain again in Bonn, and no end in sight"><h1>Rain news</h1>'
    assert title(html) == "Rain again in Bonn, and no end in sight"


def test_a_long_heading_with_some_words_of_the_declared_title_is_the_headline() -> None:
    heading = "After three days of rain the river in Bonn rises to the steps"
    assert title(f'<meta property="og:title" content="Flood in Bonn: river rises"><h1>{heading}</h1>') == heading


def test_of_two_parts_that_the_page_prints_the_longer_one_is_the_title() -> None:
    html = "<title>Bonn weather - Rain again in the whole of Bonn</title><a>Bonn weather</a>"
    assert title(f"{html}<b>Rain again in the whole of Bonn</b>") == "Rain again in the whole of Bonn"


@pytest.mark.parametrize("tail", ["The Rainy Riverside Town Association", "riverpost.example - Home"])
def test_the_name_of_the_site_that_the_page_prints_is_not_taken_for_the_title(tail: str) -> None:
    found = title(
        f"<title>Rain again in the whole town and on the river - {tail}</title><b>{tail}</b>",
        "https://riverpost.example/x",
    )
    assert found != tail


def test_one_word_that_the_page_prints_is_a_section_and_no_title() -> None:
    assert title("<title>Weather - rain in Bonn</title><a>Weather</a>") == "Weather - rain in Bonn"
