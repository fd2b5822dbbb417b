"""RuleSet: the rules that apply, in their order of precedence, and where their wordings stand in a text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

import ahocorasick_rs

from scrub.rules.expression import WIDEST, compiled
from scrub.rules.fold import is_bounded
from scrub.rules.phrases import PhraseStore, has_other_script
from scrub.rules.rule import LINE, Rule, anchored_literals

Owner = TypeVar("Owner")
BULK = 400_000  # characters after which all shipped phrases are indexed at once
BRIEF = 40  # words; most rules are made for lines that are shorter
_LABELLED = re.compile(r" ?(?:[:|>»]| -) ?\S")  # what follows a label: its mark, and what it labels
_WORD_OR_MARK = re.compile(r"\w+|\W")
LONGEST_START = 90  # characters of a block within which a phrase that begins it ends
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
    blocks that nothing takes. `store` has the wordings of the shipped rules, and `repeating`
    names the rules about repetition where that is known, so that not every rule has to be looked at.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        version: str = "",
        off: frozenset[str] = frozenset(),
        only: frozenset[str] | None = None,
        kept_blocks: frozenset[int] = frozenset(),
        store: PhraseStore | None = None,
        repeating: Sequence[int] | None = None,
    ) -> None:
        self.rules = rules
        self.version = version
        self.off = off
        self.only = only
        self.kept_blocks = kept_blocks
        self.store = store
        self._repeating = repeating

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
        return RuleSet((*kept, *others), chosen.version, chosen.off, chosen.only, chosen.kept_blocks, self.store)

    @cached_property
    def matcher(self) -> Matcher:
        """Where the rules' wordings stand; built when first needed."""
        return Matcher(self.rules, self.store, self._repeating)


def _named(rule: Rule, names: frozenset[str]) -> bool:
    return bool({rule.id, rule.category} & names)


def _can_protect(rule: Rule) -> bool:
    return rule.action == "remove" and rule.takes != "span"


def _as_protection(rule: Rule) -> Rule:
    return rule._replace(action="protect", takes="block", reason="kept by choice")


class Matcher:
    """Where the wordings of a rule set stand in folded blocks.

    Of the tens of thousands of shipped phrases only those are indexed that can stand in the text at all, since their
    rarest word does; after BULK characters, an index of all of them pays. `repeating` are the orders of the rules about
    repetition.
    """

    def __init__(
        self, rules: Sequence[Rule], store: PhraseStore | None, repeating: Sequence[int] | None = None
    ) -> None:
        self.rules = rules
        self.repeating: Sequence[int] = repeating or ()
        self._store = store
        self._orders: Mapping[int, int] | range = range(len(rules))
        own: list[int] = []
        if repeating is None:
            self.repeating = [order for order, rule in enumerate(rules) if rule.form.startswith("repeats")]
            self._orders = {rule.stored: order for order, rule in enumerate(rules) if rule.stored >= 0}
            own = [order for order, rule in enumerate(rules) if rule.stored < 0]
        self._own = _Indexes(rules, {order: rules[order].phrases for order in own})
        self._own_literals = _Literals(_by_literal({order: rules[order] for order in own}))
        self._seen = 0

    def find(self, folded: Sequence[str]) -> dict[int, list[Hit]]:
        """The hits in each of the folded blocks that has some, in the rules' order, at most one of a rule."""
        joined = LINE.join(["", *folded, ""])
        parts = [self._own, self._shipped(joined)]
        brief = [text if text.count(" ") < BRIEF else "" for text in folded]
        found: dict[int, dict[int, Hit]] = {}
        for part in parts:
            for hits in (part.any.find(folded), part.brief.find(brief)):
                for block, more in hits.items():
                    found.setdefault(block, {}).update(more)
        self._find_literals(joined, folded, brief, found)
        sparable = [text if block in found else "" for block, text in enumerate(folded)]
        for part in parts:
            for block, more in part.sparing.find(sparable).items():
                found[block].update(more)
        return {block: [hits[order] for order in sorted(hits)] for block, hits in found.items()}

    def _find_literals(
        self, joined: str, folded: Sequence[str], brief: Sequence[str], found: dict[int, dict[int, Hit]]
    ) -> None:
        """Add the rules whose expression may meet a block, since one of its literals stands there."""
        lengths = [text.count(" ") for text in folded]
        everywhere = (joined, _starts(folded))
        in_brief = (LINE.join(["", *brief, ""]), _starts(brief))
        for literals in (self._own_literals, self._shipped_literals(joined)):
            for automaton, (text, starts) in ((literals.any, everywhere), (literals.brief, in_brief)):
                for owners, first, _ in automaton.find(text):
                    block = bisect_right(starts, first + (text[first] == LINE)) - 1
                    for order, max_words in owners:
                        if lengths[block] < max_words:
                            found.setdefault(block, {}).setdefault(order, Hit(order))

    def _shipped_literals(self, joined: str) -> _Literals:
        if self._store is None:
            return _Literals({})
        if self._seen > BULK:
            return self._all_literals
        return self._literals(self._store.literals_among(joined))

    @cached_property
    def _all_literals(self) -> _Literals:
        assert self._store is not None
        return self._literals(self._store.all_literals())

    def _literals(self, found: Mapping[str, Iterable[tuple[int, int]]]) -> _Literals:
        """The shipped literals, each with the orders and `max_words` of the rules that are in the set."""
        orders = self._orders
        return _Literals(
            {literal: [(orders[n], words) for n, words in numbers if n in orders] for literal, numbers in found.items()}
        )

    def _shipped(self, joined: str) -> _Indexes:
        if self._store is None:
            return _Indexes(self.rules, {})
        self._seen += len(joined)
        return self._all_shipped if self._seen > BULK else self._index(self._store.phrases_among(joined))

    @cached_property
    def _all_shipped(self) -> _Indexes:
        assert self._store is not None
        return self._index(self._store.all_phrases())

    def _index(self, phrases: Mapping[int, Sequence[str]]) -> _Indexes:
        orders = self._orders
        return _Indexes(self.rules, {orders[number]: found for number, found in phrases.items() if number in orders})


