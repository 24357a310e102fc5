"""The admin's own pages to sign in and to change one's password, as the audit log wants them."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from articles.web.audit import CHANGED_PASSWORD, record
from articles.web.sign_in import few_guesses


@sensitive_post_parameters()
@csrf_protect
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Django's own page for the admin, after a look at how often the visitor tried."""
    return few_guesses(request, admin.site.login)


def change_password(request: HttpRequest) -> HttpResponse:
    """Django's own page for one's own password, which leaves nothing in the log by itself."""
    response = admin.site.admin_view(admin.site.password_change, cacheable=True)(request)
    done = response.status_code == 302 and response["Location"] == reverse("admin:password_change_done")
    if done and isinstance(request.user, Model):
        record(request, request.user, {}, note=CHANGED_PASSWORD)
    return response
