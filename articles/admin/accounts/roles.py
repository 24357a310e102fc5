"""The three roles, as groups: what each may do. Whoever is to do something else gets a group of his own.

A Viewer looks at everything but the takedown requests, which hold what people wrote about themselves, the
keys of the API, and who is told of what. An Editor decides on requests and on what bots post, and changes
what is watched and how. An Admin adds and deletes, purges, and keeps the accounts, the keys and the bots.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

VIEWER, EDITOR, ADMIN = "Viewer", "Editor", "Admin"

READER = "none"
"""The role of whoever has none: no group, and no way into the administration."""

POWERS: dict[str, tuple[str | Promise, str | Promise]] = {
    READER: (
        gettext_lazy("No role"),
        gettext_lazy("signs in as a reader; does not enter the administration."),
    ),
    VIEWER: (
        gettext_lazy("Viewer"),
        gettext_lazy("looks at everything here but takedown requests and API keys, and changes nothing."),
    ),
    EDITOR: (
        gettext_lazy("Editor"),
        gettext_lazy(
            "does that, changes and pauses sources with their rules and schedules, has articles checked, "
            "decides on takedown requests and widespread changes, and reads the audit log."
        ),
    ),
    ADMIN: (
        gettext_lazy("Admin"),
        gettext_lazy(
            "does all that, adds and deletes sources and feeds, adds articles, deletes texts for good, and "
            "keeps accounts and API keys."
        ),
    ),
}
"""What each role is called, and what it may do in words, in the order in which a form offers them."""

_PRIVATE = "articles.view_takedown"
_ADDRESSES = "articles.view_subscription"
_KEYS = "articles.view_apikey"

_EDITOR = (
    _PRIVATE,
    "articles.change_source",
    "articles.change_article",
    "articles.change_host",
    "articles.hide_article",
    "articles.change_delivery",
    "admin.view_logentry",
)
_ADMIN = (
    *(f"articles.{action}_feed" for action in ("add", "change", "delete")),
    "articles.add_source",
    "articles.delete_source",
    "articles.add_article",
    *(f"articles.{action}_apikey" for action in ("add", "change", "delete", "view")),
    *(f"articles.{action}_subscription" for action in ("add", "change", "delete", "view")),
    "articles.purge_article",
    *(
        f"auth.{action}_{model}"
        for model in ("user", "group")
        for action in ("add", "change", "delete", "view")
    ),
)


def permissions_of_roles() -> dict[str, set[str]]:
    """What each role may do, as the names that ``user.has_perm`` takes."""
    seen = Permission.objects.filter(content_type__app_label="articles", codename__startswith="view_")
    viewer = {f"articles.{codename}" for codename in seen.values_list("codename", flat=True)} - {
        _PRIVATE,
        _KEYS,
        _ADDRESSES,
    }
    editor = viewer | set(_EDITOR)
    return {VIEWER: viewer, EDITOR: editor, ADMIN: editor | set(_ADMIN)}


def install() -> None:
    """Make the three groups, or bring them up to date; others are left alone. May be done at any time."""
    known = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    with transaction.atomic():
        for name, permissions in permissions_of_roles().items():
            group, _ = Group.objects.get_or_create(name=name)
            group.permissions.set(known[permission] for permission in permissions)
