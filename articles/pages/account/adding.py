"""Adding articles, for signed-in readers who may: the form, how far it is, and the result as a file."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from articles.models import Batch
from articles.web import adding


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


def _own(request: HttpRequest, pk: int) -> Batch:
    """The batch, of who gave it; of others it is not even said that it is there."""
    found: Batch = get_object_or_404(Batch, pk=pk)
    if found.user_id != request.user.pk and not request.user.has_perm("articles.view_batch"):
        raise Http404
    return found
