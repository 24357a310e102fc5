"""What a page tells of its story besides the text: dates, byline, canonical address, language, direction."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import islice
from typing import Literal
from urllib.parse import urljoin, urlsplit

from dateutil import parser as date_parser

from articles.extract.linked_data import texts
from articles.extract.page import Page
from articles.extract.text import clean

_PUBLISHED_META = (
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "publish-date",
    "pubdate",
    "date",
)
_MODIFIED_META = (
    "article:modified_time",
    "og:updated_time",
    "og:modified_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
    "lastmod",
)
_BYLINE_META = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE_LENGTH = 64  # characters
# A date that lacks its month or day takes them from the default: two defaults show it.
_DEFAULTS = (datetime(1904, 1, 1), datetime(1904, 2, 2))
_ZONES = {"UTC": 0, "GMT": 0, "CET": 1, "CEST": 2, "EST": -5, "EDT": -4, "PST": -8, "PDT": -7, "JST": 9}
_TIMES = 20  # how many <time> are looked at
_LETTER = re.compile(r"[^\W\d_]")
_RIGHT_TO_LEFT_LETTER = re.compile(
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"})
_LANGUAGE = re.compile(r"^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$")
_BYLINE_LENGTH = 200


def published(page: Page) -> datetime | None:
    """Return when the page says it was published: JSON-LD, then `<meta>`, then the first `<time>`."""
    marked = (element.get("datetime") for element in islice(page.tree.iter("time"), _TIMES))
    return _first_date(
        *_from_articles(page, "datePublished"),
        *(page.meta.get(name) for name in _PUBLISHED_META),
        *marked,
    )


def modified(page: Page) -> datetime | None:
    """Return when the page says it was last modified: JSON-LD, then `<meta>`."""
    return _first_date(
        *_from_articles(page, "dateModified"), *(page.meta.get(name) for name in _MODIFIED_META)
    )


def byline(page: Page) -> str:
    """Return who wrote the story, as JSON-LD or `<meta>` says; names joined by ", ". Empty when unknown.

    The site itself is no author: many name it where they have none.
    """
    publishers = [name for article in page.articles for name in texts(article.get("publisher"))]
    sites = {clean(name).casefold() for name in (*publishers, page.meta.get("og:site_name", ""))}
    for article in page.articles:
        names = _names(texts(article.get("author")), sites)
        if names:
            return names
    return next((names for name in _BYLINE_META if (names := _names([page.meta.get(name, "")], sites))), "")


def canonical(page: Page) -> str:
    """Return the address the page names as its own (`<link rel=canonical>`, then og:url), or ""."""
    links = (
        link.get("href")
        for link in page.tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    )
    for address in (*links, page.meta.get("og:url")):
        absolute = _absolute(page.url, address or "")
        if absolute:
            return absolute
    return ""


def language(page: Page) -> str:
    """Return the page's language as a lower-case BCP 47 tag ("pt-br"), or "" when it names none."""
    root = page.tree
    claims = (
        root.get("lang"),
        root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"),
        *(body.get("lang") for body in root.iterchildren("body")),
        *_from_articles(page, "inLanguage"),
        page.meta.get("og:locale"),
        page.meta.get("language"),
    )
    for claim in claims:
        tag = (claim or "").strip().lower().replace("_", "-")
        if _LANGUAGE.match(tag):
            return tag
    return ""


def direction(page: Page, language: str, paragraphs: Sequence[str]) -> Literal["ltr", "rtl"]:
    """Return which way the story is read: by its letters; without a text by `dir` and then by language."""
    letters = sum(len(_LETTER.findall(paragraph)) for paragraph in paragraphs)
    if letters:
        right_to_left = sum(len(_RIGHT_TO_LEFT_LETTER.findall(paragraph)) for paragraph in paragraphs)
        return "rtl" if 2 * right_to_left > letters else "ltr"
    for element in (page.tree, *page.tree.iterchildren("body")):
        claim = (element.get("dir") or "").strip().lower()
        if claim in ("ltr", "rtl"):
            return "rtl" if claim == "rtl" else "ltr"
    return "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def _from_articles(page: Page, key: str) -> Iterator[str]:
    for article in page.articles:
        yield from texts(article.get(key))


def _first_date(*claims: str | None) -> datetime | None:
    """Return the first claim that is a date. A time without its zone is made exact by a later claim of the
    same day that has one, and is read as UTC when there is none."""
    dates = [date for claim in claims if claim and (date := _date(claim))]
    if not dates:
        return None
    first = dates[0]
    if first.tzinfo is not None:
        return first
    assumed = first.replace(tzinfo=UTC)
    near = (date for date in dates if date.tzinfo and abs(date - assumed) <= timedelta(days=1))
    return next(near, assumed)


def _date(claim: str) -> datetime | None:
    """Return the date a page wrote, or None: no whole date, or none between 1990 and tomorrow."""
    claim = claim.strip()
    if len(claim) > _DATE_LENGTH or not _YEAR.search(claim):
        return None
    try:
        date = date_parser.parse(claim, default=_DEFAULTS[0], tzinfos=_zone)
        if date != date_parser.parse(claim, default=_DEFAULTS[1], tzinfos=_zone):
            return None
        moment = date if date.tzinfo else date.replace(tzinfo=UTC)
        return date if _EARLIEST <= moment <= datetime.now(UTC) + timedelta(days=1) else None
    except (ValueError, OverflowError):
        return None


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """Return the zone that a date names; abbreviations that several zones share are left open."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    return timezone(timedelta(hours=_ZONES[name])) if name in _ZONES else None


def _absolute(base: str, address: str) -> str:
    try:
        absolute = urljoin(base, address.strip())
        parts = urlsplit(absolute)
    except ValueError:
        return ""
    return absolute if address.strip() and parts.scheme in ("http", "https") and parts.hostname else ""


def _names(claims: list[str], sites: set[str]) -> str:
    """Return the names among the claims, each once; a site, an address, an account or a number is no name."""
    names = dict.fromkeys(clean(claim) for claim in claims)
    people = [name for name in names if _is_name(name) and name.casefold() not in sites]
    return ", ".join(people)[:_BYLINE_LENGTH].rstrip(" ,")


def _is_name(claim: str) -> bool:
    return bool(claim) and "://" not in claim and claim[0] != "@" and not claim.isdecimal()
