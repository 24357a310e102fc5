"""What stands many times on a page of changes, as HTML: words of articles, excerpts, labels, sizes.

It is put together here and not by templates, which take ten times as long: a list of forty changes has a
thousand of these pieces. Whatever an article says goes through ``escape``.
"""

from collections.abc import Iterable, Sequence
from html import escape

from django.urls import reverse
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from articles.models import Article, Version
from articles.pages import durations, excerpts
from articles.pages.badges import Badge
from articles.pages.headlines import changed_headline
from articles.pages.words import HEADLINE_LENGTH, moment, shortened

_QUIET = ("minor", "more")
"""Kinds of labels that do not stand out."""


def quoted(article: Article, text: str, length: int = HEADLINE_LENGTH) -> SafeString:
    """Words of *article*, in its language and kept from turning the page's own text round; 0 for all."""
    shown = shortened(text, length) if length else text
    return SafeString(f"<bdi{_language_of(article)}>{escape(shown)}</bdi>")


def excerpt(article: Article, spans: Sequence[Sequence[str]]) -> SafeString:
    """Spans of an excerpt or a headline, with the marks of a diff."""
    begins = f'<span class="visually-hidden" lang="{get_language()}">'
    ends = '<span class="visually-hidden">]</span>'
    said = _("[removed:"), _("[added:")
    removed, added = f"<del>{begins}{escape(said[0])} </span>", f"<ins>{begins}{escape(said[1])} </span>"
    pieces = []
    for tag, text, space in excerpts.parts(spans):
        words = escape(text)
        if tag == "-":
            words = f"{removed}{words}{ends}</del>"
        elif tag == "+":
            words = f"{added}{words}{ends}</ins>"
        pieces.append(words + escape(space))
    return SafeString(f"<bdi{_language_of(article)}>{''.join(pieces)}</bdi>")


def headline_of_change(article: Article, version: Version, level: int) -> SafeString:
    """The headline of a change as its heading of this *level* with a link (0: only where it changed), and
    what tells most: what it was before, or the excerpt."""
    changed = changed_headline(version)
    lines = []
    if changed and changed.spans:
        shown = excerpt(article, changed.spans)
    else:
        shown = quoted(article, version.headline or article.address)
    if level:
        link = f'<a href="{escape(version.diff_url)}">{shown}</a>'
        lines.append(f'<h{level} class="entry-headline">{link}</h{level}>')
    elif changed:
        lines.append(f'<p class="entry-excerpt">{shown}</p>')
    if changed and not changed.spans:
        was, said = quoted(article, changed.was), _("was:")
        lines.append(f'<p class="entry-was">{escape(said)} <del>{was}</del></p>')
    elif not changed and version.excerpt:
        lines.append(f'<p class="entry-excerpt">{excerpt_from_change(article, version)}</p>')
    return SafeString("\n".join(lines))


def telling_of_change(article: Article, version: Version) -> SafeString:
    """What tells most of a change in its article's history: the headline if it changed, and the excerpt."""
    changed = changed_headline(version)
    lines = []
    if changed and changed.spans:
        lines.append(f'<p class="entry-excerpt">{excerpt(article, changed.spans)}</p>')
    elif changed:
        was, said = quoted(article, changed.was), _("was:")
        lines.append(
            f'<p class="entry-excerpt">{quoted(article, version.headline)}</p>'
            f' <p class="entry-was">{escape(said)} <del>{was}</del></p>'
        )
    if version.excerpt:
        lines.append(f'<p class="entry-excerpt">{excerpt_from_change(article, version)}</p>')
    return SafeString("\n".join(lines))


def excerpt_from_change(article: Article, version: Version) -> SafeString:
    """The excerpt stored with a change, from its first mark on."""
    return excerpt(article, excerpts.from_change(version.excerpt))


def size(version: Version) -> SafeString:
    """How many words a change added and removed."""
    if version.words_added or version.words_removed:
        words = _('<span class="plus">+%(added)s</span> <span class="minus">−%(removed)s</span> words') % {
            "added": localize(version.words_added),
            "removed": localize(version.words_removed),
        }
    else:
        words = escape(_("text: no word changed"))
    return SafeString(f'<span class="size">{words}</span>')


