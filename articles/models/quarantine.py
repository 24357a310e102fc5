"""The same change on many articles of a source at once: no edit of those articles until somebody says so."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.diff import key
from articles.extract import fold_digits
from articles.models.article import Article, ArticleQuerySet
from articles.models.learned_places import PLACE_LENGTH, LearnedPlace
from articles.models.prepared import Prepared
from articles.models.source import Source
from articles.models.version import Version

ALIKE_WITHIN = timedelta(hours=1)
"""Articles of a source that were altered alike within this time are counted together."""
LATE_VERSIONS_WITHIN = 2 * ALIKE_WITHIN
"""For this long after a quarantine was opened, versions may still come of checks that had begun before."""
LEAST_SHARE = 0.3
"""The least share of a source's articles checked within the hour that, altered alike, are no edits."""
LEAST_ALIKE = 5
"""The least number of articles altered alike, whatever share they are: an agency's text is corrected in a few
copies at once."""

ALIKE_WITHIN_OF_FEW = timedelta(hours=24)
"""The time looked back at a source of which fewer than LEAST_ALIKE articles are checked within the hour."""
ARTICLES_OF_FEW = 15
"""The articles of such a source that are looked at, the last ones checked."""
LEAST_ALIKE_OF_FEW = 3
"""The least number of articles altered alike, of such a source."""
LEAST_SHARE_OF_FEW = 0.6
"""The least share of articles altered alike, of such a source."""

JOINED_WITHIN = ALIKE_WITHIN
"""A change that comes to the same articles within this time after another joins it, for one decision."""
SAME_ARTICLES_SHARE = 0.8
"""The share of all articles in two sets that both must have, for the sets to count as the same."""

ALTERATIONS_KEPT = ALIKE_WITHIN_OF_FEW + ALIKE_WITHIN
"""The time for which it is kept which paragraphs came and went with a version."""
UNDECIDED_KEPT = timedelta(days=7)
"""The time without a decision, and without the change going on, after which the texts that waited become
versions that no list shows: nothing seen is lost, and nothing claimed."""

SIGNATURE_LENGTH = 32
"""Characters of a paragraph's signature."""


def signature(paragraph: str) -> str:
    """Return the hash that tells a paragraph from others, whatever its typography and the numbers in it: a
    counter reads differently on each article."""
    words = fold_digits(key(paragraph)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(words).hexdigest()[:SIGNATURE_LENGTH]


def without(paragraphs: Sequence[str], signatures: Collection[str]) -> tuple[str, ...]:
    """*paragraphs* but for those of these *signatures*."""
    if not signatures:
        return tuple(paragraphs)
    return tuple(paragraph for paragraph in paragraphs if signature(paragraph) not in signatures)


class Alteration(models.Model):
    """One paragraph that came or went with a version, kept for a day to compare articles by."""

    BESIDES = ""
    """The signature of what else changed in a version: its headline or byline, or more paragraphs than are
    kept."""

    # Both are found by the indexes below.
    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    article = models.ForeignKey(Article, models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField(help_text=gettext_lazy("Of the version."))
    signature = models.CharField(max_length=SIGNATURE_LENGTH, blank=True)
    place = models.CharField(
        max_length=PLACE_LENGTH,
        blank=True,
        default="",
        help_text=gettext_lazy("Where it stands, if that is not among the plain paragraphs."),
    )
    came = models.BooleanField(help_text=gettext_lazy("Whether it came; else it went."))
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["article", "number", "signature"], name="alteration_once"),
        )
        indexes = (
            models.Index(fields=["source", "signature", "at"], name="alteration_alike"),
            models.Index(fields=["source", "place", "at"], name="alteration_place", condition=~Q(place="")),
        )

    def __str__(self) -> str:
        return f"{self.signature or 'other changes'} in version {self.number} of article {self.article_id}"

    @classmethod
    def others_alike(
        cls, article: Article, paragraphs: Mapping[str, bool], since: datetime
    ) -> dict[str, int]:
        """Return by signature, of paragraphs that came (or went), in how many other articles of the source
        each did so since then. What was once accepted is left out."""
        signatures = {f"signature_{number}": name for number, name in enumerate(paragraphs)}
        found = {
            name: count
            for name, came, count in _ALIKE.rows(
                source=article.source_id, article=article.pk, since=since, **signatures
            )
            if came == paragraphs[name] and count + 1 >= LEAST_ALIKE_OF_FEW
        }
        for name, came in QuarantinedParagraph.accepted(article.source_id, found) if found else ():
            if paragraphs[name] == came:
                del found[name]
        return found

    @classmethod
    def articles_of(cls, source: Source, signatures: Collection[str], since: datetime) -> dict[str, set[int]]:
        """Return by signature the articles of *source* where it came or went since then."""
        found: dict[str, set[int]] = {name: set() for name in signatures}
        rows = cls.objects.filter(source=source, signature__in=signatures, at__gt=since)
        for name, article in rows.values_list("signature", "article"):
            found[name].add(article)
        return found


