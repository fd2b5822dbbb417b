"""The packs that ship, as one generated JSON file: reading it takes a twentieth of the time of the TOML files.

`python -m scrub.rules.shipped` writes it anew from `packs/` (what `make packs` calls); `--check` fails when it is
stale.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scrub.rules.rule import Conditions, Rule

PACKS = Path(__file__).parent / "packs"
SHIPPED = Path(__file__).parent / "packs.json"
_DEFAULTS = Conditions()


def read_shipped() -> tuple[str, tuple[Rule, ...]]:
    """The version of the shipped rules (a hash of them) and the rules, in the order of their packs."""
    data = json.loads(SHIPPED.read_bytes())
    rules: list[Rule] = []
    for row in data["rules"]:
        rules.append(_wording(rules[row["like"]], row) if "like" in row else _rule(row))
    return data["version"], tuple(rules)


def _rule(row: dict[str, Any]) -> Rule:
    values = _tuples(row)
    conditions = values.pop("conditions", None)
    return Rule(**values, conditions=Conditions(**_tuples(conditions)) if conditions else _DEFAULTS)


def _wording(base: Rule, row: dict[str, Any]) -> Rule:
    """A rule's phrases in one more language: all else is as in the rule."""
    values = _tuples(row)
    conditions = base.conditions._replace(needs=values.get("needs", ()), unless=values.get("unless", ()))
    return base._replace(languages=values["languages"], phrases=values["phrases"], conditions=conditions)


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


def to_json(rules: list[Rule]) -> str:
    """The rules as the text of the generated file, one rule or wording a line."""
    import hashlib

    places: dict[str, int] = {}
    rows = []
    for place, rule in enumerate(rules):
        like = places.setdefault(rule.id, place)
        row = _row(rule) if like == place else _wording_row(rule, like)
        rows.append(json.dumps(row, ensure_ascii=False, sort_keys=True))
    version = hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12]
    return f'{{"version": "{version}", "rules": [\n' + ",\n".join(rows) + "\n]}\n"


def _wording_row(rule: Rule, like: int) -> dict[str, Any]:
    more = {key: value for key in ("needs", "unless") if (value := getattr(rule.conditions, key))}
    return {"like": like, "languages": rule.languages, "phrases": rule.phrases, **more}


def _row(rule: Rule) -> dict[str, Any]:
    plain = Rule(rule.id, rule.reason)
    row = _changed(rule, plain, [key for key in Rule._fields if key != "conditions"])
    conditions = _changed(rule.conditions, _DEFAULTS, Conditions._fields)
    return {"id": rule.id, "reason": rule.reason, **row, **({"conditions": conditions} if conditions else {})}


def _changed(value: object, default: object, keys: Iterable[str]) -> dict[str, Any]:
    return {key: getattr(value, key) for key in keys if getattr(value, key) != getattr(default, key)}


def main(arguments: list[str]) -> int:
    """Write the generated file, or with `--check` say whether it is stale; returns the exit status."""
    from scrub.rules.read import read_packs

    fresh = to_json([sourced.rule for sourced in read_packs(PACKS)])
    if "--check" not in arguments:
        SHIPPED.write_text(fresh, encoding="utf-8")
    elif not SHIPPED.exists() or SHIPPED.read_text(encoding="utf-8") != fresh:
        sys.stderr.write("packs.json is stale: run `make packs`\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