def step(version: Version) -> SafeString:
    """A link to the change that made *version*: "v1→v2"."""
    said = pgettext("versions", "to")
    to = f'<span class="visually-hidden"> {escape(said)} </span>'
    steps = f'v{version.number - 1}{to}<span aria-hidden="true">→</span>v{version.number}'
    return SafeString(f'<a href="{escape(version.diff_url)}">{steps}</a>')


def choices_of_pair(version: Version, pair: tuple[int, int]) -> SafeString:
    """Two buttons that choose *version* for a comparison; those of the *pair* are chosen at first."""
    number = version.number
    said = (
        _("Compare from version %(number)s") % {"number": number},
        _("Compare to version %(number)s") % {"number": number},
    )
    return SafeString(
        "".join(
            f'<label class="choice"><input type="radio" name="{name}" value="{number}"'
            f"{' checked' if number == chosen else ''}>"
            f'<span class="visually-hidden">{escape(words)}</span></label>'
            for name, chosen, words in zip("ab", pair, said, strict=True)
        )
    )


def line_of_version(version: Version, earlier: Version | None, last: int | None = None) -> SafeString:
    """Links to what changed with *version*, where readers may see that, and to its text; when it was seen.

    last: the number of the version up to which all changes since this one are offered at once, if they are.
    """
    history = escape(reverse("article", args=[version.article_id]))
    parts = []
    if earlier and not version.hidden_itself and not version.follows_hidden:
        words = _('What changed<span class="visually-hidden"> from version %(a)s to version %(b)s</span>') % {
            "a": earlier.number,
            "b": version.number,
        }
        address = f"{history}diff/{version.number - 1}/{version.number}/"
        parts.append(f'<a class="what-changed" href="{address}">{words}</a>')
    name = escape(_("Version %(number)s") % {"number": version.number})
    parts.append(f'<a class="number" href="{history}{version.number}/">{name}</a>')
    seen = _("seen %(time)s") % {"time": moment(version.seen)}
    parts.append(f"<span>{seen}</span>")
    if earlier:
        gap = durations.in_words((version.seen - earlier.seen).total_seconds())
        parts.append(f'<span class="gap">{escape(gap)}</span>')
    if last and not version.hidden_itself:
        words = _(
            'All that changed since<span class="visually-hidden"> version %(a)s, up to version %(b)s</span>'
        ) % {"a": version.number, "b": last}
        address = f"{history}diff/{version.number}/{last}/"
        parts.append(f'<a href="{address}">{words}</a>')
    return SafeString(f'<p class="moment-facts">{" ".join(parts)}</p>')


def labels(article: Article, badges: Iterable[Badge], diff: str) -> SafeString:
    """Badges of a change as a list, each a link to its place in the *diff* ("" on the page of the diff)."""
    items = "".join(_label(article, badge, diff) for badge in badges)
    if not items:
        return SafeString("")
    name = _("Kinds of change")
    return SafeString(f'<ul class="labels" aria-label="{escape(name)}">{items}</ul>')


def _label(article: Article, badge: Badge, diff: str) -> str:
    words: str = badge_words(article, badge)
    if badge.anchor or (diff and badge.kind != "minor"):
        place = f"{diff}#{badge.anchor}" if badge.anchor else diff
        words = f'<a href="{escape(place)}">{words}</a>'
    quiet = " label-quiet" if badge.kind in _QUIET else ""
    return f'<li class="label label-{escape(badge.kind)}{quiet}">{words}</li>'


def badge_words(article: Article, badge: Badge) -> SafeString:
    """What a badge says: our words, and those of the article as such."""
    parts = [escape(badge.text)]
    if badge.before:
        parts.append(quoted(article, badge.before, 0))
    if badge.before and badge.after:
        to = pgettext("values", "to")
        parts.append(f'<span aria-hidden="true">→</span> <span class="visually-hidden">{escape(to)}</span>')
    if badge.after:
        parts.append(quoted(article, badge.after, 0))
    parts.append(escape(badge.ends))
    return SafeString(" ".join(filter(None, parts)))


def _language_of(article: Article) -> str:
    """The attributes of an element that holds words of *article*."""
    language = f' lang="{escape(article.language)}"' if article.language else ""
    return f'{language} dir="{"rtl" if article.direction == "rtl" else "ltr"}"'
