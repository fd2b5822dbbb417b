"""The packs that ship, as generated files of lines: opening them takes a hundredth of the time of the TOML files.

`python -m scrub.rules.shipped` writes them anew from `packs/` (what `make packs` calls); `--check` fails when they are
stale.
"""

import json
import mmap
import sys
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple, overload

from scrub.rules.phrases import PhraseStore, pack_wordings
from scrub.rules.rule import (
    Conditions,
    Rule,
    Wordings,
    anchored_literals,
    anchored_phrases,
    table_of,
)

PACKS = Path(__file__).parent / "packs"
SHIPPED = Path(__file__).parent / "shipped"
RULES = "rules.jsonl"
_DEFAULTS = Conditions()


class ShippedRules(Sequence[Rule]):
    """The shipped rules in their order of precedence, each made of its row when it is first asked for: a text meets few
    of them, and making thousands would take most of the time of a start."""

    def __init__(self, lines: mmap.mmap, lengths: Sequence[int]) -> None:
        """The lines of the file as they lie there, and their lengths; the first is not a rule."""
        self._lines = lines
        self._ends = list(accumulate(lengths))
        self._made: dict[int, Rule] = {}

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, number: int) -> Rule: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Rule, ...]: ...
    def __getitem__(self, number: int | slice) -> Rule | tuple[Rule, ...]:
        if isinstance(number, slice):
            return tuple(self[n] for n in range(*number.indices(len(self))))
        if number not in self._made:
            row = self._lines[self._ends[number] : self._ends[number + 1]]
            self._made[number] = _rule(json.loads(row), number)
        return self._made[number]


class Shipped(NamedTuple):
    """What ships: the version of the rules (a hash of them), the rules, those about repetition, and the wordings."""

    version: str
    rules: ShippedRules
    repeating: list[int]
    store: PhraseStore


def read_shipped() -> Shipped:
    """The rules that come with scrub."""
    with (SHIPPED / RULES).open("rb") as file:
        head = file.readline()
        rows = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)  # of which a text needs a twentieth
    about = json.loads(head)
    lengths = [len(head), *about["lengths"]]
    return Shipped(about["version"], ShippedRules(rows, lengths), about["repeating"], PhraseStore(SHIPPED))


def _rule(row: dict[str, Any], number: int) -> Rule:
    values = _tuples(row)
    conditions = values.pop("conditions", None)
    if "parts" in values:
        values["parts"] = tuple(map(tuple, values["parts"]))
    return Rule(**values, conditions=_conditions(conditions) if conditions else _DEFAULTS, stored=number)


def _conditions(row: dict[str, Any]) -> Conditions:
    for key in ("needs", "unless"):
        if key in row:
            words, phrases = row[key]
            row[key] = Wordings(frozenset(words), tuple(phrases))
    return Conditions(**_tuples(row))


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


def generate(rules: Sequence[Rule]) -> dict[str, str]:
    """The generated files by name: the rules in their order of precedence, a line each after one about all of them
    (with the bytes of each line, so that a rule is found without cutting the file into lines), and the files of the
    store of wordings."""
    import hashlib

    ordered = order_rules(rules)
    rows = [json.dumps(_row(rule), ensure_ascii=False, sort_keys=True) + "\n" for rule in ordered]
    files = pack_wordings(
        [(n, table_of(rule), phrase) for n, rule in enumerate(ordered) for phrase in anchored_phrases(rule)],
        {number: (rule.conditions.max_words, anchored_literals(rule)) for number, rule in enumerate(ordered)},
    )
    version = hashlib.sha256("".join([*rows, *files.values()]).encode()).hexdigest()[:12]
    repeating = [number for number, rule in enumerate(ordered) if rule.form.startswith("repeats")]
    about = {"version": version, "repeating": repeating, "lengths": [len(row.encode()) for row in rows]}
    return {RULES: "".join([json.dumps(about), "\n", *rows]), **files}


def order_rules(rules: Sequence[Rule]) -> list[Rule]:
    """The order of precedence: rules that keep before rules that remove, else as they stand."""
    return sorted(rules, key=lambda rule: rule.action == "remove")


def _row(rule: Rule) -> dict[str, Any]:
    plain = Rule(rule.id, rule.reason)
    row = _changed(rule, plain, [key for key in Rule._fields if key not in ("conditions", "phrases", "stored")])
    conditions = _changed(rule.conditions, _DEFAULTS, Conditions._fields)
    return {"id": rule.id, "reason": rule.reason, **row, **({"conditions": conditions} if conditions else {})}


def _changed(value: object, default: object, keys: Iterable[str]) -> dict[str, Any]:
    changed = ((key, getattr(value, key)) for key in keys if getattr(value, key) != getattr(default, key))
    return {key: [sorted(v.words), v.phrases] if isinstance(v, Wordings) else v for key, v in changed}


def main(arguments: list[str]) -> int:
    """Write the generated file, or with `--check` say whether it is stale; returns the exit status."""
    from scrub.rules.read import read_packs

    fresh = generate([sourced.rule for sourced in read_packs(PACKS)])
    SHIPPED.mkdir(exist_ok=True)
    for name, content in fresh.items():
        path = SHIPPED / name
        if "--check" not in arguments:
            path.write_text(content, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != content:
            sys.stderr.write(f"{path.name} is stale: run `make packs`\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
