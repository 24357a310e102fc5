"""What the article page says, word for word, in every state."""

from datetime import timedelta

import pytest

from articles.pages import sentences
from articles.pages.sentences import source_state
from tests.factories import MORNING, make_article, make_event, make_source, make_version
from tests.pages.reading import words_of

pytestmark = pytest.mark.django_db

NOW = MORNING + timedelta(hours=5)
COPIES = "Other archives may have copies: this address at web.archive.org."


def said(article, now=NOW, events=()):
    return [words_of(str(sentence)) for sentence in sentences.about_article(article, list(events), now)]


def watched(**values):
    article = make_article(
        make_source("The Guardian", slug="guardian"), next_check_at=NOW + timedelta(minutes=15), **values
    )
    make_version(article)
    article.last_checked, article.last_outcome = NOW, "unchanged"
    return article


def test_a_watched_article_that_never_changed():
    article = watched(address="https://news.example/bridge")
    assert said(article) == [
        "This article is from the source 'guardian' "
        "and was first published or seen on 18 July 2016, 09:50 UTC.",
        "The next check for changes will be on 18 July 2016, 15:05 UTC. "
        "It was last checked on 18 July 2016, 14:50 UTC and had not changed.",
        f"You can find the current article at its original source at https://news.example/bridge. {COPIES}",
        "The article has not changed. There is an RSS feed of changes available.",
    ]


@pytest.mark.parametrize(("versions", "often"), [(2, "once"), (3, "2 times"), (6, "5 times")])
def test_how_often_it_changed(versions, often):
    article = watched()
    for number in range(2, versions + 1):
        make_version(article, [f"Text {number}"])
    assert said(article)[3] == f"The article has changed {often}. There is an RSS feed of changes available."


def test_the_publication_as_the_page_says_counts_when_it_is_earlier():
    article = watched(published=MORNING - timedelta(minutes=20))
    assert said(article)[0].endswith("on 18 July 2016, 09:30 UTC.")
    article.published = MORNING + timedelta(days=1)
    assert said(article)[0].endswith("on 18 July 2016, 09:50 UTC.")


def test_a_check_that_is_due():
    article = watched()
    article.next_check_at = NOW - timedelta(minutes=1)
    assert said(article)[1].startswith(
        "The next check for changes will be as soon as its turn comes: "
        "it has been due since 18 July 2016, 14:49 UTC."
    )


def test_an_article_retired_after_a_change():
    article = watched(state="retired")
    make_version(article, ["Other text"])
    article.state, article.next_check_at, article.last_outcome = "retired", None, "new-version"
    later = article.last_changed + timedelta(days=41)
    assert said(article, later)[1] == (
        "It last changed over 40 days ago and won't be checked again for changes."
    )


def test_an_article_retired_without_a_change():
    article = watched(state="retired")
    article.next_check_at, article.last_outcome = None, "new-version"
    assert said(article, MORNING + timedelta(days=40))[1] == (
        "It has not changed for over 40 days and won't be checked again for changes."
    )


def test_days_are_not_overstated_when_the_setting_was_raised_since():
    article = watched(state="retired")
    article.last_changed, article.source.retire_after_days = MORNING, 90
    assert "over 41 days ago" in said(article, MORNING + timedelta(days=41, hours=1))[1]


def test_a_removed_article():
    article = watched(state="removed")
    article.last_outcome = "removed"
    event = make_event(article, "removed", at=NOW - timedelta(hours=1))
    assert said(article, events=[event])[1:3] == [
        "It was removed from its original source: this was seen on 18 July 2016, 13:50 UTC. "
        "The next check for changes will be on 18 July 2016, 15:05 UTC.",
        f"It was to be found at its original source at {article.address}. {COPIES}",
    ]


def test_a_removed_article_that_is_not_checked_any_more():
    article = watched(state="removed")
    article.last_outcome, article.next_check_at = "removed", None
    event = make_event(article, "removed", at=NOW)
    assert said(article, events=[event])[1].endswith("UTC. It will not be checked again for changes.")


def test_the_latest_removal_counts():
    article = watched(state="removed")
    events = [
        make_event(article, kind, at=NOW + timedelta(hours=hours))
        for hours, kind in enumerate(["removed", "restored", "removed"])
    ]
    assert "18 July 2016, 16:50 UTC" in said(article, events=events)[1]


def test_a_withheld_article():
    article = watched(state="withheld")
    article.last_outcome = "withheld"
    event = make_event(article, "withheld", at=NOW)
    assert said(article, events=[event])[1].startswith(
        "It is withheld by its original source for legal reasons: this was seen on 18 July 2016, 14:50 UTC."
    )


def test_a_paused_article():
    article = watched(state="paused")
    article.next_check_at = None
    assert said(article)[1].startswith("It is paused and is not being checked for changes.")


def test_a_paused_source():
    article = watched()
    article.source.enabled = False
    assert said(article)[1].startswith("Its source is paused, so it is not being checked for changes.")


def test_a_retired_article_of_a_paused_source_is_retired():
    article = watched(state="retired")
    article.source.enabled, article.next_check_at = False, None
    assert "won't be checked again" in said(article, MORNING + timedelta(days=50))[1]


def test_an_article_not_seen_yet():
    article = make_article(next_check_at=NOW + timedelta(minutes=2))
    assert said(article)[1] == (
        "The next check for changes will be on 18 July 2016, 14:52 UTC. It has not been checked yet."
    )
    assert words_of(sentences.no_changes_yet(article, NOW)) == (
        "No text of this article has been seen yet. "
        "The next check for changes will be on 18 July 2016, 14:52 UTC."
    )


