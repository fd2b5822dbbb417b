"""Folding: the one form in which texts and phrases are compared.

Case, accents, kinds of quotes and dashes, full width, invisible characters and runs of space count as the same;
every number is `#`; bullets, brackets and end punctuation around a line are left away. A number sign of the text
itself is folded to `♯`, so that `#` always means a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

NUMBER = "#"
_SIGN = "♯"
_SAME = {
    **dict.fromkeys("“”„‟«»「」『』〝〞〟″＂", '"'),
    **dict.fromkeys("‘’‚‛‹›`´ʼ′＇", "'"),
    **dict.fromkeys("‐‑‒–—―−﹘－─", "-"),
    **dict.fromkeys("#＃﹟", _SIGN),
    **dict.fromkeys("ıİ", "i"),  # Turkish I: a line in capitals does not tell which of the two it was
    "…": "...",
    "ł": "l",
    "đ": "d",
    "ø": "o",
    "ـ": "",  # Arabic tatweel only stretches a word
}
_ARABIC_MARKS = range(0x064B, 0x0653)  # short vowels, which news sites print or leave out as they like
_LATIN_MARKS = range(0x0300, 0x0370)  # the accents of Latin, Greek and Cyrillic

_NUMBER = re.compile(r"[0-9]+(?:[.,'][0-9]+| [0-9]{3}(?![0-9]))*(?:[km](?![^\W\d_]))?")
_SPACES = re.compile(r" {2,}")
_EDGES = " \t.,:;!?¿¡|<>-*•·▪‣◦►▶▸▹▷→›↗⇒✓✔★☆()[]{}_~=+^\\"


class _Table(dict[int, str]):
    """The folding of each character, worked out when the character is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if (same := _SAME.get(character)) is not None:
        return same
    if character.isspace():
        return "\n" if character == "\n" else " "
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    if unicodedata.category(character) in ("Cf", "Cc") and not character.isspace():
        return ""
    parts = unicodedata.normalize("NFKD", character.casefold())
    kept = "".join(p for p in parts if ord(p) not in _LATIN_MARKS and ord(p) not in _ARABIC_MARKS)
    return "".join(_SAME.get(p, p) for p in unicodedata.normalize("NFC", kept)).casefold()


_TABLE = _Table()


def fold(text: str) -> str:
    """The text as it is compared: one line, without edges that say nothing."""
    folded = _without_arrows(text).translate(_TABLE).replace("\n", " ")
    return _NUMBER.sub(NUMBER, _SPACES.sub(" ", folded)).strip(_EDGES)


def fold_blocks(texts: Sequence[str]) -> list[str]:
    """Each text folded; all of them in one go, which is several times faster than one after the other."""
    joined = "\n".join(" ".join(text.splitlines()) if "\n" in text or "\r" in text else text for text in texts)
    if "»" in joined:
        joined = "\n".join(_without_arrows(line) for line in joined.split("\n"))
    folded = joined.translate(_TABLE)
    if "  " in folded:
        folded = _SPACES.sub(" ", folded)
    lines = [line.strip(_EDGES) for line in _NUMBER.sub(NUMBER, folded).split("\n")]
    return lines if len(lines) == len(texts) else [fold(text) for text in texts]


def _without_arrows(text: str) -> str:
    """The text with `»` as the arrow that it is where no `«` makes a quotation of it."""
    return text.replace("»", ">") if "»" in text and "«" not in text else text


def fold_phrase(phrase: str) -> str:
    """A phrase of a pack, folded; its `#` stands for any number."""
    return fold_literal(phrase).strip(_EDGES)


def fold_literal(literal: str) -> str:
    """A part of a text, folded; marks and spaces at its edges count."""
    parts = (_NUMBER.sub(NUMBER, part.translate(_TABLE)) for part in literal.split(NUMBER))
    return _SPACES.sub(" ", NUMBER.join(parts).replace("\n", " "))


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters (and for its end) the offset in the text where it began."""
    spread: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(_without_arrows(text)):
        folded = " " if (one := _TABLE[ord(character)]).isspace() else one
        if folded == " " and spread and spread[-1] == " ":
            continue
        spread.extend(folded)
        offsets.extend([offset] * len(folded))
    offsets.append(len(text))
    return _strip_edges(*_merge_numbers("".join(spread), offsets))


def _merge_numbers(spread: str, offsets: list[int]) -> tuple[str, list[int]]:
    parts: list[str] = []
    merged: list[int] = []
    position = 0
    for found in _NUMBER.finditer(spread):
        parts += [spread[position : found.start()], NUMBER]
        merged += [*offsets[position : found.start()], offsets[found.start()]]
        position = found.end()
    return "".join(parts) + spread[position:], merged + offsets[position:]


def _strip_edges(folded: str, offsets: list[int]) -> tuple[str, list[int]]:
    left = len(folded) - len(folded.lstrip(_EDGES))
    bare = folded.strip(_EDGES)
    return bare, offsets[left : left + len(bare) + 1]


def is_bounded(block: str, start: int, end: int) -> bool:
    """Whether a wording begins and ends where words do; scripts that put no space between words have no such edges."""
    return not (_joined(block[start - 1 : start], block[start : start + 1]) if start else False) and not _joined(
        block[end - 1 : end], block[end : end + 1]
    )


def _joined(left: str, right: str) -> bool:
    return bool(left) and bool(right) and _is_word(left) and _is_word(right)


def _is_word(character: str) -> bool:
    return character.isalnum() and not ("\u0e00" <= character <= "\u0eff" or character > "\u2e7f")


def stands_in(phrase: str, folded: str) -> bool:
    """Whether a folded phrase stands in a folded text as whole words."""
    start = folded.find(phrase)
    while start >= 0:
        if is_bounded(folded, start, start + len(phrase)):
            return True
        start = folded.find(phrase, start + 1)
    return False
