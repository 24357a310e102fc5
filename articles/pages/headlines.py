"""A changed headline as lists have it: in one line with its marks, or the new one and what it was."""

from typing import NamedTuple

from articles.diff import compare_lines
from articles.models import Version
from articles.pages.words import shortened

REWRITTEN = 0.5
"""Headlines less alike than this are unreadable in one line (so does ``articles.diff.html`` have it)."""


class ChangedHeadline(NamedTuple):
    """``spans`` are ``(tag, text)`` of kept, removed and added words; () for a headline written anew."""

    now: str
    was: str
    spans: tuple[tuple[str, str], ...] = ()


def changed_headline(version: Version) -> ChangedHeadline | None:
    """The headline of a change; None where it stayed as it was, or had been empty."""
    if not version.headline_before:
        return None
    was, now = shortened(version.headline_before), shortened(version.headline)
    spans, likeness = compare_lines(was, now)
    if likeness < REWRITTEN or not now:
        return ChangedHeadline(now, was)
    return ChangedHeadline(
        now, was, tuple((span.tag, span.before if span.tag == "-" else span.after) for span in spans)
    )
