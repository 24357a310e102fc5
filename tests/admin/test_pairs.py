"""Pairs that may be one story: a person joins them, or says that they are two."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from articles import takedown
from articles.models import Article, Evidence, Join, Proposal, Reason, Version
from articles.takedown import Grounds
from tests.factories import make_article, make_source, make_version

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]


@pytest.fixture
def pair():
    source = make_source()
    older, younger = make_article(source), make_article(source)
    make_version(older, ["The old lime trees are to be looked at by a botanist from the coast."])
    make_version(younger, ["The old lime trees are to be felled, the botanist from the coast wrote."])
    return Proposal.objects.create(older=older, younger=younger, evidence=Evidence.LIKENESS, share=0.8)


def act(client, action, *pairs):
    chosen = {"action": action, "_selected_action": [pair.pk for pair in pairs]}
    return client.post(reverse("admin:articles_proposal_changelist"), chosen, follow=True)


def said(answer):
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_pair_is_joined_and_the_log_says_who_did_it(admin_client, admin_user, pair):
    assert "Joined" in said(act(admin_client, "join_them", pair))
    pair.refresh_from_db()
    made = Join.objects.get()
    assert (pair.state, made.by, made.evidence) == (Proposal.State.JOINED, admin_user, Evidence.PERSON)
    assert Article.objects.get(pk=pair.younger_id).joined_to_id == pair.older_id
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (admin_user, str(pair.pk))


def test_two_stories_stay_apart(admin_client, pair):
    act(admin_client, "keep_apart", pair)
    pair.refresh_from_db()
    assert (pair.state, pair.decided is not None) == (Proposal.State.APART, True)
    assert not Join.objects.exists()
    assert LogEntry.objects.count() == 1
    # What was decided is not decided again.
    act(admin_client, "join_them", pair)
    assert not Join.objects.exists()


def test_what_can_not_be_joined_is_said(admin_client, pair):
    third = make_article(pair.older.source)
    make_version(third, ["The old lime trees are to be looked at, and the market moves to the school yard."])
    other = Proposal.objects.create(older=pair.younger, younger=third, evidence=Evidence.LIKENESS, share=0.6)
    act(admin_client, "join_them", pair)
    answer = act(admin_client, "join_them", other)
    assert "not joined: one of them is joined to another article already" in said(answer)
    other.refresh_from_db()
    assert other.state == Proposal.State.OPEN


def test_a_pair_of_which_one_was_purged_is_no_longer_asked_about(admin_client, pair):
    takedown.purge(pair.younger, Grounds(Reason.LEGAL))
    assert not Proposal.objects.exists()


def test_a_hidden_side_hides_both(admin_client, client, pair):
    takedown.hide([pair.younger_id], Grounds(Reason.LEGAL, 451))
    act(admin_client, "join_them", pair)
    assert not Article.objects.visible().exists()
    assert not Version.objects.changes().exists()


@pytest.mark.parametrize("action", ["join_them", "keep_apart"])
def test_whoever_may_not_change_articles_decides_nothing(client, django_user_model, pair, action):
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename="view_proposal"))
    client.force_login(reader)
    assert client.get(reverse("admin:articles_proposal_changelist")).status_code == 200
    act(client, action, pair)
    pair.refresh_from_db()
    assert pair.state == Proposal.State.OPEN
