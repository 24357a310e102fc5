"""What the first page of the admin says before anything else.

A room with something to tell adds a function to ``NOTICES``; it is given the request, so that it can look
what its reader may see, and gives a notice or None. Each costs a query or two, whatever the archive holds.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Health, Heartbeat, Outage, Quarantine, Takedown

register = template.Library()

MOST_COUNTED = 1000

WORKER_LATE_SECONDS = 300
"""The dispatcher runs each minute; five missed in a row are no accident."""


class Notice(NamedTuple):
    """How many of something, what it is in words (the number too), and where to look at it ('': nowhere)."""

    number: int
    text: str
    url: str = ""


def worker(request: HttpRequest) -> Notice | None:
    silent = Heartbeat.seconds_since("dispatch")
    if silent is not None and silent <= WORKER_LATE_SECONDS:
        return None
    if silent is None:
        return Notice(1, _("The worker never ran: nothing is checked. Start it, or look at its log."))
    told = _(
        "The worker has not run for %(minutes)s minutes: nothing is checked. Start it, or look at its log."
    )
    return Notice(1, told % {"minutes": f"{silent / 60:,.0f}"})


def outage(request: HttpRequest) -> Notice | None:
    current = Outage.current()
    if current is None:
        return None
    since = date_format(current.began, "DATETIME_FORMAT")
    return Notice(
        1,
        _("Our own network fails since %(since)s: all checks wait until a site answers again.")
        % {"since": since},
    )


def sources(request: HttpRequest) -> Notice | None:
    if not request.user.has_perm("articles.view_source"):
        return None
    severe = Health.objects.filter(severity__gt=0, source__enabled=True)
    count, worst = severe.count(), severe.filter(severity__gt=1).count()
    if not count:
        return None
    words = ngettext("%(count)s source has problems", "%(count)s sources have problems", count)
    words %= {"count": count}
    if worst:
        look = ngettext("%(count)s of them needs a look", "%(count)s of them need a look", worst)
        words += f", {look % {'count': worst}}"
    return Notice(count, words, f"{reverse('admin:articles_source_changelist')}?health=problems")


def parked(request: HttpRequest) -> Notice | None:
    if not request.user.has_perm("articles.view_article"):
        return None
    count = Article.objects.filter(parked__isnull=False)[: MOST_COUNTED + 1].count()
    if not count:
        return None
    known = (
        _("over %(most_counted)s") % {"most_counted": f"{MOST_COUNTED:,}"}
        if count > MOST_COUNTED
        else str(count)
    )
    words = ngettext(
        "%(count)s article is put aside, as checks of it never end",
        "%(count)s articles are put aside, as checks of them never end",
        count,
    )
    words %= {"count": known}
    return Notice(count, words, f"{reverse('admin:articles_article_changelist')}?parked__isempty=0")


def quarantines(request: HttpRequest) -> Notice | None:
    if not request.user.has_perm("articles.view_quarantine"):
        return None
    count = Quarantine.objects.open().count()
    if not count:
        return None
    words = ngettext(
        "%(count)s change found on many articles at once waits for a decision",
        "%(count)s changes found on many articles at once wait for a decision",
        count,
    )
    where = f"{reverse('admin:articles_quarantine_changelist')}?state__exact=open"
    return Notice(count, words % {"count": count}, where)


def takedowns(request: HttpRequest) -> Notice | None:
    if not request.user.has_perm("articles.view_takedown"):
        return None
    count = Takedown.objects.filter(state=Takedown.State.OPEN).count()
    if not count:
        return None
    words = ngettext(
        "%(count)s takedown request waits for a decision",
        "%(count)s takedown requests wait for a decision",
        count,
    )
    return Notice(
        count, words % {"count": count}, f"{reverse('admin:articles_takedown_changelist')}?state__exact=open"
    )


NOTICES: list[Callable[[HttpRequest], Notice | None]] = [
    *(worker, outage),
    *(sources, parked, quarantines, takedowns),
]


@register.simple_tag(takes_context=True)
def admin_notices(context: template.Context) -> Iterable[Notice]:
    """Those there are now."""
    return [notice for ask in NOTICES if (notice := ask(context["request"]))]
