"""One check of one article, from its claim to what is stored.

The story: claim the article · ask whether robots.txt lets us · fetch · judge the answer · read the page ·
decide (same text? doubtful? a new version?) · record it all in one transaction. Nothing of the article is
locked while the network is talked to; the lease's token tells at the end whether it is still ours.
"""

import logging
import random
import time
import zlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from articles.extract import EXTRACTOR_VERSION, Story
from articles.fetch import Answer, Validators
from articles.models import IMPORTED_TEXT, Article, Capture, Furniture, Tombstone, Version
from articles.models.quarantine import HELD_ALIKE, without
from articles.texts import Text
from articles.watch import quarantine
from articles.watch.aliases import aliases_of, other_article, same_story
from articles.watch.decision import (
    LONGEST_TEXT,
    MOST_PARAGRAPHS,
    Decision,
    compare_versions,
    decide_missing,
    is_capped,
    is_doubtful,
    is_flip_flop,
)
from articles.watch.hosts import PATIENCE, Turn
from articles.watch.judge import judge, leads_away
from articles.watch.mishaps import put_off_article
from articles.watch.outcome import CheckResult, Outcome
from articles.watch.problems import Barred, Forbidden, PutOff, TurnOver
from articles.watch.reading import (
    body_hash,
    carried_over,
    hash_of,
    headers_say_noarchive,
    read_page,
    rules_hash,
    text_hash,
)
from articles.watch.record import record
from articles.watch.schedule import JITTER

log = logging.getLogger(__name__)

PLAINLY_EVERY = 10
"""Every tenth check asks without conditions, and one after seven days: an ETag can lie (fetch.md, trap 8)."""
PLAINLY_AFTER = timedelta(days=7)

NO_ARCHIVE = "the page asks not to be archived (noarchive)"

LEAST_APART = timedelta(seconds=10)
"""The checks that wait for one host are spread over so much at least."""

_LASTING = {Outcome.REMOVED, Outcome.WITHHELD, Outcome.MOVED}
"""What readers are told of an article: not while a network that fails may answer in its site's place."""

MOST_UNFINISHED = 5
"""Checks of one article that were begun and never ended, whatever ended the worker in them: then it is put
aside, and tried again once a day or when the admin says so."""
PARKED_FOR = timedelta(days=1)


class Busy(Exception):
    """Somebody else is checking the article, or its host is taken."""


def check(article_id: int, turn: Turn, *, by_hand: bool = False) -> CheckResult:
    """Check one article now, during a turn at its host.

    :raises Busy: another worker has it, or its checks never end and it is put aside (not *by_hand*).
    :raises PutOff: it redirects to where nobody may be asked now; the next check goes on from there.
    :raises TurnOver: the turn ran out before the page was asked for.
    """
    token = Article.objects.claim(article_id, timezone.now(), settings.LEASE_SECONDS)
    if token is None:
        raise Busy(f"article {article_id} is being checked by another worker")
    article = Article.objects.select_related("source__furniture").get(pk=article_id)
    if article.unfinished >= MOST_UNFINISHED and not by_hand:
        _park(article, token)
    started, waited = time.monotonic(), turn.seconds_waited
    try:
        decision = _look(article, turn)
        seconds = decision.seconds = time.monotonic() - started - (turn.seconds_waited - waited)
        version = record(article, token, decision)
    except PutOff as reason:
        _put_off(article, token, reason)
        raise
    except TurnOver:
        Article.objects.release(article_id, token)
        raise
    except Exception as error:
        put_off_article(article, token, error)
        raise
    result = CheckResult(
        article.address, decision.outcome, decision.reason, decision.status, version, seconds
    )
    log.info("checked", extra=_told(article, turn, decision, result))
    return result


def _told(article: Article, turn: Turn, decision: Decision, result: CheckResult) -> dict[str, object]:
    """What the log says of a check."""
    return {
        "article": article.pk,
        "address": article.address,
        "host": turn.host.name,
        "outcome": result.outcome.value,
        "reason": result.reason,
        "decision": decision.told,
        "status": result.status,
        "version": result.version,
        "seconds": round(result.seconds, 3),
    }


def _put_off(article: Article, token: UUID, reason: PutOff) -> None:
    """Go on from where the redirects have led to when that host has time, not all that wait at once."""
    now = timezone.now()
    apart = max(JITTER * (reason.until - now), LEAST_APART) * random.random()  # noqa: S311 (spreads load)
    hops: list[object] = [*reason.hops, reason.url]
    Article.objects.release(
        article.pk,
        token,
        next_check_at=reason.until + apart,
        pending_hops=hops,
        last_checked=now,
        last_outcome=Outcome.UNREACHABLE.value,
        last_reason=f"put off: {reason}",
    )


