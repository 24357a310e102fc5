"""What several looks at an article, and at the articles of a source, are remembered by."""

import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.extract import Story
from articles.extract.looks import HeadlineLook, Look, SeenBlock
from articles.models.article import Article
from articles.models.prepared import PreparedInsert
from articles.models.source import Source

LOOKS_KEPT = 6
"""The last looks that are remembered of an article: five changes between them."""

HEADLINES_KEPT = 12
"""Headlines that are remembered of an article, each as long as it stood."""

MOST_BLOCKS = 100
"""Paragraphs that are remembered of one look."""

LONGEST_REMEMBERED = 160
"""Characters of a paragraph in the column of prose that is remembered: a longer one neither ticks nor is
furniture, unless a number in it stands in an element of its own."""

TEXT_KEPT = 300
"""Characters that are remembered of a paragraph outside the column."""

_DIGEST = 16


def digest(text: str) -> str:
    """Return the short hash by which a signature, or words, are remembered."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]


@dataclass(frozen=True)
class Remembered:
    """The memory of an article: its last looks and headlines, each oldest first, and when the page
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


def look_of(story: Story, seen: datetime) -> Look:
    """Return what is remembered of a look at *story*: what may tick, or be furniture. Signatures are
    digests."""
    blocks = [
        SeenBlock(
            text[:TEXT_KEPT],
            digest(block.signature),
            block.words[:TEXT_KEPT],
            block.in_column,
            block.alone,
            block.table,
            block.counted,
        )
        for text, block in zip(story.paragraphs, story.blocks, strict=False)
        if not block.in_column or block.counted or len(text) <= LONGEST_REMEMBERED
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
        """Return what is remembered of *article*; no query where it was read with it."""
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
        _KEEP.insert(row)


_KEEP = PreparedInsert(ArticleLooks, unique=("article",), update=("source", "seen", "page_fetched", "data"))


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
            block.in_column + 2 * block.alone + 4 * block.table + 8 * block.counted,
        )
        for block in numbers
    ]
    headlines = [(one.headline, one.body) for one in remembered.headlines]
    packed = json.dumps((blocks, looks, headlines), ensure_ascii=False)
    return zlib.compress(packed.encode("utf-8", "replace"))


def _unpack(data: bytes) -> tuple[tuple[Look, ...], tuple[HeadlineLook, ...]]:
    rows, looks, headlines = json.loads(zlib.decompress(data))
    blocks = [
        SeenBlock(
            text, signature, text if words is None else words, *(bool(kind & bit) for bit in (1, 2, 4, 8))
        )
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


def claims_of(story: Story) -> dict[str, Any]:
    """Return what the page of *story* says of itself to machines, as it is kept: only what it does say."""
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
