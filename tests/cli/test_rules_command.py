"""`scrub rules show` and `why`: what a rule is, and why a file came out as it did."""

from __future__ import annotations

from pathlib import Path

from conftest import Run

BODY = "The council met on Monday and decided, after a long debate, to build the bridge over the river."
STORY = f"Bridge to be built\n\n{BODY}\n\nRelated: the old bridge, which is a monument, will stay where it is.\n\n{BODY[::-1]}.\n\nRelated:\n"


def test_a_rule_is_shown_with_its_phrases_and_examples(run: Run) -> None:
    shown = run("rules", "show", "counters.visits").stdout.decode()
    assert shown.startswith("counters.visits: a visit counter")
    assert "visited # times, # visits today" in shown
    assert "from counters.toml, line " in shown
    assert "\n  - (Visited" in shown


def test_a_rule_of_the_extraction_has_its_reason(run: Run) -> None:
    assert run("rules", "show", "html.nav").stdout.decode().startswith("html.nav: navigation")


def test_an_unknown_rule_is_wrong_usage(run: Run) -> None:
    done = run("rules", "show", "no.such")
    assert done.returncode == 2
    assert "no.such: no rule has this id" in done.stderr.decode()


def test_a_rule_is_counted_on_a_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(f"{BODY}\n\n(Visited 3 times, 1 visits today)")
    (tmp_path / "texts" / "b.txt").write_text(BODY)
    (tmp_path / "texts" / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    done = run("rules", "show", "counters.visits", "--on", "texts")
    assert "texts/a.txt: (Visited 3 times, 1 visits today)" in done.stdout.decode()
    assert done.stdout.decode().endswith("fired 1 times in 3 files\n")
    assert "c.png: this is a PNG image" in done.stderr.decode()


def test_rules_are_found_by_a_text_of_theirs(run: Run) -> None:
    rows = run("rules", "list", "--text", "Visits today").stdout.decode().splitlines()
    assert [row.split("\t")[0] for row in rows] == ["counters.visits"]


def test_why_tells_of_every_block(run: Run, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(STORY)
    lines = run("rules", "why", "story.txt").stdout.decode().splitlines()
    assert lines[0].split(maxsplit=2) == ["+", "0", "Bridge to be built"]
    assert any("nearly related." in line and "does not hold" in line for line in lines)
    assert lines[-1].startswith("-")
    assert "related." in lines[-1]


def test_why_names_a_file_that_is_not_there(run: Run) -> None:
    done = run("rules", "why", "none.txt")
    assert done.returncode == 1
    assert "none.txt: no such file" in done.stderr.decode()


WORDING = """language = "xx"
[[wording]]
rule = "counters.visits"
phrases = ["besucht # mal"]
case = '''
  Das Haus wurde besucht.
- (Besucht 12 mal)
'''
"""


def test_a_user_may_add_wordings_to_a_shipped_rule(run: Run, tmp_path: Path) -> None:
    (tmp_path / "xx.toml").write_text(WORDING)
    assert run("rules", "test", "xx.toml").stdout.decode() == "xx.toml: 1 rules, 0 failing lines\n"
    done = run("clean", "--rules", "xx.toml", stdin=f"{BODY}\n\n(Besucht 1.204 mal)".encode())
    assert done.stdout.decode() == f"{BODY}\n"
