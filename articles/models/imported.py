"""Where versions that another program saw came from."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models.article import Article
from articles.models.version import Version

IMPORTED_TEXT = 0
"""The extractor's version of a text that another program extracted; our own count from 1."""


class Imported(models.Model):
    """A version as an archive of another program has it, and what became of it here.

    By these rows a second import adds nothing, and an address of the old site is led to ours. Several may
    lead to one version: an archive may hold a text again that had not changed.
    """

    class Origin(models.TextChoices):
        NEWS_SNIFFER = "news-sniffer", "News Sniffer"
        NEWSDIFFS = "newsdiffs", "NewsDiffs"
        DIFFENGINE = "diffengine", "diffengine"
        NEWSEDITS = "newsedits", "NewsEdits"
        CHANGEDETECTION = "changedetection", "changedetection.io"
        WARC = "warc", "WARC"

    origin = models.CharField(max_length=16, choices=Origin)
    archive = models.CharField(
        max_length=100, blank=True, help_text="Which of several archives of one kind; its ids are its own."
    )
    origin_article = models.CharField(max_length=255, help_text="The article's id there.")
    origin_version = models.CharField(max_length=255, help_text="The version's id there.")
    permalink = models.BigIntegerField(
        null=True, blank=True, help_text="What the old site's own addresses call the version."
    )
    copy = models.TextField(blank=True, help_text="Address of a copy of the page that somebody else keeps.")
    article = models.ForeignKey(Article, models.CASCADE, related_name="imported")
    version = models.ForeignKey(Version, models.CASCADE, related_name="imported")
    imported_at = models.DateTimeField(default=timezone.now)
    importer_version = models.PositiveSmallIntegerField()
    counted = models.BooleanField(
        default=True, help_text="Whether what changed with it was counted; that follows the import."
    )

    class Meta:
        verbose_name = "imported version"
        constraints = (
            models.UniqueConstraint(
                fields=["origin", "archive", "origin_version"], name="imported_version_once"
            ),
        )
        indexes = (
            models.Index(fields=["origin", "origin_article"], name="imported_article"),
            models.Index(
                fields=["origin", "permalink"],
                name="imported_permalink",
                condition=Q(permalink__isnull=False),
            ),
            models.Index(fields=["article"], name="imported_uncounted", condition=Q(counted=False)),
        )

    def __str__(self) -> str:
        return f"{self.get_origin_display()} {self.origin_version}"

    @staticmethod
    def key_of(origin: str, archive: str, origin_article: str) -> str:
        """Return the key that bars an article of an archive from coming back once it is deleted for good
        (`Tombstone`)."""
        return f"imported {origin} {archive} {origin_article}"

    @classmethod
    def keys_by_article(cls) -> "models.QuerySet[Imported, tuple[int, str, str, str]]":
        """For each imported article (its id) what `key_of` takes."""
        return cls.objects.values_list("article", "origin", "archive", "origin_article").distinct()
