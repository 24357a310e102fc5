"""The list of known publications holds only what can be used."""

import re

import pytest

from articles.catalogue import Publication, find, publications
from articles.fetch import address_key, normalise
from articles.models.validators import check_language

# Of ISO 639-1, those that papers are likely in.
CODES = """
    ar bg cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv nb nl no pl pt ro ru sk sl sr sv th tr
    uk vi zh
"""
LANGUAGES = set(CODES.split())


@pytest.mark.parametrize("one", publications(), ids=lambda one: one.key)
def test_every_publication_is_whole(one: Publication) -> None:
    assert re.fullmatch(r"[a-z0-9-]+", one.key)
    assert one.name.strip() == one.name != ""
    assert one.feeds
    for address in (one.home_page, *one.feeds):
        assert normalise(address) == address
    check_language(one.language)
    assert one.language.partition("-")[0] in LANGUAGES
    assert re.fullmatch(r"[A-Z]{2}", one.country)


def test_nothing_stands_there_twice() -> None:
    names = [one.name for one in publications()]
    assert len(set(names)) == len(names)
    addresses = [address_key(address) for one in publications() for address in (one.home_page, *one.feeds)]
    assert len(set(addresses)) == len(addresses)


def test_what_the_old_systems_watched_is_there_and_two_dozen_more_in_many_languages() -> None:
    names = {one.name for one in publications()}
    old = {"BBC News", "The Guardian", "The New York Times", "The Washington Post", "CNN", "Politico"}
    assert old | {"The Independent", "Tagesschau", "RT", "The Intercept"} <= names
    assert len(names) >= 34
    assert len({one.language for one in publications()}) >= 12


def test_it_is_searched_by_all_words() -> None:
    assert [one.name for one in find("GUARDIAN en")] == ["The Guardian"]
    assert find("guardian de") == []
    assert len(find("")) == len(publications())
