"""A story and its addresses."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import host_sources
from articles.models.address_length import KEY_LENGTH
from articles.models.host import Host
from articles.models.lease import Lease, LeaseQuerySet
from articles.models.prepared import Prepared
from articles.models.source import Source

SUBJECT_IN_LISTS = (
    *(
        f"article__{name}"
        for name in (
            *("address", "direction", "first_seen", "headline", "hidden", "host", "language", "last_changed"),
            *("last_success", "published", "source", "state", "version_count"),
        )
    ),
    *(f"source__{name}" for name in ("name", "slug")),
)
"""What lists of changes and events read of the article and the source of each: a few columns of a hundred."""


class ArticleQuerySet(LeaseQuerySet):
    def visible(self) -> "ArticleQuerySet":
        """Return those that readers may see: a text of them was seen, and is not taken down."""
        return self.filter(hidden=False, version_count__gt=0)

    def due(self, now: datetime) -> "ArticleQuerySet":
        """Return those of sources not paused whose next check has come, whoever may be working on them."""
        return self.filter(next_check_at__lte=now, source__enabled=True, purged=None)

    def hosts_with_work(self, until: datetime, now: datetime) -> "models.QuerySet[Article, int]":
        """The hosts at which any is due by *until* and free *now*: none of a paused source's is looked at."""
        places_watched = self.filter(pk__in=host_sources.one_article_of_each(), source__enabled=True)
        there = Article.objects.filter(host=OuterRef("host"), source=OuterRef("source"))
        return places_watched.filter(Exists(there.due(until).free(now))).values_list("host", flat=True)

    def first_due_of_each_source(
        self, host: int, until: datetime, now: datetime
    ) -> "models.QuerySet[Article, tuple[int, datetime]]":
        """Of each source with any due by *until* at *host* and free *now*: the id of the one due first, and
        since when it is."""
        due = self.due(until).free(now).filter(host=host).order_by("next_check_at", "-pk")
        of_one = due.filter(source=OuterRef("pk")).values("pk")[:1]
        sources = Source.objects.filter(pk__in=host_sources.sources_at(host), enabled=True)
        firsts = Article.objects.filter(pk__in=sources.values_list(Subquery(of_one)))
        return firsts.values_list("pk", "next_check_at")

    def first_due(self, host: Host, until: datetime, now: datetime) -> tuple[int, datetime] | None:
        """The id of the one due first at *host* that is free *now*, and since when it is."""
        firsts = _FIRSTS.rows(host=host.pk, until=until, now=now)
        return min(firsts, key=lambda first: (first[1], -first[0]), default=None)

    def newest_first(self) -> "ArticleQuerySet":
        return self.order_by("-first_seen", "-id")

    def before(self, first_seen: datetime, pk: int) -> "ArticleQuerySet":
        """Return those that come after (*first_seen*, *pk*) in a list of newest first."""
        return self.filter(Q(first_seen__lt=first_seen) | Q(pk__lt=pk), first_seen__lte=first_seen)

    def most_changed(self) -> "ArticleQuerySet":
        """Return those that changed and that readers may see, the most versions first."""
        return self.filter(version_count__gt=1, hidden=False).order_by("-version_count", "-id")


