"""A Comparison drawn as HTML: for pages (inline, side by side), for lists and for feeds.

Colour and layout are the style sheet's business: class names are listed in ``docs/diff.md``. Changes are
numbered in reading order and carry the anchors ``c1``, ``c2``, …, one for each row that is not the same.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup, escape

from articles.diff.comparison import Comparison, Row, Span
from articles.diff.engine import compare_lines
from articles.diff.excerpts import telling
from articles.diff.marks import Setting, for_feed, interleaved, join, one_side, text
from articles.diff.phrases import ENGLISH, Phrases
from articles.diff.tokens import words

# Shorter stretches are as quickly read as their summary.
_FOLD_WORDS = 50
_FOLD_PARAGRAPHS, _FOLD_FEW_WORDS = 3, 15

_OPENING = 60  # characters of a moved paragraph quoted where it was

_INTERLEAVED = 0.5  # a headline less alike than this is unreadable with both texts in one line


class _Place(NamedTuple):
    """A row with the anchor of its change ("" for none).

    ``origin`` marks the old place of a moved row; ``first_of`` counts the rows of one kind that a row
    added or removed stands first of, 0 for the others of them. ``first_anchor`` is the anchor of the first
    paragraph added, and of the first removed, in the whole comparison ("" for all others).
    """

    row: Row
    anchor: str
    origin: bool = False
    first_of: int = 1
    first_anchor: str = ""


class _Stretch(NamedTuple):
    """Rows that follow each other, drawn as they are (``fold`` is "") or in a fold of that class."""

    places: Sequence[_Place]
    fold: str = ""


_Drawing = Callable[[Sequence[_Place], Setting], Markup]


def change_count(comparison: Comparison) -> int:
    """How many changes there are: the anchors are c1 to c<count>, and of the first paragraph added and the
    first removed also c-added and c-removed."""
    return len(comparison.changes)


def inline(
    comparison: Comparison,
    *,
    language: str = "",
    direction: str = "ltr",
    context: int = 1,
    fold: bool = True,
    anchor: str = "c",
    phrases: Phrases = ENGLISH,
) -> Markup:
    """Both texts in one column, removed and added words in their place.

    ``language`` (BCP 47) and ``direction`` ("ltr", "rtl") are those of the texts. With ``fold``,
    unchanged paragraphs farther than ``context`` from any change go into a closed ``<details>``.
    The ids of changes are ``anchor`` and a number; a page that holds two drawings needs two.
    ``phrases`` are our own words amid the texts.
    """
    setting = Setting(language, direction, phrases)
    return _diff(
        "diff-inline", _inline_rows, setting, _numbered(comparison, anchor), context if fold else None
    )


def side_by_side(
    comparison: Comparison,
    *,
    language: str = "",
    direction: str = "ltr",
    context: int = 1,
    fold: bool = True,
    anchor: str = "c",
    phrases: Phrases = ENGLISH,
) -> Markup:
    """The text before in the left column, the text after in the right; arguments as for ``inline``.

    Paragraphs removed and added at one place stand beside each other as two stacks: they face each
    other, but none is said to be the other's like. Screens too narrow for columns show the ``side-both``
    of a row in the place of its cells, and so what ``inline`` draws.
    """
    setting = Setting(language, direction, phrases)
    return _diff("diff-side", _side_rows, setting, _numbered(comparison, anchor), context if fold else None)


def line(before: str, after: str, *, phrases: Phrases = ENGLISH) -> Markup:
    """A headline or byline compared: one line if at least half alike, else "Was: … Now: …"."""
    setting = Setting(phrases=phrases)
    spans, likeness = compare_lines(before, after)
    if likeness >= _INTERLEAVED or not before.strip() or not after.strip():
        return Markup('<span class="diff diff-line">{}</span>').format(interleaved(spans, setting))
    return Markup(
        '<span class="diff diff-line diff-was-now"><span class="diff-was"><bdi>{}</bdi> <del>{}</del></span> '
        '<span class="diff-now"><bdi>{}</bdi> <ins>{}</ins></span></span>'
    ).format(phrases.was, text(before), phrases.now, text(after))


def excerpt(comparison: Comparison, *, limit: int = 240) -> Markup | None:
    """The most telling changed sentence, about ``limit`` characters long; None where no word changed."""
    found = telling(comparison, most=1, limit=limit)
    if not found:
        return None
    return Markup('<span class="diff diff-excerpt">{}</span>').format(interleaved(found[0], Setting()))


def feed_html(sentences: Iterable[Sequence[Span]]) -> Markup:
    """Changed sentences, as :func:`articles.diff.telling` finds them, for the content of a feed's item."""
    return join(Markup('<p dir="auto">{}</p>').format(for_feed(spans)) for spans in sentences)


