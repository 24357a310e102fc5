"""The demo newsroom as the watch sees it: every edit a version, and no version without an edit."""

import pytest

from articles.models import Article, Event, Outcome, Version
from demo import EDITS, EditKind

pytestmark = pytest.mark.django_db

NO_TEXT = {EditKind.REMOVED, EditKind.GONE, EditKind.RESTORED}


def test_the_feed_names_every_story_once(watch):
    assert len(watch.read_feed().new) == len(watch.room.stories)
    assert watch.read_feed().new == ()
    assert {article.source for article in Article.objects.all()} == {watch.source}


def test_an_unchanged_feed_is_answered_with_304(watch):
    watch.read_feed()
    watch.read_feed()
    assert [request.status for request in watch.room.requests if request.path == "/feed.rss"] == [200, 304]


def test_every_story_is_stored_word_for_word(watch):
    watch.read_feed()
    for slug in watch.room.stories:
        assert watch.check(slug).outcome is Outcome.NEW_VERSION
        version, truth = watch.article(slug).versions.get(), watch.room.state(slug)
        assert (version.headline, version.paragraphs) == (truth.headline, truth.paragraphs)


def test_adverts_make_no_versions(watch):
    watch.read_feed()
    for _ in range(4):
        for slug in watch.room.stories:
            watch.check(slug)
    assert Version.objects.count() == len(watch.room.stories)


def test_every_edit_makes_the_version_it_should_and_nothing_else_does(watch):
    watch.read_feed()
    texts = {slug: [watch.room.state(slug)] for slug in watch.room.stories}
    for slug in watch.room.stories:
        watch.check(slug)
    while edits := watch.room.step():
        for edit in edits:
            for _ in range(3):  # removals and shrunk texts want to be seen again
                watch.check(edit.slug)
            if edit.kind not in NO_TEXT:
                texts[edit.slug].append(watch.room.state(edit.slug))
    for slug, states in texts.items():
        versions = watch.article(slug).versions.order_by("number")
        assert [version.number for version in versions] == list(range(1, len(states) + 1)), slug
        for version, state in zip(versions, states, strict=True):
            assert (version.headline, version.paragraphs) == (state.headline, state.paragraphs), slug
    kinds = [edit.kind for edit in EDITS]
    removed = kinds.count(EditKind.REMOVED) + kinds.count(EditKind.GONE)
    assert Event.objects.filter(kind="removed").count() == removed
    assert Event.objects.filter(kind="restored").count() == kinds.count(EditKind.RESTORED)
