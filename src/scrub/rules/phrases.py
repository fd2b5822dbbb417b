"""The store of shipped phrases: for each word the phrases of which it is the rarest word.

There are tens of thousands of phrases in dozens of languages, and a text has few of their words. So a phrase lies under
its rarest word, and only the phrases under the text's own words are ever looked at. Where a script puts no spaces
between words, pairs of characters stand for words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path

from scrub.rules.rule import LINE

FILES = ("phrases.txt", "phrases-other-scripts.txt", "literals.txt", "literals-other-scripts.txt")
LAST_SPACED = "\u0dff"  # the scripts after it, from Thai on, mostly put no spaces between words
_WORD = re.compile(r"\w+")
_OTHER_SCRIPT = re.compile(r"[^\x00-\u036f\u2000-\u2e7f]")  # written as what it is not: ten times faster to compile
_SEPARATOR = "\t"
RUN = 3  # characters by which literals are found
_LIST = "\x02"  # between the literals of a line
_EDGE = "\x01"  # stands in the files for the line end that marks a block's edge


# A rule's number, how its phrase is looked up (`scrub.rules.rule.table_of`), and the phrase.
Wording = tuple[int, str, str]


class PhraseStore:
    """The wordings of shipped rules, by the rules' numbers: phrases by their rarest word, and literals of expressions
    by their rarest three characters.

    They lie in generated files of sorted lines, parted by tabs, so that opening one costs no more than cutting it into
    lines: a word, then number and table, second word and phrase of each phrase of which it is the rarest; and three
    characters, then each literal of which they are the rarest, with the number and `max_words` of each rule. Those of
    scripts other than Latin are read when a text has such letters.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def phrases_among(self, folded: str) -> Iterator[Wording]:
        """The phrases that may stand in a folded text."""
        words = text_words(folded)
        files = [self._latin_phrases, self._other_phrases] if has_other_script(folded) else [self._latin_phrases]
        return _unpack((line for lines in files for line in _lines_of(words, lines)), words)

    def all_phrases(self) -> Iterator[Wording]:
        """All phrases."""
        return _unpack([*self._latin_phrases, *self._other_phrases])

    def literals_among(self, folded: str) -> dict[str, list[tuple[int, int]]]:
        """The literals that stand in a folded text, with the rules that ask for each and their `max_words`."""
        runs = {"", *(folded[k : k + RUN] for k in range(len(folded) - RUN + 1))}
        files = [self._latin_literals, self._other_literals] if has_other_script(folded) else [self._latin_literals]
        found = (_literals(lines[run]) for lines in files for run in runs & lines.keys())
        return {literal: owners for literals in found for literal, owners in literals if literal in folded}

    def all_literals(self) -> dict[str, list[tuple[int, int]]]:
        """All literals, with the rules that ask for each and their `max_words`."""
        files = [self._latin_literals, self._other_literals]
        return dict(literal for lines in files for line in lines.values() for literal in _literals(line))

    @cached_property
    def _latin_phrases(self) -> list[bytes]:
        return self._read(FILES[0])

    @cached_property
    def _other_phrases(self) -> list[bytes]:
        return self._read(FILES[1])

    @cached_property
    def _latin_literals(self) -> dict[str, str]:
        return _by_run(self._read(FILES[2]))

    @cached_property
    def _other_literals(self) -> dict[str, str]:
        return _by_run(self._read(FILES[3]))

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


def _unpack(lines: Iterable[bytes], words: Container[str] | None = None) -> Iterator[Wording]:
    """The phrases of some lines; of those whose second word is not among the words of a text, none can stand in it."""
    for line in lines:
        _, *parts = line.decode().replace(_EDGE, LINE).split(_SEPARATOR)
        for owner, second, phrase in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            if words is None or second in words:
                yield int(owner[:-1]), owner[-1], phrase


def _by_run(lines: Iterable[bytes]) -> dict[str, str]:
    """From the rarest characters of some literals to these literals with their rules, still packed."""
    parted = (line.decode().partition(_SEPARATOR) for line in lines)
    return {run.replace(_EDGE, LINE): literals for run, _, literals in parted}


def _literals(packed: str) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """The literals of a line, with the edges of blocks that they ask for; each with its rules."""
    for one in packed.split(_LIST):
        literal, *numbers = one.split(_SEPARATOR)
        owners = [int(number) for number in numbers]
        yield literal.replace(_EDGE, LINE), list(zip(owners[::2], owners[1::2], strict=True))


def pack_wordings(wordings: Sequence[Wording], literals: Mapping[int, tuple[int, Iterable[str]]]) -> dict[str, str]:
    """The files of a store by name, of the phrases of rules and the literals of expressions by the rules' numbers; with
    a literal goes the most words that a block may have."""
    files = [*_pack_phrases(wordings), *_pack_literals(literals)]
    return dict(zip(FILES, ("".join(f"{line}\n" for line in sorted(lines)) for lines in files), strict=True))


def _pack_phrases(wordings: Sequence[Wording]) -> tuple[list[str], list[str]]:
    frequency = Counter(word for *_, phrase in wordings for word in set(phrase_words(phrase)))
    parts: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
    for number, table, phrase in wordings:
        words = sorted(phrase_words(phrase), key=lambda word: (frequency[word], -len(word), word))
        own = parts[has_other_script(phrase)].setdefault(words[0] if words else "", [])
        second = words[1] if len(words) > 1 else ""
        own += [f"{number}{table}", second, phrase.replace(LINE, _EDGE)]
    latin, other = ([_SEPARATOR.join([word, *own]) for word, own in part.items()] for part in parts)
    return latin, other


def _pack_literals(literals: Mapping[int, tuple[int, Iterable[str]]]) -> tuple[list[str], list[str]]:
    owners: dict[str, list[str]] = {}
    for number, (max_words, own) in literals.items():
        for literal in own:
            owners.setdefault(literal, []).extend([str(number), str(max_words)])
    frequency = Counter(run for literal in owners for run in set(_runs(literal)))
    parts: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
    for literal in sorted(owners):
        run = min(_runs(literal), key=lambda run: (frequency[run], run), default="")
        packed = _SEPARATOR.join([literal, *owners[literal]])
        parts[has_other_script(literal)].setdefault(run, []).append(packed)
    latin, other = (
        [f"{run}{_SEPARATOR}{_LIST.join(own)}".replace(LINE, _EDGE) for run, own in part.items()] for part in parts
    )
    return latin, other


def _runs(literal: str) -> list[str]:
    return [literal[k : k + RUN] for k in range(len(literal) - RUN + 1)]


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
