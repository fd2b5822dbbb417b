"""An article as Markdown: what it looks like to a person, and that a parser reads back what stood in the page."""

from __future__ import annotations

import json

import pytest

from markdown_reading import Read, article_of, page, read_blocks, read_inlines, split_front_matter
from scrub.model import Article, Block, Decision, Document
from scrub.text import read_text
from scrub.write.markdown import to_markdown


def text(content: str) -> Article:
    return article_of(read_text(content))


def body_of(article: Article, *, images: bool = False) -> str:
    return split_front_matter(to_markdown(article, images=images).decode())[1].strip("\n")


def written(body: str, *, images: bool = False) -> str:
    return body_of(page(body), images=images)


def read(body: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read_blocks(written(body))]


def without(article: Article, *pieces: str) -> Article:
    """The article less some pieces, each within one block."""
    decisions: list[Decision] = []
    for block in article.document.blocks:
        piece = next((piece for piece in pieces if piece in block.text), "")
        start = block.text.index(piece)
        edges = [(0, start, True), (start, start + len(piece), False), (start + len(piece), len(block.text), True)]
        decisions += [Decision(block.index, a, b, keep, "a.rule") for a, b, keep in edges if a < b]
    return article._replace(decisions=tuple(decisions))


def test_an_article_is_its_front_matter_its_title_and_its_blocks() -> None:
    article = page(
        "<p>The <em>council</em> met.</p><h3>Costs</h3><p>See <a href='/b'>the plan</a>.</p>",
        title="Bridge: to be built",
        authors=("Ines Marlow", 'Tom "T" Reed'),
        published="2026-05-11T08:30:00+01:00",
        language="en",
    )
    assert to_markdown(article).decode() == (
        '---\ntitle: "Bridge: to be built"\nauthors: ["Ines Marlow", "Tom \\"T\\" Reed"]\n'
        'published: "2026-05-11T08:30:00+01:00"\nurl: "https://news.example/2026/story.html"\nlanguage: "en"\n---\n\n'
        "# Bridge: to be built\n\nThe *council* met.\n\n## Costs\n\nSee [the plan](https://news.example/b).\n"
    )


def test_a_text_of_which_nothing_is_known_has_no_front_matter() -> None:
    assert to_markdown(text("A sentence, long enough to be no title.\n\n---\n")).decode() == (
        "A sentence, long enough to be no title.\n\n\\---\n"
    )


@pytest.mark.parametrize(
    "value", ["---\ninjected: 1", 'a "b": [c]', "# no\u2028yes\x85\x7f", "\\", "{}", "\ud800", "- a"]
)
def test_no_value_breaks_out_of_the_front_matter(value: str) -> None:
    known = {"title": value, "authors": (value, value), "tags": (value,), "description": value}
    lines, body = split_front_matter(to_markdown(page("<p>Body</p>", **known)).decode())
    keys = [line.partition(": ")[0] for line in lines]
    assert keys == ["title", "authors", "url", "description", "tags"]
    fields = {key: json.loads(line.partition(": ")[2]) for key, line in zip(keys, lines, strict=True)}
    readable = value.replace("\ud800", "?")
    assert (fields["title"], fields["authors"], fields["tags"]) == (readable, [readable] * 2, [readable])
    assert not any(ord(character) in (0x85, 0x7F, 0x2028) for line in lines for character in line)
    assert [block.kind for block in read_blocks(body)] == ["heading", "paragraph"]


def test_the_title_is_the_only_heading_of_the_first_level() -> None:
    article = page("<h1>One</h1><h2>Two</h2><h6>Six</h6><p>Body</p>", title="Title #")
    assert [(b.level, b.text) for b in read_blocks(body_of(article)) if b.kind == "heading"] == [
        (1, "Title #"), (2, "One"), (3, "Two"), (6, "Six")
    ]  # fmt: skip
    assert "## Deep" in written("<h4>Deep</h4><h5><b>Deeper</b></h5>").split("\n")
    assert "### Deeper" in written("<h4>Deep</h4><h5><b>Deeper</b></h5>").split("\n")


