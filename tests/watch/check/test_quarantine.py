"""The same change on many articles of a source at once: held for one decision, and none of them an edit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles import takedown
from articles.models import (
    Alteration,
    Article,
    Boilerplate,
    Capture,
    Event,
    Host,
    Quarantine,
    QuarantinedText,
    Reason,
    SetAside,
    Source,
    Version,
)
from articles.takedown import Grounds
from articles.watch.check import apply_decisions, check
from articles.watch.check.check import check_now
from articles.watch.feeds.poll import add_article
from tests.scripted import SENTENCES, Page, story_page

BOX = "Sign up for our letter, and every morning you read what the valley speaks of that day."
ARTICLES = 6
EDIT = "The botanist from the coast has meanwhile come, and has spoken with the gardener for an hour."

State = Quarantine.State


class Newspaper:
    """Six articles, each with a paragraph of its own, and what stands at their ends."""

    def __init__(self, site, source):
        self.site, self.source = site, source
        self.texts = {
            number: (
                *SENTENCES,
                f"Tree number {number} was planted in {1800 + number}, says a plate at its foot.",
            )
            for number in range(ARTICLES)
        }
        self.serve()
        for number in self.texts:
            add_article(f"{site.url}/trees/{number}", source)

    def serve(self, *box, only=None):
        for number, text in self.texts.items():
            if only is None or number in only:
                self.site.pages[f"/trees/{number}"] = Page(story_page(f"Tree {number}", (*text, *box)))

    def article(self, number):
        return Article.objects.get(address__endswith=f"/trees/{number}")

    def check(self, *numbers):
        Host.objects.update(next_allowed=timezone.now())
        return [check_now(self.article(number)).outcome.value for number in numbers or self.texts]

    def texts_of(self, number):
        return [version.paragraphs for version in self.article(number).versions.order_by("number")]


@pytest.fixture
def paper(site, source):
    paper = Newspaper(site, source)
    assert set(paper.check()) == {"new-version"}
    return paper


@pytest.fixture
def boxed(paper):
    """The same box came to all of them within the hour."""
    paper.serve(BOX)
    assert paper.check() == ["new-version"] * 4 + ["held"] * 2
    return paper


def carried_out(state, person=None):
    quarantine = Quarantine.objects.open().get()
    assert apply_decisions.record_decision(quarantine, state, person, timezone.now())
    assert apply_decisions.apply_all()
    quarantine.refresh_from_db()
    assert quarantine.carried_out is not None
    return quarantine


def test_from_the_fifth_on_the_change_is_held_and_the_first_four_leave_the_lists(boxed, client):
    quarantine = Quarantine.objects.open().get()
    assert (quarantine.articles_alike, quarantine.articles_checked) == (5, 6)
    (paragraph,) = quarantine.paragraphs.all()
    assert (paragraph.text, paragraph.came) == (BOX, True)
    assert Version.objects.filter(number=2).count() == 4
    assert not Version.objects.changes().exists()
    assert QuarantinedText.objects.count() == 2
    held = boxed.article(5)
    assert held.last_reason_code == "widespread"
    assert held.version_count == 1
    assert (
        "came to many articles of this source at once" in client.get(held.get_absolute_url()).content.decode()
    )


def test_while_it_is_undecided_more_checks_change_nothing(boxed):
    for _ in range(2):
        assert boxed.check() == ["unchanged"] * 4 + ["held"] * 2
    assert QuarantinedText.objects.count() == 2
    assert Version.objects.count() == 10


def test_nothing_but_the_ordinary_schedule_waits_for_a_held_article(boxed):
    source = Source.objects.get()
    wait = boxed.article(5).next_check_at - timezone.now()
    assert wait <= timedelta(seconds=2 * source.floor_seconds)


def test_accepted_they_become_versions_with_the_times_at_which_they_were_seen(boxed):
    last_seen = boxed.article(5).versions.get().seen
    held = QuarantinedText.objects.get(article=boxed.article(5))
    boxed.check()
    quarantine = carried_out(State.ACCEPTED)
    version = Version.objects.get(article=boxed.article(5), number=2)
    assert version.paragraphs[-1] == BOX
    assert (version.seen, version.previous_last_seen) == (held.seen, last_seen)
    assert (version.words_added > 10, version.words_removed, version.hidden) == (True, 0, False)
    assert Version.objects.changes().count() == 6
    assert not SetAside.objects.exists()
    assert not QuarantinedText.objects.exists()
    assert quarantine.carried_out
    assert boxed.check() == ["unchanged"] * 6
    assert Version.objects.count() == 12
    boxed.serve()
    assert boxed.check(5) == ["new-version"]


def test_what_was_accepted_is_not_held_again(boxed):
    carried_out(State.ACCEPTED)
    boxed.texts[20] = SENTENCES
    boxed.serve(only=[20])
    add_article(f"{boxed.site.url}/trees/20", boxed.source)
    boxed.check(20)
    boxed.serve(BOX)
    assert boxed.check(20) == ["new-version"]


def test_dropped_it_makes_no_version_and_is_never_read_again(boxed):
    carried_out(State.DROPPED)
    assert boxed.check() == ["unchanged"] * 6
    assert Version.objects.count() == 10
    assert not Version.objects.changes().exists()
    assert not QuarantinedText.objects.exists()
    assert boxed.article(5).pending_hash == ""
    boxed.serve()
    assert boxed.check() == ["unchanged"] * 6
    boxed.texts[5] += (EDIT,)
    boxed.texts[2] += (EDIT,)
    boxed.serve(BOX)
    assert boxed.check(5, 2) == ["new-version"] * 2
    boxed.check()
    assert apply_decisions.read_again(Quarantine.objects.get(), None, timezone.now())
    assert boxed.check() == ["unchanged"] * 6
    for number in (5, 2):
        assert boxed.texts_of(number)[-1] == boxed.texts[number]
        version = boxed.article(number).versions.order_by("-number").first()
        assert (version.words_removed, version.excerpt) == (0, [["+", EDIT]])


def test_a_new_article_keeps_what_is_undecided_and_lacks_what_was_dropped(boxed):
    boxed.texts[20] = boxed.texts[21] = SENTENCES
    boxed.serve(BOX)
    add_article(f"{boxed.site.url}/trees/20", boxed.source)
    assert boxed.check(20, 20) == ["new-version", "unchanged"]
    assert boxed.texts_of(20) == [(*SENTENCES, BOX)]
    carried_out(State.DROPPED)
    add_article(f"{boxed.site.url}/trees/21", boxed.source)
    assert boxed.check(20, 21) == ["unchanged", "new-version"]
    assert boxed.texts_of(21) == [SENTENCES]


def test_read_anew_by_a_rule_that_drops_it_it_was_nothing(boxed):
    Source.objects.update(rules={"drop_text": ["^Sign up for our letter.*"]})
    carried_out(State.REREAD)
    assert not QuarantinedText.objects.exists()
    assert Version.objects.count() == 10
    assert boxed.check() == ["unchanged"] * 6
    assert Boilerplate.objects.get().held == Boilerplate.objects.get().dropped == []


def test_read_anew_by_rules_that_keep_it_it_becomes_versions(boxed):
    Source.objects.update(rules={"drop_text": ["^A surveyor.*"]})
    carried_out(State.REREAD)
    version = Version.objects.get(article=boxed.article(5), number=2)
    assert version.paragraphs == (SENTENCES[0], *SENTENCES[2:], boxed.texts[5][-1], BOX)
    assert (version.words_removed, version.previous_reextracted is not None) == (0, True)
    assert boxed.check() == ["unchanged"] * 6


def test_undecided_for_a_week_it_becomes_versions_that_no_list_shows(boxed):
    Quarantine.objects.update(opened=timezone.now() - timedelta(days=8))
    assert apply_decisions.apply_all()
    quarantine = Quarantine.objects.get()
    assert (quarantine.state, quarantine.decided_by) == (State.EXPIRED, None)
    assert Version.objects.filter(number=2).count() == 6
    assert not Version.objects.changes().exists()
    assert boxed.check() == ["unchanged"] * 6


TEMPERATURES = "On the square {} degrees in the shade"


@pytest.fixture
def weather(paper):
    """All six articles tell the weather of the hour, on and on."""
    for hour in range(4):
        paper.serve(TEMPERATURES.format(hour))
        paper.check()
    quarantine = Quarantine.objects.open().get()
    assert QuarantinedText.objects.values("article").distinct().count() == 6
    return quarantine


def test_what_goes_on_changing_is_not_closed_and_only_its_last_texts_are_kept(weather, paper):
    now = timezone.now()
    Quarantine.objects.update(opened=now - timedelta(days=8))
    QuarantinedText.objects.update(seen=now - timedelta(days=8))
    paper.serve(TEMPERATURES.format(30))
    assert set(paper.check()) == {"held"}
    assert apply_decisions.apply_all()
    assert Quarantine.objects.get().state == State.OPEN
    assert apply_decisions.closes_at(weather) > now + timedelta(days=6)
    assert QuarantinedText.objects.count() == 6
    assert Version.objects.changes().count() == 0
    assert paper.check() == ["held"] * 6


def test_what_went_on_and_stands_still_for_a_week_is_closed(weather):
    past = timezone.now() - timedelta(days=8)
    Quarantine.objects.update(opened=past - timedelta(days=1))
    QuarantinedText.objects.update(seen=past)
    assert apply_decisions.apply_all()
    assert Quarantine.objects.get().state == State.EXPIRED


def test_versions_that_are_set_aside_leave_room_for_edits(boxed):
    Source.objects.update(versions_per_day=2)
    Quarantine.objects.update(opened=timezone.now() - timedelta(days=8))
    assert apply_decisions.apply_all()
    boxed.texts[0] += (EDIT,)
    boxed.serve(BOX)
    assert boxed.check(0) == ["new-version"]


def test_a_real_edit_besides_is_a_version_without_what_is_held(boxed):
    boxed.texts[5] += (EDIT,)
    boxed.serve(BOX)
    assert boxed.check(5, 5) == ["new-version", "held"]
    version = Version.objects.get(article=boxed.article(5), number=2)
    assert version.paragraphs == boxed.texts[5]
    assert version.excerpt == [["+", EDIT]]
    assert [version.pk for version in Version.objects.changes()] == [version.pk]
    carried_out(State.ACCEPTED)
    assert boxed.texts_of(5)[1:] == [boxed.texts[5], (*boxed.texts[5], BOX)]
    seen = list(boxed.article(5).versions.order_by("number").values_list("seen", flat=True))
    assert seen == sorted(seen)
    assert boxed.check() == ["unchanged"] * 6


def test_a_version_with_an_edit_of_its_own_stays_in_the_lists(paper):
    paper.texts[1] += (EDIT,)
    paper.serve(BOX)
    paper.check()
    (shown,) = Version.objects.changes()
    assert shown.article == paper.article(1)


def test_what_went_again_before_the_decision_is_told_in_its_order(boxed):
    boxed.serve(only={5})
    assert boxed.check(5) == ["unchanged"]
    carried_out(State.ACCEPTED)
    assert boxed.texts_of(5) == [boxed.texts[5], (*boxed.texts[5], BOX), boxed.texts[5]]
    assert boxed.check(5) == ["unchanged"]


def test_what_goes_from_all_articles_is_held_too(site, source):
    paper = Newspaper(site, source)
    paper.serve(BOX)
    paper.check()
    paper.serve()
    assert paper.check() == ["new-version"] * 4 + ["held"] * 2
    assert not Quarantine.objects.get().paragraphs.get().came
    carried_out(State.DROPPED)
    assert paper.check() == ["unchanged"] * 6
    assert Version.objects.count() == 10


def test_gone_from_all_articles_and_accepted_it_is_an_edit_of_each(site, source):
    paper = Newspaper(site, source)
    paper.serve(BOX)
    paper.check()
    paper.serve()
    paper.check()
    carried_out(State.ACCEPTED)
    assert Version.objects.changes().count() == 6
    assert paper.texts_of(4)[1] == paper.texts[4]
    assert paper.check() == ["unchanged"] * 6


def test_edits_of_each_article_its_own_are_never_held(paper):
    for number in paper.texts:
        tree = f"the {'old ' * number}lime"
        paper.texts[number] += (f"By noon it was said that {tree} would be felled before the autumn.",)
    paper.serve()
    assert set(paper.check()) == {"new-version"}
    assert not Quarantine.objects.exists()


def test_a_correction_in_a_few_copies_is_not_held(paper):
    paper.serve(BOX, only=range(4))
    paper.check()
    assert not Quarantine.objects.exists()
    assert Version.objects.changes().count() == 4


def test_less_than_the_share_is_not_held(paper):
    Alteration.objects.all().delete()
    for number in range(100, 112):
        paper.texts[number] = (*SENTENCES, f"Tree number {number} is one of the youngest of all trees here.")
        add_article(f"{paper.site.url}/trees/{number}", paper.source)
    paper.serve()
    paper.check()
    paper.serve(BOX, only=range(5))
    assert paper.check(*range(5)) == ["new-version"] * 5
    paper.serve(BOX, only=[5])
    assert paper.check(5) == ["held"]  # 6 of 18 are a third


def test_what_came_longer_than_an_hour_ago_does_not_count(paper):
    paper.serve(BOX, only=range(4))
    paper.check(*range(4))
    Alteration.objects.update(at=timezone.now() - timedelta(minutes=61))
    paper.serve(BOX)
    assert paper.check(*range(4, 6)) == ["new-version"] * 2


def test_another_source_is_another_matter(paper, source):
    other = Source.objects.create(name="Other", slug="other")
    Article.objects.filter(address__regex="/trees/[0-1]$").update(source=other)
    paper.serve(BOX, only=[0, 2, 3, 4])
    paper.check(0, 2, 3, 4)
    paper.serve(BOX, only=[1])
    assert paper.check(1) == ["new-version"]


def test_paragraphs_that_come_together_are_one_quarantine(paper):
    paper.serve(BOX, "Read also what the neighbours of the square have to say about the old lime trees.")
    paper.check()
    assert Quarantine.objects.get().paragraphs.count() == 2


def test_a_page_cut_off_is_doubtful_first(boxed):
    for number in (4, 5):
        page = boxed.site.pages[f"/trees/{number}"]
        boxed.site.pages[f"/trees/{number}"] = Page(
            page.body.replace("</article></main>", "").partition("<aside>")[0]
        )
    Source.objects.update(confirm_text_seconds=600)
    assert boxed.check(4) == ["held"]
    assert "cut off" in boxed.article(4).last_reason
    assert QuarantinedText.objects.count() == 2


def test_what_a_check_recorded_that_had_begun_before_is_set_aside_too(boxed):
    late = SetAside.objects.order_by("pk").first()
    Version.objects.filter(pk=late.version_id).update(hidden=False)
    late.delete()
    apply_decisions.apply_all()
    assert not Version.objects.changes().exists()
    assert SetAside.objects.count() == 4


def test_a_decision_is_made_once(boxed):
    quarantine = Quarantine.objects.get()
    assert apply_decisions.record_decision(quarantine, State.DROPPED, None, timezone.now())
    assert not apply_decisions.record_decision(quarantine, State.ACCEPTED, None, timezone.now())
    assert Quarantine.objects.get().state == State.DROPPED


def test_what_a_killed_worker_left_is_carried_out_by_the_next(boxed, monkeypatch):
    class Killed(BaseException):
        pass

    def kill(*arguments):
        raise Killed

    assert apply_decisions.record_decision(Quarantine.objects.get(), State.ACCEPTED, None, timezone.now())
    stored = apply_decisions.store_version
    for dies_at in (lambda *a: kill(), lambda *a: (stored(*a), kill())):
        monkeypatch.setattr(apply_decisions, "store_version", dies_at)
        with pytest.raises(Killed):
            apply_decisions.apply_all()
        Article.objects.update(lease_until=timezone.now())
    monkeypatch.setattr(apply_decisions, "store_version", stored)
    assert apply_decisions.apply_all()
    assert [version.number for version in Version.objects.filter(number__gt=1)] == [2] * 6
    assert boxed.check() == ["unchanged"] * 6


def test_one_that_cannot_be_carried_out_keeps_no_other_from_it(boxed):
    QuarantinedText.objects.filter(article=boxed.article(5)).update(data=b"damaged")
    apply_decisions.record_decision(Quarantine.objects.get(), State.ACCEPTED, None, timezone.now())
    assert not apply_decisions.apply_all()
    assert [text.article for text in QuarantinedText.objects.all()] == [boxed.article(5)]
    assert boxed.article(5).lease_token is None
    assert Quarantine.objects.get().carried_out is None


def test_an_article_that_is_being_checked_waits_for_the_next_time(boxed):
    token = Article.objects.claim(boxed.article(5).pk, timezone.now(), 60)
    apply_decisions.record_decision(Quarantine.objects.get(), State.ACCEPTED, None, timezone.now())
    assert not apply_decisions.apply_all()
    assert QuarantinedText.objects.count() == 1
    assert Quarantine.objects.get().carried_out is None
    Article.objects.release(boxed.article(5).pk, token)
    assert apply_decisions.apply_all()
    assert not QuarantinedText.objects.exists()


def test_the_held_page_is_what_later_ones_are_measured_by(boxed):
    carried_out(State.ACCEPTED)
    captures = Capture.objects.filter(article__address__regex="/trees/[45]$")
    assert all(capture.fetched < timezone.now() for capture in captures)
    boxed.texts[5] += (EDIT,)
    boxed.serve(BOX)
    assert boxed.check(5) == ["new-version"]
    assert boxed.article(5).versions.get(number=3).excerpt == [["+", EDIT]]


def test_notes_are_thrown_away_after_a_while(boxed):
    assert Alteration.objects.exists()
    Alteration.objects.update(at=timezone.now() - timedelta(hours=26))
    apply_decisions.apply_all()
    assert not Alteration.objects.exists()


OTHER_BOX = "Our shop has mugs and towels with the lime trees of the valley on them, made by hand here."


@pytest.fixture
def boxed_twice(boxed):
    """A second box came to all of them more than an hour after the first."""
    Quarantine.objects.update(opened=timezone.now() - timedelta(hours=1, minutes=5))
    Alteration.objects.all().delete()
    boxed.serve(BOX, OTHER_BOX)
    assert boxed.check() == ["new-version"] * 4 + ["held"] * 2
    return boxed


def decided(quarantine, state):
    assert apply_decisions.record_decision(quarantine, state, None, timezone.now())
    assert apply_decisions.apply_all()


def brackets_hold(article):
    """No version is seen before the one before it, and each was unseen at some time before it was seen."""
    versions = list(article.versions.order_by("number"))
    assert [one.seen for one in versions] == sorted(one.seen for one in versions)
    assert all(one.previous_last_seen < one.seen for one in versions[1:])
    return True


@pytest.mark.parametrize("state", [State.ACCEPTED, State.EXPIRED, State.REREAD])
def test_what_was_held_before_an_edit_is_no_version_after_it(boxed, state):
    boxed.serve()
    assert boxed.check(5, 5) == ["unchanged"] * 2
    boxed.texts[5] = (*boxed.texts[5], EDIT)
    boxed.serve()
    assert boxed.check(5) == ["new-version"]
    carried_out(state)
    assert boxed.texts_of(5) == [boxed.texts[5][:-1], boxed.texts[5]]
    assert boxed.check(5) == ["unchanged"]


@pytest.mark.parametrize("checked_between", [False, True])
@pytest.mark.parametrize("first", [0, 1])
def test_of_two_held_changes_each_is_told_once_whichever_is_accepted_first(
    boxed_twice, first, checked_between
):
    quarantines = list(Quarantine.objects.order_by("pk"))
    decided(quarantines[first], State.ACCEPTED)
    if checked_between:
        assert set(boxed_twice.check()) <= {"unchanged", "held"}
    decided(quarantines[1 - first], State.ACCEPTED)
    assert boxed_twice.check() == ["unchanged"] * 6
    for number in boxed_twice.texts:
        texts = boxed_twice.texts_of(number)
        assert texts[-1] == (*boxed_twice.texts[number], BOX, OTHER_BOX)
        assert len(texts) == 3
        assert brackets_hold(boxed_twice.article(number))
    assert not QuarantinedText.objects.exists()


def test_edited_besides_while_held_what_is_held_came_when_it_came(boxed):
    before = boxed.article(5).versions.get().seen
    boxed.texts[5] = (*boxed.texts[5], EDIT)
    boxed.serve(BOX)
    assert boxed.check(5) == ["new-version"]
    carried_out(State.ACCEPTED)
    assert boxed.texts_of(5)[-1] == (*boxed.texts[5], BOX)
    assert boxed.article(5).versions.get(number=3).previous_last_seen == before
    assert brackets_hold(boxed.article(5))


@pytest.mark.parametrize("checked_between", [False, True])
def test_rules_changed_while_it_was_held_are_no_edit(boxed, checked_between):
    Source.objects.update(rules={"drop_text": ["says a plate at its foot"]})
    if checked_between:
        assert set(boxed.check()) == {"unchanged", "held"}
    carried_out(State.ACCEPTED)
    assert boxed.check() == ["unchanged"] * 6
    assert boxed.check() == ["unchanged"] * 6
    assert Version.objects.count() == 12
    for version in Version.objects.filter(number=2):
        assert (version.words_added > 10, version.words_removed) == (True, 0)


def test_dropped_while_another_was_held_it_is_in_no_version_of_that(boxed_twice):
    first, second = Quarantine.objects.order_by("pk")
    decided(first, State.DROPPED)
    decided(second, State.ACCEPTED)
    assert boxed_twice.check() == ["unchanged"] * 6
    assert boxed_twice.texts_of(5) == [boxed_twice.texts[5], (*boxed_twice.texts[5], OTHER_BOX)]


def test_the_headline_of_what_is_taken_down_does_not_come_back(boxed, client):
    article = boxed.article(5)
    takedown.hide_versions(article, [1], Grounds(Reason.PERSONAL))
    carried_out(State.ACCEPTED)
    assert "Tree 5" not in client.get(article.get_absolute_url()).content.decode()
    boxed.check(5)
    assert boxed.article(5).headline == ""


def test_an_article_that_comes_back_with_what_is_held_is_back(boxed):
    Article.objects.filter(pk=boxed.article(5).pk).update(state=Article.State.REMOVED)
    assert boxed.check(5) == ["held"]
    article = boxed.article(5)
    assert (article.state, article.last_success) == (Article.State.WATCHED, article.last_checked)
    assert [event.kind for event in article.events.all()] == [Event.Kind.RESTORED]


def test_a_doubtful_text_goes_on_waiting_to_be_seen_again(boxed):
    Article.objects.filter(pk=boxed.article(5).pk).update(
        pending_hash="doubtful", pending_since=timezone.now()
    )
    carried_out(State.DROPPED)
    assert (boxed.article(5).pending_hash, boxed.article(4).pending_hash) == ("doubtful", "")


CORRECTION = "Correction: an earlier version of this report gave the wrong name of the mayor of the town."


def few(paper, count):
    """Leave *paper* so many articles."""
    for number in list(paper.texts)[count:]:
        paper.article(number).delete()
        del paper.texts[number]


def test_a_small_source_is_protected_by_what_was_checked_in_a_day(paper):
    few(paper, 4)
    paper.serve(BOX)
    for number in (0, 1, 2):
        outcomes = paper.check(number)
        past = timezone.now() - timedelta(hours=2)
        Article.objects.filter(last_checked__gt=past).update(last_checked=past)
        Alteration.objects.filter(at__gt=past).update(at=past)
    assert outcomes == ["held"]
    assert not Version.objects.changes().exists()
    quarantine = Quarantine.objects.get()
    assert (quarantine.articles_alike, quarantine.articles_checked) == (3, 4)


def test_of_a_small_source_less_than_the_larger_part_is_not_held(paper):
    Article.objects.update(last_checked=timezone.now() - timedelta(hours=2))
    paper.serve(BOX, only=[0, 1, 2])
    assert paper.check(0, 1, 2) == ["new-version"] * 3


def test_one_decision_covers_no_correction_of_other_articles(boxed):
    boxed.serve(BOX, CORRECTION)
    boxed.check()
    for quarantine in Quarantine.objects.all():
        assert quarantine.paragraphs.count() == 1
    assert Quarantine.objects.count() == 2


def test_what_came_at_once_to_other_articles_is_decided_apart(site, source):
    paper = Newspaper(site, source)
    for number in range(100, 106):
        paper.texts[number] = (*SENTENCES, f"Tree number {number} is one of the youngest of all trees here.")
        add_article(f"{site.url}/trees/{number}", source)
    paper.serve()
    paper.check()
    paper.serve(BOX, only=range(4))
    paper.serve(CORRECTION, only=range(100, 104))
    paper.check(*range(4), *range(100, 104))
    paper.serve(BOX, CORRECTION, only=[105])
    assert paper.check(105) == ["held"]
    assert [one.paragraphs.count() for one in Quarantine.objects.all()] == [1, 1]


def test_accepted_versions_stay_in_the_lists_while_others_are_busy(boxed_twice):
    first, second = Quarantine.objects.order_by("pk")
    token = Article.objects.claim(boxed_twice.article(5).pk, timezone.now(), 60)
    assert apply_decisions.record_decision(first, State.ACCEPTED, None, timezone.now())
    assert not apply_decisions.apply_all()
    shown = Version.objects.filter(number=2, article__in=[boxed_twice.article(n).pk for n in range(4)])
    assert set(shown.values_list("hidden", flat=True)) == {False}
    second.set_aside_versions(timezone.now() - timedelta(hours=1))
    assert set(shown.values_list("hidden", flat=True)) == {False}
    Article.objects.release(boxed_twice.article(5).pk, token)
    assert apply_decisions.apply_all()


def test_what_is_accepted_and_not_carried_out_yet_opens_no_other(boxed):
    assert apply_decisions.record_decision(Quarantine.objects.get(), State.ACCEPTED, None, timezone.now())
    now = timezone.now()
    came = dict.fromkeys(Boilerplate.objects.get().held, True)
    assert Alteration.others_alike(boxed.article(5), came, now - timedelta(hours=1)) == {}


def test_a_check_that_was_under_way_when_it_was_dropped_opens_nothing(boxed, monkeypatch):
    boxed.texts[5] += (EDIT,)
    boxed.serve(BOX)
    real = check.read_page

    def read_while_it_is_dropped(*arguments, **more):
        monkeypatch.setattr(check, "read_page", real)
        assert apply_decisions.record_decision(Quarantine.objects.get(), State.DROPPED, None, timezone.now())
        return real(*arguments, **more)

    Boilerplate.objects.update(held=[])  # as it was when the check began
    monkeypatch.setattr(check, "read_page", read_while_it_is_dropped)
    assert boxed.check(5) == ["new-version"]
    assert Quarantine.objects.count() == 1
    assert boxed.texts_of(5)[-1] == boxed.texts[5]
    assert apply_decisions.apply_all()
    assert not QuarantinedText.objects.exists()


def test_settling_ends_in_time_and_goes_on_the_next_time(boxed):
    assert apply_decisions.record_decision(Quarantine.objects.get(), State.ACCEPTED, None, timezone.now())
    assert not apply_decisions.apply_all(seconds=0)
    assert QuarantinedText.objects.count() == 2
    assert apply_decisions.apply_all(seconds=60)
    assert not QuarantinedText.objects.exists()


def test_versions_are_set_aside_once(boxed):
    quarantine = Quarantine.objects.get()
    numbers = {(one.version.article_id, one.version.number) for one in SetAside.objects.all()}
    quarantine.set_aside(numbers)
    assert SetAside.objects.count() == 4


def test_what_was_held_for_two_and_dropped_for_one_goes_on_waiting_for_the_other(boxed_twice):
    first, second = Quarantine.objects.order_by("pk")
    QuarantinedText.objects.filter(quarantine=first).delete()  # both came between two checks
    seen = QuarantinedText.objects.get(article=boxed_twice.article(5)).seen
    decided(second, State.DROPPED)
    assert {text.quarantine for text in QuarantinedText.objects.all()} == {first}
    boxed_twice.check()
    decided(first, State.ACCEPTED)
    assert boxed_twice.texts_of(5) == [boxed_twice.texts[5], (*boxed_twice.texts[5], BOX)]
    assert boxed_twice.article(5).versions.get(number=2).seen == seen
    assert brackets_hold(boxed_twice.article(5))
    assert boxed_twice.check() == ["unchanged"] * 6
