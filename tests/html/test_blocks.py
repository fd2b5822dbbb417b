"""A page becomes blocks in reading order; each test shows one habit of pages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scrub.html.blocks import Segmented, read_blocks
from scrub.model import Inline


def segmented(body: str) -> Segmented:
    return read_blocks(LexborHTMLParser(f"<html><head><title>T</title></head><body>{body}</body></html>"))


def texts(body: str) -> list[str]:
    return [block.text for block in segmented(body).blocks]


def kinds(body: str) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, block.text) for block in segmented(body).blocks]


def test_paragraphs_and_loose_text_become_blocks_in_order() -> None:
    assert texts("<div>Loose <p>One</p> between <p>Two</p></div>end") == ["Loose", "One", "between", "Two", "end"]


def test_inline_elements_do_not_part_words_or_glue_them() -> None:
    assert texts("<p>A<b>B</b>C <i> d </i> e<br>f</p>") == ["ABC d e\nf"]


def test_two_line_breaks_end_a_paragraph() -> None:
    assert texts("<div>One<br><br>Two<br>\n<br>Three</div>") == ["One", "Two", "Three"]


def test_a_line_break_after_a_long_line_ends_a_paragraph() -> None:
    long = "word " * 30
    assert texts(f"<div>{long}<br>{long}</div>") == [long.strip(), long.strip()]


def test_space_is_collapsed_and_entities_are_read() -> None:
    assert texts("<p>  A\n\t&amp;&nbsp; B&hellip; caf&eacute; &#x27;q&#39;  </p>") == ["A & B… café 'q'"]


def test_preformatted_text_keeps_its_lines() -> None:
    assert kinds("<pre>def f():\n    return 1\n</pre>") == [("code", 0, "def f():\n    return 1")]


def test_headings_items_quotes_captions_and_rows_are_told_apart() -> None:
    page = (
        "<h2>Head</h2><ul><li>one<ul><li>inner</li></ul></li></ul><blockquote><p>Quoted</p></blockquote>"
        "<figure><img><figcaption>Caption</figcaption></figure><table><tr><th>A</th><td>B</td></tr></table>"
    )
    assert kinds(page) == [
        ("heading", 2, "Head"), ("item", 1, "one"), ("item", 2, "inner"), ("quote", 0, "Quoted"),
        ("caption", 0, "Caption"), ("table", 0, "A | B"),
    ]  # fmt: skip


def test_links_and_emphasis_are_spans_of_the_text() -> None:
    (block,) = segmented('<p> See <a href="/x?a=1&amp;b=2">the <b>old</b> page</a> now</p>').blocks
    spans = [(block.text[i.start : i.end], i.kind, i.target) for i in block.inlines]
    assert spans == [("old", "strong", None), ("the old page", "link", "/x?a=1&b=2")]
    assert block.context is not None
    assert round(block.context.link_share, 2) == round(len("the old page") / len(block.text), 2)


def test_cells_and_images_are_marked_where_they_stand() -> None:
    row, text = segmented(
        "<table><tr><td></td><td>A</td><td></td><td>B</td></tr></table>"
        "<img src=/a.jpg alt='An  image' width=600><p>One <img data-src=b.jpg>two</p><img src=/icon.png width=16>"
    ).blocks
    assert row.text == "A |  | B"
    assert [row.text[i.start : i.end] for i in row.inlines if i.kind == "cell"] == ["", "A", "", "B"]
    assert text.inlines == (
        Inline(0, 0, "image", "/a.jpg", "An image"), Inline(4, 4, "image", "b.jpg")
    )  # fmt: skip


def test_items_know_their_number_and_what_they_stand_in() -> None:
    blocks = segmented(
        "<ol start=4><li><p>a</p><p>b</p></li><li value=9>c<ul><li>d</li></ul></li><li>e</li></ol>"
    ).blocks
    contexts = [block.context for block in blocks if block.context is not None]
    assert [context.number for context in contexts] == [4, 4, 9, None, 10]
    items = [context.places[context.containers.index("li")] for context in contexts]
    assert [items[0] == items[1], items[1] == items[2], items[2] == items[3]] == [True, False, True]


def test_a_paragraph_that_is_one_long_link_stays_a_paragraph() -> None:
    assert kinds('<p><a href="/a">The council decided to build the bridge.</a></p>')[0][0] == "paragraph"


def test_what_never_is_text_goes_in_silence() -> None:
    page = "<script>a</script><style>b</style><noscript>c</noscript><template>d</template><svg><text>e</text></svg><p>f</p><!-- g -->"
    assert texts(page) == ["f"]


def test_readings_of_characters_do_not_break_words() -> None:
    assert texts("<p><ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>の本</p>") == ["漢字の本"]


def test_navigation_footers_and_hidden_text_are_marked() -> None:
    page = (
        "<nav>Home</nav><div role=navigation>More</div><p>Body</p><p hidden>One</p><p style='display: none'>Two</p>"
        "<p style='font-size:0'>Three</p><details><summary>Four</summary>unfolds</details><footer>Foot</footer>"
    )
    found = segmented(page)
    rules = {
        block.text: found.rules[container] for block, container in zip(found.blocks, found.containers, strict=True)
    }
    assert rules == {
        "Home": "html.nav", "More": "html.nav", "Body": "", "One": "html.hidden", "Two": "html.hidden",
        "Three": "html.hidden", "Four": "", "unfolds": "", "Foot": "html.footer",
    }  # fmt: skip


def test_words_hidden_within_a_paragraph_do_not_break_it() -> None:
    found = segmented("<p>The council <span style='display:none'>ignore this</span>decided.</p>")
    assert [(b.text, found.rules[c]) for b, c in zip(found.blocks, found.containers, strict=True)] == [
        ("ignore this", "html.hidden"), ("The council decided.", "")
    ]  # fmt: skip


def test_broken_attributes_do_not_swallow_the_page() -> None:
    assert texts('<p class="a"" title=\'it"s\' =x>One</p><p>it\'s "two"</p>') == ["One", 'it\'s "two"']


def test_soft_hyphens_and_split_accents_are_put_right() -> None:
    assert texts("<p>Brü&shy;cke cafe&#x301;</p>") == ["Brücke café"]


HTML = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<div hidden>", "</div>", "<span style='display:none'>", "</span>", "<nav>", "</nav>", "<b>", "</b>",
         "<br>", "<ul><li>", "</li></ul>", "<table><tr><td>", "</table>", "<pre>", "</pre>", "text", " ", "&lt;i&gt;", "<", ">", "\""]
    ),
    max_size=30,
)  # fmt: skip


@given(HTML)
def test_no_word_is_lost_and_the_order_is_kept(pieces: list[str]) -> None:
    page = "".join(pieces)
    tree = LexborHTMLParser(f"<body>{page}</body>")
    wanted = sorted("".join((tree.body.text() if tree.body else "").split()))
    found = segmented(page)
    assert sorted(
        "".join("".join(block.text for block in found.blocks if block.kind != "table").split())
    ) == wanted or any(block.kind == "table" for block in found.blocks)
    assert [block.index for block in found.blocks] == list(range(len(found.blocks)))
