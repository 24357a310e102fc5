"""What counts as a word, and which words count as the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.entries import MOST_BYTES, entry_of
from articles.search.words import _WORD, fold, split, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Four people, hurt!", ["four", "people", "hurt"]),
        ("He’d paid £1,000 at 10:30", ["he", "d", "paid", "1", "000", "at", "10", "30"]),
        ("l’Élysée · Straße · Ångström", ["l", "elysee", "strasse", "angstrom"]),
        ("Łódź Øresund İstanbul ısı", ["lodz", "oresund", "istanbul", "isi"]),
        ("co\u00adop\u200berate", ["cooperate"]),
        ("10² and ½", ["10", "and"]),
        ("東京都の人", ["東", "京", "都", "の", "人"]),
        ("ニュース", ["ニ", "ュ", "ー", "ス"]),
        ("서울은 3월", ["서", "울", "은", "3", "월"]),
        ("กินข้าว", ["กิ", "น", "ข้", "า", "ว"]),
        ("مُحَمَّد أحمد محـــمد", ["محمد", "احمد", "محمد"]),
        ("שָׁלוֹם", ["שלום"]),
        ("बुरा बरा", ["बुरा", "बरा"]),
        ("ёлка Ελλάδα", ["елка", "ελλαδα"]),
        ("ﬁnance ﷺ", ["finance", "صلىاللهعليهوسلم"]),
        ("— … “ ” %", []),
        ("", []),
    ],
)
def test_words_of_many_scripts(text, words):
    assert words_of(text) == words


@given(st.text())
def test_words_can_go_into_any_database(text):
    for word in words_of(text):
        assert 1 <= len(word) <= 64
        assert all(char.isalnum() or unicodedata.category(char)[0] == "M" for char in word)
        word.encode()


@given(st.text())
def test_words_stand_where_they_are_said_to(text):
    last = 0
    for word in split(text):
        assert last <= word.start < word.end <= len(text)
        assert fold(text[word.start : word.end]) == word.folded
        last = word.end


@given(st.text(st.characters(max_codepoint=0x24F)))
def test_the_quick_way_finds_the_same_words(text):
    slow = [folded for match in _WORD.finditer(text) if (folded := fold(match.group()))]
    assert words_of(text) == slow


def test_an_entry_has_what_is_new_and_what_is_gone():
    entry = entry_of(["Head", "Four people were hurt"], None)
    assert set(entry.text) == {
        *("head", "four", "people", "were", "hurt"),
        *("·four·people", "·people·were", "·were·hurt"),
    }
    assert entry.changes == []
    entry = entry_of(["Head", "Five people were hurt"], ["Head", "Four people were hurt"])
    assert {token for token in entry.changes if token[0] in "ar"} == {
        *("afive", "a·five·people", "rfour", "r·four·people")
    }


def test_a_paragraph_that_moved_is_no_change():
    assert entry_of(["b", "a"], ["a", "b"]).changes == []


def test_an_endless_text_is_cut_to_what_a_database_takes():
    entry = entry_of([" ".join(f"word{number}" for number in range(200_000))], ["before"])
    for tokens in entry:
        size = sum(len(token.encode()) + 1 for token in tokens)
        assert MOST_BYTES - 100 < size <= MOST_BYTES
