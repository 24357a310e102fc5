"""Held changes in the admin: what is shown, what is decided, and by whom."""

import zlib

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.brokers import get_broker

from articles.models import Boilerplate, Quarantine, QuarantinedText, SetAside, Version
from articles.models import text_storage as texts
from articles.models.quarantine import QuarantinedParagraph, signature
from articles.watch.check import apply_decisions
from articles.web.audit import Alteration as Change
from articles.web.audit import alterations, note
from tests.factories import make_article, make_source, make_version

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]

TEXT = ("Four people were hurt when the bridge fell.", "The mayor spoke at noon of a bad day.")
BOX = "Read our <b>letter</b>."


@pytest.fixture
def quarantine():
    """A box came to two articles: a version was made of one, the other is held."""
    source = make_source()
    held, made = make_article(source), make_article(source)
    make_version(held, TEXT)
    make_version(made, TEXT)
    version = make_version(made, (*TEXT, BOX))
    now = timezone.now()
    Quarantine.open_for(source, {signature(BOX): (BOX, True)}, alike=5, checked=9, since=now, now=now)
    quarantine = Quarantine.objects.get()
    quarantine.set_aside({(made.pk, version.number)})
    QuarantinedText.objects.create(
        quarantine=quarantine,
        article=held,
        headline=held.headline,
        data=texts.pack((*TEXT, BOX), None),
        text_hash="held",
        extractor_version=2,
        seen=now,
        previous_last_seen=now,
        url=held.address,
        body=zlib.compress(b"<p>Nothing that reads like a story.</p>"),
    )
    return quarantine


def page_of(quarantine):
    return reverse("admin:articles_quarantine_change", args=[quarantine.pk])


def decide(client, quarantine, state, **more):
    return client.post(
        reverse("admin:articles_quarantine_decide", args=[quarantine.pk]), {"decision": state}, **more
    )


def test_the_list_and_the_page_say_what_came_where(admin_client, quarantine):
    listed = admin_client.get(reverse("admin:articles_quarantine_changelist")).content.decode()
    assert "The same change on many articles of" in listed
    page = admin_client.get(page_of(quarantine)).content.decode()
    assert "Read our &lt;b&gt;letter&lt;/b&gt;." in page
    assert "5 of the 9 articles" in page
    assert "1 text pending; 1 version made before it was noticed is set aside" in page
    assert page.count('name="decision"') == 3


def test_the_page_shows_every_paragraph_that_a_decision_covers(admin_client, quarantine):
    letters = "abcdefghijklmnopqrstuvwxyzäöü"  # numbers would be folded into one
    texts = [f"Box {letter} stands there." for letter in letters]
    QuarantinedParagraph.objects.bulk_create(
        QuarantinedParagraph(
            quarantine=quarantine, source=quarantine.source, signature=signature(text), text=text, came=True
        )
        for text in texts
    )
    page = admin_client.get(page_of(quarantine)).content.decode()
    assert "30 paragraphs." in page
    assert all(text in page for text in texts)


def test_the_page_of_the_source_leads_there(admin_client, quarantine):
    source = reverse("admin:articles_source_change", args=[quarantine.source_id])
    assert f'<a href="{page_of(quarantine)}">found on ' in admin_client.get(source).content.decode()
    decide(admin_client, quarantine, "dropped")
    assert "Nothing waits for a decision" in admin_client.get(source).content.decode()


def test_a_version_hidden_for_another_reason_is_not_said_to_be_a_template(client, quarantine):
    version = SetAside.objects.get().version
    SetAside.objects.all().delete()
    for address in (version.article.get_absolute_url(), version.diff_url):
        assert "came to many articles" not in client.get(address).content.decode()


