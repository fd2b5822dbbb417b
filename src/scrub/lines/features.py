"""What the line model sees: numbers about each line, its place and its neighbours. No word of any language.

The names of the features stand in FEATURES, in the order of a row; a model file holds their hash.
"""

from __future__ import annotations

import re
from binascii import crc32
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from math import log2

from scrub import shape
from scrub.line_shape import NUMBERS, line_shape

FAR = 30  # lines; what is farther away is as far as that
GAP = 3  # other lines at most between two paragraphs of one cluster of prose
NEAR, WIDE = 3, 8  # lines on each side that make a neighbourhood
STEM = 6  # characters by which words count as akin: inflection is at their ends in most languages

_WORD = re.compile(r"[^\W\d_]{4,}")

_PLACE = (
    "repeated paragraph_size paragraph_place lines prose_share position words_before prose_before prose_after "
    "last_prose next_prose run run_place cluster in_best to_best from_best near_prose wide_prose around_words "
    "around_titles around_separators around_stops".split()
)
_KINSHIP = ["akin", "akin_count", "akin_anywhere", "stems", "around_akin"]
_BESIDE = "words end titles prose stops digits akin".split()
_OFFSETS = (-3, -2, -1, 1, 2, 3)
_NOTHING = (0.0, -1.0, 0.0, -1.0, 0.0, 0.0, -1.0)  # what stands beside the first and the last line
FEATURES: tuple[str, ...] = (*NUMBERS, *_PLACE, *_KINSHIP, *(f"{n}{k:+d}" for k in _OFFSETS for n in _BESIDE))
PROSE = FEATURES.index("prose")
IN_BEST = FEATURES.index("in_best")


def feature_hash() -> str:
    """What ties a model to these features: a checksum of their names in order. (`hashlib` would cost 3 ms
    at each start.)"""
    return f"{crc32(' '.join(FEATURES).encode()):08x}"


def read_features(lines: Sequence[str], paragraphs: Sequence[int]) -> list[list[float]]:
    """A row of numbers for each line, in the order of FEATURES; `paragraphs` numbers the paragraph of each line."""
    owns = [line_shape(line) for line in lines]
    words = [2 ** own[1] - 1 for own in owns]
    prose = [own[-1] > 0 for own in owns]
    places = _places(lines, paragraphs, owns, words, prose)
    in_best = _PLACE.index("in_best")
    kinships = _kinships(lines, [p and place[in_best] > 0 for p, place in zip(prose, places, strict=True)])
    beside = [(o[1], o[2], o[5], o[16], o[8], o[6], k[0]) for o, k in zip(owns, kinships, strict=True)]
    padded = [_NOTHING] * NEAR + beside + [_NOTHING] * NEAR
    rows = []
    for index, (own, place, kinship) in enumerate(zip(owns, places, kinships, strict=True)):
        row = [*own, *place, *kinship]
        for offset in _OFFSETS:
            row += padded[index + NEAR + offset]
        rows.append(row)
    return rows


def _places(
    lines: Sequence[str],
    paragraphs: Sequence[int],
    owns: Sequence[tuple[float, ...]],
    words: Sequence[float],
    prose: Sequence[bool],
) -> list[tuple[float, ...]]:
    """For each line where it stands among the others, in the order of _PLACE."""
    count = len(lines)
    keys = [line.strip().casefold() for line in lines]
    seen = Counter(keys)
    sizes = Counter(paragraphs)
    prose_words = [w if p else 0.0 for w, p in zip(words, prose, strict=True)]
    before, prose_before = _sums(words), _sums(prose_words)
    total, prose_total = before[-1] or 1.0, prose_before[-1] or 1.0
    last, following = _distances(prose), _distances(prose[::-1])[::-1]
    runs, run_places = _runs(prose)
    clusters, (first, end) = _clusters(prose, prose_words)
    best_words = max(clusters, default=0.0) or 1.0
    titles, separators, stops = (_sums([own[k] for own in owns]) for k in (5, 9, 8))
    share, size = sum(prose) / (count or 1), log2(count + 1)
    places: list[tuple[float, ...]] = []
    start = 0
    for i in range(count):
        start = i if i and paragraphs[i] != paragraphs[i - 1] else start
        a, b = max(0, i - NEAR), min(count, i + NEAR + 1)
        c, d = max(0, i - WIDE), min(count, i + WIDE + 1)
        others = max(1, b - a - 1)
        places.append(
            (
                float(min(5, seen[keys[i]])),
                log2(sizes[paragraphs[i]] + 1),
                log2(i - start + 1),
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
                float(first <= i < end),
                float(max(-FAR, min(FAR, first - i))),
                float(max(-FAR, min(FAR, i - end + 1))),
                (prose_before[b] - prose_before[a] - prose_words[i]) / (before[b] - before[a] - words[i] + 1),
                (prose_before[d] - prose_before[c] - prose_words[i]) / (before[d] - before[c] - words[i] + 1),
                log2(max(0.0, before[b] - before[a] - words[i]) / others + 1),
                (titles[b] - titles[a] - owns[i][5]) / others,
                (separators[b] - separators[a] - owns[i][9]) / others,
                (stops[b] - stops[a] - owns[i][8]) / others,
            )
        )
    return places


