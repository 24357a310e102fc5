"""The values that a check passes on, each frozen: what was fetched, what is known, what is decided. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from articles.extract import Story
from articles.fetch import Answer, Validators
from articles.models import Boilerplate, Event, Evidence, FetchedPage, Outcome, ReasonCode, Source
from articles.models.looks import Remembered
from articles.models.text_storage import Text
from articles.watch.check.alterations import Altered
from articles.watch.check.classify import READ_IT, Judgement
from articles.watch.check.looks import SeenTicking
from articles.watch.check.page_reading import Reading

_NEVER = datetime.min.replace(tzinfo=UTC)

SEEN = frozenset({Outcome.UNCHANGED, Outcome.NEW_VERSION})
"""Outcomes of a check that found the article with its text."""


@dataclass(frozen=True)
class Fetched:
    """The result of one fetch: the answer, what it means, and its story where the page had to be read."""

    at: datetime
    judgement: Judgement = READ_IT
    answer: Answer | None = None
    """None where robots.txt, or a takedown, kept us from asking."""
    reading: Reading | None = None
    """None where the answer says enough without its page."""
    conditional: bool = False
    """Whether it was asked with validators."""
    in_outage: bool = False
    """Whether our own network was failing, so that nothing lasting is concluded."""
    barred: bool = False
    """It belongs, or redirects, to an article that was deleted for good."""


@dataclass(frozen=True)
class Other:
    """Another article that may be the same story.

    text: its latest, where it was needed; None too where it has none.
    """

    pk: int
    headline: str
    first_seen: datetime = _NEVER
    version_count: int = 0
    text_hash: str = ""
    last_success: datetime | None = None
    text: Text | None = None


@dataclass(frozen=True)
class SameStory:
    """Another article that is the same story. address: the one to check from then on; '' as the older has."""

    pk: int
    evidence: Evidence
    address: str = ""


@dataclass(frozen=True)
class MayBeSame:
    """A pair for a person to look at: another article whose text is alike."""

    pk: int
    evidence: Evidence
    share: float


@dataclass(frozen=True)
class Known:
    """The rest of what the database says of an article, beyond its own row, as far as the decision needs it
    (``load``)."""

    others: Mapping[str, Other] = field(default_factory=dict)
    """Other articles, by the key of the address that leads to them."""
    twins: tuple[Other, ...] = ()
    """Other articles of the source with the very text that the page has now; a few at most."""
    maybe_same: Other | None = None
    """The article that something else than a text said may be the same story."""
    same_headline: tuple[Other, ...] = ()
    """Of a first version: other articles of the source with its headline; a few at most."""
    redirected_there: int = 0
    """How many other articles' addresses redirect to where this one's does, without being the same story."""
    own_keys: frozenset[str] = frozenset()
    """Keys of addresses that are known to lead to this article."""
    barred: bool = False
    """Whether one of the page's addresses is of an article that was deleted for good."""
    latest: Text | None = None
    """The latest version, whole; None when there is none or it need not be looked at."""
    latest_compared: Text | None = None
    """What of it is compared."""
    latest_is_imported: bool = False
    """Whether another program extracted the latest version, and the text in force is that still."""
    hashes: tuple[str, ...] = ()
    """The text hashes of all versions, oldest first."""
    cap_reached_since: datetime | None = None
    """When the first of as many versions as are kept of 24 hours was seen; None when there are fewer."""
    page_before: Story | None = None
    """The captured page of the text in force as it reads today, where that has to be known."""
    reextracted: Text | None = None
    """What is compared of it, where that may not be as it is stored."""
    looks: Remembered = Remembered()  # noqa: RUF009 (frozen)
    """What is remembered of the article's looks, this one with it where its page has a story."""
    ticking: Mapping[str, SeenTicking] = field(default_factory=dict)
    """Places that tick by these looks, which was not known before."""
    exempt: frozenset[str] = frozenset()
    """Places left out of comparisons that are compared this once: what ticked has come to rest, or what
    stands on many articles has left this one alone."""
    busy_places: frozenset[str] = frozenset()
    """Places apart from the plain paragraphs that changed on many articles within one visit."""
    last_figures: datetime | None = None
    """When the last version made of live figures was seen."""
    reads_as_stored: bool = True
    """Whether the latest version says what its page reads like today."""
    reads_alike: bool = True
    """Whether the text in force was read by today's extractor and rules."""
    whole_before: bool = False
    """Whether the captured page had its end, so that one without an end is cut off."""
    quarantines_by_signature: tuple[tuple[str, int], ...] = ()
    """(signature, quarantine id) of the source's undecided paragraphs, the one to wait for first."""
    move_is_stored: bool = False
    """Whether an event of its move was stored since its text was last seen."""
    seen_away: datetime | None = None
    """When it was last seen to be removed or withheld, if its last check did not find out."""

    def places_left_out(self, source: Source) -> frozenset[str]:
        """The places that are left out of the comparison of this check."""
        return Boilerplate.of(source).uncompared.union(self.ticking) - self.exempt


