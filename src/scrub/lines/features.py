"""What the line model sees: numbers about each line, its place and its neighbours. No word of any language.

The names of the features stand in FEATURES, in the order of a row; a model file holds their hash.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from math import log2
from typing import NamedTuple

from scrub import shape

PROSE_WORDS = 8
FAR = 30  # lines; what is farther away is as far as that
GAP = 3  # short lines within a cluster of prose

# Each character as its class: a small letter, a capital, a letter of a script without the two, and so on.
LOWER, UPPER, CASELESS, WIDE, DIGIT, STOP, COMMA, COLON, QUOTE, BRACKET, SEPARATOR, SIGN, OTHER = "aAoh9.,:'(|@-"
_SEPARATORS = "|•·»«›‹>/\\→–—▪*+~#_=["
_QUOTES = "\"'“”„‘’‚‹›「」『』"


class _Classes(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = found = _class_of(chr(code))
        return found


def _class_of(character: str) -> str:
    if character.isspace():
        return " "
    if character in shape.INVISIBLE:
        return ""
    for marks, name in (
        (shape.ENDS, STOP),
        (",;،、，；", COMMA),
        (":：", COLON),
        (_QUOTES, QUOTE),
        ("()（）[]{}", BRACKET),
    ):
        if character in marks:
            return name
    if character in _SEPARATORS:
        return SEPARATOR
    if character in "@©®™€$£¥%":
        return SIGN
    category = unicodedata.category(character)
    if category in ("Lu", "Lt"):
        return UPPER
    if category == "Ll":
        return LOWER
    if category == "Nd":
        return DIGIT
    if category[0] in "LM":
        return WIDE if character > "\u2e7f" or "\u0e00" <= character <= "\u0eff" else CASELESS
    return OTHER


_TABLE = _Classes()
_ENDS = {STOP: 1.0, COLON: 2.0, COMMA: 3.0, DIGIT: 4.0, BRACKET: 5.0, SEPARATOR: 6.0, QUOTE: 7.0}
_STARTS = {LOWER: 1.0, DIGIT: 2.0, SEPARATOR: 3.0, OTHER: 3.0, QUOTE: 4.0, BRACKET: 5.0, SIGN: 6.0}

OWN = (
    "length words end start capitals titles digits commas stops separators colons quotes brackets signs address question prose"
).split()
PLACE = (
    "repeated paragraph_size paragraph_place lines prose_share position words_before prose_before prose_after "
    "last_prose next_prose run run_place cluster in_best to_best from_best near_prose wide_prose around_words "
    "around_titles around_separators around_stops".split()
)
BESIDE = "words end titles prose stops digits".split()
OFFSETS = (-3, -2, -1, 1, 2, 3)
FEATURES: tuple[str, ...] = (*OWN, *PLACE, *(f"{name}{offset:+d}" for offset in OFFSETS for name in BESIDE))


def feature_hash() -> str:
    """What ties a model to these features: a hash of their names in order."""
    return hashlib.sha256(" ".join(FEATURES).encode()).hexdigest()[:16]


class _Own(NamedTuple):
    length: float
    words: float
    end: float
    start: float
    capitals: float
    titles: float
    digits: float
    commas: float
    stops: float
    separators: float
    colons: float
    quotes: float
    brackets: float
    signs: float
    address: float
    question: float
    prose: float


def _own(text: str) -> tuple[_Own, float]:
    """A line's own numbers, and its words (a count, not a logarithm)."""
    classes = text.translate(_TABLE).strip()
    letters = len(classes) or 1
    count = classes.count
    spaced = count(" ") + 1
    words = spaced + count(WIDE) / shape.UNSPACED_WORD
    upper, lower = count(UPPER), count(LOWER)
    stops = count(STOP)
    last = classes[-1:]
    if last in (QUOTE, BRACKET):
        last = STOP if classes[-2:-1] == STOP else last
    titles = (classes.count(" A") + (classes[:1] == UPPER)) / spaced
    prose = words >= PROSE_WORDS and (last == STOP or stops > 2)
    own = _Own(
        log2(letters + 1),
        log2(words + 1),
        _ENDS.get(last, 0.0),
        _STARTS.get(classes[:1], 0.0),
        upper / (upper + lower + 1),
        titles,
        count(DIGIT) / letters,
        count(COMMA) / words,
        stops / words,
        count(SEPARATOR) / words,
        count(COLON) / words,
        count(QUOTE) / words,
        count(BRACKET) / words,
        float(count(SIGN)),
        float("//" in text or "www." in text),
        float(text.rstrip()[-1:] in "?？؟"),
        float(prose),
    )
    return own, words


