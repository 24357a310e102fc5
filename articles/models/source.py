"""A publication that is watched."""

from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy

from articles.extract import Rules
from articles.models.address_length import ADDRESS_LENGTH
from articles.models.validators import check_language, check_patterns, check_rules


class Source(models.Model):
    """A publication, with its rules, schedule and health."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(
        max_length=80,
        unique=True,
        help_text=gettext_lazy("Its name in addresses, /sources/…/. It should never change."),
    )
    home_page = models.URLField(max_length=ADDRESS_LENGTH, blank=True)
    language = models.CharField(
        max_length=35,
        blank=True,
        validators=[check_language],
        help_text=gettext_lazy("Such as en or pt-BR. Used where a page does not say its own."),
    )
    enabled = models.BooleanField(
        default=True,
        help_text=gettext_lazy("Untick to pause: nothing of this source is fetched while it is off."),
    )

    rules = models.JSONField(
        default=dict,
        blank=True,
        help_text=gettext_lazy(
            "Extraction rules: lists of CSS or XPath selectors under keep, drop, headline, byline; "
            "regular expressions under drop_text."
        ),
    )
    only_addresses = models.TextField(
        blank=True,
        help_text=gettext_lazy(
            "Regular expressions, one a line: watch only article addresses that match one."
        ),
    )
    not_addresses = models.TextField(
        blank=True,
        help_text=gettext_lazy("Regular expressions, one a line: watch no article address that matches one."),
    )
    obey_noarchive = models.BooleanField(
        default=True,
        help_text=gettext_lazy("Keep no text of pages that say noarchive."),
        verbose_name=gettext_lazy("obey noarchive"),
    )

    floor_seconds = models.PositiveIntegerField(
        default=15 * 60,
        validators=[MinValueValidator(1)],
        help_text=gettext_lazy("The shortest wait between two checks."),
    )
    ceiling_seconds = models.PositiveIntegerField(
        default=24 * 3600,
        validators=[MinValueValidator(1)],
        help_text=gettext_lazy("The longest wait between two checks."),
    )
    age_divisor = models.PositiveSmallIntegerField(
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=gettext_lazy("The wait is the article's age (since its last change) divided by this."),
    )
    retire_after_days = models.PositiveSmallIntegerField(
        default=40,
        validators=[MinValueValidator(1)],
        help_text=gettext_lazy("Days without a change after which an article is not checked again."),
    )
    feed_seconds = models.PositiveIntegerField(
        default=15 * 60,
        validators=[MinValueValidator(1)],
        help_text=gettext_lazy("The wait between two readings of a feed."),
    )
    confirm_text_seconds = models.PositiveIntegerField(
        default=600,
        help_text=gettext_lazy(
            "A doubtful text (cut by half, say) is stored only if it is seen again after this long."
        ),
    )
    confirm_removal_seconds = models.PositiveIntegerField(
        default=24 * 3600,
        help_text=gettext_lazy(
            "An article not found (404) three times over this long is filed as removed; one gone "
            "(410) when it is still gone after a 24th of it."
        ),
    )

    new_articles_per_hour = models.PositiveIntegerField(
        default=500,
        validators=[MinValueValidator(1)],
        help_text=gettext_lazy(
            "At most so many new articles are taken from its feeds in an hour; the others wait until "
            "a feed names them again."
        ),
    )
    versions_per_day = models.PositiveIntegerField(
        default=40,
        validators=[MinValueValidator(1)],
        help_text=gettext_lazy(
            "At most so many versions of one article are kept in 24 hours; a text that stands longer "
            "than that is kept afterwards."
        ),
    )

    page_seconds = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(45)],
        help_text=gettext_lazy("The seconds a page may take. Empty: what FETCH_PAGE_SECONDS says."),
    )
    page_megabytes = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=gettext_lazy("The size a page may have. Empty: what FETCH_PAGE_MEGABYTES says."),
    )
    feed_seconds_limit = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(45)],
        help_text=gettext_lazy(
            "The seconds a feed or sitemap may take. Empty: what FETCH_FEED_SECONDS says."
        ),
    )
    feed_megabytes = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
        help_text=gettext_lazy("The size a feed or sitemap may have. Empty: what FETCH_FEED_MEGABYTES says."),
    )

    created = models.DateTimeField(default=timezone.now, editable=False)
    # Of an article; see last_feed_read for its feeds.
    last_success = models.DateTimeField(null=True, blank=True, editable=False)
    errors_in_row = models.PositiveIntegerField(default=0, editable=False)
    last_error = models.TextField(blank=True, editable=False)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ceiling_seconds__gte=F("floor_seconds")),
                name="source_ceiling_not_under_floor",
                violation_error_message=gettext_lazy("The ceiling can't be shorter than the floor."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.slug])

    def clean(self) -> None:
        check_rules(self.rules)
        if self.only_addresses or self.not_addresses:
            addresses = self._addresses_to_try()
            check_patterns("only_addresses", self.only_addresses, addresses)
            check_patterns("not_addresses", self.not_addresses, addresses)

    def _addresses_to_try(self) -> list[str]:
        """Some that its address filters are for."""
        newest = self.articles.order_by("-pk").values_list("address", flat=True) if self.pk else ()
        return [*newest[:50], *filter(None, [self.home_page])]

    @property
    def last_feed_read(self) -> datetime | None:
        """Return when a feed of it was last read. A query, unless its feeds are at hand."""
        read = (feed.last_success for feed in self.feeds.all() if feed.last_success)
        return max(read, default=None)

    @property
    def extraction_rules(self) -> Rules | None:
        """The extraction rules in the form ``articles.extract`` takes, or None when there are none."""
        kept = {name: tuple(values) for name, values in self.rules.items() if values}
        return Rules(**kept) if kept else None


def free_slug(name: str) -> str:
    """A slug for *name* that no source has yet."""
    wanted = slugify(name)[:70] or "source"
    slug, number = wanted, 1
    while Source.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{wanted}-{number}"
    return slug
