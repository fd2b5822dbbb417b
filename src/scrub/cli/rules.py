"""`scrub rules`: what rules there are, and whether a user's are right."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from scrub.cli.work import contract
from scrub.errors import RuleError

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List the rules, test a rule file.")


def add_to(app: typer.Typer) -> None:
    """Make it a command of the program."""
    app.add_typer(commands, name="rules")


@commands.command("list")
def list_rules(
    language: Annotated[str | None, typer.Option("--language", help="Only rules that know this language.")] = None,
    category: Annotated[str | None, typer.Option("--class", help="Only rules of this class.")] = None,
) -> None:
    """Show every rule, one a line: id, class, languages, reason, separated by tabs."""
    from scrub.html.verdicts import REASONS
    from scrub.pipeline import shipped_rules

    with contract():
        known: dict[str, tuple[str, ...]] = {}
        reasons = dict(REASONS)
        for rule in shipped_rules().rules:
            known[rule.id] = (*known.get(rule.id, ()), *rule.languages)
            reasons[rule.id] = rule.reason
        rows = [(name, name.partition(".")[0], known.get(name, ()), reason) for name, reason in reasons.items()]
        for name, its_class, languages, reason in sorted(rows):
            if category not in (None, its_class) or (language and languages and language not in languages):
                continue
            sys.stdout.write(f"{name}\t{its_class}\t{','.join(languages) or 'any'}\t{reason}\n")
        sys.stdout.flush()


@commands.command("test")
def check_file(files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Rule files in TOML.")]) -> None:
    """Check rule files: that they can be read, and that each rule's case comes out."""
    from scrub.cases import check_cases
    from scrub.pipeline import shipped_rules
    from scrub.rules.read import read_pack

    bases = {rule.id: rule for rule in shipped_rules().rules}
    failed = 0
    with contract():
        for path in files:
            try:
                rules = read_pack(path, bases)
            except RuleError as error:
                sys.stderr.write(f"scrub: {error}\n")
                failed += 1
                continue
            failures = check_cases(rules)
            for failure in failures:
                where = f"{failure.rule.file}:{failure.rule.line}: rule {failure.rule.rule.id}"
                sys.stdout.write(f"{where}: {failure.line!r}: {failure.happened}\n")
            failed += bool(failures)
            sys.stdout.write(f"{path}: {len(rules)} rules, {len(failures)} failing lines\n")
        sys.stdout.flush()
    if failed:
        raise typer.Exit(1)
