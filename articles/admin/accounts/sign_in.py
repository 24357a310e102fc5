"""Signing in, to the admin or as a reader, with few guesses.

Counted are tries for one name from one address, and all tries from one address. Nobody who knows an
administrator's name can lock him out from elsewhere; and a name that does not exist is answered alike.
"""

import logging
from collections.abc import Callable

from django.contrib import admin
from django.contrib.auth.views import LoginView
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from articles.admin.audit.log import CHANGED_PASSWORD, SIGNED_IN
from articles.admin.audit.trail import record
from articles.models.quota import Quota
from articles.web.visitors import slow_down, visitor_key

log = logging.getLogger(__name__)

OF_NAME = Quota("sign in as", most=5, seconds=15 * 60)
OF_ADDRESS = Quota("sign in from", most=30, seconds=15 * 60)
LONGEST_NAME = 254


View = Callable[[HttpRequest], HttpResponseBase]


@sensitive_post_parameters()
@csrf_protect
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Django's own page for the admin, after a look at how often the visitor tried."""
    return _guarded(request, admin.site.login)


@sensitive_post_parameters()
@csrf_protect
def reader_sign_in(request: HttpRequest) -> HttpResponseBase:
    """The same on the public site, for those who need not be staff."""
    return _guarded(request, LoginView.as_view(template_name="sign_in.html", next_page="home"))


def _guarded(request: HttpRequest, view: View) -> HttpResponseBase:
    if request.method != "POST":
        return view(request)
    address = visitor_key(request)
    who = f"{address} {request.POST.get('username', '')[:LONGEST_NAME].casefold()}"
    # Counted before the password is looked at: tries made at once count too.
    wait = OF_NAME.use(who) or OF_ADDRESS.use(address)
    if wait:
        log.warning("sign-in refused: too many tries", extra={"visitor": address})
        return slow_down(request, wait, "There were too many tries to sign in from your address.")
    response = view(request)
    if response.status_code == 302:  # who is signed in already must not get more guesses
        OF_NAME.forget(who)
        if isinstance(request.user, Model):
            record(request, request.user, {}, note=SIGNED_IN)
    else:
        log.warning("sign-in failed", extra={"visitor": address})
    return response


def change_password(request: HttpRequest) -> HttpResponse:
    """Django's own page for one's own password, which leaves nothing in the log by itself."""
    response = admin.site.admin_view(admin.site.password_change, cacheable=True)(request)
    done = response.status_code == 302 and response["Location"] == reverse("admin:password_change_done")
    if done and isinstance(request.user, Model):
        record(request, request.user, {}, note=CHANGED_PASSWORD)
    return response
