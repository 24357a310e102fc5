"""What the pages say about an article and about a source, sentence by sentence.

What the functions answer goes into templates as it is: safe strings with links and times, or plain text.
"""

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from articles.models import Article, Event, Outcome, Source
from articles.pages.durations import days_in_words, exactly_in_words
from articles.pages.words import in_quotation_marks, moment, times
from articles.web.reasons import is_said_in_full, what_it_found
from articles.web.wording import number

_FAILING = 5
"""Failures in a row from which a source is said to be failing."""

_LOST = {
    Article.State.REMOVED: (Event.Kind.REMOVED, gettext_lazy("It was removed from its original source")),
    Article.State.WITHHELD: (
        Event.Kind.WITHHELD,
        gettext_lazy("It is withheld by its original source for legal reasons"),
    ),
}


def about_article(article: Article, events: list[Event], now: datetime) -> list[str]:
    """What an article's page says of it. *events* are the article's, in any order."""
    if not article.version_count:
        return [_found(article), _joined(state(article, events, now), last_check(article))]
    sentences = (
        introduction(article),
        _joined(state(article, events, now), last_check(article), flip_flopping(article), capped(article)),
        alternating_headlines(article),
        original(article),
        changes(article),
    )
    return [sentence for sentence in sentences if sentence]


def introduction(article: Article) -> str:
    return format_html(
        _("This article is from the source '%s' and was first published or seen on {}.")
        % '<a href="{}">{}</a>',
        article.source.get_absolute_url(),
        article.source.slug,
        moment(article.first_published_or_seen),
    )


def _found(article: Article) -> str:
    """Of an article of which no text was seen: only those who run the site see its page."""
    return format_html(
        _("This article of the source '%s' was found on {}, at {}. Readers find nothing of it here.")
        % '<a href="{}">{}</a>',
        article.source.get_absolute_url(),
        article.source.slug,
        moment(article.first_seen),
        outward(article.address),
    )


def state(article: Article, events: list[Event], now: datetime) -> str:
    """When it will be checked again, or why it won't."""
    if article.state == Article.State.RETIRED:
        return _retired(article, now)
    if article.state in _LOST:
        return _joined(_lost(article, events), _next_check(article, now))
    return _next_check(article, now)


def _retired(article: Article, now: datetime) -> str:
    # The setting may have been raised since.
    days = min(article.source.retire_after_days, (now - article.changed_or_first_seen).days)
    since = ngettext("over %(count)s day", "over %(count)s days", days) % {"count": days}
    if article.last_changed:
        return format_html(_("It last changed {} ago and won't be checked again for changes."), since)
    return format_html(_("It has not changed for {} and won't be checked again for changes."), since)


def _lost(article: Article, events: list[Event]) -> str:
    kind, words = _LOST[Article.State(article.state)]
    seen = max((event.at for event in events if event.kind == kind), default=None)
    return (
        format_html(_("{}: this was seen on {}."), words, moment(seen)) if seen else format_html("{}.", words)
    )


def _next_check(article: Article, now: datetime) -> str:
    if article.state == Article.State.PAUSED:
        return _("It is paused and is not being checked for changes.")
    if not article.source.enabled:
        return _("Its source is paused, so it is not being checked for changes.")
    if article.next_check_at is None:
        return _("It will not be checked again for changes.")
    if article.next_check_at <= now:
        return format_html(
            _("The next check for changes will be as soon as its turn comes: it has been due since {}."),
            moment(article.next_check_at),
        )
    return format_html(_("The next check for changes will be on {}."), moment(article.next_check_at))


def last_check(article: Article) -> str:
    """What the last check came to; nothing where the state has said so already."""
    if article.last_checked is None:
        return _("It has not been checked yet.")
    when = moment(article.last_checked)
    if article.last_outcome == Outcome.UNCHANGED and not article.flip_flopping:
        return format_html(_("It was last checked on {} and had not changed."), when)
    found = what_it_found(article)
    if found is None:
        return ""
    if is_said_in_full(article):
        return format_html(_("The last check, on {}, {}."), when, found)
    failed = format_html(_("The last check, on {}, {}{}."), when, found, _why(article.last_reason))
    return _joined(failed, _kept(article))


def _why(reason: str) -> str:
    # A reason may quote the page.
    return format_html(": <bdi>{}</bdi>", reason.rstrip(".")) if reason else ""


def _kept(article: Article) -> str:
    if not article.version_count:
        return _("No text of it has been seen yet.")
    if article.last_success is None:
        return _("Kept the last good version.")
    return format_html(_("Kept the last good version, last seen on {}."), moment(article.last_success))


def flip_flopping(article: Article) -> str:
    if not article.flip_flopping:
        return ""
    return _("It goes back and forth between two texts, so no more versions are made of these.")


def alternating_headlines(article: Article) -> str:
    """That several headlines are in use, and which."""
    headlines = article.alternating_headlines
    if not headlines:
        return ""
    told = ngettext(
        "%(count)s headline is seen in turn while the text stays:",
        "%(count)s headlines are seen in turn while the text stays:",
        len(headlines),
    ) % {"count": len(headlines)}
    return format_html(
        "{} {}.",
        told,
        format_html_join(", ", in_quotation_marks("<bdi>{}</bdi>"), ((one,) for one in headlines)),
    )


