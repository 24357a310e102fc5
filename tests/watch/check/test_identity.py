"""One story is one article, and two stories are two, whatever becomes of their addresses."""

from datetime import timedelta
from io import StringIO
from itertools import permutations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from articles import takedown
from articles.fetch import address_key
from articles.models import (
    Address,
    Article,
    DateMove,
    Event,
    Feed,
    FeedId,
    Host,
    Join,
    Proposal,
    Reason,
    Source,
    Subscription,
    Tombstone,
    Version,
)
from articles.takedown import Grounds
from articles.watch.check.check import check_now
from articles.watch.check.identity import headline_key
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.entries import Fate
from articles.watch.feeds.poll import add_article, read_feed_now
from tests.scripted import SENTENCES, Page, story_page
from tests.watch.conftest import PATH

pytestmark = pytest.mark.django_db

OLD, NEW = PATH, "/2026/lime-trees-to-be-felled"
FELLED = (*SENTENCES, "On Friday the botanist wrote that two of the trees can not be saved by anybody.")
OTHER = (
    "The ferry to the islands will run twice a day from the first of May, the harbour master said on Monday.",
    "Its engine was rebuilt over the winter in a yard up the coast, at a cost that nobody would tell.",
    "Tickets are sold at the kiosk on the quay, which opens an hour before each sailing.",
    "A dog travels free of charge, as it always has; a bicycle costs as much as a child does.",
)
OTHERS = [(f"/2026/another-story-number-{n}", f"id-{n}") for n in range(24)]
"""What the feed names besides: enough that one changed link among them is rare."""

TEMPLATE = (
    "A {size} earthquake was recorded off the coast at {hour} on Tuesday, the institute of geophysics said.",
    "Its centre lay {depth} kilometres below the sea floor; no harm was reported, and no warning was given.",
    "Earthquakes of this size are felt indoors by many people, and hardly ever damage a well built house.",
    "Whoever felt it is asked to say so on the pages of the institute, which collects such reports.",
)
HEADLINE, REWRITTEN = "Lime trees to be looked at", "Lime trees to be felled after all"


def feed_of(*items):
    entries = "".join(
        f"<item><title>{path}</title><link>{path}</link><guid isPermaLink='false'>{guid}</guid></item>"
        for path, guid in items
    )
    return Page(f"<rss version='2.0'><channel>{entries}</channel></rss>", content_type="application/rss+xml")


@pytest.fixture
def feed(site, source):
    Source.objects.update(confirm_text_seconds=0, confirm_removal_seconds=0)
    return Feed.objects.create(source=source, address=f"{site.url}/feed")


@pytest.fixture
def read(feed):
    """Read the feed."""

    def run(**values):
        Feed.objects.update(**values)
        session = HostSession.take(feed.host_id)
        assert session is not None
        try:
            result = read_feed_now(
                Feed.objects.select_related("source").get(pk=feed.pk), PoliteFetcher(session)
            )
        finally:
            session.leave()
        assert result is not None
        assert result.problem == ""
        return result

    return run


@pytest.fixture
def check_all(site):
    """Check every story that is due, but those that the feed names besides."""

    def run(times=1, newest_first=False):
        for _ in range(times):
            due = Article.objects.filter(next_check_at__isnull=False).exclude(address__contains="number")
            for article in due.order_by("-pk" if newest_first else "pk"):
                Host.objects.update(next_allowed=timezone.now())
                if Article.objects.filter(pk=article.pk, next_check_at__isnull=False).exists():
                    check_now(Article.objects.get(pk=article.pk))

    return run


def watched():
    """The articles besides those that the feed names besides."""
    return Article.objects.exclude(address__contains="number").filter(joined_to=None)


def headlines(article):
    return list(article.versions.order_by("number").values_list("headline", flat=True))


def before_and_after(site, fate):
    """A story whose headline, text and slug are rewritten; *fate*: what becomes of its old address."""
    page = Page(story_page(REWRITTEN, FELLED))
    site.pages[NEW] = page
    if fate == "redirects":
        site.pages[OLD] = Page("", status=301, headers={"Location": NEW})
    elif fate == "answers":
        site.pages[OLD] = page
    elif fate == "stale":
        pass
    else:
        site.pages[OLD] = Page("", status=404)


