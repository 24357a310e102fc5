"""Words of any script, and the folded key under which texts are compared."""

import re
import unicodedata

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

# The same grammar twice. In turn: an address; dots of omission; an abbreviation such as "U.S.";
# a number with its separators and unit ("1,000.5", "10:30pm"); [a katakana run; one ideograph, kana
# or Thai-like cluster;] a word with inner apostrophes ("he’d"); any other grapheme.
# White space and invisible characters belong to the token before them.
_GRAMMAR = r"""
    (?: (?: https?:// | www\. ) [^\s<>"“”«»]* [^\s<>"“”«».,;:!?'’)\]}}…]
      | \.{{3}}
      | (?: [A-Za-z]\. ){{2,}}
      | \d+ (?: [.,:'’\u066b\u066c] \d+ )* {inner}*
      {single}
      | {letter} {inner}* (?: ['’ʼ] {letter} {inner}* )*
      | {other}
    ) {blank}*
"""
_EASY_TOKEN = re.compile(
    _GRAMMAR.format(letter=r"[^\W_]", inner=r"[^\W_]", single="", other=r".", blank=r"\s"),
    re.VERBOSE | re.DOTALL,
)
_HARD_TOKEN = regex.compile(
    _GRAMMAR.format(
        letter=rf"[[\p{{L}}\p{{N}}]--[{_SINGLE}{_KATAKANA}]]",
        inner=rf"[[\p{{L}}\p{{N}}\p{{M}}{_INVISIBLE}]--[{_SINGLE}{_KATAKANA}]]",
        single=rf"| [{_KATAKANA}]+ \p{{M}}* | [{_SINGLE}] \p{{M}}*",
        other=r"\X",
        blank=rf"[\s\x1c-\x1f\x85{_INVISIBLE}]",
    ),
    regex.VERBOSE | regex.DOTALL | regex.V1,
)
_LEADING_BLANK = re.compile(rf"[\s{_INVISIBLE}]+")


def tokenise(text: str) -> list[str]:
    """The tokens of a text; joined they give the text back, but for a text of nothing visible ([])."""
    split = _EASY_TOKEN if text.isascii() or not _HARD.search(text) else _HARD_TOKEN
    blank = _LEADING_BLANK.match(text)
    if blank is None:
        return split.findall(text)
    tokens: list[str] = split.findall(text, blank.end())
    if tokens:
        tokens[0] = blank.group() + tokens[0]
    return tokens


def fold(written: str) -> str:
    """A token as it is compared: compatibility forms, quotes, dashes, ellipsis, nothing invisible."""
    bare = written.strip()
    if bare.isascii() and bare != "`":
        return bare
    plain = bare.translate(_FOLD)
    parts = _UNFOLDED.split(plain)
    parts[::2] = (unicodedata.normalize("NFKC", part) for part in parts[::2])
    return "".join(parts).translate(_FOLD).strip()


def key(text: str) -> str:
    """The folded key under which a text is compared: its tokens, each folded, with a space between.

    Texts that differ only in quotes, dashes, ellipsis, white space, invisible characters or
    compatibility forms (NFKC) have equal keys. Case, punctuation and digits count.
    """
    return " ".join(map(fold, tokenise(text)))


def is_word(token: str) -> bool:
    """Whether a token (or its folded form) holds a letter or a digit, rather than punctuation."""
    return any(map(str.isalnum, token))


def words(text: str) -> int:
    """The number of words and numbers in a text of any script; an ideograph or Thai cluster is one."""
    return sum(map(is_word, tokenise(text)))


class Lexicon(dict[str, str]):
    """Gives each token one character, the same for all tokens of one key.

    Paragraphs become strings of these characters, which is what the LCS library compares fastest.
    """

    def __init__(self) -> None:
        super().__init__()
        self._code_of: dict[str, str] = {}
        self.keys_in_order: list[str] = []

    def __missing__(self, token: str) -> str:
        folded = fold(token)
        code = self._code_of.get(folded)
        if code is None:
            number = len(self.keys_in_order)
            code = self._code_of[folded] = chr(number if number < 0xD800 else number + 0x800)
            self.keys_in_order.append(folded)
        self[token] = code
        return code

    def encode(self, tokens: list[str]) -> str:
        return "".join(map(self.__getitem__, tokens))

    def key_of(self, code: str) -> str:
        """The key that a character stands for."""
        number = ord(code)
        return self.keys_in_order[number if number < 0xD800 else number - 0x800]
