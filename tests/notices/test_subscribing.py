"""Subscribing: by whom, confirmed by whom, ended by one click; and nobody can have strangers troubled."""

import logging
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles.models import Article, Subscription, Way
from articles.models.quota import Quota
from articles.notices import subscribing, tasks
from articles.notices.sending import send_mails
from articles.notices.subscribing import mailbox_of
from articles.search import postgresql
from newsdiffs.logging import JSONFormatter, TextFormatter
from tests.factories import make_article, make_version
from tests.notices.conftest import AFTER, BEFORE, change, subscribed, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_queue", "no_quotas")]
NEW = "/subscriptions/new/"


@pytest.fixture
def no_quotas():
    """Each test begins with whole quotas."""
    from articles.models import QuotaUse

    QuotaUse.objects.all().delete()


def ask(client: Client, query: str = "", **given: str):
    given = {"way": "email", "frequency": "at-once"} | given
    return client.post(NEW + query, given)


def link_in(mail, ends: str) -> str:
    """The path of the link in a mail that *ends* so."""
    text = (mail.get_body(("plain",)) or mail).get_content()
    return re.search(rf"https?://[^/\s]+(/subscriptions/\S+{ends})", text)[1]


def test_the_whole_way_by_mail(client, article, mail_server):
    page = client.get(f"{NEW}?q=five&kind=number").content.decode()
    assert "of “five”" in page
    assert ask(client, "?q=five&kind=number&before=x", email="reader@mail.example").status_code == 200
    change(article)
    assert tell() == 1  # the mail that asks, and nothing else before it is confirmed
    confirmation = mail_server.mails.pop()
    assert "five" not in confirmation.as_string()
    path = link_in(confirmation, "confirm/")
    assert "of “five”" in client.get(path).content.decode()
    assert Subscription.objects.get().state == Subscription.State.UNCONFIRMED  # a GET confirms nothing
    answer = client.post(path, follow=True)
    assert "active" in answer.content.decode()
    change(article, BEFORE)
    assert tell() == 1
    mail = mail_server.mails.pop()
    assert (mail["To"], mail["Auto-Submitted"]) == ("reader@mail.example", "auto-generated")
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "[removed: Five] [added: Four]" in text
    assert re.search(r"<del [^>]+>Five</del>", html)
    assert f"/articles/{article.pk}/diff/2/3/" in text
    assert f"/articles/{article.pk}/diff/2/3/" in html
    # RFC 8058: what a mail program sends, without cookie or token of a form.
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = mail["List-Unsubscribe"].strip("<>").partition("/subscriptions/")[2]
    careful = Client(enforce_csrf_checks=True)
    ended = careful.post(f"/subscriptions/{leave}", {"List-Unsubscribe": "One-Click"})
    assert ended.status_code == 200
    assert not Subscription.objects.exists()
    assert careful.post(f"/subscriptions/{leave}").status_code == 200  # once more does no harm
    change(article, AFTER)
    assert tell() == 0


def test_each_list_leads_to_the_form_with_its_own_filters(client, article, mail_server):
    leads = {
        "/changes/?kind=number&min=2": "?kind=number&amp;min=2",
        article.source.get_absolute_url(): "?source=harbour-gazette",
        article.get_absolute_url(): f"?article={article.pk}",
        "/find/?q=%22four+people%22+%26+more": "?q=%22four%20people%22%20%26%20more",
    }
    for page, query in leads.items():
        assert f'href="{NEW}{query}"' in client.get(page).content.decode(), page
        assert client.get(NEW + query.replace("&amp;", "&")).status_code == 200
    asked = client.get(f"{NEW}?q=%22four%20people%22%20%26%20more").content.decode()
    assert "four people" in asked


def test_what_is_asked_for_is_stored_as_the_list_has_it(client, source, mail_server):
    ask(client, "?kind=number&kind=quote&source=harbour-gazette&min=3&evil=1&after=2", email="a@b.example")
    assert Subscription.objects.get().query == "source=harbour-gazette&kind=number&kind=quote&min=3"


