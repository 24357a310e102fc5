"""Hiding and showing again, seen from every public page there is."""

import json
from urllib.parse import quote

import pytest
from django.conf import settings
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import escape

from articles import takedown
from articles.fetch import address_key
from articles.models import Article, Figures, Quarantine, Reason, Takedown, TakedownStep
from articles.pages import urls
from articles.statistics import refresh
from articles.takedown import Grounds
from tests.factories import make_article, make_event, make_source, make_version

pytestmark = pytest.mark.django_db

SECRET = "Zyxwombat"
"""A word that stands in every part of what is hidden, and nowhere else."""

LATEST = "20990101T000000.000000v1"
"""A place in a list or feed above all that there is."""

LEGAL = Grounds(Reason.LEGAL, 451)
OPEN = ["The council met on Monday.", "It spoke of lime trees."]


@pytest.fixture
def source():
    return make_source("The Gazette", slug="gazette", last_success=timezone.now())


@pytest.fixture
def article(source):
    """One in which the secret word stands wherever a text can stand."""
    article = make_article(source, headline=f"{SECRET} at court", address=f"https://news.example/{SECRET}")
    make_version(article, [f"The name is {SECRET}.", *OPEN], byline=f"By {SECRET}")
    make_version(
        article,
        [f"The name is {SECRET} and he left.", *OPEN],
        headline=f"{SECRET} free",
        excerpt=[["+", f"{SECRET} left "]],
        byline=f"By {SECRET}",
    )
    make_version(article, [f"He, {SECRET}, came back."], headline=f"{SECRET} back", byline=f"By {SECRET}")
    make_event(article).detail = SECRET
    article.events.update(detail=f"{SECRET} is gone")
    article.addresses.create(address=article.address, key=address_key(article.address))
    return article


@pytest.fixture
def other(source):
    article = make_article(source, headline="Lime trees felled", address="https://news.example/trees")
    make_version(article, OPEN)
    make_version(article, [*OPEN, "They are gone."], excerpt=[["+", "They are gone."]])
    return article


def pages(article, other, asked):
    """Addresses of every named page there is, by its name. A new one must be added here."""
    pk, reference = article.pk, asked.reference
    query = quote(SECRET)
    return {
        "home": ["/", f"/?q={query}"],
        "changes": [
            "/changes/?minor=1",
            f"/changes/?q={query}",
            "/changes/?kind=headline",
            "/changes/?kind=removed",
            f"/changes/?minor=1&before={LATEST}",
        ],
        "changes-feed": [f"/changes/feed.{form}?minor=on" for form in ("rss", "atom", "json")]
        + [f"/changes/feed.rss?q={query}", f"/changes/feed.rss?minor=on&before={LATEST}"],
        "sources": ["/sources/"],
        "source": ["/sources/gazette/"],
        "source-stats": ["/sources/gazette/stats/"],
        "language": ["/language/"],
        "source-articles": ["/sources/gazette/articles/"],
        "source-numbers": ["/sources/gazette/changed.csv"],
        "source-feed": [f"/sources/gazette/feed.{form}?minor=1" for form in ("rss", "atom", "json")]
        + [f"/sources/gazette/feed.rss?minor=1&before={LATEST}"],
        "article": [
            f"/articles/{pk}/",
            f"/articles/{pk}/?phrase={query}",
            f"/articles/{other.pk}/?phrase=lime",
        ],
        "article-feed": [f"/articles/{pk}/feed.{form}" for form in ("rss", "atom", "json")]
        + [f"/articles/{pk}/feed.rss?before={LATEST}"],
        "version": [f"/articles/{pk}/{n}/" for n in (1, 2, 3)],
        "text": [f"/articles/{pk}/{n}/text" for n in (1, 2, 3)],
        "compare": [f"/articles/{pk}/diff/?a=1&b=2"],
        "diff": [f"/articles/{pk}/diff/{a}/{b}/" for a in (1, 2, 3) for b in (1, 2, 3)],
        "card": [f"/articles/{pk}/diff/1/2/card.png", f"/articles/{pk}/diff/2/3/card.png"],
        "evidence": [f"/articles/{pk}/diff/{a}/{b}/evidence.zip" for a, b in ((1, 2), (2, 3), (1, 3))],
        "timegate": [f"/timegate/{article.address}"],
        "timemap": [f"/timemap/link/{article.address}"],
        "data": ["/data/"],
        "manifest": ["/data/manifest.json"],
        "data-file": ["/data/files/changes/2016-07.csv.gz"],
        "verifier": ["/data/verify_evidence.py"],
        "log": ["/data/log/"],
        "log-feed": [f"/data/log/feed.{form}" for form in ("rss", "atom", "json")],
        "log-root": ["/data/log/1/root.json"],
        "log-stamp": ["/data/log/1/root.tsr"],
        "log-consistency": ["/data/log/consistency/1/2/"],
        "machines": ["/about/machines/"],
        "tdmrep": ["/.well-known/tdmrep.json"],
        "oembed": [
            f"/oembed?url={settings.SITE_URL}/articles/{pk}/{rest}&format={form}"
            for rest in ("", "2/", "diff/1/2/", "diff/2/3/")
            for form in ("json", "xml")
        ],
        "stats": ["/stats/"],
        "numbers": ["/stats/week.csv", "/stats/sources.csv"],
        "find": [
            f"/find/?q={word}&in={where}"
            for word in (query, "court", "lime")
            for where in ("", "added", "removed")
        ],
        "feeds": ["/feeds/"],
        "about": ["/about/"],
        "takedown": ["/about/takedown/"],
        "takedown-log": ["/about/takedown/log/"],
        "takedown-receipt": [f"/about/takedown/{reference}/"],
        "healthz": ["/healthz"],
        "metrics": ["/metrics"],
        "robots": ["/robots.txt"],
        "favicon": ["/favicon.ico"],
    }


