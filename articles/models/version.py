"""The texts seen."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection, models
from django.db.models import Func, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.facts import ChangeKind, StoredFact, from_store
from articles.models import text_storage
from articles.models.article import SUBJECT_IN_LISTS, Article
from articles.models.source import Source

KIND_BITS = {kind.value: 1 << place for place, kind in enumerate(ChangeKind)}
"""The bit of each kind of change in ``Version.kind_bits``. Stored, so a new kind goes to the end."""


def kind_bits(badges: Iterable[str]) -> int:
    """The kinds of a change in one number."""
    return sum({KIND_BITS[badge] for badge in badges})


SIZES = (10, 50, 150, 500, 2_000)
"""Words for which there is an index of the changes of at least so many."""


def _condition(template: str, *columns: str) -> Q:
    """A condition whose numbers stand in the SQL itself.

    With a parameter in the place of one SQLite would not see that the condition is that of an index.
    """
    # In this order, that of migrations: Django takes other ones for another condition.
    return Q(Func(*columns, arg_joiner=" + ", output_field=models.BooleanField(), template=template))


def _has_kind(kind: str) -> Q:
    """The condition that a change is of the *kind*, as its index has it."""
    return _condition(f"(%(expressions)s & {KIND_BITS[kind]}) > 0", "kind_bits")


def _has_size(least: int) -> Q:
    """The condition that at least so many words changed, as the index of the size has it."""
    return _condition(f"(%(expressions)s) >= {least}", "words_added", "words_removed")


_IN_LISTS = Q(number__gt=1, hidden=False, follows_hidden=None)
"""What lists show, as their indexes have it."""

_PLACE = ("-seen", "-id")
_FILTERED = ("kind_bits", "words_added", "words_removed")
"""Columns that stand in an index, so that no row is read to tell what a filter leaves out."""


_TEXTS = ("data", "previous_reextracted")


class VersionQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def changes(self) -> "VersionQuerySet":
        """Versions that differ from one before, where readers may see both."""
        return self.filter(_IN_LISTS)

    def at_least(self, words: int) -> "VersionQuerySet":
        """Changes of at least so many words, by the index of the next smaller one of ``SIZES``."""
        indexed = max((size for size in SIZES if size <= words), default=words)
        return self.filter(*map(_has_size, {indexed, words}))

    def not_minor(self) -> "VersionQuerySet":
        """As ``minor=False`` does, in a form that the indexes by source, size and kind can tell."""
        return self.filter(_condition(f"(%(expressions)s & {KIND_BITS[ChangeKind.MINOR]}) = 0", "kind_bits"))

    def of_any_kind(self, kinds: Iterable[str]) -> "VersionQuerySet":
        """Those of any of the *kinds*, where another index than those of the kinds is to be read."""
        return self.filter(_condition(f"(%(expressions)s & {kind_bits(kinds)}) <> 0", "kind_bits"))

    def first_of_kinds(self, kinds: Sequence[str], most: int) -> "VersionQuerySet":
        """The first *most*, in their order, of those that are of any of the *kinds* (() for all), for lists.

        An index alone finds which they are, and only their rows are read. Of several kinds each is asked for
        by its own index, in one statement: put together by OR, the planner would read the list of all changes
        until it has enough. Costs a query more then.
        """
        listed = Version.objects.for_lists().order_by(*self.query.order_by)
        if self.query.is_empty():
            return listed.none()
        if len(kinds) < 2 and connection.vendor == "sqlite":  # where the rows are read to filter anyway
            return (self.filter(_has_kind(kinds[0])) if kinds else self).for_lists()[:most]
        if len(kinds) < 2:
            return listed.filter(_is_among(self.ids_of_kind(kinds[0] if kinds else None, most)))
        lists = [self.ids_of_kind(kind, most) for kind in dict.fromkeys(kinds)]
        return listed.filter(pk__in=_first_of_each(lists))[:most]

    def ids_of_kind(self, kind: str | None, most: int) -> "models.QuerySet[Version, Any]":
        """The ids of the first *most* of one *kind* (None for all): what an index alone tells."""
        some = self.filter(_has_kind(kind)) if kind else self
        return some.select_related(None).values("pk")[:most]

    def visible(self) -> "VersionQuerySet":
        """Return those whose text readers of their article may see."""
        return self.filter(hidden_itself=None)

    def newest_first(self) -> "VersionQuerySet":
        return self.order_by("-seen", "-id")

    def before(self, seen: datetime, pk: int) -> "VersionQuerySet":
        """Return those that come after (*seen*, *pk*) in a list of newest first."""
        # The plain bound is what lets the index be entered at its place.
        return self.filter(Q(seen__lt=seen) | Q(pk__lt=pk), seen__lte=seen)

    def oldest_first(self) -> "VersionQuerySet":
        return self.order_by("seen", "id")

    def after(self, seen: datetime, pk: int) -> "VersionQuerySet":
        """Return those that come before (*seen*, *pk*) in a list of newest first."""
        return self.filter(Q(seen__gt=seen) | Q(pk__gt=pk), seen__gte=seen)

    def for_lists(self) -> "VersionQuerySet":
        """With what a list shows of each, and without the texts and most of what is known of the article."""
        return self.select_related("article", "source").only(*_listed(), *SUBJECT_IN_LISTS)

    def without_texts(self) -> "VersionQuerySet":
        return self.defer(*_TEXTS)

    def texts(self, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, ...]]:
        """The paragraphs of many versions, each given as (article id, number), in one query.

        :raises text_storage.DAMAGED: one of them can't be unpacked.
        """
        wanted = set(wanted)
        return _unpacked(self._stored(wanted), wanted)

    def compared_texts(
        self, wanted: Iterable[tuple[int, int]]
    ) -> dict[tuple[int, int], tuple[text_storage.Text, text_storage.Text]]:
        """Both texts of many changes, each given as (article id, number of the later version), in one query.

        :raises text_storage.DAMAGED: one of them can't be unpacked.
        """
        wanted = set(wanted)
        both = wanted | {(article, number - 1) for article, number in wanted}
        stored = self._stored(both)
        found = _unpacked(stored, both)
        changes = {}
        for article, number in wanted:
            earlier, later = stored[article, number - 1], stored[article, number]
            before = text_storage.Text(earlier.headline, earlier.byline, found[article, number - 1])
            if later.previous_reextracted is not None:
                before = text_storage.unpack_text(bytes(later.previous_reextracted), before.paragraphs)
            after = text_storage.Text(later.headline, later.byline, found[article, number])
            changes[article, number] = before, after
        return changes

    def _stored(self, wanted: set[tuple[int, int]]) -> "_Stored":
        """What the texts of these versions are made of, by (article id, number)."""
        chains = Q(
            Q(pk__in=()),
            *(
                Q(article=article, number__gte=text_storage.base_of(number), number__lte=number)
                for article, number in wanted
            ),
            _connector=Q.OR,
        )
        names = ("article", "number", "data", "previous_reextracted", "headline", "byline")
        rows = self.filter(chains).values_list(*names)
        return {(article, number): _StoredText(*rest) for article, number, *rest in rows}


@cache
def _listed() -> tuple[str, ...]:
    """The columns of a version that lists read."""
    return tuple(field.name for field in Version._meta.concrete_fields if field.name not in _TEXTS)


class _StoredText(NamedTuple):
    data: bytes
    previous_reextracted: bytes | None
    headline: str
    byline: str


_Stored = dict[tuple[int, int], _StoredText]


def _unpacked(stored: _Stored, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, ...]]:
    return {
        (article, number): text_storage.unpack(
            bytes(stored[article, link].data) for link in range(text_storage.base_of(number), number + 1)
        )
        for article, number in wanted
    }


def _is_among(ids: "models.QuerySet[Version, Any]") -> RawSQL:
    """The condition that a version is one of these few, each of which PostgreSQL is to look up by its id."""
    sql, parameters = ids.query.sql_with_params()
    return RawSQL(  # noqa: S611 (made by Django)
        f"articles_version.id = ANY(ARRAY({sql}))", parameters, output_field=models.BooleanField()
    )


def _first_of_each(lists: Iterable["models.QuerySet[Version, Any]"]) -> list[int]:
    """The ids in all the *lists* of ids, by one statement."""
    parts: list[str] = []
    parameters: list[Any] = []
    for number, some in enumerate(lists):
        sql, values = some.query.sql_with_params()
        parts.append(f"SELECT * FROM ({sql}) AS list_{number}")  # noqa: S608 (made by Django)
        parameters += values
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(parts), parameters)
        return [pk for (pk,) in cursor.fetchall()]


class Version(models.Model):
    """The headline, byline and paragraphs as seen at one time. It never changes."""

    class MadeOf(models.TextChoices):
        ENTRIES = "entries", gettext_lazy("new entries of a live blog")
        FIGURES = "figures", gettext_lazy("live figures of a table")
        RESTED = "rested", gettext_lazy("the last value of what had changed at every look")

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
    modified = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("When the page claimed to have been changed last.")
    )
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
    left_out = models.JSONField(
        default=list,
        blank=True,
        help_text=gettext_lazy(
            "What of the text is not compared, as it changes by itself: the number of each such paragraph, "
            "and what of it is compared."
        ),
    )
    made_of = models.CharField(
        max_length=8,
        blank=True,
        default="",
        choices=MadeOf.choices,
        help_text=gettext_lazy("What the change is made of where it is no edit like others."),
    )
    entries_added = models.PositiveIntegerField(
        default=0, help_text=gettext_lazy("New entries of a live blog, where the change is nothing else.")
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
    kind_bits = models.PositiveIntegerField(
        default=0, editable=False, help_text=gettext_lazy("The badges and whether it is minor, for lists.")
    )
    facts = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("What changed, as articles.facts stores it.")
    )
    facts_version = models.PositiveSmallIntegerField(
        default=0, help_text=gettext_lazy("By which rules its facts and badges were found; 0 for none yet.")
    )
    diff_version = models.PositiveSmallIntegerField(
        default=0, help_text=gettext_lazy("By which rules of comparison it was counted; 0 for older ones.")
    )
    headline_before = models.TextField(
        blank=True, help_text=gettext_lazy("The old headline where it changed.")
    )
    excerpt = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("The most telling changed sentence, as spans.")
    )
    more_excerpts = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("The next ones, for feeds: no feed compares texts.")
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
            models.Index(fields=_PLACE, name="version_recent", condition=_IN_LISTS & Q(minor=False)),
            models.Index(fields=_PLACE, name="version_recent_all", condition=_IN_LISTS),
            models.Index(
                fields=["source", *_PLACE, *_FILTERED], name="version_by_source", condition=_IN_LISTS
            ),
            models.Index(fields=["seen", "id"], name="version_seen"),
            models.Index(
                fields=["source", "text_hash"], name="version_hidden_text", condition=Q(hidden=True)
            ),
            # Without these, a list of one kind, or of large changes, reads every version until it is full.
            *(
                models.Index(
                    fields=[*_PLACE, "kind_bits"],
                    name=f"version_{kind.value}",
                    condition=_has_kind(kind.value) & _IN_LISTS,
                )
                for kind in ChangeKind
            ),
            *(
                models.Index(
                    fields=[*_PLACE, *_FILTERED],
                    name=f"version_of_{size}_words",
                    condition=_has_size(size) & _IN_LISTS,
                )
                for size in SIZES
            ),
        )

    def __str__(self) -> str:
        return _("Version %(number)s of %(value)s") % {
            "number": self.number,
            "value": self.headline or self.article_id,
        }

    def save(self, *arguments: Any, **named: Any) -> None:
        self.count_kinds()
        super().save(*arguments, **named)

    def get_absolute_url(self) -> str:
        return reverse("version", args=[self.article_id, self.number])

    def count_kinds(self) -> None:
        """Have ``kind_bits`` say what the badges do; for those stored other than by ``save``."""
        minor = [ChangeKind.MINOR.value] if self.minor else []
        self.kind_bits = kind_bits([*self.badges, *minor])

    @cached_property
    def stored_facts(self) -> tuple[StoredFact, ...]:
        """Return the facts that changed, as the rules found them."""
        return from_store(self.facts)

    @property
    def is_set_aside(self) -> bool:
        """Whether it was made of a widespread change that no list shows. Costs a query unless joined to."""
        return hasattr(self, "setaside")

    @cached_property
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

    @property
    def paragraphs_left_out(self) -> list[str]:
        """The paragraphs that are not compared, or not wholly, as they change by themselves."""
        paragraphs = self.paragraphs
        return [paragraphs[number] for number, _ in self.left_out if number < len(paragraphs)]

    def text_before(self, previous: "Version") -> text_storage.Text:
        """Return the text this version was compared with: the one before it, as our extractor read that by
        then."""
        if self.previous_reextracted is None:
            return previous.text
        return text_storage.unpack_text(bytes(self.previous_reextracted), previous.paragraphs)

    if TYPE_CHECKING:
        _paragraphs: tuple[str, ...]