@dataclass(frozen=True)
class Draft:
    """A version to be stored: its text, and what lists show of the change."""

    headline: str
    byline: str
    published: datetime | None
    modified: datetime | None
    """When the page claims to have been changed last."""
    paragraphs: tuple[str, ...]
    words: int
    words_added: int = 0
    words_removed: int = 0
    badges: tuple[str, ...] = ()
    minor: bool = False
    headline_before: str = ""
    excerpt: tuple[tuple[str, str], ...] = ()
    more_excerpts: tuple[tuple[tuple[str, str], ...], ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()
    """What of the paragraphs is not compared: (number, what of it is)."""
    made_of: str = ""
    """One of `Version.MadeOf`, or ''."""
    entries_added: int = 0
    facts: tuple[dict[str, Any], ...] = ()
    """As ``articles.facts.to_store`` makes them."""
    previous_reextracted: Text | None = None
    """What it was compared with, where that is not the version before as it is stored."""


@dataclass(frozen=True)
class Happening:
    """Something that happened to the article itself, to be stored as an event."""

    kind: Event.Kind
    detail: str
    previous_last_seen: datetime | None
    first_sign: datetime | None = None
    addresses: tuple[str, str] = ("", "")
    """Of a change of address: the one before, and the one from then on."""


@dataclass(frozen=True)
class Page(FetchedPage):
    """A page to be kept, as it was fetched. Where hash is '', it is not the page of the text in force."""

    hash: str = ""


@dataclass(frozen=True)
class Decision:
    """The decision of one check: the outcome, and all that is to be stored with it."""

    outcome: Outcome
    code: ReasonCode
    detail: str = ""
    """What the reason is exactly, in words for a person, where its code does not say it all."""
    at: datetime = _NEVER
    """The moment of the check; ``decide`` sets it."""
    status: int | None = None
    retry_after: float | None = None
    """Seconds for which the site asks to be left alone."""
    conditional: bool = False
    seconds: float = 0.0
    """How long the check took, waiting for the host left out."""
    next_check_at: datetime | None = None
    """None when it is not checked again."""
    validators: Validators | None = None

    story: Story | None = None
    text_hash: str = ""
    draft: Draft | None = None
    stored_before: Text | None = None
    """The version before the draft as it is stored; None when the draft is the first."""
    text_since: datetime | None = None
    """When the draft's text was first seen, if it had to wait before."""
    pending_hash: str = ""
    """Of the text that waits: a doubtful one to be seen again, or one that the cap keeps out."""
    flip_flopping: bool = False
    alternating_headlines: tuple[str, ...] = ()
    """Headlines that are seen in turn while the text stays."""
    looks: Remembered | None = None
    """What is remembered of the article from now on; None when nothing new is."""
    ticking: Mapping[str, SeenTicking] = field(default_factory=dict)
    """Places found to tick, to be learned of the source."""
    moved_date: tuple[datetime, datetime] | None = None
    """The date of change that the page claimed and claims now, where it moved and the text did not change."""
    altered: Mapping[str, Altered] = field(default_factory=dict)
    """What came or went with the draft, by its signature."""
    quarantined_text: Text | None = None
    quarantined_left_out: tuple[tuple[int, str], ...] = ()
    """What of it is not compared."""
    quarantined_hash: str = ""
    """The whole text of the page, where some of it waits for a decision on many articles at once."""
    waits_for: int | None = None
    """The id of the quarantine that this text waits for."""
    previous_last_seen: datetime | None = None
    """When the text before the draft was last seen, if that is not the article's last success."""
    missing: bool = False
    """404 or 410, whether that is confirmed or not."""
    new_aliases: tuple[str, ...] = ()
    """Other addresses of the story that are not stored yet."""
    duplicate_of: int | None = None
    """The article that this one, which has no version yet, turned out to be."""
    same_story: SameStory | None = None
    """The article that this one is to be joined with; both have versions."""
    absorbs: int | None = None
    """An article without any version whose address leads here."""
    new_address: str = ""
    """What the article's address is from now on, where that changed."""
    learned: str = ""
    """How the new addresses were learned (``Address.Learned``)."""
    apart_at: str = ""
    """An address that a feed named as this article's and that shows another story: it is watched apart."""
    look_again: tuple[int, ...] = ()
    """Articles that may be the same story, to be checked at once."""
    proposals: tuple[MayBeSame, ...] = ()
    away_to: str = ""
    """The key of the address that it redirects to, while it is not known to be the story's."""
    barred: bool = False
    """It leads to, or says that it is, an article that was deleted for good."""
    happening: Happening | None = None
    page: Page | None = None
    extractor_version: int = 0
    rules_hash: str = ""

    @property
    def reason(self) -> str:
        """Why, in words for a person."""
        return self.detail or str(self.code.label)

    @property
    def capped(self) -> bool:
        """The text differs and is not in doubt, but the article has had its versions of a day."""
        return self.code is ReasonCode.CAPPED

    @property
    def in_no_doubt(self) -> bool:
        """The text waits, but not to be seen again: nothing is gained by looking for it soon."""
        return self.code in (ReasonCode.CAPPED, ReasonCode.WIDESPREAD, ReasonCode.FIGURES)

    @property
    def shows_text_in_force(self) -> bool:
        """Return whether the page bore the text of what is the latest version after the check."""
        return self.outcome in SEEN and not self.flip_flopping and not self.alternating_headlines

    @property
    def is_seen(self) -> bool:
        """Return whether the article was there, with its text or with one that is in no doubt but waits."""
        return self.outcome in SEEN or self.code in (ReasonCode.WIDESPREAD, ReasonCode.FIGURES)

    @property
    def what_is_done(self) -> str:
        """Return in a word for the log what is done about it."""
        if self.draft:
            return "store"
        if self.outcome.is_failure:
            return "retry"
        return {Outcome.PENDING: "confirm", Outcome.UNCHANGED: "keep"}.get(self.outcome, "note")

    @property
    def seen(self) -> datetime:
        """Return when the draft's text was first seen."""
        return min(self.text_since or self.at, self.at)