@pytest.mark.parametrize("fate", ["redirects", "answers", "stale", "gone"])
@pytest.mark.parametrize("order", ["feed first", "check first"])
def test_a_story_with_a_new_slug_is_one_article(site, feed, read, check_all, fate, order):
    site.pages[OLD] = Page(story_page(HEADLINE))
    site.pages["/feed"] = feed_of((OLD, "story-1"), *OTHERS)
    read()
    check_all()
    before_and_after(site, fate)
    site.pages["/feed"] = feed_of((NEW, "story-1"), *OTHERS)
    if order == "check first":
        check_all()
    read()
    check_all(times=2)
    [article] = watched()
    assert headlines(article) == [HEADLINE, REWRITTEN]
    assert article.address == site.url + NEW
    assert set(article.addresses.values_list("address", flat=True)) == {site.url + OLD, site.url + NEW}
    events = list(Event.objects.values_list("kind", "address_before", "address_after"))
    assert events == [("moved", site.url + OLD, site.url + NEW)]


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("fate", ["redirects", "answers"])
def test_without_an_id_the_address_itself_shows_it(site, feed, read, check_all, fate, newest_first):
    site.pages[OLD] = Page(story_page(HEADLINE))
    site.pages["/feed"] = feed_of((OLD, ""))
    read()
    check_all()
    before_and_after(site, fate)
    site.pages["/feed"] = feed_of((NEW, ""))
    read()
    check_all(times=3, newest_first=newest_first)
    [article] = watched()
    assert headlines(article) == [HEADLINE, REWRITTEN]
    assert Version.objects.count() == 2


def test_a_feed_that_flips_between_two_hosts_names_one_article(site, other_site, feed, read, check_all):
    pages = {OLD: Page(story_page(HEADLINE)), "/robots.txt": Page("")}
    site.pages |= pages
    other_site.pages |= pages
    for base in (site.url, other_site.url, site.url, other_site.url):
        site.pages["/feed"] = feed_of((base + OLD, "story-1"))
        read()
        check_all(times=2)
    [article] = watched()
    assert headlines(article) == [HEADLINE]
    assert article.addresses.count() == 2


def test_ids_of_slots_join_nothing(site, feed, read, check_all):
    others = [(f"{path}-{{}}", f"top-{n}") for n, (path, _) in enumerate(OTHERS)]
    for day, text in enumerate((SENTENCES, OTHER, FELLED)):
        path = f"/2026/story-of-day-{day}"
        site.pages[path] = Page(story_page(f"The story of day {day} is told", text))
        site.pages["/feed"] = feed_of((path, "top"), *((one.format(day), guid) for one, guid in others))
        read()
        check_all()
    assert watched().count() == 3


def test_reports_from_one_template_under_a_slots_id_stay_apart(site, feed, read, check_all):
    for day, (size, hour, depth) in enumerate(
        (("small", "noon", "ten"), ("fair", "dawn", "six"), ("weak", "dusk", "two"))
    ):
        path = f"/2026/quake-{day}"
        lines = tuple(line.format(size=size, hour=hour, depth=depth) for line in TEMPLATE)
        site.pages[path] = Page(story_page("Earthquake recorded off the coast", lines))
        site.pages["/feed"] = feed_of((path, "latest-earthquake"))
        read()
        check_all(times=2)
    assert watched().count() == 3
    assert Proposal.objects.filter(state=Proposal.State.OPEN).count() >= 2  # for a person to look at


def test_an_id_that_goes_back_to_an_earlier_link_is_no_storys(site, feed, read):
    for path in ("/2026/a", "/2026/b", "/2026/a"):
        site.pages["/feed"] = feed_of((path, "story-1"), *OTHERS)
        read()
    assert Feed.objects.get().ids_went_back is not None
    site.pages["/feed"] = feed_of(("/2026/c", "story-1"), *OTHERS)
    assert read().fates[Fate.NEW] == 1


def test_another_story_under_a_trusted_id_is_watched_by_itself(site, feed, read, check_all):
    site.pages |= {OLD: Page(story_page(HEADLINE)), NEW: Page(story_page("Ferries run again", OTHER))}
    site.pages["/feed"] = feed_of((OLD, "story-1"), *OTHERS)
    read()
    check_all()
    site.pages["/feed"] = feed_of((NEW, "story-1"), *OTHERS)
    assert read().fates[Fate.MOVED] == 1
    check_all(times=2)
    assert {one.address: headlines(one) for one in watched()} == {
        site.url + OLD: [HEADLINE],
        site.url + NEW: ["Ferries run again"],
    }


