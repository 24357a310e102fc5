"""The feeds of changes: all, one source's, one article's."""

import hashlib
from collections.abc import Iterator, Sequence
from math import ceil

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.html import format_html
from django.utils.http import http_date
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.diff import Span
from articles.diff.html import feed_html
from articles.models import Article, TakedownStep, Version
from articles.pages import excerpts
from articles.pages.absolute import absolute
from articles.pages.badges import badges_of, badges_of_facts, in_a_line
from articles.pages.feed_formats import FORMATS, Channel, Item
from articles.pages.filters import Filters, FiltersForm
from articles.pages.labels import label_of
from articles.pages.publications import find_source
from articles.pages.recent import Entry, Listing, asked_place, older_changes, recent_changes
from articles.pages.sentences import event_bracket
from articles.pages.stories import of_article
from articles.pages.words import date_and_time, shortened
from articles.web.headers import fresh
from articles.web.language import in_site_language
from articles.web.limits import costly_with
from newsdiffs import __version__

ITEMS = 50

_TITLE_LENGTH = 200
_REMOVED = "background-color:#ffdc9e;color:#1b1f24;text-decoration:line-through"
_ADDED = "background-color:#a9d4ff;color:#1b1f24;text-decoration:underline"


@in_site_language
@costly_with("q")
@fresh
def all_changes(request: HttpRequest, form: str) -> HttpResponse:
    """What ``/changes/`` shows, with the same filters."""
    asked = FiltersForm(request.GET)
    filters = asked.filters()
    if filters is None:
        raise BadRequest(_("Filters that can’t be read: %(as_text)s") % {"as_text": asked.errors.as_text()})
    given = request.GET.copy()
    given.pop("before", None)
    query = f"?{given.urlencode()}" if asked.in_use else ""
    return filters_feed(request, form, filters, reverse("changes") + query)


