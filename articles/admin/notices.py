"""What the first page of the admin says before anything else.

A room with something to tell adds a function to ``NOTICES``; it is given the request, so that it can look
what its reader may see, and gives a notice or None. Each costs a query or two, whatever the archive holds.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django import template
from django.http import HttpRequest
from django.template.defaultfilters import pluralize
from django.urls import reverse

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
    since = "never ran" if silent is None else f"has not run for {silent / 60:,.0f} minutes"
    return Notice(1, f"The worker {since}: nothing is checked. Start it, or look at its log.")


def outage(request: HttpRequest) -> Notice | None:
    current = Outage.current()
    if current is None:
        return None
    since = f"{current.began:%d %B, %H:%M} UTC"
    return Notice(1, f"Our own network fails since {since}: all checks wait until a site answers again.")


def sources(request: HttpRequest) -> Notice | None:
    if not request.user.has_perm("articles.view_source"):
        return None
    severe = Health.objects.filter(severity__gt=0, source__enabled=True)
    count, worst = severe.count(), severe.filter(severity__gt=1).count()
    if not count:
        return None
    words = f"{count} source{pluralize(count, ' has,s have')} problems"
    words += f", {worst} of them need{pluralize(worst, 's,')} a look" if worst else ""
    return Notice(count, words, f"{reverse('admin:articles_source_changelist')}?health=problems")


def parked(request: HttpRequest) -> Notice | None:
    if not request.user.has_perm("articles.view_article"):
        return None
    count = Article.objects.filter(parked__isnull=False)[: MOST_COUNTED + 1].count()
    if not count:
        return None
    known = f"over {MOST_COUNTED:,}" if count > MOST_COUNTED else str(count)
    words = f"{known} article{pluralize(count, ' is,s are')} put aside, as checks of them never end"
    return Notice(count, words, f"{reverse('admin:articles_article_changelist')}?parked__isempty=0")


def quarantines(request: HttpRequest) -> Notice | None:
    if not request.user.has_perm("articles.view_quarantine"):
        return None
    count = Quarantine.objects.open().count()
    if not count:
        return None
    words = f"{count} change{pluralize(count)} found on many articles at once wait{pluralize(count, 's,')}"
    where = f"{reverse('admin:articles_quarantine_changelist')}?state__exact=open"
    return Notice(count, f"{words} for a decision", where)


def takedowns(request: HttpRequest) -> Notice | None:
    if not request.user.has_perm("articles.view_takedown"):
        return None
    count = Takedown.objects.filter(state=Takedown.State.OPEN).count()
    if not count:
        return None
    words = f"{count} takedown request{pluralize(count, ' waits,s wait')} for a decision"
    return Notice(count, words, f"{reverse('admin:articles_takedown_changelist')}?state__exact=open")


NOTICES: list[Callable[[HttpRequest], Notice | None]] = [
    *(worker, outage),
    *(sources, parked, quarantines, takedowns),
]


@register.simple_tag(takes_context=True)
def admin_notices(context: template.Context) -> Iterable[Notice]:
    """Those there are now."""
    return [notice for ask in NOTICES if (notice := ask(context["request"]))]
