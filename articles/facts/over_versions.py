"""The story so far: numbers and quotations followed over the versions of an article."""

from collections.abc import Sequence
from typing import NamedTuple

from articles.diff.tokens import tokenise
from articles.facts.disclosure import amounts_in
from articles.facts.fact import Fact, How, Kind
from articles.facts.lexicon import lexicon
from articles.facts.names import names
from articles.facts.passages import Text

_STEM = 4  # letters by which two forms of the word that is counted are one


class Step(NamedTuple):
    """The words that stood there from a version on, in the words of the text ("" once it is gone)."""

    version: int
    text: str


class Course(NamedTuple):
    """A number over the versions: what is counted, and its values; the first is of the version before."""

    about: str
    steps: tuple[Step, ...]


class QuotationLife(NamedTuple):
    """A quotation over the versions: its words after each change, the last "" where it was removed."""

    steps: tuple[tuple[int, How, str], ...]


class NamedSource(NamedTuple):
    """A source without a name that got one with a version."""

    version: int
    before: str
    after: str


class Story(NamedTuple):
    """The courses that can be followed over the versions of an article."""

    numbers: tuple[Course, ...]
    quotations: tuple[QuotationLife, ...]
    named: tuple[NamedSource, ...]


def story_so_far(versions: Sequence[tuple[int, Sequence[Fact]]], language: str = "") -> Story:
    """Follow numbers and quotations over versions, each given with the facts of the change that made it.

    A number goes on in the next fact whose old value is its last and that counts the same; a quotation in the
    next whose old words are its last. Linear in the facts, but for open courses of one value.
    """
    numbers: list[tuple[str, list[Step]]] = []
    quotations: list[list[tuple[int, How, str]]] = []
    named: list[NamedSource] = []
    for version, facts in versions:
        for fact in facts:
            if fact.kind is Kind.NUMBER:
                _go_on(numbers, version, fact, language)
            elif fact.kind is Kind.QUOTE:
                _live_on(quotations, version, fact)
            elif fact.kind is Kind.ATTRIBUTION and _got_a_name(fact, language):
                named.append(NamedSource(version, fact.before, fact.after))
    return Story(
        tuple(Course(about, tuple(steps)) for about, steps in numbers),
        tuple(QuotationLife(tuple(steps)) for steps in quotations),
        tuple(named),
    )


def _go_on(courses: list[tuple[str, list[Step]]], version: int, fact: Fact, language: str) -> None:
    old = _value(fact.before, language)
    for about, steps in reversed(courses):
        same = not about or not fact.about or about[:_STEM] == fact.about[:_STEM]
        if same and _value(steps[-1].text, language) == old and steps[-1].version < version:
            steps.append(Step(version, fact.after))
            return
    courses.append((fact.about, [Step(version - 1, fact.before), Step(version, fact.after)]))


def _value(written: str, language: str) -> float | str:
    found = amounts_in(written, language)
    return found[0].value if found else written


def _live_on(lives: list[list[tuple[int, How, str]]], version: int, fact: Fact) -> None:
    step = version, fact.change, fact.after
    if fact.before:
        for steps in reversed(lives):
            if steps[-1][2] == fact.before and steps[-1][0] < version:
                steps.append(step)
                return
        lives.append([(version - 1, How.ADDED, fact.before), step])
    else:
        lives.append([step])


def _got_a_name(fact: Fact, language: str) -> bool:
    """Whether a source without a name was exchanged for one with a name."""
    return bool(fact.before and fact.after) and _has_name(fact.after, language) > _has_name(
        fact.before, language
    )


def _has_name(written: str, language: str) -> bool:
    words = lexicon(language)
    text = Text(tokenise(f"– {written}"), words.language)
    return bool(names(text, words, {mark.start: mark for mark in words.marks(text.keys)}))
