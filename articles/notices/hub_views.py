"""The address at which WebSub hubs verify what we asked for, and ping when a feed changed."""

import hmac

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.models import HubSubscription
from articles.notices import hubs
from articles.watch.queue import enqueue

MOST_BYTES = 5 << 20
"""Bytes of a ping, which may hold the whole feed. They are hashed, and kept nowhere."""

LONGEST_CHALLENGE = 2000
"""Characters that are sent back to a hub."""

_PIECE = 1 << 16
_METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})
"""Those of the Recommendation."""


@csrf_exempt  # hubs send no form of ours
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, token: str) -> HttpResponse:
    """A GET asks whether we want what we asked for, or says that we don't get it; a POST is a ping."""
    row = HubSubscription.objects.filter(token=token).first()
    if request.method == "POST":
        return _said(410) if row is None else _ping(request, row)
    return _said(404) if row is None else _verification(request, row)


def _verification(request: HttpRequest, row: HubSubscription) -> HttpResponse:
    given = request.GET
    mode, topic, challenge = (given.get(f"hub.{name}", "") for name in ("mode", "topic", "challenge"))
    now = timezone.now()
    if mode == "denied":
        hubs.note_denied(row, topic, now)
        return _said(200)
    if not 0 < len(challenge) <= LONGEST_CHALLENGE:
        return _said(404)
    if not hubs.verify(row, mode, topic, given.get("hub.lease_seconds", ""), now):
        return _said(404)
    return _said(200, challenge)


def _ping(request: HttpRequest, row: HubSubscription) -> HttpResponse:
    """One that is not signed by our secret is answered alike: nobody learns whether he guessed it."""
    length = request.headers.get("Content-Length", "")
    if not length.isdigit():
        return _said(411)
    if len(length) > 10 or int(length) > MOST_BYTES:
        return _said(413)
    if _is_signed(request, row.secret) and hubs.take_ping(row, timezone.now()):
        enqueue.dispatch_soon()
    return _said(202)


def _is_signed(request: HttpRequest, secret: str) -> bool:
    method, _, given = request.headers.get("X-Hub-Signature", "").partition("=")
    if method.lower() not in _METHODS:
        return False
    mac = hmac.new(secret.encode(), digestmod=method.lower())
    while piece := request.read(_PIECE):
        mac.update(piece)
    return hmac.compare_digest(mac.hexdigest().encode(), given.strip().lower().encode())


def _said(status: int, body: str = "") -> HttpResponse:
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    return HttpResponse(body, status=status, content_type="text/plain; charset=utf-8", headers=headers)
