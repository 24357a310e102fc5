"""Signing in and out on the public site, for readers who need not be staff."""

from django.contrib.auth import logout
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from articles.web.sign_in import few_guesses


@sensitive_post_parameters()
@csrf_protect
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The form to sign in, with as few guesses as the admin's."""
    return few_guesses(request, LoginView.as_view(template_name="sign_in.html", next_page="home"))


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("home")