def capped(article: Article) -> str:
    if article.capped_since is None:
        return ""
    return format_html(
        _(
            "Its text differs again, but at most {} versions a day are kept of one article, so no "
            "more have been made since {}."
        ),
        article.source.versions_per_day,
        moment(article.capped_since),
    )


def original(article: Article) -> str:
    if article.state in _LOST:
        words = _("It was to be found at its original source at {}.")
    else:
        words = _("You can find the current article at its original source at {}.")
    return _joined(format_html(words, outward(article.address)), _copies(article))


def _copies(article: Article) -> str:
    address = archived(article.address)
    if not address:
        return ""
    return format_html(
        '{} <a href="{}" rel="external nofollow noreferrer">{}</a>.',
        _("Other archives may have copies:"),
        address,
        _("this address at web.archive.org"),
    )


def changes(article: Article) -> str:
    count = article.change_count
    changed = (
        _("The article has changed %(times)s.") % {"times": times(count)}
        if count
        else _("The article has not changed.")
    )
    return format_html(
        '{} {} <a href="{}">{}</a>{}',
        changed,
        pgettext("before: an RSS feed of changes", "There is"),
        reverse("article-feed", args=[article.pk, "rss"]),
        _("an RSS feed of changes"),
        pgettext("after: an RSS feed of changes", " available."),
    )


def event_bracket(event: Event, write: Callable[[datetime], str] = moment) -> str:
    """Between which moments it happened, as far as that is known; *write* sets a time."""
    before = _("last seen missing") if event.kind == Event.Kind.RESTORED else _("last there")
    return format_html_join(
        ", ",
        "{} {}",
        (
            (words, write(when))
            for words, when in ((before, event.previous_last_seen), (_("first not found"), event.first_sign))
            if when
        ),
    )


def no_changes_yet(article: Article, now: datetime) -> str:
    """For an article with one version or none: how often it was looked at, and when it will be next."""
    if not article.version_count:
        return _joined(_("No text of this article has been seen yet."), _next_check(article, now))
    if article.state in _LOST:
        return _("No change was seen while it was there.")
    made = article.checks_made
    checks = ngettext("%(count)s check", "%(count)s checks", made) % {"count": number(made)}
    scheduled = article.state == Article.State.WATCHED and article.source.enabled
    if not scheduled or article.next_check_at is None:
        return format_html(_("No changes seen in {}."), checks)
    if article.next_check_at <= now:
        return format_html(_("No changes seen in {}; the next is due."), checks)
    return format_html(_("No changes seen in {}; next {}."), checks, moment(article.next_check_at))


def about_source(source: Source) -> list[str]:
    """How a source does and how often its articles are checked."""
    return [_joined(_health(source), _failures(source)), _schedule(source)]


def source_state(source: Source) -> str:
    """In a word: paused, failing, watched, or new when nothing of it has been read, not even a feed."""
    return str(_STATES[_state(source)])


_STATES = {
    "paused": gettext_lazy("paused"),
    "failing": gettext_lazy("failing"),
    "watched": gettext_lazy("watched"),
    "new": gettext_lazy("new"),
}


def _state(source: Source) -> str:
    if not source.enabled:
        return "paused"
    if source.errors_in_row >= _FAILING:
        return "failing"
    return "watched" if source.last_success or source.last_feed_read else "new"


def _health(source: Source) -> str:
    state = _state(source)
    if state == "paused":
        return _("This source is paused: nothing of it is fetched.")
    if source.last_success is None:
        if state == "watched":
            return _("This source is watched. Its feeds have been read, but none of its articles yet.")
        if source.errors_in_row:
            return _("Nothing of this source has been read yet.")
        return _(
            "Nothing of this source has been read yet: its feeds are read first, then each article they name."
        )
    if state == "failing":
        return format_html(_("Reading this source has been failing since {}."), moment(source.last_success))
    return format_html(_("This source is watched. It was last read on {}."), moment(source.last_success))


def _failures(source: Source) -> str:
    if not source.enabled or not source.errors_in_row:
        return ""
    count = source.errors_in_row
    often = _("the last time") if count == 1 else _("the last %(count)s times") % {"count": number(count)}
    return format_html(_("Reading it failed {}{}."), often, _why(source.last_error))


def _schedule(source: Source) -> str:
    days = source.retire_after_days
    return format_html(
        _(
            "A new article, or one that has just changed, is checked again after {}. The longer it "
            "stays as it is, the longer the wait: 1/{} of that time, at most {}. After {} without a "
            "change it is not checked again."
        ),
        exactly_in_words(source.floor_seconds),
        source.age_divisor,
        exactly_in_words(source.ceiling_seconds),
        days_in_words(days),
    )


def outward(address: str) -> str:
    """A link to another site, with the address as its text; only text when it is not http(s)."""
    if not _is_of_the_web(address):
        return format_html('<bdi dir="ltr">{}</bdi>', address)
    return format_html(
        '<a href="{}" rel="external nofollow noreferrer"><bdi dir="ltr">{}</bdi></a>', address, address
    )


def archived(address: str) -> str:
    """Where the Internet Archive lists its copies of what is at *address*; '' when it is not http(s)."""
    return f"https://web.archive.org/web/*/{address}" if _is_of_the_web(address) else ""


def _is_of_the_web(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


def _joined(*sentences: str) -> str:
    return format_html_join(" ", "{}", ((sentence,) for sentence in sentences if sentence))
