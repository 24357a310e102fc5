"""What is taken elsewhere: the card of a change, what links to a page say of it, a version as plain text."""

import hashlib
from typing import NamedTuple

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from articles.diff import Comparison
from articles.models import Article, Version
from articles.pages import cards
from articles.pages.words import shortened
from newsdiffs import __version__

_KEPT_SECONDS = 24 * 3600
"""How long a drawn card is kept ready."""


_TITLE_LENGTH = 150


class LinkPreview(NamedTuple):
    """What other sites show beside a link to a page. ``card`` is the path of a picture, "" for none."""

    title: str
    description: str
    card: str = ""


def preview_of_change(
    article: Article, before: Version, after: Version, comparison: Comparison | None = None
) -> LinkPreview:
    """The preview of a change; *comparison* is that of the two texts where it is known already."""
    words = cards.card_of(article, before, after, comparison).words
    path = reverse("card", args=[article.pk, before.number, after.number])
    return LinkPreview(shortened(after.headline or str(article), _TITLE_LENGTH), words, path)


def preview_of_article(article: Article) -> LinkPreview:
    """The preview of an article without a change to show."""
    words = (
        _("%(name)s: no changes seen so far.") % {"name": article.source.name}
        if article.version_count == 1
        else ""
    )
    return LinkPreview(shortened(str(article), _TITLE_LENGTH), words or article.source.name)


def card_answer(request: HttpRequest, article: Article, before: Version, after: Version) -> HttpResponse:
    """The picture of a change. What it shows is its ETag; it is drawn once and kept for a day."""
    shown = cards.card_of(article, before, after)
    digest = hashlib.sha256(f"{__version__} {shown!r}".encode()).hexdigest()[:32]
    etag = f'"{digest}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    drawn = cache.get_or_set(f"card-{digest}", lambda: cards.draw(shown), _KEPT_SECONDS)
    return HttpResponse(drawn, content_type="image/png", headers={"ETag": etag})


def text_answer(version: Version) -> HttpResponse:
    """A version as plain text: headline, byline and paragraphs, with an empty line between."""
    parts = [part for part in (version.headline, version.byline, *version.paragraphs) if part]
    return HttpResponse(
        "".join(f"{part}\n\n" for part in parts).rstrip("\n") + "\n",
        content_type="text/plain; charset=utf-8",
        headers={"X-Robots-Tag": "noindex, noarchive"},
    )
