"""The pages as fetched: one for each version, so that a newer extractor can read the old ones anew."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy

from articles.models import page_storage
from articles.models.article import Article
from articles.models.prepared import Prepared, PreparedInsert
from articles.models.source import Source

log = logging.getLogger(__name__)

MAX_BASE_CHAIN = 3
"""The most pages that one page may be stored against, one after the other: all are read in one query."""

EXPIRED_AT_ONCE = 100
"""The number of pages that are deleted in one transaction."""

MAX_DEPENDENTS = 200
"""The most articles whose first page is stored against the same page of another article: all of them are
stored anew when that page is deleted."""

_BASES = "__".join(["base"] * MAX_BASE_CHAIN)
_NOT_OF_BASES = tuple(
    "__".join((*["base"] * depth, name))
    for depth in range(1, MAX_BASE_CHAIN + 1)
    for name in ("content_type", "sha256", "request_headers", "response_headers", "claims")
)
"""What is not read of a page that another is stored against: to unpack that one, its bytes are enough."""


@dataclass(frozen=True)
class FetchedPage:
    """A page as it was fetched, with what went with it.

    body      decoded; sha256: of the body as received, its content coding still on
    headers   the request's and the answer's, without cookies and credentials
    claims    what the page says of itself to machines, as JSON
    """

    body: bytes
    url: str
    content_type: str = ""
    sha256: str = ""
    request_headers: tuple[tuple[str, str], ...] = ()
    response_headers: tuple[tuple[str, str], ...] = ()
    claims: dict[str, Any] = field(default_factory=dict)


class CaptureQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def with_bases(self, *related: str) -> "CaptureQuerySet":
        """With what is needed to unpack each, and what else is *related*, in the same query."""
        return self.select_related(_BASES, *related).defer(*_NOT_OF_BASES)

    def latest_of(self, article: Article) -> "Capture | None":
        """The page of the latest version; of an article without versions, the one last fetched."""
        found: Capture | None = _LATEST.first(article=article.pk)
        return found

    def latest_of_each(self, articles: Iterable[Article]) -> "dict[int, Capture]":
        """The same of several, by the article's id."""
        later = Capture.objects.filter(article=OuterRef("article"), number__gt=OuterRef("number"))
        rows = self.with_bases().filter(~Exists(later), article__in=list(articles))
        return {capture.article_id: capture for capture in rows}


