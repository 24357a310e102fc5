"""What several looks tell, on real pages with the clock moved: what ticks, furniture, live blogs, figures."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from articles.models import Article, ArticleLooks, DateMove, LearnedPlace, Source, Version
from articles.watch.check import learning
from articles.watch.check.learning import learn_from_looks
from tests.scripted import SENTENCES, Page
from tests.watch.conftest import PATH

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
AGENCY = "Reporting by dpa and AFP"
REPORTERS = "(Reporting by Ida Deich; editing by Eva Gold)"
CORRECTION = "Correction: an earlier version of this story gave the wrong year for the railway."


class Clock:
    """What `timezone.now` says."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def forward(self, **delta):
        self.now += timedelta(**delta)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def page(text, *, headline="Lime trees in the square", modified="2026-03-02T05:00:00Z", after="", head=""):
    """A page whose story is the HTML *text*, with *after* behind it outside the column."""
    return Page(
        f"<!doctype html><html lang=en><head><title>{headline} | Valley Post</title>"
        f"<meta property='og:type' content='article'><meta property='og:title' content='{headline}'>"
        f"<meta property='article:modified_time' content='{modified}'>{head}</head><body>"
        f"<main><article><h1>{headline}</h1><div class='body'>{text}</div></article>{after}</main>"
        "</body></html>"
    )


def prose(sentences=SENTENCES):
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


def rate(value):
    """A line that is set like a paragraph and holds a number: only many looks tell what it is."""
    first, *rest = SENTENCES
    return f"<p>{first}</p><p>Timber at the port, a load: {value} crowns</p>{prose(rest)}"


@pytest.fixture
def outcomes(site, check, clock):
    """The outcome of a check of each page in turn, so many minutes apart."""

    def run(pages, minutes=10, path=PATH):
        found = []
        for one in pages:
            site.pages[path] = one
            found.append(check(path).outcome.value)
            clock.forward(minutes=minutes)
        return found

    return run


def test_a_counter_of_its_own_element_is_left_out_from_the_first_look(outcomes, client):
    counted = [
        page(f"{prose()}<p><span class='view-count'>Views: {n}</span></p>") for n in (1203, 1377, 2001)
    ]
    assert outcomes(counted) == ["new-version", "unchanged", "unchanged"]


def test_what_ticks_is_learned_left_out_and_told(outcomes, client):
    assert outcomes(page(rate(700 + n)) for n in range(5)) == [*["new-version"] * 4, "unchanged"]
    assert outcomes(page(rate(800 + n)) for n in range(4)) == ["unchanged"] * 4
    learned = LearnedPlace.objects.get()
    assert (learned.kind, learned.state) == ("ticking", "learned")
    assert learned.evidence["values"][-1] == "Timber at the port, a load: 704 crowns"
    edited = rate(900).replace("Residents asked", "Neighbours asked")
    assert outcomes([page(edited)]) == ["new-version"]
    version = Version.objects.order_by("-number").first()
    assert "Timber at the port, a load: 900 crowns" in version.paragraphs  # stored whole
    assert (version.words_added, version.words_removed) == (1, 1)
    shown = client.get(version.get_absolute_url()).content.decode()
    assert "changes at every look" in shown
    difference = client.get(version.diff_url).content.decode()
    assert "Left out of the comparison" in difference
    assert "900 crowns</ins>" not in difference


def test_a_claimed_date_that_moves_while_only_what_ticks_stands_still_is_noted(outcomes):
    outcomes(page(rate(700 + n)) for n in range(6))
    assert outcomes([page(rate(705), modified="2026-03-02T09:00:00Z")]) == ["unchanged"]
    assert DateMove.objects.get().claimed == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_what_ticked_and_rests_makes_a_version_of_its_last_value(outcomes):
    outcomes(page(rate(700 + n)) for n in range(7))
    assert outcomes([page(rate(900))] * 4) == ["unchanged", "unchanged", "new-version", "unchanged"]
    version = Version.objects.order_by("-number").first()
    assert version.made_of == "rested"
    assert "Timber at the port, a load: 900 crowns" in version.paragraphs
    assert outcomes([page(rate(900))] * 2) == ["unchanged"] * 2


def test_a_death_toll_in_a_sentence_never_ticks(outcomes):
    toll = [
        page(prose((f"The number of the dead rose to {n} in the night.", *SENTENCES))) for n in range(4, 12)
    ]
    assert outcomes(toll, minutes=5) == ["new-version"] * 8
    assert not LearnedPlace.objects.exists()


def signed(value, *, mark="<span class='c-2'>{}</span>"):
    return page(f"<p>Since spring {mark.format(value)} people have signed for the trees.</p>{prose()}")


