"""A rule as data: what it looks for, where that must stand, and what it does then."""

from collections.abc import Iterable
from typing import Literal, NamedTuple, get_args

Form = Literal["whole", "starts", "ends", "contains", "label", "repeats-title", "repeats-block", "repeats-sentence"]
Takes = Literal["block", "span", "section"]
Action = Literal["remove", "protect", "spare"]
Place = Literal["start", "end", "edges"]

FORMS: tuple[str, ...] = get_args(Form)
TAKES: tuple[str, ...] = get_args(Takes)
ACTIONS: tuple[str, ...] = get_args(Action)
PLACES: tuple[str, ...] = get_args(Place)
NEIGHBOURS = ("edge", "removed", "body", "short")  # or a class, or a rule's id: removed by that

LINE = "\n"  # no folded block has one, so it marks the edges of blocks in the text that is searched
_EDGES = {"whole": (LINE, LINE), "starts": (LINE, ""), "ends": ("", LINE)}

# A block of more words than this is not what a habit prints, unless the rule says so with `max_words`: one sentence
# of an appeal must not take an article that was scraped into a single line.
LONGEST_HABIT = 130
RARE, BEGINNING = 3, 6  # characters: of a literal that stands in few blocks; of a block's beginning that is looked for
BRIEF = 40  # words; most rules are made for lines that are shorter


class Wordings(NamedTuple):
    """Folded phrases of which one, or none, may stand in a block: single words, and phrases of several."""

    words: frozenset[str] = frozenset()
    phrases: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)

    def every(self) -> tuple[str, ...]:
        """All of them, in a fixed order."""
        return (*sorted(self.words), *self.phrases)


NO_WORDINGS = Wordings()


def wordings_of(phrases: Iterable[str]) -> Wordings:
    """Phrases, parted into single words and others."""
    words = frozenset(phrase for phrase in phrases if phrase.isalnum())
    return Wordings(words, tuple(phrase for phrase in phrases if phrase not in words))


class Conditions(NamedTuple):
    """What must hold of a block beside its wording. A condition that is `None` or empty always holds.

    `place`: before the first or after the last body paragraph. `before`, `after`, `near`: what the block stands
    before, after or beside (NEIGHBOURS, a class or a rule's id). `needs` and `unless`: wordings of which one or none
    may stand in the block. `sentence`: whether the block ends like a sentence.
    """

    place: Place | None = None
    min_words: int = 0
    max_words: int = LONGEST_HABIT
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    needs: Wordings = NO_WORDINGS
    unless: Wordings = NO_WORDINGS
    sentence: bool | None = None


class Rule(NamedTuple):
    """One habit of publishers. `id` is `class.name`; `phrases` are folded; `match` is an expression over the folded
    block, asked only where one of `literals` stands in it, and what any text that it meets must have: it begins with
    one of `starts`, where there are some, and has one of each of `parts`. The phrases of shipped rules lie in a store,
    where `stored` is the rule's number; -1 for a rule that has its own."""

    id: str
    reason: str
    form: Form = "whole"
    languages: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    match: str | None = None
    literals: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()
    takes: Takes = "block"
    action: Action = "remove"
    conditions: Conditions = Conditions()
    stored: int = -1

    @property
    def category(self) -> str:
        """The rule's class, the pack that it stands in."""
        return self.id.partition(".")[0]


class Case(NamedTuple):
    """A small text and what must become of each of its lines: `goes` holds the ranges of the line that a rule takes."""

    lines: tuple[str, ...]
    goes: tuple[tuple[tuple[int, int], ...], ...]


class SourcedRule(NamedTuple):
    """A rule as it was read: with its case, and the file and line where it stands."""

    rule: Rule
    case: Case
    file: str
    line: int


def anchored_literals(rule: Rule) -> list[str]:
    """The literals of a rule's expression as they are looked for: with the edges of the block, where they must stand
    at one. Where the rule's own stand in many blocks, the beginnings that the expression asks for are rarer."""
    before, after = _EDGES.get(rule.form, ("", ""))
    if rule.starts and not before and min(map(len, rule.literals)) < RARE <= min(map(len, rule.starts)):
        return sorted({LINE + start[:BEGINNING] for start in rule.starts})
    return [before + literal + after for literal in rule.literals]


def table_of(rule: Rule) -> str:
    """How a rule's phrases are looked up: as `w`hole blocks, at the `s`tart of blocks, `a`nywhere, or anywhere in
    `b`rief blocks; a capital for what only spares."""
    if rule.form == "whole":
        table = "w"
    elif rule.form in ("starts", "label"):
        table = "s"
    else:
        table = "b" if rule.conditions.max_words <= BRIEF else "a"
    return table.upper() if rule.action == "spare" else table


def anchored_phrases(rule: Rule) -> list[str]:
    """The phrases of a rule as they are looked for: with the edge of the block where they must stand at its end."""
    return [phrase + LINE for phrase in rule.phrases] if rule.form == "ends" else list(rule.phrases)
