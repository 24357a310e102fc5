"""Deciding without a database: values in, one frozen decision out."""

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.extract import Story
from articles.fetch import Answer, Validators
from articles.models import Article, Boilerplate, Event, Outcome, ReasonCode, Source
from articles.models.quarantine import signature
from articles.models.text_storage import Text
from articles.watch.check.classify import classify, judge
from articles.watch.check.decide import decide
from articles.watch.check.decision import Fetched, Known, Other
from articles.watch.check.page import body_hash, hash_of, read_by, text_of
from articles.watch.check.page_reading import Reading

NOW = datetime(2026, 3, 14, 15, 9, tzinfo=UTC)
ADDRESS = "https://valley.example/2026/limes"
BEFORE = Text("Limes felled", "Ada Marsh", ("Two old limes fell in the night.", "Nobody was hurt by them."))
BODY = b"<html>the page</html>"


def story(*paragraphs, headline=BEFORE.headline, byline=BEFORE.byline):
    return Story(headline=headline, byline=byline, paragraphs=paragraphs or BEFORE.paragraphs)


def source_of(held=(), **values):
    """A source as it is loaded for a check: with what is left out of its texts."""
    source = Source(pk=1, **values)
    source.boilerplate = Boilerplate(source=source, held=list(held))
    return source


def article_of(**values):
    source = values.pop("source", None) or source_of(confirm_text_seconds=600)
    extractor, rules = read_by(source)
    fields = {
        "version_count": 1,
        "text_hash": hash_of(BEFORE),
        "extractor_version": extractor,
        "rules_hash": rules,
        "first_seen": NOW - timedelta(days=1),
        "last_success": NOW - timedelta(hours=1),
        "last_checked": NOW - timedelta(hours=1),
    }
    return Article(pk=7, source=source, address=ADDRESS, **fields | values)


def answer_of(status=200, body=BODY, **more):
    return Answer(ADDRESS, more.pop("final", ADDRESS), status=status, body=body, **more)


def decided(article, page=None, known=None, *, answer=None, chance=0.5, **more):
    """What the check comes to when *page* is read, or *answer* says it all."""
    answer = answer or answer_of()
    reading = Reading(page) if page else None
    judgement = judge(answer) if page else classify(article, answer)
    fetched = Fetched(NOW, judgement, answer, reading, **more)
    return decide(article, fetched, known or Known(latest=BEFORE, hashes=(hash_of(BEFORE),)), chance)


def test_a_decision_is_frozen():
    decision = decided(article_of(), story())
    with pytest.raises(FrozenInstanceError):
        decision.outcome = Outcome.FAILED


def test_the_same_values_come_to_the_same_decision():
    page = story(*BEFORE.paragraphs, "A third one is watched.")
    assert decided(article_of(), page) == decided(article_of(), page)


def test_the_same_text():
    decision = decided(article_of(), story())
    assert (decision.outcome, decision.code) == (Outcome.UNCHANGED, ReasonCode.SAME_TEXT)
    assert decision.draft is None
    assert decision.page.hash == body_hash(BODY)


def test_the_very_same_page_is_not_read():
    article = article_of(body_hash=body_hash(BODY))
    assert decided(article).code is ReasonCode.SAME_PAGE
    assert classify(article_of(body_hash=body_hash(BODY), pending_hash="x"), answer_of()).outcome is None
    assert classify(article_of(body_hash=body_hash(BODY), extractor_version=0), answer_of()).outcome is None


def test_another_text_makes_a_version():
    page = story(*BEFORE.paragraphs, "A third one is watched.")
    decision = decided(article_of(), page)
    assert (decision.outcome, decision.code) == (Outcome.NEW_VERSION, ReasonCode.TEXT_CHANGED)
    assert (decision.draft.words_added, decision.draft.words_removed) == (5, 0)
    assert decision.stored_before == BEFORE
    assert [one.text for one in decision.altered.values()] == ["A third one is watched."]


