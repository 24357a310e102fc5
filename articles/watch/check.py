"""One check of one article, from its claim to what is stored.

The story: claim the article · ask whether robots.txt lets us · fetch · judge the answer · read the page ·
decide (same text? doubtful? a new version?) · record it all in one transaction. Nothing of the article is
locked while the network is talked to; the lease's token tells at the end whether it is still ours.
"""

import logging
import time
import zlib
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from articles.diff import key
from articles.extract import EXTRACTOR_VERSION, Story
from articles.fetch import Answer, Validators, address_key
from articles.models import Address, Article, Capture, Version
from articles.watch.decision import (
    LONGEST_TEXT,
    MOST_PARAGRAPHS,
    Decision,
    compare_versions,
    decide_missing,
    is_doubtful,
    is_flip_flop,
)
from articles.watch.hosts import PATIENCE, Forbidden, Turn, TurnOver
from articles.watch.judge import judge, leads_away
from articles.watch.outcome import CheckResult, Outcome
from articles.watch.reading import body_hash, carried_over, read_page, rules_hash, text_hash
from articles.watch.record import record

log = logging.getLogger(__name__)

PLAINLY_EVERY = 10
"""Every tenth check asks without conditions, and one after seven days: an ETag can lie (fetch.md, trap 8)."""
PLAINLY_AFTER = timedelta(days=7)


class Busy(Exception):
    """Somebody else is checking the article, or its host is taken."""


def check(article_id: int, turn: Turn) -> CheckResult:
    """Check one article now, during a turn at its host.

    :raises Busy: another worker has it.
    :raises TurnOver: the turn ran out before the page was asked for.
    """
    token = Article.objects.claim(article_id, timezone.now(), settings.LEASE_SECONDS)
    if token is None:
        raise Busy(f"article {article_id} is being checked by another worker")
    article = Article.objects.select_related("source").get(pk=article_id)
    started, waited = time.monotonic(), turn.seconds_waited
    try:
        decision = _look(article, turn)
    except TurnOver:
        Article.objects.release(article_id, token)
        raise
    seconds = time.monotonic() - started - (turn.seconds_waited - waited)
    version = record(article, token, decision)
    result = CheckResult(
        article.address, decision.outcome, decision.reason, decision.status, version, seconds
    )
    log.info(
        "checked article=%s outcome=%s status=%s version=%s seconds=%.2f reason=%s url=%s",
        *(article_id, result.outcome, result.status, version, seconds, result.reason, article.address),
    )
    return result


def _look(article: Article, turn: Turn) -> Decision:
    conditions = _conditions(article)
    try:
        answer = turn.ask(article.address, validators=conditions)
    except Forbidden as problem:
        return Decision(Outcome.ROBOTS, str(problem))
    judgement = judge(answer)
    now = timezone.now()
    decision: Decision
    if judgement.missing:
        decision = decide_missing(article, judgement.reason, gone=answer.status == 410, now=now)
    elif judgement.outcome not in (None, Outcome.UNCHANGED):
        decision = Decision(judgement.outcome, judgement.reason, retry_after=answer.retry_after)
    elif away := _leads_away(article, answer):
        decision = Decision(Outcome.MOVED, away)
    elif judgement.outcome is not None:
        decision = Decision(judgement.outcome, judgement.reason)
    elif article.version_count and body_hash(answer.body) == article.body_hash and _reads_alike(article):
        decision = Decision(Outcome.UNCHANGED, "the very same page")
    else:
        decision = _read(article, answer, now)
    decision.at = now
    decision.status = answer.status
    decision.asked_plainly = conditions is None
    # Those of a wall, a doubtful page or the other of two texts would make a later 304 say what is not so.
    if answer.status == 200 and decision.shows_text_in_force:
        decision.validators = answer.validators
    return decision


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
    same_rules = article.rules_hash == rules_hash(article.source.extraction_rules)
    return article.extractor_version == EXTRACTOR_VERSION and same_rules


def _leads_away(article: Article, answer: Answer) -> str:
    """Why the redirect does not lead to the article any more, or ''."""
    if not answer.hops:
        return ""
    if reason := leads_away(article.address, answer.final_url):
        return f"{reason}: {answer.final_url}"
    other = _other_article(article, answer.final_url)
    return f"redirects to article {other}: {answer.final_url}" if other and article.version_count else ""


def _other_article(article: Article, address: str) -> int | None:
    """The article other than this one that *address* leads to."""
    known = Address.objects.filter(key=address_key(address)).exclude(article=article)
    return known.values_list("article_id", flat=True).first()