class Article(Lease):
    """One story at one canonical address."""

    class State(models.TextChoices):
        WATCHED = "watched", gettext_lazy("Watched")
        REMOVED = "removed", gettext_lazy("Removed")
        WITHHELD = "withheld", gettext_lazy("Withheld")
        RETIRED = "retired", gettext_lazy("Retired")
        PAUSED = "paused", gettext_lazy("Paused")
        JOINED = "joined", gettext_lazy("Joined")

    source = models.ForeignKey(Source, models.PROTECT, related_name="articles")
    host = models.ForeignKey(
        Host,
        models.PROTECT,
        related_name="articles",
        help_text=gettext_lazy(
            "Where its next request goes: the host of its address, or of where a redirect led."
        ),
    )
    address = models.TextField(help_text=gettext_lazy("The canonical address."))
    language = models.CharField(max_length=35, blank=True)
    direction = models.CharField(max_length=3, default="ltr")
    headline = models.TextField(
        blank=True, help_text=gettext_lazy("As last seen; until then what the feed said.")
    )
    published = models.DateTimeField(null=True, blank=True, help_text=gettext_lazy("As the page says."))
    modified = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("As the page says; a claim, never a time we saw.")
    )
    headline_key = models.CharField(
        max_length=32, blank=True, help_text=gettext_lazy("Of the headline, by which like ones are found.")
    )
    joined_to = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="joined",
        help_text=gettext_lazy("The article of the same story that is checked in its place."),
    )
    maybe_same = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text=gettext_lazy("Another article that may be the same story: its next check sees."),
    )
    away_to = models.CharField(
        max_length=KEY_LENGTH,
        blank=True,
        editable=False,
        help_text=gettext_lazy("The key of the address that it redirects to, while that is in doubt."),
    )
    first_seen = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State, default=State.WATCHED)
    hidden = models.BooleanField(default=False, help_text=gettext_lazy("Taken down: no reader sees it."))
    purged = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("When its texts were deleted for good; it is never fetched again."),
    )

    version_count = models.PositiveIntegerField(default=0)
    last_changed = models.DateTimeField(
        null=True,
        blank=True,
        help_text=gettext_lazy("When its last change was seen; empty when it never changed."),
    )
    last_checked = models.DateTimeField(null=True, blank=True)
    last_success = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("When its text was last seen.")
    )
    last_outcome = models.CharField(max_length=12, blank=True)
    last_reason_code = models.CharField(
        max_length=20,
        blank=True,
        help_text=gettext_lazy("Why the last check came to its outcome, as a code."),
    )
    last_reason = models.TextField(blank=True, help_text=gettext_lazy("The same in words, more exactly."))
    checks_made = models.PositiveIntegerField(default=0)
    errors_in_row = models.PositiveIntegerField(default=0)
    next_check_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    watch_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text=gettext_lazy("It is not retired before this, as somebody asked to be told of it."),
    )

    etag = models.CharField(max_length=1024, blank=True)
    last_modified = models.CharField(max_length=1024, blank=True)
    last_unconditional_at = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("When it was last asked for without conditions.")
    )
    body_hash = models.CharField(
        max_length=64, blank=True, help_text=gettext_lazy("SHA-256 of the page as last fetched.")
    )
    text_hash = models.CharField(
        max_length=64, blank=True, help_text=gettext_lazy("Hash of the compared text now in force.")
    )
    extractor_version = models.PositiveSmallIntegerField(default=0)
    rules_hash = models.CharField(
        max_length=64, blank=True, help_text=gettext_lazy("Of the extraction rules it was read with.")
    )

    pending_hash = models.CharField(
        max_length=64,
        blank=True,
        help_text=gettext_lazy("Hash of a doubtful text that waits to be seen again."),
    )
    pending_since = models.DateTimeField(null=True, blank=True)
    missing_since = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("When 404 or 410 was first seen in a row.")
    )
    missing_count = models.PositiveSmallIntegerField(default=0)
    flip_flopping = models.BooleanField(
        default=False,
        help_text=gettext_lazy("It goes back and forth between two texts; no more versions from that."),
    )
    alternating_headlines = models.JSONField(
        default=list,
        blank=True,
        help_text=gettext_lazy("Headlines seen in turn while the text stays; no more versions from that."),
    )
    capped_since = models.DateTimeField(
        null=True,
        blank=True,
        help_text=gettext_lazy("Since when its text differs, but it has had its versions of a day."),
    )
    unfinished = models.PositiveSmallIntegerField(
        default=0,
        editable=False,
        help_text=gettext_lazy("Checks of it in a row that were begun and never ended."),
    )
    parked = models.DateTimeField(
        null=True,
        blank=True,
        help_text=gettext_lazy(
            "When it was put aside: checks of it were begun and never ended. “Check now” takes it up."
        ),
    )
    pending_hops = models.JSONField(
        default=list,
        blank=True,
        help_text=gettext_lazy(
            "Redirects followed so far, and the address to go on from when that host has time."
        ),
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        permissions = (
            ("hide_article", gettext_lazy("Can take articles down, and show them again")),
            ("purge_article", gettext_lazy("Can delete the texts of an article for good")),
        )
        indexes = (
            models.Index(
                fields=["host", "source", "next_check_at"],
                name="article_due",
                condition=Q(next_check_at__isnull=False),
            ),
            models.Index(
                fields=["next_check_at"], name="article_next_check", condition=Q(next_check_at__isnull=False)
            ),
            models.Index(
                fields=["source", "next_check_at"],
                name="article_next_of_source",
                condition=Q(next_check_at__isnull=False),
            ),
            models.Index(fields=["source", "-first_seen", "-id"], name="article_latest"),
            models.Index(fields=["state", "-id"], name="article_state"),
            models.Index(fields=["first_seen", "id"], name="article_first_seen"),
            models.Index(fields=["-id"], name="article_hidden", condition=Q(hidden=True)),
            models.Index(
                fields=["source", "text_hash"], name="article_same_text", condition=~Q(text_hash="")
            ),
            models.Index(
                fields=["source", "headline_key"],
                name="article_same_headline",
                condition=~Q(headline_key=""),
            ),
            models.Index(fields=["away_to"], name="article_away_to", condition=~Q(away_to="")),
            models.Index(fields=["parked"], name="article_parked", condition=Q(parked__isnull=False)),
            models.Index(
                fields=["capped_since"], name="article_capped", condition=Q(capped_since__isnull=False)
            ),
            models.Index(
                fields=["-version_count", "-id"],
                name="article_most_changed",
                condition=Q(version_count__gt=1, hidden=False),
            ),
            models.Index(
                fields=["source", "-version_count", "-id"],
                name="article_most_changed_of_source",
                condition=Q(version_count__gt=1, hidden=False),
            ),
        )

    def __str__(self) -> str:
        return self.headline or self.address or _("Article %(pk)s") % {"pk": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.pk])

    set_aside = 0
    """How many of its versions are set aside, where ``with_set_aside`` counted them."""

    @property
    def change_count(self) -> int:
        """Return how often it changed: version 1 is no change, nor is one that is set aside."""
        return max(self.version_count - 1 - self.set_aside, 0)

    @property
    def first_published_or_seen(self) -> datetime:
        return min(self.published, self.first_seen) if self.published else self.first_seen

    @property
    def changed_or_first_seen(self) -> datetime:
        """Return the time its age counts from (docs/glossary.md, "The schedule")."""
        return self.last_changed or self.first_seen


_FIRSTS = Prepared(lambda host, until, now: Article.objects.first_due_of_each_source(host, until, now))


class Address(models.Model):
    """An address that leads to an article; the key is its normalised form, by which it is found."""

    class Learned(models.TextChoices):
        FEED = "feed", gettext_lazy("a feed names it")
        PERSON = "person", gettext_lazy("a person gave it")
        REDIRECT = "redirect", gettext_lazy("a redirect led there")
        CANONICAL = "canonical", gettext_lazy("the page names it as its own address")
        FEED_ID = "feed-id", gettext_lazy("a feed names it under the id of a known story")
        JOIN = "join", gettext_lazy("of an article that was joined to this one")

    article = models.ForeignKey(Article, models.CASCADE, related_name="addresses")
    address = models.TextField()
    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    learned = models.CharField(
        max_length=9,
        choices=Learned,
        blank=True,
        help_text=gettext_lazy("How it was learned that it leads there; empty where that was not noted."),
    )
    first_seen = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = gettext_lazy("addresses")

    def __str__(self) -> str:
        return self.address
