"""Where the wordings of a rule set stand in folded blocks.

Of the tens of thousands of shipped phrases only those are indexed that can stand in the text at all, since their rarest
word does; after BULK characters, an index of all of them pays. Of expressions only their literals are looked for.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

import ahocorasick_rs

from scrub.rules.fold import is_bounded
from scrub.rules.phrases import PhraseStore, Wording, has_other_script
from scrub.rules.rule import BRIEF, LINE, Rule, anchored_literals, anchored_phrases, table_of

Owner = TypeVar("Owner")
# Characters after which all shipped phrases are indexed at once, which takes as long as the indexes of forty small
# texts or a dozen pages; each text counts as so many more.
BULK, PER_TEXT = 300_000, 7_500
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


Found = dict[int, dict[int, Hit]]  # by block, then by the rule's order


class Matcher:
    """Finds the wordings of rules. `repeating` are the orders of the rules about repetition."""

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
        self._own = _Index(rules, _wordings(rules, own))
        self._own_literals = _Literals(_owners(rules, own))
        self._seen = 0

    def find(self, folded: Sequence[str]) -> dict[int, list[Hit]]:
        """The hits in each of the folded blocks that has some, in the rules' order, at most one of a rule."""
        text = _Text(folded)
        indexes = [index for index in (self._own, self._shipped(text.joined)) if not index.is_empty]
        found: Found = {}
        for index in indexes:
            index.find(text, found)
        for literals in (self._own_literals, self._shipped_literals(text.joined)):
            literals.find(text, found)
        if found:
            sparable = _Text([block if number in found else "" for number, block in enumerate(folded)])
            for index in indexes:
                index.find_sparing(sparable, found)
        return {block: [hits[order] for order in sorted(hits)] for block, hits in found.items() if hits}

    def _shipped(self, joined: str) -> _Index:
        if self._store is None:
            return _Index(self.rules, ())
        self._seen += len(joined) + PER_TEXT
        return self._all_shipped if self._seen > BULK else self._index(self._store.phrases_among(joined))

    @cached_property
    def _all_shipped(self) -> _Index:
        assert self._store is not None
        return self._index(self._store.all_phrases())

    def _index(self, wordings: Iterable[Wording]) -> _Index:
        """The index of shipped wordings, with the orders of the rules that are in the set."""
        orders = self._orders
        if isinstance(orders, range):  # no rule was taken out or put before: the numbers are the orders
            return _Index(self.rules, wordings)
        return _Index(self.rules, ((orders[n], table, phrase) for n, table, phrase in wordings if n in orders))

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


def _wordings(rules: Sequence[Rule], orders: Iterable[int]) -> list[Wording]:
    return [(n, table_of(rules[n]), phrase) for n in orders for phrase in anchored_phrases(rules[n])]


def _owners(rules: Sequence[Rule], orders: Iterable[int]) -> dict[str, list[tuple[int, int]]]:
    owners: dict[str, list[tuple[int, int]]] = {}
    for order in orders:
        for literal in anchored_literals(rules[order]):
            owners.setdefault(literal, []).append((order, rules[order].conditions.max_words))
    return owners


class _Text:
    """Folded blocks, and all of them as one text to search; the long ones left out in `brief`, since most rules are
    made for lines that are shorter."""

    def __init__(self, folded: Sequence[str]) -> None:
        self.blocks = folded
        self.spaces = [block.count(" ") for block in folded]
        self.joined = LINE.join(["", *folded, ""])

    @cached_property
    def brief(self) -> _Text:
        return _Text([block if n < BRIEF else "" for block, n in zip(self.blocks, self.spaces, strict=True)])

    @cached_property
    def starts(self) -> list[int]:
        """Where each block begins in the joined text."""
        starts, position = [], len(LINE)
        for block in self.blocks:
            starts.append(position)
            position += len(block) + len(LINE)
        return starts

    def block_at(self, place: int) -> int:
        """The block that has a place of the joined text, or begins right after it."""
        return bisect_right(self.starts, place + (self.joined[place] == LINE)) - 1


class _Literals:
    """Literals with the rules that ask for them and their `max_words`. Those of one character stand nearly everywhere,
    so blocks are asked for them one by one, and long ones not at all."""

    def __init__(self, owners: Mapping[str, list[tuple[int, int]]]) -> None:
        own = {literal: [(Hit(order), words) for order, words in rules] for literal, rules in owners.items()}
        marks = ((literal, hits) for literal, hits in own.items() if len(literal) == 1 and hits)
        self._marks = [(mark, max(words for _, words in hits), hits) for mark, hits in marks]
        others = {literal: hits for literal, hits in own.items() if len(literal) > 1}
        self._brief = _Automaton(_chosen(others, brief=True))
        self._anywhere = _Automaton(_chosen(others, brief=False))

    def find(self, text: _Text, found: Found) -> None:
        """Add the rules whose expression may meet a block, since one of its literals stands there."""
        for automaton, searched in ((self._anywhere, text), (self._brief, text.brief)):
            for hits, first, _ in automaton.find(searched.joined):
                _add(found, searched.block_at(first), hits, text.spaces)
        for mark, most, hits in self._marks:
            for block, folded in enumerate(text.blocks):
                if text.spaces[block] < most and mark in folded:
                    _add(found, block, hits, text.spaces)


def _chosen(owners: Mapping[str, list[tuple[Hit, int]]], *, brief: bool) -> dict[str, list[tuple[Hit, int]]]:
    chosen = ((literal, [one for one in own if (one[1] <= BRIEF) == brief]) for literal, own in owners.items())
    return {literal: own for literal, own in chosen if own}