def _read(article: Article, answer: Answer, now: datetime) -> Decision:
    """What the fetched page says, and whether that makes a version."""
    rules = article.source.extraction_rules
    reading = read_page(answer.body, answer.final_url, answer.content_type, rules)
    if reading.noarchive and article.source.obey_noarchive:
        return Decision(Outcome.BLOCKED, "the page asks not to be archived (noarchive)")
    if reading.story.problem:
        return Decision(Outcome.FAILED, reading.story.problem)

    story = reading.story
    if sum(map(len, story.paragraphs)) > LONGEST_TEXT:
        return Decision(Outcome.FAILED, f"more than {LONGEST_TEXT:,} characters of text")
    if len(story.paragraphs) > MOST_PARAGRAPHS:
        return Decision(Outcome.FAILED, f"more than {MOST_PARAGRAPHS:,} paragraphs of text")

    aliases = _aliases(answer, story)
    latest = article.versions.order_by("-number").first()
    if latest is None and (other := _same_story(article, aliases, story)):
        return Decision(Outcome.MOVED, f"the same story as article {other}", duplicate_of=other)
    if latest is None and answer.hops and (other := _other_article(article, answer.final_url)):
        return Decision(Outcome.MOVED, f"redirects to article {other}: {answer.final_url}")
    if latest is not None:
        story = carried_over(story, latest.headline, latest.byline)
    whole = _is_whole(article, answer)
    decision = _decide(article, latest, story, now, whole=whole)
    decision.aliases = aliases
    if decision.outcome in (Outcome.NEW_VERSION, Outcome.UNCHANGED):
        decision.story = story
        decision.extractor_version, decision.rules_hash = EXTRACTOR_VERSION, rules_hash(rules)
    # A page whose end is missing is not what later ones are measured by, unless a version was made of it.
    if decision.draft or (whole and decision.shows_text_in_force):
        decision.body, decision.body_hash = answer.body, body_hash(answer.body)
        decision.body_url, decision.content_type = answer.final_url, answer.content_type
    return decision


def _aliases(answer: Answer, story: Story) -> tuple[str, ...]:
    """Other addresses of the story: where redirects led, and its canonical link if that stays on the site.

    Canonical links to a home or section page are a known mistake of sites, and lead nowhere.
    """
    found = [answer.final_url]
    canonical = story.canonical
    if (
        canonical
        and _site(canonical) == _site(answer.final_url)
        and not leads_away(answer.final_url, canonical)
    ):
        found.append(canonical)
    return tuple(found)


def _site(address: str) -> str:
    try:
        return address_key(address).split("/")[2].removeprefix("www.")
    except ValueError:
        return ""


def _same_story(article: Article, aliases: tuple[str, ...], story: Story) -> int | None:
    """The article that the story's addresses lead to already, if it bears the same headline."""
    if not story.headline:
        return None
    for other in filter(None, (_other_article(article, alias) for alias in aliases)):
        headline = Article.objects.values_list("headline", flat=True).get(pk=other)
        if key(headline) == key(story.headline):
            return other
    return None


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
    doubt = is_doubtful(latest, story) if whole else "the page is cut off before its end"
    if latest is not None:
        if seen == article.text_hash:
            return Decision(Outcome.UNCHANGED, "the same text", text_hash=seen)
        before = article.text_hash if _reads_alike(article) else _text_hash_of_old_page(article, latest)
        if seen == before:
            return Decision(Outcome.UNCHANGED, "the same text, read by a newer extractor", text_hash=seen)
        if not before:
            doubt = "the page as last fetched can't be read anew, to tell an edit from a newer extractor"
    if doubt and not _confirms(article, seen, now):
        return Decision(Outcome.HELD, doubt, held_hash=seen)
    if is_flip_flop(article, seen):
        return Decision(Outcome.UNCHANGED, "goes back and forth between two texts", flip_flopping=True)
    seen_before = latest is not None and article.versions.filter(text_hash=seen).exists()
    return Decision(
        Outcome.NEW_VERSION,
        "the text changed" if latest else "first version",
        text_hash=seen,
        text_since=article.held_since if article.held_hash == seen else None,
        draft=compare_versions(latest, story, seen_before=seen_before),
    )


def _confirms(article: Article, seen: str, now: datetime) -> bool:
    """Whether a doubtful text was seen before, long enough ago."""
    wait = timedelta(seconds=article.source.confirm_text_seconds)
    return article.held_hash == seen and article.held_since is not None and now - article.held_since >= wait


def _text_hash_of_old_page(article: Article, latest: Version) -> str:
    """How the page as last fetched reads today, '' if it can't be read: a newer extractor or rule is no
    editor's act."""
    capture = Capture.objects.filter(article=article).first()
    if capture is None:
        return ""
    body = zlib.decompress(bytes(capture.body))
    story = read_page(body, capture.url, capture.content_type, article.source.extraction_rules).story
    if story.problem:
        return ""
    story = carried_over(story, latest.headline, latest.byline)
    return text_hash(story.headline, story.byline, story.paragraphs)


def check_now(article: Article, *, patience: float = PATIENCE) -> CheckResult:
    """Check *article* at once, waiting up to *patience* seconds for its host; for commands.

    :raises Busy: the host or the article stayed taken, or the host wants to be left alone.
    """
    try:
        turn = Turn.wait_for(article.host, patience=patience)
        try:
            return check(article.pk, turn)
        finally:
            turn.leave()
    except TurnOver as problem:
        raise Busy(str(problem)) from problem