def test_lists_are_nested_numbered_and_keep_their_paragraphs() -> None:
    lists = (
        "<ol start=9><li><p>Nine</p><p>goes on<br>and on</p></li><li>Ten<ul><li>inner</li><li>second</li></ul>tail</li></ol>"
        "<ul><li>A</li></ul><ul><li>B</li></ul><ol><li>One</li></ol><ol><li>Other one</li><li value=7>Seven</li></ol><p>After</p>"
    )
    assert written(lists) == (
        "9. Nine\n\n   goes on\\\n   and on\n10. Ten\n    - inner\n    - second\n\n    tail\n\n- A\n\n* B\n\n"
        "1. One\n\n1) Other one\n\n7. Seven\n\nAfter"
    )
    assert [(b.text, b.level, b.marker) for b in read_blocks(written(lists)) if b.kind == "item"] == [
        ("Nine", 1, "9"), ("goes on\nand on", 1, "9"), ("Ten", 1, "10"), ("inner", 2, ""), ("second", 2, ""),
        ("tail", 1, "10"), ("A", 1, ""), ("B", 1, ""), ("One", 1, "1"), ("Other one", 1, "1"), ("Seven", 1, "7"),
    ]  # fmt: skip


def test_a_list_that_counts_down_is_not_numbered_up() -> None:
    assert written("<ol reversed><li>Third</li><li>Second</li></ol>") == "- Third\n- Second"


def test_a_list_deeper_than_parsers_look_loses_no_words() -> None:
    deep = "".join(f"<ul><li>item {number}" for number in range(40))
    assert [block.text for block in read_blocks(written(deep))] == [f"item {number}" for number in range(40)]


def test_regular_rows_are_a_table() -> None:
    rows = (
        "<table><tr><th>Club</th><th>Points</th><th></th></tr><tr><td>A|B <b>United</b></td><td>12</td><td>x\\</td></tr>"
        "<tr><td></td><td><a href=/c>7</a><br>(3)</td><td></td></tr><tr><td>C</td></tr></table>"
    )
    assert written(rows) == (
        "| Club | Points |  |\n| --- | --- | --- |\n| A\\|B **United** | 12 | x\\\\ |\n"
        "|  | [7](https://news.example/c) (3) |  |\n| C |  |  |"
    )
    assert read_blocks(written(rows))[1] == Read("row", "A|B United | 12 | x\\", 2, "td_open")


def test_rows_that_are_there_for_the_layout_are_lines() -> None:
    assert read("<table><tr><td>Only one</td></tr><tr><td>column</td></tr></table>") == [
        ("paragraph", "Only one"), ("paragraph", "column")
    ]  # fmt: skip
    row = f"<tr><td>A</td><td>{'word ' * 60}</td></tr>"
    assert {kind for kind, _ in read(f"<table>{row * 3}</table>")} == {"paragraph"}


def test_a_row_of_which_something_was_taken_is_no_row_any_more() -> None:
    article = without(page("<table><tr><td>A</td><td>B</td></tr><tr><td>C</td><td>Share</td></tr></table>"), "Share")
    assert body_of(article) == "A | B\n\nC |"


def test_quotes_captions_and_code() -> None:
    assert written("<blockquote><p>One</p><p>Two<br>lines</p></blockquote><blockquote>Other</blockquote>") == (
        "> One\n>\n> Two\\\n> lines\n\n> Other"
    )
    assert written(
        "<figure><img src=/a.jpg alt='The bridge'><figcaption>The <i>old</i> bridge</figcaption></figure>"
    ) == ("*The old bridge*")
    assert written("<pre><code>a = `b`\n```\n  # c</code></pre>") == "````\na = `b`\n```\n  # c\n````"
    assert written("<pre>one<br>  two<br><br>three</pre>") == "```\none\n  two\n\nthree\n```"
    assert written("<p>Type <code>a `b` *c*</code> here</p>") == "Type ``a `b` *c*`` here"


def test_images_come_when_asked_for() -> None:
    body = (
        "<p>Before</p><figure><img src='a b.jpg' alt='A [big]\n bridge'><figcaption>Caption</figcaption></figure>"
        "<p><img src=/one.png width=1 height=1><img src='data:image/gif;base64,x' data-src=/lazy.jpg></p>"
        "<p>Text with <img src='/in.jpg' alt='!'> inside</p>"
    )
    assert "![" not in written(body)
    assert written(body, images=True) == (
        "Before\n\n![A \\[big\\] bridge](https://news.example/2026/a%20b.jpg)\n\n*Caption*\n\n"
        "![](https://news.example/lazy.jpg)\n\nText with ![!](https://news.example/in.jpg) inside"
    )


