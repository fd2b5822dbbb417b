"""Document + RuleSet -> Article: the one place where something is removed.

For each block the first rule of the set that meets it decides. Rules that ask for places and neighbours are asked
again until nothing changes, so that cleaning the output again removes nothing more. What extraction holds against a
block counts where no rule has spoken.
"""

from collections.abc import Sequence
from typing import NamedTuple

from scrub import shape
from scrub.model import Article, Block, Decision, Document, Verdict
from scrub.rules.fold import fold, fold_blocks, fold_with_offsets
from scrub.rules.matching import Hit
from scrub.rules.repetition import find_repetitions
from scrub.rules.rule import Rule
from scrub.rules.ruleset import RuleSet, match_expression
from scrub.rules.scene import Scene

BY_CHOICE = Rule("keep", "kept by choice", action="protect")
MOST_ROUNDS = 20
# No paragraph is longer. A line of megabytes is data, not writing, and no rule is made for it.
LONGEST_BLOCK = 100_000
SHORT_SUBHEADING = 4  # words; a teaser alone under its label is longer
LONGEST_SECTION = 40  # lines under one label: the longest lists of teasers that sites print


def clean(document: Document, rules: RuleSet) -> Article:
    """The article: the document with one decision for every part of every block. Raises nothing."""
    return Article(document, _Cleaning(document, rules).decide(), rules_version=rules.version)


class Why(NamedTuple):
    """What became of a block, and which rules met its wording without taking it, with the condition that failed."""

    block: Block
    decisions: tuple[Decision, ...]
    near_misses: tuple[tuple[str, str], ...]


def explain(document: Document, rules: RuleSet) -> tuple[Why, ...]:
    """For each block what was decided and what was nearly decided. Raises nothing."""
    cleaning = _Cleaning(document, rules)
    decided = cleaning.decide()
    by_block: dict[int, list[Decision]] = {}
    for decision in decided:
        by_block.setdefault(decision.block, []).append(decision)
    return tuple(Why(b, tuple(by_block.get(b.index, ())), cleaning.near_misses(b.index)) for b in document.blocks)


class _State:
    """What has been decided on a block: the ranges that are left of it, and what was taken by which rule."""

    __slots__ = ("left", "protected_by", "taken")

    def __init__(self, length: int) -> None:
        self.left = [(0, length)]
        self.taken: list[Decision] = []
        self.protected_by: Rule | None = None


