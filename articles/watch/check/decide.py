"""What a check decides. Pure: values in, one frozen ``Decision`` out; no query, clock, random or write.

``decide`` is where to begin. An article and its source are read as they were loaded when the check began.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from articles.diff import words
from articles.extract import NoStory, Story
from articles.extract.looks import variants_in_use
from articles.facts import ChangeKind
from articles.fetch import Answer, address_key, looks_like_article, normalise
from articles.likeness import ALIKE, is_alike, share_in_runs
from articles.models import Address, Article, Boilerplate, Event, Evidence, Outcome, ReasonCode, Version
from articles.models.looks import claims_of
from articles.models.text_storage import Text
from articles.watch.check.alterations import Altered, altered, left_out, standing_in_one
from articles.watch.check.change import change_of
from articles.watch.check.classify import Judgement
from articles.watch.check.decision import (
    SEEN,
    Decision,
    Draft,
    Fetched,
    Happening,
    Known,
    MayBeSame,
    Other,
    Page,
    SameStory,
)
from articles.watch.check.doubts import Doubt, doubt_of
from articles.watch.check.gates import is_cut_by_a_gate
from articles.watch.check.identity import (
    SAME_TEXT_WITHIN,
    canonical_of,
    has_enough_words,
    is_later,
    is_named_by_feed,
    is_wholly_other,
)
from articles.watch.check.live import FIGURES_EVERY, Nature, nature_of
from articles.watch.check.looks import as_compared, left_out_of, marked, only_compared, places_apart
from articles.watch.check.next_check import next_check
from articles.watch.check.page import (
    body_hash,
    carried_over,
    compared_of,
    has_end,
    hash_of,
    read_by,
    text_of,
    without_boilerplate,
)
from articles.watch.check.page_reading import Reading
from articles.watch.check.removal import decide_away, decide_missing

LONGEST_TEXT = 1_000_000
"""Characters; the diff refuses more."""

MOST_PARAGRAPHS = 10_000
"""More are no article, and would take a reader's page half a minute to draw."""

_LASTING = frozenset({Outcome.REMOVED, Outcome.WITHHELD, Outcome.MOVED})
"""What readers are told of an article: not while a network that fails may answer in its site's place."""

_NO_DOUBT = frozenset({ReasonCode.WIDESPREAD, ReasonCode.SAME_PLACE, ReasonCode.FIGURES, ReasonCode.CAPPED})
"""What waits with these is a look at the article's own text like any other."""
ENOUGH_REDIRECTS = 2
"""Other articles whose addresses redirect to one page: it stands in for all of them, and is none of them."""

_NOT_ALIKE = "not-alike"
"""In place of the hash of a text that waits: any page that is not alike, at the same redirect."""

_WITHOUT_TEXT = frozenset({NoStory.TOO_SHORT, NoStory.NO_TEXT})
"""What is found of a list of stories, whose text is but links."""

_REPLACED = "replaced"
"""Likewise: any page that is wholly other than the text in force; daily pages differ each time."""

_OF_ITS_OWN_PAGE = frozenset({ReasonCode.NO_ARCHIVE, ReasonCode.NOT_MODIFIED, ReasonCode.SAME_PAGE})
"""These say something of the article only where no redirect led to another one."""


def decide(article: Article, fetched: Fetched, known: Known, chance: float) -> Decision:
    """Return the decision of the check.

    chance: a random number in 0…1, which spreads the next checks of articles found together.
    """
    decision = _outcome(article, fetched, known)
    if fetched.in_outage and (decision.missing or decision.outcome in _LASTING):
        detail = f"{decision.reason}, while our own network fails"
        decision = Decision(Outcome.UNREACHABLE, ReasonCode.OUR_NETWORK, detail)
    decision = replace(
        _with_twin(article, _at_new_address(article, decision, fetched, known), known, fetched.at),
        at=fetched.at,
        conditional=fetched.conditional,
    )
    if fetched.answer is not None:
        decision = replace(decision, status=fetched.answer.status)
        # Those of a wall, a doubtful page or the other of two texts would make a later 304 tell a lie.
        if fetched.answer.has_page and decision.shows_text_in_force:
            decision = replace(decision, validators=fetched.answer.validators)
    return replace(
        decision,
        happening=_happening(article, decision, known),
        next_check_at=next_check(article, decision, chance),
    )


