"""A parsed page -> blocks in reading order.

The body is serialised by lexbor once, so its tags are balanced, and read in one pass over its tags and texts: that is
faster than walking nodes. Script, style and the like are gone before. Containers that hold navigation, a footer or
hidden text are marked here and judged in `read`, where it is known how much of the page they hold.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from unicodedata import normalize

from selectolax.lexbor import LexborHTMLParser

from scrub import shape
from scrub.model import Block, BlockKind, Context, Inline, InlineKind

NEVER_TEXT = [
    "script", "style", "svg", "iframe", "template", "noscript", "object", "embed", "canvas", "audio", "video", "map",
    "math", "rp", "rt", "select", "datalist", "textarea", "input", "head", "link", "meta",
]  # fmt: skip
_BLOCK_TAGS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr label legend li main menu nav ol p pre section summary "
    "table tbody tfoot thead tr ul".split()
)
_KINDS: dict[str, BlockKind] = {
    "blockquote": "quote", "caption": "caption", "figcaption": "caption", "li": "item", "dd": "item", "dt": "item",
    "pre": "code", "tr": "table", "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading",
    "h6": "heading",
}  # fmt: skip
_INLINES: dict[str, InlineKind] = {
    "a": "link", "em": "emphasis", "i": "emphasis", "strong": "strong", "b": "strong", "code": "code",
    "td": "cell", "th": "cell",
}  # fmt: skip
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# As lexbor writes it: ` name="value"` for each attribute; a broken page's names may hold quotes and equals signs.
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(/?)([a-zA-Z][^\s/>]*)((?: =?[^\s>=]+(?:=\"[^\"]*\")?)*)>|([^<]+)|(<)", re.DOTALL
)
_ATTRIBUTE = re.compile(r" (=?[^\s>=]+)(?:=\"([^\"]*)\")?")
_TARGET = re.compile(r" href=\"([^\"]*)\"")
_HIDING_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]))", re.IGNORECASE)
_SPACE = re.compile(
    r"[ \t\n\r\f\u00a0]+"
)  # no-break spaces too: pages use them for layout, and who searches trips on them
SOFT_HYPHEN = "\u00ad"  # where a word may be broken; it hides the word from whoever searches
SMALLEST_IMAGE = 50  # pixels; what is declared smaller is an icon, or a pixel that counts visits
LONG_LINE = 120  # a line break after so many characters ends a paragraph, as pages without <p> use it


@dataclass(slots=True)
class _Element:
    """An open element; `place` is its number in the page, `number` an ordered list's next or an item's own, `outer`
    the draft that it interrupts, when it hides words within a paragraph."""

    tag: str
    place: int
    kind: BlockKind | None
    inline: InlineKind | None
    started: int
    target: str | None = None
    container: int = 0
    outer: _Draft | None = None
    home: int = 0
    number: int | None = None


@dataclass(slots=True)
class _Draft:
    """The block that is being read."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    inlines: list[Inline] = field(default_factory=list)
    line_start: int = 0

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def ends_in_space(self) -> bool:
        return not self.parts or self.parts[-1][-1:] in " \n"


@dataclass(frozen=True, slots=True)
class Elements:
    """The block-level elements of a page in document order, the body first, so that a parent stands before its
    children: the tag of each, its attributes as they are serialised, the number of its parent (of the body: 0), and the
    half-open range of blocks that it holds, `first` to `end`."""

    tags: list[str] = field(default_factory=lambda: ["body"])
    attributes: list[str] = field(default_factory=lambda: [""])
    parents: list[int] = field(default_factory=lambda: [0])
    first: list[int] = field(default_factory=lambda: [0])
    end: list[int] = field(default_factory=lambda: [0])

    def open(self, tag: str, attributes: str, parent: int, block: int) -> int:
        """Add an element that begins before a block; its number."""
        self.tags.append(tag)
        self.attributes.append(attributes)
        self.parents.append(parent)
        self.first.append(block)
        self.end.append(block)
        return len(self.tags) - 1


@dataclass(frozen=True, slots=True)
class Segmented:
    """The blocks of a page; `containers` has for each block the number of the marked container it stands in, 0 for
    none, and `rules` the rule that a marked container goes by; `homes` the number of the element that holds it."""

    blocks: tuple[Block, ...]
    containers: tuple[int, ...]
    rules: tuple[str, ...]
    elements: Elements = field(default_factory=Elements)
    homes: tuple[int, ...] = ()


def read_blocks(tree: LexborHTMLParser) -> Segmented:
    """The blocks of a page's body. The tree is pruned of what never is text."""
    tree.strip_tags(NEVER_TEXT)
    body = tree.body
    reader = _Reader()
    if body is not None and body.html:
        reader.read(body.html)
    reader.elements.end[0] = len(reader.blocks)
    return Segmented(
        tuple(reader.blocks), tuple(reader.containers), tuple(reader.rules), reader.elements, tuple(reader.homes)
    )


