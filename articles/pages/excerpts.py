"""The stored excerpt of a change, as spans ``[tag, text]`` of kept, removed and added words."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from django.utils.translation import gettext as _


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


def plain(spans: Sequence[Sequence[str]]) -> str:
    """The excerpt as a line of text, its changes in square brackets."""
    marks = {"=": "{}", "-": _("[removed:") + " {}]", "+": _("[added:") + " {}]"}
    return "".join(marks[tag].format(text) + space for tag, text, space in parts(spans))
