"""Template tags and filters, built in to every template."""

from datetime import datetime

from django import template
from django.template import Context
from django.template.defaultfilters import stringfilter
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from articles.models import Article, Version
from articles.pages import charts, durations, markup, words
from articles.pages.absolute import absolute
from articles.pages.badges import IN_LISTS, badges_of
from articles.pages.labels import label_of
from articles.pages.sentences import archived, event_bracket, outward, source_state
from articles.pages.sharing import LinkPreview
from articles.search import Passage

register = template.Library()

register.filter("absolute", absolute)
register.filter("archived", archived)
register.filter("bracket", event_bracket)
register.filter("date_and_time", words.date_and_time)
register.filter("hours_in_words", charts.hours_in_words)
register.filter("in_words", durations.in_words)
register.filter("label", label_of)
register.filter("day", words.day)
register.filter("clock", words.clock)
register.filter("moment", words.moment)
register.filter("moment_after", words.moment_after)
register.filter("short_moment", words.short_moment)
register.filter("outward", outward)
register.filter("percent", charts.percent)
register.filter("shortened", stringfilter(words.shortened))
register.filter("source_state", source_state)

register.simple_tag(markup.badge_words)
register.simple_tag(markup.choices_of_pair)
register.simple_tag(markup.excerpt)
register.simple_tag(markup.excerpt_from_change)
register.simple_tag(markup.headline_of_change)
register.simple_tag(markup.line_of_version)
register.simple_tag(markup.quoted)
register.simple_tag(markup.size)
register.simple_tag(markup.step)
register.simple_tag(markup.telling_of_change)


@register.filter
def after(later: datetime, earlier: datetime) -> str:
    """The gap in words: '{{ version.seen|after:before.seen }}' is 'about 5 hours later'."""
    return durations.in_words((later - earlier).total_seconds())


@register.inclusion_tag("parts/marked.html")
def marked(article: Article, pieces: Passage) -> dict[str, object]:
    """A passage of *article* with what was found in it marked."""
    return {"article": article, "pieces": pieces}


@register.simple_tag
def badges(
    article: Article, version: Version, *, whole: bool = False, here: bool = False, most: int = IN_LISTS
) -> SafeString:
    """The badges of the change that made *version*: the *whole* of them or the first few.

    Each links to its place in the diff; *here* is on the page of that diff itself.
    """
    shown = badges_of(version, None if whole else most)
    return markup.labels(article, shown, "" if here else version.diff_url)


@register.inclusion_tag("parts/preview.html", takes_context=True)
def link_preview(context: Context, preview: LinkPreview) -> dict[str, object]:
    """What other sites show beside a link to this page: Open Graph, and where oEmbed is asked for."""
    request = context["request"]
    asked = urlencode({"url": absolute(request.path)})
    return {"preview": preview, "request": request, "oembed": absolute(f"{reverse('oembed')}?{asked}")}
