"""A small site with a page of every kind and state, for tests that look at all of them."""

from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import quote

from django.contrib.auth.models import User
from django.utils import timezone

from articles import takedown
from articles.models import (
    ApiKey,
    Article,
    Batch,
    BatchRow,
    Event,
    Figures,
    LogRoot,
    Reason,
    Source,
    Subscription,
    Takedown,
    Way,
)
from articles.statistics import Counts, refresh
from articles.takedown import Grounds
from tests.factories import MORNING, make_article, make_event, make_source, make_version

STORM = [
    "A storm has closed the bridge over the Lenn, and four people were hurt, said the police.",
    "The mayor, Ada Brook, told reporters that the town had asked for help from its neighbours.",
    "Schools stay closed on Tuesday. The ferry runs as usual, but for its last two crossings.",
    "Engineers looked at the piers in the afternoon and found no cracks, the county said.",
    "Readers with photographs of the flood are asked to send them to the newsroom.",
]
LATER = [
    "A storm has closed the bridge over the Lenn, and five people were hurt, said the fire brigade.",
    "Schools stay closed on Tuesday.",
    "The ferry runs as usual, but for its last two crossings. Its captain called the wind unheard of.",
    "Engineers looked at the piers in the afternoon and found no cracks, the county said.",
    "The mayor, Ada Brook, told reporters that the town had asked for help from its neighbours.",
    "Insurers put the damage at twelve million, a figure that the town would not confirm.",
]
ARABIC = ["أغلقت العاصفة الجسر وأصيب أربعة أشخاص.", "قالت العمدة إن البلدة طلبت المساعدة من جيرانها."]
ARABIC_LATER = ["أغلقت العاصفة الجسر وأصيب خمسة أشخاص.", "قالت العمدة إن البلدة طلبت المساعدة من جيرانها."]


def build() -> dict[str, str]:
    """Fill the database; the address of each page by what it shows."""
    source = make_source("The Gazette", slug="gazette", language="en", last_success=MORNING)
    make_source("The Paused Post", slug="post", enabled=False)
    story = changed(source)
    gone = changed(source, headline="Ferry to be sold")
    Article.objects.filter(pk=gone.pk).update(state="removed")
    make_event(gone, Event.Kind.REMOVED, at=MORNING + timedelta(hours=8))
    quiet = make_article(source, headline="Library open late", language="en")
    make_version(quiet, STORM[:2])
    unread = make_article(source, headline="Not read yet", first_seen=MORNING)
    arabic = make_article(source, headline="العاصفة تغلق الجسر", language="ar", direction="rtl")
    make_version(arabic, ARABIC)
    make_version(arabic, ARABIC_LATER)
    many, long = many_versions(source), long_article(source)
    hidden = changed(source)
    takedown.hide([hidden.pk], Grounds(Reason.LEGAL, 451))
    partly = changed(source, headline="Mayor on the storm")
    takedown.hide_versions(partly, [2], Grounds(Reason.PERSONAL))
    open_request = Takedown.objects.create(
        article=story, address="/", reason="legal", text="Not true.", name="A"
    )
    takedown.refuse(
        decided := Takedown.objects.create(address="/", reason="other", name="A"), "It is true.\n\nA."
    )
    told, stopped, watcher, own_feed, unconfirmed = subscriptions(story)
    count_thousands()
    LogRoot.objects.create(size=3, root=bytes(32), at=MORNING, site="http://localhost", day=MORNING.date())
    article, diff, told_of = "/articles/{}/", "/articles/{}/diff/{}/{}/", "/subscriptions/{}/"
    return {
        "home": "/",
        "recent changes": "/changes/?minor=1",
        "filters": "/changes/?source=gazette&kind=headline&min=1&from=2016-07-01&to=2016-08-01",
        "filters that can't be read": "/changes/?min=many&from=2016-07-02&to=2016-07-01",
        "nothing fits": "/changes/?min=999999",
        "sources": "/sources/",
        "a source": "/sources/gazette/",
        "a paused source": "/sources/post/",
        "statistics of a source": "/sources/gazette/stats/",
        "articles of a source": "/sources/gazette/articles/",
        "statistics": "/stats/",
        "signing in": "/sign-in/",
        "an article": article.format(story.pk),
        "a removed article": article.format(gone.pk),
        "an article without changes": article.format(quiet.pk),
        "an article not read yet": article.format(unread.pk),
        "an article of 150 versions": article.format(many.pk),
        "a right-to-left article": article.format(arabic.pk),
        "a version": f"/articles/{story.pk}/2/",
        "a right-to-left version": f"/articles/{arabic.pk}/1/",
        "a diff": diff.format(story.pk, 1, 2),
        "a diff side by side": diff.format(story.pk, 1, 2) + "?view=side",
        "a diff backwards": diff.format(story.pk, 3, 1),
        "a diff with itself": diff.format(story.pk, 2, 2),
        "a right-to-left diff": diff.format(arabic.pk, 1, 2),
        "a right-to-left diff side by side": diff.format(arabic.pk, 1, 2) + "?view=side",
        "a long diff": diff.format(long.pk, 1, 2),
        "a long diff side by side": diff.format(long.pk, 1, 2) + "?view=side",
        "a diff of a long history": diff.format(many.pk, 1, 150),
        "a phrase in an article": article.format(story.pk) + "?phrase=people",
        "a phrase in none": article.format(story.pk) + "?phrase=six+people",
        "find": "/find/",
        "words found": "/find/?q=storm",
        "right-to-left words found": f"/find/?q={quote('العاصفة')}",
        "changes found": "/find/?q=people&in=removed",
        "nothing found": "/find/?q=hospital&in=added",
        "nothing to look for": "/find/?q=...",
        "an address not seen": "/find/?q=https://news.example/unseen",
        "an address of another site": "/find/?q=https://elsewhere.example/unseen",
        "an address that is none": "/find/?q=ftp://news.example/",
        "feeds": "/feeds/",
        "about": "/about/",
        "for machines": "/about/machines/",
        "data": "/data/",
        "the log of all versions": "/data/log/",
        "not found": "/articles/999999/",
        "taken down": article.format(hidden.pk),
        "partly taken down": article.format(partly.pk),
        "a version taken down": f"/articles/{partly.pk}/2/",
        "asking for a takedown": "/about/takedown/",
        "a takedown request": open_request.get_absolute_url(),
        "a takedown request refused": decided.get_absolute_url(),
        "the log of takedowns": "/about/takedown/log/",
        "asking to be told": "/subscriptions/new/?source=gazette&kind=number&kind=headline&q=storm",
        "asking to be told of an article": f"/subscriptions/new/?article={story.pk}",
        "asking to be told of what can't be read": "/subscriptions/new/?min=many",
        "a subscription": told_of.format(told.token),
        "a subscription that was stopped": told_of.format(stopped.token),
        "a subscription to a sentence": told_of.format(watcher.token),
        "a feed of one's own": told_of.format(own_feed.token),
        "confirming a subscription": told_of.format(unconfirmed.token) + "confirm/",
        "ending a subscription": told_of.format(told.token) + "unsubscribe/",
        "a subscription that ended": told_of.format("0" * 32) + "unsubscribe/",
        "a subscription that there is not": told_of.format("0" * 32),
        "a mangled place": "/changes/?before=nowhere",
        "no evidence yet": f"{diff.format(story.pk, 1, 2)}evidence.zip",
    }


