"""What a line looks like, whatever it says: prose, a label, a title, a list item.

No word of any language is known here; only lengths, places of marks, and scripts that write without spaces.
"""

from __future__ import annotations

import re
from itertools import pairwise

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u180e"
SPACES = " \t\n\r\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f"
SPACES += "\u205f\u3000\x85\x1c\x1d\x1e\x1f"
BLANK = SPACES + INVISIBLE

# Sentence ends of the scripts in use (Unicode property Sentence_Terminal, the common ones), and what may close after.
ENDS = ".!?…。！？؟۔।॥።։｡"
CLOSERS = "\"'”’»›)]}）」』】*_"

_UNSPACED = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
_MAYBE_UNSPACED = re.compile(r"[^\x00-\u0dff\u2000-\u2e7f]")  # compiles in a tenth of the time, and is enough for most
_SENTENCE_END = re.compile(rf"[{re.escape(ENDS)}][{re.escape(CLOSERS)}]*(?=\s|$)|[。！？｡]")
_ITEM = re.compile(r"(?:[-*+•·▪‣◦–—]|\(?\d{1,3}[.)]|[a-z][.)])[ \t\u00a0]+(?=\S)")
_MARKDOWN_HEADING = re.compile(r"(#{1,6})[ \t]+(?=\S)")

PROSE_WORDS = 8
TITLE_WORDS = 32
TITLE_LENGTH = 220
UNSPACED_WORD = 2  # characters of an unspaced script that count as a word: Chinese words are about that long


def count_words(text: str) -> int:
    """Words between spaces; where a script writes without spaces, one for every two characters."""
    unspaced = len(re.findall(_UNSPACED, text)) if _MAYBE_UNSPACED.search(text) else 0
    if not unspaced:
        return len(text.split())
    return len(re.sub(_UNSPACED, " ", text).split()) + (unspaced + 1) // UNSPACED_WORD


def may_be_unspaced(text: str) -> bool:
    """Whether a text has characters of the scripts among which some put no spaces between words."""
    return _MAYBE_UNSPACED.search(text) is not None


def is_unspaced(character: str) -> bool:
    """Whether a character belongs to a script that puts no spaces between words: Thai, Chinese, Japanese."""
    return _MAYBE_UNSPACED.match(character) is not None and re.match(_UNSPACED, character) is not None


def ends_like_a_sentence(text: str) -> bool:
    """Whether the last visible mark ends a sentence; a colon, a comma or nothing does not."""
    bare = text.rstrip(BLANK).rstrip(CLOSERS + BLANK)
    return bool(bare) and bare[-1] in ENDS


def is_prose(text: str) -> bool:
    """A body paragraph: a sentence of some length, or several of them."""
    if len(text) < PROSE_WORDS * UNSPACED_WORD or count_words(text) < PROSE_WORDS:
        return False
    return ends_like_a_sentence(text) or len(_SENTENCE_END.findall(text)) > 1 or count_words(text) > 2 * TITLE_WORDS


def is_title_like(text: str) -> bool:
    """A line that could head an article: some words, not many, and no full stop at the end."""
    bare = text.strip(BLANK)
    if not bare or len(bare) > TITLE_LENGTH or item_marker(bare) or not any(c.isalpha() for c in bare):
        return False
    if bare[-1] in ".,;:。，；：|" or not 2 <= count_words(bare) <= TITLE_WORDS:
        return False
    return len(_SENTENCE_END.findall(bare)) <= 1 or bare[-1] in "?!？！"


def item_marker(text: str) -> str:
    """The bullet or number that a list item begins with, or the empty string."""
    found = _ITEM.match(text)
    return found.group() if found else ""


def heading_level(text: str) -> int:
    """The level of a Markdown heading, 0 for any other line."""
    found = _MARKDOWN_HEADING.match(text) if text.startswith("#") else None
    return len(found.group(1)) if found else 0


def without_heading_marks(text: str) -> str:
    """A Markdown heading's words alone."""
    level = heading_level(text)
    return text[level:].strip(BLANK).rstrip("#").rstrip(BLANK) if level else text


def sentences(text: str) -> list[str]:
    """The text's sentences, cut after each sentence end; in order, with nothing lost but space at the cuts."""
    cuts = [0, *(found.end() for found in _SENTENCE_END.finditer(text)), len(text)]
    parts = (text[a:b].strip() for a, b in pairwise(cuts))
    return [part for part in parts if part]
