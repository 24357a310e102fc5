"""Every address of the admin, for every role and method: who may not, gets 403 or the sign-in, and changes
nothing; nothing is changed by GET, nor without the token of the form.

A view that stands in no table here fails the test: say what it takes.
"""

import hashlib
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from articles.admin.accounts import roles
from articles.models import (
    ApiKey,
    ArchivedCopy,
    Article,
    Batch,
    Delivery,
    HubSubscription,
    Quarantine,
    Reason,
    SiteProbe,
    Subscription,
    Takedown,
    Way,
)
from articles.models.identity import Evidence, Proposal
from articles.takedown import Grounds, hide
from tests.factories import make_article, make_event, make_source, make_version

pytestmark = pytest.mark.django_db

ANYBODY = ""
"""Whoever may enter the admin."""

OWN = {
    "index": ANYBODY,
    "jsi18n": ANYBODY,
    "logout": ANYBODY,
    "login": ANYBODY,
    "password_change": ANYBODY,
    "password_change_done": ANYBODY,
    "autocomplete": ANYBODY,  # says itself whom it answers, by the model that is asked for
    "view_on_site": ANYBODY,  # only leads to a public page
    "app_list": ANYBODY,  # lists what one may see
    "": ANYBODY,  # what is no address of the admin
    "articles_article_check": "articles.change_article",
    "articles_article_takedown": "articles.hide_article",
    "articles_takedown_decide": "articles.hide_article",
    "articles_batch_add": "articles.add_article",
    "articles_batch_result": "articles.view_batch",
    "articles_quarantine_decide": "articles.change_source",
    "articles_source_learned": "articles.view_source",
    "articles_source_accept_yield": "articles.change_source",
    "articles_source_rules": "articles.change_source",
    **{
        f"articles_source_{step}": "articles.add_source"
        for step in ("also", "catalogue", "choose", "feeds", "look", "save", "probe")
    },
    "admin_logentry_csv": "admin.view_logentry",
    "auth_user_password_change": "auth.change_user",
}
"""What a view takes that is not one of Django's five for each model."""

ACTIONS = {
    "check_now": {"article": "articles.change_article", "source": "articles.change_source"},
    **{
        name: {"article": "articles.change_article", "source": "articles.change_source"}
        for name in ("pause", "resume", "clear_errors")
    },
    "clear_errors_and_pauses": {"source": "articles.change_source"},
    "change_schedule": {"source": "articles.change_source"},
    "end_pause": {"host": "articles.change_host"},
    "join_them": {"proposal": "articles.change_article"},
    "keep_apart": {"proposal": "articles.change_article"},
    "hide": {"article": "articles.hide_article"},
    "show_again": {"article": "articles.hide_article"},
    **{
        name: {"subscription": "articles.change_subscription"}
        for name in ("switch_on", "switch_off", "try_out")
    },
    **{name: {"delivery": "articles.change_delivery"} for name in ("approve", "drop")},
}
"""What each action takes, by the model's name."""

ROLES = ("nobody", "staff", roles.VIEWER, roles.EDITOR, roles.ADMIN)


def patterns() -> Iterator[URLPattern]:
    def walk(found: list) -> Iterator[URLPattern]:
        for one in found:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns)
            else:
                yield one

    yield from walk(admin.site.get_urls())


NAMES = sorted({pattern.name or "" for pattern in patterns()})
SAMPLE = ("articles", "auth", "admin")


def needed(name: str) -> set[str]:
    """The permissions any one of which opens the view of this name.

    :raises KeyError: no table here says.
    """
    if name in OWN:
        return {OWN[name]}
    for app in SAMPLE:
        for model, _ in admin.site._registry.items():
            of = f"{app}_{model._meta.model_name}_"
            if model._meta.app_label == app and name.startswith(of):
                suffix = name.removeprefix(of)
                kind = {"changelist": ("view", "change"), "history": ("view", "change"), "add": ("add",)}
                kind |= {"change": ("view", "change"), "delete": ("delete",)}
                return {f"{app}.{one}_{model._meta.model_name}" for one in kind[suffix]}
    raise KeyError(f"Say in OWN what {name!r} takes.")


@pytest.fixture
def rows(django_user_model):
    """One row of each kind that the addresses can name, and the accounts."""
    roles.install()
    people = {"staff": django_user_model.objects.create_user("staff", password="x", is_staff=True)}
    for role in (roles.VIEWER, roles.EDITOR, roles.ADMIN):
        people[role] = django_user_model.objects.create_user(role, password="x", is_staff=True)
        people[role].groups.add(Group.objects.get(name=role))
    django_user_model.objects.create_superuser("root", password="x")
    article = make_article(make_source())
    make_version(article)
    make_version(article, ["Five people were hurt."])
    make_event(article)
    Takedown.objects.create(article=article, address="/articles/1/", reason="legal", text="x")
    ApiKey.objects.create(name="0123", digest="0" * 64, holder="a reader")
    told = Subscription.objects.create(way=Way.SLACK, name="desk", receiver="https://chat.example/")
    Delivery.objects.create(subscription=told, approved=False)
    HubSubscription.objects.create(hub="https://hub.example/", topic="https://news.example/feed")
    ArchivedCopy.objects.create(version=article.versions.get(number=2))
    Quarantine.objects.create(
        source=article.source, opened=timezone.now(), articles_alike=5, articles_checked=9
    )
    Batch.objects.create(source=article.source, name="few.csv").rows.create(line=1, address="x")
    SiteProbe.objects.create(address="https://news.example/", state=SiteProbe.State.FAILED)
    Proposal.objects.create(
        older=article, younger=make_article(article.source), evidence=Evidence.LIKENESS, share=0.8
    )
    hide([make_article(article.source).pk], Grounds(Reason.OTHER))
    Group.objects.create(name="Others")
    LogEntry.objects.create(
        user=people["staff"],
        content_type=ContentType.objects.get_for_model(Article),
        object_id="1",
        object_repr="x",
        action_flag=2,
    )
    return people


