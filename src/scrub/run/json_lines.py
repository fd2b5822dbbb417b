"""A line of JSON Lines -> its outcome: a field cleaned and the rest as it was, or a full record as the text it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import PurePath

from scrub.errors import InputError
from scrub.model import Page
from scrub.run.articles import Clean, Outcome, Work, attempt, outcome_of
from scrub.sources.files import Given, Input, bytes_of
from scrub.sources.json_lines import Member, read_object
from scrub.write.record import NOTE, restore, to_note


def start_field(load: Callable[[], Clean], field: str, *, with_removed: bool = True, explain: bool = False) -> Work:
    """Load what cleans; what comes back cleans that field of a line."""
    return partial(_clean_line, load(), field, with_removed, explain)


def _clean_line(clean: Clean, field: str, with_removed: bool, explain: bool, line: Input) -> Outcome:
    assert isinstance(line, Given)

    def make() -> Outcome:
        text, members = read_object(bytes_of(line))
        dirty = _field(members, field)
        article = clean(Page(str(dirty.value).encode("utf-8", "replace"), encoding="utf-8"))
        note = Member(NOTE, to_note(article, with_removed=with_removed), 0, 0)
        cleaned = dirty._replace(value=article.whole_text)
        return outcome_of(line.name, article, _with_members(text, members, cleaned, note), explain=explain)

    return attempt(line.name, make, explain=explain)


def _field(members: list[Member], name: str) -> Member:
    """The member of that name, the last of several, as JSON's readers take it."""
    named = [member for member in members if member.name == name]
    if not named:
        others = ", ".join(dict.fromkeys(member.name for member in members)) or "none"
        raise InputError(f"no field {name!r}", f"name one with --field: {others[:200]}")
    if not isinstance(named[-1].value, str):
        raise InputError(f"the field {name!r} is not a string", "name another one with --field")
    return named[-1]


def _with_members(text: str, members: list[Member], cleaned: Member, note: Member) -> bytes:
    """The line with other values in the place of two members; what stands around them stays to the byte. An older
    note is replaced."""
    noted = [member for member in members if member.name == NOTE]
    if noted:
        changes = sorted([cleaned, note._replace(start=noted[-1].start, end=noted[-1].end)], key=lambda new: new.start)
        ending = ""
    else:
        changes = [cleaned]
        text = text[:-1].rstrip()
        ending = f', "{NOTE}": {_written(note.value)}}}'
    parts: list[str] = []
    at = 0
    for new in changes:
        parts += [text[at : new.start], _written(new.value)]
        at = new.end
    return f"{''.join(parts)}{text[at:]}{ending}\n".encode("utf-8", "replace")


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def restore_line(line: Input) -> Outcome:
    """The text that a line written with `--full` was made of."""
    assert isinstance(line, Given)

    def make() -> Outcome:
        _, members = read_object(bytes_of(line))
        try:
            text = restore({member.name: member.value for member in members})
        except ValueError as error:
            raise InputError(f"written without --full: {error}", "clean the original again with --full") from error
        return Outcome(line.name, text.encode("utf-8", "replace"))

    return attempt(line.name, make)


def file_of_line(name: str) -> str:
    """The name to write what FILE:LINE held: FILE for the first line, FILE-2 for the second."""
    file, _, number = name.rpartition(":")
    path = PurePath("stdin" if file == "-" else file)
    stem, dot, endings = path.name.partition(".")
    return str(path) if number == "1" else str(path.with_name(f"{stem}-{number}{dot}{endings}"))
