"""Which paragraphs came or went with a change, and texts without some of them. Pure.

A paragraph is known by its signature, whatever its typography (``articles.models.quarantine.signature``).
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, compress
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from articles.diff import key
from articles.extract import Story
from articles.models import Alteration
from articles.models.quarantine import signature
from articles.models.text_storage import Text

MOST_NOTED = 100
"""Paragraphs noted of one change; a template has fewer, and a text written anew needs no comparing."""

T = TypeVar("T", Text, Story)


class Altered(NamedTuple):
    """A paragraph that came (or went) with a change; its place if that is apart from the plain ones."""

    text: str
    came: bool
    place: str = ""


def altered(
    before: Text, after: Text | Story, places: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Altered]:
    """The paragraphs that came or went, by signature; ``Alteration.BESIDES`` if there is more to the change.

    A paragraph that moved, or changed in its typography only, did neither; one whose numbers changed came.

    places: of paragraphs that stand apart from the plain ones, each by its text.
    """
    went = _by_signature(Counter(before.paragraphs) - Counter(after.paragraphs))
    came = _by_signature(Counter(after.paragraphs) - Counter(before.paragraphs))
    found = {
        name: Altered(text, False, places.get(text, "")) for name, text in went.items() if name not in came
    }
    found |= {
        name: Altered(text, True, places.get(text, ""))
        for name, text in came.items()
        if name not in went or key(text) != key(went[name])
    }
    same_lines = (key(before.headline), key(before.byline)) == (key(after.headline), key(after.byline))
    if not same_lines or len(found) > MOST_NOTED:
        found = dict(list(found.items())[:MOST_NOTED])
        found[Alteration.BESIDES] = Altered("", True)
    return found


def _by_signature(paragraphs: Counter[str]) -> dict[str, str]:
    return {signature(text): text for text in paragraphs}


def standing_in_one(before: Text, after: Text | Story, signatures: Collection[str]) -> frozenset[str]:
    """Return those of *signatures* whose paragraphs stand in one of the texts only, or with other numbers."""
    if not signatures:
        return frozenset()
    apart = _found_in(before.paragraphs, signatures) ^ _found_in(after.paragraphs, signatures)
    return frozenset(name for name, _ in apart)


def without_what_is_new(page: T, stored: Sequence[str], signatures: Collection[str]) -> T:
    """*page* without the paragraphs of these *signatures* that do not stand in *stored*: a stored page read
    again, from which undecided paragraphs were left out when its version was made."""
    if not signatures:
        return page
    known = {name for name, _ in _found_in(stored, signatures)}
    return left_out(page, {name for name, _ in _found_in(page.paragraphs, signatures)} - known)


def _found_in(paragraphs: Sequence[str], signatures: Collection[str]) -> set[tuple[str, str]]:
    """The paragraphs of these signatures: (signature, what tells it from one with other numbers)."""
    named = ((signature(paragraph), paragraph) for paragraph in paragraphs)
    return {(name, key(paragraph)) for name, paragraph in named if name in signatures}


def left_out(text: T, signatures: Collection[str]) -> T:
    """*text* without the paragraphs of these signatures."""
    if not signatures:
        return text
    return only(text, [signature(paragraph) not in signatures for paragraph in text.paragraphs])


def only(text: T, stays: Sequence[bool]) -> T:
    """*text* with only those of its paragraphs that stay: for each, in order, whether it does."""
    if all(stays):
        return text
    paragraphs = tuple(compress(text.paragraphs, stays))
    if not isinstance(text, Story):
        return replace(text, paragraphs=paragraphs)
    before = [0, *accumulate(stays)]  # for each paragraph, how many stay before it
    entries = (replace(one, start=before[one.start], end=before[one.end]) for one in text.entries)
    return replace(
        text,
        paragraphs=paragraphs,
        blocks=tuple(compress(text.blocks, stays)),
        standfirst=before[text.standfirst],
        entries=tuple(one for one in entries if one.start < one.end),
    )
