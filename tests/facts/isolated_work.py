"""Jobs for the isolated reader: to compare two texts and find the facts of their change."""

from collections.abc import Sequence

from articles.diff import compare
from articles.facts import facts


def count_facts(before: Sequence[str], after: Sequence[str], language: str) -> int:
    """How many facts there are of the change of one text into the other."""
    return len(facts(before, after, language=language, comparison=compare(before, after)))
