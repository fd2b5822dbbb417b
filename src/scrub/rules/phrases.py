"""The store of shipped phrases: for each word the phrases of which it is the rarest word.

There are tens of thousands of phrases in dozens of languages, and a text has few of their words. So a phrase lies under
its rarest word, and only the phrases under the text's own words are ever looked at. Where a script puts no spaces
between words, pairs of characters stand for words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path

from scrub.rules.rule import LINE

FILES = ("phrases.txt", "phrases-other-scripts.txt", "literals.txt", "literals-other-scripts.txt")
LAST_SPACED = "\u0dff"  # the scripts after it, from Thai on, mostly put no spaces between words
_WORD = re.compile(r"\w+")
_OTHER_SCRIPT = re.compile(r"[^\x00-\u036f\u2000-\u2e7f]")  # written as what it is not: ten times faster to compile
_SEPARATOR = "\t"
_EDGE = "\x01"  # stands in the files for the line end that marks a block's edge


class PhraseStore:
    """The wordings of shipped rules, by the rules' numbers: phrases by their rarest word, and literals of expressions.

    They lie in generated files of sorted lines, so that opening one costs no more than cutting it into lines: `word,
    number, phrase, number, phrase …` for phrases, `literal, number, words, …` for literals, parted by tabs. Those of
    scripts other than Latin are read when a text has such letters.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def phrases_among(self, folded: str) -> dict[int, list[str]]:
        """The phrases, by rule, that may stand in a folded text."""
        words = text_words(folded)
        files = [self._latin_phrases, self._other_phrases] if has_other_script(folded) else [self._latin_phrases]
        return _unpack(line for lines in files for line in _lines_of(words, lines))

    def all_phrases(self) -> dict[int, list[str]]:
        """All phrases, by rule."""
        return _unpack([*self._latin_phrases, *self._other_phrases])

    def literals_among(self, folded: str) -> dict[str, list[tuple[int, int]]]:
        """The literals that stand in a folded text, with the rules that ask for each and their `max_words`."""
        literals = self._latin_literals | self._other_literals if has_other_script(folded) else self._latin_literals
        return {literal: _numbers(owners) for literal, owners in literals.items() if literal in folded}

    def all_literals(self) -> dict[str, list[tuple[int, int]]]:
        """All literals, with the rules that ask for each and their `max_words`."""
        return {literal: _numbers(own) for literal, own in (self._latin_literals | self._other_literals).items()}

    @cached_property
    def _latin_phrases(self) -> list[bytes]:
        return self._read(FILES[0])

    @cached_property
    def _other_phrases(self) -> list[bytes]:
        return self._read(FILES[1])

    @cached_property
    def _latin_literals(self) -> dict[str, str]:
        return _literals(self._read(FILES[2]))

    @cached_property
    def _other_literals(self) -> dict[str, str]:
        return _literals(self._read(FILES[3]))

    def _read(self, name: str) -> list[bytes]:
        """The lines of a file, as bytes: of a hundred only one is ever looked at, and decoded then."""
        return (self._folder / name).read_bytes().split(b"\n")[:-1]


def has_other_script(folded: str) -> bool:
    """Whether a folded text has letters of a script other than Latin."""
    return _OTHER_SCRIPT.search(folded) is not None


def _lines_of(words: Iterable[str], lines: Sequence[bytes]) -> Iterator[bytes]:
    """The lines that begin with one of the words."""
    for word in words:
        start = f"{word}{_SEPARATOR}".encode()
        place = bisect_left(lines, start)
        if place < len(lines) and lines[place].startswith(start):
            yield lines[place]


def _literals(lines: Iterable[bytes]) -> dict[str, str]:
    """From a literal, with the edges of blocks that it asks for, to the numbers of its rules."""
    parted = (line.decode().partition(_SEPARATOR) for line in lines)
    return {literal.replace(_EDGE, LINE): owners for literal, _, owners in parted}


def _numbers(owners: str) -> list[tuple[int, int]]:
    numbers = [int(number) for number in owners.split(_SEPARATOR)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _unpack(lines: Iterable[bytes]) -> dict[int, list[str]]:
    phrases: dict[int, list[str]] = {}
    for line in lines:
        parts = line.decode().split(_SEPARATOR)
        for number, phrase in zip(parts[1::2], parts[2::2], strict=True):
            phrases.setdefault(int(number), []).append(phrase)
    return phrases


def pack_wordings(
    phrases: Mapping[int, Iterable[str]], literals: Mapping[int, tuple[int, Iterable[str]]]
) -> dict[str, str]:
    """The files of a store by name, of the phrases of rules and the literals of expressions by the rules' numbers; with
    a literal goes the most words that a block may have."""
    every = [(number, phrase) for number, own in phrases.items() for phrase in own]
    frequency = Counter(word for _, phrase in every for word in set(phrase_words(phrase)))
    parts: list[dict[str, list[str]]] = [{}, {}, {}, {}]
    for number, phrase in every:
        words = sorted(phrase_words(phrase), key=lambda word: (frequency[word], -len(word), word))
        parts[has_other_script(phrase)].setdefault(words[0] if words else "", []).extend([str(number), phrase])
    for number, (max_words, own) in literals.items():
        for literal in own:
            part = parts[2 + has_other_script(literal)]
            part.setdefault(literal.replace(LINE, _EDGE), []).extend([str(number), str(max_words)])
    lines = (sorted(_SEPARATOR.join([key, *values]) for key, values in part.items()) for part in parts)
    return dict(zip(FILES, ("".join(f"{line}\n" for line in part) for part in lines), strict=True))


def phrase_words(phrase: str) -> list[str]:
    """The words of a folded phrase, each of which stands in any text that has the phrase."""
    return [part for word in _WORD.findall(phrase) for part in _parts(word)]


def text_words(folded: str) -> set[str]:
    """The words of a folded text, and the empty one, under which phrases without a word lie."""
    words = {"", *_WORD.findall(folded)}
    if not has_other_script(folded):
        return words
    unspaced = [word for word in words if word and max(word) > LAST_SPACED]
    return words.union(*(_parts(word) for word in unspaced), *(set(word) for word in unspaced))


def _parts(word: str) -> list[str]:
    """A word; where it has characters that no spaces part, its parts on each side of them and pairs of them."""
    if max(word) <= LAST_SPACED:
        return [word]
    parts: list[str] = []
    for unspaced, run in groupby(word, lambda character: character > LAST_SPACED):
        part = "".join(run)
        parts += [part[k : k + 2] for k in range(len(part) - 1)] if unspaced and len(part) > 1 else [part]
    return parts
