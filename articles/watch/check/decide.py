"""What a check decides, and the rules it decides by."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from articles.diff import compare, key, telling, words
from articles.extract import Story, no_story_phrase
from articles.facts import badges_of, is_minor
from articles.fetch import Validators
from articles.models import Article, Outcome, Source
from articles.models.text_storage import Text
from articles.watch.crawl.schedule import Pace

SIGHTINGS_TO_REMOVE = 3
"""404s before an article counts as removed."""

GONE_SHARE = 24
"""410 says it for good: it needs a 24th of the time that 404 needs (1 hour against 24)."""

LONGEST_TEXT = 1_000_000
"""Characters; the diff refuses more."""

MOST_PARAGRAPHS = 10_000
"""More are no article, and would take a reader's page half a minute to draw."""

_ASIDE = 200
"""Characters; a paragraph that speaks of a wall in place of the story is no longer."""

_NO_STORY_HEADLINE = re.compile(
    r"^\W*(?:error|fehler|erreur|errore?|błąd|ошибка)?\W*(?:(?:404|403|page not found|not found"
    r"|access denied|forbidden"
    r"|log ?in|sign ?in|subscribe to read|are you a robot|just a moment|before you continue"
    r"|seite nicht gefunden|zugriff verweigert|anmelden|page introuvable|accès refusé|se connecter"
    r"|página no encontrada|acceso denegado|iniciar sesión|pagina non trovata|accesso negato|accedi"
    r"|página não encontrada|acesso negado|pagina niet gevonden|inloggen|strona nie|nie znaleziono|zaloguj"
    r"|sidan (?:kunde inte hittas|hittades inte)|siden (?:finnes ikke|blev ikke fundet)"
    r"|страница не найдена|доступ (?:запрещ[её]н|ограничен)|sayfa bulunamadı|stránka nenalezena)\b"
    r"|ページが見つかりません|页面不存在|页面未找到|找不到页面"
    r"|頁面不存在|找不到頁面|페이지를 찾을 수 없|الصفحة غير موجودة)",
    re.IGNORECASE,
)
_FAILING_SERVER = re.compile(
    r"^\W*(?:(?:http )?error\W*50\d|50\d (?:internal|bad gateway|service|gateway|error)|internal server error"
    r"|bad gateway|service (?:is )?(?:temporarily |currently )?unavailable|gateway time-?out"
    r"|(?:site )?under maintenance|something went wrong|we(?:['’]ll| will) be (?:right )?back)\b",
    re.IGNORECASE,
)
"""Said with status 200."""


class Altered(NamedTuple):
    """A paragraph that came (or went) with a change."""

    text: str
    came: bool


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
    previous_reextracted: Text | None = None
    """What it was compared with, where that is not the version before as it is stored."""


@dataclass
class Decision:
    """What one check comes to: the outcome, and all that is to be stored with it."""

    outcome: Outcome
    reason: str = ""
    at: datetime = field(default_factory=timezone.now)
    status: int | None = None
    retry_after: float | None = None
    last_unconditional_at: bool = False
    seconds: float = 0.0
    """How long the check took, waiting for the host's turn left out."""
    validators: Validators | None = None

    story: Story | None = None
    text_hash: str = ""
    draft: Draft | None = None
    text_since: datetime | None = None
    """When the draft's text was first seen, if it was held before."""
    pending_hash: str = ""
    """Of the text that waits: a doubtful one to be seen again, or one that the cap keeps out."""
    capped: bool = False
    """The text differs and is not in doubt, but the article has had its versions of a day."""
    flip_flopping: bool = False
    altered: dict[str, Altered] = field(default_factory=dict)
    """What came or went with the draft, by its signature."""
    quarantined_text: Text | None = None
    """The whole text of the page, where some of it waits for a decision on many articles at once."""
    held_for: int | None = None
    """The quarantine it waits for."""
    previous_last_seen: datetime | None = None
    """When the text before the draft was last seen, if that is not the article's last success."""
    missing: bool = False
    """404 or 410, whether that is confirmed or not."""
    aliases: tuple[str, ...] = ()
    duplicate_of: int | None = None
    """The article that this one, which has no version yet, turned out to be."""
    barred: bool = False
    """It leads to, or says that it is, an article that was deleted for good."""

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
    def told(self) -> str:
        """What is done about it, in a word for the log."""
        if self.draft:
            return "store"
        if self.outcome.is_failure:
            return "retry"
        return {Outcome.HELD: "confirm", Outcome.UNCHANGED: "keep"}.get(self.outcome, "note")

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


def is_doubtful(before: Text | None, story: Story) -> str:
    """Why *story*, which follows the text *before*, is stored only when it is seen twice, or ''."""
    count = sum(map(words, story.paragraphs))
    count_before = sum(map(words, before.paragraphs)) if before else 0
    if count * 2 < count_before:
        return f"the text shrank from {count_before} to {count} words"
    if _reads_like_an_error(story.headline) and not (before and _reads_like_an_error(before.headline)):
        return f"the headline reads like an error: “{story.headline[:80]}”"
    return _new_wall(before.paragraphs, story.paragraphs) if before else ""


def _reads_like_an_error(headline: str) -> bool:
    return any(pattern.search(headline) for pattern in (_NO_STORY_HEADLINE, _FAILING_SERVER))


def _new_wall(before: tuple[str, ...], now: tuple[str, ...]) -> str:
    """What the text newly says that stands in place of a story, or ''."""
    for paragraph in now:
        if len(paragraph) <= _ASIDE and paragraph not in before and (phrase := no_story_phrase(paragraph)):
            return f"the text speaks of {phrase}"
    return ""


def is_flip_flop(article: Article, seen: str) -> bool:
    """Whether *seen* would be the third flip between the same two texts: A→B, B→A, A→B."""
    last = list(article.versions.order_by("-number").values_list("text_hash", flat=True)[:3])
    return len(last) == 3 and last[0] == last[2] and last[1] == seen


def is_capped(article: Article, now: datetime) -> bool:
    """Whether as many versions as one article may have were seen within 24 hours."""
    first_of_them = article.version_count + 1 - article.source.versions_per_day
    seen = article.versions.filter(number=first_of_them).values_list("seen", flat=True).first()
    return seen is not None and now - timedelta(days=1) < seen


def compare_versions(before: Text | None, story: Story, *, seen_before: bool = False) -> Draft:
    """The version that *story* makes after the text *before* (None: it is the first)."""
    plain = Draft(
        headline=story.headline,
        byline=story.byline,
        published=story.published,
        paragraphs=story.paragraphs,
        words=sum(map(words, story.paragraphs)),
    )
    if before is None:
        return plain
    comparison = compare(before.paragraphs, story.paragraphs)
    headline_changed = key(before.headline) != key(story.headline)
    badges = badges_of(headline_changed=headline_changed, seen_before=seen_before)
    excerpts = telling(comparison, most=1)
    return replace(
        plain,
        words_added=comparison.words_added,
        words_removed=comparison.words_removed,
        badges=badges,
        minor=is_minor(comparison, badges),
        headline_before=before.headline if headline_changed else "",
        excerpt=tuple((span.tag, span.before if span.tag == "-" else span.after) for span in excerpts[0])
        if excerpts
        else (),
    )
