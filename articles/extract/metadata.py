"""What a page tells of its story besides the text: dates, byline, canonical address, language, direction."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from html import unescape
from itertools import chain, islice
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from dateutil import parser as date_parser
from lxml import etree
from lxml.html import HtmlElement

from articles.extract import furniture, phrases
from articles.extract.linked_data import texts
from articles.extract.names import has_word
from articles.extract.page import Element, Page
from articles.extract.runs import seen_text
from articles.extract.story import Claims
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
_PUBLISHED_NAMES = frozenset({"published", "dtpublished"})
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DOTS = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")  # nobody who sets dots writes the month first
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
_TRUTH = {"true": True, "false": False}
_BYLINE_LENGTH = 200
_LONGEST_CLAIM = 1_000  # characters
_MOST_BYLINES = 8  # elements that are looked at
_OUTWARD = 6  # elements around one that are looked at
_AUTHOR_LINKS = etree.XPath(
    "/descendant::body/descendant::a[@rel][contains(concat(' ', normalize-space(@rel), ' '), ' author ')]"
)
# These go by way of the attributes, of which there are few: to ask each element takes several times as long.
_AUTHOR_ITEMS = etree.XPath(
    "/descendant::body/descendant::*/@itemprop[. = 'author']"
    "/parent::*[not(descendant::*/@itemprop[. = 'name'])]"
    " | /descendant::body/descendant::*/@itemprop[. = 'author']/parent::*"
    "/descendant-or-self::*/@itemprop[. = 'name']/parent::*"
)
_BYLINES = etree.XPath(
    "/descendant::body/descendant::*/@class[contains(., 'byline') or contains(., 'author')"
    " or contains(., 'Byline') or contains(., 'writer') or contains(., 'reporter')]"
    "/parent::*[not(self::script or self::style or self::meta)] | /descendant::body/descendant::address"
)
_PUBLISHED = etree.XPath("/descendant::*/@itemprop[. = 'datePublished']/parent::*")
_BY = re.compile(
    r"""^\W*(?:(?:written|reported|posted)\ )?(?:by | von | par | por | pubblicato\ da | di | da | door
        | av | af | autor(?:in)? | author | text | texto | testo
    | автор | текст | بقلم | كتب(?:ت)? | 文 | 作者 | 記者 | 记者
    | 著者)\s?[:：]?\s+(?=\S)|^\W*(?:автор|autor|text|作者|文|记者|記者|بقلم)\s?[:：]\s?|^(?:记者|記者)\s?""",
    re.IGNORECASE | re.VERBOSE,
)
_BETWEEN_NAMES = re.compile(
    r"\s*[,;|/&、，；•·]\s*|\s+(?:and|und|et|y|e|i|ed|en|og|och|och|и|та|و|with|mit)\s+|\s+و\s*(?=\S)|\s[-–—]\s",
    re.IGNORECASE,
)
_ROLE_BEHIND = re.compile(r"(?:\s*(?:記者|记者|さん|기자|특파원|논설위원|앵커|\([^)]{0,40}\)))+\s*$")
_ROLE = re.compile(
    r"""\b(?:correspondent | editors? | reporters? | journalists? | writers? | columnist | staff
        | contributor | producer | chief | desk
    | redakteur(?:in)? | redaktion | korrespondent(?:in)? | journalist(?:in)? | reporter(?:in)?
    | volontär(?:in)? | ressort\w*
    | correspondant[e]? | journaliste | rédact\w+ | redactora? | corresponsal | periodista | redacción
    | jornalista | redação | repórter
    | giornalista | redazione | inviat[oa] | verslaggever | redactie | редакци\w+ | корреспондент\w*
    | журналист\w*
    | updated | published | photos? | video | min\ read | share | follow)\b|^記者$|^记者$|編集|编辑""",
    re.IGNORECASE | re.VERBOSE,
)


def published(page: Page) -> datetime | None:
    """Return when the page says it was published: JSON-LD, then `<meta>`, then microdata and `<abbr>`, then
    the first `<time>` after the headline, then any."""
    return _first_date(
        chain(
            _from_articles(page, "datePublished"),
            (page.meta.get(name) for name in _PUBLISHED_META),
            _marked_dates(page),
            _titled_dates(page),
            _times(page),
        )
    )


def _marked_dates(page: Page) -> Iterator[str | None]:
    """Give the dates of microdata."""
    for element in islice(_elements(_PUBLISHED, page), _TIMES):
        yield element.get("content") or element.get("datetime")


def _titled_dates(page: Page) -> Iterator[str | None]:
    """Give the dates of feeds in HTML: `<abbr class="published" title="2026-05-28T19:47">`."""
    for element in islice(page.tree.iter("abbr"), _TIMES):
        if has_word(element.get("class") or "", _PUBLISHED_NAMES):
            yield element.get("title")


def _times(page: Page) -> Iterator[str | None]:
    """Give the dates of the first `<time>`s, those after the headline first: a clock may stand above it."""
    times = list(islice(page.tree.iter("time"), _TIMES))
    if len(times) > 1:
        headings = page.tree.iter("h1", "time")
        first = next((index for index, one in enumerate(headings) if one.tag == "h1"), 0)
        times = times[first:] + times[:first]
    for element in times:
        yield element.get("datetime")


def modified(page: Page) -> datetime | None:
    """Return when the page says it was last modified: JSON-LD, then `<meta>`."""
    return _first_date(
        chain(_from_articles(page, "dateModified"), (page.meta.get(name) for name in _MODIFIED_META))
    )


def byline(page: Page) -> str:
    """Return who wrote the story; names joined by ", ". Empty when unknown.

    JSON-LD says it, or `<meta>`, or what readers see beside the headline: a link to the author, microdata,
    an element named as a byline. The site itself is no author: many name it where they have none.
    """
    publishers = [name for article in page.articles for name in texts(article.get("publisher"))]
    sites = {clean(name).casefold() for name in (*publishers, page.meta.get("og:site_name", ""))}
    for article in page.articles:
        names = _names(_authors(article.get("author"), page), sites)
        if names:
            return names
    shown = _shown_authors(page, sites)
    for name in _BYLINE_META:
        names = _names([page.meta.get(name, "")], sites)
        if names:
            return shown if shown and _is_a_part(names, shown) else names
    return shown


def _is_a_part(told: str, shown: str) -> bool:
    """Whether what readers see names all whom `<meta>` names, and others besides."""
    return set(told.split(", ")) < set(shown.split(", "))


def _authors(value: Any, page: Page) -> list[str]:
    """Return the names in a JSON-LD author, who may be described elsewhere on the page (`{"@id": …}`)."""
    found = texts(value)
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and not item.get("name") and isinstance(item.get("@id"), str):
            found += [
                name
                for thing in page.things
                if thing.get("@id") == item["@id"] and thing.get("name")
                for name in texts(thing)
            ]
    return found


def _shown_authors(page: Page, sites: set[str]) -> str:
    """Return the names that readers see: those of links to an author, of microdata, or of a byline."""
    for way in (_AUTHOR_LINKS, _AUTHOR_ITEMS, _BYLINES):
        found = [
            element for element in islice(_elements(way, page), _MOST_BYLINES) if not _is_of_a_list(element)
        ]
        lines = [text for element in found if 0 < len(text := seen_text(element)) <= _BYLINE_LENGTH]
        if way is _BYLINES:
            lines = lines[:1]
        if names := _names(lines, sites):
            return names
    return ""


def _elements(path: etree.XPath, page: Page) -> Iterator[Element]:
    found = path(page.tree)
    yield from (one for one in found if isinstance(one, HtmlElement)) if isinstance(found, list) else ()


def _is_of_a_list(element: Element) -> bool:
    """Whether an element stands in a teaser, a comment or a box beside the story."""
    for outer in islice(element.iterancestors(), _OUTWARD):
        if outer.tag in ("aside", "nav", "li", "footer") or furniture.is_talk(outer):
            return True
        if furniture.leads_elsewhere(outer):
            return True
    return False


def claims(page: Page, modified: datetime | None, canonical: str) -> Claims:
    """Return what the page says of itself to machines."""
    article = page.articles[0] if page.articles else {}
    free = article.get("isAccessibleForFree")
    title = next((one.text_content() for one in page.tree.iterfind("head/title")), "")
    return Claims(
        modified=modified,
        og_title=clean(page.meta.get("og:title", "")),
        title=clean(title),
        linked_headline=next((clean(unescape(text)) for text in texts(article.get("headline"))), ""),
        canonical=canonical,
        correction=next((clean(text) for text in _corrections(article.get("correction"))), ""),
        free=_TRUTH.get(str(free).lower()),
        tdm_reservation=clean(page.meta.get("tdm-reservation", "")),
        tdm_policy=clean(page.meta.get("tdm-policy", "")),
        robots=clean(page.meta.get("robots", "")),
    )


def _corrections(value: Any) -> list[str]:
    """Return the texts of JSON-LD's `correction`: a text, a comment with one, or a list of these."""
    found = texts(value)
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and isinstance(item.get("text"), str):
            found.append(item["text"])
    return found


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
    if any(_LETTER.search(paragraph) for paragraph in paragraphs):
        right_to_left = _count(_RIGHT_TO_LEFT_LETTER, paragraphs)
        return "rtl" if right_to_left and 2 * right_to_left > _count(_LETTER, paragraphs) else "ltr"
    for element in (page.tree, *page.tree.iterchildren("body")):
        claim = (element.get("dir") or "").strip().lower()
        if claim in ("ltr", "rtl"):
            return "rtl" if claim == "rtl" else "ltr"
    return "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def _count(letter: re.Pattern[str], paragraphs: Sequence[str]) -> int:
    return sum(len(letter.findall(paragraph)) for paragraph in paragraphs)


