"""Search over every text ever seen: what stands, what was added, what was removed, and in which versions.

    find('"city hall" mayor', where="removed")   # one result an article, hits marked; page by `older`
    restrict(versions, "mayor")                  # of a queryset of versions: those that changed it
    first_changes(versions, "mayor", (), 41)     # the first of these, for lists: rare words cost no more
    ChangeQuery("mayor").finds(tokens)           # whether one change is found, told by its texts alone
    appearances(article, "a phrase")             # in which versions of one article it stood
    look_up(as_addresses(pasted))                # the article at an address

`parse` reads a query: all words must be found, "phrases in quotes", the beginning of a word*, -not this.
Case, accents and punctuation do not count, and no word is reduced to a stem; scripts written without spaces
are searched by characters. `problem_with` also says where too many words begin with what stands before a
star, which depends on the words there are.

The index has one entry a version: the words that stand in it with the pairs of neighbours that are new, and
the words and pairs that came and went. Our own tokens (`words`, `entries`) go into SQLite's FTS5 and, as
numbers, into PostgreSQL's GIN, so both find the same; what is shown is then read from the texts (`matching`).
A phrase together with another word is found where both stand in a version that brought the phrase.

`add` takes up a version in the transaction that stores it, and never fails it; `catch_up` takes up what is
missing; `clear` empties the index, `build` fills it anew; a version that is deleted leaves it
(`delete_entry`), and `scrub` then clears the index's own pages of its words.
"""

from articles.search.addresses import LookUp, Sites, as_addresses, look_up, source_of
from articles.search.find import (
    MOST_COUNTED,
    Appearances,
    Found,
    Results,
    appearances,
    articles_with,
    find,
    first_changes,
    problem_with,
    restrict,
)
from articles.search.index import TABLE, add, build, catch_up, clear, delete_entry, missing, remove, scrub
from articles.search.match_one_change import ChangeQuery, tokens_of_change
from articles.search.matching import Stay
from articles.search.passages import Passage
from articles.search.query import Query, parse
from articles.search.words import words_of

__all__ = [
    "MOST_COUNTED",
    "TABLE",
    "Appearances",
    "ChangeQuery",
    "Found",
    "LookUp",
    "Passage",
    "Query",
    "Results",
    "Sites",
    "Stay",
    "add",
    "appearances",
    "articles_with",
    "as_addresses",
    "build",
    "catch_up",
    "clear",
    "delete_entry",
    "find",
    "first_changes",
    "look_up",
    "missing",
    "parse",
    "problem_with",
    "remove",
    "restrict",
    "scrub",
    "source_of",
    "tokens_of_change",
    "words_of",
]
