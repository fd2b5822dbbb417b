"""Names out of the text of a byline: what introduces them, roles, dates and addresses are taken off."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from . import byline_words
from .dates import is_about_update, without_day
from .wording import key, tidy, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST_TEXT = 1_000
LONGEST_NAME = 60
MOST_WORDS = 8
MOST_NAMES = 40
LONGEST_INTRODUCTION = 120
LABELS = frozenset(word for line in (*byline_words.CERTAIN_PREFIXES, *byline_words.LIKELY_PREFIXES) for word in line)
"""What may stand alone before a name: `By`, `Written by`."""

_CERTAIN = sorted({w for line in byline_words.CERTAIN_PREFIXES for w in line}, key=len, reverse=True)
_LIKELY = sorted({w for line in byline_words.LIKELY_PREFIXES for w in line}, key=len, reverse=True)
_CERTAIN_PREFIX = re.compile(rf"(?:{'|'.join(map(re.escape, _CERTAIN))})(?:\s?:\s*|\s+)(?=\S)", re.IGNORECASE)
_LIKELY_PREFIX = re.compile(rf"(?:{'|'.join(map(re.escape, _LIKELY))})(?:\s?:\s*|\s+)(?=\S+\s+\S)", re.IGNORECASE)
_CONJUNCTION_WORDS = {word for line in byline_words.CONJUNCTIONS for word in line}
_CONJUNCTIONS = "|".join(sorted(_CONJUNCTION_WORDS | {word.upper() for word in _CONJUNCTION_WORDS if len(word) > 1}))
_CONJUNCTION = re.compile(rf"\s+(?:{_CONJUNCTIONS})\s+")
_CONNECTOR = re.compile(rf"\s*[,;&]*\s*(?:{_CONJUNCTIONS})?\s*")
_LEADING_CONNECTOR = re.compile(rf"^\s*(?:[,;&]\s*(?:(?:{_CONJUNCTIONS})\s)?|(?:{_CONJUNCTIONS})\s)\s*")
_INTRODUCTIONS = "|".join(re.escape(phrase) for line in byline_words.INTRODUCTIONS for phrase in line)
_INTRODUCTION = re.compile(rf"(?:this \w+ was )?(?:{_INTRODUCTIONS})(?:\s?:\s*|\s+|$)", re.IGNORECASE)
_OTHER_PEOPLE = "|".join(re.escape(phrase) for line in byline_words.OTHERS for phrase in line)
_OTHERS = re.compile(rf"(?<!\w)(?:{_OTHER_PEOPLE})(?!\w)", re.IGNORECASE)
_ROLES = frozenset(w for line in byline_words.ROLES for w in line)
_HARD = re.compile(r"\s*[;|•·/&\n]\s*|\s+[-–—]\s+")
_COMMA = re.compile(r"\s*[,،、]\s*")
_ADDRESS = re.compile(r"\s*(?:https?:|www\.|@)\S*\s*", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"https?:|www\.|@|\d{3}|[?!<>{}\[\]=%#+]|\.\w{2,4}/|\w{2}\.\w+\.\w{3}")
_ASIDE = re.compile(r"\s*\([^()]{0,80}\)\s*|\s*\S{1,64}@\S{1,64}\s*")
_INITIAL = re.compile(r"\b[A-Z][a-z]?\.$")


def split_names(text: str, is_visible: bool = False) -> list[str]:
    """The names in a byline: without what introduces it, roles, addresses and asides.

    >>> split_names("By Ann Smith, Bob Jones and Eve Stone")
    ['Ann Smith', 'Bob Jones', 'Eve Stone']
    """
    text = tidy(text[:LONGEST_TEXT])
    if _ADDRESS.fullmatch(text):
        return []
    names: list[str] = []
    for line in _HARD.split(_ASIDE.sub(" ", text)):
        for part in _apart(_without_prefix(line.strip(), is_visible)):
            part = part.strip(" ,-–—'\"“”")
            name = part if _INITIAL.search(part) else part.strip(" ,.:")
            if (
                is_name(name)
                and not (is_visible and not (is_spelt_as_name(name) or is_agency(name)))
                and name not in names
            ):
                names.append(name)
    without_roles = [name for name in names if not _is_role(name)]
    return (without_roles or names[:1])[:MOST_NAMES]


def names_in_lines(lines: Iterable[str], is_marked: bool) -> list[str]:
    """The names in the lines of a byline, as far as they belong together: a role or a date ends them.

    Lines that nothing marks as a byline need a word that introduces it: `By` before the name, or alone above it.
    """
    names: list[str] = []
    is_open = is_marked
    for line in lines:
        text = without_day(line).strip()
        if text.strip(" :").casefold() in LABELS and not names:
            is_open = True
        elif text and _CONNECTOR.fullmatch(text):
            is_open = is_open or bool(names)
        else:
            found = _names_in_line(text, is_open, bool(names), is_marked)
            if names and (not found or _is_role(found[0])):
                break
            names += found
            is_open = line.rstrip().endswith((",", "&")) if found else is_marked
    return unique_names(names)


def names_after_labels(lines: Sequence[str]) -> list[str]:
    """The names that a word such as `Written by` introduces anywhere, in its line or alone in the line above them.

    Where it introduces several sets of names, none.
    """
    found: dict[frozenset[str], list[str]] = {}
    for line, after in zip_longest(lines, lines[1:], fillvalue=""):
        match = _INTRODUCTION.match(line) if len(line) <= LONGEST_INTRODUCTION else None
        if match:
            names = [name for name in split_names(line[match.end() :] or after, True) if len(name.split()) > 1]
            if names:
                found.setdefault(frozenset(map(key, names)), names)
    return found.popitem()[1] if len(found) == 1 else []


def names_others(line: str) -> bool:
    """Whether a line introduces people who did not write the article: editors, reviewers, photographers."""
    return _OTHERS.search(line) is not None


def unique_names(names: Iterable[str]) -> list[str]:
    """Each name once, as first spelt."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(key(name), name)
    return list(first.values())[:MOST_NAMES]


