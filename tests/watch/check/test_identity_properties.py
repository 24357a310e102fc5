"""Generated sites: what is one story is one article, and what is two never becomes one, in whatever order.

A few of each; SITES=100 makes it many.
"""

import os
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, note, settings
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
    max_examples=int(os.environ.get("SITES", "12")),
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


def report(n, **how):
    values = {"size": SIZES[n % 4], "hour": HOURS[n % 3], "depth": DEPTHS[n // 3 % 3]}
    lines = tuple(one.format(**values) for one in TEMPLATE)
    return written("Earthquake recorded off the coast", lines, **how)


def column(n, **how):
    more = f"{COLUMNS[n % 3][0]} That is all there is to say on day {n} of the year."
    return written("What I saw from my window today", (*COLUMNS[n % 3], more), **how)


def written(headline, paragraphs, *, edit=0, head=""):
    """A page after so many edits; each says something that its story alone says."""
    added = tuple(
        f"{headline}, edit {n}: {''.join(paragraphs)[5 * n : 5 * n + 40]}, as we said." for n in range(edit)
    )
    return story_page(headline, (*paragraphs, *added), head=head)


BRIEFS = {
    "brief": ("Lime trees to be looked at", BRIEF),
    "round-up": ("The day in brief", (*BRIEF, *TEMPLATE[2:], *COLUMNS[0], *COLUMNS[1])),
    "stub": ("Lime trees: what is known", BRIEF[:2]),
}
FORMS = ("/2026/{}", "/show?id={}", "/show?pk_id={}", "/{}.html", "/{}/", "/story;v={}", "/~{}", "/a,{}")
"""How the site spells its addresses."""

IDS = ("none", "own", "few slots", "many slots", "numbers", "one for all")
"""Which ids its feed has: of the stories themselves, or of places, whatever stands there today."""

WRONG_CANONICALS = ("", "/", "/feed", "/2026/a-page-that-nobody-has-seen")
"""What all its pages name as their canonical address."""


def render(name, **how):
    kind, _, n = name.rpartition("-")
    if name in BRIEFS:
        return written(*BRIEFS[name], **how)
    return (report if kind == "quake" else column)(int(n), **how)


def items_of(names, form, ids, day):
    """What the feed names: each with its id; of places also where others stand, another each day."""
    others = OTHERS[day:] + OTHERS[:day]
    own = [form.format(name) for name in names]
    return {
        "none": lambda: [(path, "") for path in own],
        "own": lambda: [*zip(own, (f"id of {name}" for name in names), strict=True), *OTHERS],
        "few slots": lambda: [(path, f"top-{n}") for n, path in enumerate(own)],
        "many slots": lambda: [
            (path, f"top-{n}") for n, path in enumerate([*own, *(path for path, _ in others)])
        ],
        "numbers": lambda: [(path, str(n)) for n, path in enumerate(own, 1)],
        "one for all": lambda: [(path, "the-post") for path in own],
    }[ids]()


@st.composite
def sites(draw):
    """The names of its pages, how addresses are spelt, which ids its feed has, what its pages name as their
    address, and days: which pages the feed names on each, which of them were edited, how the checks go."""
    names = [f"quake-{n}" for n in range(draw(st.integers(0, 4)))]
    names += [f"column-{n}" for n in range(draw(st.integers(0, 3)))]
    names += sorted(draw(st.sets(st.sampled_from(sorted(BRIEFS)))))
    some = st.lists(st.sampled_from(names), unique=True) if names else st.just([])
    days = draw(st.lists(st.tuples(some, some, st.booleans(), st.booleans()), min_size=1, max_size=3))
    form, ids, wrong = map(st.sampled_from, (FORMS, IDS, WRONG_CANONICALS))
    return names, draw(form), draw(ids), draw(wrong), days


@given(sites())
@few
def test_no_two_addresses_whose_pages_differ_become_one_article(site, generated):
    names, form, ids, wrong, days = generated
    note(f"{names=} {form=} {ids=} {wrong=} {days=}")
    head = f"<link rel=canonical href='{site.url}{wrong}'>" if wrong else ""
    edits = dict.fromkeys(names, 0)
    with transaction.atomic():
        watched = Watched(site)
        site.pages = {form.format(name): Page(render(name, head=head)) for name in names}
        named = set()
        for day, (today, edited, newest_first, hours_pass) in enumerate(days):
            for name in edited if day else ():
                edits[name] += 1
                site.pages[form.format(name)] = Page(render(name, edit=edits[name], head=head))
            watched.name(*items_of(today, form, ids, day))
            named.update(today)
            watched.read()
            watched.check(newest_first=newest_first)
            if hours_pass:
                watched.let_hours_pass()
        watched.check()
        of = {
            name: Address.objects.get(key=address_key(site.url + form.format(name))).article for name in named
        }
        assert len({article.pk for article in of.values()}) == len(named)
        assert Article.objects.exclude(address__contains="number").count() == len(named)
        assert not Join.objects.exists()
        assert not Event.objects.exists()
        for name, article in of.items():
            last = render(name, edit=edits[name])
            assert 1 <= article.version_count <= edits[name] + 1
            told = [version.paragraphs for version in article.versions.order_by("number")]
            assert all(paragraph in last for paragraphs in told for paragraph in paragraphs)
            assert len(told[-1]) == last.count("<p>")
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
    headline, text = f"Lime trees, as told in edit {number} of the story", (*SENTENCES, *added)
    head = f"<link rel=canonical href='{site.url}/slug-{number}'>" if fate == "names the new one" else ""
    page = Page(story_page(headline, text, head=head))
    site.pages[f"/slug-{number}"] = page
    for before in range(number):
        old, new = f"/slug-{before}", f"/slug-{number}"
        if fate == "redirects":
            site.pages[old] = Page("", status=301, headers={"Location": f"/slug-{before + 1}"})
        elif fate == "redirects with marks":
            marked = f"{new}?utm_source=old&utm_campaign={before}"
            site.pages |= {old: Page("", status=302, headers={"Location": marked}), marked: page}
        elif fate == "refreshes":
            site.pages[old] = Page(f"<meta http-equiv=refresh content='0;url={new}'>")
        elif fate in ("answers", "names the new one"):
            site.pages[old] = page
        elif fate == "gone":
            site.pages[old] = Page("", status=404)


FATES = ("redirects", "redirects with marks", "refreshes", "answers", "names the new one", "stale", "gone")


@pytest.mark.parametrize("fate", FATES)
@given(
    rewrites=st.lists(steps, min_size=1, max_size=2),
    has_id=st.booleans(),
    names_old_too=st.booleans(),
)
@example(rewrites=[["read", "check the newest"], []], has_id=False, names_old_too=False)
@settings(few, max_examples=int(os.environ.get("SITES", "4")))
def test_no_order_of_readings_checks_and_redirects_gives_two_articles_for_one_story(
    site, rewrites, fate, has_id, names_old_too
):
    # Where nothing else tells that it is one story, the feed's id does.
    needs_id = fate in ("stale", "gone")
    names_old_too = names_old_too and not needs_id
    note(f"{rewrites=} {fate=} {has_id=} {names_old_too=}")
    guid, others = ("story", OTHERS) if has_id or needs_id else ("", [])
    with transaction.atomic():
        watched = Watched(site)
        site.pages = {}
        rewrite(site, 0, fate)
        watched.name(("/slug-0", guid), *others)
        watched.read()
        watched.check()
        for number, between in enumerate(rewrites, 1):
            rewrite(site, number, fate)
            old = [(f"/slug-{before}", "") for before in range(number)] if names_old_too else []
            watched.name((f"/slug-{number}", guid), *old, *others)
            for step in between:
                STEPS[step](watched)
        watched.read()
        for _ in range(4):
            watched.check()
        [article] = Article.objects.exclude(address__contains="number").filter(joined_to=None)
        told = list(article.versions.order_by("number").values_list("headline", flat=True))
        assert told[0] == "Lime trees, as told in edit 0 of the story"
        assert told[-1] == f"Lime trees, as told in edit {len(rewrites)} of the story"
        # What another article of it had seen before the two were found to be one stays there, once.
        every = list(Version.objects.values_list("headline", flat=True))
        assert len(every) == len(set(every))
        assert Event.objects.exclude(kind=Event.Kind.MOVED).filter(article=article).count() in (0, 2)
        keys = {address_key(f"{site.url}/slug-{number}") for number in range(len(rewrites) + 1)}
        assert keys >= set(article.addresses.values_list("key", flat=True))
        assert address_key(article.address) in keys
        transaction.set_rollback(True)
