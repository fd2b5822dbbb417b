"""Plain text -> Document: a block is a line, or a hard-wrapped paragraph with its line ends inside.

Nothing is lost: the separators and the blocks, put one after the other, are the text that came in.
"""

from itertools import pairwise
from typing import NamedTuple

from scrub import shape
from scrub.model import LINE_END, Block, BlockKind, Document, Metadata, Span

# A paragraph counts as hard-wrapped when its longest line is as wide as mail, Usenet and README files are set
# (RFC 3676 recommends 78 at most; typewriters and Gutenberg texts go from about 55 to 80).
NARROWEST_WRAP = 40
WIDEST_WRAP = 100


class _Line(NamedTuple):
    start: int
    end: int
    text: str


def read_text(text: str, metadata: Metadata | None = None) -> Document:
    """The blocks of a text, in order; a blank line begins a new paragraph. Raises nothing; no blocks for no text."""
    blocks: list[Block] = []
    for paragraph, lines in enumerate(_paragraphs(text)):
        for group in _unwrap(lines):
            span = Span(group[0].start, group[-1].end)
            blocks.append(_block(len(blocks), text[span.start : span.end], paragraph, span))
    edges = [0, *(b.source.end for b in blocks if b.source)]
    starts = [*(b.source.start for b in blocks if b.source), len(text)]
    separators = tuple(text[a:b] for a, b in zip(edges, starts, strict=True))
    return Document("text", tuple(blocks), separators, metadata or Metadata())


def _block(index: int, text: str, paragraph: int, span: Span) -> Block:
    kind, level = _kind(text)
    return Block(index, text, kind, level, paragraph, span)


def _kind(text: str) -> tuple[BlockKind, int]:
    if level := shape.heading_level(text):
        return "heading", level
    if shape.item_marker(text):
        return "item", 1
    if text.startswith(">"):
        return "quote", 0
    return "paragraph", 0


def _paragraphs(text: str) -> list[list[_Line]]:
    """The lines that hold something, without the space at their ends, cut into paragraphs at blank lines."""
    paragraphs: list[list[_Line]] = [[]]
    start = 0
    for end, after in [*((m.start(), m.end()) for m in LINE_END.finditer(text)), (len(text), len(text))]:
        line = text[start:end]
        if line.strip(shape.BLANK):
            left = len(line) - len(line.lstrip(shape.SPACES))
            bare = line.strip(shape.SPACES)
            paragraphs[-1].append(_Line(start + left, start + left + len(bare), bare))
        elif paragraphs[-1]:
            paragraphs.append([])
        start = after
    return [lines for lines in paragraphs if lines]


def _unwrap(lines: list[_Line]) -> list[list[_Line]]:
    """The lines as groups that make one block each: a hard-wrapped paragraph together, all others alone."""
    if len(lines) == 1 or not _is_wrapped(lines):
        return [[line] for line in lines]
    return [lines]


def _is_wrapped(lines: list[_Line]) -> bool:
    """Whether each line but the last is full, so that the next word had no room on it, and sentences run across.

    A list of teasers fails it: its lines end where they like, and begin with a capital.
    """
    width = max(len(line.text) for line in lines)
    if not NARROWEST_WRAP <= width <= WIDEST_WRAP:
        return False
    running = 0
    for line, following in pairwise(lines):
        first_word = following.text.split(maxsplit=1)[0]
        if len(line.text) + 1 + len(first_word) <= width or shape.item_marker(following.text):
            return False
        running += following.text[0].islower() or line.text[-1] in ",;-–—"
    return running * 2 >= len(lines) - 1 or (running > 0 and shape.is_prose(" ".join(line.text for line in lines)))