class _Cleaning:
    """One document being cleaned; lives only for that time."""

    def __init__(self, document: Document, rules: RuleSet) -> None:
        self.document = document
        self.blocks = document.blocks
        self.rules = rules
        self.states = [_State(len(block.text)) for block in self.blocks]
        self.verdicts = {v.block: v for v in document.verdicts if rules.applies(v.rule)}
        texts = [block.text for block in self.blocks]
        self.scene = Scene(
            texts,
            fold_blocks(
                [text if self.may_judge(block) else "" for block, text in zip(self.blocks, texts, strict=True)]
            ),
            [v.rule if (v := self.verdicts.get(block.index)) else None for block in self.blocks],
        )
        self.hits = self.find_hits(range(len(self.blocks)))
        for index in rules.kept_blocks & set(range(len(self.blocks))):
            self.protect(index, BY_CHOICE)

    def decide(self) -> tuple[Decision, ...]:
        for _ in range(MOST_ROUNDS):
            if not self.run_round() and not self.run_repetitions():
                break
        for verdict in self.verdicts.values():
            self.apply_verdict(verdict)
        return tuple(decision for block in self.blocks for decision in self.decisions(block))

    def find_hits(self, indices: Sequence[int]) -> dict[int, list[Hit]]:
        """The rules' wordings in some of the blocks, of those rules whose conditions on a block's own words hold."""
        found = self.rules.matcher.find([self.scene.folded[index] for index in indices])
        fitting = {
            indices[place]: [hit for hit in hits if self.may_meet(self.rules.rules[hit.order], indices[place])]
            for place, hits in found.items()
        }
        return {index: hits for index, hits in fitting.items() if hits}

    def may_meet(self, rule: Rule, index: int) -> bool:
        """Whether a block has what a rule asks of its own words, short of asking an expression itself."""
        begins = not rule.starts or self.scene.folded[index].startswith(rule.starts)
        return begins and not self.scene.failing_by_itself(rule.conditions, index)

    def near_misses(self, index: int) -> tuple[tuple[str, str], ...]:
        """The rules whose wording stands in a block and whose conditions do not hold, with the first that fails."""
        rules = self.rules.rules
        hits = self.rules.matcher.find([self.scene.folded[index]]).get(0, []) if self.is_open(index) else []
        found = [rules[hit.order] for hit in hits]
        meeting = [rule for rule in found if rule.match is None or match_expression(rule, self.scene.folded[index])]
        failing = [(rule.id, self.scene.first_failing(rule.conditions, index)) for rule in meeting]
        return tuple((name, condition) for name, condition in failing if condition is not None)

    def may_judge(self, block: Block) -> bool:
        """Whether rules may judge a block at all: not what holds no writing, and not the headline."""
        writing = block.kind not in ("container", "code") and len(block.text) <= LONGEST_BLOCK
        return writing and block.index != self.document.title_block

    def run_round(self) -> bool:
        """Ask the rules about each block that has hits; whether something changed.

        Protecting rules speak before any block goes, and sections reach out last, so that a label takes no line below
        it that another rule keeps or names better.
        """
        changed: set[int] = set()
        deciding = [(index, hit) for index in sorted(self.hits) if (hit := self.first_hit(index))]
        for acts in (_protects, _takes_one, _takes_section):
            for index, hit in deciding:
                if acts(self.rules.rules[hit.order]) and self.is_open(index):
                    changed |= self.apply(hit, index)
        for index in changed - {index for index in changed if self.is_open(index)}:
            self.hits.pop(index, None)
        trimmed = sorted(index for index in changed if self.is_open(index))
        for index in trimmed:
            self.hits.pop(index, None)
        if trimmed:
            self.hits |= self.find_hits(trimmed)
        return bool(changed)

    def first_hit(self, index: int) -> Hit | None:
        """The hit that decides: the first one whose conditions hold."""
        if not self.is_open(index):
            return None
        for hit in list(self.hits[index]):
            rule = self.rules.rules[hit.order]
            if self.scene.failing_by_place(rule.conditions, index):
                continue
            if rule.match is None or match_expression(rule, self.scene.folded[index]) is not None:
                return hit
            self.hits[index].remove(hit)
        return None

    def run_repetitions(self) -> bool:
        """Take what repeats something that is left; asked last, so that what it repeats will stay."""
        if not self.rules.matcher.repeating:
            return False
        scene = self.scene
        left = [block if gone is None else "" for block, gone in zip(scene.folded, scene.gone, strict=True)]
        changed: set[int] = set()
        for index, hits in find_repetitions(self.rules, scene.texts, left, self.document.metadata.title).items():
            hit = next((hit for hit in hits if self.is_open(index) and self.repeats(hit, index)), None)
            changed |= self.apply(hit, index) if hit else set()
        return bool(changed)

    def repeats(self, hit: Hit, index: int) -> bool:
        """Whether the conditions of a rule on repetition hold, and what the block repeats is still there."""
        if hit.original is not None and hit.original >= 0 and self.scene.gone[hit.original] is not None:
            return False
        return self.scene.first_failing(self.rules.rules[hit.order].conditions, index) is None

    def is_open(self, index: int) -> bool:
        """Whether rules may still decide: a verdict of the extraction leaves a block open, a rule does not."""
        state = self.states[index]
        return bool(state.left) and state.protected_by is None

    def apply(self, hit: Hit, index: int) -> set[int]:
        rule = self.rules.rules[hit.order]
        if _protects(rule):
            return self.protect(index, rule)
        if rule.takes == "span":
            return self.take_span(hit, index, rule)
        self.take_block(index, rule)
        if rule.takes == "section":
            headed = self.headed_by(index)
            for below in headed:
                self.take_block(below, rule)
            return {index, *headed}
        return {index}

    def protect(self, index: int, rule: Rule) -> set[int]:
        """Keep a block from rules; `protect` keeps it from what extraction holds against it too."""
        self.states[index].protected_by = rule
        if rule.action == "protect":
            self.verdicts.pop(index, None)
            self.scene.bring_back(index)
        return {index}

    def take_block(self, index: int, rule: Rule) -> None:
        state = self.states[index]
        state.taken += [Decision(index, a, b, False, rule.id, rule.reason) for a, b in state.left]
        state.left = []
        self.verdicts.pop(index, None)
        self.scene.remove(index, rule.id)

    def take_span(self, hit: Hit, index: int, rule: Rule) -> set[int]:
        state = self.states[index]
        text = self.scene.texts[index]
        found = match_expression(rule, self.scene.folded[index]) or (hit.start, hit.end)
        start, end = _span(text, *found)
        if not (fold(text[:start]) or fold(text[end:])):
            self.take_block(index, rule)
            return {index}
        inside = _to_block_ranges(state.left, start, end)
        state.taken += [Decision(index, a, b, False, rule.id, rule.reason) for a, b in inside]
        state.left = _subtract(state.left, inside)
        self.scene.replace(index, "".join(self.blocks[index].text[a:b] for a, b in state.left))
        return {index}

    def headed_by(self, index: int) -> list[int]:
        """The lines that stand under a label: down to the next body paragraph or what else a section ends at."""
        headed: list[int] = []
        below = self.scene.neighbour(index, 1)
        while below is not None and len(headed) < LONGEST_SECTION and self.belongs_to_section(below):
            headed.append(below)
            below = self.scene.neighbour(below, 1)
        if below is not None and headed and self.is_subheading(headed):
            headed.pop()
        return headed

    def belongs_to_section(self, index: int) -> bool:
        """Whether a block below a label may be its teaser: a short line that is not kept and is no label itself."""
        block = self.blocks[index]
        if self.states[index].protected_by or self.scene.is_prose(index) or index == self.document.title_block:
            return False
        if index in self.hits and self.first_hit(index):
            return False
        return block.kind in ("paragraph", "item", "heading", "caption") and not shape.heading_level(block.text)

    def is_subheading(self, headed: list[int]) -> bool:
        """Whether the last line before the body goes on is the body's own subheading, and no teaser: it is a heading,
        it is set off from the lines above it, or it heads the whole body."""
        last = headed[-1]
        if self.blocks[last].kind == "heading" or self.scene.is_at(last, "start"):
            return True
        above = headed[:-1]
        if not above:
            return self.scene.words(last) <= SHORT_SUBHEADING
        paragraphs = [self.blocks[index].paragraph for index in above]
        if self.blocks[last].paragraph == paragraphs[-1]:
            return False
        mean = sum(self.scene.words(index) for index in above) / len(above)
        return len(set(paragraphs)) < len(paragraphs) or 2 * self.scene.words(last) <= mean

    def apply_verdict(self, verdict: Verdict) -> None:
        state = self.states[verdict.block]
        state.taken += [
            Decision(verdict.block, a, b, False, verdict.rule, verdict.reason, verdict.score) for a, b in state.left
        ]
        state.left = []

    def decisions(self, block: Block) -> list[Decision]:
        state = self.states[block.index]
        rule = state.protected_by
        if not state.taken and rule is None:
            return [Decision(block.index, 0, len(block.text), True)]
        kept = [
            Decision(block.index, a, b, True, rule.id if rule else "", rule.reason if rule else "")
            for a, b in state.left
        ]
        return sorted([*state.taken, *kept], key=lambda decision: decision.start)