def _add(found: Found, block: int, hits: list[tuple[Hit, int]], spaces: Sequence[int]) -> None:
    own = found.setdefault(block, {})
    count = spaces[block]
    for hit, max_words in hits:
        if count < max_words:
            own.setdefault(hit[0], hit)


class _Index:
    """The wordings of some rules; those that stand in no short block and those that only spare apart.

    Phrases that are blocks or begin them are looked up in dictionaries; those that stand anywhere by an automaton over
    all blocks, which takes longer to build.
    """

    def __init__(self, rules: Sequence[Rule], wordings: Iterable[Wording]) -> None:
        self._rules = rules
        self._whole: dict[str, list[int]] = {}
        self._starting: dict[str, list[int]] = {}
        anywhere: dict[str, list[int]] = {}
        brief: dict[str, list[int]] = {}
        sparing: list[Wording] = []
        tables = {"w": self._whole, "s": self._starting, "a": anywhere, "b": brief}
        for number, table, phrase in wordings:
            if (chosen := tables.get(table)) is None:
                sparing.append((number, table.lower(), phrase))
            elif (own := chosen.get(phrase)) is None:
                chosen[phrase] = [number]
            else:
                own.append(number)
        self._first_words = {_first_word(phrase) for phrase in self._starting}
        self._anywhere, self._brief = _Automaton(anywhere), _Automaton(brief)
        self._sparing = _Index(rules, sparing) if sparing else None
        self.is_empty = not (any(tables.values()) or sparing)

    def find(self, text: _Text, found: Found) -> None:
        """Add the hits in each block."""
        if self._whole or self._starting:
            for block, folded in enumerate(text.blocks):
                if folded:
                    for order, end in self._at_start(folded):
                        self._try(found, text, block, order, 0, end)
        self._find_anywhere(self._anywhere, text, found)
        self._find_anywhere(self._brief, text.brief, found)

    def find_sparing(self, text: _Text, found: Found) -> None:
        """Add the hits of what only spares; looked for where there is something to spare."""
        if self._sparing is not None:
            self._sparing.find(text, found)

    def _find_anywhere(self, automaton: _Automaton[int], text: _Text, found: Found) -> None:
        tries: dict[tuple[int, int], int] = {}
        joined = text.joined
        for owners, first, end in automaton.find(joined):
            block = text.block_at(first)
            start = text.starts[block]
            for order in owners:
                tried = tries[block, order] = tries.get((block, order), 0) + 1
                if tried <= MOST_TRIES:
                    begin, last = first + (joined[first] == LINE), end - (joined[end - 1] == LINE)
                    self._try(found, text, block, order, begin - start, last - start)

    def _at_start(self, folded: str) -> Iterator[tuple[int, int]]:
        """The rules of which a phrase is the block or begins it, with where the phrase ends."""
        for order in self._whole.get(folded, ()):
            yield order, len(folded)
        if _first_word(folded) not in self._first_words:
            return
        for end in _word_ends(folded):
            for order in self._starting.get(folded[:end], ()):
                if self._rules[order].form == "starts" or _LABELLED.match(folded, end):
                    yield order, end

    def _try(self, found: Found, text: _Text, block: int, order: int, start: int, end: int) -> None:
        hits = found.get(block)
        if (hits and order in hits) or text.spaces[block] >= self._rules[order].conditions.max_words:
            return
        folded = text.blocks[block]
        if is_bounded(folded, start, end) and not is_quoted(folded, start, end):
            found.setdefault(block, {})[order] = Hit(order, start, end)


class _Automaton(Generic[Owner]):
    """Patterns, each with the rules that have it; built when first asked."""

    def __init__(self, patterns: dict[str, list[Owner]]) -> None:
        self._patterns = patterns
        self._owners = list(patterns.values())

    @cached_property
    def _automaton(self) -> ahocorasick_rs.AhoCorasick:
        # The kind is named, since the one that is chosen for few patterns takes seven times as long to build.
        kind = ahocorasick_rs.Implementation.ContiguousNFA
        return ahocorasick_rs.AhoCorasick(list(self._patterns), store_patterns=False, implementation=kind)

    def find(self, text: str) -> Iterator[tuple[list[Owner], int, int]]:
        """Each place of each pattern: the rules that have it, where it begins and ends."""
        if self._patterns:
            owners = self._owners
            for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
                yield owners[pattern], start, end


def _first_word(text: str) -> str:
    """What any text that begins with this one, and ends a word there, has before its second word; one character where
    a script puts no spaces between words."""
    if has_other_script(text[0]):
        return text[0]
    found = _WORD_OR_MARK.match(text)
    return found.group() if found else ""


def _word_ends(text: str) -> list[int]:
    """Where a phrase that begins a block may end: at the ends of its first words; at any character where a script
    puts no spaces between words."""
    head = text[:LONGEST_START]
    if has_other_script(head[0]):
        return list(range(1, len(head) + 1))
    return [found.end() for found in _WORD_OR_MARK.finditer(head)]


def is_quoted(block: str, start: int, end: int) -> bool:
    """Whether a wording stands within quotation marks: then the story quotes it, and the site does not say it."""
    if block.count('"', 0, start) % 2:
        return True
    single = block[max(0, start - 1) : start] == "'" and not block[max(0, start - 2) : start - 1].isalnum()
    return single or block[end : end + 2] == ",'"
