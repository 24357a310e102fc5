"""Who changed what, from what to what: kept in Django's own log of the admin.

Each entry's message holds, beside what Django writes there, the values before and after. Passwords are named
and never shown.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import models
from django.http import HttpRequest

MOST_KEPT = 5000
"""Characters of one value; what is longer is cut, and says so."""

Kept = str | int | float | bool | list[str] | None
"""A value as the log holds it."""


class Alteration(NamedTuple):
    """One field of an entry: what it was and what it became."""

    field: str
    before: Kept
    after: Kept


def record(
    request: HttpRequest, what: models.Model, changes: Mapping[str, tuple[object, object]], *, note: str = ""
) -> None:
    """Write that the person of *request* changed *what*: field names to (before, after), and a *note* on it.

    Nothing is written when nothing changed and there is no note.
    """
    record_many(request, [what], changes, note=note)


def record_many(
    request: HttpRequest,
    of_them: Sequence[models.Model],
    changes: Mapping[str, tuple[object, object]],
    *,
    note: str = "",
) -> None:
    """As `record`, of many objects that were changed alike: all entries at once."""
    altered = {name: (_kept(before), _kept(after)) for name, (before, after) in changes.items()}
    altered = {name: values for name, values in altered.items() if values[0] != values[1]}
    if not ((altered or note) and of_them):
        return
    LogEntry.objects.log_actions(
        user_id=_user_id(request),
        queryset=of_them,
        action_flag=CHANGE,
        change_message=[_changed(altered, note)] if altered else note,
    )


def alterations(entry: LogEntry) -> list[Alteration]:
    """What *entry* says of values; empty for one that holds none, such as an addition."""
    try:
        parts = json.loads(entry.change_message)
    except ValueError:
        return []
    if not isinstance(parts, list):
        return []
    found = []
    for part in parts:
        changed = part.get("changed", {}) if isinstance(part, dict) else {}
        of = f"{changed['name']} “{changed['object']}”: " if "object" in changed else ""
        for field, (before, after) in changed.get("values", {}).items():
            found.append(Alteration(of + field, before, after))
    return found


def note(entry: LogEntry) -> str:
    """The note that was given with *entry*, or nothing."""
    try:
        parts = json.loads(entry.change_message)
    except ValueError:
        return entry.change_message
    if not isinstance(parts, list):
        return entry.change_message
    return " ".join(part["note"] for part in parts if isinstance(part, dict) and part.get("note"))


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


def _user_id(request: HttpRequest) -> int:
    assert request.user.pk is not None, "only who is signed in changes anything"
    return request.user.pk


def _changed(altered: Mapping[str, tuple[Kept, Kept]], note: str) -> dict[str, Any]:
    part: dict[str, Any] = {"changed": {"fields": list(altered), "values": altered}}
    return part | ({"note": note} if note else {})


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
        altered = (_kept(before), _kept(form.cleaned_data.get(name)))
        if altered[0] != altered[1]:
            values[name] = altered
    return values


def _kept(value: object) -> Kept:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return _cut(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str))
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return sorted(_cut(str(one)) for one in value)
    return _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= MOST_KEPT else f"{text[:MOST_KEPT]}… ({len(text)} characters)"
