"""The data: what is watched, every version seen, and what happened to each article.

A module for each model or two. Queries that pages and the watch ask live there too, on querysets beside
their model.
"""

from articles.models.addresses import ADDRESS_LENGTH, KEY_LENGTH
from articles.models.api_key import ApiKey
from articles.models.article import Address, Article, ArticleQuerySet
from articles.models.batch import Batch, BatchQuerySet, BatchRow
from articles.models.capture import Capture, CaptureQuerySet, FetchedPage
from articles.models.check_count import CheckCount
from articles.models.date_move import DateMove, DateMoveQuerySet
from articles.models.event import Event, EventQuerySet
from articles.models.feed import Feed, FeedQuerySet
from articles.models.figures import Figures, FiguresQuerySet
from articles.models.health import Alert, Health, HourCount, hour_of
from articles.models.host import Host, HostQuerySet, host_name
from articles.models.identity import Evidence, FeedId, Join, Proposal
from articles.models.imported import IMPORTED_TEXT, Imported
from articles.models.looks import ArticleLooks, LearnedPlace
from articles.models.notice import (
    Announcement,
    ArchivedCopy,
    Delivery,
    Notice,
    Subscription,
    Way,
    announce,
)
from articles.models.outcome import Outcome, ReasonCode
from articles.models.quarantine import (
    Alteration,
    Boilerplate,
    Quarantine,
    QuarantinedParagraph,
    QuarantinedText,
    QuarantineQuerySet,
    SetAside,
)
from articles.models.quota import QuotaUse
from articles.models.running import Heartbeat, Outage
from articles.models.site_probe import SiteProbe, SiteProbeQuerySet
from articles.models.source import Source
from articles.models.takedown import Reason, Takedown, TakedownStep, Tombstone, digest_of
from articles.models.version import Version, VersionQuerySet

__all__ = [
    "ADDRESS_LENGTH",
    "IMPORTED_TEXT",
    "KEY_LENGTH",
    "Address",
    "Alert",
    "Alteration",
    "Announcement",
    "ApiKey",
    "ArchivedCopy",
    "Article",
    "ArticleLooks",
    "ArticleQuerySet",
    "Batch",
    "BatchQuerySet",
    "BatchRow",
    "Boilerplate",
    "Capture",
    "CaptureQuerySet",
    "CheckCount",
    "DateMove",
    "DateMoveQuerySet",
    "Delivery",
    "Event",
    "EventQuerySet",
    "Evidence",
    "Feed",
    "FeedId",
    "FeedQuerySet",
    "FetchedPage",
    "Figures",
    "FiguresQuerySet",
    "Health",
    "Heartbeat",
    "Host",
    "HostQuerySet",
    "HourCount",
    "Imported",
    "Join",
    "LearnedPlace",
    "Notice",
    "Outage",
    "Outcome",
    "Proposal",
    "Quarantine",
    "QuarantineQuerySet",
    "QuarantinedParagraph",
    "QuarantinedText",
    "QuotaUse",
    "Reason",
    "ReasonCode",
    "SetAside",
    "SiteProbe",
    "SiteProbeQuerySet",
    "Source",
    "Subscription",
    "Takedown",
    "TakedownStep",
    "Tombstone",
    "Version",
    "VersionQuerySet",
    "Way",
    "announce",
    "digest_of",
    "host_name",
    "hour_of",
]
