"""What the reader of packs takes, and what it refuses with file, line and rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrub.errors import RuleError
from scrub.rules.read import parse_case, parse_pack, read_pack

GOOD = '''class = "counters"
about = "Counts."

[[rule]]
id = "visits"
reason = "a visit counter"
phrases.en = ["(visited # times)"]
case = """
  The museum was visited 1,204 times.
- (Visited 3 times)
"""
'''


def refusal(pack: str) -> str:
    with pytest.raises(RuleError) as caught:
        parse_pack(pack, "mine.toml")
    return str(caught.value)


def test_a_rule_is_read_with_its_place_in_the_file() -> None:
    (sourced,) = parse_pack(GOOD, "mine.toml")
    assert sourced.rule.id == "counters.visits"
    assert sourced.rule.phrases == ("visited # times",)
    assert sourced.rule.languages == ("en",)
    assert (sourced.file, sourced.line) == ("mine.toml", 4)
    assert sourced.case.lines == ("The museum was visited 1,204 times.", "(Visited 3 times)")
    assert sourced.case.goes == ((), ((0, 17),))


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (('reason = "a visit counter"', 'raeson = "x"'), 6, "unknown key 'raeson'"),
        (('reason = "a visit counter"\n', ""), 4, "no reason"),
        (('id = "visits"', 'id = "Visits!"'), 5, "without an id"),
        (('phrases.en = ["(visited # times)"]', ""), 5, "looks for phrases, or a match"),
        (('phrases.en = ["(visited # times)"]', 'phrases = ["x"]'), 7, "without a language"),
        (('phrases.en = ["(visited # times)"]', "phrases.english = ['x']"), 7, "no language tag"),
        (('phrases.en = ["(visited # times)"]', "phrases.en = ['...']"), 7, "has no words"),
        (('phrases.en = ["(visited # times)"]', "phrases.en = [3]"), 7, "not a list of strings"),
        (('phrases.en = ["(visited # times)"]', "match = 'a.*b'\nliteral = 'a'"), 7, "unbounded"),
        (
            ('phrases.en = ["(visited # times)"]', "match = '(?:a{0,9}b?){0,9}'\nliteral = 'a'"),
            7,
            "inside a repetition",
        ),
        (
            ('phrases.en = ["(visited # times)"]', "match = '.{0,99}a.{0,99}b.{0,99}'\nliteral = 'a'"),
            7,
            "too many ways",
        ),
        (('phrases.en = ["(visited # times)"]', "match = '(a'\nliteral = 'a'"), 7, "not a regular expression"),
        (('phrases.en = ["(visited # times)"]', "match = 'a'"), 7, "without a literal"),
        (('phrases.en = ["(visited # times)"]', 'phrases.en = ["x"]\nliteral = "x"'), 8, "a literal without"),
        (("[[rule]]", '[[rule]]\nform = "anywhere"'), 5, "form cannot be 'anywhere'"),
        (("[[rule]]", '[[rule]]\nplace = "middle"'), 5, "place cannot be 'middle'"),
        (("[[rule]]", '[[rule]]\nmax_words = "9"'), 5, "max_words is not a number"),
        (("[[rule]]", "[[rule]]\nsentence = 1"), 5, "sentence is not true or false"),
        (("[[rule]]", '[[rule]]\naction = "protect"\ntakes = "span"'), 6, "keeps whole blocks"),
        (("- (Visited", "  (Visited"), 8, "lines that go and lines that stay"),
        (("  The museum was visited 1,204 times.\n", ""), 8, "lines that go and lines that stay"),
        (('about = "Counts."', 'abuot = "Counts."'), 2, "unknown key 'abuot'"),
        (('class = "counters"', 'class = "Counters & more"'), 1, "a class that is not"),
        (('id = "visits"', 'id = "visits'), None, "not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_line(change: tuple[str, str], line: int | None, says: str) -> None:
    message = refusal(GOOD.replace(*change))
    assert says in message
    assert message.startswith(f"mine.toml:{line}:" if line else "mine.toml: ")


def test_an_id_may_not_stand_twice() -> None:
    again = GOOD[GOOD.index("[[rule]]") :]
    assert "counters.visits: the id stands twice" in refusal(GOOD + "\n" + again)
    assert refusal(GOOD + "\n" + again).startswith("mine.toml:14:")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"none\.toml: cannot read the rule file: No such file"):
        read_pack(tmp_path / "none.toml")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RuleError, match="it is not UTF-8"):
        read_pack(tmp_path / "binary.toml")


def test_a_case_marks_whole_lines_and_parts() -> None:
    case = parse_case("  It stays.\n- It goes\nThe storm came. [-Read more-]\n- - Home - Local")
    assert case.lines == ("It stays.", "It goes", "The storm came. Read more", "- Home - Local")
    assert case.goes == ((), ((0, 7),), ((16, 25),), ((0, 14),))
