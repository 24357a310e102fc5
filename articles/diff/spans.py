"""Words compared inside linked paragraphs, made readable."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from articles.diff.comparison import Span, Tag, Tokens
from articles.diff.readable import readable
from articles.diff.side import Side
from articles.diff.tokens import is_word
from articles.diff.wording import Run, Text, shortest_runs

# Where one of several paragraphs ends; white space is not compared, so it costs nothing.
_BREAK = "\n"


class Words(NamedTuple):
    """The spans of linked paragraphs with their tokens, and the words in each stretch that was taken into
    them for reading."""

    spans: tuple[Span, ...]
    taken_in: tuple[int, ...] = ()
    tokens: tuple[Tokens, ...] = ()


def compare_words(before: Side, after: Side, rows: Sequence[int], columns: Sequence[int]) -> Words:
    """The words of linked paragraphs compared; several paragraphs are joined by a line break."""
    x, y = _joined(before, rows), _joined(after, columns)
    if x.codes == y.codes:
        return Words(whole_span("=", [before.texts[i] for i in rows], [after.texts[j] for j in columns]))
    changes = readable(shortest_runs(x.codes, y.codes), x, y)
    spans, tokens = _spans(x.tokens, y.tokens, [change.run for change in changes])
    return Words(
        spans,
        tuple(
            sum(map(is_word, x.tokens[part.b1 : following.b0]))
            for change in changes
            for part, following in pairwise(change.parts)
        ),
        tokens,
    )


def whole_span(tag: Tag, before: Sequence[str], after: Sequence[str]) -> tuple[Span, ...]:
    return (Span(tag, _BREAK.join(before), _BREAK.join(after)),)


def _joined(side: Side, numbers: Sequence[int]) -> Text:
    if len(numbers) == 1:
        return side.split(numbers[0])
    tokens: list[str] = []
    for i in numbers:
        if tokens:
            tokens[-1] = tokens[-1].rstrip() + _BREAK
        tokens += side.split(i).tokens
    return Text("".join(side.codes(i) for i in numbers), tokens)


def _spans(
    before: list[str], after: list[str], runs: Sequence[Run]
) -> tuple[tuple[Span, ...], tuple[Tokens, ...]]:
    tags: list[Tag] = []
    tokens: list[Tokens] = []
    b = a = 0
    for run in runs:
        if run.b0 > b:
            tags.append("=")
            tokens.append((before[b : run.b0], after[a : run.a0]))
        if run.b1 > run.b0:
            tags.append("-")
            tokens.append((before[run.b0 : run.b1], []))
        if run.a1 > run.a0:
            tags.append("+")
            tokens.append(([], after[run.a0 : run.a1]))
        b, a = run.b1, run.a1
    if b < len(before):
        tags.append("=")
        tokens.append((before[b:], after[a:]))
    spans = (Span(tag, "".join(x), "".join(y)) for tag, (x, y) in zip(tags, tokens, strict=True))
    return tuple(spans), tuple(tokens)
