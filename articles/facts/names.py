"""Names of people, organisations and places, as far as capitals, titles and scripts tell them."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from articles.diff.tokens import is_word
from articles.facts.lexicon import LISTED, Lexicon, Mark
from articles.facts.passages import Passage, Text

_PARTICLES = frozenset(
    {"de", "da", "do", "dos", "das", "del", "della", "di", "du", "des", "van", "von", "der", "den", "ter"}
    | {"ten", "bin", "ibn", "al", "el", "of", "&", "zu", "zur", "af"}
)
# Articles and prepositions in German, where they join nouns as much as names.
_GERMAN_ARTICLES = frozenset({"der", "den", "des", "das", "du", "of", "zu", "zur"})
_GERMAN_PARTICLES = _PARTICLES - _GERMAN_ARTICLES
_INNER = frozenset({"-", "'", "’", "&", "."})
_MOST_APART = 0.45  # of the letters of two spellings of one name
_LONGEST_ARABIC = 3  # words of a name
_LONGEST_OFFICE = 3  # words of what somebody is the head of
_OF_OFFICE = ("ال", "لل")
_ARABIC_RUN = 3  # words of a run in which one is respelled
_FEW_LETTERS = 2  # that differ in two spellings of what may be no name
_STEM = 3  # letters of a stem, and of an ending at most
_ENDING = 3
_LEAST_SPELLING = 4  # letters of a name that may be respelled
_INITIALS = 2  # letters of an initial
_CAPITALS = 2  # letters in capitals that make an acronym
_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]+\Z")
_HAN = re.compile(r"[\u3400-\u9fff]\Z")
_CALENDAR = frozenset(
    {
        "month",
        "weekday",
        "weekday_more",
        "relative",
        "number",
        "vague",
        "scale",
        "currency",
        "percent",
        "clock",
        "ordinal",
    }
)


class Name(NamedTuple):
    """Tokens [start, stop) that are a name. ``sure`` where it needs no likeness of the other one."""

    start: int
    stop: int
    words: tuple[str, ...]
    sure: bool
    begins: bool = False
    """A single word that begins a sentence, and may be any word: only a longer name beside it tells."""


def names(
    text: Text, words: Lexicon, marks: Mapping[int, Mark], near: Sequence[int] | None = None
) -> list[Name]:
    """The names of a text, in order; of those in capitals only what begins at a place that is ``near``
    (in order)."""
    by_signs = {"zh": _chinese, "ja": _japanese, "ar": _arabic}.get(words.language)
    if by_signs is None:
        return _capitalised(text, words, marks, near)
    found = by_signs(text, words, marks)
    taken = {place for name in found for place in range(name.start, name.stop)}
    listed = [
        Name(mark.start, mark.stop, (mark.value,), True)  # without what Arabic writes before a word
        for mark in marks.values()
        if mark.is_a(LISTED) and taken.isdisjoint(range(mark.start, mark.stop))
    ]
    return sorted([*found, *listed])


def same_name(one: Name, other: Name) -> bool:
    """Return whether two names differ in nothing but capitals, punctuation and forms of one letter."""
    return _letters(one.words) == _letters(other.words)


@lru_cache(maxsize=10_000)
def _letters(name: tuple[str, ...]) -> str:
    """The words of a name without capitals, punctuation and the English genitive, a letter in one form."""
    words = (word.casefold().replace("’", "'").removesuffix("'s") for word in name)
    letters = "".join(char for char in "".join(words) if char.isalnum())
    # Korean particles are written onto a name in Latin letters.
    return (_HANGUL.sub("", letters) or letters).translate(_SAME_LETTERS)


_HANGUL = re.compile("[\uac00-\ud7a3]")


def akin(one: Name, other: Name) -> bool:
    """Return whether two names may stand for each other: both surely names, or two spellings of one."""
    if one.begins or other.begins:
        old, new = set(one.words), set(other.words)
        return one.begins != other.begins and (old < new or new < old)
    return (one.sure and other.sure) or is_respelled(one, other)


def is_respelled(one: Name, other: Name) -> bool:
    """Return whether two names are one, spelt otherwise."""
    old, new = " ".join(one.words).casefold(), " ".join(other.words).casefold()
    if len(one.words) != len(other.words) or min(len(old), len(new)) < _LEAST_SPELLING:
        return len(old) == len(new) > 1 and not old.isascii() and Levenshtein.distance(old, new) == 1
    if not (one.sure and other.sure):
        return Levenshtein.distance(old, new) <= _FEW_LETTERS and not is_inflected(one, other)
    return Levenshtein.normalized_distance(old, new) <= _MOST_APART


def is_inflected(one: Name, other: Name) -> bool:
    """Return whether two words may be one word in another case or number: only their last letters differ."""
    if len(one.words) != len(other.words):
        return False
    return all(
        _has_stem(old.casefold(), new.casefold()) for old, new in zip(one.words, other.words, strict=True)
    )


def _has_stem(old: str, new: str) -> bool:
    common = 0
    for x, y in zip(old, new, strict=False):
        if x != y:
            break
        common += 1
    return common >= _STEM and max(len(old), len(new)) - common <= _ENDING


def _capitalised(
    text: Text, words: Lexicon, marks: Mapping[int, Mark], near: Sequence[int] | None
) -> list[Name]:
    particles = _GERMAN_PARTICLES if words.language == "de" else _PARTICLES
    found: list[Name] = []
    end = 0
    places = range(len(text.tokens)) if near is None else near
    for start in [place for place in places if not text.tokens[place][:1].islower()]:
        if start < end or not _is_capital(text, start) or _is_calendar(marks, start):
            continue
        end = _end_of_capitals(text, marks, start, particles)
        first, titled = _without_titles(text, words, start, end)
        name = _name(text, words, start, first, end, titled=titled)
        if name:
            found.append(name)
    return found


def _end_of_capitals(text: Text, marks: Mapping[int, Mark], start: int, particles: frozenset[str]) -> int:
    """Where a run of words in capitals ends, with what may stand amid a name: "van", "-", "J."."""
    keys, tokens = text.keys, text.tokens
    stop = start + 1
    while stop < len(tokens):
        if tokens[stop][:1].islower() and keys[stop] not in particles:
            break
        spaced = tokens[stop - 1][-1:].isspace()
        following = stop + 1 < len(tokens) and _is_capital(text, stop + 1)
        initial = keys[stop] == "." and len(keys[stop - 1]) <= _INITIALS
        in_name = _is_capital(text, stop) and not _is_calendar(marks, stop) and _adjoins(text, stop)
        in_word = keys[stop] in _INNER and not spaced and (initial or not tokens[stop][-1:].isspace())
        after_joint = stop > start + 1 and keys[stop - 1] in (_INNER | particles) and _is_capital(text, stop)
        joint = following and (in_word or (spaced and keys[stop] in particles))
        if in_name or joint or after_joint:
            stop += 1
        else:
            break
    return stop


def _without_titles(text: Text, words: Lexicon, start: int, stop: int) -> tuple[int, bool]:
    """Where a name begins after its titles and small words, and whether a title stands before it."""
    keys, small, titles = text.keys, words.small_or_starter, words.titles
    first, titled = start, False
    while first < stop and (
        (keys[first] in small and not _is_acronym(text.tokens[first]))
        or keys[first] in titles
        or keys[first] in _INNER
        or len(keys[first]) == 1
        or (first < stop - 1 and keys[first].endswith(words.title_ends))
    ):
        titled = titled or keys[first] in titles or keys[first].endswith(words.title_ends)
        first += 1
    before = keys[max(0, start - 2) : start]
    title_before = before[-1:] != [] and (before[-1] in titles or (before[-1] == "." and before[0] in titles))
    return first, titled or title_before


def _name(text: Text, words: Lexicon, start: int, first: int, stop: int, *, titled: bool) -> Name | None:
    if first == stop or all(len(key) < 2 for key in text.keys[first:stop]) or _is_code(text, first, stop):
        return None
    parts = tuple(text.words(i, i + 1) for i in range(first, stop) if is_word(text.keys[i]))
    alone = len(parts) == 1
    acronym = alone and sum(map(str.isupper, parts[0])) >= _CAPITALS
    listed = alone and text.keys[first] in words.names
    untitled = first == start and not titled
    if alone and untitled and not acronym and not listed and text.starts_sentence(start):
        return Name(first, stop, parts, False, True)
    if parts and parts[0].casefold() in text.in_small_letters and not titled:
        if alone:
            return None
        if untitled and text.starts_sentence(start):
            first, parts = first + 1, parts[1:]
    sure = words.language != "de" or titled or len(parts) >= 2 or acronym or listed
    if words.language in ("", "en") and text.in_title_case:
        sure = False
    return Name(first, stop, parts, sure)


def _is_code(text: Text, start: int, stop: int) -> bool:
    """Whether a word in capitals is the name of something in a program: Py_Initialize, run(), a.B."""
    before = text.tokens[start - 1] if start else " "
    after = text.keys[stop] if stop < len(text.keys) else ""
    return before[-1:] in "_.=<`/" or (
        after in ("_", "=", "(", "`") and not text.tokens[stop - 1][-1:].isspace()
    )


def _is_acronym(token: str) -> bool:
    bare = token.strip()
    return len(bare) > 2 and bare.isupper()


def _is_capital(text: Text, place: int) -> bool:
    token = text.tokens[place]
    return token[:1].isupper() or (
        token[:1].isdigit() and any(map(str.isupper, token)) and len(token.strip()) > 2
    )


def _is_calendar(marks: Mapping[int, Mark], place: int) -> bool:
    mark = marks.get(place)
    return mark is not None and not mark.categories.isdisjoint(_CALENDAR)


def _adjoins(text: Text, place: int) -> bool:
    return (
        text.tokens[place - 1][-1:].isspace()
        and not text.tokens[place - 1].endswith("\n")
        and text.keys[place - 1][:1].isalnum()
    )


def _chinese(text: Text, words: Lexicon, marks: Mapping[int, Mark]) -> list[Name]:
    """A surname with one or two more ideographs, after a title or before a sign of a person."""
    surnames = frozenset(words.lists.get("surname", ()))
    signs = words.lists.get("name_sign", ())
    titles = words.lists.get("title", ())
    found: list[Name] = []
    keys = text.keys
    listed = {inner for mark in marks.values() if mark.is_a(LISTED) for inner in range(mark.start, mark.stop)}
    place = 0
    while place < len(keys):
        double = "".join(keys[place : place + 2]) in surnames
        if place not in marks and place not in listed and (keys[place] in surnames or double):
            before = "".join(keys[max(0, place - 4) : place])
            after_title = any(before.endswith(title) for title in titles)
            family = 2 if double else 1
            for given in (2, 1):
                stop = place + family + given
                rest = "".join(keys[stop : stop + 3])
                if not all(_HAN.match(key) for key in keys[place:stop]) or stop > len(keys):
                    continue
                signed = any(rest.startswith(sign) for sign in signs)
                ended = not rest or not _HAN.match(rest[0])
                if signed or (after_title and (given == 2 or ended)):
                    found.append(Name(place, stop, ("".join(keys[place:stop]),), True))
                    place = stop - 1
                    break
        place += 1
    return found


def _japanese(text: Text, words: Lexicon, marks: Mapping[int, Mark]) -> list[Name]:
    """Ideographs before a sign of a person (さん, 氏, 容疑者 …), and katakana before one or with a dot."""
    signs = tuple(tuple(sign) for sign in words.lists.get("name_sign", ()))
    found: list[Name] = []
    keys = text.keys
    for place in range(1, len(keys)):
        if not any(tuple("".join(keys[place : place + len(sign)]))[: len(sign)] == sign for sign in signs):
            continue
        start = place
        while (
            start > 0
            and place - start < 6
            and (_HAN.match(keys[start - 1]) or _KATAKANA.match(keys[start - 1]) or keys[start - 1] == "·")
        ):
            start -= 1
        long = place - start >= 2 or (place - start == 1 and len(keys[start]) > 1)
        if long and (not found or found[-1].stop <= start):
            found.append(Name(start, place, ("".join(keys[start:place]),), True))
    return found


def _arabic(text: Text, words: Lexicon, marks: Mapping[int, Mark]) -> list[Name]:
    """Up to three words after a title, or after one with what it is of: "director of the hospital"."""
    small = frozenset(words.lists.get("small", ()))
    found: list[Name] = []
    keys = text.keys
    for mark in sorted(marks.values()):
        if not mark.is_a("title", "title_of") or (found and mark.start < found[-1].stop):
            continue
        start = mark.stop
        if mark.is_a("title_of"):
            while (
                start < len(keys)
                and start - mark.stop < _LONGEST_OFFICE
                and keys[start].startswith(_OF_OFFICE)
            ):
                start += 1
            if start == mark.stop:
                continue
        stop = start
        while (
            stop < len(keys)
            and stop - start < _LONGEST_ARABIC
            and is_word(keys[stop])
            and keys[stop] not in small
            and (stop not in marks or marks[stop].is_a(LISTED))
            and text.tokens[stop - 1].rstrip()[-1:] not in "،."
        ):
            stop += 1
        if stop > start:
            found.append(Name(start, stop, tuple(keys[start:stop]), True))
    return found


_SAME_LETTERS = str.maketrans("أإآىة", "ااايه")


def exchanged_in_arabic(passage: Passage) -> list[tuple[Name, Name]]:
    """Words of Arabic replaced by another spelling: one letter amid the word, no article before it."""
    pairs = []
    for run in passage.runs:
        if run.b1 - run.b0 == run.a1 - run.a0 <= _ARABIC_RUN:
            for i, j in zip(range(run.b0, run.b1), range(run.a0, run.a1), strict=True):
                old, new = passage.before.keys[i], passage.after.keys[j]
                if (
                    len(old) == len(new) >= _LEAST_SPELLING
                    and Levenshtein.distance(old.translate(_SAME_LETTERS), new.translate(_SAME_LETTERS)) == 1
                    and old[:2] != "ال"
                    and old[0] == new[0]
                    and old[-2:] == new[-2:]
                ):
                    pairs.append((Name(i, i + 1, (old,), False), Name(j, j + 1, (new,), False)))
    return pairs