@pytest.mark.parametrize(
    "query", ["?kind=nonsense", "?min=-1", "?q=%22%22", "?from=yesterday", "?q=" + "x" * 3000]
)
def test_filters_that_cant_be_read_are_told(client, mail_server, query):
    assert client.get(NEW + query).status_code == 400
    assert ask(client, query, email="a@b.example").status_code == 400
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("query", ["?source=none", "?article=9", "?article=x", "?article=" + "9" * 30])
def test_of_what_there_is_not_nobody_is_told(client, db, query):
    assert client.get(NEW + query).status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        {"email": ""},
        {"email": "no address"},
        {"email": "a@b.example\nBcc: c@d.example"},
        {"email": "x" * 300 + "@b.example"},
        {"email": "a@b.example", "way": "webhook", "receiver": "https://news.example/"},
        {"email": "a@b.example", "way": "mastodon"},
        {"email": "a@b.example", "frequency": "each-second"},
        {"email": "a@b.example", "website": "https://spam.example/"},
        {"email": "a@b.example", "until": "2001-01-01"},
        {"email": "a@b.example", "until": "9999-12-31"},
        {"email": "a@b.example", "addresses": "x\n" * 101},
        {"email": "a@b.example", "addresses": "https://nowhere.example/1"},
        {"email": "a@b.example\x00"},
    ],
)
def test_what_makes_no_sense_is_told_in_the_form(client, mail_server, given):
    answer = ask(client, **given)
    assert (answer.status_code, Subscription.objects.count()) == (400, 0)
    assert 'role="alert"' in answer.content.decode()


def test_markup_is_text_everywhere(client, article, mail_server):
    evil = "<script>alert(1)</script>"
    Article.objects.filter(pk=article.pk).update(headline=evil)
    reader = subscribed(query="q=%3Cscript%3E&minor=1")
    watcher = subscribed(article=article, sentence={"exact": evil})
    pages = [
        *(one.get_absolute_url() for one in (reader, watcher)),
        *(
            f"{one.get_absolute_url()}{end}"
            for one in (reader, watcher)
            for end in ("confirm/", "unsubscribe/")
        ),
        f"{NEW}?q=%3Cscript%3E",
        f"{NEW}?article={article.pk}&sentence=%3Cscript%3E",
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "<script>" not in answer.content.decode(), page
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "no-store" in answer.headers["Cache-Control"]
    change(article, (*AFTER, f"It was said: {evil}."), headline=evil)
    assert tell() >= 1
    assert evil not in mail_server.mails[0].get_body(("html",)).get_content()


# --- Nobody can have strangers mailed


def test_one_mailbox_is_asked_three_times_a_day_and_nobody_is_told_why(client, mail_server):
    for number, address in enumerate(["a@b.example", "A@b.example", "a+1@b.example", "a+2@b.example"]):
        answer = ask(client, f"?min={number}", email=address)
        assert "Look into your mailbox" in answer.content.decode()
    send_mails(10)
    assert len(mail_server.mails) == 3


def test_one_visitor_subscribes_ten_times_an_hour(client, mail_server):
    for number in range(10):
        assert ask(client, email=f"stranger{number}@b.example").status_code == 200
    refused = ask(client, email="one-more@b.example")
    assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (429, True)
    assert Subscription.objects.count() == 10


def test_all_visitors_together_have_so_many_strangers_asked(client, mail_server, monkeypatch):
    monkeypatch.setattr(subscribing, "OF_ALL", Quota("confirmations of all", 2, 86400))
    for number in range(4):
        ask(client, email=f"stranger{number}@b.example")
    assert send_mails(10) == 2


def test_an_address_has_so_many_subscriptions(client, mail_server, monkeypatch):
    monkeypatch.setattr(subscribing, "MOST_OF_ADDRESS", 1)
    subscribed(email="a@b.example")
    assert "Look into your mailbox" in ask(client, email="A@b.example").content.decode()
    assert Subscription.objects.count() == 1


def test_whoever_is_not_confirmed_in_three_days_is_forgotten(client, mail_server):
    ask(client, email="a@b.example")
    tasks.notices_upkeep()
    assert Subscription.objects.count() == 1
    Subscription.objects.update(made=timezone.now() - timedelta(days=3, minutes=1))
    tasks.notices_upkeep()
    assert not Subscription.objects.exists()


def test_a_confirmation_that_the_mail_server_refuses_is_sent_later_and_once(client, mail_server):
    ask(client, email="a@b.example")
    mail_server.down = "451 not now"
    assert send_mails(10) == 0
    mail_server.down = ""
    assert (send_mails(10), send_mails(10)) == (1, 0)


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Me+news@Example.org", "me@example.org"),
        ("j.o.e+x@GoogleMail.com", "joe@gmail.com"),
        ("+x@example.org", "+x@example.org"),
    ],
)
def test_mailboxes_are_told_apart(address, mailbox):
    assert mailbox_of(address) == mailbox


