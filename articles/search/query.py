"""What a reader types, read: words, phrases in quotes, the beginning of a word*, and what must be -absent."""

import re
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from articles.search.words import words_of

LONGEST_QUERY = 300
"""Characters; longer ones are no search, and cost."""

MOST_WORDS = 60
"""Of scripts written without spaces each character is one (`articles.search.words`)."""

SHORTEST_PREFIX = 2
"""Letters that must stand before a star: one alone would go through half the index."""

MOST_PREFIXES = 3
"""Stars in one query: each costs as much as a search."""

MOST_BEGINNING_ALIKE = 1_000
"""Words that one star may stand for: the index is asked for each of them."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»〝〞〟＂「」『』", '"'))
_PART = re.compile(r'(?P<sign>-?)(?:"(?P<quoted>[^"]*)(?:"|$)|(?P<bare>[^\s"]+))(?P<star>\*?)')


@dataclass(frozen=True)
class Term:
    """One or more words that stand side by side; of a prefix, the last word may go on."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True)
class Query:
    """All of ``wanted``, none of ``unwanted``; with a ``problem`` (words for a person) nothing at all."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    problem: str = ""


def parse(text: str) -> Query:
    """Read what was typed. Never fails: what makes no sense is left out, or told as the query's problem."""
    if len(text) > LONGEST_QUERY:
        return Query(problem=_too_long())
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for match in _PART.finditer(text.translate(_QUOTES)):
        bare = match["bare"] or ""
        words = tuple(words_of(match["quoted"] or bare))
        if words:
            star = bool(match["star"]) or (match["quoted"] or bare).rstrip().endswith("*")
            term = Term(words, prefix=star and len(words[-1]) >= SHORTEST_PREFIX)
            (unwanted if match["sign"] else wanted).append(term)
    if sum(len(term.words) for term in [*wanted, *unwanted]) > MOST_WORDS:
        return Query(problem=_("Look for at most %(most)s words at once.") % {"most": MOST_WORDS})
    if sum(term.prefix for term in [*wanted, *unwanted]) > MOST_PREFIXES:
        told = _("Look for at most %(most)s beginnings of words* at once.") % {"most": MOST_PREFIXES}
        return Query(problem=told)
    if not wanted:
        return Query(problem=_nothing_wanted(text, excluding=bool(unwanted)))
    return Query(tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(unwanted)))


def phrase(text: str) -> Query:
    """All of *text* as one phrase, whatever signs stand in it."""
    if len(text) > LONGEST_QUERY:
        return Query(problem=_too_long())
    words = tuple(words_of(text))
    return Query((Term(words),)) if words else Query(problem=_nothing_wanted(text, excluding=False))


def too_broad(beginning: str) -> str:
    """Why the words that begin so are not looked for, and what to do about it."""
    told = _("More than %(most)s words begin with “%(beginning)s”: give more letters before the star.")
    most = number_format(MOST_BEGINNING_ALIKE, force_grouping=True)
    return told % {"most": most, "beginning": beginning}


def _too_long() -> str:
    return _("Look for at most %(most)s characters at once.") % {"most": LONGEST_QUERY}


def _nothing_wanted(text: str, *, excluding: bool) -> str:
    if excluding:
        return _("Give at least one word to look for, besides those to leave out.")
    if text.strip():
        return _("There is no letter or digit in this to look for.")
    return _("Type a word, or a phrase in quotes.")
