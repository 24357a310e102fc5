"""Known publications to start from: name, home page, feeds, language, country.

The data is ours, in ``publications.toml``. Whether an address still answers, only watching it tells.
``publications()`` reads them all; ``find(text)`` those that a person looks for.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Publication", "find", "publication", "publications"]

_FILE = Path(__file__).with_name("publications.toml")


@dataclass(frozen=True)
class Publication:
    """key: its name in addresses. language, country: BCP 47 and ISO 3166, such as pt-BR and BR."""

    key: str
    name: str
    home_page: str
    feeds: tuple[str, ...]
    language: str
    country: str


@cache
def publications() -> tuple[Publication, ...]:
    """All of them, by name."""
    with _FILE.open("rb") as file:
        tables = tomllib.load(file)
    found = (
        Publication(
            key=key,
            name=table["name"],
            home_page=table["home_page"],
            feeds=tuple(table["feeds"]),
            language=table["language"],
            country=table["country"],
        )
        for key, table in tables.items()
    )
    return tuple(sorted(found, key=lambda one: one.name.casefold().removeprefix("the ")))


def publication(key: str) -> Publication | None:
    """The one of this key, if there is one."""
    return next((one for one in publications() if one.key == key), None)


def find(text: str) -> list[Publication]:
    """Those in whose name, home page, language or country each word of *text* stands; all for no words."""
    words = text.casefold().split()
    return [one for one in publications() if all(word in _said(one) for word in words)]


def _said(one: Publication) -> str:
    return f"{one.name} {one.home_page} {one.language} {one.country}".casefold()