def test_a_new_address_that_can_not_be_read_costs_no_check_of_the_old_one(site, feed, read, check_all):
    site.pages[OLD] = Page(story_page(HEADLINE))
    site.pages["/feed"] = feed_of((OLD, "story-1"), *OTHERS)
    read()
    check_all()
    site.pages |= {NEW: Page("", status=503), OLD: Page(story_page(REWRITTEN, FELLED))}
    site.pages["/feed"] = feed_of((NEW, "story-1"), *OTHERS)
    read()
    check_all(times=2)
    [article] = watched()
    assert headlines(article) == [HEADLINE, REWRITTEN]


@pytest.mark.parametrize("target", ["/", "/2026", "/section/gardens", "/tag/trees", "/newest"])
def test_a_removed_story_that_redirects_to_a_list_makes_no_version(site, feed, check, check_all, target):
    site.pages[PATH] = Page(story_page())
    check()
    teasers = (*OTHER[:2], *(f"Read more on {n} of the week" for n in range(9)))
    site.pages |= {
        target: Page(story_page("Gardens", teasers)),
        PATH: Page("", status=301, headers={"Location": target}),
    }
    check_all(times=2)
    assert not Event.objects.exists()
    check_all()
    assert [event.kind for event in Event.objects.all()] == ["moved"]
    assert Version.objects.count() == 1
    check_all(times=2)
    assert Event.objects.count() == 1


CARDS = {
    "headings": "<li><h3><a href='{path}'>{title}</a></h3><p>{text}</p></li>",
    "cards": "<article><a href='{path}'><h3>{title}</h3><p>{text}</p></a></article>",
}


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_a_list_of_stories_is_known_as_one_under_whatever_name(site, feed, check, check_all, card):
    site.pages[PATH] = Page(story_page())
    check()
    texts = [f"A short summary of what came to pass on day {n}, for readers in a hurry." for n in range(12)]
    cards = "".join(
        card.format(path=f"/2026/what-came-to-pass-on-{n}", title=f"What came to pass on {n}", text=text)
        for n, text in enumerate(texts)
    )
    target = "/all-that-came-to-pass-this-week"
    site.pages |= {
        target: Page(f"<html><title>All</title><body><main><h1>All of the week</h1>{cards}</main></html>"),
        PATH: Page("", status=301, headers={"Location": target}),
    }
    check_all(times=4)
    assert [event.kind for event in Event.objects.all()] == ["moved"]
    assert Version.objects.count() == 1


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("/pages/this-page-is-not-here", "Page not found. Sorry, the page you were looking for is not here."),
        ("/news-of-today", "More news"),
    ],
)
def test_a_page_without_a_story_to_which_a_removed_one_redirects_is_where_it_went(
    site, feed, check, check_all, target, text
):
    site.pages[PATH] = Page(story_page())
    check()
    site.pages |= {
        target: Page(story_page("Page not found" if "not" in target else "News", (text,))),
        PATH: Page("", status=301, headers={"Location": target}),
    }
    check_all(times=2)
    assert not Event.objects.exists()
    check_all(times=2)
    assert [event.kind for event in Event.objects.all()] == ["moved"]


def test_a_wall_to_which_a_story_redirects_says_nothing_of_it(site, feed, check, check_all):
    site.pages[PATH] = Page(story_page())
    check()
    target = "/news-of-today"
    site.pages |= {
        target: Page(story_page("Read on", ("Subscribe to continue reading this article.",))),
        PATH: Page("", status=302, headers={"Location": target}),
    }
    check_all(times=4)
    assert not Event.objects.exists()


def test_a_wholly_other_story_at_a_redirect_waits_once_and_is_said_to_be_replaced(
    site, feed, check, check_all
):
    Source.objects.update(confirm_text_seconds=600)
    site.pages[PATH] = Page(story_page())
    check()
    others = "".join(
        f"<h3><a href='/2026/another-story-number-{n}'>Another story, of number {n}</a></h3>"
        for n in range(9)
    )
    more = tuple(f"{line} So it was decided, and so it will be done this year." for line in OTHER)
    site.pages |= {
        NEW: Page(story_page("Ferries run twice a day again", more, furniture=others)),
        PATH: Page("", status=301, headers={"Location": NEW}),
    }
    check_all()
    assert Version.objects.count() == 1
    Article.objects.update(pending_since=timezone.now() - timedelta(hours=1))
    check_all()
    assert "replaced" in Version.objects.get(number=2).badges


