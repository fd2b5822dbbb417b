"""The shape of a line in numbers: its length, how it begins and ends, and how many marks of each kind it has.

What the models over lines and over blocks see of a text itself. No word of any language.
"""

from __future__ import annotations

import unicodedata
from math import log2

from scrub import shape

_LOWER, _UPPER, _CASELESS, _UNSPACED, _DIGIT = "a", "A", "o", "h", "9"
_STOP, _COMMA, _COLON, _QUOTE, _BRACKET, _SEPARATOR, _SIGN, _OTHER = ".,:'(|@-"
_MARKS = {
    **dict.fromkeys("|•·»«›‹>/\\→–—▪*+~#_=", _SEPARATOR),
    **dict.fromkeys("\"'“”„‘’‚‹›「」『』", _QUOTE),
    **dict.fromkeys("()（）[]{}", _BRACKET),
    **dict.fromkeys(",;،、，；", _COMMA),
    **dict.fromkeys(":：", _COLON),
    **dict.fromkeys("@©®™€$£¥%", _SIGN),
    **dict.fromkeys(shape.ENDS, _STOP),
    **dict.fromkeys(shape.INVISIBLE, ""),
}
_CATEGORIES = {"Lu": _UPPER, "Lt": _UPPER, "Ll": _LOWER, "Nd": _DIGIT}
SENTENCE_END = 1.0
_ENDS = {_STOP: SENTENCE_END, _COLON: 2.0, _COMMA: 3.0, _DIGIT: 4.0, _BRACKET: 5.0, _SEPARATOR: 6.0, _QUOTE: 7.0}
_STARTS = {_LOWER: 1.0, _DIGIT: 2.0, _SEPARATOR: 3.0, _OTHER: 3.0, _QUOTE: 4.0, _BRACKET: 5.0, _SIGN: 6.0}

NUMBERS = (
    "length words end start capitals titles digits commas stops separators colons quotes brackets signs address "
    "question prose".split()
)


class _Classes(dict[int, str]):
    """Each character as its class: a small letter, a capital, a letter of a script without the two, and so on."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _class_of(chr(code))
        return found


def _class_of(character: str) -> str:
    if character.isspace():
        return " "
    if (mark := _MARKS.get(character)) is not None:
        return mark
    category = unicodedata.category(character)
    if category[0] in "LM" and category not in _CATEGORIES:
        return _UNSPACED if shape.is_unspaced(character) else _CASELESS
    return _CATEGORIES.get(category, _OTHER)


_TABLE = _Classes()


def line_shape(text: str) -> tuple[float, ...]:
    """A line's numbers, in the order of NUMBERS."""
    classes = text.translate(_TABLE).strip()
    count = classes.count
    letters = len(classes) or 1
    spaced = count(" ") + 1
    words = spaced + count(_UNSPACED) / shape.UNSPACED_WORD
    upper, stops = count(_UPPER), count(_STOP)
    last = classes[-1:]
    if last in (_QUOTE, _BRACKET) and classes[-2:-1] == _STOP:
        last = _STOP
    return (
        log2(letters + 1),
        log2(words + 1),
        _ENDS.get(last, 0.0),
        _STARTS.get(classes[:1], 0.0),
        upper / (upper + count(_LOWER) + 1),
        (count(" A") + (classes[:1] == _UPPER)) / spaced,
        count(_DIGIT) / letters,
        count(_COMMA) / words,
        stops / words,
        count(_SEPARATOR) / words,
        count(_COLON) / words,
        count(_QUOTE) / words,
        count(_BRACKET) / words,
        float(count(_SIGN)),
        float("//" in text or "www." in text),
        float(text[-1:] in "?？؟"),
        float(words >= shape.PROSE_WORDS and (last == _STOP or stops > 2)),
    )
