"""The changed sentences that tell most, for lists and feeds."""

import re
from collections.abc import Iterator, Sequence

from .comparison import Comparison, Row, Span
from .tokens import words

_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"'”’»)\]]*\s+|(?<=[。！？])|\n")
_QUOTE = re.compile('["“”„«»]')

# What makes a changed sentence telling: figures and quotations first, then how much of it changed,
# up to about a line; whole new or lost paragraphs tell less than a sentence that says something else.
_FIGURE = 6
_QUOTATION = 4
_MOST_WORDS = 12
_REWORDED = 5
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
    """A row cut at the sentence ends that both texts share; only what changed."""
    sentence: list[Span] = []
    for span in row.spans:
        if span.tag != "=":
            sentence.append(span)
            continue
        pieces = _sentences(span.after)
        for place, piece in enumerate(pieces):
            if place and _is_changed(sentence):
                yield sentence
            if place:
                sentence = []
            if piece:
                sentence.append(Span("=", piece, piece))
    if _is_changed(sentence):
        yield sentence


def _sentences(text: str) -> list[str]:
    """The text cut after each end of a sentence; the last piece may be empty or unfinished."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return [text[start:stop] for start, stop in zip([0, *ends], [*ends, len(text)], strict=True)]


def _is_changed(sentence: Sequence[Span]) -> bool:
    return any(span.tag != "=" for span in sentence)


def _weight(sentence: Sequence[Span]) -> float:
    removed = "".join(span.before for span in sentence if span.tag == "-")
    added = "".join(span.after for span in sentence if span.tag == "+")
    kept = any(words(span.after) > 2 for span in sentence if span.tag == "=")
    return (
        min(words(removed) + words(added), _MOST_WORDS)
        + _FIGURE * (_figures(removed) != _figures(added))
        + _QUOTATION * bool(_QUOTE.search(removed + added))
        + _REWORDED * bool(kept and removed and added)
    )


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _shortened(sentence: Sequence[Span], limit: int) -> list[Span]:
    """The sentence within the limit: kept text is cut away from the changes, then the end is cut."""
    size = sum(len(span.before if span.tag == "-" else span.after) for span in sentence)
    if size <= limit:
        return list(sentence)
    short: list[Span] = []
    room = limit
    for place, span in enumerate(sentence):
        text = span.before if span.tag == "-" else span.after
        if span.tag == "=":
            text = _around(text, at_start=place == 0, at_end=place == len(sentence) - 1)
        if len(text) > room:
            text = _cut(text, room)
        short.append(Span(span.tag, text if span.tag != "+" else "", text if span.tag != "-" else ""))
        room -= len(text)
        if room <= 0:
            break
    return short


def _around(text: str, *, at_start: bool, at_end: bool) -> str:
    """Kept text next to changes, without its far part."""
    if len(text) <= 2 * _CONTEXT:
        return text
    head = "" if at_start else _cut(text, _CONTEXT)
    tail = "" if at_end else "…" + text[-_CONTEXT:].partition(" ")[2]
    return head.removesuffix("…") + " " * bool(head and tail) + (tail or "…")


def _cut(text: str, room: int) -> str:
    """The start of a text, ended between words where it has any."""
    head = text[:room]
    whole = head.rpartition(" ")[0]
    return (whole if len(whole) > room // 2 else head) + "…"
