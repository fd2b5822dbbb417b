"""Whatever stands in a page or a text: a Markdown parser reads the same words in the same blocks, and nothing else."""

from __future__ import annotations

import html
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from markdown_reading import Read, article_of, page, read_blocks, split_front_matter
from scrub import clean_file
from scrub.model import Article, Block
from scrub.shape import BLANK, item_marker
from scrub.text import read_text
from scrub.write.markdown import FIELDS, to_markdown

MARKS = st.sampled_from(
    """# ## ####### - + * ** *** _ __ ~ ~~ ~~~ ` `` ``` > >> = == --- === *** ___ 1. 12) 1234567890. | || |-|-| :-: \\ \\\\ \\* ! ![
    [ ] ]( ]: [x] [x]: [^1]: (a) <b> </b> <!-- --> <?a ?> <![CDATA[ < > <https://a.example> a@b.example https://a.example/b_c_d
    www.a.example & &amp; &#35; &lt; &copy $ $$ {} ^ : :: 「重要。」 。 é ß … “ ” — 1 a b word Word""".split()
)
SPACE = st.sampled_from(["", "", " ", " ", "  ", "\n", "\t", "\u00a0", "\u3000", "\u200b"])
WORDS = st.lists(st.one_of(MARKS, MARKS, st.text(max_size=3)), min_size=1, max_size=8)
TEXTS = st.builds(
    lambda words, spaces: "".join(f"{space}{word}" for word, space in zip(words, spaces, strict=False)),
    WORDS, st.lists(SPACE, min_size=8, max_size=8),
)  # fmt: skip
ADDRESSES = st.sampled_from(
    ["/a", "/a b(c", "/a)_(b", "/*a*`", "https://x.example/[a]?b=<c>&amp;d;|", "javascript:x", "#a", "mailto:a@b"]
)