def test_a_page_that_several_stories_redirect_to_is_none_of_them(site, feed, check, check_all):
    Source.objects.update(confirm_text_seconds=600)
    notice = "/2026/why-you-can-not-read-this"
    texts = [
        tuple(f"{line} That is what {name} said." for line in SENTENCES) for name in ("Ada", "Ben", "Cy")
    ]
    for n, text in enumerate(texts):
        site.pages[f"/2026/report-{n}"] = Page(story_page(f"Report {n} of this year", text))
        check(f"/2026/report-{n}")
        site.pages[f"/2026/report-{n}"] = Page("", status=302, headers={"Location": notice})
    site.pages[notice] = Page(story_page("Why you can not read this", OTHER))
    check_all(times=2)
    Article.objects.update(pending_since=timezone.now() - timedelta(hours=1))
    check_all(times=3)
    assert set(Event.objects.values_list("kind", flat=True)) == {"moved"}
    assert Version.objects.count() == len(texts)


def test_a_redirect_to_a_later_story_is_no_version(site, feed, seen, check, check_all):
    Article.objects.update(published=timezone.now() - timedelta(days=9))
    later = (timezone.now() - timedelta(days=3)).isoformat()
    head = f"<meta property='article:published_time' content='{later}'>"
    site.pages |= {
        NEW: Page(story_page("Ferries run again", OTHER, head=head)),
        PATH: Page("", status=301, headers={"Location": NEW}),
    }
    check_all(times=4)
    assert Version.objects.count() == 1
    assert [event.kind for event in Event.objects.all()] == ["moved"]


def test_an_address_given_to_another_story_is_said_to_be_replaced(site, check, seen):
    Source.objects.update(confirm_text_seconds=600)
    more = tuple(f"{line} So it was decided, and so it will be done this year." for line in OTHER)
    site.pages[PATH] = Page(story_page("Ferries run twice a day again", more))
    assert check().outcome.value == "held"
    Article.objects.update(pending_since=timezone.now() - timedelta(hours=1))
    another = tuple(line.replace("ferry", "steamer") for line in more)
    site.pages[PATH] = Page(story_page("Ferries run twice a day again", another))  # its class counts
    assert check().outcome.value == "new-version"
    assert "replaced" in Version.objects.get(number=2).badges


def test_a_wrong_canonical_link_swallows_no_other_article(site, check):
    wrong = f"<link rel=canonical href='{site.url}/2026/b-story'>"
    site.pages["/2026/a-story"] = Page(story_page("The first story", head=wrong))
    site.pages["/2026/b-story"] = Page(story_page("The second story", OTHER))
    for paths in permutations(("/2026/a-story", "/2026/b-story")):
        for path in paths:
            check(path)
    assert sorted(Version.objects.values_list("headline", flat=True)) == [
        "The first story",
        "The second story",
    ]
    assert Article.objects.count() == 2


def test_two_addresses_that_give_different_texts_are_two_articles(site, check):
    for n in range(2):
        site.pages[f"/story?n={n}"] = Page(story_page("The column of the week", (SENTENCES, OTHER)[n]))
        check(f"/story?n={n}")
    assert Article.objects.filter(joined_to=None).count() == 2
    assert not Proposal.objects.exists()


# --- By command, and undone


@pytest.fixture
def two_histories(site, check):
    """Two articles of one story, seen side by side: neither's versions came after all of the other's."""

    def tell(path, headline, text):
        site.pages[path] = Page(story_page(headline, text))
        check(path)

    tell(OLD, HEADLINE, SENTENCES)
    tell(NEW, "Lime trees: what is known so far", SENTENCES[:5])
    tell(OLD, REWRITTEN, FELLED)
    tell(NEW, "Lime trees: what the botanist says", FELLED[:6])
    return Article.objects.get(address=site.url + OLD), Article.objects.get(address=site.url + NEW)


def told(*args):
    out = StringIO()
    call_command("join_articles", *map(str, args), stdout=out)
    return out.getvalue()


def everything():
    """All that is told of articles and versions, addresses included."""
    return (
        list(
            Article.objects.order_by("pk").values_list("pk", "address", "version_count", "state", "headline")
        ),
        [
            (
                one.article_id,
                one.number,
                one.headline,
                one.paragraphs,
                one.words_added,
                one.words_removed,
                one.excerpt,
            )
            for one in Version.objects.order_by("article", "number")
        ],
        list(Address.objects.order_by("key").values_list("key", "article")),
    )