def test_the_image_of_a_caption_that_was_taken_stays_with_what_stands_around_it() -> None:
    figure = "<figure><img src=/a.jpg><figcaption>Caption</figcaption></figure>"
    article = page(f"<p>Kept</p>{figure}<p>Kept too</p><p>Gone</p>{figure}<p>Gone too</p>")
    gone = ("Caption", "Gone", "Gone too")
    decisions = tuple(d._replace(keep=article.document.blocks[d.block].text not in gone) for d in article.decisions)
    assert body_of(article._replace(decisions=decisions), images=True) == (
        "Kept\n\n![](https://news.example/a.jpg)\n\nKept too"
    )


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("/a?b=1&c=2", "https://news.example/a?b=1&c=2"),
        ("other.html", "https://news.example/2026/other.html"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("/a b(c", "https://news.example/a%20b(c"),
        ("/Bridge_(river)", "https://news.example/Bridge_(river)"),
        ('/a"<b>`|\\^{}', "https://news.example/a%22%3Cb%3E%60%7C%5C%5E%7B%7D"),
        ("/?a&amp;copy;=1", "https://news.example/?a&copy;=1"),
        ("ht\ntps://x.example/", "https://x.example/"),
    ],
)
def test_a_link_is_absolute_and_reads_back(target: str, address: str) -> None:
    html = target.replace('"', "&quot;")
    links = read_inlines(written(f'<p>See <a href="{html}">the [plan](x)</a>!</p>')).links
    # The parser writes what is no part of an address in its own way; what it read is compared.
    assert [(words, href.replace("%5C(", "(")) for words, href in links] == [("the [plan](x)", address)]


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "java\nscript:alert(1)", " JavaScript:x", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
     "#note", "", "http://[::1", "\x01javascript:x", "tel:112"],
)  # fmt: skip
def test_a_link_that_may_not_be_written_is_its_words(target: str) -> None:
    assert written(f'<p>Press <a href="{target}">here</a> now</p>') == "Press here now"


def test_relative_links_of_a_page_without_address_are_their_words() -> None:
    article = page("<p><a href=/a>One</a> <a href=https://x.example/>Two</a></p>", url=None)
    assert body_of(article) == "One [Two](https://x.example/)"


def test_what_is_trimmed_takes_its_marks_and_leaves_the_others() -> None:
    article = page("<p>Read more: the <b>council</b> met <a href=/b>on the bridge</a>, <i>as we wrote</i>.</p>")
    assert (
        body_of(without(article, "Read more: "))
        == "the **council** met [on the bridge](https://news.example/b), *as we wrote*."
    )
    assert body_of(without(article, "met on")) == "Read more: the **council**  the bridge, *as we wrote*."


