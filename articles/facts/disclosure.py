"""Whether a correction would be due for a fact, and whether the page told of it. It never accuses."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from articles.diff.tokens import fold, is_word, tokenise
from articles.facts.amounts import Amount, amounts
from articles.facts.dates import dates
from articles.facts.fact import Fact, How, Kind
from articles.facts.lexicon import Lexicon, Mark, lexicon
from articles.facts.passages import Text, words_of

_QUOTED = 4  # words in a row of a quotation by which a note is known to speak of it
_MOST_WORDS = 400  # of a note or a fact that are compared


class Disclosure(StrEnum):
    """The page's disclosure of a fact. The values are stored and never change their meaning."""

    SAME_VERSION = "same_version"
    LATER = "later"
    UNCLEAR = "unclear"
    DATE_ONLY = "date_only"
    NONE = "none"


class Note(NamedTuple):
    """A note that came to the page, or was changed, with a version."""

    version: int
    text: str


class Disclosed(NamedTuple):
    """The page's disclosure, and the version it came with (None: the page told nothing)."""

    disclosure: Disclosure
    version: int | None


def correction_due(
    facts: Sequence[Fact], language: str = "", *, live: bool = False, ticking: frozenset[str] = frozenset()
) -> tuple[Fact, ...]:
    """The facts for which a correction would be due.

    A number, date or name exchanged or respelled, a quotation altered or removed, a negation. Not in a live
    blog (``live``), not of places that tick (``ticking``: their words before), not a count that rose, not a
    name completed, not "today" turned into a weekday, not headlines alone.
    """
    if live:
        return ()
    return tuple(
        fact
        for fact in facts
        if fact.place.row is not None and fact.before not in ticking and _is_due(fact, language)
    )


def _is_due(fact: Fact, language: str) -> bool:
    match fact.kind:
        case Kind.NUMBER:
            return not _only_rose(fact, language)
        case Kind.DATE:
            return not (_is_relative(fact.before, language) or _is_relative(fact.after, language))
        case Kind.NAME:
            return not _is_completed(fact)
        case Kind.QUOTE:
            return fact.change in (How.CHANGED, How.REMOVED)
        case Kind.NEGATION:
            return True
        case _:
            return False


def _only_rose(fact: Fact, language: str) -> bool:
    """Whether a plain count went up, as tolls do: no share and no sum of money."""
    before, after = amounts_in(fact.before, language), amounts_in(fact.after, language)
    if not before or not after:
        return False
    old, new = before[0], after[0]
    return not old.unit and not new.unit and (new.value > old.value or old.vague)


def _is_relative(written: str, language: str) -> bool:
    return any("relative" in date.parts for date in dates(*_read(written, language)))


def _is_completed(fact: Fact) -> bool:
    old, new = set(_keys(fact.before)), set(_keys(fact.after))
    return old < new or new < old


def note_is_about(note: str, fact: Fact, language: str = "") -> bool:
    """Return whether a note holds the old or the new value of a fact.

    A number by its value, a date by what it says, a name by the words in which the two differ, a quotation by
    four words in a row, a negation by its words.
    """
    keys = _keys(note)
    if fact.kind is Kind.NUMBER:
        values = {round(amount.value, 6) for amount in amounts_in(note, language)}
        own = [*amounts_in(fact.before, language), *amounts_in(fact.after, language)]
        return any(round(amount.value, 6) in values for amount in own)
    if fact.kind is Kind.DATE:
        told = [dict(date.parts) for date in dates(*_read(note, language))]
        own_dates = [date for side in (fact.before, fact.after) for date in dates(*_read(side, language))]
        return any(
            part in one and one[part] == value
            for date in own_dates
            for part, value in date.parts.items()
            for one in told
        )
    before, after = _keys(fact.before), _keys(fact.after)
    if fact.kind is Kind.QUOTE:
        return any(_in_a_row(side, keys) >= min(_QUOTED, len(side)) for side in (before, after) if side)
    differing = set(before) ^ set(after)
    return not differing.isdisjoint(keys)


def disclosed(
    fact: Fact, version: int, notes: Sequence[Note], *, date_moved: bool = False, language: str = ""
) -> Disclosed:
    """Return what the page told of a fact that changed with a version.

    ``notes`` are those that came with it or later; ``date_moved``: the page's claimed date of change moved
    with the version.
    """
    own = [note for note in notes if note.version >= version]
    about = next((note for note in own if note_is_about(note.text, fact, language)), None)
    if about:
        kind = Disclosure.SAME_VERSION if about.version == version else Disclosure.LATER
        return Disclosed(kind, about.version)
    if own:
        return Disclosed(Disclosure.UNCLEAR, own[0].version)
    if date_moved:
        return Disclosed(Disclosure.DATE_ONLY, version)
    return Disclosed(Disclosure.NONE, None)


def amounts_in(written: str, language: str) -> list[Amount]:
    """The quantities of a few words."""
    text, words, marks = _read(written, language)
    taken = frozenset(place for date in dates(text, words, marks) for place in range(date.start, date.stop))
    return amounts(text, words, marks, taken)


def _read(written: str, language: str) -> tuple[Text, Lexicon, dict[int, Mark]]:
    words = lexicon(language)
    text = Text(words_of(written), words.language)
    return text, words, {mark.start: mark for mark in words.marks(text.keys)}


def _keys(written: str) -> list[str]:
    keys = (fold(token).casefold() for token in tokenise(written))
    return [key for key in keys if is_word(key)][:_MOST_WORDS]


def _in_a_row(words: list[str], keys: list[str]) -> int:
    """The most words of a quotation that stand in a row in a note."""
    return max((block.size for block in LCSseq.editops(words, keys).as_matching_blocks()), default=0)
