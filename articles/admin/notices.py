"""What the first page of the admin says before anything else: what needs somebody, and what the day was like.

A room with something to tell adds a function to ``NOTICES``; it is given the request, so that it can look
what its reader may see, and gives a notice or None. Each costs a query or two, whatever the archive holds.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.admin.last_day import LastDay, last_day
from articles.exports import trouble
from articles.health import FEED_FAILS
from articles.models import (
    Article,
    Feed,
    Health,
    Heartbeat,
    LearnedPlace,
    Outage,
    Proposal,
    Quarantine,
    Takedown,
)

register = template.Library()

MOST_COUNTED = 1000

MOST_NAMED = 5
"""Of one kind, named on the first page; its list has all."""

WORKER_LATE_SECONDS = 300
"""The dispatcher runs each minute; five missed in a row are no accident."""


class Named(NamedTuple):
    """One thing that needs somebody: what it is, where it is seen to, and what is the matter in words."""

    text: str
    url: str
    detail: str = ""


class Notice(NamedTuple):
    """How many of something need somebody, and what they are in words (the number too).

    url: the list of all of them ('': there is none). named: the first of them. is_grave: whether nothing is
    watched at all meanwhile.
    """

    number: int
    text: str
    url: str = ""
    named: Sequence[Named] = ()
    advice: str = ""
    is_grave: bool = False

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.number - len(self.named) if self.named else 0


def worker(request: HttpRequest) -> Notice | None:
    silent = Heartbeat.seconds_since("dispatch")
    if silent is not None and silent <= WORKER_LATE_SECONDS:
        return None
    advice = _("Start it, or look at its log.")
    if silent is None:
        return Notice(1, _("The worker never ran: nothing is checked."), advice=advice, is_grave=True)
    told = ngettext(
        "The worker has not run for %(minutes)s minute: nothing is checked.",
        "The worker has not run for %(minutes)s minutes: nothing is checked.",
        round(silent / 60),
    )
    return Notice(1, told % {"minutes": f"{silent / 60:,.0f}"}, advice=advice, is_grave=True)


def _date(when: datetime) -> str:
    return str(date_format(when, "DATETIME_FORMAT"))


def outage(request: HttpRequest) -> Notice | None:
    current = Outage.current()
    if current is None:
        return None
    since = _date(current.began)
    told = _("Our own network fails since %(since)s.") % {"since": since}
    advice = _("All checks wait until a site answers again; nothing counts as removed meanwhile.")
    return Notice(1, told, advice=advice, is_grave=True)


def sources(request: HttpRequest) -> Notice | None:
    if not request.user.has_perm("articles.view_source"):
        return None
    severe = Health.objects.filter(severity__gt=0, source__enabled=True)
    first = severe.select_related("source").order_by("-severity", "source__name")
    named, count = _first(first, lambda one: Named(one.source.name, _of_source(one.source_id), one.verdict))
    if not count:
        return None
    words = ngettext("%(count)s source has problems", "%(count)s sources have problems", count)
    words %= {"count": count}
    if worst := severe.filter(severity__gt=1).count():
        look = ngettext("%(count)s of them needs a look", "%(count)s of them need a look", worst)
        words += f", {look % {'count': worst}}"
    where = f"{reverse('admin:articles_source_changelist')}?health=problems"
    return Notice(count, words, where, named)


def feeds(request: HttpRequest) -> Notice | None:
    """Feeds that are no longer where they were: they give no new articles."""
    if not request.user.has_perm("articles.view_source"):
        return None
    lost = Feed.objects.filter(Q(errors_in_row__gte=FEED_FAILS) | ~Q(moved_to=""), source__enabled=True)
    first = lost.select_related("source").order_by("-errors_in_row", "pk")
    named, count = _first(
        first, lambda feed: Named(feed.address, f"{_of_source(feed.source_id)}#feeds-group", _lost(feed))
    )
    if not count:
        return None
    words = ngettext(
        "%(count)s feed has lost its address", "%(count)s feeds have lost their addresses", count
    )
    advice = _("Give the feed’s new address on its source’s page, or delete the feed there.")
    return Notice(count, words % {"count": count}, "", named, advice)


def _lost(feed: Feed) -> str:
    told = {"source": feed.source.name, "address": feed.moved_to}
    if feed.moved_to:
        return _("%(source)s: it leads to %(address)s for good") % told
    told |= {"times": str(feed.errors_in_row), "error": feed.last_error}
    return _("%(source)s: not read %(times)s times in a row (%(error)s)") % told


def parked(request: HttpRequest) -> Notice | None:
    if not request.user.has_perm("articles.view_article"):
        return None
    count = Article.objects.filter(parked__isnull=False)[: MOST_COUNTED + 1].count()
    if not count:
        return None
    words = ngettext(
        "%(count)s article is put aside, as checks of it never end",
        "%(count)s articles are put aside, as checks of them never end",
        count,
    )
    words %= {"count": _many(count)}
    return Notice(count, words, f"{reverse('admin:articles_article_changelist')}?parked__isempty=0")


def quarantines(request: HttpRequest) -> Notice | None:
    if not request.user.has_perm("articles.view_quarantine"):
        return None
    named, count = _first(
        Quarantine.objects.open().select_related("source"),
        lambda one: Named(
            one.source.name,
            reverse("admin:articles_quarantine_change", args=[one.pk]),
            _("the same change on %(alike)s of %(checked)s articles, found on %(day)s")
            % {
                "alike": one.articles_alike,
                "checked": one.articles_checked,
                "day": _date(one.opened),
            },
        ),
    )
    if not count:
        return None
    words = ngettext(
        "%(count)s change found on many articles at once waits for a decision",
        "%(count)s changes found on many articles at once wait for a decision",
        count,
    )
    where = f"{reverse('admin:articles_quarantine_changelist')}?state__exact=open"
    return Notice(count, words % {"count": count}, where, named)


def takedowns(request: HttpRequest) -> Notice | None:
    if not request.user.has_perm("articles.view_takedown"):
        return None
    waiting = Takedown.objects.filter(state=Takedown.State.OPEN).select_related("article").order_by("asked")
    named, count = _first(
        waiting,
        lambda one: Named(
            one.reference,
            reverse("admin:articles_takedown_change", args=[one.pk]),
            f"{one.get_reason_display()}, {_date(one.asked)}" + (f": {one.article}" if one.article else ""),
        ),
    )
    if not count:
        return None
    words = ngettext(
        "%(count)s takedown request waits for a decision",
        "%(count)s takedown requests wait for a decision",
        count,
    )
    where = f"{reverse('admin:articles_takedown_changelist')}?state__exact=open"
    return Notice(count, words % {"count": count}, where, named)


def pairs(request: HttpRequest) -> Notice | None:
    if not request.user.has_perm("articles.view_proposal"):
        return None
    waiting = Proposal.objects.filter(state=Proposal.State.OPEN)
    count = waiting[: MOST_COUNTED + 1].count()
    if not count:
        return None
    words = ngettext(
        "%(count)s pair of articles may be one story", "%(count)s pairs of articles may be one story", count
    )
    where = f"{reverse('admin:articles_proposal_changelist')}?state__exact=open"
    return Notice(count, words % {"count": _many(count)}, where)


def learned(request: HttpRequest) -> Notice | None:
    """Places of pages that may be no part of a story, and are left out only once a person says so."""
    if not request.user.has_perm("articles.view_source"):
        return None
    waiting = LearnedPlace.objects.filter(state=LearnedPlace.State.SUGGESTED, source__enabled=True)
    by_source = waiting.order_by().values_list("source", "source__name").annotate(Count("pk"))
    rows = list(by_source.order_by("source__name"))
    if not rows:
        return None
    words = ngettext(
        "%(count)s source shows what may be no part of its stories",
        "%(count)s sources show what may be no part of their stories",
        len(rows),
    )
    named = [
        Named(
            name,
            reverse("admin:articles_source_learned", args=[pk]),
            ngettext("%(count)s place is suggested", "%(count)s places are suggested", count)
            % {"count": count},
        )
        for pk, name, count in rows[:MOST_NAMED]
    ]
    return Notice(len(rows), words % {"count": len(rows)}, "", named)


def datasets(request: HttpRequest) -> Notice | None:
    """That the edition of the datasets can't be written, and why."""
    found = trouble.current() if settings.DATASETS != "off" else None
    if found is None or not request.user.has_perm("articles.view_source"):
        return None
    told = _("The datasets have not been written since %(since)s: %(trouble)s.")
    words = told % {"since": _date(found.since), "trouble": found.trouble.label}
    advice = _("It is tried again each minute. The log has what was answered.")
    return Notice(1, words, advice=advice)


