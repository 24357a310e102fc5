"""Whether a text breaks off at a gate behind which the rest stands, which is no edit. Pure."""

from collections.abc import Sequence

from articles.extract import Story
from articles.models.text_storage import Text
from articles.watch.check.page import compared_of

_CUT = " .…"
"""What stands where a paragraph is cut."""


def may_be_gated(latest: Text, story: Story) -> bool:
    """Return whether the page of the text before has to be read to tell whether *story* breaks off at a gate
    that did not stand there before. latest: what is compared of the text in force."""
    return _is_gated(story) and breaks_off(latest.paragraphs, compared_of(story).paragraphs)


def is_cut_by_a_gate(before: Story, story: Story) -> bool:
    """Return whether *story* is the beginning of the story *before* and no more, and ends at a gate that was
    not there: the page is read for nothing no longer. Where the gate was there before, its text is edited."""
    new = _is_gated(story) and not _is_gated(before)
    return new and breaks_off(compared_of(before).paragraphs, compared_of(story).paragraphs)


def breaks_off(before: Sequence[str], now: Sequence[str]) -> bool:
    """Return whether the paragraphs of *now* are the first ones of *before*, the last perhaps cut, and not
    all of them."""
    if not now or len(now) > len(before) or tuple(before) == tuple(now):
        return False
    *whole, last = now
    return list(before[: len(whole)]) == whole and before[len(whole)].startswith(last.rstrip(_CUT))


def _is_gated(story: Story) -> bool:
    return story.gated or story.claims.free is False
