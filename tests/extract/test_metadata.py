from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.extract import Story, extract
from tests.extract.words import ENGLISH

URL = "https://paper.example/news/bridge.html?from=home"
BODY = f"<h1>{ENGLISH.headline}</h1><div>{''.join(f'<p>{text}</p>' for text in ENGLISH.paragraphs)}</div>"
NINE_THIRTY = datetime(2024, 3, 7, 8, 30, tzinfo=UTC)


def read(head: str, *, attributes: str = "", body: str = BODY) -> Story:
    return extract(f"<html {attributes}><head>{head}</head><body>{body}</body></html>".encode(), URL)


def linked(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


@pytest.mark.parametrize(
    "head",
    [
        linked('{"@type": "NewsArticle", "datePublished": "2024-03-07T09:30:00+01:00"}'),
        linked('{"@graph": [{"@type": ["ReportageNewsArticle"], "datePublished": "2024-03-07T08:30:00Z"}]}'),
        linked('<!-- {"@type": "Article", "datePublished": "2024-03-07T08:30Z",} -->'),
        '<meta property="article:published_time" content="2024-03-07T09:30:00+0100">',
        '<meta name="date" content="Thu, 07 Mar 2024 08:30:00 GMT">',
    ],
)
def test_published_is_read_from_what_the_page_tells_machines(head: str) -> None:
    assert read(head).published == NINE_THIRTY


def test_published_is_read_from_time_last() -> None:
    time = '<time datetime="2024-03-07T08:30:00Z">this morning</time>'
    assert read("", body=time + BODY).published == NINE_THIRTY
    meta = '<meta property="article:published_time" content="2024-03-06T08:30:00Z">'
    assert read(meta, body=time + BODY).published == NINE_THIRTY - timedelta(days=1)


def test_a_time_without_zone_takes_it_from_a_claim_of_the_same_day() -> None:
    naive = linked('{"@type": "NewsArticle", "datePublished": "2024-03-07T09:30:00"}')
    assert read(naive).published == datetime(2024, 3, 7, 9, 30, tzinfo=UTC)
    meta = '<meta property="article:published_time" content="2024-03-07T09:30:00+01:00">'
    assert read(naive + meta).published == NINE_THIRTY
    other_day = '<meta property="article:published_time" content="2024-05-07T09:30:00+01:00">'
    assert read(naive + other_day).published == datetime(2024, 3, 7, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "claim", ["1970-01-01T00:00:00Z", "2999-01-01", "2024", "March 2024", "soon", "0" * 5000]
)
def test_what_is_no_whole_or_likely_date_is_no_date(claim: str) -> None:
    assert read(f'<meta property="article:published_time" content="{claim}">').published is None


@given(st.text(max_size=70))
def test_no_claim_of_a_date_raises(claim: str) -> None:
    date = read(f'<meta name="date" content="2024 {claim.replace(chr(34), "")}">').published
    assert date is None or date.tzinfo is not None


def test_modified_is_told_apart_from_published() -> None:
    story = read(
        linked(
            '{"@type": "NewsArticle", "datePublished": "2024-03-07T08:30:00Z",'
            ' "dateModified": "2024-03-08T10:00:00+02:00"}'
        )
    )
    assert story.published == NINE_THIRTY
    assert story.modified == datetime(2024, 3, 8, 10, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        (
            linked('{"@type": "NewsArticle", "author": {"@type": "Person", "name": "Ada  Lindqvist"}}'),
            "Ada Lindqvist",
        ),
        (
            linked('{"@type": "NewsArticle", "author": [{"name": "A. Li"}, "B. Ode", {"name": "A. Li"}]}'),
            "A. Li, B. Ode",
        ),
        ('<meta name="author" content="Ada Lindqvist">', "Ada Lindqvist"),
        ('<meta name="author" content="AFP/Reuters">', "AFP, Reuters"),
        ('<meta name="author" content="https://social.example/paper">', ""),
        ('<meta name="author" content="@paper">', ""),
        ('<meta property="og:site_name" content="The Paper"><meta name="author" content="the paper">', ""),
        (linked('{"@type": "WebPage", "author": "Webmaster"}'), ""),
        ("", ""),
    ],
)
def test_byline_names_people(head: str, byline: str) -> None:
    assert read(head).byline == byline


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ('<link rel="canonical" href="/news/bridge.html">', "https://paper.example/news/bridge.html"),
        ('<link rel="Canonical nofollow" href="//m.paper.example/b">', "https://m.paper.example/b"),
        ('<meta property="og:url" content="https://paper.example/b">', "https://paper.example/b"),
        ('<link rel="canonical" href="javascript:alert(1)">', ""),
        ('<link rel="canonical" href="https://[::1">', ""),
        ('<link rel="canonical" href=" ">', ""),
        ("", ""),
    ],
)
def test_canonical_is_an_absolute_address_or_empty(head: str, canonical: str) -> None:
    assert read(head).canonical == canonical


@pytest.mark.parametrize(
    ("attributes", "head", "language"),
    [
        ('lang="en_GB"', "", "en-gb"),
        ('xml:lang="pt-BR"', "", "pt-br"),
        ("", '<meta property="og:locale" content="de_AT">', "de-at"),
        ('lang="english please"', linked('{"@type": "Article", "inLanguage": "en"}'), "en"),
        ("", "", ""),
    ],
)
def test_language_is_a_lower_case_tag(attributes: str, head: str, language: str) -> None:
    assert read(head, attributes=attributes, body="<p>1</p>").language == language


def test_direction_follows_the_letters_before_the_markup() -> None:
    hebrew = "".join(
        f"<p>{'הגשר הישן ייסגר לתנועה ביום שני הקרוב, כך הודיעה העירייה. ' * 2}</p>" for _ in range(3)
    )
    assert read("", attributes='dir="ltr" lang="en"', body=f"<div>{hebrew}</div>").direction == "rtl"
    assert read("", attributes='dir="rtl"').direction == "ltr"
    assert read("", attributes='dir="rtl"', body="<p>1</p>").direction == "rtl"
    assert read("", attributes='lang="fa-IR"', body="<p>1</p>").direction == "rtl"


@pytest.mark.parametrize(
    "data", ["{", "[[[[", "null", '"text"', "[" * 5000, '{"name":' * 3000, '{"@graph": {"@graph": 1}}']
)
def test_broken_linked_data_is_passed_over(data: str) -> None:
    story = read(linked(data) + linked('{"@type": "NewsArticle", "author": "Ada Lindqvist"}'))
    assert story.byline == "Ada Lindqvist"
    assert story.paragraphs == ENGLISH.paragraphs
