"""Finding one source or a few articles among very many, without reading them all."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import search
from articles.admin.lists import QuickAdmin
from articles.models import Article, Source

_NUMBER = re.compile("[0-9]{1,18}")


def find_articles(articles: QuerySet[Article], typed: str, tell: Callable[[str], None]) -> QuerySet[Article]:
    """Those of *articles* at the address *typed*, or with its words in any of its latest versions.

    A number alone is an article's id too. *tell* is told why the words can't be looked for, where they can't.
    """
    typed = typed.strip()
    if typed.isascii() and typed.isdigit() and len(typed) < 19:
        by_id = articles.filter(pk=int(typed))
        if by_id.exists():
            return by_id
    if addresses := search.as_addresses(typed):
        article = search.look_up(addresses).article
        return articles.filter(pk__in=[article] if article else [])
    found = search.articles_with(typed)
    if not found and (problem := search.problem_with(typed)):
        tell(problem)
    return articles.filter(pk__in=found)


class OfSources(QuickAdmin):
    """A list with a :class:`SourceFilter`, with the script that its field needs."""

    @property
    def media(self) -> forms.Media:
        return super().media + SourceSelect(Article._meta.get_field("source"), self.admin_site).media


class SourceSelect(AutocompleteSelect):
    """A field that is found by typing; a script gives what is shown in its place the field's name."""

    empty = gettext_lazy("any source")

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=["choosing.js"])

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        """As Django has it; what is no source's number is not looked up, as the form refuses it anyway."""
        numbers = [one for one in value if not one or _NUMBER.fullmatch(one)]
        return super().optgroups(name, numbers, attr)

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        return super().build_attrs(base_attrs, extra_attrs) | {"data-placeholder": self.empty}


class SourceOfSite(SourceSelect):
    empty = gettext_lazy("the one that watches its site")


class SourceFilter(admin.RelatedFieldListFilter):
    """One source of hundreds, found as its name is typed: no list of all of them on each page."""

    template = "admin/articles/source_filter.html"

    def __init__(
        self,
        field: Any,
        request: HttpRequest,
        params: dict[str, Any],
        model: Any,
        model_admin: Any,
        field_path: str,
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        select = SourceSelect(field, model_admin.admin_site, attrs={"aria-label": _("Source")})
        self.form = forms.Form()
        self.form.fields[self.lookup_kwarg] = forms.ModelChoiceField(
            Source.objects.all(), widget=select, required=False
        )
        self.form.initial = {self.lookup_kwarg: self.lookup_val}
        self.others = [
            (name, value)
            for name, values in request.GET.lists()
            for value in values
            if name not in (*self.expected_parameters(), "p", "e")
        ]

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return []

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Iterator[Any]:
        yield {
            "selected": self.lookup_val is None,
            "query_string": changelist.get_query_string(remove=self.expected_parameters()),
            "display": _("All"),
        }
