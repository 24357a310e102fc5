"""The pages under /subscriptions/. Whoever has a subscription's address may do with it what he likes."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles import search
from articles.models import Subscription, Way
from articles.models.quota import Quota
from articles.notices import subscribing
from articles.notices.attempts import Trouble
from articles.notices.forms import SubscriptionForm, article_asked, filters_asked
from articles.notices.matching import filters_of
from articles.notices.message import asked_in_words, list_of, path_of_list
from articles.notices.tasks import send_mails_soon, send_test_soon
from articles.pages.syndication import article_feed, filters_feed
from articles.web.language import in_site_language
from articles.web.visitors import in_words, visitor_key

LONGEST_QUERY = 2000
"""Characters of filters that are stored."""


@sensitive_post_parameters("secret", "receiver", "email")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form to ask for notices of what the address has the filters of; and what became of it."""
    filters, query = filters_asked(request.GET)
    article = article_asked(request.GET)
    given: dict[str, Any] = {"data": request.POST} if request.method == "POST" else {}
    if not given:
        given = {"initial": {"sentence": request.GET.get("sentence", "")[:1000]}}
    form = SubscriptionForm(request, article, "" if article else query, **given)
    context = {"form": form, "filters_form": filters, "article": article, "asked": _asked(filters, article)}
    if filters.errors or len(query) > LONGEST_QUERY:
        return _page(request, "notices/new.html", context | {"unreadable": True}, 400)
    if request.method != "POST":
        return _page(request, "notices/new.html", context)
    if not form.is_valid():
        return _page(request, "notices/new.html", context, 400)
    wait = subscribing.BY_VISITOR.use(visitor_key(request))
    if wait:
        form.add_error(
            None,
            _("There were several subscriptions from your address. Send this one in %(in_words)s.")
            % {"in_words": in_words(wait)},
        )
        response = _page(request, "notices/new.html", context, 429)
        response.headers["Retry-After"] = str(int(wait) + 1)
        return response
    return _subscribe(request, form, context)


def _asked(filters: Any, article: Any) -> str:
    """What is asked for, in words."""
    if article is not None:
        return _("changes to “%(headline)s”") % {"headline": article}
    read = filters.filters()
    return read.in_words() if read else ""


def _subscribe(request: HttpRequest, form: SubscriptionForm, context: dict[str, Any]) -> HttpResponse:
    owner = request.user if isinstance(request.user, User) else None
    try:
        made = subscribing.subscribe(form.asked(), owner)
    except subscribing.TooMany:
        form.add_error(
            None, _("There are as many subscriptions as there may be. End one that you need no more.")
        )
        return _page(request, "notices/new.html", context, 409)
    way = Way(form.cleaned_data["way"])
    if way == Way.EMAIL:
        send_mails_soon()
        return _page(request, "notices/asked.html", {"unknown": form.unknown})
    assert made is not None
    if way == Way.WEBHOOK:
        # The only time that it is shown.
        shown = {"subscription": made, "secret": made.secret, "unknown": form.unknown}
        return _page(request, "notices/made.html", shown)
    return redirect(made)


@login_required(login_url="sign-in")
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """Those of whoever is signed in."""
    rows = Subscription.objects.filter(owner_id=request.user.pk).select_related("article").order_by("-pk")
    told = [(row, asked_in_words(row), _problem(row)) for row in rows]
    return _page(request, "notices/own.html", {"subscriptions": told})


@require_GET
def show(request: HttpRequest, token: str) -> HttpResponse:
    """What one subscription asks for, and how it fares."""
    subscription = _found(token)
    context = {
        "subscription": subscription,
        "asked": asked_in_words(subscription),
        "problem": _problem(subscription),
        "list": list_of(subscription),
        "feeds": [(end, reverse("subscription-feed", args=[token, end])) for end in ("rss", "atom", "json")],
        "may_be_tested": subscription.way not in (Way.EMAIL, Way.FEED),
    }
    return _page(request, "notices/subscription.html", context)


@csrf_exempt  # whoever knows the address may
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Asks once more by a button, as programs that look at mails open every link in them."""
    subscription = _found(token)
    if request.method == "POST":
        if subscription.stopped != Subscription.Stopped.BOUNCED:
            subscribing.confirm(subscription, timezone.now())
        return redirect(subscription)
    context = {"subscription": subscription, "asked": asked_in_words(subscription)}
    return _page(request, "notices/confirm.html", context)


@csrf_exempt  # mail programs send the form of RFC 8058 from nowhere
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ends it with one POST; one that is ended already is answered alike."""
    subscription = Subscription.objects.filter(token=token).select_related("article").first()
    if request.method == "POST" or subscription is None:
        if subscription is not None:
            subscribing.end(subscription)
        return _page(request, "notices/ended.html", {})
    context = {"subscription": subscription, "asked": asked_in_words(subscription)}
    return _page(request, "notices/unsubscribe.html", context)


@csrf_exempt  # whoever knows the address may
@require_POST
def test(request: HttpRequest, token: str) -> HttpResponse:
    """Have a test sent to the receiver of a subscription."""
    subscription = _found(token)
    if subscription.way not in (Way.EMAIL, Way.FEED) and not TESTS.use(token):
        send_test_soon(subscription)
    return redirect(subscription)


TESTS = Quota("tests of receivers", most=5, seconds=600)
"""Tests that are sent to one receiver."""


@in_site_language
@require_GET
def feed(request: HttpRequest, token: str, form: str) -> HttpResponse:
    """The changes that a subscription asks for, as a feed."""
    subscription = _found(token)
    if subscription.article is not None:
        return article_feed(request, subscription.article, form)
    filters = filters_of(subscription.query)
    if filters is None:
        raise Http404(_("What this feed was about is gone."))
    if filters.words and (problem := search.problem_with(filters.words)):
        raise BadRequest(problem)
    return filters_feed(request, form, filters, path_of_list(subscription.query))


def _found(token: str) -> Subscription:
    """The subscription of this address.

    :raises Http404: it has ended, or there never was one.
    """
    rows = Subscription.objects.filter(token=token).select_related("article")
    found: Subscription | None = rows.first()
    if found is None or (found.article is not None and found.article.hidden):
        raise Http404(_("There is no such subscription (any more)."))
    return found


def _problem(subscription: Subscription) -> str:
    """Why nothing can be delivered, in words."""
    trouble = subscription.last_problem
    return str(Trouble(trouble).label) if trouble in Trouble else ""


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page that is kept nowhere, and whose address is told to no other site.

    The policy of all pages, same-origin, sees to that. With no-referrer a browser says of its forms that they
    come from nowhere, and they would be refused.
    """
    shared = {"mail_is_set_up": settings.MAIL_IS_SET_UP}
    response = render(request, template, shared | context, status=status)
    add_never_cache_headers(response)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
