"""What a purge takes out of the rows of others: all of the article, and nothing of its neighbours."""

import json
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from articles import takedown
from articles.fetch import address_key
from articles.models import (
    Address,
    Article,
    Batch,
    BatchRow,
    Event,
    Quarantine,
    QuarantinedParagraph,
    QuarantinedText,
    Reason,
    SiteProbe,
    Takedown,
)
from articles.models.quarantine import signature
from articles.models.text_storage import pack
from articles.takedown import Grounds
from tests.factories import MORNING, make_article, make_event, make_source, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_list_of_purged")]

ADDRESS = "https://news.example/trees/1"
GROUNDS = Grounds(Reason.PERSONAL)


@pytest.fixture
def article():
    article = make_article(make_source(), address=ADDRESS)
    Address.objects.create(article=article, address=ADDRESS, key=address_key(ADDRESS))
    make_version(article, ["Ann Doe planted it.", "The council met."])
    return article


@pytest.mark.parametrize(
    ("address", "is_its_own"),
    [
        (ADDRESS, True),
        ("http://news.example/trees/1/?utm_source=x#top", True),
        (" <news.example/trees/1>", True),
        (f"https://web.archive.org/web/20260102030405/{ADDRESS}", True),
        (f"{ADDRESS}2", False),
        (f"{ADDRESS}/comments", False),
        (f"{ADDRESS}?page=2", False),
        ("https://elsewhere.example/trees/1", False),
        ("", False),
    ],
)
def test_only_its_own_addresses_leave_files_and_requests(article, address, is_its_own):
    row = BatchRow.objects.create(batch=Batch.objects.create(), line=1, address=address)
    asked = Takedown.objects.create(address=address, reason="other", text="please")
    takedown.purge(article, GROUNDS)
    row.refresh_from_db()
    asked.refresh_from_db()
    assert (row.address, asked.address) == (("", "") if is_its_own else (address, address))
    assert asked.article == (article if is_its_own else None)


def test_a_request_about_another_article_stays_about_that(article):
    other = make_article(article.source)
    asked = Takedown.objects.create(article=other, address=ADDRESS, reason="other", text="please")
    takedown.purge(article, GROUNDS)
    asked.refresh_from_db()
    assert (asked.article, asked.address, asked.text) == (other, "", "please")


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (f"redirects to {ADDRESS}", "redirects to [deleted]"),
        (f"redirects to {ADDRESS}, then to {ADDRESS}0.", f"redirects to [deleted], then to {ADDRESS}0."),
        (f"redirects to article 7: {ADDRESS}7", f"redirects to article 7: {ADDRESS}7"),
        ("see (http://news.example/trees/1/).", "see ([deleted])."),
    ],
)
def test_what_is_told_of_others_loses_the_address_and_no_more(article, told, left):
    other = make_article(article.source, last_reason=told)
    make_event(other, "moved")
    Event.objects.update(detail=told)
    row = BatchRow.objects.create(
        batch=Batch.objects.create(), line=1, address="https://b.example/", reason=told
    )
    takedown.purge(article, GROUNDS)
    other.refresh_from_db()
    row.refresh_from_db()
    assert [other.last_reason, other.events.get().detail, row.reason] == [left] * 3


def test_quarantined_paragraphs_that_stood_in_it_lose_their_words(article, admin_client):
    source = article.source
    quarantine = Quarantine.objects.create(
        source=source, opened=timezone.now(), articles_alike=5, articles_checked=9
    )
    for text in ("Ann  Doe planted it.", "Ann Doe left.", "Read our letter."):
        QuarantinedParagraph.objects.create(
            quarantine=quarantine, source=source, signature=signature(text), text=text, came=True
        )
    QuarantinedText.objects.create(
        quarantine=quarantine,
        article=article,
        data=pack(["Ann Doe left."], None),
        text_hash="x",
        extractor_version=1,
        seen=MORNING,
        url=ADDRESS,
        body=b"",
    )
    takedown.purge(article, GROUNDS)
    assert [p.text for p in quarantine.paragraphs.order_by("pk")] == ["", "", "Read our letter."]
    page = admin_client.get(f"/admin/articles/quarantine/{quarantine.pk}/change/").content.decode()
    assert page.count("[deleted]") == 2


def test_the_log_of_its_requests_keeps_who_and_when(article, admin_user):
    def told(asked):
        return LogEntry.objects.create(
            user=admin_user,
            content_type=ContentType.objects.get_for_model(Takedown),
            object_id=str(asked.pk),
            object_repr=asked.reference,
            action_flag=2,
            change_message=json.dumps(
                [{"changed": {"fields": ["answer"], "values": {"answer": ["", "Ann Doe"]}}, "note": "Ann"}]
            ),
        )

    asked = Takedown.objects.create(article=article, address=ADDRESS, reason="other")
    others = Takedown.objects.create(
        address="x", reason="other", answer="Dear Ann", decided=timezone.now() - timedelta(days=366)
    )
    of_it, of_other = told(asked), told(others)
    takedown.purge(article, GROUNDS)
    of_it.refresh_from_db()
    of_other.refresh_from_db()
    assert (of_it.object_repr, of_it.user) == (asked.reference, admin_user)
    assert json.loads(of_it.change_message) == [{"changed": {"fields": ["answer"]}}]
    assert "Ann" in of_other.change_message
    assert takedown.forget_people() == 1
    of_other.refresh_from_db()
    others.refresh_from_db()
    assert others.answer == ""
    assert "Ann" not in of_other.change_message
    assert takedown.forget_people() == 0


def test_notes_of_sources_to_be_added_go_only_where_they_may_show_it(article):
    def probe(state, address="https://other.example/", hours=0, **values):
        created = timezone.now() - timedelta(hours=hours)
        return SiteProbe.objects.create(state=state, address=address, created=created, **values).pk

    kept = {
        probe("found"),
        probe("looking", "https://news.example/"),
        probe("reading", hours=3),
        probe("saved"),
        probe("looking", todo=[{"what": "article", "url": f"{ADDRESS}9"}]),
    }
    probe("found", "https://news.example/")
    probe("ready", previews=[{"url": f"{ADDRESS}9"}])
    probe("reading", todo=[{"what": "article", "url": f"{ADDRESS}?utm_source=feed"}])
    probe("saved", hours=2)
    takedown.purge(article, GROUNDS)
    assert {*SiteProbe.objects.values_list("pk", flat=True)} == kept


def test_a_damaged_text_is_deleted_all_the_same(article):
    QuarantinedParagraph.objects.create(
        quarantine=Quarantine.objects.create(
            source=article.source, opened=timezone.now(), articles_alike=5, articles_checked=9
        ),
        source=article.source,
        signature="s",
        text="Read our letter.",
        came=True,
    )
    article.versions.update(data=b"damaged")
    takedown.purge(article, GROUNDS)
    assert Article.objects.get().purged