def test_two_parallel_histories_are_joined_by_command_and_parted_again(two_histories, client):
    older, younger = two_histories
    before = everything()
    assert "Nothing was done" in told(older.pk, younger.pk)
    assert everything() == before
    assert "Done" in told(younger.address, older.address, "--yes")
    assert [headlines(older), len(headlines(younger))] == [[HEADLINE, REWRITTEN], 2]
    page = client.get(f"/articles/{younger.pk}/").content.decode()
    assert f'href="/articles/{older.pk}/"' in page
    assert "seen under another address" in client.get(f"/articles/{older.pk}/").content.decode()
    assert client.get(f"/articles/{younger.pk}/diff/1/2/").status_code == 200
    assert Article.objects.get(pk=younger.pk).next_check_at is None
    told(older.pk, younger.pk, "--undo", "--yes")
    assert everything() == before
    with pytest.raises(CommandError):
        told(older.pk, younger.pk, "--undo", "--yes")


def test_a_history_that_went_on_is_taken_over_and_given_back(site, check, client):
    site.pages |= {OLD: Page(story_page(HEADLINE)), NEW: Page(story_page(REWRITTEN, FELLED))}
    check(OLD)
    check(NEW)
    for n in range(17):
        site.pages[NEW] = Page(story_page(REWRITTEN, (*FELLED, f"It is week {n} of the inquiry by now.")))
        check(NEW)
    older, younger = Article.objects.order_by("pk")
    before = everything()
    texts = [one.paragraphs for one in younger.versions.order_by("number")]
    told(older.pk, younger.pk, "--yes")
    assert [one.paragraphs for one in older.versions.order_by("number")][1:] == texts
    answer = client.get(f"/articles/{younger.pk}/diff/2/3/")
    assert (answer.status_code, answer["Location"]) == (302, f"/articles/{older.pk}/diff/3/4/")
    assert answer["Cache-Control"] == "max-age=300"
    assert client.get(f"/articles/{younger.pk}/")["Location"] == f"/articles/{older.pk}/"
    told(older.pk, younger.pk, "--undo", "--yes")
    assert everything() == before


class _Killed(Exception):
    """In place of the end of the process."""


def dies_at(last):
    """Let *last* statements pass, and end what goes on then; what is rolled back passes."""
    passed = 0

    def run(execute, sql, params, many, context):
        nonlocal passed
        passed += 1
        if passed == last + 1:
            raise _Killed
        return execute(sql, params, many, context)

    return run


@pytest.mark.parametrize("what", ["join", "undo"])
def test_wherever_a_worker_dies_in_a_join_nothing_is_left_in_halves(taken_over, what):
    older, younger = taken_over
    if what == "undo":
        told(older.pk, younger.pk, "--yes")
    before, last, done = everything(), 0, False
    words = (older.pk, younger.pk, *(["--undo"] if what == "undo" else []), "--yes")
    while not done:
        try:
            with connection.execute_wrapper(dies_at(last)):
                told(*words)
            done = True
        except _Killed:
            assert everything() == before
            last += 3
    assert last > 20
    assert everything() != before


@pytest.mark.parametrize("hidden", [0, 1])
def test_hidden_on_either_side_hides_both(two_histories, client, hidden):
    takedown.hide([two_histories[hidden].pk], Grounds(Reason.LEGAL, 451))
    told(two_histories[0].pk, two_histories[1].pk, "--yes")
    assert [client.get(one.get_absolute_url()).status_code for one in two_histories] != [200, 200]
    assert not Article.objects.visible().exists()
    assert not Version.objects.changes().exists()


def test_what_was_purged_bars_the_join_and_the_fetch(site, feed, read, check_all, two_histories, check):
    older, younger = two_histories
    FeedId.objects.create(feed=feed, guid="story-1", article=younger, key=address_key(younger.address))
    takedown.purge(younger, Grounds(Reason.LEGAL))
    with pytest.raises(CommandError):
        told(older.pk, younger.pk, "--yes")
    site.pages["/feed"] = feed_of(("/2026/again", "story-1"))
    assert read().fates == {Fate.BARRED: 1}
    # Its text under another address, and another id, is not kept either.
    site.pages["/2026/again"] = Page(story_page("Lime trees: what the botanist says", FELLED[:6]))
    assert check("/2026/again").outcome.value == "refused"
    assert Tombstone.objects.count() >= 3


