"""The evidence of a change as a zip, for those who may have it."""

import logging

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from articles.evidence import Tampered
from articles.exports.packs import NotLoggedYet, evidence_of
from articles.models import Article
from articles.pages.machines import reserve
from articles.pages.stories import find_versions, of_article
from articles.web.keys import NoKey, key_of
from articles.web.language import in_site_language
from articles.web.limits import costly

log = logging.getLogger(__name__)

_LOGGED_WITHIN = 600
"""Seconds within which a new version is in a published root: two rounds of the task."""


@in_site_language
@costly
@of_article
def evidence(request: HttpRequest, article: Article, a: int, b: int) -> HttpResponse:
    """The zip of the change from version *a* to *b*; for keys that may read texts, for those who are signed
    in, or for everybody where the operator opens it."""
    try:
        allowed = may_have_evidence(request)
    except NoKey:
        return _told(request, _("This is no key that opens anything here, or it has ended."), 401)
    if not allowed:
        return redirect_to_login(request.get_full_path(), resolve_url("sign-in"))
    if a >= b:
        raise Http404(_("Evidence is of a version and a later one."))
    versions = find_versions(article, a, b)
    try:
        zipped = evidence_of(article, versions[a], versions[b])
    except NotLoggedYet:
        said = _("New versions are entered in the log every few minutes: try again in ten minutes.")
        response = _told(request, said, 503)
        response.headers["Retry-After"] = str(_LOGGED_WITHIN)
        return response
    except Tampered as problem:
        log.error("what is stored is not what was logged: %s", problem, extra={"article": article.pk})
        return _told(request, _("What is stored here is not what was logged, so it proves nothing."), 500)
    response = HttpResponse(zipped, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="evidence-{article.pk}-{a}-{b}.zip"'
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    response.headers["Cache-Control"] = "private, max-age=0"
    reserve(response)
    patch_vary_headers(response, ["Authorization", "Cookie"])
    return response


def may_have_evidence(request: HttpRequest) -> bool:
    """Whether whoever asks may have evidence, which holds whole texts and pages.

    :raises NoKey: a key came that is none.
    """
    if settings.OPEN_EVIDENCE or request.user.is_authenticated:
        return True
    key = key_of(request)
    return key is not None and key.texts


def _told(request: HttpRequest, said: str, status: int) -> HttpResponse:
    response = render(request, "no_evidence.html", {"said": said}, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="newsdiffs", error="invalid_token"'
    return response