NOTICES: list[Callable[[HttpRequest], Notice | None]] = [
    *(worker, outage, takedowns),
    *(quarantines, sources, feeds, parked, pairs, learned, datasets),
]
"""In the order in which the page has them: what stops everything first, then what people wait for."""


@register.simple_tag(takes_context=True)
def admin_notices(context: template.Context) -> Iterable[Notice]:
    """Those there are now."""
    return [notice for ask in NOTICES if (notice := ask(context["request"]))]


@register.simple_tag(takes_context=True)
def admin_last_day(context: template.Context) -> LastDay | None:
    """What the last 24 hours were like; None for whom that is none of their business."""
    request: HttpRequest = context["request"]
    return last_day(timezone.now()) if request.user.has_perm("articles.view_source") else None


def _first(rows: models.QuerySet[Any], name: Callable[[Any], Named]) -> tuple[list[Named], int]:
    """The first of *rows* with their names, and how many there are."""
    few = list(rows[: MOST_NAMED + 1])
    count = len(few) if len(few) <= MOST_NAMED else rows.count()
    return [name(row) for row in few[:MOST_NAMED]], count


def _many(count: int) -> str:
    if count > MOST_COUNTED:
        return _("over %(most_counted)s") % {"most_counted": f"{MOST_COUNTED:,}"}
    return str(count)


def _of_source(pk: int) -> str:
    return reverse("admin:articles_source_change", args=[pk])