_ALIKE = Prepared(
    lambda source, article, since, **signatures: (
        Alteration.objects.filter(source=source, signature__in=list(signatures.values()), at__gt=since)
        .exclude(article=article)
        .values("signature", "came")
        .annotate(articles=models.Count("article", distinct=True))
        .values_list("signature", "came", "articles")
    )
)


def nearly_the_same(some: Collection[int], others: Collection[int]) -> bool:
    """Return whether two sets of articles are the same but for a few."""
    first, second = set(some), set(others)
    return len(first & second) >= SAME_ARTICLES_SHARE * len(first | second)


class QuarantineQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def open(self) -> "QuarantineQuerySet":
        """Return those that wait for a decision."""
        return self.filter(state=Quarantine.State.OPEN)

    def not_carried_out(self) -> "QuarantineQuerySet":
        """Return those decided, of which not everything is done yet."""
        return self.exclude(state=Quarantine.State.OPEN).filter(carried_out=None)

    def open_for_long(self, now: datetime) -> "QuarantineQuerySet":
        """Return those that wait for a decision so long that they are closed, unless the change goes on."""
        return self.open().filter(opened__lte=now - UNDECIDED_KEPT)


class Quarantine(models.Model):
    """A change found on so many articles of a source at once that it is no edit of each of them."""

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("waits for a decision")
        ACCEPTED = "accepted", gettext_lazy("accepted: edits of these articles")
        DROPPED = "dropped", gettext_lazy("dropped as site boilerplate")
        REREAD = "reread", gettext_lazy("read again by changed rules")
        EXPIRED = "expired", gettext_lazy("not decided in time: kept as versions that no list shows")

    source = models.ForeignKey(Source, models.CASCADE, related_name="quarantines")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    opened = models.DateTimeField()
    articles_alike = models.PositiveIntegerField(
        help_text=gettext_lazy("Articles altered alike when it was opened.")
    )
    articles_checked = models.PositiveIntegerField(
        help_text=gettext_lazy("Articles of the source checked in that hour.")
    )
    decided = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    carried_out = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("When all that follows from the decision was done.")
    )

    objects = QuarantineQuerySet.as_manager()

    class Meta:
        ordering = ("-opened", "-id")
        verbose_name = gettext_lazy("widespread change")
        indexes = (
            models.Index(fields=["source", "-opened"], name="quarantine_open", condition=Q(state="open")),
            models.Index(
                fields=["decided"], name="quarantine_not_carried_out", condition=Q(carried_out=None)
            ),
        )

    def __str__(self) -> str:
        return _("The same change on many articles of %(source)s") % {"source": self.source}

    @classmethod
    def open_for(
        cls,
        source: Source,
        paragraphs: Mapping[str, tuple[str, bool]],
        *,
        articles: Collection[int] = (),
        alike: int,
        checked: int,
        since: datetime,
        now: datetime,
    ) -> None:
        """Quarantine *paragraphs*, by signature the text and whether it came (or went), that did so on
        *articles* since then.

        They join one that was opened for nearly the same articles of the source within the hour: a
        template changes in several places at once. Versions made of nothing but what is quarantined leave the
        lists.
        """
        with transaction.atomic():
            lock(source)
            left_out = QuarantinedParagraph.objects.filter(source=source, left_out=True)
            known = set(left_out.filter(signature__in=paragraphs).values_list("signature", flat=True))
            if known.issuperset(paragraphs):
                return  # another check was quicker, or it was dropped while this one was under way
            lately = cls.objects.open().filter(source=source, opened__gt=now - JOINED_WITHIN)
            joined = (one for one in lately if nearly_the_same(one.articles(now), articles))
            quarantine = next(joined, None) or cls.objects.create(
                source=source, opened=now, articles_alike=alike, articles_checked=checked
            )
            QuarantinedParagraph.objects.bulk_create(
                QuarantinedParagraph(
                    quarantine=quarantine, source=source, signature=name, text=text, came=came
                )
                for name, (text, came) in paragraphs.items()
                if name not in known
            )
            Boilerplate.bring_up_to_date(source)
            quarantine.set_aside_versions(since)

    def articles(self, now: datetime) -> set[int]:
        """The articles that it is known to be about."""
        own = self.paragraphs.values("signature")
        noted = Alteration.objects.filter(
            source=self.source, signature__in=own, at__gt=now - ALIKE_WITHIN_OF_FEW
        )
        found = set(noted.values_list("article", flat=True))
        return found.union(self.held_texts.values_list("article", flat=True))

    def went_on(self) -> datetime:
        """When the change last went on: other texts were seen on as many articles as it takes to open it.

        What comes and goes, or tells another number, at every look (a letter's box, the weather) does so for
        as long as articles are looked at; what a template got once does not.
        """
        times = self.held_texts.order_by().values("article").annotate(last=models.Max("seen"))
        last = list(times.order_by("-last").values_list("last", flat=True)[:LEAST_ALIKE])
        return max(self.opened, last[-1]) if len(last) == LEAST_ALIKE else self.opened

    def forget_older_texts(self, before: datetime) -> None:
        """Delete the waiting texts seen before then, but for the last of each article: while the change goes
        on, each look brings another one."""
        last = self.held_texts.order_by().values("article").annotate(last=models.Max("pk")).values("last")
        self.held_texts.filter(seen__lt=before).exclude(pk__in=last).delete()

    def set_aside_versions(self, since: datetime) -> None:
        """Take out of all lists the versions since then that are made of some of this and of nothing but what
        is quarantined."""
        rows = QuarantinedParagraph.objects.filter(source=self.source, left_out=True)
        # What was accepted is left out until that is carried out; its versions are shown already.
        undecided = rows.exclude(quarantine__state=Quarantine.State.ACCEPTED)
        left_out = dict(undecided.values_list("signature", "quarantine"))
        own = {name for name, quarantine in left_out.items() if quarantine == self.pk}
        made: dict[tuple[int, int], set[str]] = {}
        noted = Alteration.objects.filter(source=self.source, at__gt=since)
        for article, number, name in noted.values_list("article", "number", "signature"):
            made.setdefault((article, number), set()).add(name)
        only = {version for version, names in made.items() if names & own and names <= left_out.keys()}
        self.set_aside(only)

    def set_aside(self, numbers: Collection[tuple[int, int]]) -> None:
        """Take these versions, (article id, number), out of all lists, and remember that it was done."""
        articles = sorted({article for article, _ in numbers})
        with transaction.atomic():
            lock_articles(Article.objects.filter(pk__in=articles))
            versions = Version.objects.filter(article__in=articles, setaside=None)
            rows = versions.values_list("pk", "article", "number")
            found = [pk for pk, article, number in rows if (article, number) in numbers]
            Version.objects.filter(pk__in=found).update(hidden=True)
            aside = [SetAside(version_id=pk, quarantine=self) for pk in found]
            SetAside.objects.bulk_create(aside, ignore_conflicts=True)

    def take_back(self) -> None:
        """Show the versions that were set aside in the lists again, but what is taken down."""
        aside = SetAside.objects.filter(quarantine=self)
        with transaction.atomic():
            # What is being taken down just now is waited for.
            lock_articles(Article.objects.filter(pk__in=aside.values("version__article")))
            shown = Version.objects.filter(setaside__in=aside, article__hidden=False, hidden_itself=None)
            shown.update(hidden=False)
            aside.delete()


