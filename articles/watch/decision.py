"""What a check decides, and the rules it decides by."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.utils import timezone

from articles.diff import compare, key, telling, words
from articles.extract import Story
from articles.facts import badges_of, is_minor
from articles.fetch import Validators
from articles.models import Article, Source, Version
from articles.watch.outcome import Outcome
from articles.watch.schedule import Pace

SIGHTINGS_TO_REMOVE = 3
"""404s before an article counts as removed."""

GONE_SHARE = 24
"""410 says it for good: it needs a 24th of the time that 404 needs (1 hour against 24)."""

LONGEST_TEXT = 1_000_000
"""Characters; the diff refuses more."""

MOST_PARAGRAPHS = 10_000
"""More are no article, and would take a reader's page half a minute to draw."""

_NO_STORY_HEADLINE = re.compile(
    r"^\W*(?:error|fehler|erreur)?\W*(?:404|403|page not found|not found|access denied|forbidden"
    r"|log ?in|sign ?in|subscribe to read|are you a robot|just a moment"
    r"|seite nicht gefunden|page introuvable)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Draft:
    """A version to be stored: its text, and what lists show of the change."""

    headline: str
    byline: str
    published: datetime | None
    paragraphs: tuple[str, ...]
    words: int
    words_added: int = 0
    words_removed: int = 0
    badges: tuple[str, ...] = ()
    minor: bool = False
    headline_before: str = ""
    excerpt: tuple[tuple[str, str], ...] = ()


@dataclass
class Decision:
    """What one check comes to: the outcome, and all that is to be stored with it."""

    outcome: Outcome
    reason: str = ""
    at: datetime = field(default_factory=timezone.now)
    status: int | None = None
    retry_after: float | None = None
    asked_plainly: bool = False
    validators: Validators | None = None

    story: Story | None = None
    text_hash: str = ""
    draft: Draft | None = None
    text_since: datetime | None = None
    """When the draft's text was first seen, if it was held before."""
    held_hash: str = ""
    flip_flopping: bool = False
    missing: bool = False
    """404 or 410, whether that is confirmed or not."""
    aliases: tuple[str, ...] = ()
    duplicate_of: int | None = None
    """The article that this one, which has no version yet, turned out to be."""

    body: bytes = b""
    body_url: str = ""
    body_hash: str = ""
    content_type: str = ""
    extractor_version: int = 0
    rules_hash: str = ""

    @property
    def shows_text_in_force(self) -> bool:
        """Whether the page bore the text of what is the latest version after the check."""
        return self.outcome in (Outcome.NEW_VERSION, Outcome.UNCHANGED) and not self.flip_flopping

    @property
    def seen(self) -> datetime:
        """When the draft's text was first seen."""
        return min(self.text_since or self.at, self.at)


def pace_of(source: Source) -> Pace:
    """A source's schedule."""
    return Pace(
        floor=timedelta(seconds=source.floor_seconds),
        ceiling=timedelta(seconds=source.ceiling_seconds),
        divisor=source.age_divisor,
        retire_after=timedelta(days=source.retire_after_days),
    )


def decide_missing(article: Article, reason: str, *, gone: bool, now: datetime) -> Decision:
    """404 or 410: removed when it was seen often and long enough, held until then (fetch.md)."""
    if article.state == Article.State.REMOVED:
        return Decision(Outcome.REMOVED, reason, missing=True)
    needed = timedelta(seconds=article.source.confirm_removal_seconds) / (GONE_SHARE if gone else 1)
    sightings = article.missing_count + 1
    lasted = now - (article.missing_since or now)
    if sightings >= (2 if gone else SIGHTINGS_TO_REMOVE) and lasted >= needed:
        return Decision(Outcome.REMOVED, reason, missing=True)
    so_far = "once" if sightings == 1 else f"{sightings} times"
    return Decision(
        Outcome.HELD, f"{reason}, seen {so_far}; it counts as removed once confirmed", missing=True
    )


def is_doubtful(latest: Version | None, story: Story) -> str:
    """Why *story* is stored only when it is seen twice, or ''."""
    count = sum(map(words, story.paragraphs))
    if latest and count * 2 < latest.words:
        return f"the text shrank from {latest.words} to {count} words"
    known = latest is not None and _NO_STORY_HEADLINE.search(latest.headline)
    if _NO_STORY_HEADLINE.search(story.headline) and not known:
        return f"the headline reads like an error: “{story.headline[:80]}”"
    return ""


def is_flip_flop(article: Article, seen: str) -> bool:
    """Whether *seen* would be the third flip between the same two texts: A→B, B→A, A→B."""
    last = list(article.versions.order_by("-number").values_list("text_hash", flat=True)[:3])
    return len(last) == 3 and last[0] == last[2] and last[1] == seen


def compare_versions(latest: Version | None, story: Story, *, seen_before: bool = False) -> Draft:
    """The version that *story* makes after *latest* (None: it is the first)."""
    plain = Draft(
        headline=story.headline,
        byline=story.byline,
        published=story.published,
        paragraphs=story.paragraphs,
        words=sum(map(words, story.paragraphs)),
    )
    if latest is None:
        return plain
    comparison = compare(latest.paragraphs, story.paragraphs)
    headline_changed = key(latest.headline) != key(story.headline)
    badges = badges_of(headline_changed=headline_changed, seen_before=seen_before)
    excerpts = telling(comparison, most=1)
    return replace(
        plain,
        words_added=comparison.words_added,
        words_removed=comparison.words_removed,
        badges=badges,
        minor=is_minor(comparison, badges),
        headline_before=latest.headline if headline_changed else "",
        excerpt=tuple((span.tag, span.before if span.tag == "-" else span.after) for span in excerpts[0])
        if excerpts
        else (),
    )
