"""Signing in, to the admin or as a reader, with few guesses.

Counted are tries for one name from one address, and all tries from one address. Nobody who knows an
administrator's name can lock him out from elsewhere; and a name that does not exist is answered alike.
"""

import logging
import unicodedata
from collections.abc import Callable

from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from articles.models.quota import Quota
from articles.web.audit import SIGNED_IN, record
from articles.web.visitors import slow_down, visitor_key

log = logging.getLogger(__name__)

OF_NAME = Quota("sign in as", most=5, seconds=15 * 60)
OF_ADDRESS = Quota("sign in from", most=30, seconds=15 * 60)
LONGEST_NAME = 254


View = Callable[[HttpRequest], HttpResponseBase]


def few_guesses(request: HttpRequest, view: View) -> HttpResponseBase:
    """What *view*, a form to sign in, answers; 429 after too many tries. Signing in is written to the log."""
    if request.method != "POST":
        return view(request)
    address = visitor_key(request)
    who = f"{address} {_one_spelling(request.POST.get('username', ''))}"
    # Counted before the password is looked at: tries made at once count too.
    wait = OF_NAME.use(who) or OF_ADDRESS.use(address)
    if wait:
        log.warning("sign-in refused: too many tries", extra={"visitor": address})
        return slow_down(request, wait, _("There were too many tries to sign in from your address."))
    response = view(request)
    if response.status_code == 302:  # who is signed in already must not get more guesses
        OF_NAME.forget(who)
        if isinstance(request.user, Model):
            record(request, request.user, {}, note=SIGNED_IN)
    else:
        log.warning("sign-in failed", extra={"visitor": address})
    return response


def _one_spelling(name: str) -> str:
    """*name* as it is counted: Django's form strips and normalises (NFKC) what is typed, so that many
    spellings are tries for one account. Cut before that, as one letter may become eighteen; and after."""
    normalised = unicodedata.normalize("NFKC", name.strip()[:LONGEST_NAME])
    return normalised.strip().casefold()[:LONGEST_NAME]