def test_a_first_version():
    decision = decided(article_of(version_count=0, text_hash=""), story(), Known())
    assert (decision.outcome, decision.code) == (Outcome.NEW_VERSION, ReasonCode.FIRST_VERSION)
    assert decision.draft.paragraphs == BEFORE.paragraphs


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (story("Two old limes."), ReasonCode.SHRUNK),
        (story(*BEFORE.paragraphs, "More.", headline="404 Not Found"), ReasonCode.ERROR_HEADLINE),
    ],
)
def test_a_doubtful_text_is_pending_until_it_is_seen_again(page, code):
    article = article_of()
    first = decided(article, page)
    assert (first.outcome, first.code, first.pending_hash) == (Outcome.PENDING, code, hash_of(page))
    assert first.next_check_at == NOW + timedelta(seconds=600)
    article.pending_hash, article.pending_since = first.pending_hash, NOW - timedelta(seconds=599)
    assert decided(article, page).outcome is Outcome.PENDING
    article.pending_since = NOW - timedelta(seconds=600)
    again = decided(article, page)
    assert (again.outcome, again.seen) == (Outcome.NEW_VERSION, article.pending_since)


def test_a_page_cut_off_is_pending_where_the_one_before_had_its_end():
    page, cut = story(*BEFORE.paragraphs, "A third one is watched."), answer_of(body=b"<html>the pa")
    known = Known(latest=BEFORE, hashes=(hash_of(BEFORE),), whole_before=True)
    assert decided(article_of(), page, known, answer=cut).code is ReasonCode.TRUNCATED
    never_ends = replace(known, whole_before=False)
    assert decided(article_of(), page, never_ends, answer=cut).outcome is Outcome.NEW_VERSION


def test_a_capped_article_waits_with_its_text_and_is_asked_at_its_usual_time():
    page = story(*BEFORE.paragraphs, "A third one is watched.")
    known = Known(latest=BEFORE, hashes=(hash_of(BEFORE),), cap_reached_since=NOW - timedelta(hours=23))
    decision = decided(article_of(), page, known)
    assert (decision.outcome, decision.code, decision.capped) == (Outcome.PENDING, ReasonCode.CAPPED, True)
    assert decision.next_check_at > NOW + timedelta(hours=1)
    a_day_ago = replace(known, cap_reached_since=NOW - timedelta(days=1))
    assert decided(article_of(), page, a_day_ago).outcome is Outcome.NEW_VERSION


def test_the_third_flip_makes_no_version():
    page = story(*BEFORE.paragraphs, "A third one is watched.")
    there, here = hash_of(page), hash_of(BEFORE)
    twice = decided(article_of(), page, Known(latest=BEFORE, hashes=(there, here)))
    assert "reverted" in twice.draft.badges
    thrice = decided(article_of(), page, Known(latest=BEFORE, hashes=(here, there, here)))
    assert (thrice.outcome, thrice.code) == (Outcome.UNCHANGED, ReasonCode.FLIP_FLOP)
    assert not thrice.shows_text_in_force


def test_a_page_read_by_a_newer_extractor_is_no_edit():
    article = article_of(extractor_version=0)
    page = story("A standfirst it missed so far.", *BEFORE.paragraphs)
    known = Known(latest=BEFORE, hashes=(hash_of(BEFORE),), reads_alike=False)
    assert decided(article, page, known).code is ReasonCode.NOT_COMPARABLE
    alike = replace(known, reextracted=text_of(page))
    assert decided(article, page, alike).code is ReasonCode.SAME_TEXT_REREAD
    edited = decided(article, story(*page.paragraphs, "A third one is watched."), alike)
    assert edited.draft.previous_reextracted == text_of(page)
    assert edited.draft.words_added == 5