def test_a_number_in_an_element_of_its_own_may_tick_within_a_sentence(outcomes):
    assert outcomes(signed(1200 + n) for n in range(7)) == [*["new-version"] * 4, *["unchanged"] * 3]
    assert LearnedPlace.objects.get().text == "Since spring 1204 people have signed for the trees."
    edited = page(
        f"<p>Since May <span class='c-2'>1300</span> people have signed for the trees.</p>{prose()}"
    )
    assert outcomes([edited]) == ["new-version"]


@pytest.mark.parametrize("mark", ["{}", "<b>{}</b>", "<span style='font-weight:400'>{}</span>"])
def test_the_same_number_in_plain_prose_never_ticks_even_where_the_other_was_learned(outcomes, mark):
    outcomes(signed(1200 + n) for n in range(7))
    plain = [signed(4 + n, mark=mark) for n in range(7)]
    assert outcomes(plain, path="/2026/other") == ["new-version"] * 7


def test_an_admin_sees_the_evidence_and_undoes_it(outcomes, admin_client, source):
    outcomes(page(rate(700 + n)) for n in range(6))
    texts = [version.paragraphs for version in Version.objects.order_by("number")]
    address = f"/admin/articles/source/{source.pk}/learned/"
    shown = admin_client.get(address).content.decode()
    assert "704 crowns" in shown
    assert "Undo" in shown
    assert address in admin_client.get(f"/admin/articles/source/{source.pk}/change/").content.decode()
    admin_client.post(address, {"place": LearnedPlace.objects.get().pk, "decision": "compare"})
    assert LearnedPlace.objects.get().state == "undone"
    assert outcomes([page(rate(999))]) == ["new-version"]
    assert [version.paragraphs for version in Version.objects.order_by("number")][: len(texts)] == texts
    outcomes(page(rate(700 + n)) for n in range(6))
    assert LearnedPlace.objects.get().state == "undone"  # and is not learned anew


# --- What stands on many articles


def articles_with(texts, **more):
    """Pages of one source: for each path its page, with that text and one of its own."""
    return {
        f"/2026/story-{n}": page(
            prose((f"Story number {'of trees ' * (n + 1)}begins so.", *SENTENCES)) + text, **more
        )
        for n, text in enumerate(texts)
    }


@pytest.fixture
def look_at(site, check, clock):
    def run(pages):
        site.pages |= pages
        found = []
        for path in pages:
            found.append(check(path).outcome.value)
            clock.forward(seconds=5)
        clock.forward(minutes=20)
        return found

    return run


@pytest.mark.parametrize(
    "text", [AGENCY, REPORTERS, "Mit Material von unseren Leuten vor Ort", CORRECTION, "© The Valley Post"]
)
def test_what_editors_owe_their_readers_is_never_learned(look_at, source, text):
    look_at(articles_with([f"<div class='endnote'><p>{text}</p></div>"] * 8))
    learn_from_looks()
    assert not LearnedPlace.objects.filter(text__contains=text[:12]).exists()


def test_an_authors_phrase_on_four_articles_is_not_even_suggested(look_at):
    phrase = "<p>And that, as my grandmother used to say, is that.</p>"
    look_at(articles_with([phrase] * 4 + [""] * 4))
    learn_from_looks()
    assert not LearnedPlace.objects.filter(text__contains="grandmother").exists()


def test_in_the_column_it_is_only_suggested(look_at):
    phrase = "<p>He denies all charges.</p>"
    look_at(articles_with([phrase] * 6 + [""] * 2))
    learn_from_looks()
    learned = LearnedPlace.objects.get(text="He denies all charges.")
    assert learned.state == "suggested"
    assert learned.evidence == {"articles": 6, "of": 8}
    assert look_at(articles_with([""] * 1)) == ["new-version"]  # its disappearance from one is news


def test_what_no_article_shows_any_more_after_an_undone_lesson_is_compared(
    look_at, source, django_user_model
):
    person = django_user_model.objects.create_user("ann")
    look_at(articles_with(["<p>He denies all charges.</p>"] * 6))
    learn_from_looks()
    learned = LearnedPlace.objects.get(text="He denies all charges.")
    assert learning.decide_on_place(learned, leave_out=True, person=person, now=timezone.now())
    assert not learning.decide_on_place(learned, leave_out=True, person=person, now=timezone.now())
    pages = articles_with([""] * 6)
    assert look_at(pages) == ["unchanged"] * 6
    assert look_at(articles_with(["<p>He denies all charges.</p>"] * 6)) == ["unchanged"] * 6


def test_what_leaves_one_article_while_it_stands_on_the_others_is_an_edit(look_at, django_user_model):
    phrase = "<p>He denies all charges.</p>"
    look_at(articles_with([phrase] * 6))
    learn_from_looks()
    person = django_user_model.objects.create_user("ann")
    learned = LearnedPlace.objects.get(text="He denies all charges.")
    LearnedPlace.objects.filter(pk=learned.pk).update(kind="furniture")
    learning.decide_on_place(learned, leave_out=True, person=person, now=timezone.now())
    pages = articles_with([""] + [phrase + " "] * 5)
    look_at(pages)
    again = articles_with([""] + [phrase + "  "] * 5)
    again["/2026/story-0"] = page(
        prose(("Story number of trees begins so.", *SENTENCES)), after="<aside><p>Another advert.</p></aside>"
    )
    assert look_at(again) == ["new-version", *["unchanged"] * 5]
    version = (
        Version.objects.filter(article__addresses__address__contains="story-0").order_by("-number").first()
    )
    assert "He denies all charges." not in version.paragraphs
    assert version.words_removed == 4


