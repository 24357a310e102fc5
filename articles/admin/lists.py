"""What all lists of the admin share: they stay quick at a million rows."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest

MOST_COUNTED = 10_000


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


class QuickAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list that neither counts nor joins more than it shows."""

    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}  # noqa: RUF012 (Django's own way)


class ReadOnlyAdmin(QuickAdmin):
    """Rows that the watch writes: for looking at."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