def _diff(
    name: str, draw: _Drawing, setting: Setting, places: Sequence[_Place], context: int | None
) -> Markup:
    body = join(
        _details(places, draw, setting, fold) if fold else draw(places, setting)
        for places, fold in _stretches(_with_origins(places), context)
    )
    return Markup('<div class="diff {}"{}>{}</div>').format(name, setting.attributes, body)


def _numbered(comparison: Comparison, anchor: str) -> list[_Place]:
    places = []
    changes = 0
    wholly = {"added", "removed"}
    for kind, group in groupby(comparison.rows, key=lambda row: row.kind):
        rows = list(group)
        for number, row in enumerate(rows):
            changes += kind != "same"
            places.append(
                _Place(
                    row,
                    anchor=f"{anchor}{changes}" if kind != "same" else "",
                    first_of=0 if number else len(rows),
                    first_anchor=f"{anchor}-{kind}" if kind in wholly else "",
                )
            )
            wholly.discard(kind)
    return places


def _with_origins(places: Sequence[_Place]) -> list[_Place]:
    """The same, with a mark wherever a moved paragraph stood, right after the one that was before it."""
    moved = deque(
        sorted((place for place in places if place.row.kind == "moved"), key=lambda place: place.row.before)
    )
    standing = [place.row.before for place in places if place.row.before and place.row.kind != "moved"]
    marked: list[_Place] = []

    def mark_up_to(end: tuple[int, ...] | None) -> None:
        while moved and (end is None or moved[0].row.before < end):
            marked.append(moved.popleft()._replace(origin=True))

    following = iter([*standing, None])
    mark_up_to(next(following))
    for place in places:
        marked.append(place)
        if place.row.before and place.row.kind != "moved":
            mark_up_to(next(following))
    return marked


def _stretches(places: Sequence[_Place], context: int | None) -> Iterator[_Stretch]:
    """All rows in order, unchanged ones away from changes folded.

    Those right before the first change are in a fold of their own, which the style sheet opens where there is
    room: on a phone the first change is to be seen at once.
    """
    if context is None or not any(place.anchor for place in places):
        yield _Stretch(places)
        return
    for changed, group in groupby(places, key=lambda place: bool(place.anchor)):
        rows = list(group)
        first = context if rows[0] is not places[0] else 0
        last = len(rows) - (context if rows[-1] is not places[-1] else 0)
        if not changed and _worth_folding(rows[first:last]):
            yield _Stretch(rows[:first])
            yield _Stretch(rows[first:last], "diff-fold")
            yield _Stretch(rows[last:], "diff-fold diff-lead" if rows[0] is places[0] else "")
        elif not changed and rows[0] is places[0]:
            yield _Stretch(rows, "diff-fold diff-lead")
        else:
            yield _Stretch(rows)


def _worth_folding(places: Sequence[_Place]) -> bool:
    count = _word_count(places)
    return count >= _FOLD_WORDS or (count >= _FOLD_FEW_WORDS and len(places) >= _FOLD_PARAGRAPHS)


def _word_count(places: Sequence[_Place]) -> int:
    return sum(words(place.row.spans[0].after) for place in places)


def _details(places: Sequence[_Place], draw: _Drawing, setting: Setting, name: str) -> Markup:
    if not places:
        return Markup()
    return Markup('<details class="{}"><summary{}>{}</summary>{}</details>').format(
        name,
        setting.ours,
        setting.phrases.unchanged(len(places), _word_count(places)),
        draw(places, setting),
    )


def _inline_rows(places: Sequence[_Place], setting: Setting) -> Markup:
    return join(_inline_row(place, setting) for place in places)


