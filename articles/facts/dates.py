"""Dates, weekdays, years and times of day in a text."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from articles.facts.lexicon import Lexicon, Mark
from articles.facts.passages import Text

_TIME = re.compile(r"([01]?\d|2[0-4])[:.h]([0-5]\d)(am|pm|h)?\Z")
_HOUR = re.compile(r"([01]?\d|2[0-4])(am|pm|h)\Z")
_DAY = re.compile(r"(0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|º|ª)?\Z")
_YEAR = re.compile(r"(?:1[89]|20)\d\d\Z")
_DECADE = re.compile(r"(?:1[89]|20)\d0s\Z")
_NUMERIC = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}\Z")
_CJK = frozenset({"zh", "ja"})
_CJK_PARTS = {
    "年": "year",
    "月": "month",
    "日": "day",
    "号": "day",
    "時": "hour",
    "时": "hour",
    "点": "hour",
    "分": "minute",
}
PARTS = ("relative", "weekday", "weekday_more", "weekday_short", "part_of_day", "month")
"""The lists whose words are part of a date by themselves."""
_NEAR = 6  # tokens before a day in brackets that its weekday may begin at
_MOST_BETWEEN = 2  # joints between two parts of one date

# Parts of dates that stand by themselves as other words.
_AMBIGUOUS_MONTHS = {"en": frozenset({"may", "march"}), "fr": frozenset({"mars"})}


class Date(NamedTuple):
    """Tokens [start, stop) that tell a date; ``parts`` are what it says: month, day, weekday, year, time …"""

    start: int
    stop: int
    parts: Mapping[str, str]


class _Part(NamedTuple):
    start: int
    stop: int
    parts: dict[str, str]


def dates(text: Text, words: Lexicon, marks: Mapping[int, Mark]) -> list[Date]:
    """All dates and times of a text, in order; what belongs together is one."""
    parts: list[_Part] = []
    stop = 0
    for place in sorted({*text.with_digits, *(place for place, mark in marks.items() if mark.is_a(*PARTS))}):
        if place >= stop:
            part = _part_at(text, words, marks, place)
            if part:
                parts.append(part)
                stop = part.stop
    return _together(text, words, marks, parts)


def _together(text: Text, words: Lexicon, marks: Mapping[int, Mark], parts: list[_Part]) -> list[Date]:
    found: list[_Part] = []
    for part in parts:
        last = found[-1] if found else None
        if (
            last
            and part.start - last.stop <= _MOST_BETWEEN
            and not (last.parts.keys() & part.parts.keys())
            and ("time" in last.parts) == ("time" in part.parts)  # a day and its hour are two facts
            and all(_is_joint(text, marks, place) for place in range(last.stop, part.start))
        ):
            found[-1] = _Part(last.start, part.stop, {**last.parts, **part.parts})
        else:
            found.append(part)
    return [Date(part.start, part.stop, part.parts) for part in found]


def _is_joint(text: Text, marks: Mapping[int, Mark], place: int) -> bool:
    key = text.keys[place]
    return key in (",", "،", "、", "(", ")") or (place in marks and marks[place].is_a("date_joint"))


def _part_at(text: Text, words: Lexicon, marks: Mapping[int, Mark], place: int) -> _Part | None:
    keys = text.keys
    key = keys[place]
    mark = marks.get(place)
    if mark and mark.is_a("relative"):
        return _Part(place, mark.stop, {"relative": mark.value})
    if mark and mark.is_a("weekday", "weekday_more", "weekday_short"):
        return _weekday(text, mark)
    if mark and mark.is_a("part_of_day"):
        return _Part(place, mark.stop, {"part of day": mark.value})
    if mark and mark.is_a("month"):
        return _month(text, words, mark)
    if not key[:1].isdigit():
        return None
    if numeric := _numeric(text, place):
        return numeric
    if words.language in _CJK or (place + 1 < len(keys) and keys[place + 1] in ("年", "月", "日")):
        return _in_cjk(text, place)
    following = marks.get(place + 1)
    if following and following.is_a("clock") and _clock_follows(words, following):
        time = _TIME.match(key) or re.match(r"([01]?\d|2[0-4])()\Z", key)
        if time:
            stop = following.stop + (
                keys[following.stop : following.stop + 1] == ["."] and following.value in ("a.m", "p.m")
            )
            minute = time.group(2) or "00"
            if words.language == "fr" and stop < len(keys) and re.fullmatch(r"[0-5]\d", keys[stop]):
                minute, stop = keys[stop], stop + 1
            return _Part(
                place, stop, {"time": f"{int(time.group(1))}:{minute}{_half_of_day(following.value)}"}
            )
    if time := _TIME.match(key):
        if ":" in key or "h" in key or time.group(3) or _is_clock_time(text, words, marks, place):
            return _Part(
                place,
                place + 1,
                {"time": f"{int(time.group(1))}:{time.group(2)}{_half_of_day(time.group(3) or '')}"},
            )
    elif hour := _HOUR.match(key):
        stop = place + 1
        minute = "00"
        if (
            hour.group(2) == "h"
            and stop < len(keys)
            and re.fullmatch(r"[0-5]\d", keys[stop])
            and text.tokens[place][-1:].isspace()
        ):
            minute, stop = keys[stop], stop + 1
        return _Part(place, stop, {"time": f"{int(hour.group(1))}:{minute}{_half_of_day(hour.group(2))}"})
    if _NUMERIC.match(key):
        return _Part(place, place + 1, {"day": key})
    if _DAY.match(key) and (day := _day_of_month(text, words, marks, place)):
        return day
    if (_YEAR.match(key) and _is_year(text, words, marks, place)) or _DECADE.match(key):
        stop = place + 1
        if stop in marks and marks[stop].is_a("year_after"):
            stop = marks[stop].stop
        return _Part(place, stop, {"year": key[:4]})
    return None


def _numeric(text: Text, place: int) -> _Part | None:
    """A date in figures alone: 2026-02-10, 12/13/2025."""
    keys = text.keys
    if place + 5 > len(keys) or keys[place + 1] not in ("-", "/") or keys[place + 3] != keys[place + 1]:
        return None
    figures = keys[place : place + 5 : 2]
    if not all(figure.isdecimal() and len(figure) in (1, 2, 4) for figure in figures):
        return None
    if any(token[-1:].isspace() for token in text.tokens[place : place + 4]):
        return None
    return _Part(place, place + 5, {"day": "-".join(figure.lstrip("0") for figure in figures)})


def _half_of_day(written: str) -> str:
    return (
        {"a": "a", "p": "p"}.get(written[:1], "") if written[:2] not in ("h", "") and "m" in written else ""
    )


def _clock_follows(words: Lexicon, mark: Mark) -> bool:
    return not (words.language == "ru" and mark.value in ("час", "часа", "часов"))


def _is_clock_time(text: Text, words: Lexicon, marks: Mapping[int, Mark], place: int) -> bool:
    """Whether 19.30 is a time: after a word such as "at", or before a clock word."""
    if words.language == "en":
        return False
    before = text.keys[place - 1] if place else ""
    return before in ("las", "às", "alle", "ore", "um", "uhr", "dalle", "klo", "kl")


def _weekday(text: Text, mark: Mark) -> _Part:
    """A weekday, with its -feira or the part of the day that follows."""
    stop = mark.stop
    name = mark.value if mark.is_a("weekday") else text.words(mark.start, mark.stop).casefold()
    return _Part(mark.start, stop, {"weekday": name})


def _month(text: Text, words: Lexicon, mark: Mark) -> _Part | None:
    keys = text.keys
    start, stop = mark.start, mark.stop
    parts = {"month": mark.value}
    following = keys[stop] if stop < len(keys) else ""
    if words.language == "en" and _DAY.match(following):
        parts["day"] = re.sub(r"\D", "", following).lstrip("0")
        stop += 1
    elif keys[start] in _AMBIGUOUS_MONTHS.get(words.language, ()):
        before = keys[start - 1] if start else ""
        certain = before in (
            "in",
            "of",
            "on",
            "since",
            "last",
            "next",
            "early",
            "late",
            "until",
            "by",
            "from",
            "mid",
            "this",
            "and",
            "en",
            "de",
            "début",
            "fin",
            "mi",
            "fin",
            "depuis",
        ) or _YEAR.match(following)
        capital = text.tokens[start][:1].isupper()
        if not certain or (words.language == "en" and not capital):
            return None
    return _Part(start, stop, parts)


def _day_of_month(text: Text, words: Lexicon, marks: Mapping[int, Mark], place: int) -> _Part | None:
    """A day before its month: "6 de noviembre", "18. Oktober", "9 сентября"."""
    keys = text.keys
    stop = place + 1
    while (
        stop < len(keys)
        and stop - place <= 3
        and (keys[stop] in (".", "de", "of", "d", "º") or keys[stop] == "-")
    ):
        stop += 1
    mark = marks.get(stop)
    if not mark or not mark.is_a("month"):
        return _day_alone(text, marks, place)
    day = re.sub(r"\D", "", keys[place]).lstrip("0")
    return _Part(place, mark.stop, {"day": day, "month": mark.value})


def _day_alone(text: Text, marks: Mapping[int, Mark], place: int) -> _Part | None:
    """A day without its month: "no dia 12", "am 12. …", "quarta-feira (12)"."""
    keys = text.keys
    before = marks.get(place - 1)
    after = keys[place + 1] if place + 1 < len(keys) else ""
    bracketed = place > 1 and keys[place - 1] == "(" and after == ")"
    glued = not text.tokens[place][-1:].isspace()
    if (
        (before and before.is_a("day_before"))
        or (before and before.is_a("ordinal_day_before") and after == "." and glued)
        or (bracketed and _weekday_ends(marks, place))
    ):
        return _Part(place, place + 1, {"day": keys[place].lstrip("0")})
    return None


def _weekday_ends(marks: Mapping[int, Mark], place: int) -> bool:
    """Whether a weekday ends before the bracket, or before a "-feira" and the bracket."""
    near = [marks[start] for start in range(max(0, place - _NEAR), place) if start in marks]
    return any(mark.is_a("weekday") and mark.stop in (place - 1, place - 3) for mark in near)


def _is_year(text: Text, words: Lexicon, marks: Mapping[int, Mark], place: int) -> bool:
    """Whether four digits are a year: nothing is counted by them."""
    keys = text.keys
    following = marks.get(place + 1)
    if following and following.is_a("percent", "currency", "scale"):
        return False
    if following and following.is_a("year_after"):
        return True
    before = keys[place - 1] if place else ""
    if before in ("$", "£", "€", "¥"):
        return False
    mark = marks.get(place - 1)
    if mark and mark.is_a("month", "year_before", "date_joint", "weekday"):
        return True
    if before in ("(", "/", "-", ",") or not before:
        return True
    after = keys[place + 1] if place + 1 < len(keys) else ""
    return words.language in ("", "en") or not after[:1].isalpha()


def _in_cjk(text: Text, place: int) -> _Part | None:
    keys = text.keys
    if time := _TIME.match(keys[place]):
        if ":" in keys[place]:
            return _Part(place, place + 1, {"time": f"{int(time.group(1))}:{time.group(2)}"})
        return None
    if place + 1 >= len(keys) or not keys[place].isdecimal():
        return None
    name = _CJK_PARTS.get(keys[place + 1])
    if not name or (name == "hour" and keys[place + 1 : place + 3] in (["時", "間"], ["时", "间"])):
        return None
    after = keys[place + 2] if place + 2 < len(keys) else ""
    if (name == "day" and after == "間") or (
        name == "year" and (after in ("间", "間", "来", "前", "后", "多") or len(keys[place]) < 4)
    ):
        return None
    if name == "minute" and after in ("の", "钟", "間"):
        return None
    return _Part(place, place + 2, {name: keys[place]})
