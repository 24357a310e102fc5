"""A query as a condition on the tokens of an entry, which each database writes in its own way."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from articles.search.entries import AROUND, Side
from articles.search.query import Query, Term
from articles.search.words import pairs_of


@dataclass(frozen=True)
class Token:
    """An entry holds this token; of a prefix, one that begins so."""

    text: str
    prefix: bool = False


@dataclass(frozen=True)
class All:
    parts: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Either:
    parts: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Without:
    """The one, and not the other."""

    wanted: "Expression"
    unwanted: "Expression"


Expression = Token | All | Either | Without


class Condition(NamedTuple):
    """An expression as SQL about the entry of a version, with the parameters in it."""

    sql: str
    parameters: list[str]


class TooBroad(Exception):
    """More words begin with ``beginning`` than the index is asked for at once."""

    def __init__(self, beginning: str) -> None:
        super().__init__(beginning)
        self.beginning = beginning


def stands(query: Query) -> Expression:
    """The condition on what stands in a version. Phrases are held by their pairs of neighbours."""
    return _combined(query, lambda term: All(_tokens(term)))


def changes(query: Query, *sides: Side) -> Expression:
    """The condition on a change: each term came or went, on any of *sides*."""
    return _combined(query, lambda term: _changed(term, sides))


def _combined(query: Query, condition: Callable[[Term], Expression]) -> Expression:
    wanted = All(tuple(map(condition, query.wanted)))
    if not query.unwanted:
        return wanted
    return Without(wanted, Either(tuple(map(condition, query.unwanted))))


def _changed(term: Term, sides: tuple[Side, ...]) -> Expression:
    """A phrase came when one of its pairs came and all of them stand in the paragraphs that changed."""
    tokens = _tokens(term)
    changed = Either(
        tuple(Token(side.value + token.text, token.prefix) for side in sides for token in tokens)
    )
    if len(term.words) == 1:
        return changed
    return All((changed, *(Token(AROUND + token.text, token.prefix) for token in tokens)))


def _tokens(term: Term) -> tuple[Token, ...]:
    """The word, or the pairs of a phrase; the last of a prefix may go on."""
    texts = list(pairs_of(term.words)) or [term.words[0]]
    return (*map(Token, texts[:-1]), Token(texts[-1], term.prefix))
