"""The texts seen."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Func, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.facts import HEADLINE, REVERTED
from articles.models import text_storage
from articles.models.article import Article
from articles.models.source import Source


def _has_badge(badge: str) -> Q:
    """The condition that a change has the *badge*, one of ours.

    The badge stands in the SQL itself: with a parameter in its place SQLite would not see that the condition
    is that of an index. Of four per cent signs one is left, as template and statement are both filled in.
    """
    if not badge.isidentifier():
        raise ValueError(f"{badge!r} is no badge.")
    like = f"CAST(%(expressions)s AS text) LIKE '%%%%\"{badge}\"%%%%'"
    return Q(Func("badges", template=like, output_field=models.BooleanField()))


class VersionQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def changes(self) -> "VersionQuerySet":
        """Versions that differ from one before, where readers may see both."""
        return self.filter(number__gt=1, hidden=False, follows_hidden=None)

    def with_badge(self, badge: str) -> "VersionQuerySet":
        return self.filter(_has_badge(badge))

    def visible(self) -> "VersionQuerySet":
        """Those whose text readers of their article may see."""
        return self.filter(hidden_itself=None)

    def newest_first(self) -> "VersionQuerySet":
        return self.order_by("-seen", "-id")

    def before(self, seen: datetime, pk: int) -> "VersionQuerySet":
        """Those that come after (*seen*, *pk*) in a list of newest first."""
        # The plain bound is what lets the index be entered at its place.
        return self.filter(Q(seen__lt=seen) | Q(pk__lt=pk), seen__lte=seen)

    def oldest_first(self) -> "VersionQuerySet":
        return self.order_by("seen", "id")

    def after(self, seen: datetime, pk: int) -> "VersionQuerySet":
        """Those that come before (*seen*, *pk*) in a list of newest first."""
        return self.filter(Q(seen__gt=seen) | Q(pk__gt=pk), seen__gte=seen)

    def for_lists(self) -> "VersionQuerySet":
        """With what a list shows of each, and without the texts."""
        return self.select_related("article", "source").without_texts()

    def without_texts(self) -> "VersionQuerySet":
        return self.defer("data", "previous_reextracted")

    def texts(self, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, ...]]:
        """The paragraphs of many versions, each given as (article id, number), in one query."""
        wanted = set(wanted)
        return _unpacked(self._stored(wanted), wanted)

    def changed_texts(
        self, wanted: Iterable[tuple[int, int]]
    ) -> dict[tuple[int, int], tuple[tuple[str, ...], tuple[str, ...]]]:
        """The paragraphs of many changes, each given as (article id, number of the later version), in one
        query: what was compared, and what it became."""
        wanted = set(wanted)
        both = wanted | {(article, number - 1) for article, number in wanted}
        stored = self._stored(both)
        found = _unpacked(stored, both)
        changes = {}
        for article, number in wanted:
            before = found[article, number - 1]
            _, previous_reextracted = stored[article, number]
            if previous_reextracted is not None:
                before = text_storage.unpack_text(bytes(previous_reextracted), before).paragraphs
            changes[article, number] = before, found[article, number]
        return changes

    def _stored(self, wanted: set[tuple[int, int]]) -> "_Stored":
        """What the texts of these versions are made of, by (article id, number)."""
        chains = Q(pk__in=())
        for article, number in wanted:
            chains |= Q(article=article, number__gte=text_storage.base_of(number), number__lte=number)
        rows = self.filter(chains).values_list("article", "number", "data", "previous_reextracted")
        return {
            (article, number): (data, previous_reextracted)
            for article, number, data, previous_reextracted in rows
        }


_Stored = dict[tuple[int, int], tuple[bytes, bytes | None]]


def _unpacked(stored: _Stored, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, ...]]:
    return {
        (article, number): text_storage.unpack(
            bytes(stored[article, link][0]) for link in range(text_storage.base_of(number), number + 1)
        )
        for article, number in wanted
    }


class Version(models.Model):
    """The headline, byline and paragraphs as seen at one time. It never changes."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        related_name="versions",
        help_text=gettext_lazy("The article's, kept here for the lists."),
    )
    number = models.PositiveIntegerField()
    headline = models.TextField(blank=True)
    byline = models.TextField(blank=True)
    published = models.DateTimeField(null=True, blank=True)
    data = models.BinaryField(
        help_text=gettext_lazy("The paragraphs, packed (articles.models.text_storage).")
    )
    previous_reextracted = models.BinaryField(
        null=True,
        help_text=gettext_lazy(
            "The text before as our extractor read it anew when this version was made, packed; empty "
            "where it read as it is stored. An upgrade of ours is no part of the change."
        ),
    )
    text_hash = models.CharField(
        max_length=64, help_text=gettext_lazy("Of the compared text. Not unique: a story may go back.")
    )
    seen = models.DateTimeField(help_text=gettext_lazy("When this text was first seen."))
    previous_last_seen = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("When the text before it was last seen.")
    )
    extractor_version = models.PositiveSmallIntegerField()

    # What lists show, written in the transaction that makes the version.
    words = models.PositiveIntegerField(default=0)
    words_added = models.PositiveIntegerField(default=0)
    words_removed = models.PositiveIntegerField(default=0)
    badges = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("Kinds of change, as in articles.facts.")
    )
    minor = models.BooleanField(default=False)
    headline_before = models.TextField(
        blank=True, help_text=gettext_lazy("The old headline where it changed.")
    )
    excerpt = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("The most telling changed sentence, as spans.")
    )
    hidden = models.BooleanField(
        default=False,
        help_text=gettext_lazy("It stands in no list: it is taken down, or its whole article is."),
    )
    hidden_itself = models.BooleanField(
        null=True,
        help_text=gettext_lazy(
            "Whether it is taken down by itself, and not with its article. Empty where not."
        ),
    )
    follows_hidden = models.BooleanField(
        null=True,
        help_text=gettext_lazy(
            "Whether the version before this one is taken down by itself: the change would show its "
            "text. Empty where it is not."
        ),
    )

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
            # Without these, a list of one kind reads every version until it is full.
            models.Index(
                fields=["-seen", "-id"],
                name="version_headline",
                condition=Q(_has_badge(HEADLINE), number__gt=1, hidden=False),
            ),
            models.Index(
                fields=["-seen", "-id"],
                name="version_reverted",
                condition=Q(_has_badge(REVERTED), number__gt=1, hidden=False),
            ),
        )

    def __str__(self) -> str:
        return _("Version %(number)s of %(value)s") % {
            "number": self.number,
            "value": self.headline or self.article_id,
        }

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
            if not text_storage.is_whole(self.number):
                before = Version.objects.filter(
                    article_id=self.article_id,
                    number__gte=text_storage.base_of(self.number),
                    number__lt=self.number,
                )
                chain = [
                    *(bytes(data) for data in before.order_by("number").values_list("data", flat=True)),
                    *chain,
                ]
            self._paragraphs = text_storage.unpack(chain)
        return self._paragraphs

    @property
    def text(self) -> text_storage.Text:
        return text_storage.Text(self.headline, self.byline, self.paragraphs)

    def text_before(self, previous: "Version") -> text_storage.Text:
        """What this version was compared with: the one before it, as our extractor read that by then."""
        if self.previous_reextracted is None:
            return previous.text
        return text_storage.unpack_text(bytes(self.previous_reextracted), previous.paragraphs)

    if TYPE_CHECKING:
        _paragraphs: tuple[str, ...]