def test_a_version_set_aside_says_so_where_it_is_shown(client, quarantine):
    version = SetAside.objects.get().version
    for address in (version.article.get_absolute_url(), version.diff_url):
        assert "came to many articles of this source at once" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("state", "listed", "dropped", "versions"),
    [("accepted", 2, 0, 2), ("dropped", 0, 1, 1), ("reread", 0, 0, 1)],
)
def test_a_decision_is_carried_out_and_kept_with_who_made_it(
    admin_client, admin_user, quarantine, state, listed, dropped, versions
):
    answer = decide(admin_client, quarantine, state, follow=True)
    assert "Decided: " in answer.content.decode()
    assert get_broker().queue_size() == 1
    assert apply_decisions.apply_all()
    quarantine.refresh_from_db()
    assert (quarantine.state, quarantine.decided_by) == (state, admin_user)
    assert quarantine.carried_out is not None
    assert Version.objects.changes().count() == listed
    assert len(Boilerplate.objects.get().dropped) == dropped
    assert Version.objects.filter(number=2).count() == versions
    (entry,) = LogEntry.objects.all()
    assert entry.user == admin_user
    assert alterations(entry) == [
        Change("widespread change", "waits for a decision", Quarantine.State(state).label)
    ]
    assert note(entry) == f"number {quarantine.pk}, paragraphs: 1"


def test_a_second_decision_is_told_and_changes_nothing(admin_client, quarantine):
    decide(admin_client, quarantine, "dropped")
    answer = decide(admin_client, quarantine, "accepted", follow=True)
    assert "decided meanwhile" in answer.content.decode()
    assert Quarantine.objects.get().state == "dropped"
    assert LogEntry.objects.count() == 1


def test_what_was_dropped_can_be_read_again(admin_client, quarantine):
    page = decide(admin_client, quarantine, "dropped", follow=True).content.decode()
    assert "1 pending text still to be worked through" in page
    assert "Count as text again" not in page
    assert "meanwhile" in decide(admin_client, quarantine, "read-again", follow=True).content.decode()
    apply_decisions.apply_all()
    page = decide(admin_client, quarantine, "read-again", follow=True).content.decode()
    assert "Decided: read again" in page
    assert 'name="decision"' not in page
    assert Boilerplate.objects.get().dropped == []
    assert LogEntry.objects.count() == 2
    assert "decided meanwhile" in decide(admin_client, quarantine, "read-again", follow=True).content.decode()


@pytest.mark.parametrize("state", ["", "open", "expired", "anything"])
def test_what_is_no_decision_decides_nothing(admin_client, quarantine, state):
    assert "Choose one" in decide(admin_client, quarantine, state, follow=True).content.decode()
    assert Quarantine.objects.open().exists()


@pytest.mark.parametrize(
    ("permissions", "sees", "decides"),
    [
        (None, 302, 302),
        ((), 403, 403),
        (("change_article",), 403, 403),
        (("view_source",), 200, 403),
        (("change_source",), 200, 302),
    ],
)
def test_who_sees_and_who_decides(client, quarantine, permissions, sees, decides):
    if permissions is not None:
        person = User.objects.create_user("ann", is_staff=True)
        person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client.force_login(person)
    assert client.get(page_of(quarantine)).status_code == sees
    assert client.get(reverse("admin:articles_quarantine_changelist")).status_code == sees
    assert decide(client, quarantine, "dropped").status_code == decides
    decided = permissions is not None and decides == 302
    assert Quarantine.objects.get().state == ("dropped" if decided else "open")


def test_deciding_needs_post_and_a_token(admin_user, quarantine):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)
    assert decide(strict, quarantine, "dropped").status_code == 403
    assert strict.get(reverse("admin:articles_quarantine_decide", args=[quarantine.pk])).status_code == 405
    assert Quarantine.objects.open().exists()


def test_nothing_else_of_it_is_changed_by_hand(admin_client, quarantine):
    assert admin_client.get(reverse("admin:articles_quarantine_add")).status_code == 403
    assert admin_client.post(page_of(quarantine), {"state": "dropped"}).status_code in (200, 403)
    delete = reverse("admin:articles_quarantine_delete", args=[quarantine.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    assert Quarantine.objects.open().exists()


def test_one_that_is_not_there_is_not_found(admin_client):
    assert admin_client.get(reverse("admin:articles_quarantine_change", args=[9])).status_code in (302, 404)
    assert admin_client.post(reverse("admin:articles_quarantine_decide", args=[9])).status_code == 404