def _at_new_address(article: Article, decision: Decision, fetched: Fetched, known: Known) -> Decision:
    """*decision*, with the address at which the story was found, where that was not known as its own."""
    answer = fetched.answer
    if answer is None or not answer.hops or decision.outcome not in SEEN:
        return decision
    final = address_key(answer.final_url)
    if final in known.own_keys:
        return decision
    other = known.others.get(final)
    if other and other.version_count:
        return decision
    by_feed = is_named_by_feed(answer)
    address = normalise(answer.final_url)  # redirects add marks of tracking, too
    return replace(
        decision,
        new_aliases=() if other else (address,),
        learned=Address.Learned.FEED_ID if by_feed else Address.Learned.REDIRECT,
        absorbs=other.pk if other else None,
        # Before its first version nobody was shown another address.
        new_address=address if article.version_count else "",
    )


def _with_twin(article: Article, decision: Decision, known: Known, now: datetime) -> Decision:
    """*decision*, or that the article is joined with the one that gave the same text within the hour."""
    twin = known.maybe_same
    shows_text = decision.shows_text_in_force and decision.draft is None and article.version_count
    if not shows_text or twin is None or not twin.version_count or twin.text_hash != article.text_hash:
        return decision
    if twin.last_success is None or now - twin.last_success > SAME_TEXT_WITHIN:
        return decision
    return _joined(article, twin, Evidence.SAME_TEXT)


def _outcome(article: Article, fetched: Fetched, known: Known) -> Decision:
    judgement, answer = fetched.judgement, fetched.answer
    if answer is None:
        return _as_judged(judgement, barred=fetched.barred)
    is_unread = judgement.outcome not in (None, Outcome.UNCHANGED) or _reads_badly(fetched)
    if is_named_by_feed(answer) and is_unread:
        detail = f"{ReasonCode.NEW_ADDRESS.label}: {answer.final_url}"
        return Decision(Outcome.UNREACHABLE, ReasonCode.NEW_ADDRESS, detail)
    if judgement.missing:
        return decide_missing(article, judgement, fetched.at)
    if judgement.outcome is Outcome.MOVED:
        assert judgement.code is not None
        return decide_away(article, judgement.code, judgement.detail, fetched.at, known)
    if judgement.outcome is not None and judgement.code not in _OF_ITS_OWN_PAGE:
        return _as_judged(judgement, retry_after=answer.retry_after)
    other = known.others.get(address_key(answer.final_url)) if answer.hops else None
    if judgement.outcome is not None and other and article.version_count:
        if judgement.outcome is not Outcome.UNCHANGED or judgement.code is ReasonCode.NOT_MODIFIED:
            detail = f"redirects to article {other.pk}: {answer.final_url}"
            return decide_away(article, ReasonCode.OTHER_ARTICLE, detail, fetched.at, known)
        return _joined(article, other, Evidence.REDIRECT, normalise(answer.final_url))
    if judgement.outcome is not None:
        return _as_judged(judgement)
    assert fetched.reading is not None, "a page that is neither filed nor the same is read"
    return _OnPage(article, answer, fetched.reading, fetched.at, known).decide()


def _as_judged(judgement: Judgement, **values: Any) -> Decision:
    assert judgement.outcome is not None
    assert judgement.code is not None
    return Decision(judgement.outcome, judgement.code, judgement.detail, **values)


def _reads_badly(fetched: Fetched) -> bool:
    return fetched.reading is not None and bool(fetched.reading.story.problem)


def _joined(article: Article, other: Other, evidence: Evidence, address: str = "") -> Decision:
    """*article* is the same story as *other*; one without a version leaves nothing behind."""
    detail = f"the same story as article {other.pk}: {evidence.label}"
    if not article.version_count:
        return Decision(
            Outcome.MOVED, ReasonCode.DUPLICATE, detail, duplicate_of=other.pk, look_again=(other.pk,)
        )
    same = SameStory(other.pk, evidence, address)
    return Decision(Outcome.MOVED, ReasonCode.JOINED, detail, same_story=same)


