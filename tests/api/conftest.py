"""A small archive for the API: changes, an event, a hidden article, a hidden version."""

from dataclasses import dataclass

import pytest

from articles.fetch import address_key
from articles.models import Address, Article, Event, Version
from tests.factories import make_article, make_source, make_version

SECRET = "Zanzibar"
"""Stands in what is taken down alone."""


@dataclass(frozen=True)
class Archive:
    open: Article
    partly: Article
    hidden: Article
    first: Version
    second: Version
    taken_down: Version
    of_hidden: Version
    event: Event


@pytest.fixture
def archive(db) -> Archive:
    source = make_source("The Harbour Gazette", slug="harbour")
    whole = make_article(source, headline="Bridge closed", language="en")
    Address.objects.create(article=whole, address=whole.address, key=address_key(whole.address))
    first = make_version(whole, ("Four people were hurt.", "The bridge stays closed until Monday."))
    second = make_version(whole, ("Five people were hurt.", "The bridge stays closed until Monday."))
    partly = make_article(source, headline="Mill")
    make_version(partly, ("The mill is sold.",))
    taken_down = make_version(partly, (f"The mill is sold to {SECRET}.",), headline=f"{SECRET} buys")
    make_version(partly, ("The mill is sold to a neighbour.",), headline="Mill")
    partly.versions.filter(number=2).update(hidden_itself=True, hidden=True)
    partly.versions.filter(number=3).update(follows_hidden=True, headline_before=f"{SECRET} buys")
    hidden = make_article(source, headline=f"{SECRET} in court")
    of_hidden = make_version(hidden, (f"{SECRET} stood in court.",))
    make_version(hidden, (f"{SECRET} stood in court twice.",))
    Article.objects.filter(pk=hidden.pk).update(hidden=True)
    hidden.versions.update(hidden=True)
    event = Event.objects.create(
        article=whole, source=source, kind=Event.Kind.REMOVED, at=second.seen, detail="not found"
    )
    Event.objects.create(article=hidden, source=source, kind=Event.Kind.REMOVED, at=second.seen, hidden=True)
    for article in (whole, partly, hidden):
        article.refresh_from_db()
    return Archive(whole, partly, hidden, first, second, taken_down, of_hidden, event)
