"""What a Markdown parser makes of what was written: blocks with their kind, their words and their links.

And the articles to write: every word of a page or a text, whatever rules would say of it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from selectolax.lexbor import LexborHTMLParser

from scrub.html.blocks import read_blocks as read_page_blocks
from scrub.model import Article, Decision, Document, Metadata

URL = "https://news.example/2026/story.html"
_KINDS = {"heading_open": "heading", "list_item_open": "item", "blockquote_open": "quote", "tr_open": "row"}
_FORBIDDEN = ("html_block", "html_inline", "hr", "s_open")


class Read(NamedTuple):
    """A paragraph, heading, item, quoted paragraph, row or code block; a second paragraph of an item is an item too."""

    kind: str
    text: str
    level: int = 0
    marker: str = ""

    @property
    def words(self) -> list[str]:
        return self.text.split()


class Inlines(NamedTuple):
    links: list[tuple[str, str]]
    images: list[tuple[str, str]]
    emphasised: list[tuple[str, str]]


def parse(markdown: str) -> list[Token]:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    every = [*tokens, *(child for token in tokens for child in token.children or ())]
    assert not [token for token in every if token.type in _FORBIDDEN]
    return tokens


def split_front_matter(markdown: str) -> tuple[list[str], str]:
    """The lines of the front matter and what stands after it, as the tools that know front matter cut it."""
    if not markdown.startswith("---\n"):
        return [], markdown
    head, body = markdown[4:].split("\n---\n", 1)
    return head.split("\n"), body


def read_blocks(markdown: str) -> list[Read]:
    blocks: list[Read] = []
    outer: list[Token] = []
    for token in parse(markdown):
        if token.nesting == 1:
            outer.append(token)
        elif token.nesting == -1:
            outer.pop()
        elif token.type in ("fence", "code_block"):
            assert token.type == "fence"
            blocks.append(Read("code", token.content))
        elif token.type == "inline":
            text = "".join(_text(child) for child in token.children or ())
            blocks.append(_block(outer, text))
    return _with_rows(blocks)


def _block(outer: list[Token], text: str) -> Read:
    around = next((token for token in reversed(outer) if token.type in _KINDS), None)
    if around is None:
        return Read("paragraph", text)
    level = int(around.tag[1]) if around.type == "heading_open" else 0
    if around.type == "tr_open":
        return Read("row", text, (around.map or [0])[0], outer[-1].type)
    if around.type == "list_item_open":
        return Read("item", text, sum(token.type == "list_item_open" for token in outer), around.info)
    return Read(_KINDS[around.type], text, level)


def _with_rows(blocks: list[Read]) -> list[Read]:
    """The cells of one row as one block."""
    rows: list[Read] = []
    for block in blocks:
        if rows and block.kind == rows[-1].kind == "row" and block.level == rows[-1].level:
            rows[-1] = rows[-1]._replace(text=f"{rows[-1].text} | {block.text}")
        else:
            rows.append(block)
    return rows


def _text(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    return "" if token.type == "image" else token.content


def read_inlines(markdown: str) -> Inlines:
    """Each link with its words and address, each image with its alt text, each emphasis with its tag."""
    found = Inlines([], [], [])
    for token in parse(markdown):
        opened: list[tuple[Token, list[str]]] = []
        for child in token.children or ():
            for _, words in opened:
                words.append(_text(child))
            if child.type == "image":
                found.images.append((child.content, str(child.attrs["src"])))
            elif child.nesting == 1:
                opened.append((child, []))
            elif child.nesting == -1:
                opener, words = opened.pop()
                if opener.type == "link_open":
                    found.links.append(("".join(words), str(opener.attrs["href"])))
                else:
                    found.emphasised.append(("".join(words), opener.tag))
            elif child.type == "code_inline":
                found.emphasised.append((child.content, "code"))
    return found


def article_of(document: Document) -> Article:
    """The article that keeps every word of a document."""
    return Article(document, tuple(Decision(block.index, 0, len(block.text), True) for block in document.blocks))


def page(body: str, **known: Any) -> Article:
    blocks = read_page_blocks(LexborHTMLParser(f"<html><body>{body}</body></html>")).blocks
    metadata = Metadata(url=URL)._replace(**known)
    return article_of(Document("html", blocks, ("", *["\n\n"] * len(blocks)), metadata))
