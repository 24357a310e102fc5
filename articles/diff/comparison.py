"""What a comparison of two texts found: rows of paragraphs, each with its spans of words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from articles.diff.tokens import words

Kind = Literal["same", "edited", "added", "removed", "moved", "split", "merged"]
Tag = Literal["=", "-", "+"]

DIFF_VERSION = 2
"""The version of the rules of comparison, part of every stored count and cache key made from one.

2: a changed fact stands by itself; words are counted that really changed; a paragraph that moved and was cut
is one. 1: before versions were told apart.
"""

# Shorter runs of unchanged words are mostly chance ("of the").
_KEPT_RUN = 3


class Span(NamedTuple):
    """A stretch of a row: kept ("="), removed ("-") or added ("+").

    ``before`` and ``after`` are its text on either side, "" on the side where it does not stand.
    Those of a kept span may differ in quotes, dashes, white space and the like.
    """

    tag: Tag
    before: str
    after: str


Tokens = tuple[list[str], list[str]]
"""The text before and the text after of a span, split as they were compared."""


class Row(NamedTuple):
    """Paragraphs that belong together, by their indexes on both sides.

    Its spans give back both texts; several paragraphs are joined by a line break. ``taken_in`` counts the
    words of each stretch that did not change but is shown as changed, because its neighbours read better
    as one change. ``tokens`` are those of each span, () where words were not compared.
    """

    kind: Kind
    before: tuple[int, ...]
    after: tuple[int, ...]
    spans: tuple[Span, ...]
    taken_in: tuple[int, ...] = ()
    tokens: tuple[Tokens, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Two lists of paragraphs compared; every paragraph stands in exactly one row.

    Rows are in the reading order of the text after. A removed paragraph stands where it was, a moved
    one at its new place.
    """

    rows: tuple[Row, ...]

    @cached_property
    def changes(self) -> tuple[Row, ...]:
        """The rows that are not the same on both sides: what pages number c1, c2, …"""
        return tuple(row for row in self.rows if row.kind != "same")

    @property
    def changed(self) -> bool:
        """Whether anything differs but typography."""
        return bool(self.changes)

    @cached_property
    def words_added(self) -> int:
        """Words (not punctuation) that were really added: not those taken into a change for reading."""
        return sum(
            sum(words(span.after) for span in row.spans if span.tag == "+") - sum(row.taken_in)
            for row in self.changes
        )

    @cached_property
    def words_removed(self) -> int:
        """Words (not punctuation) that were really removed: not those taken into a change for reading."""
        return sum(
            sum(words(span.before) for span in row.spans if span.tag == "-") - sum(row.taken_in)
            for row in self.changes
        )

    @cached_property
    def words_before(self) -> int:
        """All words (not punctuation) of the text before."""
        return sum(words(span.before) for row in self.rows for span in row.spans)

    @cached_property
    def kept(self) -> float:
        """The share (0 to 1) of the words before that were kept, in runs of three and more.

        Where nothing changed between two changes that are shown as one, it counts as kept all the same.
        1.0 where there were no words before.
        """
        total = kept = 0
        for row in self.rows:
            kept += sum(count for count in row.taken_in if count >= _KEPT_RUN)
            for span in row.spans:
                count = words(span.before)
                total += count
                if span.tag == "=" and (count >= _KEPT_RUN or row.kind == "same"):
                    kept += count
        return kept / total if total else 1.0

    def to_dict(self) -> Mapping[str, object]:
        """The rows as plain JSON values: ``{"rows": [{"kind", "before", "after", "spans"}]}``.

        A span is ``[tag, text]``, or ``["=", [before, after]]`` where typography differs.
        """
        return {
            "rows": [
                {
                    "kind": row.kind,
                    "before": list(row.before),
                    "after": list(row.after),
                    "spans": [_plain(span) for span in row.spans],
                }
                for row in self.rows
            ]
        }


def _plain(span: Span) -> list[object]:
    tag, before, after = span
    if tag == "-":
        return [tag, before]
    if tag == "+" or before == after:
        return [tag, after]
    return [tag, after] if before.split() == after.split() else [tag, [before, after]]
