"""Taking articles down: what was asked, what was done, and what is never fetched again."""

import hashlib
import secrets
from collections.abc import Iterable
from typing import ClassVar, TypeVar

from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.fetch import address_key, former_key
from articles.models.article import Article
from articles.models.prepared import Prepared
from articles.models.source import Source

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of a reference: none that is taken for another when it is read out."""

_Named = TypeVar("_Named")


class Reason(models.TextChoices):
    """Why an article is to be taken down, in the words that the public log has too."""

    LEGAL = "legal", gettext_lazy("Court order or other legal reason")
    PERSONAL = "personal", gettext_lazy("Personal data")
    WRONG = "wrong", gettext_lazy("Wrong or dangerous")
    COPYRIGHT = "copyright", gettext_lazy("Copyright")
    OTHER = "other", gettext_lazy("Another reason")

    @property
    def usual_status(self) -> int:
        """The HTTP status that says it: 451 where the law asks for it, else 410."""
        return 451 if self is Reason.LEGAL else 410


def new_reference() -> str:
    """Return a new name for a request: nobody guesses it (59 bits), and it can be read out:
    7KQ2-M9XW-4HPD."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join(letters[at : at + 4] for at in range(0, 12, 4))


class Takedown(models.Model):
    """Somebody asks for an article to be taken down."""

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("open")
        HIDDEN = "hidden", gettext_lazy("taken down")
        PARTLY = "partly", gettext_lazy("some versions taken down")
        PURGED = "purged", gettext_lazy("deleted")
        SHOWN = "shown", gettext_lazy("shown again")
        REFUSED = "refused", gettext_lazy("refused")
        DROPPED = "dropped", gettext_lazy("no request at all")

    reference = models.CharField(max_length=14, unique=True, default=new_reference, editable=False)
    article = models.ForeignKey(
        Article,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="takedowns",
        help_text=gettext_lazy("If it is known."),
    )
    address = models.TextField(help_text=gettext_lazy("As it was given."))
    reason = models.CharField(max_length=9, choices=Reason)
    text = models.TextField(blank=True)
    name = models.TextField(gettext_lazy("who asks"), blank=True)
    email = models.EmailField("e-mail", blank=True)
    asked = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    decided = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, help_text=gettext_lazy("What whoever asked is told."))

    OPEN_FIRST: ClassVar = (F("decided").desc(nulls_first=True), "-pk")

    class Meta:
        verbose_name = gettext_lazy("takedown request")

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("takedown-receipt", args=[self.reference])


class TakedownStepQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def newest_first(self) -> "TakedownStepQuerySet":
        return self.order_by("-pk")

    def why_hidden(self, article: Article, *numbers: int) -> "TakedownStep | None":
        """The step that hid *article*, or the one of its versions *numbers*; None where none was noted.

        A version that came after the latest one was hidden is hidden for the same reason.
        """
        steps: models.QuerySet[TakedownStep] = self.filter(article=article).order_by("-pk")
        if not numbers:
            whole = (TakedownStep.What.HIDDEN, TakedownStep.What.PURGED)
            return steps.filter(what__in=whole).first()
        partly = list(steps.filter(what=TakedownStep.What.PARTLY))
        its_own = (step for step in partly if not set(numbers).isdisjoint(step.versions))
        before_it = (step for step in partly if max(step.versions, default=0) < max(numbers))
        return next(its_own, None) or next(before_it, None)


class TakedownStep(models.Model):
    """One step that was taken, and when: the public log. It names nobody and nothing but the source."""

    class What(models.TextChoices):
        HIDDEN = "hidden", gettext_lazy("An article was taken down")
        PARTLY = "partly", gettext_lazy("Some versions of an article were taken down")
        SHOWN = "shown", gettext_lazy("An article, or versions of one, were shown again")
        PURGED = "purged", gettext_lazy("The texts of an article were deleted")
        REFUSED = "refused", gettext_lazy("A request was refused")

    at = models.DateTimeField(default=timezone.now)
    what = models.CharField(max_length=7, choices=What)
    reason = models.CharField(max_length=9, choices=Reason, default=Reason.OTHER)
    status = models.PositiveSmallIntegerField(
        choices=[(451, gettext_lazy("451 (for legal reasons)")), (410, "410 (gone)")],
        default=410,
        help_text=gettext_lazy("What the article's pages answer."),
    )
    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="+")
    article = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="takedown_steps")
    takedown = models.ForeignKey(Takedown, models.SET_NULL, null=True, related_name="steps")
    versions = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("The numbers of the versions, if not all of them.")
    )
    scrubbed = models.DateTimeField(
        null=True,
        blank=True,
        help_text=gettext_lazy(
            "Of a deletion: when the database's files were cleared of what was left in them."
        ),
    )

    objects = TakedownStepQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("takedown log entry")
        verbose_name_plural = gettext_lazy("takedown log")

    def __str__(self) -> str:
        return f"{self.get_what_display()} at {self.at:%Y-%m-%d %H:%M}"


class TombstoneQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def bars(self, *addresses: str) -> bool:
        """Return whether any of *addresses* leads to what was deleted for good."""
        keys = {one(address) for address in addresses for one in (address_key, former_key)}
        return Tombstone.any_of(map(digest_of, keys))

    def not_barred(self, named: "dict[_Named, str]") -> "list[_Named]":
        """Return those of *named*, each with its address's key, that may be fetched; one query."""
        digests = {one: digest_of(key) for one, key in named.items()}
        barred = set(self.filter(digest__in=digests.values()).values_list("digest", flat=True))
        return [one for one, digest in digests.items() if digest not in barred]


class Tombstone(models.Model):
    """An address of an article deleted for good: it is never fetched again.

    It holds a digest, as the address itself may tell what was to be forgotten. The digest is a plain SHA-256:
    one with the secret key would be worth nothing once the key changes, or beside another one after a
    restore, and then what was deleted would come back. Who has the database can still try out addresses that
    he knows already.
    """

    digest = models.CharField(
        max_length=64, primary_key=True, help_text=gettext_lazy("SHA-256 of the address's key.")
    )
    article = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="tombstones")
    at = models.DateTimeField(default=timezone.now)

    objects = TombstoneQuerySet.as_manager()

    def __str__(self) -> str:
        return self.digest

    @staticmethod
    def any_of(digests: Iterable[str]) -> bool:
        """Return whether any of *digests* is one; there are a few at most."""
        numbered = {f"digest_{number}": digest for number, digest in enumerate(sorted(digests))}
        return bool(numbered) and _FIRST_OF.first(**numbered) is not None

    @classmethod
    def put(cls, keys: Iterable[str], article: Article | None) -> None:
        """Bar these addresses, given by their keys, from ever being fetched."""
        cls.objects.bulk_create(
            [cls(digest=digest_of(key), article=article) for key in keys], ignore_conflicts=True
        )


_FIRST_OF = Prepared(
    lambda **digests: Tombstone.objects.filter(digest__in=list(digests.values())).values_list("pk")[:1]
)


def feed_id_key(feed_id: int, guid: str) -> str:
    """Return the key by which a feed's own id of an article is barred, in place of an address's key."""
    return f"feed-id:{feed_id}:{guid}"


def text_key(source_id: int, text_hash: str) -> str:
    """Return the key by which a text of a source is barred."""
    return f"text:{source_id}:{text_hash}"


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
