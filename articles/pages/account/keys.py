"""Keys of the API for signed-in readers: asked for here, shown once, ended here."""

from datetime import timedelta

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from articles.models import ApiKey
from articles.models.api_key import ApiKeyQuerySet
from articles.models.quota import Quota
from articles.web.audit import record
from articles.web.visitors import slow_down

MOST = 5
"""Keys that one reader has at a time."""

LASTS = timedelta(days=365)

OF_READER = Quota("api keys", most=20, seconds=24 * 3600)


class KeyForm(forms.Form):
    purpose = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=150,
        help_text=gettext_lazy("For the operator of this site, who sees it beside your name."),
    )
    texts = forms.BooleanField(
        label=gettext_lazy("I wish to read whole texts too"),
        required=False,
        help_text=gettext_lazy("The operator decides that. Until then the key reads all the rest."),
    )


@never_cache
@login_required(login_url="sign-in")
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The reader's keys and the form for a new one; that is shown in the answer, and never again."""
    form, text = KeyForm(request.POST if request.method == "POST" else None), ""
    if form.is_bound and form.is_valid():
        if _mine(request).count() >= MOST:
            told = _("You have %(most)s keys, which is as many as one reader gets: end one first.")
            form.add_error(None, told % {"most": MOST})
        elif wait := OF_READER.use(str(request.user.pk)):
            return slow_down(request, wait, _("You have asked for many keys today."))
        else:
            text = _make(request, form)
            form = KeyForm()
    context = {"form": form, "keys": list(_mine(request)), "text": text, "per_minute": ApiKey().per_minute}
    return render(request, "api_keys.html", context, status=400 if form.errors else 200)


@never_cache
@login_required(login_url="sign-in")
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the reader's keys; of others it is not even said that they are there."""
    key = get_object_or_404(_mine(request), pk=pk)
    before = key.ends
    key.ends = timezone.now()
    key.save(update_fields=["ends"])
    record(request, key, {"ends": (before, key.ends)})
    return redirect("api-keys")


def _mine(request: HttpRequest) -> ApiKeyQuerySet:
    return ApiKey.objects.live(timezone.now()).filter(made_by=request.user.pk).order_by("-pk")


def _make(request: HttpRequest, form: KeyForm) -> str:
    key = ApiKey(
        holder=f"{request.user.get_username()[:40]}: {form.cleaned_data['purpose']}",
        texts_wanted=form.cleaned_data["texts"],
        made_by_id=request.user.pk,
        ends=timezone.now() + LASTS,
    )
    text = key.issue()
    key.save()
    record(request, key, {}, note="asked for by a reader")
    return text