def read_features(lines: Sequence[str], paragraphs: Sequence[int]) -> list[list[float]]:
    """A row of numbers for each line, in the order of FEATURES; `paragraphs` numbers the paragraph of each line."""
    owns, words = [], []
    for line in lines:
        own, count = _own(line)
        owns.append(own)
        words.append(count)
    prose = [own.prose > 0 for own in owns]
    places = _places(lines, paragraphs, owns, words, prose)
    beside = [(own.words, own.end, own.titles, own.prose, own.stops, own.digits) for own in owns]
    nothing = (0.0, -1.0, 0.0, -1.0, 0.0, 0.0)
    padded = [nothing] * 3 + beside + [nothing] * 3
    rows = []
    for index, (own, place) in enumerate(zip(owns, places, strict=True)):
        row = [*own, *place]
        for offset in OFFSETS:
            row += padded[index + 3 + offset]
        rows.append(row)
    return rows


def _places(
    lines: Sequence[str], paragraphs: Sequence[int], owns: list[_Own], words: list[float], prose: list[bool]
) -> list[tuple[float, ...]]:
    count = len(lines)
    seen = Counter(line.strip().casefold() for line in lines)
    sizes = Counter(paragraphs)
    prose_words = [w if p else 0.0 for w, p in zip(words, prose, strict=True)]
    before = [0.0, *accumulate(words)]
    prose_before = [0.0, *accumulate(prose_words)]
    total, prose_total = before[-1] or 1.0, prose_before[-1] or 1.0
    last, following = _distances(prose), _distances(prose[::-1])[::-1]
    runs, run_places = _runs(prose)
    clusters, best = _clusters(prose, prose_words)
    best_words = max(clusters) or 1.0
    titles = [0.0, *accumulate(own.titles for own in owns)]
    separators = [0.0, *accumulate(own.separators for own in owns)]
    stops = [0.0, *accumulate(own.stops for own in owns)]
    share = sum(prose) / count
    size = log2(count + 1)
    places = []
    first_of_paragraph = 0
    for i in range(count):
        if i and paragraphs[i] != paragraphs[i - 1]:
            first_of_paragraph = i
        a, b = max(0, i - 3), min(count, i + 4)
        c, d = max(0, i - 8), min(count, i + 9)
        places.append(
            (
                float(min(5, seen[lines[i].strip().casefold()])),
                log2(sizes[paragraphs[i]] + 1),
                log2(i - first_of_paragraph + 1),
                size,
                share,
                i / count,
                before[i] / total,
                prose_before[i] / prose_total,
                1 - prose_before[i + 1] / prose_total,
                last[i],
                following[i],
                runs[i],
                run_places[i],
                clusters[i] / best_words,
                float(best[0] <= i < best[1]),
                float(max(-FAR, min(FAR, best[0] - i))),
                float(max(-FAR, min(FAR, i - best[1] + 1))),
                (prose_before[b] - prose_before[a] - prose_words[i]) / (before[b] - before[a] - words[i] + 1),
                (prose_before[d] - prose_before[c] - prose_words[i]) / (before[d] - before[c] - words[i] + 1),
                log2((before[b] - before[a] - words[i]) / max(1, b - a - 1) + 1),
                (titles[b] - titles[a] - owns[i].titles) / max(1, b - a - 1),
                (separators[b] - separators[a] - owns[i].separators) / max(1, b - a - 1),
                (stops[b] - stops[a] - owns[i].stops) / max(1, b - a - 1),
            )
        )
    return places


def _distances(prose: Sequence[bool]) -> list[float]:
    """Lines since the last prose line before each line."""
    distances, since = [], FAR
    for is_prose in prose:
        since = min(FAR, since + 1)
        distances.append(float(since))
        if is_prose:
            since = 0
    return distances


def _runs(prose: Sequence[bool]) -> tuple[list[float], list[float]]:
    """For each line the length of its run of lines that are all prose, or all not, and its place in it."""
    lengths: list[float] = []
    places: list[float] = []
    start = 0
    for index in range(1, len(prose) + 1):
        if index == len(prose) or prose[index] != prose[start]:
            length = index - start
            sign = 1.0 if prose[start] else -1.0
            lengths += [sign * log2(length + 1)] * length
            places += [(k + 1) / length for k in range(length)]
            start = index
    return lengths, places


def _clusters(prose: Sequence[bool], prose_words: Sequence[float]) -> tuple[list[float], tuple[int, int]]:
    """For each line the words of the cluster of prose that it stands in, 0 outside; and the range of the largest.

    A cluster is prose with at most GAP other lines between its paragraphs.
    """
    words = [0.0] * len(prose)
    best, best_words = (0, 0), 0.0
    start = end = -1
    for index in [*(i for i, p in enumerate(prose) if p), len(prose) + 2 * GAP]:
        if start >= 0 and index - end > GAP:
            total = sum(prose_words[start:end])
            words[start:end] = [total] * (end - start)
            if total > best_words:
                best, best_words = (start, end), total
            start = -1
        if start < 0:
            start = index
        end = index + 1
    return words, best
