"""Setting text in lines: words that keep their marks, in either direction."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from PIL.ImageFont import FreeTypeFont

from articles.pages.cards import fonts
from articles.pages.cards.content import Piece

# A Han letter, kana or Thai cluster may begin a line; anything else stands together to the next space.
_THAI = r"\u0e00-\u0e7f"
_EAST = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_CLOSING = "、。，．！？」』）"
_ATOM = re.compile(f"[{_THAI}]+|[{_EAST}][{_CLOSING}]*|[^\\s{_THAI}{_EAST}]+")

_ELLIPSIS = "…"


class Style(NamedTuple):
    size: int
    bold: bool
    language: str
    rightward: bool
    """Whether the text runs from left to right."""


class Word(NamedTuple):
    """What stands together on a line; ``spaced`` when white space parts it from the word before."""

    mark: str
    text: str
    spaced: bool
    width: float


def measured(mark: str, text: str, spaced: bool, style: Style) -> Word:
    return Word(mark, text, spaced, sum(font.getlength(run) for run, font in runs(text, style)))


def runs(text: str, style: Style) -> list[tuple[str, FreeTypeFont]]:
    """*text* cut where its font changes; all of it must be drawable."""
    whole = fonts.face_for(text, bold=style.bold, language=style.language)
    if whole:
        return [(text, fonts.font(whole, style.size))]
    found = []
    by_face = groupby(text, lambda letter: fonts.face_for(letter, bold=style.bold, language=style.language))
    for face, letters in by_face:
        if face:
            found.append(("".join(letters), fonts.font(face, style.size)))
    return found


def space(style: Style) -> float:
    face = fonts.face_for(" ", bold=style.bold, language=style.language)
    return fonts.font(face, style.size).getlength(" ") if face else style.size / 4


def words(pieces: Sequence[Piece], style: Style, width: float) -> list[Word]:
    """The words of *pieces*; one wider than a line is cut."""
    found = []
    spaced = False
    for mark, text in pieces:
        end = 0
        for match in _ATOM.finditer(text):
            spaced = (
                spaced or match.start() > end or (match.start() > 0 and text[match.start() - 1].isspace())
            )
            for number, part in enumerate(_cut(match[0], style, width)):
                found.append(measured(mark, part, spaced and not number, style))
            spaced, end = False, match.end()
        spaced = spaced or text[end:] != ""
    return found


def _cut(text: str, style: Style, width: float) -> Iterator[str]:
    while text and measured("=", text, False, style).width > width:
        most = next(
            length
            for length in range(len(text) - 1, 0, -1)
            if length == 1 or measured("=", text[:length], False, style).width <= width
        )
        yield text[:most]
        text = text[most:]
    yield text


def lines(words: Sequence[Word], style: Style, width: float) -> list[list[Word]]:
    """The words broken into lines no wider than *width*."""
    gap = space(style)
    broken: list[list[Word]] = []
    used = 0.0
    for word in words:
        needed = word.width + (gap if word.spaced else 0.0)
        if broken and used + needed <= width:
            broken[-1].append(word)
            used += needed
        else:
            broken.append([word._replace(spaced=False)])
            used = word.width
    return broken


def shortened(broken: list[list[Word]], most: int, style: Style, width: float) -> list[list[Word]]:
    """At most so many lines; the last one ends in an ellipsis when some were left out."""
    if len(broken) <= most:
        return broken
    kept = broken[:most]
    dots = measured("=", _ELLIPSIS, False, style)
    gap = space(style)
    last = kept[-1]
    while len(last) > 1 and sum(word.width + gap * word.spaced for word in last) + dots.width > width:
        last = last[:-1]
    return [*kept[:-1], [*last, dots]]


def placed(line: Sequence[Word], style: Style, width: float) -> list[tuple[float, Word]]:
    """Each word with its left edge, in the order of sight from the left.

    The words run in the text's direction; several words of the other direction keep their own order.
    """
    gap = space(style)
    forward = style.rightward
    x = 0.0
    found: list[tuple[float, Word]] = []
    for spaced, word in _in_order_of_sight(line, forward):
        x += gap if spaced and found else 0.0
        found.append((x if forward else width - x - word.width, word))
        x += word.width
    return sorted(found, key=lambda item: item[0])


def _in_order_of_sight(line: Sequence[Word], forward: bool) -> Iterator[tuple[bool, Word]]:
    """The words from the side where reading begins, each with whether white space comes before it there.

    What was removed and what was added in its place are two texts: neither takes part in the other's order.
    """
    replaced = ({one.mark, following.mark} == {"-", "+"} for one, following in pairwise(line))
    numbered = zip(accumulate(replaced, initial=0), line, strict=False)  # an empty line has a number, too
    groups = groupby(numbered, lambda item: (item[0], _is_rightward(item[1].text, forward)))
    for (_, is_forward), group in groups:
        words = [word for _, word in group]
        spaces = [word.spaced for word in words]
        if is_forward != forward:
            words, spaces = words[::-1], [spaces[0], *spaces[:0:-1]]
        yield from zip(spaces, words, strict=True)


def _is_rightward(text: str, usual: bool) -> bool:
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("R", "AL"):
            return False
        if direction in ("L", "EN"):
            return True
    return usual