@pytest.mark.parametrize(
    ("body", "markdown"),
    [
        ("un<b>believ</b>able", "un**believ**able"),
        ("<b> spaced </b>out", "**spaced** out"),
        ("<b>Note:</b>text", "**Note**:text"),
        ("(<i>see</i>)", "(*see*)"),
        ("これは<b>重要。</b>次の文", "これは**重要**。次の文"),
        ("これは<b>「重要」</b>です", "これは「**重要**」です"),
        ("a<b>…</b>b", "a…b"),
        ("<b>one</b><b>two</b>", "**onetwo**"),
        ("<b><i>both</i></b>", "***both***"),
        ("<b>a</b><i>b</i>", "**a**b"),
        ("<b>a <i>b</i></b>", "**a b**"),
        ("<code>a</code><code>b</code>", "`ab`"),
        ("<a href=/a><b>c</b></a>", "[**c**](https://news.example/a)"),
        ("2 * 3 * 4 and f*** off", "2 * 3 * 4 and f*** off"),
        ("<b>x</b> * y*", "**x** * y\\*"),
        ("snake_case_name and _this_", "snake_case_name and \\_this\\_"),
        ("from ~5 to ~10", "from ~5 to ~10"),
        ("~~not~~", "\\~\\~not\\~\\~"),
        ("a < b, a &lt;b, <3, AT&T, &amp;amp; &lt;br>", "a < b, a \\<b, <3, AT&T, \\&amp; \\<br>"),
        ("[1] and [a](b) and [c]", "[1] and [a\\](b) and [c]"),
        ("[ ] [x]: https://a.example", "\\[ ] [x]: https://a.example"),
        ("Wow!<a href=/a>x</a>", "Wow\\![x](https://news.example/a)"),
        ("C:\\Temp\\ and \\* end\\", "C:\\Temp\\ and \\\\* end\\\\"),
        ("a ` b", "a ` b"),
        ("https://a.example/<br><a href=/b>b</a><br>c", "https://a.example/  \n[b](https://news.example/b)\\\nc"),
        ("https://a.example/b_c_d and www.a.example", "https://a.example/b_c_d and www.a.example"),
        ("https://a.example/_b_ *", "https\\://a.example/\\_b\\_ *"),
        ("a `b` c", "a \\`b\\` c"),
        ("5.5 - 3. Well-known, 1) yes", "5.5 - 3. Well-known, 1) yes"),
        ("First<br># second<br>- third<br>1. fourth", "First\\\n\\# second\\\n\\- third\\\n1\\. fourth"),
    ],
)
def test_marks_are_escaped_or_left_out_only_where_they_would_be_read_otherwise(body: str, markdown: str) -> None:
    assert written(f"<p>{body}</p>") == markdown


@pytest.mark.parametrize(
    "line",
    ["# a", "#", "###### a", "- a", "-", "+ a", "* a", "***", "* * *", "_ _ _", "---", "- - -", "1. a", "12) a", "> a", ">",
     "===", "=", "```", "~~~ x", "```a```", "    a", "| a | b |", "|---|", ":-:", "<script>x</script>", "<!-- a -->", "<?a",
     "</p>", "&copy;", "&#35;", "[x]: https://a.example", "[x](https://a.example)", "![x](y)", "<https://a.example>",
     "<a@b.example>", "a\\", "\\", "a  ", "*a*", "**a**", "_a_", "`a`", "~~a~~", "[ ] a", "[^1]: a", "a *b\nc* d", "a\n---",
     "a\n===", "a | b\n--|--", "a\n\tb", "\\# a", "\\\\", "2024.", "!", "![", "[[a]]", "a]: b"],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "First line\n{}", "{}\nlast line", "<b>x</b> {}", "<a href=/y>{}</a>"])
def test_no_line_of_a_page_becomes_structure(line: str, around: str) -> None:
    html = around.format(line.replace("&", "&amp;").replace("<", "&lt;")).replace("\n", "<br>")
    words = page(f"<p>{html}</p>").document.blocks[0].text.split()
    for tag, kind in (
        ("p", "paragraph"),
        ("li", "item"),
        ("blockquote", "quote"),
        ("h2", "heading"),
        ("figcaption", "paragraph"),
    ):
        (block,) = read_blocks(written(f"<{tag}>{html}</{tag}>"))
        assert (block.kind, block.words) == (kind, words)


def test_a_text_keeps_its_headings_items_and_quotes() -> None:
    content = (
        "# The headline of it\n\nA paragraph with *stars* and <b>.\n\n## Part\n• one\n- two\n3. three\n4. four\n\n"
        "> quoted\n> again\n\n— Speech, he said.\n\na) first\n"
    )
    assert to_markdown(text(content)).decode() == (
        '---\ntitle: "The headline of it"\n---\n\n# The headline of it\n\nA paragraph with \\*stars\\* and \\<b>.\n\n'
        "## Part\n\n- one\n- two\n\n3. three\n4. four\n\n> quoted\n>\n> again\n\n— Speech, he said.\n\na) first\n"
    )


def test_a_hard_wrapped_paragraph_stays_wrapped_and_whole() -> None:
    content = (
        "The council met on Monday and decided, after a long debate that went on\n"
        "- as ever - until the morning, to build the bridge over the river, which\n"
        "1. nobody expected and which 2. everybody had wanted for many long years.\n"
    )
    (block,) = read_blocks(body_of(article_of(Document("text", (Block(0, content.strip()),), ("", "\n")))))
    assert (block.kind, block.words) == ("paragraph", content.split())
