"""How texts are split into words, and when two count as equal."""

import pytest
from hypothesis import given

from articles.diff import key, words
from articles.diff.tokens import tokenise
from tests.diff.strategies import any_text, odd_text, sentences


def bare(text: str) -> list[str]:
    return [token.strip() for token in tokenise(text)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("He’d said: it's done.", ["He’d", "said", ":", "it's", "done", "."]),
        (
            "He, 54, had 1,000. The 90’ — 10:30, to’ that.",
            [
                "He",
                ",",
                "54",
                ",",
                "had",
                "1,000",
                ".",
                "The",
                "90",
                "’",
                "—",
                "10:30",
                ",",
                "to",
                "’",
                "that",
                ".",
            ],
        ),
        ("$1,000.5 at 10:30pm", ["$", "1,000.5", "at", "10:30pm"]),
        ("the 19th, 5%", ["the", "19th", ",", "5", "%"]),
        ("in the U.S. at 9 a.m.", ["in", "the", "U.S.", "at", "9", "a.m."]),
        ("see https://example.org/a?b=c, then", ["see", "https://example.org/a?b=c", ",", "then"]),
        ("well ... no", ["well", "...", "no"]),
        ("long-term", ["long", "-", "term"]),
        ("東京都は16日", ["東", "京", "都", "は", "16", "日"]),
        ("コンピューターを買う", ["コンピューター", "を", "買", "う"]),
        ("ตำรวจ", ["ต", "ำ", "ร", "ว", "จ"]),
        ("مرحباً بالعالم، ١٬٢٣٤", ["مرحباً", "بالعالم", "،", "١٬٢٣٤"]),
        ("می\u200cشود", ["می\u200cشود"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("Привет, мир", ["Привет", ",", "мир"]),
        ("한국어 문장", ["한국어", "문장"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
        ("🇩🇪🇫🇷🇩", ["🇩🇪", "🇫🇷", "🇩"]),
        ("a👨‍👩‍👧🇩🇪", ["a", "👨‍👩‍👧", "🇩🇪"]),
        ("co\u00adope\u200bration", ["co\u00adope\u200bration"]),
        ("", []),
        (" \u200b\t", []),
    ],
)
def test_a_text_splits_into_the_words_of_its_script(text: str, tokens: list[str]) -> None:
    assert bare(text) == tokens


@given(any_text | odd_text | sentences)
def test_tokens_joined_give_the_text_back(text: str) -> None:
    tokens = tokenise(text)
    assert "".join(tokens) == text or tokens == []


@given(sentences)
def test_a_word_splits_alike_whatever_else_is_in_the_text(text: str) -> None:
    assert bare(text + " ภ")[:-1] == bare(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Yes” – he said, it’s done…", '"Yes" - he said, it\'s done...'),
        ("«Oui», dit-il", '"Oui", dit‐il'),
        ("10\u00a0000 people", "10 000 people"),
        ("co\u00adoperation", "cooperation"),
        ("\u2066one\u2069 two\ufeff", "one two"),
        ("  a \n b ", "a b"),
        ("ＡＢＣ１２", "ABC12"),
        ("ﬁnd", "find"),
        ("e\u0301te\u0301", "été"),
        ("Oui !", "Oui!"),
        ("\u200b", ""),
    ],
)
def test_typographic_edits_give_equal_keys(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("us", "US"),
        ("Yes.", "Yes!"),
        ("four", "five"),
        ("1,000", "1.000"),
        ("102", "10²"),
        ("21", "2½"),
        ("every day", "everyday"),
        ("a b", "b a"),
        ("", "a"),
    ],
)
def test_case_punctuation_and_digits_count(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Four people were hurt.", 4),
        ("“Yes” – he’d paid $1,000.5!", 4),
        ("... — !", 0),
        (" \u200b lead", 1),
        ("東京都", 3),
        ("", 0),
    ],
)
def test_words_counts_words_not_punctuation(text: str, count: int) -> None:
    assert words(text) == count