def element(tag: str, inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return inner.map(lambda content: f"<{tag}>{content}</{tag}>")


def escaped(content: str) -> str:
    return html.escape(content).replace("\n", "<br>")


PLAIN = TEXTS.map(escaped)
INLINE = st.recursive(
    PLAIN,
    lambda inner: st.lists(
        st.one_of(
            inner,
            *(element(tag, inner) for tag in ("b", "i", "code", "strong")),
            st.builds(lambda content, address: f'<a href="{html.escape(address)}">{content}</a>', inner, ADDRESSES),
            st.builds(lambda alt: f'<img src=/x.png alt="{html.escape(alt)}">', TEXTS),
        ),
        min_size=1, max_size=4,
    ).map("".join),
    max_leaves=6,
)  # fmt: skip
ITEMS = st.lists(
    element("li", st.one_of(INLINE, element("p", INLINE), st.lists(element("p", INLINE)).map("".join))), max_size=4
).map("".join)
LISTS = st.recursive(
    st.one_of(*(element(tag, ITEMS) for tag in ("ul", "ol", 'ol start="7"'))),
    lambda inner: st.one_of(
        *(element(tag, element("li", st.tuples(INLINE, inner, INLINE).map("".join))) for tag in ("ul", "ol"))
    ),
    max_leaves=4,
).map(lambda lists: lists.replace('</ol start="7">', "</ol>"))
ROWS = st.lists(element("tr", st.lists(element("td", INLINE), max_size=3).map("".join)), max_size=4).map("".join)
BLOCKS = st.one_of(
    *(element(tag, INLINE) for tag in ("p", "h1", "h2", "h4", "figcaption", "blockquote")),
    element("blockquote", st.lists(element("p", INLINE), max_size=3).map("".join)),
    element("pre", TEXTS.map(html.escape)),
    element("table", ROWS),
    LISTS,
)
PAGES = st.lists(BLOCKS, min_size=1, max_size=5).map("".join)
READ_AS = {"heading": "heading", "item": "item", "quote": "quote", "code": "code"}


def words_of(content: str) -> list[str]:
    """The words without the lines between cells, which a table draws by itself."""
    return plain_words(content.replace("|", " "))


def plain_words(content: str) -> list[str]:
    return content.replace("\0", "\ufffd").split()


def check_blocks(article: Article, blocks: list[Read]) -> None:
    """The same words in as many blocks of the same kinds; a table is rows, or lines where its rows are not regular."""
    wanted = [block for block in article.body if words_of(block.text)]
    kinds = [READ_AS.get(block.kind, "paragraph") for block in wanted]
    rows = [
        block.kind == "table" and read.kind in ("row", "paragraph") for block, read in zip(wanted, blocks, strict=False)
    ]
    assert [read.kind for read, row in zip(blocks, rows, strict=True) if not row] == [
        kind for kind, row in zip(kinds, rows, strict=True) if not row
    ]
    assert [words_of(r.text) for b, r in zip(wanted, blocks, strict=True)] == [words_of(b.text) for b in wanted]


@settings(deadline=None, max_examples=300)
@given(PAGES)
def test_a_page_reads_back_as_the_same_blocks(content: str) -> None:
    article = page(content)
    _, body = split_front_matter(to_markdown(article).decode())
    blocks = [read for read in read_blocks(body) if words_of(read.text)]
    check_blocks(article, blocks)


@settings(deadline=None, max_examples=200)
@given(PAGES)
def test_images_add_no_words_and_take_none(content: str) -> None:
    article = page(content)
    _, body = split_front_matter(to_markdown(article, images=True).decode())
    read = [word for block in read_blocks(body) for word in words_of(block.text)]
    assert "".join(read) == "".join(word for block in article.body for word in words_of(block.text))


@settings(deadline=None, max_examples=300)
@given(st.lists(TEXTS, max_size=8), st.sampled_from(["\n", "\n\n"]))
def test_a_text_reads_back_as_the_same_blocks(lines: list[str], between: str) -> None:
    article = article_of(read_text(between.join(lines)))
    _, body = split_front_matter(to_markdown(article).decode())
    blocks = read_blocks(body)
    if article.title:
        assert (blocks[0].kind, blocks[0].level) == ("heading", 1)
        assert plain_words(blocks.pop(0).text) == plain_words(article.title)
    assert len(blocks) == len(article.body)
    for block, read in zip(article.body, blocks, strict=True):
        check_line(block, read)


def check_line(block: Block, read: Read) -> None:
    words = plain_words(block.text)
    if read.kind == "paragraph":
        assert read.words == words
    elif read.kind == "item":
        assert words[0] == item_marker(block.text).strip()
        assert not read.marker or int(words[0][:-1]) == int(read.marker)
        assert read.words == words[1:]
    else:
        marks = {"heading": "#", "quote": ">"}[read.kind]
        assert block.text.startswith(marks)
        assert [c for c in read.text if c not in BLANK + marks] == [
            c for c in block.text.replace("\0", "\ufffd") if c not in BLANK + marks
        ]


@given(st.dictionaries(st.sampled_from(FIELDS), st.one_of(st.text(), TEXTS)))
def test_the_front_matter_holds_what_is_known_and_nothing_else(known: dict[str, str]) -> None:
    fields = {name: (value,) if name in ("authors", "tags") else value for name, value in known.items()}
    article = page("<p>Body</p>", **({"url": None} | fields))
    lines, body = split_front_matter(to_markdown(article).decode())
    read = {line.partition(": ")[0]: json.loads(line.partition(": ")[2]) for line in lines}
    assert read == {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items() if value}
    assert [block.text for block in read_blocks(body)][-1] == "Body"


def test_the_samples_read_back() -> None:
    for name in ("page.html", "patron.txt"):
        article = clean_file(ROOT / "samples" / name)
        lines, body = split_front_matter(to_markdown(article).decode())
        blocks = read_blocks(body)
        assert f'title: "{article.title}"' in lines
        assert (blocks[0].level, blocks[0].text) == (1, article.title)
        assert "\\" not in body
        check_blocks(article, blocks[1:])
