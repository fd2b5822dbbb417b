"""RuleSet: the rules that apply, in their order of precedence, and where their wordings stand in a text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

import ahocorasick_rs

from scrub.rules.expression import WIDEST, compiled
from scrub.rules.rule import Rule

MOST_TRIES = 20  # of a wording that a block repeats, the first places are looked at
LINE = "\n"  # no folded block has one, so it marks the edges of blocks in the text that is searched


class Hit(NamedTuple):
    """A rule's wording in a folded block, from `start` to `end`; `order` is the rule's place in the set. A repetition
    names the block that it repeats."""

    order: int
    start: int
    end: int
    original: int | None = None


class RuleSet:
    """Rules in order: of two that meet a block, the first decides. `version` names the shipped ones.

    `off` holds the ids and classes that are switched off beyond the rules themselves: what extraction holds against
    a block goes by ids like a rule's. `only` is None, or the ids and classes that alone apply.
    """

    def __init__(
        self,
        rules: tuple[Rule, ...],
        version: str = "",
        off: frozenset[str] = frozenset(),
        only: frozenset[str] | None = None,
    ) -> None:
        self.rules = rules
        self.version = version
        self.off = off
        self.only = only

    def applies(self, rule: str) -> bool:
        """Whether a removal with this id may happen, as `keep` and `only` were given."""
        names = {rule, rule.partition(".")[0]}
        return not names & self.off and (self.only is None or bool(names & self.only))

    def select(self, keep: Iterable[str] = (), only: Iterable[str] = ()) -> RuleSet:
        """The set without the rules and classes in `keep`; where `only` names some, with these alone.

        A rule that is kept back protects what it would have taken, so that no label above it takes it either.
        """
        chosen = RuleSet((), self.version, self.off | set(keep), frozenset(only) or self.only)
        kept = [_as_protection(r) for r in self.rules if _named(r, chosen.off) and _can_protect(r)]
        others = [
            r for r in self.rules if not _named(r, chosen.off) and (chosen.applies(r.id) or r.action == "protect")
        ]
        return RuleSet((*kept, *others), chosen.version, chosen.off, chosen.only)

    @cached_property
    def matcher(self) -> Matcher:
        """The index of the rules' wordings, built when first needed."""
        return Matcher(self.rules)


def _named(rule: Rule, names: frozenset[str]) -> bool:
    return bool({rule.id, rule.category} & names)


def _can_protect(rule: Rule) -> bool:
    return rule.action == "remove" and rule.takes != "span"


def _as_protection(rule: Rule) -> Rule:
    return rule._replace(action="protect", takes="block", reason="kept by choice")


class Matcher:
    """All phrases and literals of a rule set in one automaton; edges of blocks are part of the patterns, so that a
    phrase that begins a block is only found where one begins."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.repeating = [order for order, rule in enumerate(rules) if rule.form.startswith("repeats")]
        owners: dict[str, list[int]] = {}
        for order, rule in enumerate(rules):
            for pattern in _patterns(rule):
                owners.setdefault(pattern, []).append(order)
        self.owners = list(owners.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(owners), store_patterns=False)

    def find(self, folded: Sequence[str]) -> dict[int, list[Hit]]:
        """The hits in each of the folded blocks that has some, in the rules' order, at most one of a rule."""
        text = LINE + LINE.join(folded) + LINE
        starts = _starts(folded)
        tries: dict[tuple[int, int], int] = {}
        hits: dict[int, list[Hit]] = {}
        for pattern, first, last in self._automaton.find_matches_as_indexes(text, overlapping=True):
            start, end = first + (text[first] == LINE), last - (text[last - 1] == LINE)
            block = bisect_right(starts, start) - 1
            for order in self.owners[pattern]:
                tried = tries.get((block, order), 0)
                if tried >= MOST_TRIES:
                    continue
                tries[block, order] = tried + 1
                if hit := self._hit(order, folded[block], start - starts[block], end - starts[block]):
                    tries[block, order] = MOST_TRIES
                    hits.setdefault(block, []).append(hit)
        for found in hits.values():
            found.sort(key=lambda hit: hit.order)
        return hits

    def _hit(self, order: int, block: str, start: int, end: int) -> Hit | None:
        rule = self.rules[order]
        if rule.match is not None:
            return _expression_hit(rule, order, block)
        if is_quoted(block, start, end) or not is_bounded(block, start, end):
            return None
        return Hit(order, start, end)


def _starts(folded: Sequence[str]) -> list[int]:
    """Where each block begins in the joined text."""
    starts, position = [], len(LINE)
    for block in folded:
        starts.append(position)
        position += len(block) + len(LINE)
    return starts


def _patterns(rule: Rule) -> list[str]:
    if rule.match is not None:
        return [literal for literal in rule.literals if literal]
    before, after = _FORMS.get(rule.form, ("", ""))
    return [before + phrase + after for phrase in rule.phrases]


_FORMS = {"whole": (LINE, LINE), "starts": (LINE, ""), "ends": ("", LINE)}


def _expression_hit(rule: Rule, order: int, block: str) -> Hit | None:
    if rule.match is None or (rule.takes != "span" and len(block) > WIDEST):
        return None
    pattern = compiled(rule.match)
    found = pattern.search(block) if rule.takes == "span" else pattern.fullmatch(block)
    return Hit(order, found.start(), found.end()) if found else None


def is_quoted(block: str, start: int, end: int) -> bool:
    """Whether a wording stands within quotation marks: then the story quotes it, and the site does not say it."""
    if block.count('"', 0, start) % 2:
        return True
    single = block[max(0, start - 1) : start] == "'" and not block[max(0, start - 2) : start - 1].isalnum()
    return single or block[end : end + 2] == ",'"


def is_bounded(block: str, start: int, end: int) -> bool:
    """Whether a wording begins and ends where words do; scripts that put no space between words have no such edges."""
    return not (_joined(block[start - 1 : start], block[start : start + 1]) if start else False) and not _joined(
        block[end - 1 : end], block[end : end + 1]
    )


def _joined(left: str, right: str) -> bool:
    return bool(left) and bool(right) and _is_word(left) and _is_word(right)


def _is_word(character: str) -> bool:
    return character.isalnum() and not ("\u0e00" <= character <= "\u0eff" or character > "\u2e7f")