@pytest.fixture
def taken_over(site, check):
    """Two articles of one story, of which the younger one's versions are how the story went on."""
    site.pages |= {OLD: Page(story_page(HEADLINE)), NEW: Page(story_page(REWRITTEN, FELLED))}
    check(OLD)
    check(NEW)
    site.pages[NEW] = Page(story_page(REWRITTEN, (*FELLED, "So it will be done in May.")))
    check(NEW)
    return tuple(Article.objects.order_by("pk"))


def shown(client, *articles):
    """Which pages of the articles readers see, redirects followed."""
    return [client.get(one.get_absolute_url(), follow=True).status_code == 200 for one in articles]


@pytest.mark.parametrize("hidden", [0, 1])
def test_what_is_hidden_after_a_join_is_hidden_on_both_sides_and_stays_so_when_parted(
    two_histories, client, hidden
):
    older, younger = two_histories
    told(older.pk, younger.pk, "--yes")
    takedown.hide([two_histories[hidden].pk], Grounds(Reason.LEGAL, 451))
    assert shown(client, older, younger) == [False, False]
    told(older.pk, younger.pk, "--undo", "--yes")
    assert shown(client, older, younger) == [False, False]
    assert not Version.objects.changes().exists()


def test_versions_that_follow_a_hidden_one_by_a_join_are_hidden(taken_over, client):
    older, younger = taken_over
    takedown.hide_versions(older, [1], Grounds(Reason.LEGAL))
    told(older.pk, younger.pk, "--yes")
    assert older.versions.count() == 3
    assert not older.versions.filter(hidden=False).exists()
    assert older.versions.get(number=2).follows_hidden
    told(older.pk, younger.pk, "--undo", "--yes")
    assert not younger.versions.get(number=1).follows_hidden


def test_a_hidden_latest_version_hides_the_history_that_it_is_joined_to(two_histories, client):
    older, younger = two_histories
    takedown.hide_versions(younger, [2], Grounds(Reason.LEGAL))
    told(older.pk, younger.pk, "--yes")
    assert shown(client, older, younger) == [False, False]


def test_a_hidden_article_without_a_text_hides_the_one_it_turns_out_to_be(site, check, source, client):
    site.pages |= {OLD: Page(story_page(HEADLINE)), NEW: Page("", status=301, headers={"Location": OLD})}
    check(OLD)
    unread, _ = add_article(site.url + NEW, source)
    takedown.hide([unread.pk], Grounds(Reason.LEGAL))
    check(NEW)
    article = Article.objects.get()
    assert article.hidden
    assert shown(client, article) == [False]


def test_purging_the_younger_one_of_a_join_leaves_no_word_of_it_and_bars_parting(two_histories, client):
    older, younger = two_histories
    told(older.pk, younger.pk, "--yes")
    takedown.purge(younger, Grounds(Reason.LEGAL))
    assert not Version.objects.filter(article=younger).exists()
    with pytest.raises(CommandError):
        told(older.pk, younger.pk, "--undo", "--yes")
    assert "what is known so far" not in client.get(older.get_absolute_url()).content.decode()


def test_claimed_dates_that_moved_go_with_their_versions_and_come_back(taken_over):
    older, younger = taken_over
    now = timezone.now()
    for article, number in ((older, 1), (younger, 1), (younger, 2)):
        DateMove.objects.create(
            article=article, version=number, claimed_before=now, claimed=now, first_seen=now, seen=now
        )
    before = list(DateMove.objects.order_by("pk").values_list("pk", "article", "version"))
    told(older.pk, younger.pk, "--yes")
    assert list(DateMove.objects.order_by("pk").values_list("article", "version")) == [
        (older.pk, 1),
        (older.pk, 2),
        (older.pk, 3),
    ]
    told(older.pk, younger.pk, "--undo", "--yes")
    assert list(DateMove.objects.order_by("pk").values_list("pk", "article", "version")) == before


def test_a_headline_is_found_by_its_key_after_a_join_and_after_parting(taken_over, site, check):
    older, younger = taken_over
    told(older.pk, younger.pk, "--yes")
    assert keys_of(older) == [(REWRITTEN, headline_key(REWRITTEN))]
    site.pages[OLD] = Page("", status=301, headers={"Location": NEW})
    site.pages[NEW] = Page(story_page("Lime trees felled in May", (*FELLED, "They were felled on Monday.")))
    check(OLD)
    assert headlines(older)[-1] == "Lime trees felled in May"
    told(older.pk, younger.pk, "--undo", "--yes")
    # What was seen since went with the versions that had been taken over.
    assert keys_of(older, younger) == [
        (HEADLINE, headline_key(HEADLINE)),
        ("Lime trees felled in May", headline_key("Lime trees felled in May")),
    ]


