"""The data that flows: a Page comes in, a Document of blocks is made of it, an Article is what cleaning decided.

Everything here is a named tuple: frozen, and a third of the cost of a dataclass, at the start of a process and for each
block. A Page is made by `sources` and `net`, a Document by `html` and `text`, an Article by `clean`; what they offer
beyond their fields are views, computed from the fields and nothing else. (Annotations are not postponed in the modules
of the start path: a named tuple compiles each that is a string, all in all 5 ms at every start.)
"""

import re
from typing import Literal, NamedTuple

from scrub import shape

PageKind = Literal["html", "text"]
BlockKind = Literal["paragraph", "heading", "item", "quote", "caption", "table", "code", "container"]
InlineKind = Literal["link", "emphasis", "strong", "code", "image", "cell"]
Access = Literal["open", "metered", "paywalled", "consent", "unknown"]

LINE_END = re.compile(r"\r\n|[\n\r\u2028\u2029\x85\v\f]")


class Page(NamedTuple):
    """What a source delivered: the bytes and what is known of them.

    `content_type` is the whole header (`text/html; charset=utf-8`). `kind` and `encoding` are set where somebody
    who knows better than the bytes said so; `None` asks for detection. `fetched_at` is ISO 8601. `preferences` is what
    the site says on automated use, each with the signal that said it (`robots.txt Content-Signal: ai-train=no`).
    `headers` are those of the answer, as they came.
    """

    body: bytes
    url: str | None = None
    requested_url: str | None = None
    content_type: str | None = None
    status: int | None = None
    fetched_at: str | None = None
    kind: PageKind | None = None
    encoding: str | None = None
    preferences: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


class Span(NamedTuple):
    """A half-open range of characters."""

    start: int
    end: int


class Inline(NamedTuple):
    """A link, an emphasis, or a cell of a table's row: `start` to `end` of the block's text; `target` is an address.

    An image is an inline without words at the place where it stands; `alt` is what may be read instead of it.
    """

    start: int
    end: int
    kind: InlineKind
    target: str | None = None
    alt: str = ""


class Context(NamedTuple):
    """What only HTML can tell of a block: the share (0..1) of its characters that are links, and its containers'
    tag names, outermost first.

    `places` has for each container its number in the page: blocks of one list item, quote or table share it. `number`
    is that of an item in an ordered list.
    """

    link_share: float = 0.0
    containers: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    number: int | None = None


class Block(NamedTuple):
    """The smallest unit that is kept or removed, in reading order: a line (or one hard-wrapped paragraph with its
    line ends inside), a heading, a list item, a quote, a caption, a table row.

    `paragraph` is shared by the blocks between two blank lines, or of one container. `source` is where the text
    stood in a plain text.
    """

    index: int  # type: ignore[assignment]  # hides the method of tuples, which nobody needs of a block
    text: str
    kind: BlockKind = "paragraph"
    level: int = 0
    paragraph: int = 0
    source: Span | None = None
    inlines: tuple[Inline, ...] = ()
    context: Context | None = None


class Metadata(NamedTuple):
    """What a page says of its article. Absent is `None` or empty, never guessed. Dates are ISO 8601, with an offset
    where the page gives one. `sources` names for each field that was found where it stood (`json-ld`, `meta`, …)."""

    url: str | None = None
    requested_url: str | None = None
    canonical_url: str | None = None
    site: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    description: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    access: Access = "unknown"
    preferences: tuple[str, ...] = ()
    fetched_at: str | None = None
    status: int | None = None
    sources: tuple[tuple[str, str], ...] = ()


NO_METADATA = Metadata()


class Verdict(NamedTuple):
    """What extraction holds against a block: a removal that every rule may overrule."""

    block: int
    rule: str
    reason: str
    score: float | None = None


class Document(NamedTuple):
    """A page as blocks. `separators` has one more than `blocks`: what stood before each block and after the last.

    `title_block` is the block that repeats the metadata's title, where there is one. `confidence` (0..1) is the
    probability that the text is nearly what a person would mark; None where nothing has measured it.
    """

    kind: PageKind
    blocks: tuple[Block, ...]
    separators: tuple[str, ...]
    metadata: Metadata = NO_METADATA
    verdicts: tuple[Verdict, ...] = ()
    title_block: int | None = None
    warnings: tuple[str, ...] = ()
    confidence: float | None = None


class Decision(NamedTuple):
    """Keep or remove `start` to `end` of a block's text. The decisions of a block partition its text."""

    block: int
    start: int
    end: int
    keep: bool
    rule: str = ""
    reason: str = ""
    score: float | None = None


class Removal(NamedTuple):
    """A removed piece of text with what removed it: `rule` is the rule's id, `category` its class."""

    block: int
    start: int
    end: int
    text: str
    rule: str
    category: str
    reason: str
    score: float | None = None


