"""Generated sites: what is one story is one article, and what is two never becomes one, in whatever order."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from articles.fetch import address_key
from articles.models import Address, Article, Event, Feed, Host, Join, Source, Version
from articles.watch.check.check import check_now
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.poll import read_feed_now
from tests.scripted import SENTENCES, Page, story_page

pytestmark = pytest.mark.django_db

few = settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

TEMPLATE = (
    "A {size} earthquake was recorded off the coast at {hour} on Tuesday, the institute of geophysics said.",
    "Its centre lay {depth} kilometres below the sea floor; no harm was reported, and no warning was given.",
    "Earthquakes of this size are felt indoors by many people, and hardly ever damage a well built house.",
    "Whoever felt it is asked to say so on the pages of the institute, which collects such reports.",
)
SIZES, HOURS, DEPTHS = ("small", "fair", "weak", "slight"), ("noon", "dawn", "dusk"), ("ten", "six", "two")
BRIEF = SENTENCES[:3]
COLUMNS = (
    ("The cat has taken to sleeping on the bread, which is warm in the morning and tastes of cat by noon.",),
    ("My neighbour mows at six. I have asked him why, and he says that the grass is shorter afterwards.",),
    ("It rained, and so I read the whole of the railway's timetable; the ending is not what I expected.",),
)
OTHERS = [(f"/2026/another-story-number-{n}", f"id-{n}") for n in range(24)]
"""What the feed names besides: enough that one changed link among them is rare."""


class Watched:
    """A site with a feed, and what the watch does with them, on the spot."""

    def __init__(self, site):
        self.site = site
        source = Source.objects.create(
            name="The Post", slug="post", confirm_text_seconds=0, confirm_removal_seconds=0
        )
        self.feed = Feed.objects.create(source=source, address=f"{site.url}/feed")

    def name(self, *items):
        """Have the feed name these, each (path, id or '')."""
        entries = "".join(
            f"<item><title>A story</title><link>{path.replace('&', '&amp;')}</link>"
            + (f"<guid isPermaLink='false'>{guid}</guid>" if guid else "")
            + "</item>"
            for path, guid in items
        )
        self.site.pages["/feed"] = Page(f"<rss version='2.0'><channel>{entries}</channel></rss>")

    def read(self):
        Host.objects.update(next_allowed=timezone.now())
        session = HostSession.take(self.feed.host_id)
        try:
            read_feed_now(Feed.objects.select_related("source").get(), PoliteFetcher(session))
        finally:
            session.leave()

    def check(self, *, newest_first=False, most=None):
        """Check the stories that are due, but those that the feed names besides."""
        due = Article.objects.filter(next_check_at__isnull=False).exclude(address__contains="number")
        for article in due.order_by("-pk" if newest_first else "pk")[:most]:
            Host.objects.update(next_allowed=timezone.now())
            if Article.objects.filter(pk=article.pk, next_check_at__isnull=False).exists():
                check_now(Article.objects.get(pk=article.pk))

    def let_hours_pass(self):
        hours = timedelta(hours=3)
        for article in Article.objects.exclude(last_success=None):
            Article.objects.filter(pk=article.pk).update(last_success=article.last_success - hours)


# --- Two stories are two articles


def report(n):
    values = {"size": SIZES[n % 4], "hour": HOURS[n % 3], "depth": DEPTHS[n // 3 % 3]}
    return story_page("Earthquake recorded off the coast", tuple(one.format(**values) for one in TEMPLATE))


def column(n):
    more = tuple(f"{COLUMNS[n % 3][0]} That is all there is to say on day {n} of the year." for _ in range(2))
    return story_page("What I saw from my window today", (*COLUMNS[n % 3], *more))


BRIEFS = {
    "brief": story_page("Lime trees to be looked at", BRIEF),
    "round-up": story_page("The day in brief", (*BRIEF, *TEMPLATE[2:], *COLUMNS[0], *COLUMNS[1])),
    "stub": story_page("Lime trees: what is known", BRIEF[:2]),
}
FORMS = ("/2026/{}", "/show?id={}", "/show?pk_id={}", "/{}.html", "/{}/", "/story;v={}", "/~{}", "/a,{}")
"""How the site spells its addresses."""


@st.composite
def sites(draw):
    """Pages by their name, how addresses are spelt, and days: which pages the feed names on each, in what
    order, under which ids, and how the checks go."""
    pages = {f"quake-{n}": report(n) for n in range(draw(st.integers(0, 3)))}
    pages |= {f"column-{n}": column(n) for n in range(draw(st.integers(0, 3)))}
    pages |= {name: BRIEFS[name] for name in draw(st.sets(st.sampled_from(sorted(BRIEFS))))}
    names = st.lists(st.sampled_from(sorted(pages)), unique=True) if pages else st.just([])
    ids = st.sampled_from(["", "slots"])
    days = draw(st.lists(st.tuples(names, ids, st.booleans(), st.booleans()), min_size=1, max_size=3))
    return pages, draw(st.sampled_from(FORMS)), days


@given(sites())
@few
def test_no_two_addresses_whose_pages_differ_become_one_article(site, generated):
    pages, form, days = generated
    with transaction.atomic():
        watched = Watched(site)
        site.pages = {form.format(name): Page(body) for name, body in pages.items()}
        named = set()
        for names, ids, newest_first, hours_pass in days:
            # Places of a list are no stories, whatever stands there today.
            watched.name(*((form.format(name), ids and f"top-{n}") for n, name in enumerate(names)))
            named.update(names)
            watched.read()
            watched.check(newest_first=newest_first)
            if hours_pass:
                watched.let_hours_pass()
        watched.check()
        of = {
            name: Address.objects.get(key=address_key(site.url + form.format(name))).article for name in named
        }
        assert len({article.pk for article in of.values()}) == len(named)
        assert Article.objects.count() == len(named)
        assert not Join.objects.exists()
        for name, article in of.items():
            assert article.version_count == 1
            assert all(paragraph in pages[name] for paragraph in article.versions.get().paragraphs)
        transaction.set_rollback(True)


# --- One story is one article

STEPS = {
    "read": lambda watched: watched.read(),
    "check": lambda watched: watched.check(),
    "check the newest": lambda watched: watched.check(newest_first=True, most=1),
    "check the oldest": lambda watched: watched.check(most=1),
    "hours pass": lambda watched: watched.let_hours_pass(),
}
steps = st.lists(st.sampled_from(sorted(STEPS)), max_size=4)


def rewrite(site, number, fate):
    """The story's slug, headline and text are rewritten; *fate*: what becomes of its old addresses."""
    added = tuple(
        f"In edit {n} an editor wrote that the trees of the square stand yet." for n in range(number)
    )
    page = Page(story_page(f"Lime trees, as told in edit {number} of the story", (*SENTENCES, *added)))
    site.pages[f"/slug-{number}"] = page
    for before in range(number):
        if fate == "redirects":
            leads_to = {"Location": f"/slug-{before + 1}"}
            site.pages[f"/slug-{before}"] = Page("", status=301, headers=leads_to)
        elif fate == "answers":
            site.pages[f"/slug-{before}"] = page
        elif fate == "gone":
            site.pages[f"/slug-{before}"] = Page("", status=404)


