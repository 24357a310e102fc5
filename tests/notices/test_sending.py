"""Mails and posts as their receivers get them; and what follows where a receiver fails."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from standardwebhooks import Webhook as Verifier

from articles.models import Delivery, Subscription, Way
from articles.notices import message, sending, tasks
from articles.notices.attempts import Attempt, Trouble
from articles.notices.sending import judge, send_mails, send_posts, send_test
from articles.notices.webhooks import new_secret
from newsdiffs.logging import JSONFormatter, TextFormatter
from tests.factories import make_article, make_version
from tests.notices.conftest import AFTER, BEFORE, Receiver, Reply, change, prepare, subscribed, tell

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def hooked(receiver: Receiver, path: str = "/hook", **values) -> Subscription:
    values = {"receiver": f"{receiver.url}{path}", "secret": new_secret()} | values
    return subscribed(way=Way.WEBHOOK, **values)


def due_again() -> None:
    Subscription.objects.update(next_attempt_at=None)


# --- Webhooks


def test_a_webhook_is_signed_as_its_own_library_verifies(article, receiver):
    made = hooked(receiver)
    change(article)
    assert tell() == 1
    [got] = receiver.got
    sent = Verifier(made.secret).verify(
        got.body, {name.lower(): value for name, value in got.headers.items()}
    )
    assert sent["type"] == "change"
    assert sent["data"]["version"]["number"] == 2
    assert sent["data"]["version"]["change"]["badges"] == ["number"]
    assert sent["data"]["article"]["id"] == article.pk
    assert made.secret not in got.body.decode()


def test_it_says_what_the_api_says(article, receiver, client):
    hooked(receiver)
    change(article)
    tell()
    [item] = client.get("/api/v1/changes").json()["items"]
    assert receiver.got[0].json["data"] == item


def test_a_failed_one_is_sent_again_with_the_same_id_and_another_signature(article, receiver):
    made = hooked(receiver)
    receiver.replies["/hook"] = Reply(500)
    change(article)
    assert tell() == 0
    assert send_posts(10) == 0  # not before its time
    assert len(receiver.got) == 1
    made.refresh_from_db()
    assert (made.failures, made.last_problem) == (1, Trouble.FAILING)
    assert timedelta(seconds=50) < made.next_attempt_at - timezone.now() <= timedelta(minutes=1)
    receiver.replies.clear()
    due_again()
    assert send_posts(10) == 1
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    made.refresh_from_db()
    assert (made.failures, made.failing_since, made.last_problem) == (0, None, "")


@pytest.mark.parametrize("path", ["/moved", "/inside"])
def test_a_redirect_is_not_followed(article, receiver, path):
    made = hooked(receiver, path)
    receiver.replies["/moved"] = Reply(301, headers={"Location": "/hook"})
    receiver.replies["/inside"] = Reply(307, headers={"Location": "http://127.0.0.1:22/"})
    change(article)
    assert tell() == 0
    assert [got.path for got in receiver.got] == [path]
    made.refresh_from_db()
    assert made.last_problem == Trouble.REDIRECTS


def test_an_address_that_leads_inside_is_never_asked(article, receiver, settings):
    made = hooked(receiver)
    settings.FETCH_ALLOW_ENDPOINTS = ""  # now as any address inside
    change(article)
    assert (tell(), receiver.got) == (0, [])
    made.refresh_from_db()
    assert made.last_problem == Trouble.BAD_ADDRESS


def test_410_switches_it_off_at_once_and_its_owner_is_told(article, receiver, mail_server, client):
    owner = User.objects.create_user("ada", email="ada@desk.example")
    made = hooked(receiver, owner=owner)
    receiver.replies["/hook"] = Reply(410)
    change(article)
    assert tell() == 0
    made.refresh_from_db()
    assert (made.state, made.stopped) == (Subscription.State.OFF, Subscription.Stopped.GONE)
    change(article, BEFORE)
    assert (tell(), len(receiver.got)) == (0, 1)
    [mail] = mail_server.mails
    assert mail["To"] == "ada@desk.example"
    text = mail.get_content()
    assert "410" in text
    assert receiver.url not in text
    page = client.get(made.get_absolute_url()).content.decode()
    assert "the receiver said that it is gone (410)" in page
    client.post(f"{made.get_absolute_url()}confirm/")
    made.refresh_from_db()
    assert (made.state, made.stopped) == (Subscription.State.ACTIVE, "")


def test_500_for_a_day_switches_it_off_and_its_page_says_why(article, receiver, client):
    made = hooked(receiver)
    receiver.replies["/hook"] = Reply(500)
    change(article)
    tell()
    Subscription.objects.update(next_attempt_at=None, failing_since=timezone.now() - timedelta(days=1))
    assert send_posts(10) == 0
    made.refresh_from_db()
    assert (made.state, made.stopped) == (Subscription.State.OFF, Subscription.Stopped.FAILED)
    assert Delivery.objects.get().outcome == Delivery.Outcome.GIVEN_UP
    page = client.get(made.get_absolute_url()).content.decode()
    assert "nothing could be delivered for a day" in page
    assert "the receiver had an error of its own" in page
    assert "Switch it on again" in page


def test_of_one_that_fails_only_one_delivery_is_tried(article, receiver):
    hooked(receiver)
    receiver.replies["/hook"] = Reply(500)
    change(article)
    change(article, BEFORE)
    prepare()
    assert Delivery.objects.count() == 2
    send_posts(10)
    assert len(receiver.got) == 1


def test_receivers_that_hang_hold_nobody_up(article, receiver, settings, monkeypatch):
    claimed = []  # in this order; which of those that are asked at once is heard first is chance
    claim_post = sending._claim_post

    def noted(running):
        if found := claim_post(running):
            claimed.append(found[0].subscription.pk)
        return found

    monkeypatch.setattr(sending, "_claim_post", noted)
    settings.NOTICE_SECONDS = 2
    for number in range(40):
        hooked(receiver, f"/hang/{number}")
    receiver.hang = {f"/hang/{number}" for number in range(40)}
    Subscription.objects.update(failures=1)  # they did so before
    well = [hooked(receiver, f"/well/{number}") for number in range(5)]
    change(article)
    prepare()
    assert send_posts(1) == len(well)
    # The healthy ones are asked first, and half of the places is left to those that hang.
    assert set(claimed[: len(well)]) == {one.pk for one in well}
    assert 0 < sum(got.path.startswith("/hang/") for got in receiver.got) < 40
    assert not Subscription.objects.filter(last_problem="", failures__gt=1).exists()


def test_what_a_receiver_answers_is_bounded(article, receiver):
    made = hooked(receiver)
    receiver.replies["/hook"] = Reply(200, body=b"x" * (2 << 20))
    change(article)
    tell()
    made.refresh_from_db()
    assert made.last_problem == Trouble.NONSENSE


def test_a_flood_is_one_webhook(source, receiver):
    hooked(receiver)
    for _ in range(12):
        article = make_article(source, language="en")
        make_version(article, BEFORE)
        change(article)
    assert tell() == 1
    sent = receiver.got[0].json
    assert (sent["type"], sent["data"]["count"], len(sent["data"]["changes"])) == ("changes", 12, 12)


def test_a_test_names_no_article(article, receiver):
    made = hooked(receiver)
    send_test(made)
    [got] = receiver.got
    assert got.json["type"] == "test"
    Verifier(made.secret).verify(got.body, {name.lower(): value for name, value in got.headers.items()})
    made.refresh_from_db()
    assert (made.last_problem, made.tested is not None) == ("", True)


# --- What follows from a failure


def failed(failures: int = 0, since: timedelta = timedelta(0), way: Way = Way.WEBHOOK) -> Subscription:
    return Subscription(way=way, failures=failures, failing_since=NOW - since if failures else None)


@pytest.mark.parametrize(
    ("subscription", "attempt", "minutes", "stopped"),
    [
        (failed(), Attempt(Trouble.FAILING), 1, None),
        (failed(1), Attempt(Trouble.FAILING), 2, None),
        (failed(5), Attempt(Trouble.TOO_SLOW), 32, None),
        (failed(500), Attempt(Trouble.FAILING), 24 * 60, None),
        (failed(), Attempt(Trouble.FAILING, 503, retry_after=600), 10, None),
        (failed(3), Attempt(Trouble.FAILING, 503, retry_after=9e9), 24 * 60, None),
        (failed(10, timedelta(days=1)), Attempt(Trouble.FAILING), 1024, Subscription.Stopped.FAILED),
        (failed(), Attempt(Trouble.GONE, 410), 1, Subscription.Stopped.GONE),
        (failed(9, timedelta(days=9), Way.EMAIL), Attempt(Trouble.MAIL_SERVER), 60, None),
        (failed(1, way=Way.EMAIL), Attempt(Trouble.NO_SUCH_ADDRESS), 2, None),
        (failed(2, way=Way.EMAIL), Attempt(Trouble.NO_SUCH_ADDRESS), 4, Subscription.Stopped.BOUNCED),
    ],
)
def test_how_long_it_is_waited(subscription, attempt, minutes, stopped):
    verdict = judge(subscription, attempt, NOW)
    assert (verdict.next_attempt_at - NOW, verdict.stopped) == (timedelta(minutes=minutes), stopped)


# --- Mails


def test_a_mail_that_is_sent_again_has_the_same_message_id(article, mail_server):
    subscribed()
    change(article)
    tell()
    # As after a kill between the mail server's yes and our note of it.
    Delivery.objects.update(ended=None)
    tell()
    first, second = mail_server.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_a_mail_server_that_refuses_loses_nothing_and_keeps_no_webhook_waiting(
    article, mail_server, receiver
):
    readers = [subscribed(email=f"{number}@mail.example") for number in range(8)]
    hooked(receiver)
    mail_server.down = "451 not now"
    change(article)
    assert tell() == 1  # the webhook
    assert len(receiver.got) == 1
    # It is left alone after some tries.
    assert Subscription.objects.filter(failures__gt=0).count() == sending.MAIL_SERVER_TRIES
    mail_server.down = ""
    due_again()
    assert tell() == len(readers)
    assert len({mail["To"] for mail in mail_server.mails}) == len(readers)


def test_a_mail_server_that_is_not_there(article, settings, client):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    reader = subscribed()
    change(article)
    assert tell() == 0
    reader.refresh_from_db()
    assert (reader.last_problem, reader.state) == (Trouble.MAIL_SERVER, Subscription.State.ACTIVE)
    page = client.get(reader.get_absolute_url()).content.decode()
    assert "the mail server did not take it; the next is on" in page


def test_an_address_that_is_none_is_given_up_and_forgotten(article, mail_server):
    mail_server.refuses["reader@mail.example"] = "550 no such user"
    reader = subscribed()
    subscribed(email="other@mail.example")
    for number in range(4):
        change(article, AFTER if number % 2 == 0 else BEFORE)
        due_again()
        tell()
    reader.refresh_from_db()
    assert (reader.state, reader.stopped) == (Subscription.State.OFF, Subscription.Stopped.BOUNCED)
    assert len(mail_server.mails) == 4  # the other's
    Subscription.objects.filter(pk=reader.pk).update(failing_since=timezone.now() - timedelta(days=31))
    tasks.notices_upkeep()
    assert not Subscription.objects.filter(email="reader@mail.example").exists()


def test_a_mail_is_in_the_language_of_its_reader(article, mail_server, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    subscribed(language="de")
    change(article)
    tell()
    assert 'lang="de"' in mail_server.mails[0].get_body(("html",)).get_content()


def test_one_change_that_cant_be_told_keeps_no_other_from_being_told(article, mail_server, monkeypatch):
    subscribed()
    change(article)
    change(article, BEFORE)
    prepare()
    real, broken = message.message_of, Delivery.objects.order_by("pk").first()

    def message_of(delivery):
        if delivery == broken:
            raise ZeroDivisionError
        return real(delivery)

    monkeypatch.setattr(sending, "message_of", message_of)
    assert send_mails(10) == 1
    broken.refresh_from_db()
    assert broken.outcome == Delivery.Outcome.GIVEN_UP


def test_two_workers_send_nothing_twice(article, mail_server):
    reader = subscribed()
    change(article)
    prepare()
    token = Subscription.objects.claim(reader.pk, timezone.now(), 60)
    assert send_mails(10) == 0
    Subscription.objects.release(reader.pk, token)
    assert send_mails(10) == 1


# --- Chats

TOLD = "v2: Bridge closed after storm"
CHATS = {
    Way.SLACK: "text",
    Way.MATTERMOST: "text",
    Way.DISCORD: "embeds",
    Way.TEAMS: "attachments",
    Way.NTFY: "message",
    Way.MATRIX: "body",
    Way.TELEGRAM: "text",
}


def chatting(receiver: Receiver, way: Way) -> Subscription:
    path = "/news-topic" if way == Way.NTFY else "/chat"
    account = {Way.MATRIX: "!room:x.example", Way.TELEGRAM: "@desk"}.get(way, "")
    base = receiver.url if way in (Way.MATRIX, Way.TELEGRAM) else f"{receiver.url}{path}"
    return subscribed(way=way, receiver=base, account=account, secret="12:token" if account else "")


@pytest.mark.parametrize("way", CHATS)
def test_each_chat_gets_what_it_takes(article, receiver, way):
    made = chatting(receiver, way)
    version = change(article, ("Five <b>people</b> @everyone [x](y) were hurt when it fell.", BEFORE[1]))
    assert tell() == 1
    [got] = receiver.got
    assert CHATS[way] in got.json
    body = json.dumps(got.json, ensure_ascii=False)
    assert f"/articles/{article.pk}/diff/1/2/" in body
    assert version.headline in body
    if made.secret and way != Way.TELEGRAM:
        assert made.secret not in body
    match way:
        case Way.SLACK:
            assert "<b>" not in got.json["text"]
        case Way.DISCORD:
            assert got.json["allowed_mentions"] == {"parse": []}
        case Way.MATTERMOST:
            assert "@everyone" not in got.json["text"]
            assert "](y)" not in got.json["text"]
        case Way.MATRIX:
            key = str(Delivery.objects.get().key)
            assert (got.method, got.path.rsplit("/", 1)[1]) == ("PUT", key)
            assert got.headers["Authorization"] == "Bearer 12:token"
            assert "%21room%3Ax.example" in got.path
        case Way.TELEGRAM:
            assert got.path == "/bot12:token/sendMessage"
            assert "parse_mode" not in got.json
        case Way.NTFY:
            assert (got.path, got.json["topic"]) == ("/", "news-topic")


@pytest.mark.parametrize("way", CHATS)
def test_each_chat_takes_floods_and_tests(source, receiver, way):
    made = chatting(receiver, way)
    for _ in range(11):
        article = make_article(source, language="en")
        make_version(article, BEFORE)
        change(article)
    assert tell() == 1
    assert "and 2 more" in receiver.got[0].body.decode()
    send_test(made)
    assert "test" in receiver.got[1].body.decode()


def test_no_receiver_and_no_secret_stands_in_a_log(article, receiver, settings, caplog):
    caplog.set_level(logging.DEBUG, logger="articles")
    for way in CHATS:
        chatting(receiver, way)
    made = hooked(receiver)
    change(article)
    prepare()
    receiver.replies["/"] = Reply(500)
    assert send_posts(10) == 0
    due_again()
    settings.FETCH_ALLOW_ENDPOINTS = ""
    assert send_posts(10) == 0
    lines = [form.format(record) for record in caplog.records for form in (TextFormatter(), JSONFormatter())]
    assert sum("not told" in line for line in lines) == 4 * (len(CHATS) + 1)
    hidden = (receiver.endpoint, "12:token", made.secret, made.token, "news-topic")
    assert [line for line in lines if any(one in line for one in hidden)] == []


# --- Networks


def bot(receiver: Receiver, way: Way, **values) -> Subscription:
    return subscribed(way=way, receiver=receiver.url, account="bot.example", secret="pass-word", **values)


def test_mastodon_gets_words_a_picture_with_words_and_a_thread(article, receiver):
    receiver.replies["/api/v2/media"] = Reply(body={"id": "77"})
    receiver.replies["/api/v1/statuses"] = Reply(body={"id": "500"})
    bot(receiver, Way.MASTODON)
    change(article, ("Five people were hurt when @mayor closed the #bridge.", BEFORE[1]))
    change(article, BEFORE)
    assert tell() == 2
    media, first, _media, second = receiver.got
    assert media.headers["Content-Type"].startswith("multipart/form-data")
    assert b"\x89PNG" in media.body
    assert b'name="description"\r\n\r\nThe change as a picture: ' in media.body
    assert first.json["media_ids"] == ["77"]
    assert first.headers["Authorization"] == "Bearer pass-word"
    assert "in_reply_to_id" not in first.json
    assert second.json["in_reply_to_id"] == "500"
    assert first.headers["Idempotency-Key"] != second.headers["Idempotency-Key"]
    for post in (first, second):
        words, link = post.json["status"].rsplit("\n\n", 1)
        assert link.endswith(("/diff/1/2/", "/diff/2/3/"))
        assert len(words) <= 430


def test_bluesky_gets_the_same_under_a_key_of_its_own(article, receiver):
    receiver.replies["/xrpc/com.atproto.server.createSession"] = Reply(
        body={"accessJwt": "jwt", "did": "did:x"}
    )
    receiver.replies["/xrpc/com.atproto.repo.uploadBlob"] = Reply(body={"blob": {"ref": 1}})
    receiver.replies["/xrpc/com.atproto.repo.putRecord"] = Reply(body={"uri": "at://x/1", "cid": "c1"})
    bot(receiver, Way.BLUESKY)
    change(article)
    change(article, BEFORE)
    tell()
    login, blob, first = receiver.got[:3]
    assert login.json == {"identifier": "bot.example", "password": "pass-word"}
    assert blob.headers["Content-Type"] == "image/png"
    record = first.json["record"]
    assert len(first.json["rkey"]) == 13
    assert record["embed"]["images"][0]["image"] == {"ref": 1}
    place = record["facets"][0]["index"]
    link = record["text"].encode()[place["byteStart"] : place["byteEnd"]].decode()
    assert link == record["facets"][0]["features"][0]["uri"]
    assert len(record["text"]) - len(link) <= 252
    reply = receiver.got[5].json["record"]["reply"]
    assert reply == {"root": {"uri": "at://x/1", "cid": "c1"}, "parent": {"uri": "at://x/1", "cid": "c1"}}
    # Sent again it is put in the same place, with the same words.
    Delivery.objects.filter(pk=Delivery.objects.order_by("pk").first().pk).update(ended=None, posted_as="")
    Delivery.objects.exclude(ended=None).update(posted_as="")
    send_posts(10)
    again = receiver.got[-1].json
    assert (again["rkey"], again["record"]) == (first.json["rkey"], record)


def test_a_bot_posts_so_often_a_day(article, receiver):
    receiver.replies["/api"] = Reply(body={"id": "1"})
    bot(receiver, Way.MASTODON, most_a_day=1)
    change(article)
    change(article, BEFORE)
    assert tell() == 1
    assert send_posts(10) == 0
    Delivery.objects.exclude(ended=None).update(ended=timezone.now() - timedelta(days=1, minutes=1))
    due_again()
    assert send_posts(10) == 1


def test_what_is_to_be_approved_waits_for_a_person(article, receiver):
    receiver.replies["/api"] = Reply(body={"id": "1"})
    bot(receiver, Way.MASTODON, approve=True)
    change(article)
    assert tell() == 0
    Delivery.objects.update(approved=True)
    assert send_posts(10) == 1


def test_a_token_that_is_not_taken_is_told(article, receiver):
    receiver.replies["/api"] = Reply(401)
    made = bot(receiver, Way.MASTODON)
    change(article)
    assert tell() == 0
    made.refresh_from_db()
    assert made.last_problem == Trouble.NOT_SIGNED_IN


@pytest.mark.parametrize("body", [b"no json", b"[]", b"{}", b"\xff"])
def test_an_answer_that_makes_no_sense_is_told(article, receiver, body):
    receiver.replies["/api"] = Reply(body=body)
    made = bot(receiver, Way.MASTODON)
    change(article)
    assert tell() == 0
    made.refresh_from_db()
    assert made.last_problem == Trouble.NONSENSE