class Article(NamedTuple):
    """A Document and the decisions on its blocks; everything else is a view of the two.

    `rules_version` names the rules that decided.
    """

    document: Document
    decisions: tuple[Decision, ...]
    rules_version: str = ""

    @property
    def metadata(self) -> Metadata:
        """What the page says of the article."""
        return self.document.metadata

    @property
    def title(self) -> str | None:
        """The headline: the metadata's for HTML, the first kept block of a text where it is like a title."""
        if self.metadata.title is not None or self.document.kind == "html":
            return self.metadata.title
        title = self._title_index()
        return None if title is None else shape.without_heading_marks(self._kept_texts()[title])

    @property
    def text(self) -> str:
        """The body without the title, with the separators that the source had between kept blocks."""
        kept = self._kept_texts()
        if (title := self._title_index()) is not None:
            kept.pop(title, None)
        return _join(kept, self.document.separators)

    @property
    def whole_text(self) -> str:
        """Title and body as the text output has them; cleaning it again changes nothing."""
        kept = self._kept_texts()
        title = self._title_index()
        if self.metadata.title is None or (title is not None and next(iter(kept), None) == title):
            return _join(kept, self.document.separators)
        return f"{self.metadata.title}\n\n{self.text}"

    @property
    def kept(self) -> tuple[Block, ...]:
        """The blocks that stay, each with the text that stays of it, and the inlines that lie wholly in that."""
        kept = self._kept_texts()
        taken: dict[int, list[Span]] = {}
        for decision in self.decisions:
            if not decision.keep:
                taken.setdefault(decision.block, []).append(Span(decision.start, decision.end))
        blocks = (block for block in self.document.blocks if block.index in kept)
        return tuple(_trimmed(block, kept[block.index], taken.get(block.index, [])) for block in blocks)

    @property
    def body(self) -> tuple[Block, ...]:
        """The blocks that stay, without the title."""
        title = self._title_index()
        return tuple(block for block in self.kept if block.index != title)

    @property
    def removed(self) -> tuple[Removal, ...]:
        """Every removed piece in reading order, with the rule that took it and the reason."""
        blocks = self.document.blocks
        return tuple(
            Removal(d.block, d.start, d.end, blocks[d.block].text[d.start : d.end], d.rule, category(d.rule),
                    d.reason, d.score)
            for d in self.decisions
            if not d.keep
        )  # fmt: skip

    @property
    def authors(self) -> tuple[str, ...]:
        """The people who wrote it."""
        return self.metadata.authors

    @property
    def published(self) -> str | None:
        """When it was published, ISO 8601."""
        return self.metadata.published

    @property
    def modified(self) -> str | None:
        """When it was last changed, ISO 8601."""
        return self.metadata.modified

    @property
    def language(self) -> str | None:
        """The language that the page declares, as a BCP 47 tag."""
        return self.metadata.language

    @property
    def url(self) -> str | None:
        """The address that the page came from."""
        return self.metadata.url

    @property
    def canonical_url(self) -> str | None:
        """The address that the page calls its own."""
        return self.metadata.canonical_url

    @property
    def confidence(self) -> float | None:
        """How sure the extraction is (0..1); None for a plain text."""
        return self.document.confidence

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a careful reader should know before trusting the result."""
        return self.document.warnings

    def _kept_texts(self) -> dict[int, str]:
        kept: dict[int, str] = {}
        for decision in self.decisions:
            if decision.keep:
                piece = self.document.blocks[decision.block].text[decision.start : decision.end]
                kept[decision.block] = kept.get(decision.block, "") + piece
        stripped = ((index, text.strip(shape.SPACES)) for index, text in kept.items())
        return {index: text for index, text in stripped if text.strip(shape.BLANK)}

    def _title_index(self) -> int | None:
        if self.document.kind == "html":
            return self.document.title_block
        kept = self._kept_texts()
        first = next(iter(kept), None)
        if first is None or len(kept) == 1 or not shape.is_title_like(kept[first]):
            return None
        return first


def category(rule: str) -> str:
    """The class of a rule's id: what stands before the first dot."""
    return rule.partition(".")[0]


def _trimmed(block: Block, text: str, taken: list[Span]) -> Block:
    """A block with the text that is left of it; inlines of which a part was taken go."""
    if text == block.text:
        return block
    starts, ends = [0, *(span.end for span in taken)], [*(span.start for span in taken), len(block.text)]
    left = "".join(block.text[start:end] for start, end in zip(starts, ends, strict=True))
    indent = len(left) - len(left.lstrip(shape.SPACES))

    def place(at: int) -> int:
        before = sum(min(span.end, at) - span.start for span in taken if span.start < at)
        return min(max(0, at - before - indent), len(text))

    whole = (i for i in block.inlines if not any(span.start < i.end and i.start < span.end for span in taken))
    return block._replace(text=text, inlines=tuple(i._replace(start=place(i.start), end=place(i.end)) for i in whole))


def _join(texts: dict[int, str], separators: tuple[str, ...]) -> str:
    """Texts by block index, in order, with what the source had between them, runs of blank lines made one."""
    parts: list[str] = []
    previous: int | None = None
    for index, text in texts.items():
        if previous is not None:
            parts.append(_separator(separators[previous + 1 : index + 1]))
        parts.append(text)
        previous = index
    return "".join(parts)


def _separator(between: tuple[str, ...]) -> str:
    """The widest of the separators that removed blocks left side by side: at most one blank line, then the indent."""
    ends = max((LINE_END.findall(one) for one in between), key=len)
    tail = LINE_END.split(between[-1])[-1]
    return "".join(ends[:2]) + tail
