"""The data: what is watched, every version seen, and what happened to each article.

Queries that pages and the watch ask live here, on querysets beside their model.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from articles import texts
from articles.extract import Rules
from articles.leases import Lease, LeaseQuerySet
from articles.validators import check_language, check_patterns, check_rules

ADDRESS_LENGTH = 2048
KEY_LENGTH = ADDRESS_LENGTH + 16
"""An address's key says https for http and www. for m., so it may be longer."""


class Source(models.Model):
    """A publication, with its rules, schedule and health."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(
        max_length=80, unique=True, help_text="Its name in addresses, /sources/…/. It should never change."
    )
    home_page = models.URLField(max_length=ADDRESS_LENGTH, blank=True)
    language = models.CharField(
        max_length=35,
        blank=True,
        validators=[check_language],
        help_text="Such as en or pt-BR. Used where a page does not say its own.",
    )
    enabled = models.BooleanField(
        default=True, help_text="Untick to pause: nothing of this source is fetched while it is off."
    )

    rules = models.JSONField(
        default=dict,
        blank=True,
        help_text="Extraction rules: lists of CSS or XPath selectors under keep, drop, headline, byline; "
        "regular expressions under drop_text.",
    )
    only_addresses = models.TextField(
        blank=True,
        help_text="Regular expressions, one a line: watch only article addresses that match one.",
    )
    not_addresses = models.TextField(
        blank=True,
        help_text="Regular expressions, one a line: watch no article address that matches one.",
    )
    obey_noarchive = models.BooleanField(
        default=True, help_text="Keep no text of pages that say noarchive.", verbose_name="obey noarchive"
    )

    floor_seconds = models.PositiveIntegerField(
        default=15 * 60, validators=[MinValueValidator(1)], help_text="The shortest wait between two checks."
    )
    ceiling_seconds = models.PositiveIntegerField(
        default=24 * 3600, validators=[MinValueValidator(1)], help_text="The longest wait between two checks."
    )
    age_divisor = models.PositiveSmallIntegerField(
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text="The wait is the article's age (since its last change) divided by this.",
    )
    retire_after_days = models.PositiveSmallIntegerField(
        default=40,
        validators=[MinValueValidator(1)],
        help_text="Days without a change after which an article is not checked again.",
    )
    feed_seconds = models.PositiveIntegerField(
        default=15 * 60,
        validators=[MinValueValidator(1)],
        help_text="The wait between two readings of a feed.",
    )
    confirm_text_seconds = models.PositiveIntegerField(
        default=600,
        help_text="A doubtful text (cut by half, say) is stored only if it is seen again after this long.",
    )
    confirm_removal_seconds = models.PositiveIntegerField(
        default=24 * 3600,
        help_text="An article not found (404) three times over this long is filed as removed; "
        "one gone (410) when it is still gone after a 24th of it.",
    )

    created = models.DateTimeField(default=timezone.now, editable=False)
    last_success = models.DateTimeField(null=True, blank=True, editable=False)
    errors_in_row = models.PositiveIntegerField(default=0, editable=False)
    last_error = models.TextField(blank=True, editable=False)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ceiling_seconds__gte=F("floor_seconds")),
                name="source_ceiling_not_under_floor",
                violation_error_message="The ceiling can't be shorter than the floor.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.slug])

    def clean(self) -> None:
        check_rules(self.rules)
        check_patterns("only_addresses", self.only_addresses)
        check_patterns("not_addresses", self.not_addresses)

    @property
    def extraction_rules(self) -> Rules | None:
        """The extraction rules in the form ``articles.extract`` takes, or None when there are none."""
        kept = {name: tuple(values) for name, values in self.rules.items() if values}
        return Rules(**kept) if kept else None


def host_name(address: str) -> str:
    """The name of the host that *address* is fetched from: host:port."""
    parts = urlsplit(address)
    return f"{parts.hostname}:{parts.port or (80 if parts.scheme == 'http' else 443)}"


class HostQuerySet(LeaseQuerySet):
    def for_address(self, address: str) -> "Host":
        """The host that *address* is fetched from, made when it is new."""
        host, _ = self.get_or_create(name=host_name(address))
        return host  # type: ignore[no-any-return]


class Host(Lease):
    """A server we are a guest of: who is talking to it, when it may next be asked, its robots.txt.

    The name is host:port; the lease makes sure that one worker at a time talks to it.
    """

    name = models.CharField(max_length=300, unique=True)
    next_allowed = models.DateTimeField(default=timezone.now)
    paused_until = models.DateTimeField(
        null=True, blank=True, help_text="Left alone after repeated failures."
    )
    last_visited = models.DateTimeField(null=True, blank=True)
    delay_seconds = models.FloatField(default=0, help_text="What robots.txt asks for as crawl delay.")
    robots_text = models.TextField(blank=True)
    robots_status = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty: never answered."
    )
    robots_fetched = models.DateTimeField(null=True, blank=True)
    robots_tried = models.DateTimeField(
        null=True, blank=True, help_text="When no newer one could be had than what is kept."
    )
    failures = models.PositiveIntegerField(default=0)
    pauses = models.PositiveSmallIntegerField(
        default=0, help_text="Pauses in a row after repeated failures; each doubles the next."
    )

    objects = HostQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class FeedQuerySet(LeaseQuerySet):
    def due(self, now: datetime) -> "FeedQuerySet":
        """Those of sources not paused whose next reading has come."""
        return self.filter(next_check_at__lte=now, source__enabled=True)


class Feed(Lease):
    """An address that names articles."""

    class Kind(models.TextChoices):
        FEED = "feed", "RSS, Atom or JSON feed"
        SITEMAP = "sitemap", "news sitemap"
        SECTION = "section", "section page"

    source = models.ForeignKey(Source, models.CASCADE, related_name="feeds")
    address = models.URLField(max_length=ADDRESS_LENGTH)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.FEED)
    host = models.ForeignKey(Host, models.PROTECT, editable=False, related_name="feeds")
    etag = models.CharField(max_length=1024, blank=True, editable=False)
    last_modified = models.CharField(max_length=1024, blank=True, editable=False)
    asked_plainly = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it was last asked for without conditions."
    )
    next_check_at = models.DateTimeField(default=timezone.now, editable=False)
    last_checked = models.DateTimeField(null=True, blank=True, editable=False)
    last_success = models.DateTimeField(null=True, blank=True, editable=False)
    errors_in_row = models.PositiveIntegerField(default=0, editable=False)
    last_error = models.TextField(blank=True, editable=False)

    objects = FeedQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "address"], name="feed_once_per_source"),)
        indexes = (models.Index(fields=["host", "next_check_at"], name="feed_due"),)

    def __str__(self) -> str:
        return self.address

    def save(self, *args: object, **kwargs: object) -> None:
        self.host = Host.objects.for_address(self.address)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class ArticleQuerySet(LeaseQuerySet):
    def visible(self) -> "ArticleQuerySet":
        """Those that readers may see."""
        return self.filter(hidden=False)

    def due(self, now: datetime) -> "ArticleQuerySet":
        """Those of sources not paused whose next check has come, whoever may be working on them."""
        return self.filter(next_check_at__lte=now, source__enabled=True)


class Article(Lease):
    """One story at one canonical address."""

    class State(models.TextChoices):
        WATCHED = "watched"
        REMOVED = "removed"
        WITHHELD = "withheld"
        RETIRED = "retired"
        PAUSED = "paused"

    source = models.ForeignKey(Source, models.PROTECT, related_name="articles")
    host = models.ForeignKey(Host, models.PROTECT, related_name="articles")
    address = models.TextField(help_text="The canonical address.")
    language = models.CharField(max_length=35, blank=True)
    direction = models.CharField(max_length=3, default="ltr")
    headline = models.TextField(blank=True, help_text="As last seen; until then what the feed said.")
    published = models.DateTimeField(null=True, blank=True, help_text="As the page says.")
    modified = models.DateTimeField(
        null=True, blank=True, help_text="As the page says; a claim, never a time we saw."
    )
    first_seen = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State, default=State.WATCHED)
    hidden = models.BooleanField(default=False, help_text="Taken down: no reader sees it.")

    version_count = models.PositiveIntegerField(default=0)
    last_changed = models.DateTimeField(
        null=True, blank=True, help_text="When its last change was seen; empty when it never changed."
    )
    last_checked = models.DateTimeField(null=True, blank=True)
    last_success = models.DateTimeField(null=True, blank=True, help_text="When its text was last seen.")
    last_outcome = models.CharField(max_length=12, blank=True)
    last_reason = models.TextField(blank=True)
    checks_made = models.PositiveIntegerField(default=0)
    errors_in_row = models.PositiveIntegerField(default=0)
    next_check_at = models.DateTimeField(null=True, blank=True, default=timezone.now)

    etag = models.CharField(max_length=1024, blank=True)
    last_modified = models.CharField(max_length=1024, blank=True)
    asked_plainly = models.DateTimeField(
        null=True, blank=True, help_text="When it was last asked for without conditions."
    )
    body_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the page as last fetched.")
    text_hash = models.CharField(
        max_length=64, blank=True, help_text="Hash of the compared text now in force."
    )
    extractor_version = models.PositiveSmallIntegerField(default=0)
    rules_hash = models.CharField(
        max_length=64, blank=True, help_text="Of the extraction rules it was read with."
    )

    held_hash = models.CharField(
        max_length=64, blank=True, help_text="Hash of a doubtful text that waits to be seen again."
    )
    held_since = models.DateTimeField(null=True, blank=True)
    missing_since = models.DateTimeField(
        null=True, blank=True, help_text="When 404 or 410 was first seen in a row."
    )
    missing_count = models.PositiveSmallIntegerField(default=0)
    flip_flopping = models.BooleanField(
        default=False, help_text="It goes back and forth between two texts; no more versions from that."
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["host", "next_check_at"], name="article_due", condition=Q(next_check_at__isnull=False)
            ),
            models.Index(
                fields=["next_check_at"], name="article_next_check", condition=Q(next_check_at__isnull=False)
            ),
            models.Index(fields=["source", "-first_seen", "-id"], name="article_latest"),
        )

    def __str__(self) -> str:
        return self.headline or self.address

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.pk])

    @property
    def change_count(self) -> int:
        """How often it changed: version 1 is no change."""
        return max(self.version_count - 1, 0)

    @property
    def first_published_or_seen(self) -> datetime:
        return min(self.published, self.first_seen) if self.published else self.first_seen

    @property
    def changed_or_first_seen(self) -> datetime:
        """What its age counts from (product.md, "The decaying schedule")."""
        return self.last_changed or self.first_seen


class Capture(models.Model):
    """The page as last fetched, so that a newer extractor can read the old page anew."""

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True)
    url = models.TextField()
    content_type = models.CharField(max_length=200, blank=True)
    body = models.BinaryField(help_text="zlib")
    fetched = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.url} at {self.fetched:%Y-%m-%d %H:%M}"


class Address(models.Model):
    """An address that leads to an article; the key is its normalised form, by which it is found."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="addresses")
    address = models.TextField()
    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    first_seen = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return self.address


class VersionQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def changes(self) -> "VersionQuerySet":
        """Versions that differ from one before, in articles readers may see."""
        return self.filter(number__gt=1, hidden=False)

    def newest_first(self) -> "VersionQuerySet":
        return self.order_by("-seen", "-id")

    def before(self, seen: datetime, pk: int) -> "VersionQuerySet":
        """Those that come after (*seen*, *pk*) in a list of newest first."""
        # The plain bound is what lets the index be entered at its place.
        return self.filter(Q(seen__lt=seen) | Q(pk__lt=pk), seen__lte=seen)

    def for_lists(self) -> "VersionQuerySet":
        """With what a list shows of each, and without the texts."""
        return self.select_related("article", "source").defer("data")

    def texts(self, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, ...]]:
        """The paragraphs of many versions, each given as (article id, number), in one query."""
        wanted = set(wanted)
        chains = Q(pk__in=())
        for article, number in wanted:
            chains |= Q(article=article, number__gte=texts.base_of(number), number__lte=number)
        stored = {
            (article, number): bytes(data)
            for article, number, data in self.filter(chains).values_list("article", "number", "data")
        }
        return {
            (article, number): texts.unpack(
                stored[article, link] for link in range(texts.base_of(number), number + 1)
            )
            for article, number in wanted
        }


