"""A newspaper on loopback, and the page "Add source" as an admin goes through it.

A worker's part is done on the spot: ``work`` does all that is due.
"""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.urls import reverse
from django.utils import timezone

from articles.models import Host, SiteProbe
from articles.watch.onboarding import site_probe as site_probes
from tests.scripted import SENTENCES, Page, ScriptedSite, story_page

STORIES = 6


@contextmanager
def newspaper(settings) -> Iterator[ScriptedSite]:
    """A newspaper with a feed of six stories, and a home page that names it."""
    with ScriptedSite() as site:
        settings.FETCH_ALLOW_ENDPOINTS = site.endpoint
        settings.FETCH_HOST_DELAY = 0.0
        site.pages |= {
            "/": home("<link rel=alternate type=application/rss+xml href=/feed>"),
            "/feed": rss(*range(STORIES)),
            "/robots.txt": Page("User-agent: *\nAllow: /\n", content_type="text/plain"),
            **{f"/2026/story-{n}": Page(story_page(f"Story {n}", texts(n))) for n in range(STORIES)},
        }
        yield site


def home(head="", body="<p>News of the valley</p>"):
    return Page(
        "<!doctype html><html lang=en-GB><head><title>News | The Valley Post</title>"
        f"{head}</head><body>{body}</body></html>"
    )


def rss(*numbers, title="Valley Post"):
    items = "".join(
        f"<item><title>Story {n}</title><link>/2026/story-{n}</link>"
        f"<pubDate>Sun, 22 Nov 2026 10:0{n}:00 GMT</pubDate></item>"
        for n in numbers
    )
    return Page(f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>")


def texts(number):
    """The paragraphs of story *number*, long enough that none is called short."""
    told = [f"In its part {number} the paper says: {one}" for one in SENTENCES]
    return (*told, *(f"And it adds in number {number} that this is not all. {one}" for one in SENTENCES))


def work():
    """Do what a worker has to do."""
    for _ in range(20):
        Host.objects.update(next_allowed=timezone.now())
        if not site_probes.work_due():
            return
    raise AssertionError("a probe comes to no end")


def said(answer):
    """The words of a page, as a person reads them."""
    text = re.sub(r"(?s)<(script|style|head).*?</\1>|<[^>]+>", " ", answer.content.decode())
    return " ".join(html.unescape(text).split())


def look(client, address):
    """The page that comes of *address* once the worker has looked."""
    answer = client.post(reverse("admin:articles_source_look"), {"address": address})
    assert answer.status_code == 302, said(answer)
    work()
    return client.get(answer["Location"])


def choose(client, *feeds, **filters):
    probe = SiteProbe.objects.get()
    page = client.post(reverse("admin:articles_source_choose", args=[probe.pk]), {"feeds": feeds, **filters})
    if page.status_code != 302:
        return page
    work()
    return client.get(page["Location"])


def details(**changes):
    values = {
        "name": "Valley Post",
        "slug": "valley-post",
        "home_page": "https://valley.example/",
        "language": "en",
        "only_addresses": "",
        "not_addresses": "",
        "obey_noarchive": "on",
        "feed_seconds": "900",
        "floor_seconds": "900",
        "ceiling_seconds": "86400",
        "age_divisor": "5",
        "retire_after_days": "40",
    }
    return values | changes


def save(client, **changes):
    probe = SiteProbe.objects.get()
    address = reverse("admin:articles_source_save", args=[probe.pk])
    return client.post(address, details(**changes), follow=True)


def links(*numbers):
    return "".join(f"<a href=/2026/story-{n}>Story {n} of the valley, told at length</a>" for n in numbers)