def _park(article: Article, token: UUID) -> None:
    """Put aside an article whose checks never end; one more is made after a while.

    :raises Busy: always.
    """
    now = timezone.now()
    reason = f"{MOST_UNFINISHED} checks of it were begun and never ended; “Check now” tries again"
    log.error("put aside article=%s reason=%s url=%s", article.pk, reason, article.address)
    Article.objects.release(
        article.pk,
        token,
        parked=now,
        unfinished=MOST_UNFINISHED - 1,
        next_check_at=now + PARKED_FOR,
        last_outcome=Outcome.FAILED.value,
        last_reason=reason,
    )
    raise Busy(f"article {article.pk} is put aside: {reason}")


def _look(article: Article, turn: Turn) -> Decision:
    conditions = _conditions(article)
    # A redirect that had to wait is gone on from.
    *passed, address = _pending(article) or [article.address]
    suspect = turn.outage is not None
    try:
        answer = turn.ask(address, validators=conditions, hops=tuple(passed))
    except Barred as problem:
        return Decision(Outcome.REFUSED, str(problem), barred=True)
    except Forbidden as problem:
        elsewhere = "" if problem.url == article.address else f": {problem.url}"
        return Decision(Outcome.ROBOTS, f"{problem}{elsewhere}")
    judgement = judge(answer)
    now = timezone.now()
    decision: Decision
    if judgement.missing:
        decision = decide_missing(article, judgement.reason, gone=answer.status == 410, now=now)
    elif judgement.outcome not in (None, Outcome.UNCHANGED):
        decision = Decision(judgement.outcome, judgement.reason, retry_after=answer.retry_after)
    elif away := _leads_away(article, answer):
        decision = Decision(Outcome.MOVED, away)
    elif headers_say_noarchive(answer.robots) and article.source.obey_noarchive:
        decision = Decision(Outcome.BLOCKED, NO_ARCHIVE)
    elif judgement.outcome is not None:
        decision = Decision(judgement.outcome, judgement.reason)
    elif _is_same_page(article, answer) and _reads_alike(article):
        decision = Decision(Outcome.UNCHANGED, "the very same page")
    else:
        decision = _read(article, answer, now)
    if suspect and (decision.missing or decision.outcome in _LASTING):
        decision = Decision(Outcome.UNREACHABLE, f"{decision.reason}, while our own network fails")
    decision.at = now
    decision.status = answer.status
    decision.asked_plainly = conditions is None
    # Those of a wall, a doubtful page or the other of two texts would make a later 304 say what is not so.
    if answer.status == 200 and decision.shows_text_in_force:
        decision.validators = answer.validators
    return decision


def _is_same_page(article: Article, answer: Answer) -> bool:
    """Whether the page is that of the text in force, byte for byte, and no other text waits."""
    return article.version_count > 0 and not article.held_hash and body_hash(answer.body) == article.body_hash


def _pending(article: Article) -> list[Any]:
    """The redirects followed so far, each (status, address), and the address to go on from; or nothing."""
    return [*map(tuple, article.pending_hops[:-1]), *article.pending_hops[-1:]]


def _conditions(article: Article) -> Validators | None:
    """The validators to ask with, or None when it is time to ask plainly."""
    validators = Validators(article.etag, article.last_modified)
    lately = article.asked_plainly is not None and timezone.now() - article.asked_plainly < PLAINLY_AFTER
    if not validators or not article.version_count or not lately or not _reads_alike(article):
        return None
    if article.state != Article.State.WATCHED or article.held_hash or article.missing_count:
        return None
    return None if (article.checks_made + 1) % PLAINLY_EVERY == 0 else validators


def _reads_alike(article: Article) -> bool:
    """Whether the stored text was read as it would be read today: same extractor, same rules."""
    return article.extractor_version == EXTRACTOR_VERSION and article.rules_hash == _rules_hash(article)


def _rules_hash(article: Article) -> str:
    return rules_hash(article.source.extraction_rules, Furniture.of(article.source).dropped)


def _leads_away(article: Article, answer: Answer) -> str:
    """Why the redirect does not lead to the article any more, or ''."""
    if not answer.hops:
        return ""
    if reason := leads_away(article.address, answer.final_url):
        return f"{reason}: {answer.final_url}"
    other = other_article(article, answer.final_url)
    return f"redirects to article {other}: {answer.final_url}" if other and article.version_count else ""


