"""Notices: what waits to be told, who wants to be told of what, and what is being told to whom.

An announcement is written in the transaction that stores a change; notices are made of it, one a subscription
that asks for such a change; deliveries carry notices out, one or many at once.
"""

import secrets
import uuid
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.models.article import Article
from articles.models.event import Event
from articles.models.lease import Lease, LeaseQuerySet
from articles.models.prepared import PreparedInsert
from articles.models.version import Version

_TOKEN_BYTES = 24


def new_token() -> str:
    """What nobody guesses, for an address."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


class Announcement(models.Model):
    """A version or event just stored, of which no notices were made yet."""

    version = models.OneToOneField(Version, models.CASCADE, null=True)
    event = models.OneToOneField(Event, models.CASCADE, null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(version=None, event__isnull=False) | Q(version__isnull=False, event=None),
                name="announcement_of_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.version_id or self.event_id}"


class Way(models.TextChoices):
    """How somebody is told."""

    EMAIL = "email", gettext_lazy("E-mail")
    FEED = "feed", gettext_lazy("A feed of its own")
    WEBHOOK = "webhook", gettext_lazy("Webhook")
    SLACK = "slack", "Slack"
    DISCORD = "discord", "Discord"
    MATTERMOST = "mattermost", "Mattermost"
    TEAMS = "teams", "Microsoft Teams"
    TELEGRAM = "telegram", "Telegram"
    MATRIX = "matrix", "Matrix"
    NTFY = "ntfy", "ntfy"
    MASTODON = "mastodon", "Mastodon"
    BLUESKY = "bluesky", "Bluesky"


class SubscriptionQuerySet(LeaseQuerySet):
    def active(self) -> "SubscriptionQuerySet":
        """Those that are told."""
        return self.filter(state=Subscription.State.ACTIVE)


class Subscription(Lease):
    """Who wants to be told of what, and how. A reader's address is personal data, and goes with it."""

    class Frequency(models.TextChoices):
        AT_ONCE = "at-once", gettext_lazy("at once")
        DAILY = "daily", gettext_lazy("once a day")
        WEEKLY = "weekly", gettext_lazy("once a week")

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", gettext_lazy("waits for its confirmation")
        ACTIVE = "active", gettext_lazy("active")
        OFF = "off", gettext_lazy("switched off")

    class Stopped(models.TextChoices):
        GONE = "gone", gettext_lazy("the receiver said that it is gone (410)")
        FAILED = "failed", gettext_lazy("nothing could be delivered for a day")
        BOUNCED = "bounced", gettext_lazy("the mail server knows no such address")
        BY_HAND = "by-hand", gettext_lazy("by hand")

    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    way = models.CharField(max_length=10, choices=Way)
    state = models.CharField(max_length=11, choices=State, default=State.UNCONFIRMED)
    stopped = models.CharField(max_length=7, choices=Stopped, blank=True, default="")
    frequency = models.CharField(max_length=7, choices=Frequency, default=Frequency.AT_ONCE)
    name = models.CharField(
        max_length=200, blank=True, help_text=gettext_lazy("What those who run the site call it.")
    )
    query = models.CharField(
        max_length=2000,
        blank=True,
        help_text=gettext_lazy("The filters, as the address of the list of changes has them."),
    )
    article = models.ForeignKey(
        Article,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=gettext_lazy("Only changes of this article."),
    )
    sentence = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("Only when these words change: a TextQuoteSelector (W3C)."),
    )
    watch_until = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("The article is checked until then, however old.")
    )
    owner = models.ForeignKey(User, models.CASCADE, null=True, blank=True, editable=False, related_name="+")
    email = models.EmailField(max_length=254, blank=True)
    receiver = models.CharField(
        max_length=2000, blank=True, help_text=gettext_lazy("The address to which notices are posted.")
    )
    account = models.CharField(
        max_length=200,
        blank=True,
        help_text=gettext_lazy("Of a bot: its account; of Telegram: the chat; of Matrix: the room."),
    )
    secret = models.CharField(
        max_length=500,
        blank=True,
        help_text=gettext_lazy("What signs a webhook, or the token or password of an account."),
    )
    most_a_day = models.PositiveIntegerField(default=100, help_text=gettext_lazy("Posts of a bot in a day."))
    approve = models.BooleanField(
        default=False, help_text=gettext_lazy("A person looks at each post before it is sent.")
    )
    language = models.CharField(max_length=10, blank=True)
    group = models.CharField(
        max_length=40,
        blank=True,
        editable=False,
        help_text=gettext_lazy("The same of all that were asked for as one list."),
    )
    made = models.DateTimeField(default=timezone.now, editable=False)
    asked = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=gettext_lazy("When its confirmation was asked for.")
    )
    confirmed = models.DateTimeField(null=True, blank=True, editable=False)
    tested = models.DateTimeField(null=True, blank=True, editable=False)
    owner_told = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=gettext_lazy("That it was switched off.")
    )
    digest_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=gettext_lazy("When the next digest is due.")
    )
    failures = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    next_attempt_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_problem = models.CharField(max_length=20, blank=True, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["email"], name="subscription_email", condition=~Q(email="")),
            models.Index(fields=["group"], name="subscription_group", condition=~Q(group="")),
            models.Index(
                fields=["article", "watch_until"],
                name="subscription_watch",
                condition=Q(watch_until__isnull=False),
            ),
        )

    def __str__(self) -> str:
        # No address: this stands in logs.
        return f"{self.name or self.get_way_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("subscription", args=[self.token])

    def confirm(self, now: datetime) -> None:
        """Have it be told of what is found from now on."""
        self.state, self.stopped, self.confirmed = self.State.ACTIVE, "", self.confirmed or now
        self.failures, self.failing_since, self.next_attempt_at, self.last_problem = 0, None, None, ""
        self.digest_at = now + self.period if self.period else None
        self.save()
        self.watch_on()

    @property
    def period(self) -> timedelta | None:
        """The time between two digests; None when all is told at once."""
        return {self.Frequency.DAILY: timedelta(days=1), self.Frequency.WEEKLY: timedelta(days=7)}.get(
            self.Frequency(self.frequency)
        )

    def watch_on(self) -> None:
        """Have the article checked as long as this subscription asks for, retired or not."""
        if self.article_id is None or self.watch_until is None:
            return
        longer = Q(watch_until=None) | Q(watch_until__lt=self.watch_until)
        Article.objects.filter(longer, pk=self.article_id).update(watch_until=self.watch_until)
        retired = Article.objects.filter(pk=self.article_id, state=Article.State.RETIRED)
        retired.update(state=Article.State.WATCHED, next_check_at=timezone.now())


