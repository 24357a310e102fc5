"""Spans drawn as ``<ins>`` and ``<del>``; every text is escaped here."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from markupsafe import Markup, escape

from articles.diff.comparison import Span, Tag
from articles.diff.phrases import ENGLISH, Phrases
from articles.diff.tokens import is_word, stands_alone

_FEED_STYLE = {
    "ins": "background-color:#a9d4ff;color:#1b1f24;text-decoration:underline",
    "del": "background-color:#ffdc9e;color:#1b1f24;text-decoration:line-through",
}

# Not allowed in XML, so neither in feeds; without meaning in HTML.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")

_CLOSING = frozenset('.,;:!?…"”’)]}')

_BREAK = Markup("¶<br>")


@dataclass(frozen=True)
class Setting:
    """The language and direction of the texts, and our own words amid them, which may be in another."""

    language: str = ""
    direction: str = "ltr"
    phrases: Phrases = ENGLISH

    @property
    def attributes(self) -> Markup:
        """``lang`` and ``dir`` for an element that holds the text."""
        language = Markup(' lang="{}"').format(self.language) if self.language else Markup()
        return language + Markup(' dir="{}"').format(self.direction)

    @property
    def ours(self) -> Markup:
        """``lang`` and ``dir`` for our own words amid the text, where they differ."""
        ours = self.phrases.language
        foreign = self.language.partition("-")[0].lower() not in ("", ours.partition("-")[0].lower())
        if not foreign and self.direction == "ltr":
            return Markup()
        return Markup(' lang="{}" dir="ltr"').format(ours)


def interleaved(spans: Sequence[Span], setting: Setting) -> Markup:
    """Both texts in one line, with hidden words for screen readers."""
    return join(_marked(span, setting) for span in spaced(spans))


def one_side(spans: Sequence[Span], side: Tag, setting: Setting) -> Markup:
    """The text before (side "-") or after ("+") alone, with what is only there marked."""
    own = [
        Span(span.tag, span.before, "") if side == "-" else Span(span.tag, "", span.after)
        for span in spans
        if span.tag in ("=", side)
    ]
    return join(_marked(span, setting) for span in own)


def for_feed(spans: Sequence[Span]) -> Markup:
    """Both texts in one line for a feed reader, which knows no style sheet: colours come inline."""
    return join(_coloured(span) for span in spaced(spans))


def spaced(spans: Sequence[Span]) -> Iterator[Span]:
    """The spans with the white space that keeps words apart when both texts stand in one line."""
    for span, following in zip_longest(spans, spans[1:]):
        if following is None:
            yield span
        elif span.tag == "=" and following.tag == "-":
            yield Span("=", span.before, _before_removed(span, following.before))
        elif span.tag == "-" and following.tag == "+":
            yield Span("-", _before_added(span.before, following.after), "")
        else:
            yield span


def _before_removed(kept: Span, removed: str) -> str:
    """Kept words with a space where the text before has one: "hurt |~~badly~~|.", "hurt|~~,~~| and"."""
    if kept.before[-1:].isspace():
        return kept.after if kept.after[-1:].isspace() else kept.after + " "
    return kept.after.rstrip() if removed[-1:].isspace() else kept.after


def _before_added(removed: str, added: str) -> str:
    """Removed words with a space only where what was added in their place would not touch the word before."""
    if added[:1] in _CLOSING:
        return removed.rstrip()
    return removed + " " if _would_touch(removed, added) else removed


def _would_touch(removed: str, added: str) -> bool:
    last, first = removed[-1:], added[:1]
    ends = is_word(last) or last in _CLOSING
    return ends and is_word(first) and not (stands_alone(last) or stands_alone(first))


def text(written: str) -> Markup:
    """A text escaped; control characters become U+FFFD."""
    return escape(_CONTROL.sub("\ufffd", written))


def join(parts: Iterable[Markup]) -> Markup:
    """Pieces of HTML put together."""
    return Markup("").join(parts)


def _marked(span: Span, setting: Setting) -> Markup:
    if span.tag == "=":
        return _kept(span, setting)
    bare, space = _trailing_space(span.before or span.after)
    if not bare:
        return text(space)
    return _change("del" if span.tag == "-" else "ins", _with_breaks(bare), setting) + text(space)


def _kept(span: Span, setting: Setting) -> Markup:
    """Kept text; a break between paragraphs that only one side has is itself a change."""
    joined = span.before.count("\n") > span.after.count("\n")
    pieces = (span.before if joined or not span.after else span.after).split("\n")
    sign = _change("del" if joined else "ins", _BREAK, setting, "diff-break") if len(pieces) > 1 else Markup()
    return sign.join(map(text, pieces))


def _change(tag: str, content: Markup, setting: Setting, name: str = "") -> Markup:
    return Markup(
        '<{}{}><span class="visually-hidden"{}>{} </span>{}<span class="visually-hidden">]</span></{}>'
    ).format(
        tag,
        Markup(' class="{}"').format(name) if name else "",
        setting.ours,
        setting.phrases.added if tag == "ins" else setting.phrases.removed,
        content,
        tag,
    )


def _coloured(span: Span) -> Markup:
    if span.tag == "=":
        return text(span.after)
    tag = "del" if span.tag == "-" else "ins"
    bare, space = _trailing_space(span.before or span.after)
    return Markup('<{} style="{}">{}</{}>{}').format(tag, _FEED_STYLE[tag], text(bare), tag, space)


def _with_breaks(changed: str) -> Markup:
    return _BREAK.join(map(text, changed.split("\n")))


def _trailing_space(written: str) -> tuple[str, str]:
    bare = written.rstrip()
    return bare, written[len(bare) :]
