"""Bytes become text: the bytes' own word first, then what was declared, then a guess; never a crash."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.decode import decode
from scrub.errors import NotTextError

GERMAN = "Die Brücke über den Fluß wird zwölf Meter breit, beschloß der Rat am späten Montagabend. " * 4
POLISH = "Rada miasta zdecydowała w poniedziałek, że nowy most będzie miał dwanaście metrów szerokości. " * 4
RUSSIAN = "Совет города решил в понедельник, что новый мост будет шириной двенадцать метров. " * 4
JAPANESE = "市議会は月曜日、川に新しい橋を架けることを決めた。橋の幅は十二メートルになる。" * 4
CHINESE = "市议会星期一决定在河上建一座新桥。新桥宽十二米,明年春天开工。" * 4
GREEK = "Το συμβούλιο αποφάσισε τη Δευτέρα να χτίσει μια νέα γέφυρα στο ποτάμι. " * 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_recognised_by_itself(encoding: str) -> None:
    assert decode(GERMAN.encode(encoding)) == GERMAN


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "iso-8859-1"), (POLISH, "iso-8859-2"), (RUSSIAN, "koi8-r"), (RUSSIAN, "windows-1251"),
        (JAPANESE, "shift_jis"), (JAPANESE, "euc-jp"), (JAPANESE, "iso-2022-jp"), (CHINESE, "gb2312"), (GREEK, "iso-8859-7"),
    ],
)  # fmt: skip
def test_a_declared_encoding_is_believed(text: str, encoding: str) -> None:
    meta = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"></head><body>{text}'
    assert decode(meta.encode(encoding)) == meta
    assert decode(text.encode(encoding), content_type=f"text/html; charset={encoding}") == text
    xml = f'<?xml version="1.0" encoding="{encoding}"?><html>{text}</html>'
    assert decode(xml.encode(encoding)) == xml


def test_valid_utf8_wins_over_a_wrong_declaration() -> None:
    page = f'<meta charset="iso-8859-1">{GERMAN}'
    assert decode(page.encode("utf-8"), content_type="text/html; charset=windows-1252") == page


def test_the_header_goes_before_the_page() -> None:
    page = f'<meta charset="iso-8859-1">{RUSSIAN}'
    assert decode(page.encode("windows-1251"), content_type="text/html; charset=windows-1251") == page


@pytest.mark.parametrize("declared", ["x-user-defined-nonsense", "utf-8", ""])
def test_what_is_declared_wrongly_is_guessed(declared: str) -> None:
    page = f'<meta charset="{declared}"><p>{RUSSIAN}</p>'
    assert RUSSIAN in decode(page.encode("windows-1251"))


def test_western_names_mean_what_browsers_take_them_for() -> None:
    assert decode(b"\x93quoted\x94 caf\xe9", content_type="text/html; charset=iso-8859-1") == "“quoted” café"


def test_stray_windows_bytes_in_utf8_become_what_was_meant() -> None:
    assert (
        decode("Größe über alles, schöne ".encode() + b"\x93Br\xc3\xbccke\x94") == "Größe über alles, schöne “Brücke”"
    )


def test_a_person_s_word_is_obeyed() -> None:
    assert decode(RUSSIAN.encode("koi8-r"), encoding="koi8-r", content_type="text/html; charset=utf-8") == RUSSIAN


def test_an_encoding_that_does_not_exist_is_named() -> None:
    with pytest.raises(NotTextError, match="there is no encoding 'klingon'"):
        decode(b"x", encoding="klingon")


@pytest.mark.parametrize(
    ("body", "what"),
    [(b"\x89PNG\r\n\x1a\n", "PNG"), (b"%PDF-1.4", "PDF"), (b"\xff\xd8\xff\xe0", "JPEG"), (b"PK\x03\x04", "ZIP"),
     (b"\x7fELF", "program"), (b"\0" * 500, "binary"), (bytes(range(32)) * 50, "binary")],
)  # fmt: skip
def test_what_is_no_text_is_refused_and_named(body: bytes, what: str) -> None:
    with pytest.raises(NotTextError, match=what):
        decode(body)


@given(st.binary(max_size=2000), st.sampled_from([None, "text/html; charset=utf-16", "text/html; charset=big5", "x"]))
def test_any_bytes_give_a_text_or_are_refused(body: bytes, content_type: str | None) -> None:
    try:
        text = decode(body, content_type=content_type)
    except NotTextError:
        return
    text.encode("utf-8")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert decode(text.encode()).removeprefix("\ufeff") == text.removeprefix("\ufeff")


def test_what_python_calls_an_encoding_and_pages_do_not_is_none() -> None:
    for name in ("zlib", "rot13", "punycode", "unicode_escape", "undefined", "utf-7"):
        declared = f"<meta charset={name}>".encode() + "Müller".encode("cp1252")
        assert decode(declared).startswith("<meta"), "a guess is made instead"
        with pytest.raises(NotTextError, match="no encoding"):
            decode(b"x", name)
