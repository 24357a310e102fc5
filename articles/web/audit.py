"""Who changed what, from what to what: kept in Django's own log of the admin.

Each entry's message holds, beside what Django writes there, the values before and after. Passwords are named
and never shown.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import models
from django.http import HttpRequest

MOST_KEPT = 5000
"""Characters of one value; what is longer is cut, and says so."""

Kept = str | int | float | bool | list[str] | None
"""A value as the log holds it."""


SIGNED_IN = "signed in"
"""The code, and the words, by which an entry says that somebody signed in; stored, so it never changes."""
CHANGED_PASSWORD = "changed the password"  # noqa: S105 (no password)
"""Likewise of a changed password."""
OF_ONESELF = (SIGNED_IN, CHANGED_PASSWORD)
"""What an entry tells that changed nothing but one's own account."""


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
    altered = {name: (kept(before), kept(after)) for name, (before, after) in changes.items()}
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


def _user_id(request: HttpRequest) -> int:
    assert request.user.pk is not None, "only who is signed in changes anything"
    return request.user.pk


def _changed(altered: Mapping[str, tuple[Kept, Kept]], note: str) -> dict[str, Any]:
    part: dict[str, Any] = {"changed": {"fields": list(altered), "values": altered}}
    return part | ({"note": note} if note else {})


def kept(value: object) -> Kept:
    """*value* in the form in which the log holds it: cut where it is long, sorted where it has no order."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return _cut(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str))
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return sorted(_cut(str(one)) for one in value)
    return _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= MOST_KEPT else f"{text[:MOST_KEPT]}… ({len(text)} characters)"
