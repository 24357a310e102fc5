"""What several looks at an article, and at the articles of a source, are remembered by."""

import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.extract import Story
from articles.extract.looks import HeadlineLook, Look, SeenBlock
from articles.models.article import Article
from articles.models.source import Source

LOOKS_KEPT = 6
"""The last looks that are remembered of an article: five changes between them."""

HEADLINES_KEPT = 12
"""Headlines that are remembered of an article, each as long as it stood."""

MOST_BLOCKS = 100
"""Paragraphs that are remembered of one look."""

LONGEST_REMEMBERED = 160
"""Characters of a paragraph in the column of prose that is remembered: a longer one neither ticks nor is
furniture."""

TEXT_KEPT = 300
"""Characters that are remembered of a paragraph outside the column."""

PLACE_LENGTH = 33
_DIGEST = 16


def digest(text: str) -> str:
    """What a signature, or words, are remembered by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]


def place_of(signature: str, words: str | None) -> str:
    """What a place is known by: the digest of its signature, and of its words unless any may stand there."""
    return f"{digest(signature)}:{digest(words[:TEXT_KEPT]) if words is not None else ''}"


@dataclass(frozen=True)
class Remembered:
    """What is remembered of an article: its last looks and headlines, each oldest first, and when the page
    that is kept of it was fetched."""

    looks: tuple[Look, ...] = ()
    headlines: tuple[HeadlineLook, ...] = ()
    page_fetched: datetime | None = None

    def with_look(self, look: Look, headline: HeadlineLook) -> "Remembered":
        """The same after one more look."""
        headlines = self.headlines
        if not headlines or headlines[-1] != headline:
            headlines = (*headlines, headline)[-HEADLINES_KEPT:]
        return Remembered((*self.looks, look)[-LOOKS_KEPT:], headlines, self.page_fetched)


def look_at(story: Story, seen: datetime) -> Look:
    """What is remembered of a look at *story*: what may tick, or be furniture. Signatures are digests."""
    blocks = [
        SeenBlock(
            text[:TEXT_KEPT],
            digest(block.signature),
            block.words[:TEXT_KEPT],
            block.in_column,
            block.alone,
            block.table,
        )
        for text, block in zip(story.paragraphs, story.blocks, strict=False)
        if not block.in_column or len(text) <= LONGEST_REMEMBERED
    ]
    return Look(seen, story.claims.modified, tuple(blocks[:MOST_BLOCKS]))


class ArticleLooks(models.Model):
    """The last looks at an article."""

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="looks")
    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    seen = models.DateTimeField(help_text=gettext_lazy("When it was last looked at."))
    page_fetched = models.DateTimeField(
        null=True, help_text=gettext_lazy("When the page that is kept of its text was fetched.")
    )
    data = models.BinaryField(help_text=gettext_lazy("zlib"))

    class Meta:
        verbose_name_plural = "article looks"
        indexes = (models.Index(fields=["source", "seen"], name="looks_of_source"),)

    def __str__(self) -> str:
        return f"looks at article {self.article_id}"

    @classmethod
    def of(cls, article: Article) -> Remembered:
        """What is remembered of *article*; no query where it was read with it."""
        row: ArticleLooks | None = getattr(article, "looks", None)
        return row.remembered if row is not None else Remembered()

    @property
    def remembered(self) -> Remembered:
        """Unpacked."""
        looks, headlines = _unpack(bytes(self.data))
        return Remembered(looks, headlines, self.page_fetched)

    @classmethod
    def keep(cls, article: Article, remembered: Remembered) -> None:
        """Remember this of *article*, in one statement."""
        row = ArticleLooks(
            article=article,
            source_id=article.source_id,
            seen=remembered.looks[-1].seen if remembered.looks else timezone.now(),
            page_fetched=remembered.page_fetched,
            data=_pack(remembered),
        )
        ArticleLooks.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["article"],
            update_fields=["source", "seen", "page_fetched", "data"],
        )


def _pack(remembered: Remembered) -> bytes:
    """As JSON: each block once, and of each look the numbers of its blocks."""
    numbers: dict[SeenBlock, int] = {}
    looks = [
        (
            look.seen.isoformat(),
            look.modified.isoformat() if look.modified else None,
            [numbers.setdefault(block, len(numbers)) for block in look.blocks],
        )
        for look in remembered.looks
    ]
    blocks = [
        (
            block.text,
            block.signature,
            block.words if block.words != block.text else None,
            block.in_column + 2 * block.alone + 4 * block.table,
        )
        for block in numbers
    ]
    headlines = [(one.headline, one.body) for one in remembered.headlines]
    packed = json.dumps((blocks, looks, headlines), ensure_ascii=False)
    return zlib.compress(packed.encode("utf-8", "replace"))


def _unpack(data: bytes) -> tuple[tuple[Look, ...], tuple[HeadlineLook, ...]]:
    rows, looks, headlines = json.loads(zlib.decompress(data))
    blocks = [
        SeenBlock(text, signature, text if words is None else words, bool(kind & 1), bool(kind & 2), kind > 3)
        for text, signature, words, kind in rows
    ]
    return (
        tuple(
            Look(
                datetime.fromisoformat(seen),
                datetime.fromisoformat(modified) if modified else None,
                tuple(blocks[number] for number in numbers),
            )
            for seen, modified, numbers in looks
        ),
        tuple(HeadlineLook(headline, body) for headline, body in headlines),
    )


class LearnedPlace(models.Model):
    """A place of a source's pages that is left out of what is compared, or might be, with the evidence."""

    class Kind(models.TextChoices):
        TICKING = "ticking", gettext_lazy("changes at nearly every look")
        FURNITURE = "furniture", gettext_lazy("stands on many articles")
        OTHERS = "others", gettext_lazy("shows another story’s words at most looks")

    class State(models.TextChoices):
        LEARNED = "learned", gettext_lazy("left out of what is compared")
        SUGGESTED = "suggested", gettext_lazy("compared; you may leave it out")
        CONFIRMED = "confirmed", gettext_lazy("left out of what is compared, as you decided")
        UNDONE = "undone", gettext_lazy("compared, as you decided")

    source = models.ForeignKey(Source, models.CASCADE, related_name="learned_places")
    place = models.CharField(max_length=PLACE_LENGTH, help_text=gettext_lazy("See place_of."))
    kind = models.CharField(max_length=9, choices=Kind)
    state = models.CharField(max_length=9, choices=State)
    text = models.TextField(blank=True, help_text=gettext_lazy("What stood there."))
    articles = models.JSONField(
        default=list, help_text=gettext_lazy("The ids of articles on which it was seen, some of them.")
    )
    evidence = models.JSONField(
        default=dict, help_text=gettext_lazy("Figures: articles or looks counted, and of how many.")
    )
    learned = models.DateTimeField(default=timezone.now)
    decided = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-learned", "-id")
        constraints = (models.UniqueConstraint(fields=["source", "place"], name="learned_place_once"),)

    def __str__(self) -> str:
        return f"{self.place} of {self.source_id}"

    @property
    def is_left_out(self) -> bool:
        """Whether comparisons leave it out."""
        return self.state in (self.State.LEARNED, self.State.CONFIRMED)


def known_places(source: Source) -> dict[str, str]:
    """The places that comparisons leave out, each with the kind of what was learned, and those that an admin
    said are compared, with `UNDONE`."""
    rows = LearnedPlace.objects.filter(source=source).exclude(state=LearnedPlace.State.SUGGESTED)
    return {
        place: kind if state != LearnedPlace.State.UNDONE else LearnedPlace.State.UNDONE.value
        for place, kind, state in rows.order_by("place").values_list("place", "kind", "state")
    }


def claims_of(story: Story) -> dict[str, Any]:
    """What the page of *story* says of itself to machines, as it is kept: only what it does say."""
    claims = story.claims
    said = {
        "modified": claims.modified.isoformat() if claims.modified else "",
        "og_title": claims.og_title,
        "title": claims.title,
        "linked_headline": claims.linked_headline,
        "canonical": claims.canonical,
        "correction": claims.correction,
        "free": claims.free,
        "tdm_reservation": claims.tdm_reservation,
        "tdm_policy": claims.tdm_policy,
        "robots": claims.robots,
    }
    return {name: value for name, value in said.items() if value not in ("", None)}
