"""What a check decides. Pure: values in, one frozen ``Decision`` out; no query, clock, random or write.

``decide`` is where to begin. An article and its source are read as they were loaded when the check began.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from articles.diff import compare, key, telling, words
from articles.extract import Story
from articles.facts import badges_of, is_minor
from articles.fetch import Answer, address_key
from articles.models import Article, Boilerplate, Event, Outcome, ReasonCode
from articles.models.text_storage import Text
from articles.watch.check.alterations import altered, left_out, standing_in_one
from articles.watch.check.classify import Judgement
from articles.watch.check.decision import (
    SEEN,
    Decision,
    Draft,
    Fetched,
    Happening,
    Known,
    Other,
    Page,
)
from articles.watch.check.doubts import Doubt, doubt_of
from articles.watch.check.identity import aliases_of
from articles.watch.check.next_check import next_check
from articles.watch.check.page import (
    Reading,
    body_hash,
    carried_over,
    has_end,
    hash_of,
    read_by,
    text_of,
    without_boilerplate,
)

SIGHTINGS_TO_REMOVE = 3
"""404s before an article counts as removed."""

GONE_SHARE = 24
"""410 says it for good: it needs a 24th of the time that 404 needs (1 hour against 24)."""

LONGEST_TEXT = 1_000_000
"""Characters; the diff refuses more."""

MOST_PARAGRAPHS = 10_000
"""More are no article, and would take a reader's page half a minute to draw."""

_LASTING = frozenset({Outcome.REMOVED, Outcome.WITHHELD, Outcome.MOVED})
"""What readers are told of an article: not while a network that fails may answer in its site's place."""

_OF_ITS_OWN_PAGE = frozenset({ReasonCode.NO_ARCHIVE, ReasonCode.NOT_MODIFIED, ReasonCode.SAME_PAGE})
"""These say something of the article only where no redirect led to another one."""


def decide(article: Article, fetched: Fetched, known: Known, chance: float) -> Decision:
    """What the check comes to.

    chance: a random number in 0…1, which spreads the next checks of articles found together.
    """
    decision = _outcome(article, fetched, known)
    if fetched.in_outage and (decision.missing or decision.outcome in _LASTING):
        detail = f"{decision.reason}, while our own network fails"
        decision = Decision(Outcome.UNREACHABLE, ReasonCode.OUR_NETWORK, detail)
    decision = replace(decision, at=fetched.at, conditional=fetched.conditional)
    if fetched.answer is not None:
        decision = replace(decision, status=fetched.answer.status)
        # Those of a wall, a doubtful page or the other of two texts would make a later 304 tell a lie.
        if fetched.answer.status == 200 and decision.shows_text_in_force:
            decision = replace(decision, validators=fetched.answer.validators)
    return replace(
        decision,
        happening=_happening(article, decision, known),
        next_check_at=next_check(article, decision, chance),
    )


def _outcome(article: Article, fetched: Fetched, known: Known) -> Decision:
    judgement, answer = fetched.judgement, fetched.answer
    if answer is None:
        return _as_judged(judgement, barred=fetched.barred)
    if judgement.missing:
        return decide_missing(article, judgement, fetched.at)
    if judgement.outcome is Outcome.MOVED:
        return _as_judged(judgement)
    if judgement.outcome is not None and judgement.code not in _OF_ITS_OWN_PAGE:
        return _as_judged(judgement, retry_after=answer.retry_after)
    if answer.hops and article.version_count:
        other = known.others.get(address_key(answer.final_url))
        if other:
            return _moved_to(other, answer)
    if judgement.outcome is not None:
        return _as_judged(judgement)
    assert fetched.reading is not None, "a page that is neither filed nor the same is read"
    return _Reader(article, answer, fetched.reading, fetched.at, known).decide()


def _as_judged(judgement: Judgement, **values: Any) -> Decision:
    assert judgement.outcome is not None
    assert judgement.code is not None
    return Decision(judgement.outcome, judgement.code, judgement.detail, **values)


def _moved_to(other: Other, answer: Answer) -> Decision:
    detail = f"redirects to article {other.pk}: {answer.final_url}"
    return Decision(Outcome.MOVED, ReasonCode.OTHER_ARTICLE, detail)


def decide_missing(article: Article, judgement: Judgement, now: datetime) -> Decision:
    """404 or 410: removed when it was seen often and long enough, pending until then."""
    gone = judgement.code is ReasonCode.GONE
    assert judgement.code is not None
    removed = Decision(Outcome.REMOVED, judgement.code, missing=True)
    if article.state == Article.State.REMOVED:
        return removed
    needed = timedelta(seconds=article.source.confirm_removal_seconds) / (GONE_SHARE if gone else 1)
    sightings = article.missing_count + 1
    lasted = now - (article.missing_since or now)
    if sightings >= (2 if gone else SIGHTINGS_TO_REMOVE) and lasted >= needed:
        return removed
    so_far = "once" if sightings == 1 else f"{sightings} times"
    detail = f"{judgement.reason}, seen {so_far}; it counts as removed once confirmed"
    return Decision(Outcome.PENDING, ReasonCode.UNCONFIRMED, detail, missing=True)


