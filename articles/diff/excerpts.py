"""The changed sentences that tell most, for lists and feeds."""

import re
from collections.abc import Iterator, Sequence

from articles.diff.comparison import Comparison, Row, Span
from articles.diff.marks import spaced
from articles.diff.tokens import words

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|(?<=[。！？])[」』”’]*|\n")
_FIGURE = re.compile(r"\d+")
_QUOTE = re.compile('["“”„«»「」]')

# What makes a changed sentence telling, in words it is worth: other figures, a quotation, words put in
# the place of others amid kept ones; and how much of it changed, up to about a line.
_FIGURES_DIFFER = 6
_QUOTATION = 4
_REWORDED = 8
_MOST_WORDS = 12

_CONTEXT = 60  # characters kept either side of a change when a sentence is too long


def telling(comparison: Comparison, *, most: int, limit: int = 240) -> list[list[Span]]:
    """The spans of the most telling changed sentences, the best first, each about ``limit`` characters."""
    found = [
        (_weight(sentence), -number, sentence)
        for number, sentence in enumerate(
            sentence for row in comparison.changes for sentence in _changed_sentences(row)
        )
    ]
    found.sort(key=lambda item: item[:2], reverse=True)
    return [_shortened(sentence, limit) for _, _, sentence in found[:most]]


def _changed_sentences(row: Row) -> Iterator[list[Span]]:
    """A row cut at the sentence ends that both texts share, and a wholly new or lost one at any."""
    whole = len(row.spans) == 1
    sentence: list[Span] = []
    for span in spaced(row.spans):
        if span.tag != "=" and not whole:
            sentence.append(span)
            continue
        for number, piece in enumerate(_sentences(span.before if span.tag == "-" else span.after)):
            if number:
                if _is_changed(sentence):
                    yield sentence
                sentence = []
            if piece:
                sentence.append(_span(span, piece))
    if _is_changed(sentence):
        yield sentence


def _sentences(text: str) -> list[str]:
    """The text cut after each end of a sentence; the last piece may be empty or unfinished."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return [text[start:stop] for start, stop in zip([0, *ends], [*ends, len(text)], strict=True)]


def _span(like: Span, text: str) -> Span:
    return Span(like.tag, text if like.tag != "+" else "", text if like.tag != "-" else "")


def _is_changed(sentence: Sequence[Span]) -> bool:
    return any(words(span.before + span.after) for span in sentence if span.tag != "=")


def _weight(sentence: Sequence[Span]) -> int:
    removed = "".join(span.before for span in sentence if span.tag == "-")
    added = "".join(span.after for span in sentence if span.tag == "+")
    kept = any(words(span.after) > 2 for span in sentence if span.tag == "=")
    return (
        min(words(removed) + words(added), _MOST_WORDS)
        + _FIGURES_DIFFER * (_FIGURE.findall(removed) != _FIGURE.findall(added))
        + _QUOTATION * bool(_QUOTE.search(removed + added))
        + _REWORDED * bool(kept and removed and added)
    )


def _shortened(sentence: Sequence[Span], limit: int) -> list[Span]:
    """The sentence within about the limit: long spans are cut, then spans after the first change."""
    if sum(len(_text(span)) for span in sentence) <= limit:
        return list(sentence)
    short: list[Span] = []
    room = limit
    most = limit if len(sentence) == 1 else limit // 3
    for place, span in enumerate(sentence):
        text = _text(span)
        if span.tag == "=":
            text = _around(text, first=place == 0, last=place == len(sentence) - 1)
        else:
            text = _cut(text, most)
        if len(text) > room and _is_changed(short):
            break
        short.append(_span(span, text))
        room -= len(text)
    return short


def _text(span: Span) -> str:
    return span.before if span.tag == "-" else span.after


def _around(text: str, *, first: bool, last: bool) -> str:
    """Kept text without its part far from the changes before and after it."""
    if len(text) <= (1 if first or last else 2) * _CONTEXT:
        return text
    start, end = text[:_CONTEXT], text[-_CONTEXT:]
    head = "" if first else start.rpartition(" ")[0] or start
    tail = "" if last else end.partition(" ")[2] or end
    return f"{head} … {tail}".strip(" ") if head and tail else f"{head}…{tail}"


def _cut(text: str, room: int) -> str:
    """The start of a text, ended between words where it has any."""
    if len(text) <= room:
        return text
    head = text[:room]
    whole = head.rpartition(" ")[0]
    return (whole if len(whole) > room // 2 else head) + "… "


def changed_sentence(
    comparison: Comparison, row: int, span: int, holding: str, limit: int = 240
) -> list[Span]:
    """The changed sentence of a row (by its number) that shows a span, or of a wholly new or lost row that
    holds some words; about ``limit`` characters, [] where there is none.
    """
    spans = comparison.rows[row].spans
    wanted = sum(one.tag != "=" for one in spans[:span])
    seen = 0
    for sentence in _changed_sentences(comparison.rows[row]):
        if len(spans) == 1:
            if holding in "".join(map(_text, sentence)):
                return _shortened(sentence, limit)
            continue
        seen += sum(one.tag != "=" for one in sentence)
        if seen > wanted:
            return _shortened(sentence, limit)
    return []
