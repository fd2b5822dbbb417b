"""A pack in TOML -> rules. Whoever writes a rule learns here, with file, line and rule, what is wrong with it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from scrub.errors import RuleError
from scrub.rules import rule as rules
from scrub.rules.expression import check_expression
from scrub.rules.fold import fold_literal, fold_phrase
from scrub.rules.requirements import read_requirements
from scrub.rules.rule import Case, Conditions, Rule, SourcedRule, wordings_of

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_ID = re.compile(rf"{_NAME.pattern}\.{_NAME.pattern}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")
_SPAN_MARK = re.compile(r"\[-(.*?)-\]")
_TABLE = re.compile(r"\s*\[\[(rule|wording)\]\]")
_PACK_KEYS = {"class", "language", "about", "rule", "wording"}
_CONDITION_KEYS = set(Conditions._fields)
_WORDING_KEYS = {"rule", "phrases", "needs", "unless", "case"}
_RULE_KEYS = {"id", "reason", "form", "phrases", "match", "literal", "takes", "action", "case"} | _CONDITION_KEYS
_CHOICES = {"form": rules.FORMS, "takes": rules.TAKES, "action": rules.ACTIONS, "place": rules.PLACES}


def read_packs(folder: Path) -> list[SourcedRule]:
    """All rules of a folder: the packs of classes by file name, then the wordings of each language."""
    found = [rule for path in sorted(folder.glob("*.toml")) for rule in read_pack(path)]
    bases = bases_of(sourced.rule for sourced in found)
    return found + [rule for path in sorted(folder.glob("languages/*.toml")) for rule in read_pack(path, bases)]


def bases_of(rules: Iterable[Rule]) -> dict[str, Rule]:
    """The rules, by id, to which a file may add wordings: of those with one id the first, which is the class's own; the
    others are its wordings in other languages."""
    bases: dict[str, Rule] = {}
    for rule in rules:
        bases.setdefault(rule.id, rule)
    return bases


def read_pack(path: Path, bases: Mapping[str, Rule] | None = None) -> list[SourcedRule]:
    """The rules of one file, in its order; RuleError for a file that cannot be read or holds something else.

    `bases` has the rules, by id, to which a file of one language may add wordings.
    """
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise RuleError(f"{path}: cannot read the rule file: {problem}", "name a TOML file of rules") from error
    return parse_pack(source, str(path), bases)


def parse_pack(source: str, file: str, bases: Mapping[str, Rule] | None = None) -> list[SourcedRule]:
    """The rules of a pack's text; `file` is named in errors."""
    try:
        pack = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{file}: not valid TOML: {error}", "mend the line") from error
    return list(_PackReader(source, file, pack, bases or {}).rules())


class _PackReader:
    """One pack being read; knows where each table stands, since the TOML parser does not tell."""

    def __init__(self, source: str, file: str, pack: dict[str, Any], bases: Mapping[str, Rule]) -> None:
        self.lines = source.splitlines()
        self.file = file
        self.pack = pack
        self.bases = bases
        self.language: str | None = pack.get("language")
        self.seen: set[str] = set()

    def rules(self) -> Iterator[SourcedRule]:
        self.check_pack()
        for kind, reader in (("wording", _WordingReader), ("rule", _RuleReader)):
            starts = [n for n, line in enumerate(self.lines, 1) if line.strip() == f"[[{kind}]]"]
            for number, table in enumerate(self.pack.get(kind, ())):
                yield reader(self, starts[number] if number < len(starts) else 1, table).read()

    def check_pack(self) -> None:
        for key in self.pack.keys() - _PACK_KEYS:
            raise self.error(self.line_of(key, 1), None, f"unknown key {key!r}", f"known are {_listed(_PACK_KEYS)}")
        name, language = self.pack.get("class"), self.language
        if language is not None and not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
            raise self.error(1, None, f"{language!r} is no language tag", "write en, de, zh-Hant")
        if (name is None) == (language is None):
            raise self.error(1, None, "a file is of one class or of one language", 'begin with class = "name"')
        if name is not None and not (isinstance(name, str) and _NAME.fullmatch(name)):
            raise self.error(1, None, "a class that is not lower-case words", 'begin with class = "name"')
        tables = [self.pack.get(kind, []) for kind in ("rule", "wording")]
        if not all(isinstance(table, list) for table in tables) or not any(tables):
            raise self.error(1, None, "no rule", "add a [[rule]] table")
        if tables[1] and language is None:
            raise self.error(1, None, "wordings in a file of a class", "write phrases.LANGUAGE in the rule")

    def line_of(self, key: str, start: int) -> int:
        """The line of a key at or after the line `start`; `start` itself where it is not found."""
        pattern = re.compile(rf"\s*{re.escape(key)}\s*[.=\]]")
        for number in range(start, len(self.lines) + 1):
            if number > start and _TABLE.match(self.lines[number - 1]):
                break
            if pattern.match(self.lines[number - 1]):
                return number
        return start

    def error(self, line: int, rule: str | None, problem: str, advice: str) -> RuleError:
        where = f"{self.file}:{line}: rule {rule}" if rule else f"{self.file}:{line}"
        return RuleError(f"{where}: {problem}", advice)