class _Literals:
    """Literals with the rules that ask for them, parted as phrases are."""

    def __init__(self, owners: Mapping[str, list[tuple[int, int]]]) -> None:
        self.brief = _Automaton(_chosen(owners, lambda words: words <= BRIEF))
        self.any = _Automaton(_chosen(owners, lambda words: words > BRIEF))


def _chosen(
    owners: Mapping[str, list[tuple[int, int]]], wanted: Callable[[int], bool]
) -> dict[str, list[tuple[int, int]]]:
    chosen = ((literal, [owner for owner in own if wanted(owner[1])]) for literal, own in owners.items())
    return {literal: own for literal, own in chosen if own}


def _by_literal(rules: Mapping[int, Rule]) -> dict[str, list[tuple[int, int]]]:
    owners: dict[str, list[tuple[int, int]]] = {}
    for order, rule in rules.items():
        for literal in anchored_literals(rule):
            owners.setdefault(literal, []).append((order, rule.conditions.max_words))
    return owners


class _Indexes:
    """The wordings of some rules, parted: rules of short lines are not looked for in long paragraphs, of which most of
    a text is; and what only spares is looked for where there is something to spare."""

    def __init__(self, rules: Sequence[Rule], phrases: Mapping[int, Sequence[str]]) -> None:
        acting = {order: own for order, own in phrases.items() if rules[order].action != "spare"}
        inside = {order for order in acting if rules[order].form in ("contains", "ends")}
        brief = {order for order in inside if rules[order].conditions.max_words <= BRIEF}
        self.brief = _Index(rules, {order: own for order, own in acting.items() if order in brief})
        self.any = _Index(rules, {order: own for order, own in acting.items() if order not in brief})
        self.sparing = _Index(rules, {order: own for order, own in phrases.items() if order not in acting})


class _Index:
    """The wordings of some rules, by order.

    Phrases that are blocks or begin them are looked up in dictionaries; those that stand anywhere by an automaton over
    all blocks, which takes longer to build.
    """

    def __init__(self, rules: Sequence[Rule], phrases: Mapping[int, Sequence[str]]) -> None:
        self.rules = rules
        self.is_empty = not any(phrases.values())
        self._has_edges = any(rules[order].form in ("whole", "starts", "label") for order in phrases)
        self._whole = _Phrases()
        self._starting = _Phrases()
        anywhere: dict[str, list[int]] = {}
        for order, own in phrases.items():
            rule = rules[order]
            if rule.form == "whole":
                self._whole.add(own, order)
            elif rule.form in ("starts", "label"):
                self._starting.add(own, order)
            else:
                for phrase in own:
                    anywhere.setdefault(phrase + LINE if rule.form == "ends" else phrase, []).append(order)
        self._automaton = _Automaton(anywhere)

    def find(self, folded: Sequence[str]) -> dict[int, dict[int, Hit]]:
        """The hits in each of the folded blocks that has some, by the rules' order."""
        hits: dict[int, dict[int, Hit]] = {}
        if self.is_empty:
            return hits
        for block, text in enumerate(folded) if self._has_edges else ():
            if text:
                for order, end in self._at_start(text):
                    self._try(hits, block, text, order, 0, end)
        self._find_anywhere(folded, hits)
        return {block: found for block, found in hits.items() if found}

    def _find_anywhere(self, folded: Sequence[str], hits: dict[int, dict[int, Hit]]) -> None:
        joined = LINE.join(["", *folded, ""])
        starts = _starts(folded)
        tries: dict[tuple[int, int], int] = {}
        for owners, first, end in self._automaton.find(joined):
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
        if is_bounded(text, start, end) and not is_quoted(text, start, end):
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


class _Automaton(Generic[Owner]):
    """Patterns, each with the rules that have it; built when first asked."""

    def __init__(self, patterns: dict[str, list[Owner]]) -> None:
        self._patterns = patterns
        self._owners = list(patterns.values())

    @cached_property
    def _automaton(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick(list(self._patterns), store_patterns=False)

    def find(self, text: str) -> Iterator[tuple[list[Owner], int, int]]:
        """Each place of each pattern: the rules that have it, where it begins and ends."""
        if self._patterns:
            for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
                yield self._owners[pattern], start, end


def _word_ends(text: str) -> list[int]:
    """Where a phrase that begins a block may end: at the ends of its first words; at any character where a script
    puts no spaces between words."""
    head = text[:LONGEST_START]
    if has_other_script(head[0]):
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
