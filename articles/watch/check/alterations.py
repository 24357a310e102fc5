"""Which paragraphs came or went with a change, and texts without some of them. Pure.

A paragraph is known by its signature, whatever its typography (``articles.models.quarantine.signature``).
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from articles.diff import key
from articles.extract import Story
from articles.models import Alteration
from articles.models.quarantine import signature, without
from articles.models.text_storage import Text

MOST_NOTED = 100
"""Paragraphs noted of one change; a template has fewer, and a text written anew needs no comparing."""

T = TypeVar("T", Text, Story)


class Altered(NamedTuple):
    """A paragraph that came (or went) with a change."""

    text: str
    came: bool


def altered(before: Text, after: Text | Story) -> dict[str, Altered]:
    """The paragraphs that came or went, by signature; ``Alteration.BESIDES`` if there is more to the change.

    A paragraph that moved, or changed in its typography only, did neither.
    """
    went = _by_signature(Counter(before.paragraphs) - Counter(after.paragraphs))
    came = _by_signature(Counter(after.paragraphs) - Counter(before.paragraphs))
    found = {name: Altered(text, False) for name, text in went.items() if name not in came}
    found |= {name: Altered(text, True) for name, text in came.items() if name not in went}
    same_lines = (key(before.headline), key(before.byline)) == (key(after.headline), key(after.byline))
    if not same_lines or len(found) > MOST_NOTED:
        found = dict(list(found.items())[:MOST_NOTED])
        found[Alteration.BESIDES] = Altered("", True)
    return found


def _by_signature(paragraphs: Counter[str]) -> dict[str, str]:
    return {signature(text): text for text in paragraphs}


def standing_in_one(before: Text, after: Story, signatures: Collection[str]) -> frozenset[str]:
    """Those of *signatures* whose paragraphs stand in one of the texts only."""
    if not signatures:
        return frozenset()
    return frozenset(_found_in(before.paragraphs, signatures) ^ _found_in(after.paragraphs, signatures))


def without_what_is_new(page: Text, stored: Sequence[str], signatures: Collection[str]) -> Text:
    """*page* without the paragraphs of these *signatures* that do not stand in *stored*: a stored page read
    again, from which undecided paragraphs were left out when its version was made."""
    if not signatures:
        return page
    return left_out(page, _found_in(page.paragraphs, signatures) - _found_in(stored, signatures))


def _found_in(paragraphs: Sequence[str], signatures: Collection[str]) -> set[str]:
    return set(map(signature, paragraphs)).intersection(signatures)


def left_out(text: T, signatures: Collection[str]) -> T:
    """*text* without the paragraphs of these signatures."""
    if not signatures:
        return text
    return replace(text, paragraphs=without(text.paragraphs, signatures))