def address(pattern_name: str) -> str:
    """An address of the view, with a row that there is."""
    pattern = next(one for one in patterns() if (one.name or "") == pattern_name)
    fixed = {"app_label": "articles", "content_type_id": 1, "url": "nowhere/"}
    if not pattern_name:
        return "/admin/nowhere/"
    named = pattern.pattern.converters or pattern.pattern.regex.groupindex
    parts = {part: fixed.get(part) or _row_for(pattern_name) for part in named}
    return reverse(f"admin:{pattern_name}", kwargs=parts or None)


def _row_for(pattern_name: str) -> object:
    model = next(
        (
            model
            for model in admin.site._registry
            if pattern_name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_")
        ),
        Article,
    )
    return model._default_manager.order_by("pk").values_list("pk", flat=True).first() or 1


def everything() -> str:
    """A digest of all rows there are, but for the sessions."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table in ("django_session",) or table.startswith(("articles_search", "articles_quotause")):
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            digest.update(repr(sorted(map(repr, cursor.fetchall()))).encode())
    return digest.hexdigest()


def client_of(people, role: str, **options) -> Client:
    client = Client(**options)
    if role == "root":
        client.force_login(User.objects.get(username="root"))
    elif role != "nobody":
        client.force_login(people[role])
    User.objects.update(last_login=None)
    return client


def is_refused(answer) -> bool:
    if answer.status_code in (403, 404, 405):  # 404: Django hides its own
        return True
    return answer.status_code == 302 and ("/admin/login/" in answer.url or answer.url == "/admin/")


def allowed(person: User | None, name: str) -> bool:
    if person is None:
        return False
    return any(not permission or person.has_perm(permission) for permission in needed(name))


def test_every_view_has_an_entry():
    for name in NAMES:
        needed(name)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_not_gets_nothing_and_changes_nothing(rows, role):
    person = rows.get(role)
    client = client_of(rows, role)
    for name in NAMES:
        if name in ("login", "logout", "jsi18n", "") or allowed(person, name):
            continue
        where, before = address(name), everything()
        for method in ("get", "post"):
            answer = getattr(client, method)(
                where, {"post": "yes", "decision": "drop"} if method == "post" else {}
            )
            assert is_refused(answer), f"{role} {method} {where}: {answer.status_code}"
        assert everything() == before, f"{role}: {where}"


@pytest.mark.parametrize("role", [roles.VIEWER, roles.EDITOR, roles.ADMIN])
def test_who_may_is_let_in(rows, role):
    person = rows[role]
    client = client_of(rows, role)
    for name in NAMES:
        if not name.endswith(("_changelist", "_change", "_history")) or not allowed(person, name):
            continue
        where = address(name)
        assert client.get(where).status_code == 200, where


def test_nothing_is_changed_by_looking(rows):
    client = client_of(rows, "root")
    for name in NAMES:
        if name in ("logout", "login"):
            continue
        where, before = address(name), everything()
        client.get(where)
        assert everything() == before, where


def test_nothing_is_changed_without_the_token_of_a_form(rows):
    client = client_of(rows, "root", enforce_csrf_checks=True)
    for name in NAMES:
        if name == "login":
            continue
        where, before = address(name), everything()
        assert client.post(where, {"post": "yes", "decision": "drop"}).status_code in (403, 404, 405), where
        assert everything() == before, where


def actions() -> Iterator[tuple[str, str]]:
    request = HttpRequest()
    request.user = User(is_superuser=True, is_active=True, is_staff=True)
    request.GET = request.GET.copy()
    for model, of_model in admin.site._registry.items():
        for name in of_model.get_actions(request):
            yield model._meta.model_name, name


@pytest.mark.parametrize("role", ROLES)
def test_an_action_is_offered_and_done_only_for_who_may(rows, role):
    person = rows.get(role)
    client = client_of(rows, role)
    for model_name, name in actions():
        model = next(one for one in admin.site._registry if one._meta.model_name == model_name)
        label = model._meta.app_label
        if name == "delete_selected":
            permission = f"{label}.delete_{model_name}"
        else:
            permission = ACTIONS[name][model_name]
        if person is not None and person.has_perm(permission):
            continue
        pk = model._default_manager.order_by("pk").values_list("pk", flat=True).first()
        before = everything()
        sent = {"action": name, "_selected_action": [pk], "confirmed": "1", "reason": "other", "post": "yes"}
        client.post(reverse(f"admin:{label}_{model_name}_changelist"), sent)
        assert everything() == before, f"{role}: {name} of {model_name}"
