"""A site in trouble, and every page of its admin in the states that people see it in."""

from dataclasses import asdict
from datetime import timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from articles import takedown
from articles.admin.accounts import roles
from articles.models import (
    ApiKey,
    ArchivedCopy,
    Article,
    Batch,
    BatchRow,
    Delivery,
    Feed,
    Health,
    Heartbeat,
    HourCount,
    HubSubscription,
    LearnedPlace,
    Notice,
    Proposal,
    Quarantine,
    QuarantinedParagraph,
    Reason,
    SiteProbe,
    Source,
    Subscription,
    Takedown,
    TakedownStep,
    Way,
)
from articles.models.quarantine import SetAside
from articles.takedown import Grounds
from articles.watch.onboarding.preview import ArticlePreview
from articles.watch.onboarding.results import Candidate, Findings, Link, Tried
from tests.factories import make_article, make_event, make_source, make_version

BOX = "Sign up for our letter, and every morning you read what the coast speaks of that day."


def build() -> dict[str, str]:
    """Fill the database; the address of each page by what it shows."""
    roles.install()
    root = User.objects.get_or_create(username="root", defaults={"is_superuser": True, "is_staff": True})[0]
    editor = User.objects.create_user("editor", password="x", is_staff=True)
    editor.groups.add(Group.objects.get(name=roles.EDITOR))
    source, failing = _sources()
    story, other = _articles(source)
    requests = _takedowns(story, other)
    quarantine = _widespread(source, story)
    _learned(source, story)
    Proposal.objects.create(older=story, younger=other, evidence="likeness", share=0.71)
    batch = _batch(root, source, story)
    probes = _probes(source)
    key = ApiKey(holder="A university", made_by=root)
    key.issue()
    key.save()
    _logged(root, source)
    _counted(source)
    reader, bot, delivery, hub = _told(source, story)
    lists = {
        f"list of {model}": f"/admin/articles/{model}/"
        for model in (
            *("source", "article", "version", "event", "host", "proposal", "quarantine"),
            *("takedown", "takedownstep", "batch", "apikey"),
            *("subscription", "delivery", "archivedcopy", "hubsubscription"),
        )
    }
    at = "/admin/articles/"
    return {
        "the first page": "/admin/",
        "the app's lists": at,
        **lists,
        "sources with problems": f"{at}source/?health=problems",
        "a list that finds nothing": f"{at}article/?q=oysters",
        "audit log": "/admin/admin/logentry/",
        "an entry of the log": f"/admin/admin/logentry/{LogEntry.objects.latest('pk').pk}/change/",
        "adding a source": f"{at}source/add/",
        "a source by hand": f"{at}source/add/?plain=1",
        "known publications": f"{at}source/catalogue/",
        **{f"wizard: {name}": f"{at}source/add/{pk}/" for name, pk in probes.items()},
        "a source": f"{at}source/{source.pk}/change/",
        "a failing source": f"{at}source/{failing.pk}/change/",
        "rules": f"{at}source/{source.pk}/rules/",
        "what was learned": f"{at}source/{source.pk}/learned/",
        "history of a source": f"{at}source/{source.pk}/history/",
        "deleting a source": f"{at}source/{failing.pk}/delete/",
        "adding articles": f"{at}article/add/",
        "an article": f"{at}article/{story.pk}/change/",
        "a version": f"{at}version/{story.versions.latest('number').pk}/change/",
        "an event": f"{at}event/{source.events.latest('pk').pk}/change/",
        "a host": f"{at}host/{story.host_id}/change/",
        "a batch": f"{at}batch/{batch.pk}/change/",
        "a widespread change": f"{at}quarantine/{quarantine.pk}/change/",
        **{f"takedown: {name}": f"{at}takedown/{one.pk}/change/" for name, one in requests.items()},
        "an archived copy": f"{at}archivedcopy/{ArchivedCopy.objects.latest('pk').pk}/change/",
        "a pair that may be one story": f"{at}proposal/{Proposal.objects.latest('pk').pk}/change/",
        "a step of the takedown log": f"{at}takedownstep/{TakedownStep.objects.latest('pk').pk}/change/",
        "adding a key": f"{at}apikey/add/",
        "a key": f"{at}apikey/{key.pk}/change/",
        "a reader's subscription": f"{at}subscription/{reader.pk}/change/",
        "adding a bot": f"{at}subscription/add/",
        "a bot": f"{at}subscription/{bot.pk}/change/",
        "ending a subscription": f"{at}subscription/{reader.pk}/delete/",
        "a delivery": f"{at}delivery/{delivery.pk}/change/",
        "a hub": f"{at}hubsubscription/{hub.pk}/change/",
        "accounts": "/admin/auth/user/",
        "adding an account": "/admin/auth/user/add/",
        "an account": f"/admin/auth/user/{editor.pk}/change/",
        "an account's password": f"/admin/auth/user/{editor.pk}/password/",
        "deleting an account": f"/admin/auth/user/{editor.pk}/delete/",
        "groups": "/admin/auth/group/",
        "adding a group": "/admin/auth/group/add/",
        "a group": f"/admin/auth/group/{Group.objects.get(name=roles.VIEWER).pk}/change/",
        "one's own password": "/admin/password_change/",
    }


