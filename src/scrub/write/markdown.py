"""An article -> Markdown (CommonMark 0.31, with the tables of GFM): what is known of it, its title, its blocks.

Nothing in a page can become a mark, a block or a field that was not there: what would be read as one is escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from scrub import shape
from scrub.model import LINE_END, Article, Block, BlockKind, Inline
from scrub.write.markdown_inlines import HARD_BREAK, absolute_address, write_inlines, write_lines

FIELDS = (
    "title", "authors", "published", "modified", "url", "canonical_url", "site", "language", "description", "section",
    "tags", "image",
)  # fmt: skip
LONGEST_CELL = 200  # characters; a table with more in one of its cells is there for the layout
DEEPEST_LIST = 6  # parsers bound how deep they look, and leave out what is deeper
_LIST_TAGS = ("ul", "ol", "dl", "menu")
_ITEM_TAGS = ("li", "dt", "dd")
_BULLET = re.compile(r"[-*+•·▪‣◦]\s")  # not the dashes with which speech begins in many languages
_NUMBER = re.compile(r"([0-9]{1,3})[.)]\s")
_QUOTE_MARKS = re.compile(r"(?m)^(?:>[ \t]*)+")
_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")  # in YAML 1.2, section 5.1, only as escapes


class _Part(NamedTuple):
    """A block as it is written. `group` is the list, quote or table that it belongs to, `place` its item or row in
    that, `number` that of an item in an ordered list; `whole` where nothing of it was taken."""

    kind: BlockKind
    text: str
    inlines: tuple[Inline, ...] = ()
    level: int = 0
    group: int | None = None
    place: int | None = None
    number: int | None = None
    whole: bool = True


class _Open(NamedTuple):
    """A list that is being written, at its last item; `sign` is what stands after a number, or the bullet."""

    level: int
    group: int | None
    place: int | None
    number: int | None
    sign: str

    @property
    def marker(self) -> str:
        return self.sign if self.number is None else f"{self.number}{self.sign}"

    def is_followed_by(self, part: _Part) -> bool:
        """Whether an item goes on with this list, as a parser reads it that counts by itself."""
        if self.number is None or part.number is None:
            return self.number == part.number and self.group == part.group
        return self.group == part.group and part.number == self.number + 1


def to_markdown(article: Article, *, images: bool = False) -> bytes:
    """The article as Markdown, in UTF-8, with a line end at the end; with `images`, also its pictures."""
    title = f"# {_on_one_line(article.title)}" if article.title else ""
    parts = [_front_matter(article), title, *_body(article, images)]
    return ("\n\n".join(part for part in parts if part) + "\n").encode("utf-8", "replace")


def _front_matter(article: Article) -> str:
    """What is known, as YAML; its values are written as JSON, which is YAML too and ends at its last quote only."""
    known = {**article.metadata._asdict(), "title": article.title}
    lines = [f"{name}: {_yaml(known[name])}" for name in FIELDS if known[name]]
    return "\n".join(["---", *lines, "---"]) if lines else ""


def _yaml(value: object) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", written)


def _body(article: Article, images: bool) -> Iterator[str]:
    parts = list(_parts(article, images))
    top = min((part.level for part in parts if part.kind == "heading"), default=1)
    break_line = HARD_BREAK if article.document.kind == "html" else "\n"  # a text's line ends are where it was wrapped
    for (kind, _), group in groupby(parts, lambda part: (part.kind, part.kind != "item" and part.group)):
        together = list(group)
        if kind == "item":
            yield _list(together, break_line)
        elif kind == "quote":
            quotes = "\n\n".join(_paragraph(part, break_line) for part in together)
            yield "\n".join(f"> {line}" if line else ">" for line in quotes.split("\n"))
        elif kind == "table" and _is_regular(together):
            yield _table(together)
        else:
            for part in together:
                yield from _alone(part, top, break_line)


def _parts(article: Article, images: bool) -> Iterator[_Part]:
    if article.document.kind == "text":
        yield from (_text_part(block) for block in article.body)
        return
    base = article.metadata.url or article.metadata.canonical_url
    body = {block.index: block for block in article.body}
    captions = _captions_beside(article) if images else set()
    for block in article.document.blocks:
        shown = body.get(block.index)
        if shown is not None:
            yield _page_part(shown, _addressed(shown.inlines, base, images), shown.text == block.text)
        elif block.index in captions:
            pictures = tuple(inline for inline in _addressed(block.inlines, base, images) if inline.kind == "image")
            yield _Part("paragraph", "", pictures)


def _captions_beside(article: Article) -> set[int]:
    """The captions that were taken beside something that is kept: their images are the article's."""
    blocks = [block for block in article.document.blocks if block.kind != "caption"]
    kept = {block.index for block in article.kept}
    beside: set[int] = set()
    for before, after in zip([None, *blocks], [*blocks, None], strict=True):
        if (before and before.index in kept) or (after and after.index in kept):
            first, last = before.index + 1 if before else 0, after.index if after else len(article.document.blocks)
            beside.update(range(first, last))
    return beside - kept