def _read(article: Article, answer: Answer, now: datetime) -> Decision:
    """What the fetched page says, and whether that makes a version."""
    # From here on the page could harm us: its reading counts until ``record`` says that it ended.
    Article.objects.filter(pk=article.pk).update(unfinished=F("unfinished") + 1)
    rules = article.source.extraction_rules
    reading = read_page(answer.body, answer.final_url, answer.content_type, rules)
    if reading.noarchive and article.source.obey_noarchive:
        return Decision(Outcome.BLOCKED, NO_ARCHIVE)
    if reading.story.problem:
        # While there is no text, its page is what an admin finds out by which rules would bring one.
        page = {} if article.version_count else _page_of(answer)
        return Decision(Outcome.FAILED, reading.story.problem, **page)

    story = _without_furniture(article, reading.story)
    if not story.paragraphs:
        return Decision(Outcome.FAILED, "nothing on the page but what was dropped as furniture")
    if sum(map(len, story.paragraphs)) > LONGEST_TEXT:
        return Decision(Outcome.FAILED, f"more than {LONGEST_TEXT:,} characters of text")
    if len(story.paragraphs) > MOST_PARAGRAPHS:
        return Decision(Outcome.FAILED, f"more than {MOST_PARAGRAPHS:,} paragraphs of text")

    aliases = aliases_of(answer, story)
    if Tombstone.objects.bars(*aliases):
        return Decision(Outcome.REFUSED, str(Barred(answer.final_url)), barred=True)
    latest = article.versions.order_by("-number").first()
    if latest is None and (other := same_story(article, aliases, story)):
        return Decision(Outcome.MOVED, f"the same story as article {other}", duplicate_of=other)
    if latest is None and answer.hops and (other := other_article(article, answer.final_url)):
        return Decision(Outcome.MOVED, f"redirects to article {other}: {answer.final_url}")
    if latest is not None:
        story = carried_over(story, latest, article.source)
    whole = _is_whole(article, answer)
    decision = _decide(article, latest, story, now, whole=whole)
    if decision.draft and quarantine.begins(article, decision.altered, now):
        story = _without_furniture(article, story)  # it may have been dropped since this check began
        decision = _decide(article, latest, story, now, whole=whole)
    decision.aliases = aliases
    if decision.outcome in (Outcome.NEW_VERSION, Outcome.UNCHANGED):
        decision.story = story
        decision.extractor_version, decision.rules_hash = EXTRACTOR_VERSION, _rules_hash(article)
    # A page whose end is missing is not what later ones are measured by, unless a version was made of it.
    if decision.draft or (whole and decision.shows_text_in_force):
        decision = replace(decision, **_page_of(answer))
    elif decision.held_text:
        # Kept with the text that waits; it is no page of the text in force.
        decision = replace(decision, **_page_of(answer) | {"body_hash": ""})
    return decision


def _without_furniture(article: Article, story: Story) -> Story:
    dropped = Furniture.of(article.source).dropped
    return replace(story, paragraphs=without(story.paragraphs, dropped)) if dropped else story


def _page_of(answer: Answer) -> dict[str, Any]:
    """What a decision holds of a page that is to be kept."""
    return {
        "body": answer.body,
        "body_hash": body_hash(answer.body),
        "body_url": answer.final_url,
        "content_type": answer.content_type,
    }


def _is_whole(article: Article, answer: Answer) -> bool:
    """Whether the page has its end; one that never closes its tags counts as whole too."""
    if b"</html" in answer.body[-4096:].lower():
        return True
    before = Capture.objects.filter(article=article).first()
    return before is None or b"</html" not in zlib.decompress(bytes(before.body))[-4096:].lower()


