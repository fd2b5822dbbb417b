"""What stands twice: the headline over the body again, a paragraph copied, a sentence of the body as a pull quote."""

from __future__ import annotations

from collections.abc import Sequence

from scrub import shape
from scrub.rules.fold import fold
from scrub.rules.matching import Hit
from scrub.rules.ruleset import RuleSet

LOOSE = " .!?'\""  # what may stand around a sentence and not around its repetition


def find_repetitions(
    rules: RuleSet, texts: Sequence[str], folded: Sequence[str], title: str | None
) -> dict[int, list[Hit]]:
    """The hits of the set's rules about repetition, by block; each names the block that it repeats, and none repeats
    itself. `folded` is empty for blocks that are gone. A title that stands in no block has the number -1."""
    hits: dict[int, list[Hit]] = {}
    for order in rules.matcher.repeating:
        form = rules.rules[order].form
        if form == "repeats-title":
            found = _repeated_titles(texts, folded, title)
        elif form == "repeats-block":
            found = _repeated_blocks(folded)
        else:
            found = _repeated_sentences(folded)
        for index, original in found.items():
            hits.setdefault(index, []).append(Hit(order, 0, len(folded[index]), original))
    return hits


def _repeated_titles(texts: Sequence[str], folded: Sequence[str], title: str | None) -> dict[int, int]:
    first = -1
    if title is None:
        first = next((index for index, block in enumerate(folded) if block), -1)
        title = texts[first] if first >= 0 and shape.is_title_like(texts[first]) else None
    wanted = fold(title or "")
    return {index: first for index, block in enumerate(folded) if wanted and block == wanted and index != first}


def _repeated_blocks(folded: Sequence[str]) -> dict[int, int]:
    seen: dict[str, int] = {}
    repeated: dict[int, int] = {}
    for index, block in enumerate(folded):
        if block and seen.setdefault(block, index) != index:
            repeated[index] = seen[block]
    return repeated


def _repeated_sentences(folded: Sequence[str]) -> dict[int, int]:
    """Blocks of one or two sentences that all stand in one longer block."""
    home: dict[str, int] = {}
    candidates: dict[int, list[str]] = {}
    for index, block in enumerate(folded):
        if not block:
            continue
        parts = [sentence.strip(LOOSE) for sentence in shape.sentences(block)]
        if len(parts) <= 2:
            candidates[index] = parts
        if len(parts) >= 2:
            home.update(dict.fromkeys(parts, index))
    return {
        index: home[parts[0]]
        for index, parts in candidates.items()
        if len({home.get(part, index) for part in parts}) == 1
        and home.get(parts[0], index) != index
        and len(folded[home[parts[0]]]) > len(folded[index])
    }
