"""The cases of rules: each rule's example lines, cleaned with the rules of its file, come out as they are marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scrub.clean import clean
from scrub.model import Article
from scrub.rules.rule import SourcedRule
from scrub.rules.ruleset import RuleSet
from scrub.rules.shipped import order_rules
from scrub.text import read_text


@dataclass(frozen=True, slots=True)
class Failure:
    """A line of a case that did not come out, and what happened to it instead."""

    rule: SourcedRule
    line: str
    happened: str


def check_cases(rules: Sequence[SourcedRule], chosen: Sequence[SourcedRule] | None = None) -> list[Failure]:
    """The failing lines of the cases of `chosen` (all by default), cleaned with all of `rules`."""
    rule_set = to_rule_set(rules)
    return [failure for sourced in (rules if chosen is None else chosen) for failure in _check_case(sourced, rule_set)]


def to_rule_set(rules: Sequence[SourcedRule]) -> RuleSet:
    """The rules of a file as a set, in their order of precedence."""
    return RuleSet(order_rules([sourced.rule for sourced in rules]))


def _check_case(sourced: SourcedRule, rule_set: RuleSet) -> list[Failure]:
    case = sourced.case
    article = clean(read_text("\n\n".join(case.lines)), rule_set)
    failures: list[Failure] = []
    for index, (line, goes) in enumerate(zip(case.lines, case.goes, strict=True)):
        removed = [d for d in article.decisions if d.block == index and not d.keep]
        if not _is_as_marked(sourced, tuple((d.start, d.end) for d in removed), goes):
            happened = ", ".join(f"{d.rule} takes {line[d.start : d.end]!r}" for d in removed) or "it stays"
            failures.append(Failure(sourced, line, happened))
    if not failures and not _has_worked(sourced, article):
        failures.append(Failure(sourced, case.lines[0], "the rule itself decides no line of its case"))
    return failures


def _is_as_marked(sourced: SourcedRule, went: tuple[tuple[int, int], ...], goes: tuple[tuple[int, int], ...]) -> bool:
    return went == goes if sourced.rule.takes == "span" else bool(went) == bool(goes)


def _has_worked(sourced: SourcedRule, article: Article) -> bool:
    return any(decision.rule == sourced.rule.id for decision in article.decisions)