def lock(source: Source) -> None:
    """Let no other transaction quarantine or decide for *source* until this one ends.

    Always before any of its articles is locked.
    """
    Source.objects.select_for_update(no_key=True).get(pk=source.pk)


def lock_articles(articles: "models.QuerySet[Article]") -> None:
    """Lock these, as taking down and checks do, in the order in which all do it."""
    list(articles.select_for_update().order_by("pk").values_list("pk", flat=True))


class QuarantinedParagraph(models.Model):
    """A paragraph that came or went on many articles at once."""

    quarantine = models.ForeignKey(Quarantine, models.CASCADE, related_name="paragraphs")
    source = models.ForeignKey(
        Source,
        models.CASCADE,
        related_name="+",
        help_text=gettext_lazy("The quarantine's, kept here for the constraint."),
    )
    signature = models.CharField(max_length=SIGNATURE_LENGTH)
    text = models.TextField()
    came = models.BooleanField(help_text=gettext_lazy("Whether it came; else it went."))
    left_out = models.BooleanField(
        default=True,
        help_text=gettext_lazy(
            "Whether it is left out of what is compared: while undecided, and if dropped."
        ),
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["source", "signature"], name="left_out_once", condition=Q(left_out=True)
            ),
        )

    def __str__(self) -> str:
        return f"{'+' if self.came else '−'} {self.text[:80]}"

    @classmethod
    def accepted(cls, source: int, signatures: Collection[str]) -> set[tuple[str, bool]]:
        """Return those of *signatures* that were accepted as edits, each with whether it came."""
        rows = cls.objects.filter(source=source, signature__in=signatures)
        rows = rows.filter(quarantine__state=Quarantine.State.ACCEPTED)
        return set(rows.values_list("signature", "came"))