class Delivery(models.Model):
    """What is told to one receiver at once: a change, or many in a digest."""

    class Outcome(models.TextChoices):
        SENT = "sent", gettext_lazy("Sent")
        DROPPED = "dropped", gettext_lazy("Dropped")
        GIVEN_UP = "given-up", gettext_lazy("Given Up")
        REFUSED = "refused", gettext_lazy("Refused")

    key = models.UUIDField(
        unique=True,
        default=uuid.uuid4,
        editable=False,
        help_text=gettext_lazy("The same at each attempt: receivers tell by it what they had already."),
    )
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    digest = models.BooleanField(default=False)
    approved = models.BooleanField(default=True, help_text=gettext_lazy("It may be sent."))
    made = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    posted_as = models.CharField(
        max_length=500, blank=True, help_text=gettext_lazy("By which id a network knows the post.")
    )

    class Meta:
        verbose_name_plural = gettext_lazy("deliveries")
        indexes = (
            models.Index(fields=["subscription", "id"], name="delivery_waiting", condition=Q(ended=None)),
            models.Index(fields=["ended"], name="delivery_ended", condition=Q(ended__isnull=False)),
        )

    def __str__(self) -> str:
        return str(self.key)


class Notice(models.Model):
    """That one subscription is to be told of one change or event: once, whatever happens."""

    class Sentence(models.TextChoices):
        CHANGED = "changed", gettext_lazy("changed")
        MOVED = "moved", gettext_lazy("moved")
        GONE = "gone", gettext_lazy("is gone")
        BACK = "back", gettext_lazy("is back")

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="notices")
    version = models.ForeignKey(Version, models.CASCADE, null=True, related_name="+")
    event = models.ForeignKey(Event, models.CASCADE, null=True, related_name="+")
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="+", help_text=gettext_lazy("Whose change it was then.")
    )
    number = models.PositiveIntegerField(
        null=True, help_text=gettext_lazy("The version's, then: one that was joined since has another.")
    )
    sentence = models.CharField(max_length=7, choices=Sentence, blank=True)
    due = models.DateTimeField()
    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, related_name="notices")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["subscription", "version"], name="notice_of_version_once"),
            models.UniqueConstraint(fields=["subscription", "event"], name="notice_of_event_once"),
        )
        indexes = (
            models.Index(
                fields=["subscription", "due"], name="notice_waiting", condition=Q(delivery__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.subscription_id}: {self.version_id or self.event_id}"

    @property
    def stood_in(self) -> int | None:
        """The last version up to this change in which the watched sentence stood."""
        if self.number is None or not self.sentence:
            return None
        left = self.sentence in (self.Sentence.CHANGED, self.Sentence.GONE)
        return self.number - 1 if left else self.number

    @property
    def is_shown(self) -> bool:
        """Whether it may be told: readers may see the change, and it is where it was."""
        if self.article.hidden or self.article.purged:
            return False
        if self.version is None:
            return self.event is not None and not self.event.hidden
        version = self.version
        place = version.article_id, version.number
        hidden = version.hidden or version.hidden_itself or version.follows_hidden
        return not hidden and place == (self.article_id, self.number)


class ArchivedCopy(models.Model):
    """What became of asking web.archive.org to save the page of a version."""

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("waits to be asked for")
        ASKED = "asked", gettext_lazy("asked for")
        SAVED = "saved", gettext_lazy("saved")
        REFUSED = "refused", gettext_lazy("refused")
        FAILED = "failed", gettext_lazy("failed")

    version = models.OneToOneField(Version, models.CASCADE, related_name="archived_copy")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    job = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=2500, blank=True)
    code = models.CharField(max_length=100, blank=True, help_text=gettext_lazy("What the archive said."))
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now, null=True)

    class Meta:
        verbose_name_plural = gettext_lazy("archived copies")
        indexes = (
            models.Index(
                fields=["next_attempt_at"],
                name="archived_copy_next",
                condition=Q(next_attempt_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.version_id} {self.state}"


def announce(version: Version | None = None, event: Event | None = None) -> None:
    """Have notices made of what was just stored; to be called in the same transaction."""
    _ANNOUNCE.insert(Announcement(version=version, event=event))


_ANNOUNCE = PreparedInsert(Announcement)
