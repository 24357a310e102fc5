"""A Comparison drawn as HTML: for pages (inline, side by side), for lists and for feeds.

Every text is escaped here; colour and layout are the style sheet's business (class names are listed in
``docs/diff.md``). Changes are numbered in reading order and carry the anchors ``c1``, ``c2``, …
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import NamedTuple

from markupsafe import Markup, escape

from .comparison import Comparison, Row, Span
from .engine import compare_lines
from .excerpts import telling
from .tokens import words

# Shorter stretches are as quickly read as their summary.
_SHORTEST_FOLD = 2

_OPENING = 60  # characters of a moved paragraph quoted where it was

_INTERLEAVED = 0.5  # a headline less alike than this is unreadable with both texts in one line

_FEED_EXCERPTS = 3
_FEED_INS = "background-color:#a9d4ff;color:#1b1f24;text-decoration:underline"
_FEED_DEL = "background-color:#ffdc9e;color:#1b1f24;text-decoration:line-through"

# Not allowed in XML, so neither in feeds; without meaning in HTML.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


class _Numbered(NamedTuple):
    """A row with the anchor of its change ("" for none); ``origin`` marks the old place of a moved row."""

    row: Row
    anchor: str
    origin: bool = False


@dataclass(frozen=True)
class _Setting:
    """The language of the texts, where it has to be told from that of the page (English)."""

    language: str
    direction: str

    @property
    def attributes(self) -> Markup:
        language = Markup(' lang="{}"').format(self.language) if self.language else Markup()
        return language + Markup(' dir="{}"').format(self.direction)

    @property
    def english(self) -> Markup:
        """Attributes for our own words amid the text."""
        foreign = self.language.partition("-")[0].lower() not in ("", "en") or self.direction != "ltr"
        return Markup(' lang="en" dir="ltr"') if foreign else Markup()


def change_count(comparison: Comparison) -> int:
    """How many changes there are: the anchors are c1 to c<count>."""
    return len(comparison.changes)


def inline(
    comparison: Comparison, *, language: str = "", direction: str = "ltr", context: int = 1, fold: bool = True
) -> Markup:
    """Both texts in one column, removed and added words in their place.

    ``language`` (BCP 47) and ``direction`` ("ltr", "rtl") are those of the texts. With ``fold``,
    unchanged paragraphs farther than ``context`` from any change go into a closed ``<details>``.
    """
    setting = _Setting(language, direction)
    return _diff("diff-inline", comparison, _inline_row, setting, context if fold else None)


def side_by_side(
    comparison: Comparison, *, language: str = "", direction: str = "ltr", context: int = 1, fold: bool = True
) -> Markup:
    """The text before in the left column, the text after in the right; arguments as for ``inline``."""
    setting = _Setting(language, direction)
    return _diff("diff-side", comparison, _side_row, setting, context if fold else None)


def line(before: str, after: str) -> Markup:
    """A headline or byline compared: one line if at least half alike, else "Was: … Now: …"."""
    setting = _Setting("", "ltr")
    spans, likeness = compare_lines(before, after)
    if likeness >= _INTERLEAVED or not before.strip() or not after.strip():
        return Markup('<span class="diff diff-line">{}</span>').format(_words(spans, setting))
    return Markup(
        '<span class="diff diff-line diff-was-now"><span class="diff-was">Was: <del>{}</del></span> '
        '<span class="diff-now">Now: <ins>{}</ins></span></span>'
    ).format(_text(before), _text(after))


def excerpt(comparison: Comparison, *, limit: int = 240) -> Markup | None:
    """The most telling changed sentence, about ``limit`` characters long; None where no word changed."""
    found = telling(comparison, most=1, limit=limit)
    if not found:
        return None
    return Markup('<span class="diff diff-excerpt">{}</span>').format(_words(found[0], _Setting("", "ltr")))


def feed_html(comparison: Comparison) -> Markup:
    """The most telling sentences for a feed reader, which knows no style sheet: colours come inline."""
    return _join(
        Markup("<p>{}</p>").format(_join(_feed_span(span) for span in _spaced(spans)))
        for spans in telling(comparison, most=_FEED_EXCERPTS)
    )


_Drawing = Callable[[_Numbered, _Setting], Markup]


def _diff(
    name: str, comparison: Comparison, draw: _Drawing, setting: _Setting, context: int | None
) -> Markup:
    body = _join(
        draw(part, setting) if isinstance(part, _Numbered) else _fold(part, draw, setting)
        for part in _folded(_numbered(comparison), context)
    )
    return Markup('<div class="diff {}"{}>{}</div>').format(name, setting.attributes, body)


def _numbered(comparison: Comparison) -> list[_Numbered]:
    """The rows with their anchors, and a mark wherever a moved paragraph stood before."""
    rows = []
    changes = 0
    for row in comparison.rows:
        changes += row.kind != "same"
        rows.append(_Numbered(row, f"c{changes}" if row.kind != "same" else ""))
    moved = sorted((item for item in rows if item.row.kind == "moved"), key=lambda item: item.row.before)
    marked: list[_Numbered] = []
    for item in rows:
        if item.row.before and item.row.kind != "moved":
            while moved and moved[0].row.before < item.row.before:
                marked.append(moved.pop(0)._replace(origin=True))
        marked.append(item)
    return marked + [item._replace(origin=True) for item in moved]


def _folded(rows: Sequence[_Numbered], context: int | None) -> Iterator[_Numbered | list[_Numbered]]:
    """The rows one by one, unchanged stretches away from changes as lists."""
    if context is None or all(not item.anchor for item in rows):
        yield from rows
        return
    for unchanged, group in groupby(rows, key=lambda item: not item.anchor):
        stretch = list(group)
        first = context if stretch[0] is not rows[0] else 0
        last = len(stretch) - (context if stretch[-1] is not rows[-1] else 0)
        if unchanged and last - first >= _SHORTEST_FOLD:
            yield from stretch[:first]
            yield stretch[first:last]
            yield from stretch[last:]
        else:
            yield from stretch


def _fold(rows: Sequence[_Numbered], draw: _Drawing, setting: _Setting) -> Markup:
    count = sum(words(item.row.spans[0].after) for item in rows)
    return Markup(
        '<details class="diff-fold"><summary{}>{} unchanged paragraphs ({:,} {})</summary>{}</details>'
    ).format(
        setting.english,
        len(rows),
        count,
        "word" if count == 1 else "words",
        _join(draw(item, setting) for item in rows),
    )


def _inline_row(item: _Numbered, setting: _Setting) -> Markup:
    row = item.row
    if item.origin:
        return _origin(item, setting)
    if row.kind == "same":
        return Markup('<div class="row row-same"><p>{}</p></div>').format(_text(row.spans[0].after))
    return Markup('<div class="row row-{}" id="{}">{}<p>{}</p></div>').format(
        row.kind, item.anchor, _label(item, setting), _words(row.spans, setting)
    )


def _side_row(item: _Numbered, setting: _Setting) -> Markup:
    row = item.row
    if item.origin:
        return _origin(item, setting)
    columns = Markup('<div class="side-before">{}</div><div class="side-after">{}</div>').format(
        _column(row.spans, "-", bool(row.before), setting), _column(row.spans, "+", bool(row.after), setting)
    )
    if row.kind == "same":
        return Markup('<div class="row row-same">{}</div>').format(columns)
    return Markup('<div class="row row-{}" id="{}">{}{}</div>').format(
        row.kind, item.anchor, _label(item, setting), columns
    )


def _column(spans: Sequence[Span], tag: str, present: bool, setting: _Setting) -> Markup:
    if not present:
        return Markup()
    own = [
        Span(span.tag, *((span.before,) * 2 if tag == "-" else (span.after,) * 2))
        for span in spans
        if span.tag in ("=", tag)
    ]
    return Markup("<p>{}</p>").format(_words(own, setting))


def _origin(item: _Numbered, setting: _Setting) -> Markup:
    """Stands where a moved paragraph was, and leads to where it is."""
    opening = "".join(span.before for span in item.row.spans)[:_OPENING]
    return Markup(
        '<div class="row row-moved-from" id="{}-from"><p class="row-label"{}>'
        '<a href="#{}">Moved from here</a>: <span{}>{}…</span></p></div>'
    ).format(item.anchor, setting.english, item.anchor, setting.attributes, _text(opening.rstrip()))


def _label(item: _Numbered, setting: _Setting) -> Markup:
    """What happened to the paragraph, where its words alone do not show it."""
    row = item.row
    if row.kind == "edited":
        return Markup()
    if row.kind == "moved":
        text = Markup('Moved here <a href="#{}-from">from its old place</a>').format(item.anchor)
    else:
        text = escape(
            {
                "added": "Added paragraph",
                "removed": "Removed paragraph",
                "split": f"Split into {len(row.after)} paragraphs",
                "merged": f"Joined from {len(row.before)} paragraphs",
            }[row.kind]
        )
    return Markup('<p class="row-label"{}>{}</p>').format(setting.english, text)


def _words(spans: Sequence[Span], setting: _Setting) -> Markup:
    return _join(_span(span, setting) for span in _spaced(spans))


def _spaced(spans: Sequence[Span]) -> Iterator[Span]:
    """The spans with the white space that keeps words apart when both texts stand in one line."""
    for span, following in zip_longest(spans, spans[1:]):
        if (
            span.tag == "="
            and following
            and span.before.rstrip() != span.before
            and span.after.rstrip() == span.after
        ):
            yield Span("=", span.before, span.after + " ")
        elif (
            span.tag == "-"
            and following
            and following.tag == "+"
            and _run_together(span.before, following.after)
        ):
            yield Span("-", span.before + " ", "")
        else:
            yield span


def _run_together(removed: str, added: str) -> bool:
    return removed[-1:].isalnum() and added[:1].isalnum()


def _span(span: Span, setting: _Setting) -> Markup:
    if span.tag == "=":
        return _kept(span, setting)
    text, space = _trailing_space(span.before or span.after)
    if not text:
        return escape(space)
    return _change("del" if span.tag == "-" else "ins", _text(text), setting) + space


def _kept(span: Span, setting: _Setting) -> Markup:
    """Kept text; the break between paragraphs that were split or joined shows as a change."""
    joined = span.before.count("\n") > span.after.count("\n")
    parts = (span.before if joined else span.after).split("\n")
    sign = _change("del" if joined else "ins", Markup("¶"), setting, "diff-break")
    return (sign + Markup("<br>")).join(map(_text, parts))


def _change(tag: str, content: Markup, setting: _Setting, name: str = "") -> Markup:
    return Markup(
        '<{}{}><span class="visually-hidden"{}>[{}: </span>{}<span class="visually-hidden">]</span></{}>'
    ).format(
        tag,
        Markup(' class="{}"').format(name) if name else "",
        setting.english,
        "added" if tag == "ins" else "removed",
        content,
        tag,
    )


def _feed_span(span: Span) -> Markup:
    if span.tag == "=":
        return _text(span.after)
    text, space = _trailing_space(span.before or span.after)
    tag, style = ("del", _FEED_DEL) if span.tag == "-" else ("ins", _FEED_INS)
    return Markup('<{} style="{}">{}</{}>{}').format(tag, style, _text(text), tag, space)


def _trailing_space(text: str) -> tuple[str, str]:
    bare = text.rstrip()
    return bare, text[len(bare) :]


def _text(text: str) -> Markup:
    return escape(_CONTROL.sub("\ufffd", text))


def _join(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)
