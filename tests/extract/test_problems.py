import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.extract import extract
from tests.extract.pages import ENGLISH, news_page

URL = "https://paper.example/a"


def problem(body: str | bytes, content_type: str | None = None) -> str:
    return extract(body.encode() if isinstance(body, str) else body, URL, content_type=content_type).problem


def test_a_story_has_no_problem() -> None:
    assert problem(news_page(ENGLISH)) == ""


@pytest.mark.parametrize("body", [b"", b"  \n ", b"\xef\xbb\xbf", b"\x00\x00"])
def test_nothing_is_empty(body: bytes) -> None:
    assert problem(body) == "empty"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7 \x93\x8c\x8b\x9e", None),
        (b'{"headline": "Bridge"}', None),
        (b"Just text, 3 < 4.", "text/plain"),
        (b"<?xml version='1.0'?><rss><channel></channel></rss>", "application/xml"),
        (b"<html><p>story</p></html>", "image/jpeg"),
        (b"<!-- -->", "text/html"),
    ],
)
def test_what_is_no_page_is_not_html(body: bytes, content_type: str | None) -> None:
    assert problem(body, content_type).startswith("not HTML")


def test_a_short_text_is_too_short() -> None:
    assert problem("<h1>Bridge</h1><p>The bridge is closed, the city said on Monday.</p>").startswith(
        "too short"
    )
    assert problem("<div id=app></div>") == "no article text found"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Please enable JavaScript and disable any ad blocker", "a wall"),
        ("Subscribe to continue reading.", "a wall"),
        ("Error 404. We looked for it everywhere.", "not found"),
        ("Seite nicht gefunden", "not found"),
    ],
)
def test_a_page_that_is_only_a_message_says_so(said: str, reason: str) -> None:
    assert problem(f"<h1>The Paper</h1><p>{said}</p>").startswith(reason)
    longer = (
        f"{said} You can search the site, or go back to the front page, where the news of today stands first."
    )
    assert problem(f"<h1>The Paper</h1><div><p>{longer}</p></div>").startswith(reason)


def test_a_story_about_a_wall_is_a_story() -> None:
    told = (*ENGLISH.paragraphs, "Visitors were told that the page could not be found.")
    assert problem(news_page(ENGLISH, paragraphs=told)) == ""


def test_a_page_the_parser_gave_up_on_is_cut_off() -> None:
    deep = news_page(ENGLISH).replace("<main>", "<main>" + "<div>" * 5000)
    assert problem(deep).startswith("cut off")


def test_a_page_merely_deep_is_read_whole() -> None:
    deep = news_page(ENGLISH).replace("<main>", "<main>" + "<div>" * 1500)
    assert extract(deep.encode(), URL).paragraphs == ENGLISH.paragraphs


def test_many_errors_do_not_hide_the_cut() -> None:
    deep = news_page(ENGLISH).replace("<main>", "<main>" + "</b></nonsense>" * 500 + "<div>" * 5000)
    assert problem(deep).startswith("cut off")


@given(
    st.binary(max_size=400),
    st.sampled_from([None, "text/html", "text/html; charset=utf-16", "text/html; charset=hz"]),
)
def test_no_bytes_raise(body: bytes, content_type: str | None) -> None:
    story = extract(body, URL, content_type=content_type)
    assert story.problem or story.paragraphs


_TAGS = [
    "p",
    "div",
    "article",
    "ul",
    "li",
    "h1",
    "h2",
    "a",
    "b",
    "table",
    "td",
    "blockquote",
    "aside",
    "br",
    "form",
    "html",
    "body",
]
_PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in _TAGS] + [f"</{tag}>" for tag in _TAGS]),
    st.sampled_from(
        [
            '<div class="ad comments related">',
            "<p class='story-text'>",
            "<!--",
            "-->",
            "<script>",
            "&#0;",
            "\ud800",
            "]]>",
        ]
    ),
    st.sampled_from(ENGLISH.paragraphs),
    st.text(max_size=20),
)


@given(st.lists(_PIECES, max_size=40))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_markup_raises_or_leaves_what_a_store_refuses(pieces: list[str]) -> None:
    story = extract("".join(pieces).encode("utf-8", "surrogatepass"), URL)
    for text in (story.headline, story.byline, story.problem, *story.paragraphs):
        text.encode()
        assert "\x00" not in text
        assert text == " ".join(text.split())


@pytest.mark.parametrize(
    "page",
    [
        "<p>word " * 20_000,
        "<b>" * 1000 + "word. " * 5000,
        "<ul><li>" * 900 + "<p>Some words that say a thing or two, here and there.</p>" * 5000,
        "<div>" * 1500 + "<div>A sentence that is long enough to be taken for prose by us.</div>" * 10_000,
        "<h1>Some heading that is repeated without end</h1>" * 10_000,
        "<time datetime='2024-01-01'>" * 10_000,
        "a<br><br>" * 30_000,
        "<p " + "class='" + "story " * 50_000 + "'>" + ENGLISH.paragraphs[0],
    ],
    ids=["paragraphs", "bold", "lists", "deep", "headings", "times", "breaks", "names"],
)
def test_large_and_odd_pages_come_to_an_end(page: str) -> None:
    story = extract(f"<html><body>{page}</body></html>".encode(), URL)
    assert story.problem or story.paragraphs
