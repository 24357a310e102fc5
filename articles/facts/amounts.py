"""Numbers in a text: quantities by their value, however they are written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from articles.diff.tokens import is_word
from articles.facts.lexicon import Lexicon, Mark
from articles.facts.numerals import (
    HAN_NUMBER,
    HAN_SCALES,
    HAN_UNITS,
    THOUSANDS,
    number_in_han,
    value_in_words,
)
from articles.facts.passages import Text

_DIGITS = re.compile(r"\d++(?:(?=[.,:'’\u066b\u066c]\d)[.,:'’\u066b\u066c]\d++)*+")
_SIMPLE = 7  # letters: a longer word may be a number put together, as German and Italian do
_GROUP = 3  # digits between two spaces of a long number
_LONGEST_DIGITS = 11
_LONGEST_FIGURE = 40  # characters: a longer one is no quantity, and no float either
_LONGEST_WORDS = 12  # words of one number
_SIGNS = {
    "$": "$",
    "£": "£",
    "€": "€",
    "¥": "¥",
    "₽": "₽",
    "₹": "₹",
    "%": "%",
    "٪": "%",
    "°": "°",
    "元": "¥",
    "円": "¥",
}
_CURRENCY_BEFORE = frozenset("$£€¥₹")
_SPACED_THOUSANDS = frozenset({"fr", "ru", "es", "pt", "it", "de", "pl", "sv", "nb", "no", "fi", "cs", "uk"})
_COMMA_DECIMAL = frozenset(
    {"fr", "ru", "es", "pt", "it", "de", "nl", "pl", "sv", "nb", "no", "da", "fi", "cs", "uk", "tr"}
)
# Followed by one of these a number is no quantity but a part of something: a range of a scale, an address.
_BEFORE_CODE = frozenset({"#", "@", "/", "_"})


class Amount(NamedTuple):
    """Tokens [start, stop) that tell a quantity; ``unit`` is a sign such as %, ``noun`` the word after it."""

    start: int
    stop: int
    value: float
    unit: str
    noun: str
    vague: bool = False
    written_on: int = 0
    """Letters written onto the first word that are none of its own: the Arabic "and"."""


def amounts(text: Text, words: Lexicon, marks: Mapping[int, Mark], taken: frozenset[int]) -> list[Amount]:
    """All quantities of a text, in order, but for tokens that belong to a date."""
    found: list[Amount] = []
    stop = 0
    for place in sorted({*text.with_digits, *_beginnings(text, words, marks)}):
        if place >= stop and place not in taken:
            amount = _amount_at(text, words, marks, taken, place)
            if amount:
                found.append(amount)
                stop = amount.stop
    return found


def any_numeric(text: Text, words: Lexicon, marks: Mapping[int, Mark], places: Iterable[int]) -> bool:
    """Return whether one of some tokens may be part of a quantity."""
    keys, numerals = text.keys, words.numerals
    put_together = words.language in ("de", "it")
    for place in places:
        key = keys[place]
        if key[:1].isdigit() or key in numerals or (words.values and words.worth(key) is not None):
            return True
        mark = marks.get(place)
        if mark is not None and not mark.categories.isdisjoint(_QUANTITIES):
            return True
        if put_together and _is_number_word(words, marks, keys, place):
            return True
    return False


_ORDINAL_STEM = 4  # letters in which the forms of an ordinal agree
_QUANTITIES = frozenset({"ordinal", "number", "vague", "fraction", "scale", "half", "percent"})


def _beginnings(text: Text, words: Lexicon, marks: Mapping[int, Mark]) -> list[int]:
    """Tokens without digits that a quantity may begin with."""
    keys = text.keys
    found = [place for place, mark in marks.items() if mark.is_a("number", "vague", "fraction", "ordinal")]
    found += [place for place in range(len(keys) - 1) if keys[place] in _CURRENCY_BEFORE]
    if words.language in ("zh", "ja"):
        found += [place for place, key in enumerate(keys) if key in HAN_NUMBER]
    elif words.values:
        found += [place for place, key in enumerate(keys) if words.worth(key) is not None]
        found += [place for place, mark in marks.items() if mark.is_a("scale")]
    elif words.language in ("de", "it"):
        found += [
            place
            for place, key in enumerate(keys)
            if len(key) > _SIMPLE and _is_number_word(words, marks, keys, place)
        ]
    return found


def _amount_at(
    text: Text, words: Lexicon, marks: Mapping[int, Mark], taken: frozenset[int], place: int
) -> Amount | None:
    keys = text.keys
    start, unit = place, ""
    if keys[place] in _CURRENCY_BEFORE and place + 1 < len(keys) and keys[place + 1][:1].isdigit():
        unit = _SIGNS[keys[place]]
        place += 1
    key = keys[place]
    vague = False
    if key[:1].isdigit() and (digits := _DIGITS.match(key)):
        if _is_code(text, start) or len(digits.group()) > _LONGEST_FIGURE:
            return None
        value, stop = _written_in_digits(text, words, place, digits.group())
        rest = key[digits.end() :]
        if rest and stop == place + 1:
            scaled = words.marks([rest]) if len(rest) <= 3 else []
            if rest in THOUSANDS:
                value *= THOUSANDS[rest]
            elif scaled and scaled[0].is_a("scale"):
                value *= float(scaled[0].value)
            else:
                unit = unit or rest
    elif place in marks and marks[place].is_a("vague"):
        value, stop, vague = _vague(marks[place].value), marks[place].stop, True
    elif place in marks and marks[place].is_a("fraction"):
        value, stop = float(marks[place].value), marks[place].stop
    elif place in marks and marks[place].is_a("ordinal") and not marks[place].is_a("number", "source_after"):
        value, stop, unit = _vague(marks[place].value[:_ORDINAL_STEM]), marks[place].stop, "#"
    elif place in marks and marks[place].is_a("scale") and words.values:
        value, stop = (2.0 if keys[place].endswith("نا") else 1.0), place  # "million" is one, its dual two
    else:
        written = _written_in_words(text, words, marks, place)
        if not written:
            return None
        value, stop = written
    value, stop = _scaled(keys, words, marks, value, stop)
    if words.language in ("zh", "ja"):
        value, stop = _in_parts(text, words, marks, value, stop)
    elif words.values and stop < len(keys) and keys[stop][:1] == "و" and keys[stop][1:] in words.values:
        hundreds = words.values[keys[stop][1:]]
        if hundreds < value and value >= 1_000:  # "ستة آلاف وخمسمئة": six thousand and five hundred
            value, stop = value + hundreds, stop + 1
    unit, stop = _with_unit(text, marks, unit, stop)
    if keys[stop - 1] == "割":  # tenths
        value *= 10
    return Amount(start, stop, value, unit, _noun(keys, stop), vague, words.written_on(keys[start]))


def _is_code(text: Text, place: int) -> bool:
    """Whether digits are part of an address, a path or a name: "posts/2022", "Covid-19", "#12"."""
    before = text.tokens[place - 1] if place else " "
    after = text.keys[place + 1] if place + 1 < len(text.keys) else ""
    if before in _BRACKETS and (before == "{" or (place > 1 and _is_glued(text.tokens[place - 2]))):
        return True  # {8,16}, x[3]
    if text.keys[place].endswith("px") or text.keys[place - 1 : place] == ["§"]:
        return True
    if (place == 0 or before.endswith("\n")) and after in (".", ")") and len(text.keys[place]) <= 2:
        return place + 2 < len(text.keys)  # the number of an item of a list
    if before[-1:].isspace() or not before:
        return bool(
            place + 1 < len(text.keys)
            and text.keys[place + 1] in _CODE
            and not text.tokens[place][-1:].isspace()
        )
    if before in _BEFORE_CODE:
        return True
    return before in ("-", ".") and place > 1 and text.tokens[place - 2][-1:].isalpha()


def _is_glued(token: str) -> bool:
    return token[-1:].isalnum() or token in ("_", "]")


_BRACKETS = frozenset("{[")
_CODE = frozenset("/_\\=")


def _written_in_digits(text: Text, words: Lexicon, place: int, digits: str) -> tuple[float, int]:
    stop = place + 1
    keys = text.keys
    # The diff splits "dell'1,5" behind the 1, as a part of its word.
    while (
        digits == text.tokens[stop - 1] or (stop > place + 1 and text.tokens[stop - 1].isdecimal())
    ) and _goes_on(text, stop):
        digits += keys[stop] + keys[stop + 1]
        stop += 2
        if len(digits) > _LONGEST_DIGITS:
            break
    if words.language in _SPACED_THOUSANDS or not words.language:
        first = len(digits)
        while (
            first <= _GROUP
            and len(digits) <= _LONGEST_DIGITS
            and digits.isdecimal()
            and stop < len(keys)
            and len(keys[stop]) <= _LONGEST_DIGITS
            and keys[stop][:_GROUP].isdecimal()
            and (len(keys[stop]) == _GROUP or (len(keys[stop]) > _GROUP and keys[stop][_GROUP] == ","))
            and text.tokens[stop - 1][-1:].isspace()
        ):
            digits += keys[stop]
            stop += 1
    return number_of(digits, words.language), stop


def _goes_on(text: Text, stop: int) -> bool:
    """Whether a separator and more digits follow without a space."""
    return stop + 1 < len(text.tokens) and text.tokens[stop] in (",", ".") and text.keys[stop + 1].isdecimal()


def number_of(digits: str, language: str) -> float:
    """The value of a number in digits, with separators as a language has them: "1.200" is 1,200 in German."""
    digits = digits.translate({0x066B: ".", 0x066C: ",", 0x2019: ",", 0x27: ",", 0x3A: "."})
    parts = re.split("[.,]", digits)
    separators = [char for char in digits if char in ".,"]
    if not separators:
        return float(int(digits))
    groups = all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3 and parts[0].lstrip("0") != ""
    decimal = "," if language in _COMMA_DECIMAL else "."
    if groups and (len(set(separators)) == 1) and (len(separators) > 1 or separators[0] != decimal):
        return float(int("".join(parts)))
    if len(set(separators)) == 2:
        return float("".join(parts[:-1]) + "." + parts[-1])
    if len(separators) > 1:  # a version: 1.2.3
        return float("".join(f"{int(part) % 1000:03}" for part in parts)) + 0.5
    return float(f"{parts[0]}.{parts[1]}")


def _written_in_words(
    text: Text, words: Lexicon, marks: Mapping[int, Mark], place: int
) -> tuple[float, int] | None:
    keys = text.keys
    if words.language in ("zh", "ja"):
        return number_in_han(keys, place)
    if words.values:
        return _in_listed_words(keys, words, place)
    if not _is_number_word(words, marks, keys, place):
        return None
    stop = place + 1
    while stop < len(keys) and stop - place < _LONGEST_WORDS:
        if _is_number_word(words, marks, keys, stop):
            stop += 1
        elif (
            keys[stop] in ("-", "and", "et", "y", "e", "und")
            and stop + 1 < len(keys)
            and _is_number_word(words, marks, keys, stop + 1)
        ):
            stop += 2
        else:
            break
    while stop > place:
        value = value_in_words(" ".join(key for key in keys[place:stop] if key != "-"), words.language)
        if value is not None:
            return value, stop
        stop -= 1
    return None


def _is_number_word(words: Lexicon, marks: Mapping[int, Mark], keys: Sequence[str], place: int) -> bool:
    if place in marks:
        return marks[place].is_a("number", "scale") and marks[place].value != "m"
    key = keys[place]
    if words.language == "de" and len(key) > _SIMPLE:
        return key.endswith(_GERMAN_ENDS) and value_in_words(key, "de") is not None
    if words.language == "it" and len(key) > _SIMPLE:
        return key.endswith(_ITALIAN_ENDS) and value_in_words(key, "it") is not None
    return False


_GERMAN_ENDS = (
    "zig",
    "ßig",
    "hundert",
    "tausend",
    "zehn",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
)
_ITALIAN_ENDS = (
    "uno",
    "due",
    "tre",
    "tré",
    "quattro",
    "cinque",
    "sei",
    "sette",
    "otto",
    "nove",
    "mila",
    "cento",
    "enta",
    "anta",
)


def _in_listed_words(keys: Sequence[str], words: Lexicon, place: int) -> tuple[float, int] | None:
    """Arabic: units, "and" with tens, hundreds and thousands."""
    value = words.worth(keys[place])
    if value is None:
        return None
    total, stop = value, place + 1
    while stop < len(keys) and stop - place < _LONGEST_WORDS:
        key = keys[stop]
        more = words.values.get(key) or (words.values.get(key[1:]) if key[:1] == "و" else None)
        if more is None:
            break
        total = total * more if key in words.values and more >= 100 and total < more else total + more
        stop += 1
    return total, stop


def _vague(written: str) -> float:
    """A value of its own for each vague word, which equals no number."""
    return 0.1 + sum(ord(char) * (place + 1) for place, char in enumerate(written)) % 9973 / 1e6


def _in_parts(
    text: Text, words: Lexicon, marks: Mapping[int, Mark], value: float, stop: int
) -> tuple[float, int]:
    """The rest of a number that is written scale by scale: 2億5000万."""
    while stop < len(text.keys) and text.keys[stop - 1] in (HAN_SCALES | HAN_UNITS):
        digits = _DIGITS.match(text.keys[stop])
        if digits and len(digits.group()) > _LONGEST_FIGURE:
            break
        in_digits = (number_of(digits.group(), words.language), stop + 1) if digits else None
        part = in_digits or number_in_han(text.keys, stop)
        if not part:
            break
        more, after = _scaled(text.keys, words, marks, *part)
        if after == part[1] and not digits and text.keys[after - 1] not in HAN_UNITS:
            break
        value, stop = value + more, after
    return value, stop


def _scaled(
    keys: Sequence[str], words: Lexicon, marks: Mapping[int, Mark], value: float, stop: int
) -> tuple[float, int]:
    """A number with the words of scale and the halves behind it: "2.5 million", "dois milhões e meio"."""
    last = marks.get(stop - 1)
    scale = float(last.value) if last and last.is_a("scale") else 1.0
    for _ in range(_MOST_SCALES):
        mark = marks.get(stop)
        times = THOUSANDS.get(keys[stop], 0) if stop < len(keys) else 0
        if mark and mark.is_a("half"):
            again = _article_and_scale(keys, words, mark.stop)
            stop = mark.stop + (again > 0)
            if not again and words.values and value in _DUALS:
                scale = value / 2
            value += (again or scale) / 2
        elif mark and mark.is_a("scale"):
            scale = float(mark.value)
            value, stop = value * scale, mark.stop
            if stop < len(keys) and keys[stop] == "." and keys[stop - 1] in _SHORT_SCALES:
                stop += 1
        elif times and value < times:
            scale = times
            value, stop = value * scale, stop + 1
        else:
            break
    return value, stop


def _article_and_scale(keys: Sequence[str], words: Lexicon, place: int) -> float:
    """What an Arabic scale with an article is worth, said again behind a half; 0 where there is none."""
    if place < len(keys) and words.values and keys[place].startswith("ال"):
        marks = words.marks([keys[place][2:]])
        if marks and marks[0].is_a("scale"):
            return float(marks[0].value)
    return 0.0


_DUALS = frozenset({2e3, 2e6, 2e9})  # one word in Arabic, which hides its scale
_MOST_SCALES = 3
_SHORT_SCALES = frozenset({"mio", "mrd", "mill", "млн", "млрд", "тыс", "трлн", "mln", "mld", "mds"})


def _with_unit(text: Text, marks: Mapping[int, Mark], unit: str, stop: int) -> tuple[str, int]:
    keys = text.keys
    mark = marks.get(stop)
    if mark and mark.is_a("percent"):
        return "%", mark.stop
    if stop < len(keys) and keys[stop] in _SIGNS:
        return _SIGNS[keys[stop]], stop + 1
    if mark and mark.is_a("currency"):
        return unit or _currency(mark.value), mark.stop
    return unit, stop


def _currency(written: str) -> str:
    """The sign of a currency in words, or its own first letters."""
    return next((sign for start, sign in _CURRENCIES.items() if written.startswith(start)), written[:4])


_CURRENCIES = {
    "dollar": "$", "dólar": "$", "dollari": "$", "доллар": "$", "دولار": "$", "美元": "$", "ドル": "$",
    "euro": "€", "евро": "€", "يورو": "€", "欧元": "€", "ユーロ": "€",
    "pound": "£", "pfund": "£", "libra": "£",
    "livre": "£", "sterlin": "£", "руб": "₽", "yuan": "¥", "yen": "¥", "元": "¥", "円": "¥", "人民币": "¥",
}  # fmt: skip


def _noun(keys: Sequence[str], stop: int) -> str:
    """The next word, to tell what is counted."""
    for key in keys[stop : stop + 2]:
        if is_word(key):
            return key
        if key not in "-–":
            break
    return ""
