"""How many statements one check costs, as long as nothing unusual happens: it is what a worker does all day.

All statements of ``check`` are counted, from the claim of the article to the last commit, but not BEGIN,
COMMIT and savepoints. Those about the host (its lease, delay and tombstones) belong to the crawl and are
counted apart.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.extract import Story
from articles.models import Article, Host, check_count
from articles.watch.check.check import check as check_article
from articles.watch.check.load import _redirected_there, _same_headline, _twins
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from tests.scripted import SENTENCES, Page, story_page
from tests.watch.conftest import PATH

pytestmark = pytest.mark.django_db

LONGER = (*SENTENCES, "On Friday the council added that the botanist will come in the first week of May.")
OF_THE_CRAWL = re.compile(r'"articles_(host|tombstone|outage)"')
OF_TRANSACTIONS = re.compile(r"BEGIN|COMMIT|SAVEPOINT|RELEASE")


@pytest.fixture
def counted(seen, check, site, monkeypatch):
    """Check the article once; the outcome, the statements of the check itself, and all statements."""
    monkeypatch.setattr(check_count, "SHARDS", 1)  # whose row is there once and for all

    def run():
        Host.objects.update(next_allowed=timezone.now())
        session = HostSession.take(seen.host_id, ready_within=0.0)  # as a worker does
        assert session is not None
        with CaptureQueriesContext(connection) as captured:
            result = check_article(seen.pk, PoliteFetcher(session))
        session.leave()
        statements = [query["sql"] for query in captured if not OF_TRANSACTIONS.match(query["sql"])]
        own = [statement for statement in statements if not OF_THE_CRAWL.search(statement)]
        return result.outcome.value, len(own), len(statements)

    return run


def advert(number):
    return Page(story_page(furniture=f"<p>Advert number {number}: three for two on all garden chairs.</p>"))


def test_the_very_same_page(check, counted):
    check()
    assert counted() == ("unchanged", 5, 6)


def test_not_modified(site, check, counted):
    site.pages[PATH] = Page(story_page(), headers={"ETag": '"one"'})
    check(times=2)
    outcome, own, all_statements = counted()
    assert (outcome, Article.objects.get().last_reason_code) == ("unchanged", "not-modified")
    assert (own, all_statements) == (5, 6)


def test_the_same_text_on_another_page(site, check, counted):
    site.pages[PATH] = advert(1)
    check()
    site.pages[PATH] = advert(2)
    assert counted() == ("unchanged", 6, 7)


def test_the_same_text_behind_a_redirect(site, check, counted):
    site.pages |= {PATH: Page("", status=301, headers={"Location": "/trees"}), "/trees": advert(1)}
    check()
    site.pages["/trees"] = advert(2)
    outcome, own, _ = counted()
    assert (outcome, own) == ("unchanged", 6)  # which article the other address leads to


def test_a_new_version(site, check, counted):
    site.pages[PATH] = Page(story_page(paragraphs=LONGER))
    check()
    site.pages[PATH] = Page(story_page(paragraphs=LONGER[1:]))
    outcome, own, all_statements = counted()
    assert outcome == "new-version"
    index = 3 if connection.vendor == "sqlite" else 1  # rows of the search index
    # Two for the page kept of the version before: it tells where what went had stood, and the new page is
    # stored against it. One for the looks that are remembered, and one for the announcement of the version.
    assert (own, all_statements) == (17 + index, 19 + index)


def test_a_new_version_costs_no_more_in_a_long_history(site, check, counted):
    for number in range(18):
        site.pages[PATH] = Page(story_page(paragraphs=(*SENTENCES, f"It is week {number} of the inquiry.")))
        check()
    site.pages[PATH] = Page(story_page(paragraphs=LONGER))
    outcome, own, _ = counted()
    assert outcome == "new-version"
    assert own <= 20


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a small table whole")
@pytest.mark.parametrize(
    ("question", "index"),
    [
        (lambda article: _twins(article, "0" * 64), "article_same_text"),
        (lambda article: _same_headline(article, Story("The bridge is closed")), "article_same_headline"),
        (lambda article: _redirected_there(article, "https://news.example/b"), "article_away_to"),
    ],
)
def test_other_articles_are_found_without_reading_all_of_the_source(seen, question, index):
    plans = []

    def explained(execute, sql, params, many, context):
        plan = connection.connection.execute(f"EXPLAIN QUERY PLAN {sql.replace('%s', '?')}", params)
        plans.append(str(plan.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        question(seen)
    assert [plan for plan in plans if index not in plan] == []
    assert plans
