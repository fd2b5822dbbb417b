"""Where articles go, and under which names."""

from __future__ import annotations

import io
from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.errors import OutputError
from scrub.write.places import FORM_FEED, Folder, GrowingFile, Stream, file_name, write_whole


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a/x.html", "a/x"),
        ("./x.html", "x"),
        ("x.html.gz", "x"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/cron.d/x.txt", "etc/cron.d/x"),
        ("-", "stdin"),
        ("https://example.org/2026/05/bridge.html", "example.org-2026-05-bridge"),
        ("https://example.org/", "example.org"),
        ("https://example.org/story?id=7", "example.org-story-id-7"),
        ("https://example.org/../../etc/passwd", "example.org-..-..-etc-passwd"),
        ("https://example.org/\x00\n/x", "example.org---x"),
        (".hidden", "hidden"),
        ("Größe.html", "Größe"),
    ],
)
def test_an_input_s_name_becomes_a_file_s(name: str, expected: str) -> None:
    assert file_name(name) == PurePath(expected)


def test_a_long_name_is_cut_and_told_apart() -> None:
    one, other = (file_name("https://example.org/" + "a" * 400 + end) for end in "xy")
    assert one != other
    assert len(one.name) <= 120


@given(st.one_of(st.text(), st.text().map(lambda path: f"https://example.org/{path}")))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    path = file_name(name)
    assert not path.is_absolute()
    assert not set(path.parts) & {"", ".", ".."}
    assert all(character.isprintable() for character in str(path))


def test_a_stream_puts_separators_between_articles_only() -> None:
    stream = io.BytesIO()
    with Stream(stream, FORM_FEED) as place:
        place.put("a", b"one\n")
        place.put("b", b"two\n")
    assert stream.getvalue() == b"one\n\f\ntwo\n"


def test_a_growing_file_gets_its_name_at_the_end_and_keeps_its_part_when_broken_off(tmp_path: Path) -> None:
    with GrowingFile(tmp_path / "all.txt", FORM_FEED) as place:
        place.put("a", b"one\n")
        assert (tmp_path / "all.txt.part").read_bytes() == b"one\n"
        assert not (tmp_path / "all.txt").exists()
    assert (tmp_path / "all.txt").read_bytes() == b"one\n"
    with pytest.raises(KeyboardInterrupt), GrowingFile(tmp_path / "all.txt", FORM_FEED) as place:  # noqa: PT012
        place.put("a", b"other\n")
        raise KeyboardInterrupt
    assert (tmp_path / "all.txt").read_bytes() == b"one\n"
    assert (tmp_path / "all.txt.part").read_bytes() == b"other\n"


def test_a_file_is_written_whole_or_stays_as_it_was(tmp_path: Path) -> None:
    write_whole(tmp_path / "x", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path / "folder", b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "x"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot write"), Folder(tmp_path / "file" / "out", ".txt"):
        pass


def test_a_file_where_a_folder_must_be_costs_only_that_article(tmp_path: Path) -> None:
    with Folder(tmp_path, ".txt", force=True) as folder:
        folder.put("a.html", b"one")
        with pytest.raises(OutputError, match="cannot write"):
            folder.put("a.txt/x.html", b"two")
        folder.put("b.html", b"three")
    assert (tmp_path / "b.txt").read_bytes() == b"three"