class Capture(models.Model):
    """A page as it was fetched. That of the latest version is always kept."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="captures")
    source = models.ForeignKey(
        Source,
        models.CASCADE,
        related_name="+",
        db_index=False,
        help_text=gettext_lazy("The article's, kept here to find a page like it."),
    )
    number = models.PositiveIntegerField(
        default=0, help_text=gettext_lazy("Of the version that was read from it; 0 while there is none.")
    )
    url = models.TextField()
    content_type = models.CharField(max_length=200, blank=True)
    body = models.BinaryField(help_text=gettext_lazy("Packed (articles.models.page_storage)."))
    base = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leaning",
        help_text=gettext_lazy("The page it is stored against; empty where it is stored whole."),
    )
    depth = models.PositiveSmallIntegerField(
        default=0, help_text=gettext_lazy("How many pages lead from one stored whole to it.")
    )
    fetched = models.DateTimeField()
    sha256 = models.CharField(
        max_length=64, blank=True, help_text=gettext_lazy("Of the body as received, in hex.")
    )
    request_headers = models.JSONField(default=list, blank=True)
    response_headers = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("Without Set-Cookie.")
    )
    claims = models.JSONField(
        default=dict, blank=True, help_text=gettext_lazy("What the page says of itself to machines.")
    )

    objects = CaptureQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["article", "number"], name="capture_once"),)
        indexes = (
            models.Index(fields=["fetched"], name="capture_fetched"),
            models.Index(
                fields=["source", "-id"], name="capture_whole_first", condition=Q(number=1, depth=0)
            ),
        )

    def __str__(self) -> str:
        return f"{self.url} at {self.fetched:%Y-%m-%d %H:%M}"

    @property
    def page(self) -> bytes:
        """The page. Costs a query for each page that leads to it unless they were read `with_bases`.

        :raises zstandard.ZstdError: it, or one that it is stored against, is damaged.
        """
        if not hasattr(self, "_page"):
            base = self.base.page if self.base is not None else None
            self._page = page_storage.unpack(bytes(self.body), base)
        return self._page

    _page: bytes


_LATEST = Prepared(
    lambda article: Capture.objects.with_bases().filter(article=article).order_by("-number")[:1]
)


def store_page(article: Article, number: int, page: FetchedPage, fetched: datetime) -> None:
    """Keep *page* as that of version *number* (0: of an article that has none).

    Where only the latest pages are kept (the setting KEEP_PAGES), that of the version before goes.
    """
    before = Capture.objects.latest_of(article)
    if before is not None and before.number in (0, number):
        _replace(before, number, page, fetched)
        return
    base = before if settings.KEEP_PAGES == "all" else None
    if base is not None and base.depth >= MAX_BASE_CHAIN:
        base = base.base  # a page of a few versions ago, or of another article
    _create(article, number, page, fetched, base or _of_the_same_source(article))
    if before is not None and settings.KEEP_PAGES != "all":
        delete_pages([before.pk])


def _create(
    article: Article, number: int, page: FetchedPage, fetched: datetime, base: Capture | None
) -> None:
    values, data = _columns(page, fetched), page_storage.pack(page.body, base.page if base else None)
    depth = base.depth + 1 if base else 0
    _CREATE.insert(
        Capture(
            article=article,
            source_id=article.source_id,
            number=number,
            body=data,
            base=base,
            depth=depth,
            **values,
        )
    )


_CREATE = PreparedInsert(Capture)


def _replace(capture: Capture, number: int, page: FetchedPage, fetched: datetime) -> None:
    """Keep another page of the same version in its place, unless others are stored against this one."""
    row = Capture.objects.filter(pk=capture.pk).exclude(Exists(Capture.objects.filter(base=OuterRef("pk"))))
    data = page_storage.pack(page.body, capture.base.page if capture.base else None)
    row.update(number=number, body=data, **_columns(page, fetched))


def _columns(page: FetchedPage, fetched: datetime) -> dict[str, Any]:
    return {
        "url": page.url,
        "content_type": page.content_type[: Capture._meta.get_field("content_type").max_length],
        "fetched": fetched,
        "sha256": page.sha256,
        "request_headers": [list(line) for line in page.request_headers],
        "response_headers": [list(line) for line in page.response_headers],
        "claims": page.claims,
    }


def _of_the_same_source(article: Article) -> Capture | None:
    """The newest first page of another article of the source that is stored whole, if it has room."""
    whole = Capture.objects.filter(source=article.source_id, number=1, depth=0)
    found: Capture | None = whole.exclude(article=article).order_by("-id").first()
    if found is None or found.leaning.count() >= MAX_DEPENDENTS:
        return None
    return found


def delete_pages(keys: Collection[int]) -> int:
    """Delete these pages; how many there were. What is stored against them is stored anew first."""
    with transaction.atomic():
        list(Capture.objects.select_for_update().filter(pk__in=keys).values_list("pk"))
        leaning = Capture.objects.with_bases().filter(base__in=keys).exclude(pk__in=keys)
        for capture in leaning.order_by("depth").iterator(chunk_size=20):
            _store_anew(capture, set(keys))
        rows = Capture.objects.filter(pk__in=keys)
        rows.update(base=None)
        return rows.delete()[0]


def _store_anew(capture: Capture, going: set[int]) -> None:
    """Store it against what its base leans on, if that stays, or else whole. Those that lean on it stay as
    they are: its page is the same."""
    base = capture.base
    while base is not None and base.pk in going:
        base = base.base
    try:
        page = capture.page
    except page_storage.DAMAGED:  # nobody can read it any more: deleting the other must not fail for that
        log.exception("a kept page is damaged and goes too article=%s", capture.article_id)
        delete_pages([capture.pk])
        return
    data = page_storage.pack(page, base.page if base else None)
    Capture.objects.filter(pk=capture.pk).update(body=data, base=base, depth=base.depth + 1 if base else 0)


def expire_pages(now: datetime) -> int:
    """Delete the pages fetched longer ago than the setting KEEP_PAGES_DAYS says (0: none), but that of each
    article's latest version; how many there were."""
    if not settings.KEEP_PAGES_DAYS:
        return 0
    later = Capture.objects.filter(article=OuterRef("article"), number__gt=OuterRef("number"))
    old = Capture.objects.filter(Exists(later), fetched__lt=now - timedelta(days=settings.KEEP_PAGES_DAYS))
    keys = list(old.order_by("-depth").values_list("pk", flat=True))
    for at in range(0, len(keys), EXPIRED_AT_ONCE):
        delete_pages(keys[at : at + EXPIRED_AT_ONCE])
    if keys:
        log.info(
            "deleted kept pages", extra={"pages": len(keys), "older_than_days": settings.KEEP_PAGES_DAYS}
        )
    return len(keys)


def delete_pages_of(article: Article) -> None:
    """Delete all pages of *article*; those of others that are stored against them are stored anew."""
    delete_pages(list(article.captures.values_list("pk", flat=True)))
