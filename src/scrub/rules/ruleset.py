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
_WORD_OR_MARK = re.compile(r"\w+|\W")
LONGEST_START = 90  # characters of a block within which a phrase that begins it ends
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u2e80-\uffff]")
_EDGES = {"whole": (LINE, LINE), "starts": (LINE, ""), "ends": ("", LINE)}
MOST_TRIES = 20  # of a wording that a block repeats, the first places are looked at


class Hit(NamedTuple):
    """A rule's wording in a folded block, from `start` to `end`; `order` is the rule's place in the set. A repetition
    names the block that it repeats. Of an expression only a literal is found: whether it meets the block is asked
    last, when all conditions hold, since expressions are slow to compile and to run."""

    order: int
    start: int = 0
    end: int = 0
    original: int | None = None


class RuleSet:
    """Rules in order: of two that meet a block, the first decides. `version` names the shipped ones.

    `off` holds the ids and classes that are switched off beyond the rules themselves: what extraction holds against
    a block goes by ids like a rule's. `only` is None, or the ids and classes that alone apply. `kept_blocks` numbers
    blocks that nothing takes.
    """

    def __init__(
        self,
        rules: tuple[Rule, ...],
        version: str = "",
        off: frozenset[str] = frozenset(),
        only: frozenset[str] | None = None,
        kept_blocks: frozenset[int] = frozenset(),
    ) -> None:
        self.rules = rules
        self.version = version
        self.off = off
        self.only = only
        self.kept_blocks = kept_blocks

    def applies(self, rule: str) -> bool:
        """Whether a removal with this id may happen, as `keep` and `only` were given."""
        names = {rule, rule.partition(".")[0]}
        return not names & self.off and (self.only is None or bool(names & self.only))

    def select(self, keep: Iterable[str] = (), only: Iterable[str] = ()) -> RuleSet:
        """The set without the rules and classes in `keep`; where `only` names some, with these alone.

        A rule that is kept back protects what it would have taken, so that no label above it takes it either. A number
        in `keep` is that of a block, as `removed` gives it.
        """
        names = frozenset(name for name in keep if not name.isdecimal())
        blocks = frozenset(int(name) for name in keep if name.isdecimal())
        chosen = RuleSet((), self.version, self.off | names, frozenset(only) or self.only, self.kept_blocks | blocks)
        kept = [_as_protection(r) for r in self.rules if _named(r, chosen.off) and _can_protect(r)]
        rest = [r for r in self.rules if not _named(r, chosen.off)]
        others = [r for r in rest if chosen.applies(r.id) or r.action != "remove"]
        return RuleSet((*kept, *others), chosen.version, chosen.off, chosen.only, chosen.kept_blocks)

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

    Phrases that are blocks or begin them are looked up in dictionaries; those that stand anywhere, with the literals of
    expressions, by an automaton over all blocks. Building automata takes most of the time in which a single article is
    cleaned, so they hold nothing else, and the one of scripts other than Latin is built when a text has such letters.
    """

    def __init__(self, rules: Sequence[Rule], orders: Sequence[int]) -> None:
        self.rules = rules
        self._whole = _Phrases()
        self._starting = _Phrases()
        anywhere: dict[str, list[int]] = {}
        for order in orders:
            rule = rules[order]
            if rule.match is not None:
                before, after = _EDGES.get(rule.form, ("", ""))
                _add(anywhere, [before + literal + after for literal in rule.literals], order)
            elif rule.form == "whole":
                self._whole.add(rule.phrases, order)
            elif rule.form in ("starts", "label"):
                self._starting.add(rule.phrases, order)
            else:
                ending = LINE if rule.form == "ends" else ""
                _add(anywhere, [phrase + ending for phrase in rule.phrases], order)
        self._latin = _Automaton({p: owners for p, owners in anywhere.items() if not _OTHER_SCRIPT.search(p)})
        self._others = _Automaton({p: owners for p, owners in anywhere.items() if _OTHER_SCRIPT.search(p)})

    def find(self, folded: Sequence[str]) -> dict[int, dict[int, Hit]]:
        """The hits in each of the folded blocks that has some, by the rules' order."""
        hits: dict[int, dict[int, Hit]] = {}
        for block, text in enumerate(folded):
            if text:
                for order, end in self._at_start(text):
                    self._try(hits, block, text, order, 0, end)
        joined = LINE.join(["", *folded, ""])
        starts = _starts(folded)
        for automaton in [self._latin, self._others] if _OTHER_SCRIPT.search(joined) else [self._latin]:
            self._find_anywhere(automaton, joined, folded, starts, hits)
        return {block: found for block, found in hits.items() if found}

    def _find_anywhere(
        self,
        automaton: _Automaton,
        joined: str,
        folded: Sequence[str],
        starts: list[int],
        hits: dict[int, dict[int, Hit]],
    ) -> None:
        tries: dict[tuple[int, int], int] = {}
        for owners, first, end in automaton.find(joined):
            start = first + (joined[first] == LINE)
            block = bisect_right(starts, start) - 1
            for order in owners:
                tried = tries[block, order] = tries.get((block, order), 0) + 1
                if tried <= MOST_TRIES:
                    last = end - starts[block] - (joined[end - 1] == LINE)
                    self._try(hits, block, folded[block], order, start - starts[block], last)

    def _at_start(self, text: str) -> Iterator[tuple[int, int]]:
        """The rules of which a phrase is the block or begins it, with where the phrase ends."""
        for order in self._whole.get(text):
            yield order, len(text)
        for end in _word_ends(text):
            for order in self._starting.get(text[:end]):
                if self.rules[order].form == "starts" or _LABELLED.match(text, end):
                    yield order, end

    def _try(self, hits: dict[int, dict[int, Hit]], block: int, text: str, order: int, start: int, end: int) -> None:
        found = hits.setdefault(block, {})
        rule = self.rules[order]
        if order in found or text.count(" ") >= rule.conditions.max_words:
            return
        if rule.match is not None:
            found[order] = Hit(order)
        elif is_bounded(text, start, end) and not is_quoted(text, start, end):
            found[order] = Hit(order, start, end)