def _protects(rule: Rule) -> bool:
    return rule.action != "remove"


def _takes_section(rule: Rule) -> bool:
    return rule.takes == "section"


def _takes_one(rule: Rule) -> bool:
    return not _protects(rule) and not _takes_section(rule)


def _span(text: str, first: int, last: int) -> tuple[int, int]:
    """A range of the folded text as one of the text, with the space that would be left over beside it."""
    _, offsets = fold_with_offsets(text)
    start, end = offsets[first], offsets[last]
    while end < len(text) and (text[end] in shape.BLANK or (start == 0 and not text[end].isalnum())):
        end += 1
    if end == len(text) or start > 0:
        end = min(end, len(text))
        while start > 0 and end == len(text) and text[start - 1] in shape.BLANK:
            start -= 1
    return start, end


def _to_block_ranges(left: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """A range of what is left of a block, as ranges of the block itself."""
    ranges: list[tuple[int, int]] = []
    position = 0
    for a, b in left:
        low, high = max(start, position), min(end, position + b - a)
        if low < high:
            ranges.append((a + low - position, a + high - position))
        position += b - a
    return ranges


def _subtract(left: list[tuple[int, int]], taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts of ranges that other ranges, each within one of them, do not cover."""
    for low, high in taken:
        left = [part for a, b in left for part in ((a, min(b, low)), (max(a, high), b)) if part[0] < part[1]]
    return left
