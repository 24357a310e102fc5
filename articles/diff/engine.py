"""From two lists of paragraphs to rows in reading order."""

from collections.abc import Iterator, Sequence

from articles.diff.align import Alignment, align
from articles.diff.chain import Link
from articles.diff.comparison import Comparison, Kind, Row, Span
from articles.diff.likeness import share_in_common
from articles.diff.side import Side
from articles.diff.spans import compare_words
from articles.diff.tokens import Lexicon
from articles.diff.wording import Text

_MOST_BYTES = 1 << 20


def compare(before: Sequence[str], after: Sequence[str]) -> Comparison:
    """Compare two texts, each a sequence of paragraphs.

    Raises ValueError for a text of more than 1 MiB (UTF-8, all paragraphs of a side together) and for
    one with lone surrogates, which no page could show. Time and memory stay bounded for any other.
    """
    _accept(before, "before")
    _accept(after, "after")
    lexicon = Lexicon()
    seen: dict[str, Text] = {}
    side_before, side_after = Side(before, lexicon, seen), Side(after, lexicon, seen)
    alignment = align(side_before, side_after)
    return Comparison(tuple(_rows(side_before, side_after, alignment)))


def compare_lines(before: str, after: str) -> tuple[tuple[Span, ...], float]:
    """Two single lines compared word by word, however unlike; and their likeness, 0 to 1."""
    sides = _lines(before, after)
    return compare_words(*sides, [0], [0]).spans, share_in_common(sides[0].codes(0), sides[1].codes(0))


def line_likeness(before: str, after: str) -> float:
    """How alike two single lines are, 0 to 1: the share of their words in common."""
    sides = _lines(before, after)
    return share_in_common(sides[0].codes(0), sides[1].codes(0))


def _lines(before: str, after: str) -> tuple[Side, Side]:
    _accept([before], "before")
    _accept([after], "after")
    lexicon = Lexicon()
    seen: dict[str, Text] = {}
    return Side([before], lexicon, seen), Side([after], lexicon, seen)


def _accept(paragraphs: Sequence[str], side: str) -> None:
    if isinstance(paragraphs, str):
        raise TypeError(f"The text {side} is one string: give its paragraphs, as a list of strings.")
    text = "".join(paragraphs)
    try:
        size = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError as problem:
        raise ValueError(
            f"The text {side} holds a lone surrogate ({problem}): decode it with errors='replace' first."
        ) from problem
    if size > _MOST_BYTES:
        raise ValueError(
            f"The text {side} has {size:,} bytes, over the limit of {_MOST_BYTES:,}: compare a part of it."
        )


def _rows(before: Side, after: Side, alignment: Alignment) -> Iterator[Row]:
    moved_from = {link.b0 for link in alignment.moved}
    moved_to = {link.a0: link for link in alignment.moved}
    end = Link(len(before), len(before), len(after), len(after), 0)
    b = a = 0
    for link in [*alignment.kept, end]:
        for i in range(b, link.b0):
            if i not in moved_from:
                yield Row("removed", (i,), (), (Span("-", before.texts[i], ""),))
        for j in range(a, link.a0):
            if j in moved_to:
                yield _linked(before, after, moved_to[j], moved=True)
            else:
                yield Row("added", (), (j,), (Span("+", "", after.texts[j]),))
        if link is not end:
            yield _linked(before, after, link)
        b, a = link.b1, link.a1


def _linked(before: Side, after: Side, link: Link, moved: bool = False) -> Row:
    kind = _kind(before, after, link, moved)
    if kind == "same":
        kept = Span("=", before.texts[link.b0], after.texts[link.a0])
        return Row(kind, (link.b0,), (link.a0,), (kept,))
    rows, columns = range(link.b0, link.b1), range(link.a0, link.a1)
    return Row(kind, tuple(rows), tuple(columns), *compare_words(before, after, rows, columns))


def _kind(before: Side, after: Side, link: Link, moved: bool) -> Kind:
    if moved:
        return "moved"
    if link.a1 - link.a0 > 1:
        return "split"
    if link.b1 - link.b0 > 1:
        return "merged"
    text_before, text_after = before.texts[link.b0], after.texts[link.a0]
    if text_before == text_after or before.codes(link.b0) == after.codes(link.a0):
        return "same"
    return "edited"
