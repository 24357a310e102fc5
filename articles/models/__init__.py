"""The data: what is watched, every version seen, and what happened to each article.

A module for each model or two. Queries that pages and the watch ask live there too, on querysets beside
their model.

What is watched, and what was seen of it:

    source          Source: a publication, with its rules and the four numbers of its schedule
    feed            Feed: what names articles
    host            Host: a server, its lease, its delay, its robots.txt, its failures
    host_sources    queries for the pairs of a host and a source with articles to check there
    article         Article: a story and when it is checked next; Address: the addresses that lead to it
    version         Version: each text seen, and what changed
    event           Event: removals, returns and moves of articles
    date_move       DateMove: a page's date of change that moved while its words stayed the same
    capture         Capture: the pages as fetched
    imported        Imported: versions that another program saw
    log             LoggedVersion, LogNode, LogRoot: the Merkle log of all versions

What keeps changes from being mistaken for edits:

    quarantine      Quarantine, QuarantinedParagraph, QuarantinedText, SetAside: the same change on many
    articles;
                    Alteration: the paragraphs it is told by; Boilerplate: what is left out of a source's
                    texts
    looks           ArticleLooks: what the last looks at an article saw
    learned_places  LearnedPlace: places of a source's pages that are left out of comparisons
    identity        FeedId, Join, Proposal: which addresses are one story

What people ask for:

    site_probe      SiteProbe: what an admin is shown of a site before its source is added
    batch           Batch, BatchRow: addresses given to be watched
    takedown        Takedown, TakedownStep: taking articles down; Tombstone: what is never fetched again
    api_key         ApiKey: who may ask the API for more than everybody
    quota           QuotaUse: how often one visitor may do what is costly

How it fares:

    outcome         Outcome, ReasonCode: the codes of what a check can come to
    health          HourCount, Health, Alert: how each source fares by the hour, and who was told
    check_count     CheckCount: all checks by outcome, for /metrics
    figures         Figures: what the plots show
    running         Heartbeat, Outage: the parts of the machine, and failures of its own network
    lease           Lease: what only one worker at a time may work on
    prepared        Prepared: statements of the ORM whose SQL is made once, for what workers do all day

How texts and pages are stored: ``text_storage``, ``page_storage``. How long addresses may be:
``address_length``. What an admin may type: ``validators``.
"""

from articles.models.address_length import ADDRESS_LENGTH, KEY_LENGTH
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
from articles.models.hub_subscription import HubSubscription
from articles.models.identity import Evidence, FeedId, Join, Proposal
from articles.models.imported import IMPORTED_TEXT, Imported
from articles.models.learned_places import LearnedPlace
from articles.models.log import LoggedVersion, LogNode, LogRoot
from articles.models.looks import ArticleLooks
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
    with_set_aside,
)
from articles.models.quota import QuotaUse
from articles.models.running import Heartbeat, Outage
from articles.models.site_probe import SiteProbe, SiteProbeQuerySet
from articles.models.source import Source
from articles.models.takedown import Reason, Takedown, TakedownStep, Tombstone, digest_of
from articles.models.version import SIZES, Version, VersionQuerySet

__all__ = [
    "ADDRESS_LENGTH",
    "IMPORTED_TEXT",
    "KEY_LENGTH",
    "SIZES",
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
    "HubSubscription",
    "Imported",
    "Join",
    "LearnedPlace",
    "LogNode",
    "LogRoot",
    "LoggedVersion",
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
    "with_set_aside",
]
