"""The queue of takedown requests, and a page for each with all that can be decided."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, URLPattern, path, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles import takedown as takedowns
from articles.admin.article.hiding import GroundsForm, NoteForm
from articles.admin.lists import ReadOnlyAdmin
from articles.models import Article, Takedown, TakedownStep
from articles.web.audit import record

MOST_VERSIONS = 200
"""Versions that can be chosen from; of more, the article as a whole can be taken down."""

SCRUB_SECONDS = 5.0
"""What this does not bring to its end, the night's upkeep does."""

_State = Takedown.State


class AnswerForm(forms.Form):
    answer = forms.CharField(
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Whoever asked reads it on the page of the request."),
    )


class RefusalForm(AnswerForm):
    answer = forms.CharField(
        max_length=5000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Why not. Whoever asked reads it on the page of the request."),
    )


class HideForm(GroundsForm, AnswerForm):
    field_order = ("reason", "status", "answer", "note")


class ShowForm(NoteForm, AnswerForm):
    """An answer given before is not kept: it spoke of another decision."""

    field_order = ("answer", "note")


class VersionsForm(forms.Form):
    versions = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, numbers: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["versions", *(self.field_order or ())])
        versions = self.fields["versions"]
        assert isinstance(versions, forms.MultipleChoiceField)
        versions.choices = numbers


class HideVersionsForm(VersionsForm, HideForm):
    pass


class ShowVersionsForm(VersionsForm, ShowForm):
    pass


