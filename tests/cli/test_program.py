"""The program as a whole: help, version, wrong usage, what it loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from conftest import Run
from scrub import __version__


def test_the_version_is_shown(run: Run) -> None:
    assert run("--version").stdout.decode() == f"scrub {__version__}\n"


@pytest.mark.parametrize(
    "command", [[], ["clean"], ["fetch"], ["rules"], ["rules", "list"], ["rules", "test"], ["schema"]]
)
def test_every_command_has_help(run: Run, command: list[str]) -> None:
    done = run(*command, "--help")
    assert done.returncode == 0
    assert done.stdout.decode().startswith("Usage: ")


@pytest.mark.parametrize(("argument", "command"), [("article.txt", "clean"), ("https://example.org/a", "fetch")])
def test_a_file_or_address_without_a_command_is_wrong_usage(run: Run, argument: str, command: str) -> None:
    done = run(argument)
    assert done.returncode == 2
    assert f"type `scrub {command} {argument}`" in done.stderr.decode()


def test_an_unknown_option_is_wrong_usage(run: Run) -> None:
    done = run("clean", "--nosuch")
    assert done.returncode == 2
    assert "--nosuch" in done.stderr.decode()


def test_the_schema_is_a_schema(run: Run) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(run("schema").stdout))


def test_rules_are_listed_with_class_languages_and_reason(run: Run) -> None:
    rows = [line.split("\t") for line in run("rules", "list").stdout.decode().splitlines()]
    assert ["counters.visits", "counters"] in [row[:2] for row in rows]
    assert ["html.caption", "html"] in [row[:2] for row in rows]
    assert all(len(row) == 4 and all(row) for row in rows)
    chosen = run("rules", "list", "--class", "counters", "--language", "en").stdout.decode().splitlines()
    assert chosen
    assert all(line.startswith("counters.") for line in chosen)


RULE = """class = "mine"
[[rule]]
id = "note"
reason = "a note"
phrases.en = ["note"]
case = '''
  Note this.
- Note
'''
"""


def test_a_rule_file_is_checked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(RULE)
    (tmp_path / "bad.toml").write_text(RULE.replace("- Note", "- Notes"))
    (tmp_path / "broken.toml").write_text(RULE.replace("class", "clazz"))
    assert run("rules", "test", "good.toml").stdout.decode() == "good.toml: 1 rules, 0 failing lines\n"
    bad = run("rules", "test", "bad.toml", "broken.toml")
    assert bad.returncode == 1
    assert "bad.toml:2: rule mine.note: 'Notes': it stays" in bad.stdout.decode()
    assert "broken.toml:1: unknown key 'clazz'" in bad.stderr.decode()


def loaded_by(*arguments: str, stdin: str = "") -> set[str]:
    program = "import sys; from scrub.cli import main\ntry: main()\nexcept SystemExit: pass\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], input=stdin, capture_output=True, text=True, timeout=60, check=True
    )
    return {name.partition(".")[0] for name in done.stderr.splitlines()}


HEAVY = {
    "httpx",
    "trafilatura",
    "lxml",
    "selectolax",
    "rich",
    "numpy",
    "charset_normalizer",
    "importlib_metadata",
    "asyncio",
}


def test_cleaning_a_text_loads_nothing_heavy() -> None:
    loaded = loaded_by("clean", stdin="A sentence of the story that is long enough to stay.\n\nRelated:")
    assert "ahocorasick_rs" in loaded
    assert loaded & HEAVY == set()


def test_the_version_loads_no_rules() -> None:
    assert loaded_by("--version") & (HEAVY | {"ahocorasick_rs"}) == set()


def test_importing_the_package_loads_nothing() -> None:
    program = "import sys, scrub; print('\\n'.join(name for name in sys.modules if name.startswith('scrub.')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["scrub.version"]


def test_the_shell_can_complete_commands() -> None:
    script = Path(sys.executable).parent / "scrub"
    environment = {**os.environ, "_SCRUB_COMPLETE": "complete_bash", "COMP_WORDS": "scrub cl", "COMP_CWORD": "1"}
    done = subprocess.run([script], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.split() == ["clean"]