def without(page: Segmented, gone: Collection[int]) -> Segmented:
    """The page as if some of its blocks were not there."""
    kept = [number for number in range(len(page.blocks)) if number not in gone]
    before = [0, *accumulate(int(number not in gone) for number in range(len(page.blocks)))]
    elements = replace(
        page.elements, first=[before[k] for k in page.elements.first], end=[before[k] for k in page.elements.end]
    )
    return Segmented(
        tuple(page.blocks[old]._replace(index=new) for new, old in enumerate(kept)),
        tuple(page.containers[k] for k in kept),
        page.rules,
        elements,
        tuple(page.homes[k] for k in kept),
    )


class _Reader:
    """Reads serialised HTML; lives for one page."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.containers: list[int] = []
        self.rules: list[str] = [""]
        self.elements = Elements()
        self.homes: list[int] = []
        self.stack: list[_Element] = []
        self.draft = _Draft()
        self.paragraph = 0
        self.opened = 0
        self.preformatted = 0

    def read(self, html: str) -> None:
        for token in _TOKEN.finditer(html):
            closing, tag, attributes, text, stray = token.groups()
            if text is not None or stray:
                self.add_text(text or stray)
            elif tag is None:
                continue
            elif closing:
                self.close(tag.lower())
            else:
                self.open(tag.lower(), attributes)
        self.flush()
        for element in self.stack:
            self.elements.end[element.home] = len(self.blocks)

    def open(self, tag: str, attributes: str) -> None:
        if tag == "br":
            self.break_line()
            return
        if tag in _BLOCK_TAGS:
            self.flush()
            self.paragraph += tag not in ("li", "tr", "dd", "dt")
        if tag in ("td", "th") and self.draft.length:
            self.draft.add(" | ")
        if tag == "img" and (image := _image(attributes, self.draft.length)):
            self.draft.inlines.append(image)
        if tag in _VOID:
            return
        target = _read_target(attributes) if tag == "a" else None
        container = self.stack[-1].container if self.stack else 0
        outer = None
        if not container and (rule := _container_rule(tag, attributes)):
            self.rules.append(rule)
            container = len(self.rules) - 1
            if tag not in _BLOCK_TAGS:  # hidden words within a paragraph: the paragraph goes on after them
                outer, self.draft = self.draft, _Draft()
        self.opened += 1
        home = self.stack[-1].home if self.stack else 0
        if tag in _BLOCK_TAGS and tag != "body":
            home = self.elements.open(tag, attributes, home, len(self.blocks))
        element = _Element(
            tag, self.opened, _KINDS.get(tag), _INLINES.get(tag), self.draft.length, target, container, outer, home
        )
        self.preformatted += tag == "pre"
        if tag in ("ol", "li"):
            element.number = self.count(tag, attributes)
        self.stack.append(element)

    def count(self, tag: str, attributes: str) -> int | None:
        """The number that an ordered list begins with, or that of an item in one; None where none can be told."""
        if tag == "ol":
            counts_down = any(name == "reversed" for name, _ in _ATTRIBUTE.findall(attributes))
            return None if counts_down else _whole(_attribute(attributes, "start"), 1)
        outer = next((element for element in reversed(self.stack) if element.tag in ("ol", "ul", "menu", "dl")), None)
        if outer is None or outer.number is None:
            return None
        number = _whole(_attribute(attributes, "value"), outer.number)
        outer.number = number + 1
        return number

    def close(self, tag: str) -> None:
        if not (self.stack and self.stack[-1].tag == tag) and not any(e.tag == tag for e in self.stack[-40:]):
            return
        if tag in _BLOCK_TAGS:
            self.flush()
        while self.stack:
            element = self.stack[-1]
            if element.outer is not None:
                self.flush()
                self.draft = element.outer
            self.stack.pop()
            self.preformatted -= element.tag == "pre"
            self.end_inline(element)
            self.elements.end[element.home] = len(self.blocks)
            if element.tag == tag:
                break
        self.paragraph += tag in _BLOCK_TAGS and tag not in ("li", "tr", "dd", "dt")

    def end_inline(self, element: _Element) -> None:
        kind = element.inline
        if kind and (element.started < self.draft.length or kind == "cell"):
            self.draft.inlines.append(Inline(element.started, self.draft.length, kind, element.target))

    def add_text(self, raw: str) -> None:
        if not self.preformatted and raw.isspace():
            if not self.draft.ends_in_space():
                self.draft.add(" ")
            return
        text = entities.unescape(raw) if "&" in raw else raw
        text = text if text.isascii() else normalize("NFC", text)
        if self.preformatted:
            self.draft.add(text)
            return
        text = _SPACE.sub(" ", text.replace(SOFT_HYPHEN, ""))
        if self.draft.ends_in_space():
            text = text.lstrip(" ")
        if text:
            self.draft.add(text)

    def break_line(self) -> None:
        draft = self.draft
        if self.preformatted:
            draft.add("\n")
        elif draft.parts and (draft.parts[-1] == "\n" or draft.length - draft.line_start > LONG_LINE):
            self.flush()
            self.paragraph += 1
        elif draft.length:
            draft.add("\n")
            draft.line_start = draft.length

    def flush(self) -> None:
        """End the block that is being read; what is still open goes on in the next one."""
        if not self.draft.length and not self.draft.inlines:
            return
        for element in self.stack:
            if element.inline and element.outer is None:
                self.end_inline(element)
                element.started = 0
        draft, self.draft = self.draft, _Draft()
        whole = "".join(draft.parts)
        text = whole.strip(shape.SPACES)
        if not text.strip(shape.BLANK):
            if not (self.stack and self.stack[-1].container):  # an image goes with the words that come after it
                images = (inline for inline in draft.inlines if inline.kind == "image")
                self.draft.inlines = [image._replace(start=0, end=0) for image in images]
            return
        shift = len(whole) - len(whole.lstrip(shape.SPACES))
        inlines = tuple(_shifted(draft.inlines, shift, len(text)))
        kind, level = self.kind()
        context = Context(
            _link_share(inlines, len(text)),
            tuple(element.tag for element in self.stack),
            tuple(element.place for element in self.stack),
            next((element.number for element in reversed(self.stack) if element.kind == "item"), None),
        )
        self.blocks.append(Block(len(self.blocks), text, kind, level, self.paragraph, None, inlines, context))
        self.containers.append(self.stack[-1].container if self.stack else 0)
        self.homes.append(self.stack[-1].home if self.stack else 0)

    def kind(self) -> tuple[BlockKind, int]:
        """The innermost element that tells what the text is; its level where it has one."""
        for element in reversed(self.stack):
            if element.kind == "heading":
                return "heading", int(element.tag[1])
            if element.kind == "item":
                return "item", sum(outer.tag in ("ul", "ol", "dl") for outer in self.stack)
            if element.kind is not None:
                return element.kind, 0
        return "paragraph", 0


def _read_target(attributes: str) -> str | None:
    found = _TARGET.search(attributes)
    return entities.unescape(found.group(1)) if found else None


@lru_cache(maxsize=10_000)
def _container_rule(tag: str, attributes: str) -> str | None:
    if tag in ("html", "body"):
        return None
    if attributes and _is_hidden(attributes):
        return "html.hidden"
    if tag == "nav" or (attributes and _attribute(attributes, "role") == "navigation"):
        return "html.nav"
    return "html.footer" if tag == "footer" else None


def _is_hidden(attributes: str) -> bool:
    for name, value in _ATTRIBUTE.findall(attributes):
        if name == "hidden" and value != "until-found":
            return True
        if name == "style" and _HIDING_STYLE.search(value):
            return True
    return False


def _attribute(attributes: str, wanted: str) -> str | None:
    for name, value in _ATTRIBUTE.findall(attributes):
        if name == wanted:
            return entities.unescape(value)
    return None


def _image(attributes: str, at: int) -> Inline | None:
    """The image of an `img`, as an inline without words; of one that loads later, what it will load."""
    sizes = (_attribute(attributes, "width"), _attribute(attributes, "height"))
    if any(_whole(size, SMALLEST_IMAGE) < SMALLEST_IMAGE for size in sizes):
        return None
    named = (_attribute(attributes, name) or "" for name in ("src", "data-src", "data-original"))
    source = next((address for address in named if address and not address.startswith("data:")), None)
    alt = " ".join((_attribute(attributes, "alt") or "").split())
    return Inline(at, at, "image", source, alt) if source else None


def _whole(value: str | None, otherwise: int) -> int:
    """A number of at most nine digits as an attribute gives it, or the other one."""
    return int(value) if value and re.fullmatch(r"[0-9]{1,9}", value) else otherwise


def _shifted(inlines: list[Inline], shift: int, length: int) -> Iterator[Inline]:
    for inline in inlines:
        start, end = (min(max(0, edge - shift), length) for edge in (inline.start, inline.end))
        if start < end or inline.kind in ("cell", "image"):
            yield inline._replace(start=start, end=end)


def _link_share(inlines: tuple[Inline, ...], length: int) -> float:
    linked = sum(inline.end - inline.start for inline in inlines if inline.kind == "link")
    return min(1.0, linked / length) if length else 0.0
