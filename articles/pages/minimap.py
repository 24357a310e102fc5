"""The changes of a long diff beside it, each where it stands in the text."""

from itertools import accumulate
from typing import NamedTuple

from articles.diff import Comparison

HEIGHT = 1000
_LEAST_HEIGHT = 6.0
_LONG = 3500
"""Characters from which a text is so long that its changes can't be seen at once: about 600 words."""


class Mark(NamedTuple):
    """A change: its anchor, its kind (that of its row), and where it stands, of ``HEIGHT``."""

    anchor: str
    kind: str
    top: str
    height: str


def minimap(comparison: Comparison) -> list[Mark]:
    """The marks of a text's changes; none of a short text, or where there is but one change."""
    lengths = [
        max(sum(len(span.before) for span in row.spans), sum(len(span.after) for span in row.spans))
        for row in comparison.rows
    ]
    whole = sum(lengths)
    if whole < _LONG or len(comparison.changes) < 2:
        return []
    places = accumulate(lengths, initial=0)
    changed = (
        (row, place, length)
        for row, place, length in zip(comparison.rows, places, lengths, strict=False)
        if row.kind != "same"
    )
    marks = []
    for number, (row, place, length) in enumerate(changed, 1):
        height = max(HEIGHT * length / whole, _LEAST_HEIGHT)
        top = min(HEIGHT * place / whole, HEIGHT - height)
        marks.append(Mark(f"c{number}", row.kind, f"{top:.1f}", f"{height:.1f}"))
    return marks
