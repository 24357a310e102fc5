"""What the log says of a check: one line, with what an operator looks for."""

import pytest

from articles.models import Article, CheckCount, Outcome
from tests.scripted import SENTENCES, Page, story_page
from tests.watch.conftest import PATH

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog):
    caplog.set_level("INFO", "articles.watch.check.check")
    return lambda: [record for record in caplog.records if record.message == "checked"]


def test_each_check_is_one_line_with_the_article_and_the_decision(site, check, lines):
    site.pages[PATH] = Page(story_page())
    check()
    site.pages[PATH] = Page(story_page(paragraphs=(*SENTENCES, "Nobody asked the trees, of course.")))
    check()
    check()
    site.pages[PATH] = Page("gone for now", status=503)
    check()
    article = Article.objects.get()
    told = lines()
    assert [(line.outcome, line.decision, line.version, line.status) for line in told] == [
        ("new-version", "store", 1, 200),
        ("new-version", "store", 2, 200),
        ("unchanged", "keep", 2, 200),
        ("unreachable", "retry", 2, 503),
    ]
    for line in told:
        assert (line.article, line.address, line.host) == (article.pk, article.address, site.endpoint)
        assert line.seconds >= 0
        assert line.reason


def test_checks_are_counted_by_outcome_with_their_seconds(site, check):
    site.pages[PATH] = Page(story_page())
    results = [check() for _ in range(3)]
    tallies = CheckCount.tallies()
    assert {name: tally.checks for name, tally in tallies.items()} == {"new-version": 1, "unchanged": 2}
    same = sum(result.seconds for result in results if result.outcome is Outcome.UNCHANGED)
    assert tallies["unchanged"].seconds == pytest.approx(same)


def test_a_check_that_is_not_recorded_is_not_counted(site, check, monkeypatch):
    from articles.watch.check import store as record

    def fail(*arguments):
        raise RuntimeError("killed in the middle")

    site.pages[PATH] = Page(story_page())
    monkeypatch.setattr(record, "store_page", fail)
    with pytest.raises(RuntimeError):
        check()
    assert CheckCount.tallies() == {}