class _TableReader:
    """One table being read: what rules and wordings have in common."""

    def __init__(self, pack: _PackReader, start: int, table: dict[str, Any]) -> None:
        self.pack = pack
        self.start = start
        self.table = table
        self.id: str | None = None

    def check_keys(self, known: set[str]) -> None:
        for key in self.table.keys() - known:
            raise self.error(key, f"unknown key {key!r}", f"known are {_listed(known)}")

    def read_phrases(self, key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The languages and the folded phrases: of a list in a file of one language, else of lists by language."""
        given = self.table.get(key, {})
        if self.pack.language is not None and isinstance(given, list):
            given = {self.pack.language: given}
        if not isinstance(given, dict):
            raise self.error(key, f"{key} without a language", f'write {key}.en = ["..."]')
        folded: dict[str, None] = {}
        for language, phrases in given.items():
            if not _LANGUAGE.fullmatch(language):
                raise self.error(key, f"{language!r} is no language tag", "write en, de, zh-Hant")
            for phrase in self.string_list(key, phrases):
                if not fold_phrase(phrase):
                    raise self.error(key, f"the phrase {phrase!r} has no words", "take it out")
                folded[fold_phrase(phrase)] = None
        return tuple(given), tuple(folded)

    def read_case(self, rule: Rule) -> Case:
        case = parse_case(self.string("case"))
        goes = sum(bool(ranges) for ranges in case.goes)
        if goes == len(case.lines) or (goes == 0 and rule.action == "remove"):
            raise self.error(
                "case", "a case must show lines that go and lines that stay", 'begin a line that goes with "- "'
            )
        return case

    def string(self, key: str) -> str:
        value = self.table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, f"no {key}", f"every rule has {'a case' if key == 'case' else f'its {key}'}")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key, [])
        return self.string_list(key, [value] if isinstance(value, str) else value)

    def string_list(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.error(key, f"{key} is not a list of strings", f'write {key} = ["..."]')
        return tuple(cast("list[str]", value))

    def error(self, key: str, problem: str, advice: str) -> RuleError:
        return self.pack.error(self.pack.line_of(key, self.start), self.id, problem, advice)


class _WordingReader(_TableReader):
    """One `[[wording]]` table being read: phrases of a language for a rule that is there."""

    def read(self) -> SourcedRule:
        self.id = self.string("rule")
        self.check_keys(_WORDING_KEYS)
        base = self.pack.bases.get(self.id)
        if base is None or base.match is not None or base.form.startswith("repeats"):
            raise self.error("rule", "no rule of phrases has this id", "`scrub rules list` shows the rules")
        languages, phrases = self.read_phrases("phrases")
        if not phrases:
            raise self.error("phrases", "no phrases", 'write phrases = ["..."]')
        conditions = base.conditions._replace(
            needs=wordings_of(self.read_phrases("needs")[1]), unless=wordings_of(self.read_phrases("unless")[1])
        )
        rule = base._replace(languages=languages, phrases=phrases, conditions=conditions, stored=-1)
        if base.conditions.needs and not rule.conditions.needs:
            raise self.error(
                "phrases", "the rule asks for a second wording", "write needs = [...] where the rule has it"
            )
        return SourcedRule(rule, self.read_case(rule), self.pack.file, self.start)


class _RuleReader(_TableReader):
    """One `[[rule]]` table being read."""

    def read(self) -> SourcedRule:
        self.id = self.read_id()
        self.check_keys(_RULE_KEYS)
        for key, choices in _CHOICES.items():
            if key in self.table and self.table[key] not in choices:
                raise self.error(key, f"{key} cannot be {self.table[key]!r}", f"choose one of {', '.join(choices)}")
        languages, phrases = self.read_phrases("phrases")
        rule = Rule(
            id=self.id,
            reason=self.string("reason"),
            form=self.table.get("form", "contains" if "match" in self.table else "whole"),
            languages=languages,
            phrases=phrases,
            match=self.read_expression(),
            literals=tuple(fold_literal(literal) for literal in self.strings("literal")),
            takes=self.table.get("takes", "block"),
            action=self.table.get("action", "remove"),
            conditions=self.read_conditions(),
        )
        if rule.match is not None:
            requirements = read_requirements(rule.match, whole=rule.takes != "span")
            rule = rule._replace(starts=requirements.starts, parts=requirements.parts)
        self.check(rule)
        return SourcedRule(rule, self.read_case(rule), self.pack.file, self.start)

    def read_id(self) -> str:
        """The full id: with the file's class before it, or as it is written in a file of one language."""
        name, prefix = self.table.get("id"), self.pack.pack.get("class")
        if not isinstance(name, str) or not (_NAME if prefix else _ID).fullmatch(name):
            example = "what-it-takes" if prefix else "class.what-it-takes"
            raise self.error("id", "a rule without an id of lower-case words", f'add id = "{example}"')
        full = f"{prefix}.{name}" if prefix else name
        if full in self.pack.seen:
            self.id = full
            raise self.error("id", "the id stands twice", "give one of the two another id")
        self.pack.seen.add(full)
        return full

    def check(self, rule: Rule) -> None:
        repeats = rule.form.startswith("repeats")
        if bool(rule.phrases) + (rule.match is not None) + repeats != 1:
            raise self.error("id", "a rule looks for phrases, or a match, or a repetition", "give it just one of these")
        if rule.match is not None and not all(rule.literals or [""]):
            raise self.error("match", "an expression without a literal", "add literal = 'what must stand in it'")
        if rule.literals and rule.match is None:
            raise self.error("literal", "a literal without an expression", "write it among the phrases")
        if rule.action != "remove" and rule.takes != "block":
            raise self.error("takes", "a protecting rule keeps whole blocks", "leave takes away")

    def read_expression(self) -> str | None:
        if "match" not in self.table:
            return None
        expression = self.string("match")
        try:
            check_expression(expression)
        except ValueError as error:
            raise self.error("match", str(error), "bound each repetition, like {0,12}, and nest none") from error
        return expression

    def read_conditions(self) -> Conditions:
        given = {key: self.table[key] for key in _CONDITION_KEYS & self.table.keys()}
        for key in ("before", "after", "near"):
            if key in given:
                given[key] = self.strings(key)
        for key in ("needs", "unless"):
            given[key] = wordings_of(self.read_phrases(key)[1])
        for key in ("min_words", "max_words"):
            if not isinstance(given.get(key, 0), int) or isinstance(given.get(key), bool):
                raise self.error(key, f"{key} is not a number of words", f"write {key} = 12")
        if not isinstance(given.get("sentence", True), bool):
            raise self.error("sentence", "sentence is not true or false", "write sentence = false")
        return Conditions(**given)


def parse_case(text: str) -> Case:
    """A case's lines: `- ` before a line that goes whole, `[-` and `-]` around a part that goes."""
    lines: list[str] = []
    goes: list[tuple[tuple[int, int], ...]] = []
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("- "):
            lines.append(line[2:].strip())
            goes.append(((0, len(lines[-1])),))
        elif line:
            bare, ranges = _unmark(line)
            lines.append(bare)
            goes.append(ranges)
    return Case(tuple(lines), tuple(goes))


def _unmark(line: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    ranges: list[tuple[int, int]] = []
    bare, position = "", 0
    for found in _SPAN_MARK.finditer(line):
        bare += line[position : found.start()]
        ranges.append((len(bare), len(bare) + len(found.group(1))))
        bare += found.group(1)
        position = found.end()
    return bare + line[position:], tuple(ranges)


def _listed(keys: set[str]) -> str:
    return ", ".join(sorted(keys))
