"""The addresses of the public site; identifiers and version numbers in them never change."""

from django.urls import path, re_path, register_converter
from django.urls.converters import IntConverter, StringConverter

from articles.pages import (
    changes,
    data,
    evidence,
    find,
    language,
    machines,
    memento,
    metrics,
    oembed,
    publications,
    site,
    statistics,
    stories,
    syndication,
    takedown,
)


class Number(IntConverter):
    """A number as we write it, and small enough for every database."""

    regex = "0|[1-9][0-9]{0,17}"


class FeedFormat(StringConverter):
    """The end of a feed's address."""

    regex = "rss|atom|json"


class Reference(StringConverter):
    """What a takedown request is called."""

    regex = "[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}"


register_converter(Number, "number")
register_converter(FeedFormat, "format")
register_converter(Reference, "reference")

urlpatterns = [
    path("", changes.recent, name="home"),
    path("changes/", changes.recent, name="changes"),
    path("changes/feed.<format:form>", syndication.all_changes, name="changes-feed"),
    path("sources/", publications.sources, name="sources"),
    path("sources/<slug:slug>/", publications.source, name="source"),
    path("sources/<slug:slug>/stats/", statistics.source_stats, name="source-stats"),
    path("sources/<slug:slug>/articles/", publications.articles, name="source-articles"),
    path("sources/<slug:slug>/<slug:plot>.csv", statistics.numbers, name="source-numbers"),
    path("sources/<slug:slug>/feed.<format:form>", syndication.source_changes, name="source-feed"),
    path("articles/<number:pk>/", stories.history, name="article"),
    path("articles/<number:pk>/feed.<format:form>", syndication.article_changes, name="article-feed"),
    path("articles/<number:pk>/<number:n>/", stories.version, name="version"),
    path("articles/<number:pk>/<number:n>/text", stories.text, name="text"),
    path("articles/<number:pk>/diff/", stories.compare, name="compare"),
    path("articles/<number:pk>/diff/<number:a>/<number:b>/", stories.diff, name="diff"),
    path("articles/<number:pk>/diff/<number:a>/<number:b>/card.png", stories.card, name="card"),
    path("articles/<number:pk>/diff/<number:a>/<number:b>/evidence.zip", evidence.evidence, name="evidence"),
    re_path(r"^timegate/(?P<address>.*)$", memento.timegate, name="timegate"),
    re_path(r"^timemap/link/(?P<address>.*)$", memento.timemap, name="timemap"),
    path("data/", data.data, name="data"),
    path("data/manifest.json", data.manifest, name="manifest"),
    path("data/files/<path:path>", data.file, name="data-file"),
    path("data/verify_evidence.py", data.verifier, name="verifier"),
    path("data/log/", data.roots, name="log"),
    path("data/log/feed.<format:form>", data.roots_feed, name="log-feed"),
    path("data/log/<number:pk>/root.json", data.root, name="log-root"),
    path("data/log/<number:pk>/root.tsr", data.stamp, name="log-stamp"),
    path("data/log/consistency/<number:earlier>/<number:later>/", data.consistency, name="log-consistency"),
    path("language/", language.choose, name="language"),
    path("oembed", oembed.oembed, name="oembed"),
    path("stats/", statistics.stats, name="stats"),
    path("stats/<slug:plot>.csv", statistics.numbers, name="numbers"),
    path("find/", find.find, name="find"),
    path("feeds/", site.feeds, name="feeds"),
    path("about/", site.about, name="about"),
    path("about/machines/", machines.machines, name="machines"),
    path(".well-known/tdmrep.json", machines.tdmrep, name="tdmrep"),
    path("about/takedown/", takedown.ask, name="takedown"),
    path("about/takedown/log/", takedown.log, name="takedown-log"),
    path("about/takedown/<reference:reference>/", takedown.receipt, name="takedown-receipt"),
    path("healthz", site.healthz, name="healthz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("robots.txt", machines.robots, name="robots"),
    path("favicon.ico", site.favicon, name="favicon"),
]