class PurgeForm(GroundsForm):
    typed = forms.CharField(label=gettext_lazy("Type the reference of the request"), max_length=20)

    def __init__(self, reference: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reference = reference

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"]).strip().upper()
        if typed != self.reference:
            raise forms.ValidationError(
                _("Type %(reference)s to say that you mean it.") % {"reference": self.reference}
            )
        return typed


class ArticleForm(forms.Form):
    number = forms.IntegerField(
        label=gettext_lazy("Number of the article"),
        min_value=1,
        help_text=gettext_lazy("As in its address: /articles/7/ is article 7."),
    )

    def clean_number(self) -> int:
        number = int(self.cleaned_data["number"])
        if number >= 10**18 or not Article.objects.filter(pk=number).exists():
            raise forms.ValidationError(_("There is no article of this number."))
        return number


@admin.register(Takedown)
class TakedownAdmin(ReadOnlyAdmin):
    list_display = ("reference", "state", "reason", "asked_utc", "decided_utc", "article", "name")
    list_filter = ("state", "reason")
    list_select_related = ("article",)
    search_fields = ("=reference", "=email", "address__startswith")
    search_help_text = gettext_lazy("A reference, an e-mail address, or how the address given begins")

    ordering = Takedown.OPEN_FIRST

    @admin.display(description=gettext_lazy("asked (UTC)"))
    def asked_utc(self, found: Takedown) -> str:
        return f"{found.asked:%Y-%m-%d %H:%M}"

    @admin.display(description=gettext_lazy("decided (UTC)"))
    def decided_utc(self, found: Takedown) -> str:
        return f"{found.decided:%Y-%m-%d %H:%M}" if found.decided else "–"

    def get_urls(self) -> list[URLPattern]:
        decide = path(
            "<int:pk>/decide/",
            self.admin_site.admin_view(require_POST(self.decide)),
            name="articles_takedown_decide",
        )
        return [decide, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page of one request. It changes nothing: each of its forms leads to `decide`."""
        if not self.has_view_permission(request):
            return HttpResponse(_("You may not see takedown requests."), status=403)
        if request.method != "GET":
            return HttpResponse(_("A request is decided with the forms of its page."), status=403)
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404(_("There is no such request."))
        return self._page(request, found)

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        decision = request.POST.get("decision", "")
        if decision and decision not in _DECISIONS:
            raise Http404(_("There is no such decision."))
        needed = "articles.purge_article" if decision == "purge" else "articles.hide_article"
        may = request.user.has_perm(needed) and request.user.has_perm("articles.hide_article")
        if not (may and self.has_view_permission(request)):  # an unfinished form is answered with all of it
            return HttpResponse(_("You may not decide this."), status=403)
        page = HttpResponseRedirect(reverse("admin:articles_takedown_change", args=[pk]))
        if not decision:
            messages.error(request, _("Nothing was done: choose one of the decisions."))
            return page
        with transaction.atomic():
            found = _locked(pk)
            if decision not in _offered(found):
                messages.warning(request, _("This was decided meanwhile; nothing was changed."))
                return page
            form = _form_of(decision, found, request.POST)
            if not form.is_valid():
                return self._page(request, found, {decision: form}, status=400)
            said = _DECISIONS[decision](request, found, form)
        if decision == "purge" and not takedowns.scrub_pending(SCRUB_SECONDS):
            said += " " + _("The database’s files are cleared of the last words of it in the coming night.")
        messages.success(request, said)
        return page

    def _page(
        self,
        request: HttpRequest,
        found: Takedown,
        sent: dict[str, forms.Form] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        article = found.article
        offered = [
            {
                "name": name,
                "title": _TITLES[name],
                "what_follows": _WHAT_FOLLOWS[name],
                "form": (sent or {}).get(name) or _form_of(name, found),
                "chosen": name in (sent or {}),
            }
            for name in _offered(found)
            if request.user.has_perm("articles.purge_article" if name == "purge" else "articles.hide_article")
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Takedown request %(reference)s") % {"reference": found.reference},
            "opts": self.model._meta,
            "takedown": found,
            "article": article,
            "versions": article.versions.without_texts().order_by("-number")[:MOST_VERSIONS]
            if article
            else (),
            "steps": TakedownStep.objects.filter(article=article).newest_first() if article else (),
            "others": article.takedowns.exclude(pk=found.pk).order_by("-pk")[:20] if article else (),
            "offered": offered,
            "failed": bool(sent),
        }
        return TemplateResponse(request, "admin/takedown/request.html", context, status=status)


@admin.register(TakedownStep)
class TakedownStepAdmin(ReadOnlyAdmin):
    list_display = ("at_utc", "what", "reason", "status", "source", "article", "takedown", "scrubbed")
    list_filter = ("what", "reason")
    list_select_related = ("source", "article", "takedown")
    ordering = ("-id",)

    def get_list_display(self, request: HttpRequest) -> Any:
        return self._seen_by(request, super().get_list_display(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self._seen_by(request, super().get_fields(request, obj))

    def _seen_by(self, request: HttpRequest, names: Iterable[Any]) -> list[str]:
        """Without the request, where *request*'s person may not see those: its reference opens its answer."""
        may = request.user.has_perm("articles.view_takedown")
        return [name for name in names if may or name != "takedown"]

    @admin.display(description=gettext_lazy("at (UTC)"))
    def at_utc(self, step: TakedownStep) -> str:
        return f"{step.at:%Y-%m-%d %H:%M}"


def _locked(pk: int) -> Takedown:
    """The request with its article, as they are now and as they stay until this transaction ends."""
    number = Takedown.objects.filter(pk=pk).values_list("article", flat=True).first()
    # First the article, as everything that takes down does.
    article = (
        Article.objects.select_for_update(of=("self",)).filter(pk=number).select_related("source").first()
    )
    found = Takedown.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such request."))
    if article is not None and found.article_id == article.pk:
        found.article = article
    return found


def _offered(found: Takedown) -> list[str]:
    """The decisions that make sense now, in the order in which the page has them."""
    article = found.article
    if article is None:
        return ["link", "refuse", "drop"] if not found.decided else []
    if article.purged:
        return [] if found.decided else ["refuse", "drop"]
    names = ["show"] if article.hidden else ["hide"]
    names += ["show-versions"] if article.versions.filter(hidden_itself=True).exists() else []
    names += [] if article.hidden or article.version_count < 2 else ["hide-versions"]
    names += [] if found.decided else ["refuse", "drop"]
    return [*names, "purge"]


def _form_of(decision: str, found: Takedown, data: Any = None) -> forms.Form:
    given: dict[str, Any] = {"initial": {"reason": found.reason}, "prefix": decision, "label_suffix": ""}
    if decision == "hide-versions":
        given["initial"]["versions"] = _named_version(found)
        return HideVersionsForm(_choices(found, shown=True), data, **given)
    if decision == "show-versions":
        return ShowVersionsForm(_choices(found, shown=False), data, **given)
    if decision == "purge":
        return PurgeForm(found.reference, data, **given)
    kinds = {"hide": HideForm, "refuse": RefusalForm, "link": ArticleForm, "show": ShowForm, "drop": NoteForm}
    return kinds[decision](data, **given)


def _named_version(found: Takedown) -> list[str]:
    """The version that the address given is the page of, if it is one's."""
    try:
        match = resolve(urlsplit(found.address).path)
    except (ValueError, Resolver404):
        return []
    return [str(match.kwargs["n"])] if match.url_name == "version" else []


def _choices(found: Takedown, *, shown: bool) -> list[tuple[str, str]]:
    if found.article is None:
        return []
    versions = found.article.versions.filter(hidden_itself=None if shown else True).order_by("-number")
    rows = versions.values_list("number", "seen", "headline")[:MOST_VERSIONS]
    return [
        (
            str(number),
            _("%(number)s, seen %(seen)s UTC: %(headline)s")
            % {"number": number, "seen": f"{seen:%Y-%m-%d %H:%M}", "headline": headline},
        )
        for number, seen, headline in rows
    ]


# --- What each decision does; they return what the person is told


def _article_of(found: Takedown) -> Article:
    assert found.article is not None, "without an article nothing of this is offered"
    return found.article


def _link(request: HttpRequest, found: Takedown, form: forms.Form) -> str:
    number = form.cleaned_data["number"]
    Takedown.objects.filter(pk=found.pk).update(article=number)
    record(request, found, {"article": (found.article_id, number)})
    return _("The request is about article %(number)s.") % {"number": number}


def _hide(request: HttpRequest, found: Takedown, form: forms.Form) -> str:
    assert isinstance(form, HideForm)
    article = _article_of(found)
    changed = takedowns.hide([article.pk], form.grounds(found))
    for one in changed:
        record(request, one, {"hidden": (False, True)}, note=form.in_words(found))
    _decided(request, found, _State.HIDDEN, form.cleaned_data["answer"])
    return (
        _("The article is taken down: no reader sees it any more.")
        if changed
        else _("It was taken down before.")
    )


def _hide_versions(request: HttpRequest, found: Takedown, form: forms.Form) -> str:
    assert isinstance(form, HideVersionsForm)
    article = _article_of(found)
    numbers = takedowns.hide_versions(article, map(int, form.cleaned_data["versions"]), form.grounds(found))
    record(request, article, {"hidden versions": ("", _listed(numbers))}, note=form.in_words(found))
    _decided(request, found, _State.PARTLY, form.cleaned_data["answer"])
    return _("Taken down: version %(listed)s, and the changes that show what it said.") % {
        "listed": _listed(numbers)
    }


def _show(request: HttpRequest, found: Takedown, form: forms.Form) -> str:
    for one in takedowns.show_again([_article_of(found).pk], found):
        record(request, one, {"hidden": (True, False)}, note=form.cleaned_data["note"])
    _decided(request, found, _State.SHOWN, form.cleaned_data["answer"])
    return _("Readers see the article again.")


def _show_versions(request: HttpRequest, found: Takedown, form: forms.Form) -> str:
    article = _article_of(found)
    numbers = takedowns.show_versions(article, map(int, form.cleaned_data["versions"]), found)
    record(request, article, {"hidden versions": (_listed(numbers), "")}, note=form.cleaned_data["note"])
    if not article.versions.filter(hidden_itself=True).exists():
        _decided(request, found, _State.SHOWN, form.cleaned_data["answer"])
    return _("Shown again: version %(listed)s.") % {"listed": _listed(numbers)}


def _refuse(request: HttpRequest, found: Takedown, form: forms.Form) -> str:
    before = found.state
    takedowns.refuse(found, form.cleaned_data["answer"])
    record(request, found, {"state": (before, found.state), "answer": ("", found.answer)})
    return _("The request is refused; its page has your answer.")


def _drop(request: HttpRequest, found: Takedown, form: forms.Form) -> str:
    _decided(request, found, _State.DROPPED, "", form.cleaned_data["note"])
    return _("The request is dismissed; the public log does not tell of it.")


def _purge(request: HttpRequest, found: Takedown, form: forms.Form) -> str:
    assert isinstance(form, PurgeForm)
    article = _article_of(found)
    takedowns.purge(article, form.grounds(found))
    article.refresh_from_db()
    record(request, article, {"purged": (None, article.purged)}, note=form.in_words(found))
    found.refresh_from_db()
    _decided(request, found, _State.PURGED, found.answer)
    for other in article.takedowns.filter(state=_State.OPEN):  # nothing is left to decide
        _decided(request, other, _State.PURGED, "")
    return _("All that was kept of the article is deleted, and its addresses are never fetched again.")


def _decided(
    request: HttpRequest, found: Takedown, state: Takedown.State, answer: str, note: str = ""
) -> None:
    before = found.state
    takedowns.decide_takedown(found, state, answer)
    record(request, found, {"state": (before, found.state)}, note=note)


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


_DECISIONS: dict[str, Callable[[HttpRequest, Takedown, forms.Form], str]] = {
    "link": _link,
    "hide": _hide,
    "hide-versions": _hide_versions,
    "show": _show,
    "show-versions": _show_versions,
    "refuse": _refuse,
    "drop": _drop,
    "purge": _purge,
}
_TITLES = {
    "link": gettext_lazy("Say which article it is"),
    "hide": gettext_lazy("Take the article down"),
    "hide-versions": gettext_lazy("Take down some versions only"),
    "show": gettext_lazy("Show the article again"),
    "show-versions": gettext_lazy("Show versions again"),
    "refuse": gettext_lazy("Refuse"),
    "drop": gettext_lazy("Dismiss: no request at all (spam, a test)"),
    "purge": gettext_lazy("Delete all texts for good"),
}
_WHAT_FOLLOWS = {
    "link": gettext_lazy("The request is about that article then, and can be decided."),
    "hide": gettext_lazy(
        "At once, on all pages, lists, feeds and in the search. It goes on being checked; what is seen later "
        "is hidden too. It can be shown again."
    ),
    "hide-versions": gettext_lazy(
        "These versions, and the changes that show what they said. If the latest is among them, those that "
        "follow are hidden too."
    ),
    "show": gettext_lazy("Readers see it again, with all that was seen of it meanwhile."),
    "show-versions": gettext_lazy("Readers see these versions again, and the changes that lead to them."),
    "refuse": gettext_lazy(
        "Nothing is taken down. Whoever asked reads your answer; the public log tells of it."
    ),
    "drop": gettext_lazy("Nothing is taken down, and the public log does not tell of it."),
    "purge": gettext_lazy(
        "This can’t be undone. All texts, headlines, bylines, addresses and the page as last fetched are "
        "deleted, and none of its addresses is ever fetched again. Backups made before still hold them."
    ),
}
"""What each decision does, as the page says beside it."""
