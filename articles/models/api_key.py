"""Keys of the API: who may ask for more than everybody."""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Self

from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

_PREFIX = "nd"


class ApiKeyQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def live(self, now: datetime) -> "ApiKeyQuerySet":
        """Those that have not ended."""
        return self.filter(Q(ends=None) | Q(ends__gt=now))


class ApiKey(models.Model):
    """A key, of which only a hash is kept: it is shown once, when it is made.

    It reads ``nd_<name>_<secret>``. By its name it is found, and its secret (256 random bits, which no list
    of passwords helps to guess, so that a plain SHA-256 is enough) is compared in constant time.
    """

    name = models.CharField(
        max_length=16,
        unique=True,
        editable=False,
        help_text=gettext_lazy("The part of it that is no secret."),
    )
    digest = models.CharField(max_length=64, editable=False)
    holder = models.CharField(max_length=200, help_text=gettext_lazy("Who has it, and what for."))
    texts = models.BooleanField(default=False, help_text=gettext_lazy("May read whole texts."))
    texts_wanted = models.BooleanField(
        default=False,
        help_text=gettext_lazy("Whoever asked for it wishes to read whole texts too: for you to decide."),
    )
    per_minute = models.PositiveIntegerField(
        default=600,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
        help_text=gettext_lazy("How many answers it gets a minute."),
    )
    created = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    ends = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("From then on it opens nothing. Empty: it has no end.")
    )
    last_used = models.DateField(null=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("API key")

    def __str__(self) -> str:
        return f"{_PREFIX}_{self.name}_…"

    def issue(self) -> str:
        """Give the key, not saved yet, its name and secret; the whole of it, which is nowhere kept."""
        self.name = secrets.token_hex(8)
        secret = secrets.token_urlsafe(32)
        self.digest = _digest(secret)
        return f"{_PREFIX}_{self.name}_{secret}"

    @classmethod
    def of(cls, text: str, now: datetime) -> Self | None:
        """The key that *text* is, where it is one that has not ended. One query; notes the day of its use."""
        prefix, _, rest = text.partition("_")
        name, _, secret = rest.partition("_")
        if prefix != _PREFIX or not name.isalnum() or not name.isascii():
            return None
        key: Self | None = cls.objects.filter(name=name[:16]).first()
        # Compared even where there is none, so that the time tells nothing.
        same = hmac.compare_digest(_digest(secret), key.digest if key else _NOBODYS)
        if key is None or not same or (key.ends and key.ends <= now):
            return None
        if key.last_used != now.date():
            cls.objects.filter(pk=key.pk).update(last_used=now.date())
        return key


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


_NOBODYS = "0" * 64
