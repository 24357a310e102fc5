"""Accounts: the roles' groups, and nobody gives himself or others what he does not hold."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse

from articles.admin.accounts import roles
from articles.web.audit import record
from newsdiffs.runner import startup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _groups():
    roles.install()


def account(name, role="", **values):
    user = User.objects.create_user(name, password="x", is_staff=True, **values)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def boss(client):
    """Signed in with the role Admin."""
    user = account("boss", roles.ADMIN)
    client.force_login(user)
    return user


@pytest.fixture
def root():
    return User.objects.create_superuser("root", password="x")


def change(client, user, **values):
    """Send the form of an account; what is not given stays."""
    sent = {
        "username": user.username,
        "is_active": "on" if user.is_active else "",
        "is_staff": "on" if user.is_staff else "",
        "is_superuser": "on" if user.is_superuser else "",
        "groups": [group.pk for group in user.groups.all()],
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
    } | values
    sent = {name: value for name, value in sent.items() if value != ""}
    return client.post(reverse("admin:auth_user_change", args=[user.pk]), sent)


def test_the_roles_hold_what_they_are_to():
    held = roles.permissions_of_roles()
    assert held[roles.VIEWER] < held[roles.EDITOR] < held[roles.ADMIN]
    assert all(name.startswith("articles.view_") for name in held[roles.VIEWER])
    assert "articles.view_takedown" not in held[roles.VIEWER]
    assert {"articles.change_source", "articles.hide_article"} <= held[roles.EDITOR]
    assert not {"articles.add_source", "articles.purge_article"} & held[roles.EDITOR]
    assert {"articles.add_source", "articles.purge_article", "auth.add_user"} <= held[roles.ADMIN]


def test_installing_again_brings_the_three_up_to_date_and_leaves_others_alone():
    custom = Group.objects.create(name="Custom")
    custom.permissions.add(Permission.objects.get(codename="add_source"))
    editors = Group.objects.get(name=roles.EDITOR)
    editors.permissions.clear()
    roles.install()
    assert custom.permissions.count() == 1
    assert {f"{p.content_type.app_label}.{p.codename}" for p in editors.permissions.all()} == (
        roles.permissions_of_roles()[roles.EDITOR]
    )
    assert Group.objects.count() == 4


def test_an_admin_makes_an_editor(client, boss):
    user = User.objects.create_user("ann", password="x")
    editors = Group.objects.get(name=roles.EDITOR)
    assert change(client, user, is_staff="on", groups=[editors.pk]).status_code == 302
    user.refresh_from_db()
    assert user.is_staff
    assert user.has_perm("articles.hide_article")
    entry = LogEntry.objects.get()
    assert "Editor" in entry.change_message


def test_nobody_but_a_superuser_makes_superusers(client, boss):
    assert change(client, boss, is_superuser="on").status_code == 302
    boss.refresh_from_db()
    assert not boss.is_superuser


def test_nor_gives_permissions_or_groups_beyond_his_own(client, boss):
    beyond = Permission.objects.get(codename="delete_article")
    group = Group.objects.create(name="Beyond")
    group.permissions.add(beyond)
    assert change(client, boss, groups=[group.pk]).status_code == 200
    change(client, boss, user_permissions=[beyond.pk])
    for user in (boss, account("ann")):
        user = User.objects.get(pk=user.pk)
        assert not user.has_perm("articles.delete_article")
    page = reverse("admin:auth_group_change", args=[group.pk])
    assert client.post(page, {"name": "Beyond", "permissions": []}).status_code == 403
    sent = {"name": "Mine", "permissions": [beyond.pk]}
    assert client.post(reverse("admin:auth_group_add"), sent).status_code == 200
    assert not Group.objects.filter(name="Mine").exists()


@pytest.mark.parametrize("active", [True, False])
def test_an_admin_touches_no_superuser_and_nobody_who_holds_more(client, boss, root, active):
    more = account("more", is_active=active)
    more.user_permissions.add(Permission.objects.get(codename="delete_article"))
    for other in (root, more):
        assert change(client, other, is_active="on").status_code == 403
        password = reverse("admin:auth_user_password_change", args=[other.pk])
        sent = {"password1": "tall-lime-trees", "password2": "tall-lime-trees", "usable_password": "true"}
        assert client.post(password, sent).status_code == 403
        delete = reverse("admin:auth_user_delete", args=[other.pk])
        assert client.post(delete, {"post": "yes"}).status_code == 403
        sent = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
        client.post(reverse("admin:auth_user_changelist"), sent)
        assert User.objects.filter(pk=other.pk).exists()


def test_the_last_superuser_can_not_be_locked_out(client, root):
    client.force_login(root)
    for without in ("is_superuser", "is_active", "is_staff"):
        answer = change(client, root, **{without: ""})
        assert "the last account that may do everything" in answer.content.decode()
    sent = {"action": "delete_selected", "_selected_action": [root.pk], "post": "yes"}
    answer = client.post(reverse("admin:auth_user_changelist"), sent)
    assert "make another superuser first" in answer.content.decode()
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
    User.objects.create_superuser("second", password="x")
    assert change(client, root, is_superuser="").status_code == 302


def test_who_is_in_the_log_is_not_deleted(client, root, rf):
    ann = account("ann", roles.EDITOR)
    request = rf.post("/")
    request.user = ann
    record(request, ann, {"is_staff": (False, True)})
    client.force_login(root)
    page = client.post(reverse("admin:auth_user_delete", args=[ann.pk]), {"post": "yes"}).content.decode()
    assert "has 1 entry in the audit log" in page
    assert "“active”" in page
    with pytest.raises(ProtectedError), transaction.atomic():
        ann.delete()
    assert LogEntry.objects.filter(user=ann).exists()
    silent = account("silent")
    client.post(reverse("admin:auth_user_delete", args=[silent.pk]), {"post": "yes"})
    assert not User.objects.filter(pk=silent.pk).exists()


def test_who_only_signed_in_is_deleted(client, root):
    ann = User.objects.create_user("ann", password="tall-lime-trees", is_staff=True)
    sent = {"username": "ann", "password": "tall-lime-trees", "next": "/admin/"}
    assert client.post("/admin/login/", sent).status_code == 302
    assert LogEntry.objects.filter(user=ann).count() == 1
    client.force_login(account("boss", roles.ADMIN))
    answer = client.post(reverse("admin:auth_user_delete", args=[ann.pk]), {"post": "yes"})
    assert answer.status_code == 302
    assert not User.objects.filter(pk=ann.pk).exists()


def test_the_three_groups_are_looked_at_and_not_changed(client, root):
    client.force_login(root)
    page = reverse("admin:auth_group_change", args=[Group.objects.get(name=roles.EDITOR).pk])
    assert "Make another group" in client.get(page).content.decode()
    assert client.post(page, {"name": "Editor", "permissions": []}).status_code == 403
    assert Group.objects.get(name=roles.EDITOR).permissions.exists()


def test_setup_makes_the_groups():
    Group.objects.all().delete()
    startup.install_roles()
    assert Group.objects.count() == 3


def test_single_permissions_are_for_superusers_and_folded(client, boss, root):
    viewer = account("vi", roles.VIEWER)
    viewer.user_permissions.add(Permission.objects.get(codename="add_article"))
    where = reverse("admin:auth_user_change", args=[viewer.pk])
    page = client.get(where).content.decode()
    assert 'name="groups"' in page
    assert "user_permissions" not in page
    assert change(client, viewer, groups=[viewer.groups.get().pk]).status_code == 302
    assert viewer.user_permissions.count() == 1  # what is not shown stays
    client.force_login(root)
    for_superusers = client.get(where).content.decode()
    assert 'name="user_permissions"' in for_superusers
    assert "Single permissions" in for_superusers.partition("<details")[2]


def add(client, role, name="ann"):
    sent = {"username": name, "password1": "tall-lime-trees", "password2": "tall-lime-trees", "role": role}
    return client.post(reverse("admin:auth_user_add"), sent)


def test_one_form_makes_an_account_with_its_role(client, boss):
    page = client.get(reverse("admin:auth_user_add")).content.decode()
    for told in (
        "decides on takedown requests",
        "keeps accounts and API keys",
        "does not enter the administration",
    ):
        assert told in page
    assert add(client, roles.EDITOR).url == reverse("admin:auth_user_changelist")
    ann = User.objects.get(username="ann")
    assert ann.is_staff
    assert not ann.is_superuser
    assert ann.has_perm("articles.hide_article")
    assert [entry.user for entry in LogEntry.objects.filter(change_message__contains="role")] == [boss]


def test_without_a_role_nobody_enters_the_administration(client, boss):
    assert add(client, roles.READER).status_code == 302
    assert not User.objects.get(username="ann").is_staff
    assert not User.objects.get(username="ann").groups.exists()
    assert "This field is required" in add(client, "", "bob").content.decode()


def test_a_role_beyond_one_s_own_is_not_offered(client):
    keeper = account("keeper", roles.VIEWER)
    keeper.user_permissions.add(
        *Permission.objects.filter(codename__in=("add_user", "change_user", "view_user"))
    )
    client.force_login(keeper)
    page = client.get(reverse("admin:auth_user_add")).content.decode()
    assert 'value="Viewer"' in page
    assert 'value="Editor"' not in page
    assert "Select a valid choice" in add(client, roles.ADMIN).content.decode()
    assert not User.objects.filter(username="ann").exists()