def _from_articles(page: Page, key: str) -> Iterator[str]:
    for article in page.articles:
        yield from texts(article.get(key))


def _first_date(claims: Iterable[str | None]) -> datetime | None:
    """Return the first claim that is a date. A time without its zone is made exact by a later claim of the
    same day that has one, and is read as UTC when there is none."""
    dates = (date for claim in claims if claim and (date := _date(claim)))
    first = next(dates, None)
    if first is None or first.tzinfo is not None:
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
        day_first = _DOTS.match(claim) is not None
        date = date_parser.parse(claim, default=_DEFAULTS[0], tzinfos=_zone, dayfirst=day_first)
        other = date_parser.parse(claim, default=_DEFAULTS[1], tzinfos=_zone, dayfirst=day_first)
        if date != other:
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
    """Return the names among the claims, each once; a site, an address, an account, a role, a date or a
    number is no name."""
    names: dict[str, None] = {}
    for claim in claims:
        if len(claim) <= _LONGEST_CLAIM and "://" not in claim:
            names.update(dict.fromkeys(_people(clean(unescape(unescape(claim))))))
    people = [name for name in names if _is_name(name) and name.casefold() not in sites]
    return ", ".join(people)[:_BYLINE_LENGTH].rstrip(" ,")


def _people(claim: str) -> Iterator[str]:
    """Give the pieces of a byline that may be names: "By A. B and C. D, correspondent - 5 May"."""
    claim = phrases.MAIL.sub(" ", claim)
    claim = _BY.sub("", claim)
    for piece in _BETWEEN_NAMES.split(claim):
        name = _ROLE_BEHIND.sub("", _BY.sub("", piece)).strip(" .,;:|·•–—-/()")
        if name and not _ROLE.search(name):
            yield name


def _is_name(claim: str) -> bool:
    return bool(claim) and "://" not in claim and claim[0] != "@" and not any(map(str.isdigit, claim))
