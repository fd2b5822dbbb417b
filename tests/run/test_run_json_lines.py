"""A line of JSON Lines: one field cleaned, every other byte as it was; a full record, the text it was made of."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scrub.api import load_cleaner
from scrub.errors import EmptyError, InputError, NoArticleError, ScrubError
from scrub.pipeline import clean_text
from scrub.run.articles import Outcome
from scrub.run.json_lines import file_of_line, restore_line, start_field
from scrub.sources.files import Given
from scrub.write.record import to_json_line

BODY = "The council met on Monday evening and decided to build the new bridge over the river."
DIRTY = f"{BODY}\n\nRelated:"
CLEAN_FIELD = start_field(load_cleaner, "text")


def cleaned(line: str, field: str = "text") -> str:
    outcome = start_field(load_cleaner, field, with_removed=False)(Given("x:1", line.encode()))
    assert outcome.error is None
    return outcome.content.decode()


def test_everything_but_the_field_stays_to_the_byte() -> None:
    before = '{"price":1.10, "big": 123456789012345678901234567890e400 ,"e":"\\u00e9", "t": [ 1,2 ],"text" : '
    line = cleaned(f'{before}{json.dumps(DIRTY)} ,"after":null }}')
    assert line.startswith(f'{before}{json.dumps(BODY)} ,"after":null, "scrub": {{"title": ')
    assert line.endswith("}}\n")
    assert list(json.loads(line)["scrub"]) == ["title", "warnings", "version", "rules"]


def test_the_note_names_what_was_removed() -> None:
    outcome = CLEAN_FIELD(Given("x:1", json.dumps({"text": DIRTY}).encode()))
    (removal,) = json.loads(outcome.content)["scrub"]["removed"]
    assert (removal["text"], removal["rule"], removal["class"]) == ("Related:", "related.label", "related")


@pytest.mark.parametrize("order", [("text", "scrub"), ("scrub", "text")])
def test_an_older_note_is_replaced(order: tuple[str, str]) -> None:
    values = {"text": DIRTY, "scrub": "old"}
    record = json.loads(cleaned(json.dumps({name: values[name] for name in order})))
    assert tuple(record) == order
    assert (record["text"], record["scrub"]["title"]) == (BODY, None)


def test_a_page_in_the_field_is_read_as_one() -> None:
    page = f"<html><body><article>{f'<p>{BODY}</p>' * 4}</article></body></html>"
    assert json.loads(cleaned(json.dumps({"page": page}), "page"))["page"].startswith(BODY)


JSON = st.none() | st.integers() | st.floats() | st.lists(st.text() | st.booleans())


@settings(max_examples=30)
@given(before=st.dictionaries(st.text(), JSON), after=st.dictionaries(st.text(), JSON), spaced=st.booleans())
def test_other_fields_pass_through_in_order(before: dict[str, object], after: dict[str, object], spaced: bool) -> None:
    record = {**before, "text": BODY, **after}
    record.pop("scrub", None)
    record["text"] = BODY
    separators = (" , ", " : ") if spaced else (",", ":")
    result = json.loads(cleaned(json.dumps(record, separators=separators)))
    result.pop("scrub")
    assert list(result) == list(record)
    assert json.dumps(result) == json.dumps(record)


@pytest.mark.parametrize(
    ("line", "kind", "says"),
    [
        (b"nope", InputError, "not JSON: Expecting value at character 1"),
        (b'{"text": "a"} {}', InputError, "not JSON: Extra data at character 15"),
        (b'{"text": "' + b"\xff" + b'"}', InputError, "not UTF-8"),
        (b"[" * 100_000, InputError, "nested too deeply"),
        (b'["text"]', InputError, "not a JSON object"),
        (b'{"title": "a", "body": "b"}', InputError, "no field 'text'; name one with --field: title, body"),
        (b'{"text": ["a"]}', InputError, "the field 'text' is not a string"),
        (b'{"text": " "}', EmptyError, "nothing in it"),
        (b'{"text": "Related:"}', NoArticleError, "no article found"),
    ],
)
def test_a_line_that_cannot_be_cleaned_says_why(line: bytes, kind: type[ScrubError], says: str) -> None:
    outcome = CLEAN_FIELD(Given("x:7", line))
    assert (outcome.name, outcome.content, type(outcome.error)) == ("x:7", b"", kind)
    assert says in str(outcome.error)


def restored(line: bytes) -> Outcome:
    return restore_line(Given("x:1", line))


@given(st.text(st.characters(codec="utf-8")))
@example("")
@example("a ©AAA")
def test_what_was_written_in_full_is_restored_as_it_was(text: str) -> None:
    for whole in (text, f"{BODY}\n{text}\n\nRelated:"):
        try:
            article = clean_text(whole)
        except (EmptyError, NoArticleError):  # nothing is left of it: an error, and no line
            continue
        assert restored(to_json_line(article, full=True)).content.decode() == whole


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"nope", "not JSON"),
        (b"5", "not a JSON object"),
        (b'{"text": "a"}', "written without --full: a record without blocks"),
        (b'{"blocks": {}, "after": ""}', "written without --full"),
        (b'{"blocks": [5], "after": ""}', "a block without its text"),
        (b'{"blocks": [{"before": "", "text": null}], "after": ""}', "a block without its text"),
    ],
)
def test_a_line_that_cannot_be_restored_says_why(line: bytes, says: str) -> None:
    error = restored(line).error
    assert isinstance(error, InputError)
    assert says in str(error)


def test_restored_lines_have_names_of_their_own() -> None:
    names = ["a/x.jsonl.gz:1", "a/x.jsonl.gz:2", "-:1", "-:12"]
    assert [file_of_line(name) for name in names] == ["a/x.jsonl.gz", "a/x-2.jsonl.gz", "stdin", "stdin-12"]