def _side_rows(places: Sequence[_Place], setting: Setting) -> Markup:
    return join(
        _stacks(list(group), setting) if one_sided else join(_side_row(place, setting) for place in group)
        for one_sided, group in groupby(places, key=lambda place: place.row.kind in ("added", "removed"))
    )


def _stacks(places: Sequence[_Place], setting: Setting) -> Markup:
    """What was removed at a place on the left, what was added there on the right."""
    return Markup(
        '<div class="diff-stacks"><div class="side-before">{}</div><div class="side-after">{}</div></div>'
    ).format(
        _inline_rows([place for place in places if place.row.kind == "removed"], setting),
        _inline_rows([place for place in places if place.row.kind == "added"], setting),
    )


def _inline_row(place: _Place, setting: Setting) -> Markup:
    row = place.row
    if place.origin:
        return _moved_from(place, _opening(row, setting), Markup(), setting)
    if row.kind == "same":
        return Markup('<div class="row row-same"><p>{}</p></div>').format(text(row.spans[0].after))
    return Markup('<div class="row row-{}" id="{}">{}<p>{}</p></div>').format(
        row.kind, place.anchor, _label(place, setting), interleaved(row.spans, setting)
    )


def _side_row(place: _Place, setting: Setting) -> Markup:
    """Both texts of a row. A moved one stands on either side where it stood there."""
    row = place.row
    if row.kind == "same":
        (kept,) = row.spans
        return Markup('<div class="row row-same">{}</div>').format(
            _cells(text(kept.before), text(kept.after))
        )
    before, after = one_side(row.spans, "-", setting), one_side(row.spans, "+", setting)
    if place.origin:
        opening = Markup('<span class="side-both">{}</span>').format(_opening(row, setting))
        return _moved_from(place, opening, _cells(before, None), setting)
    return Markup('<div class="row row-{}" id="{}">{}{}<p class="side-both">{}</p></div>').format(
        row.kind,
        place.anchor,
        _label(place, setting),
        _cells(before if row.kind != "moved" else None, after),
        interleaved(row.spans, setting),
    )


def _cells(before: Markup | None, after: Markup | None) -> Markup:
    paragraphs = (Markup("<p>{}</p>").format(side) if side is not None else "" for side in (before, after))
    return Markup('<div class="side-before">{}</div><div class="side-after">{}</div>').format(*paragraphs)


def _moved_from(place: _Place, opening: Markup, text_there: Markup, setting: Setting) -> Markup:
    """Stands where a moved paragraph was, and leads to where it is."""
    return Markup(
        '<div class="row row-moved-from" id="{}-from"><p class="row-label"{}>'
        '<a href="#{}">{}</a>{}</p>{}</div>'
    ).format(place.anchor, setting.ours, place.anchor, setting.phrases.moved_from_here, opening, text_there)


def _opening(row: Row, setting: Setting) -> Markup:
    whole = "".join(span.before for span in row.spans).rstrip()
    opening = whole if len(whole) <= _OPENING else whole[:_OPENING].rstrip() + "…"
    return Markup(": <span{}>{}</span>").format(setting.attributes, text(opening))


def _label(place: _Place, setting: Setting) -> Markup:
    """What happened to the paragraph, where its words alone do not show it."""
    row, phrases = place.row, setting.phrases
    if row.kind == "edited" or (row.kind in ("added", "removed") and not place.first_of):
        return Markup()
    if row.kind == "moved":
        label = Markup('{} <a href="#{}-from">{}</a>').format(
            phrases.moved_here, place.anchor, phrases.from_its_old_place
        )
    elif row.kind == "split":
        label = escape(phrases.split_into(len(row.after)))
    elif row.kind == "merged":
        label = escape(phrases.joined_from(len(row.before)))
    elif row.kind == "added":
        label = escape(phrases.paragraphs_added(place.first_of))
    else:
        label = escape(phrases.paragraphs_removed(place.first_of))
    anchor = Markup(' id="{}"').format(place.first_anchor) if place.first_anchor else ""
    return Markup('<p class="row-label"{}{}>{}</p>').format(anchor, setting.ours, label)