OF_THE_ARTICLE = {
    *("article", "article-feed", "version", "text", "compare", "diff", "card", "evidence", "oembed"),
}


def told_by(client, addresses, **follow):
    """By address: status and everything that was answered, headers too, without what we asked for."""
    told = {}
    for address in addresses:
        answer = client.get(address, **follow)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = body.decode("utf-8", "replace") + str(answer.headers)
        # The form that chooses a language leads back to where it was asked.
        text = text.replace(f'name="next" value="{escape(address)}"', "")
        if "q=" in address or "phrase=" in address:  # the form repeats what was looked for
            text = text.replace(f'value="{SECRET}"', "").replace(f"q={SECRET}", "").replace(f"“{SECRET}”", "")
            text = text.replace(f"<q>{SECRET}</q>", "")
        told[address] = answer.status_code, text
    return told


@pytest.fixture
def asked(article):
    return Takedown.objects.create(article=article, address=article.address, reason="legal", text=SECRET)


def every_page(article, other, asked):
    known = pages(article, other, asked)
    assert {pattern.name for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)} == set(known)
    return known


def test_no_public_page_says_a_word_of_a_hidden_article(
    client, article, other, asked, django_capture_on_commit_callbacks
):
    refresh()
    known = every_page(article, other, asked)
    before = told_by(client, [address for group in known.values() for address in group])
    assert sum(SECRET in text for _, text in before.values()) > 40  # the test looks where it would be
    with django_capture_on_commit_callbacks(execute=True):
        takedown.hide([article.pk], LEGAL)
    for name, addresses in known.items():
        for address, (status, text) in told_by(client, addresses).items():
            assert SECRET.lower() not in text.lower(), address
            if name in OF_THE_ARTICLE and f"articles/{article.pk}/" in address:
                assert status == 451, address
    found = client.get(f"/find/?q=https://news.example/{SECRET}", follow=True)
    assert found.status_code == 451
    assert Figures.objects.get(source=article.source).articles == 1


def test_nor_do_versions_made_while_it_is_hidden(client, article, other, asked):
    takedown.hide([article.pk], LEGAL)
    article.refresh_from_db()
    make_version(article, [f"Again {SECRET}."])
    make_event(article, "restored")
    for addresses in every_page(article, other, asked).values():
        for address, (_, text) in told_by(client, addresses).items():
            assert SECRET.lower() not in text.lower(), address


def test_the_page_says_when_and_why_and_nothing_else(client, article):
    takedown.hide([article.pk], LEGAL)
    answer = client.get(f"/articles/{article.pk}/")
    page = answer.content.decode()
    step = TakedownStep.objects.get()
    assert f"{step.at:%Y}" in page
    assert "Court order or other legal reason" in page
    assert 'rel="blocked-by"' in answer["Link"]
    assert answer["Cache-Control"] == "public, max-age=0, s-maxage=30"
    takedown.show_again([article.pk])
    takedown.hide([article.pk], Grounds(Reason.PERSONAL))
    answer = client.get(f"/articles/{article.pk}/")
    assert answer.status_code == 410
    assert "Personal data" in answer.content.decode()


