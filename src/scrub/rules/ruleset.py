"""RuleSet: the rules that apply, in their order of precedence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from scrub.rules.expression import WIDEST, compiled
from scrub.rules.matching import Matcher
from scrub.rules.phrases import PhraseStore
from scrub.rules.rule import Rule


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


def match_expression(rule: Rule, block: str) -> tuple[int, int] | None:
    """Where a rule's expression meets a folded block: any part of it for a span, else the whole of it."""
    if rule.match is None or (rule.takes != "span" and len(block) > WIDEST):
        return None
    if rule.starts and not block.startswith(rule.starts):
        return None
    if not all(any(map(block.__contains__, strings)) for strings in (rule.literals, *rule.parts)):
        return None
    pattern = compiled(rule.match)
    found = pattern.search(block) if rule.takes == "span" else pattern.fullmatch(block)
    return found.span() if found else None
