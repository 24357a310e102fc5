"""Numbers in words and in Chinese and Japanese numerals: what they are worth."""

from collections.abc import Sequence
from functools import lru_cache

from number_parser import parse_number
from text_to_num import text2num

_TEXT2NUM = frozenset({"en", "fr", "es", "pt", "de", "it"})
_NUMBER_PARSER = frozenset({"ru"})
_HAN_DIGITS = dict(zip("〇零一二三四五六七八九两兩", [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 2], strict=True))
HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
HAN_SCALES = {"万": 10_000, "亿": 100_000_000, "億": 100_000_000, "兆": 10**12}
HAN_NUMBER = frozenset(_HAN_DIGITS) | frozenset(HAN_UNITS) | frozenset(HAN_SCALES)
THOUSANDS = dict.fromkeys(("thousand", "mil", "tausend", "mille", "mila", "ألف", "آلاف", "千"), 1000.0) | {
    "百": 100.0
}
_LONGEST = 40  # tokens: more are no quantity


@lru_cache(maxsize=4096)
def value_in_words(written: str, language: str) -> float | None:
    """The value of a number in words, or None."""
    try:
        if language in _TEXT2NUM:
            return float(text2num(written.replace("-", " "), language))
        if language in _NUMBER_PARSER:
            value = _RUSSIAN.get(written)
            parsed = parse_number(written.replace("ё", "е"), language=language) if value is None else value
            return None if parsed is None else float(parsed)
    except ValueError:
        return None
    return None


# Counts of people, which number-parser does not know.
_RUSSIAN = {
    "двое": 2, "двоих": 2, "трое": 3, "троих": 3, "четверо": 4, "четверых": 4, "пятеро": 5, "пятерых": 5,
    "шестеро": 6, "семеро": 7, "трёх": 3, "трех": 3, "четырёх": 4, "четырех": 4, "двумя": 2, "тремя": 3,
    "одного": 1, "одной": 1, "одна": 1, "один": 1,
}  # fmt: skip


def number_in_han(keys: Sequence[str], place: int) -> tuple[float, int] | None:
    """The value of Chinese and Japanese numerals from a token on, and the token after them; or None."""
    stop = place
    while stop < len(keys) and keys[stop] in HAN_NUMBER and stop - place < _LONGEST:
        stop += 1
    if stop == place or keys[place] in HAN_SCALES:
        return None
    if stop < len(keys) and keys[stop] == "点" and (decimal := _decimal_in_han(keys, place, stop)):
        return decimal
    total = section = digit = 0
    for key in keys[place:stop]:
        if key in _HAN_DIGITS:
            digit = digit * 10 + _HAN_DIGITS[key] if digit else _HAN_DIGITS[key]
        elif key in HAN_UNITS:
            section += (digit or 1) * HAN_UNITS[key]
            digit = 0
        else:
            scale = HAN_SCALES[key]
            part = section + digit or (1 if not total else 0)
            total = total + part * scale if total >= scale else (total + part) * scale
            section = digit = 0
    return float(total + section + digit), stop


def _decimal_in_han(keys: Sequence[str], place: int, point: int) -> tuple[float, int] | None:
    """A decimal with a scale behind it: 三点五亿. Without one it may be an hour: 三点五分."""
    stop = point + 1
    while stop < len(keys) and keys[stop] in _HAN_DIGITS and stop - place < _LONGEST:
        stop += 1
    whole = number_in_han(keys[place:point], 0)
    if whole is None or stop == point + 1 or stop >= len(keys) or keys[stop] not in HAN_SCALES:
        return None
    decimals = "".join(str(_HAN_DIGITS[key]) for key in keys[point + 1 : stop])
    return (whole[0] + float(f"0.{decimals}")) * HAN_SCALES[keys[stop]], stop + 1
