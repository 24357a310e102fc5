import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.extract import decode

GERMAN = "Die Straße ist gesperrt, sagte der Bürgermeister."
JAPANESE = "首相は記者会見で新しい計画を発表した。"


def test_byte_order_mark_beats_the_header() -> None:
    assert decode(b"\xef\xbb\xbf" + GERMAN.encode(), "text/html; charset=iso-8859-1") == GERMAN
    assert decode(b"\xff\xfe" + JAPANESE.encode("utf-16-le"), None) == JAPANESE
    assert decode(b"\xfe\xff" + JAPANESE.encode("utf-16-be"), None) == JAPANESE


@pytest.mark.parametrize("label", ["shift_jis", "euc-jp", "utf-8", "iso-2022-jp"])
def test_header_names_the_encoding(label: str) -> None:
    assert decode(JAPANESE.encode(label), f'text/html; charset="{label}"') == JAPANESE


@pytest.mark.parametrize(
    "meta",
    [
        '<meta charset="windows-1251">',
        "<META CHARSET=windows-1251>",
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
    ],
)
def test_meta_names_the_encoding_when_the_header_does_not(meta: str) -> None:
    text = f"<html><head>{meta}</head><p>Мэр объявил о новых мерах.</p>"
    assert decode(text.encode("windows-1251"), "text/html") == text


def test_header_beats_meta() -> None:
    text = f'<meta charset="shift_jis"><p>{JAPANESE}'
    assert decode(text.encode("euc-jp"), "text/html; charset=euc-jp") == text


def test_meta_beyond_4_kb_is_not_looked_for() -> None:
    page = b" " * 4096 + '<meta charset="windows-1251"><p>Мэр'.encode("windows-1251")
    assert "Мэр" not in decode(page, None)


def test_without_signs_utf_8_then_windows_1252() -> None:
    assert decode(GERMAN.encode(), None) == GERMAN
    assert decode("“Straße” – 5 €".encode("windows-1252"), None) == "“Straße” – 5 €"


def test_one_bad_byte_does_not_change_the_encoding() -> None:
    body = (GERMAN * 20).encode() + b"\xff" + GERMAN.encode()
    assert decode(body, None) == GERMAN * 20 + "\ufffd" + GERMAN


def test_wrong_label_gives_way_to_what_fits() -> None:
    assert decode(GERMAN.encode("windows-1252"), "text/html; charset=utf-8") == GERMAN


@pytest.mark.parametrize(
    "label", ["utf-7", "zlib", "rot13", "idna", "unicode_escape", "replacement", "x", "\x00"]
)
def test_labels_that_are_no_web_encoding_are_passed_over(label: str) -> None:
    assert decode(GERMAN.encode(), f"text/html; charset={label}") == GERMAN
    page = f'<meta charset="{label}"><p>{GERMAN}'
    assert decode(page.encode(), None) == page


@given(st.binary(max_size=200), st.none() | st.text(max_size=40))
def test_decode_never_raises(body: bytes, content_type: str | None) -> None:
    decode(body, content_type).encode("utf-8")


@given(
    st.binary(max_size=100),
    st.sampled_from(["utf-16", "gb18030", "hz-gb-2312", "iso-2022-kr", "big5", "utf-7"]),
)
def test_decode_survives_any_bytes_under_any_label(body: bytes, label: str) -> None:
    decode(body, f"text/html; charset={label}").encode("utf-8")