class Boilerplate(models.Model):
    """The paragraphs that are left out of a source's texts, by signature: read with the source at each
    check."""

    source = models.OneToOneField(Source, models.CASCADE, primary_key=True)
    dropped = models.JSONField(default=list, help_text=gettext_lazy("For good."))
    held = models.JSONField(default=list, help_text=gettext_lazy("Until it is decided."))
    places = models.JSONField(
        default=dict,
        blank=True,
        help_text=gettext_lazy(
            "Places that are kept in the texts and left out of comparisons, each with the kind of what was "
            "learned, and those that an admin said are compared (see learned_places.known_places)."
        ),
    )

    def __str__(self) -> str:
        return f"{len(self.dropped)} dropped, {len(self.held)} held of {self.source}"

    @property
    def uncompared(self) -> frozenset[str]:
        """The places that are left out of comparisons."""
        undone = LearnedPlace.State.UNDONE
        return frozenset(place for place, kind in self.places.items() if kind != undone)

    @classmethod
    def bring_up_to_date(cls, source: Source) -> None:
        """Write down what the quarantined paragraphs say now. The source is locked (``lock``)."""
        rows = QuarantinedParagraph.objects.filter(source=source, left_out=True).order_by("signature")
        dropped = Q(quarantine__state=Quarantine.State.DROPPED)
        cls.objects.update_or_create(
            source=source,
            defaults={
                "dropped": list(rows.filter(dropped).values_list("signature", flat=True)),
                "held": list(rows.exclude(dropped).values_list("signature", flat=True)),
            },
        )

    @classmethod
    def of(cls, source: Source) -> "Boilerplate":
        """That of *source*, none perhaps; no query where it was read with the source."""
        found: Boilerplate | None = getattr(source, "boilerplate", None)
        return found or cls(source=source)


class QuarantinedText(models.Model):
    """A text that becomes a version if the quarantined change is accepted, with the page it was read from."""

    quarantine = models.ForeignKey(Quarantine, models.CASCADE, related_name="held_texts")
    article = models.ForeignKey(Article, models.CASCADE, related_name="held_texts")
    headline = models.TextField(blank=True)
    byline = models.TextField(blank=True)
    published = models.DateTimeField(null=True, blank=True)
    data = models.BinaryField(
        help_text=gettext_lazy("The paragraphs, packed whole (articles.models.text_storage).")
    )
    left_out = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("What of it is not compared, as of a version.")
    )
    text_hash = models.CharField(max_length=64)
    extractor_version = models.PositiveSmallIntegerField()
    seen = models.DateTimeField(help_text=gettext_lazy("When this text was first seen."))
    previous_last_seen = models.DateTimeField(
        null=True, help_text=gettext_lazy("When the text before it was last seen.")
    )
    url = models.TextField()
    content_type = models.CharField(max_length=200, blank=True)
    body = models.BinaryField(
        help_text=gettext_lazy("The page it was read from, zlib; empty if it was cut off.")
    )

    class Meta:
        indexes = (models.Index(fields=["article", "id"], name="held_of_article"),)

    def __str__(self) -> str:
        return f"{self.headline} at {self.seen:%Y-%m-%d %H:%M}"


class SetAside(models.Model):
    """A version that no list shows because it is made of nothing but what was quarantined."""

    version = models.OneToOneField(Version, models.CASCADE, primary_key=True)
    quarantine = models.ForeignKey(Quarantine, models.CASCADE, related_name="versions_aside")

    class Meta:
        verbose_name_plural = gettext_lazy("set aside")

    def __str__(self) -> str:
        return str(self.version)


def with_set_aside(articles: ArticleQuerySet) -> ArticleQuerySet:
    """The *articles*, each with how many of its versions are set aside, which ``change_count`` leaves out."""
    aside = SetAside.objects.filter(version__article=models.OuterRef("pk")).order_by()
    counted = aside.values("version__article").annotate(count=models.Count("pk")).values("count")
    # Given so because the type checker takes the name for one that is used twice.
    found: ArticleQuerySet = articles.annotate(**{"set_aside": Coalesce(models.Subquery(counted), 0)})
    return found