def test_shown_again_it_is_back_everywhere(client, article, other, asked):
    refresh()
    known = [address for group in every_page(article, other, asked).values() for address in group]
    before = told_by(client, known)
    takedown.hide([article.pk], LEGAL)
    takedown.show_again([article.pk])
    after = told_by(client, known)
    differ = {a for a in known if (SECRET in before[a][1]) != (SECRET in after[a][1])}
    assert not differ
    assert {a: status for a, (status, _) in before.items()} == {a: status for a, (status, _) in after.items()}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_hidden_version_is_gone_and_so_are_the_changes_that_show_it(client, source, other, number):
    article = make_article(source, headline="Court report", address="https://news.example/court")
    for at in (1, 2, 3):
        secret = SECRET if at == number else "Nobody"
        make_version(
            article, [f"The name is {secret}.", *OPEN], headline=f"{secret} at court", byline=f"By {secret}"
        )
    for version in article.versions.filter(number__in=(number, number + 1)):
        version.excerpt = [["+", f"{SECRET} left "]]
        version.save()
    asked = Takedown.objects.create(article=article, address=article.address, reason="legal")
    assert takedown.hide_versions(article, [number], LEGAL) == [number]
    for name, addresses in every_page(article, other, asked).items():
        for address, (status, text) in told_by(client, addresses).items():
            assert SECRET.lower() not in text.lower(), address
            if name in {"version", "text"}:
                assert status == (451 if address.split("/")[3] == str(number) else 200), address
    history = client.get(f"/articles/{article.pk}/")
    assert history.status_code == 200
    assert "Taken down" in history.content.decode()
    assert client.get("/find/?q=nobody").content.decode().count("entry-headline") == 1
    assert takedown.show_versions(article, [number]) == [number]
    assert SECRET in client.get(f"/articles/{article.pk}/{number}/").content.decode()
    assert article.versions.filter(hidden=True).count() == 0


def test_versions_that_follow_a_hidden_one_say_the_same_reason(client, article):
    takedown.hide_versions(article, [1], Grounds(Reason.WRONG, 410))
    takedown.hide_versions(article, [3], LEGAL)
    make_version(article, [f"Once more {SECRET}."])
    article.versions.filter(number=4).update(hidden=True, hidden_itself=True, follows_hidden=True)
    for path in ("4/", "4/text", "diff/3/4/"):
        answer = client.get(f"/articles/{article.pk}/{path}")
        assert answer.status_code == 451, path
    assert "Court order" in client.get(f"/articles/{article.pk}/4/").content.decode()
    assert client.get(f"/articles/{article.pk}/1/").status_code == 410


def test_a_version_hidden_by_itself_stays_so_when_its_article_is_shown_again(article):
    takedown.hide_versions(article, [2], LEGAL)
    takedown.hide([article.pk], LEGAL)
    takedown.show_again([article.pk])
    assert [*article.versions.filter(hidden=True).values_list("number", flat=True)] == [2]


def test_a_feed_says_that_it_changed_when_only_an_older_entry_went(client, article, other):
    make_version(other, ["They are gone, all of them."], seen=timezone.now())
    feed = client.get("/changes/feed.rss")
    takedown.hide([article.pk], LEGAL)
    again = client.get("/changes/feed.rss", headers={"If-Modified-Since": feed["Last-Modified"]})
    assert again.status_code == 200
    assert SECRET not in again.content.decode()


def test_hiding_twice_is_hiding_once(article):
    assert takedown.hide([article.pk], LEGAL) == [article]
    assert takedown.hide([article.pk], LEGAL) == []
    assert TakedownStep.objects.count() == 1


def test_the_log_names_the_source_and_nothing_else(client, article):
    takedown.hide([article.pk], LEGAL)
    page = client.get("/about/takedown/log/").content.decode()
    assert "The Gazette" in page
    assert "its pages answer 451" in page
    assert f"articles/{article.pk}" not in page


def test_an_article_hidden_before_reasons_were_noted_answers_410(client, article):
    Article.objects.update(hidden=True)
    assert client.get(f"/articles/{article.pk}/").status_code == 410


def test_json_feed_of_all_changes_is_still_json(client, article, other):
    takedown.hide([article.pk], LEGAL)
    items = json.loads(client.get("/changes/feed.json?minor=on").content)["items"]
    assert {item["url"].split("/")[4] for item in items} == {str(other.pk)}


def _not_in_lists(article):
    return sorted(article.versions.filter(hidden=True).values_list("number", flat=True))


def test_what_is_held_for_a_decision_stays_out_of_the_lists_when_its_article_is_shown_again(article):
    held = Quarantine.objects.create(
        source=article.source, opened=timezone.now(), articles_alike=5, articles_checked=9
    )
    held.set_aside({(article.pk, 2), (article.pk, 3)})
    takedown.hide([article.pk], LEGAL)
    takedown.show_again([article.pk])
    assert _not_in_lists(article) == [2, 3]
    takedown.hide_versions(article, [2], LEGAL)
    takedown.show_versions(article, [2])
    assert _not_in_lists(article) == [2, 3]
    takedown.hide_versions(article, [3], LEGAL)
    held.take_back()
    assert _not_in_lists(article) == [3]