def _addressed(inlines: Sequence[Inline], base: str | None, images: bool) -> tuple[Inline, ...]:
    """The inlines with absolute addresses, without those that have none that may be written."""
    wanted = (inline for inline in inlines if images or inline.kind != "image")
    absolute = (
        inline._replace(target=absolute_address(inline.target, base)) if inline.kind in ("link", "image") else inline
        for inline in wanted
    )
    return tuple(inline for inline in absolute if inline.target or inline.kind not in ("link", "image"))


def _page_part(block: Block, inlines: tuple[Inline, ...], whole: bool) -> _Part:
    names: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
        "item": (_LIST_TAGS, _ITEM_TAGS), "quote": (("blockquote",), ()), "table": (("table",), ("tr",)),
    }  # fmt: skip
    group, place = (_innermost(block, tags) for tags in names.get(block.kind, ((), ())))
    number = block.context.number if block.context and block.kind == "item" else None
    return _Part(block.kind, block.text, inlines, block.level, group, place, number, whole)


def _innermost(block: Block, tags: Sequence[str]) -> int | None:
    """The number in the page of the innermost container of one of these kinds."""
    if block.context is None:
        return None
    places = zip(block.context.containers, block.context.places, strict=True)
    return next((place for tag, place in reversed(list(places)) if tag in tags), None)


def _text_part(block: Block) -> _Part:
    """A line of plain text, without the marks that say what it is where Markdown has its own."""
    text, kind = block.text, block.kind
    if kind == "heading" and (words := shape.without_heading_marks(text)) and (level := shape.heading_level(text)):
        return _Part("heading", words, level=level)
    if kind == "item" and (found := _BULLET.match(text) or _NUMBER.match(text)):
        number = int(found[1]) if found.re is _NUMBER else None
        return _Part("item", text[found.end() :].lstrip(shape.SPACES), level=1, number=number)
    if kind == "quote" and (words := _QUOTE_MARKS.sub("", LINE_END.sub("\n", text))).strip(shape.BLANK):
        return _Part("quote", words, group=block.paragraph)
    return _Part("paragraph", text)


def _alone(part: _Part, top: int, break_line: str) -> Iterator[str]:
    """A block that stands for itself; the images before its words are paragraphs of their own."""
    pictures = [inline for inline in part.inlines if inline.kind == "image" and inline.start == 0]
    yield from (write_inlines("", [picture]) for picture in pictures)
    part = part._replace(inlines=tuple(inline for inline in part.inlines if inline not in pictures))
    if part.kind == "heading":
        emphasised = [i for i in part.inlines if i.kind in ("strong", "emphasis") and i.end - i.start == len(part.text)]
        inlines = [inline for inline in part.inlines if inline not in emphasised]
        yield f"{'#' * min(6, part.level - top + 2)} {_on_one_line(part.text, inlines)}"
    elif part.kind == "code":
        yield _code_block(part.text)
    elif part.kind == "caption":
        inlines = [inline for inline in part.inlines if inline.kind not in ("strong", "emphasis")]
        emphasis = Inline(0, len(part.text), "emphasis")
        yield _paragraph(part._replace(inlines=(*inlines, emphasis)), break_line)
    elif part.text:
        yield _paragraph(part, break_line)