def _sources() -> tuple[Source, Source]:
    now = timezone.now()
    Heartbeat.beat("dispatch")
    source = make_source("The Gazette", slug="gazette", language="en", last_success=now)
    source.rules = {"drop": [".letter"]}
    source.save()
    Feed.objects.create(source=source, address="https://news.example/feed", last_success=now)
    Health.objects.create(source=source, computed=now, verdict="fine", articles=31, usual=30, checks=412)
    failing = make_source("The Silent Post of the Western Isles", slug="silent", errors_in_row=7)
    Source.objects.filter(pk=failing.pk).update(last_error="the server answered 503")
    Feed.objects.create(
        source=failing,
        address="https://silent.example/a/long/address/of/a/feed/that/is/gone.rss",
        errors_in_row=9,
        last_error="the server answered 404",
    )
    moved = Feed.objects.create(source=source, address="https://news.example/old-feed")
    Feed.objects.filter(pk=moved.pk).update(moved_to="https://news.example/feed", moved_since=now)
    words = "no feed could be read for 2 days: the server answered 404"
    Health.objects.create(
        source=failing,
        computed=now,
        verdict=words,
        severity=3,
        problems=[["feeds", words], ["yield", "yield collapsed: 2 articles in 24 h, usually 40"]],
        usual=40,
    )
    make_source("The Paused Post", slug="paused", enabled=False)
    return source, failing


def _articles(source: Source) -> tuple[Article, Article]:
    story = make_article(source, headline="Storm closes bridge over the Lenn", language="en")
    make_version(story, ("Four people were hurt.", "The ferry runs."))
    make_version(story, ("Five people were hurt.", "The ferry runs.", BOX))
    make_version(story, ("Five people were hurt.", "The ferry runs.", BOX), headline="Storm: five hurt")
    other = make_article(source, headline="The storm and the bridge", parked=timezone.now())
    make_version(other)
    make_event(story, "moved")
    return story, other


def _takedowns(story: Article, other: Article) -> dict[str, Takedown]:
    open_one = Takedown.objects.create(
        article=story,
        address="/articles/1/2/",
        reason=Reason.PERSONAL,
        text="My address stands in the second version.\n\nPlease take it out.",
        name="Ada Brook",
        email="ada@brook.example",
    )
    unknown = Takedown.objects.create(address="https://elsewhere.example/x", reason=Reason.OTHER, name="B")
    grounds = Takedown.objects.create(article=other, address="/articles/2/", reason=Reason.LEGAL, name="C")
    takedown.hide([other.pk], Grounds(Reason.LEGAL, 451, grounds))
    takedown.decide_takedown(grounds, Takedown.State.HIDDEN, "It was taken down.")
    return {"open": open_one, "of no article": unknown, "decided": grounds}


def _widespread(source: Source, story: Article) -> Quarantine:
    quarantine = Quarantine.objects.create(
        source=source, opened=timezone.now(), articles_alike=12, articles_checked=14
    )
    QuarantinedParagraph.objects.create(
        quarantine=quarantine, source=source, signature="a" * 16, text=BOX, came=True
    )
    SetAside.objects.create(quarantine=quarantine, version=story.versions.get(number=2))
    return quarantine


def _learned(source: Source, story: Article) -> None:
    for number, (kind, state) in enumerate((("furniture", "suggested"), ("ticking", "learned"))):
        LearnedPlace.objects.create(
            source=source,
            place=f"place-{number}",
            kind=kind,
            state=state,
            text=BOX,
            articles=[story.pk],
            evidence={"articles": 9, "of": 12, "values": ["3 min ago", "12 min ago"]},
        )


def _batch(root: User, source: Source, story: Article) -> Batch:
    batch = Batch.objects.create(user=root, source=source, name="november.csv", finished=timezone.now())
    Outcome = BatchRow.Outcome
    for line, (outcome, reason, article) in enumerate(
        ((Outcome.ADDED, "", story), (Outcome.REFUSED, "this is no address of a page", None)), 1
    ):
        BatchRow.objects.create(
            batch=batch,
            line=line,
            address=f"https://news.example/{'long-' * 20}{line}",
            outcome=outcome,
            reason=reason,
            article=article,
        )
    return batch