@in_site_language
@fresh
def source_changes(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    source = find_source(slug)
    minor = request.GET.get("minor", "") == "1"
    return filters_feed(request, form, Filters(source=source, minor=minor), source.get_absolute_url())


def filters_feed(request: HttpRequest, form: str, filters: Filters, page: str) -> HttpResponse:
    """The feed of what *filters* ask for; *page*: the path of the list that shows the same."""
    listing = recent_changes(filters, before=asked_place(request, "before"), size=ITEMS)
    title = _("NewsDiffs: %(in_words)s") % {"in_words": filters.in_words()}
    about = _("What changed in news articles after publication, as seen by NewsDiffs.")
    return _answer(request, form, title, about, page, listing)


@in_site_language
@of_article
def article_changes(request: HttpRequest, article: Article, form: str) -> HttpResponse:
    """Every change of the article, minor ones too, and what happened to it."""
    return article_feed(request, article, form)


def article_feed(request: HttpRequest, article: Article, form: str) -> HttpResponse:
    """The same of an article that is known already, and that readers may see."""
    before = asked_place(request, "before")
    listing = older_changes(article.versions.changes(), article.events.all(), before=before, size=ITEMS)
    title = _("NewsDiffs: changes to “%(shortened)s”") % {"shortened": shortened(str(article), _TITLE_LENGTH)}
    about = _("What changed in this article of %(name)s, as seen by NewsDiffs.") % {
        "name": article.source.name
    }
    return _answer(request, form, title, about, article.get_absolute_url(), listing)


def _answer(
    request: HttpRequest, form: str, title: str, about: str, page: str, listing: Listing
) -> HttpResponse:
    """The feed, or 304 when the asker has these entries already. No text is read, and none compared."""
    entries = listing.entries
    newest = _last_modified(entries)
    etag = _etag(form, title, listing)
    unchanged = get_conditional_response(request, etag=etag, last_modified=newest)
    if unchanged is not None:
        return unchanged
    address = absolute(request.get_full_path())
    channel = Channel(title, about, absolute(page), address, _older_address(request, listing))
    shape = FORMATS[form]
    response = HttpResponse(shape.write(channel, items_of(entries)), content_type=shape.content_type)
    # get_conditional_response() sets them on its own answers only.
    response.headers["ETag"] = etag
    if settings.HUB_URL:  # WebSub looks for both in this header
        response.headers["Link"] = f'<{settings.HUB_URL}>; rel="hub", <{address}>; rel="self"'
    if newest is not None:
        response.headers["Last-Modified"] = http_date(newest)
    return response


def items_of(entries: Sequence[Entry]) -> list[Item]:
    """The items of changes and events: in words, and as HTML that needs no style sheet. No query."""
    return [_change(entry.version) if entry.version else _event(entry) for entry in entries]


def _older_address(request: HttpRequest, listing: Listing) -> str:
    """Where the same feed goes on: a reader that asks seldom finds all that came since."""
    if listing.older is None:
        return ""
    query = request.GET.copy()
    query["before"] = str(listing.older)
    return absolute(f"{request.path}?{query.urlencode()}")


def _last_modified(entries: Sequence[Entry]) -> int | None:
    """When the feed last changed (Unix time): by its newest entry, or because something was taken down."""
    step = TakedownStep.objects.newest_first().first()
    changed = [int(entries[0].place.at.timestamp())] if entries else []
    changed += [ceil(step.at.timestamp())] if step else []
    return max(changed, default=None)


def _etag(form: str, title: str, listing: Listing) -> str:
    parts = [__version__, form, title, *(str(entry.place) for entry in listing.entries), str(listing.older)]
    # Weak: the server may compress the answer.
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f'W/"{digest[:32]}"'


def _change(version: Version) -> Item:
    headline = shortened(version.headline or version.article.address, _TITLE_LENGTH)
    changed = _("Headline changed:") + " " if version.headline_before else ""
    size = " " + _("(+%(words_added)s −%(words_removed)s words)") % {
        "words_added": version.words_added,
        "words_removed": version.words_removed,
    }
    if not version.words_added and not version.words_removed:
        size = ""
    kinds = [*version.badges, *(["minor"] if version.minor and "minor" not in version.badges else [])]
    return Item(
        identifier=_tag(f"articles/{version.article_id}/{version.number}", version.seen.timestamp()),
        title=f"v{version.number}: {changed}{_apart(headline, version.article)}{size}",
        link=absolute(version.diff_url),
        seen=version.seen,
        source=version.source.name,
        labels=[label_of(kind) for kind in kinds],
        summary=_summary(version),
        content=format_html(
            "{}{}{}{}",
            _badges_html(version),
            _headline_html(version),
            feed_html(_sentences(version)),
            _seen_html(version),
        ),
    )


def _apart(headline: str, article: Article) -> str:
    """A headline amid our words: one that is set right to left would draw the numbers behind it with it.

    Plain text has no other means than these two marks (Unicode's FSI and PDI).
    """
    return f"\u2068{headline}\u2069" if article.direction == "rtl" else headline


def _sentences(version: Version) -> Iterator[list[Span]]:
    """The changed sentences stored with a change."""
    for sentence in filter(None, [version.excerpt, *version.more_excerpts]):
        yield [Span(tag, text if tag != "+" else "", text if tag != "-" else "") for tag, text in sentence]


def _event(entry: Entry) -> Item:
    event = entry.event
    assert event
    article = event.article
    name = label_of(event.kind)
    headline = shortened(str(article), _TITLE_LENGTH)
    between = event_bracket(event, date_and_time)
    said = _("%(name)s: seen on %(date_and_time)s%(value)s.") % {
        "name": name,
        "date_and_time": date_and_time(event.at),
        "value": f" ({between})" if between else "",
    }
    return Item(
        identifier=_tag(f"articles/{article.pk}/{event.kind}/{event.pk}", event.at.timestamp()),
        title=f"{name}: {headline}",
        link=absolute(article.get_absolute_url()),
        seen=event.at,
        source=event.source.name,
        labels=[name],
        summary=said,
        content=format_html("<p>{}</p>", said),
    )


def _tag(path: str, when: float) -> str:
    """A ``tag:`` URI (RFC 4151) that stays when the site moves to another host.

    So its authority can't be the host; ``.invalid`` is nobody's (RFC 2606), and the instant, to the
    microsecond, tells two sites' articles of the same number apart.
    """
    return f"tag:newsdiffs.invalid,2026:{path}/{int(when * 1_000_000)}"


def _summary(version: Version) -> str:
    """The change in a line of plain text."""
    told = in_a_line(badges_of_facts(version))
    if version.headline_before:
        shown = _("Was: %(headline)s") % {"headline": shortened(version.headline_before)}
    else:
        shown = excerpts.plain(version.excerpt)
    return " – ".join(filter(None, (told, shown)))


def _badges_html(version: Version) -> SafeString:
    told = in_a_line(badges_of(version))
    return format_html("<p>{}</p>", told) if told else SafeString("")


def _headline_html(version: Version) -> SafeString:
    if not version.headline_before:
        return SafeString("")
    return format_html(
        '<p>{} <del style="{}">{}</del><br>{} <ins style="{}">{}</ins></p>',
        _("Was:"),
        _REMOVED,
        shortened(version.headline_before),
        _("Now:"),
        _ADDED,
        shortened(version.headline),
    )


def _seen_html(version: Version) -> SafeString:
    before = (
        "; "
        + _("the text before was last seen on %(date_and_time)s")
        % {"date_and_time": date_and_time(version.previous_last_seen)}
        if version.previous_last_seen
        else ""
    )
    return format_html(
        "<p>{}{}.</p>",
        _("Version %(number)s, first seen on %(time)s")
        % {"number": version.number, "time": date_and_time(version.seen)},
        before,
    )