class Version(models.Model):
    """The headline, byline and paragraphs as seen at one time. It never changes."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="versions", help_text="The article's, kept here for the lists."
    )
    number = models.PositiveIntegerField()
    headline = models.TextField(blank=True)
    byline = models.TextField(blank=True)
    published = models.DateTimeField(null=True, blank=True)
    data = models.BinaryField(help_text="The paragraphs, packed (articles.texts).")
    text_hash = models.CharField(
        max_length=64, help_text="Of the compared text. Not unique: a story may go back."
    )
    seen = models.DateTimeField(help_text="When this text was first seen.")
    not_before = models.DateTimeField(
        null=True, blank=True, help_text="When the text before it was last seen."
    )
    extractor_version = models.PositiveSmallIntegerField()

    # What lists show, written in the transaction that makes the version.
    words = models.PositiveIntegerField(default=0)
    words_added = models.PositiveIntegerField(default=0)
    words_removed = models.PositiveIntegerField(default=0)
    badges = models.JSONField(default=list, blank=True, help_text="Kinds of change, as in articles.facts.")
    minor = models.BooleanField(default=False)
    headline_before = models.TextField(blank=True, help_text="The old headline where it changed.")
    excerpt = models.JSONField(
        default=list, blank=True, help_text="The most telling changed sentence, as spans."
    )
    hidden = models.BooleanField(default=False, help_text="The article's, kept here for the lists.")

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["article", "number"], name="version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_number_from_1"),
        )
        indexes = (
            models.Index(
                fields=["-seen", "-id"],
                name="version_recent",
                condition=Q(number__gt=1, minor=False, hidden=False),
            ),
            models.Index(
                fields=["-seen", "-id"], name="version_recent_all", condition=Q(number__gt=1, hidden=False)
            ),
            models.Index(
                fields=["source", "-seen", "-id"],
                name="version_by_source",
                condition=Q(number__gt=1, hidden=False),
            ),
        )

    def __str__(self) -> str:
        return f"Version {self.number} of {self.headline or self.article_id}"

    def get_absolute_url(self) -> str:
        return reverse("version", args=[self.article_id, self.number])

    @property
    def diff_url(self) -> str:
        """The change that made this version: it against the one before."""
        return reverse("diff", args=[self.article_id, self.number - 1, self.number])

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text. Costs one query unless it is stored whole."""
        if not hasattr(self, "_paragraphs"):
            chain = [bytes(self.data)]
            if not texts.is_whole(self.number):
                before = Version.objects.filter(
                    article_id=self.article_id, number__gte=texts.base_of(self.number), number__lt=self.number
                )
                chain = [
                    *(bytes(data) for data in before.order_by("number").values_list("data", flat=True)),
                    *chain,
                ]
            self._paragraphs = texts.unpack(chain)
        return self._paragraphs

    if TYPE_CHECKING:
        _paragraphs: tuple[str, ...]


class EventQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def visible(self) -> "EventQuerySet":
        """Those of articles readers may see."""
        return self.filter(hidden=False)

    def newest_first(self) -> "EventQuerySet":
        return self.order_by("-at", "-id")

    def before(self, at: datetime, pk: int) -> "EventQuerySet":
        """Those that come after (*at*, *pk*) in a list of newest first."""
        return self.filter(Q(at__lt=at) | Q(pk__lt=pk), at__lte=at)


class Event(models.Model):
    """Something that happened to the article itself."""

    class Kind(models.TextChoices):
        REMOVED = "removed"
        RESTORED = "restored"
        MOVED = "moved"
        WITHHELD = "withheld"

    article = models.ForeignKey(Article, models.CASCADE, related_name="events")
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="events", help_text="The article's, kept here for the lists."
    )
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField()
    detail = models.TextField(blank=True)
    hidden = models.BooleanField(default=False, help_text="The article's, kept here for the lists.")

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["-at", "-id"], name="event_recent", condition=Q(hidden=False)),
            models.Index(fields=["source", "-at", "-id"], name="event_by_source", condition=Q(hidden=False)),
        )

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"


class Heartbeat(models.Model):
    """When a part of the machine last did its work: the dispatcher tells here that a worker runs."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def beat(cls, name: str) -> None:
        cls.objects.update_or_create(name=name, defaults={"at": timezone.now()})

    @classmethod
    def seconds_since(cls, name: str) -> float | None:
        """Seconds since *name* last beat; None when it never did."""
        row = cls.objects.filter(name=name).first()
        return (timezone.now() - row.at).total_seconds() if row else None
