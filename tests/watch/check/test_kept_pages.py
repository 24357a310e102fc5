"""The page kept of each version: whole, small, and gone when it has to be."""

import hashlib
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles import takedown
from articles.models import Article, Capture, FetchedPage, Reason, page_storage
from articles.models.capture import MAX_BASE_CHAIN, expire_pages, store_page
from articles.watch.queue.upkeep import nightly
from tests.factories import MORNING, make_article, make_source, make_version
from tests.scripted import SENTENCES, Page, story_page
from tests.watch.conftest import PATH


@given(st.binary(), st.none() | st.binary())
def test_what_is_packed_is_unpacked_again(page, base):
    assert page_storage.unpack(page_storage.pack(page, base), base) == page


def test_another_dictionary_raises_and_gives_no_wrong_page():
    base = story_page().encode()
    packed = page_storage.pack(story_page(paragraphs=SENTENCES[::-1]).encode(), base)
    with pytest.raises(page_storage.DAMAGED):
        page_storage.unpack(packed, base.replace(b"lime", b"pear"))


@pytest.fixture
def gazette(db):
    """Three articles of one source, each with a few versions and their pages."""
    source = make_source("The Gazette")
    return [filled(make_article(source), name) for name in ("limes", "pears", "plums")]


def rendered(name, number):
    return story_page(f"The {name}", (*SENTENCES, f"Of the {name} it was said in edition {number}.")).encode()


def filled(article, name, versions=7):
    for number in range(1, versions + 1):
        make_version(article, [f"Of the {name} it was said in edition {number}."])
        store_page(article, number, FetchedPage(rendered(name, number), "https://a.example/"), MORNING)
    article.refresh_from_db()
    return article


def pages(article):
    return {capture.number: capture.page for capture in article.captures.with_bases()}


def expected(name, numbers=range(1, 8)):
    return {number: rendered(name, number) for number in numbers}


def test_a_page_is_kept_for_each_version_and_small(gazette, django_assert_num_queries):
    limes, pears, _ = gazette
    assert pages(limes) == expected("limes")
    assert pages(pears) == expected("pears")
    assert max(Capture.objects.values_list("depth", flat=True)) <= MAX_BASE_CHAIN
    later = [len(bytes(capture.body)) for capture in Capture.objects.filter(number__gt=1)]
    assert max(later) < len(rendered("limes", 1)) / 5
    with django_assert_num_queries(1):
        assert Capture.objects.latest_of(limes).page == rendered("limes", 7)


def test_purging_an_article_leaves_the_pages_of_others_readable(gazette):
    limes, pears, plums = gazette
    assert pears.captures.filter(base__article=limes).exists()  # else this would test nothing
    takedown.purge(limes, takedown.Grounds(Reason.PERSONAL))
    assert not Capture.objects.filter(article=limes).exists()
    assert pages(pears) == expected("pears")
    assert pages(plums) == expected("plums")


def test_a_damaged_page_keeps_no_other_from_being_purged(gazette):
    limes, pears, _ = gazette
    leaning = pears.captures.get(base__article=limes)
    Capture.objects.filter(pk=leaning.pk).update(body=b"no page")
    takedown.purge(limes, takedown.Grounds(Reason.PERSONAL))
    assert not Capture.objects.filter(article=limes).exists()
    assert not Capture.objects.filter(pk=leaning.pk).exists()  # nobody could read it any more


def test_pages_expire_but_for_the_latest(gazette, settings):
    limes, pears, _ = gazette
    assert expire_pages(timezone.now()) == 0  # they are kept for ever unless the settings say otherwise
    settings.KEEP_PAGES_DAYS = 30
    Capture.objects.filter(article=pears).update(fetched=timezone.now() - timedelta(days=20))
    assert expire_pages(timezone.now()) == 2 * 6
    assert pages(limes) == expected("limes", [7])
    assert pages(pears) == expected("pears")


def test_retention_says_what_it_deleted(gazette, settings, caplog):
    settings.KEEP_PAGES_DAYS = 30
    with caplog.at_level("INFO"):
        nightly()
        nightly()  # nothing is left to delete, and nothing said
    said = [record for record in caplog.records if record.getMessage() == "deleted kept pages"]
    assert [(record.pages, record.older_than_days) for record in said] == [(3 * 6, 30)]
    assert Capture.objects.count() == 3


def test_only_the_latest_is_kept_where_that_is_set(db, settings):
    settings.KEEP_PAGES = "latest"
    article = filled(make_article(make_source()), "limes")
    assert pages(article) == expected("limes", [7])


def test_what_went_with_a_page_is_kept_without_cookies(site, check, db):
    page = story_page(head="<meta property='article:modified_time' content='2026-03-02T05:00:00Z'>")
    site.pages[PATH] = Page(page, headers={"Set-Cookie": "visitor=1", "X-Served-By": "cache-7"})
    check()
    capture = Capture.objects.get()
    assert capture.page == page.encode()
    assert capture.sha256 == hashlib.sha256(page.encode()).hexdigest()
    answered = {name.lower(): value for name, value in capture.response_headers}
    assert answered["x-served-by"] == "cache-7"
    assert "set-cookie" not in answered
    asked = {name.lower() for name, _ in capture.request_headers}
    assert "user-agent" in asked
    assert not asked & {"cookie", "authorization"}
    assert capture.claims["modified"].startswith("2026-03-02T05:00")
    assert capture.claims["og_title"] == "Lime trees in the square to be looked at again"


def test_reextract_tells_what_would_differ(site, check, source):
    site.pages[PATH] = Page(story_page())
    check()
    site.pages[PATH] = Page(story_page(paragraphs=SENTENCES[1:]))
    check()
    out, progress = StringIO(), StringIO()
    call_command("reextract", "--dry-run", stdout=out, stderr=progress)
    assert out.getvalue() == ""
    assert "2 pages read anew: 0 differ" in progress.getvalue()
    source.rules = {"drop_text": ["hollow"]}
    source.save()
    before = list(Article.objects.values("text_hash", "rules_hash"))
    call_command("reextract", "--dry-run", stdout=out, stderr=progress)
    assert "version 1: +0 −1" in out.getvalue()
    assert list(Article.objects.values("text_hash", "rules_hash")) == before
    call_command("reextract", stdout=StringIO(), stderr=StringIO())
    assert check().outcome.value == "unchanged"
    assert Article.objects.get().version_count == 2


def test_reextract_says_how_far_it_is(gazette, monkeypatch):
    monkeypatch.setattr("articles.management.commands.reextract.PROGRESS_EVERY", 10)
    progress = StringIO()
    call_command("reextract", "--dry-run", stdout=StringIO(), stderr=progress)
    assert progress.getvalue().splitlines()[:2] == ["10 of 21 pages", "20 of 21 pages"]
    assert "21 pages read anew" in progress.getvalue()
