"""Scene: what is left of a document while it is cleaned, and whether a rule's conditions hold in it.

Neighbours and places are those among the blocks that are left, so a condition that does not hold at the end of
cleaning does not hold when the output is cleaned again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from scrub import shape
from scrub.rules.fold import fold, stands_in
from scrub.rules.rule import Conditions, Wordings

_WORD = re.compile(r"[^\W_]+")


class Scene:
    """The blocks' texts as they are left, the same folded (empty for a block that no rule may judge), and by which
    rule a block is gone (None: it is there)."""

    def __init__(self, texts: list[str], folded: list[str], gone: list[str | None]) -> None:
        self.texts = texts
        self.folded = folded
        self.gone = gone
        self._prose: dict[int, bool] = {}
        self._words: dict[int, int] = {}
        self._vocabulary: dict[int, frozenset[str]] = {}  # empty where a script puts no spaces between words
        self._edges: tuple[int, int] | None = None
        self._link()

    def _link(self) -> None:
        """From each block to the one before and after it; what is found to be gone is passed by from then on."""
        count = len(self.texts)
        self._before, self._after = list(range(-1, count - 1)), list(range(1, count + 1))

    def remove(self, index: int, rule: str) -> None:
        """The block is gone."""
        self.gone[index] = rule
        self._edges = None

    def bring_back(self, index: int) -> None:
        """The block is there after all."""
        if self.gone[index] is not None:
            self.gone[index] = None
            self._edges = None
            self._link()

    def replace(self, index: int, text: str) -> None:
        """A part of the block is gone, this text is left."""
        self.texts[index] = text
        self.folded[index] = fold(text)
        self._prose.pop(index, None)
        self._words.pop(index, None)
        self._vocabulary.pop(index, None)
        self._edges = None

    def is_prose(self, index: int) -> bool:
        """Whether the block reads like a body paragraph."""
        if (known := self._prose.get(index)) is None:
            known = self._prose[index] = shape.is_prose(self.texts[index])
        return known

    def words(self, index: int) -> int:
        """The number of words of the block."""
        if (known := self._words.get(index)) is None:
            known = self._words[index] = shape.count_words(self.texts[index])
        return known

    def neighbour(self, index: int, step: int) -> int | None:
        """The nearest block that is left, before (-1) or after (+1)."""
        chain, passed = (self._before if step < 0 else self._after), [index]
        found = chain[index]
        while 0 <= found < len(self.texts) and self.gone[found] is not None:
            passed.append(found)
            found = chain[found]
        for gone in passed:
            chain[gone] = found
        return found if 0 <= found < len(self.texts) else None

    def is_at(self, index: int, place: str) -> bool:
        """Whether no body paragraph is left before (`start`), after (`end`) or on one side of (`edges`) the block; at
        least one other must be left, since the places are told from the body."""
        first, last = self._body_edges()
        if first > last or first == last == index:
            return False
        before, after = index <= first, index >= last
        return before if place == "start" else after if place == "end" else before or after

    def _body_edges(self) -> tuple[int, int]:
        if self._edges is None:
            body = [i for i in range(len(self.texts)) if self.gone[i] is None and self.is_prose(i)]
            self._edges = (body[0], body[-1]) if body else (0, -1)
        return self._edges

    def first_failing(self, conditions: Conditions, index: int) -> str | None:
        """The name of the first condition that does not hold for the block; None where all hold."""
        return self.failing_by_itself(conditions, index) or self.failing_by_place(conditions, index)

    def failing_by_itself(self, conditions: Conditions, index: int) -> str | None:
        """The first failing condition on the block's own words, which no other block changes."""
        words = self.words(index)
        if words < conditions.min_words:
            return "min_words"
        if words > conditions.max_words:
            return "max_words"
        if conditions.sentence is not None and shape.ends_like_a_sentence(self.texts[index]) != conditions.sentence:
            return "sentence"
        if conditions.needs and not self._has(conditions.needs, index):
            return "needs"
        if conditions.unless and self._has(conditions.unless, index):
            return "unless"
        return None

    def _has(self, wordings: Wordings, index: int) -> bool:
        """Whether one of the wordings stands in the block as whole words."""
        folded = self.folded[index]
        if (known := self._vocabulary.get(index)) is None:
            known = self._vocabulary[index] = frozenset(() if shape.may_be_unspaced(folded) else _WORD.findall(folded))
        if known:
            phrases: Iterable[str] = wordings.phrases
            if not wordings.words.isdisjoint(known):
                return True
        else:
            phrases = (*wordings.words, *wordings.phrases)
        return any(phrase in folded and stands_in(phrase, folded) for phrase in phrases)

    def failing_by_place(self, conditions: Conditions, index: int) -> str | None:
        """The first failing condition on where the block stands."""
        if conditions.place and not self.is_at(index, conditions.place):
            return "place"
        return self._failing_neighbour(conditions, index)

    def _failing_neighbour(self, conditions: Conditions, index: int) -> str | None:
        if conditions.after and not self._stands_by(index, -1, conditions.after):
            return "after"
        if conditions.before and not self._stands_by(index, 1, conditions.before):
            return "before"
        beside = (-1, 1) if conditions.near else ()
        if beside and not any(self._stands_by(index, step, conditions.near) for step in beside):
            return "near"
        return None

    def _stands_by(self, index: int, step: int, kinds: tuple[str, ...]) -> bool:
        return any(self._is_beside(index, step, kind) for kind in kinds)

    def _is_beside(self, index: int, step: int, kind: str) -> bool:
        near = self.neighbour(index, step)
        if kind == "edge":
            return near is None
        if kind in ("body", "short"):
            return near is not None and self.is_prose(near) == (kind == "body")
        beside = index + step
        rule = self.gone[beside] if 0 <= beside < len(self.texts) else None
        return rule is not None and (kind in ("removed", rule) or kind == rule.partition(".")[0])
