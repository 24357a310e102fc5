"""Dates, weekdays, years and times of day in a text."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from articles.diff.tokens import is_word
from articles.facts.lexicon import Lexicon, Mark
from articles.facts.numerals import number_in_han, value_in_words
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
    hours = _hours_in_words(text, words, marks)
    for place in sorted(
        {*text.with_digits, *hours, *(place for place, mark in marks.items() if mark.is_a(*PARTS))}
    ):
        if place >= stop:
            part = hours.get(place) or _part_at(text, words, marks, place)
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
        if words.language in _CJK and (time_of_day := _cjk_hour(text, mark.stop, mark.value)):
            return _Part(place, time_of_day.stop, time_of_day.parts)
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
            if minute == "00":
                minute, stop = _half_hour(marks, stop)
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
    if _HOUR_ALONE.match(key) and _is_hour_before(text, words, place):
        minute, stop = _half_hour(marks, place + 1)
        clock = marks.get(stop)
        if clock and clock.is_a("clock"):
            return _Part(place, clock.stop, {"time": f"{int(key)}:{minute}{_half_of_day(clock.value)}"})
        if _ends_hour(text, words, marks, stop):
            return _Part(place, stop, {"time": f"{int(key)}:{minute}"})
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
    last = written.rpartition(" ")[2]
    if last in _HALVES:
        return _HALVES[last]
    return {"a": "a", "p": "p"}.get(written[:1], "") if written in _AM_PM else ""


_AM_PM = frozenset({"a.m.", "p.m.", "am", "pm", "a.m", "p.m"})
# The half of the day that the last word of a part of the day means.
_HALVES = {
    "mañana": "a", "tarde": "p", "noche": "p", "mattina": "a", "mattino": "a", "pomeriggio": "p", "sera": "p",
    "manhã": "a", "noite": "p", "matin": "a", "soir": "p", "morgens": "a", "früh": "a",
    "vormittags": "a", "nachmittags": "p", "abends": "p", "утра": "a", "вечера": "p",
    "午前": "a", "午後": "p", "上午": "a", "下午": "p", "早上": "a", "晚上": "p",
}  # fmt: skip


def _hours_in_words(text: Text, words: Lexicon, marks: Mapping[int, Mark]) -> dict[int, _Part]:
    """Hours in words: "ten o'clock", "a las siete", "um sieben Uhr", "السابعة صباحا"; by their places."""
    keys = text.keys
    found: dict[int, _Part] = {}
    near = {mark.start - 1 for mark in marks.values() if mark.is_a("clock", "half")}
    near |= {mark.stop for mark in marks.values() if mark.is_a("clock") and mark.value in _HOUR_FOLLOWS}
    near |= {mark.start for mark in marks.values() if mark.is_a("hour")}
    if words.language in _HOUR_BEFORE:
        before = _HOUR_BEFORE[words.language]
        near |= {place + 1 for place, key in enumerate(keys) if key in before}
    for place in near:
        if not 0 <= place < len(keys) or keys[place][:1].isdigit() or not keys[place][:1].isalpha():
            continue
        mark = marks.get(place)
        if mark and mark.is_a("hour"):
            value: float | None = float(mark.value)
            stop = mark.stop
        else:
            value = value_in_words(keys[place], words.language)
            stop = place + 1
        if value is None or not 1 <= value <= _HOURS:
            continue
        behind_clock = bool(mark and mark.is_a("hour") and place and keys[place - 1] in _HOUR_FOLLOWS)
        minute, stop = _half_hour(marks, stop)
        half_of_day = ""
        clock = marks.get(stop)
        if clock and clock.is_a("clock") and _clock_follows(words, clock):
            lasts = clock.value in _LASTING
            if lasts and (not _is_at(text, words, marks, place) or _tells_of_length(keys, clock.stop)):
                continue
            stop = clock.stop + (keys[clock.stop : clock.stop + 1] == ["."] and clock.value in ("a.m", "p.m"))
            half_of_day = _half_of_day(clock.value)
            if minute == "00":
                minute, stop = _half_hour(marks, stop)
        elif not behind_clock and not (
            _is_hour_before(text, words, place) and _ends_hour(text, words, marks, stop)
        ):
            continue
        found[place] = _Part(place, stop, {"time": f"{int(value)}:{minute}{half_of_day}"})
    return found


def _is_at(text: Text, words: Lexicon, marks: Mapping[int, Mark], place: int) -> bool:
    """Whether a word such as "at" stands before an hour."""
    before = marks.get(place - 1)
    return bool(before and before.is_a("date_joint")) or _is_hour_before(text, words, place)


def _is_hour_before(text: Text, words: Lexicon, place: int) -> bool:
    before = text.keys[place - 1] if place else ""
    if before not in _HOUR_BEFORE.get(words.language, ()):
        return False
    return before != "las" or (place > 1 and text.keys[place - 2] in _BEFORE_LAS)


def _half_hour(marks: Mapping[int, Mark], stop: int) -> tuple[str, int]:
    """The minutes of an hour, and where it ends: "y media" is thirty."""
    half = marks.get(stop)
    return ("30", half.stop) if half and half.is_a("half") else ("00", stop)


def _ends_hour(text: Text, words: Lexicon, marks: Mapping[int, Mark], stop: int) -> bool:
    """Whether nothing is counted by the figure that ends here: "alle 9.", not "alle 9 famiglie"."""
    keys = text.keys
    if stop == len(keys):
        return True
    following = marks.get(stop)
    if following and following.is_a("percent", "currency", "scale", "number", "month"):
        return False
    if is_word(keys[stop]):
        if keys[stop] in _HOUR_BEFORE[words.language] or keys[stop] == "a":  # "dalle 9 alle 11 persone"
            stop += 1 + (keys[stop] == "a")
            following_word = keys[stop + 1] if stop + 1 < len(keys) else ""
            return not is_word(following_word) or _follows_hour(words, following_word)
        return _follows_hour(words, keys[stop])
    return keys[stop] in _ENDS


def _follows_hour(words: Lexicon, key: str) -> bool:
    """Whether a word counts nothing: "alle 10 davanti al giudice", "às 14 no plenário"."""
    return key in _AFTER_HOUR or (key in words.small_or_starter and key not in _OF)


def _tells_of_length(keys: list[str], stop: int) -> bool:
    """Whether hours are a length: "sept heures de route", not "du matin"."""
    return stop < len(keys) and keys[stop] in ("de", "d")


_HOURS = 24
_HOUR_ALONE = re.compile(r"(?:[01]?\d|2[0-4])\Z")
_HOUR_BEFORE = {
    "it": frozenset({"alle", "dalle"}),
    "es": frozenset({"las"}),
    "pt": frozenset({"às"}),
}
_BEFORE_LAS = frozenset({"a", "desde", "hasta", "sobre"})
_HOUR_FOLLOWS = frozenset({"الساعة", "ore"})
_LASTING = frozenset({"heures", "heure", "horas", "hora", "h"})  # that tell a length of time as well
# What counts a part of a group behind a figure: "alle 3 di loro".
_OF = frozenset({"di", "dei", "degli", "delle", "de", "do", "dos", "das", "d"})
_AFTER_HOUR = frozenset(
    {"in", "nel", "nella", "presso", "en", "em", "no", "na", "e", "y"}
    | {"davanti", "contro", "ante", "contra"}
)
_ENDS = frozenset({".", ",", ";", ":", "!", "?", ")", '"', "…", "-"})


def _cjk_hour(text: Text, place: int, part_of_day: str = "") -> _Part | None:
    """An hour with its minutes: 2時半, 3点30分, and in numerals behind a part of the day: 午後七時."""
    keys = text.keys
    if place >= len(keys):
        return None
    if keys[place].isdecimal():
        hour, stop = float(keys[place]), place + 1
    elif part_of_day and (written := number_in_han(keys, place)):
        hour, stop = written
    else:
        return None
    if hour > _HOURS or stop >= len(keys) or _CJK_PARTS.get(keys[stop]) != "hour":
        return None
    stop += 1
    if keys[stop : stop + 1] in (["间"], ["間"]):
        return None
    minute = 0
    if keys[stop : stop + 1] == ["半"]:
        minute, stop = 30, stop + 1
    elif keys[stop + 1 : stop + 2] == ["分"] and keys[stop].isdecimal() and int(keys[stop]) < 60:
        minute, stop = int(keys[stop]), stop + 2
    return _Part(place, stop, {"time": f"{int(hour)}:{minute:02}{_half_of_day(part_of_day)}"})


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
    if hour := _cjk_hour(text, place):
        return hour
    name = _CJK_PARTS.get(keys[place + 1])
    if not name or name == "hour":
        return None
    after = keys[place + 2] if place + 2 < len(keys) else ""
    if (name == "day" and after == "間") or (
        name == "year" and (after in ("间", "間", "来", "前", "后", "多") or len(keys[place]) < 4)
    ):
        return None
    if name == "minute" and after in ("の", "钟", "間"):
        return None
    return _Part(place, place + 2, {name: keys[place]})