def is_name(text: str) -> bool:
    """Whether a text can be a person's or an organisation's name: short, no address, no number, no sentence."""
    parts = words(text)
    folded = text.casefold()
    if " by " in folded or ": " in text:
        return False
    if not 2 <= len(text) <= LONGEST_NAME or not 1 <= len(parts) <= MOST_WORDS or "".join(parts).isdigit():
        return False
    return not _NOT_A_NAME.search(text) and folded not in LABELS and folded not in byline_words.ACCOUNTS


def is_agency(text: str) -> bool:
    """Whether a text names a news agency."""
    return text.strip(" .").casefold() in byline_words.AGENCIES


def is_spelt_as_name(text: str) -> bool:
    """Whether it begins and ends with words that begin with a capital, or are of a script that has none."""
    parts = text.removeprefix("the ").split()
    if not parts or is_about_update(text) or any(character.isdigit() for character in text):
        return False
    return not parts[0][0].islower() and not parts[-1][0].islower()


def _names_in_line(text: str, is_open: bool, is_continued: bool, is_marked: bool) -> list[str]:
    rest = _without_prefix(text, is_visible=True)
    is_account = (
        is_marked and " " not in rest and not is_about_update(rest)
    )  # "by jsmith7", which no capital shows to be a name
    if is_open or (rest != text and not is_continued) or (is_continued and _LEADING_CONNECTOR.match(text)):
        return split_names(rest, is_visible=not is_account)
    return []


def _is_role(text: str) -> bool:
    return not _ROLES.isdisjoint(words(text))


def _without_prefix(text: str, is_visible: bool) -> str:
    for _ in range(3):
        match = _CERTAIN_PREFIX.match(text) or (_LIKELY_PREFIX.match(text) if is_visible else None)
        if not match:
            break
        text = text[match.end() :]
    return text


def _apart(text: str) -> list[str]:
    """The parts of a list of names; a comma or an `and` that may belong to one name does not split it."""
    parts = [part for part in _COMMA.split(text) if part]
    if len(parts) == 2 and all(len(part.split()) == 1 for part in parts):
        return [text]
    names: list[str] = []
    for part in parts:
        pieces = _CONJUNCTION.split(_LEADING_CONNECTOR.sub("", part, count=1))
        names += pieces if all(len(piece.split()) > 1 for piece in pieces) else [part]
    if len(names) > 1 and len(names[0].split()) > 1:  # "Ann Smith, MD": what has one word is no further author
        names = [name for name in names if len(name.split()) > 1 or is_agency(name)]
    return names
