"""Subscriptions of ours at WebSub hubs (W3C Recommendation): one a feed that names a hub."""

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.models.feed import Feed
from articles.models.notice import new_token

_SECRET_BYTES = 32


def new_hub_secret() -> str:
    """What a hub signs its pings with: of fewer than 200 bytes, as the Recommendation asks."""
    return secrets.token_urlsafe(_SECRET_BYTES)


class HubSubscription(models.Model):
    """That a hub is asked to tell us when a feed changes. It outlives the feed until the hub was told."""

    class State(models.TextChoices):
        WANTED = "wanted", gettext_lazy("not verified by the hub")
        ACTIVE = "active", gettext_lazy("active")
        LEAVING = "leaving", gettext_lazy("to be ended")

    feed = models.OneToOneField(Feed, models.SET_NULL, null=True, related_name="hub_subscription")
    hub = models.TextField()
    topic = models.TextField(help_text=gettext_lazy("By which address the hub knows the feed."))
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    secret = models.CharField(max_length=100, default=new_hub_secret, editable=False)
    state = models.CharField(max_length=7, choices=State, default=State.WANTED)
    asked = models.DateTimeField(null=True, help_text=gettext_lazy("When the hub was last asked."))
    lease_ends = models.DateTimeField(
        null=True, help_text=gettext_lazy("Until when the hub tells us, unless it is asked again before.")
    )
    next_attempt_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveIntegerField(default=0)
    last_problem = models.CharField(max_length=20, blank=True)
    last_ping = models.DateTimeField(null=True)
    pings = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=["next_attempt_at"], name="hub_next"),)

    def __str__(self) -> str:
        return self.topic