def previews() -> list[ArticlePreview]:
    """Five articles as the wizard shows them; the same box closes four of them."""
    shown = []
    for number in range(5):
        texts = (
            f"In its part {number} the paper says that the ferry runs.",
            *((BOX,) if number else ()),
        )
        shown.append(
            ArticlePreview(
                address=f"https://new.example/2026/story-{number}",
                stored=True,
                headline=f"Story {number}: the ferry runs",
                byline="By Tom Reed",
                published="2026-11-22T10:05:00+00:00",
                language="en",
                words=240,
                paragraphs=len(texts),
                first=texts[0],
                last=texts[-1],
                digest=str(number),
                texts=texts,
                warnings=("Only 20 words: a short notice, or all that a paywall shows.",) * (number == 2),
            )
        )
    return shown


def _probes(source: Source) -> dict[str, int]:
    links = tuple(Link(one.address, one.headline) for one in previews())
    feed = Candidate(
        "https://new.example/feed", "feed", "RSS", "All news", 5, "2026-11-22T10:05:00+00:00", links
    )
    broken = Candidate("https://new.example/old", "feed", problem="answers 404", advice="Look for another")
    found = Findings(
        name="The New Courier",
        home_page="https://new.example/",
        language="en",
        candidates=[feed, broken],
        tried=[Tried("https://new.example/", "a page that names one feed")],
        notes=["robots.txt lets us in."],
    )
    nothing = Findings(
        tried=[Tried("https://dead.example/", "no server of this name", "Look whether it is spelt right.")]
    )
    choice = {"feeds": [feed.address], "only_addresses": "", "not_addresses": ""}
    kept = [asdict(one) for one in previews()]
    State = SiteProbe.State
    states = {
        "looking": {"state": State.LOOKING, "todo": [{"what": "page", "address": "https://new.example/"}]},
        "found": {"state": State.FOUND, "found": found.as_json(), "choice": {}},
        "nothing found": {"state": State.FAILED, "found": nothing.as_json()},
        "reading": {
            "state": State.READING,
            "todo": [{"url": links[1].url}],
            "found": found.as_json(),
            "previews": kept[:1],
        },
        "preview": {"state": State.READY, "found": found.as_json(), "choice": choice, "previews": kept},
        "at work": {"state": State.SAVED, "source": source, "choice": choice},
    }
    return {
        name: SiteProbe.objects.create(address="https://new.example/", **values).pk
        for name, values in states.items()
    }


def _told(source: Source, story: Article) -> tuple[Subscription, Subscription, Delivery, HubSubscription]:
    """A reader, a bot whose post waits for an editor, a copy that was asked for, and a hub that fails."""
    State, now = Subscription.State, timezone.now()
    reader = Subscription.objects.create(
        way=Way.EMAIL,
        email="reader.with.a.long.address@mail.example",
        query="source=gazette&kind=number",
        state=State.OFF,
        stopped=Subscription.Stopped.BOUNCED,
        failures=3,
        last_problem="no-such-address",
    )
    bot = Subscription.objects.create(
        way=Way.MASTODON, name="Our bot", receiver="https://social.example", state=State.ACTIVE, approve=True
    )
    delivery = Delivery.objects.create(subscription=bot, approved=False)
    version = story.versions.get(number=3)
    Notice.objects.create(
        subscription=bot, version=version, article=story, number=3, due=now, delivery=delivery
    )
    ArchivedCopy.objects.create(version=version, state=ArchivedCopy.State.REFUSED, code="error:blocked-url")
    hub = HubSubscription.objects.create(
        feed=source.feeds.order_by("pk").first(),
        hub="https://hub.example/a/long/address/of/a/hub",
        topic="https://news.example/a/long/address/of/a/feed.atom",
        asked=now,
        failures=4,
        last_problem="too-slow",
    )
    return reader, bot, delivery, hub


def _logged(root: User, source: Source) -> None:
    LogEntry.objects.create(
        user=root,
        content_type=ContentType.objects.get_for_model(Source),
        object_id=str(source.pk),
        object_repr=source.name,
        action_flag=CHANGE,
        change_message='[{"changed": {"fields": ["rules"], "values": {"rules": ["{}", "drop .letter"]}}}]',
    )


def _counted(source: Source) -> None:
    now = timezone.now()
    for hours in range(20):
        at = now - timedelta(hours=hours)
        HourCount.add(source.pk, at, checks=20 + hours % 7, unreachable=hours % 3, articles=2, feeds_read=4)
