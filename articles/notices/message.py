"""What a delivery says, for every way: the changes as feeds have them, in the subscriber's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Delivery, Notice, Subscription, Version
from articles.notices.matching import filters_of
from articles.pages.absolute import absolute
from articles.pages.feed_formats import Item
from articles.pages.recent import Entry
from articles.pages.syndication import items_of
from articles.pages.words import shortened

MOST_SHOWN = 30
"""Changes that one message tells of; of more it says how many there are."""

_QUOTED = 200


@dataclass(frozen=True)
class Told:
    """One change or event in a message. ``sentence``: what became of the sentence watched, "" for none;
    ``stood_at``: where it stood last."""

    entry: Entry
    item: Item
    sentence: str = ""
    stood_at: str = ""


@dataclass(frozen=True)
class Message:
    """What is told to one subscription at once. ``count``: of all changes, of which ``told`` are some."""

    subscription: Subscription
    key: str
    told: Sequence[Told]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.told)

    @property
    def asked(self) -> str:
        """What the subscription asks for, in words."""
        return asked_in_words(self.subscription)

    @property
    def subject(self) -> str:
        """One line of plain text."""
        if self.count == 1:
            first = self.told[0]
            return shortened(" ".join((first.sentence or first.item.title).split()), _QUOTED)
        words = ngettext("%(count)s change", "%(count)s changes", self.count) % {"count": f"{self.count:,}"}
        return shortened(" ".join(f"{words}: {self.asked}".split()), _QUOTED)

    @property
    def page(self) -> str:
        """Where all of it is shown: the change, or the list of changes."""
        return self.told[0].item.link if self.count == 1 else list_of(self.subscription)


def message_of(delivery: Delivery) -> Message | None:
    """What *delivery* says; None where nothing of it may be told any more. Four queries."""
    shown = [notice for notice in _notices(delivery) if notice.is_shown]
    if not shown:
        return None
    with in_language_of(delivery.subscription):
        some = shown[:MOST_SHOWN]
        entries = [Entry(version=notice.version, event=notice.event) for notice in some]
        told = [
            Told(entry, item, *_of_sentence(delivery.subscription, notice))
            for notice, entry, item in zip(some, entries, items_of(entries), strict=True)
        ]
    return Message(delivery.subscription, str(delivery.key), told, len(shown))


def _notices(delivery: Delivery) -> Sequence[Notice]:
    versions = Prefetch("version", Version.objects.for_lists())
    rows = delivery.notices.select_related("article", "event__article", "event__source")
    return list(rows.prefetch_related(versions).order_by("pk"))


def in_language_of(subscription: Subscription) -> translation.override:
    """The language in which a subscriber reads: that of the page on which he subscribed."""
    known = dict(settings.LANGUAGES)
    return translation.override(
        subscription.language if subscription.language in known else settings.LANGUAGE_CODE
    )


def asked_in_words(subscription: Subscription) -> str:
    """What a subscription asks for; the article's words only where readers may see them."""
    article = subscription.article
    if article is not None:
        if article.hidden:
            return _("changes to one article")
        if subscription.sentence:
            return _("a sentence of “%(headline)s”") % {"headline": shortened(str(article), _QUOTED)}
        return _("changes to “%(headline)s”") % {"headline": shortened(str(article), _QUOTED)}
    filters = filters_of(subscription.query)
    return filters.in_words() if filters else _("changes that can’t be found any more")


def list_of(subscription: Subscription) -> str:
    """The list of the changes that a subscription asks for."""
    if subscription.article is not None:
        return absolute(subscription.article.get_absolute_url())
    return absolute(path_of_list(subscription.query))


def path_of_list(query: str) -> str:
    """The path of the list of changes with these filters."""
    return f"{reverse('changes')}?{query}" if query else reverse("changes")


def _of_sentence(subscription: Subscription, notice: Notice) -> tuple[str, str]:
    """What became of the sentence watched, and where it stood last."""
    if not notice.sentence:
        return "", ""
    words = {
        Notice.Sentence.CHANGED: _("The sentence you watch changed: “%(words)s”"),
        Notice.Sentence.MOVED: _("The sentence you watch moved: “%(words)s”"),
        Notice.Sentence.GONE: _("The sentence you watch is gone: “%(words)s”"),
        Notice.Sentence.BACK: _("The sentence you watch is back: “%(words)s”"),
    }[Notice.Sentence(notice.sentence)]
    exact = (subscription.sentence or {}).get("exact", "")
    place = reverse("version", args=[notice.article_id, notice.stood_in])
    return words % {"words": shortened(exact, _QUOTED)}, absolute(place)