class _Phrases:
    """From a phrase to the rules that have it; filled in bulk, since there are tens of thousands of them."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}
        self._more: dict[str, list[int]] = {}

    def add(self, phrases: Sequence[str], order: int) -> None:
        clashes = self._first.keys() & phrases
        for phrase in clashes:
            self._more.setdefault(phrase, [self._first[phrase]]).append(order)
        self._first.update(dict.fromkeys((p for p in phrases if p not in clashes) if clashes else phrases, order))

    def get(self, phrase: str) -> Sequence[int]:
        """The orders of the rules that have a phrase."""
        found = self._first.get(phrase)
        return () if found is None else self._more.get(phrase) or (found,)


class _Automaton:
    """Patterns, each with the orders of the rules that have it; built when first asked."""

    def __init__(self, patterns: dict[str, list[int]]) -> None:
        self._patterns = patterns
        self._owners = list(patterns.values())

    @cached_property
    def _automaton(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick(list(self._patterns), store_patterns=False)

    def find(self, text: str) -> Iterator[tuple[list[int], int, int]]:
        """Each place of each pattern: the rules that have it, where it begins and ends."""
        if self._patterns:
            for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
                yield self._owners[pattern], start, end


def _add(places: dict[str, list[int]], patterns: Iterable[str], order: int) -> None:
    for pattern in patterns:
        places.setdefault(pattern, []).append(order)


def _word_ends(text: str) -> list[int]:
    """Where a phrase that begins a block may end: at the ends of its first words; at any character where a script
    puts no spaces between words."""
    head = text[:LONGEST_START]
    if _OTHER_SCRIPT.match(head) or head[0] > LAST_SPACED:
        return list(range(1, len(head) + 1))
    return [found.end() for found in _WORD_OR_MARK.finditer(head)]


def _starts(folded: Sequence[str]) -> list[int]:
    """Where each block begins in the joined text."""
    starts, position = [], len(LINE)
    for block in folded:
        starts.append(position)
        position += len(block) + len(LINE)
    return starts


def match_expression(rule: Rule, block: str) -> tuple[int, int] | None:
    """Where a rule's expression meets a folded block: any part of it for a span, else the whole of it."""
    if rule.match is None or (rule.takes != "span" and len(block) > WIDEST):
        return None
    pattern = compiled(rule.match)
    found = pattern.search(block) if rule.takes == "span" else pattern.fullmatch(block)
    return found.span() if found else None


def is_quoted(block: str, start: int, end: int) -> bool:
    """Whether a wording stands within quotation marks: then the story quotes it, and the site does not say it."""
    if block.count('"', 0, start) % 2:
        return True
    single = block[max(0, start - 1) : start] == "'" and not block[max(0, start - 2) : start - 1].isalnum()
    return single or block[end : end + 2] == ",'"