@dataclass(frozen=True)
class _OnPage:
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
        if decision.outcome in SEEN or decision.code in _NO_DOUBT:
            decision = replace(decision, looks=self.known.looks, ticking=self.known.ticking)
        if decision.outcome in SEEN:
            decision = replace(decision, story=self._story, **self._pairs(decision))
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
        return Page(
            answer.body,
            answer.final_url,
            answer.content_type,
            answer.received,
            answer.request_headers,
            answer.response_headers,
            claims_of(self.reading.story),
            body_hash(answer.body),
        )

    @cached_property
    def _story(self) -> Story:
        """What the page says: without boilerplate, and with what it lacks of the version before."""
        source, latest = self.article.source, self.known.latest
        story = without_boilerplate(self.reading.story, source)
        story = marked(story, self.known.places_left_out(source))
        return story if latest is None else carried_over(story, latest, self.article.source)

    def _refusal(self) -> Decision | None:
        """Why nothing of the page's text is looked at, or None."""
        article, known, story = self.article, self.known, self.reading.story
        if self.reading.noarchive and article.source.obey_noarchive:
            return Decision(Outcome.BLOCKED, ReasonCode.NO_ARCHIVE)
        if story.problem and (away := self._away_without_story()):
            return away
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
        return self._on_redirect() or self._same_as_another()

    def _on_redirect(self) -> Decision | None:
        """What it comes to that redirects, or a feed, led to an address that is not known as the article's;
        None where the page is its text."""
        answer, known = self.answer, self.known
        final = address_key(answer.final_url)
        if not answer.hops or final in known.own_keys:
            return None
        other, is_alike = known.others.get(final), self._is_alike(known.latest)
        by_feed = is_named_by_feed(answer)
        if other and other.version_count:
            if not self.article.version_count:
                return _joined(self.article, other, Evidence.REDIRECT)
            if is_alike:
                evidence = Evidence.FEED_ID if by_feed else Evidence.REDIRECT
                return _joined(self.article, other, evidence, normalise(answer.final_url))
        if not self.article.version_count or is_alike:
            return None
        if by_feed:
            detail = f"{ReasonCode.NOT_THE_STORY.label}: {answer.final_url}"
            apart = "" if other else normalise(answer.final_url)
            return Decision(Outcome.PENDING, ReasonCode.NOT_THE_STORY, detail, apart_at=apart)
        if code := self._leads_elsewhere(other):
            detail = f"{code.label}: {answer.final_url}"
            return decide_away(self.article, code, detail, self.now, known, away_to=final)
        if not self._confirms(_NOT_ALIKE):
            code = ReasonCode.NOT_ALIKE
            detail = f"{code.label}: {answer.final_url}"
            return Decision(Outcome.PENDING, code, detail, pending_hash=_NOT_ALIKE, away_to=final)
        return None

    @property
    def _is_elsewhere(self) -> bool:
        """Whether a redirect led away from an article that has a text, to an address not known as its own."""
        answer = self.answer
        by_redirect = bool(answer.hops) and not is_named_by_feed(answer)
        return (
            by_redirect
            and self.article.version_count > 0
            and address_key(answer.final_url) not in self.known.own_keys
        )

    def _away_without_story(self) -> Decision | None:
        """That a redirect led to a page without a story which is plainly none of the article's: a list of
        others, or one that says there is no such page. Of walls nothing is known."""
        if not self._is_elsewhere:
            return None
        no_story = self.reading.story.no_story
        if no_story is NoStory.NOT_FOUND:
            code = ReasonCode.NOT_ALIKE
        elif no_story is NoStory.LIST or (
            no_story in _WITHOUT_TEXT and not looks_like_article(self.answer.final_url)
        ):
            code = ReasonCode.SECTION_PAGE
        else:
            return None
        detail = f"{code.label}: {self.answer.final_url}"
        away_to = address_key(self.answer.final_url)
        return decide_away(self.article, code, detail, self.now, self.known, away_to=away_to)

    def _leads_elsewhere(self, other: Other | None) -> ReasonCode | None:
        """Why a page that is not alike is not the story under another address; None where it may be."""
        if other and other.version_count:
            return ReasonCode.OTHER_ARTICLE
        if self.reading.lists_stories or not looks_like_article(self.answer.final_url):
            return ReasonCode.SECTION_PAGE
        if self.known.redirected_there >= ENOUGH_REDIRECTS:
            return ReasonCode.SHARED_TARGET
        published = self.article.published or self.article.first_seen
        return ReasonCode.LATER_ARTICLE if is_later(self.reading.story, published) else None

    def _is_alike(self, text: Text | None) -> bool:
        """Whether the page is alike *text*, or says what the article says."""
        if self.article.version_count and hash_of(self._story) == self.article.text_hash:
            return True
        return text is not None and is_alike(text.paragraphs, self._story.paragraphs)

    def _same_as_another(self) -> Decision | None:
        """Which other article the page turns out to be, if any."""
        known, article = self.known, self.article
        canonical = canonical_of(self.answer, self._story)
        named = known.others.get(address_key(canonical)) if canonical else None
        if named and named.text and is_alike(named.text.paragraphs, self._story.paragraphs):
            return _joined(article, named, Evidence.CANONICAL, normalise(canonical))
        if len(known.twins) == 1 and has_enough_words(self._story):
            [twin] = known.twins
            if twin.last_success and self.now - twin.last_success <= SAME_TEXT_WITHIN:
                return _joined(article, twin, Evidence.SAME_TEXT)
        return None

    def _pairs(self, decision: Decision) -> dict[str, Any]:
        """What follows for other articles: those that may be the same story."""
        known = self.known
        if decision.draft is None:
            return {}
        again = [twin.pk for twin in known.twins] if known.twins and has_enough_words(self._story) else []
        proposals = []
        named = [(known.maybe_same, Evidence.FEED_ID)] if known.maybe_same else []
        for other, evidence in (*named, *((one, Evidence.LIKENESS) for one in known.same_headline)):
            if other.text and other.pk not in again:
                share = share_in_runs(other.text.paragraphs, self._story.paragraphs)
                if share >= ALIKE:
                    proposals.append(MayBeSame(other.pk, evidence, round(share, 3)))
        return {"look_again": tuple(again), "proposals": tuple(proposals)}

    def _on_text(self) -> Decision:
        """What the text comes to against the one in force."""
        article, known, story = self.article, self.known, self._story
        seen = hash_of(story)
        moved = moved_date(article.modified, story.modified)
        if article.version_count and seen == article.text_hash and not known.exempt:
            return Decision(Outcome.UNCHANGED, ReasonCode.SAME_TEXT, text_hash=seen, moved_date=moved)
        if known.latest is not None and known.latest_is_imported:
            return self._first_look(known.latest, seen)
        if known.reextracted is not None and seen == hash_of(known.reextracted):
            if not known.ticking:  # another reading of the page may give another date of it
                return Decision(Outcome.UNCHANGED, ReasonCode.SAME_TEXT_REREAD, text_hash=self._hash_in_force)
            return Decision(
                Outcome.UNCHANGED,
                ReasonCode.SAME_BUT_TICKING,
                text_hash=self._hash_in_force,
                moved_date=moved,
            )
        before = known.reextracted or known.latest_compared or known.latest
        if (code := self._doubt_of_page()) and not self._confirms(seen):
            return Decision(Outcome.PENDING, code, pending_hash=seen)
        if known.page_before is not None and is_cut_by_a_gate(known.page_before, story):
            return Decision(Outcome.BLOCKED, ReasonCode.WALL, "the text breaks off at a gate")
        nature: Nature | None = None
        if known.page_before is not None and before is not None:
            nature = nature_of(known.page_before, story)
            if nature.before is not known.page_before:
                before = compared_of(nature.before)
        whole: Story | None = None
        waits_for: int | None = None
        undecided = Boilerplate.of(article.source).held
        if before and (apart := standing_in_one(before, compared_of(story), undecided)):
            whole, waits_for = story, quarantine_to_wait_for(known.quarantines_by_signature, apart)
            before, story = left_out(before, apart), left_out(story, apart)
            seen = hash_of(story)
            if seen == hash_of(before):
                return Decision(
                    Outcome.PENDING,
                    ReasonCode.WIDESPREAD,
                    pending_hash=hash_of(whole),
                    quarantined_text=text_of(whole),
                    quarantined_left_out=left_out_of(whole),
                    quarantined_hash=hash_of(whole),
                    waits_for=waits_for,
                )
        changed = altered(before, compared_of(story), self._places) if before else {}
        if self._is_busy(changed) and not self._confirms(seen):
            return Decision(Outcome.PENDING, ReasonCode.SAME_PLACE, pending_hash=seen, altered=changed)
        if (doubt := doubt_of(before, compared_of(story))) and not self._confirms(seen):
            return self._doubtful(doubt, seen)
        is_replaced = before is not None and is_wholly_other(before, story)
        if is_replaced and not self._confirms(_REPLACED):
            return Decision(Outcome.PENDING, ReasonCode.REPLACED, pending_hash=_REPLACED)
        if not known.exempt and (unchanged := self._seen_in_turn(before, story, seen)):
            return unchanged
        if nature and nature.made_of == Version.MadeOf.FIGURES and self._had_figures_lately:
            return Decision(Outcome.PENDING, ReasonCode.FIGURES, pending_hash=seen)
        if known.cap_reached_since is not None and self.now - timedelta(days=1) < known.cap_reached_since:
            detail = f"it has had the {article.source.versions_per_day} versions that are kept of 24 hours"
            return Decision(Outcome.PENDING, ReasonCode.CAPPED, detail, pending_hash=seen)
        seen_before = seen in known.hashes and not known.exempt
        draft = compare_versions(
            before, story, seen_before=seen_before, language=story.language or article.source.language
        )
        if is_replaced:
            draft = replace(draft, badges=tuple(dict.fromkeys((ChangeKind.REPLACED.value, *draft.badges))))
        draft = replace(draft, left_out=left_out_of(self._as_in_force(story)), **self._made_of(nature))
        if before is not None and known.latest is not None:
            compared_with = as_compared(before, story)
            if hash_of(compared_with) != hash_of(known.latest):
                draft = replace(draft, previous_reextracted=compared_with)
        goes_on = whole if whole is not None and hash_of(whole) != seen else None
        return Decision(
            Outcome.NEW_VERSION,
            ReasonCode.TEXT_CHANGED if known.hashes else ReasonCode.FIRST_VERSION,
            text_hash=seen if not known.exempt else hash_of(self._as_in_force(story)),
            text_since=article.pending_since if article.pending_hash == seen else None,
            draft=draft,
            stored_before=known.latest,
            altered=changed,
            quarantined_text=text_of(goes_on) if goes_on else None,
            quarantined_left_out=left_out_of(goes_on) if goes_on else (),
            quarantined_hash=hash_of(goes_on) if goes_on else "",
            waits_for=waits_for if goes_on else None,
            pending_hash=hash_of(goes_on) if goes_on else "",
        )

    @property
    def _hash_in_force(self) -> str:
        return hash_of(self._as_in_force(self._story))

    def _as_in_force(self, story: Story) -> Story:
        """*story* with all that is left out of comparisons marked, what is compared this once too."""
        return marked(story, self.known.exempt) if self.known.exempt else story

    @cached_property
    def _places(self) -> dict[str, str]:
        """By text: the places of paragraphs that stand apart from the plain ones, before and now."""
        before = self.known.page_before
        return places_apart(only_compared(before) if before else None, only_compared(self._story))

    def _is_busy(self, changed: Mapping[str, Altered]) -> bool:
        """Whether all that changed stands where much changes on other articles just now."""
        busy = self.known.busy_places
        return bool(busy and changed) and all(one.place in busy for one in changed.values())

    def _seen_in_turn(self, before: Text | None, story: Story, seen: str) -> Decision | None:
        """That the text, or the headline alone, goes to and fro, or None."""
        same_body = before is not None and before.paragraphs == compared_of(story).paragraphs
        if same_body and (headlines := variants_in_use(self.known.looks.headlines)):
            return Decision(Outcome.UNCHANGED, ReasonCode.HEADLINES, alternating_headlines=headlines)
        if is_flip_flop(self.known.hashes, seen):
            return Decision(Outcome.UNCHANGED, ReasonCode.FLIP_FLOP, flip_flopping=True)
        return None

    @property
    def _had_figures_lately(self) -> bool:
        last = self.known.last_figures
        return last is not None and self.now - last < FIGURES_EVERY

    def _made_of(self, nature: Nature | None) -> dict[str, Any]:
        """What a version is made of: values of `Draft`."""
        if self.known.exempt:
            return {"made_of": Version.MadeOf.RESTED.value}
        return {"made_of": nature.made_of, "entries_added": nature.entries_added} if nature else {}

    def _first_look(self, latest: Text, seen: str) -> Decision:
        """The first page of an article whose text another program extracted: where it reads otherwise, nobody
        can tell an edit from another extractor. It is what the next page is compared with."""
        doubt = doubt_of(latest, self._story) if self._whole else Doubt(ReasonCode.TRUNCATED, "")
        if doubt and not self._confirms(seen):
            return self._doubtful(doubt, seen)
        return Decision(Outcome.UNCHANGED, ReasonCode.FIRST_LOOK, text_hash=seen)

    def _doubt_of_page(self) -> ReasonCode | None:
        """Why the page can't be compared with the text in force as it is, or None."""
        known = self.known
        if known.latest is not None and known.reextracted is None and not known.reads_alike:
            return ReasonCode.NOT_COMPARABLE
        return None if self._whole else ReasonCode.TRUNCATED

    def _doubtful(self, doubt: Doubt, seen: str) -> Decision:
        return Decision(Outcome.PENDING, doubt.code, doubt.detail, pending_hash=seen)

    def _confirms(self, seen: str) -> bool:
        """Whether a doubtful text was seen before, long enough ago.

        A page that is not alike, where a redirect leads, has been waited for as such: no other doubt of it
        makes it wait anew.
        """
        article = self.article
        wait = timedelta(seconds=article.source.confirm_text_seconds)
        return (
            (article.pending_hash == seen or (article.pending_hash == _NOT_ALIKE and self._is_elsewhere))
            and article.pending_since is not None
            and self.now - article.pending_since >= wait
        )