# --- Live blogs, tables, headlines


def blog(*entries, changed=None):
    """A live blog of these entries' numbers, the newest first."""
    texts = {n: f"At this hour entry number {n} says that a tree of {n} years still stands." for n in entries}
    texts |= changed or {}
    items = "".join(
        f"<div class='entry' id='e{n}'><time datetime='2026-03-02T{n:02d}:00:00Z'>{n:02d}:00</time>"
        f"<h3>Entry of the hour {n}</h3><p>{texts[n]}</p><p>So it was told to those who were there.</p></div>"
        for n in entries
    )
    said = (
        '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Trees live"}</script>'
    )
    return page(items, headline="Trees live", head=said)


def test_a_live_blog_that_grows_is_told_as_entries_and_not_capped(outcomes, client):
    Source.objects.update(versions_per_day=2)
    grown = [blog(*range(n, 0, -1)) for n in range(4, 9)]
    assert outcomes(grown) == ["new-version"] * 5
    added = list(Version.objects.order_by("number").values_list("made_of", "entries_added", "words_removed"))
    assert added == [("", 0, 0), *[("entries", 1, 0)] * 4]
    history = client.get(Article.objects.get().get_absolute_url()).content.decode()
    assert "4 entries since" in history


def test_an_old_entry_that_is_altered_is_a_change_of_its_own(outcomes):
    altered = {2: "At this hour entry number 2 says that the old tree has fallen."}
    assert outcomes([blog(4, 3, 2, 1), blog(4, 3, 2, 1, changed=altered)]) == ["new-version"] * 2
    assert Version.objects.get(number=2).made_of == ""


def test_entries_that_are_paged_off_are_no_removal(outcomes):
    assert outcomes([blog(5, 4, 3, 2, 1), blog(6, 5, 4, 3, 2)]) == ["new-version"] * 2
    version = Version.objects.get(number=2)
    assert (version.made_of, version.words_removed) == ("entries", 0)


def results(*votes):
    rows = "".join(f"<tr><td>Candidate {'ABC'[n]}</td><td>{vote}</td></tr>" for n, vote in enumerate(votes))
    first, *rest = SENTENCES
    return page(f"<p>{first}</p><table><tr><th>Name</th><th>Votes</th></tr>{rows}</table>{prose(rest)}")


def test_a_table_on_election_night_keeps_its_figures_once_an_hour(outcomes, clock):
    night = [results(1000 + 17 * n, 900 + 13 * n, 80 + n) for n in range(36)]  # six hours, each ten minutes
    outcomes(night)
    outcomes([night[-1]] * 8)
    versions = list(Version.objects.order_by("number"))
    assert 6 <= len(versions) <= 9
    assert {version.made_of for version in versions[1:]} == {"figures"}
    assert any("1595" in paragraph for paragraph in versions[-1].paragraphs)  # the last value


def test_headlines_seen_in_turn_are_no_versions(outcomes, client):
    first, second = "Lime trees in the square", "Will the limes fall?"
    turns = [page(prose(), headline=one) for one in (first, second, first, second, first, second)]
    found = outcomes(turns)
    assert found == ["new-version"] * 3 + ["unchanged"] * 3
    article = Article.objects.get()
    assert article.alternating_headlines == [first, second]
    assert "2 headlines are seen in turn" in client.get(article.get_absolute_url()).content.decode()
    assert outcomes([page(prose(SENTENCES[1:]), headline=second)]) == ["new-version"]
    assert Article.objects.get().alternating_headlines == []


# --- What is remembered


def test_looks_are_bounded_and_not_written_for_the_very_same_page(outcomes):
    outcomes(page(prose(), after=f"<aside>{n}</aside>") for n in range(9))
    looks = ArticleLooks.objects.get()
    assert len(looks.remembered.looks) == 6
    before = looks.seen
    outcomes([page(prose(), after="<aside>8</aside>")])
    assert ArticleLooks.objects.get().seen == before


def test_a_place_that_changes_on_many_articles_in_one_visit_is_pending(look_at):
    def with_teaser(word):
        words = "<p>{} reopens the mill in the valley for a week.</p>"
        box = f"<div class='extra-box'><h4>In the region</h4>{words}</div>"
        return articles_with([box.format(f"{word} {'new ' * n}owner") for n in range(6)])

    look_at(with_teaser("The"))
    found = look_at(with_teaser("Another"))
    assert found.count("new-version") <= 2
