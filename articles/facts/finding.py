"""Decides which numbers, dates, names, quotations and claims a comparison exchanged, added or removed.

``amounts``, ``dates``, ``names`` and ``claims`` only read them of a text; ``kinds`` names the kind of change.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Literal

from articles.diff import Comparison, Row, compare
from articles.diff.engine import compare_lines
from articles.diff.tokens import is_word
from articles.facts import names as naming
from articles.facts.amounts import Amount, amounts, any_numeric
from articles.facts.claims import CLAIMS, LONGEST_QUOTED, SOURCE, SOURCES, Side, claims
from articles.facts.dates import PARTS, Date, dates
from articles.facts.fact import Fact, How, Kind, Place
from articles.facts.lexicon import Lexicon, Mark, lexicon
from articles.facts.notes import may_hold_note, note_in
from articles.facts.pairing import Found, Thing, exchanged
from articles.facts.passages import Passage, Run, Text, paragraph, passage
from articles.facts.quotations import Quotation, changed, quoted

FACTS_VERSION = 4
"""The version of the rules, stored with what was counted by them; a higher one is counted again.

4: who said it may stand within a quotation; "no fewer than" is "at least" and no negation, nor is a French
"ne … que"; more words of saying; a source that only moved is none; German offices in one word; a phrase
hides no reversal; four decades are forty years; two negations may be one. 3: three quoted words are speech
behind a word that describes; what is left of a quotation is one, however short; one that goes on in the
next paragraph is one; so is what begins a headline before a colon. 2: speech left open, nested, cut in two,
or beside a word of saying. 1: before versions were told apart.
"""

_LONGEST = (
    40_000  # characters of one passage that is read for facts within it: what is longer is no paragraph
)
_TELLS_ALL = 0.6  # of a passage is a note: nothing else in it is the story's
_MAY = "5"  # the value of the fifth month
_DATED = frozenset({"clock", "hour", "year_after", *PARTS})  # lists with words that are part of a date
_NOUN_STEM = 4
_NEAR = 4  # words beside a name
_INFLECTING = frozenset(
    {"ru", "uk", "be", "pl", "cs", "sk", "sr", "hr", "sl", "bg", "lt", "lv", "fi", "et", "hu", "tr", "el"}
)
"""Languages in which a name has other endings in other cases."""


def facts(
    before: Sequence[str],
    after: Sequence[str],
    *,
    headline_before: str = "",
    headline_after: str = "",
    language: str = "",
    comparison: Comparison | None = None,
) -> tuple[Fact, ...]:
    """Return the facts of a change, in reading order, the headline first.

    ``before`` and ``after`` are paragraphs, ``language`` a tag such as "pt-BR" ("" for unknown: guessed by
    its script); ``comparison`` is theirs, if it was made already. Every ``before`` and ``after`` of a fact
    stands in its text letter for letter. Deterministic; linear in the changed words, but for tables that
    are bounded. Raises what :func:`articles.diff.compare` raises.
    """
    if comparison is None:
        comparison = compare(before, after)
    code = language.replace("_", "-").partition("-")[0].lower() or _by_script(before, after)
    words = lexicon(code)
    found: list[Fact] = []
    rows = comparison.rows
    changed_rows = [(number, row) for number, row in enumerate(rows) if row.kind != "same"]
    if headline_before and headline_after and headline_before != headline_after:
        spans, _ = compare_lines(headline_before, headline_after)
        found += _within(passage("headline", None, spans, code), words, code)
        found += _quotes([(None, headline_before)], [(None, headline_after)], {}, code)
    noted: dict[int, str] = {}
    for number, row in changed_rows:
        if len(row.before) and len(row.after):
            if row.kind == "moved" and all(span.tag == "=" for span in row.spans):
                continue
            found += _within(paragraph(number, row, code), words, code, noted)
        else:
            found += _note_alone(number, row, before, after, code, noted)
    found += _quotes(
        [(number, before[i]) for number, row in changed_rows if number not in noted for i in row.before],
        [(number, after[j]) for number, row in changed_rows if number not in noted for j in row.after],
        dict(changed_rows),
        code,
    )
    found.sort(key=lambda fact: (fact.place.row is not None, fact.place.row or 0, fact.place.span))
    return tuple(dict.fromkeys(found))


def _by_script(before: Sequence[str], after: Sequence[str]) -> str:
    sample = "".join(after[:3])[:400] or "".join(before[:3])[:400]
    if any("\u3040" <= char <= "\u30ff" for char in sample):
        return "ja"
    if any("\u4e00" <= char <= "\u9fff" for char in sample):
        return "zh"
    if any("\u0620" <= char <= "\u064a" for char in sample):
        return "ar"
    return ""


def _note_alone(
    number: int, row: Row, before: Sequence[str], after: Sequence[str], language: str, noted: dict[int, str]
) -> Iterator[Fact]:
    """A note in a paragraph that was added or removed."""
    text = after[row.after[0]] if row.after else before[row.before[0]]
    note = note_in(text, language)
    if note:
        noted[number] = note
        if row.after:
            yield Fact(Kind.NOTE, How.ADDED, "", note, Place(number, 0))
        else:
            yield Fact(Kind.NOTE, How.REMOVED, note, "", Place(number, 0))


def _within(
    one: Passage, words: Lexicon, language: str, noted: dict[int, str] | None = None
) -> Iterator[Fact]:
    """The facts of a passage that stands on both sides, but for its quotations."""
    if not one.runs:
        return
    if max(len(one.before.text), len(one.after.text)) > _LONGEST or not _changes_words(one):
        return
    old_note, new_note = (
        note_in(text.text, language) if may_hold_note(text.keys, language) else ""
        for text in (one.before, one.after)
    )
    if old_note or new_note:
        if old_note != new_note:
            how = How.CHANGED if old_note and new_note else How.ADDED if new_note else How.REMOVED
            yield Fact(Kind.NOTE, how, old_note.strip(), new_note.strip(), Place(one.row, one.runs[0].span))
        if max(len(old_note), len(new_note)) >= _TELLS_ALL * max(len(one.before.text), len(one.after.text)):
            if noted is not None and one.row is not None:
                noted[one.row] = new_note or old_note
            return
    before, after = _Read(one, "before", words), _Read(one, "after", words)
    if before.may_date or after.may_date:
        yield from _pairs(
            one, Kind.DATE, before.dates, after.dates, _same_date, _dates_akin, lambda *_: False
        )
    if before.may_count or after.may_count:
        yield from _pairs(
            one, Kind.NUMBER, before.amounts, after.amounts, _same_amount, _amounts_akin, _same_noun
        )
    respelled: set[Run] = set()
    pairs: list[tuple[naming.Name, naming.Name]] = []
    if before.may_name or after.may_name:
        pairs += exchanged(one, before.names, after.names, naming.same_name, naming.akin, naming.is_respelled)
    if words.language == "ar":
        taken = {place for old, _ in pairs for place in range(old.start, old.stop)}
        pairs += [
            pair
            for pair in naming.exchanged_in_arabic(one)
            if pair[0].start not in taken and pair[0].start not in before.by_place
        ]
    for old, new in pairs:
        if _only_capitals(one, old, new) or (words.language in _INFLECTING and naming.is_inflected(old, new)):
            continue
        if naming.is_respelled(old, new):
            respelled.update(
                one.run_before[place] for place in range(old.start, old.stop) if place in one.run_before
            )
        yield _fact(one, Kind.NAME, old, new)
    if not before.may_claim and not after.may_claim:
        return
    sides = Side(one.before, before.marks, before.amounts), Side(one.after, after.marks, after.amounts)
    for claim in claims(one, *sides, words, frozenset(respelled)):
        yield Fact(
            claim.kind,
            claim.change,
            one.before.words(claim.b0, claim.b1),
            one.after.words(claim.a0, claim.a1),
            Place(one.row, claim.run.span),
        )


def _changes_words(one: Passage) -> bool:
    """Whether any word changed, not punctuation alone."""
    return any(
        any(map(is_word, one.before.keys[run.b0 : run.b1]))
        or any(map(is_word, one.after.keys[run.a0 : run.a1]))
        for run in one.runs
    )


class _Read:
    """One side of a passage with what was found in it, looked for when somebody asks."""

    def __init__(self, one: Passage, side: Literal["before", "after"], words: Lexicon) -> None:
        self._one = one
        self._side = side
        self._text = one.before if side == "before" else one.after
        self._runs = one.run_before if side == "before" else one.run_after
        self._words = words
        self.marks = [
            _month_of_may(self._text, mark) if mark.value == _MAY else mark
            for mark in words.marks(self._text.keys)
        ]
        self.by_place = {mark.start: mark for mark in self.marks}

    @cached_property
    def dates(self) -> list[Date]:
        return dates(self._text, self._words, self.by_place)

    @cached_property
    def amounts(self) -> list[Amount]:
        taken = frozenset(place for date in self.dates for place in range(date.start, date.stop))
        return amounts(self._text, self._words, self.by_place, taken)

    @cached_property
    def names(self) -> list[naming.Name]:
        near = self._one.near_before if self._side == "before" else self._one.near_after
        return naming.names(self._text, self._words, self.by_place, near)

    @cached_property
    def may_date(self) -> bool:
        """Whether a date may have changed."""
        if self.may_count or "半" in map(self._text.keys.__getitem__, self._runs):
            return True
        return any(not mark.categories.isdisjoint(_DATED) and self._is_changed(mark) for mark in self.marks)

    @cached_property
    def may_count(self) -> bool:
        """Whether a number may have changed."""
        return any_numeric(self._text, self._words, self.by_place, self._runs)

    @property
    def may_claim(self) -> bool:
        """Whether a claim may have changed: one of its words did, or something near a verb of saying."""
        changed = list(self._runs)
        reach = LONGEST_QUOTED if self._words.language == "ja" else SOURCE
        for mark in self.marks:
            if mark.categories.isdisjoint(CLAIMS):
                continue
            if self._is_changed(mark):
                return True
            if not mark.categories.isdisjoint(SOURCES):
                near = bisect_left(changed, mark.start - reach)
                if near < len(changed) and changed[near] <= mark.stop + SOURCE:
                    return True
        return False

    @property
    def may_name(self) -> bool:
        """Whether a name may have changed."""
        if self._words.language in ("zh", "ja", "ar"):
            return bool(self._runs)
        changed = "".join(map(self._text.tokens.__getitem__, self._runs))
        return changed != changed.lower()

    def _is_changed(self, mark: Mark) -> bool:
        return not self._runs.keys().isdisjoint(range(mark.start, mark.stop))


def _month_of_may(text: Text, mark: Mark) -> Mark:
    """The English "May" is a month where it has a capital amid a sentence or before a day, else a verb."""
    if not mark.is_a("hedge"):
        return mark
    following = text.keys[mark.stop] if mark.stop < len(text.keys) else ""
    capital = text.tokens[mark.start][:1].isupper()
    if capital and (following[:1].isdigit() or not text.starts_sentence(mark.start)):
        return mark._replace(categories=frozenset({"month"}))
    return mark._replace(categories=frozenset({"hedge"}), value="may")


def _pairs(
    one: Passage,
    kind: Kind,
    old: Sequence[Thing],
    new: Sequence[Thing],
    equal: Callable[[Thing, Thing], bool],
    akin: Callable[[Thing, Thing], bool],
    context: Callable[[Thing, Thing], bool],
) -> Iterator[Fact]:
    for thing, other in exchanged(one, old, new, equal, akin, context):
        yield _fact(one, kind, thing, other)


def _fact(one: Passage, kind: Kind, old: Found, new: Found) -> Fact:
    runs = [one.run_before[place] for place in range(old.start, old.stop) if place in one.run_before]
    runs += [one.run_after[place] for place in range(new.start, new.stop) if place in one.run_after]
    return Fact(
        kind,
        How.CHANGED,
        _own_words(one.before, old),
        _own_words(one.after, new),
        Place(one.row, runs[0].span if runs else one.runs[0].span),
        (new.noun or old.noun) if isinstance(new, Amount) and isinstance(old, Amount) else "",
    )


def _own_words(text: Text, found: Found) -> str:
    words = text.words(found.start, found.stop)
    return words[found.written_on :] if isinstance(found, Amount) else words


def _only_capitals(one: Passage, old: naming.Name, new: naming.Name) -> bool:
    """Whether what only one of two names has stands beside the other too, in small letters or as it is."""
    old_words, new_words = {word.casefold() for word in old.words}, {word.casefold() for word in new.words}
    near_old = set(one.before.keys[max(0, old.start - _NEAR) : old.stop + _NEAR])
    near_new = set(one.after.keys[max(0, new.start - _NEAR) : new.stop + _NEAR])
    return old_words - new_words <= near_new and new_words - old_words <= near_old


def _same_date(one: Date, other: Date) -> bool:
    """Whether two dates say nothing different: what only one of them says is no difference."""
    common = one.parts.keys() & other.parts.keys()
    return bool(common) and all(
        _same_time(one.parts[part], other.parts[part])
        if part == "time"
        else one.parts[part] == other.parts[part]
        for part in common
    )


def _same_time(one: str, other: str) -> bool:
    """Whether two times of day, "5:00p" or "17:00", are one; without a half of the day 5:00 may be 17:00."""
    if one == other:
        return True
    minutes = [_minutes(time) for time in (one, other)]
    return minutes[0] == minutes[1] or (
        one[-1:].isalpha() != other[-1:].isalpha() and (minutes[0] - minutes[1]) % 720 == 0
    )


def _minutes(time: str) -> int:
    hour, minute = time.rstrip("ap").split(":")
    half = 720 if time.endswith("p") else 0
    return (int(hour) % 12 if time[-1:].isalpha() else int(hour)) * 60 + int(minute) + half


def _dates_akin(one: Date, other: Date) -> bool:
    if one.parts.keys() & other.parts.keys():
        return True
    days = {"relative", "weekday", "day"}
    return not days.isdisjoint(one.parts) and not days.isdisjoint(other.parts)


def _same_amount(one: Amount, other: Amount) -> bool:
    """Whether two quantities have one value; a unit that only one of them has is no difference."""
    if abs(one.value - other.value) > 1e-9 * max(1.0, abs(one.value)):
        return False
    return (
        one.unit == other.unit
        or not one.unit
        or not other.unit
        or not (one.unit.isalpha() and other.unit.isalpha())
    )


def _amounts_akin(one: Amount, other: Amount) -> bool:
    return one.value != other.value and (
        (one.unit == "%") == (other.unit == "%") or not (one.unit and other.unit)
    )


def _same_noun(one: Amount, other: Amount) -> bool:
    if one.unit and one.unit == other.unit and not one.noun:
        return True
    return bool(one.noun) and one.noun[:_NOUN_STEM] == other.noun[:_NOUN_STEM]


def _quotes(
    before: Sequence[tuple[int | None, str]],
    after: Sequence[tuple[int | None, str]],
    rows: dict[int, Row],
    language: str,
) -> Iterator[Fact]:
    """The quotations that were altered, added and removed in changed places."""
    old = [one for place, (_, text) in enumerate(before) for one in quoted(text, place, language)]
    new = [one for place, (_, text) in enumerate(after) for one in quoted(text, place, language)]
    if not old and not new:
        return
    altered, gone, added = changed(old, new)
    for one, other in altered:
        yield Fact(Kind.QUOTE, How.CHANGED, one.text, other.text, _quote_place(after, rows, other, "+"))
    for one in gone:
        yield Fact(Kind.QUOTE, How.REMOVED, one.text, "", _quote_place(before, rows, one, "-"))
    for other in added:
        yield Fact(Kind.QUOTE, How.ADDED, "", other.text, _quote_place(after, rows, other, "+"))


def _quote_place(
    texts: Sequence[tuple[int | None, str]], rows: dict[int, Row], quotation: Quotation, side: str
) -> Place:
    number = texts[quotation.paragraph][0]
    if number is None or number not in rows:
        return Place(number, 0)
    first = next((place for place, span in enumerate(rows[number].spans) if span.tag == side), 0)
    return Place(number, first)
