import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.extract import clean

# Text of any kind, surrogates and controls included.
any_text = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("  two\t\n words\u00a0here ", "two words here"),
        ("soft\u00adhyphen", "softhyphen"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("new\x85line", "new line"),
        ("left\u200eright\u202emarks\u2069", "leftrightmarks"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("half \ud800 a pair", "half a pair"),
        ("e\u0301te\u0301", "été"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        (
            "👩\u200d🚒 and 🏴\U000e0067\U000e0062\U000e007f",
            "👩\u200d🚒 and 🏴\U000e0067\U000e0062\U000e007f",
        ),
        ("", ""),
    ],
)
def test_clean_gives_the_stored_form(raw: str, stored: str) -> None:
    assert clean(raw) == stored


@given(any_text)
def test_clean_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(any_text)
def test_clean_leaves_nothing_a_store_refuses(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in cleaned)
    assert not any(ord(character) & 0xFFFE == 0xFFFE for character in cleaned)
    assert not set(cleaned) & set("\u00ad\u200b\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff")
    assert cleaned == " ".join(cleaned.split())
