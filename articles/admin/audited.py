"""Admins whose forms leave the values before and after in the audit log."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from articles.web.audit import Kept, kept


class AuditedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """An admin whose forms leave the values before and after in the log."""

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = super().construct_change_message(request, form, formsets, add)
        # Django writes of the form first, then of each changed row of the formsets, in this order.
        changed = [message["changed"] for message in messages if "changed" in message]
        forms_changed = [] if add or not form.changed_data else [form]
        for formset in formsets or ():
            by_instance = {id(row.instance): row for row in formset.forms}
            forms_changed += [by_instance[id(instance)] for instance, _ in formset.changed_objects]
        for part, of_form in zip(changed, forms_changed, strict=True):
            part["values"] = _values(of_form)
        return messages


def _values(form: forms.Form) -> dict[str, tuple[Kept, Kept]]:
    """By field: what the form was shown with and what came back, for what the person changed."""
    values = {}
    for name in form.changed_data:
        field = form.fields.get(name)
        if field is None or isinstance(field.widget, forms.PasswordInput) or "password" in name:
            continue
        before = form.get_initial_for_field(field, name)
        if isinstance(field, forms.ModelChoiceField) and not isinstance(
            field, forms.ModelMultipleChoiceField
        ):
            before = field.to_python(before)
        altered = (kept(before), kept(form.cleaned_data.get(name)))
        if altered[0] != altered[1]:
            values[name] = altered
    return values