def _decide(
    article: Article, latest: Version | None, story: Story, now: datetime, *, whole: bool
) -> Decision:
    seen = text_hash(story.headline, story.byline, story.paragraphs)
    if latest is not None and seen == article.text_hash:
        return Decision(Outcome.UNCHANGED, "the same text", text_hash=seen)
    if latest is not None and latest.extractor_version == article.extractor_version == IMPORTED_TEXT:
        return _first_look(article, latest, story, seen, now, whole=whole)
    read_anew = None if latest is None else _old_page_read_anew(article, latest)
    if read_anew is not None and seen == hash_of(read_anew):
        return Decision(Outcome.UNCHANGED, "the same text, read by a newer extractor", text_hash=seen)
    before = latest.text if latest is not None and read_anew is None else read_anew
    doubt = "" if whole else "the page is cut off before its end"
    if latest is not None and read_anew is None and not _reads_alike(article):
        doubt = "the page as last fetched can't be read anew, to tell an edit from a newer extractor"
    if doubt and not _confirms(article, seen, now):
        return Decision(Outcome.HELD, doubt, held_hash=seen)
    whole_text = held_for = None
    if before and (apart := quarantine.differing(before, story, article.source)):
        whole_text = Text(story.headline, story.byline, story.paragraphs)
        held_for = quarantine.holder(article.source, apart)
        before, story = quarantine.left_out(before, apart), quarantine.left_out(story, apart)
        seen = text_hash(story.headline, story.byline, story.paragraphs)
        if seen == hash_of(before):
            held_hash = hash_of(whole_text)
            return Decision(
                Outcome.HELD, HELD_ALIKE, held_hash=held_hash, held_text=whole_text, held_for=held_for
            )
    if (doubt := is_doubtful(before, story)) and not _confirms(article, seen, now):
        return Decision(Outcome.HELD, doubt, held_hash=seen)
    if is_flip_flop(article, seen):
        return Decision(Outcome.UNCHANGED, "goes back and forth between two texts", flip_flopping=True)
    if is_capped(article, now):
        most = article.source.versions_per_day
        reason = f"it has had the {most} versions that are kept of 24 hours"
        return Decision(Outcome.HELD, reason, held_hash=seen, capped=True)
    seen_before = latest is not None and article.versions.filter(text_hash=seen).exists()
    draft = compare_versions(before, story, seen_before=seen_before)
    compared_anew = read_anew is not None or whole_text is not None
    if before is not None and latest is not None and compared_anew and hash_of(before) != latest.text_hash:
        draft = replace(draft, read_anew=before)
    decision = Decision(
        Outcome.NEW_VERSION,
        "the text changed" if latest else "first version",
        text_hash=seen,
        text_since=article.held_since if article.held_hash == seen else None,
        draft=draft,
        altered=quarantine.altered(before, story) if before else {},
    )
    if whole_text is not None and hash_of(whole_text) != seen:
        decision.held_text, decision.held_for, decision.held_hash = whole_text, held_for, hash_of(whole_text)
    return decision


def _first_look(
    article: Article, latest: Version, story: Story, seen: str, now: datetime, *, whole: bool
) -> Decision:
    """The first page of an article whose texts another program extracted: where it reads otherwise, nobody
    can tell an edit from another extractor. It is what the next page is compared with."""
    doubt = is_doubtful(latest.text, story) if whole else "the page is cut off before its end"
    if doubt and not _confirms(article, seen, now):
        return Decision(Outcome.HELD, doubt, held_hash=seen)
    return Decision(Outcome.UNCHANGED, "the first look of our own at an imported article", text_hash=seen)


def _confirms(article: Article, seen: str, now: datetime) -> bool:
    """Whether a doubtful text was seen before, long enough ago."""
    wait = timedelta(seconds=article.source.confirm_text_seconds)
    return article.held_hash == seen and article.held_since is not None and now - article.held_since >= wait


def _old_page_read_anew(article: Article, latest: Version) -> Text | None:
    """How the page as last fetched reads today, where that may not be as *latest* was read: a newer extractor
    or rule is no editor's act. None if it reads alike, or can't be read."""
    if _reads_alike(article) and article.text_hash == latest.text_hash:
        return None
    capture = Capture.objects.filter(article=article).first()
    if capture is None:
        return None
    body = zlib.decompress(bytes(capture.body))
    story = read_page(body, capture.url, capture.content_type, article.source.extraction_rules).story
    if story.problem:
        return None
    story = carried_over(_without_furniture(article, story), latest, article.source)
    page = Text(story.headline, story.byline, story.paragraphs)
    return quarantine.still_held_apart(page, latest, article.source)


def check_now(article: Article, *, patience: float = PATIENCE) -> CheckResult:
    """Check *article* at once, waiting up to *patience* seconds for its host; for commands.

    :raises Busy: the host or the article stayed taken, or the host wants to be left alone.
    """
    try:
        turn = Turn.wait_for(article.host, patience=patience)
        try:
            return check(article.pk, turn, by_hand=True)
        finally:
            turn.leave()
    except TurnOver as problem:
        raise Busy(str(problem)) from problem
