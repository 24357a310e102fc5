"""On the public site: signed-in readers who may add articles, and their signing in.

They stand in this room as they use its forms and write to its log; ``newsdiffs.urls`` has their addresses.
"""

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles.admin.article import adding
from articles.models import Batch


@never_cache
@login_required(login_url="sign-in")
@permission_required("articles.add_article", raise_exception=True)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = adding.form_of(request)
    if request.method == "POST" and form.is_valid():
        batch = adding.start(request, form)
        return redirect(batch)
    return render(request, "adding/add.html", {"form": form})


@never_cache
@login_required(login_url="sign-in")
@require_GET
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "adding/batch.html", adding.progress(_own(request, pk)))


@never_cache
@login_required(login_url="sign-in")
@require_GET
def result(request: HttpRequest, pk: int) -> HttpResponse:
    return adding.result(_own(request, pk))


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("home")


def _own(request: HttpRequest, pk: int) -> Batch:
    """The batch, of who gave it; of others it is not even said that it is there."""
    found: Batch = get_object_or_404(Batch, pk=pk)
    if found.user_id != request.user.pk and not request.user.has_perm("articles.view_batch"):
        raise Http404
    return found
