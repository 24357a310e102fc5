"""Telling a WebSub hub (W3C Recommendation) which of our feeds have something new: HUB_URL names it.

The hub then asks for the feeds. A call that is lost costs its subscribers time, and nothing else: they ask
for the feeds themselves now and then.
"""

from collections.abc import Iterable
from itertools import chain
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django_q.tasks import async_task

from articles.models import Version
from articles.notices.attempts import Request
from articles.pages.absolute import absolute
from articles.pages.feed_formats import FORMATS

MOST_AT_ONCE = 300
"""Feeds that one call names."""


def tell_hub_soon(versions: Iterable[Version]) -> None:
    """Have the hub told of the feeds in which the changes *versions* stand."""
    shown = [one for one in versions if one.number > 1 and not one.hidden and one.follows_hidden is None]
    if shown and settings.HUB_URL:
        async_task("articles.notices.tasks.tell_hub", feeds_of(shown)[:MOST_AT_ONCE], group="notices")


def feeds_of(versions: Iterable[Version]) -> list[str]:
    """The addresses of all feeds in which these changes stand, the most read ones first."""
    versions = list(versions)
    sources = dict.fromkeys(one.source.slug for one in versions)
    articles = dict.fromkeys(one.article_id for one in versions)
    paths = chain(
        (reverse("changes-feed", args=[form]) for form in FORMATS),
        (reverse("source-feed", args=[slug, form]) for slug in sources for form in FORMATS),
        (reverse("article-feed", args=[pk, form]) for pk in articles for form in FORMATS),
    )
    return [absolute(path) for path in paths]


def tell_hub(feeds: Iterable[str]) -> bool:
    """Tell the hub that these feeds have something new; whether it took that."""
    form = urlencode([("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds)]).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Request(settings.HUB_URL, form, headers).run().trouble is None
