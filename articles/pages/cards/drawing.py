"""Drawing a card."""

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import gettext_lazy
from PIL import Image, ImageDraw

from articles.pages.cards import fonts, setting
from articles.pages.cards.content import Card, Line, Piece
from articles.pages.cards.setting import Style, Word

WIDTH, HEIGHT = 1200, 630
"""What sites that show such cards ask for, in pixels."""

NOT_DRAWN = gettext_lazy("The words of this change can’t be drawn here; the page has them.")
"""Stands for words of which some letter has no font."""

_EDGE = 64
_ROOM = WIDTH - 2 * _EDGE
_TOP, _TOP_UNDER_BADGES, _BOTTOM = 158, 196, 536
_BADGES_TOP = 138
_SIZES = (72, 64, 58, 52, 46, 40, 36, 32)
_SMALL = 28
_TIMES = 24
"""The size in which two times in September, the longest month, stand beside our name."""

_LEADING = 1.42
_BETWEEN = 12
_MOST_LINES = 4

# The light scheme of newsdiffs.css.
_BACKGROUND, _SURFACE, _TEXT, _MUTED, _LINE = "#ffffff", "#f6f7f9", "#1b1f24", "#57606a", "#d9dee3"
_GROUND = {"+": "#a9d4ff", "-": "#ffdc9e"}
_RULE = {"+": "#0b57a4", "-": "#9a5700"}


def draw(card: Card) -> bytes:
    """The card as a PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _BACKGROUND)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 118), fill=_SURFACE)
    pen.line((0, 118, WIDTH, 118), fill=_LINE, width=2)
    _margin_text(pen, 36, card.source, 36, bold=True, fill=_TEXT, room=_ROOM * 0.62)
    _margin_text(pen, 42, card.heading, _SMALL, fill=_MUTED, room=_ROOM * 0.36, at_end=True)
    if card.badges:
        _margin_text(pen, _BADGES_TOP, " · ".join(card.badges), _SMALL, bold=True, fill=_TEXT, room=_ROOM)
    _body(pen, card, _TOP_UNDER_BADGES if card.badges else _TOP)
    pen.line((_EDGE, 556, WIDTH - _EDGE, 556), fill=_LINE, width=2)
    _margin_text(pen, 574, card.times, _TIMES, fill=_MUTED, room=_ROOM * 0.8)
    _margin_text(pen, 572, "NewsDiffs", 26, bold=True, fill=_MUTED, room=_ROOM * 0.2, at_end=True)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _margin_text(
    pen: ImageDraw.ImageDraw,
    y: float,
    text: str,
    size: int,
    *,
    fill: str,
    room: float,
    bold: bool = False,
    at_end: bool = False,
) -> None:
    """A line of our own or a name, at the left or the right margin, cut to its room."""
    style = Style(size, bold, "", True)
    shown = fonts.drawable(text, bold=bold, language="")
    if not shown:
        return
    line = setting.shortened(
        setting.lines(setting.words([("=", shown)], style, room), style, room), 1, style, room
    )[0]
    spots = setting.placed(line, style, room)
    end = spots[-1][0] + spots[-1][1].width
    _write(pen, WIDTH - _EDGE - end if at_end else _EDGE, y, spots, style, fill)


def _body(pen: ImageDraw.ImageDraw, card: Card, top: int) -> None:
    """The lines in the largest size in which all of them fit; cut in the smallest."""
    shown = [(line, pieces) for line in card.lines if (pieces := _drawable(line, card))]
    if not shown:
        shown = [(Line("", ()), [("=", str(NOT_DRAWN))])]
    for size in _SIZES:
        blocks = [
            _block(line, pieces, card, size, bold=not number) for number, (line, pieces) in enumerate(shown)
        ]
        if all(len(lines) <= _MOST_LINES for _, lines, _ in blocks) and _height(blocks) <= _BOTTOM - top:
            break
    else:
        blocks = [
            (label, setting.shortened(lines, _MOST_LINES - bool(label), style, _ROOM), style)
            for label, lines, style in blocks
        ]
    y = float(top)
    for label, lines, style in blocks:
        if label:
            _margin_text(pen, y, label, _SMALL, fill=_MUTED, room=_ROOM)
            y += _SMALL * _LEADING
        for line in lines:
            _write(pen, _EDGE, y, setting.placed(line, style, _ROOM), style, _TEXT)
            y += style.size * _LEADING
        y += _BETWEEN


_Block = tuple[str, list[list[Word]], Style]


def _block(line: Line, pieces: Sequence[Piece], card: Card, size: int, *, bold: bool) -> _Block:
    # A sentence under the headline is set smaller and lighter.
    heading = bold or bool(line.label)
    style = Style(size if heading else round(size * 0.8), heading, card.language, card.direction != "rtl")
    return line.label, setting.lines(setting.words(pieces, style, _ROOM), style, _ROOM), style


def _height(blocks: Sequence[_Block]) -> float:
    return sum(
        (_SMALL * _LEADING if label else 0) + len(lines) * style.size * _LEADING + _BETWEEN
        for label, lines, style in blocks
    )


def _drawable(line: Line, card: Card) -> list[Piece]:
    """The pieces of a line; none when a letter of it can't be drawn."""
    pieces = []
    for mark, text in line.pieces:
        regular = fonts.drawable(text, bold=False, language=card.language)
        if regular is None:
            return []
        pieces.append((mark, regular))
    return pieces


def _write(
    pen: ImageDraw.ImageDraw,
    left: float,
    top: float,
    spots: Sequence[tuple[float, Word]],
    style: Style,
    fill: str,
) -> None:
    """Words on a line whose top is given, with their marks below and through them."""
    baseline = top + style.size * 1.05
    ends = [_end_of_mark(spots, number) for number in range(len(spots))]
    for (x, word), end in zip(spots, ends, strict=True):
        if word.mark in _GROUND:
            box = (left + x, top + style.size * 0.12, left + end, top + style.size * 1.34)
            pen.rectangle(box, fill=_GROUND[word.mark])
    for (x, word), end in zip(spots, ends, strict=True):
        pen_x = left + x
        for run, font in setting.runs(word.text, style):
            pen.text((pen_x, baseline), run, font=font, fill=fill, anchor="ls")
            pen_x += font.getlength(run)
        if word.mark in _RULE:
            y = baseline + style.size * (0.14 if word.mark == "+" else -0.28)
            pen.line((left + x, y, left + end, y), fill=_RULE[word.mark], width=max(style.size // 14, 2))


def _end_of_mark(spots: Sequence[tuple[float, Word]], number: int) -> float:
    """Where a word's mark ends: at the next word where that has the same, else with the word."""
    x, word = spots[number]
    if number + 1 < len(spots) and spots[number + 1][1].mark == word.mark:
        return spots[number + 1][0]
    return x + word.width
