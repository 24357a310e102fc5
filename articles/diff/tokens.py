"""Words of any script, and the folded key under which texts are compared."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter

import regex  # type: ignore[import-untyped]

_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"

_FOLDED_TO = {
    "'": "‘’‚‛‹›ʼʻʹ′`´＇",
    '"': "“”„‟″«»〝〞〟＂",
    "-": "‐‑‒–—―−⁃﹘﹣－",
    "·": "•‧∙⋅・",
}
_FOLD: dict[int, str | None] = {ord(char): plain for plain, chars in _FOLDED_TO.items() for char in chars}
_FOLD.update(
    (point, None)
    for first, last in re.findall(r"(.)(?:-(.))?", _INVISIBLE)
    for point in range(ord(first), ord(last or first) + 1)
)

# Digits written small, as fractions or in circles keep their own form: 10² is not 102.
_UNFOLDED = re.compile("([²³¹¼-¾⁰-ₜ⅐-↋①-⓿]+)")

# Texts of these characters alone (Latin, Greek, Cyrillic, Armenian, Hangul, punctuation and symbols,
# no combining mark, nothing invisible) need no grapheme rules: the standard `re` splits them alike.
_HARD = re.compile(
    "[^\x00-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u058f\u1e00-\u1fff\u2000-\u200a\u2010-\u2029\u202f-\u205f"
    "\u2070-\u20cf\u2100-\u24ff\uac00-\ud7a3]"
)

_SINGLE = r"\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
_KATAKANA = r"\p{Katakana}\u30fc"

_UNSPACED = regex.compile(f"[{_SINGLE}{_KATAKANA}]")

# Two regional indicators. \X would look back over all the flags before, each time.
_FLAG = r"[\U0001f1e6-\U0001f1ff]{1,2}+ \p{M}*+"

_HARD_BLANK = rf"[\s\x1c-\x1f\x85{_INVISIBLE}]"

# The commonest marks, told early: nothing else begins with them, and only combining marks are joined to them.
_MARK = "| [,;()]"

# In turn: a word with inner apostrophes ("he’d"), not of one letter yet nor the start of an address;
# [the commonest marks;] a number with its separators and unit ("1,000.5", "10:30pm"); [a katakana run; one
# ideograph, kana or Thai-like cluster;] an address; dots of omission; an abbreviation such as "U.S."; a word
# of one letter; any other grapheme. White space and invisible characters belong to the token before them.
# What is repeated possessively is looked at before it is begun: Python 3.11.2 (not 3.11.7) keeps a beginning
# that does not go on, as "54," of "54, he said".
_GRAMMAR = r"""
    (?: (?: {letter} | h (?! ttps?:// ) | w (?! ww\. ) ) {inner}++
        (?: (?= ['’ʼ] {start} ) ['’ʼ] {start} {inner}*+ )*+
      {mark}
      | \d++ (?: (?= [.,:'’\u066b\u066c] \d ) [.,:'’\u066b\u066c] \d++ )*+ {inner}*+
      {single}
      | (?: https?:// | www\. ) [^\s<>"“”«»]* [^\s<>"“”«».,;:!?'’)\]}}…]
      | \.{{3}}
      | (?: [A-Za-z]\. ){{2,}}
      | {start} {inner}*+ (?: (?= ['’ʼ] {start} ) ['’ʼ] {start} {inner}*+ )*+
      | {other}
    ) {blank}*+
"""
_ASCII_TOKEN = re.compile(
    _GRAMMAR.format(
        letter="[A-Za-gi-vx-z]",
        start="[A-Za-z0-9]",
        inner="[A-Za-z0-9]",
        mark=_MARK,
        single="",
        other=".",
        blank=r"\s",
    ),
    re.VERBOSE | re.DOTALL,
)
_EASY_TOKEN = re.compile(
    _GRAMMAR.format(
        letter=r"[^\W\d_hw]",
        start=r"[^\W_]",
        inner=r"[^\W_]",
        mark=_MARK,
        single="",
        other=".",
        blank=r"\s",
    ),
    re.VERBOSE | re.DOTALL,
)
_HARD_TOKEN = regex.compile(
    _GRAMMAR.format(
        letter=rf"[\p{{L}}--[{_SINGLE}{_KATAKANA}hw]]",
        start=rf"[[\p{{L}}\p{{N}}]--[{_SINGLE}{_KATAKANA}]]",
        inner=rf"[[\p{{L}}\p{{N}}\p{{M}}{_INVISIBLE}]--[{_SINGLE}{_KATAKANA}]]",
        mark="",
        single=rf"| [{_KATAKANA}]++ \p{{M}}*+ | [{_SINGLE}] \p{{M}}*+",
        other=rf"{_FLAG} | \X",
        blank=_HARD_BLANK,
    ),
    regex.VERBOSE | regex.DOTALL | regex.V1,
)
# The memory of folded tokens: some 5 MB, and 20 MB at most of what a page can make up.
_MOST_REMEMBERED = 30_000
_REMEMBERED_LENGTH = 40

_LEADING_BLANK = re.compile("^" + _HARD_BLANK + "+")


def tokenise(text: str) -> list[str]:
    """The tokens of a text; joined they give the text back, but for a text of nothing visible ([])."""
    split = _grammar(text)
    blank = None if text[:1].isalnum() else _LEADING_BLANK.match(text)
    if not blank:
        return split.findall(text)
    tokens: list[str] = split.findall(text, blank.end())
    if tokens:
        tokens[0] = blank.group() + tokens[0]
    return tokens


def _grammar(text: str) -> re.Pattern[str]:
    """The fastest of three patterns that split this text alike."""
    if text.isascii():
        return _ASCII_TOKEN
    hard: re.Pattern[str] = _HARD_TOKEN
    return hard if _HARD.search(text) else _EASY_TOKEN


def fold(written: str) -> str:
    """A token as it is compared: compatibility forms, quotes, dashes, ellipsis, nothing invisible."""
    bare = written.strip()
    if bare.isascii() and bare != "`":
        return bare
    parts = _UNFOLDED.split(bare.translate(_FOLD))
    parts[::2] = (unicodedata.normalize("NFKC", part) for part in parts[::2])
    return "".join(parts).translate(_FOLD).strip()


def key(text: str) -> str:
    """The folded key under which a text is compared: its tokens, each folded, with a space between.

    Texts that differ only in quotes, dashes, ellipsis, white space, invisible characters or
    compatibility forms (NFKC) have equal keys. Case, punctuation and digits count.
    """
    return _remembered_key(text) if len(text) <= _LONGEST_REMEMBERED else _key(text)


def _key(text: str) -> str:
    return " ".join(_keys_of(tokenise(text), plain=is_plain(text)))


def is_word(token: str) -> bool:
    """Whether a token (without white space before it) is a word or a number, not punctuation."""
    return token[:1].isalnum()


def stands_alone(char: str) -> bool:
    """Whether a character is of a script that is written without spaces between words."""
    return bool(_UNSPACED.match(char))


def words(text: str) -> int:
    """The number of words and numbers in a text of any script; an ideograph or Thai cluster is one."""
    return _remembered_count(text) if len(text) <= _LONGEST_REMEMBERED else _count(text)


def _count(text: str) -> int:
    tokens = tokenise(_LEADING_BLANK.sub("", text, 1))
    return sum(map(str.isalnum, map(itemgetter(0), tokens)))


# A check counts and compares the same paragraphs several times; at most some 8 MB of each are remembered.
_LONGEST_REMEMBERED = 2000
_remembered_count = lru_cache(maxsize=1000)(_count)
_remembered_key = lru_cache(maxsize=1000)(_key)


def numbering() -> defaultdict[str, str]:
    """Gives each key that is asked for a character of its own, leaving out surrogates."""
    return defaultdict(map(chr, chain(range(0xD800), range(0xE000, 0x110000))).__next__)


class _Folded(dict[str, str]):
    """Token → its folded key, remembered from one text to the next: most words stand in most texts."""

    def __missing__(self, token: str) -> str:
        folded = fold(token)
        if len(token) <= _REMEMBERED_LENGTH and len(folded) <= _REMEMBERED_LENGTH:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[token] = folded
        return folded


_FOLDED = _Folded()


def _keys_of(tokens: Iterable[str], *, plain: bool) -> Iterator[str]:
    """Each token as it is compared; ``plain`` if there is nothing in them to fold."""
    return map(str.strip, tokens) if plain else map(_FOLDED.__getitem__, tokens)


class Lexicon:
    """Gives each token one character, the same for all tokens of one key.

    Paragraphs become strings of these characters, which is what the LCS library compares fastest.
    """

    def __init__(self) -> None:
        self._code_of = numbering()
        self._words: set[str] = set()
        self._looked_at = 0  # keys of which it is known whether they are words

    def encode(self, tokens: Sequence[str], *, plain: bool) -> str:
        """Tokens as compared, one character for each; ``plain`` if there is nothing in them to fold."""
        return "".join(map(self._code_of.__getitem__, _keys_of(tokens, plain=plain)))

    def words(self) -> set[str]:
        """The characters given so far that stand for words, not punctuation."""
        if self._looked_at < len(self._code_of):
            new = islice(self._code_of.items(), self._looked_at, None)
            self._words.update([code for key, code in new if key[:1].isalnum()])
            self._looked_at = len(self._code_of)
        return self._words


def is_plain(text: str) -> bool:
    """Whether folding a text would change nothing but white space."""
    return text.isascii() and "`" not in text