def test_what_is_undecided_waits_and_a_real_edit_besides_does_not():
    box = "Subscribe to our letter about trees."
    article = article_of(source=source_of(held=[signature(box)]))
    known = Known(latest=BEFORE, hashes=(hash_of(BEFORE),), quarantines_by_signature=((signature(box), 3),))
    only = decided(article, story(*BEFORE.paragraphs, box), known)
    assert (only.outcome, only.code, only.waits_for) == (Outcome.PENDING, ReasonCode.WIDESPREAD, 3)
    assert only.page.hash == ""
    edit = decided(article, story(*BEFORE.paragraphs, "A third one is watched.", box), known)
    assert edit.draft.paragraphs == (*BEFORE.paragraphs, "A third one is watched.")
    assert edit.quarantined_text.paragraphs[-1] == box


def test_a_404_counts_as_removed_once_confirmed():
    article = article_of(source=source_of(confirm_removal_seconds=3600))
    first = decided(article, answer=answer_of(404, b""))
    assert (first.outcome, first.code, first.missing) == (Outcome.PENDING, ReasonCode.UNCONFIRMED, True)
    article.missing_count, article.missing_since = 2, NOW - timedelta(minutes=59)
    assert decided(article, answer=answer_of(404, b"")).outcome is Outcome.PENDING
    article.missing_since = NOW - timedelta(hours=1)
    removed = decided(article, answer=answer_of(404, b""))
    assert (removed.outcome, removed.code) == (Outcome.REMOVED, ReasonCode.NOT_FOUND)
    assert (removed.happening.kind, removed.happening.first_sign) == (
        Event.Kind.REMOVED,
        NOW - timedelta(hours=1),
    )


def test_nothing_lasting_is_said_while_our_own_network_fails():
    article = article_of(missing_count=9, missing_since=NOW - timedelta(days=9))
    decision = decided(article, answer=answer_of(404, b""), in_outage=True)
    assert (decision.outcome, decision.code) == (Outcome.UNREACHABLE, ReasonCode.OUR_NETWORK)
    assert decision.happening is None


def test_a_redirect_to_another_article_is_a_move_that_is_told_once():
    hops = ((301, ADDRESS),)
    answer = answer_of(final="https://valley.example/2026/oaks", hops=hops)
    page = story("Of oaks it is said that they grow old.", headline="Oaks")
    oaks = Other(
        8, "Oaks", version_count=1, text=Text("Oaks", "", ("Of oaks it is said that they grow old.",))
    )
    known = Known(others={"https://valley.example/2026/oaks": oaks}, latest=BEFORE)
    first = decided(article_of(), page, known, answer=answer)
    assert (first.outcome, first.code, first.happening) == (Outcome.PENDING, ReasonCode.OTHER_ARTICLE, None)
    since = {"missing_count": 2, "missing_since": NOW - timedelta(days=2)}
    decision = decided(article_of(**since), page, known, answer=answer)
    assert (decision.outcome, decision.code) == (Outcome.MOVED, ReasonCode.OTHER_ARTICLE)
    assert decision.happening.kind == Event.Kind.MOVED
    told = decided(article_of(**since), page, replace(known, move_is_stored=True), answer=answer)
    assert told.happening is None


def test_only_the_page_of_the_text_in_force_leaves_its_validators():
    validators = Validators('"one"', "")
    assert decided(article_of(), story(), answer=answer_of(validators=validators)).validators == validators
    doubtful = decided(article_of(), story("Two."), answer=answer_of(validators=validators))
    assert doubtful.validators is None


@given(chance=st.floats(0, 1), hours=st.integers(0, 24 * 60), failures=st.integers(0, 50))
def test_a_watched_article_is_asked_again_within_the_ceiling(chance, hours, failures):
    article = article_of(first_seen=NOW - timedelta(hours=hours), errors_in_row=failures)
    for answer, page in (
        (answer_of(), story()),
        (answer_of(503, b"down"), None),
        (answer_of(404, b""), None),
    ):
        at = decided(article, page, answer=answer, chance=chance).next_check_at
        assert at is None or NOW < at <= NOW + timedelta(seconds=article.source.ceiling_seconds)