def moved_date(before: datetime | None, now: datetime | None) -> tuple[datetime, datetime] | None:
    """The date of change that a page claimed and the later one it claims now; None where it is no later."""
    return (before, now) if before and now and before < now else None


def quarantine_to_wait_for(
    quarantines_by_signature: tuple[tuple[str, int], ...], signatures: frozenset[str]
) -> int:
    """The quarantine (its id) that what these paragraphs keep from being a version waits for."""
    return next(quarantine for name, quarantine in quarantines_by_signature if name in signatures)


def is_flip_flop(hashes: tuple[str, ...], seen: str) -> bool:
    """Return whether *seen* would be the third flip between the same two texts: A→B, B→A, A→B."""
    return len(hashes) >= 3 and hashes[-1] == hashes[-3] and hashes[-2] == seen


def compare_versions(
    before: Text | None, story: Story, *, seen_before: bool = False, language: str = ""
) -> Draft:
    """The version that *story* makes after the text *before* (None: it is the first)."""
    plain = Draft(
        headline=story.headline,
        byline=story.byline,
        published=story.published,
        modified=story.modified,
        paragraphs=story.paragraphs,
        words=sum(map(words, story.paragraphs)),
        left_out=left_out_of(story),
    )
    if before is None:
        return plain
    compared_with = as_compared(before, story)  # so that facts stand where the stored texts have them
    change = change_of(compared_with, story, seen_before=seen_before, language=language)
    return replace(plain, **change._asdict())


