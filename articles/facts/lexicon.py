"""The word lists of one language, and where their words and phrases stand in a text.

The lists are ``words/<language>.toml``, to be read and mended by anybody: phrases between commas,
``*`` for any ending.
"""

import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from babel.core import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names

from articles.diff.tokens import fold, tokenise
from articles.facts.numerals import HAN_NUMBER, THOUSANDS
from articles.facts.passages import key_of

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "ru", "ar", "zh", "ja")
"""The languages with word lists; every other one gets the rules that need none."""

OTHER = "other"
"""Signs of a newsroom's note in many more languages, looked for in every text."""

LISTED = "listed_name"
"""The category of a place or an organisation, in languages without capitals."""

# The memory of which phrases begin with a word: a few MB for each language.
_MOST_REMEMBERED = 30_000
_REMEMBERED_LENGTH = 40

_LISTS = Path(__file__).parent / "words"

# Letters that are written before an Arabic word as part of it: and, so, by, for, as.
_CLITICS = {"ar": "وفبلك"}
# Those of them that begin no other word where a number follows ("لست" is "I am not", not "for six").
_ON_NUMBERS = frozenset("وب")


class Mark(NamedTuple):
    """Tokens [start, stop) that are a listed phrase; ``value`` is what the list says of it."""

    start: int
    stop: int
    categories: frozenset[str]
    value: str

    def is_a(self, *categories: str) -> bool:
        """Return whether it stands in one of these lists."""
        return not self.categories.isdisjoint(categories)


class _Entry(NamedTuple):
    keys: tuple[str, ...]
    categories: frozenset[str]
    value: str


@dataclass(frozen=True)
class Lexicon:
    """The lists of one language."""

    language: str
    entries: dict[str, tuple[_Entry, ...]]
    stems: dict[str, tuple[_Entry, ...]]
    stem_lengths: tuple[int, ...]
    lists: dict[str, tuple[str, ...]]
    values: dict[str, float]
    """What single words of numbers are worth, where no library knows the language."""
    names: frozenset[str] = frozenset()
    """Words, by their keys, that are a place or an organisation where they have a capital."""

    def marks(self, keys: Sequence[str]) -> list[Mark]:
        """All listed phrases in a text, by the keys of its tokens; of several at a place the longest."""
        if not self.entries and not self.stems:
            return []
        found: list[Mark] = []
        stop = 0
        for place, begun in enumerate(map(self.begun.__getitem__, keys)):
            if begun and place >= stop:
                mark = _longest(begun, keys, place)
                if mark:
                    found.append(mark)
                    stop = mark.stop
        return found

    def within(self, keys: Sequence[str], phrase: Mark, category: str) -> Mark | None:
        """The last shorter phrase of a list within a phrase: the "not" in "could not"."""
        for place in reversed(range(phrase.start, phrase.stop)):
            longest = min(phrase.stop - place, phrase.stop - phrase.start - 1)
            entries = [
                entry
                for entry in self.begun[keys[place]]
                if category in entry.categories and len(entry.keys) <= longest
            ]
            if mark := _longest(entries, keys, place):
                return mark
        return None

    @cached_property
    def small_or_starter(self) -> frozenset[str]:
        """Words that are no part of a name where they stand before it with a capital."""
        return frozenset(self.lists.get("small", ()) + self.lists.get("starter", ()))

    @cached_property
    def numerals(self) -> frozenset[str]:
        """Words that are a number, or a part of one, by themselves."""
        return HAN_NUMBER.union(self.values, THOUSANDS)

    @cached_property
    def titles(self) -> frozenset[str]:
        """Words that stand before a name."""
        return frozenset(self.lists.get("title", ()))

    @cached_property
    def title_ends(self) -> tuple[str, ...]:
        """Ends of words put together that stand before a name: the German "Verbandschefin"."""
        return self.lists.get("title_end", ())

    @cached_property
    def begun(self) -> "_Begun":
        """What may begin with a word, by its key."""
        return _Begun(self)

    def worth(self, key: str) -> float | None:
        """What a single word of a number is worth, with or without the "and" or "with" written onto it."""
        value = self.values.get(key)
        return self.values.get(key[1:]) if value is None and key[:1] in _ON_NUMBERS else value

    def written_on(self, key: str) -> int:
        """The letters that are written onto a word of a number and are none of its own."""
        if not self.values or key[:1] not in _ON_NUMBERS or key in self.values or key in self.entries:
            return 0
        return int(key[1:] in self.values or key[1:] in self.entries)

    def begun_with(self, key: str) -> tuple["_Entry", ...]:
        """The phrases that may begin with a word, by its key, without what Arabic writes before a word."""
        options = self.entries.get(key)
        if options is None and key[:1] in _CLITICS.get(self.language, ""):
            key = key[1:]
            options = self.entries.get(key)
        stems = [self.stems.get(key[:length], ()) for length in self.stem_lengths if length <= len(key)]
        return (*(options or ()), *(entry for entries in stems for entry in entries))


