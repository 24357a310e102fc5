"""What tells that two addresses are one story: the feeds' own ids, joins of articles, and pairs proposed."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.models.address_length import KEY_LENGTH
from articles.models.article import Article
from articles.models.feed import Feed

ID_LENGTH = 600
"""Characters of a feed's own id, as ``articles.fetch`` hands it on."""

TRUSTED_OVER = timedelta(days=30)
"""The time over which a feed's ids must rarely change their link."""

IDS_PER_CHANGE = 20
"""A feed's ids are trusted while fewer than one of so many changed its link in that time: ids of places in a
list change all the time."""

EARLIER_KEPT = 8
"""Links that an id had before, by which it is seen to go back to one."""


class FeedIdQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def change_counts(self, feed: Feed, now: datetime) -> tuple[int, int]:
        """Return how many ids *feed* named in the last 30 days, and how many of these changed their link
        then."""
        since = now - TRUSTED_OVER
        counted = self.filter(feed=feed, last_seen__gte=since).aggregate(
            named=models.Count("pk"), changed=models.Count("pk", filter=Q(changed__gte=since))
        )
        return counted["named"], counted["changed"]


class FeedId(models.Model):
    """A feed's own identity of a story (guid, atom:id, id), and the link it names for it."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="ids")
    guid = models.CharField(max_length=ID_LENGTH)
    article = models.ForeignKey(Article, models.CASCADE, related_name="feed_ids")
    key = models.CharField(
        max_length=KEY_LENGTH, help_text=gettext_lazy("Of its link, as the feed last named it.")
    )
    earlier = models.JSONField(
        default=list, help_text=gettext_lazy("Digests of the links it had before, the last ones.")
    )
    first_seen = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(
        default=timezone.now, help_text=gettext_lazy("When the feed last named it, give or take a day.")
    )
    changed = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("When it last came with another link.")
    )

    objects = FeedIdQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("feed’s own id")
        constraints = (models.UniqueConstraint(fields=["feed", "guid"], name="feed_id_once"),)
        indexes = (models.Index(fields=["feed", "last_seen"], name="feed_id_lately"),)

    def __str__(self) -> str:
        return self.guid


class Evidence(models.TextChoices):
    """The evidence that two articles are one story."""

    REDIRECT = "redirect", gettext_lazy("one address redirects to the other")
    CANONICAL = "canonical", gettext_lazy("one page names the other as its canonical address")
    SAME_TEXT = "same-text", gettext_lazy("both gave the same text within an hour")
    FEED_ID = "feed-id", gettext_lazy("the feed gives both the same id")
    LIKENESS = "likeness", gettext_lazy("both texts are alike")
    PERSON = "person", gettext_lazy("a person said so")


class Join(models.Model):
    """Two articles that were found to be one story. The older one stays."""

    older = models.ForeignKey(Article, models.CASCADE, related_name="joins")
    younger = models.ForeignKey(Article, models.CASCADE, related_name="joined_by")
    at = models.DateTimeField(default=timezone.now)
    evidence = models.CharField(max_length=9, choices=Evidence)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    taken_from = models.PositiveIntegerField(
        null=True,
        help_text=gettext_lazy("The number at the younger article of the first version taken over."),
    )
    taken_to = models.PositiveIntegerField(
        null=True, help_text=gettext_lazy("The number that this version has at the older article.")
    )
    before = models.JSONField(
        default=dict, help_text=gettext_lazy("What both were before, by which it is undone.")
    )
    undone = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["younger"], name="join_of", condition=Q(undone=None)),)

    def __str__(self) -> str:
        return f"{self.younger_id} → {self.older_id}"


class Proposal(models.Model):
    """Two articles that may be one story: their texts are alike, and nothing else says so."""

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("waits for a decision")
        JOINED = "joined", gettext_lazy("joined")
        APART = "apart", gettext_lazy("two stories")

    older = models.ForeignKey(Article, models.CASCADE, related_name="+")
    younger = models.ForeignKey(Article, models.CASCADE, related_name="+")
    evidence = models.CharField(max_length=9, choices=Evidence)
    share = models.FloatField(
        help_text=gettext_lazy("Of the words of the shorter text, how many stand in the longer one in runs.")
    )
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    decided = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("pair that may be one story")
        verbose_name_plural = gettext_lazy("pairs that may be one story")
        constraints = (
            models.UniqueConstraint(fields=["older", "younger"], name="proposal_once"),
            models.CheckConstraint(condition=~Q(older=F("younger")), name="proposal_of_two"),
        )
        indexes = (models.Index(fields=["-at"], name="proposal_open", condition=Q(state="open")),)

    def __str__(self) -> str:
        return f"{self.older_id}, {self.younger_id}"