def _sums(values: Sequence[float]) -> list[float]:
    """The sums of the values before each place, and of all."""
    return [0.0, *accumulate(values)]


def _distances(prose: Sequence[bool]) -> list[float]:
    """Lines since the last line of prose before each line."""
    distances, since = [], FAR
    for is_prose in prose:
        since = min(FAR, since + 1)
        distances.append(float(since))
        if is_prose:
            since = 0
    return distances


def _runs(prose: Sequence[bool]) -> tuple[list[float], list[float]]:
    """For each line the length of its run of lines that are all prose (positive) or all not, and its place in it."""
    lengths: list[float] = []
    places: list[float] = []
    start = 0
    for index in range(1, len(prose) + 1):
        if index == len(prose) or prose[index] != prose[start]:
            length = index - start
            lengths += [(1.0 if prose[start] else -1.0) * log2(length + 1)] * length
            places += [(k + 1) / length for k in range(length)]
            start = index
    return lengths, places


def _clusters(prose: Sequence[bool], prose_words: Sequence[float]) -> tuple[list[float], tuple[int, int]]:
    """For each line the words of the cluster of prose that it stands in, 0 outside; and the range of the largest."""
    words = [0.0] * len(prose)
    best, best_words = (0, 0), 0.0
    start = end = -1
    for index in [*(i for i, is_prose in enumerate(prose) if is_prose), len(prose) + 2 * GAP]:
        if start >= 0 and index - end > GAP:
            total = sum(prose_words[start:end])
            words[start:end] = [total] * (end - start)
            if total > best_words:
                best, best_words = (start, end), total
            start = -1
        start = index if start < 0 else start
        end = index + 1
    return words, best


def _kinships(lines: Sequence[str], in_body: Sequence[bool]) -> list[tuple[float, ...]]:
    """For each line how far its words are those of the largest cluster of prose, in the order of _KINSHIP."""
    stems = [_stems(line) for line in lines]
    body = Counter(stem for own, inside in zip(stems, in_body, strict=True) if inside for stem in own)
    anywhere = Counter(stem for own in stems for stem in own)
    akin = [_kinship(own, body, anywhere, int(inside)) for own, inside in zip(stems, in_body, strict=True)]
    sums = _sums([max(0.0, one[0]) for one in akin])
    kinships: list[tuple[float, ...]] = []
    for i, one in enumerate(akin):
        a, b = max(0, i - NEAR - 1), min(len(lines), i + NEAR + 2)
        kinships.append((*one, (sums[b] - sums[a]) / (b - a)))
    return kinships


def _kinship(stems: set[str], body: Counter[str], anywhere: Counter[str], own: int) -> tuple[float, ...]:
    count = len(stems)
    if not count:
        return (-1.0, -1.0, -1.0, 0.0)
    others = [body[stem] - own for stem in stems]
    return (
        sum(other > 0 for other in others) / count,
        sum(min(3, other) for other in others) / count,
        sum(anywhere[stem] > 1 for stem in stems) / count,
        float(min(10, count)),
    )


def _stems(line: str) -> set[str]:
    """The beginnings of a line's longer words; pairs of characters where a script puts no spaces between words."""
    stems = {word[:STEM] for word in _WORD.findall(line.casefold())}
    if shape.may_be_unspaced(line) and any(map(shape.is_unspaced, (stem[0] for stem in stems))):
        runs = [word for word in _WORD.findall(line) if shape.is_unspaced(word[0])]
        stems |= {run[k : k + 2] for run in runs for k in range(len(run) - 1)}
    return stems