@given(
    rewrites=st.lists(steps, min_size=1, max_size=2),
    fate=st.sampled_from(["redirects", "answers", "stale", "gone"]),
    has_id=st.booleans(),
)
@few
def test_no_order_of_readings_checks_and_redirects_gives_two_articles_for_one_story(
    site, rewrites, fate, has_id
):
    # Where nothing else tells that it is one story, the feed's id does.
    note(f"{rewrites=} {fate=} {has_id=}")
    guid, others = ("story", OTHERS) if has_id or fate in ("stale", "gone") else ("", [])
    with transaction.atomic():
        watched = Watched(site)
        site.pages = {}
        rewrite(site, 0, fate)
        watched.name(("/slug-0", guid), *others)
        watched.read()
        watched.check()
        for number, between in enumerate(rewrites, 1):
            rewrite(site, number, fate)
            watched.name((f"/slug-{number}", guid), *others)
            for step in between:
                STEPS[step](watched)
        watched.read()
        for _ in range(4):
            watched.check()
        [article] = Article.objects.exclude(address__contains="number").filter(joined_to=None)
        told = list(article.versions.order_by("number").values_list("headline", flat=True))
        assert told[0] == "Lime trees, as told in edit 0 of the story"
        assert told[-1] == f"Lime trees, as told in edit {len(rewrites)} of the story"
        assert len(told) == len(set(told)) == Version.objects.count()
        assert Event.objects.exclude(kind=Event.Kind.MOVED).filter(article=article).count() in (0, 2)
        transaction.set_rollback(True)
