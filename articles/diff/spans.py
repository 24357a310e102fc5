"""Words compared inside linked paragraphs, made readable."""

from collections.abc import Iterable, Sequence

from .comparison import Span, Tag
from .side import Side
from .tokens import Lexicon
from .wording import Run, changed_runs

# Where one of several paragraphs ends; white space is not compared, so it costs nothing.
_BREAK = "\n"


def compare_words(
    before: Side, after: Side, rows: Sequence[int], columns: Sequence[int], lexicon: Lexicon
) -> tuple[Span, ...]:
    """The spans of linked paragraphs; several are joined by a line break."""
    x = "".join(before.codes(i) for i in rows)
    y = "".join(after.codes(j) for j in columns)
    if x == y:
        return whole_span("=", [before.texts[i] for i in rows], [after.texts[j] for j in columns])
    return tuple(_spans(_joined(before, rows), _joined(after, columns), changed_runs(x, y, lexicon)))


def whole_span(tag: Tag, before: Sequence[str], after: Sequence[str]) -> tuple[Span, ...]:
    return (Span(tag, _BREAK.join(before), _BREAK.join(after)),)


def _joined(side: Side, numbers: Sequence[int]) -> list[str]:
    tokens = list(side.tokens(numbers[0]))
    for i in numbers[1:]:
        if tokens:
            tokens[-1] = tokens[-1].rstrip() + _BREAK
        tokens += side.tokens(i)
    return tokens


def _spans(before: list[str], after: list[str], runs: Iterable[Run]) -> Iterable[Span]:
    b = a = 0
    for run in runs:
        if run.b0 > b:
            yield Span("=", "".join(before[b : run.b0]), "".join(after[a : run.a0]))
        if run.b1 > run.b0:
            yield Span("-", "".join(before[run.b0 : run.b1]), "")
        if run.a1 > run.a0:
            yield Span("+", "", "".join(after[run.a0 : run.a1]))
        b, a = run.b1, run.a1
    if b < len(before):
        yield Span("=", "".join(before[b:]), "".join(after[a:]))
