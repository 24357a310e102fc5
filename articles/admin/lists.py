"""What all lists of the admin share: they stay quick at a million rows."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.audited import AuditedAdmin

MOST_COUNTED = 10_000

_TOO_LARGE = re.compile(r"\d{19}")


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than MOST_COUNTED: a full count of a million rows takes longer than the page."""

    @property
    def count(self) -> int:
        if not hasattr(self, "_capped"):
            rows = self.object_list
            # slicing a plain list or a queryset alike
            self._capped = (
                rows.order_by()[:MOST_COUNTED].count() if isinstance(rows, models.QuerySet) else len(rows)
            )
        return self._capped


class SaidFilter(admin.AllValuesFieldListFilter):
    """Each value of a column of a small table; a link without words would be none for a screen reader."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or _("not said")}


class PresentFilter(admin.EmptyFieldListFilter):
    """Whether a column holds anything, asked as a question that is answered by yes or no."""

    asked: ClassVar[dict[str, Promise]] = {
        "parked": gettext_lazy("put aside"),
        "capped_since": gettext_lazy("at its limit of versions"),
    }

    def __init__(self, field: Any, *given: Any, **named: Any) -> None:
        super().__init__(field, *given, **named)
        if field.name in self.asked:
            self.title = str(self.asked[field.name])

    def choices(self, changelist: Any) -> Iterator[Any]:
        words = {"0": _("Yes"), "1": _("No")}
        for value, choice in zip((None, "1", "0"), super().choices(changelist), strict=True):
            yield {**choice, "display": words[value] if value else _("All")}


class TakenDownFilter(admin.BooleanFieldListFilter):
    """Whether readers see it, in the pages' own words."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.title = _("taken down")


class QuickList(ChangeList):
    """A list that knows whether it was counted to its end, and takes no value that no row can have."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.title = str(capfirst(self.opts.verbose_name_plural))

    def get_filters(self, request: HttpRequest) -> Any:
        """Django says so to whoever asked.

        :raises IncorrectLookupParameters: a number is larger than a database's, or a text has a zero byte,
            which PostgreSQL takes in none.
        """
        values = chain.from_iterable(self.get_filters_params().values())
        if any("\x00" in str(value) or _TOO_LARGE.search(str(value)) for value in values):
            raise IncorrectLookupParameters
        return super().get_filters(request)

    @property
    def counted_all(self) -> bool:
        return self.result_count < MOST_COUNTED


class QuickAdmin(AuditedAdmin):
    """A list that neither counts nor joins more than it shows."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they count every row
    paginator = CappedPaginator
    list_per_page = 50
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}  # noqa: RUF012 (Django's own way)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QuickList

    def response_action(
        self, request: HttpRequest, queryset: models.QuerySet[Any], *rest: Any, **named: Any
    ) -> Any:
        if any(map(_TOO_LARGE.search, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            messages.error(request, _("There is nothing of this number. Nothing was changed."))
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset, *rest, **named)


class ReadOnlyAdmin(QuickAdmin):
    """Rows that the watch writes: for looking at."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