def build_for(reader: User) -> dict[str, str]:
    """The pages that only *reader*, who may add articles, sees; after ``build``."""
    key = ApiKey(holder="A thesis on headlines", made_by=reader)
    key.issue()
    key.save()
    hook = Subscription(
        way=Way.WEBHOOK, receiver="https://hooks.example/y", owner=reader, query="kind=number"
    )
    hook.confirm(timezone.now())
    batch = Batch.objects.create(user=reader, name="november.csv", finished=timezone.now())
    Outcome = BatchRow.Outcome
    for line, outcome in enumerate((Outcome.ADDED, Outcome.REFUSED), 1):
        address = f"https://news.example/{'long-' * 20}{line}"
        BatchRow.objects.create(batch=batch, line=line, address=address, outcome=outcome)
    return {
        "one’s own keys": "/keys/",
        "one’s own subscriptions": "/subscriptions/",
        "asking to be told by webhook": "/subscriptions/new/",
        "adding articles": "/articles/add/",
        "addresses that were added": batch.get_absolute_url(),
    }


def subscriptions(story: Article) -> list[Subscription]:
    """One in each state: told by mail, stopped, watching a sentence, a feed, and not confirmed yet."""
    kinds = "source=gazette&kind=number&kind=headline&q=storm"
    State, now = Subscription.State, MORNING + timedelta(days=1)
    mail: dict[str, Any] = {"way": Way.EMAIL, "email": "reader@mail.example", "state": State.ACTIVE}
    sentence = {"type": "TextQuoteSelector", "exact": STORM[2], "prefix": "", "suffix": ""}
    failed = {"state": State.OFF, "stopped": Subscription.Stopped.FAILED, "last_problem": "too-slow"}
    return [
        Subscription.objects.create(**mail, query=kinds, frequency=Subscription.Frequency.DAILY),
        Subscription.objects.create(
            way=Way.WEBHOOK, query=kinds, receiver="https://desk.example/", tested=now, **failed
        ),
        Subscription.objects.create(**mail, article=story, sentence=sentence, watch_until=now),
        Subscription.objects.create(way=Way.FEED, query=kinds, state=State.ACTIVE),
        Subscription.objects.create(**mail | {"state": State.UNCONFIRMED}, query=kinds),
    ]


def changed(source: Source, headline: str = "Storm closes bridge") -> Article:
    """An article of three versions, the last with another headline."""
    article = make_article(source, headline=headline, language="en", published=MORNING)
    make_version(article, STORM, byline="By Tom Reed")
    make_version(article, LATER, byline="By Tom Reed and Ann Lee", excerpt=[["-", "four "], ["+", "five "]])
    make_version(article, LATER, headline=f"{headline}: five hurt", minor=False)
    return article


def many_versions(source: Source) -> Article:
    article = make_article(source, headline="The storm, as it happens", language="en")
    for number in range(150):
        make_version(article, [*STORM, f"At {number} minutes past, the river stood at {number} centimetres."])
    return article


def count_thousands() -> None:
    """Figures of thousands of articles for every source that has any."""
    refresh()
    counts = Counts()
    for number in range(2000):
        counts.add_article(
            versions=1 + number % 30,
            waited=number / 10 if number % 3 else None,
            watched=1000,
            headline_changed=not number % 7,
        )
        counts.add_change(MORNING + timedelta(hours=number * number % 1001))
    Figures.objects.exclude(articles=0).update(counts=counts.to_json(), articles=counts.articles)


def long_article(source: Source) -> Article:
    """20,000 words, one paragraph in ten changed."""
    dice = Random(1)
    vocabulary = [word for text in STORM + LATER for word in text.split()]
    before = [" ".join(dice.choices(vocabulary, k=60)) for _ in range(334)]
    after = [f"{text} So it went on." if number % 10 == 5 else text for number, text in enumerate(before)]
    article = make_article(source, headline="The report in full", language="en")
    make_version(article, before)
    make_version(article, after)
    return article
