"""Rows for tests, made as the watch makes them: texts packed, counts and latest times kept on the article."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from articles import search
from articles.diff import DIFF_VERSION, compare, words
from articles.facts import FACTS_VERSION
from articles.models import Article, Event, Host, Source, Version, text_storage
from articles.watch.check.change import change_of

MORNING = datetime(2016, 7, 18, 9, 50, tzinfo=UTC)
"""When the first version of an article is seen, if a test says nothing else."""

_numbers = count(1)


def make_source(name: str = "The Gazette", **values: object) -> Source:
    number = next(_numbers)
    fields = {"slug": f"source-{number}", "home_page": f"https://news{number}.example/"} | values
    return Source.objects.create(name=name, **fields)


def make_article(source: Source | None = None, **values: object) -> Article:
    """An article without a version yet."""
    source = source or make_source()
    host, _ = Host.objects.get_or_create(name="news.example:443")
    fields: dict[str, object] = {
        "address": f"https://news.example/{next(_numbers)}",
        "headline": "Bridge closed after storm",
        "first_seen": MORNING,
        "next_check_at": MORNING + timedelta(hours=1),
    }
    return Article.objects.create(source=source, host=host, **fields | values)


def make_version(
    article: Article,
    paragraphs: Sequence[str] = ("Four people were hurt.",),
    *,
    seen: datetime | None = None,
    **values: object,
) -> Version:
    """The next version of *article*, seen five hours after the one before."""
    last = article.versions.order_by("-number").first()
    number = last.number + 1 if last else 1
    seen = seen or (last.seen + timedelta(hours=5) if last else article.first_seen)
    comparison = compare(last.paragraphs, paragraphs) if last else None
    headline = str(values.pop("headline", article.headline))
    fields: dict[str, object] = {
        "previous_last_seen": seen - timedelta(minutes=30) if last else None,
        "words": sum(map(words, paragraphs)),
        "words_added": comparison.words_added if comparison else 0,
        "words_removed": comparison.words_removed if comparison else 0,
        "headline_before": last.headline if last and last.headline != headline else "",
        "badges": ["headline"] if last and last.headline != headline else [],
        "text_hash": f"{number}",
        "extractor_version": 1,
        "hidden": article.hidden,
    }
    whole = last is None or text_storage.is_whole(number)
    version = Version.objects.create(
        article=article,
        source=article.source,
        number=number,
        headline=headline,
        data=text_storage.pack(paragraphs, None if whole else last.paragraphs),
        seen=seen,
        **fields | values,
    )
    search.add(version)
    article.headline = headline
    article.version_count = number
    article.last_changed = seen if number > 1 else None
    article.last_checked = article.last_success = seen
    article.save()
    return version


def make_event(article: Article, kind: str = "removed", *, at: datetime | None = None) -> Event:
    return Event.objects.create(
        article=article, source=article.source, kind=kind, at=at or MORNING, hidden=article.hidden
    )


def make_change(article: Article, paragraphs: Sequence[str], **values: object) -> Version:
    """The next version of *article* with all that a check stores of the change: kinds, facts, excerpt."""
    last = article.versions.order_by("-number").first()
    assert last is not None
    headline = str(values.get("headline", article.headline))
    change = change_of(
        text_storage.Text(last.headline, "", last.paragraphs),
        text_storage.Text(headline, "", tuple(paragraphs)),
        seen_before=False,
        language=article.language,
    )
    stored = {
        name: list(value) if isinstance(value, tuple) else value for name, value in change._asdict().items()
    }
    versions = {"facts_version": FACTS_VERSION, "diff_version": DIFF_VERSION}
    return make_version(article, paragraphs, **stored | versions | values)
