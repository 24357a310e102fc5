"""Bots and chats set up by an admin; what they post looked at first; nothing secret on any page."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from articles.admin.accounts import roles
from articles.models import Delivery, Subscription, Way
from articles.notices.sending import send_posts
from tests.notices.conftest import Reply, change, prepare, subscribed, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_queue")]
LIST = "/admin/articles/subscription/"


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="x"))
    return client


def in_role(name: str) -> Client:
    roles.install()
    user = User.objects.create_user(name, password="x", is_staff=True)
    user.groups.add(Group.objects.get(name=name))
    client = Client()
    client.force_login(user)
    return client


def filled(server, **given):
    return {
        "name": "Our bot",
        "way": "mastodon",
        "query": "?kind=number",
        "receiver": server.url,
        "account": "",
        "secret": "very-secret",
        "most_a_day": "10",
        **given,
    }


def test_a_bot_is_set_up_and_its_secrets_are_never_shown(admin, article, receiver):
    receiver.replies["/api"] = Reply(body={"id": "1"})
    assert admin.post(f"{LIST}add/", filled(receiver)).status_code == 302
    made = Subscription.objects.get()
    assert (made.state, made.query, made.secret) == ("active", "kind=number", "very-secret")
    change(article)
    assert tell() == 1
    for path in (LIST, f"{LIST}{made.pk}/change/", f"{LIST}{made.pk}/history/", "/admin/admin/logentry/"):
        page = admin.get(path).content.decode()
        assert "very-secret" not in page
        assert receiver.url not in page
    # Left empty they stay.
    admin.post(f"{LIST}{made.pk}/change/", filled(receiver, name="Renamed", secret="", receiver=""))
    made.refresh_from_db()
    assert (made.name, made.secret, made.receiver) == ("Renamed", "very-secret", receiver.url)


@pytest.mark.parametrize(
    "given",
    [
        {"query": "kind=nonsense"},
        {"query": "source=none"},
        {"receiver": "http://127.0.0.1:1/"},
        {"receiver": ""},
        {"secret": ""},
        {"way": "email"},
        {"way": "bluesky", "account": ""},
        {"most_a_day": "-1"},
    ],
)
def test_what_makes_no_sense_is_told(admin, receiver, given):
    answer = admin.post(f"{LIST}add/", filled(receiver, **given))
    assert (answer.status_code, Subscription.objects.count()) == (200, 0)
    assert "errornote" in answer.content.decode()


def test_readers_addresses_are_for_admins_alone(admin, db):
    reader = subscribed(email="reader@mail.example")
    for name in (roles.VIEWER, roles.EDITOR):
        assert in_role(name).get(LIST).status_code == 403
    assert in_role(roles.ADMIN).get(LIST).status_code == 200
    page = admin.get(f"{LIST}{reader.pk}/change/").content.decode()
    assert "reader@mail.example" in page
    assert reader.token not in page


def test_an_editor_says_what_is_posted(article, receiver):
    receiver.replies["/api"] = Reply(body={"id": "1"})
    subscribed(way=Way.MASTODON, receiver=receiver.url, secret="x", approve=True)
    change(article)
    prepare()
    assert send_posts(5) == 0
    waits = Delivery.objects.get()
    path = "/admin/articles/delivery/"
    asked = {"action": "approve", "_selected_action": [waits.pk]}
    in_role(roles.VIEWER).post(path, asked)
    waits.refresh_from_db()
    assert not waits.approved
    editor = in_role(roles.EDITOR)
    assert "Bridge closed after storm v2" in editor.get(path).content.decode()
    editor.post(path, asked)
    assert send_posts(5) == 1


def test_one_is_switched_off_and_on_and_tried(admin, receiver):
    made = subscribed(way=Way.SLACK, receiver=receiver.url)
    for action, state in (("switch_off", "off"), ("switch_on", "active")):
        admin.post(LIST, {"action": action, "_selected_action": [made.pk]})
        made.refresh_from_db()
        assert made.state == state
    answer = admin.post(LIST, {"action": "try_out", "_selected_action": [made.pk]}, follow=True)
    assert "A test is on its way" in answer.content.decode()


def test_the_first_page_says_that_mails_wait_and_what_was_switched_off(admin, article, mail_server, receiver):
    page = admin.get("/admin/").content.decode()
    assert "mail server does not take" not in page
    subscribed(email="one@mail.example")
    gone = subscribed(email="two@mail.example")
    hook = subscribed(way=Way.WEBHOOK, receiver=f"{receiver.url}/hook", secret="whsec_eA==")
    receiver.replies["/hook"] = Reply(410)
    mail_server.down = "451 not now"
    Subscription.objects.filter(pk=gone.pk).update(state="off", stopped="by-hand")
    change(article)
    assert tell() == 0
    page = admin.get("/admin/").content.decode()
    assert "1 reader waits for mails that the mail server does not take" in page
    assert "1 subscription was switched off, as nothing could be delivered" in page
    for query, rows in (("last_problem=mail-server", 1), ("state__exact=off", 2)):
        assert f"{LIST}?{query}" in page
        listed = admin.get(f"{LIST}?{query}")
        assert listed.status_code == 200
        assert listed.context["cl"].result_count == rows
    hook.refresh_from_db()
    assert hook.stopped == Subscription.Stopped.GONE
    assert "switched off, as" not in in_role(roles.EDITOR).get("/admin/").content.decode()