def keys_of(*articles):
    rows = Article.objects.filter(pk__in=[one.pk for one in articles]).order_by("pk")
    return list(rows.values_list("headline", "headline_key"))


def test_who_asked_to_be_told_of_one_article_is_told_of_the_one_it_was_joined_to(two_histories):
    older, younger = two_histories
    until = timezone.now() + timedelta(days=300)
    asked = Subscription.objects.create(way="email", article=younger, watch_until=until)
    asked.confirm(timezone.now())
    own = Subscription.objects.create(way="email", article=older)
    told(older.pk, younger.pk, "--yes")
    assert set(Subscription.objects.filter(article=older)) == {asked, own}
    assert Article.objects.get(pk=older.pk).watch_until == until
    told(older.pk, younger.pk, "--undo", "--yes")
    assert list(Subscription.objects.filter(article=younger)) == [asked]


def test_who_asked_to_be_told_of_an_article_not_yet_read_is_told_of_the_story_it_turns_out_to_be(
    site, check, source
):
    site.pages |= {OLD: Page(story_page(HEADLINE)), NEW: Page("", status=301, headers={"Location": OLD})}
    check(OLD)
    unread, _ = add_article(site.url + NEW, source)
    asked = Subscription.objects.create(way="email", article=unread)
    check(NEW)
    asked.refresh_from_db()
    assert asked.article == Article.objects.get()


def test_marks_that_a_redirect_adds_become_no_part_of_an_address(site, seen, check):
    marked = f"{NEW}?utm_source=old&sid=0123456789abcdef0123"
    site.pages |= {
        PATH: Page("", status=301, headers={"Location": marked}),
        marked: Page(story_page(REWRITTEN, FELLED)),
    }
    check()
    assert Article.objects.get().address == site.url + NEW
    assert Event.objects.get().address_after == site.url + NEW
    assert set(Address.objects.values_list("address", flat=True)) == {site.url + PATH, site.url + NEW}


def test_another_spelling_of_the_address_is_no_move(taken_over, check, site):
    older, _younger = taken_over
    site.pages |= {
        NEW: Page("", status=301, headers={"Location": f"{OLD}?utm_source=new"}),
        f"{OLD}?utm_source=new": Page(story_page(REWRITTEN, FELLED)),
        OLD: Page(story_page(REWRITTEN, FELLED)),
    }
    check(NEW)
    older.refresh_from_db()
    assert (Join.objects.get().older, older.address) == (older, site.url + OLD)
    assert not Event.objects.exists()


def test_purging_the_article_that_another_was_joined_to_purges_both(two_histories):
    older, younger = two_histories
    told(older.pk, younger.pk, "--yes")
    takedown.purge(older, Grounds(Reason.LEGAL))
    assert Article.objects.filter(purged=None).count() == 0
    assert not Version.objects.exists()


def test_an_article_that_was_never_read_has_no_page(site, source, check, client, admin_client):
    site.pages[PATH] = Page("", status=503)
    check()
    article = Article.objects.get()
    answer = client.get(article.get_absolute_url())
    assert answer.status_code == 404
    assert "No text has been seen yet at this address" in answer.content.decode()
    assert article.address not in client.get(f"/sources/{source.slug}/").content.decode()
    assert admin_client.get(article.get_absolute_url()).status_code == 200
    assert Join.objects.count() == 0


def test_naming_a_new_address_again_does_not_send_the_check_to_the_end_of_the_queue(
    site, feed, read, check_all
):
    site.pages[OLD] = Page(story_page(HEADLINE))
    site.pages["/feed"] = feed_of((OLD, "story-1"), *OTHERS)
    read()
    check_all()
    overdue = timezone.now() - timedelta(minutes=5)
    Article.objects.update(next_check_at=overdue)
    site.pages["/feed"] = feed_of((NEW, "story-1"), *OTHERS)
    for _ in range(2):
        assert read().fates[Fate.MOVED] == 1
    article = Article.objects.get(address=site.url + OLD)
    assert (article.next_check_at, article.pending_hops[-1]) == (overdue, site.url + NEW)
