"""The stored excerpt of a change, as spans ``[tag, text]`` of kept, removed and added words."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from django.utils.translation import gettext as _

_LEAD = 48
"""Characters of kept text before the first change, in lists."""


def parts(spans: Sequence[Sequence[str]]) -> Iterator[tuple[str, str, str]]:
    """Each span's tag, its text, and the space after it, which belongs to no mark.

    Removed words and the added ones that follow are kept apart where the texts themselves do not.
    """
    for (tag, text), following in zip_longest(spans, spans[1:]):
        bare = text.rstrip()
        space = text[len(bare) :]
        if tag == "-" and following and following[0] == "+":
            space = space or " "
        yield tag, bare, space


def from_change(spans: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The spans with little before the first change, so that a line cut at its end still shows that."""
    if not spans or spans[0][0] != "=" or len(spans[0][1]) <= _LEAD:
        return list(spans)
    tag, text = spans[0]
    end = text[-_LEAD:]
    return [(tag, f"…{end.partition(' ')[2] or end}"), *spans[1:]]


def plain(spans: Sequence[Sequence[str]]) -> str:
    """The excerpt as a line of text, its changes in square brackets."""
    marks = {"=": "{}", "-": _("[removed:") + " {}]", "+": _("[added:") + " {}]"}
    return "".join(marks[tag].format(text) + space for tag, text, space in parts(spans))
