"""How each paragraph of a story is set, and what in it changes by itself."""

import re
from dataclasses import dataclass
from typing import Literal

from articles.extract import phrases
from articles.extract.column import Column
from articles.extract.runs import Place, Run
from articles.extract.story import LiveEntry, TextBlock
from articles.extract.text import clean

Ticking = Literal["", "clock", "counter"]

_DIGITS = re.compile(r"\d[\d.,'’\u202f]*")
_LABEL_AND_NUMBER = re.compile(r"(?:[^\d:：]{1,30}[:：]\s?)?\d[\d.,\s]*(?:\s?[^\W\d]{1,15}){0,2}")
_LINES = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "pre", "table"})
_COUNTED = ">#"  # ends the path of a paragraph with a number in an element of its own
_DEEPEST = 12  # steps of a path
_NAMES = 3  # class names of a step


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a story as it was found: each paragraph with how it is set; none where it is a list of
    several stories."""

    paragraphs: tuple[tuple[str, TextBlock], ...] = ()
    standfirst: int = 0
    gated: bool = False
    entries: tuple[LiveEntry, ...] = ()
    is_list: bool = False


def fold_digits(text: str) -> str:
    """Return a text with each number in it as one digit."""
    return _DIGITS.sub("0", text)


def block_of(run: Run, home: Place | None, column: Column | None) -> TextBlock:
    """Return how a run is set: its path from `home`, and its box in the column, if it stands in one."""
    box = column.box(run.place) if column else None
    if box is not None and box.tag in _LINES:
        box = None
    ticking, compared = _compared(run)
    alone = box is not None and column is not None and column.content[box].runs == 1
    if alone and _is_counter(run) and not (column and column.is_of_several(run.place)):
        ticking, compared = "counter", ""
    return TextBlock(
        signature=signature(run.place, home) + (_COUNTED if run.counted else ""),
        words=fold_digits(run.text),
        container=signature(box, home) if box is not None else "",
        in_column=box is None,
        alone=alone,
        ticking=ticking,
        compared=compared,
        table=run.place.tag == "tr",
        counted=run.counted,
    )


def block_of_data(text: str) -> TextBlock:
    """Return how a paragraph is set that the page does not show, but its data hold."""
    return TextBlock(
        "", fold_digits(text), "", in_column=True, alone=False, ticking="", compared=text, table=False
    )


def signature(place: Place | None, home: Place | None) -> str:
    """Return the path of tags and class names to a place from what holds the story, numbers folded."""
    steps: list[str] = []
    at = place
    while at is not None and at is not home and len(steps) < _DEEPEST:
        steps.append(".".join([at.tag, *at.names.split(" ")[:_NAMES]]) if at.names else at.tag)
        at = at.parent
    return ">".join(reversed(steps))


def _is_counter(run: Run) -> bool:
    """Whether a line alone in its box is a label and a number and nothing else: "Online: 1,203".

    Where there are several such lines, they are facts: "Built: 1968", "Flats: 1,204".
    """
    return (
        run.place.tag not in ("li", "tr", "td", "th", "dt", "dd")
        and not run.is_sentence
        and _LABEL_AND_NUMBER.fullmatch(run.text) is not None
    )


def _compared(run: Run) -> tuple[Ticking, str]:
    """Return why something in a run ticks, and its text without that."""
    text = run.text
    why: Ticking = ""
    for ticking in run.ticks:
        if ticking in text:
            why = why or ("clock" if phrases.CLOCK.fullmatch(ticking) else "counter")
            text = text.replace(ticking, "", 1)
    return why, clean(text)
