"""Asking for a takedown: the form, its errors, its limit, the receipt, and the log."""

import re
from pydoc import locate

import pytest
from django.core import mail
from django.urls import reverse
from django_q.brokers import get_broker
from django_q.signing import SignedPackage

from articles.models import Reason, Takedown, TakedownStep
from articles.pages.absolute import absolute
from articles.pages.takedown import REQUESTS
from tests.factories import make_article, make_source, make_version
from tests.pages.reading import main_words, page_of

pytestmark = pytest.mark.django_db

FORM = "/about/takedown/"


@pytest.fixture
def article():
    article = make_article(make_source(), address="https://news.example/storm")
    article.addresses.create(address=article.address, key="https://news.example/storm")
    make_version(article)
    make_version(article, ["Five."])
    return article


def ask(client, address="https://news.example/storm", **values):
    given = {"address": address, "reason": "personal", "text": "My <b>name</b>.", "name": "Ann"}
    return client.post(FORM, given | values)


def test_a_request_is_kept_and_its_receipt_says_what_happens_next(client, article):
    answer = ask(client, email="ann@example.org")
    made = Takedown.objects.get()
    assert (made.article, made.reason, made.email) == (article, Reason.PERSONAL, "ann@example.org")
    assert answer.status_code == 302
    assert answer.url == f"/about/takedown/{made.reference}/"
    receipt = client.get(answer.url)
    words = main_words(receipt)
    assert made.reference in words
    assert "A person looks at what you wrote, and may ask you by e-mail" in words
    assert "Ann" not in words
    assert "no-store" in receipt["Cache-Control"]
    assert receipt["X-Robots-Tag"] == "noindex"


def test_a_reference_is_not_guessed(client, article):
    references = set()
    for _ in range(3):
        ask(client)
    references = {made.reference for made in Takedown.objects.all()}
    assert len(references) == 3
    assert all(re.fullmatch(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){2}", reference) for reference in references)
    assert client.get("/about/takedown/2222-2222-2222/").status_code == 404


@pytest.mark.parametrize(
    "path", ["/articles/{}/", "/articles/{}/1/", "/articles/{}/diff/1/2/", "/articles/{}"]
)
def test_addresses_of_ours_are_known(client, article, path):
    ask(client, "http://testserver" + path.format(article.pk))
    assert Takedown.objects.get().article == article


@pytest.mark.parametrize("path", ["/admin/articles/source/{}/rules/", "/admin/articles/article/{}/change/"])
def test_other_pages_of_ours_with_a_number_are_no_articles(client, article, path):
    ask(client, "http://testserver" + path.format(article.pk))
    assert Takedown.objects.get().article is None


def test_an_address_not_seen_is_kept_all_the_same(client, article):
    answer = ask(client, "https://elsewhere.example/")
    assert Takedown.objects.get().article is None
    assert "No article is known here at the address" in main_words(client.get(answer.url))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"address": "nonsense"}, "This is no address of a page"),
        ({"address": ""}, "Address of the article: This field is required."),
        ({"reason": ""}, "Reason: This field is required."),
        ({"text": " "}, "What it is about: This field is required."),
        ({"name": ""}, "Who you are: This field is required."),
        ({"email": "ann"}, "Enter a valid email address."),
        ({"website": "https://spam.example/"}, "to be left empty was filled in"),
    ],
)
def test_errors_are_told_and_what_was_typed_stays(client, article, values, words):
    answer = ask(client, **values)
    assert answer.status_code == 400
    assert words in main_words(answer)
    page = answer.content.decode()
    assert ("My &lt;b&gt;name&lt;/b&gt;." in page) is ("text" not in values)
    assert 'aria-invalid="true"' in page
    assert not Takedown.objects.exists()


def test_the_address_may_be_given_with_the_link(client):
    assert (
        'value="https://news.example/a"'
        in client.get(f"{FORM}?address=https://news.example/a").content.decode()
    )


def test_too_many_requests_have_to_wait_and_lose_nothing(client, article):
    for _ in range(REQUESTS.most):
        assert ask(client).status_code == 302
    answer = ask(client)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 60
    assert "My &lt;b&gt;name&lt;/b&gt;." in answer.content.decode()
    assert Takedown.objects.count() == REQUESTS.most


def test_the_form_needs_its_token(article):
    from django.test import Client

    assert ask(Client(enforce_csrf_checks=True)).status_code == 403
    assert not Takedown.objects.exists()


def work_through_queue():
    broker = get_broker()
    for key, packed in broker.dequeue() or ():
        task = SignedPackage.loads(packed)
        locate(task["func"])(*task["args"])
        broker.acknowledge(key)


@pytest.mark.django_db(transaction=True)
def test_a_request_is_kept_even_where_the_queue_is_gone(client, article, settings, monkeypatch):
    def gone(*args, **kwargs):
        raise OSError("the queue is gone")

    monkeypatch.setattr("articles.takedown.notice.async_task", gone)
    settings.ALERT_EMAILS = ["op@example.org"]
    assert ask(client).status_code == 302
    assert Takedown.objects.exists()


def test_the_operator_gets_a_mail_only_where_mail_is_set_up(
    client, article, settings, django_capture_on_commit_callbacks
):
    get_broker().purge_queue()
    for receivers, count in (([], 0), (["op@example.org"], 1)):
        settings.ALERT_EMAILS = receivers
        with django_capture_on_commit_callbacks(execute=True):
            ask(client)
        assert mail.outbox == []  # whoever asks does not wait for a mail server
        assert get_broker().queue_size() == count
        work_through_queue()
        assert len(mail.outbox) == count
    assert "name" not in mail.outbox[0].body
    assert (
        reverse("admin:articles_takedown_change", args=[Takedown.objects.latest("pk").pk])
        in mail.outbox[0].body
    )


def test_the_form_is_linked_from_every_page_and_about(client):
    assert f'href="{FORM}"' in client.get("/").content.decode()
    assert "what was taken down" in main_words(client.get("/about/"))


def test_from_an_articles_pages_the_form_knows_which(client):
    article = make_article(make_source())
    for words in ("One two.", "One three."):
        make_version(article, [words])
    for path in ("", "2/", "diff/1/2/"):
        address = f"{article.get_absolute_url()}{path}"
        link = re.search(rf'href="({FORM}\?address=[^"]+)"', client.get(address).content.decode())[1]
        field = page_of(client.get(link)).find(".//input[@name='address']")
        assert field.get("value") == absolute(address)


def test_the_log_is_paged_by_key(client):
    source = make_source("The Gazette")
    TakedownStep.objects.bulk_create(TakedownStep(what="hidden", source=source) for _ in range(60))
    first = client.get("/about/takedown/log/").content.decode()
    assert first.count("The Gazette") == 50
    older = re.search(r'href="(\?before=\d+)"', first)[1]
    assert client.get(f"/about/takedown/log/{older}").content.decode().count("The Gazette") == 10
    assert client.get("/about/takedown/log/?before=x").status_code == 400