# --- Feeds, articles, lists


def test_a_feed_of_ones_own_needs_nothing(client, article):
    answer = ask(client, "?kind=number", way="feed")
    made = Subscription.objects.get()
    assert answer.url == made.get_absolute_url()
    change(article)
    feed = client.get(f"{answer.url}feed.rss")
    assert feed.status_code == 200
    assert f"/articles/{article.pk}/diff/1/2/" in feed.content.decode()
    assert client.get(answer.url).status_code == 200
    assert made.token not in feed.headers.get("ETag", "")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows the beginnings of words")
def test_a_star_that_has_come_to_stand_for_too_many_words_goes_on_telling(
    client, article, mail_server, monkeypatch
):
    """The index is asked for the feed alone: what is told is looked for in each change as it comes in."""
    by_feed = ask(client, "?q=fi*", way="feed").url
    ask(client, "?q=fi*", email="reader@mail.example")
    Subscription.objects.update(state=Subscription.State.ACTIVE)
    monkeypatch.setattr(postgresql, "MOST_BEGINNING_ALIKE", 0)
    change(article)
    assert tell() == 1
    assert "words begin with “fi”" in client.get(f"{by_feed}feed.rss").content.decode()
    assert client.get(f"{by_feed}feed.rss").status_code == 400
    assert "words begin with “fi”" in client.get(f"{NEW}?q=fi*").content.decode()


def test_one_article_is_watched_on(client, article, mail_server):
    until = (timezone.now() + timedelta(days=100)).date()
    ask(client, f"?article={article.pk}", email="a@b.example", until=str(until), sentence=BEFORE[1])
    made = Subscription.objects.get()
    assert (made.article, made.sentence["exact"]) == (article, BEFORE[1])
    article.refresh_from_db()
    assert article.watch_until is None  # nobody confirmed it
    subscribing.confirm(made, timezone.now())
    assert Article.objects.get().watch_until.date() == until


def test_a_sentence_must_stand_in_the_article(client, article, mail_server):
    answer = ask(client, f"?article={article.pk}", email="a@b.example", sentence="It never said so.")
    assert (answer.status_code, Subscription.objects.count()) == (400, 0)


def test_a_list_of_addresses_is_confirmed_and_ended_as_one(client, article, mail_server):
    from articles.fetch import address_key
    from articles.models import Address

    other = make_article(article.source)
    make_version(other, BEFORE)
    for one in (article, other):
        Address.objects.create(article=one, address=one.address, key=address_key(one.address))
    lines = f"{article.address}\n\n  {other.address}\nhttps://elsewhere.example/x"
    answer = ask(client, email="a@b.example", addresses=lines)
    assert "https://elsewhere.example/x" in answer.content.decode()
    assert {one.article for one in Subscription.objects.all()} == {article, other}
    assert send_mails(10) == 1
    client.post(link_in(mail_server.mails[0], "confirm/"))
    assert Subscription.objects.active().count() == 2
    client.post(f"{Subscription.objects.last().get_absolute_url()}unsubscribe/")
    assert not Subscription.objects.exists()


def test_a_hidden_article_is_named_nowhere(client, article):
    made = subscribed(article=article)
    Article.objects.filter(pk=article.pk).update(hidden=True)
    assert client.get(made.get_absolute_url()).status_code == 404
    assert client.get(f"{made.get_absolute_url()}feed.rss").status_code == 404
    page = client.get(f"{made.get_absolute_url()}unsubscribe/").content.decode()
    assert article.headline not in page
    assert client.get(f"{NEW}?article={article.pk}").status_code == 404


