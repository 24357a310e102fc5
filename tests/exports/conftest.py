"""A site with pages kept, things hidden, and a log of all of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from articles import takedown
from articles.exports import log
from articles.fetch import address_key
from articles.models import Address, Article, Event, FetchedPage, Reason
from articles.models.capture import store_page
from articles.takedown import Grounds
from tests.factories import make_article, make_change, make_event, make_source, make_version

SECRET = "Zanzibar"
"""Stands in what is taken down alone."""

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Site:
    open: Article
    partly: Article
    hidden: Article
    purged: Article


def page_of(article: Article, number: int, text: str, *headers: tuple[str, str]) -> None:
    """Keep a page as that of a version."""
    body = f"<html><h1>{article.headline}</h1><p>{text}</p></html>".encode()
    page = FetchedPage(
        body,
        article.address,
        "text/html; charset=utf-8",
        request_headers=(("User-Agent", "NewsDiffs"),),
        response_headers=(("Content-Type", "text/html; charset=utf-8"), *headers),
        claims={"robots": "max-snippet:50"},
    )
    store_page(article, number, page, article.versions.get(number=number).seen)


def addressed(article: Article) -> Article:
    Address.objects.create(article=article, address=article.address, key=address_key(article.address))
    return article


@pytest.fixture
def site(db, no_list_of_purged, settings) -> Site:
    source = make_source("The Harbour Gazette", slug="harbour", language="en")
    whole = addressed(make_article(source, headline="Bridge closed", language="en"))
    for number, text in enumerate(("Four people were hurt.", "Five people were hurt."), 1):
        if number == 1:
            make_version(whole, (text, "The bridge stays closed."))
        else:
            make_change(whole, (text, "The bridge stays closed."))
        page_of(whole, number, text, ("tdm-reservation", "1"), ("Content-Usage", "train-ai=n"))
    make_event(whole, Event.Kind.REMOVED, at=whole.last_changed + timedelta(hours=1))
    partly = addressed(make_article(source, headline="Mill sold"))
    for text in ("The mill is sold.", f"The mill is sold to {SECRET}.", "It is sold to a neighbour."):
        make_version(partly, (text,), headline=f"{SECRET} buys" if SECRET in text else "Mill sold")
        page_of(partly, partly.version_count, text)
    hidden = addressed(make_article(source, headline=f"{SECRET} in court"))
    purged = addressed(make_article(source, headline=f"{SECRET} at home"))
    for article in (hidden, purged):
        for number in (1, 2):
            make_version(article, (f"{SECRET} stood there {number} times.",))
            page_of(article, number, SECRET)
        make_event(article)
    log.append()
    log.publish(NOON)
    takedown.hide_versions(partly, [2], Grounds(Reason.PERSONAL))
    takedown.hide([hidden.pk], Grounds(Reason.LEGAL, 451))
    takedown.purge(purged, Grounds(Reason.PERSONAL))
    for article in (whole, partly, hidden, purged):
        article.refresh_from_db()
    return Site(whole, partly, hidden, purged)
