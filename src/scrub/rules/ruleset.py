"""RuleSet: the rules that apply, in their order of precedence, and where their wordings stand in a text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import ahocorasick_rs

from scrub.rules.expression import WIDEST, compiled
from scrub.rules.fold import is_bounded
from scrub.rules.rule import Rule

LINE = "\n"  # no folded block has one, so it marks the edges of blocks in the text that is searched
BRIEF = 40  # words; most rules are made for lines that are shorter
LAST_SPACED = "\u0dff"  # the scripts after it, from Thai on, mostly put no spaces between words
_LABELLED = re.compile(r" ?(?:[:|>»]| -) ?\S")  # what follows a label: its mark, and what it labels
_WORD = re.compile(r"\w+")
_EDGES = {"whole": (LINE, LINE), "starts": (LINE, ""), "ends": ("", LINE)}
MOST_TRIES = 20  # of a wording that a block repeats, the first places are looked at


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
        others = [r for r in self.rules if not _named(r, chosen.off) and (chosen.applies(r.id) or r.action != "remove")]
        return RuleSet((*kept, *others), chosen.version, chosen.off, chosen.only)

    @cached_property
    def matcher(self) -> Matcher:
        """Where the rules' wordings stand; built when first needed."""
        return Matcher(self.rules)


def _named(rule: Rule, names: frozenset[str]) -> bool:
    return bool({rule.id, rule.category} & names)


def _can_protect(rule: Rule) -> bool:
    return rule.action == "remove" and rule.takes != "span"


def _as_protection(rule: Rule) -> Rule:
    return rule._replace(action="protect", takes="block", reason="kept by choice")


class Matcher:
    """Where the wordings of a rule set stand in folded blocks.

    Rules of short lines are not looked for in long paragraphs, of which most of a text is; and what only spares is
    looked for where there is something to spare.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.repeating = [order for order, rule in enumerate(rules) if rule.form.startswith("repeats")]
        acting = [order for order, rule in enumerate(rules) if rule.action != "spare"]
        self._brief = _Index(rules, [order for order in acting if rules[order].conditions.max_words <= BRIEF])
        self._any = _Index(rules, [order for order in acting if rules[order].conditions.max_words > BRIEF])
        self._sparing = _Index(rules, [order for order, rule in enumerate(rules) if rule.action == "spare"])

    def find(self, folded: Sequence[str]) -> dict[int, list[Hit]]:
        """The hits in each of the folded blocks that has some, in the rules' order, at most one of a rule."""
        found = self._any.find(folded)
        brief = self._brief.find([text if text.count(" ") < BRIEF else "" for text in folded])
        for block, hits in brief.items():
            found.setdefault(block, {}).update(hits)
        spared = self._sparing.find([text if block in found else "" for block, text in enumerate(folded)])
        for block, hits in spared.items():
            found[block].update(hits)
        return {block: [hits[order] for order in sorted(hits)] for block, hits in found.items()}


class _Index:
    """The wordings of some rules.

    Phrases that are whole blocks are looked up in a dictionary, those that begin one by their first word, and those
    that stand anywhere, with the literals of expressions, by one automaton over all blocks: building an automaton of
    all of them would take most of the time in which a single article is cleaned.
    """

    def __init__(self, rules: Sequence[Rule], orders: Sequence[int]) -> None:
        self.rules = rules
        self._whole: dict[str, list[int]] = {}
        self._starting: dict[str, list[tuple[str, int]]] = {}
        anywhere: dict[str, list[int]] = {}
        for order in orders:
            rule = rules[order]
            if rule.match is not None:
                before, after = _EDGES.get(rule.form, ("", ""))
                _add(anywhere, [before + literal + after for literal in rule.literals], order)
            elif rule.form == "whole":
                _add(self._whole, rule.phrases, order)
            elif rule.form in ("starts", "label"):
                for phrase in rule.phrases:
                    self._starting.setdefault(_first_word(phrase), []).append((phrase, order))
            else:
                ending = LINE if rule.form == "ends" else ""
                _add(anywhere, [phrase + ending for phrase in rule.phrases], order)
        self._owners = list(anywhere.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(anywhere), store_patterns=False)

    def find(self, folded: Sequence[str]) -> dict[int, dict[int, Hit]]:
        """The hits in each of the folded blocks that has some, by the rules' order."""
        hits: dict[int, dict[int, Hit]] = {}
        for block, text in enumerate(folded):
            for order, end in self._at_start(text):
                self._try(hits, block, text, order, 0, end)
        tries: dict[tuple[int, int], int] = {}
        starts = _starts(folded)
        joined = LINE.join(["", *folded, ""])
        for pattern, first, end in self._automaton.find_matches_as_indexes(joined, overlapping=True):
            start = first + (joined[first] == LINE)
            block = bisect_right(starts, start) - 1
            for order in self._owners[pattern]:
                tried = tries[block, order] = tries.get((block, order), 0) + 1
                if tried <= MOST_TRIES:
                    last = end - starts[block] - (joined[end - 1] == LINE)
                    self._try(hits, block, folded[block], order, start - starts[block], last)
        return {block: found for block, found in hits.items() if found}

    def _at_start(self, text: str) -> Iterator[tuple[int, int]]:
        """The rules of which a phrase is the block or begins it, with where the phrase ends."""
        if not text:
            return
        for order in self._whole.get(text, ()):
            yield order, len(text)
        for phrase, order in self._starting.get(_first_word(text), ()):
            if text.startswith(phrase) and (self.rules[order].form == "starts" or _LABELLED.match(text, len(phrase))):
                yield order, len(phrase)

    def _try(self, hits: dict[int, dict[int, Hit]], block: int, text: str, order: int, start: int, end: int) -> None:
        found = hits.setdefault(block, {})
        rule = self.rules[order]
        if order in found or text.count(" ") >= rule.conditions.max_words:
            return
        if rule.match is not None:
            hit = _expression_hit(rule, order, text)
        else:
            free = is_bounded(text, start, end) and not is_quoted(text, start, end)
            hit = Hit(order, start, end) if free else None
        if hit:
            found[order] = hit


def _add(places: dict[str, list[int]], patterns: Iterable[str], order: int) -> None:
    for pattern in patterns:
        places.setdefault(pattern, []).append(order)


def _first_word(text: str) -> str:
    """What phrases that begin a block are looked up by: a word, two characters where no spaces part words, a mark."""
    if text[0] > LAST_SPACED:
        return text[:2]
    found = _WORD.match(text)
    return found.group() if found else text[0]


def _starts(folded: Sequence[str]) -> list[int]:
    """Where each block begins in the joined text."""
    starts, position = [], len(LINE)
    for block in folded:
        starts.append(position)
        position += len(block) + len(LINE)
    return starts


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
