"""A block's text and inlines -> Markdown within one block (CommonMark 0.31, sections 2.4 and 6).

What is escaped is what would otherwise be read as a mark, and nothing else, so that a person can read the source.
Emphasis that no parser would see, as next to a word or in scripts without spaces, goes without its marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, get_args
from urllib.parse import quote, urljoin

from scrub.model import LINE_END, Inline, InlineKind

HARD_BREAK = "\\\n"
_MOST_ROUNDS = 8  # taking marks away seldom makes others fail
_EMPHASIS = {"emphasis": "*", "strong": "**"}
_ADDRESS = re.compile(r"(?:https?://[^/?#\\]|mailto:[^?])", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\s<>\"\\^`{|}\ud800-\udfff]+")  # in no address (RFC 3986, appendix A)
_BALANCED = re.compile(r"[^()]*(?:\([^()]*\)[^()]*)*")
_ENTITY = r"&(?=#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[a-zA-Z][a-zA-Z0-9]{1,31};)"
_MARK = re.compile(rf"<(?=[a-zA-Z/!?])|{_ENTITY}|\](?=\()|\\(?![^\W_]| +\S)")
_MARK_BESIDE_INLINES = re.compile(rf"{_MARK.pattern}|[\\`]")
_BRACKET_FIRST = re.compile(r"(?:^|\n)[^\S\n]*\[")
_BEFORE_LINE_END = re.compile(r"[^\S\n]*\n")
_BARE_ADDRESS = re.compile(r"(?:(?:https?|ftp)(?=://)|www(?=\.))(?P<joint>[:.])\S+", re.IGNORECASE)
_TASK = re.compile(r"\[[ xX]\]\s")  # the box of a task (GFM)
_LINE_START = re.compile(
    r"""(?P<one> \#{1,6}(?=\s|$) | > | [-+](?=\s|$) | =+\s*$ | (?=[^-]*-)[-:|][-:|\s]*$)
      | (?P<number> [0-9]{1,9})(?=[.)](?:\s|$))
      | (?P<run> \*(?=\s|$) | (?P<rule>[*_])(?:\s*(?P=rule)){2,}\s*$ | ~{3,} | `{3,}(?=[^`]*$))""",
    re.VERBOSE,
)


class _Span(NamedTuple):
    """What stands around a range of the text; of code and images, `before` is all that is written."""

    start: int
    end: int
    before: str
    after: str
    kind: InlineKind


class _Token(NamedTuple):
    """A piece of output; `span` is the number of the emphasis that it opens or closes."""

    text: str
    span: int | None = None


def absolute_address(target: str | None, base: str | None) -> str | None:
    """A target as an absolute address of http, https or mailto; None for others, and for a place in the page itself."""
    bare = (target or "").strip(" \t\r\n\f\v")
    if not bare or bare.startswith("#"):
        return None
    try:
        whole = urljoin(base or "", re.sub(r"[\t\r\n]", "", bare))
    except ValueError:
        return None
    safe = _UNSAFE.sub(lambda found: quote(found.group(), safe="", errors="replace"), whole)
    return safe if _ADDRESS.match(safe) else None


def write_inlines(text: str, inlines: Iterable[Inline] = ()) -> str:
    """A block's words with their marks. Its line ends become `\n`; what a line begins with, `write_lines` looks at.

    The targets of links and images are what `absolute_address` gave.
    """
    text = LINE_END.sub(lambda found: " \n" if len(found.group()) > 1 else "\n", text).replace("\0", "\ufffd")
    ordered = _nested(text, inlines)
    pieces = _escaped(text, ordered)
    spans = _spans(text, ordered)
    for _ in range(_MOST_ROUNDS):
        tokens = _tokens(pieces, spans)
        failing = _failing(tokens)
        if not failing:
            return "".join(token.text for token in tokens)
        spans = [span for number, span in enumerate(spans) if number not in failing]
    return "".join(token.text for token in _tokens(pieces, [span for span in spans if span.kind not in _EMPHASIS]))


def write_lines(written: str, line_end: str) -> str:
    """The lines of a block so that none begins another one, with `line_end` between them; blank ones are left out."""
    lines = [_with_escaped_start(line.strip()) for line in written.split("\n") if line.strip()]
    if line_end == HARD_BREAK:
        lines[:-1] = [f"{line}  " if _ends_in_address(line) else f"{line}\\" for line in lines[:-1]]
    return "\n".join(lines)


def _ends_in_address(line: str) -> bool:
    """Whether GFM makes a link of what a line ends in, and would take a backslash for a part of it."""
    word = line.rsplit(maxsplit=1)[-1]
    return "](" not in word and _BARE_ADDRESS.search(word) is not None


def _with_escaped_start(line: str) -> str:
    found = _LINE_START.match(line)
    if found is None:
        return line
    start, rest = found.group(), line[found.end() :]
    if found["number"]:
        return f"{start}\\{rest}"
    return (re.sub(r"(\S)", r"\\\1", start) if found["run"] else f"\\{start}") + rest


def _nested(text: str, inlines: Iterable[Inline]) -> list[Inline]:
    """The inlines in the order in which they open, one within the other or apart, without space at their ends."""
    fitted = [_fitted(text, inline) for inline in inlines if inline.kind != "cell"]
    merged = [inline for kind in get_args(InlineKind) for inline in _merged([i for i in fitted if i.kind == kind])]
    places = {inline: place for place, inline in enumerate(fitted)}  # of two with one range, the outer one ended later
    merged.sort(key=lambda i: (i.start, i.start < i.end, -i.end, -places.get(i, 0)))
    ordered: list[Inline] = []
    outer: list[Inline] = []
    for inline in merged:
        while outer and outer[-1].end <= inline.start:
            outer.pop()
        crossing = outer and inline.end > outer[-1].end
        if not crossing and not any(other.kind in (inline.kind, "code") for other in outer):
            ordered.append(inline)
            outer.append(inline)
    return ordered


def _fitted(text: str, inline: Inline) -> Inline:
    """Without space at the ends; emphasis also without punctuation between a mark and a word, where it would not open
    (CommonMark 6.2, left- and right-flanking)."""
    start, end = inline.start, inline.end
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if inline.kind in _EMPHASIS:
        if start and text[start - 1].isalnum():
            while start < end and not text[start].isalnum():
                start += 1
        if text[end : end + 1].isalnum():
            while start < end and not text[end - 1].isalnum():
                end -= 1
    return inline._replace(start=start, end=end)


def _merged(inlines: list[Inline]) -> list[Inline]:
    """Inlines of one kind; emphasis or code that touches its like is one, since their marks would run together."""
    merged: list[Inline] = []
    for inline in sorted(inlines, key=lambda i: (i.start, i.end)):
        if inline.kind == "image":
            merged.append(inline)
        elif inline.start < inline.end:
            if inline.kind != "link" and merged and inline.start <= merged[-1].end:
                last = merged.pop()
                inline = last._replace(end=max(last.end, inline.end))
            merged.append(inline)
    return merged


def _spans(text: str, ordered: Sequence[Inline]) -> list[_Span]:
    spans: list[_Span] = []
    for inline in ordered:
        before, after = _around(text, inline)
        last = spans[-1] if spans else None
        if last and {last.kind, inline.kind} == set(_EMPHASIS) and (last.start, last.end) == (inline.start, inline.end):
            spans[-1] = last._replace(before=last.before + before, after=last.after + after)
        else:
            spans.append(_Span(inline.start, inline.end, before, after, inline.kind))
    return spans


def _around(text: str, inline: Inline) -> tuple[str, str]:
    if inline.kind == "code":
        return _code(text[inline.start : inline.end].replace("\n", " ")), ""
    if inline.kind == "link":
        return "[", f"]({_destination(inline.target or '')})"
    if inline.kind == "image":
        alt = "".join(_escaped(inline.alt, [Inline(0, len(inline.alt), "link")]))
        before, after = text[max(0, inline.start - 1) : inline.start], text[inline.start : inline.start + 1]
        space = " " if after and not after.isspace() and (not before or before.isspace()) else ""
        return f"![{alt}]({_destination(inline.target or '')}){space}", ""
    return _EMPHASIS[inline.kind], _EMPHASIS[inline.kind]


def _code(code: str) -> str:
    """A code span: its fence is a run of backticks that the code has not (CommonMark 6.1)."""
    runs = {len(run) for run in re.findall("`+", code)}
    fence = "`" * next(length for length in range(1, len(runs) + 2) if length not in runs)
    padding = " " if code[:1] == "`" or code[-1:] == "`" else ""
    return f"{fence}{padding}{code}{padding}{fence}"


def _destination(address: str) -> str:
    address = re.sub(_ENTITY, r"\\&", address)
    return address if _BALANCED.fullmatch(address) else re.sub(r"([()])", r"\\\1", address)


def _tokens(pieces: Sequence[str], spans: Sequence[_Span]) -> list[_Token]:
    tokens: list[_Token] = []
    outer: list[int] = []
    at = 0

    def write_to(end: int) -> None:
        nonlocal at
        tokens.append(_Token("".join(pieces[at:end])))
        at = end

    def write_mark(number: int, text: str) -> None:
        tokens.append(_Token(text, number if spans[number].kind in _EMPHASIS else None))

    def close(until: int) -> None:
        while outer and spans[outer[-1]].end <= until:
            write_to(spans[outer[-1]].end)
            write_mark(outer[-1], spans[outer.pop()].after)

    for number, span in enumerate(spans):
        close(span.start)
        write_to(span.start)
        write_mark(number, span.before)
        if span.kind == "code":
            at = span.end
        elif span.kind != "image":
            outer.append(number)
    close(len(pieces))
    write_to(len(pieces))
    return [token for token in tokens if token.text]


def _failing(tokens: Sequence[_Token]) -> set[int]:
    """The emphasis whose marks a parser would not take as such, or that stands mark by mark with another one."""
    failing: set[int] = set()
    opened: set[int] = set()
    for place, token in enumerate(tokens):
        if token.span is None:
            continue
        before, after = tokens[place - 1] if place else None, tokens[place + 1] if place + 1 < len(tokens) else None
        outside, inside = before.text[-1] if before else "\n", after.text[0] if after else "\n"
        if token.span in opened:
            outside, inside = inside, outside
        opened.add(token.span)
        if after and after.span is not None:
            failing.add(max(token.span, after.span))
        elif not _flanks(outside, inside):
            failing.add(token.span)
    return failing


def _flanks(outside: str, inside: str) -> bool:
    """Whether a mark between two characters is one (CommonMark 6.2); symbols are punctuation since version 0.31."""
    if _is_space(inside):
        return False
    if unicodedata.category(inside)[0] not in "PS" or _is_space(outside):
        return True
    return unicodedata.category(outside)[0] == "P" or outside in "$+<=>^`|~"


def _is_space(character: str) -> bool:
    return character in "\t\n\v\f\r" or unicodedata.category(character) == "Zs"


def _escaped(text: str, ordered: Sequence[Inline]) -> list[str]:
    """The text's characters, those with a backslash that would be read as marks."""
    edges = {edge for inline in ordered for edge in (inline.start, inline.end)}
    places = {found.start() for found in (_MARK_BESIDE_INLINES if ordered else _MARK).finditer(text)}
    for mark in "*_~`":
        beside_ours = mark == "*" and any(inline.kind in _EMPHASIS for inline in ordered)
        places |= set(_run_places(text, mark, edges, beside_ours)) if mark in text else set()
    last_definition = text.rfind("]:")
    for found in _BRACKET_FIRST.finditer(text):  # a definition of an address, also one over several lines
        place = found.end() - 1
        if _TASK.match(text, place) or place < last_definition:
            places.add(place)
    for found in _BARE_ADDRESS.finditer(text):  # GFM makes a link of it and takes our backslashes for a part of it
        if any(place in places for place in range(*found.span())):
            places.add(found.start("joint"))
    for inline in ordered:
        if inline.kind == "link":
            places |= {place for place in range(inline.start, inline.end) if text[place] in "[]"}
            places |= {inline.start - 1} if text[inline.start - 1 : inline.start] == "!" else set()
    return [f"\\{character}" if place in places else character for place, character in enumerate(text)]


def _run_places(text: str, mark: str, edges: set[int], beside_ours: bool) -> Iterator[int]:
    """Where runs of a mark could open or close something, with each other or with ours; within a word `_` cannot."""
    runs = [found.span() for found in re.finditer(re.escape(mark) + "+", text)]
    around = [(text[start - 1] if start else " ", text[end : end + 1] or " ") for start, end in runs]
    in_word = [mark == "_" and before.isalnum() and after.isalnum() for before, after in around]
    opens = [
        (not _is_space(after) or bool(_BEFORE_LINE_END.match(text, end)))
        and not word  # a line end gets its own mark before it
        for (_, end), (_, after), word in zip(runs, around, in_word, strict=True)
    ]
    closes = [not _is_space(before) and not word for (before, _), word in zip(around, in_word, strict=True)]
    first = opens.index(True) if True in opens else len(runs)
    last = len(runs) - 1 - closes[::-1].index(True) if True in closes else -1
    for number, (start, end) in enumerate(runs):
        meets = (opens[number] and number < last) or (closes[number] and number > first)
        ours = beside_ours and (opens[number] or closes[number])
        if meets or ours or (mark == "`" and len(runs) > 1) or not edges.isdisjoint(range(start, end + 1)):
            yield from range(start, end)