class _Begun(dict[str, tuple[_Entry, ...]]):
    """Key of a word → the phrases that may begin with it, remembered from one text to the next."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, key: str) -> tuple[_Entry, ...]:
        found = self._lexicon.begun_with(key)
        if len(key) <= _REMEMBERED_LENGTH:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[key] = found
        return found


def _longest(entries: Sequence[_Entry], keys: Sequence[str], place: int) -> Mark | None:
    """The longest of some phrases that stands at a place; their first words do."""
    best: _Entry | None = None
    most = 0
    for entry in entries:
        size = len(entry.keys)
        if size > most and (size == 1 or _goes_on(entry, keys, place)):
            best, most = entry, size
    return None if best is None else Mark(place, place + most, best.categories, best.value)


def _goes_on(entry: _Entry, keys: Sequence[str], place: int) -> bool:
    """Whether the words of a phrase behind its first one follow. The star stands at the end of its last."""
    if place + len(entry.keys) > len(keys):
        return False
    for offset in range(1, len(entry.keys)):
        wanted, given = entry.keys[offset], keys[place + offset]
        if given != wanted and not (wanted[-1] == "*" and given.startswith(wanted[:-1])):
            return False
    return True


# Languages without spaces or capitals between which names could be told: only listed names are.
_WITHOUT_CAPITALS = frozenset({"zh", "ja", "ar"})
_IN_LATIN = frozenset({"en", "de", "fr", "es", "pt", "it"})
_LATIN = "latin"
_COUNTRY_CODE = 2  # letters of the code of a country; groups of countries have digits
_ALL_ZONES = "ru"  # a language in which CLDR names the city of every time zone
_NO_CITIES = ("Etc/", "Antarctica/", "Pacific/", "Indian/")  # islands: "Easter", "Christmas"
_LEAST_NAME = 2  # letters of a listed name

# Lists that are looked up as they stand in the text, not word by word.
_AS_TEXT = frozenset(
    {"label", "weak_label", "itself", "was_changed", "earlier", "surname", "name_sign", "small", "starter"}
    | {"place", "organisation", "describe", "written", "title_end", "pronoun"}
)


@cache
def lexicon(language: str) -> Lexicon:
    """The lists of a language by its tag ("pt-BR"); empty ones for a language that has none."""
    code = language.replace("_", "-").partition("-")[0].lower()
    if code not in (*LANGUAGES, OTHER):
        return Lexicon(code, {}, {}, (), {}, {})
    data = tomllib.loads((_LISTS / f"{code}.toml").read_text(encoding="utf-8"))
    entries: defaultdict[str, list[_Entry]] = defaultdict(list)
    stems: defaultdict[str, list[_Entry]] = defaultdict(list)
    lists: dict[str, tuple[str, ...]] = {}
    for category, written in data["lists"].items():
        phrases = tuple(
            phrase for phrase in (one.strip() for one in written.replace("\n", ",").split(",")) if phrase
        )
        lists[category] = phrases
        if category not in _AS_TEXT:
            for phrase in phrases:
                _enter(phrase, category, phrase, entries, stems)
    for category, values in data.get("valued", {}).items():
        for phrase, value in values.items():
            _enter(phrase, category, str(value), entries, stems)
    known: list[str] = []
    if code != OTHER:
        _enter_calendar(code, entries, stems)
        known = [*lists.get("place", ()), *lists.get("organisation", ()), *_places(code)]
        if code in _IN_LATIN:
            latin = tomllib.loads((_LISTS / f"{_LATIN}.toml").read_text(encoding="utf-8"))
            known += [name.strip() for name in latin["lists"]["organisation"].replace("\n", ",").split(",")]
    if code in _WITHOUT_CAPITALS:
        for name in known:
            if len(name) >= _LEAST_NAME:
                _enter(name, LISTED, name, entries, stems)
    return Lexicon(
        code,
        {key: tuple(found) for key, found in entries.items()},
        {key: tuple(found) for key, found in stems.items()},
        tuple(sorted({len(key) for key in stems})),
        lists,
        {key_of(word): value for word, value in data.get("worth", {}).items()},
        frozenset(key_of(name) for name in known if len(name) >= _LEAST_NAME and " " not in name),
    )


def _places(code: str) -> list[str]:
    """Countries, and the cities that time zones are called after, of CLDR, by Babel."""
    locale = Locale(code)
    countries = [name for key, name in locale.territories.items() if len(key) == _COUNTRY_CODE]
    cities = [zone["city"] for zone in locale.time_zones.values() if "city" in zone]
    if code in _IN_LATIN:  # a city that has no other name there is written as in the name of its zone
        own = {key for key, zone in locale.time_zones.items() if "city" in zone}
        cities += [
            str(key).rpartition("/")[2]
            for key in Locale(_ALL_ZONES).time_zones
            if key not in own and not str(key).startswith(_NO_CITIES)
        ]
    return [*countries, *cities]


def _enter(
    phrase: str,
    category: str,
    value: str,
    entries: dict[str, list[_Entry]],
    stems: dict[str, list[_Entry]],
) -> None:
    keys: list[str] = []
    if phrase.endswith("'*"):  # an elided word: "n'*" begins "n'est"
        keys = [fold(phrase[:-1]).casefold() + "*"]
        phrase = ""
    for token in tokenise(phrase):
        key = key_of(token)
        if key == "*" and keys:
            keys[-1] += "*"
        else:
            keys.append(key)
    table, first = (stems, keys[0][:-1]) if keys[0].endswith("*") else (entries, keys[0])
    for place, entry in enumerate(table.setdefault(first, [])):
        if entry.keys == tuple(keys):  # a phrase of several lists; a month or a scale has a value of its own
            worth = value if value.replace(".", "").isdigit() else entry.value
            table[first][place] = _Entry(entry.keys, entry.categories | {category}, worth)
            return
    table[first].append(_Entry(tuple(keys), frozenset({category}), value))


def _enter_calendar(code: str, entries: dict[str, list[_Entry]], stems: dict[str, list[_Entry]]) -> None:
    """Months and weekdays of CLDR, by Babel; an abbreviation only with its full stop."""
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            try:
                months = get_month_names(width, context, locale=code)
                days = get_day_names(width, context, locale=code)
            except UnknownLocaleError:
                return
            for category, names in (("month", months), ("weekday", days)):
                for number, name in names.items():
                    written = str(name)
                    if width == "abbreviated" and code not in ("zh", "ja", "ar"):
                        written = written.rstrip(".") + "."
                    if len(written) > 1 and not written[0].isdigit():
                        _enter(written, category, str(number), entries, stems)