@dataclass(frozen=True)
class _Reader:
    """Deciding on a page that was read: what of it there is to keep, then what its text comes to."""

    article: Article
    answer: Answer
    reading: Reading
    now: datetime
    known: Known

    def decide(self) -> Decision:
        refusal = self._refusal()
        if refusal is not None:
            return refusal
        decision = replace(self._on_text(), **read_by(self.article.source)._asdict())
        if decision.outcome in SEEN:
            decision = replace(
                decision,
                story=self._story,
                new_aliases=new_aliases(aliases_of(self.answer, self._story), self.known),
            )
        # A page whose end is missing is not what later ones are measured by, unless a version was made of it.
        if decision.draft or (self._whole and decision.shows_text_in_force):
            return replace(decision, page=self._page)
        if decision.quarantined_text:
            # Kept with the text that waits; it is no page of the text in force.
            return replace(decision, page=replace(self._page, hash=""))
        return decision

    @property
    def _whole(self) -> bool:
        """Whether the page has its end; one that never closes its tags counts as whole too."""
        return has_end(self.answer.body) or not self.known.whole_before

    @property
    def _page(self) -> Page:
        answer = self.answer
        return Page(answer.body, answer.final_url, answer.content_type, body_hash(answer.body))

    @cached_property
    def _story(self) -> Story:
        """What the page says: without boilerplate, and with what it lacks of the version before."""
        story = without_boilerplate(self.reading.story, self.article.source)
        latest = self.known.latest
        return story if latest is None else carried_over(story, latest, self.article.source)

    def _refusal(self) -> Decision | None:
        """Why nothing of the page's text is looked at, or None."""
        article, known, story = self.article, self.known, self.reading.story
        if self.reading.noarchive and article.source.obey_noarchive:
            return Decision(Outcome.BLOCKED, ReasonCode.NO_ARCHIVE)
        if story.problem:
            # While there is no text, its page is what an admin finds out by which rules would bring one.
            page = None if article.version_count else self._page
            return Decision(Outcome.FAILED, ReasonCode.NO_STORY, story.problem, page=page)
        story = self._story
        if not story.paragraphs:
            return Decision(Outcome.FAILED, ReasonCode.ONLY_BOILERPLATE)
        if sum(map(len, story.paragraphs)) > LONGEST_TEXT:
            detail = f"more than {LONGEST_TEXT:,} characters of text"
            return Decision(Outcome.FAILED, ReasonCode.TOO_LONG, detail)
        if len(story.paragraphs) > MOST_PARAGRAPHS:
            detail = f"more than {MOST_PARAGRAPHS:,} paragraphs of text"
            return Decision(Outcome.FAILED, ReasonCode.TOO_LONG, detail)
        if known.barred:
            return Decision(Outcome.REFUSED, ReasonCode.TAKEN_DOWN, barred=True)
        return None if article.version_count else self._same_as_another()

    def _same_as_another(self) -> Decision | None:
        """Which other article the page of one without versions turns out to be, if any."""
        others, headline = self.known.others, key(self._story.headline)
        for alias in aliases_of(self.answer, self._story):
            other = others.get(address_key(alias))
            if other and headline and key(other.headline) == headline:
                detail = f"the same story as article {other.pk}"
                return Decision(Outcome.MOVED, ReasonCode.DUPLICATE, detail, duplicate_of=other.pk)
        other = others.get(address_key(self.answer.final_url))
        return _moved_to(other, self.answer) if other and self.answer.hops else None

    def _on_text(self) -> Decision:
        """What the text comes to against the one in force."""
        article, known, story = self.article, self.known, self._story
        seen = hash_of(story)
        if article.version_count and seen == article.text_hash:
            return Decision(Outcome.UNCHANGED, ReasonCode.SAME_TEXT, text_hash=seen)
        if known.reextracted is not None and seen == hash_of(known.reextracted):
            return Decision(Outcome.UNCHANGED, ReasonCode.SAME_TEXT_REREAD, text_hash=seen)
        before = known.reextracted or known.latest
        if (code := self._doubt_of_page()) and not self._confirms(seen):
            return Decision(Outcome.PENDING, code, pending_hash=seen)
        whole: Text | None = None
        waits_for: int | None = None
        undecided = Boilerplate.of(article.source).held
        if before and (apart := standing_in_one(before, story, undecided)):
            whole, waits_for = text_of(story), holder(known.holders, apart)
            before, story = left_out(before, apart), left_out(story, apart)
            seen = hash_of(story)
            if seen == hash_of(before):
                return Decision(
                    Outcome.PENDING,
                    ReasonCode.WIDESPREAD,
                    pending_hash=hash_of(whole),
                    quarantined_text=whole,
                    waits_for=waits_for,
                )
        if (doubt := doubt_of(before, story)) and not self._confirms(seen):
            return self._doubtful(doubt, seen)
        if is_flip_flop(known.hashes, seen):
            return Decision(Outcome.UNCHANGED, ReasonCode.FLIP_FLOP, flip_flopping=True)
        if known.cap_reached_since is not None and self.now - timedelta(days=1) < known.cap_reached_since:
            detail = f"it has had the {article.source.versions_per_day} versions that are kept of 24 hours"
            return Decision(Outcome.PENDING, ReasonCode.CAPPED, detail, pending_hash=seen)
        draft = compare_versions(before, story, seen_before=seen in known.hashes)
        compared_anew = known.reextracted is not None or whole is not None
        if before is not None and compared_anew and known.hashes and hash_of(before) != known.hashes[-1]:
            draft = replace(draft, previous_reextracted=before)
        goes_on = whole if whole is not None and hash_of(whole) != seen else None
        return Decision(
            Outcome.NEW_VERSION,
            ReasonCode.TEXT_CHANGED if known.hashes else ReasonCode.FIRST_VERSION,
            text_hash=seen,
            text_since=article.pending_since if article.pending_hash == seen else None,
            draft=draft,
            stored_before=known.latest,
            altered=altered(before, story) if before else {},
            quarantined_text=goes_on,
            waits_for=waits_for if goes_on else None,
            pending_hash=hash_of(goes_on) if goes_on else "",
        )

    def _doubt_of_page(self) -> ReasonCode | None:
        """Why the page can't be compared with the text in force as it is, or None."""
        known = self.known
        if known.latest is not None and known.reextracted is None and not known.reads_alike:
            return ReasonCode.NOT_COMPARABLE
        return None if self._whole else ReasonCode.TRUNCATED

    def _doubtful(self, doubt: Doubt, seen: str) -> Decision:
        return Decision(Outcome.PENDING, doubt.code, doubt.detail, pending_hash=seen)

    def _confirms(self, seen: str) -> bool:
        """Whether a doubtful text was seen before, long enough ago."""
        article = self.article
        wait = timedelta(seconds=article.source.confirm_text_seconds)
        return (
            article.pending_hash == seen
            and article.pending_since is not None
            and self.now - article.pending_since >= wait
        )


