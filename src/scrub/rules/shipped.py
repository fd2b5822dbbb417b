"""The packs that ship, as one generated JSON file: reading it takes a twentieth of the time of the TOML files.

`python -m scrub.rules.shipped` writes it anew from `packs/` (what `make packs` calls); `--check` fails when it is
stale.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from scrub.rules.rule import Conditions, Rule

PACKS = Path(__file__).parent / "packs"
SHIPPED = Path(__file__).parent / "packs.json"
_DEFAULTS = Conditions()
_CONDITIONS = Conditions._fields


def read_shipped() -> tuple[str, tuple[Rule, ...]]:
    """The version of the shipped rules (a hash of them) and the rules, in the order of their packs."""
    data = json.loads(SHIPPED.read_bytes())
    return data["version"], tuple(_rule(row) for row in data["rules"])


def _rule(row: dict[str, Any]) -> Rule:
    conditions = row.pop("conditions", None)
    lists = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    return Rule(**{**row, **lists}, conditions=_conditions(conditions) if conditions else _DEFAULTS)


def _conditions(row: dict[str, Any]) -> Conditions:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Conditions(**values)


def to_json(rules: list[Rule]) -> str:
    """The rules as the text of the generated file, one rule a line."""
    import hashlib

    rows = [json.dumps(_row(rule), ensure_ascii=False, sort_keys=True) for rule in rules]
    version = hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12]
    return f'{{"version": "{version}", "rules": [\n' + ",\n".join(rows) + "\n]}\n"


def _row(rule: Rule) -> dict[str, Any]:
    plain = Rule(rule.id, rule.reason)
    row = {
        key: getattr(rule, key)
        for key in Rule._fields
        if key != "conditions" and getattr(rule, key) != getattr(plain, key)
    }
    conditions = {
        key: value for key in _CONDITIONS if (value := getattr(rule.conditions, key)) != getattr(_DEFAULTS, key)
    }
    return {"id": rule.id, "reason": rule.reason, **row, **({"conditions": conditions} if conditions else {})}


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
