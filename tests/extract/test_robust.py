# ruff: noqa: E501  (markup stays on its line)
"""Whatever bytes are served, extraction gives a Story: a crash would stop the watching of a source."""

import pickle
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.extract import Story, compared_paragraphs, extract
from tests.extract.pages import news_page
from tests.extract.words import ENGLISH

URL = "https://paper.example/a"
TAGS = [
    "a",
    "article",
    "aside",
    "b",
    "blockquote",
    "body",
    "br",
    "button",
    "caption",
    "cite",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "label",
    "li",
    "main",
    "math",
    "meta",
    "nav",
    "noscript",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "ruby",
    "script",
    "section",
    "small",
    "span",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "time",
    "title",
    "tr",
    "ul",
    "video",
    "x-block",
]
ATTRIBUTES = (
    'class="teaser"',
    'class="related-links x1"',
    'class="text"',
    'hidden=""',
    'aria-hidden="true"',
    'href="/a"',
    'href="#fn1"',
    'href=""',
    'style="display:block"',
    'id="fn1"',
    'onclick="go()"',
    'data-quote="X"',
    'itemprop="author"',
    'datetime="2026-01-01"',
    'role="dialog"',
    'aria-expanded="false"',
    'content="x"',
    "",
)
TEXTS = (
    *ENGLISH.paragraphs[:3],
    "Who pays?",
    "12 views",
    "5 minutes ago",
    "Correction: the name.",
    "+1.2 %",
    ":",
    "　",
    "?",
)


@st.composite
def soup(draw: st.DrawFn) -> str:
    """Tags in any order, closed or not, with words of stories and of furniture between them."""
    pieces = draw(
        st.lists(
            st.one_of(
                st.tuples(st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)).map(
                    lambda t: f"<{t[0]} {t[1]}>"
                ),
                st.sampled_from(TAGS).map(lambda tag: f"</{tag}>"),
                st.sampled_from(TEXTS),
                st.text(max_size=12),
            ),
            max_size=60,
        )
    )
    return "".join(pieces)


def read(body: bytes) -> Story:
    story = extract(body, URL, content_type="text/html")
    assert len(story.blocks) == len(story.paragraphs)
    assert len(compared_paragraphs(story)) <= len(story.paragraphs)
    assert all(0 <= one.start < one.end <= len(story.paragraphs) for one in story.entries)
    return story


@given(st.binary(max_size=3_000))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_a_story_or_a_problem(body: bytes) -> None:
    read(body)


@given(soup())
@settings(max_examples=400, deadline=None)
def test_any_tags_give_a_story_or_a_problem(page: str) -> None:
    story = read(f"<h1>{ENGLISH.headline}</h1>{page}".encode("utf-8", "surrogatepass"))
    assert pickle.loads(pickle.dumps(story)) == story


@given(soup(), st.integers(0, 4))
@settings(max_examples=150, deadline=None)
def test_anything_among_the_paragraphs_of_a_page(inserted: str, where: int) -> None:
    paragraph = f"<p>{ENGLISH.paragraphs[where]}"
    read(news_page(ENGLISH).replace(paragraph, f"{inserted}{paragraph}", 1).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_are_no_page(seed: int) -> None:
    source = random.Random(seed)
    noise = bytes(source.randrange(256) for _ in range(20_000))
    assert read(b"<html><p>" + noise).problem != ""


def test_controls_make_no_page() -> None:
    assert read(("<p>" + "\x01\x02 text \x03" * 50).encode()).problem.startswith("not a text")


def test_a_table_before_the_first_paragraph_is_read() -> None:
    table = "<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2021</td><td>11</td></tr><tr><td>2026</td><td>14</td></tr></table>"
    page = news_page(ENGLISH, furniture=None).replace(
        '<div class="story-body">', f'<div class="story-body">{table}'
    )
    rows = ("Year | Cost", "2021 | 11", "2026 | 14")
    story = read(page.encode())
    assert story.paragraphs == (*rows, *ENGLISH.paragraphs)
    assert [block.table for block in story.blocks][:4] == [True, True, True, False]


@pytest.mark.parametrize(
    "start", ["<main>", "<title>The bridge</title><main>", "<meta charset=utf-8><x-page>"]
)
def test_a_page_without_the_tags_of_head_and_body_is_read(start: str) -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in ENGLISH.paragraphs)
    page = f"<!doctype html>{start}<h1>{ENGLISH.headline}</h1><div>{text}</div>"
    story = extract(page.encode(), "https://paper.example/a")
    assert (story.headline, story.paragraphs) == (ENGLISH.headline, ENGLISH.paragraphs)