def new_aliases(aliases: tuple[str, ...], known: Known) -> tuple[str, ...]:
    """Those of a story's addresses that are not known to lead to any article yet."""
    return tuple(
        address
        for address in aliases
        if address_key(address) not in known.own_keys and address_key(address) not in known.others
    )


def holder(holders: tuple[tuple[str, int], ...], signatures: frozenset[str]) -> int:
    """The quarantine (its id) that what these paragraphs keep from being a version waits for."""
    return next(quarantine for name, quarantine in holders if name in signatures)


def is_flip_flop(hashes: tuple[str, ...], seen: str) -> bool:
    """Whether *seen* would be the third flip between the same two texts: A→B, B→A, A→B."""
    return len(hashes) >= 3 and hashes[-1] == hashes[-3] and hashes[-2] == seen


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


def _happening(article: Article, decision: Decision, known: Known) -> Happening | None:
    """What happened to the article itself, if anything did."""
    State, Kind = Article.State, Event.Kind
    last_seen, reason = article.last_success, decision.reason
    if decision.is_seen and article.state in (State.REMOVED, State.WITHHELD):
        return Happening(Kind.RESTORED, "", _last_seen_away(article, known))
    if decision.outcome is Outcome.REMOVED and article.state != State.REMOVED:
        return Happening(Kind.REMOVED, reason, last_seen, first_sign=article.missing_since)
    if decision.outcome is Outcome.WITHHELD and article.state != State.WITHHELD:
        return Happening(Kind.WITHHELD, reason, last_seen)
    if decision.outcome is Outcome.MOVED and not known.move_is_stored:
        return Happening(Kind.MOVED, reason, last_seen)
    return None


def _last_seen_away(article: Article, known: Known) -> datetime | None:
    """When an article that is away was last seen to be: a check that failed since tells nothing."""
    if article.last_outcome in (Outcome.REMOVED, Outcome.WITHHELD):
        return article.last_checked
    return known.seen_away