# --- Who is signed in


@pytest.fixture
def signed_in(client, db):
    client.force_login(User.objects.create_user("ada", email="ada@desk.example", password="x"))
    return client


def test_the_secret_of_a_webhook_is_shown_once(signed_in, receiver):
    page = ask(signed_in, way="webhook", receiver=f"{receiver.url}/hook").content.decode()
    made = Subscription.objects.get()
    assert made.secret in page
    for path in ("/subscriptions/", made.get_absolute_url()):
        again = signed_in.get(path).content.decode()
        assert made.secret not in again
        assert receiver.url not in again
        assert "Webhook" in again


@pytest.mark.parametrize(
    "address",
    [
        *(
            "http://127.0.0.1:9/",
            "http://localhost/",
            "http://[::1]/",
            "http://169.254.169.254/",
            "http://10.0.0.1/",
        ),
        *("ftp://news.example/", "file:///etc/passwd", "javascript:alert(1)", "//news.example", "x", ""),
        *("http://2130706433/", "http://0x7f.1/", "http://user:pass@127.0.0.1/", "http://nowhere.invalid/"),
    ],
)
def test_no_receiver_inside_the_network(signed_in, address):
    answer = ask(signed_in, way="webhook", receiver=address)
    assert (answer.status_code, Subscription.objects.count()) == (400, 0)


def test_an_account_has_so_many(signed_in, receiver, monkeypatch):
    monkeypatch.setattr(subscribing, "MOST_OF_ACCOUNT", 1)
    assert ask(signed_in, way="slack", receiver=receiver.url).status_code == 302
    assert ask(signed_in, way="slack", receiver=receiver.url).status_code == 409


@pytest.mark.parametrize(
    "given",
    [
        {"way": "telegram", "account": "@desk"},
        {"way": "telegram", "secret": "1:x"},
        {"way": "telegram", "account": "@desk", "secret": "1:x/../../evil"},
        {"way": "matrix", "account": "!room:x", "secret": "t"},
    ],
)
def test_what_a_chat_needs_is_asked_for(signed_in, given):
    assert (ask(signed_in, **given).status_code, Subscription.objects.count()) == (400, 0)


def test_ones_subscriptions_are_ones_own(signed_in, client, db):
    subscribed(way=Way.FEED, owner=User.objects.create_user("bob"))
    assert "You have none yet" in signed_in.get("/subscriptions/").content.decode()
    assert Client().get("/subscriptions/").status_code == 302


# --- Nothing personal in logs


def test_no_address_and_no_token_stands_in_a_log(client, article, mail_server, caplog):
    caplog.set_level(logging.DEBUG, logger="articles")
    caplog.set_level(logging.DEBUG, logger="django.request")
    ask(client, email="reader@mail.example")
    mail_server.down = "451 who is reader@mail.example"
    send_mails(10)
    mail_server.down = ""
    send_mails(10)
    made = Subscription.objects.get()
    subscribing.confirm(made, timezone.now())
    change(article)
    mail_server.refuses["reader@mail.example"] = "550 no reader@mail.example here"
    tell()
    client.post(f"{made.get_absolute_url()}unsubscribe/")
    client.get(made.get_absolute_url())
    lines = [form.format(record) for record in caplog.records for form in (TextFormatter(), JSONFormatter())]
    assert any("/subscriptions/" in line for line in lines)
    assert [line for line in lines if "reader@" in line or made.token in line] == []


def test_an_address_is_exported_and_erased_by_command(article, mail_server, capsys):
    from django.core.management import call_command

    subscribed(email="reader@mail.example", query="kind=number")
    subscribed(email="other@mail.example")
    call_command("subscribers", "export", "Reader@mail.example")
    assert '"query": "kind=number"' in capsys.readouterr().out
    call_command("subscribers", "erase", "reader@mail.example")
    assert [one.email for one in Subscription.objects.all()] == ["other@mail.example"]