def _paragraph(part: _Part, break_line: str) -> str:
    return write_lines(write_inlines(part.text, part.inlines), break_line)


def _on_one_line(text: str, inlines: Sequence[Inline] = ()) -> str:
    """The words of a heading; number signs at its end would be taken for its own (CommonMark 4.2)."""
    written = write_inlines(LINE_END.sub(" ", text).strip(), inlines)
    return re.sub(r"(?:^|(?<=\s))#+$", r"\\\g<0>", written)


def _code_block(code: str) -> str:
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))
    return "\n".join([fence, LINE_END.sub("\n", code), fence])


def _list(parts: Sequence[_Part], break_line: str) -> str:
    """Items one below the other, nested by their levels; a second block of an item stands below the first one."""
    lines: list[str] = []
    lists: list[_Open] = []
    for part in parts:
        before: _Open | None = None
        while lists and (lists[-1].level > part.level or len(lists) > DEEPEST_LIST):
            before = lists.pop()
        goes_on = (
            bool(lists) and part.place is not None and (lists[-1].level, lists[-1].place) == (part.level, part.place)
        )
        if not goes_on:
            if lists and (lists[-1].level == part.level or len(lists) == DEEPEST_LIST):
                before = lists.pop()
            lists.append(_Open(part.level, part.group, part.place, part.number, _sign(part, before)))
        opened = lists[-1]
        indent = " " * sum(len(outer.marker) + 1 for outer in (lists if goes_on else lists[:-1]))
        starts_list = before is not None and not before.is_followed_by(part)
        # A list that begins with another number than 1 does not interrupt a paragraph (CommonMark 5.3).
        if lines and (goes_on or starts_list or (before is None and opened.number not in (None, 1))):
            lines.append("")
        first = indent if goes_on else f"{indent}{opened.marker} "
        written = _paragraph(part, break_line).split("\n")
        lines += [first + written[0], *(" " * len(first) + line for line in written[1:])]
    return "\n".join(lines)


def _sign(part: _Part, before: _Open | None) -> str:
    """What marks an item; it changes where a list follows another one, which would else go on."""
    signs = "-*" if part.number is None else ".)"
    if before is None or before.sign not in signs:
        return signs[0]
    return before.sign if before.is_followed_by(part) else signs[1 - signs.index(before.sign)]


def _is_regular(rows: Sequence[_Part]) -> bool:
    """Whether rows make a table that Markdown can show: of several columns, and not there for the layout."""
    cells = [[cell for cell in row.inlines if cell.kind == "cell"] for row in rows]
    width = max(map(len, cells))
    full = sum(len(row) == width for row in cells)
    return (
        len(rows) > 1 < width
        and all(cells)
        and 2 * full >= len(rows)
        and all(row.whole for row in rows)
        and len({row.place for row in rows}) == len(rows)
        and all(cell.end - cell.start <= LONGEST_CELL for row in cells for cell in row)
    )


def _table(rows: Sequence[_Part]) -> str:
    written = [[_cell(row, cell) for cell in row.inlines if cell.kind == "cell"] for row in rows]
    width = max(map(len, written))
    filled = [[*row, *[""] * (width - len(row))] for row in written]
    lines = [filled[0], ["---"] * width, *filled[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(row: _Part, cell: Inline) -> str:
    within = (inline for inline in row.inlines if cell.start <= inline.start and inline.end <= cell.end)
    moved = [inline._replace(start=inline.start - cell.start, end=inline.end - cell.start) for inline in within]
    text = LINE_END.sub(" ", row.text[cell.start : cell.end])
    return write_inlines(text, moved).strip().replace("|", r"\|")