def _happening(article: Article, decision: Decision, known: Known) -> Happening | None:
    """What happened to the article itself, if anything did."""
    State, Kind = Article.State, Event.Kind
    last_seen, reason = article.last_success, decision.reason
    if not article.version_count and decision.draft is None:
        return None  # no reader has heard of it
    if decision.is_seen and article.state in (State.REMOVED, State.WITHHELD):
        return Happening(Kind.RESTORED, "", _last_seen_away(article, known))
    if decision.outcome is Outcome.REMOVED and article.state != State.REMOVED:
        return Happening(Kind.REMOVED, reason, last_seen, first_sign=article.missing_since)
    if decision.outcome is Outcome.WITHHELD and article.state != State.WITHHELD:
        return Happening(Kind.WITHHELD, reason, last_seen)
    if decision.new_address:
        told = f"{article.address} → {decision.new_address}"
        return Happening(Kind.MOVED, told, last_seen, addresses=(article.address, decision.new_address))
    is_away = decision.outcome is Outcome.MOVED and decision.missing
    if is_away and not known.move_is_stored:
        return Happening(Kind.MOVED, reason, last_seen)
    return None


def _last_seen_away(article: Article, known: Known) -> datetime | None:
    """When an article that is away was last seen to be: a check that failed since tells nothing."""
    if article.last_outcome in (Outcome.REMOVED, Outcome.WITHHELD):
        return article.last_checked
    return known.seen_away
