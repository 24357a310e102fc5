"""Reading kept pages anew with today's extractor and rules: what would differ from what is stored."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from articles.diff import compare
from articles.models import Article, Capture, Version, page_storage
from articles.models.capture import CaptureQuerySet
from articles.watch.check.page import compared_of, hash_of, read_by, reread


@dataclass(frozen=True)
class Reextracted:
    """The result of reading one kept page again.

    problem          why it can't be read; then the rest says nothing
    differs          whether the text is another than the stored one (typography does not count)
    words_added, words_removed   of the text read anew against the stored one
    noted            whether the text in force was noted as it reads today
    """

    article: int
    number: int
    problem: str = ""
    differs: bool = False
    headline_differs: bool = False
    byline_differs: bool = False
    words_added: int = 0
    words_removed: int = 0
    noted: bool = False


def kept_pages(source: str = "", article: int | None = None) -> CaptureQuerySet:
    """The kept pages of versions: all, or those of a source (its slug) or an article (its id)."""
    pages = Capture.objects.filter(number__gt=0).order_by("article", "number")
    if source:
        pages = pages.filter(source__slug=source)
    return pages if article is None else pages.filter(article=article)


def read_anew(pages: CaptureQuerySet, *, note: bool) -> Iterator[Reextracted]:
    """Read each of these pages anew; no version is made or changed.

    note: whether to write down how each text in force reads today, as the next check of its article would do.
    """
    related = pages.with_bases("article__source__boilerplate")
    for capture in related.iterator(chunk_size=20):
        yield _read_one(capture, note=note)


def _read_one(capture: Capture, *, note: bool) -> Reextracted:
    article, number = capture.article, capture.number
    version = Version.objects.filter(article=article, number=number).first()
    if version is None:
        return Reextracted(article.pk, number, problem="no such version")
    try:
        page, stored = capture.page, version.text
    except page_storage.DAMAGED:
        return Reextracted(article.pk, number, problem="the kept page is damaged")
    story = reread(article, page, capture.url, capture.content_type, stored)
    if story is None:
        return Reextracted(article.pk, number, problem="no story")
    noted = note and number == article.version_count and _note(article, hash_of(story))
    if hash_of(story) == version.text_hash:
        return Reextracted(article.pk, number, noted=noted)
    comparison = compare(stored.paragraphs, story.paragraphs)
    now = compared_of(story)
    return Reextracted(
        article.pk,
        number,
        differs=True,
        headline_differs=now.headline != stored.headline,
        byline_differs=now.byline != stored.byline,
        words_added=comparison.words_added,
        words_removed=comparison.words_removed,
        noted=noted,
    )


def _note(article: Article, text_hash: str) -> bool:
    """Write down how the text in force reads today; False while the article is being checked."""
    token = Article.objects.claim(article.pk, timezone.now(), settings.LEASE_SECONDS)
    if token is None:
        return False
    values = {"text_hash": text_hash, **read_by(article.source)._asdict()}
    if Article.objects.filter(pk=article.pk, version_count=article.version_count).exists():
        return Article.objects.release(article.pk, token, **values)
    Article.objects.release(article.pk, token)
    return False
