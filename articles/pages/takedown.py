"""Asking for a takedown, what became of it, and the public log of all that was taken down."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from articles import search, takedown
from articles.models import Article, Reason, Takedown, TakedownStep
from articles.models.quota import Quota
from articles.pages.absolute import absolute
from articles.web.headers import fresh
from articles.web.visitors import in_words, visitor_key

REQUESTS = Quota("takedown requests", most=5, seconds=3600)

OF_AN_ARTICLE = {"article", "article-feed", "version", "text", "compare", "diff", "card"}
"""Pages whose number is an article's."""

PAGE = 50
"""Rows of the log."""


class TakedownForm(forms.Form):
    """What whoever asks fills in. The last field is for programs: no person sees it."""

    address = forms.CharField(
        label=gettext_lazy("Address of the article"),
        help_text=gettext_lazy(
            "Here or on its own site. If it is about some versions only, give the address of one."
        ),
        max_length=2048,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off"}),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[("", gettext_lazy("Choose one")), *Reason.choices]
    )
    text = forms.CharField(
        label=gettext_lazy("What it is about"),
        help_text=gettext_lazy(
            "Which words or which versions, why they should not be shown, and which court or law it "
            "is about if any."
        ),
        max_length=10_000,
        widget=forms.Textarea({"rows": 7}),
    )
    name = forms.CharField(
        label=gettext_lazy("Who you are"),
        help_text=gettext_lazy("Your name, and what you have to do with the article."),
        max_length=500,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="E-mail",
        help_text=gettext_lazy(
            "For the answer, and for questions. Without one, look at the page that you get next."
        ),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    website = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )

    shown: ClassVar = ("address", "reason", "text", "name", "email")

    def __init__(self, request: HttpRequest, **given: Any) -> None:
        super().__init__(**given, label_suffix="")
        self._hosts = {urlsplit(settings.SITE_URL).netloc.lower(), request.get_host().lower()}

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"])
        if not search.as_addresses(address):
            raise forms.ValidationError(
                _(
                    "This is no address of a page. Copy it from the address bar of your browser: it begins "
                    "with https://."
                )
            )
        return address

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _(
                    "The field that is to be left empty was filled in, as programs do. Empty it, and send "
                    "again."
                )
            )
        return ""

    def article(self) -> Article | None:
        """The article that the address, on this site or on its own, is about."""
        addresses = search.as_addresses(self.cleaned_data["address"])
        own = next(filter(None, map(self._own_article, addresses)), None)
        number = own or search.look_up(addresses).article
        return Article.objects.filter(pk=number).first() if number else None

    def _own_article(self, address: str) -> int | None:
        """The number of the article whose page, version or diff *address* is on this site."""
        try:
            parts = urlsplit(address)
            match = resolve(f"{parts.path.rstrip('/')}/")
        except (ValueError, Resolver404):
            return None
        is_ours = parts.netloc.lower() in self._hosts and match.view_name in OF_AN_ARTICLE
        return match.kwargs["pk"] if is_ours else None

    def visible_ones(self) -> list[forms.BoundField]:
        return [self[name] for name in self.shown]


@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """The form; what it sends becomes a request that waits in the administration."""
    if request.method != "POST":
        return _form_page(request, TakedownForm(request, initial={"address": request.GET.get("address", "")}))
    form = TakedownForm(request, data=request.POST)
    if not form.is_valid():
        return _form_page(request, form, 400)
    wait = REQUESTS.use(visitor_key(request))
    if wait:
        form.add_error(
            None,
            _("There were several requests from your address. Send this one in %(in_words)s.")
            % {"in_words": in_words(wait)},
        )
        response = _form_page(request, form, 429)
        response.headers["Retry-After"] = str(int(wait) + 1)
        return response
    made = _keep(form)
    return redirect(made)


def _form_page(request: HttpRequest, form: TakedownForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "contact": settings.CONTACT_EMAIL}
    return render(request, "takedown.html", context, status=status)


def _keep(form: TakedownForm) -> Takedown:
    given = {name: form.cleaned_data[name] for name in form.shown}
    made = Takedown.objects.create(article=form.article(), **given)
    where = absolute(reverse("admin:articles_takedown_change", args=[made.pk]))
    # The request waits for a decision even where the queue can't be reached.
    transaction.on_commit(lambda: takedown.tell_soon(made, where), robust=True)
    return made


def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """What became of a request; only who has its reference finds it."""
    found = Takedown.objects.filter(reference=reference.upper()).first()
    if found is None:
        raise Http404(_("There is no request of this number."))
    response = render(request, "takedown_receipt.html", {"takedown": found})
    response.headers["X-Robots-Tag"] = "noindex"
    add_never_cache_headers(response)
    return response


@fresh
def log(request: HttpRequest) -> HttpResponse:
    """All that was taken down, shown again or refused, newest first; ``?before=`` is where a page begins."""
    steps = TakedownStep.objects.newest_first().select_related("source")
    before = request.GET.get("before", "")
    if before:
        if not (before.isascii() and before.isdigit() and len(before) <= 18):
            raise BadRequest(_("%(before)s is no place in a list.") % {"before": f"{before!r}"})
        steps = steps.filter(pk__lt=int(before))
    rows = list(steps[: PAGE + 1])
    context = {
        "steps": rows[:PAGE],
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "newest_page": not before,
    }
    return render(request, "takedown_log.html", context)
