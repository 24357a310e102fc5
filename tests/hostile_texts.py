"""Texts that nobody meant to be read, of any length, in pairs: for tests of the diff and of facts.

Each is made of two phrases: ``repeated`` gives one phrase over and over against the other, ``mixed`` both
amid each other, so that much is kept and much is not.
"""

from typing import NamedTuple


class Hostile(NamedTuple):
    """Two phrases that make up the texts before and after, and the language that they look like."""

    language: str
    before: str
    after: str


HOSTILE = {
    "right to left": Hostile("ar", "\u202eقال الرئيس ٥ ", "\u202eقالت الرئيسة ٦ "),
    "direction marks": Hostile("en", "\u202e\u202d\u2066", "\u202e\u2066\u202d"),
    "combining marks on one letter": Hostile("en", "\u0301", "\u0300"),
    "combining marks on many": Hostile("en", "a" + "\u0301" * 50, "a" + "\u0300" * 50),
    "quotations never closed": Hostile("de", "„a b c ", "“a b d "),
    "alternating quotation marks": Hostile("en", '" a ', '" b '),
    "apostrophes": Hostile("en", "boys' ", "'girls "),
    "speech after speech": Hostile("en", "“a b c d,” he said ", "“a b c e,” he said "),
    "nested quotations": Hostile("fr", "« a b ", "« a c "),
    "nested brackets": Hostile("en", "([{", "([<"),
    "nested corners": Hostile("ja", "「あ", "「い"),
    "digits": Hostile("en", "1", "2"),
    "figures": Hostile("fr", "1,1 1 ", "2,2 1 "),
    "versions": Hostile("en", "1.", "2."),
    "numbers in one word": Hostile("de", "zwei", "drei"),
    "Chinese numbers": Hostile("zh", "三", "五"),
    "Arabic numbers": Hostile("ar", "ألف و", "مليون و"),
    "dates": Hostile("en", "Monday, May 5, 2020 ", "Tuesday, May 6, 2021 "),
    "hours": Hostile("it", "alle 9 ", "alle 8 "),
    "capitals": Hostile("en", "A", "B"),
    "names": Hostile("en", "Abc ", "Abd "),
    "names of one sentence each": Hostile("en", "Abc. ", "Abd. "),
    "Chinese names": Hostile("zh", "李明说", "王明说"),
    "Japanese names": Hostile("ja", "田中さん", "山田さん"),
    "hedges": Hostile("en", "allegedly said a b ", "reportedly told a c "),
    "negations": Hostile("en", "is not x ", "is x "),
    "notes": Hostile("en", "Correction: this article was updated. ", "Correction: this story was changed. "),
    "one long word": Hostile("en", "x", "y"),
    "addresses": Hostile("en", "http://", "https://"),
    "abbreviations": Hostile("en", "U.S.", "U.K."),
    "spaces": Hostile("en", " \u00a0", "\u200b "),
    "flags": Hostile("en", "🇩🇪", "🇩🇰"),
}


def repeated(text: Hostile, size: int) -> tuple[str, str]:
    """About ``size`` bytes (UTF-8) a side of one phrase against the other."""
    return _of_size(text.before, size), _of_size(text.after, size)


def mixed(text: Hostile, size: int) -> tuple[str, str]:
    """About ``size`` bytes (UTF-8) a side of both phrases amid each other."""
    before, after = text.before, text.after
    return _of_size(before * 6 + after, size), _of_size(before * 5 + after + before, size)


def _of_size(phrase: str, size: int) -> str:
    return phrase * (size // len(phrase.encode()))
