"""`scrub rules`: what rules there are, whether a user's are right, and why a file came out as it did."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from scrub.cli import options
from scrub.cli.report import one_line
from scrub.cli.work import contract
from scrub.errors import RuleError, ScrubError
from scrub.rules.rule import Conditions, Rule, SourcedRule, Wordings

commands = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="List and show the rules, test a rule file, ask why a file came out.",
)
SHOWN = 100  # characters of a line in a listing


def add_to(app: typer.Typer) -> None:
    """Make it a command of the program."""
    app.add_typer(commands, name="rules")


@commands.command("list")
def list_rules(
    language: Annotated[str | None, typer.Option("--language", help="Only rules that know this language.")] = None,
    category: Annotated[str | None, typer.Option("--class", help="Only rules of this class.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="Only rules with this in a phrase, id or reason.")] = None,
) -> None:
    """Show every rule, one a line: id, class, languages, reason, separated by tabs."""
    from scrub.pipeline import extraction_reasons, shipped_rules

    with contract():
        rows: dict[str, list[Rule]] = {name: [Rule(name, reason)] for name, reason in extraction_reasons().items()}
        for rule in shipped_rules().rules if text is None else _rules_with_phrases():
            rows.setdefault(rule.id, []).append(rule)
        for name in sorted(rows):
            languages = [tag for rule in rows[name] for tag in rule.languages]
            first = rows[name][0]
            if category not in (None, first.category) or (language and languages and language not in languages):
                continue
            if text is None or _mentions(rows[name], text):
                sys.stdout.write(f"{name}\t{first.category}\t{','.join(languages) or 'any'}\t{first.reason}\n")
        sys.stdout.flush()


def _rules_with_phrases() -> list[Rule]:
    from scrub.rules.shipped import read_shipped

    shipped = read_shipped()
    phrases: dict[int, list[str]] = {}
    for number, _, phrase in shipped.store.all_phrases():
        phrases.setdefault(number, []).append(phrase)
    return [rule._replace(phrases=tuple(phrases.get(number, ()))) for number, rule in enumerate(shipped.rules)]


def _mentions(rules: Iterable[Rule], text: str) -> bool:
    from scrub.rules.fold import fold_literal

    wanted = fold_literal(text)
    return any(
        wanted in words
        for rule in rules
        for words in (rule.id, rule.reason.casefold(), rule.match or "", *rule.phrases)
    )


@commands.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A rule's id, as `scrub rules list` gives it.")],
    on: Annotated[
        list[Path] | None,
        typer.Option("--on", metavar="PATH", help="Count how often it fires on these files or folders. Repeatable."),
    ] = None,
) -> None:
    """Show a rule: its reason, conditions, phrases by language, examples, source; with --on how often it fired."""
    from scrub.pipeline import extraction_reasons

    with contract():
        found = list(_find_in_packs(name))
        reason = found[0].rule.reason if found else extraction_reasons().get(name)
        if reason is None:
            raise RuleError(f"{name}: no rule has this id", "`scrub rules list` shows them all")
        sys.stdout.write(f"{name}: {reason}\n")
        for sourced in found:
            sys.stdout.write("".join(f"{line}\n" for line in _described(sourced)))
        if on:
            sys.stdout.write("".join(f"{line}\n" for line in _counted(name, on)))
        sys.stdout.flush()


def _find_in_packs(name: str) -> Iterator[SourcedRule]:
    """The rule of an id, and its wordings in each language, from the files in which its name stands."""
    from scrub.pipeline import shipped_rules
    from scrub.rules.read import bases_of, read_pack
    from scrub.rules.shipped import PACKS

    bases = bases_of(shipped_rules().rules)
    for path in (*sorted(PACKS.glob("*.toml")), *sorted(PACKS.glob("languages/*.toml"))):
        if name.rpartition(".")[2] in path.read_text(encoding="utf-8"):
            yield from (sourced for sourced in read_pack(path, bases) if sourced.rule.id == name)


def _described(sourced: SourcedRule) -> Iterator[str]:
    rule = sourced.rule
    yield ""
    yield f"from {Path(sourced.file).name}, line {sourced.line}: {rule.action}s the {rule.takes}"
    if rule.match is not None:
        yield f"  {rule.form} a match of {rule.match}"
    elif rule.phrases:
        yield f"  {rule.form} one of, in {', '.join(rule.languages)}:"
        yield from (f"    {phrase}" for phrase in rule.phrases)
    else:
        yield f"  {rule.form}"
    for key, value, default in zip(Conditions._fields, rule.conditions, Conditions(), strict=True):
        if value != default:
            shown = value.every() if isinstance(value, Wordings) else value
            yield f"  {key} = {', '.join(shown) if isinstance(shown, tuple) else shown}"
    yield "  for example ('-' goes):"
    for line, goes in zip(sourced.case.lines, sourced.case.goes, strict=True):
        yield f"  {'-' if goes else ' '} {line}"


def _counted(name: str, paths: Iterable[Path]) -> Iterator[str]:
    from scrub.api import clean_file

    files = fired = 0
    for path in _files(paths):
        files += 1
        try:
            removed = clean_file(path).removed
        except ScrubError as error:
            sys.stderr.write(f"scrub: {one_line(str(path))}: {one_line(str(error))}\n")
            continue
        for removal in removed:
            if removal.rule == name:
                fired += 1
                yield f"{path}: {one_line(removal.text)[:SHOWN]}"
    yield f"fired {fired} times in {files} files"


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]


@commands.command("test")
def check_file(files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Rule files in TOML.")]) -> None:
    """Check rule files: that they can be read, and that each rule's case comes out."""
    from scrub.cases import check_cases
    from scrub.pipeline import shipped_rules
    from scrub.rules.read import bases_of, read_pack

    bases = bases_of(shipped_rules().rules)
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


@commands.command("why")
def why(
    name: Annotated[str, typer.Argument(metavar="[FILE|-]", help="A text or a page; - is standard input.")],
    keep: options.KeepOption = None,
    only: options.OnlyOption = None,
    rules: options.RulesOption = None,
) -> None:
    """Show every block of a file: kept (+) or removed (-), by which rule, and which rules nearly fired."""
    from scrub.api import load_rules
    from scrub.pipeline import explain_page
    from scrub.sources.files import read_file, read_standard_input

    with contract():
        try:
            page = read_standard_input() if name == "-" else read_file(Path(name))
            blocks = explain_page(page, load_rules(keep or (), only or (), rules or ()))
        except RuleError:
            raise
        except ScrubError as error:
            raise type(error)(f"{name}: {error.detail}", error.advice) from error
        for block in blocks:
            for decision in block.decisions:
                words = one_line(block.block.text[decision.start : decision.end])
                because = f"  [{decision.rule}: {decision.reason}]" if decision.rule else ""
                sys.stdout.write(f"{'+' if decision.keep else '-'} {block.block.index:4} {words[:SHOWN]}{because}\n")
            for rule, condition in block.near_misses:
                sys.stdout.write(f"         nearly {rule}: {condition} does not hold\n")
        sys.stdout.flush()
