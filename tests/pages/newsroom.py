"""The demo's newsroom as a site that watched it all day would have it: real stories, each with its edits."""

from datetime import datetime, timedelta

from articles.facts import Kind
from articles.models import Article, Event, Version
from demo import EDITS, NAME, EditKind, Newsroom
from demo.story import read_stories
from tests.factories import make_article, make_change, make_event, make_source, make_version

PACE = 90
"""Seconds of the day that a second of the script stands for: its ten minutes are fifteen hours."""

_EVENTS = {
    EditKind.REMOVED: Event.Kind.REMOVED,
    EditKind.GONE: Event.Kind.REMOVED,
    EditKind.RESTORED: Event.Kind.RESTORED,
}


def build(end: datetime) -> dict[str, Article]:
    """Fill the database with a day that ended at *end*; the articles by their slugs."""
    room = Newsroom()
    source = make_source(NAME, slug="harbour-gazette", language="en", last_success=end)
    begin = end - timedelta(seconds=PACE * max(edit.at for edit in EDITS))
    articles = {}
    for story in read_stories():
        first_seen = begin - timedelta(minutes=story.age)
        article = make_article(
            source,
            headline=story.first.headline,
            language=story.language,
            direction=story.direction,
            first_seen=first_seen,
            next_check_at=end + timedelta(minutes=20),
        )
        make_version(article, story.first.paragraphs, seen=first_seen, byline=f"By {story.author}")
        articles[story.slug] = article
    while edits := room.step():
        for edit in edits:
            _take(edit.kind, articles[edit.slug], room, edit.slug, begin + timedelta(seconds=PACE * edit.at))
    Article.objects.update(last_success=end, last_checked=end, last_outcome="unchanged")
    return articles


def _take(kind: EditKind, article: Article, room: Newsroom, slug: str, seen: datetime) -> None:
    if kind in _EVENTS:
        make_event(article, _EVENTS[kind], at=seen)
        state = Article.State.WATCHED if kind is EditKind.RESTORED else Article.State.REMOVED
        Article.objects.filter(pk=article.pk).update(state=state)
        article.state = state
        return
    now = room.state(slug)
    byline = article.versions.values_list("byline", flat=True)[0]
    make_change(article, now.paragraphs, headline=now.headline, byline=byline, seen=seen)


def first_paragraph_change() -> Version:
    """A change that begins in the first paragraph of its article, with a number in it."""
    version: Version
    for version in Version.objects.changes().order_by("pk"):
        if any(one.number == 1 and one.fact.kind is Kind.NUMBER for one in version.stored_facts):
            return version
    raise LookupError("No edit of the script changes a number in the first change of its text.")
