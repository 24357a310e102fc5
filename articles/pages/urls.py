"""The addresses of product.md; identifiers and version numbers in them never change."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter, StringConverter

from articles.pages import changes, publications, site, stories, syndication


class Number(IntConverter):
    """A number as we write it, and small enough for every database."""

    regex = "0|[1-9][0-9]{0,17}"


class FeedFormat(StringConverter):
    """The end of a feed's address."""

    regex = "rss|atom|json"


register_converter(Number, "number")
register_converter(FeedFormat, "format")

urlpatterns = [
    path("", changes.recent, name="home"),
    path("changes/", changes.recent, name="changes"),
    path("changes/feed.<format:form>", syndication.all_changes, name="changes-feed"),
    path("sources/", publications.sources, name="sources"),
    path("sources/<slug:slug>/", publications.source, name="source"),
    path("sources/<slug:slug>/feed.<format:form>", syndication.source_changes, name="source-feed"),
    path("articles/<number:pk>/", stories.history, name="article"),
    path("articles/<number:pk>/feed.<format:form>", syndication.article_changes, name="article-feed"),
    path("articles/<number:pk>/<number:n>/", stories.version, name="version"),
    path("articles/<number:pk>/diff/", stories.compare, name="compare"),
    path("articles/<number:pk>/diff/<number:a>/<number:b>/", stories.diff, name="diff"),
    path("feeds/", site.feeds, name="feeds"),
    path("about/", site.about, name="about"),
    path("healthz", site.healthz, name="healthz"),
    path("robots.txt", site.robots, name="robots"),
    path("favicon.ico", site.favicon, name="favicon"),
]
