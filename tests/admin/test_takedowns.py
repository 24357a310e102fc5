"""Taking articles down in the admin: from their list, and from the page of a request."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from articles import takedown as takedowns
from articles.admin.accounts import roles
from articles.models import Article, Reason, Takedown, TakedownStep, Tombstone
from articles.web.audit import alterations, note, record_many
from tests.factories import make_article, make_source, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_list_of_purged")]

QUEUE = "/admin/articles/takedown/"


@pytest.fixture
def article():
    article = make_article(make_source("The Gazette"))
    make_version(article)
    make_version(article, ["Five people were hurt."], headline="Five hurt")
    return article


@pytest.fixture
def asked(article):
    return Takedown.objects.create(
        article=article, address="/articles/1/", reason="legal", text="<b>please</b>", name="Ann"
    )


@pytest.fixture
def editor(client):
    roles.install()
    user = User.objects.create_user("ed", is_staff=True)
    user.groups.add(Group.objects.get(name=roles.EDITOR))
    client.force_login(user)
    return user


def decide(client, asked, decision, **values):
    sent = {f"{decision}-{name}": value for name, value in values.items()}
    where = reverse("admin:articles_takedown_decide", args=[asked.pk])
    return client.post(where, {"decision": decision, **sent}, follow=True)


def test_what_each_decision_does_stands_beside_it_and_none_is_chosen(client, editor, asked):
    page = client.get(f"{QUEUE}{asked.pk}/change/").content.decode()
    for told in ("It can be shown again.", "Whoever asked reads your answer", "does not tell of it"):
        assert told in page
    assert page.count('type="radio"') == page.count("decision-choice") == 4
    assert (
        'type="radio" name="decision" value="hide" id="decision-hide" aria-describedby="follows-hide">'
        in page
    )
    said = decide(client, asked, "").content.decode()
    assert "Nothing was done: choose one of the decisions." in said
    assert Takedown.objects.get().state == "open"


def test_what_was_wrong_stays_chosen(client, editor, asked):
    page = decide(client, asked, "refuse").content.decode()
    assert 'id="decision-refuse" aria-describedby="follows-refuse" checked>' in page
    assert "Nothing was done: please correct what is marked below." in page


def test_the_queue_has_the_open_ones_first(client, editor, asked):
    for state in ("refused", "open", "hidden"):
        made = Takedown.objects.create(address="x", reason="other", state=state)
        if state != "open":
            Takedown.objects.filter(pk=made.pk).update(decided=made.asked)
    listed = client.get(QUEUE).context["cl"].result_list
    assert [row.state for row in listed] == ["open", "open", "hidden", "refused"]


def test_a_request_is_shown_with_its_article_and_versions(client, editor, asked):
    page = client.get(f"{QUEUE}{asked.pk}/change/").content.decode()
    assert "&lt;b&gt;please&lt;/b&gt;" in page
    assert "Five hurt" in page
    assert "Delete all texts for good" not in page  # an Editor may not


def test_hiding_takes_one_click_and_is_in_the_audit_log(client, editor, asked, article):
    answer = decide(client, asked, "hide", reason="legal", answer="Done.", note="court of Lenn")
    assert "no reader sees it any more" in answer.content.decode()
    assert client.get(f"/articles/{article.pk}/").status_code == 451
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("hidden", "Done.")
    assert "Done." in client.get(asked.get_absolute_url()).content.decode()
    entry = LogEntry.objects.get(object_id=str(article.pk), content_type__model="article")
    assert entry.user == editor
    assert alterations(entry) == [("hidden", False, True)]
    assert "451" in note(entry)
    assert asked.reference in note(entry)
    step = TakedownStep.objects.get()
    assert (step.what, step.reason, step.status, step.takedown) == ("hidden", "legal", 451, asked)


def test_a_hide_is_undone(client, editor, asked, article):
    decide(client, asked, "hide", reason="wrong")
    assert "Readers see the article again" in decide(client, asked, "show", note="").content.decode()
    assert client.get(f"/articles/{article.pk}/").status_code == 200
    asked.refresh_from_db()
    assert asked.state == "shown"


def test_an_answer_does_not_outlive_its_decision(client, editor, asked):
    decide(client, asked, "hide", reason="wrong", answer="Done, sorry.")
    assert "Done, sorry." in client.get(asked.get_absolute_url()).content.decode()
    decide(client, asked, "show", answer="It was right after all.")
    told = client.get(asked.get_absolute_url()).content.decode()
    assert "Done, sorry." not in told
    assert "It was right after all." in told


def test_showing_versions_again_needs_no_reason(client, editor, asked):
    decide(client, asked, "hide-versions", versions=["1"], reason="wrong")
    page = client.get(f"{QUEUE}{asked.pk}/change/").content.decode()
    assert 'name="show-versions-versions"' in page
    assert 'name="show-versions-reason"' not in page


def test_a_purge_settles_the_other_requests_too(admin_client, asked, article):
    other = Takedown.objects.create(article=article, address="/articles/1/", reason="other")
    decide(admin_client, asked, "purge", reason="legal", typed=asked.reference)
    other.refresh_from_db()
    assert other.state == "purged"
    assert other.decided


def test_some_versions_are_hidden_and_shown_again(client, editor, asked, article):
    decide(client, asked, "hide-versions", versions=["1"], reason="wrong", status="451")
    assert client.get(f"/articles/{article.pk}/1/").status_code == 451
    assert client.get(f"/articles/{article.pk}/2/").status_code == 200
    decide(client, asked, "show-versions", versions=["1"])
    assert client.get(f"/articles/{article.pk}/1/").status_code == 200


def test_the_version_whose_address_was_given_is_chosen_beforehand(client, editor, asked, article):
    for path, chosen in {
        f"/articles/{article.pk}/2/": 1,
        f"/articles/{article.pk}/": 0,
        "http://[": 0,
    }.items():
        Takedown.objects.update(address=path)
        page = client.get(f"{QUEUE}{asked.pk}/change/").content.decode()
        assert page.count(" checked>") == chosen


def test_a_refusal_needs_an_answer(client, editor, asked, article):
    assert decide(client, asked, "refuse").status_code == 400
    decide(client, asked, "refuse", answer="It is in the public interest.")
    assert "public interest" in client.get(asked.get_absolute_url()).content.decode()
    assert client.get(f"/articles/{article.pk}/").status_code == 200
    log = client.get("/about/takedown/log/").content.decode()
    assert "A request was refused" in log
    assert "public interest" not in log


def test_what_is_no_request_is_put_away_without_a_word_in_the_log(client, editor, asked):
    decide(client, asked, "drop", note="spam")
    asked.refresh_from_db()
    assert asked.state == "dropped"
    assert not TakedownStep.objects.exists()


def test_an_article_that_was_not_found_is_named_by_its_number(client, editor, article):
    asked = Takedown.objects.create(address="https://elsewhere.example/", reason="other")
    assert decide(client, asked, "link", number="999999").status_code == 400
    assert "nothing was changed" in decide(client, asked, "hide", reason="other").content.decode()
    decide(client, asked, "link", number=str(article.pk))
    asked.refresh_from_db()
    assert asked.article == article


def test_only_an_admin_purges_and_only_who_types_the_reference(client, editor, admin_client, asked, article):
    assert decide(client, asked, "purge", reason="legal", typed=asked.reference).status_code == 403
    assert decide(admin_client, asked, "purge", reason="legal", typed="yes").status_code == 400
    assert Article.objects.get(pk=article.pk).purged is None
    said = decide(admin_client, asked, "purge", reason="legal", typed=asked.reference.lower())
    assert "never fetched again" in said.content.decode()
    article.refresh_from_db()
    assert article.purged
    assert not article.versions.exists()
    asked.refresh_from_db()
    assert (asked.state, asked.text, asked.address) == ("purged", "", "")
    assert not Tombstone.objects.exclude(article=article).exists()
    assert client.get(f"{QUEUE}{asked.pk}/change/").status_code == 200


def test_unknown_decisions_and_requests_are_not_found(client, editor, asked):
    assert decide(client, asked, "burn").status_code == 404
    asked.pk = 999
    assert decide(client, asked, "drop").status_code == 404


def test_what_is_not_offered_any_more_changes_nothing(client, editor, admin_client, asked, article):
    """As from another tab that was opened before."""
    decide(client, asked, "refuse", answer="No.")
    said = decide(client, asked, "drop").content.decode()
    assert "This was decided meanwhile; nothing was changed." in said
    decide(admin_client, asked, "purge", reason="legal", typed=asked.reference)
    for decision in ("show", "hide", "show-versions", "hide-versions", "purge"):
        said = decide(admin_client, asked, decision, reason="legal", typed=asked.reference, versions=["1"])
        assert "nothing was changed" in said.content.decode()
    asked.refresh_from_db()
    assert asked.state == "purged"
    assert TakedownStep.objects.count() == 2


def test_who_may_hide_and_not_read_requests_is_told_nothing_of_one(client, asked):
    user = User.objects.create_user("hider", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="hide_article"))
    client.force_login(user)
    answer = decide(client, asked, "refuse")
    assert answer.status_code == 403
    assert "please" not in answer.content.decode()


def test_a_viewer_sees_what_was_done_and_no_reference(client, asked, article):
    roles.install()
    takedowns.refuse(asked, "Dear Ann")
    for role, sees in ((roles.VIEWER, False), (roles.EDITOR, True)):
        user = User.objects.create_user(role, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        for page in ("", f"{TakedownStep.objects.get().pk}/change/"):
            shown = client.get(f"/admin/articles/takedownstep/{page}").content.decode()
            assert "A request was refused" in shown
            assert (asked.reference in shown) is sees


def act(client, action, *articles, **values):
    sent = {"action": action, "_selected_action": [article.pk for article in articles], **values}
    return client.post("/admin/articles/article/", sent, follow=True)


def test_many_articles_are_hidden_and_shown_again(client, editor, article):
    other = make_article(article.source, headline="Lime <b>trees</b>")
    page = act(client, "hide", article, other).content.decode()
    assert "Lime &lt;b&gt;trees&lt;/b&gt;" in page
    assert "2 articles" in page
    assert not Article.objects.filter(hidden=True).exists()
    told = act(
        client, "hide", article, other, confirmed="1", reason="copyright", status="451"
    ).content.decode()
    assert "2 articles were taken down" in told
    assert {*TakedownStep.objects.values_list("reason", "status")} == {(Reason.COPYRIGHT.value, 451)}
    assert LogEntry.objects.count() == 2
    assert (
        "Nothing was done with 1 article"
        in act(client, "hide", article, confirmed="1", reason="other").content.decode()
    )
    act(client, "show_again", article, other)
    assert Article.objects.filter(hidden=True).count() == 2
    act(client, "show_again", article, other, confirmed="1")
    assert not Article.objects.filter(hidden=True).exists()


def test_what_is_hidden_is_in_the_audit_log_or_it_is_not_hidden(client, editor, article, monkeypatch):
    other = make_article(article.source)
    monkeypatch.setattr(takedowns, "AT_ONCE", 1)

    def full_after_one(request, *given, **named):
        if LogEntry.objects.exists():
            raise OSError("the disk is full")
        record_many(request, *given, **named)

    monkeypatch.setattr("articles.admin.article.hiding.record_many", full_after_one)
    with pytest.raises(OSError, match="full"):
        act(client, "hide", article, other, confirmed="1", reason="other")
    assert Article.objects.filter(hidden=True).count() == LogEntry.objects.count() == 1


def test_a_wrong_reason_hides_nothing(client, editor, article):
    assert "Select a valid choice" in act(client, "hide", article, confirmed="1", reason="x").content.decode()
    assert not Article.objects.filter(hidden=True).exists()


def test_a_request_of_our_own_begins_at_the_article(client, editor, article):
    page = client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    begin = reverse("admin:articles_article_takedown", args=[article.pk])
    assert begin in page
    assert client.get(begin).status_code == 405
    assert "Take the article down" in client.post(begin, follow=True).content.decode()
    assert Takedown.objects.get().article == article