@pytest.mark.parametrize(
    ("outcome", "reason", "words"),
    [
        ("blocked", "HTTP 403", "was turned away by the source: HTTP 403."),
        ("unreachable", "", "could not reach the source."),
        ("failed", "too little text.", "found no usable text: too little text."),
        ("moved", "", "was led to another page."),
        ("held", "", "found a doubtful text, which is kept only if it is seen again."),
        ("refused", "", "was not made, because we never go to such an address."),
        ("robots", "", "was not made, because the source’s robots.txt does not allow it."),
    ],
)
def test_a_check_that_brought_no_text(outcome, reason, words):
    article = watched()
    article.last_outcome, article.last_reason = outcome, reason
    assert said(article)[1].endswith(
        f"The last check, on 18 July 2016, 14:50 UTC, {words} "
        "Kept the last good version, last seen on 18 July 2016, 09:50 UTC."
    )


def test_a_removal_that_is_not_confirmed_yet():
    article = watched()
    article.last_outcome, article.last_reason_code = "held", "unconfirmed"
    article.last_reason = "HTTP 404, seen once"
    assert "did not find the article: HTTP 404, seen once. Kept the last good" in said(article)[1]


def test_a_text_that_the_cap_keeps_out_is_not_called_doubtful():
    article = watched()
    article.last_outcome, article.last_reason_code, article.capped_since = "held", "capped", NOW
    article.last_reason = "it has had the 40 versions that are kept of 24 hours"
    words = said(article)[1]
    assert "The last check, on 18 July 2016, 14:50 UTC, found another text, but it has had" in words
    assert "its versions of a day. Its text differs again, but at most 40 versions a day are kept" in words
    assert "doubtful" not in words


def test_a_change_on_many_articles_is_not_called_doubtful():
    article = watched()
    article.last_outcome, article.last_reason_code = "held", "widespread"
    words = said(article)[1]
    assert "found a change that came to many articles of this source at once. It is held until" in words
    assert "doubtful" not in words


def test_a_code_of_a_check_before_the_last_one_says_nothing():
    article = watched()
    article.last_outcome, article.last_reason_code = "failed", "capped"
    assert "found no usable text." in said(article)[1]


def test_nothing_is_kept_of_an_article_never_read():
    article = make_article(last_checked=NOW, last_outcome="blocked")
    assert said(article)[1].endswith("No text of it has been seen yet.")


def test_an_article_that_goes_back_and_forth():
    article = watched()
    article.flip_flopping = True
    assert said(article)[1].endswith(
        "It goes back and forth between two texts, so no more versions are made of these."
    )
    assert "had not changed" not in said(article)[1]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "No changes seen in 14 checks; next 18 July 2016, 15:05 UTC."),
        ({"checks_made": 1}, "No changes seen in 1 check; next 18 July 2016, 15:05 UTC."),
        ({"next_check_at": NOW}, "No changes seen in 14 checks; the next is due."),
        ({"state": "retired", "next_check_at": None}, "No changes seen in 14 checks."),
        ({"state": "removed"}, "No change was seen while it was there."),
    ],
)
def test_one_version_only(values, words):
    article = watched()
    for name, value in ({"checks_made": 14} | values).items():
        setattr(article, name, value)
    assert words_of(sentences.no_changes_yet(article, NOW)) == words


def test_an_address_that_is_no_web_address_is_no_link():
    assert words_of(sentences.outward("javascript:alert(1)")) == "javascript:alert(1)"
    assert "<a" not in sentences.outward("javascript:alert(1)")
    assert 'href="https://a.example/?a=1&amp;b=&quot;' in sentences.outward('https://a.example/?a=1&b="')


@pytest.mark.parametrize("state", ["watched", "removed", "withheld"])
def test_copies_elsewhere_are_linked(state):
    article = watched(state=state, address='https://news.example/?a=1&b="')
    assert (
        'href="https://web.archive.org/web/*/https://news.example/?a=1&amp;b=&quot;" '
        'rel="external nofollow noreferrer"' in sentences.original(article)
    )
    article.address = "javascript:alert(1)"
    assert "archive" not in sentences.original(article)


def about(source):
    return words_of(" ".join(sentences.about_source(source)))


def test_a_source_whose_feeds_have_been_read():
    source = make_source()
    assert source_state(source) == "new"
    source.feeds.create(address="https://news.example/feed", last_success=MORNING)
    assert source_state(source) == "watched"
    assert about(source).startswith(
        "This source is watched. Its feeds have been read, but none of its articles yet. A new"
    )


def test_a_source_in_order():
    source = make_source(last_success=MORNING)
    assert about(source) == (
        "This source is watched. It was last read on 18 July 2016, 09:50 UTC. "
        "A new article, or one that has just changed, is checked again after 15 minutes. "
        "The longer it stays as it is, the longer the wait: 1/5 of that time, at most 24 hours. "
        "After 40 days without a change it is not checked again."
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"enabled": False, "errors_in_row": 3}, "This source is paused: nothing of it is fetched. A new"),
        (
            {},
            "Nothing of this source has been read yet: its feeds are read first, then each article",
        ),
        (
            {"last_success": MORNING, "errors_in_row": 1, "last_error": "HTTP 503"},
            "This source is watched. It was last read on 18 July 2016, 09:50 UTC. "
            "Reading it failed the last time: HTTP 503. A new",
        ),
        (
            {"last_success": MORNING, "errors_in_row": 5, "last_error": "HTTP 503"},
            "Reading this source has been failing since 18 July 2016, 09:50 UTC. "
            "Reading it failed the last 5 times: HTTP 503. A new",
        ),
        (
            {"errors_in_row": 7},
            "Nothing of this source has been read yet. Reading it failed the last 7 times. A",
        ),
    ],
)
def test_a_source_in_trouble(values, words):
    assert about(make_source(**values)).startswith(words)
