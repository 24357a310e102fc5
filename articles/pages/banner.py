"""What an article's page says first where the article is not simply watched: removed, moved, paused …"""

from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.models import Article, Event
from articles.pages.labels import label_of
from articles.pages.words import moment, moment_after

_LOST = {Article.State.REMOVED: Event.Kind.REMOVED, Article.State.WITHHELD: Event.Kind.WITHHELD}


class Banner(NamedTuple):
    """``kind`` is that of a label; ``words`` follow its name; ``last_text`` is the number of the last version
    that can be read, where the original can't."""

    kind: str
    words: str
    last_text: int | None = None

    @property
    def name(self) -> str:
        return label_of(self.kind)


def banner(article: Article, events: list[Event], last: int | None) -> Banner | None:
    """The banner of an article with these *events*, newest first; *last* is its last version to be read."""
    if article.state in _LOST:
        kind = _LOST[Article.State(article.state)]
        event = next((event for event in events if event.kind == kind), None)
        return Banner(kind.value, _since(event) if event else "", last)
    if article.state == Article.State.PAUSED:
        return Banner("paused", _("It is not being checked for changes."))
    if not article.source.enabled:
        return Banner("paused", _("Its source is paused, so it is not being checked for changes."))
    if events and events[0].kind == Event.Kind.MOVED:
        return Banner(
            "moved", format_html(_("Its address changed; this was seen on {}."), moment(events[0].at))
        )
    return None


def _since(event: Event) -> SafeString:
    since = event.first_sign or event.at
    # Most details are the words of an outcome, which the catalogues have.
    detail = format_html(": <bdi>{}</bdi>", _(event.detail)) if event.detail else ""
    if event.previous_last_seen is None:
        return format_html(_("Gone since {}{}."), moment(since), detail)
    return format_html(
        _("Last seen {}; gone since {}{}."),
        moment(event.previous_last_seen),
        moment_after(since, event.previous_last_seen),
        detail,
    )
